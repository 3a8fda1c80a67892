"""A table as it stands on the screen: rows, columns, title, and what the cursor is on."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual import on
from textual.message import Message
from textual.worker import Worker

from tui.screens.books.arrangement import NARROW
from tui.screens.books.book_pane import BookPane
from tui.screens.books.cells import NEW, WithNewRows, columns_of
from tui.screens.books.counting import count_text
from tui.screens.books.opened import Change, OpenTable
from tui.screens.messages import News
from tui.spoken_keys import with_keys
from tui.widgets.cells import name_text
from tui.widgets.grid import Grid
from tui.widgets.work import begin_work
from tui.words import counted
from tui.workspace.problems import EXPECTED, describe
from tui.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.workspace.books.books import Book
    from tui.workspace.books.cells import Field, TableRow
    from tui.workspace.books.kept_rows import KeptRows
    from tui.workspace.books.looks import Look
    from tui.workspace.books.rows import Place, TableDesk

ORDER_SECONDS = 1.0
"""How long an order is looked at before it is kept."""
AROUND_TITLE = 8
"""Cells of a title's line that are neither its text nor the note beside it."""
NO_ROW = "No row. <books.add_row> adds one."
NOT_SENT = (
    "The service does not have this row yet: it waits to be sent, or nobody knows whether it was."
)
NO_MATCH = "No row holds this text. <books.back> clears the filter."
NO_MATCH_YET = "None of the rows that are here holds this text. <books.back> clears the filter."
NOT_HERE = "Its rows are not here. <books.refresh> reads them."


