"""What one axis of a series comes to over a window: count, extremes, mean, deviation, last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum, sqrt

from tui.live.folds import column
from tui.live.series import Series
from tui.live.views import merge_folds


@dataclass(frozen=True, slots=True)
class Statistics:
    """One axis of a series over a window; of angles, as in `Column`."""

    count: int
    low: float
    high: float
    mean: float
    deviation: float
    last: float
    last_time: int


def statistics_of(series: Series, start: int, end: int, axis: int) -> Statistics | None:
    """Return the statistics over [start, end), or None if empty.

    Where only coarse history is left, its extremes and means count in full; the deviation
    is of the raw samples alone.
    """
    folds = merge_folds(series, axis, start, end, 1 << 61)
    if not folds:
        return None
    circular = series.circular and axis == 0
    (whole,) = folds.values()
    shown = column(whole, circular)
    _, axes = series.ring.samples(start, end)
    deviation = spread(axes[axis], shown.mean if circular else None)
    # A sum is rounded: the mean of what is always the same is not beyond it.
    mean = shown.mean if circular else min(max(shown.low, shown.mean), shown.high)
    return Statistics(
        shown.size, shown.low, shown.high, mean, deviation, shown.last, shown.last_time
    )


def spread(values: Sequence[float], angle: float | None = None) -> float:
    """Return the standard deviation of the values themselves; 0 for fewer than two.

    With `angle`, their mean direction, the values are angles on a circle.
    """
    if len(values) < 2:
        return 0.0
    if angle is not None:
        values = [(value - angle + 180) % 360 - 180 for value in values]
    mean = fsum(values) / len(values)
    return sqrt(fsum((value - mean) ** 2 for value in values) / len(values))
