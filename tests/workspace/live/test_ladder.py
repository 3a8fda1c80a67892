"""The ladder against a slow and simple formula, near the date line and far north too."""

from __future__ import annotations

from math import cos, radians

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tui.live.course import Point, Wind, destination
from tui.screens.live.ladder_lines import Called, ladder_lines
from tui.widgets.palette import INKS
from tui.workspace.live.course import Fleet, Sailor
from tui.workspace.live.ladder import ladder_of

NOW = 1_700_000_000_000
places = st.one_of(
    st.sampled_from([Point(179.9999, 10), Point(-179.9999, 80), Point(11, -80)]),
    st.builds(Point, st.floats(-180, 180), st.floats(-80, 80)),
)
angles = st.floats(0, 359.99)


def sailor(name: str, place: Point, course: float | None = 0.0, age: int = 0) -> Sailor:
    return Sailor(name, NOW - age, place, course, course, 18.0, (), NOW - age)


@given(places, angles, st.lists(st.tuples(angles, st.floats(0, 1500), angles), max_size=8))
def test_each_is_as_far_behind_as_the_wind_says(
    origin: Point, wind: float, ways: list[tuple[float, float, float]]
) -> None:
    sailors = [
        sailor(str(n), destination(origin, towards, metres), course)
        for n, (towards, metres, course) in enumerate(ways)
    ]
    ladder = ladder_of(Fleet(NOW, sailors, wind=Wind(wind, 20)))
    assert ladder is not None
    upwind = sum(cos(radians(course - wind)) >= 0 for _, _, course in ways) * 2 >= len(ways)
    assert ladder.upwind == upwind
    sign = 1 if upwind else -1
    heights = {str(n): sign * m * cos(radians(to - wind)) for n, (to, m, _) in enumerate(ways)}
    slack = 0.5 + max((metres for _, metres, _ in ways), default=0) ** 2 / 1e5
    behind = 0.0
    for rung in ladder.rungs:
        far = max(heights.values()) - heights[rung.sailor.serial]
        assert rung.behind == pytest.approx(far, abs=slack)
        assert rung.step >= 0
        behind += rung.step
        assert rung.behind == pytest.approx(behind)
        course = float(ways[int(rung.sailor.serial)][2])
        assert rung.made_good == pytest.approx(sign * 18 * cos(radians(course - wind)), abs=1e-6)


HERE = Point(10, 54)
CALLED = Called(
    lambda serial: f"Boat {serial}",
    lambda kmh: f"{kmh / 1.852:.1f} kn",
    lambda serial: INKS[int(serial) % len(INKS)],
)


def shown(fleet: Fleet, width: int = 58, height: int = 10, chosen: str = "") -> list[str]:
    lines = ladder_lines(ladder_of(fleet), fleet, width, height, chosen, CALLED)
    return ["".join(text for text, _ in line) for line in lines]


def test_every_state_of_it_is_said_and_the_chosen_boat_is_in_view() -> None:
    sailors = [sailor(f"{n:02d}", destination(HERE, 180, 10 * n)) for n in range(40)]
    sailors[3] = sailor("03", sailors[3].place, None, 8000)
    wind = Wind(0, 20)
    assert "No wind is known" in shown(Fleet(NOW, sailors))[0]
    assert "No positions yet" in shown(Fleet(NOW, (), wind=wind))[0]
    fleet = Fleet(NOW, sailors, wind=wind, wind_time=NOW - 90_000)
    for width, height in ((80, 14), (58, 40), (200, 60)):
        drawn = shown(fleet, width, height, "30")
        assert drawn[0] == " Ladder to windward, by a wind of 1m ago"
        assert len(drawn) <= height
        assert all(cell_len(line) <= width for line in drawn)
        assert any("[Boat 30]" in line for line in drawn)
        if height < 40:
            assert drawn[-1].strip() == "26 to 36 of 40 boats; b chooses"
    reckoned = Fleet(NOW, sailors, wind=wind, wind_time=NOW - 90_000, wind_boats=40)
    assert shown(reckoned)[0] == " Ladder to windward, by AWA of 40 boats, 1m ago"
    rows = shown(fleet, 58, 50)
    assert rows[2].split() == ["1", "━", "Boat", "00", "0", "m", "–", "9.7", "kn", "9.7", "kn"]
    assert rows[5].split() == ["4", "━", "Boat", "03", "30", "m", "10", "m", "9.7", "kn", "–"]
    back = [*sailors[:2], sailor("02", destination(HERE, 180, 9000), 180)]
    kmh = CALLED._replace(speed=lambda kmh: f"{kmh:.1f} km/h")
    far = Fleet(NOW, back, wind=wind)
    lines = ladder_lines(ladder_of(far), far, 58, 20, "", kmh)
    last = "".join(piece for piece, _ in lines[-1])
    assert last.split()[-8:] == ["9", "km", "8.99", "km", "18.0", "km/h", "-18.0", "km/h"]
    # Who is lost is on no rung.
    gone = [*sailors[:2], sailor("x", HERE, 0, 10**6)]
    assert len(shown(Fleet(NOW, gone, wind=wind))) == 4


def test_each_boat_is_marked_in_the_colour_of_its_trail() -> None:
    sailors = [sailor(f"{n:02d}", destination(HERE, 180, 10 * n)) for n in range(8)]
    fleet = Fleet(NOW, sailors, wind=Wind(0, 20), wind_time=NOW)
    lines = ladder_lines(ladder_of(fleet), fleet, 58, 20, "03", CALLED)[2:]
    inks = [role for line in lines for text, role in line if text == "━ "]
    assert inks == [*INKS[:3], "key", *INKS[4:]], "the chosen one is as on the map, too"
    assert all(role == "text" for text, role in lines[0] if "Boat" in text)
    plain = ladder_lines(ladder_of(fleet), fleet, 58, 20, "", CALLED, plain=True)
    assert all(line[1][0] == "= " for line in plain[2:])
