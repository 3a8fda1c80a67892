"""How a table comes to be shown: loaded, read to its end, and brought up to what others do."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack, suppress
from functools import partial
from typing import TYPE_CHECKING

from textual.worker import Worker

from tui.screens.books.opened import OpenTable
from tui.screens.books.shown_table import ShownTable
from tui.widgets.grid_model import ListSource
from tui.widgets.work import begin_work
from tui.workspace.problems import EXPECTED, describe
from tui.workspace.workspace import Workspace

if TYPE_CHECKING:
    from tui.workspace.books.looks import Look
    from tui.workspace.books.rows import Place, View
    from tui.workspace.books.watching import RowsChanged

TOLD_SECONDS = 0.4
"""How often it is said how far reading all rows is."""
KEPT_SECONDS = 0.12
"""So long what was shown before stays where rows that are kept are about to stand."""
NO_TABLE = "Open a table first: <books.open> on its name at the left."


class TableView(ShownTable):
    """A table that is opened, read as far as it is wished for, and kept up to date."""

    CONCERNS = frozenset(
        {
            "timetonic.createOrUpdateTableRow",
            "timetonic.createOrUpdateTableRows",
            "timetonic.updateTableValue",
            "timetonic.deleteTableRow",
            "timetonic.rollBackBeforeChange",
        }
    )

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._gathering: Worker[None] | None = None
        self._arranging: Worker[None] | None = None
        self._held = ExitStack()
        """Holds frames back, for a moment."""
        self._reading = 0
        self._late: list[RowsChanged] = []
        """What others changed while the table was read."""
        self._wanted = ""
        """Key of the row that is pointed at and was not here yet."""
        self._sought = ""
        """The text that was looked for last."""

    # -- loading ------------------------------------------------------------------------------

    def open(self, place: Place, view: View | None = None, passing: Look | None = None) -> None:
        """Show a table, or one of its views; `passing` as on the way from another one."""
        self._leave()
        self._fetching.clear()
        desk, zone = self.workspace.books.rows, self.workspace.zone
        self.opened = OpenTable(desk, place, view, zone, passing)
        self._columns = []
        # Until its rows are here nothing is said of them, not even that there is none.
        self.grid.empty_text = ""
        self._hold_frames()
        self.reload()

    def read_again(self) -> None:
        """The same where that is not under way already."""
        if not self._reading and self._gathering is None:
            super().read_again()

    def _hold_frames(self) -> None:
        """Paint nothing until what is kept can be painted: an empty table is no news, and is laid
        out and painted as slowly as a full one.
        """
        self._held.close()
        self._held = ExitStack()
        self._held.enter_context(self.app.batch_update())
        # Of the application: it ends that also where this pane goes meanwhile.
        self.app.set_timer(KEPT_SECONDS, self._held.close)

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
            begin_work(self, left.close, group="books-left")

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

        title = f"Loading {opened.place.table.name}"
        self.load(title, work, has_content=self._stands, after=KEPT_SECONDS)

    async def _frame(self) -> None:
        """Wait until what is shown was painted: what is asked of the service comes behind it."""
        painted = asyncio.Event()
        self.call_after_refresh(painted.set)
        with suppress(TimeoutError):
            # A screen that is not in front is not painted.
            await asyncio.wait_for(painted.wait(), KEPT_SECONDS)

    async def _load_rows(self, opened: OpenTable, *, heard: bool) -> None:
        look = None
        if opened.source is None:
            held = self._held
            look = await opened.recall()
            await self.show_filter(opened.wanted)
            if look is not None:
                await self._arrange(opened, look=look)
                await self._show_wanted(opened)
                self.show_busy(True)
            held.close()
            if look is not None:
                await self._frame()
        await self._show_waiting(opened)
        before = opened.source.records() if heard and opened.source is not None else {}
        row, top = self._seen_at(opened)
        # What is looked at is not taken away while it is asked for again.
        anew = await opened.refresh(top, row)
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
            begin_work(
                self, partial(self._show_wanted, opened), group="books-reveal", exclusive=True
            )

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

        begin_work(self, keep, group="books-heard")

    # -- all rows --------------------------------------------------------------------------------

    def _want(self, opened: OpenTable, *, at_once: bool = False) -> None:
        """Show what is wished for; where not all rows are here they are read for that. `at_once`
        where the next keys are about what is shown then.
        """
        self.grid.show_sort(dict(opened.sorts))
        if opened.source is None:
            return
        self._begin_arrange(opened)
        if opened.needs_all and not opened.whole:
            self._begin_gather(opened)
        if at_once:
            self._hold_keys_for_rows()

    def _hold_keys_for_rows(self) -> None:
        """Let the next keys wait for the rows that are wished for: they are about those."""
        for worker in (self._arranging, self._gathering):
            if worker is not None and not worker.is_finished:
                self.patience.reads(worker)

    def _begin_arrange(self, opened: OpenTable) -> None:
        self.workspace.rest()
        self._arranging = begin_work(
            self, partial(self._arrange, opened), group="books-select", exclusive=True
        )

    @property
    def _is_arranging(self) -> bool:
        return self._arranging is not None and not self._arranging.is_finished

    def _begin_gather(self, opened: OpenTable) -> None:
        if self._gathering is None:
            self._gathering = begin_work(
                self, partial(self._gather, opened), group="books-all", exclusive=True
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
        self.workspace.rest()
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
