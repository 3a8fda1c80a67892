"""What many samples come to: count, extremes, sum and last, on a line or on a circle.

A fold is a plain tuple, as thousands are made a second:
(count, low, high, sum, last time, last value). On a circle low, high and sum are of the angles
unwrapped, whole turns added so that they lie together: 350° and 10° are -10..10 or 350..370,
never 10..350. So angles add up as other numbers do, however they were cut, as long as they
point into one half of the circle; where they point everywhere no mean says much.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

Fold = tuple[int, float, float, float, int, float]


class Column(NamedTuple):
    """One time bucket of `size` samples as a screen needs it; `last_time` in ms since the epoch.

    Of angles the mean is in 0..360, and low and high lie around it: they may be below or above.
    """

    size: int
    low: float
    high: float
    mean: float
    last: float
    last_time: int


def fold(values: Sequence[float], last_time: int, circular: bool) -> Fold:
    """Fold samples of one axis, the newest of which was at `last_time`. There must be one."""
    last = values[-1]
    count = len(values)
    if count == 1:
        return (1, last, last, last, last_time, last)
    low, high = min(values), max(values)
    if circular and high - low > 180:
        first = values[0]
        values = [first + (value - first + 180) % 360 - 180 for value in values]
        low, high = min(values), max(values)
    return (count, low, high, sum(values), last_time, last)


def merge(a: Fold, b: Fold, circular: bool) -> Fold:
    """Put two folds together."""
    a_count, a_low, a_high, a_sum, a_time, a_last = a
    b_count, b_low, b_high, b_sum, b_time, b_last = b
    if circular:
        turn = 360 * round((a_low + a_high - b_low - b_high) / 720)
        if turn:
            b_low, b_high, b_sum = b_low + turn, b_high + turn, b_sum + turn * b_count
    low = a_low if a_low <= b_low else b_low
    high = a_high if a_high >= b_high else b_high
    time, last = (b_time, b_last) if b_time >= a_time else (a_time, a_last)
    return (a_count + b_count, low, high, a_sum + b_sum, time, last)


def column(folded: Fold, circular: bool) -> Column:
    """Say what a fold means."""
    count, low, high, total, time, last = folded
    mean = total / count
    if circular:
        turned = mean % 360
        low, high, mean = low + turned - mean, high + turned - mean, turned
        if high - low > 360:
            low, high = 0.0, 360.0
    else:
        # A sum is rounded: the mean of what is always the same is not beyond it.
        mean = low if mean < low else high if mean > high else mean
    return Column(count, low, high, mean, last, time)
