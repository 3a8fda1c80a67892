"""The store: columns at any width, statistics, trails, and memory that does not grow."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.live import relief
from tui.live.blocks import BLOCK
from tui.live.derived.kinds import ANGLES
from tui.live.ring import Ring
from tui.live.series import SeriesKey
from tui.live.store import CIRCULAR, FeedStore
from tui.live.tiers import Retention
from tui.services.igtimi.live_types import TYPES

START = 1_384_906_719_040
SOG = SeriesKey("GA-DK-AAAD", 9)
COG = SeriesKey("GA-DK-AAAD", 6)
POSITION = SeriesKey("GA-DK-AAAD", 1)


def filled(count: int = 5000, step: int = 500, retention: Retention | None = None) -> FeedStore:
    store = FeedStore(retention)
    times = [START + step * index for index in range(count)]
    for position in range(0, count, 97):
        part = times[position : position + 97]
        store.add([(SOG, part, ([speed(time) for time in part],))])
    return store


def speed(time: int) -> float:
    return 10 + 5 * math.sin(time / 40_000)


def naive(store: FeedStore, key: SeriesKey, width: int) -> dict[int, tuple[int, float, float]]:
    columns: dict[int, list[float]] = {}
    times, axes = store.samples(key, 0, 1 << 60)
    for time, value in zip(times, axes[0], strict=True):
        columns.setdefault(time // width, []).append(value)
    return {n: (len(v), min(v), max(v)) for n, v in columns.items()}


@pytest.mark.parametrize("width", [100, 499, 1000, 7_001, 60_000, 864_000])
def test_columns_are_what_the_samples_in_them_say(width: int) -> None:
    store = filled()
    view = store.view(SOG, width, 400)
    assert view is not None
    end = store.newest("GA-DK-AAAD")
    assert end is not None
    view.update(end + 1)
    expected = naive(store, SOG, width)
    for number, column in enumerate(view.columns, view.first):
        if column is None:
            assert number not in expected
        else:
            assert (column.size, column.low, column.high) == expected[number]
    assert view.columns[-1] is not None
    assert view.columns[-1].last == speed(end)
    assert view.columns[-1].last_time == end


@given(
    st.lists(st.tuples(st.integers(0, 4000), st.integers(1, 60), st.integers(-3, 3)), max_size=25),
    st.integers(300, 90_000),
)
def test_a_view_kept_up_to_date_equals_one_made_anew(
    steps: list[tuple[int, int, int]], width: int
) -> None:
    """Late samples, repeats, gaps and scrolling: what is drawn is what is kept."""
    store = FeedStore()
    store.add([(SOG, [START], ([1.0],))])
    kept = store.view(SOG, width, 40)
    assert kept is not None
    before: dict[int, object] = {}
    end = START
    for offset, count, scroll in steps:
        times = [START + 500 * (offset + index) for index in range(count)]
        store.add([(SOG, times, ([speed(time) for time in times],))])
        end = max(end, times[-1]) if scroll >= 0 else end - 5 * width
        changed = kept.update(end + 1)
        fresh = store.buckets(SOG, kept.start, kept.end, 40)
        assert fresh.first == kept.first
        for number, (mine, theirs) in enumerate(
            zip(kept.columns, fresh.columns, strict=True), kept.first
        ):
            assert (mine is None) == (theirs is None)
            if mine is not None and theirs is not None:
                assert mine.size == theirs.size
                assert mine[1:3] == theirs[1:3]
                assert mine.mean == pytest.approx(theirs.mean)
                assert mine[4:] == theirs[4:]
            if number in before and before[number] != mine:
                assert changed is not None
                assert changed <= number
        before = dict(enumerate(kept.columns, kept.first))


def test_a_new_sample_changes_one_column_and_a_quiet_series_none() -> None:
    store = filled()
    view = store.view(SOG, 10_000, 100)
    assert view is not None
    end = START + 5000 * 500
    view.update(end)
    old = list(view.columns)
    assert view.update(end) is None
    store.add([(SOG, [end - 100], ([3.0],))])
    assert view.update(end) == (end - 100) // 10_000
    assert view.columns[:-1] == old[:-1]
    assert view.columns[-1] != old[-1]


def test_the_mean_of_what_is_always_the_same_is_that() -> None:
    """Else a wall draws what sums are rounded by from the bottom of its line to the top."""
    store = FeedStore()
    store.add([(SOG, [START + 200 * index for index in range(500)], ([22.224] * 500,))])
    for width in (1000, 1400, 6800):
        view = store.view(SOG, width, 200)
        assert view is not None
        view.update(START + 100_000)
        assert {one.mean for one in view.columns if one is not None} == {22.224}


def test_old_columns_stay_when_the_window_moves_on() -> None:
    store = filled()
    end = START + 5000 * 500
    early = store.buckets(SOG, end - 600_000, end, 60)
    store.add([(SOG, [end + 500], ([3.0],))])
    later = store.buckets(SOG, end - 600_000 + 10_000, end + 10_000, 60)
    shift = later.first - early.first
    assert early.columns[shift:-2] == later.columns[: len(early.columns) - shift - 2]


def test_angles_are_averaged_on_the_circle() -> None:
    store = FeedStore()
    store.add([(COG, [START, START + 1, START + 2], ([350.0, 10.0, 6.0],))])
    (column,) = [c for c in store.buckets(COG, START, START + 10, 1).columns if c is not None]
    assert column.mean == pytest.approx(2.0)
    assert column.low == pytest.approx(-10)
    assert column.high == pytest.approx(10)
    statistics = store.statistics(COG, START, START + 10)
    assert statistics is not None
    assert statistics.deviation == pytest.approx(8.64, abs=0.01)


def test_every_type_that_is_an_angle_is_averaged_on_the_circle() -> None:
    assert {one.id for one in TYPES.values() if one.angular} == CIRCULAR - ANGLES


@given(st.lists(st.floats(0, 359), min_size=1, max_size=12), st.floats(0, 359), st.integers(1, 11))
def test_angles_within_a_half_circle_fold_the_same_however_they_are_cut(
    spread: list[float], turn: float, cut: int
) -> None:
    angles = [(value / 8 + turn) % 360 for value in spread]
    times = [START + index for index in range(len(angles))]
    whole, parts = FeedStore(), FeedStore()
    whole.add([(COG, times, (angles,))])
    view = None
    for position in range(0, len(times), cut):
        end = position + cut
        parts.add([(COG, times[position:end], (angles[position:end],))])
        view = view or parts.view(COG, 1 << 40, 1)
        assert view is not None
        view.update(START + 100)
    assert view is not None
    expected = whole.statistics(COG, START, START + 100)
    column = view.columns[0]
    assert expected is not None
    assert column is not None
    assert (column.mean - expected.mean + 180) % 360 - 180 == pytest.approx(0, abs=1e-6)
    assert column.low - 1e-9 <= column.mean <= column.high + 1e-9
    assert column.high - column.low == pytest.approx(expected.high - expected.low, abs=1e-6)


def test_statistics_over_a_window() -> None:
    store = FeedStore()
    store.add([(SOG, [START, START + 1000, START + 2000], ([2.0, 4.0, 9.0],))])
    statistics = store.statistics(SOG, START, START + 1001)
    assert statistics is not None
    assert (statistics.count, statistics.low, statistics.high) == (2, 2.0, 4.0)
    assert (statistics.mean, statistics.deviation, statistics.last) == (3.0, 1.0, 4.0)
    assert store.statistics(SOG, START + 5000, START + 6000) is None


def test_a_trail_is_made_of_true_fixes() -> None:
    store = FeedStore()
    times = [START + 500 * index for index in range(2000)]
    track = ([174.0 + index / 1e5 for index in range(2000)], [-36.8 + i / 1e5 for i in range(2000)])
    store.add([(POSITION, times, track)])
    fixes = store.trail("GA-DK-AAAD", START, times[-1] + 1, 50)
    assert 50 <= len(fixes) <= 52
    assert fixes[-1].time == times[-1]
    for fix in fixes:
        index = times.index(fix.time)
        assert (fix.longitude, fix.latitude) == (track[0][index], track[1][index])


def test_the_value_at_a_time_is_the_last_one_before_it() -> None:
    store = filled()
    assert store.value_at(SOG, START + 1250) == (START + 1000, (speed(START + 1000),))
    assert store.value_at(SOG, START - 1) is None
    assert store.value_at(COG, START) is None


def test_columns_that_do_not_fit_are_counted_and_passed() -> None:
    store = FeedStore()
    store.add([(SOG, [START], ([1.0],))])
    store.add([(SOG, [START + 1], ([1.0], [2.0])), (SOG, [START + 2, START + 3], ([1.0],))])
    assert store.counts().junk == 3
    assert store.last(SOG) == (START, (1.0,))


def test_coarse_history_keeps_extremes_and_count() -> None:
    small = Retention(samples=2 * BLOCK, tiers=((10_000, 100), (60_000, 200)))
    store, whole = filled(20_000, retention=small), filled(20_000)
    end = START + 20_000 * 500
    mine, theirs = store.statistics(SOG, START - 60_000, end), whole.statistics(SOG, START, end)
    assert mine is not None
    assert theirs is not None
    assert (mine.count, mine.low, mine.high) == (theirs.count, theirs.low, theirs.high)
    assert mine.mean == pytest.approx(theirs.mean)
    first = START - START % 60_000
    coarse = store.buckets(SOG, first, first + 1_200_000, 20)
    exact = whole.buckets(SOG, first, first + 1_200_000, 20)
    assert [c and c.size for c in coarse.columns] == [c and c.size for c in exact.columns]
    old = store.value_at(SOG, START + 600_000)
    assert old is not None
    assert START + 460_000 < old[0] <= START + 600_000
    assert old[1] == (speed(old[0]),)


def test_a_hidden_view_catches_up_after_history_became_coarse() -> None:
    small = Retention(samples=2 * BLOCK, tiers=((10_000, 1000),))
    store = FeedStore(small)
    store.add([(SOG, [START], ([1.0],))])
    view = store.view(SOG, 60_000, 100)
    assert view is not None
    view.update(START + 1)
    times = [START + 500 * index for index in range(1, 8000)]
    store.add([(SOG, times, ([speed(time) for time in times],))])
    view.update(times[-1] + 1)
    assert sum(column.size for column in view.columns if column) == 8000


def test_memory_is_flat_over_a_day() -> None:
    """A day at 2 Hz in a small retention: after the first hours nothing grows any more."""
    small = Retention(samples=4096, tiers=((10_000, 200), (60_000, 300)))
    store = FeedStore(small)
    sizes = []
    values = [speed(index) for index in range(1800)]
    for quarter in range(96):
        base = START + quarter * 900_000
        store.add([(SOG, [base + 500 * index for index in range(1800)], (values,))])
        series = store.series(SOG)
        assert series is not None
        tier = series.history.finest
        if tier is None:
            continue  # nothing has left the ring yet
        # The coarser one is made when something leaves this one.
        sizes.append((series.ring.size, len(tier), 0 if tier.next is None else len(tier.next)))
    assert len(sizes) > 90
    assert sizes[0][2] == 0 < sizes[-1][2]
    assert all(raw <= 4096 + BLOCK for raw, _, _ in sizes)
    assert all(fine <= 213 and coarse <= 320 for _, fine, coarse in sizes)
    span = store.span()
    assert span is not None
    assert span[1] - span[0] > 5 * 3_600_000


@pytest.mark.parametrize("step", [1, relief.STEP])
def test_all_series_together_hold_no_more_than_they_may_and_the_oldest_leaves_first(
    step: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two units at 10 Hz beside one that says something twice a minute: theirs is what leaves."""
    monkeypatch.setattr(relief, "STEP", step)
    most = 200_000
    bounded = FeedStore(Retention(tiers=((30_000, 720),), memory=most))
    whole = FeedStore(Retention())
    quick = [SOG, SeriesKey("GA-EN-AAEA", 6)]
    rare = SeriesKey("GA-DK-AAAX", 12)
    held = []
    for minute in range(50):
        base = START + minute * 60_000
        times = [base + 100 * index for index in range(600)]
        batches = [(key, times, ([speed(time) for time in times],)) for key in quick]
        batches.append((rare, [base, base + 30_000], ([1.0, 2.0],)))
        for store in (bounded, whole):
            store.add(batches)
        every = [bounded.series(key) for key in (*quick, rare)]
        held.append(sum(one.bytes for one in every if one is not None))
    # What comes at once, and what is open, comes on top of it.
    assert max(held) <= most + 4 * 3 * BLOCK * 9
    assert min(held[30:]) > most // 2
    end = START + 3_000_000
    assert len(bounded.samples(rare, 0, end)[0]) == 100
    floors = [bounded.floor(key.serial) for key in quick]
    assert min(floors) > START
    assert max(floors) - min(floors) <= 2 * BLOCK * 100
    for key in quick:
        kept, all_of_it = bounded.samples(key, 0, end), whole.samples(key, 0, end)
        assert kept[0] == all_of_it[0][-len(kept[0]) :]
        mine, theirs = bounded.statistics(key, START - 60_000, end), whole.statistics(key, 0, end)
        assert mine is not None
        assert theirs is not None
        assert (mine.count, mine.last) == (theirs.count, theirs.last)
        assert mine.mean == pytest.approx(theirs.mean)
    assert whole.floor(SOG.serial) == 0


