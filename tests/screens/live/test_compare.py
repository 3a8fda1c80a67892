"""Boats in one chart: lines, differences, words; and the keys of ladder and comparison."""

from __future__ import annotations

from math import atan2, cos, degrees, radians, sin
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tests.deck import deck_of, opened, screen_text, until
from tests.harness import EmbeddedServer
from tui.screens.live.compare import ComparePane, marked_first
from tui.screens.live.comparing import (
    Line,
    compared_lines,
    difference_text,
    differences,
    mean_difference,
    scale_around,
    side_by_side,
    side_by_side_apart,
)
from tui.screens.live.screen import LiveScreen
from tui.screens.live.track import TrackPane
from tui.widgets.sparkline_cells import Bucket, GlyphSet
from tui.workspace.live.derived import ALL_KINDS

SOG, COG, AWA = (ALL_KINDS[one] for one in (9, 6, 11))
values = st.lists(st.one_of(st.none(), st.floats(-500, 500)), max_size=12)


@given(values, values)
def test_a_difference_is_where_both_are_known_and_of_directions_the_shorter_way(
    one: list[Bucket], other: list[Bucket]
) -> None:
    plain = differences(one, other, circular=False)
    turned = differences(one, other, circular=True)
    assert len(plain) == min(len(one), len(other))
    for a, b, straight, around in zip(one, other, plain, turned, strict=False):
        assert (straight is None) == (around is None) == (a is None or b is None)
        if a is not None and b is not None and straight is not None and around is not None:
            assert a + straight == pytest.approx(b)
            assert abs(around) <= 180
            assert (a + around - b) % 360 == pytest.approx(0, abs=1e-6) or (
                (a + around - b) % 360 == pytest.approx(360, abs=1e-6)
            )


@given(st.floats(0, 360), st.lists(st.floats(-40, 40), min_size=1, max_size=12), st.floats(-9, 9))
def test_the_mean_of_courses_apart_is_that_of_their_turns(
    course: float, offs: list[float], apart: float
) -> None:
    """About opposite, where a difference changes its sign, as anywhere."""
    for opposite in (0, 180):
        first = [course] * len(offs)
        other = [(course + opposite + apart + off) % 360 for off in offs]
        found = differences(first, other, circular=True)
        mean = mean_difference([one for one in found if one is not None], circular=True)
        assert mean is not None
        east, north = (sum(wave(radians(one)) for one in offs) for wave in (sin, cos))
        right = opposite + apart + degrees(atan2(east, north))
        assert abs((mean - right + 180) % 360 - 180) < 1e-6
        (drawn,) = side_by_side_apart([found], circular=True)
        there = [one for one in drawn if one is not None]
        assert max(there) - min(there) <= 80 + 1e-6, "no square wave"


def test_boats_that_sail_opposite_ways_are_half_a_turn_apart() -> None:
    lines = [Line("A", [0.0] * 4), Line("B", [179.0, 181.0, 178.0, 181.0])]
    drawn = shown(lines, 6, (80, 20))
    place = next(n for n, line in enumerate(drawn) if "B-A" in line)
    assert "B-A -179 °, mean +180" in drawn[place]
    axis = [line[:8].strip() for line in drawn[place + 1 : -1]]
    # Around half a turn, and no degree of it lies beyond that.
    assert [one for one in axis if one] == ["-135", "+180", "+135"]


def test_courses_beside_north_lie_beside_each_other() -> None:
    lines = [Line("A", [350.0, 355.0]), Line("B", [5.0, 10.0]), Line("C", [None, None])]
    drawn = side_by_side(lines, circular=True)
    assert drawn == [[350.0, 355.0], [365.0, 370.0], [None, None]]
    low, high = scale_around(drawn, circular=True)
    assert low <= 350
    assert high >= 370
    assert high - low == 90
    assert differences([350.0], [5.0], circular=True) == [15]
    assert difference_text(COG, 15, "kn") == "+15"
    assert difference_text(SOG, -1.852, "kn") == "-1.00"
    assert difference_text(COG, -0.4, "kn") == "0"
    assert difference_text(SOG, -0.001, "kn") == difference_text(SOG, 0.001, "kn") == "0.00"


def shown(
    lines: list[Line], kind: int, size: tuple[int, int], glyphs: GlyphSet = "braille"
) -> list[str]:
    drawn = compared_lines(
        lines, ALL_KINDS[kind], "kn", size, glyphs, ("10:00:00", "10:05:00"), "heading",
        sided=kind == 11,
    )  # fmt: skip
    return ["".join(text for text, _ in line) for line in drawn]


@pytest.mark.parametrize("glyphs", ["braille", "blocks", "ascii"])
@pytest.mark.parametrize("size", [(80, 15), (120, 31), (240, 51)])
def test_whose_line_it_is_can_be_read_without_colour(
    glyphs: GlyphSet, size: tuple[int, int]
) -> None:
    width, height = size
    lines = [
        Line("Petrel", [18.52 + 0.01 * n for n in range(60)]),
        Line("Kōtare", [9.26] * 60),
        Line("None", [None] * 60),
        Line("Gannet", [13.89] * 40),
    ]
    drawn = shown(lines, 9, size, glyphs)
    assert len(drawn) <= height
    assert all(cell_len(line) <= width for line in drawn)
    assert "A Petrel 10.3 kn" in drawn[1]
    assert "C None – kn" in drawn[1]
    place = next(n for n, line in enumerate(drawn) if "B-A" in line)
    gaps, chart, below = drawn[place], "".join(drawn[2:place]), "".join(drawn[place + 1 :])
    assert chart.count("A") == chart.count("B") == chart.count("D") == 1
    assert "C" not in chart
    assert "B-A -5.32 kn, mean -5.16" in gaps
    assert "C-A: never both known" in gaps
    assert below.count("B") == below.count("D") == 1
    assert "10:05:00" in drawn[-1]
    # An empty picture is one, too.
    assert len(shown([Line("a", []), Line("b", [])], 11, size, glyphs)) == len(drawn)


