"""How a wind turns: against its mean of some minutes, and on which side of its swing it is."""

from __future__ import annotations

from collections import deque
from math import atan2, cos, degrees, hypot, radians, sin

from tui.live.derived.formulas import NOWHERE, shift
from tui.live.units import bearing, turn

GUST = 10_000
"""Milliseconds that count as one: a gust is no shift (reference, anchors, Shifts)."""


class RollingMean:
    """The circular mean of the directions of the last `width` milliseconds, kept up to date."""

    def __init__(self, width: int) -> None:
        self.width = width
        self._kept: deque[tuple[int, float, float]] = deque()
        self._east = self._north = 0.0

    def push(self, time: int, towards: float) -> float | None:
        """Take in a direction, later than those before; the mean, None where they cancel out."""
        east, north = sin(radians(towards)), cos(radians(towards))
        kept = self._kept
        kept.append((time, east, north))
        self._east += east
        self._north += north
        while kept[0][0] <= time - self.width:
            _, east, north = kept.popleft()
            self._east -= east
            self._north -= north
        if hypot(self._east, self._north) < NOWHERE * len(kept):
            return None
        return bearing(degrees(atan2(self._east, self._north)))


class Shift:
    """By how far the wind has turned from its own mean of the last `width` milliseconds."""

    def __init__(self, width: int) -> None:
        self._mean = RollingMean(width)

    def push(self, time: int, wind_from: float) -> float | None:
        """Take in a wind; degrees, positive where it has veered."""
        mean = self._mean.push(time, wind_from)
        return None if mean is None else shift(wind_from, mean)


class Phase:
    """How far the wind is from the middle of the extremes of the last `width` milliseconds.

    Each is the mean of 10 s, and is followed through its turns, so that a swing across north is
    one. Positive is right of the middle.
    """

    def __init__(self, width: int) -> None:
        self.width = width
        self._steady = RollingMean(GUST)
        self._last: float | None = None
        # Those that can yet be an extreme: values fall in one, rise in the other.
        self._highs: deque[tuple[int, float]] = deque()
        self._lows: deque[tuple[int, float]] = deque()

    def push(self, time: int, wind_from: float) -> float | None:
        """Take in a wind; degrees from the middle."""
        steady = self._steady.push(time, wind_from)
        if steady is None:
            return None
        last = steady if self._last is None else self._last + turn(self._last, steady)
        self._last = last
        for extremes, sign in ((self._highs, 1), (self._lows, -1)):
            while extremes and sign * extremes[-1][1] <= sign * last:
                extremes.pop()
            extremes.append((time, last))
            while extremes[0][0] <= time - self.width:
                extremes.popleft()
        return last - (self._highs[0][1] + self._lows[0][1]) / 2
