"""How a table is shown: loaded, sorted, filtered, seen through its views."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.message import Message
from textual.worker import Worker

from tui.screens.books.arrangement import NARROW
from tui.screens.books.book_pane import BookPane
from tui.screens.books.cells import NEW, WithNewRows, columns_of
from tui.screens.books.opened import Change, OpenTable
from tui.widgets.grid import Grid
from tui.widgets.grid_model import ListSource
from tui.words import counted
from tui.workspace.problems import EXPECTED, describe
from tui.workspace.workspace import Workspace

if TYPE_CHECKING:
    from tui.workspace.books.books import Book
    from tui.workspace.books.cells import Field, TableRow
    from tui.workspace.books.looks import Look
    from tui.workspace.books.rows import Place, View
    from tui.workspace.books.watching import RowsChanged

NO_ROW = "No row. a adds one."
NOT_SENT = (
    "The service does not have this row yet: it waits to be sent, or nobody knows whether it was."
)
NO_MATCH = "No row holds this text. esc clears the filter."
TOLD_SECONDS = 0.4
"""How often it is said how far reading all rows is."""
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
        self._arranging: Worker[None] | None = None
        self._reading = 0
        self._late: list[RowsChanged] = []
        """What others changed while the table was read."""
        self._wanted = ""
        """Key of the row that is pointed at and was not here yet."""
        self._sought = ""
        """The text that was looked for last."""
        self._editing: int | None = None
        """Id of the row that the person is editing."""
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
        self._leave()
        desk, zone = self.workspace.books.rows, self.workspace.zone
        self.opened = OpenTable(desk, place, view, zone)
        self._columns = []
        self.reload()

    def close(self) -> None:
        """Show no table."""
        self._leave()
        self.grid.set_source(ListSource(), keep_cursor=False)
        self.post_message(self.Shown(None))

    def _leave(self) -> None:
        """Be done with the table that is open; how it is left is remembered."""
        self.keep_look()
        self.give_up()
        left, self.opened = self.opened, None
        if left is not None:
            self.run_worker(left.close(), group="books-left", exclusive=False)

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
                self._tell_troubles(opened)
            # What was told meanwhile is compared with what was read.
            late, self._late = self._late, []
            for change in late:
                self.hear(change)

        self.load(f"Loading {opened.place.table.name}", work, has_content=self._stands)

    def _stands(self) -> str:
        there = self.opened is not None and self.opened.source is not None
        return self.as_of(self.opened.as_of) if there and self.opened is not None else ""

    async def _load_rows(self, opened: OpenTable, *, heard: bool) -> None:
        look = None
        if opened.source is None:
            look = await opened.recall()
            await self.show_filter(opened.wanted)
            if look is not None:
                await self._arrange(opened, look=look)
                await self._show_wanted(opened)
                self.show_busy(True)
        await self._show_waiting(opened)
        before = opened.source.records() if heard and opened.source is not None else {}
        top = self.grid.top_row if opened.source is not None else 0
        # What is looked at is not taken away while it is asked for again.
        anew = await opened.refresh(top)
        if opened is not self.opened:
            return
        await self._arrange(opened)
        changes = opened.since(before)
        self._tell_changed(opened, [one for one in changes if one.row.id not in self._writing])
        await self._show_wanted(opened, read=True)
        if anew:
            self._begin_gather(opened)

    def reveal(self, row: str) -> None:
        """Put the cursor on a row by its id, now or once it is here; all are read for that where
        it is not among those that are.
        """
        self._wanted, opened = row, self.opened
        if opened is not None and opened.source is not None:
            self.run_worker(self._show_wanted(opened), group="books-reveal", exclusive=True)

    async def _show_wanted(self, opened: OpenTable, *, read: bool = False) -> None:
        """`read`: what the service has now is here, the first rows or all of them."""
        wanted = self._wanted
        if not wanted or opened is not self.opened:
            return
        if opened.wanted.strip():
            # A filter that the table was left with must not hide what is pointed at.
            opened.wanted = ""
            await self.show_filter("")
        await self._arrange(opened, at=wanted)
        if self.grid.cursor_key == wanted:
            self._wanted = ""
            self.grid.focus()
        elif read and not opened.whole:
            self._begin_gather(opened)
        elif read:
            self._wanted = ""
            self.flash("This row is not in the table any more.", "warn")

    async def _arrange(self, opened: OpenTable, look: Look | None = None, at: str = "") -> None:
        """Show the rows that are here as they are wished for. `look`: as the table was left;
        `at`: with the cursor on that row.
        """
        first = opened.source is None
        cursor = at or (look.row if look is not None else "") or self.grid.cursor_key
        row, top = (0, 0) if first else (self.grid.cursor_row, self.grid.top_row)
        if not await opened.arrange(cursor, row, top) or opened is not self.opened:
            return
        self._show_columns(opened, look)
        self.grid.empty_text = NO_MATCH if opened.wanted.strip() else NO_ROW
        assert opened.source is not None  # arranged just now
        shown = self.grid.source
        if not isinstance(shown, WithNewRows) or shown.rows is not opened.source:
            self.grid.set_source(WithNewRows(opened.source), keep_cursor=not first)
        else:
            self.grid.rows_changed()
        # Who moved on meanwhile is not taken back.
        if (at or first) and cursor != self.grid.cursor_key:
            self.grid.move_to_key(cursor)
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

    def _show_columns(self, opened: OpenTable, look: Look | None) -> None:
        if opened.fields != self._columns:
            widths = self.grid.chosen_widths if self._columns else {}
            hidden = self.grid.hidden_columns if self._columns else frozenset()
            self._columns = opened.fields
            self.grid.set_columns(columns_of(opened.fields), frozen=1)
            if look is not None:
                widths, hidden = look.widths, frozenset(look.hidden)
                self.grid.move_to(0, look.column)
            self.grid.choose_widths(widths)
            self.grid.hide_columns(hidden)
        self.grid.show_sort(dict(opened.sorts))

    @on(Grid.PageWanted)
    def _rows_wanted(self, message: Grid.PageWanted) -> None:
        """Rows that are to be seen are not here, or will soon be: ask for their pages."""
        message.stop()
        opened = self.opened
        if opened is not None:
            for page in opened.pages_to_ask_for(message.first, message.last):
                self.run_worker(
                    self._fetch(opened, page, near=message.near),
                    group="books-pages",
                    exclusive=False,
                )

    async def _fetch(self, opened: OpenTable, page: int, *, near: bool) -> None:
        source = opened.source
        try:
            shown = await opened.fetch(page, near=near)
        except EXPECTED as error:
            if opened is self.opened and source is opened.source:
                self.show_stale(f"{self._stands()} · {describe(error).happened}")
            return
        if shown and opened is self.opened:
            self.grid.rows_changed()
            self._show_count()

    def _tell_troubles(self, opened: OpenTable) -> None:
        for text in opened.desk.troubles():
            self.flash(text, "warn")

    # -- how it is left -------------------------------------------------------------------------

    def keep_look(self) -> None:
        """Remember how the table is looked at, for the next time."""
        opened = self.opened
        if opened is None or opened.source is None:
            return
        from tui.workspace.books.looks import Look

        look = Look(
            sorts=list(opened.sorts),
            filter=opened.wanted,
            widths=self.grid.chosen_widths,
            hidden=sorted(self.grid.hidden_columns),
            row=self.grid.cursor_key,
            column=self.grid.cursor_column,
        )
        opened.desk.keep_look(opened.kept, look)

    def suspend(self) -> None:
        """Another screen was gone to: that may be for long."""
        super().suspend()
        self.keep_look()

    def on_unmount(self) -> None:
        """The deck is left, or begins anew."""
        self.keep_look()
        if self.opened is not None:
            self.opened.drop()

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
        known = all(opened.knows(row.id) for row in theirs)
        self._tell_changed(opened, opened.take_changes(theirs))
        for row in others[:1]:
            self._tell_row(opened, row, "was deleted elsewhere", len(others))
        # Rows came or went, or nobody knows which: what is shown is read anew.
        again = change.whole or bool(others) or not known

        async def keep() -> None:
            await opened.kept.change(change.rows, change.deleted)
            if again and opened is self.opened:
                self.reload(heard=True)

        self.run_worker(keep(), group="books-heard", exclusive=False)

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

    # -- all rows --------------------------------------------------------------------------------

    def _want(self, opened: OpenTable, *, at_once: bool = False) -> None:
        """Show what is wished for; where not all rows are here they are read for that. `at_once`
        where the next keys are about what is shown then.
        """
        self.grid.show_sort(dict(opened.sorts))
        if opened.source is None:
            return
        self._begin_arrange(opened)
        if at_once and self._arranging is not None:
            # The next keys are about the rows in their new order.
            self.patience.reads(self._arranging)
        if opened.needs_all and not opened.whole:
            self._begin_gather(opened)
            if at_once and self._gathering is not None:
                self.patience.reads(self._gathering)

    def _begin_arrange(self, opened: OpenTable) -> None:
        self._arranging = self.run_worker(
            self._arrange(opened), group="books-select", exclusive=True
        )

    @property
    def _is_arranging(self) -> bool:
        return self._arranging is not None and not self._arranging.is_finished

    def _begin_gather(self, opened: OpenTable) -> None:
        if self._gathering is None:
            self._gathering = self.run_worker(
                self._gather(opened), group="books-all", exclusive=True
            )

    async def _gather(self, opened: OpenTable) -> None:
        telling = self.set_interval(TOLD_SECONDS, lambda: self._tell_reading(opened))
        try:
            await opened.read_all()
        except EXPECTED as error:
            self._gathering = None
            if opened.whole or opened.needs_all:
                # What was here before is shown on, with its age, and what came with how much it is.
                self.show_stale(f"{self._stands()} · {describe(error).happened}")
                self._show_count()
            self.flash_error(error)
            return
        finally:
            telling.stop()
        self._gathering = None
        self._tell_troubles(opened)
        await self._arrange(opened)
        await self._show_wanted(opened, read=True)

    def _tell_reading(self, opened: OpenTable) -> None:
        """Say how far reading all rows is, and show what of them is here."""
        if opened is not self.opened or opened.reading is None:
            return
        self._show_count()
        if opened.wanted.strip() and not opened.whole and not self._is_arranging:
            # What matches so far. In an order alone there is no more to see than that it changes.
            self._begin_arrange(opened)

    def give_up(self) -> bool:
        """Stop loading all rows; whether that was going on."""
        if self._gathering is None:
            return False
        self._gathering.cancel()
        self._gathering = None
        opened = self.opened
        if opened is not None:
            opened.reading = None
            if not opened.whole:
                opened.wish_nothing()
                self._want(opened)
            self._show_count()
        return True

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
        age = "" if opened.fresh or opened.as_of is None else f" · {self.as_of(opened.as_of)}"
        self.show_title(f"{opened.place.table.name}{view}{book}", f"{opened.count_text}{age}")
