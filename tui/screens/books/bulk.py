"""Many cells and rows of a table written as one action: set, filled down, copied, added."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from textual import events
from textual.worker import Worker

from tui.commands import COMMANDS
from tui.screens.books.in_place import EditedTable
from tui.screens.books.opened import OpenTable
from tui.screens.books.table_view import NO_TABLE
from tui.spoken_keys import either_of, key_for, with_keys
from tui.widgets.work import begin_work
from tui.words import counted, in_brief
from tui.workspace.problems import EXPECTED, describe, one_line
from tui.workspace.workspace import Workspace

if TYPE_CHECKING:
    from tui.workspace.books.cells import Field, TableRow
    from tui.workspace.books.into.plan import Plan

BUSY = "Rows are being written: <books.back> gives that up."
MOST_ADDED = 1_000
SHOWN_AT_ONCE = 200
"""Cells that say what is being written into them; a screen shows fewer."""


class BulkTable(EditedTable):
    """A table of which many rows are written together, in one step of undo."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._bulk: Worker[None] | None = None
        self._copied = ""
        self._progress = ""
        """How far writing many rows is."""

    def _show_count(self) -> None:
        super()._show_count()
        if self._progress:
            self.show_note(self._progress)

    async def look_at_waiting(self) -> None:
        """Not call by call of what is on its way: that is looked at once, at its end."""
        if not self._is_sending:
            await super().look_at_waiting()

    @property
    def _is_sending(self) -> bool:
        return self._bulk is not None and not self._bulk.is_finished

    # -- marks ----------------------------------------------------------------------------------

    async def command_mark(self) -> None:
        """Mark all that are shown, the others, or none."""
        from tui.screens.books.marking import mark

        if self.opened is None or self.opened.source is None:
            self.flash(with_keys(NO_TABLE), "warn")
        else:
            await mark(self, self.opened, self.grid)

    async def command_mark_to(self) -> None:
        """Mark the rows between the nearest marked one and the cursor."""
        from tui.screens.books.marking import mark_to

        if self.opened is None or self.row is None:
            self.flash(self.no_row(), "warn")
        else:
            await mark_to(self, self.opened, self.grid)

    # -- writing --------------------------------------------------------------------------------

    async def command_set_marked(self) -> None:
        """Set the cursor's column of all marked rows to one value."""
        from tui.screens.books.edit import edit_cell
        from tui.workspace.books.bulk import plan_of
        from tui.workspace.books.cells import TableRow

        opened, field = self.opened, self.field
        if opened is None or field is None:
            self.flash(with_keys(NO_TABLE), "warn")
            return
        rows = await self.marked_rows(opened)
        if not rows:
            self.flash(self.no_row(), "warn")
            return
        what = f"{field.name} of {counted(len(rows), 'row')}"

        async def write(value: Any, text: str) -> str:
            self._remember(opened, field, value, text)
            plan = plan_of([(row, {field.id: value}) for row in rows], opened.fields)
            return self._send(opened, plan, f"Set {what}", (field, text))

        await edit_cell(
            self, opened, TableRow(id=0), field, write, typing=True, title=f"Set {what}"
        )

    async def command_fill_down(self) -> None:
        """The value of the row above into this one; of marked ones that of the first into all."""
        from tui.screens.books.edit import why_not_edited
        from tui.workspace.books.bulk import plan_of
        from tui.workspace.books.cells import cell_text, typed

        opened, field = self.opened, self.field
        if opened is None or field is None:
            self.flash(with_keys(NO_TABLE), "warn")
            return
        if why_not := why_not_edited(opened, field):
            self.flash(why_not, "warn")
            return
        rows = await self.marked_rows(opened)
        if len(rows) == 1:
            place = self.grid.source.index_of(str(rows[0].id)) or 0
            above = opened.record(self.grid.source.key(place - 1)) if place else None
            rows = [] if above is None else [above, *rows]
        if len(rows) < 2:
            self.flash("There is no row above to fill from.", "warn")
            return
        first = rows[0].cells.get(field.id)
        value, text = typed(field, first), cell_text(field, first, opened.zone)
        plan = plan_of([(row, {field.id: value}) for row in rows[1:]], opened.fields)
        self._remember(opened, field, value, text)
        title = f"Fill down {field.name} of {counted(len(rows) - 1, 'row')}"
        self.flash(self._send(opened, plan, title, (field, text)))

    async def command_duplicate(self) -> None:
        """Add a copy of the row under the cursor, or of the marked ones."""
        from tui.workspace.books.bulk import copies_of

        opened = self.opened
        if opened is None or (why_not := self._why_not_added(opened)):
            self.flash(with_keys(NO_TABLE) if opened is None else why_not, "warn")
            return
        rows = await self.marked_rows(opened)
        if not rows:
            self.flash(self.no_row(), "warn")
            return
        title = f"Duplicate {counted(len(rows), 'row')} of {in_brief(opened.place.table.name)}"
        self.flash(self._send(opened, copies_of(rows, opened.fields), title))

    async def command_add_several(self) -> None:
        """Ask how many empty rows are to be added, and add them."""
        from tui.widgets.dialogs import TextPrompt
        from tui.workspace.books.into.plan import Plan

        opened = self.opened
        if opened is None or (why_not := self._why_not_added(opened)):
            self.flash(with_keys(NO_TABLE) if opened is None else why_not, "warn")
            return

        def wrong(text: str) -> str | None:
            number = int(text) if text.strip().isdecimal() and len(text) < 9 else 0
            return None if 0 < number <= MOST_ADDED else f"A number from 1 to {MOST_ADDED:,}."

        name = in_brief(opened.place.table.name)
        asked = await self.ask(
            TextPrompt(f"Add rows to {name}", label="How many", check=wrong, enter="adds them")
        )
        if asked is not None:
            plan = Plan(new=[{} for _ in range(int(asked))])
            self.flash(self._send(opened, plan, f"Add {counted(int(asked), 'row')} to {name}"))

    def shown_fields(self) -> list[Field]:
        """The fields whose columns are shown, as they stand."""
        from tui.workspace.books.own_views import columns_seen

        opened = self.opened
        if opened is None:
            return []
        fields = {field.id: field for field in opened.fields}
        seen = columns_seen(self.look_of(opened), fields)
        return [fields[one] for one in (fields if seen is None else seen)]

    # -- pasting --------------------------------------------------------------------------------

    async def copy(self, text: str) -> None:
        """Copy a text; it can be pasted here, too."""
        self._copied = text
        await super().copy(text)

    def on_paste(self, event: events.Paste) -> None:
        """What the terminal pastes goes into the table, from the cursor's cell on."""
        if self.grid.has_focus and self.opened is not None:
            event.stop()
            why_not = self.allows(COMMANDS["books.paste"])
            if why_not:
                self.flash(why_not, "warn")
            else:
                self.carry_out(
                    partial(self.once_here, partial(self._paste, event.text)), "books.paste"
                )

    async def command_paste(self) -> None:
        """Put what was copied last into the table, from the cursor's cell on."""
        if self._copied:
            await self._paste(self._copied)
        else:
            self.flash(
                (
                    "Copy with "
                    f"{either_of('books.copy', 'books.copy_row', 'books.copy_as')} "
                    "first, or paste by the terminal's own key."
                ),
                "warn",
            )

    async def _paste(self, text: str) -> None:
        from tui.screens.books.pasting import planned_paste

        opened, field = self.opened, self.field
        if opened is None or field is None or opened.source is None:
            self.flash(with_keys(NO_TABLE), "warn")
            return
        if opened.place.table.locked or not opened.place.may_change:
            name = in_brief(opened.place.table.name)
            self.flash(f"{name} is locked: its cells cannot be changed.", "warn")
            return
        shown = self.shown_fields()
        columns = shown[[one.id for one in shown].index(field.id) :]
        may_add = not self._why_not_added(opened)
        plan = await planned_paste(self, opened, text, self.row, columns, may_add=may_add)
        if plan is not None:
            count = counted(len(plan.changed) + len(plan.new), "row")
            self.flash(
                self._send(opened, plan, f"Paste {count} into {in_brief(opened.place.table.name)}")
            )

    @staticmethod
    def _why_not_added(opened: OpenTable) -> str:
        table = opened.place.table
        if table.forbid_add or table.locked or not opened.place.may_change:
            return f"Rows cannot be added to {table.name}: its owner does not allow it."
        return ""

    def _send(
        self, opened: OpenTable, plan: Plan, title: str, shown: tuple[Field, str] | None = None
    ) -> str:
        """Begin to send a plan; the news. Keys are free meanwhile, and esc gives it up. `shown`
        is what is written into which field.
        """
        if self._is_sending:
            return with_keys(BUSY)
        if plan.nothing:
            return "Nothing was changed: all of it is so already."
        count = len(plan.changed) + len(plan.new)
        self._bulk = begin_work(
            self, partial(self._send_plan, opened, plan, title, shown), group="books-bulk"
        )
        return f"Writing {counted(count, 'row')} … {key_for('books.back')} gives up."

    async def _send_plan(
        self, opened: OpenTable, plan: Plan, title: str, shown: tuple[Field, str] | None
    ) -> None:
        from tui.screens.books.bringing import sent_news
        from tui.screens.books.edit import said
        from tui.screens.books.pasting import way_back
        from tui.workspace.books.into.bring import send
        from tui.workspace.books.into.sending import first_new, is_next_undone

        if not await self._agreed(opened, plan):
            return
        count, ended = len(plan.changed) + len(plan.new), False
        history, group = self.workspace.history, secrets.token_hex(6)
        stood, new = self.grid.cursor_key, ""
        keys = [*plan.changed][:SHOWN_AT_ONCE]
        if shown is not None:
            self._show_all_pending(opened, keys, shown[0], said(shown[1]) or "empty")
        self._writing.update(plan.changed)

        def told(rows: int) -> None:
            self._progress = (
                f"{rows:,} of {counted(count, 'row')} written · {key_for('books.back')} gives up"
            )
            self._show_count()

        try:
            with self.workspace.feed.resting():
                sent = await send(
                    history, opened.desk, opened.kept, plan, told,
                    rows_a_call=self.workspace.connections.rows_a_call, title=title, group=group,
                )  # fmt: skip
            news, role = sent_news(sent, plan)
            if sent.rows and await is_next_undone(history, group):
                news = f"{news} {way_back(opened.fields, plan)}"
            ended, new = True, await first_new(history, group)
            await self._show_waiting(opened)
            try:
                await self._reread_all(opened, [*plan.changed])
            except EXPECTED as error:
                # It is written, or kept, all the same.
                news, role = f"{news} It could not be read anew: {one_line(error)}", "warn"
            self.flash(news, role)
        except EXPECTED as error:
            self.flash_error(error)
            ended = True
        finally:
            self._progress = ""
            self._writing.difference_update(plan.changed)
            if shown is not None:
                self._show_all_pending(opened, keys, shown[0], None)
            if self.is_attached:
                self._show_count()
                if not ended:
                    # What was on its way is looked for, which nobody gives up.
                    begin_work(self, partial(self._say_given_up, group, count, plan), group=group)
                if opened is self.opened and (plan.new or not ended):
                    narrowed = opened.wanted.strip() or opened.view is not None
                    if new and not narrowed and stood == self.grid.cursor_key:
                        # One goes on with what was added; who moved on meanwhile stays there.
                        begin_work(self, partial(self._go_to, opened, int(new)), group="books-new")
                    else:
                        self.reload()

    async def _go_to(self, opened: OpenTable, new: int) -> None:
        try:
            await self._show_new(opened, new)
        except EXPECTED as error:
            self.flash_error(error)

    async def _say_given_up(self, group: str, count: int, plan: Plan) -> None:
        from tui.screens.books.bringing import given_up_news
        from tui.workspace.books.into.sending import written_of

        try:
            found = await written_of(self.workspace.history, group)
        except EXPECTED as error:
            self.flash_error(error)
            return
        self.flash(given_up_news(found, count, plan), "warn")

    async def _agreed(self, opened: OpenTable, plan: Plan) -> bool:
        """Look at the rows once more before they are written: over what others wrote meanwhile only
        who wants that writes. Whether there is something to send.
        """
        from tui.screens.books.agreeing import agreed

        try:
            rows = await self._reread_all(opened, [*plan.changed])
        except EXPECTED as error:
            if not describe(error).is_away:
                self.flash_error(error, "Nothing was written.")
                return False
            # It is kept, and compared when the way is open.
            return True
        gone = [*plan.changed.keys() - {row.id for row in rows}]
        return await agreed(self, plan, rows, gone, opened.fields)

    async def _reread_all(self, opened: OpenTable, ids: list[int]) -> list[TableRow]:
        """Show rows as the service has them now: what is edited next is compared with that."""
        from tui.workspace.books.bulk import ROWS_ASKED_FOR

        found: list[TableRow] = []
        for first in range(0, len(ids), ROWS_ASKED_FOR):
            rows = await opened.desk.rows_of(opened.place, ids[first : first + ROWS_ASKED_FOR])
            for row in rows:
                opened.replace(row)
            await opened.kept.change(rows)
            found += rows
        if ids and opened is self.opened:
            self.grid.rows_changed()
        return found

    def _show_all_pending(
        self, opened: OpenTable, keys: Sequence[int], field: Field, text: str | None
    ) -> None:
        """Show what is being written into a column; None when it is settled."""
        if opened.source is not None:
            for key in keys:
                opened.source.set_pending(str(key), field.id, text)
        if opened is self.opened:
            self.grid.refresh()

    def give_up_writing(self) -> bool:
        """Send no more of the rows that are being written; whether that was going on."""
        if self._bulk is None or self._bulk.is_finished:
            return False
        self._bulk.cancel()
        return True
