"""One boat that sails: polar speeds, laylines, tacks and gybes, one second at a time."""

from __future__ import annotations

import math
from copy import copy
from dataclasses import dataclass, replace
from enum import Enum
from itertools import pairwise
from random import Random
from typing import NamedTuple

from tui.embedded.igtimi.fleet_course import KNOT, Course, Wind, wrapped

UPWIND_ANGLE = 43.0
DOWNWIND_ANGLE = 147.0
ROUNDING_METRES = 28.0
TURN_A_SECOND = 11.0
"""Degrees that a helm turns in a second, in a tack or gybe as on the way."""

_POLAR = (
    (0.0, 0.05),
    (25.0, 0.30),
    (35.0, 0.58),
    (43.0, 0.70),
    (60.0, 0.84),
    (90.0, 0.97),
    (115.0, 1.03),
    (135.0, 0.98),
    (150.0, 0.86),
    (180.0, 0.74),
)


def polar_speed(angle: float, wind: float) -> float:
    """Speed through the water (m/s) at a true wind angle (0..180) and wind speed (m/s)."""
    knots = wind / KNOT
    best = 9.2 * (1.0 - math.exp(-knots / 10.5))
    for (low, slow), (high, fast) in pairwise(_POLAR):
        if angle <= high:
            return best * (slow + (fast - slow) * (angle - low) / (high - low)) * KNOT
    return best * _POLAR[-1][1] * KNOT


class Leg(Enum):
    """What a boat is about."""

    WAIT = "before the start"
    BEAT = "to windward"
    RUN = "to leeward"
    RETURN = "back to the starting area"


class State(NamedTuple):
    """What instruments can measure of a boat at one moment; metres, m/s, degrees."""

    x: float
    y: float
    heading: float
    course: float
    ground_speed: float
    apparent_angle: float
    apparent_speed: float
    heart_rate: float