def test_what_leaves_of_many_series_that_are_full_together_leaves_in_steps(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """All at once held up a screen of 10,000 series for half a second."""
    monkeypatch.setattr(relief, "STEP", 10)
    left: list[Ring] = []
    let_go = Ring.let_go

    def counted(ring: Ring) -> None:
        left.append(ring)
        let_go(ring)

    monkeypatch.setattr(Ring, "let_go", counted)
    keys = [SeriesKey(f"GA-{number}", 9) for number in range(25)]
    store = FeedStore(Retention(memory=25 * BLOCK * 9))
    times = [START + 1000 * index for index in range(3 * BLOCK + 1)]
    store.add([(key, times, ([1.0] * len(times),)) for key in keys])
    steps = [len(left)]
    for second in range(1, 8):
        before = len(left)
        store.add([(key, [times[-1] + 1000 * second], ([1.0],)) for key in keys])
        steps.append(len(left) - before)
    assert steps == [10, 10, 10, 10, 10, 0, 0, 0]
    assert {one: left.count(one) for one in left} == dict.fromkeys(left, 2)
    assert {store.floor(key.serial) for key in keys} == {times[2 * BLOCK - 1]}


def test_of_what_is_put_in_order_before_it_leaves_nothing_is_lost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(relief, "STEP", 1)
    keys = [SeriesKey(f"GA-{number}", 9) for number in range(6)]
    times = [START + 1000 * index for index in range(3 * BLOCK + 1)]
    store = FeedStore(Retention(memory=6 * BLOCK * 9))
    store.add([(key, times, ([1.0] * len(times),)) for key in keys])
    assert [store.floor(key.serial) > 0 for key in keys] == [True] + [False] * 5
    # Into the first block of the second, which is the next to leave.
    store.add([(keys[1], [START + 500], ([1.0],))])
    for second in range(1, 30):
        store.add([(keys[0], [times[-1] + 1000 * second], ([1.0],))])
    assert all(store.floor(key.serial) > 0 for key in keys)
    counts = []
    for key in keys:
        found = store.statistics(key, 0, 1 << 60)
        assert found is not None
        counts.append(found.count)
    assert counts == [len(times) + 29, len(times) + 1, *[len(times)] * 4]


def test_a_store_that_reads_for_a_file_has_no_bound() -> None:
    """A deck's own has one; where all is wanted nothing may become coarse."""
    assert FeedStore().retention.memory is not None
    assert Retention().memory is None


def test_versions_tell_what_is_new() -> None:
    store = FeedStore()
    assert store.series(SOG) is None
    store.add([(SOG, [START], ([1.0],))])
    series, layout = store.series(SOG), store.layout
    assert series is not None
    version = series.version
    store.add([(SOG, [START], ([1.0],))])
    assert series.version == version
    store.add([(SOG, [START + 1], ([1.0],)), (COG, [START], ([1.0],))])
    assert series.version > version
    assert store.layout > layout
    assert store.sorted_keys() == [COG, SOG]
    assert store.newest("GA-DK-AAAD") == START + 1


BOAT = "GA-DK-AAAD"
OTHER = SeriesKey("GA-DK-AAAE", 9)
CALM = SeriesKey(BOAT, 12)


def two_boats() -> FeedStore:
    """One boat with two types and a look at one of them, another with one; heard at two times."""
    store = FeedStore()
    store.add([(SOG, [START], ([1.0],)), (CALM, [START + 2000], ([2.0],))], heard=START + 2500)
    store.add([(OTHER, [START + 9000], ([3.0],))], heard=START + 9100)
    store.view(SOG, 1000, 10)
    return store


def test_what_is_forgotten_of_a_boat_is_gone_and_of_others_stays() -> None:
    store = two_boats()
    version, layout = store.version, store.layout
    store.forget(BOAT)
    assert (store.serials(), list(store), len(store)) == ([OTHER.serial], [OTHER], 1)
    assert SOG not in store
    assert OTHER in store
    assert (store.view(SOG, 1000, 10), store.newest(BOAT), store.heard(BOAT)) == (None, None, None)
    assert store.version > version
    assert store.layout > layout
    version, layout = store.version, store.layout
    store.forget(BOAT)
    assert (store.version, store.layout) == (version, layout), "there was nothing to forget"
    store.add([(SOG, [START + 5], ([4.0],))])
    assert store.last(SOG) == (START + 5, (4.0,))
    fresh = store.view(SOG, 1000, 10)
    assert fresh is not None
    assert fresh.series is store.series(SOG)


def test_nothing_is_left_of_a_store_that_was_cleared() -> None:
    store = two_boats()
    speeds = store.view(OTHER, 1000, 10)
    store.add([(SeriesKey("GA-DK-AAAX", 9), [START], ([999.0],))])  # no boat's: it opens no series
    version, layout = store.version, store.layout
    store.clear()
    assert (store.serials(), len(store), store.span()) == ([], 0, None)
    assert (store.last(SOG), store.newest(BOAT), store.age(BOAT, START)) == (None, None, None)
    assert not store.apart()
    assert store.version > version
    assert store.layout > layout
    store.add([(OTHER, [START], ([5.0],))])
    assert store.view(OTHER, 1000, 10) is not speeds


def test_a_boat_is_as_old_as_its_newest_sample_and_no_younger_than_that_arrived() -> None:
    store = two_boats()
    assert store.heard(BOAT) == START + 2500
    assert store.newest(BOAT) == START + 2000
    assert store.age(BOAT, START + 3000) == 1000
    store.add([(SOG, [START + 60_000], ([1.0],))], heard=START + 4000)
    assert store.age(BOAT, START + 5000) == 1000, "its clock is ahead: it was heard a second ago"
    unheard = FeedStore()
    unheard.add([(SOG, [START], ([1.0],))])
    assert (unheard.heard(BOAT), unheard.age(BOAT, START + 10)) == (None, 10)
    assert store.span() == (START, START + 60_000)


def test_versions_of_a_store_grow_with_what_is_new_alone() -> None:
    store = two_boats()
    version, layout = store.version, store.layout
    store.add([(SOG, [START], ([1.0],)), (SOG, [], ([],))])
    assert (store.version, store.layout) == (version, layout), "known already, and nothing"
    store.add([(SOG, [START + 1], ([1.0],))])
    assert (store.version, store.layout) == (version + 1, layout)
    assert store.counts().junk == 0


def test_what_is_not_there_is_none_whatever_is_asked() -> None:
    store, absent = two_boats(), SeriesKey("GA-DK-ZZZZ", 9)
    for key, axis in ((absent, 0), (SOG, 1), (SOG, -1)):
        assert store.view(key, 1000, 10, axis) is None
        assert store.statistics(key, START, START + 10, axis) is None
        found = store.buckets(key, START, START + 10_000, 10, axis)
        assert (found.first, found.width, set(found.columns)) == (START // 1000, 1000, {None})
        assert len(found.columns) == 11
    assert store.trail(BOAT, START, START + 1000, 10) == []
    assert (store.next_time(absent, START), store.next_time(SOG, START)) == (None, None)
    assert store.next_time(SOG, START - 1) == START
    assert store.samples(absent, 0, START) == ([], ())
    assert store.floor("GA-DK-ZZZZ") == 0


def test_a_store_that_does_not_sift_takes_what_no_boat_can_have_done() -> None:
    nowhere = [(POSITION, [START + one], ([0.0], [0.0])) for one in range(2)]
    sifting, plain = FeedStore(), FeedStore(sift=False)
    for store in (sifting, plain):
        for key, times, axes in nowhere:
            store.add([(key, times, axes)])
    assert (POSITION in sifting, sifting.apart_of(BOAT)) == (False, 2)
    assert (len(plain.samples(POSITION, 0, START + 9)[0]), plain.apart_of(BOAT)) == (2, 0)
    assert (sifting.apart({1})["no fix"], sifting.apart({9})["no fix"]) == (2, 0)


def test_a_series_has_as_many_axes_as_the_first_of_its_samples_that_can_be_true() -> None:
    store = FeedStore()
    store.add([(SOG, [START], ([999.0],))])
    assert SOG not in store
    store.add([(SOG, [START + 1], ([3.0], [4.0]))])
    store.add([(SOG, [START + 2], ([3.0],))])
    assert store.last(SOG) == (START + 1, (3.0, 4.0))
    assert store.counts().junk == 1


def test_what_stood_apart_before_a_series_was_open_is_counted_once_after() -> None:
    store = FeedStore()
    store.add([(SOG, [START], ([999.0],))])
    assert (SOG in store, store.apart_of(BOAT)) == (False, 1)
    store.add([(SOG, [START + 1], ([3.0],))])
    assert (SOG in store, store.apart_of(BOAT), store.apart()["spike"]) == (True, 1, 1)


FIX = SeriesKey(BOAT, 2)


def place(time: int) -> tuple[SeriesKey, list[int], tuple[list[float], list[float]]]:
    return POSITION, [time], ([174.0], [-36.8])


def test_a_unit_without_a_fix_before_it_has_any_position_sets_nothing_apart_of_others() -> None:
    store = FeedStore()
    store.add([(FIX, [START], ([0.0],)), (SOG, [START], ([5.0],))])
    store.add([(SOG, [START + 1000], ([150.0],)), (SOG, [START + 2000], ([5.0],))])
    assert store.samples(SOG, 0, START + 9000)[0] == [START, START + 2000]
    assert dict(store.apart()) == {"spike": 1}


def test_a_position_that_had_a_fix_after_all_opens_its_series() -> None:
    store = FeedStore()
    store.add([(FIX, [START], ([0.0],))])
    store.add([place(START + 10)])
    assert (POSITION in store, store.apart_of(BOAT)) == (False, 1)
    store.add([(FIX, [START + 5], ([1.0],))])
    assert store.last(POSITION) == (START + 10, (174.0, -36.8))
    assert store.apart_of(BOAT) == 0


def test_a_series_that_is_open_is_opened_no_more_by_what_is_said_of_its_fix() -> None:
    store = FeedStore()
    store.add([place(START), (FIX, [START], ([1.0],)), place(START + 1000)])
    layout = store.layout
    store.add([(FIX, [START + 1000], ([0.0],))])
    assert (store.layout, store.apart_of(BOAT)) == (layout, 1)
    assert store.last(POSITION) == (START, (174.0, -36.8))


def test_as_many_views_of_a_series_are_kept_as_are_looked_at() -> None:
    store = two_boats()
    views = [store.view(SOG, width, 10) for width in (1000, 2000, 3000, 4000)]
    assert [store.view(SOG, width, 10) for width in (1000, 2000, 3000, 4000)] == views
    store.view(SOG, 5000, 10)
    assert store.view(SOG, 4000, 10) is views[3]
    assert store.view(SOG, 1000, 10) is not views[0], "the oldest has gone"


def test_what_cannot_be_read_changes_nothing_for_the_times_before_it() -> None:
    """Batches that share their times are looked through once; one that is odd lies between."""
    store, ahead = FeedStore(), [1000, 2000, 90_000]
    odd: list[Any] = ["3000", 4000]
    speed = [[10.0, 11.0, 35.0]]
    store.add(
        [
            (("A", 9, 0), ahead, speed),
            (("B", 9, 0), odd, [[1.0, 2.0]]),
            (("C", 9, 0), ahead, speed),
            (("D", 6, 0), ahead, speed),
        ],
        horizon=60_000,
    )
    assert store.unfit == 2
    for serial, type_ in (("A", 9), ("C", 9), ("D", 6)):
        assert store.samples((serial, type_, 0), 0, 1 << 40) == ([1000, 2000], ([10.0, 11.0],))
    one = store.series(("C", 9, 0))
    assert one is not None
    assert one.judge is not None
    # What lies in the future is no neighbour that later ones are judged by.
    assert one.judge.near == (2000, (11.0,))


def test_full_blocks_have_no_room_to_spare() -> None:
    for steps in ([3 * BLOCK + 5], [1] * (BLOCK + 2), [BLOCK - 1, BLOCK - 1, 2 * BLOCK]):
        store, at = FeedStore(), 0
        for count in steps:
            times = list(range(at + 1, at + count + 1))
            store.add([(COG, times, [[float(time) for time in times]])])
            at += count
        series = store.series(COG)
        assert series is not None
        for block in series.ring.blocks[:-1]:
            for values in block.columns:
                assert values.__sizeof__() == values[:].__sizeof__()
        assert store.samples(COG, 0, 1 << 40)[0] == list(range(1, at + 1))
        assert series.ring.size == series.ring.counts.kept == at
