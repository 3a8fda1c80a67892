"""Frames alike are read together: the same samples as frame by frame, in the same order."""

from __future__ import annotations

import json
from array import array
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.services.igtimi.talking import OTHER, SERIAL, WALL, T
from tui.services.igtimi import alike, packed
from tui.services.igtimi.batches import Columns, Passed
from tui.services.igtimi.live_json import JsonDialect, read_alone

FOREIGN = "GA-XX-AAAX"
FIT = [(SERIAL, "1"), (SERIAL, "9"), (SERIAL, "5"), (OTHER, "6"), (OTHER, "11:7"), (OTHER, "1")]
UNFIT = [(FOREIGN, "9"), (SERIAL, "13"), (OTHER, "18"), (SERIAL, "52"), (OTHER, "999"), FIT[1]]
ODD = (
    "null", '"x"', "true", "1e200", "-181", "1,null", "NaN", "01", "", "1,2", "{}", "[]", "-0.0",
    "9.68e-309", "9" * 400,
)  # fmt: skip


def axes_of(name: str, texts: Sequence[str], times: Sequence[int]) -> str:
    """A series of a frame: as many axes as its type has, with an altitude beside a position."""
    axes = {"1": 3, "18": 3}.get(name, 1)
    columns = [f'"t":[{",".join(map(str, times))}]']
    columns += [f'"{axis}":[{",".join(texts)}]' for axis in range(1, axes + 1)]
    return "{" + ",".join(columns) + "}"


@st.composite
def sayings(draw: st.DrawFn) -> list[bytes]:
    """A few forms of frames, again and again, with other numbers; here and there an odd one."""
    fit = st.lists(st.sampled_from(FIT), min_size=1, max_size=3, unique=True)
    one = fit | st.tuples(fit, st.sampled_from(UNFIT)).map(lambda both: [*both[0], both[1]])
    shapes = draw(st.lists(one, min_size=1, max_size=2))
    lengths = st.sampled_from((2, 2, 2, 2, 1, 3, 0))
    frames = []
    for step, shape in enumerate(draw(st.lists(st.sampled_from(shapes), min_size=4, max_size=9))):
        times = [T + 10 * step + place for place in range(draw(lengths))]
        parts = []
        for serial, name in shape:
            texts = [str(draw(st.integers(-90, 90))) for _ in times]
            if draw(st.integers(0, 29)) == 7:
                place = draw(st.integers(0, len(texts)))
                texts[place : place + 1] = [draw(st.sampled_from(ODD))]
            parts.append(f'{{"{serial}":{{"{name}":{axes_of(name, texts, times)}}}}}')
        frames.append(f"[{','.join(parts)}]".encode())
    return frames


def taken(frames: list[bytes], *, together: bool) -> tuple[dict[Any, Any], dict[str, int], bool]:
    columns = Columns((SERIAL, OTHER), Passed())
    dialect = JsonDialect("")
    for frame in frames:
        try:
            (dialect.read if together else read_alone)(frame, columns, WALL)
        except ValueError:
            columns.passed.unreadable += 1
    rows = {key: list(zip(times, *axes, strict=True)) for key, times, axes in columns.take()}
    return rows, asdict(columns.passed), columns.heard


@given(sayings())
def test_what_is_read_together_is_what_is_read_alone(frames: list[bytes]) -> None:
    rows, passed, heard = taken(frames, together=True)
    alone, passed_alone, heard_alone = taken(frames, together=False)
    assert {key: list(map(repr, some)) for key, some in rows.items()} == {
        key: list(map(repr, some)) for key, some in alone.items()
    }
    assert passed == passed_alone
    assert heard == heard_alone


def one(name: str, times: str, values: str) -> bytes:
    return f'[{{"{SERIAL}":{{"{name}":{{"t":[{times}],"1":[{values}]}}}}}}]'.encode()


