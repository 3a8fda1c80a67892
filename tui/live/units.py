"""Speeds in a person's unit, angles in the form that people say them."""

from __future__ import annotations

from enum import StrEnum

KMH_PER_KNOT = 1.852
KMH_PER_METRE_A_SECOND = 3.6


class SpeedUnit(StrEnum):
    """How speeds are shown; on Igtimi's wire they are km/h (reference, Igtimi, section 2)."""

    KMH = "km/h"
    KNOTS = "kn"
    METRES = "m/s"


PER_UNIT = {
    SpeedUnit.KMH: 1.0,
    SpeedUnit.KNOTS: KMH_PER_KNOT,
    SpeedUnit.METRES: KMH_PER_METRE_A_SECOND,
}


def from_kmh(speed: float, unit: SpeedUnit) -> float:
    """Return a speed of the wire in `unit`."""
    return speed / PER_UNIT[unit]


def to_kmh(speed: float, unit: SpeedUnit) -> float:
    """Return a speed given in `unit` as the wire has it."""
    return speed * PER_UNIT[unit]


def bearing(degrees: float) -> float:
    """Return a direction in 0 <= d < 360."""
    turned = degrees % 360
    return 0.0 if turned == 360 else turned


def relative(degrees: float) -> float:
    """Return an angle to the bow in -180 < d <= 180: starboard is positive."""
    turned = bearing(degrees)
    return turned - 360 if turned > 180 else turned


def turn(start: float, end: float) -> float:
    """Return the shortest turn from one direction to another, -180 < d <= 180."""
    return relative(end - start)


ARROWS = "↑↗→↘↓↙←↖"
ASCII_POINTS = ("N", "NE", "E", "SE", "S", "SW", "W", "NW")


def arrow(towards: float) -> str:
    """Return the arrow that points towards a direction, north being up."""
    return ARROWS[_octant(towards)]


def point(towards: float) -> str:
    """Return the compass point of a direction, for screens without arrows."""
    return ASCII_POINTS[_octant(towards)]


def wind_arrow(comes_from: float) -> str:
    """Return the arrow of a wind: it blows away from where it comes."""
    return arrow(comes_from + 180)


def _octant(towards: float) -> int:
    return round(bearing(towards) / 45) % 8
