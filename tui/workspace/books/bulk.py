"""Many cells and rows changed as one action of the person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tui.services.left_out import received
from tui.services.timetonic import Field, TableRow
from tui.workspace.books.cells import sent_value, typed, values_of
from tui.workspace.books.into.compared import same
from tui.workspace.books.into.plan import Plan
from tui.workspace.books.kept_rows import MOST_CHANGED, KeptRows
from tui.workspace.books.rows import TableDesk
from tui.workspace.changes.arguments import as_data
from tui.workspace.changes.values import EMPTY
from tui.workspace.changes.values import same as same_data

ROWS_ASKED_FOR = 200
"""Rows of one request that names them."""


def plan_of(rows: Iterable[tuple[TableRow, Mapping[int, Any]]], fields: Iterable[Field]) -> Plan:
    """What is to be sent so that rows hold other values, told by the ids of their fields; a cell
    that holds its value already stays out, with its row where that is all.
    """
    plan, by_id = Plan(), {field.id: field for field in fields}
    for row, wanted in rows:
        values: dict[str, Any] = {}
        before: dict[str, Any] = {}
        for field_id, value in wanted.items():
            field = by_id[field_id]
            now = typed(field, row.cells.get(field_id))
            if not same(value, now):
                values[str(field_id)] = sent_value(field, value)
                before[str(field_id)] = sent_value(field, now)
        if values:
            plan.changed[row.id], plan.before[row.id] = values, before
        else:
            plan.unchanged += 1
    return plan


def copies_of(rows: Iterable[TableRow], fields: Iterable[Field]) -> Plan:
    """New rows that hold what others do, of the fields that take a value."""
    known = list(fields)
    copies = [values_of(known, row) for row in rows]
    return Plan(
        new=[
            {name: value for name, value in one.items() if value not in ("", None, [])}
            for one in copies
        ]
    )


def written_meanwhile(
    plan: Plan, rows: Iterable[TableRow], gone: Iterable[int], fields: Iterable[Field]
) -> dict[int, dict[str, Any]]:
    """What stands by now in cells of a plan that were others when it was made, by row and field;
    `rows` are the plan's as they are, but for such as are as they were. A row that is `gone` takes
    its part of the plan with it.
    """
    by_name = {str(field.id): field for field in fields}
    for row_id in gone:
        plan.changed.pop(row_id, None)
        plan.before.pop(row_id, None)
    found: dict[int, dict[str, Any]] = {}
    for row in rows:
        for name, seen in plan.before.get(row.id, {}).items():
            field = by_name[name]
            there = sent_value(field, typed(field, row.cells.get(field.id)))
            if not _stands(seen, there):
                found.setdefault(row.id, {})[name] = there
    return found


def _stands(seen: Any, there: Any) -> bool:
    """Whether a cell holds what was seen; both as the service takes them."""
    if seen in EMPTY and there in EMPTY:
        return True
    if isinstance(seen, list) or isinstance(there, list):
        return same_data(as_data(seen), as_data(there))
    return same(seen, there)


def write_over(plan: Plan, theirs: Mapping[int, Mapping[str, Any]], *, mine: bool) -> None:
    """Write cells though others did meanwhile, of which an undo brings back theirs; or leave
    them out.
    """
    for row_id, cells in theirs.items():
        for name, value in cells.items():
            if mine:
                plan.before[row_id][name] = value
            else:
                del plan.before[row_id][name], plan.changed[row_id][name]
        if not plan.changed[row_id]:
            del plan.changed[row_id], plan.before[row_id]


async def looked_again(
    desk: TableDesk, kept: KeptRows, ids: Sequence[int], stamp: str
) -> tuple[list[TableRow], list[int]]:
    """Those of some rows that may have become others since a stamp, as the service has them now,
    and those that are gone. Raises what reading raises.
    """
    found = None
    if stamp and len(ids) > ROWS_ASKED_FOR:
        found = await desk.changed_since(kept.place, stamp, MOST_CHANGED + 1)
    asked, gone = [*ids], set[int]()
    if found is not None and received(found.rows) == len(found.rows) <= MOST_CHANGED:
        wanted, gone = {*ids}, {*found.deleted}
        asked = [row.id for row in found.rows if row.id in wanted]
    rows: list[TableRow] = []
    for first in range(0, len(asked), ROWS_ASKED_FOR):
        rows += await desk.rows_of(kept.place, asked[first : first + ROWS_ASKED_FOR])
    gone |= {*asked} - {row.id for row in rows}
    return rows, [row_id for row_id in ids if row_id in gone]
