"""The live protocol against anything, and the archive's answers, which look the same."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.services.igtimi.talking import DATA, SERIAL, WALL, T, heard, merged, talk
from tui.services.igtimi.live import Event
from tui.services.igtimi.live_json import read_answer

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["t", "1", "2", "9", "13:7", "52", SERIAL, "error", ""]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(json_values)
def test_any_json_is_survived(document: Any) -> None:
    conversation = talk()
    conversation.receive(json.dumps(document), 101.0, WALL)
    for _, times, axes in conversation.drain():
        assert all(len(axis) == len(times) for axis in axes)
        assert all(isinstance(time, int) and time > 0 for time in times)


@given(st.binary(max_size=200))
def test_any_bytes_are_survived(frame: bytes) -> None:
    talk().receive(frame, 101.0, WALL)
    talk().receive(b"[" + frame, 101.0, WALL)


def test_deep_nesting_is_unreadable_not_a_crash() -> None:
    assert talk().receive("[" * 200_000, 101.0, WALL) is Event.UNREADABLE
    frame = '[{"GA-DK-AAAD":{"9":{"t":[1],"1":[1],"x":' + "[" * 200_000
    assert talk().receive(frame, 101.0, WALL) is Event.UNREADABLE


def test_numbers_beyond_all_measure_are_passed_by() -> None:
    frame = '[{"GA-DK-AAAD":{"9":{"t":[5,6],"1":[1,%s]}}}]' % ("9" * 400)
    assert heard(frame) == {(SERIAL, 9, 0): ([5], [1.0])}


@pytest.mark.parametrize("value", ["1e200", "-1e200", "1.7e308", "1e999", "-1e999", "NaN"])
def test_numbers_that_nobody_measures_are_passed_by(value: str) -> None:
    """Their sums and squares are endless: a chart that meets one cannot be drawn."""
    frame = f'[{{"{SERIAL}":{{"6":{{"t":[5,6],"1":[1,{value}]}}}}}}]'
    assert heard(frame) == {(SERIAL, 6, 0): ([5], [1.0])}


def test_a_stamp_of_endless_digits_is_junk_and_later_ones_are_read() -> None:
    conversation = talk()
    for stamp in ("9" * 5000, str(T)):
        frame = f'[{{"{SERIAL}":{{"9":{{"t":[{stamp}],"1":[1]}},"6":{{"t":[{stamp}],"1":[2]}}}}}}]'
        conversation.receive(frame, 101.0, WALL)
        found = merged(conversation.drain())
    assert found == {(SERIAL, 9, 0): ([T], [1.0]), (SERIAL, 6, 0): ([T], [2.0])}
    assert conversation.passed.junk == 2


def test_rest_answers_are_read_as_frames_are() -> None:
    document = json.loads((DATA / "rest_data_docs_multi_device_multi_source.json").read_text())
    batches, passed = read_answer(document)
    assert merged(batches) == {
        ("EA-AK-AAAG", 1, 0): ([12345677000, 12345677500], [-160.123, -160.1233], [40.43, 40.44]),
        ("EA-AK-AAAG", 3, 0): ([12345677500], [21.0]),
        ("EA-AK-AAAH", 1, 0): ([12345677000], [-160.12], [40.434]),
        ("EA-AK-AAAH", 13, 100): ([12345678000], [60.0]),
        ("EA-AK-AAAH", 13, 201): ([12345677000, 12345677500], [119.0, 120.0]),
    }
    assert (passed.junk, passed.unreadable) == (0, 0)


def test_a_recorded_rest_answer() -> None:
    name = "rest_data_FA-AA-AAAM_type1_compressed.json"
    batches, _ = read_answer(json.loads((DATA / name).read_text()), ["FA-AA-AAAM"])
    ((key, times, (longitudes, latitudes)),) = batches
    assert key == ("FA-AA-AAAM", 1, 0)
    assert len(times) == 114
    assert times == sorted(times)
    assert all(174 < x < 175 for x in longitudes)
    assert all(-37 < y < -36 for y in latitudes)


def test_samples_without_a_time_are_no_history() -> None:
    batches, passed = read_answer({SERIAL: {"50": {"t": [0, T], "1": [99, 98]}}})
    assert merged(batches) == {(SERIAL, 50, 0): ([T], [98.0])}
    assert passed.junk == 1
    with pytest.raises(ValueError, match="no object"):
        read_answer([])
