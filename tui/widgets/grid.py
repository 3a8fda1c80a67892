"""The grid: virtual rows and columns, drawn line by line, that asks for rows when they are seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import BindingType
from textual.geometry import Region
from textual.message import Message

from tui.widget_keys import TABLE
from tui.widgets.bindings import bindings_from
from tui.widgets.grid_columns import GridColumns
from tui.widgets.grid_expanded import GridExpanded
from tui.widgets.grid_layout import GridLayout
from tui.widgets.grid_model import Column, RowSource
from tui.widgets.grid_view import CursorMode
from tui.widgets.rows import GUTTER


class Grid(GridExpanded, GridColumns):
    """A table of any length with a row cursor or a cell cursor.

    Rows come from a `RowSource`. Rows that are not loaded paint as a quiet placeholder and are
    asked for by `PageWanted`; after they came, call `rows_changed`.
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings_from(TABLE)

    class _About(Message):
        """A message about one grid."""

        def __init__(self, grid: Grid) -> None:
            super().__init__()
            self.grid = grid

        @property
        def control(self) -> Grid:
            """The grid, so that handlers can be chosen by its id."""
            return self.grid

    class Highlighted(_About):
        """The cursor is on another row or cell; of several that wait, the last one counts."""

        def __init__(self, grid: Grid, row: int, column: str, key: str) -> None:
            super().__init__(grid)
            self.row = row
            self.column = column
            self.key = key

        def can_replace(self, message: Message) -> bool:
            """Only where the cursor is now matters."""
            return isinstance(message, Grid.Highlighted) and message.grid is self.grid

    class Selected(_About):
        """A person chose a row: enter, or a double click."""

        def __init__(self, grid: Grid, row: int, column: str, key: str) -> None:
            super().__init__(grid)
            self.row = row
            self.column = column
            self.key = key

    class EditWanted(_About):
        """A person wants to edit a cell: enter or f2 on it, in cell mode; f2 is `in_place`. The
        key is empty where the row is not here.
        """

        def __init__(
            self, grid: Grid, row: int, column: str, key: str, *, in_place: bool = False
        ) -> None:
            super().__init__(grid)
            self.row = row
            self.column = column
            self.key = key
            self.in_place = in_place

    class MarksChanged(_About):
        """Rows were marked or unmarked; `keys` are all that are marked now."""

        def __init__(self, grid: Grid, keys: frozenset[str]) -> None:
            super().__init__(grid)
            self.keys = keys

    class MarkWanted(_About):
        """A person wants to mark the cursor's row, which is not here."""

    class SortWanted(_About):
        """A person clicked a column's title."""

        def __init__(self, grid: Grid, column: str) -> None:
            super().__init__(grid)
            self.column = column

    class PageWanted(_About):
        """Rows from `first` to `last`, both included, are to be seen and not here; `near`: not
        yet, but they are the next ones.
        """

        def __init__(self, grid: Grid, first: int, last: int, *, near: bool = False) -> None:
            super().__init__(grid)
            self.first = first
            self.last = last
            self.near = near

        def can_replace(self, message: Message) -> bool:
            """What was to be seen a moment ago is not asked for any more."""
            return isinstance(message, Grid.PageWanted) and message.grid is self.grid

    def __init__(
        self,
        columns: Sequence[Column] = (),
        source: RowSource | None = None,
        *,
        cursor: CursorMode = "row",
        frozen: int = 1,
        header: bool = True,
        empty: str = "Nothing here.",
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(
            columns, source, cursor, frozen, header=header, empty=empty, id=id, classes=classes
        )
        self._marks: set[str] = set()
        self._asked: tuple[int, int] | None = None
        self._asking = False
        self._cursor_key = ""

    def on_mount(self) -> None:
        """Measure and ask for what the constructor was given."""
        self.rows_changed()

    # What is shown.

    def set_columns(self, columns: Sequence[Column], frozen: int | None = None) -> None:
        """Show other columns: what a person hid, set or sorted is forgotten."""
        self._columns_layout = GridLayout(
            columns, self._columns_layout.frozen if frozen is None else frozen
        )
        self._cell = 0
        self._sorted.clear()
        self._measure()
        self.refresh()

    def set_source(self, source: RowSource, *, keep_cursor: bool = True) -> None:
        """Show other rows; the cursor stays on the row with the same key where it is there."""
        self._source, self._has_source = source, True
        if not keep_cursor:
            self._cursor_key = ""
            self._cursor_row = self._top_row = 0
            self._marks.clear()
        self._columns_layout.sampled = False
        self.rows_changed()

    def rows_changed(self) -> None:
        """Rows of the source came, changed, moved or went: paint, and keep the cursor's row."""
        if not self._columns_layout.sampled:
            self._measure()
            self.on_resize()
        self._asked = None
        place = self._source.index_of(self._cursor_key) if self._cursor_key else None
        cursor = self._cursor_row if place is None else place
        before = (self._cursor_row, self._cursor_key)
        self.reset_rows(cursor)
        self._cursor_key = self._source.key(self._cursor_row)
        if (self._cursor_row, self._cursor_key) != before:
            self._tell_highlighted()
        elif self.is_expanded:
            self.whole_changed()

    def row_changed(self, index: int) -> None:
        """One row has new values: repaint its line."""
        self._refresh_row(index)
        if self.is_expanded and index == self._cursor_row:
            self.whole_changed()

    # Cursor.

    @property
    def cursor_mode(self) -> CursorMode:
        """Whether the cursor is a row or a cell."""
        return self._mode

    @cursor_mode.setter
    def cursor_mode(self, mode: CursorMode) -> None:
        if mode != self._mode:
            self._mode = mode
            self._columns_layout.reveal(self._cell, self.row_width)
            self.refresh()

    @property
    def cursor_key(self) -> str:
        """The key of the cursor's row; empty where it has not arrived."""
        return self._source.key(self._cursor_row)

    @property
    def cursor_text(self) -> str:
        """The cursor's row as text, a tab between its cells; empty where it has not arrived."""
        row = self._source.row(self._cursor_row)
        cells = zip(self.columns, row, strict=True) if row is not None else ()
        return "\t".join(column.cell(value).text for column, value in cells)

    @property
    def cursor_column(self) -> str:
        """The key of the cursor's column; empty where there are no columns."""
        columns = self._columns_layout.columns
        return columns[self._cell].key if self._cell < len(columns) else ""

    def text_begins(self) -> int:
        """Of a cell cursor the cell, of a row cursor the row."""
        if self.cursor_mode == "row":
            return 0
        places = self._columns_layout.places(self.row_width)
        return next((one.x for one in places if one.column == self._cell), 0)

    def cell_region(self) -> Region:
        """Where the cursor's cell is, from the upper left corner; empty where it is not seen."""
        places = self._columns_layout.places(self.row_width)
        y = self.header_lines + self._cursor_row - self._top_row
        found = next((one for one in places if one.column == self._cell), None)
        if found is None or not self.header_lines <= y < self.content_size.height:
            return Region()
        return Region(GUTTER + found.x, y, found.width, 1)

    def move_to(self, row: int, column: str | None = None) -> None:
        """Put the cursor on a row, and on a column by its key."""
        if column is not None:
            keys = [item.key for item in self._columns_layout.columns]
            if column in keys:
                self._move_cell(keys.index(column))
        self.move_to_row(row)

    def move_to_key(self, key: str) -> bool:
        """Put the cursor on the row with this key; whether it is here."""
        index = self._source.index_of(key)
        if index is None:
            return False
        self.move_to_row(index)
        return True

    def cursor_moved(self) -> None:
        """Remember the row by its key and tell."""
        self._cursor_key = self._source.key(self._cursor_row)
        self._tell_highlighted()

    def _tell_highlighted(self) -> None:
        if self.is_expanded:
            self.whole_changed()
        self.post_message(
            self.Highlighted(self, self._cursor_row, self.cursor_column, self._cursor_key)
        )

    def _move_cell(self, index: int) -> None:
        if index == self._cell:
            return
        self._cell = index
        if self._columns_layout.reveal(index, self.row_width):
            self.refresh()
        elif self._mode == "cell":
            self._refresh_header()
            self._refresh_row(self._cursor_row)
        if self._mode == "cell":
            self._tell_highlighted()

    def action_column_by(self, columns: int) -> None:
        """The next column: of the cell cursor, or of the view in row mode."""
        shown = self._columns_layout.shown
        if not shown:
            return
        if self._mode == "cell":
            order = shown.index(self._cell) if self._cell in shown else 0
            self._move_cell(shown[max(0, min(order + columns, len(shown) - 1))])
            return
        if columns > 0 and not self._columns_layout.cut_right(self.row_width):
            return
        self._columns_layout.first = max(0, self._columns_layout.first + columns)
        self.refresh()

    def action_first_column(self) -> None:
        """To the first column."""
        self.action_column_by(-len(self._columns_layout.columns))

    def action_last_column(self) -> None:
        """To the last column."""
        shown = self._columns_layout.shown
        if not shown:
            return
        if self._mode == "cell":
            self._move_cell(shown[-1])
        elif self._columns_layout.reveal(shown[-1], self.row_width):
            self.refresh()

    # Marks.

    @property
    def marked(self) -> frozenset[str]:
        """The keys of the marked rows."""
        return frozenset(self._marks)

    def set_marked(self, keys: frozenset[str]) -> None:
        """Mark these rows and no others."""
        if keys != self._marks:
            self._marks = set(keys)
            self.refresh()
            self.post_message(self.MarksChanged(self, self.marked))

    def action_mark(self) -> None:
        """Mark or unmark the row and go to the next one."""
        key = self.cursor_key
        if not key:
            if self.row_count:
                self.post_message(self.MarkWanted(self))
            return
        self._marks ^= {key}
        self._refresh_row(self._cursor_row)
        self.post_message(self.MarksChanged(self, self.marked))
        self.action_cursor_by(1)

    def row_is_marked(self, index: int) -> bool:
        """Whether the row is marked."""
        return bool(self._marks) and self._source.key(index) in self._marks

    # Choosing.

    def row_chosen(self) -> None:
        """Tell that a row was chosen; in cell mode that is the wish to edit the cell."""
        if self._mode == "cell":
            self._want_edit(in_place=False)
        elif self._source.loaded(self._cursor_row):
            self.post_message(
                self.Selected(self, self._cursor_row, self.cursor_column, self.cursor_key)
            )

    def action_edit(self) -> None:
        """Tell that the cell is to be edited in its place, where the cursor is a cell."""
        self._want_edit(in_place=True)

    def _want_edit(self, *, in_place: bool) -> None:
        if self._mode == "cell" and self.row_count:
            self.post_message(
                self.EditWanted(
                    self, self._cursor_row, self.cursor_column, self.cursor_key, in_place=in_place
                )
            )

    def on_resize(self) -> None:
        """Keep the cursor's cell visible in the new width."""
        if self._mode == "cell" and self._columns_layout.reveal(self._cell, self.row_width):
            self.refresh()

    # Asking for rows.

    def view_changed(self) -> None:
        """Ask for the visible rows that are not here, and make room for those that are."""
        if not self.is_mounted or self.content_size.height == 0:
            return
        self._make_room()
        if not self._asking:
            # After the frame: of many pages that fly by only the last one is asked for.
            self._asking = True
            self.call_after_refresh(self._ask)

    def _ask(self) -> None:
        self._asking = False
        top, rows = self._top_row, self.page_rows
        near = False
        wanted = self._missing(top, top + rows)
        if wanted is None:
            # The next page either way, before anybody sees that it is not here.
            near = True
            wanted = self._missing(top + rows, top + 2 * rows) or self._missing(top - rows, top)
        if wanted is not None and wanted != self._asked:
            self._asked = wanted
            self.post_message(self.PageWanted(self, *wanted, near=near))

    def _missing(self, first: int, end: int) -> tuple[int, int] | None:
        """The first and the last of the rows that are not here; None where all are."""
        span = range(max(0, first), min(end, self.row_count))
        missing = [index for index in span if not self._source.loaded(index)]
        return (missing[0], missing[-1]) if missing else None

    def title_clicked(self, column: int) -> None:
        """Tell that a title was clicked."""
        self.post_message(self.SortWanted(self, self.columns[column].key))

    def row_clicked(self, x: int) -> None:
        """Put the cell cursor where the click was."""
        for place in self._columns_layout.places(self.row_width):
            if place.x <= x - GUTTER < place.x + place.width:
                self._move_cell(place.column)