@pytest.mark.parametrize(
    ("name", "odd"),
    [
        ("9", [("11,12", "1,2,3"), ("13,14", "4")]),
        ("9", [("11,12", "1,null"), ("13,14", "3,4")]),
        ("9", [("11,12", "1,2"), ("13,14", "3,4,null")]),
        ("6", [("11,12", "1,2"), ("13,14", "3,4,null")]),
        ("9", [("11,12", "1,2"), ("13,null", "3,4")]),
        ("9", [("11,12,13", "1,2"), ("14,15", "3,4,5")]),
        ("9", [("11,12,13", "1,2,null"), ("14,15", "4,5")]),
        ("9", [("11,12,13", "1,2,3"), ("14,15", "4,5,6")]),
        ("9", [("11,12", "1,2"), ("13,14", "3,,4")]),
        ("9", [("11,12", "1,2"), ("13,14", "3,1e101")]),
        ("9", [("11,12", "1,2"), ("13,14", "3,9e99")]),
        ("9", [("11,12", "1,1e200"), ("13,14", "3,4")]),
        ("9", [("11,12", "1,2,1e200"), ("13,14", "4")]),
        ("9", [("11,12", "1e200"), ("13,14", "3,4,4")]),
        ("9", [("11,12,0", "1,2,3"), ("13", "4")]),
        ("9", [("0,12", "1,2"), ("13,14", "3,4")]),
        ("5", [("11,12", "1,9.68e-309"), ("13,14", "3,4")]),
        ("5", [("11,12", "1,30000"), ("13,14", "3,4")]),
        ("9", [("", ""), ("13,14", "3,4")]),
    ],
)
def test_odd_frames_among_those_alike(name: str, odd: list[tuple[str, str]]) -> None:
    frames = [one(name, "1", "1"), one(name, "2", "2"), *(one(name, *texts) for texts in odd)]
    assert taken(frames, together=True) == taken(frames, together=False)


NUMBERS = st.floats(-(2.0**320), 2.0**320)
CLOSE = st.tuples(NUMBERS, st.lists(st.floats(-1e-3, 1e-3), min_size=1, max_size=40)).map(
    lambda both: [both[0] * (1 + by) for by in both[1]]
)


@given(CLOSE | st.lists(NUMBERS, min_size=1, max_size=40) | st.lists(st.floats(0, 40), min_size=1))
def test_all_numbers_lie_between_their_bounds(values: list[float]) -> None:
    double = array("d", values).tobytes()
    low, high = packed.bounds(double, values)
    least, most = min(values), max(values)
    assert low <= least <= most <= high
    assert least - low <= abs(low) / 16 + 1e-300
    assert high - most <= abs(high) / 16 + 1e-300
    if packed.at_least_two(double):
        assert least >= 2


@given(st.lists(CLOSE | st.lists(st.floats(0, 40), min_size=1, max_size=9), min_size=2))
def test_bounds_that_are_remembered_hold(columns: list[list[float]]) -> None:
    """Of columns that come one after the other, whatever they are."""
    remembered = packed.Bounds()
    for values in [*columns, columns[0], columns[-1], columns[-1]]:
        low, high = remembered.of(array("d", values).tobytes(), values)
        assert low <= min(values) <= max(values) <= high


def test_bounds_that_were_wide_once_become_narrow_again() -> None:
    remembered = packed.Bounds()
    wide, narrow = [2.0, 60.0], [10.0, 11.0]
    for values in (wide, *[narrow] * packed.ANEW):
        remembered.of(array("d", values).tobytes(), values)
    low, high = remembered.of(array("d", narrow).tobytes(), narrow)
    assert high - low < 4


@given(st.lists(st.floats(), min_size=1, max_size=5), NUMBERS)
def test_what_nobody_measures_is_told_by_bytes(some: list[float], fit: float) -> None:
    values = [fit, *some]
    nearer = all(abs(value) < 2.0**321 for value in values)
    assert packed.measurable(array("d", values).tobytes()) == nearer


