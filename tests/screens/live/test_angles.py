"""Angles on the wall and large: nothing jumps at north or at the stern, whatever was sailed."""

from __future__ import annotations

import itertools
from datetime import UTC
from statistics import fmean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.live.series import SeriesKey
from tui.live.store import FeedStore
from tui.live.tiers import Retention
from tui.live.units import relative
from tui.screens.live import large
from tui.screens.live.angles import PORT, STARBOARD, off_bow
from tui.screens.live.drawing import Drawing
from tui.screens.live.large import Large
from tui.screens.live.layout import layout_of
from tui.screens.live.row import Row
from tui.screens.live.rows import row_specs
from tui.screens.live.window import frame_of
from tui.widgets.sparkline_cells import SPANS, span_of
from tui.workspace.live.live import TYPES
from tui.workspace.live.presets import USUAL_TYPES, Arrangement, Limits, Scale

NOW = 1_760_000_000_000
COG, HDG, SOG, AWA = 6, 8, 9, 11
SCALES: list[Scale] = ["shared", "auto", "fixed"]
courses = st.lists(st.floats(-170, 170), min_size=1, max_size=60)
"""Turns from one sample to the next: less than half a circle, or nobody could say which way."""


def sailed(*boats: tuple[str, int, list[float]], step: int = 1000) -> FeedStore:
    store = FeedStore()
    for serial, kind, values in boats:
        times = [NOW - step * (len(values) - place) for place in range(len(values))]
        store.add([((serial, kind, 0), times, [values])])
    return store


def drawn(store: FeedStore, arrangement: Arrangement) -> tuple[Drawing, list[Row]]:
    drawing = Drawing("braille", UTC)
    drawing.store, drawing.arrangement = store, arrangement
    drawing.layout = layout_of(120, by_type=False)
    serials = sorted({key.serial for key in store})
    specs = row_specs(store, serials, str, TYPES, arrangement, NOW)
    for number in range(3):
        drawing.tick(specs, NOW, float(number))
    return drawing, [drawing.row(spec) for spec in specs]


@given(st.floats(0, 359.9), courses, st.sampled_from(SCALES))
def test_a_course_is_one_line_whatever_it_crosses(
    first: float, turns: list[float], scale: Scale
) -> None:
    sailed_on = list(itertools.accumulate(turns, initial=first))
    store = sailed(("A", COG, [one % 360 for one in sailed_on]))
    _, (row,) = drawn(store, Arrangement(window=60, types=(COG,), scale=scale))
    there = [one for one in row.values.shown if one is not None]
    # Several samples may lie in one column: their mean is less than half a turn from both.
    steps = [later - one for one, later in itertools.pairwise(there)]
    assert all(abs(one) <= 180 + 1e-6 for one in steps)
    low, high = row.scale
    assert low - 1e-6 <= min(there) <= max(there) <= high + 1e-6
    assert (high - low) / 2 in SPANS or (high - low) % 360 == pytest.approx(0)


def test_a_course_near_north_is_no_square_wave() -> None:
    store = sailed(("A", COG, [355, 5] * 20), ("B", COG, [85, 95] * 20))
    for scale in SCALES:
        _, (north, east) = drawn(store, Arrangement(window=60, types=(COG,), scale=scale))
        for row in (north, east):
            seen = row.bounds()
            assert seen is not None
            assert seen[1] - seen[0] <= 10
        wide = 360 if scale == "fixed" else 90
        assert north.scale[1] - north.scale[0] == wide == east.scale[1] - east.scale[0]


def test_rows_of_one_scale_reach_equally_far() -> None:
    store = sailed(("A", COG, [355, 5] * 20), ("B", COG, [20.0] * 20 + [140.0] * 20))
    _, rows = drawn(store, Arrangement(window=60, types=(COG,), scale="shared"))
    assert {high - low for low, high in (row.scale for row in rows)} == {180}
    _, rows = drawn(store, Arrangement(window=60, types=(COG,), scale="auto"))
    assert [high - low for low, high in (row.scale for row in rows)] == [90, 180]