class ShownTable(BookPane):
    """A table to look at; `opened` is what is known of it, None while there is none."""

    class Shown(Message):
        """Another table or other rows are shown, or with None no table any more."""

        def __init__(self, opened: OpenTable | None) -> None:
            super().__init__()
            self.opened = opened

    def __init__(self, workspace: Workspace) -> None:
        self.grid = Grid(cursor="cell", id="rows", empty=with_keys(NO_ROW))
        super().__init__(workspace, self.grid, "Table", id="table-panel")
        self.opened: OpenTable | None = None
        self._columns: list[Field] = []
        self._fetching: dict[int, Worker[None]] = {}
        """What asks for a page, or did so last."""
        self._editing: int | None = None
        """Id of the row that the person is editing."""
        self._writing: set[int] = set()
        """Ids of the rows that are being written or deleted: what is told of them is one's own."""
        self._write_looks: Callable[[], None] = lambda: None
        """Writes how tables were left, where something was not written yet."""

    @property
    def place(self) -> Place | None:
        """The table that is open."""
        return None if self.opened is None else self.opened.place

    @property
    def book_here(self) -> Book | None:
        """The book of the table."""
        return None if self.opened is None else self.opened.place.book

    @property
    def way_here(self) -> str:
        """What stands before the name of the table: where it was come from."""
        return ""

    # -- its rows -------------------------------------------------------------------------------

    def _stands(self) -> str:
        there = self.opened is not None and self.opened.source is not None
        return self.as_of(self.opened.as_of) if there and self.opened is not None else ""

    async def _arrange(self, opened: OpenTable, look: Look | None = None, at: str = "") -> None:
        """Show the rows that are here as they are wished for. `look`: as the table was left;
        `at`: with the cursor on that row.
        """
        first = opened.source is None
        cursor = at or (look.row if look is not None else "") or self.grid.cursor_key
        row, top = self._seen_at(opened)
        if first and look is not None:
            row = look.place
        if not await opened.arrange(cursor, row, top) or opened is not self.opened:
            return
        self._show_columns(opened, look)
        self.grid.empty_text = _nothing(opened)
        assert opened.source is not None  # arranged just now
        shown = self.grid.source
        if not isinstance(shown, WithNewRows) or shown.rows is not opened.source:
            self.grid.set_source(WithNewRows(opened.source), keep_cursor=not first)
        else:
            self.grid.rows_changed()
        # Who moved on meanwhile is not taken back.
        if (at or first) and cursor != self.grid.cursor_key:
            self.grid.move_to_key(cursor)
        # Who scrolled while all was asked again is not left with what was kept.
        self._begin_fetching(opened, opened.old_pages, near=False)
        self._show_count()
        self.post_message(self.Shown(opened))
        self.show_content()
        if opened.needs_all and opened.whole:
            begin_work(self, partial(self._keep_order, opened), group="books-order", exclusive=True)
        if opened.lost:
            self.read_again()

    def _seen_at(self, opened: OpenTable) -> tuple[int, int]:
        """The places of the cursor and of the first row that is seen."""
        return (0, 0) if opened.source is None else (self.grid.cursor_row, self.grid.top_row)

    def read_again(self) -> None:
        """What is shown was put away, by another deck or a verb, or made room: read it again."""
        self.reload()

    async def _keep_order(self, opened: OpenTable) -> None:
        # What is asked for next goes first, and often it is another order.
        await asyncio.sleep(ORDER_SECONDS)
        await opened.keep_order()
        self._tell_troubles(opened)

    def _show_columns(self, opened: OpenTable, look: Look | None) -> None:
        if opened.fields != self._columns:
            widths = self.grid.chosen_widths if self._columns else {}
            hidden = self.grid.hidden_columns if self._columns else frozenset()
            order = self.grid.column_order if self._columns else []
            frozen = self.grid.frozen if self._columns else 1
            self._columns = opened.fields
            self.grid.set_columns(columns_of(opened.fields), frozen=1)
            if look is not None:
                widths, hidden = look.widths, frozenset(look.hidden)
                order, frozen = look.order, look.frozen
                self.grid.move_to(0, look.column)
            self.grid.choose_widths(widths)
            self.grid.hide_columns(hidden)
            self.grid.put_columns(order)
            self.grid.freeze(frozen)
        self.grid.show_sort(dict(opened.sorts))

    @on(Grid.PageWanted)
    def _rows_wanted(self, message: Grid.PageWanted) -> None:
        """Rows that are to be seen are not here, or will soon be: ask for their pages."""
        message.stop()
        opened = self.opened
        if opened is not None:
            pages = opened.pages_to_ask_for(message.first, message.last)
            self._begin_fetching(opened, pages, near=message.near)

    def _begin_fetching(self, opened: OpenTable, pages: list[int], *, near: bool) -> None:
        for page in pages:
            fetching = partial(self._fetch, opened, page, near=near)
            self._fetching[page] = begin_work(self, fetching, group="books-pages")

    async def _fetch(self, opened: OpenTable, page: int, *, near: bool) -> None:
        source = opened.source
        try:
            if opened.is_old(page) and not near and await opened.fetch(page, kept=True):
                # Until the service tells them anew.
                self.grid.rows_changed()
            shown = await opened.fetch(page, near=near)
        except EXPECTED as error:
            if opened is self.opened and source is opened.source:
                self.show_stale(f"{self._stands()} · {describe(error).happened}")
            return
        if opened is not self.opened:
            return
        if shown:
            self.grid.rows_changed()
            self._show_count()
        if opened.lost:
            self.read_again()
        elif opened.became_other:
            await self._arrange(opened)

    def _tell_troubles(self, opened: OpenTable) -> None:
        for text, good in opened.desk.troubles():
            self.flash(text, "good" if good else "warn")

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
        self.post_message(News(f"“{title}” {what}.{editing}{more}", "warn", unasked=True))

    # -- how it is left -------------------------------------------------------------------------

    def keep_look(self) -> None:
        """Remember how the table is looked at, for the next time."""
        opened = self.opened
        if opened is None or opened.source is None or opened.passing is not None:
            return
        self._keep_look_of(opened.desk, opened.kept, self.look_of(opened))

    def _keep_look_of(self, desk: TableDesk, kept: KeptRows, look: Look) -> None:
        if desk.keep_look(kept, look):
            self._write_looks = desk.write_looks
            begin_work(self, partial(asyncio.to_thread, desk.write_looks), group="books-looks")

    def look_of(self, opened: OpenTable) -> Look:
        """How the table is looked at."""
        from tui.workspace.books.looks import Look

        return Look(
            sorts=list(opened.sorts),
            filter=opened.wanted,
            widths=self.grid.chosen_widths,
            hidden=sorted(self.grid.hidden_columns),
            order=self.grid.column_order,
            frozen=self.grid.frozen,
            row=self.grid.cursor_key,
            place=self.grid.cursor_row,
            column=self.grid.cursor_column,
        )

    def suspend(self) -> None:
        """Another screen was gone to: that may be for long."""
        super().suspend()
        self.keep_look()

    def on_unmount(self) -> None:
        """The deck is left, or begins anew: nothing is done beside it any more."""
        self.keep_look()
        if self.opened is not None:
            self.opened.drop()
        self._write_looks()

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

    # -- title --------------------------------------------------------------------------------

    def on_resize(self) -> None:
        """A narrow window hides the books: then the title says which one this is in."""
        self._show_count()

    def _show_count(self) -> None:
        """Say what is shown and how much of it."""
        opened = self.opened
        if opened is None:
            return
        view = _seen_through(opened)
        book = f" · {opened.place.book.title}" if self.app.size.width < NARROW else ""
        age = "" if opened.fresh else self.as_of(opened.as_of)
        count = count_text(opened)
        if opened.source is not None and self.grid.row_count and opened.reading is None:
            here, _, rows = self.grid.position_text.partition(" of ")
            # Where all rows are shown their number is not said twice.
            of = "" if count.startswith(f"{rows} row") else f"{rows} · "
            count = f"{here} of {of}{count}"
        # The table's name gives way, in its middle, before what stands behind it is cut off.
        behind = " · ".join(filter(None, (count, age)))
        others = cell_len(f"{self.way_here}{view}{book}{behind}") + AROUND_TITLE
        name, width = opened.place.table.name, self.size.width
        if width:  # Before it has its place nobody knows; then it is said once more.
            name = name_text(name, max(width // 5, width - others))
        self.show_title(f"{self.way_here}{name}{view}{book}", count, age)


def _nothing(opened: OpenTable) -> str:
    """What is said where no row is shown: of some rows never what would be true of all alone."""
    if opened.wanted.strip():
        from tui.workspace.books.narrowed import not_understood

        # A column may have another name by now, or be gone.
        none = with_keys(NO_MATCH if opened.shows_all else NO_MATCH_YET)
        parts = not_understood(opened.wanted, opened.fields, opened.zone)
        if not parts:
            return none
        verb = "are no conditions" if len(parts) > 1 else "is no condition"
        return f"{', '.join(f'“{one}”' for one in parts)} {verb} here, only text. {none}"
    return with_keys(NOT_HERE if opened.total and not opened.shows_all else NO_ROW)


def _seen_through(opened: OpenTable) -> str:
    """The views that a table is seen through, and whether it is seen otherwise by now."""
    view = "" if opened.view is None else f" · {opened.view.name}"
    if opened.own is None:
        return view
    look = opened.own.look
    same = (look.sorts, look.filter) == (opened.sorts, opened.wanted)
    return f"{view} · {opened.own.name}{'' if same else ' (changed)'}"
