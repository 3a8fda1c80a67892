"""Tacks and gybes found while they are sailed, whichever way the wind blows, and what they cost."""

from __future__ import annotations

from math import cos, radians

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.live.derived.turns import REACH, Sailed, Turn, Turns
from tui.live.units import bearing


def found_in(way: list[Sailed]) -> list[Turn]:
    finder = Turns()
    return [one for each in way if (one := finder.push(each)) is not None]


def sailed(wind: float, angles: list[float], speeds: list[float]) -> list[Sailed]:
    """One a second; angles to the wind are positive on starboard tack."""
    return [
        Sailed(1000 * (second + 1), bearing(wind - angle), speed, bearing(wind))
        for second, (angle, speed) in enumerate(zip(angles, speeds, strict=True))
    ]


winds = st.floats(0, 359.9)


@given(winds, st.floats(25, 60), st.integers(1, 6), st.floats(5, 20), st.sampled_from([-1, 1]))
def test_a_tack_and_a_gybe_are_found_and_lose_what_was_not_sailed(
    wind: float, angle: float, seconds: int, speed: float, side: int
) -> None:
    through = [angle - 2 * angle * step / (seconds + 1) for step in range(1, seconds + 1)]
    upwind = [side * one for one in [*[angle] * 20, *through, *[-angle] * 20]]
    speeds = [*[speed] * 20, *[speed / 2] * seconds, *[speed] * 20]
    (tack,) = found_in(sailed(wind, upwind, speeds))
    assert tack.kind == "tack"
    assert abs(tack.angle) == pytest.approx(2 * angle)
    assert tack.angle * side > 0, "through the wind, to starboard from starboard tack"
    # Slowly: second by second, by the mean of both ends, along where the wind comes from.
    made = [v / 3.6 * cos(radians(a)) for v, a in zip(speeds, upwind, strict=True)]
    steps = range(19, 20 + seconds)
    slow = sum(made[0] - (made[n] + made[n + 1]) / 2 for n in steps)
    assert tack.loss == pytest.approx(slow, abs=1e-6)
    downwind = [180 - one if one > 0 else -180 - one for one in upwind]
    (gybe,) = found_in(sailed(wind, downwind, speeds))
    assert gybe.kind == "gybe"
    assert gybe.loss == pytest.approx(slow, abs=1e-6)
    assert abs(gybe.angle) == pytest.approx(2 * angle)


@given(winds, st.floats(0, 14))
def test_who_luffs_or_wanders_through_the_wind_does_not_tack(wind: float, off: float) -> None:
    luffed = [*[45.0] * 20, *[20.0 + off] * 5, *[45.0] * 20]
    assert found_in(sailed(wind, luffed, [10.0] * 45)) == []
    wandering = [off * (-1) ** second for second in range(40)]
    assert found_in(sailed(wind, wandering, [10.0] * 40)) == []


def test_what_lies_on_two_tacks_before_and_after_a_silence_is_no_turn() -> None:
    way = [Sailed(1000 * second, 315, 12, 0) for second in range(60)]
    for silent, found in ((REACH + 1, 0), (3_600_000, 0), (2_000, 1)):
        since = way[-1].time + silent
        after = [Sailed(since + 1000 * second, 45, 6, 0) for second in range(60)]
        assert len(found_in([*way, *after])) == found, silent


def test_a_turn_is_told_once_and_only_when_it_is_over() -> None:
    way = sailed(350, [*[40.0] * 20, 0.5, *[-40.0] * 20], [10.0] * 41)
    finder = Turns()
    told = [one.time for one in way if finder.push(one) is not None]
    assert told == [22_000 + REACH]
    # One who goes back at once has made one turn and another.
    twice = sailed(350, [*[40.0] * 20, *[-40.0] * 30, *[40.0] * 20], [10.0] * 70)
    assert [one.kind for one in found_in(twice)] == ["tack", "tack"]
    assert found_in(twice[:1]) == []
