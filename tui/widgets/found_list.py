"""What a search found: one thing a row, with its kind, where it is, and a note at the right."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.message import Message
from textual.strip import Strip

from tui.widgets.cells import cell_text, fit, wrap
from tui.widgets.palette import Palette, Role
from tui.widgets.rows import GUTTER, RowsWidget

_KIND, _NOTE, _GAP = 10, 17, 2
_SHORTEST_TITLE, _TITLE_SHARE = 12, 0.6
"""Titles have the room of the longest one that is shown, but leave some for where it is."""
_LONGEST = 200
_NARROW = 60
"""Cells of a row below which the note is left out."""


class FoundRow(NamedTuple):
    """One thing that was found; `key` is what it is called when it is chosen."""

    key: str
    kind: str
    title: str
    where: str = ""
    note: str = ""


_MOST_SAID, _LONGEST_SAID = 3, 1000
"""Lines above the rows, a third of all at most, and characters of what they say."""


class FoundList(RowsWidget):
    """The rows, below what is said of how much of everything was looked at."""

    header_lines = 1

    class Chosen(Message):
        """A row was chosen."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    def __init__(self, *, empty: str = "") -> None:
        super().__init__(empty=empty)
        self._rows: list[FoundRow] = []
        self._title = self._note = 0
        self._said = ""
        self._said_lines = [""]
        self._role: Role = "muted"

    def show(self, rows: Iterable[FoundRow], *, key: str = "") -> None:
        """Show other rows, the cursor on that of `key`, else on the first."""
        shown = list(rows)
        if shown == self._rows:
            return
        self._rows = shown
        titles = (cell_len(cell_text(row.title, _LONGEST)) for row in shown)
        self._title = max(titles, default=0)
        self._note = max((cell_len(cell_text(row.note, _NOTE)) for row in shown), default=0)
        place = next((n for n, row in enumerate(shown) if row.key == key), 0)
        self._top_row = 0
        self.reset_rows(place)

    def say(self, text: str, role: Role = "muted") -> None:
        """The line above the rows."""
        if (text, role) != (self._said, self._role):
            self._said, self._role = text, role
            self._wrap()
            self._refresh_header()  # it may be but another colour

    def on_resize(self) -> None:
        """What is said has as many lines as it needs at this width."""
        self._wrap()
        super().on_resize()

    def _wrap(self) -> None:
        width, height = self.content_size
        text = cell_text(self._said, _LONGEST_SAID)
        lines = wrap(text, width - GUTTER) if width > GUTTER else [text]
        most = max(1, min(_MOST_SAID, height // 3))
        lines[most - 1 :] = [" ".join(lines[most - 1 :])] if len(lines) >= most else []
        if lines != self._said_lines:
            self._said_lines, before = lines, self.header_lines
            self.header_lines = len(lines)
            self._refresh_header()
            if before != self.header_lines:
                self.move_to_row(self._cursor_row)
                self.refresh()

    def render_line(self, y: int) -> Strip:
        """What was said, then the rows."""
        if y < self.header_lines:
            width = self.content_size.width
            text = fit(" " * GUTTER + self._said_lines[y], width)
            return Strip([Segment(text, self.palette.plain[self._role])], width)
        return super().render_line(y)

    @property
    def cursor_key(self) -> str:
        """What the cursor is on; empty where there is nothing."""
        return self._rows[self.cursor_row].key if self._rows else ""

    @property
    def row_count(self) -> int:
        """How many rows there are."""
        return len(self._rows)

    def row_chosen(self) -> None:
        """Tell what the cursor is on."""
        self.post_message(self.Chosen(self.cursor_key))

    def render_row(
        self, index: int, width: int, ground: Mapping[str, Style], palette: Palette
    ) -> list[Segment]:
        """Kind, title, where it is, and the note."""
        del palette
        row = self._rows[index]
        kind = fit(cell_text(row.kind, _KIND), min(width, _KIND)) + " " * _GAP
        left, note = max(0, width - len(kind)), ""
        if self._note and width >= _NARROW:
            # The same room in every row, so that places stand below one another.
            room = min(self._note, _NOTE)
            note = " " * _GAP + fit(cell_text(row.note, room), room, "right")
            left -= room + _GAP
        title = min(left, max(_SHORTEST_TITLE, min(self._title, int(left * _TITLE_SHARE))))
        line = [
            Segment(kind[:width], ground["muted"]),
            Segment(fit(cell_text(row.title, title), title), ground["text"]),
        ]
        if title < left:
            room = left - title - _GAP
            where = " " * _GAP + fit(cell_text(row.where, room), room)
            line.append(Segment(where if room > 0 else " " * (left - title), ground["muted"]))
        if note:
            line.append(Segment(note, ground["muted"]))
        return line
