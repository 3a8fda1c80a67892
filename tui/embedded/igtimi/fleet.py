"""The simulated fleet: step it, and it says what its units measured and delivered.

A pure function of its plan and the time: it has no clock and no sockets, so a day can be sailed
in a minute, and the same moment always gives the same samples.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field

from tui.embedded.igtimi.blocks import Column
from tui.embedded.igtimi.fleet_heat import Plan, heat_at
from tui.embedded.igtimi.fleet_units import BoatUnit, MarkUnit, Unit, WindUnit, Wiring

BACKLOG_SPEED = 8
"""Seconds of held-back samples that a unit uploads in one second, beside its live data."""


@dataclass
class Burst:
    """What one unit measured in one step: columns by (type, source)."""

    serial: str
    columns: dict[tuple[int, int], Column]
    stored: bool = True
    """False for what is live only: a WindBot's battery (reference/igtimi.md section 2)."""


@dataclass
class Step:
    """What happened in one step."""

    live: list[Burst] = field(default_factory=list)
    """Delivered at once: to the live feed and to the storage."""
    backlog: list[Burst] = field(default_factory=list)
    """Held back while a unit had no connection; to the storage only."""
    messages: list[list[Burst]] | None = None
    """The arrays that go out on the live feed, when they are to have exactly this form."""

    @property
    def stored(self) -> list[Burst]:
        """All that goes to the storage."""
        return [burst for burst in self.live if burst.stored] + self.backlog


class Fleet:
    """Boats, WindBots and marks from a moment on."""

    def __init__(self, plan: Plan, start: int) -> None:
        """`start`: UTC milliseconds from which samples are wanted."""
        self.plan = plan
        self.clock = start
        self._heat = heat_at(plan, start // 1000)
        self._units = _units(plan)
        self._held: dict[str, deque[Burst]] = {}
        self._greeted: set[str] = set()

    @property
    def serials(self) -> tuple[str, ...]:
        """All units, in the order boats, WindBots, marks."""
        return tuple(unit.serial for unit in self._units)

    def step(self, seconds: float) -> Step:
        """Let time pass; every sample of the time after the clock up to the new clock."""
        end = self.clock + round(seconds * 1000)
        result = Step()
        while self.clock < end:
            second = self.clock // 1000
            self._heat_to(second)
            until = min(end, (second + 1) * 1000)
            self._sample(self.clock, until, result)
            self._upload(until, result)
            self.clock = until
        return result

    def _heat_to(self, second: int) -> None:
        if second >= self._heat.begin + self.plan.heat_seconds:
            self._heat = heat_at(self.plan, second)
        while self._heat.second < second:
            self._heat.advance()

    def _sample(self, after: int, until: int, result: Step) -> None:
        heat = self._heat
        for number, unit in enumerate(self._units):
            fresh = unit.serial not in self._greeted
            columns = unit.measure(heat, after, until, fresh)
            if columns:
                self._greeted.add(unit.serial)
                burst = Burst(unit.serial, columns)
                if number < len(self.plan.boats) and heat.lost(number):
                    self._held.setdefault(unit.serial, deque()).append(burst)
                else:
                    result.live.append(burst)
            live_only = unit.live_only(after, until)
            if live_only:
                result.live.append(Burst(unit.serial, live_only, stored=False))

    def _upload(self, until: int, result: Step) -> None:
        """Hand over what was held back, a little at a time, once a unit is back."""
        if not self._held:
            return
        if until % 1000 != 0:
            return
        for number, serial in enumerate(self.plan.boats):
            held = self._held.get(serial)
            if held is None or self._heat.lost(number):
                continue
            for _ in range(min(len(held), math.ceil(BACKLOG_SPEED * max(self.plan.hertz, 1.0)))):
                result.backlog.append(held.popleft())
            if not held:
                del self._held[serial]

    def refresh(self) -> None:
        """Let every unit send quality and satellites once more, though they did not change."""
        self._greeted.clear()

    def surrender(self) -> list[Burst]:
        """All that is still held back: a unit uploads the rest when it is switched off."""
        rest = [burst for held in self._held.values() for burst in held]
        self._held.clear()
        return rest


def _units(plan: Plan) -> list[Unit]:
    units: list[Unit] = []
    for number, serial in enumerate(plan.boats):
        units.append(BoatUnit(Wiring(plan, serial, number)))
    places = [(plan.leg_metres + 20.0, 70.0), (-40.0, plan.course.line / 2 + 60.0)]
    for number, serial in enumerate(plan.wind_bots):
        place = plan.course.place(*places[number % 2])
        units.append(WindUnit(Wiring(plan, serial, 100 + number), place))
    marks = plan.course.marks()
    for number, serial in enumerate(plan.marks):
        _, kind, x, y = marks[number % len(marks)]
        units.append(MarkUnit(Wiring(plan, serial, 200 + number), (x, y), quiet=kind == "pin"))
    return units
