"""The fleet at a start: each boat's way to the line, and where it was at the gun."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui.live.course import Point, StartLine
from tui.live.derived.formulas import line_distance, line_time
from tui.live.starts import Standing, between, burn, pin_ahead, standing

if TYPE_CHECKING:
    from tui.workspace.live.course import Course, Fleet, FleetReader, Sailor

URGENT = {"ocs": 0, "unsure": 1}
"""Who comes before all others."""
LATEST = 10_000
"""Milliseconds that fixes around the gun may lie from it to say where a boat was."""


@dataclass(frozen=True, slots=True)
class AtGun:
    """Where a boat was at the gun: metres before the line, and where along it, 0 at the pin."""

    metres: float
    share: float
    speed: float | None


@dataclass(frozen=True, slots=True)
class Starter:
    """A boat at a start. `metres` before the line (negative beyond), `seconds` to it as it sails,
    None where it goes away; `burn` what it has too many of those until the gun; `share` where along
    the line it is, 0 at the pin and 1 at the committee boat.
    """

    sailor: Sailor
    metres: float
    seconds: float | None
    burn: float | None
    share: float
    standing: Standing
    at_gun: AtGun | None = None


@dataclass(frozen=True, slots=True)
class Start:
    """A start at one moment. `bias` in degrees and `ahead` in metres favour the pin where they are
    positive; None without a wind. `lost` are boats of which nothing was heard for long.
    """

    fleet: Fleet
    gun: int | None
    bias: float | None = None
    ahead: float | None = None
    starters: tuple[Starter, ...] = ()
    lost: tuple[Sailor, ...] = ()
    named: bool = False
    """Whether the session's log names both ends of a line."""
    apart: bool = True
    """Whether its ends lie apart, where both are known: else it has no direction."""

    @property
    def gone(self) -> bool:
        """Whether the gun has gone."""
        return self.gun is not None and self.fleet.now >= self.gun


def start_of(
    reader: FleetReader, course: Course, serials: Iterable[str], now: int, gun: int | None
) -> Start:
    """The start at `now` with a gun at `gun`, both in ms; who is nearest to be over comes first."""
    fleet = reader.read(course, serials, now, trail=0, points=0)
    lost = tuple(one for one in fleet.sailors if one.lost(now))
    line, wind = fleet.line, fleet.wind
    if line is None:
        named = {"pin", "committee"} <= {one.kind for one in course.marks}
        known = {mark.kind for mark, _ in fleet.marks}
        apart = not {"pin", "committee"} <= known
        return Start(fleet, gun, lost=lost, named=named, apart=apart)
    then = line
    if gun is not None and now >= gun:
        then = reader.line_at(course, gun) or line
    starters = [
        _starter(reader, one, line, then, now, gun) for one in fleet.sailors if not one.lost(now)
    ]
    starters.sort(key=lambda one: (URGENT.get(one.standing, len(URGENT)), one.metres))
    bias = None if wind is None else line.bias(wind.comes_from)
    ahead = None if wind is None else pin_ahead(line, wind.comes_from)
    return Start(fleet, gun, bias, ahead, tuple(starters), lost)


def _starter(
    reader: FleetReader,
    sailor: Sailor,
    line: StartLine,
    then: StartLine,
    now: int,
    gun: int | None,
) -> Starter:
    metres = line_distance(line, sailor.place)
    seconds = None
    if sailor.course is not None and sailor.speed is not None:
        seconds = line_time(line, sailor.place, sailor.course, sailor.speed)
    share = line.along(sailor.place)
    if gun is None or now < gun:
        over = metres < 0
        left = None if gun is None or over else burn((gun - now) / 1000, seconds)
        how = standing(metres, None, gone=False)
        return Starter(sailor, metres, seconds, left, share, how)
    there = _place_at(reader, sailor.serial, gun)
    at_gun = None
    if there is not None:
        speed = reader.speed(sailor.serial, gun)
        at_gun = AtGun(then.side(there), then.along(there), speed)
    # By the line of the gun: the committee boat sails off, and nobody has started anew by that.
    since = (then.side(place) for place in reader.places(sailor.serial, gun, now + 1))
    then_metres = None if at_gun is None else at_gun.metres
    how = standing(then.side(sailor.place), then_metres, gone=True, since=since)
    return Starter(sailor, metres, seconds, None, share, how, at_gun)


def _place_at(reader: FleetReader, serial: str, time: int) -> Point | None:
    """Where a boat was at a time, between the fixes around it; None where they are too far off."""
    before, after = reader.around(serial, time)
    near = [one for one in (before, after) if one is not None and abs(one[0] - time) <= LATEST]
    if before is None or after is None or len(near) < 2:
        return near[0][1] if near else None
    return between(before, after, time)
