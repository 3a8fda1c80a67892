"""The wall's pure parts: windows, values, charts, numbers, rows, status lines, what was drawn."""

from __future__ import annotations

import itertools
from collections import defaultdict
from datetime import UTC, datetime
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.live.derived import FIRST, SIGN
from tui.live.feed import DeviceHealth, FeedState, Health, Phase
from tui.live.series import SeriesKey
from tui.live.store import FeedStore
from tui.screens.live.angles import centre_of, unwrapped
from tui.screens.live.chart import Chart, Summary, Values
from tui.screens.live.dialogs import check_limits, moment_of_replay
from tui.screens.live.drawing import Drawing, Drawn
from tui.screens.live.layout import layout_of
from tui.screens.live.limits import Excursion, LimitWatch, excursion_text
from tui.screens.live.lines import header_segments, name_segments
from tui.screens.live.numbers import (
    age_text,
    arrow_text,
    distinct_texts,
    plain,
    since_text,
    unit_text,
    value_text,
)
from tui.screens.live.row import AGES_EVERY, Numbers, Row
from tui.screens.live.rows import MARKS, WIND, RowSpec, row_specs, same_row
from tui.screens.live.runs import difference
from tui.screens.live.status import Line, Piece, health_line, state_line
from tui.screens.live.window import Frame, frame_of, jump_of, longer, window_text
from tui.widgets.palette import Role, make_palette
from tui.widgets.sparkline_cells import GlyphSet, buckets_per_cell, sparkline_cells
from tui.workspace.live.derived import ALL_KINDS
from tui.workspace.live.live import TYPES
from tui.workspace.live.presets import WINDOWS, Arrangement, Limits
from tui.workspace.times import TimeTextError

NOW = 1_760_000_000_000
BOAT = "GA-DK-AAAD"


def filled(key: tuple[str, int, int], values: list[float], *, step: int = 500) -> FeedStore:
    store = FeedStore()
    end = NOW - NOW % step
    times = [end - step * (len(values) - 1 - place) for place in range(len(values))]
    store.add([(key, times, [values])])
    return store


# -- windows ------------------------------------------------------------------------------------


def test_columns_lie_on_a_grid_and_do_not_move_between_two_jumps() -> None:
    frames = [frame_of(300, 240, 2, NOW + moment) for moment in range(0, 60_000, 250)]
    assert {frame.first % 2 for frame in frames} == {0}
    for before, after in itertools.pairwise(frames):
        shift = after.first - before.first
        assert shift in (0, jump_of(300, 240, 2))
    assert all(frame.newest < frame.first + frame.size for frame in frames)
    assert all(frame.end > NOW for frame in frames)
    assert len({frame.first for frame in frames}) < 4


def test_a_held_window_ends_where_it_is_held() -> None:
    frame = frame_of(60, 100, 2, NOW, NOW - 30_000)
    assert 0 <= frame.end - (NOW - 30_000) < 2 * frame.width
    assert frame.column_of(NOW) is None
    assert frame.column_of(NOW - 31_000) is not None


def test_windows_reach_from_ten_seconds_to_a_day() -> None:
    window = WINDOWS[0]
    seen = [window]
    while (window := longer(window, 1)) != seen[-1]:
        seen.append(window)
    assert (seen[0], seen[-1]) == (10, 86_400)
    assert longer(10, -1) == 10
    assert [window_text(one) for one in (10, 300, 10_800, 86_400)] == [
        "10 s",
        "5 min",
        "3 h",
        "1 d",
    ]


# -- values -------------------------------------------------------------------------------------


def drawn_values(store: FeedStore, key: tuple[str, int, int], hold: int, frame: Frame) -> Values:
    view = store.view(key, frame.width, frame.size)
    assert view is not None
    view.update(frame.end)
    values = Values()
    values.hold = hold
    values.fill(view.columns, frame, 0, view.samples)
    return values


