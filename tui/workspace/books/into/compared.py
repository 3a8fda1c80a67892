"""What a file has for a cell, compared with what the table has there."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tui.services.timetonic import LinkedRow
from tui.workspace.books.out.columns import Value
from tui.workspace.changes.values import same_number


def same(value: Value, current: Value) -> bool:
    """Whether a cell would be as it is."""
    if isinstance(value, list) and isinstance(current, list):
        return [_id(one) for one in value] == [_id(one) for one in current]
    if isinstance(value, bool) or isinstance(current, bool):
        return value is current
    numbers = (int, float, Decimal)
    if isinstance(value, numbers) and isinstance(current, numbers):
        return same_number(value, current)
    return value == current


def rows_linked(value: Value) -> set[int | None]:
    """The ids of the rows that a link's cell names; empty for any other value."""
    return {_id(one) for one in value} if isinstance(value, list) else set()


def _id(one: Any) -> int | None:
    return one.row_id if isinstance(one, LinkedRow) else None
