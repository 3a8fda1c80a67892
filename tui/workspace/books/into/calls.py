"""The rows of a plan as calls: no more of them in one than it bears."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from tui.services.timetonic.wire_values import SentRows
from tui.workspace.books.into.plan import Plan
from tui.workspace.changes.arguments import Plain

LONGEST_CALL = 2_000_000
"""Characters of one call, about: services limit what they read."""
AROUND = 24
"""Characters that stand around a value, or make up one that is no text."""


class PlainRows(Plain, SentRows):
    """New rows of one call, in the form in which they are sent and kept."""


def batches(plan: Plan, size: int) -> Iterator[dict[str, dict[str, Any]]]:
    """The rows of each call: those that change, then new ones under names of their own. No more
    than `size`, nor than what one call bears."""
    changed = ((str(row_id), values) for row_id, values in plan.changed.items())
    new = ((f"tmp{number}", values) for number, values in enumerate(plan.new, 1))
    while rows := dict(islice(changed, size)):
        yield from _borne(rows)
    made = PlainRows if plan.is_data else dict[str, dict[str, Any]]
    while rows := made(islice(new, size)):
        yield from _borne(rows)


def _borne(rows: dict[str, dict[str, Any]]) -> Iterator[dict[str, dict[str, Any]]]:
    """The same in as many parts as it takes for one call to bear each of them."""
    if len(rows) < 2 or _length(rows) <= LONGEST_CALL:
        yield rows
        return
    named = [*rows.items()]
    for half in (named[: len(named) // 2], named[len(named) // 2 :]):
        yield from _borne(type(rows)(half))


def _length(rows: dict[str, dict[str, Any]]) -> int:
    """Characters of rows as they are sent, about."""
    if isinstance(rows, PlainRows):
        return len(rows.encoded)
    return sum(
        AROUND + (len(one) if isinstance(one, str) else 0)
        for values in rows.values()
        for one in values.values()
    )
