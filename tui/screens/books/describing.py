"""What a column comes to, shown; a value of it chosen to narrow the rows by."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.widget import Widget

from tui.screens.asking import Asking
from tui.screens.books.opened import OpenTable
from tui.spoken_keys import either_of, key_for
from tui.widget_keys import CLOSING
from tui.widgets.bindings import bindings_from
from tui.widgets.dialog import Dialog
from tui.widgets.dialogs import Choice
from tui.widgets.grid import Grid
from tui.widgets.grid_model import Column, ListSource
from tui.widgets.outline_model import Node
from tui.words import counted, in_brief
from tui.workspace.books.brought import all_here
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
    return "" if found is None else await _one_column(asker, table, found)


async def _one_column(asker: Asking, table: OpenTable, found: Description) -> str:
    field = found.field
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
        return await _all_columns(asker, table)
    if not chosen or not chosen.startswith("="):
        return ""
    place = chosen.removeprefix("=")
    if not place:
        return condition_of(field, None, table.zone, table.kept.fields)
    return found.conditions[int(place)]


def _share(times: int, rows: int, most: int) -> str:
    bar = "█" * max(1, round(WIDTH * times / max(most, times)))
    return f"{bar} {times:,} · {100 * times / rows:.0f}%"


async def _described(
    asker: Asking, table: OpenTable, fields: list[Field]
) -> list[Description] | list[None]:
    async def work() -> list[Description]:
        await all_here(table.desk, table.kept)
        wish = wish_of(table.wanted, (), table.kept.fields, table.zone)
        with asker.workspace.feed.resting():
            return await describe(table.kept, fields, wish.filters, table.zone)

    with suppress(Lost):
        return await asker.wait_for("Describe", "Counting …", work(), GivenUp(GIVEN_UP))
    asker.flash(
        (
            f"The rows that are kept were put away meanwhile: {key_for('books.refresh')} "
            "reads them again."
        ),
        "warn",
    )
    return [None] * len(fields)


class AllColumns(Dialog[str | None]):
    """What every column comes to; dismissed with the place of the one that was chosen."""

    DEFAULT_CSS = """
    AllColumns > #box { width: 96%; height: 94%; }
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings_from(CLOSING)

    def __init__(self, title: str, found: Sequence[Description]) -> None:
        super().__init__(
            title,
            (
                f"{key_for('list.choose')} shows its values · "
                f"{either_of('dialog.close', 'dialog.cancel')} closes"
            ),
        )
        rows = [tuple(one.line().values()) for one in found]
        numbers = ("filled", "empty", "distinct", "sum", "mean")
        columns = [
            Column(name, name, kind="number" if name in numbers else "text", maximum=WIDEST)
            for name in COLUMNS
        ]
        self.grid = Grid(columns, ListSource(rows, [str(n) for n in range(len(rows))]))

    def body(self) -> Iterable[Widget]:
        """A line a column."""
        yield self.grid

    def on_mount(self) -> None:
        """Keys work at once."""
        self.set_focus(self.grid)

    @on(Grid.Selected)
    def _chosen(self, message: Grid.Selected) -> None:
        message.stop()
        self.dismiss(message.key)


async def _all_columns(asker: Asking, table: OpenTable) -> str:
    """All columns as a table, from which one is described; the condition that was chosen there."""
    found = [one for one in await _described(asker, table, list(table.fields)) if one is not None]
    if not found:
        return ""
    rows = counted(found[0].rows, "row")
    title = f"Columns of {in_brief(table.place.table.name)}: {rows}"
    chosen = await asker.ask(AllColumns(title, found))
    return "" if chosen is None else await _one_column(asker, table, found[int(chosen)])
