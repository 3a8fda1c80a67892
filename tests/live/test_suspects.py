"""What no boat can have done: found, kept, and left out of all that is shown and written."""

from __future__ import annotations

from array import array
from io import StringIO
from math import cos, radians

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from tests.live.rig import WALL
from tui.live.blocks import BLOCK
from tui.live.ring import Ring
from tui.live.store import Batch, FeedStore
from tui.live.suspects import FASTEST, JUMP, METRES_PER_DEGREE, RATES, Judge, judge_of
from tui.live.tracks import write_gpx
from tui.workspace.live.apart import left_apart
from tui.workspace.live.export import left_out

POS, QUAL, SOG = ("A", 1, 0), ("A", 2, 0), ("A", 9, 0)
Track = tuple[list[int], list[float], list[float]]


@st.composite
def tracks(draw: st.DrawFn) -> Track:
    """A boat on its way anywhere on earth, over 180° too, at up to 100 km/h and 0.1 to 60 s."""
    time, x, y = WALL, draw(st.floats(-180, 180)), draw(st.floats(-80, 80))
    assume(abs(x) > 0.01 or abs(y) > 0.01)
    times, xs, ys = [], [], []
    for _ in range(draw(st.integers(2, 30))):
        step = draw(st.sampled_from((100, 500, 1000, 3000, 60_000)))
        metres = draw(st.floats(-1, 1)) * 100 / 3600 * step
        time += step
        x = (x + metres / 111_195 / cos(radians(y)) * 0.7 + 180) % 360 - 180
        y += metres / 111_195 * 0.7
        times.append(time)
        xs.append(x)
        ys.append(y)
    return times, xs, ys


def fill(store: FeedStore, key: tuple[str, int, int], cuts: int, times: list[int],
         *axes: list[float]) -> None:  # fmt: skip
    """Put samples in, so many a message."""
    for start in range(0, len(times), cuts):
        end = start + cuts
        store.add([(key, times[start:end], [array("d", axis[start:end]) for axis in axes])])


@given(tracks(), st.integers(1, 12))
def test_nothing_that_a_boat_can_do_is_left_out(track: Track, cuts: int) -> None:
    store = FeedStore()
    fill(store, POS, cuts, *track)
    assert not store.apart()
    assert store.samples(POS, 0, 1 << 60)[0] == track[0]


@given(tracks(), st.integers(1, 12), st.data())
def test_single_jumps_and_zeros_are_found_however_the_track_is_cut(
    track: Track, cuts: int, data: st.DataObject
) -> None:
    times, xs, ys = track
    place = data.draw(st.integers(1, len(times) - 1))
    zero = data.draw(st.booleans())
    far = (0.0, 0.0) if zero else ((xs[place] + 90 + 180) % 360 - 180, -ys[place] / 2)
    true = times[:place] + times[place + 1 :]
    xs[place], ys[place] = far
    store = FeedStore()
    fill(store, POS, cuts, times, xs, ys)
    assert dict(store.apart()) == {"no fix" if zero else "jump": 1}
    assert store.samples(POS, 0, 1 << 60)[0] == true
    series = store.series(POS)
    assert series is not None
    assert series.apart == {times[place]: far}, "kept as it came"


@given(
    st.lists(st.floats(0, 260), min_size=1, max_size=40),
    st.integers(1, 10),
)
def test_a_quick_look_never_takes_what_a_close_one_would_not(
    speeds: list[float], cuts: int
) -> None:
    times = [WALL + 100 * n for n in range(len(speeds))]
    close = judge_of(9)
    assert close is not None
    kept: set[int] = set()
    for time, speed in zip(times, speeds, strict=True):
        verdict = close.judge([time], [[speed]])
        if verdict.kept:
            kept.add(time)
        if verdict.pardoned is not None:
            kept.add(verdict.pardoned[0])
    store = FeedStore()
    fill(store, SOG, cuts, times, speeds)
    assert store.samples(SOG, 0, 1 << 60)[0] == sorted(kept)