def test_limits_that_a_person_has_set_are_the_scale() -> None:
    store = sailed(("A", COG, [355.0, 5.0] * 20))
    limits = {COG: Limits(low=-20.0, high=20.0)}
    arrangement = Arrangement(window=60, types=(COG,), scale="fixed", limits=limits)
    _, (row,) = drawn(store, arrangement)
    assert row.scale == (-20.0, 20.0)
    assert {one for one in row.values.shown if one is not None} <= {-5.0, 5.0, 0.0}


@given(st.lists(st.floats(-180, 180), min_size=1, max_size=40), st.sampled_from(SCALES))
def test_an_angle_to_the_wind_is_how_far_off_the_bow_and_its_side_a_colour(
    angles: list[float], scale: Scale
) -> None:
    store = sailed(("A", AWA, angles), step=2000)
    _, (row,) = drawn(store, Arrangement(window=120, types=(AWA,), scale=scale))
    there = [one for one in row.values.shown if one is not None]
    low, high = row.scale
    assert (low, high) == (0, 180) if scale == "fixed" else 0 <= low <= high - 90 <= 90
    assert all(low - 1e-6 <= one <= high + 1e-6 for one in there)
    assert set(row.chart.levels.strip(b"\0")) <= {PORT, STARBOARD}
    assert row.numbers.low == "–" or int(row.numbers.low) <= int(row.numbers.high)


@pytest.mark.parametrize("knots", [7.95, 8.05, 6.15])
def test_a_speed_that_never_changes_is_its_own_mean(knots: float) -> None:
    for count in range(1, 60, 7):
        store = sailed(("A", SOG, [knots * 1.852] * count))
        _, (row,) = drawn(store, Arrangement(window=60, types=(SOG,)))
        assert len({row.numbers.low, row.numbers.mean, row.numbers.high}) == 1
        found = store.statistics(SeriesKey("A", SOG, 0), NOW - 60_000, NOW)
        assert found is not None
        assert found.low == found.mean == found.high


def test_a_tack_changes_the_colour_and_not_the_height() -> None:
    store = sailed(("A", AWA, [33.0] * 20 + [-33.0] * 20))
    _, (row,) = drawn(store, Arrangement(window=60, types=(AWA,)))
    there = {one for one in row.values.shown if one is not None}
    assert there == {33.0}
    sides = [level for level in row.chart.levels if level]
    assert sides == sorted(sides, reverse=True), "starboard, then port"
    assert set(sides) == {PORT, STARBOARD}
    assert row.numbers.value == "-33"
    assert (row.numbers.low, row.numbers.mean, row.numbers.high) == ("33", "33", "33")


@pytest.mark.parametrize("window", [60, 300, 3600])
@given(angles=st.lists(st.tuples(st.floats(20, 170), st.booleans()), min_size=1, max_size=50))
@settings(max_examples=30)
def test_how_far_off_the_bow_a_boat_was_is_of_its_samples_on_whichever_side(
    window: int, angles: list[tuple[float, bool]]
) -> None:
    """However many tacks one column holds: nothing was measured at the bow or the stern."""
    values = [-angle if port else angle for angle, port in angles]
    _, (row,) = drawn(sailed(("A", AWA, values)), Arrangement(window=window, types=(AWA,)))
    off = [angle for angle, _ in angles]
    found = [float(one) for one in (row.numbers.low, row.numbers.mean, row.numbers.high)]
    assert found == pytest.approx([min(off), fmean(off), max(off)], abs=0.51)


@pytest.mark.parametrize("window", [60, 300, 3600])
@given(st.lists(st.tuples(st.floats(20, 170), st.booleans()), min_size=1, max_size=50))
@settings(max_examples=30)
def test_the_line_of_an_angle_to_the_wind_is_where_the_boat_was(
    window: int, angles: list[tuple[float, bool]]
) -> None:
    """A tack within one column is no moment at the bow, nor a gybe one at the stern."""
    values = [-angle if port else angle for angle, port in angles]
    store = sailed(("A", AWA, values))
    arrangement = Arrangement(window=window, types=(AWA,))
    _, (row,) = drawn(store, arrangement)
    off = [angle for angle, _ in angles]
    least, most = min(off) - 1e-6, max(off) + 1e-6
    assert all(least <= one <= most for one in row.values.shown if one is not None)
    frame = frame_of(window, 60, 1, NOW)
    row.take(store, frame, arrangement)
    bands = [one for one in large.bands_of(row, row.view(store, frame), smooth=False) if one]
    assert bands
    assert all(least <= low <= high <= most for low, high in bands)


