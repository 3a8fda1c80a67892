"""Many cells and rows changed as one action of the person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tui.services.timetonic import Field, TableRow
from tui.workspace.books.cells import row_title, sent_value, typed, values_of
from tui.workspace.books.into.plan import Plan, same

__all__ = ["copies_of", "plan_of", "row_title"]


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
