"""Where a fixed scale begins: at what most of the fleet has just now. Pure but for the store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.live.views import merge_folds
from tui.widgets.sparkline_cells import scale_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tui.live.series import SeriesKey
    from tui.live.store import FeedStore

SHARE = 0.05
"""Of all values, how many may lie below the scale, and how many above."""
PARTS = 60
"""Means of each series that are looked at: one fast unit must not outweigh all others."""
FEWEST = 5
"""Values below which nothing is said of a fleet."""


def fleet_range(
    store: FeedStore, keys: Iterable[SeriesKey], axis: int, start: int, end: int
) -> tuple[float, float] | None:
    """Round numbers around the middle 90 % of the values of [start, end); None for too few."""
    width = max(1, (end - start) // PARTS)
    means: list[float] = []
    for key in keys:
        series = store.series(key)
        if series is not None and axis < series.ring.axes:
            folds = merge_folds(series, axis, start, end, width).values()
            means += [total / count for count, _, _, total, _, _ in folds]
    if len(means) < FEWEST:
        return None
    means.sort()
    last = len(means) - 1
    return scale_of((means[round(last * SHARE)], means[round(last * (1 - SHARE))]))
