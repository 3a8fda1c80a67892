"""Geometry on the water: distances, bearings, the start line, and what wind a boat has.

Distances are metres, positions degrees WGS84, directions degrees from true north, speeds km/h
as on Igtimi's wire. The earth is a sphere here: within a race area that errs by some 0.3 %.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import asin, atan2, cos, degrees, hypot, inf, isfinite, radians, sin, sqrt

from tui.live.units import bearing, relative

EARTH = 6_371_008.8
"""Mean radius in metres (IUGG)."""
STILL = 0.1
"""km/h below which a course over ground means nothing (reference, Igtimi, section 7.9)."""


@dataclass(frozen=True, slots=True)
class Point:
    """A place: longitude first, as on the wire."""

    longitude: float
    latitude: float


def distance(start: Point, end: Point) -> float:
    """Return the distance along the great circle, in metres (haversine)."""
    latitude = radians(end.latitude - start.latitude)
    longitude = radians(end.longitude - start.longitude)
    chord = (
        sin(latitude / 2) ** 2
        + cos(radians(start.latitude)) * cos(radians(end.latitude)) * sin(longitude / 2) ** 2
    )
    return 2 * EARTH * asin(min(1.0, sqrt(chord)))


def direction(start: Point, end: Point) -> float:
    """Return the initial bearing from one place to another; 0 if they are the same."""
    turn = radians(end.longitude - start.longitude)
    south, north = radians(start.latitude), radians(end.latitude)
    east = sin(turn) * cos(north)
    ahead = cos(south) * sin(north) - sin(south) * cos(north) * cos(turn)
    return bearing(degrees(atan2(east, ahead)))


def destination(start: Point, towards: float, metres: float) -> Point:
    """Return the place `metres` away in a direction."""
    angle, course = metres / EARTH, radians(towards)
    south = radians(start.latitude)
    north = asin(sin(south) * cos(angle) + cos(south) * sin(angle) * cos(course))
    east = atan2(sin(course) * sin(angle) * cos(south), cos(angle) - sin(south) * sin(north))
    return Point(relative(start.longitude + degrees(east)), degrees(north))


def laid_then(before: Sequence[tuple[int, Point]], time: int, laid: Point | None) -> Point | None:
    """Return where something lay at a time, in ms: each of the places `before` counts up to the
    time beside it, in order, and `laid` from then on.
    """
    return next((place for until, place in before if time < until), laid)


def flat(origin: Point, place: Point) -> tuple[float, float]:
    """Return metres east and north of `origin`: exact enough within some kilometres."""
    east = relative(place.longitude - origin.longitude)
    return (
        radians(east) * EARTH * cos(radians(origin.latitude)),
        radians(place.latitude - origin.latitude) * EARTH,
    )


@dataclass(frozen=True, slots=True)
class LineView:
    """A start line as one boat has it.

    `metres` to the line itself, extended beyond its ends: negative once it is crossed.
    `seconds` until the boat crosses at this course and speed, None if it does not go there.
    `between` says whether it crosses, or stands before, the line between its ends. `length` of
    the line; `nearest` end and its distance, for those who must go round.
    """

    metres: float
    seconds: float | None
    between: bool
    length: float
    nearest: float


SHORTEST_LINE = 3.0
"""Metres between its ends below which a line has no direction: receivers err by as much."""


def line_between(pin: Point, committee: Point) -> StartLine | None:
    """Return the line between two ends; None where they are one place, as they are while one unit
    lies in for both: of such a line nobody can be before or beyond.
    """
    line = StartLine(pin, committee)
    return line if line.length >= SHORTEST_LINE else None


class StartLine:
    """The line between the pin and the committee boat.

    Looking up the course the pin is on the left and the committee boat on the right; boats wait
    on the right hand of one who walks from the pin to the committee boat.
    """

    def __init__(self, pin: Point, committee: Point) -> None:
        self.pin = pin
        self.committee = committee
        self._east, self._north = flat(pin, committee)
        self.length = hypot(self._east, self._north)

    @property
    def across(self) -> float:
        """The direction in which the line is crossed at the start, square to it."""
        return bearing(degrees(atan2(self._east, self._north)) - 90)

    def bias(self, wind_from: float) -> float:
        """Return by how many degrees the line is square to the wind: positive favours the pin."""
        return relative(self.across - wind_from)

    def side(self, place: Point) -> float:
        """Return the metres before the line; negative on the course side."""
        if not self.length:
            return -distance(self.pin, place)
        east, north = flat(self.pin, place)
        return (self._north * east - self._east * north) / self.length

    def along(self, place: Point) -> float:
        """Return where on the line a place lies: 0 at the pin, 1 at the committee boat."""
        if not self.length:
            return 0.0
        east, north = flat(self.pin, place)
        return (self._east * east + self._north * north) / self.length**2

    def view(self, place: Point, course: float | None, speed: float | None) -> LineView:
        """Return the line as a boat has it; course and speed (km/h) over ground, if known."""
        metres, share = self.side(place), self.along(place)
        seconds: float | None = None
        if course is not None and speed is not None and speed > STILL:
            # Metres a second towards the line from where the boat is.
            closing = speed / 3.6 * cos(radians(course - self.across))
            time = metres / closing if closing else inf
            if isfinite(time) and time >= 0:
                seconds = time
                way = speed / 3.6 * time
                share = self.along(destination(place, course, way))
        ends = min(distance(place, self.pin), distance(place, self.committee))
        return LineView(metres, seconds, 0 <= share <= 1, self.length, ends)


@dataclass(frozen=True, slots=True)
class Wind:
    """A wind: where it comes from, degrees true, and its speed in km/h."""

    comes_from: float
    speed: float
