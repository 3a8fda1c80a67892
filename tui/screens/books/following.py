"""Links followed from table to table, and back on the same way."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from tui.screens.books.row_pages import RowPages
from tui.screens.books.table_view import NO_TABLE
from tui.spoken_keys import key_for, with_keys
from tui.words import counted
from tui.workspace.problems import GivenUp
from tui.workspace.workspace import Workspace

if TYPE_CHECKING:
    from tui.screens.books.opened import OpenTable
    from tui.workspace.books.cells import Field, TableRow
    from tui.workspace.books.linked import Pointing
    from tui.workspace.books.looks import Look
    from tui.workspace.books.own_views import OwnView
    from tui.workspace.books.rows import Place, View

BETWEEN = " › "


class _Step(NamedTuple):
    """A table that was left by a link: what comes back to it."""

    place: Place
    view: View | None
    own: OwnView | None
    look: Look
    passing: bool


class FollowedTable(RowPages):
    """A table whose links lead to others."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._trail: list[_Step] = []

    def open(self, place: Place, view: View | None = None, passing: Look | None = None) -> None:
        """Show a table; one that is not come to by a link begins a new way."""
        if passing is None:
            self._trail.clear()
        super().open(place, view, passing)

    def close(self) -> None:
        """Show no table, and none to come back to."""
        self._trail.clear()
        super().close()

    @property
    def way_here(self) -> str:
        """The tables that were left by links, before the name of this one."""
        return "".join(f"{step.place.table.name}{BETWEEN}" for step in self._trail)

    async def follow(self, opened: OpenTable, row: TableRow, field: Field) -> bool:
        """Go to the rows that a cell links to; False where it links to none."""
        from tui.workspace.books.linked import leads_to, linked_ids, place_linked

        ids, target = linked_ids(field, row), leads_to(field)
        if not ids or target is None:
            return False
        place = await place_linked(self.workspace.books, opened.place.book, target)
        if opened is not self.opened:
            return True
        if place is None:
            name = field.link.category.name if field.link and field.link.category else ""
            self.flash(f"{name or 'The table'} is in no book that can be seen here.", "warn")
        else:
            self._go_along(opened, place, ids)
        return True

    async def command_points_here(self) -> None:
        """Go to the rows of another table that point to this one."""
        opened, row = self.opened, self.row
        if opened is None or row is None:
            self.flash(self.no_row() if opened else with_keys(NO_TABLE), "warn")
            return
        from tui.workspace.books.kept_rows import Lost
        from tui.workspace.books.linked import rows_pointing, what_points_to

        pointing = await what_points_to(self.workspace.books, opened.place, opened.zone)
        if not pointing:
            name = opened.place.table.name
            self.flash(f"No table that was read has a field that leads to {name}.")
            return
        chosen = pointing[0] if len(pointing) == 1 else await self._which(pointing)
        if chosen is None:
            return
        where = f"{chosen.place.table.name}, {chosen.field.name}"
        with suppress(Lost):
            ids = await self.wait_for(
                "What points here",
                f"Looking through {chosen.place.table.name} …",
                rows_pointing(self.workspace.books, chosen, row.id, opened.zone),
                GivenUp("Given up: what points here was not found out"),
            )
            if opened is not self.opened:
                return
            if ids:
                self._go_along(opened, chosen.place, ids)
            else:
                self.flash(f"No row points here: {where}.")
            return
        self.flash("The rows that are kept were put away meanwhile: try again.", "warn")

    async def _which(self, pointing: list[Pointing]) -> Pointing | None:
        from tui.widgets.dialogs import Choice
        from tui.widgets.outline_model import Node

        nodes = [
            Node(str(number), one.place.table.name, detail=f"by {one.field.name}")
            for number, one in enumerate(pointing)
        ]
        key = await self.ask(Choice("What points here", nodes))
        return None if key is None else pointing[int(key)]

    def _go_along(self, opened: OpenTable, place: Place, ids: list[int]) -> None:
        from tui.workspace.books.linked import MOST, only_rows
        from tui.workspace.books.looks import Look

        step = _Step(
            opened.place, opened.view, opened.own, self.look_of(opened), opened.passing is not None
        )
        self._trail.append(step)
        self.open(place, passing=Look(filter=only_rows(ids)))
        first = f" the first {MOST:,} of" if len(ids) > MOST else ""
        self.flash(
            f"{place.table.name}:{first} {counted(len(ids), 'row')}; "
            f"{key_for('books.back')} goes back."
        )

    def come_back(self) -> bool:
        """Back to the table that was left by a link; whether there was one."""
        if not self._trail:
            return False
        trail, step = self._trail[:-1], self._trail[-1]
        # Where it was not on the way itself, it is found as it was left.
        self.open(step.place, step.view, step.look if step.passing else None)
        self._trail = trail
        if self.opened is not None:
            self.opened.own = step.own
        self._show_count()
        return True