@pytest.mark.parametrize("width", [80, 120])
def test_four_boats_with_long_names_all_stand_in_the_legend(width: int) -> None:
    names = [f"udp 192.168.178.{n} of the regatta's fleet {n}" for n in (11, 12, 13, 14)]
    legend = shown([Line(name, [18.52] * 40) for name in names], 9, (width, 20))[1]
    assert cell_len(legend) <= width
    assert [legend.count(f"{n} 10.0 kn") for n in (11, 12, 13, 14)] == [1, 1, 1, 1]


@pytest.mark.parametrize("glyphs", ["braille", "ascii"])
def test_what_a_boat_had_before_it_fell_silent_is_not_said_as_what_it_has(glyphs: GlyphSet) -> None:
    lines = [Line("Kestrel", [9.0, 10.0]), Line("Petrel", [9.26, None], "14:02:10")]
    sign = "?" if glyphs == "ascii" else "○"
    for width in (80, 120, 240):
        legend = shown(lines, 9, (width, 15), glyphs)[1]
        assert f"B Petrel 5.0 kn {sign} 14:02:10" in legend
        assert "A Kestrel 5.4 kn  B" in legend


def test_what_is_marked_at_first_is_of_the_same_kind_and_never_itself_twice() -> None:
    serials, apart = ["A", "B", "W", "X"], {"W", "X"}
    assert marked_first(serials, "B", apart) == ["B", "A"]
    assert marked_first(["W", "X", "A", "B"], "X", apart) == ["X", "W"]
    # Where none is of its kind it is the next one.
    assert marked_first(["W", "A", "B"], "W", apart) == ["W", "A"]
    assert marked_first(["A", "B"], "A", ()) == ["A", "B"]


async def test_keys_show_the_ladder_beside_the_map_or_in_its_place_and_compare_boats(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with opened(deck_of(server, tmp_path, "live"), (160, 40)) as pilot:

        def there(*texts: str) -> bool:
            return all(one in screen_text(pilot) for one in texts)

        await until(pilot, lambda: there("series", "⏎ Large"), "the wall")
        screen = pilot.app.screen
        assert isinstance(screen, LiveScreen)
        await pilot.press("f")
        await until(pilot, lambda: there("Ladder to ", "behind", "Windward mark"), "both")
        track = screen.board.front
        assert isinstance(track, TrackPane)
        await until(pilot, lambda: track.track.has_focus and there("⏎ Follow"), "its keys")
        await pilot.press("b")
        await until(
            pilot, lambda: screen_text(pilot).count(f"[{track._called(track.chosen)}]") >= 2
        )
        await pilot.press("f")
        await until(pilot, lambda: not there("Ladder to "), "the map alone")
        await pilot.press("f")
        await until(pilot, lambda: there("Ladder to "), "both again")
        # Where there is not room for both it stands in the map's place.
        await pilot.resize_terminal(100, 30)
        await until(pilot, lambda: there("Ladder to ") and not track.track.display, "alone")
        await until(pilot, lambda: track.ladder.has_focus, "the focus")
        await pilot.press("f")
        await until(pilot, lambda: not there("Ladder to ") and track.track.has_focus, "the map")
        await pilot.press("escape")
        wall = screen.board.rows.wall
        await until(pilot, lambda: there("⏎ Large") and wall.has_focus, "the wall")
        place = next(n for n, one in enumerate(wall.specs) if one.device == "Petrel")
        wall.go_to(place)
        kind = wall.specs[place].kind
        assert kind is not None
        await pilot.press("c")
        await until(pilot, lambda: there(f"Compare {kind.name}", "space marks"), "asked")
        assert not screen.board.patience.until(about_content=False), "the keys are the question's"
        await pilot.press("enter")
        await until(pilot, lambda: there("difference to A below", "A Petrel", "B-A"), "compared")
        assert isinstance(screen.board.front, ComparePane)
        await until(pilot, lambda: there("c Wall"), "its keys")
        await pilot.press("c")
        await until(pilot, lambda: there("⏎ Large") and wall.has_focus, "the wall again")
        await until(pilot, lambda: screen.board.front is None, "nothing lies over it")

        def on_a_wind_unit() -> bool:
            # Rows may come meanwhile, and be otherwise numbered.
            units = [n for n, one in enumerate(wall.specs) if one.device.startswith("WindBot")]
            wall.go_to(units[0])
            return (row := wall.chosen) is not None and row.kind is not None and row.key is not None

        # From a wind unit's row boats are offered as well, below those of its kind.
        await until(pilot, on_a_wind_unit, "a row with values")
        await pilot.press("c")
        watching = screen.picture.watching
        assert watching is not None
        serials = {one.name: one.serial for one in watching.devices}
        unit, boat = (f"{name}  {serials[name]}" for name in ("WindBot 2", "Petrel"))
        await until(pilot, lambda: there("space marks", unit, boat), "asked again")
        assert screen_text(pilot).index(unit) < screen_text(pilot).index(boat)
