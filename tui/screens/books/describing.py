"""What a column comes to, shown; a value of it chosen to narrow the rows by."""

from __future__ import annotations

from contextlib import suppress

from tui.screens.asking import Asking
from tui.screens.books.opened import OpenTable
from tui.widgets.dialogs import Choice
from tui.widgets.outline_model import Node
from tui.words import counted
from tui.workspace.books.brought import bring_up
from tui.workspace.books.cells import Field
from tui.workspace.books.conditions import condition_of
from tui.workspace.books.described import COLUMNS, Description, describe
from tui.workspace.books.kept_rows import Lost
from tui.workspace.books.narrowed import wish_of
from tui.workspace.problems import GivenUp

WIDTH = 20
"""Cells of the longest bar."""
WIDEST = 24
"""Characters of a column of the table of all columns."""
GIVEN_UP = "Given up: the column was not described"


async def describe_column(asker: Asking, table: OpenTable, field: Field) -> str:
    """Show the column; the condition of the value that was chosen, "" for none."""
    (found,) = await _described(asker, table, [field])
    if found is None:
        return ""
    nodes = [Node("all", "All columns as a table", role="strong")]
    if found.sum:
        nodes.insert(0, Node("", f"sum {found.sum} · mean {found.mean}"))
    if found.filled:
        nodes.insert(0, Node("-", f"{found.least} … {found.greatest}", detail="least, greatest"))
    most = max((times for _, times in found.commonest), default=1)
    if found.empty:
        nodes.append(Node("=", "(empty)", detail=_share(found.empty, found.rows, most)))
    for number, (value, times) in enumerate(found.commonest):
        nodes.append(
            Node(f"={number}", " ".join(value.split()), detail=_share(times, found.rows, most))
        )
    title = (
        f"{field.name}: {counted(found.rows, 'row')}, {found.distinct:,} distinct,"
        f" {found.empty:,} empty"
    )
    chosen = await asker.ask(Choice(title, nodes))
    if chosen == "all":
        await _all_columns(asker, table)
    if not chosen or not chosen.startswith("="):
        return ""
    place = chosen.removeprefix("=")
    return found.conditions[int(place)] if place else condition_of(field, None, table.zone)


def _share(times: int, rows: int, most: int) -> str:
    bar = "█" * max(1, round(WIDTH * times / max(most, times)))
    return f"{bar} {times:,} · {100 * times / rows:.0f}%"


async def _described(
    asker: Asking, table: OpenTable, fields: list[Field]
) -> list[Description] | list[None]:
    async def work() -> list[Description]:
        if not table.whole:
            view_id = None if table.view is None else table.view.id
            await bring_up(table.desk, table.kept, view_id, lambda _read, _of: None)
        wish = wish_of(table.wanted, (), table.kept.fields, table.zone)
        return await describe(table.kept, fields, wish.filters, table.zone)

    with suppress(Lost):
        return await asker.wait_for("Describe", "Counting …", work(), GivenUp(GIVEN_UP))
    asker.flash("The rows that are kept were put away meanwhile: r reads them again.", "warn")
    return [None] * len(fields)


async def _all_columns(asker: Asking, table: OpenTable) -> None:
    from tui.widgets.viewer import Viewer

    found = await _described(asker, table, list(table.fields))
    lines = [[*COLUMNS], *([*one.line().values()] for one in found if one is not None)]
    cells = [[" ".join(cell.split())[:WIDEST] for cell in line] for line in lines]
    widths = [max(len(line[place]) for line in cells) for place in range(len(COLUMNS))]
    text = "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in cells
    )
    await asker.ask(Viewer(f"Columns of {table.place.table.name}", text))
