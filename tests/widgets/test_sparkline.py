from __future__ import annotations

from itertools import pairwise
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tests.widgets.hosts import Host, lines_of, settle
from tui.widgets.plot import Axis, Plot, Series, number_text
from tui.widgets.plot_lines import plot_lines, spread, spread_around
from tui.widgets.plot_overlaid import LETTERS, ROLES, overlaid
from tui.widgets.sparkline import level_segments
from tui.widgets.sparkline_cells import (
    Bucket,
    GlyphSet,
    _shares,
    _steps,
    scale_of,
    sparkline_cells,
)

SETS: tuple[GlyphSet, ...] = get_args(GlyphSet)
numbers = st.floats(-1e12, 1e12) | st.none() | st.sampled_from([float("nan"), float("inf")])


def line(buckets: list[Bucket], glyphs: GlyphSet, low: float = 0, high: float = 8) -> str:
    return sparkline_cells(buckets, glyphs=glyphs, low=low, high=high)[0].text


def test_heights() -> None:
    assert line([0, 1, 2, 3, 4, 5, 6, 7, 8], "blocks") == "▁▂▃▄▅▆▇██"
    assert line([0, 4, 8], "ascii", 0, 8) == ".=#"
    assert line([0, 2, 4, 8], "braille") == "⣠⣾"


def test_gaps_are_gaps_and_the_lowest_value_is_none() -> None:
    assert line([None, 0, None, 8], "blocks") == " ▁ █"
    assert line([None, None, 0, None], "braille") == " ⡀"
    assert line([float("nan"), 8], "ascii") == " #"


def test_several_lines_stack() -> None:
    top, bottom = sparkline_cells([0, 8, 4], glyphs="blocks", height=2, low=0, high=8)
    assert bottom.text == "▁██"
    assert top.text == " █▁"


