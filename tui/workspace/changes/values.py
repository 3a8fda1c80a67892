"""Fields compared as values, not as they are written."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from tui.workspace.changes.arguments import from_data

EMPTY: tuple[Any, ...] = (None, "", [])


def same(one: Any, other: Any) -> bool:
    """Whether two values in the form of data are the same; an empty one is as good as none."""
    left, right = _essence(from_data(one)), _essence(from_data(other))
    if left in EMPTY and right in EMPTY:
        return True
    if isinstance(left, bool) is not isinstance(right, bool):
        return False
    if isinstance(left, Decimal | float) or isinstance(right, Decimal | float):
        return same_number(left, right)
    return bool(left == right)


def same_number(one: Any, other: Any) -> bool:
    """Whether two values are the same number, or one is what a service that keeps doubles gives
    back of the other: the double that is nearest to it.
    """
    if not all(isinstance(each, int | float | Decimal) for each in (one, other)):
        return bool(one == other)
    left, right = Decimal(str(one)), Decimal(str(other))
    return left == right or _as_double(left) == right or _as_double(right) == left


def _as_double(number: Decimal) -> Decimal:
    """What is left of a number that is kept as a double, in its shortest form."""
    return Decimal(str(float(number)))


def differing(fields: Mapping[str, Any], others: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the fields whose value is another in `others`."""
    return {name: value for name, value in fields.items() if not same(value, others.get(name))}


def _essence(value: Any) -> Any:
    """A row that is linked to is the same row whatever it is called by now."""
    if isinstance(value, list):
        return [_essence(one) for one in value]
    return value["row_id"] if isinstance(value, dict) and "row_id" in value else value
