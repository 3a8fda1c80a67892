"""One formula each, of plain numbers: degrees true, km/h, metres, seconds.

A formula that has no answer gives None. Places are of a sphere, as in `tui.live.course`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import asin, atan2, cos, degrees, hypot, inf, radians, sin
from statistics import median

from tui.live.course import Point, StartLine, direction, distance, flat
from tui.live.units import bearing, relative, turn

NOWHERE = 1e-9
"""Length below which a vector points nowhere."""


def true_heading(magnetic: float, declination: float) -> float:
    """Return a direction from true north: magnetic + declination, east positive. Degrees."""
    return bearing(magnetic + declination)


def wind_angle(wind_from: float, heading: float) -> float:
    """Return where the wind comes from relative to the bow: TWD - heading, -180..180, degrees.

    The wind is over ground; on starboard it is positive, as on Igtimi's wire.
    """
    return relative(wind_from - heading)


def wind_of(
    angle: float, strength: float, heading: float, course: float, speed: float
) -> tuple[float | None, float]:
    """Return where the wind comes from and its speed, of the apparent wind (starboard positive).

    The apparent wind's vector minus the boat's own: over ground where `course` and `speed` are,
    over the water where they are heading and speed through water. None for the direction of a calm.
    """
    blows, sails = radians(heading + angle), radians(course)
    east = strength * sin(blows) - speed * sin(sails)
    north = strength * cos(blows) - speed * cos(sails)
    found = hypot(east, north)
    return (bearing(degrees(atan2(east, north))) if found > NOWHERE else None), found


def made_good(speed: float, course: float, towards: float) -> float:
    """Return speed * cos(towards - course), in the speed's unit.

    VMG where `towards` is where the wind comes from, VMC where it is the bearing of a mark. Both
    over ground: a speed through water does not go with a course over ground.
    """
    return speed * cos(radians(towards - course))


def mean_direction(directions: Iterable[float]) -> float | None:
    """Return atan2(Σ sin, Σ cos) in 0..360; None where they cancel out, or there are none."""
    east = north = 0.0
    for one in directions:
        east += sin(radians(one))
        north += cos(radians(one))
    return None if hypot(east, north) < NOWHERE else bearing(degrees(atan2(east, north)))


def middle(values: Sequence[float]) -> float | None:
    """Return the median of values; None without any."""
    return median(values) if values else None


def current(
    course: float, speed: float, heading: float, water_speed: float
) -> tuple[float | None, float]:
    """Return set, the direction that the water goes to, and drift, its speed.

    Over ground minus through water, as vectors; None for the set of water that stands. Leeway
    counts as current. (Signal K's derived-data turns it the wrong way: reference, anchors.)
    """
    east = speed * sin(radians(course)) - water_speed * sin(radians(heading))
    north = speed * cos(radians(course)) - water_speed * cos(radians(heading))
    drift = hypot(east, north)
    return (bearing(degrees(atan2(east, north))) if drift > NOWHERE else None), drift


def attitude(x: float, y: float, z: float, w: float) -> tuple[float, float] | None:
    """Return heel and pitch in degrees of an orientation (type 17), or None for no rotation.

    Heel = atan2(2(wx + yz), 1 - 2(x² + y²)), pitch = asin(2(wy - zx)) of the unit quaternion.
    OUR ASSUMPTION: x to the bow, y to starboard, z down; no document says it.
    """
    length = hypot(x, y, z, w)
    if length < NOWHERE:
        return None
    x, y, z, w = x / length, y / length, z / length, w / length
    heel = atan2(2 * (w * x + y * z), 1 - 2 * (x * x + y * y))
    return degrees(heel), degrees(asin(max(-1.0, min(1.0, 2 * (w * y - z * x)))))


def lean(x: float, y: float, z: float) -> tuple[float, float] | None:
    """Return heel and pitch in degrees of an acceleration (type 18) at rest, or None in free fall.

    Heel = atan2(y, z), pitch = atan2(x, √(y² + z²)). OUR ASSUMPTION: x to the bow; y to port where
    gravity shows as positive z, to starboard where it shows as negative. Beyond 90° it cannot be
    told, and waves count as lean.
    """
    if hypot(x, y, z) < NOWHERE:
        return None
    heel = atan2(y if z >= 0 else -y, abs(z))
    return degrees(heel), degrees(atan2(x, hypot(y, z)))


def line_distance(line: StartLine, place: Point) -> float:
    """Return the metres to a line: square to it, to the nearer end beyond those; signed.

    Positive before the line, negative on the course side (reference, anchors, Start).
    """
    before, share = line.side(place), line.along(place)
    if 0 <= share <= 1:
        return before
    end = line.pin if share < 0 else line.committee
    return distance(end, place) * (-1 if before < 0 else 1)


def line_time(line: StartLine, place: Point, course: float, speed: float) -> float | None:
    """Return the seconds to the line, extended, at this course and speed; None if going away."""
    closing = speed / 3.6 * cos(radians(course - line.across))
    before = line.side(place)
    seconds = before / closing if closing else inf
    return seconds if 0 <= seconds < inf else None


def windward(place: Point, other: Point, wind_from: float) -> float:
    """Return the metres that another place is further to windward: both projected on where the wind
    comes from; negative where it is to leeward.
    """
    east, north = flat(place, other)
    return east * sin(radians(wind_from)) + north * cos(radians(wind_from))


def leading(fleet: Sequence[Point], wind_from: float) -> Point | None:
    """Return the place of a fleet that is furthest to windward, None without a fleet."""
    return max(fleet, key=lambda one: windward(fleet[0], one, wind_from), default=None)


def behind(place: Point, fleet: Iterable[Point], wind_from: float) -> float | None:
    """Return the metres that the one furthest to windward of a fleet is further to windward.

    At least 0 for one of the fleet; None without a fleet.
    """
    return max((windward(place, one, wind_from) for one in fleet), default=None)


@dataclass(frozen=True, slots=True)
class Laylines:
    """The two ways to a mark, to windward or to leeward; directions over ground in degrees true,
    lengths in metres.
    """

    starboard: float
    port: float
    on_starboard: float
    on_port: float

    @property
    def inside(self) -> bool:
        """Whether the boat has both still to sail."""
        return self.on_starboard >= 0 and self.on_port >= 0


def laylines(place: Point, mark: Point, wind_from: float, angle: float) -> Laylines | None:
    """Return the ways to a mark at a target true wind angle, in still water.

    On starboard tack the course is TWD - angle, on port TWD + angle (more than 90 is downwind). The
    way to the mark is the sum of both; a negative part is a mark that is overstood on that tack.
    None where the two are one line (angle 0 or 180). Source: reference, anchors, Laylines.
    """
    east, north = flat(place, mark)
    one, other = radians(wind_from - angle), radians(wind_from + angle)
    cross = sin(one) * cos(other) - cos(one) * sin(other)
    if abs(cross) < NOWHERE:
        return None
    on_starboard = (east * cos(other) - north * sin(other)) / cross
    on_port = (north * sin(one) - east * cos(one)) / cross
    return Laylines(bearing(degrees(one)), bearing(degrees(other)), on_starboard, on_port)


def bearing_of_mark(place: Point, mark: Point) -> float:
    """Return the bearing of a mark, degrees true, along the great circle."""
    return direction(place, mark)


def shift(wind_from: float, mean: float) -> float:
    """Return by how far a wind has turned from a mean, -180..180 degrees: positive is veered."""
    return turn(mean, wind_from)
