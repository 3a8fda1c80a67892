"""What the grid shows of one table: pages on demand, or all rows once they are sorted or filtered.

A page at a time is enough to look at a table of any length. Sorting and filtering what happens
to be loaded would show something that is not true, so for them all rows are loaded first.
"""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Callable
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from textual.worker import Worker

from tui.screens.base import DeckScreen
from tui.screens.books.cells import TableSource, columns_of
from tui.screens.books.panes import NARROW
from tui.widgets.grid import Grid
from tui.widgets.grid_model import ListSource
from tui.widgets.panel import Panel
from tui.words import counted, noun
from tui.workspace.problems import EXPECTED, describe
from tui.workspace.times import moment_text

if TYPE_CHECKING:
    from tui.workspace.books.cells import Field, Selection, TableRow
    from tui.workspace.books.rows import Place, TableDesk, TableValues, View

PAGE = 200
"""Rows of a request; one of them fills any terminal."""
NO_ROW = "No row. a adds one."
NO_MATCH = "No row holds this text. esc clears the filter."


class TablePane:
    """The table that is open, and how it is looked at."""

    def __init__(
        self, screen: DeckScreen, desk: Callable[[], TableDesk], changed: Callable[[], None]
    ) -> None:
        """`changed` is called when another table, view or number of rows is shown."""
        self._screen = screen
        self._desk = desk
        self._changed = changed
        self.place: Place | None = None
        self.view: View | None = None
        self.fields: list[Field] = []
        self.source: TableSource | None = None
        self.total: int | None = None
        """Rows of the whole table, as the service told."""
        self._as_of: datetime | None = None
        self._asked: set[int] = set()
        self._whole: Selection | None = None
        self._complete = True
        self._gathering: Worker[None] | None = None
        self._selecting: Worker[None] | None = None
        self._sort: tuple[str, bool] | None = None
        self._wanted = ""

    @property
    def zone(self) -> tzinfo:
        """The person's zone."""
        return self._screen.workspace.zone

    @property
    def grid(self) -> Grid:
        """The grid."""
        return self._screen.query_one("#rows", Grid)

    @property
    def panel(self) -> Panel:
        """The grid's frame."""
        return self._screen.query_one("#table-panel", Panel)

    @property
    def desk(self) -> TableDesk:
        """The use cases."""
        return self._desk()

    # -- loading ------------------------------------------------------------------------------

    def open(self, place: Place, view: View | None = None) -> None:
        """Show a table, or one of its views."""
        self._forget()
        self.place, self.view = place, view
        self._wanted = ""
        self._sort = None
        self.refresh()

    def close(self) -> None:
        """Show no table."""
        self._forget()
        self.place = self.view = None
        self.fields = []
        self.grid.set_source(ListSource(), keep_cursor=False)

    def _forget(self) -> None:
        self.give_up()
        self.source = self._whole = self._as_of = None
        self._asked.clear()

    def refresh(self) -> None:
        """Ask the service again; what is shown stays until the answer is here."""
        place = self.place
        if place is None:
            return
        self.show_note()
        self._screen.load(
            self.panel, f"Loading {place.table.name}", self._load, has_content=self._stands
        )

    def _stands(self) -> str:
        if self.source is None or self._as_of is None:
            return ""
        return f"as of {moment_text(self._as_of, self.zone)}"

    async def _load(self) -> None:
        place, view_id = self.place, self.view.id if self.view is not None else None
        if place is None:
            return
        if self.source is None:
            kept = await self.desk.kept(place, view_id)
            if kept is not None:
                self._show(kept.value, kept.as_of, {0: kept.value.rows})
        answer = await self.desk.page(place, view_id=view_id, size=PAGE)
        if self._whole is not None:
            # What is sorted or filtered stays until all rows are here anew.
            self._as_of = answer.as_of
            self._begin_gather()
            return
        pages = {0: answer.value.rows}
        # What is looked at is not taken away while it is asked for again.
        top = self.grid.top_row // PAGE if self.source is not None else 0
        if top and len(answer.value.rows) == PAGE:
            later = await self.desk.page(place, top * PAGE, view_id=view_id, size=PAGE)
            if later.value.rows:
                pages[top] = later.value.rows
        self._show(answer.value, answer.as_of, pages)

    def _show(self, values: TableValues, as_of: datetime, pages: dict[int, list[TableRow]]) -> None:
        first = self.source is None
        self._as_of = as_of
        self.total = values.table.row_count
        self._show_fields(values.fields, anew=first)
        self.grid.empty_text = NO_ROW
        source = TableSource(
            self.fields, self.zone,
            total=self.total if self.view is None else None, page_size=PAGE,
        )  # fmt: skip
        for page, rows in sorted(pages.items()):
            source.put_rows(page * PAGE, rows)
        self._asked.clear()
        self._set_source(source, keep_cursor=not first)
        self.panel.show_content()

    def _show_fields(self, fields: list[Field], *, anew: bool) -> None:
        if anew or fields != self.fields:
            self.fields = fields
            self.grid.set_columns(columns_of(fields), frozen=1)
            self.grid.show_sort(dict([self._sort]) if self._sort else {})

    def _set_source(self, source: TableSource, *, keep_cursor: bool = True) -> None:
        self.source = source
        self.grid.set_source(source, keep_cursor=keep_cursor)
        self.show_note()
        self._changed()

    def ask_for(self, first: int, last: int) -> None:
        """Rows that are to be seen are not here: ask for their pages."""
        source, place = self.source, self.place
        if source is None or place is None or self._whole is not None:
            return
        for page in range(first // PAGE, last // PAGE + 1):
            if page not in self._asked:
                self._asked.add(page)
                self._screen.run_worker(
                    self._fetch(place, source, page), group="books-pages", exclusive=False
                )

    async def _fetch(self, place: Place, source: TableSource, page: int) -> None:
        view_id = self.view.id if self.view is not None else None
        try:
            answer = await self.desk.page(place, page * PAGE, view_id=view_id, size=PAGE)
        except EXPECTED as error:
            if source is self.source:
                self.panel.show_stale(f"{self._stands()} · {describe(error).happened}")
            return
        finally:
            self._asked.discard(page)
        if source is self.source and self._whole is None:
            if self.view is None:
                source.total = self.total = answer.value.table.row_count
            source.put_rows(page * PAGE, answer.value.rows)
            self.grid.rows_changed()
            self.show_note()

    # -- sort, filter, view -------------------------------------------------------------------

    @property
    def sorted_by(self) -> tuple[str, bool] | None:
        """The column that the rows stand by, and whether downwards."""
        return self._sort

    @property
    def wanted(self) -> str:
        """The text that the rows are chosen by."""
        return self._wanted

    def sort(self, column: str) -> None:
        """Upwards by a column, then downwards, then as the table has its rows."""
        before = self._sort
        if before is None or before[0] != column:
            self._sort = column, False
        else:
            self._sort = None if before[1] else (column, True)
        self._want_whole()

    def set_filter(self, text: str) -> None:
        """Only the rows that hold a text."""
        if text != self._wanted:
            self._wanted = text
            if not text.strip() and self._sort is None and self.give_up():
                return
            self._want_whole()

    def _want_whole(self) -> None:
        """Show what is wished for, once all rows are here."""
        self.grid.show_sort(dict([self._sort]) if self._sort else {})
        if self.source is None and self._whole is None:
            return
        if self._whole is None and (self._sort or self._wanted.strip()):
            self._begin_whole()
        elif self._whole is not None:
            self._begin_select()

    def _begin_whole(self) -> None:
        source = self.source
        if source is not None and source.total is not None and source.held >= source.total:
            self._take_whole(source.records(), complete=True)
        else:
            self._begin_gather()

    def _begin_gather(self) -> None:
        if self._gathering is None:
            self._gathering = self._screen.run_worker(
                self._gather, group="books-all", exclusive=True
            )

    def _take_whole(self, rows: list[TableRow], *, complete: bool) -> None:
        from tui.workspace.books.cells import Selection

        self._whole = Selection(self.fields, rows, self.zone)
        self._complete = complete
        self._begin_select()

    def _begin_select(self) -> None:
        self._selecting = self._screen.run_worker(
            self._select, group="books-select", exclusive=True
        )

    async def _gather(self) -> None:
        place, view_id = self.place, self.view.id if self.view is not None else None
        if place is None:
            return

        def told(count: int, total: int | None) -> None:
            of = f" of {total:,}" if total is not None else ""
            rows = noun(count if total is None else total, "row")
            self.panel.show_note(f"… {count:,}{of} {rows} · esc gives up")

        told(0, self.total if view_id is None else None)
        try:
            whole = await self.desk.every(place, told, view_id=view_id)
        except EXPECTED as error:
            self._gathering = None
            self._drop_wishes()
            self._screen.flash_error(error)
            return
        self._gathering = None
        self.total = whole.values.table.row_count
        self._show_fields(whole.values.fields, anew=False)
        self._take_whole(whole.values.rows, complete=whole.complete)

    async def _select(self) -> None:
        whole, sort = self._whole, self._sort
        if whole is None:
            return
        field = next((one for one in self.fields if sort and str(one.id) == sort[0]), None)
        rows = await to_thread(whole.chosen, self._wanted, field, descending=bool(sort and sort[1]))
        source = self.source
        if whole is not self._whole or source is None:
            return
        # The same source, so that columns keep their widths while a person types.
        source.hold(rows)
        self.grid.empty_text = NO_MATCH if self._wanted.strip() else NO_ROW
        self.grid.rows_changed()
        self.show_note()

    def give_up(self) -> bool:
        """Stop loading all rows; whether that was going on."""
        if self._gathering is None:
            return False
        self._gathering.cancel()
        self._gathering = None
        self._drop_wishes()
        return True

    def _drop_wishes(self) -> None:
        self._sort, self._wanted = None, ""
        self.grid.show_sort({})
        self.show_note()

    # -- what the cursor is on ----------------------------------------------------------------

    @property
    def row(self) -> TableRow | None:
        """The row under the cursor, where it is here."""
        return self.source.record(self.grid.cursor_key) if self.source is not None else None

    @property
    def field(self) -> Field | None:
        """The field of the cursor's column."""
        key = self.grid.cursor_column
        return next((one for one in self.fields if str(one.id) == key), None)

    def chosen_rows(self) -> list[TableRow]:
        """The marked rows that are here, or the one under the cursor."""
        source = self.source
        if source is None:
            return []
        marked = [row for key in self.grid.marked if (row := source.record(key)) is not None]
        if marked:
            return sorted(marked, key=lambda row: source.index_of(str(row.id)) or 0)
        return [self.row] if self.row is not None else []

    # -- after a write ------------------------------------------------------------------------

    def show_pending(self, row: TableRow, field: Field, text: str | None) -> None:
        """Show what is being written in a cell; None when it is settled."""
        if self.source is not None:
            index = self.source.set_pending(str(row.id), field.id, text)
            if index is not None:
                self.grid.row_changed(index)

    async def reread(self, row_id: int) -> None:
        """Show one row as the service has it now."""
        place, source = self.place, self.source
        if place is None or source is None:
            return
        row = await self.desk.row(place, row_id)
        if source is not self.source:
            return
        if row is None:
            self.refresh()
            return
        if self._whole is not None:
            self._whole.replace(row)
        index = source.replace(row)
        if index is not None:
            self.grid.row_changed(index)

    async def show_new(self, row_id: int) -> None:
        """A row was added: load anew, with the cursor on it where it can be found."""
        place = self.place
        if place is None:
            return
        view_id = self.view.id if self.view is not None else None
        self._whole = None
        answer = await self.desk.page(place, view_id=view_id, size=PAGE)
        pages = {0: answer.value.rows}
        total = answer.value.table.row_count
        if view_id is None and total is not None and total > PAGE:
            # New rows stand at the end, as far as is known.
            last = (total - 1) // PAGE
            pages[last] = (await self.desk.page(place, last * PAGE, size=PAGE)).value.rows
        self._show(answer.value, answer.as_of, pages)
        self.grid.move_to_key(str(row_id))
        if self._sort or self._wanted:
            self._want_whole()

    # -- title --------------------------------------------------------------------------------

    def show_note(self) -> None:
        """Say what is shown and how much of it; in a narrow window, where the books are hidden,
        also in which book."""
        place = self.place
        if place is None:
            return
        view = f" · {self.view.name}" if self.view is not None else ""
        book = f" · {place.book.title}" if self._screen.size.width < NARROW else ""
        self.panel.show_title(f"{place.table.name}{view}{book}", self._count_text())

    def _count_text(self) -> str:
        source = self.source
        if source is None:
            return ""
        whole = "" if self.total is None else f" of {self.total:,}"
        of = source.held if self.total is None else self.total
        if self._whole is not None:
            rest = "" if self._complete else f" (only the first {len(self._whole.rows):,} loaded)"
            shown = source.total or 0
            if self._wanted:
                match = "matches" if shown == 1 else "match"
                return f"{shown:,} of {len(self._whole.rows):,} {match} “{self._wanted}”{rest}"
            if self.view is None:
                return f"{counted(shown, 'row')}{rest}"
            return f"{shown:,}{whole} {noun(of, 'row')}{rest}"
        loaded = source.held
        if self.view is None:
            everything = self.total is not None and loaded >= self.total
            rows = noun(of, "row")
            return counted(loaded, "row") if everything else f"{loaded:,}{whole} {rows} loaded"
        if source.total is not None and loaded >= source.total:
            return f"{loaded:,}{whole} {noun(of, 'row')}"
        return f"{loaded:,}+{whole} {noun(of, 'row')} loaded"
