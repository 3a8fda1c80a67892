"""Rings: in order, once each, bounded, whatever the network did to the samples."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from itertools import accumulate, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.live.blocks import BLOCK, Block, Sealer
from tui.live.ring import Ring
from tui.live.store import FeedStore

START = 1_384_906_719_040


def contents(ring: Ring) -> tuple[list[int], tuple[list[float], ...]]:
    return ring.samples(0, 1 << 60)


def value_of(time: int) -> float:
    return (time * 7919 % 10_007) / 8


@st.composite
def deliveries(draw: st.DrawFn) -> tuple[list[int], list[list[int]]]:
    """Distinct times, and a way to deliver them: cut, shuffled, partly repeated."""
    steps = draw(st.lists(st.integers(1, 200_000), min_size=1, max_size=80))
    repeat = draw(st.integers(1, 30))
    times, now = [], START
    for _ in range(repeat):
        for step in steps:
            now += step
            times.append(now)
    order = list(times)
    for index in draw(st.lists(st.integers(0, len(times) - 1), max_size=20)):
        order.append(times[index])
    for left, right in draw(
        st.lists(st.tuples(st.integers(0, len(order) - 1), st.integers(0, len(order) - 1)))
    ):
        order[left], order[right] = order[right], order[left]
    size = draw(st.integers(1, 700))
    return times, [order[i : i + size] for i in range(0, len(order), size)]


@given(deliveries())
def test_any_cutting_repeating_and_shuffling_gives_the_same_series(
    delivery: tuple[list[int], list[list[int]]],
) -> None:
    times, batches = delivery
    ring = Ring(1, 1 << 20)
    for batch in batches:
        ring.extend(batch, ([value_of(time) for time in batch],))
    assert contents(ring) == (times, ([value_of(time) for time in times],))
    assert ring.size == len(times)
    assert ring.counts.kept == len(times)
    assert ring.counts.duplicates == sum(map(len, batches)) - len(times)
    assert ring.counts.conflicts == 0
    assert all(a.last <= b.first for a, b in pairwise(ring.blocks))


@given(st.lists(st.integers(1, 400_000), min_size=1, max_size=700))
def test_sealed_times_are_read_back_exactly(steps: list[int]) -> None:
    times, now = [], START
    for step in steps:
        now += step
        times.append(now)
    block = Block(1)
    block.append(array("q", times), (array("d", map(float, times)),))
    block.seal(Sealer())
    assert list(block.stamps()) == times


@given(
    st.lists(st.sampled_from((1, 100, 500, 1000, 40_000, 70_000, 400_000)), min_size=1),
    st.integers(1, 40),
)
def test_a_place_in_a_sealed_block_is_that_among_its_times(steps: list[int], many: int) -> None:
    times = list(accumulate(steps * many, initial=1_384_906_719_000))
    block = Block(1)
    block.append(array("q", times), [array("d", times)])
    asked = [time + by for time in times for by in (-70_000, -1, 0, 1)]
    for _ in range(2):
        assert [block.time(index) for index in range(len(times))] == times
        assert [block.place(time) for time in asked] == [bisect_left(times, one) for one in asked]
        block.seal(Sealer())


def test_regular_times_are_kept_in_two_bytes_each() -> None:
    block = Block(1)
    times = [START + 500 * index for index in range(BLOCK)]
    block.append(array("q", times), (array("d", [0.0] * BLOCK),))
    block.seal(Sealer())
    assert block.short
    assert len(block._lows) == 2 * BLOCK
    assert list(block.stamps()) == times


def test_what_is_oldest_leaves_and_is_handed_on_in_order() -> None:
    spilled: list[int] = []
    ring = Ring(1, 2 * BLOCK, lambda block: spilled.extend(block.stamps()))
    times = [START + 500 * index for index in range(10 * BLOCK)]
    for position in range(0, len(times), 300):
        part = times[position : position + 300]
        ring.extend(part, ([0.0] * len(part),))
    assert 2 * BLOCK <= ring.size <= 3 * BLOCK
    assert spilled + contents(ring)[0] == times
    assert ring.floor == spilled[-1]


def test_a_sample_older_than_all_that_is_kept_is_expired_not_doubled() -> None:
    ring = Ring(1, 2 * BLOCK)
    times = [START + 500 * index for index in range(6 * BLOCK)]
    ring.extend(times, ([0.0] * len(times),))
    assert ring.extend([times[0], times[1]], ([1.0, 1.0],)) is None
    assert ring.counts.expired == 2


def test_what_left_is_known_to_the_very_sample() -> None:
    ring = Ring(1, 2 * BLOCK)
    times = [START + 500 * index for index in range(6 * BLOCK)]
    ring.extend(times, ([0.0] * len(times),))
    oldest = contents(ring)[0][0]
    floor = oldest - 500
    assert ring.floor == floor, "the newest one that left"
    size = ring.size
    assert ring.extend([floor], ([1.0],)) is None, "it was here"
    assert (ring.counts.expired, ring.counts.duplicates, ring.size) == (1, 0, size)
    assert ring.extend([oldest], ([1.0],)) is None, "it is here"
    assert (ring.counts.expired, ring.counts.duplicates) == (1, 1)
    assert ring.extend([floor + 1], ([1.0],)) == floor + 1, "never seen, and not too old"
    assert contents(ring)[0][:2] == [floor + 1, oldest]
    assert ring.counts.expired == 1


def test_times_of_zero_and_beyond_the_horizon_are_junk() -> None:
    ring = Ring(1, 4096)
    ring.extend([START, START + 1], ([1.0, 2.0],), START + 10)
    assert ring.extend([0, START + 11, START + 2], ([9.0, 9.0, 3.0],), START + 10) == START + 2
    assert ring.extend([START + 500], ([9.0],), START + 10) is None
    assert contents(ring) == ([START, START + 1, START + 2], ([1.0, 2.0, 3.0],))
    assert ring.counts.junk == 3


def test_the_first_of_two_samples_of_one_time_stays() -> None:
    ring = Ring(1, 4096)
    ring.extend([START], ([1.0],))
    ring.extend([START], ([2.0],))
    ring.extend([START + 5, START + 5], ([3.0, 4.0],))
    assert contents(ring) == ([START, START + 5], ([1.0, 3.0],))
    assert (ring.counts.duplicates, ring.counts.conflicts) == (2, 2)
    ring.extend([START + 5], ([3.0],))  # the same again is none
    ring.extend([START + 5, START + 6], ([9.0, 6.0],))
    assert (ring.counts.duplicates, ring.counts.conflicts) == (4, 3)
    ring.extend([START + 3, START + 5, START], ([7.0, 3.0, 8.0],))
    assert contents(ring)[1] == ([1.0, 7.0, 3.0, 6.0],)
    assert (ring.counts.duplicates, ring.counts.conflicts) == (6, 4)


@given(
    st.lists(
        st.lists(st.tuples(st.integers(1, 6), st.integers(0, 2)), min_size=1, max_size=5),
        max_size=6,
    ),
    st.sampled_from((6, 9)),
)
def test_counts_are_those_of_one_sample_after_the_other(
    batches: list[list[tuple[int, int]]], type_: int
) -> None:
    """What is double in a batch, and in what is there already, is held against what stands."""
    store = FeedStore()
    stands: dict[int, int] = {}
    duplicates = conflicts = 0
    for batch in batches:
        store.add([(("GA-DK-AAAD", type_, 0), [t for t, _ in batch], ([v for _, v in batch],))])
        for time, value in batch:
            duplicates += time in stands
            conflicts += stands.setdefault(time, value) != value
    counts = store.counts()
    assert (counts.kept, counts.duplicates, counts.conflicts) == (
        len(stands), duplicates, conflicts,
    )  # fmt: skip


@pytest.mark.parametrize("size", [3, BLOCK + 3])
def test_columns_that_do_not_fit_change_nothing(size: int) -> None:
    ring = Ring(2, 4096)
    ring.extend([START], ([1.0], [2.0]))
    times = [START + 1 + index for index in range(size)]
    with pytest.raises(ValueError, match="differ in length"):
        ring.extend(times, ([0.0] * size, [0.0] * (size - 1)))
    with pytest.raises(TypeError):
        ring.extend([START + 1], ([0.0], ["north"]))  # type: ignore[list-item]
    assert contents(ring) == ([START], ([1.0], [2.0]))
    assert ring.size == 1


@pytest.mark.parametrize("values", [[], [1.0, 2.0], ["x"], [10**400]])
@pytest.mark.parametrize("axes", [1, 2])
def test_one_sample_that_does_not_fit_is_not_added(axes: int, values: list[float]) -> None:
    store = FeedStore(sift=False)
    key = ("GA-DK-AAAD", 17, 0)
    store.add([(key, [1000], [[1.0]] * axes)])
    store.add([(key, [2000], [*[[2.0]] * (axes - 1), values])])
    assert store.unfit == 1
    store.add([(key, [2000], [[3.0]] * axes)])
    assert store.samples(key, 0, 9000) == ([1000, 2000], ([1.0, 3.0],) * axes)


@pytest.mark.parametrize(
    ("values", "error"),
    [([], ValueError), ([1.0, 2.0], ValueError), (["x"], TypeError), ([10**400], OverflowError)],
)
def test_one_sample_that_does_not_fit_changes_nothing(
    values: list[float], error: type[Exception]
) -> None:
    ring = Ring(1, 10 * BLOCK)
    assert ring.extend([1000], [[1.0]]) == 1000
    with pytest.raises(error):
        ring.extend([2000], [values])
    assert (ring.samples(0, 9000), ring.size, ring.last_time) == (([1000], ([1.0],)), 1, 1000)
    assert ring.extend([2000], [[3.0]]) == 2000
    assert ring.samples(0, 9000) == ([1000, 2000], ([1.0, 3.0],))


def test_the_sample_before_a_time() -> None:
    ring = Ring(1, 1 << 16)
    times = [START + 500 * index for index in range(3 * BLOCK)]
    ring.extend(times, ([float(index) for index in range(len(times))],))
    assert ring.before(START - 1) is None
    assert ring.before(START) == (START, (0.0,))
    assert ring.before(START + 500 * BLOCK + 499) == (START + 500 * BLOCK, (float(BLOCK),))
    assert ring.before(1 << 50) == (times[-1], (float(len(times) - 1),))


@given(st.integers(0, 2000), st.integers(0, 2000))
def test_any_part_is_cut_out_exactly(low: int, high: int) -> None:
    ring = Ring(2, 1 << 16)
    times = [START + 500 * index for index in range(1600)]
    ring.extend(times, (list(map(float, times)), [-float(time) for time in times]))
    start, end = START + low * 450, START + high * 450
    part = [time for time in times if start <= time < end]
    assert ring.samples(start, end) == (
        part, ([float(time) for time in part], [-float(time) for time in part]),
    )  # fmt: skip


@given(st.integers(0, 2 * BLOCK + 2), st.integers(-3, 4), st.integers(-3, 4))
def test_the_newest_sample_is_single_only_where_no_other_is_beside_it(
    count: int, low: int, high: int
) -> None:
    ring = Ring(2, 1 << 16)
    times = [START + 10 * index for index in range(count)]
    for time in times:
        ring.extend([time], ([float(time)], [0.5]))
    newest = times[-1] if times else START
    start, end = newest + 5 * low, newest + 5 * high
    found, part = ring.single(start, end), ring.samples(start, end)
    if found is not None:
        assert part == ([found[0]], ([found[1][0]], [0.5]))
    elif 1 < count < BLOCK:
        assert len(part[0]) != 1 or newest >= end


@pytest.mark.parametrize("axes", [1, 2, 4])
def test_samples_one_by_one_are_those_that_came_at_once(axes: int) -> None:
    times = [START + 100 * index for index in range(2 * BLOCK + 5)]
    columns = [[value_of(time + axis) for time in times] for axis in range(axes)]
    at_once, single = Ring(axes, 1 << 16), Ring(axes, 1 << 16)
    at_once.extend(times, columns)
    added = 0
    for index, time in enumerate(times):
        row = [[values[index]] for values in columns]
        if single.add(time, row):
            added += 1
        else:
            single.extend([time], row)
    assert contents(single) == contents(at_once) == (times, tuple(columns))
    assert (single.counts, single.size) == (at_once.counts, at_once.size)
    # Whatever the number of axes, only what fills a block takes the longer way.
    assert added == len(times) - 2
    again = [[values[-1]] for values in columns]
    assert not single.add(times[-1], again)
    assert not single.add(times[-1] + 1, [*again, [0.0]])


def test_series_with_the_same_times_share_them() -> None:
    sealer = Sealer()
    rings = [Ring(1, 1 << 16, sealer=sealer) for _ in range(2)]
    times = [START + 487 * index for index in range(2 * BLOCK)]
    for ring in rings:
        ring.extend(times[:BLOCK], ([1.0] * BLOCK,))
    for ring in rings:
        ring.extend(times[BLOCK:], ([1.0] * BLOCK,))
    for first, second in zip(rings[0].blocks[:2], rings[1].blocks[:2], strict=True):
        assert first._lows is second._lows
    assert contents(rings[0])[0] == contents(rings[1])[0] == times


def test_no_block_is_as_large_as_two_and_the_last_has_room() -> None:
    """However samples come: many at once into one that is begun, or a late one that fills it."""
    ring = Ring(1, 1 << 20)
    times = range(START, START + 5 * BLOCK)
    half = BLOCK // 2
    for part in (times[:half], times[half + 1 : 4 * BLOCK], times[half : half + 1], times):
        ring.extend(part, ([value_of(time) for time in part],))
        assert all(0 < block.size < 2 * BLOCK for block in ring.blocks[:-1])
        assert ring.blocks[-1].size < BLOCK
    assert contents(ring) == ([*times], ([value_of(time) for time in times],))
    filled = Ring(1, 1 << 20)
    for part in (times[1:BLOCK], times[:1], times[BLOCK : BLOCK + 2]):
        filled.extend(part, ([value_of(time) for time in part],))
        assert filled.blocks[0].size >= BLOCK - 1
        assert filled.blocks[-1].size < BLOCK


def test_what_was_shed_is_known_no_more() -> None:
    """A message that repeats what left is expired, and no duplicate."""
    ring = Ring(1, 2 * BLOCK)
    times = range(START, START + 4 * BLOCK)
    ring.extend(times, ([value_of(time) for time in times],))
    assert ring.floor >= START + BLOCK - 1
    first, last = ring.floor, ring.floor + 1
    ring.extend([first], ([value_of(first)],))
    assert (ring.counts.expired, ring.counts.duplicates) == (1, 0)
    ring.extend([last], ([value_of(last)],))
    assert (ring.counts.expired, ring.counts.duplicates) == (1, 1)
