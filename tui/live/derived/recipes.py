"""How each derived series is reckoned: what goes in, and a step from those values to one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tui.live import derived
from tui.live.course import Point, line_between
from tui.live.derived.formulas import (
    attitude,
    bearing_of_mark,
    behind,
    current,
    leading,
    lean,
    line_distance,
    line_time,
    made_good,
    mean_direction,
    middle,
    wind_angle,
)
from tui.live.derived.shifts import Phase, Shift
from tui.live.derived.turns import Sailed, Turns
from tui.live.derived.water import Water
from tui.live.derived.winds import Told
from tui.live.polars import Target
from tui.live.units import KMH_PER_KNOT

Given = tuple[float, ...]
"""The axes of one sample."""
Step = Callable[[int, Sequence[Given]], float | Given | None]
"""From a time and the newest sample of each input to a value, or one an axis; None for none."""

SECOND, MINUTE = 1000, 60_000
SLOWEST = 0.5 * KMH_PER_KNOT
"""A polar's speed below which no percent is told: at the pontoon it would jump."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a series is made of.

    `inputs` are names that the engine knows. `rhythm` is when there is a value: with each sample of
    the first input, with one of any input, or each second. `warm` ms before the first value are
    looked at.
    """

    inputs: tuple[str, ...]
    make: Callable[[Water], Step]
    rhythm: str = "first"
    warm: int = 0


@dataclass(frozen=True, slots=True)
class Glance:
    """What is looked up each second in what boats' apparent winds tell then."""

    value: Callable[[Told], float]
    inputs: tuple[str, ...] = ("apparent",)
    warm: int = 0


def plainly(step: Callable[..., float | Given | None]) -> Callable[[Water], Step]:
    """A step that takes the inputs one by one and remembers nothing."""

    def made(_water: Water) -> Step:
        return lambda _time, given: step(*given)

    return made


def _along(push: Callable[[], Callable[[int, float], float | None]]) -> Callable[[Water], Step]:
    """A step that follows one input through time."""

    def made(_water: Water) -> Step:
        follow = push()
        return lambda time, given: follow(time, given[0][0])

    return made


def _twa(heading: Given, wind: Given) -> float:
    return wind_angle(wind[0], heading[0])


def _vmg(speed: Given, course: Given, wind: Given) -> float:
    return made_good(speed[0], course[0], wind[0])


def _vmc(speed: Given, course: Given, place: Given, mark: Given) -> float:
    return made_good(speed[0], course[0], bearing_of_mark(Point(*place), Point(*mark)))


def _leans(axis: int) -> Callable[[Given], float | None]:
    def step(given: Given) -> float | None:
        found = attitude(*given) if len(given) == 4 else lean(*given)
        return None if found is None else found[axis]

    return step


def _set(speed: Given, course: Given, heading: Given, water: Given) -> float | None:
    return current(course[0], speed[0], heading[0], water[0])[0]


def _drift(speed: Given, course: Given, heading: Given, water: Given) -> float:
    return current(course[0], speed[0], heading[0], water[0])[1]


def _line(place: Given, pin: Given, boat: Given) -> float | None:
    line = line_between(Point(*pin), Point(*boat))
    return None if line is None else line_distance(line, Point(*place))


def _gun(place: Given, course: Given, speed: Given, pin: Given, boat: Given) -> float | None:
    line = line_between(Point(*pin), Point(*boat))
    return None if line is None else line_time(line, Point(*place), course[0], speed[0])


def _leader(*given: Given) -> Given | None:
    *fleet, wind = given
    found = leading([Point(*one) for one in fleet], wind[0])
    return None if found is None else (found.longitude, found.latitude)


def _gap(place: Given, leader: Given, wind: Given) -> float | None:
    here = Point(*place)
    return behind(here, (here, Point(*leader)), wind[0])


def _bias(wind: Given, pin: Given, boat: Given) -> float | None:
    line = line_between(Point(*pin), Point(*boat))
    return None if line is None else line.bias(wind[0])


