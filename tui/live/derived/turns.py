"""Tacks and gybes out of a boat's course and speed, with what each of them cost.

After the maneuver detector of sap-sailing-analytics (reference, anchors, Manoeuvres), without its
simplified track: a turn is where the course over ground, followed through its turns, changes side
of the wind. Its ends are where the boat goes straight and is fastest, some seconds off.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import cos, radians
from typing import Literal

from tui.live.units import relative, turn

REACH = 8000
"""Milliseconds that a turn may take to each side of the moment at which it passes the wind."""
STRAIGHT = 2.0
"""Degrees a second below which a boat goes straight."""
LEAST = 30.0
"""Degrees below which a turn is none: a boat that wanders through the wind."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A tack or gybe. Times in ms, angles in degrees, `loss` in metres: how much further along the
    way between both courses the boat were, had it kept its speed on each.
    """

    kind: Literal["tack", "gybe"]
    start: int
    time: int
    end: int
    angle: float
    loss: float


@dataclass(frozen=True, slots=True)
class Sailed:
    """A boat at one moment: course over ground and wind in degrees true, speed in km/h."""

    time: int
    course: float
    speed: float
    wind_from: float


class Turns:
    """Finds the tacks and gybes of a boat's way as it sails.

    Where the course passes where the wind comes from it is a tack, where it passes the other way a
    gybe. A turn of less than 30° counts as none, nor does one within another, nor one within a
    silence of more than 8 s.
    """

    def __init__(self) -> None:
        self._way: list[Sailed] = []
        self._looked = 1
        self._end = 0

    def push(self, one: Sailed) -> Turn | None:
        """Take in where a boat goes, later than before; the turn that is over since, 8 s after it
        passed the wind.
        """
        way = self._way
        way.append(one)
        found: Turn | None = None
        while way[self._looked :] and way[self._looked].time <= one.time - REACH:
            found = self._turn_at(self._looked) or found
            self._looked += 1
        old = 0
        while old < self._looked - 1 and way[old].time < way[self._looked - 1].time - REACH:
            old += 1
        del way[:old]
        self._looked -= old
        return found

    def _turn_at(self, place: int) -> Turn | None:
        """The turn that passes the wind between a place and the one before it."""
        way = self._way
        before, after = (relative(one.wind_from - one.course) for one in way[place - 1 : place + 1])
        if (before > 0) == (after > 0) or way[place].time <= self._end:
            return None
        if way[place].time - way[place - 1].time > REACH:
            # Nobody heard how it turned: it may have sailed anywhere meanwhile.
            return None
        low, high = _edge(way, place - 1, -1), _edge(way, place, 1)
        angle = sum(turn(way[n].course, way[n + 1].course) for n in range(low, high))
        if abs(angle) < LEAST:
            return None
        kind: Literal["tack", "gybe"] = "tack" if abs(before) + abs(after) < 180 else "gybe"
        self._end = way[high].time
        loss = _loss(way[low : high + 1])
        return Turn(kind, way[low].time, way[place].time, self._end, angle, loss)


def _edge(way: Sequence[Sailed], place: int, step: int) -> int:
    """Where a turn begins or ends, from a place on in one direction of time: where the boat goes
    straight, and from there on is the fastest: it has lost until then.
    """
    middle = way[place].time

    def near(other: int) -> bool:
        return 0 <= other < len(way) and abs(way[other].time - middle) <= REACH

    while near(place + step):
        one, other = way[place], way[place + step]
        seconds = abs(other.time - one.time) / 1000
        if seconds and abs(turn(one.course, other.course)) / seconds < STRAIGHT:
            break
        place += step
    fastest = place
    while near(place + step):
        place += step
        if way[place].speed > way[fastest].speed:
            fastest = place
    return fastest


def _loss(way: Sequence[Sailed]) -> float:
    """Metres lost: the speed of the entry kept along the bisector of both courses, minus what was
    sailed along it. It needs no wind.
    """
    first, last = way[0], way[-1]
    middle = first.course + turn(first.course, last.course) / 2
    kept = first.speed / 3.6 * cos(radians(first.course - middle))
    lost = 0.0
    for one, other in pairwise(way):
        seconds = (other.time - one.time) / 1000
        made = [each.speed / 3.6 * cos(radians(each.course - middle)) for each in (one, other)]
        lost += (kept - sum(made) / 2) * seconds
    return lost