@dataclass
class Boat:
    """Position, motion and plan of one boat. Randomness comes from its own generator."""

    random: Random
    x: float
    y: float
    heading: float
    home: tuple[float, float]
    phase: float
    skill: float
    lane: float
    """How far from the axis it likes to sail, as a share of the leg."""
    speed: float = 0.5
    tack: int = 1
    """1: wind from starboard; -1: from port."""
    leg: Leg = Leg.WAIT
    rounded: int = 0
    since_manoeuvre: int = 0
    heart_rate: float = 88.0

    def branch(self) -> Boat:
        """The same boat, with the same luck to come."""
        return replace(self, random=copy(self.random))

    def waiting_place(self, seconds: float) -> tuple[float, float]:
        """Where it idles before the start: a slow round about its own place."""
        angle = math.tau * seconds / 75.0 + self.phase
        return self.home[0] + 22.0 * math.cos(angle), self.home[1] + 22.0 * math.sin(angle)

    def advance(
        self, wind: Wind, course: Course, current: tuple[float, float], seconds: float, left: float
    ) -> State:
        """Sail one second. `left`: seconds until the boat must be back at its place."""
        direction, strength = wind.at(self.x, self.y, seconds)
        if self.leg in (Leg.WAIT, Leg.RETURN):
            velocity = self._chase(seconds, left)
        else:
            self._steer(course, direction)
            velocity = self._sail(direction, strength, current)
        self.x += velocity[0]
        self.y += velocity[1]
        self._exert()
        return self._state(velocity, direction, strength)

    def _chase(self, seconds: float, left: float) -> tuple[float, float]:
        """Follow the waiting place; faster when little time is left to get there."""
        x, y = self.waiting_place(seconds + 1.0)
        dx, dy = x - self.x, y - self.y
        distance = math.hypot(dx, dy)
        limit = 3.0 if self.leg is Leg.WAIT else max(2.6, distance / max(left, 1.0))
        speed = min(distance, limit)
        if distance > 0.05:
            self._turn(math.degrees(math.atan2(dx, dy)))
            dx, dy = dx / distance, dy / distance
        self.speed = speed
        return dx * speed, dy * speed

    def _turn(self, wanted: float) -> None:
        change = max(-TURN_A_SECOND, min(TURN_A_SECOND, wrapped(wanted - self.heading)))
        self.heading = (self.heading + change) % 360.0

    def _steer(self, course: Course, direction: float) -> None:
        beating = self.leg is Leg.BEAT
        mark = course.windward if beating else course.leeward
        dx, dy = mark[0] - self.x, mark[1] - self.y
        if math.hypot(dx, dy) < ROUNDING_METRES:
            self._round()
            return
        bearing = math.degrees(math.atan2(dx, dy))
        straight = direction if beating else direction + 180.0
        angle = UPWIND_ANGLE if beating else 180.0 - DOWNWIND_ANGLE
        # The side of the straight line on which this tack sails: left when beating on
        # starboard, right when running on it.
        side = -self.tack if beating else self.tack
        off = wrapped(bearing - straight)
        self.since_manoeuvre += 1
        if abs(off) >= angle and side * off > 0.0:
            self._turn(bearing)
            return
        if (abs(off) >= angle and side * off < 0.0) or self._wants_to_turn(course, side):
            self.tack = -self.tack
            self.since_manoeuvre = 0
            self.heart_rate += 6.0
            side = -side
        sway = 1.8 * math.sin(self.since_manoeuvre / 7.0 + self.phase)
        self._turn(straight + side * angle + sway)

    def _wants_to_turn(self, course: Course, side: int) -> bool:
        """True to tack or gybe before the layline: at the edge of its lane, or on a whim."""
        if self.since_manoeuvre < 35:
            return False
        angle = math.radians(course.axis)
        right = self.x * math.cos(angle) - self.y * math.sin(angle)
        outward = right * side if self.leg is Leg.BEAT else -right * side
        if outward > self.lane * course.leg:
            return True
        return self.random.random() < 0.004

    def _round(self) -> None:
        self.since_manoeuvre = 0
        self.rounded += 1
        self.leg = Leg.RUN if self.leg is Leg.BEAT else Leg.BEAT
        self.tack = 1 if self.random.random() < 0.6 else -1
        self.heart_rate += 10.0

    def _sail(
        self, direction: float, strength: float, current: tuple[float, float]
    ) -> tuple[float, float]:
        angle = abs(wrapped(direction - self.heading))
        target = polar_speed(angle, strength) * self.skill
        # Slowing in a tack is quicker than gathering way after it.
        self.speed += (target - self.speed) / (4.5 if target < self.speed else 7.0)
        leeway = 3.5 * math.cos(math.radians(angle)) if angle < 90.0 else 0.0
        side = 1.0 if wrapped(direction - self.heading) < 0.0 else -1.0
        way = math.radians(self.heading + side * leeway)
        return (
            self.speed * math.sin(way) + current[0],
            self.speed * math.cos(way) + current[1],
        )

    def _exert(self) -> None:
        rest = {Leg.WAIT: 92.0, Leg.BEAT: 152.0, Leg.RUN: 126.0, Leg.RETURN: 98.0}[self.leg]
        self.heart_rate += (rest - self.heart_rate) / 70.0 + self.random.uniform(-0.5, 0.5)

    def _state(self, velocity: tuple[float, float], direction: float, strength: float) -> State:
        toward = math.radians(direction)
        east = strength * math.sin(toward) + velocity[0]
        north = strength * math.cos(toward) + velocity[1]
        apparent = math.degrees(math.atan2(east, north))
        return State(
            self.x,
            self.y,
            self.heading,
            math.degrees(math.atan2(velocity[0], velocity[1])) % 360.0,
            math.hypot(*velocity),
            (apparent - self.heading) % 360.0,
            math.hypot(east, north),
            self.heart_rate,
        )