@pytest.mark.parametrize("cut", [1, 2, 5])
@pytest.mark.parametrize("more", [b"", b"x", b"[]", b" "])
def test_a_frame_that_ends_too_early_or_too_late_is_no_other(cut: int, more: bytes) -> None:
    """Up to its last bracket it is like those before it."""
    plain = [one("9", str(10 * step), "1") for step in range(1, 6)]
    frames = [*plain[:4], plain[4][:-cut] + more, one("9", "70", "1")]
    assert taken(frames, together=True) == taken(frames, together=False)
    frames = [*plain[:4], plain[4] + more, one("9", "70", "1")]
    assert taken(frames, together=True) == taken(frames, together=False)


def test_what_came_first_is_first_whatever_it_came_in() -> None:
    """Two forms of one device by turns: whose value stands for a time is by what came first."""
    plain = [one("9", str(10 * step), "1") for step in range(1, 9)]
    other = [frame.replace(b'"9":', b'"6":{"t":[1],"1":[1]},"9":') for frame in plain]
    frames = [pair[step % 2] for step, pair in enumerate(zip(plain, other, strict=True))]
    rows, _, _ = taken(frames, together=True)
    assert [time for time, _ in rows[SERIAL, 9, 0]] == list(range(10, 81, 10))


def test_a_frame_with_an_odd_value_stays_before_those_after_it() -> None:
    """Of two values for one time the first stands, and what came in order is not late."""
    frames = [
        one(name, f"{at},{at + 1}", values)
        for name in ("9", "6")
        for at, values in ((10, "1,null"), (10, "2,3"), (12, "4,5"), (14, "null,6"), (16, "7,8"))
    ]
    for some in (frames, [frame.replace(b"null", b'"x"') for frame in frames]):
        rows, _, _ = taken(some, together=True)
        assert [value for _, value in rows[SERIAL, 9, 0]] == [1, 2, 3, 4, 5, 6, 7, 8]
        assert rows[SERIAL, 6, 0] == rows[SERIAL, 9, 0]


def fleet(step: int, count: int) -> bytes:
    times = [T + 1000 * step + place for place in range(count)]
    one = {
        "1": {"t": times, "1": [10.0] * count, "2": [54.0] * count},
        "6": {"t": times, "1": [float(step)] * count},
    }
    return json.dumps([{serial: one} for serial in (SERIAL, OTHER)]).encode()


def test_frames_of_a_fleet_are_one_batch_a_series_whatever_their_lengths() -> None:
    """One of the lengths 3, 3, 4: times and values have to be cut at the same places."""
    for lengths in ((3, 3, 3), (3, 3, 4)):
        columns = Columns((SERIAL, OTHER), Passed())
        dialect = JsonDialect("")
        for step in (0, 1):  # once to see the form, once to learn it
            dialect.read(fleet(step, 2), columns, WALL)
        assert columns.take()
        for step, count in enumerate(lengths, 2):
            dialect.read(fleet(step, count), columns, WALL)
        batches = list(columns.flow())
        assert [key for key, _, _ in batches] == [
            (serial, type_, 0) for serial in (SERIAL, OTHER) for type_ in (1, 6)
        ]
        assert all(len(times) == sum(lengths) for _, times, _ in batches)
        assert batches[0][1] is batches[1][1]  # a device's series share their times
        expected = [float(step) for step, count in enumerate(lengths, 2) for _ in range(count)]
        assert list(batches[1][2][0]) == expected


def test_forms_without_end_are_forgotten() -> None:
    """Who sends ever other forms fills no memory: what is remembered is bounded."""
    columns = Columns((SERIAL,), Passed())
    waiting = alike.Alike(columns, read_alone)
    for number in range(40):
        name = "x" * (alike.FORMS // 32) + str(number)
        waiting.take(f'[{{"{name}":{{"9":{{"t":[1],"1":[1]}}}}}}]'.encode(), WALL)
    assert sum(map(len, waiting._seen)) <= alike.FORMS
