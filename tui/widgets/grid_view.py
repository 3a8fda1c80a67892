"""What a grid looks like: its columns as a person set them, and its lines.

`Grid` adds what a person does with it: cursor, marks, messages.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from rich.segment import Segment
from rich.style import Style

from tui.widgets.beside import still_there
from tui.widgets.grid_layout import GridLayout
from tui.widgets.grid_model import CellValue, Column, ListSource, RowSource
from tui.widgets.grid_render import header_segments, placeholder_segments, row_segments
from tui.widgets.palette import Palette
from tui.widgets.rows import GUTTER, RowsWidget

CursorMode = Literal["row", "cell"]

_ROWS_TO_MEASURE = 60


class GridView(RowsWidget):
    """The drawing half of a grid."""

    header_lines: int = 1

    def __init__(
        self,
        columns: Sequence[Column],
        source: RowSource | None,
        mode: CursorMode,
        frozen: int,
        *,
        header: bool,
        empty: str,
        id: str | None,
        classes: str | None,
    ) -> None:
        super().__init__(empty=empty, id=id, classes=classes)
        self._has_source = source is not None
        self.header_lines = 1 if header else 0
        self._columns_layout = GridLayout(columns, frozen)
        self._source: RowSource = ListSource() if source is None else source
        self._mode: CursorMode = mode
        self._cell = 0
        self._sorted: dict[str, bool] = {}

    @property
    def columns(self) -> tuple[Column, ...]:
        """All columns, the hidden ones too."""
        return self._columns_layout.columns

    @property
    def source(self) -> RowSource:
        """Where the rows come from."""
        return self._source

    @property
    def row_count(self) -> int:
        """How many rows there are; while nobody knows, those that are known and one more."""
        total = self._source.total
        return self._source.known + 1 if total is None else total

    @property
    def is_bare(self) -> bool:
        """Whether its rows were given, and there are none."""
        return self._has_source and super().is_bare

    @property
    def position_text(self) -> str:
        """Where the cursor is, such as ``500 of 12,431``."""
        total = self._source.total
        if total == 0:
            return "0"
        here = f"{self.cursor_row + 1:,}"
        return f"{here} of {self._source.known:,}+" if total is None else f"{here} of {total:,}"

    # Columns as a person wants them.

    def _loaded_rows(self, count: int) -> Iterator[Sequence[CellValue]]:
        source = self._source
        for index in range(self._top_row, min(self.row_count, self._top_row + count)):
            row = source.row(index) if source.loaded(index) else None
            if row is not None:
                yield row

    def _measure(self) -> None:
        self._columns_layout.measure(self._loaded_rows(_ROWS_TO_MEASURE))

    def _make_room(self) -> None:
        """Widen columns that would cut what is visible now, where there is room to spare."""
        if self._columns_layout.grow(self._loaded_rows(self.page_rows), self.row_width):
            self.refresh()

    def action_widen(self, cells: int) -> None:
        """Make the cursor's column wider or narrower; in row mode the first visible one."""
        index = self._cell
        if self._mode == "row":
            places = self._columns_layout.places(self.row_width)
            if not places:
                return
            frozen = self._columns_layout.frozen
            index = places[min(frozen if self._columns_layout.first else 0, len(places) - 1)].column
        if index < len(self._columns_layout.columns):
            self._columns_layout.widen(index, cells)
            self.refresh()

    def action_automatic_widths(self) -> None:
        """Measure the rows that are visible now and forget the widths set by hand."""
        self._columns_layout.forget_widths()
        self._measure()
        self.refresh()

    @property
    def chosen_widths(self) -> dict[str, int]:
        """The widths that a person set, by the keys of their columns."""
        return self._columns_layout.chosen

    def choose_widths(self, widths: Mapping[str, int]) -> None:
        """Set widths, such as those that a person set before."""
        self._columns_layout.choose(widths)
        self.refresh()

    @property
    def hidden_columns(self) -> frozenset[str]:
        """The keys of the columns that are not shown."""
        return frozenset(self._columns_layout.hidden)

    def hide_columns(self, keys: frozenset[str]) -> None:
        """Show all columns but these; hiding all of them is refused and shows all."""
        known = {column.key for column in self._columns_layout.columns}
        before = [*self._columns_layout.shown]
        self._columns_layout.hidden = set(keys & known) if keys & known != known else set()
        shown = self._columns_layout.shown
        if self._cell not in shown and shown:
            found = still_there(self._cell, before, shown)
            self._cell = shown[0] if found is None else found
        self.refresh()

    def show_sort(self, sorted_by: Mapping[str, bool]) -> None:
        """Put arrows at columns: key to whether it is sorted downwards."""
        if list(sorted_by.items()) != list(self._sorted.items()):
            self._sorted = dict(sorted_by)
            # The rows are painted once those of that order are here.
            self._refresh_header()

    @property
    def sorted_by(self) -> Mapping[str, bool]:
        """The columns with arrows, and whether they point down."""
        return self._sorted

    # Drawing.

    def render_header(self, width: int, palette: Palette) -> list[Segment]:
        """The line of titles."""
        inside = self.row_width
        current = self._cell if self._mode == "cell" else None
        return [
            Segment(" " * GUTTER, palette.plain["title"]),
            *header_segments(
                self._columns_layout.columns,
                self._columns_layout.places(inside),
                max(0, width - GUTTER),
                palette,
                self._sorted,
                current,
                self._columns_layout.frozen if self._columns_layout.frozen > 1 else 0,
                more=self._columns_layout.cut_right(inside),
            ),
        ]

    def render_row(
        self, index: int, width: int, ground: Mapping[str, Style], palette: Palette
    ) -> list[Segment]:
        """One row, or its placeholder."""
        places = self._columns_layout.places(width)
        row = self._source.row(index)
        if row is None:
            return placeholder_segments(places, width, ground)
        cell = None
        if self._mode == "cell" and index == self._cursor_row and self.has_focus:
            cell = (self._cell, palette.cell)
        return row_segments(self._columns_layout.columns, places, row, width, ground, cell)
