"""The question at a conflict: what a person saw, what somebody else made of it, what is wanted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import tzinfo
from typing import Any, ClassVar, NamedTuple

from textual.binding import BindingType
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from tui.spoken_keys import key_for, pair_of
from tui.widget_keys import CONFLICT, TEXT
from tui.widgets.bindings import bindings_from
from tui.widgets.cells import fit, wrap
from tui.widgets.dialog import Dialog
from tui.widgets.lines import Lines, Paragraph, wrapped
from tui.widgets.palette import Role
from tui.widgets.tall_text import MOST_HEIGHT, TallText
from tui.workspace.changes.errors import Conflict
from tui.workspace.changes.names import Names
from tui.workspace.changes.words import field_text, joined, value_text
from tui.workspace.text import clean, clean_block

_NO_NAMES: Names = {}
NARROW = 56
"""Cells below which the three stand below one another."""
LONGEST_NAME = 14
TAKEN_AWAY = "(taken away)"
WRITING = ("as you saw it", "theirs, by now", "mine")
UNDOING = ("as you left it", "as it is now", "as it was")


class Chosen(NamedTuple):
    """What a person decided: the fields to write; not `goes_on` where all is to be left."""

    fields: Mapping[str, Any]
    goes_on: bool = True


class Differing(NamedTuple):
    """One field: its name, what is seen, theirs and mine of it as text, and what it is called."""

    name: str
    texts: tuple[str, str, str]
    title: str


class SideBySide(TallText):
    """Fields in three columns, each as high as it needs to be; the marked one is asked about."""

    def __init__(
        self, fields: Sequence[Differing], heads: tuple[str, str, str], above: Lines
    ) -> None:
        """`above` is what stands over it in the same box."""
        super().__init__()
        self._above = above
        self._fields = fields
        self._heads = heads
        self._marked = 0
        self._chosen: dict[str, str] = {}

    def mark(self, place: int, chosen: Mapping[str, str]) -> None:
        """Another field is asked about, and so much is chosen by now."""
        self._marked, self._chosen = place, dict(chosen)
        self.show(())
        self._show_marked()

    def on_resize(self) -> None:
        """What is asked about stands elsewhere at another width, and is seen there."""
        self._show_marked()

    def _show_marked(self) -> None:
        ends = self._ends(self.content_size.width)
        if self._marked < len(ends):
            # The heads stand over the first line that is seen.
            self.scroll_lines(ends[self._marked] - 1 - self.top)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many lines as there are, or as the box may be high besides what stands above."""
        above = self._above.get_content_height(container, viewport, width)
        room = viewport.height * MOST_HEIGHT // 100 - 2 - above
        return max(1, min(super().get_content_height(container, viewport, width), room))

    def render_line(self, y: int) -> Strip:
        """One of the lines that are seen; the heads stay."""
        wide = self.content_size.width >= NARROW
        return Lines.render_line(self, 0) if not y and wide else super().render_line(y)

    def _lines(self, width: int) -> list[tuple[str, Role]]:
        if self._wrapped[0] != width:
            self._wrapped = (width, [line for block in self._blocks(width) for line in block])
        return self._wrapped[1]

    def _ends(self, width: int) -> list[int]:
        """The line at which each field begins."""
        starts, at = list[int](), 0
        for number, block in enumerate(self._blocks(width)):
            if number:
                starts.append(at)
            at += len(block)
        return starts

    def _blocks(self, width: int) -> list[list[tuple[str, Role]]]:
        """The heads, then each field."""
        if width < NARROW:
            return [[], *(self._below(number, width) for number in range(len(self._fields)))]
        name = min(LONGEST_NAME, width // 5)
        each = (width - name - 9) // 3
        heads = [fit(head, each) for head in self._heads]
        top: list[tuple[str, Role]] = [(f"  {' ' * name} {' │ '.join(heads)}", "muted")]
        blocks = [top]
        for number, field in enumerate(self._fields):
            cells = [wrap(clean_block(text), each) for text in field.texts]
            names = wrap(clean(field.title) + self._choice(field.name), name)
            lines: list[tuple[str, Role]] = []
            for row in range(max(len(names), *map(len, cells))):
                parts = [fit(cell[row] if row < len(cell) else "", each) for cell in cells]
                left = fit(names[row] if row < len(names) else "", name)
                mark = "▌ " if number == self._marked else "  "
                lines.append((f"{mark}{left} {' │ '.join(parts)}", self._role(number)))
            blocks.append(lines)
        return blocks

    def _below(self, number: int, width: int) -> list[tuple[str, Role]]:
        field = self._fields[number]
        mark, indent = ("▌ ", 0) if number == self._marked else ("", 2)
        title = f"{mark}{field.title}{self._choice(field.name)}"
        paragraphs = [Paragraph(title, self._role(number), indent)]
        for head, text in zip(self._heads, field.texts, strict=True):
            paragraphs += [Paragraph(f"{head}:", "muted", 2), Paragraph(text, indent=4)]
        return wrapped(paragraphs, width)

    def _choice(self, name: str) -> str:
        return f" [{self._chosen[name]}]" if name in self._chosen else ""

    def _role(self, number: int) -> Role:
        return "text" if number == self._marked else "muted"


class ConflictDialog(Dialog[Chosen | None]):
    """Mine or theirs, field by field; None where it was left open. Of what takes all of a record
    away it asks once.

    `choices` names the fields that take one of a few values: they cannot have both. `names` has
    what the ids in a field are called.
    """

    DEFAULT_CSS = """
    ConflictDialog > #box { width: 96%; max-width: 140; }
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings_from((*CONFLICT, *TEXT))

    def __init__(
        self, conflict: Conflict, zone: tzinfo, choices: frozenset[str], names: Names = _NO_NAMES
    ) -> None:
        super().__init__("Changed meanwhile")
        self._conflict = conflict
        self._words = ("as it was", "as it is now") if conflict.undoing else ("mine", "theirs")
        self._names = list(conflict.theirs)
        self._both = {
            name: joined(conflict, name, choices=name in choices or conflict.undoing)
            for name in self._names
        }
        self._written: dict[str, Any] = {}
        self._chosen: dict[str, str] = {}

        def text(name: str, value: Any) -> str:
            called = names.get(name, {}).get(value) if isinstance(value, int) else None
            return called or value_text(value, zone)

        fields = [
            Differing(
                name,
                (
                    text(name, conflict.seen.get(name)),
                    text(name, conflict.theirs.get(name)),
                    text(name, conflict.mine[name]) if name in conflict.mine else TAKEN_AWAY,
                ),
                field_text(name.removesuffix("_id") if name in names else name, conflict.called),
            )
            for name in self._names
        ]
        self._questions = self._names if conflict.mine else self._names[:1]
        self._above = Lines([Paragraph(conflict.message), Paragraph("")])
        heads = UNDOING if conflict.undoing else WRITING
        self._table = SideBySide(fields, heads, self._above)

    def body(self) -> Iterable[Widget]:
        """What has happened, and the fields."""
        yield self._above
        yield self._table

    def on_mount(self) -> None:
        """The first field is asked about."""
        self._ask()

    def _ask(self) -> None:
        self._table.mark(len(self._chosen), self._chosen)
        self._say_keys()

    def _say_keys(self) -> None:
        place, mine, theirs = len(self._chosen), *self._words
        if place == len(self._questions):
            return
        both = (
            f" · {key_for('conflict.both')} both"
            if self._both[self._names[place]] is not None
            else ""
        )
        count = len(self._questions)
        more = f"{place + 1} of {count} · " if count > 1 else ""
        text = self._table
        scroll = (
            f"{pair_of('text.up', 'text.down')} scroll · " if text.size.height < text.count else ""
        )
        ours, others = key_for("conflict.mine"), key_for("conflict.theirs")
        closes = key_for("dialog.cancel")
        keys = f"{more}{ours} {mine} · {others} {theirs}{both} · {scroll}{closes} nothing"
        self.show_keys(keys)

    def on_tall_text_moved(self) -> None:
        """Say whether there is more to read."""
        self._say_keys()

    def action_choose(self, which: str) -> None:
        """Decide on the field that is asked about, and go on to the next."""
        name = self._names[len(self._chosen)]
        both = self._both[name]
        if which == "both" and both is None:
            return
        if which != "theirs" and name in self._conflict.mine:
            self._written[name] = both if which == "both" else self._conflict.mine[name]
        mine, theirs = self._words
        self._chosen[name] = {"mine": mine, "theirs": theirs}.get(which, which)
        if len(self._chosen) == len(self._questions):
            goes_on = bool(self._conflict.mine) or which != "theirs"
            self.dismiss(Chosen(self._written, goes_on))
        else:
            self._ask()

    def action_scroll(self, by: int) -> None:
        """Read on, or back."""
        self._table.scroll_lines(by)

    def action_page(self, by: int) -> None:
        """Read on by what is seen."""
        self._table.scroll_lines(by * max(1, self._table.size.height - 1))
