"""Distances, bearings, the start line and the wind, against figures from elsewhere."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.live.course import (
    Point,
    StartLine,
    destination,
    direction,
    distance,
)
from tui.live.units import (
    SpeedUnit,
    arrow,
    bearing,
    from_kmh,
    point,
    relative,
    to_kmh,
    turn,
    wind_arrow,
)

AUCKLAND = Point(174.862945, -36.82376)
KIEL = Point(10.13002, 54.3233795)
places = st.builds(Point, st.floats(-179, 179), st.floats(-80, 80))


def test_distance_and_bearing_of_known_pairs() -> None:
    # Land's End to John o' Groats, the classic example: 968.9 km, 9°07'11".
    south, north = Point(-5.714722, 50.066389), Point(-3.07, 58.643889)
    assert distance(south, north) == pytest.approx(968_853, abs=200)
    assert direction(south, north) == pytest.approx(9.12, abs=0.01)
    assert distance(KIEL, KIEL) == 0
    assert direction(KIEL, KIEL) == 0


def test_a_degree_of_longitude_at_the_date_line_is_a_short_way() -> None:
    assert distance(Point(179.5, 0), Point(-179.5, 0)) == pytest.approx(111_195, abs=5)
    assert direction(Point(179.5, 0), Point(-179.5, 0)) == pytest.approx(90)


@given(places, st.floats(0, 359.9), st.floats(1, 50_000))
def test_going_somewhere_and_measuring_it_agree(start: Point, towards: float, way: float) -> None:
    end = destination(start, towards, way)
    assert distance(start, end) == pytest.approx(way, rel=1e-6, abs=0.01)
    assert turn(direction(start, end), towards) == pytest.approx(0, abs=0.01 + 1 / way)


def line() -> StartLine:
    """200 m long, crossed northwards: pin in the west, committee boat in the east."""
    return StartLine(AUCKLAND, destination(AUCKLAND, 90, 200))


def test_the_line_is_crossed_square_to_it_from_the_side_of_the_start() -> None:
    assert line().length == pytest.approx(200, abs=0.01)
    assert line().across % 360 == pytest.approx(0, abs=0.01) or line().across > 359.9
    below = destination(destination(AUCKLAND, 90, 100), 180, 50)
    assert line().side(below) == pytest.approx(50, abs=0.1)
    assert line().along(below) == pytest.approx(0.5, abs=0.01)
    above = destination(AUCKLAND, 0, 20)
    assert line().side(above) == pytest.approx(-20, abs=0.1)


def test_distance_and_time_to_the_line() -> None:
    boat = destination(destination(AUCKLAND, 90, 100), 180, 50)
    seen = line().view(boat, 0.0, 18.0)
    assert seen.metres == pytest.approx(50, abs=0.1)
    assert seen.seconds == pytest.approx(10, abs=0.1)
    assert seen.between
    slanting = line().view(boat, 60.0, 18.0)
    assert slanting.seconds == pytest.approx(20, abs=0.1)
    assert slanting.between
    beyond = line().view(boat, 80.0, 18.0)
    assert not beyond.between


def test_who_sails_away_or_hardly_moves_has_no_time_to_the_line() -> None:
    boat = destination(AUCKLAND, 180, 50)
    assert line().view(boat, 180.0, 18.0).seconds is None
    assert line().view(boat, 0.0, 0.05).seconds is None
    assert line().view(boat, None, None).seconds is None
    assert line().view(boat, None, None).nearest == pytest.approx(50, abs=0.1)


def test_a_boat_that_is_over_sees_a_negative_distance() -> None:
    over = destination(destination(AUCKLAND, 90, 100), 0, 5)
    assert line().view(over, 0.0, 10.0).metres == pytest.approx(-5, abs=0.1)
    assert line().view(over, 0.0, 10.0).seconds is None
    assert line().view(over, 180.0, 18.0).seconds == pytest.approx(1.0, abs=0.05)


def test_the_favoured_end() -> None:
    assert line().bias(0) == pytest.approx(0, abs=0.01)
    assert line().bias(350) == pytest.approx(10, abs=0.01)
    assert line().bias(12) == pytest.approx(-12, abs=0.01)


def test_a_line_whose_ends_are_one_place_is_a_point() -> None:
    dot = StartLine(AUCKLAND, AUCKLAND)
    seen = dot.view(destination(AUCKLAND, 180, 30), 0.0, 10.0)
    assert seen.length == 0
    assert seen.nearest == pytest.approx(30, abs=0.1)


def test_units() -> None:
    assert from_kmh(22.224, SpeedUnit.KNOTS) == pytest.approx(12.0)
    assert from_kmh(36, SpeedUnit.METRES) == pytest.approx(10)
    assert from_kmh(7.5, SpeedUnit.KMH) == 7.5
    assert to_kmh(from_kmh(9.1, SpeedUnit.KNOTS), SpeedUnit.KNOTS) == pytest.approx(9.1)


def test_angles_as_people_say_them() -> None:
    assert [bearing(-10), bearing(360), bearing(725)] == [350, 0, 5]
    assert bearing(-1e-20) == 0
    assert [relative(350), relative(180), relative(-190)] == [-10, 180, 170]
    assert [turn(350, 10), turn(10, 350)] == [20, -20]
    assert [arrow(0), arrow(44), arrow(350), arrow(180)] == ["↑", "↗", "↑", "↓"]
    assert wind_arrow(270) == "→"
    assert point(225) == "SW"
