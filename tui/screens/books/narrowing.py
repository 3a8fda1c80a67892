"""What narrows a table, part by part: shown, and taken off one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on

from tui.screens.books.table_view import NO_TABLE
from tui.screens.books.table_wishes import WishedTable
from tui.spoken_keys import key_for, with_keys
from tui.widgets.chips import Chips
from tui.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tui.screens.asking import Asking
    from tui.screens.books.opened import OpenTable
    from tui.widgets.filterline import FilterLine
    from tui.workspace.books.cells import Field

NOTHING_ON = (
    "Nothing narrows this table. <books.filter> and <books.filter_value> do, or "
    "<books.values> by values."
)


class NarrowedTable(WishedTable):
    """A table that says what of it is shown."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._chips = Chips(
            "only",
            (
                f"{key_for('books.take_off')} takes off the last · "
                f"{key_for('books.filters')} one of them"
            ),
        )
        self._told = ""

    def on_mount(self) -> None:
        """The line stands below the rows."""
        self.mount(self._chips)

    def _show_count(self) -> None:
        super()._show_count()
        opened = self.opened
        wanted = "" if opened is None else opened.wanted
        line = self._filter_line
        typing = line is not None and line.has_focus
        # While it is typed it stands in the line that it is typed in.
        told = "" if typing else wanted
        if told != self._told or typing:
            self._told = told
            self._chips.show(self._parts() if told.strip() else [])

    def _parts(self) -> list[str]:
        """What is on, as it was typed."""
        from tui.workspace.books.narrowed import terms_of

        opened = self.opened
        if opened is None:
            return []
        return [one.text for one in terms_of(opened.wanted, opened.kept.fields, opened.zone)]

    async def show_filter(self, text: str) -> None:
        """Narrow by a text; it is shown as its parts."""
        await super().show_filter(text)
        line = self._filter_line
        if line is not None:
            line.display = line.has_focus
        self._show_count()

    def on_filter_line_left(self, message: FilterLine.Left) -> None:
        """What was typed is shown as its parts from now on."""
        message.line.display = False
        self._show_count()
        self._hold_keys_for_rows()

    async def command_filter(self) -> None:
        """Narrow the rows by typing; all of them are loaded for that."""
        await super().command_filter()
        self._show_count()

    async def command_values(self) -> None:
        """How often each value of the cursor's column is there; those that are chosen narrow."""
        from tui.screens.books.grouping import count_values

        await self._narrow_by(count_values)

    async def command_pivot(self) -> None:
        """What is shown, by two columns; a cell that is chosen there narrows."""
        from tui.screens.books.grouping import ask_pivot

        await self._narrow_by(ask_pivot)

    async def command_describe(self) -> None:
        """What the cursor's column comes to; a value that is chosen there narrows the rows."""
        from tui.screens.books.describing import describe_column

        await self._narrow_by(describe_column)

    async def _narrow_by(self, ask: Callable[[Asking, OpenTable, Field], Awaitable[str]]) -> None:
        opened, field = self.opened, self.field
        if opened is None or field is None:
            self.flash(with_keys(NO_TABLE), "warn")
            return
        wanted = await ask(self, opened, field)
        if wanted and opened is self.opened:
            await self._narrow(opened, wanted)

    async def command_view(self) -> None:
        """Choose a view of the service or of one's own, or keep one."""
        opened = self.opened
        if opened is None:
            self.flash(with_keys(NO_TABLE), "warn")
            return
        from tui.screens.books.views import choose_view

        chosen = await choose_view(self, opened, self.look_of(opened))
        if opened is not self.opened:
            return
        if chosen is None:
            self._show_count()
            return
        # How it is left is remembered first: after that it is found as the view has it.
        self._leave()
        if chosen.own is not None:
            view_id = None if chosen.view is None else chosen.view.id
            kept = opened.desk.mirrored(opened.place, view_id, opened.zone)
            self._keep_look_of(opened.desk, kept, chosen.own.look)
        self.open(opened.place, chosen.view)
        if self.opened is not None:
            self.opened.own = chosen.own

    @on(Chips.TakenOff)
    async def _chip_clicked(self, message: Chips.TakenOff) -> None:
        message.stop()
        await self._take_off(message.place)

    async def _take_off(self, place: int) -> None:
        from tui.workspace.books.narrowed import joined

        parts = self._parts()
        taken = parts.pop(place)
        await self.show_filter(joined(parts))
        left = f"; on: {', '.join(parts)}" if parts else "; all rows are shown"
        self.flash(f"Taken off: {taken}{left}.")

    async def command_take_off(self) -> None:
        """Take the last part off."""
        if self._parts():
            await self._take_off(-1)
        else:
            self.flash(with_keys(NOTHING_ON))

    async def command_filters(self) -> None:
        """Choose which part to take off; of one alone nobody is asked."""
        parts = self._parts()
        if not parts:
            self.flash(with_keys(NOTHING_ON))
            return
        if len(parts) == 1:
            await self._take_off(0)
            return
        from tui.widgets.dialogs import Choice
        from tui.widgets.outline_model import Node

        nodes = [Node(str(place), text) for place, text in enumerate(parts)]
        chosen = await self.ask(Choice("Take off what narrows the table", nodes))
        if chosen is not None:
            await self._take_off(int(chosen))
