"""Polars against slow and simple formulas, and files that are none."""

from __future__ import annotations

from math import cos, radians
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.config.live import Live
from tui.live.polars import MOST_BYTES, Polar, PolarError, read_polar
from tui.live.units import KMH_PER_KNOT
from tui.workspace.live.derived import angles_of, polar_of

TEXT = "!Expedition polar\n6\t45\t5.0\t90\t6.1\t150\t4.2\n10 42 6.2 90 7.3 150 6.0 ! windy\n"
KN = KMH_PER_KNOT
angles = st.integers(1, 180)


def line(wind: int) -> st.SearchStrategy[tuple[int, dict[int, float]]]:
    pairs = st.dictionaries(angles, st.floats(0.5, 30), min_size=1, max_size=8)
    return st.tuples(st.just(wind), pairs)


tables = st.lists(st.integers(1, 40), min_size=1, max_size=5, unique=True).flatmap(
    lambda winds: st.tuples(*(line(wind) for wind in winds))
)


def written(table: tuple[tuple[int, dict[int, float]], ...]) -> Polar:
    return read_polar(
        "\n".join(
            "\t".join([str(wind), *(f"{a}\t{speed!r}" for a, speed in pairs.items())])
            for wind, pairs in table
        )
    )


def test_what_the_file_says_is_what_comes_out_and_between_it_goes_straight() -> None:
    polar = read_polar("\ufeff" + TEXT)
    assert polar.speed(6 * KN, 90) == pytest.approx(6.1 * KN)
    assert polar.speed(10 * KN, -42) == pytest.approx(6.2 * KN)
    assert polar.speed(8 * KN, 90) == pytest.approx(6.7 * KN)
    assert polar.speed(6 * KN, 120) == pytest.approx((6.1 + 4.2) / 2 * KN)
    assert polar.speed(25 * KN, 90) == polar.speed(10 * KN, 270), "beyond the last wind it holds"
    assert polar.speed(3 * KN, 90) == pytest.approx(6.1 / 2 * KN)
    assert polar.speed(0, 90) == polar.speed(6 * KN, 0) == 0
    up, down = polar.target(10 * KN, upwind=True), polar.target(10 * KN, upwind=False)
    assert up is not None
    assert down is not None
    assert up == (42, pytest.approx(6.2 * KN))
    assert down == (150, pytest.approx(6.0 * KN))
    assert polar.target(0, upwind=True) is None


@given(tables, st.floats(0, 60), st.floats(-720, 720))
def test_a_polar_gives_what_stands_in_it_and_nothing_beyond_that(
    table: tuple[tuple[int, dict[int, float]], ...], wind: float, angle: float
) -> None:
    polar = written(table)
    for speed_of_wind, pairs in table:
        for at, speed in pairs.items():
            assert polar.speed(speed_of_wind * KN, at) == pytest.approx(speed * KN)
    most = max(speed for _, pairs in table for speed in pairs.values())
    found = polar.speed(wind * KN, angle)
    assert 0 <= found <= most * KN * (1 + 1e-9)
    assert found == pytest.approx(polar.speed(wind * KN, -angle), abs=1e-6), "port is starboard"


@given(tables, st.floats(0.5, 60), st.booleans())
def test_no_angle_makes_more_good_than_the_target(
    table: tuple[tuple[int, dict[int, float]], ...], wind: float, upwind: bool
) -> None:
    polar = written(table)
    target = polar.target(wind * KN, upwind=upwind)
    low = min(min(pairs) for _, pairs in table)
    high = max(max(pairs) for _, pairs in table)
    tried = [half / 2 if upwind else 180 - half / 2 for half in range(181)]
    tried = [angle for angle in tried if low <= angle <= high]
    most = max((polar.speed(wind * KN, one) * abs(cos(radians(one))) for one in tried), default=0)
    if target is None:
        assert most < 1e-9, "of angles that it does not have it says nothing"
        return
    assert target.speed == polar.speed(wind * KN, target.angle)
    assert (target.angle <= 90) == upwind or target.angle == 90
    made = target.speed * abs(cos(radians(target.angle)))
    assert low <= target.angle <= high
    assert made == pytest.approx(most)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no line has a wind"), ("! only words\n", "no line has a wind"),
        ("6 45", "line 1: after the wind"), ("6 45 5 90", "line 1: after the wind"),
        ("! a\n\nsix 45 5", "line 3: not all of it is numbers"), ("6 45 nan", "line 1: winds"),
        ("0 45 5", "line 1: winds"), ("6 45 -5", "line 1: winds"), ("6 45 0", "line 1: it has no"),
        ("6 200 5", "line 1: each angle"), ("6 45 5 45 6", "line 1: each angle"),
        ("6 45 5\n6 45 5", "line 2: this wind stands there twice"),
        ("twa/tws;6;10\n44.1;4.62;0", "line 1: not all of it is numbers"),
    ],
)  # fmt: skip
def test_what_is_no_polar_is_refused_with_its_line(text: str, why: str) -> None:
    with pytest.raises(PolarError, match=why):
        read_polar(text)


def test_the_settings_name_a_file_and_laylines_have_its_angles(tmp_path: Path) -> None:
    path = tmp_path / "boat.pol"
    assert polar_of(Live()) is None
    with pytest.raises(FileNotFoundError):
        polar_of(Live(polar=str(path)))
    path.write_text(TEXT)
    polar = polar_of(Live(polar=f" {path} "))
    assert polar == read_polar(TEXT)
    assert angles_of(Live(), None, 10 * KN) == (42, 150)
    assert angles_of(Live(beat_angle=30), polar, 0) == (30, 150), "in no wind there is no target"
    beat, run = angles_of(Live(beat_angle=30), polar, 10 * KN)
    assert (beat, run) == (42, 150)
    path.write_bytes(b"!" * (MOST_BYTES + 1))
    with pytest.raises(PolarError, match="larger"):
        polar_of(Live(polar=str(path)))