@given(
    st.lists(st.sampled_from((0.0, 5.0, 30.0, 62.0, 95.0, 130.0, 260.0)), min_size=1, max_size=25),
    st.sampled_from([POS, SOG]),
    st.integers(1, 6),
    st.sampled_from([500, 100]),
    st.data(),
)
@example([0.0, 130.0, 0.0, 130.0, 0.0], SOG, 1, 500, None)
@example([0.0, 0.0, 260.0], SOG, 1, 500, None)
def test_what_is_set_apart_does_not_depend_on_how_samples_were_handed_over(
    values: list[float],
    key: tuple[str, int, int],
    cuts: int,
    step: int,
    data: st.DataObject | None,
) -> None:
    times = [WALL + step * n for n in range(len(values))]
    # Of positions metres to the east, some of them too far for the time.
    rows = [(one,) if key is SOG else (10 + one * 5 / METRES_PER_DEGREE, 0.5) for one in values]
    whole, mixed = FeedStore(), FeedStore()
    fill(whole, key, len(times), times, *(list(axis) for axis in zip(*rows, strict=True)))
    order = list(range(len(times)))
    order = order[::-1] if data is None else data.draw(st.permutations(order))
    for start in range(0, len(order), cuts):
        part = sorted(order[start : start + cuts])
        columns = zip(*(rows[place] for place in part), strict=True)
        fill(mixed, key, cuts, [times[place] for place in part], *(list(one) for one in columns))
    assert mixed.samples(key, 0, 1 << 60) == whole.samples(key, 0, 1 << 60)
    assert mixed.apart() == whole.apart()
    one, other = mixed.series(key), whole.series(key)
    apart = [{} if series is None else series.apart for series in (one, other)]
    assert apart[0] == apart[1]


def test_what_begins_with_what_cannot_be_true_opens_once_something_can() -> None:
    store, horizon = FeedStore(), WALL + 86_400_000
    store.add([(SOG, [WALL, horizon + 1], [[260.0, 5.0]])], horizon)
    assert SOG not in store
    assert (dict(store.apart()), store.apart_of("A")) == ({"spike": 1}, 1)
    assert (store.unfit, store.counts().junk) == (0, 1), "each is counted once"
    store.add([(SOG, [WALL + 500], [[5.0], [5.0]])], horizon)
    assert store.last(SOG) == (WALL + 500, (5.0, 5.0)), "whose axes are as what is true has them"
    store.forget("A")
    store.add([(SOG, [WALL], [[260.0]])], horizon)
    store.add([(SOG, [WALL + 500], [[5.0]])], horizon)
    series = store.series(SOG)
    assert series is not None
    assert series.apart == {WALL: (260.0,)}
    assert (dict(store.apart()), store.apart_of("A")) == ({"spike": 1}, 1)
    store.clear()
    store.add([(SOG, [WALL], [[260.0]])], horizon)
    store.forget("A")
    assert (dict(store.apart()), store.apart_of("A")) == ({}, 0)


def test_a_spike_beside_a_junk_stamp_is_none_the_less_a_spike() -> None:
    store, horizon = FeedStore(), WALL + 86_400_000
    times = [WALL, WALL + 100, WALL + 200, horizon + 1]
    store.add([(SOG, times, [[10.0, 150.0, 10.0, 10.0]])], horizon, WALL)
    assert store.samples(SOG, 0, 1 << 60)[0] == [WALL, WALL + 200]
    assert (store.counts().junk, dict(store.apart())) == (1, {"spike": 1})


STEP = 45 / METRES_PER_DEGREE
"""Degrees of which three, on both axes, may be too far at 10 Hz."""


@given(
    st.sampled_from([(179.9995, 0.0), (0.0, 0.0), (-0.0005, 0.0005), (10.0, 80.0), (10.0, 1.0)]),
    st.one_of(
        [
            st.lists(st.tuples(st.integers(-n, n), st.integers(-n, n)), min_size=1, max_size=40)
            for n in (1, 5)
        ]
    ),
    st.integers(2, 40),
)
@example((10.0, 1.0), [(0, 0), (0, 0), (1, 1), (-1, -1)], 2)
def test_positions_a_block_at_a_time_get_the_marks_that_each_gets_alone(
    corner: tuple[float, float], moves: list[tuple[int, int]], cuts: int
) -> None:
    times = [WALL + 100 * n for n in range(len(moves))]
    xs = [(corner[0] + STEP * x + 180) % 360 - 180 for x, _ in moves]
    ys = [corner[1] + STEP * y for _, y in moves]
    assume(xs[0] != 0 or ys[0] != 0)
    blocks, close = FeedStore(), judge_of(1)
    assert close is not None
    fill(blocks, POS, cuts, times, xs, ys)
    kept: set[int] = set()
    for time, x, y in zip(times, xs, ys, strict=True):
        verdict = close.judge([time], [[x], [y]])
        kept |= {time} if verdict.kept else set()
        kept |= {verdict.pardoned[0]} if verdict.pardoned else set()
    assert blocks.samples(POS, 0, 1 << 60)[0] == sorted(kept)
    series = blocks.series(POS)
    assert series is not None
    assert series.apart.keys() == set(times) - kept


