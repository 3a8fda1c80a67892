"""What was written into a cell last, written once more: into another cell, or into the marked."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from tui.screens.books.bulk import BulkTable
from tui.screens.books.in_place import TYPED
from tui.spoken_keys import with_keys
from tui.widgets.work import begin_work
from tui.words import counted
from tui.workspace.problems import EXPECTED

if TYPE_CHECKING:
    from tui.screens.books.cell_at import Written
    from tui.screens.books.opened import OpenTable
    from tui.workspace.books.cells import Field, TableRow

NOTHING_WRITTEN = "No cell was written yet: <books.edit> writes one, and this repeats it elsewhere."


class RepeatingTable(BulkTable):
    """A table of which a cell takes what was written into another."""

    async def command_repeat(self) -> None:
        """Write what was written last into the cell under the cursor, or of the marked rows."""
        from tui.screens.books.edit import why_not_edited
        from tui.screens.books.typed_cells import TextRefused, written_text
        from tui.workspace.books.bulk import plan_of

        opened, row, field, last = self.opened, self.row, self.field, self._last_written
        if opened is None or row is None or field is None:
            self.flash(self.no_row("cell"), "warn")
            return
        if last is None or (why_not := why_not_edited(opened, field)):
            self.flash(with_keys(NOTHING_WRITTEN) if last is None else why_not, "warn")
            return
        try:
            value = self._taken_by(opened, field, last)
        except TextRefused as error:
            self.flash(f"{field.name} does not take “{last.text or 'empty'}”: {error}", "warn")
            return
        if not self.grid.marked:
            writes = self._writes.get((row.id, field.id), 0)
            work = partial(self._repeat, opened, row, field, writes, value, last.text)
            begin_work(self, work, group="books-cells")
            return
        rows = await self.marked_rows(opened)
        plan = plan_of([(one, {field.id: value}) for one in rows], opened.fields)
        title = f"Set {field.name} of {counted(len(rows), 'row')}"
        shown = written_text(field, value, last.text, opened.zone)
        self.flash(self._send(opened, plan, title, (field, shown)))

    def _taken_by(self, opened: OpenTable, field: Field, last: Written) -> Any:
        """The value for a field: the one that was written, or what its text means as if it were
        typed there. Raises TextRefused.
        """
        from tui.screens.books.typed_cells import TextRefused, form_field_of, value_typed
        from tui.workspace.books.cells import kind_of

        if (opened.place.key, field.id) == (last.table, last.field.id):
            return last.value
        kinds = {kind_of(field), kind_of(last.field)}
        if kinds <= TYPED:
            return value_typed(field, form_field_of(field), last.text, self.workspace.zone)
        if kinds == {"boolean"}:
            return last.value
        raise TextRefused(f"it was written into {last.field.name}, which is of another kind.")

    async def _repeat(
        self, opened: OpenTable, row: TableRow, field: Field, writes: int, value: Any, text: str
    ) -> None:
        from tui.screens.books.edit import said
        from tui.screens.books.typed_cells import written_text

        shown = written_text(field, value, text, opened.zone)
        self._show_pending(opened, row, field, said(shown) or "empty")
        try:
            self.flash(await self._in_its_turn(opened, row, field, writes, value, text), "good")
        except EXPECTED as error:
            self.flash_error(error)
        finally:
            self._show_pending(opened, row, field, None)
