"""A feed of boats, wind units, a line and a mark, of which all derived series can be reckoned."""

from __future__ import annotations

import math

from tests.bench.live_wall import Synthetic, walk
from tui.live.course import Point
from tui.live.derived.kinds import KINDS
from tui.workspace.live.course import Course, CourseMark

BOATS, UNITS = 40, 2
BOAT_TYPES = (1, 6, 8, 9, 10, 11, 12, 18)
MEASURED = (9, 6, 8, 10, 12, 11, 18, 22, 23)
DERIVED = tuple(KINDS)
COURSE = Course(
    "Bench",
    (
        CourseMark("Pin", "pin", (), Point(10.0, 54.0)),
        CourseMark("Committee", "committee", (), Point(10.003, 54.0)),
        CourseMark("Top", "windward", (), Point(10.0, 54.02)),
    ),
    tuple(f"GW-DK-{number:04d}" for number in range(UNITS)),
)


class Sailing(Synthetic):
    """40 boats with 8 types and 2 wind units, ten samples a second of each."""

    def the_keys(self, count: int) -> list[tuple[str, int, int]]:
        boats = [(f"GA-DK-{boat:04d}", type_, 0) for boat in range(count) for type_ in BOAT_TYPES]
        return boats + [(unit, type_, 0) for unit in COURSE.wind_serials for type_ in (22, 23)]

    def values(self, number: int, step: int) -> list[float]:
        type_ = self.keys[number][1]
        if type_ == 1:
            return [10.0 + number / 1e5 + step / 1e6, 54.0 + math.sin(step / 90) / 1e3]
        if type_ == 18:
            return [walk(number, step) / 10, walk(number, step) / 5, 9.0]
        return [walk(number, step)]