def test_a_value_is_held_between_samples_and_a_gap_is_a_gap() -> None:
    key = (BOAT, 9, 0)
    store = FeedStore()
    start = NOW - NOW % 20_000
    store.add([(key, [start, start + 2000, start + 12_000], [[1.0, 2.0, 3.0]])])
    frame = Frame(start // 1000, 20, 1000, start // 1000 + 14)
    shown = drawn_values(store, key, 2500, frame).shown
    assert shown[:5] == [1.0, 1.0, 2.0, 2.0, 2.0]
    assert shown[5:12] == [None] * 7
    assert shown[12:] == [3.0, 3.0, 3.0]


def test_what_is_filled_from_a_place_on_is_what_is_filled_from_the_start() -> None:
    key = (BOAT, 6, 0)
    store = filled(key, [(350 + 3 * place) % 360 for place in range(200)])
    frame = frame_of(60, 80, 2, NOW)
    whole = drawn_values(store, key, 1200, frame)
    parted = drawn_values(store, key, 1200, frame)
    view = store.view(key, frame.width, frame.size)
    assert view is not None
    for since in (40, 7, 63):
        parted.fill(view.columns, frame, since, view.samples)
        assert parted.shown == whole.shown
    whole.smooth = parted.smooth = True
    whole.fill(view.columns, frame, 0, view.samples)
    parted.fill(view.columns, frame, 0, view.samples)
    parted.fill(view.columns, frame, 33, view.samples)
    assert parted.shown == whole.shown


def test_angles_wrap_around_their_middle() -> None:
    assert [unwrapped(angle, 0) for angle in (350, 10, 179)] == [-10, 10, 179]
    key = (BOAT, 6, 0)
    store = filled(key, [350, 10] * 40)
    frame = frame_of(60, 80, 2, NOW)
    view = store.view(key, frame.width, frame.size)
    assert view is not None
    view.update(frame.end)
    centre = centre_of(view.columns)
    assert centre in (0, 360)
    whole = Summary().of(view.columns, len(view.columns), circular=True)
    low, mean, high = whole or (0, 0, 0)
    assert high - low == pytest.approx(20)
    assert abs((mean + 180) % 360 - 180) < 1e-6


# -- charts -------------------------------------------------------------------------------------


@pytest.mark.parametrize("glyphs", ["braille", "blocks", "ascii"])
def test_a_new_column_changes_one_cell(glyphs: str) -> None:
    chart = Chart(glyphs)  # type: ignore[arg-type]
    values: list[float | None] = [float(place % 7) for place in range(60)]
    per_cell = 2 if glyphs == "braille" else 1
    assert len(chart.draw(values, 0, 60, 0, 7)) == 60
    assert not chart.draw(values, 58, 60, 0, 7)
    values.append(6.0)
    changed = chart.draw(values, 60, 60, 0, 7)
    if per_cell == 2:
        assert changed == range(30, 31)
    before = chart.text
    values[-1] = 0.0
    assert len(chart.draw(values, 60, 60, 0, 7)) <= 1
    assert chart.text[:30] == before[:30]


@given(
    st.sampled_from(["braille", "blocks", "ascii"]),
    st.sampled_from([1, 2]),
    st.sampled_from([None, 2]),
    st.lists(st.tuples(st.integers(0, 5), st.lists(st.integers(0, 8) | st.none())), max_size=20),
)
def test_a_chart_drawn_from_where_it_differs_is_the_whole_chart(
    glyphs: GlyphSet, height: int, level: int | None, steps: list[tuple[int, list[int | None]]]
) -> None:
    chart, size = Chart(glyphs, height), 12
    values: list[float | None] = []
    chart.draw(values, 0, size, 0, 8, level=level)
    for back, newer in steps:
        since = max(0, len(values) - back)
        # What has been shown is never taken away, as no time goes back.
        after = [*values[:since], *newer]
        values = (after + values[len(after) :])[: size * buckets_per_cell(glyphs)]
        lines, levels = [chart.line(number) for number in range(height)], chart.levels
        changed = chart.draw(values, since, size, 0, 8, level=level)
        whole = Chart(glyphs, height)
        whole.draw(values, 0, size, 0, 8, level=level)
        assert chart.levels == whole.levels
        for number, line in enumerate(lines):
            now = chart.line(number)
            assert now == whole.line(number)
            for cell in set(range(size)).difference(changed):
                assert now[cell] == line[cell]
                assert now[cell] == " " or chart.levels[cell] == levels[cell]
            if changed:
                runs = chart.runs(changed, number)
                assert "".join(text for text, _ in runs) == now[changed.start : changed.stop]


def test_runs_join_cells_of_one_level_over_blanks() -> None:
    chart = Chart("blocks")
    chart.draw([1.0, 1.0, None, 1.0, 8.0], 0, 6, 0, 8)
    runs = chart.runs(range(6))
    assert "".join(text for text, _ in runs) == chart.text
    assert [len(text) for text, _ in runs] == [4, 2]


def test_ascii_has_nothing_but_ascii() -> None:
    chart = Chart("ascii")
    chart.draw([float(place) for place in range(30)], 0, 30, 0, 30)
    assert chart.text.isascii()


# -- numbers ------------------------------------------------------------------------------------


def test_values_are_said_as_sailors_say_them() -> None:
    speed, course, wind, count = TYPES[9], TYPES[6], TYPES[11], TYPES[3]
    assert value_text(speed, 18.52, "kn") == "10.0"
    assert value_text(speed, 36.0, "m/s") == "10.0"
    assert value_text(course, 359.7, "kn") == "000"
    assert value_text(wind, 231.9, "kn") == "-128"
    assert value_text(count, 11.0, "kn") == "11"
    assert value_text(speed, float("nan"), "kn") == "–"
    assert unit_text(speed, "kn") == "kn"
    assert unit_text(TYPES[13], "kn") == "bpm"
    assert all(len(plain(value, 2)) <= 7 for value in (1e300, -1e300, 123456.7, -0.004, 99.95))
    assert plain(-0.004, 2) == "0.00"


def test_values_beside_each_other_are_told_apart() -> None:
    speed, course, wind = TYPES[9], TYPES[6], TYPES[11]
    assert distinct_texts(speed, (6.7, 6.62, 6.54), "kn") == ["3.62", "3.57", "3.53"]
    assert distinct_texts(speed, (18.52, 0.0), "kn") == ["10.0", "0.0"]
    assert distinct_texts(course, (360.2, 359.9), "kn") == ["0.2", "359.9"]
    assert distinct_texts(wind, (359.2, -0.9), "kn") == ["-0.8", "-0.9"]
    assert distinct_texts(speed, (5.0, 5.0), "kn") == ["2.7", "2.7"]


def test_arrows_show_where_the_wind_blows_and_where_a_course_points() -> None:
    assert arrow_text(TYPES[22], 0, ascii_only=False) == "↓"
    assert arrow_text(TYPES[6], 0, ascii_only=False) == "↑"
    assert arrow_text(TYPES[22], 225, ascii_only=True) == "SW"
    assert arrow_text(TYPES[9], 5, ascii_only=False) == ""


def test_ages_are_short() -> None:
    assert [age_text(ms) for ms in (400, 4000, 61_000, 7_300_000, 90_000_000)] == [
        "now", "4s", "1m", "2h", "1d",
    ]  # fmt: skip
    assert since_text(0, NOW, UTC) == "01 Jan"


# -- rows ---------------------------------------------------------------------------------------


def specs_of(store: FeedStore, serials: list[str], **changes: object) -> list[RowSpec]:
    arrangement = Arrangement().changed(**changes)
    return row_specs(store, serials, lambda serial: f"Boat {serial[-1]}", TYPES, arrangement, NOW)


def test_rows_are_grouped_and_ordered_either_way() -> None:
    store = FeedStore()
    for serial, speed, time in (("A", 5.0, NOW), ("B", 9.0, NOW - 9000), ("C", 7.0, NOW - 100)):
        store.add([((serial, 9, 0), [time], [[speed]]), ((serial, 6, 0), [time], [[10.0]])])
    store.add([(("A", 1, 0), [NOW], [[10.0], [54.0]]), (("A", 3, 0), [NOW], [[9.0]])])
    serials = ["C", "B", "A", "Z"]
    by_device = [(spec.serial, spec.label) for spec in specs_of(store, serials)]
    assert by_device == [
        ("A", "SOG"), ("A", "COG"), ("B", "SOG"), ("B", "COG"), ("C", "SOG"), ("C", "COG"),
        ("Z", ""),
    ]  # fmt: skip
    by_type = [(s.serial, s.label) for s in specs_of(store, serials, group="type", order="value")]
    assert by_type[:3] == [("B", "SOG"), ("C", "SOG"), ("A", "SOG")]
    by_age = [spec.serial for spec in specs_of(store, serials, order="age")]
    assert by_age == ["A", "A", "C", "C", "B", "B", "Z"]
    assert [s.label for s in specs_of(store, ["A"], types=(3, 1))] == ["SATC"]


def test_rows_ordered_by_age_change_places_only_when_an_age_that_is_read_does() -> None:
    store, orders = FeedStore(), set()
    arrangement = Arrangement().changed(order="age")
    for half in range(20):
        # Two that send in turn, two that fell silent within one second, one before them.
        now = NOW + 500 * half
        store.add([(("AB"[half % 2], 9, 0), [now], [[5.0]])])
        if not half:
            base = NOW - NOW % 1000 - 60_000
            for serial, time in (("E", base - 900), ("D", base + 10), ("C", base + 900)):
                store.add([((serial, 9, 0), [time], [[5.0]])])
            continue
        found = row_specs(store, list("ABCDE"), str, TYPES, arrangement, now)
        orders.add("".join(spec.serial for spec in found))
    assert orders == {"ABCDE"}


def test_limits_that_everything_is_beyond_are_refused() -> None:
    assert check_limits({"warn_low": 10.0, "warn_high": 4.0}).keys() == {"warn_high"}
    assert check_limits({"low": 4, "high": 4, "warn_low": 1, "warn_high": None}).keys() == {"high"}
    assert not check_limits({"warn_low": 4.0, "warn_high": 10.0, "low": None, "high": 3.0})


def test_the_cursor_stays_on_its_series_and_else_on_its_device() -> None:
    store = FeedStore()
    store.add([(("A", 9, 0), [NOW], [[1.0]]), (("A", 6, 0), [NOW], [[1.0]])])
    before = specs_of(store, ["A", "B", "C"])
    assert [(spec.serial, spec.label) for spec in before[2:]] == [("B", ""), ("C", "")]
    store.add([(("C", 9, 0), [NOW], [[1.0]]), (("A", 12, 0), [NOW], [[1.0]])])
    after = specs_of(store, ["A", "B", "C"])
    found = [after[same_row(spec, after, 9)] for spec in before]
    assert [(spec.serial, spec.label) for spec in found] == [
        ("A", "SOG"), ("A", "COG"), ("B", ""), ("C", "SOG"),
    ]  # fmt: skip
    gone = specs_of(store, ["C", "B"])
    assert same_row(before[0], gone, 7) == len(gone) - 1
    assert same_row(before[0], [], 7) == 0


def test_vectors_and_sources_have_rows_of_their_own() -> None:
    store = FeedStore()
    store.add([(("A", 18, 0), [NOW], [[1.0], [2.0], [3.0]]), (("A", 13, 7), [NOW], [[80.0]])])
    labels = [spec.label for spec in specs_of(store, ["A"], types=(13, 18))]
    assert labels == ["HR:7", "ACC x", "ACC y", "ACC z"]


# -- what was drawn -----------------------------------------------------------------------------


def drawing_of(store: FeedStore, **changes: object) -> tuple[Drawing, list[RowSpec]]:
    drawing = Drawing("braille", UTC)
    drawing.store = store
    drawing.arrangement = Arrangement().changed(**changes)
    drawing.layout = layout_of(120, by_type=False)
    specs = row_specs(store, store.serials(), str, TYPES, drawing.arrangement, NOW)
    return drawing, specs


def cells(drawn: Drawn) -> int:
    return sum(change.width for change in drawn.changes)


@given(
    st.sampled_from([9, 6, 11]),
    st.lists(st.tuples(st.integers(-90, 9), st.integers(0, 359), st.integers(0, 20)), max_size=20),
)
def test_a_window_is_summed_up_alike_however_it_was_filled(
    kind: int, steps: list[tuple[int, int, int]]
) -> None:
    """Samples that are late or early, directions that turn, and windows that move on."""
    key = (BOAT, kind, 0)
    store = filled(key, [200.0, 201.0])
    drawing, specs = drawing_of(store, types=(kind,), window=60)
    now, clock = NOW, 100.0
    for second, value, passed in steps:
        now, clock = now + passed * 1000, clock + 1.5
        store.add([(key, [now + second * 1000], [[float(value)]])])
        drawing.tick(specs, now, clock)
        anew, specs = drawing_of(store, types=(kind,), window=60)
        anew.tick(specs, now, clock)
        kept, fresh = drawing.row(specs[0]).numbers, anew.row(specs[0]).numbers
        assert (kept.low, kept.mean, kept.high) == (fresh.low, fresh.mean, fresh.high)


def test_a_sample_changes_a_cell_and_a_quiet_feed_none() -> None:
    key = (BOAT, 9, 0)
    store = filled(key, [5.0 + place % 3 for place in range(600)])
    drawing, specs = drawing_of(store)
    first = drawing.tick(specs, NOW, 100.0)
    assert cells(first) >= drawing.layout.chart
    assert first.header
    assert not drawing.tick(specs, NOW, 100.1).changes
    store.add([(key, [NOW + 1], [[6.0]])])
    assert cells(drawing.tick(specs, NOW + 1, 100.2)) <= 2
    numbers = drawing.tick(specs, NOW + 600, 100.7)
    assert 0 < cells(numbers) < 40


def test_a_series_that_fails_to_come_is_late_then_stale_and_then_stands_still() -> None:
    store = filled((BOAT, 9, 0), [5.0] * 100)
    drawing, specs = drawing_of(store, window=3600)
    assert drawing.tick(specs, NOW, 100.0).rest == AGES_EVERY
    row = drawing.row(specs[0])
    assert (row.numbers.age, row.numbers.late) == ("now", False)
    late = drawing.tick(specs, NOW + 6000, 106.0)
    assert (row.numbers.mark, row.numbers.late) == ("", True)
    assert row.numbers.age == since_text(NOW - NOW % 500, NOW, UTC)
    assert 50 < late.rest < 60, "one more look, for the mark"
    drawing.tick(specs, NOW + 40_000, 140.0)
    assert not row.stale, "a unit at rest sends every 40 s"
    gone = drawing.tick(specs, NOW + 6000 + round(1000 * late.rest), 106.0 + late.rest)
    assert (row.numbers.mark, gone.rest) == ("stale", inf), "nothing is looked at any more"


def test_rows_beyond_the_limit_come_with_the_next_tick() -> None:
    store = FeedStore()
    for number in range(6):
        store.add([((f"B{number}", 9, 0), [NOW - 500, NOW], [[1.0, 2.0]])])
    drawing, specs = drawing_of(store)
    wide = drawing.layout.chart
    places: list[int] = []
    left_over, ticks = True, 0
    while left_over:
        drawn = drawing.tick(specs, NOW, 100.0, wide + 1)
        places += [change.line for change in drawn.changes if change.width == wide]
        left_over, ticks = drawn.left_over, ticks + 1
    assert sorted(places) == list(range(6))
    assert ticks > 2


def test_a_row_of_two_lines_changes_in_both() -> None:
    store = filled(("A", 9, 0), [5.0, 8.0] * 50)
    store.add([(("B", 9, 0), [NOW - 500, NOW], [[5.0, 6.0]])])
    drawing, specs = drawing_of(store)
    drawing.tall = 2
    wide = drawing.layout.chart
    drawn = drawing.tick(specs, NOW, 100.0)
    whole = [change.line for change in drawn.changes if change.width == wide]
    assert sorted(whole) == [0, 1, 2, 3]
    first = drawing.row(specs[0]).chart
    assert first.upper.strip()
    assert first.upper != first.text
    numbers = {change.line for change in drawn.changes if change.left >= drawing.layout.numbers}
    assert numbers == {1, 3}, "numbers stand beside the line that a graph stands on"


def test_directions_are_lines_and_amounts_are_filled() -> None:
    store = filled((BOAT, 6, 0), [350.0, 350.0, 10.0, 10.0] * 50)
    store.add([((BOAT, 9, 0), [NOW - 500, NOW], [[5.0, 6.0]])])
    drawing, specs = drawing_of(store)
    drawing.tick(specs, NOW, 100.0)
    dots = {
        spec.key.type: {bin(ord(cell) - 0x2800).count("1") for cell in shown if cell != " "}
        for spec in specs
        for shown in [drawing.row(spec).chart.text]
        if spec.key is not None
    }
    assert dots[6] <= {1, 2}, "a dot a column, of which a cell has two"
    assert max(dots[9]) > 2


def test_a_shared_scale_moves_for_all_its_rows() -> None:
    store = filled(("A", 9, 0), [5.0, 6.0] * 50)
    store.add([(("B", 9, 0), [NOW - 500, NOW], [[5.0, 6.0]])])
    drawing, specs = drawing_of(store)
    drawing.tick(specs, NOW, 100.0)
    before = drawing.row(specs[0]).scale
    store.add([(("B", 9, 0), [NOW + 10], [[25.0]])])
    drawing.tick(specs, NOW + 10, 100.1)
    assert drawing.row(specs[0]).scale == drawing.row(specs[1]).scale != before
    own, specs = drawing_of(store, scale="auto")
    own.tick(specs, NOW + 10, 100.0)
    assert own.row(specs[0]).scale != own.row(specs[1]).scale
    fixed, specs = drawing_of(store, scale="fixed", limits={9: Limits(low=0.0, high=30.0)})
    fixed.tick(specs, NOW + 10, 100.0)
    assert fixed.row(specs[0]).scale == fixed.row(specs[1]).scale == (0.0, 30.0)


def test_a_value_beyond_its_limits_is_marked_without_colour() -> None:
    drawing, specs = drawing_of(filled((BOAT, 9, 0), [12.0]), limits={9: Limits(warn_high=10.0)})
    drawing.tick(specs, NOW, 100.0)
    assert drawing.row(specs[0]).numbers.mark == "high"


def test_an_excursion_rings_once_until_the_value_was_within_its_limits_again() -> None:
    store, watch, limits = FeedStore(), LimitWatch(), {9: Limits(warn_low=2.0, warn_high=10.0)}
    rung: list[tuple[str, float, float]] = []
    for second, (serial, value) in enumerate(
        [("A", 5.0), ("A", 12.0), ("A", 13.0), ("B", 20.0), ("A", 9.0), ("A", 11.0), ("A", 1.0)]
    ):
        now, clock = NOW + 1000 * second, 100.0 + second
        store.add([((serial, 9, 0), [now], [[value]]), ((serial, 6, 0), [now], [[300.0]])])
        found = watch.judge(store, ("A", "B"), limits, TYPES, now, clock)
        assert not watch.judge(store, ("A", "B"), limits, TYPES, now, clock + 0.1)
        rung += [(one.serial, one.value, one.limit) for one in found]
    assert rung == [("A", 12.0, 10.0), ("B", 20.0, 10.0), ("A", 11.0, 10.0), ("A", 1.0, 2.0)]


def test_other_limits_are_judged_at_once_and_old_samples_never() -> None:
    store, watch = filled((BOAT, 9, 0), [12.0]), LimitWatch()
    high, low = {9: Limits(warn_high=20.0)}, {9: Limits(warn_high=10.0)}
    assert not watch.judge(store, (BOAT,), high, TYPES, NOW, 100.0)
    assert watch.judge(store, (BOAT,), low, TYPES, NOW, 101.0)
    assert not LimitWatch().judge(store, (BOAT,), low, TYPES, NOW + 61_000, 100.0)
    assert not LimitWatch().judge(store, ("another",), low, TYPES, NOW, 100.0)


def test_an_excursion_names_the_value_and_the_limit() -> None:
    def text(kind: int, value: float, limit: float, axis: int = 0) -> str:
        return excursion_text(Excursion("A", TYPES[kind], axis, value, limit), str, "kn")

    assert text(9, 22.9648, 18.52) == "A: speed over ground 12.4 kn is above 10.0 kn"
    assert text(9, 18.53, 18.52) == "A: speed over ground 10.01 kn is above 10.00 kn"
    assert text(13, 40.0, 50.0) == "A: heart rate 40 bpm is below 50 bpm"


def test_the_cursor_reads_all_rows_at_one_time() -> None:
    key = (BOAT, 9, 0)
    store = filled(key, [float(place) for place in range(100)])
    drawing, specs = drawing_of(store, unit="km/h")
    drawing.tick(specs, NOW, 100.0)
    assert drawing.row(specs[0]).numbers.value == "99.0"
    drawing.cursor = NOW - NOW % 500 - 10_000
    drawing.read_anew()
    drawing.tick(specs, NOW, 100.1)
    assert drawing.row(specs[0]).numbers.value == "79.0"
    assert drawing.row(specs[0]).numbers.age == "now"


def test_when_the_window_shifts_the_cursor_is_drawn_anew_in_its_old_and_its_new_cell() -> None:
    drawing, specs = drawing_of(filled((BOAT, 9, 0), [5.0] * 20), window=10)
    drawing.tick(specs, NOW, 100.0)
    drawing.cursor = NOW - 2000
    before = drawing.cursor_cell
    quiet = drawing.tick(specs, NOW, 100.1)
    assert (quiet.header, quiet.bars) == (False, ())
    moved = drawing.tick(specs, NOW + 3000, 103.0)
    assert before is not None
    assert drawing.cursor_cell not in (None, before)
    assert moved.header
    assert set(moved.bars) == {before, drawing.cursor_cell}
    gone = drawing.tick(specs, NOW + 30_000, 130.0)
    assert len(gone.bars) == 1, "it has left the window"


# -- lines --------------------------------------------------------------------------------------


def header(width: int, cursor: int | None = None, **changes: object) -> str:
    arrangement = Arrangement().changed(**changes)
    layout = layout_of(width, by_type=False)
    frame = frame_of(arrangement.window, layout.chart * 2, 2, NOW)
    palette = make_palette(defaultdict(lambda: "#123456"))
    segments = header_segments(layout, frame, cursor, arrangement, palette, UTC)
    text = "".join(segment.text for segment in segments)
    assert len(text) == layout.width
    return text[layout.name : layout.numbers - 1]


def test_the_cursors_time_takes_the_place_of_what_it_would_lie_over() -> None:
    known = {*header(80, window=10).split()}
    assert known == {"scale", "by", "type", "08:53:11", "08:53:21"}
    for second in range(9):
        time = f"08:53:{20 - second:02d}"
        words = header(80, NOW - second * 1000, window=10).split()
        assert time in words
        assert {*words} <= {time, *known}, "nothing is written over another"
    assert "type" not in header(80, NOW - 4000, window=10)


def test_a_header_says_only_whole_times_and_the_day_of_long_windows() -> None:
    assert header(60).split() == ["08:53:26"]
    assert header(40).strip() == ""
    assert header(120, window=86_400).split("  ")[0] == "08 Oct 10:43"


def test_one_part_of_a_line_gives_way_to_the_other() -> None:
    left = [Piece("asked for", "text")]
    right = [Piece(" good", "muted"), Piece(" to know", "muted")]
    lines = {
        yields: ["".join(text for text, _ in Line(left, right, yields=yields).cells(width))
                 for width in (26, 16, 9, 5)]
        for yields in (True, False)
    }  # fmt: skip
    assert lines[True] == ["asked for     good to know", "asked for   good", "asked for", "aske…"]
    assert lines[False] == ["asked for     good to know", "as… good to know", " good to…", " good"]


def test_a_jump_stays_within_the_replay() -> None:
    first = datetime(2025, 10, 9, 23, 50, 0, 400_000, UTC)
    last = datetime(2025, 10, 10, 0, 20, 30, tzinfo=UTC)

    def there(text: str) -> str:
        return f"{moment_of_replay(text, first, last, UTC):%d %H:%M:%S}"

    assert there("23:50") == "09 23:50:00"
    assert there("0:10") == "10 00:10:00", "after midnight"
    assert there("2025-10-10 00:20:30") == "10 00:20:30"
    for outside in ("23:49:59", "0:20:31", "12:00", "2025-10-11 00:10:00"):
        with pytest.raises(TimeTextError, match=r"from .*23:50:00 to .*00:20:30"):
            there(outside)


def test_only_what_differs_of_a_line_is_written() -> None:
    old: list[tuple[str, Role]] = [("abc", "text"), ("海上 12", "muted")]
    assert difference(old, [("abc海上 12", "text")], 20)[0] == 3
    new: list[tuple[str, Role]] = [("abc", "text"), ("海上 13", "muted")]
    assert difference(old, new, 20) == (9, 10)
    assert difference(old, old, 20) == (0, 0)
    assert difference(old, [("ab", "text")], 20) == (2, 20)


@pytest.mark.parametrize("phase", list(Phase))
def test_every_phase_has_a_word_and_a_mark_of_its_own(phase: Phase) -> None:
    state = FeedState(phase, "the \x1b[31mreason", since=NOW, retry_at=7.2)
    line = state_line(state, "9 devices", 5.0, UTC, ascii_only=True)
    text = "".join(piece.text for piece in line.left)
    assert str(phase) in text
    assert "reason" in text
    assert "\x1b" not in text
    assert "in 2 s" in text
    assert text.isascii() or "·" in text or "�" in text


def test_health_says_what_was_dropped_and_who_is_silent() -> None:
    devices = tuple(DeviceHealth(f"D{number}", None, None) for number in range(5))
    health = Health(
        devices=devices, dropped={"junk": 3, "unknown": 99}, repaired=4, holes=2,
        hole_failure=("GA-1", "slow"), lost_lately={"junk": 3, "unknown": 7},
    )  # fmt: skip
    line = health_line(health, lambda serial: f"[bold]{serial}", 200)
    left = "".join(piece.text for piece in line.left)
    right = "".join(piece.text for piece in line.right)
    assert "10 lost a minute, mostly of unknown types" in left
    assert "put in order" not in left
    assert "filling 2 gaps: [bold]GA-1: slow" in left
    assert right == " no samples: [bold]D0, [bold]D1, [bold]D2 +2 "
    assert not health_line(Health(), str, 80).right


def test_what_is_amiss_is_said_before_what_is_good_to_know() -> None:
    health = Health(
        messages_per_second=6.0, bytes_per_second=6400.0, clock_offset=-20,
        dropped={"junk": 6}, lost_lately={"junk": 6}, repaired=81_225, reconnects=3, holes=14,
    )  # fmt: skip
    far = Health(clock_offset=-4000, lost_lately={"junk": 60})
    said = "".join(text for text, _ in health_line(far, str, 120).cells(120))
    assert "this machine's clock +4.0 s · 60 lost a minute, mostly junk" in said
    lines = {
        width: "".join(text for text, _ in health_line(health, str, width).cells(width)).strip()
        for width in (120, 80, 40)
    }
    assert lines[120] == lines[80] == "6 msg/s · 6.4 kB/s · filling 14 gaps"
    assert lines[40] == "6 msg/s · 6.4 kB/s · filling 14 gaps"


def test_a_row_is_as_wide_as_the_screen() -> None:
    for width in (80, 111, 112, 120, 179, 180, 240):
        for by_type in (True, False):
            layout = layout_of(width, by_type=by_type)
            assert layout.width == width
            assert layout.chart >= 30


@pytest.mark.parametrize("width", [80, 120, 240])
def test_the_name_of_a_row_is_as_wide_as_the_graph_lets_it_and_its_mark_stands(width: int) -> None:
    layout = layout_of(width, by_type=False)
    palette = make_palette(defaultdict(lambda: "#123456"))
    for kind, derived in ((ALL_KINDS[9], ""), (ALL_KINDS[FIRST], SIGN)):
        spec = RowSpec(
            BOAT, "Kestrel", SeriesKey(BOAT, kind.id, 0), 0, kind, f"{derived}{kind.short}"
        )
        row = Row(spec, "braille")
        for mark, sign in (("high", "▲"), ("silent", "×"), ("", " ")):
            row.numbers = Numbers(mark=mark)
            parts = name_segments(
                row, layout, palette,
                by_type=False, first=True, chosen=True, focused=True, ascii_only=False,
            )  # fmt: skip
            text = "".join(part.text for part in parts)
            assert len(text) == layout.name
            assert text.startswith(f"▌{sign} Kestrel")
            assert derived + (kind.name if width == 240 else kind.short)[:6] in text


@pytest.mark.parametrize("by_type", [False, True])
def test_boats_whose_names_begin_alike_are_told_apart_on_the_wall(by_type: bool) -> None:
    layout = layout_of(80, by_type=by_type)
    palette = make_palette(defaultdict(lambda: "#123456"))
    kind, texts = ALL_KINDS[9], set()
    for number in range(1, 13):
        name = f"udp 127.0.0.{number}"
        row = Row(RowSpec(name, name, SeriesKey(name, 9, 0), 0, kind, kind.short), "braille")
        parts = name_segments(
            row, layout, palette,
            by_type=by_type, first=True, chosen=False, focused=True, ascii_only=False,
        )  # fmt: skip
        texts.add("".join(part.text for part in parts))
    assert len(texts) == 12
    assert {len(text) for text in texts} == {layout.name}


def test_what_is_no_boat_stands_apart_and_out_of_the_boats_scale() -> None:
    store = filled(("A", 9, 0), [18.0, 20.0] * 50)
    for serial, speed in (("M", 0.5), ("W", 1.0)):
        store.add([((serial, 9, 0), [NOW - 500, NOW], [[speed, speed]])])
    arrangement = Arrangement(types=(9,))
    parts = {"M": MARKS, "W": WIND}
    for group in ("device", "type"):
        specs = row_specs(store, "AMWX", str, TYPES, arrangement.changed(group=group), NOW, parts)
        assert [spec.serial for spec in specs] == ["W", "A", "M", "X"]
    drawing = Drawing("ascii", UTC)
    drawing.store, drawing.arrangement, drawing.parts = store, arrangement, parts
    drawing.layout = layout_of(120, by_type=False)
    drawing.tick(specs, NOW, 100.0)
    low, high = drawing.row(specs[1]).scale
    assert 15 < low < high < 22, "where the boat is"
    assert drawing.row(specs[2]).scale[1] < 2, "a mark has a scale of its own"


def test_a_fixed_scale_begins_where_most_of_the_fleet_is_and_stays() -> None:
    store = filled(("A", 9, 0), [20.0 + n / 10 for n in range(100)])
    drawing, specs = drawing_of(store, scale="fixed", window=120)
    drawing.tick(specs, NOW, 100.0)
    low, high = drawing.row(specs[0]).scale
    assert 20 <= low < 21.5
    assert 28.5 < high <= 30
    store.add([(("A", 9, 0), [NOW + 1000], [[40.0]])])
    drawing.tick(specs, NOW + 1000, 101.0)
    assert drawing.row(specs[0]).scale == (low, high)
    drawing.forget()
    drawing.tick(specs, NOW + 1000, 102.0)
    assert drawing.row(specs[0]).scale == (low, high), "a window of another size is no news"


@given(st.lists(st.one_of(st.none(), st.floats(0, 10)), min_size=1, max_size=60))
def test_colours_change_only_where_the_height_is_another_one(values: list[float | None]) -> None:
    """Changes of colour are most of what a picture costs: next to a level its colour stays."""
    chart = Chart("blocks")
    chart.draw(values, 0, len(values), 0.0, 10.0)
    (plain,) = sparkline_cells(values, glyphs="blocks", low=0.0, high=10.0)
    there = [place for place, text in enumerate(plain.text) if text != " "]
    shown = [chart.levels[place] for place in there]
    true = [plain.levels[place] for place in there]
    assert all(abs(one - other) <= 1 for one, other in zip(shown, true, strict=True))
    assert all(abs(one - other) != 1 for one, other in itertools.pairwise(shown))
