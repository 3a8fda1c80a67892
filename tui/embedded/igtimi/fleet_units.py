"""What a unit on a boat, a WindBot or a mark measures, at which moments, and what it leaves out.

Every oddity here is one of reference/igtimi.md sections 1.5, 2 and 7: stamps on a grid plus a
constant offset, quality and satellite count only on change, no course at rest, whole numbers
from Minis, junk altitudes, a battery with timestamp 0, single samples that are missing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

from tui.embedded.igtimi import data_types as kinds
from tui.embedded.igtimi.blocks import Column, Value
from tui.embedded.igtimi.fleet_course import KILOMETRES_AN_HOUR, wrapped
from tui.embedded.igtimi.fleet_heat import Heat, Plan

JUNK_ALTITUDE = 9.683266258226985e-309
"""An uninitialised double that real units sent with the valid flag set (section 7, 11)."""

_RESTING_KILOMETRES_AN_HOUR = 0.25
_BATTERY_PERIOD = 60_000
_ALTITUDE_PERIOD = 10_000
_SATELLITE_PERIOD = 20_000

Columns = dict[tuple[int, int], Column]


@dataclass(frozen=True)
class Wiring:
    """A unit's plan, serial number and its number in the fleet."""

    plan: Plan
    serial: str
    number: int

    @property
    def offset(self) -> int:
        """Milliseconds that its stamps are off the grid; constant for a unit."""
        return (0, 40, 0, 0, 120)[self.number % 5]


class Unit(Protocol):
    """A unit of the fleet."""

    @property
    def serial(self) -> str:
        """Its serial number."""

    def measure(self, heat: Heat, after: int, until: int, fresh: bool) -> Columns:
        """Samples with stamps in (after, until], which lie within the heat's current second.

        `fresh`: the first samples of this unit, where what is sent on change is sent anyway.
        """

    def live_only(self, after: int, until: int) -> Columns:
        """What is delivered live and never stored."""


def scatter(stamp: int, number: int) -> float:
    """A fixed pseudo-random number in [0, 1) for a moment and a unit."""
    mixed = (stamp * 2_654_435_761 + number * 40_503 + 97) & 0xFFFFFFFF
    mixed = ((mixed ^ (mixed >> 15)) * 0x2C1B3C6D) & 0xFFFFFFFF
    mixed = ((mixed ^ (mixed >> 12)) * 0x297A2D39) & 0xFFFFFFFF
    return (mixed ^ (mixed >> 15)) / 4_294_967_296.0


def grid(after: int, until: int, period: float, offset: int) -> list[int]:
    """Stamps k * period + offset in (after, until]."""
    place = math.floor((after - offset) / period)
    stamps: list[int] = []
    while (stamp := round(place * period) + offset) <= until:
        if stamp > after:
            stamps.append(stamp)
        place += 1
    return stamps


