"""Sums of what stands in rows: they agree with the rows as shown, or it is said."""

from __future__ import annotations

from collections.abc import Iterable

from tui.workspace.times import span_text

ROUNDED = " (rows rounded)"
"""Said after a sum to which the rows as they are shown do not come."""


def span_total(parts: Iterable[float]) -> str:
    """The sum of lengths in seconds as hours and minutes, each of which is shown without its
    seconds.
    """
    rows = list(parts)
    shown = sum(int(one) // 60 for one in rows)
    exact = int(sum(rows)) // 60
    return f"{span_text(sum(rows))} h{ROUNDED if shown != exact else ''}"
