"""Rows of a table that are marked: a stretch of them, all that are shown, the others."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Iterable

from tui.screens.asking import Asking
from tui.screens.books.opened import OpenTable
from tui.spoken_keys import with_keys
from tui.widgets.dialogs import Choice
from tui.widgets.grid import Grid
from tui.widgets.outline_model import Node
from tui.words import counted
from tui.workspace.books.brought import all_here, all_rows, check
from tui.workspace.books.cells import TableRow
from tui.workspace.books.narrowed import wish_of
from tui.workspace.problems import GivenUp

AT_ONCE = 500
NO_MARK = (
    "No row above or below is marked: <table.mark> marks one, then <books.mark_to> marks "
    "up to here."
)


async def shown_rows(table: OpenTable) -> list[TableRow]:
    """All rows that are shown, in the order in which they stand there; what is not here yet is
    read. Raises as `bring_up` does.

    A row that was written stays where it stood until the table is read anew, whatever its order
    or its filter say by now.
    """
    stand = table.standing()
    await all_here(table.desk, table.kept)
    wish = wish_of(table.wanted, table.sorts, table.kept.fields, table.zone)
    view = await all_rows(table.kept, wish)
    rows: list[TableRow] = []
    try:
        await to_thread(view.stay)
        for first in range(0, view.total, AT_ONCE):
            found = await view.rows(first, AT_ONCE)
            check(view)
            rows += [found[place] for place in sorted(found)]
    finally:
        await view.close()
    return rows if stand is None else stand.among(rows)


async def asked_for(asker: Asking, table: OpenTable) -> list[TableRow]:
    """The same, while it is said that they are read, where that takes its time; esc gives up."""
    given_up = GivenUp("Given up: the marks are as they were")
    return await asker.wait_for("Rows", "Reading all rows …", shown_rows(table), given_up)


async def marked_rows(asker: Asking, table: OpenTable, keys: Iterable[str]) -> list[TableRow]:
    """Those of the rows that are marked and shown, in their order."""
    wanted = frozenset(keys)
    here = table.records(wanted)
    if len(here) == len(wanted):
        return here
    return [row for row in await asked_for(asker, table) if str(row.id) in wanted]


async def mark(asker: Asking, table: OpenTable, grid: Grid) -> None:
    """Ask which rows are to be marked."""
    nodes = [
        Node("all", "All rows that are shown", detail="what the filter leaves"),
        Node("others", "The others", detail="what is marked is not, and the other way round"),
        Node("none", "None"),
    ]
    chosen = await asker.ask(Choice("Mark", nodes))
    if chosen is None:
        return
    marked = frozenset[str]()
    if chosen != "none":
        keys = {str(row.id) for row in await asked_for(asker, table)}
        marked = frozenset(keys if chosen == "all" else keys ^ (grid.marked & keys))
    grid.set_marked(marked)
    asker.flash(f"{counted(len(marked), 'row')} marked.")


async def mark_to(asker: Asking, table: OpenTable, grid: Grid) -> None:
    """Mark the rows between the nearest marked one and the cursor, with the cursor's own."""
    keys = [str(row.id) for row in await asked_for(asker, table)]
    here = keys.index(grid.cursor_key) if grid.cursor_key in keys else None
    places = [place for place, key in enumerate(keys) if key in grid.marked and place != here]
    if here is None or not places:
        asker.flash(with_keys(NO_MARK), "warn")
        return
    nearest = min(places, key=lambda place: abs(place - here))
    first, last = sorted((nearest, here))
    grid.set_marked(grid.marked | frozenset(keys[first : last + 1]))
    asker.flash(f"{counted(len(grid.marked), 'row')} marked.")
