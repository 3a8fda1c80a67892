"""A start against slow and simple formulas, at the date line and far north too."""

from __future__ import annotations

from math import cos, radians

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.live.course import Point, StartLine, destination, distance
from tui.live.starts import NEAR, between, burn, countdown_text, pin_ahead, standing, synced
from tui.live.units import relative

places = st.one_of(
    st.sampled_from([Point(179.9999, 10), Point(-179.9999, 80), Point(11, -80)]),
    st.builds(Point, st.floats(-180, 180), st.floats(-80, 80)),
)
angles = st.floats(0, 359.99)


@given(places, angles, st.floats(20, 600), angles)
def test_the_favoured_end_is_the_one_further_to_windward(
    pin: Point, along: float, length: float, wind: float
) -> None:
    line = StartLine(pin, destination(pin, along, length))
    ahead = pin_ahead(line, wind)
    # Of the way from the committee boat to the pin, what goes against the wind.
    assert ahead == pytest.approx(-length * cos(radians(along - wind)), abs=0.5 + length / 200)
    bias = line.bias(wind)
    if abs(bias) < 85 and abs(ahead) > 1 + length / 100:
        assert (ahead > 0) == (bias > 0)


@given(places, angles, st.floats(0, 100), st.integers(1, 10_000), st.floats(0, 1))
def test_between_two_fixes_a_boat_was_on_the_straight_way(
    place: Point, towards: float, metres: float, took: int, share: float
) -> None:
    there = destination(place, towards, metres)
    time = round(took * share)
    found = between((0, place), (took, there), time)
    slow = destination(place, towards, metres * time / took)
    assert distance(found, slow) < 0.05 + metres / 500
    assert abs(relative(found.longitude)) <= 180
    assert between((5, place), (5, there), 5) == place


metres = st.floats(-200, 200)


@given(metres, st.one_of(st.none(), metres), st.lists(metres, max_size=5), st.booleans())
def test_each_boat_stands_in_one_way_and_ocs_is_never_guessed(
    now: float, gun: float | None, since: list[float], gone: bool
) -> None:
    how = standing(now, gun, gone=gone, since=since)
    was_back = any(one >= NEAR for one in [*since, now])
    assert (how == "ocs") == (gone and gun is not None and gun <= -NEAR and not was_back)
    if how == "started":
        assert gun is not None
        assert now <= -NEAR
        assert gun >= NEAR or (gun <= -NEAR and was_back)
    if how == "unsure":
        assert gun is not None
        assert abs(gun) < NEAR
        assert now <= -NEAR
    assert (how == "unknown") == (gone and gun is None)
    assert not gone or how not in ("over", "close")
    assert gone or how in ("before", "over", "close")


@given(st.integers(0, 10**12), st.integers(-(10**7), 10**7))
def test_a_sync_moves_the_gun_to_the_nearest_minute(now: int, left: int) -> None:
    gun = synced(now + left, now)
    assert (gun - now) % 60_000 == 0
    assert abs(gun - now - left) <= 30_000


@pytest.mark.parametrize(
    ("left", "said"),
    [(204_000, "-3:24"), (203_001, "-3:24"), (1, "-0:01"), (0, "+0:00"), (-999, "+0:00"),
     (-42_000, "+0:42"), (3_600_000, "-1:00:00"), (-7_325_000, "+2:02:05")],
)  # fmt: skip
def test_the_countdown_is_over_when_the_gun_goes(left: int, said: str) -> None:
    assert countdown_text(left, 0) == said


def test_burn_is_what_is_left_over() -> None:
    assert burn(60, 42) == 18
    assert burn(10, 42) == -32
    assert burn(60, None) is None
