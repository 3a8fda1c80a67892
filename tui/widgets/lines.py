"""Paragraphs of plain text, wrapped to the width that there is; and the same to scroll through."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.actions import SkipAction
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from tui.widgets.cells import fit, wrap
from tui.widgets.palette import Palette, Role, palette_of
from tui.widgets.rows import GUTTER, RowsWidget
from tui.workspace.text import clean_block


class Paragraph(NamedTuple):
    """Text with line breaks, what it is, and how far it stands in."""

    text: str
    role: Role = "text"
    indent: int = 0
    end: str = ""
    """What stands behind the text and is never broken, as a key with what it does: in its last line
    where there is room, else in one of its own."""


def wrapped(paragraphs: Iterable[Paragraph], width: int) -> list[tuple[str, Role]]:
    """The paragraphs as lines of at most `width` cells, cleaned."""
    lines: list[tuple[str, Role]] = []
    for paragraph in paragraphs:
        before = " " * min(paragraph.indent, max(0, width - 1))
        room = width - len(before)
        found = wrap(clean_block(paragraph.text), room)
        if paragraph.end:
            end = f"· {paragraph.end}"
            together = f"{found[-1]} {end}"
            if cell_len(together) <= room:
                found[-1] = together
            else:
                found += [end] if cell_len(end) <= room else wrap(paragraph.end, room)
        lines += [(before + line, paragraph.role) for line in found]
    return lines


def lay_out_anew(widget: Widget) -> None:
    """Its content wants another height.

    Textual counts two wishes for a layout as one until it is idle, and keeps the height that a
    layout between the two has found: a sentence more was cut.
    """
    widget._box_model_cache.clear()
    widget.refresh(layout=True)


class Lines(Widget):
    """Paragraphs that are as high as they need to be."""

    ALLOW_SELECT = False

    DEFAULT_CSS = """
    Lines { height: auto; width: 1fr; }
    """

    def __init__(
        self,
        paragraphs: Iterable[Paragraph] = (),
        *,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._paragraphs = tuple(paragraphs)
        self._wrapped: tuple[int, list[tuple[str, Role]]] = (-1, [])

    def show(self, paragraphs: Iterable[Paragraph]) -> None:
        """Show other text."""
        self._paragraphs = tuple(paragraphs)
        self._wrapped = (-1, [])
        lay_out_anew(self)

    def _lines(self, width: int) -> list[tuple[str, Role]]:
        if self._wrapped[0] != width:
            self._wrapped = (width, wrapped(self._paragraphs, width))
        return self._wrapped[1]

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many lines as the text has at this width."""
        del container, viewport
        return len(self._lines(width))

    def render_line(self, y: int) -> Strip:
        """One line of the text."""
        width = self.content_size.width
        lines = self._lines(width)
        palette = palette_of(self.app)
        text, role = lines[y] if y < len(lines) else ("", "text")
        return Strip([Segment(fit(text, width), palette.plain[role])], width)


class ScrollingLines(RowsWidget):
    """Paragraphs to read with a line cursor: as long as they like, wrapped to the width."""

    def __init__(
        self,
        paragraphs: Iterable[Paragraph] = (),
        *,
        empty: str = "Nothing here.",
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(empty=empty, id=id, classes=classes)
        self._paragraphs = tuple(paragraphs)
        self._lines: list[tuple[str, Role]] = []
        self._width = -1

    def show(self, paragraphs: Iterable[Paragraph]) -> None:
        """Show other text from its beginning."""
        self._paragraphs = tuple(paragraphs)
        self._width = -1
        self._top_row = 0
        self._wrap()
        self.reset_rows(0)

    def on_resize(self) -> None:
        """Wrap to the new width."""
        self._wrap()
        self.refresh()
        super().on_resize()

    def _wrap(self) -> None:
        width = max(1, self.content_size.width - GUTTER - 1)
        if width != self._width and self.content_size.width:
            self._width = width
            self._lines = wrapped(self._paragraphs, width)

    def action_choose(self) -> None:
        """Of a text nothing is chosen: the key is for what stands around it."""
        raise SkipAction

    @property
    def row_count(self) -> int:
        """How many lines the text has at the present width."""
        return len(self._lines)

    @property
    def cursor_text(self) -> str:
        """The line that the cursor is on."""
        return self._lines[self.cursor_row][0] if self._lines else ""

    def render_row(
        self, index: int, width: int, ground: Mapping[str, Style], palette: Palette
    ) -> list[Segment]:
        """One line of the text."""
        del palette
        text, role = self._lines[index]
        return [Segment(fit(text, width), ground[role])]
