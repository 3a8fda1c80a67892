"""The cell under the cursor in full, over the rows around it."""

from __future__ import annotations

from collections.abc import Callable

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from tui.widgets.cells import clip, fit, wrap
from tui.widgets.grid_layout import Place
from tui.widgets.grid_view import GridView
from tui.widgets.palette import palette_of
from tui.widgets.rows import GUTTER
from tui.words import counted
from tui.workspace.text import clean_block

LONGEST = 20_000
"""Characters of a cell of which it is worked out how they stand in lines."""
WIDEST = 72
"""Cells of a line of text that is read, where the column is not wider."""
_FRAME = 4
"""Cells that the frame takes of a line."""


class GridExpanded(GridView):
    """A grid that shows one cell as a whole, in a frame at its place, while the cursor moves on."""

    _read_whole: Callable[[], str] | None = None
    _box: tuple[tuple[int, int, int], list[str]] | None = None
    """What it was framed for, and its lines."""

    @property
    def is_expanded(self) -> bool:
        """Whether the cell under the cursor is shown in full."""
        return self._read_whole is not None

    def show_whole(self, read: Callable[[], str] | None) -> None:
        """Show the cell under the cursor in full, as `read` gives it; with None no longer."""
        self._read_whole = read
        self.whole_changed()

    def whole_changed(self) -> None:
        """The cursor is on another cell, or the cell has another value."""
        self._box = None
        self.refresh()

    def _framed(self, line: int) -> tuple[int, list[str]]:
        """The line of the widget that the frame begins on, where the cell is on `line`, and its
        lines, each as wide as the others; none without a text.
        """
        height = self.content_size.height
        above, below = line - self.header_lines, height - line - 1
        if self._read_whole is None or above < 0 or below < 0 or not self.row_count:
            return 0, []
        key = (line, self.row_width, height)
        if self._box is None or self._box[0] != key:
            self._box = key, self._frame(self._read_whole(), max(above, below) - 2)
        box = self._box[1]
        return (line + 1 if len(box) <= below else line - len(box)), box

    def _frame(self, text: str, most: int) -> list[str]:
        room = self.row_width - _FRAME
        if room < 1 or most < 1 or not text.strip():
            return []
        width = min(max(self._place().width, WIDEST), room)
        lines = wrap(clean_block(text[:LONGEST]), width)
        cut = len(text) > LONGEST
        if len(lines) > most or cut:
            more = "more than fits here" if cut else counted(len(lines) - most + 1, "more line")
            lines = [*lines[: most - 1], clip(f"… {more}", width)]
        inside = max(map(cell_len, lines))
        rule = "─" * (inside + 2)
        body = [f"│ {fit(line, inside)} │" for line in lines]
        return [f"╭{rule}╮", *body, f"╰{rule}╯"]

    def _place(self) -> Place:
        places = self._columns_layout.places(self.row_width)
        return next((one for one in places if one.column == self._cell), Place(0, 0, 1))

    def render_line(self, y: int) -> Strip:
        """A line of the grid, and what of the frame stands over it."""
        strip = super().render_line(y)
        if self._read_whole is None:
            return strip
        first, box = self._framed(self._cursor_row - self._top_row + self.header_lines)
        if not first <= y < first + len(box):
            return strip
        text, width = box[y - first], self.content_size.width
        # Its text begins where that of the cell does.
        x = max(0, min(self._place().x + GUTTER - 2, width - cell_len(text)))
        style = palette_of(self.app).plain["text"]
        parts = [strip.crop(0, x), Strip([Segment(text, style)]), strip.crop(x + cell_len(text))]
        return Strip.join(parts)
