"""Keys about rows that are on their way: they wait for those, or it is said why they cannot."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from inspect import isawaitable
from typing import TYPE_CHECKING

from textual import on
from textual.worker import Worker

from tui.commands import Command
from tui.screens.books.cells import NEW
from tui.screens.books.opened import PAGE
from tui.screens.books.table_view import TableView
from tui.widgets.grid import Grid
from tui.workspace.problems import GivenUp

if TYPE_CHECKING:
    from tui.screens.books.opened import OpenTable
    from tui.workspace.books.cells import TableRow

ABOUT_ROWS = frozenset(
    (
        "open", "edit", "view_row", "copy", "copy_row", "copy_as", "history", "points_here",
        "filter_value", "mark_to", "set_marked", "fill_down", "repeat", "paste", "duplicate",
        "delete_row",
    )
)  # fmt: skip
"""Names of the commands that act on the row under the cursor."""
LOOK_SECONDS = 0.02
"""Between two looks whether a row has come, while a key waits for it."""


class ArrivingTable(TableView):
    """A table whose keys act on the row under the cursor once it is here."""

    async def do(self, command: Command) -> None:
        """Carry out a command; what is about a row that is on its way waits for it."""
        if command.name in ABOUT_ROWS and not self.allows(command) and self._lacks_row:
            method = getattr(self, f"command_{command.name}")
            self.carry_out(partial(self.once_here, method), command.id)
        else:
            await super().do(command)

    @on(Grid.MarkWanted)
    def _mark_wanted(self, message: Grid.MarkWanted) -> None:
        message.stop()
        self.carry_out(partial(self.once_here, self._mark_here), "books.mark")

    def _mark_here(self) -> None:
        if self.grid.cursor_key:
            self.grid.action_mark()
        else:
            self.flash(self.no_row(), "warn")

    async def once_here(self, work: Callable[[], object]) -> None:
        """Do what is about the row under the cursor once that is here; esc waits no longer. Only
        within a command.
        """
        if self._lacks_row:
            given_up = GivenUp("Given up: the row did not come, and nothing was done")
            await self.wait_for("Rows", "Reading this row …", self._bring_row(), given_up)
        done = work()
        if isawaitable(done):
            await done

    async def marked_rows(self, opened: OpenTable) -> list[TableRow]:
        """The marked rows, read where they are not here; else the one under the cursor."""
        from tui.screens.books.marking import marked_rows

        marked = await marked_rows(self, opened, self.grid.marked) if self.grid.marked else []
        return marked or ([self.row] if self.row is not None else [])

    @property
    def _lacks_row(self) -> bool:
        """Whether there is a row under the cursor, or will be, that is not here."""
        opened, key = self.opened, self.grid.cursor_key
        if opened is None or key.startswith(NEW):
            return False
        if opened.source is None:
            return self._is_on_its_way(self.loads)
        return self.row is None and self.grid.cursor_row < self.grid.row_count

    async def _bring_row(self) -> None:
        """Wait for what brings the cursor's row; where nothing does, ask for it. Raises as a read
        of the service does.
        """
        opened, asked = self.opened, False
        while opened is not None and opened is self.opened and self._lacks_row:
            page = self.grid.cursor_row // PAGE
            if any(map(self._is_on_its_way, self._bringing(opened, page))):
                await asyncio.sleep(LOOK_SECONDS)
            elif asked or opened.source is None:
                return
            else:
                asked = True
                await opened.fetch(page)
                if opened is self.opened:
                    self.grid.rows_changed()

    def _bringing(self, opened: OpenTable, page: int) -> list[Worker[None] | None]:
        """What may bring a page of rows, as far as it was begun."""
        loads = [self.loads] if opened.source is None else []
        return [*loads, self._fetching.get(page), self._arranging]

    @staticmethod
    def _is_on_its_way(worker: Worker[None] | None) -> bool:
        return worker is not None and not worker.is_finished
