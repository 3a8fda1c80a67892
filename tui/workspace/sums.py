"""Sums of what stands in rows: they agree with the rows as shown, or it is said."""

from __future__ import annotations

from collections.abc import Iterable

from tui.workspace.times import length_text

ROUNDED = " (rows rounded)"
"""Said after a sum to which the rows as they are shown do not come."""


def span_total(parts: Iterable[float]) -> str:
    """The sum of lengths in seconds as hours and minutes. A row of a minute or more is shown
    without its seconds.
    """
    rows = [int(one) for one in parts]
    shown = sum(one if one < 60 else one // 60 * 60 for one in rows)
    exact = sum(rows)
    return f"{length_text(exact)}{ROUNDED if shown // 60 != exact // 60 else ''}"
