"""The rows of a table as forms, one after another."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

from tui.screens.books.cells import NEW
from tui.screens.books.opened import PAGE, OpenTable
from tui.screens.books.repeating import RepeatingTable
from tui.spoken_keys import key_for
from tui.words import counted

if TYPE_CHECKING:
    from tui.workspace.books.cells import TableRow
    from tui.workspace.books.rows import LinkChoices


class RowPages(RepeatingTable):
    """A table of which a row is shown, changed and left for the next one."""

    async def command_view_row(self) -> None:
        """The row as a form, and the rows before and behind it."""
        from tui.screens.books.row_form import show_row

        opened, links = self.opened, dict[int, "LinkChoices"]()
        row = self.row
        if opened is None or row is None:
            self.flash(self.no_row(), "warn")
        while opened is not None and row is not None:
            where = self.grid.position_text
            step = await show_row(self, opened, row, where, links, self._row_writer(opened, row))
            row = await self._record_at(opened, self.grid.cursor_row + step) if step else None

    async def _record_at(self, opened: OpenTable, place: int) -> TableRow | None:
        """Go to a row and read it where it is not here; the last and the first stay."""
        self.grid.move_to_row(place)
        if self.row is None and not self.grid.cursor_key.startswith(NEW):
            await opened.fetch(self.grid.cursor_row // PAGE)
            self.grid.rows_changed()
        return self.row if opened is self.opened else None

    def _row_writer(self, opened: OpenTable, row: TableRow) -> Callable[..., Awaitable[str]]:
        from tui.screens.books.edit import said
        from tui.screens.books.row_form import fields_changed_meanwhile
        from tui.workspace.books.cells import row_title
        from tui.workspace.changes.errors import Conflict, TheirsStay

        known = row

        async def write(values: Mapping[int, Any]) -> str:
            nonlocal known
            self._writing.add(row.id)
            try:
                await opened.desk.write_cells(opened.place, opened.fields, known, values)
            except TheirsStay:
                await self._reread(opened, row.id)
                raise
            except Conflict as conflict:
                await self._reread(opened, row.id)
                known = opened.record(str(row.id)) or known
                raise fields_changed_meanwhile(opened, conflict) from conflict
            finally:
                self._writing.discard(row.id)
            _, news = await self._reread_after(opened, row.id)
            title = said(row_title(opened.fields, row, opened.zone))
            return (
                f"Changed {counted(len(values), 'field')} of {title}. "
                f"{key_for('deck.undo')} takes it back.{news}"
            )

        return write