def satellites(stamp: int, number: int) -> int:
    """How many satellites a unit sees in that stretch of time."""
    return 6 + int(5 * scatter(stamp // _SATELLITE_PERIOD, number))


def _add_on_change(
    columns: Columns,
    stamps: list[int],
    number: int,
    period: float,
    fresh: bool,
    *,
    always: bool = False,
) -> None:
    """Quality and satellite count: stored only when they change, by Minis with each fix.

    `period`: milliseconds between two samples, to know how many there were before the first.
    """
    for place, stamp in enumerate(stamps):
        first = fresh and place == 0
        earlier = stamp - math.ceil(period)
        begins = stamp // _SATELLITE_PERIOD != earlier // _SATELLITE_PERIOD
        if not (always or first or begins):
            continue
        count = satellites(stamp, number)
        if always or first or count != satellites(earlier, number):
            columns.setdefault((kinds.SATELLITES, 0), Column([], [[]])).extend(
                Column([stamp], [[count]])
            )
        if always or first:
            columns.setdefault((kinds.QUALITY, 0), Column([], [[]])).extend(Column([stamp], [[1]]))


@dataclass(frozen=True)
class BoatUnit:
    """A unit on a boat, with wind instruments, compass and, on some, a heart-rate strap."""

    wiring: Wiring

    @property
    def serial(self) -> str:
        """Its serial number."""
        return self.wiring.serial

    def live_only(self, _after: int, _until: int) -> Columns:
        """Nothing: a boat's unit keeps all it sends."""
        return {}

    def measure(self, heat: Heat, after: int, until: int, fresh: bool) -> Columns:
        """Position, course, speed, headings and apparent wind at the plan's rate."""
        number, plan = self.wiring.number, self.wiring.plan
        stamps = grid(after, until, 1000.0 / plan.hertz, self.wiring.offset)
        stamps = [stamp for stamp in stamps if scatter(stamp, number) > 0.004]
        if not stamps:
            return {}
        a, b = heat.before[number], heat.after[number]
        second = heat.second * 1000
        longitude, latitude = plan.venue.position(a.x, a.y)
        longitude_b, latitude_b = plan.venue.position(b.x, b.y)
        longitude_b -= longitude
        latitude_b -= latitude
        turn = wrapped(b.heading - a.heading)
        veer = wrapped(b.course - a.course)
        swing = wrapped(b.apparent_angle - a.apparent_angle)
        east: list[Value] = []
        north: list[Value] = []
        heading: list[Value] = []
        magnetic: list[Value] = []
        speed: list[Value] = []
        angle: list[Value] = []
        wind: list[Value] = []
        course: list[Value] = []
        course_stamps: list[int] = []
        declination = plan.venue.declination
        for stamp in stamps:
            share = (stamp - second) / 1000.0
            noise = scatter(stamp, number + 7000) - 0.5
            east.append(round(longitude + share * longitude_b + noise * 2e-6, 7))
            north.append(round(latitude + share * latitude_b - noise * 1.6e-6, 7))
            true = a.heading + share * turn + noise
            heading.append(round(true % 360.0, 1))
            magnetic.append(round((true - declination) % 360.0, 1))
            over_ground = a.ground_speed + share * (b.ground_speed - a.ground_speed) + noise * 0.06
            kilometres = round(max(0.0, over_ground) * KILOMETRES_AN_HOUR, 4)
            speed.append(kilometres)
            if kilometres > _RESTING_KILOMETRES_AN_HOUR:
                course_stamps.append(stamp)
                course.append(round((a.course + share * veer + 2 * noise) % 360.0, 1))
            angle.append(round((a.apparent_angle + share * swing + 3 * noise) % 360.0, 1))
            breeze = a.apparent_speed + share * (b.apparent_speed - a.apparent_speed)
            wind.append(round((breeze + 0.2 * noise) * KILOMETRES_AN_HOUR, 4))
        columns: Columns = {(kinds.POSITION, 0): Column(stamps, [east, north])}
        _add_on_change(columns, stamps, number, 1000.0 / plan.hertz, fresh)
        if course:
            columns[kinds.COURSE, 0] = Column(course_stamps, [course])
        columns[kinds.HEADING_MAGNETIC, 0] = Column(stamps, [magnetic])
        columns[kinds.HEADING, 0] = Column(stamps, [heading])
        columns[kinds.SPEED, 0] = Column(stamps, [speed])
        columns[kinds.APPARENT_ANGLE, 0] = Column(stamps, [angle])
        columns[kinds.APPARENT_SPEED, 0] = Column(stamps, [wind])
        self._slow(columns, heat, after, until)
        return columns

    def _slow(self, columns: Columns, heat: Heat, after: int, until: int) -> None:
        """Altitude each ten seconds, junk on every fifth boat; heart rate each second."""
        number, offset = self.wiring.number, self.wiring.offset
        rare = grid(after, until, _ALTITUDE_PERIOD, offset)
        if rare:
            height = JUNK_ALTITUDE if number % 5 == 2 else round(2.0 + scatter(rare[0], number), 1)
            columns[kinds.ALTITUDE, 0] = Column(rare, [[height for _ in rare]])
        beats = grid(after, until, 1000.0, offset)
        if beats and number % 3 == 0:
            rate = round(heat.after[number].heart_rate)
            source = 100 + number // 3
            columns[kinds.HEART_RATE, source] = Column(beats, [[rate for _ in beats]])


@dataclass(frozen=True)
class WindUnit:
    """A WindBot at anchor: wind, heading, position; no speed and so no course."""

    wiring: Wiring
    place: tuple[float, float]

    @property
    def serial(self) -> str:
        """Its serial number."""
        return self.wiring.serial

    def live_only(self, after: int, until: int) -> Columns:
        """The battery: percent as a plain number with timestamp 0, never in the storage."""
        due = grid(after, until, _BATTERY_PERIOD, 0)
        if not due:
            return {}
        level = max(20, 100 - (due[0] // 600_000) % 70)
        return {(kinds.NUMBER, 0): Column([0], [[level]])}

    def measure(self, heat: Heat, after: int, until: int, fresh: bool) -> Columns:
        """True and apparent wind, heading and position, at one half of the plan's rate."""
        number, plan = self.wiring.number, self.wiring.plan
        stamps = grid(after, until, 2000.0 / plan.hertz, self.wiring.offset)
        if not stamps:
            return {}
        east: list[Value] = []
        north: list[Value] = []
        rest: dict[int, list[Value]] = {
            kind: []
            for kind in (
                kinds.HEADING_MAGNETIC,
                kinds.HEADING,
                kinds.SPEED,
                kinds.APPARENT_ANGLE,
                kinds.APPARENT_SPEED,
                kinds.TRUE_DIRECTION,
                kinds.TRUE_SPEED,
            )
        }
        for stamp in stamps:
            moment = stamp / 1000.0
            direction, strength = heat.wind.at(*self.place, moment)
            swing = 7.0 * math.sin(moment / 23.0 + number)
            longitude, latitude = plan.venue.position(
                self.place[0] + 2.0 * math.sin(moment / 41.0), self.place[1] + 0.1 * swing
            )
            east.append(round(longitude, 7))
            north.append(round(latitude, 7))
            heading = (direction + swing) % 360.0
            speed = round(strength * KILOMETRES_AN_HOUR, 4)
            rest[kinds.HEADING_MAGNETIC].append(
                round((heading - plan.venue.declination) % 360.0, 1)
            )
            rest[kinds.HEADING].append(round(heading, 1))
            rest[kinds.SPEED].append(0)
            # A WindBot gives the angle as -180..180, a boat as 0..360: both are plausible.
            rest[kinds.APPARENT_ANGLE].append(round(wrapped(direction - heading), 1))
            rest[kinds.APPARENT_SPEED].append(speed)
            rest[kinds.TRUE_DIRECTION].append(round(direction, 1))
            rest[kinds.TRUE_SPEED].append(speed)
        columns: Columns = {(kinds.POSITION, 0): Column(stamps, [east, north])}
        _add_on_change(columns, stamps, number, 2000.0 / plan.hertz, fresh)
        for kind, values in rest.items():
            columns[kind, 0] = Column(stamps, [values])
        return columns


@dataclass(frozen=True)
class MarkUnit:
    """A Mini on a mark: each three seconds, whole numbers; the quiet one each forty."""

    wiring: Wiring
    place: tuple[float, float]
    quiet: bool = False

    @property
    def serial(self) -> str:
        """Its serial number."""
        return self.wiring.serial

    def live_only(self, _after: int, _until: int) -> Columns:
        """Nothing."""
        return {}

    def measure(self, _heat: Heat, after: int, until: int, fresh: bool) -> Columns:
        """Position, quality, satellites, and a speed that is nearly always 0."""
        number, plan = self.wiring.number, self.wiring.plan
        period = 40_000.0 if self.quiet else 3_000.0
        stamps = grid(after, until, period, self.wiring.offset)
        if not stamps:
            return {}
        columns: Columns = {}
        east: list[Value] = []
        north: list[Value] = []
        speeds: list[Value] = []
        for stamp in stamps:
            angle = stamp / 90_000.0 + number
            longitude, latitude = plan.venue.position(
                self.place[0] + 3.0 * math.sin(angle), self.place[1] + 2.0 * math.cos(1.3 * angle)
            )
            east.append(round(longitude, 7))
            north.append(round(latitude, 7))
            speeds.append(int(scatter(stamp, number) > 0.9))
        columns[kinds.POSITION, 0] = Column(stamps, [east, north])
        _add_on_change(columns, stamps, number, period, fresh, always=True)
        moving = [place for place, speed in enumerate(speeds) if speed]
        if moving:
            # At a speed of about 0 the course is noise (section 7, 9).
            courses: list[Value] = [int(360 * scatter(stamps[i], number + 1)) for i in moving]
            columns[kinds.COURSE, 0] = Column([stamps[i] for i in moving], [courses])
        columns[kinds.SPEED, 0] = Column(stamps, [speeds])
        return columns
