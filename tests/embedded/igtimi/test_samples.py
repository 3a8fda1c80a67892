"""Blocks of samples, their store, and the simplification of tracks."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from contextlib import closing
from itertools import pairwise
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.embedded.database import Database
from tui.embedded.igtimi import samples as store_module
from tui.embedded.igtimi.blocks import Column, Series, decode, encode, joined
from tui.embedded.igtimi.fleet import Burst, Step
from tui.embedded.igtimi.live_messages import StepMessages
from tui.embedded.igtimi.samples import BLOCK_SAMPLES, SampleStore
from tui.embedded.igtimi.schema import SCHEMA
from tui.embedded.igtimi.simplify import STRETCH, simplified

SOG = Series("GA-EN-AAAA", 9)


@pytest.fixture
def store() -> Iterator[SampleStore]:
    with closing(Database(None)) as database:
        database.script(SCHEMA)
        yield SampleStore(database)


def column(stamps: list[int]) -> Column:
    return Column(stamps, [[float(stamp) for stamp in stamps]])


@given(
    st.lists(
        st.tuples(
            st.integers(-(2**53), 2**53), st.floats(allow_nan=False), st.floats(allow_nan=False)
        )
    )
)
def test_a_block_gives_back_what_went_in(rows: list[tuple[int, float, float]]) -> None:
    before = Column([r[0] for r in rows], [[r[1] for r in rows], [r[2] for r in rows]])
    assert decode(encode(before, text=False), text=False) == before


def test_a_text_block_keeps_strings_booleans_and_numbers() -> None:
    before = Column([1, 2], [["ä\x00", True], [1.5, 7]])
    assert decode(encode(before, text=True), text=True) == before


def test_a_damaged_block_says_so() -> None:
    with pytest.raises(ValueError, match="damaged"):
        decode(b"rubbish", text=False)


def test_a_block_is_much_smaller_than_rows() -> None:
    track = Column(
        list(range(0, 600_000, 500)), [[round(174.8 + i * 1e-5, 7) for i in range(1200)]]
    )
    assert len(encode(track, text=False)) < 8 * 1200


def test_columns_join_in_order_and_without_doubles() -> None:
    assert joined([column([5, 7]), column([1, 5, 9])]).stamps == [1, 5, 7, 9]
    assert joined([]).stamps == []


def test_whole_numbers_are_integers_on_the_wire() -> None:
    wire = Column([1, 2, 3], [[0.0, 1.5, 2.0]]).wire()
    assert wire == {"t": [1, 2, 3], "1": [0, 1.5, 2]}
    assert [type(value) for value in wire["1"]] == [int, float, int]  # type: ignore[attr-defined]


def test_memory_and_disk_read_as_one(store: SampleStore) -> None:
    for stamp in range(0, 3 * BLOCK_SAMPLES, 2):
        store.append(*SOG, column([stamp]))
        store.write_full()
    assert store.read(SOG, 0, 10_000).stamps == list(range(0, 3 * BLOCK_SAMPLES, 2))
    assert store.read(SOG, 10, 14).stamps == [10, 12, 14]
    last = 3 * BLOCK_SAMPLES - 2
    assert store.last(SOG) == (last, [float(last)])
    store.flush()
    assert store.read(SOG, 0, 10_000).stamps == list(range(0, 3 * BLOCK_SAMPLES, 2))


def test_backlog_that_comes_late_is_read_in_its_place(store: SampleStore) -> None:
    store.append(*SOG, column([10, 20]))
    store.flush()
    store.append(*SOG, column([12, 14]))
    assert store.read(SOG, 0, 100).stamps == [10, 12, 14, 20]
    assert store.last(SOG) == (20, [20.0])


def test_series_are_apart(store: SampleStore) -> None:
    store.put(SOG, column([1]))
    store.append(SOG.serial, 13, 100, column([2]))
    assert store.sources(SOG.serial, 9) == [0]
    assert store.sources(SOG.serial, 13) == [100]
    assert store.read(Series(SOG.serial, 13), 0, 9).stamps == []
    assert store.last(Series("other", 9)) is None


def test_the_live_fleets_blocks_are_bounded_by_age_and_size(
    store: SampleStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.put(SOG, column([1]))
    for stamp in (10, 20, 30):
        store.append(*SOG, column([stamp]))
        store.flush()
    monkeypatch.setattr(store_module, "LIVE_MILLISECONDS", 15)
    store.trim(30)
    # What was recorded stays; what the live feed kept goes by its age.
    assert store.read(SOG, 0, 100).stamps == [1, 20, 30]
    monkeypatch.setattr(store_module, "LIVE_BYTES", 1)
    store.trim(30)
    assert store.read(SOG, 0, 100).stamps == [1]


def test_a_straight_line_needs_its_ends_only() -> None:
    x = [i * 0.1 for i in range(100)]
    assert simplified(x, x, 1e-9) == [0, 99]


def test_no_error_or_too_few_points_keep_all() -> None:
    assert simplified([0, 1, 2], [0, 0, 0], 0.0) == [0, 1, 2]
    assert simplified([0, 1], [0, 0], 1.0) == [0, 1]


def test_a_boat_that_stands_still_is_two_points() -> None:
    assert simplified([5.0] * 50, [1.0] * 50, 1e-9) == [0, 49]


def test_a_long_track_is_cut_into_stretches() -> None:
    count = 3 * STRETCH
    angles = [i * 0.001 for i in range(count)]
    kept = simplified([math.sin(a) for a in angles], [math.cos(a) for a in angles], 0.01)
    assert {0, STRETCH, 2 * STRETCH, count - 1} <= set(kept)
    assert len(kept) < count / 50


@given(
    st.lists(st.tuples(st.floats(-1, 1), st.floats(-1, 1)), min_size=3, max_size=40),
    st.floats(0.001, 1),
)
def test_no_dropped_point_is_farther_off_than_the_error(
    points: list[tuple[float, float]], error: float
) -> None:
    kept = simplified([p[0] for p in points], [p[1] for p in points], error)
    for first, last in pairwise(kept):
        (ax, ay), (bx, by) = points[first], points[last]
        for px, py in points[first + 1 : last]:
            dx, dy = bx - ax, by - ay
            length = dx * dx + dy * dy
            share = max(0, min(1, ((px - ax) * dx + (py - ay) * dy) / length)) if length else 0
            assert math.hypot(px - ax - share * dx, py - ay - share * dy) <= error * 1.000001


@settings(deadline=None, max_examples=60)
@given(
    st.dictionaries(
        st.tuples(st.sampled_from((1, 9, 52, 77)), st.sampled_from((0, 100))),
        st.lists(
            st.one_of(
                st.floats(allow_nan=False, allow_infinity=False, width=32),
                st.integers(-5, 5).map(float),
                st.sampled_from((0.0, -0.0, 10.0, 1e15, 1e22, 100.05)),
            ),
            min_size=1,
            max_size=4,
        ),
        min_size=1,
    )
)
def test_messages_are_what_each_column_says(values: dict[tuple[int, int], list[float]]) -> None:
    columns = {
        key: Column(list(range(len(axis))), [["a.0, b.0]"] * len(axis) if key[0] == 52 else axis])
        for key, axis in values.items()
    }
    (text,) = StepMessages(Step(messages=[[Burst("B-1", columns)]])).texts(frozenset({"B-1"}))
    wanted = {Series("", *key).key: column.wire() for key, column in columns.items()}
    found = json.loads(text)
    assert found == [{"B-1": wanted}]
    # Whole numbers are integers on the wire, but for those that are too large to be sure of it.
    for key, column in wanted.items():
        for axis, said in column.items():
            told = found[0]["B-1"][key][axis]
            assert all(
                type(one) is type(other)
                for one, other in zip(told, cast("list[object]", said), strict=True)
                if isinstance(one, str) or abs(one) < 1e15
            )
