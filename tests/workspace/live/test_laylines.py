"""Laylines of the mark: what is drawn and said leads to it, near north and the date line too."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.live.course import Point, Wind, destination, distance
from tui.live.derived.formulas import windward
from tui.live.units import bearing, relative
from tui.screens.live.track_words import approach_pieces
from tui.workspace.live.course import Course, CourseMark, Fleet, Sailor
from tui.workspace.live.laylines import LONGEST, Angles, Approach, approach, mark_sailed_to

NOW = 1_700_000_000_000
MARK = CourseMark("Windward mark", "windward")
angles = st.floats(0, 359.99)
places = st.one_of(
    st.sampled_from([Point(179.9999, 10), Point(-179.9999, 80), Point(11, -80)]),
    st.builds(Point, st.floats(-180, 180), st.floats(-80, 80)),
)


def sailor(place: Point, speed: float | None = 18.0, age: int = 0) -> Sailor:
    return Sailor("A", NOW - age, place, None, None, speed, ())


def found(
    boat: Point, mark: Point, wind: float | None, speed: float | None = 18.0
) -> Approach | None:
    one = sailor(boat, speed)
    blows = None if wind is None else Wind(wind, 20)
    fleet = Fleet(NOW, [one], [(MARK, mark)], None, blows)
    return approach(fleet, MARK, lambda _speed: Angles(42, 150), one)


@given(places, angles, angles, st.floats(30, 3000))
def test_a_boat_that_sails_what_is_said_is_at_the_mark(
    boat: Point, wind: float, towards: float, metres: float
) -> None:
    mark = destination(boat, towards, metres)
    one = found(boat, mark, wind)
    assert one is not None
    assert one.way is not None
    assert one.seconds is not None
    way = one.way
    corner = destination(boat, way.starboard, way.on_starboard)
    end = destination(corner, way.port, way.on_port)
    slack = 1 + 0.01 * (abs(way.on_starboard) + abs(way.on_port))
    assert distance(end, mark) < slack
    # To windward as to leeward, which is the half that the mark lies in.
    angle = 42 if windward(boat, mark, wind) > 0 else 150
    if abs(windward(boat, mark, wind)) > 0.02 * metres:
        assert abs(relative(wind - way.starboard)) == pytest.approx(angle)
        off = abs(relative(towards - wind))
        if abs(off - angle) > 2:
            assert way.inside == ((off < angle) == (angle == 42))
    assert sum(one.seconds) * 5 == pytest.approx(way.on_starboard + way.on_port)
    # What is drawn ends there, on each tack from its own side.
    for line in one.lines:
        tack = way.starboard if line.starboard else way.port
        assert line.end == mark
        assert distance(destination(line.start, tack, distance(boat, mark)), mark) < 1 + metres / 50


def test_there_are_none_without_wind_mark_or_boats_and_none_beyond_sight() -> None:
    here, mark = Point(10, 54), destination(Point(10, 54), 20, 500)
    assert found(here, mark, None) is None
    gone = Fleet(NOW, [sailor(here, age=10**6)], [(MARK, mark)], None, Wind(0, 20))
    assert approach(gone, MARK, lambda _speed: Angles(42, 150)) is None
    no_mark = Fleet(NOW, [sailor(here)], [], None, Wind(0, 20))
    assert approach(no_mark, MARK, lambda _speed: Angles(42, 150)) is None
    far = found(here, Point(30, 54), 90)
    assert far is not None
    assert distance(far.lines[0].start, far.lines[0].end) == pytest.approx(LONGEST, rel=1e-3)


def test_the_mark_is_the_one_that_is_named_else_the_windward_one() -> None:
    gate = CourseMark("Gate", "leeward")
    course = Course("", (gate, MARK))
    assert mark_sailed_to(course, "") == MARK
    assert mark_sailed_to(course, " gate ") == gate
    assert mark_sailed_to(course, "Nowhere") is None


def said(one: Approach | None, aged: str = "") -> str:
    assert one is not None
    return "".join(piece.text for piece in approach_pieces(one, aged))


def test_what_is_left_is_said_in_metres_and_minutes_and_what_is_laid_says_so() -> None:
    here = Point(10, 54)
    corner = destination(here, bearing(-42), 500)
    up = destination(corner, 42, 900)
    way = "500 m in 1:40 min on starboard, 900 m in 3:00 min on port"
    assert said(found(here, up, 0), ", 12s ago") == f" Windward mark: {way}, 12s ago"
    assert said(found(here, up, 0, None)) == " Windward mark: 500 m on starboard, 900 m on port"
    assert "laid on port, " in said(found(here, destination(here, 60, 300), 0))
    assert "laid on starboard, " in said(found(here, destination(here, 300, 300), 0))
    assert said(Approach("M", ())) == ""