@given(st.lists(st.integers(0, 8) | st.none(), max_size=20), st.sampled_from([1, 2, 3]))
def test_a_bare_graph_is_the_upper_edge_of_the_filled_one(
    values: list[Bucket], height: int
) -> None:
    drawn = [
        sparkline_cells(values, height=height, low=0, high=8, bare=bare) for bare in (True, False)
    ]
    for place in range(len(values)):
        bare, filled = (
            [ord(one.text[place // 2]) & (0xB8 if place % 2 else 0x47) for one in lines]
            for lines in [
                [line._replace(text=line.text.replace(" ", "\u2800")) for line in lines]
                for lines in drawn
            ]
        )
        assert sum(bits.bit_count() for bits in bare) == (values[place] is not None)
        highest = next((number for number, bits in enumerate(filled) if bits), None)
        assert [number for number, bits in enumerate(bare) if bits] == (
            [] if highest is None else [highest]
        )
    assert [line.levels for line in drawn[0]] == [line.levels for line in drawn[1]]
    blocks = [
        sparkline_cells(values, glyphs="blocks", low=0, high=8, bare=bare) for bare in (True, False)
    ]
    assert blocks[0] == blocks[1], "blocks have no glyphs for it"


def step_of(value: float | None, low: float, high: float, steps: int) -> int:
    """The height of one value."""
    return _steps(_shares((value,), low, high), steps)[0]


def test_a_value_outside_of_the_scale_stands_at_its_edge() -> None:
    assert step_of(-5, 0, 8, 8) == 1
    assert step_of(99, 0, 8, 8) == 8
    assert step_of(None, 0, 8, 8) == 0
    assert step_of(5, 5, 5, 8) == 4


def test_the_narrowest_and_the_widest_scale_of_all_hold_every_value() -> None:
    assert step_of(3e11, 0, 1.5e-296, 8) == 8
    assert step_of(-3e11, 0, 5e-324, 8) == 1
    assert step_of(1.7e308, -1.7e308, 1.7e308, 8) == 8
    assert step_of(-1.7e308, -1.7e308, 1.7e308, 8) == 1


@given(
    st.lists(numbers, max_size=60),
    st.sampled_from(SETS),
    st.integers(1, 4),
    st.floats(allow_nan=False, allow_infinity=False),
    st.floats(allow_nan=False, allow_infinity=False),
)
def test_every_series_can_be_drawn(
    buckets: list[Bucket], glyphs: GlyphSet, height: int, low: float, high: float
) -> None:
    lines = sparkline_cells(buckets, glyphs=glyphs, height=height, low=low, high=high)
    cells = -(-len(buckets) // 2) if glyphs == "braille" else len(buckets)
    assert len(lines) == height
    for text, levels in lines:
        assert len(text) == len(levels) == cells
        assert all(0 <= level < 8 for level in levels)


@given(st.lists(st.floats(0, 100), min_size=4, max_size=40), st.sampled_from(SETS))
def test_a_new_bucket_changes_one_cell(values: list[float], glyphs: GlyphSet) -> None:
    before = line([*values[:-1], None], glyphs, 0, 100)
    after = line(list(values), glyphs, 0, 100)
    assert sum(a != b for a, b in zip(before, after, strict=True)) <= 1


@given(st.lists(st.floats(-1e300, 1e300), min_size=1))
def test_the_scale_holds_every_value(values: list[float]) -> None:
    low, high = scale_of(values)
    assert low < high
    slack = 1e-6 * max(map(abs, values)) + 1e-300
    assert low <= min(values) + slack
    assert high >= max(values) - slack


def test_the_scale_is_round() -> None:
    assert scale_of([3.2, 17.9]) == (2, 18)
    assert scale_of([None]) == (0, 1)
    assert scale_of([5.0])[0] < scale_of([5.0])[1]


def test_what_differs_by_rounding_alone_is_drawn_as_one_value() -> None:
    values = [22.224, sum([22.224] * 7) / 7, sum([22.224] * 5) / 5]
    assert len(set(values)) > 1
    assert scale_of(values) == scale_of([22.224])
    assert scale_of([20 - 4e-15, 20.0]) == scale_of([20.0])
    low, high = scale_of([0.0, 1e-12])
    assert high < 1e-11, "small is not rounded where it is all that there is"
    assert low == 0


def test_cells_of_one_level_are_one_segment() -> None:
    from rich.segment import Segment
    from rich.style import Style

    styles = [Style(color=f"color({n})") for n in range(8)]
    blank = Style(bgcolor="black")
    segments = level_segments("▁▁ ▁██ █", bytes([0, 0, 5, 0, 7, 7, 1, 7]), styles, blank)
    assert [(segment.text, segment.style) for segment in segments] == [
        ("▁▁", styles[0]), (" ", blank), ("▁", styles[0]), ("██", styles[7]), (" ", blank),
        ("█", styles[7]),
    ]  # fmt: skip
    assert level_segments("", b"", styles, blank)[0].text == ""
    assert level_segments("   ", bytes(3), styles, blank) == [Segment("   ", blank)]


def test_plot_columns_know_their_range_and_their_gaps() -> None:
    samples = [(0.0, 1.0), (1.0, 5.0), (9.0, 2.0), (10.0, float("nan"))]
    assert spread(samples, 0, 10, 5) == [(1, 5), None, None, None, (2, 2)]
    assert spread([(5.0, 3.0)], 5, 5, 3) == [(3, 3), None, None]


def test_plot_joins_neighbours_but_not_over_a_gap() -> None:
    joined = plot_lines([(0, 0), (8, 8)], height=4, glyphs="ascii", low=0, high=8)
    assert [row[1] for row in joined].count("*") == 3
    apart = plot_lines([(0, 0), None, (8, 8)], height=4, glyphs="ascii", low=0, high=8)
    assert ["".join(row) for row in apart] == ["  *", "   ", "   ", "*  "]
    for glyphs in SETS:
        assert len(plot_lines([(0, 8)] * 6, height=3, glyphs=glyphs, low=0, high=8)) == 3


@given(st.lists(st.floats(0, 359.9), min_size=1, max_size=40), st.integers(-36, 36))
def test_the_arc_of_a_column_holds_its_angles_and_lies_around_the_centre(
    angles: list[float], tens: int
) -> None:
    centre = tens * 10.0
    arcs = spread_around([(n / 4, one) for n, one in enumerate(angles)], 0, 10, 10, centre)
    for column, arc in enumerate(arcs):
        within = [one for n, one in enumerate(angles) if min(9, int(n / 4)) == column]
        assert (arc is None) == (not within)
        if arc is not None:
            assert abs((arc[0] + arc[1]) / 2 - centre) <= 180 + 1e-6
            for one in within:
                above = (one - arc[0]) % 360
                assert above <= arc[1] - arc[0] + 1e-6 or above > 360 - 1e-6
            apart = [abs((b - a + 180) % 360 - 180) for a, b in pairwise(within)]
            assert arc[1] - arc[0] <= sum(apart) + 1e-6


async def test_a_course_that_wavers_about_any_direction_is_one_thin_line() -> None:
    start = 1_700_000_000.0
    plot = Plot(glyphs="braille")
    async with Host(plot).run_test(size=(70, 14)) as pilot:
        await settle(pilot)
        for centre in range(0, 360, 45):
            course = [(start + n, (centre + 9 * (n % 5 - 2)) % 360) for n in range(900)]
            for middle in (centre, centre + 180):
                plot.show(Series("Course", "°", course), axis=Axis(str, around=middle % 360))
                filled = [
                    line
                    for line in lines_of(plot)[1:-2]
                    if any("\u2801" <= sign <= "\u28ff" for sign in line)
                ]
                # Seen from the other side it lies at both edges, and never in between.
                assert len(filled) <= (6 if middle == centre else 4)


def test_blanks_between_lines_have_the_look_of_no_line() -> None:
    band = (1.0, 1.0)
    (line,) = overlaid(
        [[band, None, None, None, None, band]], ["bad"], [""], (6, 1), "ascii", (0.0, 2.0)
    )
    assert {role for text, role in line if not text.strip()} == {"text"}
    assert "".join(text for text, role in line if role == "bad") == "**"


def test_what_lies_too_far_apart_is_not_joined() -> None:
    def drawn(joined: float) -> str:
        bands = [(350.0, 350.0), (10.0, 10.0), (20.0, 20.0)]
        return "".join(plot_lines(bands, height=9, glyphs="ascii", low=0, high=360, joined=joined))

    assert drawn(180).count("*") == 3
    assert drawn(400).count("*") > 3


async def test_several_series_lie_over_each_other_and_end_with_their_letters() -> None:
    start = 1_700_000_000.0
    series = [
        Series("Speed", "kn", [(start + n, level) for n in range(300)], name)
        for level, name in ((2.0, "Kōtare"), (4.0, "[b]Petrel[/b]"), (8.0, "\x1b[31m" + "x" * 300))
    ]
    plot = Plot()
    async with Host(plot).run_test(size=(70, 14)) as pilot:
        await settle(pilot)
        plot.show(*series, Series("Speed", "kn", [], "silent"))
        lines = lines_of(plot)
        assert lines[0].startswith("A Kōtare  B [b]Petrel[/b]")
        assert "D silent" in lines[0]
        ends = {line.rstrip()[-1]: place for place, line in enumerate(lines[1:-2])}
        assert ends["A"] > ends["B"] > ends["C"]
        assert "D" not in ends
        assert all(cell_len(line) == 70 for line in lines)
        plot.show(series[0])
        assert lines_of(plot)[0].startswith("Speed (kn)")
        assert not [line for line in lines_of(plot)[1:-2] if "A" in line]


@given(
    st.lists(
        st.lists(st.integers(0, 8), min_size=1, max_size=14), min_size=1, max_size=len(LETTERS)
    ),
    st.sampled_from(SETS),
)
def test_each_of_several_lines_ends_with_its_letter(
    lines: list[list[int]], glyphs: GlyphSet
) -> None:
    """Those that end together, at the edge of the chart, as well as those that others cross."""
    bands = [[(float(value), float(value)) for value in line] for line in lines]
    chart = overlaid(bands, ROLES, LETTERS, (7, 4), glyphs, (0.0, 8.0))
    shown = "".join(text for row in chart for text, _ in row)
    assert {letter for letter in LETTERS if letter in shown} == set(LETTERS[: len(lines)])


def test_numbers_of_an_axis_are_short() -> None:
    assert [number_text(n) for n in (0, 3.14159, 12345.6, -0.00012)] == [
        "0",
        "3.142",
        "12,346",
        "-0.00012",
    ]
    assert all(len(number_text(10.0**n)) <= 8 for n in range(-12, 12))


@pytest.mark.parametrize("size", [(5, 3), (19, 4), (60, 12)])
@pytest.mark.parametrize("glyphs", SETS)
async def test_plots_of_any_size(glyphs: GlyphSet, size: tuple[int, int]) -> None:
    samples = [(1_700_000_000.0 + n, float(n % 17)) for n in range(500)]
    plot = Plot(Series("Speed \x1b[31m", "kn", [*samples, (1e30, 1.0)]), glyphs=glyphs)
    async with Host(plot).run_test(size=size) as pilot:
        await settle(pilot)
        lines = lines_of(plot)
        if size[0] == 60:
            assert lines[0].startswith("Speed ␛[31m (kn)")
            assert "┤" in lines[1]
            assert "└──" in lines[-2]
        plot.show()
        assert "Nothing was measured" in lines_of(plot)[0] or size[0] < 30


async def test_a_plot_says_that_nothing_was_measured_once_that_is_known() -> None:
    """It stood on the first frame of Sessions, where nothing had been read yet."""
    plot = Plot(empty="Nothing was measured in this time.")
    async with Host(plot).run_test(size=(70, 14)) as pilot:
        await settle(pilot)
        assert not lines_of(plot)[0].strip()
        plot.show()
        assert lines_of(plot)[0].strip() == "Nothing was measured in this time."