@pytest.mark.parametrize("type_", [1, 9])
def test_a_boat_on_her_way_is_never_looked_at_one_by_one(
    type_: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Judge, "judge", None)
    store, times = FeedStore(), [WALL + 500 * n for n in range(300)]
    way = [10 + n * 0.15 if type_ == 9 else 10 + n * 0.0002 for n in range(300)]
    fill(store, ("A", type_, 0), 100, times, *([way] if type_ == 9 else [way, way]))
    assert store.counts().kept == 300
    store.add([(("A", type_, 0), [times[-1] + 1], [[]] * (1 if type_ == 9 else 2))])
    assert store.counts().kept == 300
    assert store.unfit == 1, "an empty column costs its samples and nothing else"


def test_a_unit_that_was_carried_goes_on_from_there_and_a_spike_does_not() -> None:
    store = FeedStore()
    times = [WALL + 1000 * n for n in range(6)]
    fill(store, POS, 1, times, [10.0, 10.0, 11.0, 11.0, 11.0, 11.0], [54.0] * 6)
    assert not store.apart(), "the first place of a new one is pardoned by the second"
    assert store.samples(POS, 0, 1 << 60)[0] == times
    view = store.view(SOG, 1000, 10)
    assert view is None
    fill(store, SOG, 1, times, [18.0, 19.0, 19.0 + 3 * JUMP, 19.0, FASTEST * 2, 20.0])
    assert dict(store.apart()) == {"spike": 2}
    found = store.statistics(SOG, 0, 1 << 60)
    assert found is not None
    assert found.high == 20.0
    # The same again, as after a gap: nothing is told twice.
    fill(store, SOG, 6, times, [18.0, 19.0, 19.0 + 3 * JUMP, 19.0, FASTEST * 2, 20.0])
    assert store.apart_of("A") == 2
    assert left_apart(store.apart()) == (
        "2 speeds were left out: no boat has that speed, or gets to it that fast",
    )


@pytest.mark.parametrize("one_by_one", [True, False])
def test_a_stamp_of_years_to_come_turns_no_look_at_what_comes_after_it(one_by_one: bool) -> None:
    """It is junk; what was seen last is what was taken, so two spikes in a row are none."""
    key, horizon = ("BOAT", 9, 0), WALL + 86_400_000
    store = FeedStore()
    junk = [horizon + 1] if one_by_one else [horizon + 1, horizon + 2]
    for times, values in (([WALL], [10.0]), (junk, [10.0 for _ in junk])):
        store.add([(key, times, [values])], horizon, WALL)
    for place, value in enumerate((60.0, 61.0), 1):
        store.add([(key, [WALL + 100 * place], [[value]])], horizon, WALL)
    assert store.samples(key, 0, horizon)[1] == ([10.0, 60.0, 61.0],)
    assert store.counts().junk == len(junk)


@pytest.mark.parametrize("quality_first", [True, False])
def test_positions_without_a_fix_are_in_no_track_whatever_comes_first(quality_first: bool) -> None:
    store = FeedStore()
    qualities = [1, 1, 0, 0, 1, 1]
    for n, quality in enumerate(qualities):
        batches: list[Batch] = [
            (POS, [WALL + 1000 * n], ([10.0 + n * 1e-5], [54.0])),
            (QUAL, [WALL + 1000 * n], ([float(quality)],)),
        ]
        store.add(batches[::-1] if quality_first else batches)
    assert dict(store.apart()) == {"no fix": 2}
    kept = [WALL + 1000 * n for n in (0, 1, 4, 5)]
    assert store.samples(POS, 0, 1 << 60)[0] == kept
    assert [fix.time for fix in store.trail("A", WALL, WALL + 6000, 6)] == kept
    # Quality is said only when it changes, and may come behind what it is about.
    store.add([(POS, [WALL + 7000, WALL + 8000], ([10.0, 10.0], [54.0, 54.0]))])
    assert store.last(POS) == (WALL + 8000, (10.0, 54.0))
    view = store.view(POS, 1000, 10)
    assert view is not None
    view.update(WALL + 9000)
    store.add([(QUAL, [WALL + 7000], ([0.0],))])
    view.update(WALL + 9000)
    assert view.columns[-2:] == [None, None], "what is drawn is taken back"
    store.add([(POS, [WALL + 9000], ([10.0], [54.0]))])
    assert store.last(POS) == (WALL + 5000, (10.0 + 5e-5, 54.0))
    text = StringIO()
    assert write_gpx(text, store, 0, 1 << 60) == 4
    assert left_out(store, (1,)) == ("5 positions were left out: the unit had no fix",)
    assert left_out(store, (9,)) == ()


