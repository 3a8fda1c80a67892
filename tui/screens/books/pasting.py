"""A block of cells that is pasted: looked at first, then put into the table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual import events

from tui.screens.asking import Asking
from tui.screens.books.bringing import planned_so
from tui.screens.books.edit import said
from tui.screens.books.marking import shown_rows
from tui.screens.books.opened import OpenTable
from tui.spoken_keys import key_for
from tui.widgets.dialogs import Confirm
from tui.words import counted
from tui.workspace.books.cells import cell_of, cell_text, row_title
from tui.workspace.books.into.bring import Wanted, failures, news_of
from tui.workspace.books.into.filled import filled_for_good
from tui.workspace.books.into.pasted import block_of, plan_paste
from tui.workspace.books.into.plan import Plan
from tui.workspace.books.into.sheets import SheetError

if TYPE_CHECKING:
    from tui.workspace.books.cells import Field, TableRow

ADD_KEY = "a"
LISTED = 8
"""Cells that the question shows; all that cannot be taken is shown before it."""


class PasteQuestion(Confirm):
    """Asks before a block is pasted; where it goes over rows, a second key adds it instead."""

    def __init__(self, title: str, question: str, *, loses: str, adds: bool) -> None:
        yes = f"paste · {ADD_KEY} add as new rows" if adds else "paste"
        super().__init__(title, question, loses=loses, yes=yes)
        self._adds = adds
        self.adding = False
        """Whether its rows are to be added, with none of the table's changed."""

    def on_key(self, event: events.Key) -> None:
        """The key that adds."""
        if self._adds and event.character == ADD_KEY:
            event.stop()
            self.adding = True
            self.dismiss(True)


async def planned_paste(
    asker: Asking,
    table: OpenTable,
    text: str,
    row: TableRow | None,
    fields: Sequence[Field],
    *,
    may_add: bool,
) -> Plan | None:
    """What a block changes from a row on, in the columns of `fields`, after the person has seen
    it; None where they would rather not, or nothing changes. Where rows `may_add`, they may have
    the block added instead of going over those that are there.
    """
    rows: list[TableRow] = []

    async def planned(wanted: Wanted) -> tuple[Plan, str]:
        rows[:] = await shown_rows(table)
        first = next((n for n, one in enumerate(rows) if row and one.id == row.id), len(rows))
        ids = [one.id for one in rows[first:]]
        return await plan_paste(table.desk, table.kept, block, ids, fields, wanted, table.zone)

    try:
        # A block that cannot be taken is refused before the table is read for it.
        block = block_of(text)
        found = await planned_so(asker, "Paste", Wanted(asks=True), planned)
    except SheetError as error:
        asker.flash(f"{str(error).rstrip('.')}. Nothing was changed.", "bad")
        return None
    if found is None:
        return None
    plan, told = found
    name = table.place.table.name
    lines = [f"{told}: {news_of(plan)}.", *(f"{one}." for one in plan.remarks), *failures(plan)]
    if plan.failed:
        await asker.read("What the block would change", "\n".join(lines))
    if plan.nothing:
        remarks = "".join(f" {one}." for one in plan.remarks)
        asker.flash(f"The block changes nothing.{remarks}")
        return None
    shown = _changes(table, plan, rows)
    question = PasteQuestion(
        f"Paste into {name}",
        "\n".join([f"{news_of(plan)}.", *shown]),
        loses=" ".join(
            [*(f"{one}." for one in plan.remarks), way_back(table.fields, plan, "all of it")]
        ),
        adds=may_add and bool(plan.changed),
    )
    if not await asker.ask(question):
        return None
    if question.adding:
        return await planned_paste(asker, table, text, None, fields, may_add=False)
    return plan


def way_back(fields: Sequence[Field], plan: Plan, what: str = "it") -> str:
    """What undo makes of a plan, in a sentence."""
    undo, stay = key_for("deck.undo"), ", ".join(filled_for_good(plan, fields))
    if stay:
        return f"{undo} cannot take it back: {stay} must not be empty again."
    return f"{undo} takes {what} back."


def _changes(table: OpenTable, plan: Plan, rows: Sequence[TableRow]) -> list[str]:
    """The first of the cells that change, from what to what."""
    by_id = {row.id: row for row in rows}
    fields = {str(field.id): field for field in table.fields}

    def text(name: str, value: object) -> str:
        return said(cell_text(fields[name], cell_of(value), table.zone)) or "empty"

    found = [
        f"  {row_title(table.fields, by_id[row_id], table.zone)[:30]} · {fields[name].name}: "
        f"{text(name, plan.before[row_id][name])} → {text(name, value)}"
        for row_id, values in plan.changed.items()
        for name, value in values.items()
    ]
    more = [f"  and {counted(len(found) - LISTED, 'cell')} more"] if len(found) > LISTED else []
    return [*found[:LISTED], *more]
