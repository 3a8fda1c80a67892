"""What no boat can have done: positions without a fix, single jumps, spikes of speed. Pure.

A sample that lies too far from the one before waits: if the next lies with it, both are true (a
unit was carried, or a gap lies between), else it was a single one and is suspect. So the newest
sample may be suspect for as long as nothing has come after it. What is suspect is kept apart.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice
from math import cos, hypot, radians, sqrt
from operator import sub
from typing import NamedTuple

POSITION, QUALITY = 1, 2
SPEEDS = frozenset({9, 10})
"""Igtimi's data types whose values a boat's mass holds together: over ground and through water."""
FASTEST = 200.0
"""km/h that nothing with a sail or an engine beside it does. OUR ASSUMPTION, as all below."""
SCATTER = 100.0
"""Metres that positions may be apart however short the time: fixes scatter, units are moved."""
JUMP = 25.0
"""km/h by which a speed may change at once."""
PULL = 35.0
"""km/h a second by which it may change: the acceleration of gravity."""
METRES_PER_DEGREE = 111_195.0
SCATTER_DEGREES = SCATTER / METRES_PER_DEGREE / sqrt(2)
"""Degrees by which both axes may differ at once, and positions are no further apart than that."""

Values = tuple[float, ...]
Bounds = list[tuple[float, float]]


def bounds_of(values: Sequence[float]) -> tuple[float, float]:
    """Return the least and the greatest of these; a column that has been looked through knows them
    as its `bounds`, and looking again is most of what it costs to take it in.
    """
    known: tuple[float, float] | None = getattr(values, "bounds", None)
    return known or (min(values), max(values))


class Verdict(NamedTuple):
    """Which samples are taken and which are set apart; indices into what was given.

    `pardoned` is an earlier one that was set apart, and is true after all.
    """

    kept: Sequence[int]
    apart: Sequence[int]
    pardoned: tuple[int, Values] | None = None


class Sort(NamedTuple):
    """How samples of a sort are looked at."""

    true: Callable[[Values], bool]
    """Whether a sample can be true whatever stands beside it."""
    within: Callable[[Bounds], bool]
    """Whether all samples between bounds, the least and the greatest of each axis, are true so."""
    far: Callable[[Values, Values], float]
    """How far two lie from each other: metres, or km/h."""
    at_once: float
    """How far they may always be apart."""
    by_time: float
    """How much further with each millisecond between them."""
    step: float
    """How far each axis may always be from the one before."""


def metres_between(one: Values, other: Values) -> float:
    """Return how far two positions lie from each other, on a flat map of where they are."""
    (x, y), (to_x, to_y) = one, other
    east = (to_x - x + 180) % 360 - 180
    return METRES_PER_DEGREE * hypot(east * cos(radians((y + to_y) / 2)), to_y - y)


def speeds_between(one: Values, other: Values) -> float:
    """Return by how much two speeds differ."""
    return abs(other[0] - one[0])


def a_place(values: Values) -> bool:
    """Tell whether a position is one: a receiver without a fix says 0/0."""
    return values[0] != 0 or values[1] != 0


def no_zero(bounds: Bounds) -> bool:
    """Tell whether no position between bounds is 0/0."""
    (west, east), (south, north) = bounds
    return west > 0 or east < 0 or south > 0 or north < 0


def a_speed(values: Values) -> bool:
    """Tell whether a speed can be a boat's."""
    return values[0] <= FASTEST


def no_faster(bounds: Bounds) -> bool:
    """Tell whether all speeds between bounds can be a boat's."""
    return bounds[0][1] <= FASTEST


PLACES = Sort(a_place, no_zero, metres_between, SCATTER, FASTEST / 3600, SCATTER_DEGREES)
RATES = Sort(a_speed, no_faster, speeds_between, JUMP, PULL / 1000, JUMP)


class Judge:
    """Looks through the samples of one series, in order of time, as they come."""

    __slots__ = ("near", "sort", "waiting")

    def __init__(self, sort: Sort) -> None:
        self.sort = sort
        self.near: tuple[int, Values] | None = None
        """The last sample that was taken."""
        self.waiting: tuple[int, Values] | None = None
        """The one that was set apart since, and may be true."""

    def plain(self, times: Sequence[int], axes: Sequence[Sequence[float]]) -> bool:
        """Tell, cheaply, that `judge` would take all of these, and remember the last: nearly
        always so.

        They ascend, and all come after what was seen.
        """
        near = self.near
        if self.waiting is not None:
            return False
        if near is None:
            if not all(axes):
                return False
            known = tuple([values[0] for values in axes])
        elif times[0] <= near[0]:
            return False
        else:
            known = near[1]
        step = self.sort.step
        if near is not None and len(times) == len(axes) == len(axes[0]) == 1:
            # One by one, as a feed of many series has them: the same without lists around it.
            last, value = known[0], axes[0][0]
            between = (last, value) if last <= value else (value, last)
            if abs(value - last) > step or not self.sort.within([between]):
                return False
            self.near = (times[0], (value,))
            return True
        bounds: Bounds = []
        newest: list[float] = []
        for last, values in zip(known, axes, strict=True):
            low, high = bounds_of(values)
            if last < low:
                low = last
            elif last > high:
                high = last
            # Nearly always all of them lie within one step; else each must from the one before.
            if high - low > step:
                row = [last, *values]
                changes = list(map(sub, islice(row, 1, None), row))
                if min(changes) < -step or max(changes) > step:
                    return False
            bounds.append((low, high))
            newest.append(values[-1])
        if not self.sort.within(bounds):
            return False
        self.near = (times[-1], tuple(newest))
        return True

    def judge(self, times: Sequence[int], axes: Sequence[Sequence[float]]) -> Verdict:
        """Say which of these, in ascending order of time, are true."""
        kept: list[int] = []
        apart: list[int] = []
        pardoned: tuple[int, Values] | None = None
        waits: int | None = None
        for index, (time, *row) in enumerate(zip(times, *axes, strict=True)):
            one = (time, tuple(row))
            if not self.sort.true(one[1]):
                apart.append(index)
                continue
            if self._pardons(one):
                if waits is None:
                    pardoned = self.waiting
                else:
                    apart.remove(waits)
                    kept.append(waits)
                self.waiting = waits = None
            elif self.near is None or self.fits(self.near, one):
                self.waiting = waits = None
            else:
                self.waiting, waits = one, index
                apart.append(index)
                continue
            self.near = one
            kept.append(index)
        return Verdict(sorted(kept), apart, pardoned)

    def fits(self, before: tuple[int, Values], after: tuple[int, Values]) -> bool:
        """Tell whether a boat can have come from one sample to the other in that time."""
        sort = self.sort
        allowed = sort.at_once + sort.by_time * abs(after[0] - before[0])
        return sort.far(before[1], after[1]) <= allowed

    def _pardons(self, one: tuple[int, Values]) -> bool:
        """Tell whether a sample lies with the one that waits, and not with those before it."""
        near, waiting = self.near, self.waiting
        if near is None or waiting is None or one[0] <= waiting[0]:
            return False
        far = self.sort.far
        closer = far(waiting[1], one[1]) < far(near[1], one[1])
        return closer and self.fits(waiting, one)


def judge_of(type_: int) -> Judge | None:
    """Return a judge for a series of a type, or None for one of which anything is believed."""
    if type_ == POSITION:
        return Judge(PLACES)
    if type_ in SPEEDS:
        return Judge(RATES)
    return None
