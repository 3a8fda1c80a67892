"""What many samples come to: count, extremes, mean and last, on a line or on a circle.

A fold is a plain tuple, as thousands are made a second:
(count, low, high, x, y, last time, last value). On a line `x` is the sum; on a circle `x` and
`y` are the sums of the unit vectors, and low and high are unwrapped around the mean, so that
350° and 10° give -10..10 and never 10..350.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import atan2, cos, degrees, hypot, radians, sin
from typing import NamedTuple

Fold = tuple[int, float, float, float, float, int, float]


class Column(NamedTuple):
    """One time bucket of `size` samples as a screen needs it; `last_time` in ms since the epoch."""

    size: int
    low: float
    high: float
    mean: float
    last: float
    last_time: int


def fold(values: Sequence[float], last_time: int, circular: bool) -> Fold:
    """Fold samples of one axis, the newest of which was at `last_time`. There must be one."""
    count = len(values)
    last = values[-1]
    if not circular:
        if count == 1:
            return (1, last, last, last, 0.0, last_time, last)
        return (count, min(values), max(values), sum(values), 0.0, last_time, last)
    angles = [radians(value) for value in values]
    x, y = sum(map(cos, angles)), sum(map(sin, angles))
    middle = degrees(atan2(y, x)) % 360
    turns = [(value - middle + 180) % 360 - 180 for value in values]
    return (count, middle + min(turns), middle + max(turns), x, y, last_time, last)


def merge(a: Fold, b: Fold, circular: bool) -> Fold:
    """Put two folds together."""
    _, a_low, a_high, a_x, a_y, a_time, a_last = a
    _, b_low, b_high, b_x, b_y, b_time, b_last = b
    x, y = a_x + b_x, a_y + b_y
    time, last = (b_time, b_last) if b_time >= a_time else (a_time, a_last)
    if circular:
        middle = degrees(atan2(y, x)) % 360
        turn = 360 * round((middle - (a_low + a_high) / 2) / 360)
        a_low, a_high = a_low + turn, a_high + turn
        turn = 360 * round((middle - (b_low + b_high) / 2) / 360)
        b_low, b_high = b_low + turn, b_high + turn
    low = a_low if a_low <= b_low else b_low
    high = a_high if a_high >= b_high else b_high
    return (a[0] + b[0], low, high, x, y, time, last)


def column(folded: Fold, circular: bool) -> Column:
    """Say what a fold means. The mean of angles is in 0..360."""
    count, low, high, x, y, time, last = folded
    mean = degrees(atan2(y, x)) % 360 if circular else x / count
    return Column(count, low, high, mean, last, time)


def steadiness(folded: Fold) -> float:
    """Return how much angles agree: 1 if all are the same, 0 if they point everywhere."""
    return hypot(folded[3], folded[4]) / folded[0]
