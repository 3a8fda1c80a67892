"""Laylines of the mark that is sailed to: for the fleet, and what one boat has yet to sail."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import TYPE_CHECKING, NamedTuple

from tui.live.course import STILL, Point, destination, direction, distance
from tui.live.derived.formulas import Laylines, laylines

if TYPE_CHECKING:
    from tui.workspace.live.course import Course, CourseMark, Fleet, Sailor

LONGEST = 20_000.0
"""Metres of a layline at most: beyond nobody sails one."""


class Angles(NamedTuple):
    """True wind angles in degrees that are sailed to windward and to leeward."""

    beat: float
    run: float


class Layline(NamedTuple):
    """One of them: from far off to the mark, and on which tack it is sailed."""

    start: Point
    end: Point
    starboard: bool


@dataclass(frozen=True, slots=True)
class Approach:
    """The laylines of a mark. `way` is what a boat has yet to sail to it; None without a boat.

    `seconds` for both parts at the boat's speed; None where it lies still or says none.
    """

    mark: str
    lines: Sequence[Layline]
    way: Laylines | None = None
    seconds: tuple[float, float] | None = None


def mark_sailed_to(course: Course, wanted: str) -> CourseMark | None:
    """The mark of a name, else the windward one; None where there is none."""
    name = wanted.strip().casefold()
    return next(
        (
            one
            for one in course.marks
            if (one.name.casefold() == name if name else one.kind == "windward")
        ),
        None,
    )


def approach(
    fleet: Fleet,
    mark: CourseMark | None,
    angles: Callable[[float], Angles],
    chosen: Sailor | None = None,
) -> Approach | None:
    """The laylines of a mark in the wind of the fleet; None without either, or without boats.

    `angles` are those of a wind speed in km/h. Whether it is sailed to windward or to leeward is
    where it lies from the chosen boat, else from most of the fleet.
    """
    wind = fleet.wind
    place = next((place for one, place in fleet.marks if one == mark), None)
    sailing = [one.place for one in fleet.sailors if not one.lost(fleet.now)]
    if wind is None or place is None or not sailing:
        return None
    of = sailing if chosen is None else [chosen.place]
    ahead = [cos(radians(direction(one, place) - wind.comes_from)) > 0 for one in of]
    beat, run = angles(wind.speed)
    angle = beat if 2 * sum(ahead) >= len(ahead) else run
    length = min(max(distance(one, place) for one in sailing), LONGEST)
    lines = [
        Layline(destination(place, wind.comes_from - side * angle + 180, length), place, side > 0)
        for side in (1, -1)
    ]
    name = mark.name if mark is not None else ""
    if chosen is None:
        return Approach(name, lines)
    way = laylines(chosen.place, place, wind.comes_from, angle)
    speed = chosen.speed
    if way is None or speed is None or speed <= STILL:
        return Approach(name, lines, way)
    return Approach(name, lines, way, (way.on_starboard * 3.6 / speed, way.on_port * 3.6 / speed))
