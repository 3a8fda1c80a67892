"""Angles as lines: without a jump at north or at the stern, and on a scale around their middle.

A course near north is one line and no square wave, so an angle is drawn as the one of its turns
(351° or -9°, 9° or 369°) that lies nearest to the one before. An angle to the wind is drawn as how
far off the bow it is; which side that is, its colour and its sign say. No Textual.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import atan2, cos, degrees, floor, radians, sin
from statistics import fmean
from typing import Protocol

from tui.live.units import relative
from tui.widgets.sparkline_cells import Bucket, span_of

OFF_BOW = (0.0, 180.0)
"""The whole scale of angles to the wind: how far off the bow."""
PORT, STARBOARD = 8, 9
"""Levels of a graph's colours behind those of heights: the side of an angle to the wind."""


Samples = Callable[[int], Sequence[float]]
"""The samples of the column at a place, as far as they are known one by one."""


class Pointed(Protocol):
    """One time bucket, by its middle."""

    @property
    def mean(self) -> float:
        """Their mean; of angles within 0..360."""


class Turned(Pointed, Protocol):
    """One time bucket, by how many samples there are and from where to where they lie."""

    @property
    def size(self) -> int:
        """How many samples."""

    @property
    def low(self) -> float:
        """The lowest; of angles around the mean."""

    @property
    def high(self) -> float:
        """The highest; of angles around the mean."""

    @property
    def last(self) -> float:
        """The newest."""


def unwrapped(angle: float, near: float) -> float:
    """An angle as the one of its turns that lies within half a turn of `near`."""
    return near + (angle - near + 180) % 360 - 180


def nearest_turn(angle: float, to: float) -> float:
    """Whole turns that bring an angle as near as can be."""
    return 360.0 * round((to - angle) / 360)


def centre_of(columns: Sequence[Pointed | None]) -> float:
    """The mean direction of angles in 0..360; 180 where there are none."""
    return middle_of(pointed((0.0, 0.0), columns))


def pointed(
    direction: tuple[float, float], columns: Sequence[Pointed | None]
) -> tuple[float, float]:
    """A direction, to the east and to the north, with some more columns in it."""
    east, north = direction
    for column in columns:
        if column is not None:
            east += sin(radians(column.mean))
            north += cos(radians(column.mean))
    return east, north


def middle_of(direction: tuple[float, float]) -> float:
    """Where a direction points, in 0..360; 180 where it points nowhere."""
    east, north = direction
    if abs(east) + abs(north) < 1e-9:
        return 180.0
    # Whole tens: a centre that moves with every sample would move the whole row.
    return round(degrees(atan2(east, north)) / 10) * 10 % 360


def around(centre: float, values: Sequence[Bucket]) -> tuple[float, float]:
    """The middle of a scale, `centre` or a turn of it that is nearest to the values, and how far
    the values lie from there at most.
    """
    there = [value for value in values if value is not None]
    if not there:
        return centre, 0.0
    centre += nearest_turn(centre, sum(there) / len(there))
    return centre, max(max(there) - centre, centre - min(there))


def off_bow(low: float, high: float, mean: float) -> tuple[float, float, float]:
    """Lowest, highest and mean of angles to the bow, from `low` on up to `high`, as how far off it
    they are.
    """
    near, far = sorted((abs(relative(low)), abs(relative(high))))
    if floor(high / 360) > floor(low / 360) or low % 360 == 0:
        near = 0.0
    if floor(high / 360 - 0.5) > floor(low / 360 - 0.5):
        far = 180.0
    return near, far, abs(relative(mean))


def sailed_off(column: Turned, place: int, samples: Samples) -> tuple[float, float, float]:
    """How far off the bow the angles of a column were: lowest, highest, mean.

    Those of both sides lie on two sides of the bow or the stern, and none need be there: what
    such a column holds is gone through one by one, and where that is not known any more it is
    the newest alone.
    """
    low, high, mean = off_bow(column.low, column.high, column.mean)
    if column.size > 1 and (low == 0 or high == 180):
        there = [abs(relative(one)) for one in samples(place)]
        if len(there) != column.size:
            there = [abs(relative(column.last))]
        return min(there), max(there), fmean(there)
    return low, high, mean


def scale_off_bow(values: Sequence[Bucket]) -> tuple[float, float]:
    """The scale of angles to the wind: 45° to both sides of their middle or as far as they reach,
    moved to where it goes beyond neither bow nor stern.
    """
    there = [value for value in values if value is not None]
    if not there:
        return OFF_BOW
    # Whole tens, as of directions.
    middle = round((min(there) + max(there)) / 20) * 10.0
    span = min(90.0, span_of(max(max(there) - middle, middle - min(there))))
    middle = min(180 - span, max(span, middle))
    return middle - span, middle + span
