"""Cells that are edited where they stand: typed, taken by the key that leads on, and sent while
the next one is typed.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from textual import events, on
from textual.geometry import Region

from tui.screens.books.cell_at import At, Written, choose_day
from tui.screens.books.opened import OpenTable
from tui.screens.books.seeing import SeenTable
from tui.widgets.grid import Grid
from tui.widgets.work import begin_work
from tui.workspace.problems import EXPECTED, describe, is_news, one_line
from tui.workspace.workspace import Workspace

if TYPE_CHECKING:
    from tui.screens.books.edit import Write
    from tui.widgets.cell_editor import CellEditor, CellLine
    from tui.workspace.books.cells import Field, TableRow

TYPED = frozenset(("text", "integer", "number", "date", "moment", "select"))
"""Kinds of fields whose cells are a line of text."""
PROPOSED = TYPED - {"text", "select"}
"""And of those whose value is rather typed anew than gone on with."""


class EditedTable(SeenTable):
    """A table whose cells are written."""

    DEFAULT_CSS = """
    EditedTable { layers: default above; }
    """

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._at: At | None = None
        self._in_turn = asyncio.Lock()
        """What is typed in one breath is sent in its order."""
        self._writes: dict[tuple[int, int], int] = {}
        self._refused: dict[tuple[int, int], tuple[str, str]] = {}
        """What was typed into cells and not taken, and why, by the ids of row and field."""
        self._last_written: Written | None = None

    # -- in the cell ----------------------------------------------------------------------------

    async def command_edit(self) -> None:
        """Edit the cell under the cursor where it stands; a check box is turned over."""
        from tui.screens.books.edit import why_not_edited
        from tui.workspace.books.cells import kind_of, typed

        opened, row, field = self.opened, self.row, self.field
        if opened is None or row is None or field is None:
            self.flash(self.no_row("cell"), "warn")
            return
        kind, value = kind_of(field), typed(field, row.cells.get(field.id))
        if kind == "comments" or not (why_not := why_not_edited(opened, field)):
            lines = isinstance(value, str) and "\n" in value
            if kind == "boolean":
                write = self._writer(opened, row, field)
                wanted = not value if isinstance(value, bool) else True
                text = "yes" if wanted else "no"
                self._remember(opened, field, wanted, text)
                self.flash(await write(wanted, text), "good")
            elif kind not in TYPED or lines or (kind == "select" and field.choices):
                await self._edit(opened, row, field, typing=True)
            else:
                await self._begin_at(opened, row, field)
        else:
            self.flash(why_not, "warn")

    async def _begin_at(self, opened: OpenTable, row: TableRow, field: Field) -> None:
        from tui.screens.books.typed_cells import form_field_of, typed_text
        from tui.widgets.cell_editor import CellEditor
        from tui.workspace.books.cells import kind_of, typed

        await self._leave_cell()
        form_field = form_field_of(field, default=typed(field, row.cells.get(field.id)))
        start = typed_text(form_field, self.workspace.zone)
        text, wrong = self._refused.pop((row.id, field.id), (start, ""))
        # As in every spreadsheet; what was refused is mended rather than typed anew.
        editor = CellEditor(text, replaces=text == start and kind_of(field) in PROPOSED)
        writes = self._writes.get((row.id, field.id), 0)
        self._at = At(opened, row, field, form_field, start, writes, editor)
        self._editing = row.id
        await self.mount(editor)
        if wrong:
            editor.say(wrong, wrong=True)
        self._lie_over()
        self.screen.set_focus(editor.line)

    def _lie_over(self) -> None:
        """Put the editor over its cell, wherever that is now."""
        at = self._at
        if at is None:
            return
        cell = self.grid.cell_region()
        if at.opened is not self.opened or self.grid.cursor_key != str(at.row.id) or not cell:
            # Its row went out of sight: what is typed stays to be read, over the titles.
            cell = Region(0, 0, self.grid.size.width, 1)
        inside = self.grid.region.offset - self.content_region.offset
        at.editor.lie_over(cell.translate(inside), self.content_region.size)

    def _leave(self) -> None:
        at, self._at = self._at, None
        if at is not None:
            at.editor.remove()
        self._refused.clear()
        super()._leave()

    @on(Grid.Highlighted)
    def _cursor_elsewhere(self) -> None:
        self._lie_over()

    @on(events.DescendantFocus)
    def _back_in_the_grid(self) -> None:
        # A click beside it takes what was typed, as in every spreadsheet.
        if self._at is not None and self.grid.has_focus:
            self._at.editor.line.action_leave(0, 0)

    def on_resize(self) -> None:
        """The cell is elsewhere now."""
        super().on_resize()
        self.call_after_refresh(self._lie_over)

    async def _leave_cell(self) -> None:
        """Take the editor away; keys are the table's again."""
        at, self._at, self._editing = self._at, None, None
        if at is not None:
            if at.editor.line.has_focus:
                self.grid.focus()
            await at.editor.remove()

    def on_cell_editor_edited(self, message: CellEditor.Edited) -> None:
        """Say how a time is understood so far."""
        from tui.widgets.form_understood import understood

        message.stop()
        at = self._at
        if at is not None:
            field, zone = at.form_field, self.workspace.zone
            texts = {field.name: message.text}
            at.editor.say(understood([field], texts, field, datetime.now(UTC), zone))
            self._lie_over()

    async def on_cell_line_given_up(self, message: CellLine.GivenUp) -> None:
        """The cell stays as it was."""
        message.stop()
        await self._leave_cell()

    async def on_cell_line_whole_wanted(self, message: CellLine.WholeWanted) -> None:
        """Go on in a form, in which several lines have room."""
        message.stop()
        at = self._at
        if at is not None and message.outside and at.form_field.kind in ("date", "datetime"):
            self.carry_out(partial(choose_day, self, at), "books.edit")
        elif at is not None:
            await self._leave_cell()
            edit = partial(
                self._edit, at.opened, at.row, at.field, text=message.text, outside=message.outside
            )
            self.carry_out(edit, "books.edit")

    async def on_cell_line_left(self, message: CellLine.Left) -> None:
        """Take what was typed, where it is a value of the field, and go on."""
        from tui.screens.books.typed_cells import TextRefused, value_typed

        message.stop()
        at, text = self._at, message.text
        if at is None:
            return
        try:
            value = None if text == at.start else value_typed(
                at.field, at.form_field, text, self.workspace.zone
            )  # fmt: skip
        except TextRefused as error:
            at.editor.say(str(error), wrong=True)
            self._lie_over()
            self.screen.set_focus(at.editor.line)
            return
        await self._leave_cell()
        if message.columns:
            self.grid.action_column_by(message.columns)
        if message.rows:
            self.grid.action_cursor_by(message.rows)
        if text != at.start:
            self._remember(at.opened, at.field, value, text)
            begin_work(self, partial(self._send_typed, at, value, text), group="books-cells")

    def _remember(self, opened: OpenTable, field: Field, value: Any, text: str) -> None:
        """What is written now can be repeated, whatever becomes of it; but no secret is kept."""
        from tui.workspace.books.cells import is_secret

        secret = is_secret(field)
        self._last_written = None if secret else Written(opened.place.key, field, value, text)

    async def _send_typed(self, at: At, value: Any, text: str) -> None:
        """Write what was typed; what is refused stands in the cell again, with why."""
        from tui.screens.books.edit import UNCHANGED
        from tui.screens.books.edit import said as shortly
        from tui.screens.books.typed_cells import written_text

        shown = written_text(at.field, value, text, self.workspace.zone)
        self._show_pending(at.opened, at.row, at.field, shortly(shown))
        try:
            news = await self._in_its_turn(at.opened, at.row, at.field, at.writes, value, text)
        except EXPECTED as error:
            # What waits, or may have arrived, is shown in its cell and not typed once more.
            self.flash_error(error)
            if not is_news(error) and not describe(error).is_unknown:
                await self._show_refused(at, text, one_line(error))
        else:
            if news != UNCHANGED:
                self.flash(news, "good")
        finally:
            self._show_pending(at.opened, at.row, at.field, None)

    async def _in_its_turn(
        self, opened: OpenTable, row: TableRow, field: Field, writes: int, value: Any, text: str
    ) -> str:
        """Write a cell after what was typed before; the news. `writes` is how often the person had
        written it when it was as `row` has it.
        """
        async with self._in_turn:
            if self._writes.get((row.id, field.id), 0) != writes:
                # What was typed here since is one's own: it is no conflict.
                row = opened.record(str(row.id)) or row
            return await self._writer(opened, row, field)(value, text)

    async def _show_refused(self, at: At, text: str, why: str) -> None:
        """Nothing typed is lost: it comes back into its cell, at once where nobody types
        elsewhere, else when the cell is edited again.
        """
        self._refused[at.row.id, at.field.id] = (text, why)
        here = at.opened is self.opened and self._at is None and self.grid.has_focus
        row = at.opened.record(str(at.row.id))
        if here and row is not None and self.grid.move_to_key(str(row.id)):
            self.grid.move_to(self.grid.cursor_row, str(at.field.id))
            await self._begin_at(at.opened, row, at.field)

    # -- writing --------------------------------------------------------------------------------

    def _writer(self, opened: OpenTable, row: TableRow, field: Field) -> Write:
        """What writes a cell: over what stands there, where that was seen."""
        from tui.screens.books.edit import changed_meanwhile
        from tui.workspace.changes.errors import Conflict, TheirsStay

        known = row

        async def write(value: Any, text: str) -> str:
            nonlocal known
            try:
                return await self._write(opened, known, field, value, text)
            except TheirsStay:
                await self._reread(opened, row.id)
                raise
            except Conflict as conflict:
                await self._reread(opened, row.id)
                known = opened.record(str(row.id)) or known
                raise changed_meanwhile(opened, known, field, conflict) from conflict

        return write

    async def _edit(
        self,
        opened: OpenTable,
        row: TableRow,
        field: Field,
        text: str | None = None,
        *,
        typing: bool = False,
        outside: bool = False,
    ) -> None:
        """Edit a cell in a dialog that fits its kind; `text` was typed already, with `typing`
        letters narrow a list at once, and `outside` begins in the person's own editor.
        """
        from tui.screens.books.comments import write_comment
        from tui.screens.books.edit import edit_cell
        from tui.workspace.books.cells import kind_of

        self._editing = row.id
        try:
            if kind_of(field) != "comments":
                send = self._writer(opened, row, field)

                async def write(value: Any, text: str) -> str:
                    self._remember(opened, field, value, text)
                    return await send(value, text)

                await edit_cell(
                    self, opened, row, field, write, text, typing=typing, outside=outside
                )
            elif await write_comment(self, opened, row, field):
                await self._reread(opened, row.id)
        finally:
            self._editing = None

    async def _write(
        self, opened: OpenTable, row: TableRow, field: Field, value: Any, text: str
    ) -> str:
        """Write a cell while it shows what is being written; the news."""
        from tui.screens.books.edit import UNCHANGED, holds, news_of, said
        from tui.screens.books.typed_cells import written_text
        from tui.workspace.books.cells import cell_text

        if holds(row, field, value):
            return UNCHANGED
        text = written_text(field, value, text, opened.zone)
        self._show_pending(opened, row, field, said(text))
        self._writing.add(row.id)
        try:
            try:
                await opened.desk.write_cell(opened.place, opened.fields, row, field, value)
            finally:
                self._show_pending(opened, row, field, None)
            self._refused.pop((row.id, field.id), None)
            self._writes[row.id, field.id] = self._writes.get((row.id, field.id), 0) + 1
            now, trouble = await self._reread_after(opened, row.id)
        finally:
            self._writing.discard(row.id)
        if now is not None:
            text = cell_text(field, now.cells.get(field.id), opened.zone)
        return f"{news_of(opened, row, field, text)}{trouble}"

    async def _reread_after(self, opened: OpenTable, row_id: int) -> tuple[TableRow | None, str]:
        """Show a row that was written; as it is now, and what is to be said where it cannot be
        read.
        """
        try:
            return await self._reread(opened, row_id), ""
        except EXPECTED as error:
            # It is written all the same, and nobody should write it once more.
            return None, f" It could not be read anew: {one_line(error)}"

    def _show_pending(
        self, opened: OpenTable, row: TableRow, field: Field, text: str | None
    ) -> None:
        """Show what is being written in a cell; None when it is settled."""
        if opened is self.opened and opened.source is not None:
            index = opened.source.set_pending(str(row.id), field.id, text)
            if index is not None:
                self.grid.row_changed(index)

    async def _reread(self, opened: OpenTable, row_id: int) -> TableRow | None:
        """Show one row as the service has it now; None where it or its table is gone."""
        if opened is not self.opened:
            return None
        self._is_other = False
        row = await opened.desk.row(opened.place, row_id)
        if row is None:
            self.reload()
        elif opened is self.opened:
            if opened.source is not None:
                opened.source.unmark(str(row_id))
            index = opened.replace(row)
            if index is not None:
                self.grid.row_changed(index)
            await opened.kept.change([row])
        return row

    async def _show_new(self, opened: OpenTable, row_id: int) -> None:
        """A row was added: load anew, with the cursor on it where it can be found."""
        self._is_other = False
        if opened is self.opened:
            await opened.refresh_last()
            await self._arrange(opened, at=str(row_id))
