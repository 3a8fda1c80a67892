"""Many cells and rows changed as one action of the person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tui.services.timetonic import Field, TableRow
from tui.workspace.books.cells import sent_value, typed, values_of
from tui.workspace.books.into.compared import same
from tui.workspace.books.into.plan import Plan
from tui.workspace.changes.arguments import as_data
from tui.workspace.changes.values import EMPTY
from tui.workspace.changes.values import same as same_data


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
    plan: Plan, rows: Iterable[TableRow], fields: Iterable[Field]
) -> dict[int, dict[str, Any]]:
    """What stands by now in cells of a plan that were others when it was made, by row and field;
    `rows` are the plan's as they are. A row that is gone takes its part of the plan with it.
    """
    by_name, now = {str(field.id): field for field in fields}, {row.id: row for row in rows}
    for row_id in [row_id for row_id in plan.changed if row_id not in now]:
        del plan.changed[row_id], plan.before[row_id]
    found: dict[int, dict[str, Any]] = {}
    for row_id, before in plan.before.items():
        for name, seen in before.items():
            field = by_name[name]
            there = sent_value(field, typed(field, now[row_id].cells.get(field.id)))
            if not _stands(seen, there):
                found.setdefault(row_id, {})[name] = there
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
