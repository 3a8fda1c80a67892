"""Lists and grouped lists: limit, offset, order and the `?` group.

`limit` and `offset` page items in a plain search and whole groups in a grouped one, and `count`
is the number found before paging (assumptions: the documents name neither).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from tui.embedded.timesheets.answers import Record
from tui.embedded.timesheets.calls import Call

T = TypeVar("T")

UNKNOWN = "?"


def page(call: Call, found: Sequence[T]) -> Sequence[T]:
    """The part that `limit` and `offset` ask for; no limit shows all."""
    start = call.arguments.get("offset", int) or 0
    limit = call.arguments.get("limit", int)
    return found[start:] if limit is None else found[start : start + limit]


def grouped(
    call: Call,
    found: Sequence[T],
    value: Callable[[T], object],
    order: str = "order_by",
) -> tuple[int, list[tuple[object, list[T]]]]:
    """All groups counted, and those of the page as (value, items).

    Values keep their type; empty ones are gathered under "?", which comes last in either order.
    """
    groups: dict[object, list[T]] = {}
    for item in found:
        key = value(item)
        groups.setdefault(UNKNOWN if key is None or key == "" else key, []).append(item)
    unknown = groups.pop(UNKNOWN, None)
    down = call.arguments.get(order, str) == "desc"
    in_order = sorted(groups.items(), key=lambda group: _rank(group[0]), reverse=down)
    if unknown is not None:
        in_order.append((UNKNOWN, unknown))
    return len(in_order), list(page(call, in_order))


def _rank(value: object) -> tuple[int | float, str]:
    return (value, "") if isinstance(value, int | float) else (0, str(value))


def group_list(
    groups: Sequence[tuple[object, Sequence[T]]], view: Callable[[T], Record]
) -> list[Record]:
    """`groups` of a grouped answer."""
    return [
        {"value": value, "count": len(items), "items": [view(item) for item in items]}
        for value, items in groups
    ]


def members(groups: Sequence[tuple[object, Sequence[T]]]) -> list[T]:
    """All items of the groups on this page."""
    return [item for _, items in groups for item in items]


def expansions(call: Call) -> list[object]:
    """What `with` asks for."""
    return call.arguments.get("with", list) or []
