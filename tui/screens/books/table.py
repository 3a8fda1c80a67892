"""The table that is open, and what is done to its cells and rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from textual import on

from tui.screens.books.following import FollowedTable
from tui.screens.books.table_view import NO_TABLE
from tui.spoken_keys import key_for, with_keys
from tui.widgets.grid import Grid

if TYPE_CHECKING:
    from tui.screens.books.opened import OpenTable
    from tui.workspace.books.cells import Field, TableRow


class TablePane(FollowedTable):
    """A table like a spreadsheet: its cells are read, copied and edited, its rows added and
    deleted.
    """

    KEYS: ClassVar[Mapping[str, str]] = {
        "open": "", "edit": "", "add_row": "", "delete_row": "", "message": "", "filter": "",
        "sort": "", "view": "", "view_row": "", "copy": "", "copy_as": "", "export": "",
        "import": "", "describe": "",
    }  # fmt: skip

    # -- reading and copying --------------------------------------------------------------------

    @on(Grid.EditWanted)
    async def _cell_chosen(self, message: Grid.EditWanted) -> None:
        message.stop()
        await self.perform("edit" if message.in_place else "open")

    async def command_open(self) -> None:
        """Follow the links of the cell, else show it, or edit it where that can be done."""
        from tui.screens.books.read import show_cell

        opened, row, field = self.opened, self.row, self.field
        if opened is None or row is None or field is None:
            self.flash(self.no_row("cell"), "warn")
        elif (
            await self.follow(opened, row, field)
            or await self._show_files(opened, row, field)
            or await self._show_comments(opened, row, field)
        ):
            return
        elif not await show_cell(self, opened, row, field):
            await self._edit(opened, row, field)

    async def command_edit(self) -> None:
        """Edit the cell under the cursor; into one of files another file is sent."""
        from tui.screens.books.files import upload_into
        from tui.workspace.books.cells import kind_of

        opened, row, field = self.opened, self.row, self.field
        if opened is None or row is None or field is None or kind_of(field) != "files":
            await super().command_edit()
        elif await upload_into(self, opened, row, field):
            await self._reread(opened, row.id)

    async def _show_files(self, opened: OpenTable, row: TableRow, field: Field) -> bool:
        """Show what files a cell holds; False where it is no cell for files."""
        from tui.screens.books.files import show_files
        from tui.workspace.books.cells import kind_of

        if kind_of(field) != "files":
            return False
        if await show_files(self, opened, row, field):
            await self._reread(opened, row.id)
        return True

    async def _show_comments(self, opened: OpenTable, row: TableRow, field: Field) -> bool:
        """Show what was said in a cell; False where it is no cell for that."""
        from tui.screens.books.comments import show_comments
        from tui.workspace.books.cells import kind_of

        if kind_of(field) != "comments":
            return False
        if await show_comments(self, opened, row, field):
            await self._reread(opened, row.id)
        return True

    async def command_history(self) -> None:
        """Show how the row under the cursor came to be as it is."""
        from tui.screens.books.read import show_history
        from tui.workspace.books.row_history import rolled_back_text

        opened, row = self.opened, self.row
        if opened is None or row is None:
            self.flash(self.no_row(), "warn")
        elif await show_history(self, opened, row):
            now, news = await self._reread_after(opened, row.id)
            again = f"{key_for('deck.undo')} puts it on again."
            self.flash(f"{rolled_back_text(opened.fields, row, now)}{news} {again}", "good")

    async def command_copy(self) -> None:
        """Copy the cell."""
        from tui.screens.books.read import cell_to_copy

        if self.row is None:
            self.flash(self.no_row("cell"), "warn")
            return
        await self._copy(cell_to_copy(self.row, self.field, self.workspace.zone))

    async def command_copy_row(self) -> None:
        """Copy the row, or the marked ones."""
        from tui.screens.books.read import rows_to_copy

        opened = self.opened
        if opened is None:
            self.flash(with_keys(NO_TABLE), "warn")
            return
        rows = await self.marked_rows(opened)
        await self._copy(rows_to_copy(opened.fields, rows, self.workspace.zone))

    async def command_copy_as(self) -> None:
        """Copy the row or the marked ones in a form, or the column."""
        from tui.screens.books.leaving import copied_as

        opened, field = self.opened, self.field
        rows = [] if opened is None else await self.marked_rows(opened)
        if opened is None or field is None or not rows:
            self.flash(self.no_row(), "warn")
            return
        text = await copied_as(self, opened, self.shown_fields(), rows, field)
        if text:
            await self.copy(text)

    async def command_export(self) -> None:
        """Write what is shown, marked, or all of it to a file."""
        from tui.screens.books.leaving import export_table

        opened = self.opened
        if opened is None or opened.source is None:
            self.flash(with_keys(NO_TABLE), "warn")
            return
        marked = await self.marked_rows(opened) if self.grid.marked else []
        await export_table(self, opened, self.shown_fields(), marked)

    async def command_import(self) -> None:
        """Bring a file into the table, after a look at what it would change."""
        from tui.screens.books.bringing import import_file

        opened = self.opened
        if opened is None or opened.source is None:
            self.flash(with_keys(NO_TABLE), "warn")
        elif await import_file(self, opened) and opened is self.opened:
            self.reload()

    async def _copy(self, text: str) -> None:
        if text:
            await self.copy(text)
        else:
            self.flash("There is nothing to copy here.")

    # -- changing -------------------------------------------------------------------------------

    async def command_add_row(self) -> None:
        """Add a row to the table."""
        opened = self.opened
        if opened is None or not opened.fields:
            self.flash(with_keys(NO_TABLE), "warn")
            return
        from tui.screens.books.adding import add_row

        async def added(row_id: int | None) -> None:
            if row_id is None:
                self.reload()
            else:
                await self._show_new(opened, row_id)

        await add_row(self, opened, added)

    async def command_delete_row(self) -> None:
        """Delete the row under the cursor, or the marked ones."""
        opened = self.opened
        rows = [] if opened is None else await self.marked_rows(opened)
        if opened is None or not rows:
            self.flash(self.no_row(), "warn")
            return
        from tui.screens.books.edit import delete_rows
        from tui.workspace.changes.errors import Conflict

        async def delete() -> None:
            self._writing.update(row.id for row in rows)
            try:
                await opened.desk.delete(opened.place, opened.fields, *rows)
            except Conflict:
                # Who deletes again has seen theirs.
                self.reload()
                raise

        try:
            if await delete_rows(self, opened, rows, delete):
                await opened.kept.change([], [row.id for row in rows if row.id in self._writing])
                self.grid.set_marked(frozenset())
                self.reload()
                # The next key must not be about a row that is no more.
                self.hold_keys()
        finally:
            self._writing.difference_update(row.id for row in rows)