def test_a_tack_in_what_has_become_coarse_is_drawn_where_the_boat_was_last() -> None:
    store = FeedStore(Retention(samples=512))
    values = [33.0, 33.0, -31.0, -31.0] * 2000
    times = [NOW - 1000 * (len(values) - place) for place in range(len(values))]
    store.add([(("A", AWA, 0), times, [values])])
    _, (row,) = drawn(store, Arrangement(window=10_800, types=(AWA,)))
    there = {round(one) for one in row.values.shown if one is not None}
    assert there <= {31, 32, 33}


def test_the_scale_of_angles_to_the_wind_is_as_wide_as_it_must_be() -> None:
    """45 degrees to both sides of their middle, within the bow and the stern."""
    beating, reaching = [33.0, 41.0] * 20, [95.0, -118.0] * 20
    running, everywhere = [165.0, -178.0] * 20, [20.0, 170.0] * 20
    boats = [beating, reaching, running, everywhere]
    store = sailed(*((name, AWA, boat) for name, boat in zip("ABCD", boats, strict=True)))
    _, rows = drawn(store, Arrangement(window=60, types=(AWA,), scale="auto"))
    assert [row.scale for row in rows] == [(0, 90), (65, 155), (90, 180), (0, 180)]
    _, rows = drawn(store, Arrangement(window=60, types=(AWA,), scale="shared"))
    assert {row.scale for row in rows} == {(0, 180)}
    _, rows = drawn(store, Arrangement(window=60, types=(AWA,), scale="fixed"))
    assert {row.scale for row in rows} == {(0, 180)}


@given(st.floats(-400, 400), st.floats(0, 350), st.floats(0, 1))
def test_off_the_bow_is_what_every_angle_between_says(
    low: float, width: float, part: float
) -> None:
    """Against all whole degrees and both ends, one by one."""
    high, mean = low + width, low + width * part
    between = [low, high, *(float(one) for one in range(-800, 801) if low <= one <= high)]
    found = off_bow(low, high, mean)
    expected = [abs(relative(one)) for one in between]
    assert found == pytest.approx((min(expected), max(expected), abs(relative(mean))), abs=1e-6)


@given(st.floats(0, 359.9), courses, st.sampled_from(SCALES), st.sampled_from([COG, AWA]))
def test_the_axis_of_the_large_chart_shows_degrees_of_the_circle(
    first: float, turns: list[float], scale: Scale, kind: int
) -> None:
    values = [one % 360 for one in itertools.accumulate(turns, initial=first)]
    if kind == AWA:
        values = [relative(one) for one in values]
    store = sailed(("A", kind, values))
    arrangement = Arrangement(window=60, types=(kind,), scale=scale)
    (spec,) = row_specs(store, ["A"], str, TYPES, arrangement, NOW)
    chart = Large("ascii", UTC)
    row = Row(spec, "ascii")
    frame = frame_of(60, 60, 1, NOW)
    row.take(store, frame, arrangement)
    bands = large.bands_of(row, row.view(store, frame), smooth=False)
    scaled = large.scale_in(row, arrangement, bands)
    lines = chart._beside_scale([" " * 60] * 9, row, scaled, "kn")
    labels = [line[0][0].rstrip("|│").strip() for line in lines]
    shown = [float(label) for label in labels if label]
    assert len(shown) == 3
    if kind == COG:
        assert all(0 <= one < 360 for one in shown)
    else:
        assert 180 >= shown[0] >= shown[1] + 45 - 0.5 >= shown[2] + 90 - 0.5 >= 90 - 0.5
    assert all(
        scaled[0] - 1e-6 <= low <= high <= scaled[1] + 1e-6
        for low, high in (band for band in bands if band is not None)
    )


def test_scales_of_directions_have_few_steps() -> None:
    assert [span_of(one) for one in (0, 45, 46, 91, 181, 800)] == [45, 45, 90, 180, 360, 900]


def test_the_heading_beside_the_course_is_not_shown_unasked() -> None:
    assert HDG not in USUAL_TYPES
    assert COG in USUAL_TYPES