@given(
    st.lists(
        st.tuples(st.sampled_from((0.0, 5.0, 130.0, 135.0, None)), st.sampled_from((None, 0, 1))),
        min_size=1,
        max_size=14,
    ),
    st.data(),
)
# Pardoned by one that turns out to be without a fix; a fix that is back, said late; 0/0 at first.
@example([(0.0, 1), (130.0, None), (135.0, 0), (5.0, 1)], None)
@example([(0.0, 0), (5.0, None), (5.0, 1), (5.0, None)], None)
@example([(None, None), (5.0, None)], None)
def test_when_it_is_said_that_there_was_no_fix_makes_no_difference(
    moments: list[tuple[float | None, int | None]], data: st.DataObject | None
) -> None:
    said: list[Batch] = []
    for n, (east, quality) in enumerate(moments):
        place = (0.0, 0.0) if east is None else (10 + east * 5 / METRES_PER_DEGREE, 0.5)
        said.append((POS, [WALL + 500 * n], ([place[0]], [place[1]])))
        if quality is not None:
            said.append((QUAL, [WALL + 500 * n], ([float(quality)],)))
    known, mixed = FeedStore(), FeedStore()
    known.add(sorted(said, key=lambda batch: -batch[0][1]))
    order = list(range(len(said)))
    for place in order if data is None else data.draw(st.permutations(order)):
        mixed.add([said[place]])
    found, right = (store.samples(POS, 0, 1 << 60) for store in (mixed, known))
    assert found[0] == right[0]
    assert not right[0] or found == right
    assert +mixed.apart() == +known.apart()
    one, other = mixed.series(POS), known.series(POS)
    if one is not None and other is not None:
        assert one.apart == other.apart
    assert mixed.counts().junk == known.counts().junk == 0


@given(st.sets(st.integers(1, 5000), min_size=1, max_size=1500), st.data())
def test_what_is_taken_out_of_a_ring_is_gone_and_all_else_stays(
    stamps: set[int], data: st.DataObject
) -> None:
    times = sorted(stamps)
    ring = Ring(1, 4 * BLOCK)
    for start in range(0, len(times), 100):
        part = times[start : start + 100]
        ring.extend(part, [[float(time) for time in part]])
    start, end = sorted((data.draw(st.integers(0, 5001)), data.draw(st.integers(0, 5001))))
    taken, _ = ring.take_out(start, end)
    assert taken == [time for time in times if start <= time < end]
    rest = [time for time in times if not start <= time < end]
    assert ring.samples(0, 6000)[0] == rest
    assert (ring.size, ring.last_time) == (len(rest), rest[-1] if rest else None)
    ring.extend([6000], [[1.0]])
    ring.extend(taken or [7000], [[float(time) for time in taken or [7000]]])
    assert set(rest) | {6000} <= set(ring.samples(0, 8000)[0])


@given(st.lists(st.sampled_from((0.0, 5.0, 30.0, 60.0, 99.9, 369.0, 500.0, -3.0)), max_size=12))
def test_one_speed_after_the_other_is_plain_as_in_a_row(values: list[float]) -> None:
    alone, column = Judge(RATES), Judge(RATES)
    for step, value in enumerate(values):
        # The second row has the value twice, so that it is looked at as a column.
        told = alone.plain([2 * step + 1], [[value]])
        assert told == column.plain([2 * step, 2 * step + 1], [[value, value]])
        if told:
            assert alone.near == column.near == (2 * step + 1, (value,))


class Told(list[float]):
    """A column of which it is told between which two numbers all of it lies."""

    bounds: tuple[float, float]


@given(
    st.lists(st.floats(-5, 230), min_size=1, max_size=6),
    st.floats(0, 20),
    st.floats(0, 20),
)
def test_by_wider_bounds_nothing_is_plain_that_is_not(
    values: list[float], below: float, above: float
) -> None:
    told, looked = Judge(RATES), Judge(RATES)
    for start in (0, 10):
        times = [start + place for place in range(1, len(values) + 1)]
        column = Told(values)
        column.bounds = min(values) - below, max(values) + above
        plain = told.plain(times, [column])
        if not plain:
            return
        assert looked.plain(times, [values])
        assert told.near == looked.near


def test_an_export_of_one_boat_counts_what_is_left_out_of_that_boat() -> None:
    store = FeedStore()
    times = [WALL + 1000 * n for n in range(4)]
    for serial, spikes in (("A", 1), ("B", 0)):
        speeds = [10.0, *[900.0] * spikes, *[10.0] * (3 - spikes)]
        store.add([((serial, 9, 0), times, [speeds]), ((serial, 6, 0), times, [[5.0] * 4])])
    store.add([(("A", 6, 0), times[:1], [[7.0]])])
    conflict = "1 value came for a time that had another: what came first stands"
    said = (conflict, *left_apart({"spike": 1}))[::-1]
    assert left_out(store) == left_out(store, (), ("A",)) == said
    assert left_out(store, (), ("B",)) == left_out(store, (9,), ("B",)) == ()
    assert left_out(store, (9,)) == said[:1]
    store.add([(("A", 9, 0), [-62_200_000_000_000], [[5.0]])])
    assert not left_out(store, (), ("B",))
