"""A heat: wait for the start, race round the course, come back to the starting area.

All of it follows from the plan and the time at which the heat begins. Any moment of it can
therefore be computed again, now or a week later, and REST and live tell the same story.
"""

from __future__ import annotations

import math
from copy import copy
from dataclasses import dataclass
from random import Random
from typing import Self

from tui.embedded.igtimi.fleet_boat import Boat, Leg, State
from tui.embedded.igtimi.fleet_course import Course, Venue, Wind

SURE_BOATS = 2
"""The first boats never lose their connection, so that there is always something to see."""


@dataclass(frozen=True)
class Plan:
    """What a simulated fleet is made of."""

    venue: Venue
    boats: tuple[str, ...]
    """Serial numbers of the boats' units."""
    wind_bots: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    hertz: float = 2.0
    seed: int = 1
    heat_seconds: int = 2400
    start_seconds: int = 180
    """From the begin of a heat to the starting signal."""
    back_seconds: int = 420
    """Before the end of a heat, when a boat still racing gives up."""
    laps: int = 2
    leg_metres: float = 850.0
    origin: int = 0
    """UTC seconds at which some heat begins; the others follow end to end."""

    @property
    def course(self) -> Course:
        """The course, laid for the usual wind of the venue."""
        line = max(160.0, 14.0 * len(self.boats))
        return Course(self.venue.wind_from, self.leg_metres, line)

    def begin_of_heat(self, second: int) -> int:
        """When the heat began that a moment lies in."""
        return second - (second - self.origin) % self.heat_seconds


@dataclass(frozen=True)
class Loss:
    """A stretch of a heat, in its seconds, in which a unit has no connection."""

    first: int
    last: int


class Heat:
    """The boats of one heat, advanced second by second."""

    def __init__(self, plan: Plan, begin: int) -> None:
        """`begin`: UTC seconds at which the heat begins."""
        self.plan = plan
        self.begin = begin
        self._steps = 0
        self.course = plan.course
        self.wind = Wind(plan.venue, plan.seed)
        self._current = plan.venue.current()
        self._boats = [self._boat(number) for number in range(len(plan.boats))]
        self.losses = [self._losses(number) for number in range(len(plan.boats))]
        self.before: list[State] = []
        """All boats at the begin of the current second."""
        self.after: list[State] = []
        """All boats at its end."""
        self._step()
        self._step()

    @property
    def elapsed(self) -> int:
        """Seconds since the begin of the heat."""
        return self._steps - 2

    @property
    def second(self) -> int:
        """The current second, UTC."""
        return self.begin + self.elapsed

    def _boat(self, number: int) -> Boat:
        # What a boat is stays the same from heat to heat, so that it begins a heat where
        # it ended the one before.
        nature = Random(f"boat:{self.plan.seed}:{number}")
        count = len(self.plan.boats)
        right = (number + 0.5) / count * self.course.line - self.course.line / 2
        home = self.course.place(-70.0 - 25.0 * (number % 2), right * 0.9)
        phase = nature.uniform(0.0, math.tau)
        skill = nature.uniform(0.93, 1.04)
        luck = Random(f"heat:{self.plan.seed}:{self.begin}:{number}")
        boat = Boat(luck, *home, 0.0, home, phase, skill, luck.uniform(0.18, 0.42))
        boat.x, boat.y = boat.waiting_place(self.begin)
        boat.heading = (90.0 - math.degrees(math.tau * self.begin / 75.0 + phase) - 90.0) % 360.0
        boat.tack = 1 if luck.random() < 0.7 else -1
        return boat

    def _losses(self, number: int) -> tuple[Loss, ...]:
        random = Random(f"loss:{self.plan.seed}:{self.begin}:{number}")
        if number < SURE_BOATS or random.random() < 0.45:
            return ()
        first = random.randrange(60, max(61, self.plan.heat_seconds - 240))
        return (Loss(first, first + random.randrange(20, 90)),)

    def lost(self, number: int) -> bool:
        """True while that boat's unit has no connection."""
        return any(loss.first <= self.elapsed < loss.last for loss in self.losses[number])

    def advance(self) -> None:
        """Go on to the next second."""
        self._step()

    def branch(self) -> Self:
        """The same heat at the same second, to be advanced by itself."""
        other = copy(self)
        other._boats = [boat.branch() for boat in self._boats]
        return other

    def _step(self) -> None:
        plan = self.plan
        elapsed = self._steps
        self._steps += 1
        left = plan.heat_seconds - elapsed
        states = []
        for boat in self._boats:
            if boat.leg is Leg.WAIT and elapsed >= plan.start_seconds:
                boat.leg = Leg.BEAT
            elif boat.leg in (Leg.BEAT, Leg.RUN) and (
                left <= plan.back_seconds or boat.rounded >= 2 * plan.laps
            ):
                boat.leg = Leg.RETURN
            states.append(
                boat.advance(
                    self.wind, self.course, self._current, float(self.begin + elapsed), float(left)
                )
            )
        self.before, self.after = self.after, states


_MOST_KEPT = 16
_kept: dict[Plan, Heat] = {}
"""The latest moment that was asked for, of a few plans: nobody advances these."""


def heat_at(plan: Plan, second: int) -> Heat:
    """The heat that a moment (UTC seconds) lies in, sailed up to that moment.

    It goes on from where somebody last asked for the same plan, if that is in the same heat and
    not later: a fleet is started whenever somebody comes to watch, and a heat has 2400 seconds.
    """
    kept = _kept.get(plan)
    if kept is not None and kept.begin == plan.begin_of_heat(second) and kept.second <= second:
        heat = kept.branch()
    else:
        heat = Heat(plan, plan.begin_of_heat(second))
    while heat.second < second:
        heat.advance()
    if len(_kept) >= _MOST_KEPT:
        _kept.clear()
    _kept[plan] = heat.branch()
    return heat
