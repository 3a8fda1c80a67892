"""How a table is shown: loaded, sorted, filtered, seen through its views."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.message import Message
from textual.worker import Worker

from tui.screens.books.arrangement import NARROW
from tui.screens.books.book_pane import BookPane
from tui.screens.books.cells import NEW, WithNewRows, columns_of
from tui.screens.books.opened import PAGE, Change, OpenTable, Read
from tui.widgets.grid import Grid
from tui.widgets.grid_model import ListSource
from tui.words import counted
from tui.workspace.problems import EXPECTED, describe
from tui.workspace.workspace import Workspace

if TYPE_CHECKING:
    from tui.workspace.books.books import Book
    from tui.workspace.books.cells import Field, TableRow
    from tui.workspace.books.rows import Place, View
    from tui.workspace.books.watching import RowsChanged

NO_ROW = "No row. a adds one."
NOT_SENT = (
    "The service does not have this row yet: it waits to be sent, or nobody knows whether it was."
)
NO_MATCH = "No row holds this text. esc clears the filter."
NO_TABLE = "Open a table first: enter on its name at the left."


class TableView(BookPane):
    """A table to look at; `opened` is what is known of it, None while there is none."""

    CONCERNS = frozenset(
        {
            "timetonic.createOrUpdateTableRow",
            "timetonic.createOrUpdateTableRows",
            "timetonic.updateTableValue",
            "timetonic.deleteTableRow",
            "timetonic.rollBackBeforeChange",
        }
    )

    class Shown(Message):
        """Another table or other rows are shown, or with None no table any more."""

        def __init__(self, opened: OpenTable | None) -> None:
            super().__init__()
            self.opened = opened

    def __init__(self, workspace: Workspace) -> None:
        self.grid = Grid(cursor="cell", id="rows", empty=NO_ROW)
        super().__init__(workspace, self.grid, "Table", id="table-panel")
        self.opened: OpenTable | None = None
        self._columns: list[Field] = []
        self._gathering: Worker[None] | None = None
        self._reading = 0
        self._late: list[RowsChanged] = []
        """What others changed while the table was read."""
        self._editing: int | None = None
        """Id of the row that the person is editing."""
        self._wanted = ""
        """Key of the row that is pointed at and was not here yet."""
        self._writing: set[int] = set()
        """Ids of the rows that are being written or deleted: what is told of them is one's own."""

    @property
    def place(self) -> Place | None:
        """The table that is open."""
        return None if self.opened is None else self.opened.place

    @property
    def book_here(self) -> Book | None:
        """The book of the table."""
        return None if self.opened is None else self.opened.place.book

    # -- loading ------------------------------------------------------------------------------

    def open(self, place: Place, view: View | None = None) -> None:
        """Show a table, or one of its views."""
        self.give_up()
        desk, zone = self.workspace.books.rows, self.workspace.zone
        self.opened = OpenTable(desk, place, view, zone)
        self._columns = []
        self.reload()

    def close(self) -> None:
        """Show no table."""
        self.give_up()
        self.opened = None
        self.grid.set_source(ListSource(), keep_cursor=False)
        self.post_message(self.Shown(None))

    def reload(self, *, heard: bool = False) -> None:
        """Ask the service again; what is shown stays until the answer is here. `heard`: others
        have changed something, which is marked and said.
        """
        opened = self.opened
        self._is_other = False
        if opened is None:
            return
        self._show_count()

        async def work() -> None:
            self._reading += 1
            try:
                await self._load_rows(opened, heard=heard)
            finally:
                self._reading -= 1
            # What was told meanwhile is compared with what was read.
            late, self._late = self._late, []
            for change in late:
                self.hear(change)

        self.load(f"Loading {opened.place.table.name}", work, has_content=self._stands)

    def _stands(self) -> str:
        there = self.opened is not None and self.opened.source is not None
        return self.as_of(self.opened.as_of) if there and self.opened is not None else ""

    async def _load_rows(self, opened: OpenTable, *, heard: bool) -> None:
        if opened.source is None:
            kept = await opened.kept()
            if kept is not None:
                self._show_rows(opened, kept)
                self._show_wanted(opened)
        await self._show_waiting(opened)
        # What is looked at is not taken away while it is asked for again.
        top = self.grid.top_row // PAGE if opened.source is not None else 0
        read = await opened.newest(*(() if opened.whole is not None else (top,)))
        if opened.whole is not None:
            # What is sorted or filtered stays until all rows are here anew.
            opened.as_of = read.as_of
            self._begin_gather(opened)
            return
        self._show_rows(opened, read, heard=heard)
        self._show_wanted(opened, read=True)

    def reveal(self, row: str) -> None:
        """Put the cursor on a row by its id, now or once it is here; all are read for that where
        it is not among the first.
        """
        self._wanted = row
        if self.opened is not None:
            self._show_wanted(self.opened)

    def _show_wanted(self, opened: OpenTable, *, read: bool = False) -> None:
        """`read`: what the service has now is here, the first rows or all of them."""
        if not self._wanted or opened is not self.opened:
            return
        if opened.record(self._wanted) is not None and self.grid.move_to_key(self._wanted):
            self._wanted = ""
            self.grid.focus()
        elif read and opened.whole is None and not opened.take_loaded():
            self._begin_gather(opened)
        elif read:
            self._wanted = ""
            self.flash("This row is not in the table any more.", "warn")

    def _show_rows(self, opened: OpenTable, read: Read, *, heard: bool = False) -> None:
        if opened is not self.opened:
            return
        first = opened.source is None
        changes = opened.take(read, heard=heard)
        self._show_columns(opened)
        self.grid.empty_text = NO_ROW
        if opened.source is not None:
            self.grid.set_source(WithNewRows(opened.source), keep_cursor=not first)
        self._tell_changed(opened, [one for one in changes if one.row.id not in self._writing])
        self._show_count()
        self.post_message(self.Shown(opened))
        self.show_content()

    async def look_at_waiting(self) -> None:
        """Show what is not settled of these rows; what has been settled is read anew."""
        if self.opened is not None and await self._show_waiting(self.opened):
            # What is being read may be older than what was sent.
            self.reload()

    async def _show_waiting(self, opened: OpenTable) -> bool:
        settled = await opened.look_at_waiting()
        if opened is not self.opened:
            return False
        self.grid.rows_changed()
        self._show_count()
        return settled

    def _show_columns(self, opened: OpenTable) -> None:
        if opened.fields != self._columns:
            self._columns = opened.fields
            self.grid.set_columns(columns_of(opened.fields), frozen=1)
            self.grid.show_sort(dict([opened.sort]) if opened.sort else {})

    @on(Grid.PageWanted)
    def _rows_wanted(self, message: Grid.PageWanted) -> None:
        """Rows that are to be seen are not here: ask for their pages."""
        message.stop()
        opened = self.opened
        if opened is not None:
            for page in opened.pages_to_ask_for(message.first, message.last):
                self.run_worker(self._fetch(opened, page), group="books-pages", exclusive=False)

    async def _fetch(self, opened: OpenTable, page: int) -> None:
        source = opened.source
        try:
            shown = await opened.fetch(page)
        except EXPECTED as error:
            if opened is self.opened and source is opened.source:
                self.show_stale(f"{self._stands()} · {describe(error).happened}")
            return
        if shown and opened is self.opened:
            self.grid.rows_changed()
            self._show_count()

    # -- what others do -------------------------------------------------------------------------

    def hear(self, change: RowsChanged) -> None:
        """Somebody has changed rows: show it, mark what is other than before, and say it."""
        opened = self.opened
        if opened is None or opened.source is None or change.place.key != opened.place.key:
            return
        if self._reading:
            self._late.append(change)
            return
        theirs = [row for row in change.rows if row.id not in self._writing]
        others = opened.records(map(str, set(change.deleted) - self._writing))
        self._tell_changed(opened, opened.take_changes(theirs))
        for row in others[:1]:
            self._tell_row(opened, row, "was deleted elsewhere", len(others))
        if change.whole or others or not all(opened.knows(row.id) for row in theirs):
            # Rows came or went, or nobody knows which: what is shown is read anew.
            self.reload(heard=True)

    def _tell_changed(self, opened: OpenTable, changes: list[Change]) -> None:
        """Show and say what is other than before."""
        for change in changes:
            index = opened.index_of(change.row)
            if index is not None:
                self.grid.row_changed(index)
        for change in changes[:1]:
            fields = ", ".join(field.name for field in change.fields[:3])
            self._tell_row(opened, change.row, f"was changed elsewhere: {fields}", len(changes))

    def _tell_row(self, opened: OpenTable, row: TableRow, what: str, count: int) -> None:
        from tui.workspace.books.cells import row_title

        editing = " You are editing it." if row.id == self._editing else ""
        more = f" So were {counted(count - 1, 'more row')}." if count > 1 else ""
        title = row_title(opened.fields, row, opened.zone)[:40]
        self.flash(f"“{title}” {what}.{editing}{more}", "warn")

    # -- sort, filter, view -------------------------------------------------------------------

    @on(Grid.SortWanted)
    def _title_clicked(self, message: Grid.SortWanted) -> None:
        message.stop()
        self._sort_by(message.column)

    def _sort_by(self, column: str) -> None:
        if self.opened is not None:
            self.opened.turn(column)
            self._want(self.opened, at_once=True)

    def command_sort(self) -> None:
        """Upwards by the cursor's column, then downwards, then as the table stands."""
        field = self.field
        if field is None or self.opened is None:
            self.flash(NO_TABLE, "warn")
            return
        self._sort_by(str(field.id))
        now = self.opened.sort
        way = "as the table has them" if now is None else "downwards" if now[1] else "upwards"
        by = "" if now is None else f" by {field.name}"
        self.flash(f"Rows{by} {way}.")

    async def command_filter(self) -> None:
        """Narrow the rows by typing; all of them are loaded for that."""
        await self.open_filter()

    def show_filtered(self, text: str) -> None:
        """Show only the rows that hold the text."""
        opened = self.opened
        if opened is None or text == opened.wanted:
            return
        opened.wanted = text
        if not opened.needs_all and self.give_up():
            return
        self._want(opened)

    async def command_view(self) -> None:
        """Choose a saved view of the table."""
        if self.opened is None:
            self.flash(NO_TABLE, "warn")
            return
        from tui.screens.books.read import choose_view

        chosen = await choose_view(self, self.opened)
        if chosen is not None:
            self.open(self.opened.place, chosen.view)

    def _want(self, opened: OpenTable, *, at_once: bool = False) -> None:
        """Show what is wished for, once all rows are here; `at_once` where the next keys are
        about what is shown then.
        """
        self.grid.show_sort(dict([opened.sort]) if opened.sort else {})
        if opened.whole is not None or (opened.needs_all and opened.take_loaded()):
            self._begin_select(opened)
        elif opened.source is not None and opened.needs_all:
            self._begin_gather(opened)
            if at_once and self._gathering is not None:
                self.patience.reads(self._gathering)

    def _begin_gather(self, opened: OpenTable) -> None:
        if self._gathering is None:
            self._gathering = self.run_worker(
                self._gather(opened), group="books-all", exclusive=True
            )

    async def _gather(self, opened: OpenTable) -> None:
        try:
            await opened.read_all(self.show_note)
        except EXPECTED as error:
            self._gathering = None
            self._drop_wishes()
            self.flash_error(error)
            return
        self._gathering = None
        self._show_columns(opened)
        self.post_message(self.Shown(opened))
        self._begin_select(opened)

    def _begin_select(self, opened: OpenTable) -> None:
        worker = self.run_worker(self._select(opened), group="books-select", exclusive=True)
        if opened.sort is not None:
            # The next keys are about the rows in their new order.
            self.patience.reads(worker)

    async def _select(self, opened: OpenTable) -> None:
        if await opened.select() and opened is self.opened:
            self.grid.empty_text = NO_MATCH if opened.wanted.strip() else NO_ROW
            self.grid.rows_changed()
            self._show_count()
            self._show_wanted(opened, read=True)

    def give_up(self) -> bool:
        """Stop loading all rows; whether that was going on."""
        if self._gathering is None:
            return False
        self._gathering.cancel()
        self._gathering = None
        self._drop_wishes()
        return True

    def _drop_wishes(self) -> None:
        if self.opened is not None:
            self.opened.wish_nothing()
        self.grid.show_sort({})
        self._show_count()

    # -- what the cursor is on ----------------------------------------------------------------

    @property
    def row(self) -> TableRow | None:
        """The row under the cursor, where it is here."""
        return None if self.opened is None else self.opened.record(self.grid.cursor_key)

    def no_row(self, what: str = "row") -> str:
        """Why there is nothing under the cursor."""
        if self.grid.cursor_key.startswith(NEW):
            return NOT_SENT
        return f"There is no {what} under the cursor."

    @property
    def field(self) -> Field | None:
        """The field of the cursor's column."""
        return None if self.opened is None else self.opened.field(self.grid.cursor_column)

    def chosen_rows(self) -> list[TableRow]:
        """The marked rows that are here, or the one under the cursor."""
        marked = [] if self.opened is None else self.opened.records(self.grid.marked)
        return marked or ([self.row] if self.row is not None else [])

    # -- title --------------------------------------------------------------------------------

    def on_resize(self) -> None:
        """A narrow window hides the books: then the title says which one this is in."""
        self._show_count()

    def _show_count(self) -> None:
        """Say what is shown and how much of it."""
        opened = self.opened
        if opened is None:
            return
        view = f" · {opened.view.name}" if opened.view is not None else ""
        book = f" · {opened.place.book.title}" if self.app.size.width < NARROW else ""
        self.show_title(f"{opened.place.table.name}{view}{book}", opened.count_text)
