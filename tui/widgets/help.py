"""The ``?`` menu: the commands of where a person is, found by typing, run by enter."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.message import Message
from textual.widget import Widget

from tui.spoken_keys import key_for
from tui.widgets.cells import cell_text, fit
from tui.widgets.finding import Finding
from tui.widgets.lines import Lines, Paragraph
from tui.widgets.palette import Palette
from tui.widgets.rows import RowsWidget
from tui.workspace.worded import holds

_KEY_WIDTH = 10


class HelpEntry(NamedTuple):
    """A command as the menu shows it; `group` is a heading such as ``Everywhere``.

    One without an `id` only says what a sign means: enter leaves it alone.
    """

    key: str
    title: str
    help: str
    id: str
    group: str = ""


class HelpList(RowsWidget):
    """The entries; headings are rows that the cursor may stand on and enter leaves alone."""

    class Chosen(Message):
        """An entry was chosen."""

        def __init__(self, id: str) -> None:
            super().__init__()
            self.id = id

    def __init__(
        self, entries: Iterable[HelpEntry], pointed: Callable[[str], None] | None = None
    ) -> None:
        """`pointed` is told what the entry under the cursor does; "" where it is on none."""
        super().__init__(empty="Nothing matches.")
        self._pointed = pointed
        self._entries = tuple(entries)
        self._rows: list[HelpEntry | str] = []
        self.narrow("")

    def narrow(self, text: str) -> None:
        """Show the entries whose key is the text or whose words contain all of its words."""
        rows: list[HelpEntry | str] = []
        group: str | None = None
        for entry in self._entries:
            where = f"{entry.title} {entry.help} {entry.id}"
            if entry.key != text and not holds(where, text):
                continue
            if entry.group != group:
                group = entry.group
                if group:
                    rows.append(group)
            rows.append(entry)
        self._rows = rows
        self._top_row = 0
        self.reset_rows(1 if rows and isinstance(rows[0], str) else 0)
        self.cursor_moved()

    @property
    def row_count(self) -> int:
        """Entries and headings."""
        return len(self._rows)

    def cursor_moved(self) -> None:
        """Tell what the entry does."""
        row = self._rows[self.cursor_row] if self._rows else ""
        if self._pointed is not None:
            self._pointed(row.help if isinstance(row, HelpEntry) else "")

    def row_chosen(self) -> None:
        """Give the entry's id."""
        row = self._rows[self.cursor_row]
        if isinstance(row, HelpEntry) and row.id:
            self.post_message(self.Chosen(row.id))

    def render_row(
        self, index: int, width: int, ground: Mapping[str, Style], palette: Palette
    ) -> list[Segment]:
        """Key, title and help, or a heading."""
        del palette
        row = self._rows[index]
        if isinstance(row, str):
            return [Segment(fit(cell_text(row, width), width), ground["title"])]
        key = fit(cell_text(row.key, _KEY_WIDTH), min(width, _KEY_WIDTH), "right")
        beside = width - cell_len(key)
        title_width = max(0, min(max(12, min(26, width // 3)), beside - 2))
        title = fit("  " + cell_text(row.title, title_width), min(beside, title_width + 2))
        left = max(0, beside - cell_len(title))
        line = [Segment(key, ground["key"]), Segment(title, ground["text"])]
        help_text = fit("  " + cell_text(row.help, left), left)
        line.append(Segment(help_text, ground["muted"]))
        return line


class HelpMenu(Finding[str | None]):
    """Dismissed with the id of the command to run, or None."""

    DEFAULT_CSS = """
    HelpMenu > #box { width: 92; height: 90%; }
    HelpMenu #whole { height: 2; }
    """

    def __init__(self, entries: Sequence[HelpEntry], *, title: str = "Keys") -> None:
        self._whole = Lines(id="whole")
        self.entries = HelpList(entries, self._show_whole)
        super().__init__(
            title, (
                    f"type to find · {key_for('list.choose')} runs · "
                    f"{key_for('dialog.cancel')} closes"
                ), self.entries,
            placeholder="find a command",
        )  # fmt: skip

    def body(self) -> Iterable[Widget]:
        """The line and the list; below it what the chosen entry does, which a row may cut."""
        return (*super().body(), self._whole)

    def _show_whole(self, help: str) -> None:
        self._whole.show([Paragraph(help, "muted")] if help else [])

    def narrow(self, text: str) -> None:
        """Show the entries that the text is found in."""
        self.entries.narrow(text)

    def on_help_list_chosen(self, event: HelpList.Chosen) -> None:
        """Give the id."""
        event.stop()
        self.dismiss(event.id)
