"""Who leads by how much along the wind: the ladder of a fleet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui.live.derived.formulas import made_good, windward

if TYPE_CHECKING:
    from tui.workspace.live.course import Fleet, Sailor


@dataclass(frozen=True, slots=True)
class Rung:
    """A boat on the ladder: metres along the wind behind the leader and behind the boat before it;
    what it makes good along the wind in km/h, None where its course or speed is not known.
    """

    sailor: Sailor
    behind: float
    step: float
    made_good: float | None


@dataclass(frozen=True, slots=True)
class Ladder:
    """The boats from the leader on. To leeward where most of the fleet sails that way."""

    upwind: bool
    rungs: Sequence[Rung]


def ladder_of(fleet: Fleet) -> Ladder | None:
    """The ladder of those whose place is known; None without a wind."""
    wind = fleet.wind
    if wind is None:
        return None
    sailing = [one for one in fleet.sailors if not one.lost(fleet.now)]
    made = {
        one.serial: made_good(one.speed, one.course, wind.comes_from)
        for one in sailing
        if one.speed is not None and one.course is not None
    }
    upwind = 2 * sum(speed >= 0 for speed in made.values()) >= len(made)
    sign = 1 if upwind else -1
    heights = {
        one.serial: sign * windward(sailing[0].place, one.place, wind.comes_from) for one in sailing
    }
    ranked = sorted(sailing, key=lambda one: -heights[one.serial])
    rungs: list[Rung] = []
    for one in ranked:
        behind = heights[ranked[0].serial] - heights[one.serial]
        speed = made.get(one.serial)
        step = behind - rungs[-1].behind if rungs else 0.0
        rungs.append(Rung(one, behind, step, None if speed is None else sign * speed))
    return Ladder(upwind, rungs)