def _losses(_water: Water) -> Step:
    turns = Turns()

    def step(time: int, given: Sequence[Given]) -> float | None:
        speed, course, wind = given
        found = turns.push(Sailed(time, course[0], speed[0], wind[0]))
        return None if found is None else found.loss

    return step


def _of_target(place: int) -> Callable[[Water], Step]:
    """The target's angle, on the side that the wind comes from, or its speed."""

    def made(water: Water) -> Step:
        polar = water.polar
        known: dict[tuple[float, bool], Target | None] = {}

        def step(_time: int, given: Sequence[Given]) -> float | None:
            heading, wind, strength = given
            angle = wind_angle(wind[0], heading[0])
            # All angles are tried for one: once for each tenth of a km/h of wind.
            asked = round(strength[0], 1), abs(angle) <= 90
            if asked not in known and polar is not None:
                known[asked] = polar.target(asked[0], upwind=asked[1])
            found = known.get(asked)
            if found is None:
                return None
            return found.speed if place else found.angle * (-1 if angle < 0 else 1)

        return step

    return made


def _percent(water: Water) -> Step:
    polar = water.polar

    def step(_time: int, given: Sequence[Given]) -> float | None:
        speed, heading, wind, strength = given
        angle = wind_angle(wind[0], heading[0])
        best = 0.0 if polar is None else polar.speed(strength[0], angle)
        return None if best < SLOWEST else 100 * speed[0] / best

    return step


def _mean_direction(_water: Water) -> Step:
    return lambda _time, given: mean_direction([one[0] for one in given])


def _mean(_water: Water) -> Step:
    return lambda _time, given: sum(one[0] for one in given) / len(given) if given else None


def _median(_water: Water) -> Step:
    return lambda _time, given: middle([one[0] for one in given])


RECIPES: dict[int, Recipe | Glance] = {
    derived.TWA: Recipe(("heading", "wind"), plainly(_twa)),
    derived.VMG: Recipe(("speed", "course", "wind"), plainly(_vmg)),
    derived.VMC: Recipe(("speed", "course", "place", "mark"), plainly(_vmc)),
    derived.HEEL: Recipe(("leaning",), plainly(_leans(0))),
    derived.PITCH: Recipe(("leaning",), plainly(_leans(1))),
    derived.SET: Recipe(("speed", "course", "bow", "water"), plainly(_set)),
    derived.DRIFT: Recipe(("speed", "course", "bow", "water"), plainly(_drift)),
    derived.LINE: Recipe(("place", "pin", "boat"), plainly(_line)),
    derived.GUN: Recipe(("place", "course", "speed", "pin", "boat"), plainly(_gun)),
    derived.LOSS: Recipe(("speed", "course", "wind"), _losses, warm=20 * SECOND),
    derived.GAP: Recipe(("place", "leader", "wind"), plainly(_gap), "second"),
    derived.TARGET_SPEED: Recipe(("heading", "wind", "strength"), _of_target(1)),
    derived.TARGET_ANGLE: Recipe(("heading", "wind", "strength"), _of_target(0)),
    derived.POLAR: Recipe(("speed", "heading", "wind", "strength"), _percent),
    derived.MEAN_TWD: Recipe(("winds",), _mean_direction, "any"),
    derived.MEAN_TWS: Recipe(("strengths",), _mean, "any"),
    derived.SHIFT5: Recipe(("wind",), _along(lambda: Shift(5 * MINUTE).push), warm=5 * MINUTE),
    derived.SHIFT15: Recipe(("wind",), _along(lambda: Shift(15 * MINUTE).push), warm=15 * MINUTE),
    derived.PHASE: Recipe(("wind",), _along(lambda: Phase(15 * MINUTE).push), warm=15 * MINUTE),
    derived.BIAS: Recipe(("wind", "pin", "boat"), plainly(_bias)),
    derived.MEDIAN: Recipe(("speeds",), _median, "second"),
    derived.LEADER: Recipe(("places", "wind"), plainly(_leader), "second"),
    derived.APPARENT_TWD: Glance(lambda told: told.comes_from),
    derived.APPARENT_TWS: Glance(lambda told: told.speed),
}
