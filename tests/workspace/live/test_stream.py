"""Samples handed on: each once, late ones too, nothing that cannot be true."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tui.live.series import SeriesKey
from tui.workspace.live.stream import StreamStore

SOG, COG = ("GA-EN-AAAA", 9, 0), ("GA-EN-AAAA", 6, 0)


def times(store: StreamStore) -> list[int]:
    return [time for time, _, _ in store.take()]


def test_new_samples_are_handed_on_once() -> None:
    store = StreamStore()
    store.add([(SOG, [1000, 2000], [[1.0, 2.0]]), (COG, [1000], [[90.0]])])
    assert store.take() == [
        (1000, SeriesKey(*COG), (90.0,)),
        (1000, SeriesKey(*SOG), (1.0,)),
        (2000, SeriesKey(*SOG), (2.0,)),
    ]
    assert store.take() == []
    store.add([(SOG, [2000, 3000], [[2.0, 3.0]])])
    assert times(store) == [3000]


def test_what_a_gap_left_out_comes_later() -> None:
    store = StreamStore()
    store.add([(SOG, [1000, 5000], [[1.0, 5.0]])])
    assert times(store) == [1000, 5000]
    store.add([(SOG, [1000, 2000, 3000, 5000], [[1.0, 2.0, 3.0, 5.0]])])
    assert times(store) == [2000, 3000]


def test_stamps_that_cannot_be_true_are_left_out() -> None:
    store = StreamStore()
    store.add([(SOG, [0, 1000, 9_000_000], [[0.0, 1.0, 9.0]])], horizon=5000)
    assert times(store) == [1000]


def test_other_types_are_stored_and_not_handed_on() -> None:
    store = StreamStore([9])
    store.add([(SOG, [1000], [[1.0]]), (COG, [1000], [[90.0]])])
    assert [key.type for _, key, _ in store.take()] == [9]
    assert COG in store
    assert [key.type for _, key, _ in store.lasts()] == [9]


def test_what_waits_for_a_slow_reader_is_bounded_and_counted() -> None:
    store = StreamStore(most=3)
    store.add([(SOG, [1000, 2000, 3000, 4000, 5000], [[1.0] * 5])])
    assert times(store) == [1000, 2000, 3000]
    assert store.passed_by == 2


@given(st.lists(st.lists(st.integers(1, 60), min_size=1, max_size=8), max_size=12))
def test_each_time_once_however_they_come(batches: list[list[int]]) -> None:
    store = StreamStore()
    handed: list[int] = []
    for batch in batches:
        store.add([(SOG, batch, [[float(time) for time in batch]])])
        handed += times(store)
    assert sorted(handed) == sorted({time for batch in batches for time in batch})
