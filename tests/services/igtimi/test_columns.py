"""Measured data as columns: recorded answers, odd ones, and broken ones."""

from __future__ import annotations

import json
import math
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.services.igtimi.samples import DATA
from tests.services.strategies import json_values
from tui.services.errors import ProtocolViolation, Refused, ServiceError
from tui.services.igtimi.columns import DataAnswer, decode_data, joined
from tui.services.left_out import collecting, sentences


def test_a_compressed_track_as_it_was_recorded() -> None:
    answer = decode_data((DATA / "rest_data_FA-AA-AAAM_type1_compressed.json").read_bytes())
    [track] = answer.series
    assert track.key == ("FA-AA-AAAM", 1, 0)
    assert len(track) == 114
    assert track.times[0] == 1328480640000
    # Axis 1 is the longitude: Auckland is at 174.86 east, 36.82 south.
    assert (track.axes[1][0], track.axes[2][0]) == (174.862945, -36.82376)
    steps = [after - before for before, after in zip(track.times, track.times[1:], strict=False)]
    assert (min(steps), max(steps)) == (5500, 179500)


def test_whole_numbers_and_fractions_in_one_field() -> None:
    answer = decode_data((DATA / "rest_data_GA-DK-AAAD_types1_2.json").read_bytes())
    quality = answer.find("GA-DK-AAAD", 2)
    assert quality
    assert quality.axes == {1: [1.0, 1.0, 1.0]}


def test_two_devices_and_several_sources() -> None:
    answer = decode_data((DATA / "rest_data_docs_multi_device_multi_source.json").read_bytes())
    assert [series.key for series in answer.series] == [
        ("EA-AK-AAAG", 1, 0),
        ("EA-AK-AAAG", 3, 0),
        ("EA-AK-AAAH", 1, 0),
        ("EA-AK-AAAH", 13, 100),
        ("EA-AK-AAAH", 13, 201),
    ]
    heart = answer.find("EA-AK-AAAH", 13, 201)
    assert heart
    assert heart.axes == {1: [119.0, 120.0]}


def only(content: object) -> Any:
    [series] = decode_data(json.dumps(content).encode()).series
    return series


@pytest.mark.parametrize(
    ("block", "times", "axes"),
    [
        ({"t": [1384091813000.0], "1": [0.5]}, [1384091813000], {1: [0.5]}),
        ({"t": 5, "1": 7}, [5], {1: [7.0]}),
        ({"t": ["5"], "1": [" 7.5 "]}, [5], {1: [7.5]}),
        ({"t": [5], "1": [1], "2": [2], "3": [3], "4": [4], "5": [5]}, [5], None),
        ({"t": [5], "1": [1], "end": [6]}, [5], {1: [1.0]}),
        ({"t": [], "1": []}, [], {1: []}),
    ],
)
def test_odd_blocks(block: dict[str, Any], times: list[int], axes: dict[int, Any] | None) -> None:
    series = only({"A": {"13:18446744073709551615": block}})
    assert series.source == 2**64 - 1
    assert series.times == times
    assert series.axes == (axes or {axis: [float(axis)] for axis in range(1, 6)})


def test_texts_and_truth_values_are_kept_where_the_type_carries_them() -> None:
    series = only({"A": {"52": {"t": ["5"], "1": ["text"]}}})
    assert (series.times, series.axes) == ([5], {1: ["text"]})
    series = only({"A": {"53": {"t": [5, 6], "1": [True, False]}}})
    assert series.axes == {1: [True, False]}


def test_one_value_that_is_no_number_costs_no_more_than_itself_and_is_counted() -> None:
    wire = {"A": {"9": {"t": [1, 2, 3, 4], "1": ["12.5", "n/a", 4, ""]}, "8": {"t": [1], "1": 7}}}
    with collecting() as notes:
        speed, heading = decode_data(json.dumps(wire).encode()).series
    values = speed.axes[1]
    assert (values[0], values[2], heading.axes) == (12.5, 4.0, {1: [7.0]})
    assert math.isnan(values[1])
    assert math.isnan(values[3])
    assert sentences(notes) == ["1 of 4 values could not be read: A.9.1[1]"]


def test_words_for_what_is_no_number_are_a_missing_value() -> None:
    series = only({"A": {"9": {"t": [1, 2], "1": ["NaN", 4]}}})
    [same] = decode_data(b'{"A": {"9": {"t": [1, 2], "1": [NaN, 4]}}}').series
    for one in (series, same):
        assert math.isnan(one.axes[1][0])
        assert one.axes[1][1] == 4.0


def test_a_missing_value_is_not_a_number() -> None:
    series = only({"A": {"9": {"t": [1, 2], "1": [None, 4]}}})
    assert math.isnan(series.axes[1][0])
    assert series.axes[1][1] == 4.0


def test_disorder_and_repetition_are_mended() -> None:
    """Source: reference, "Quirks and failures seen in practice", points 5 and 6."""
    series = only({"A": {"1": {"t": [3, 1, 2, 1], "1": [30, 10, 20, 11], "2": [3, 1, 2, 0]}}})
    assert series.times == [1, 2, 3]
    assert series.axes == {1: [10.0, 20.0, 30.0], 2: [1.0, 2.0, 3.0]}
    series = only({"A": {"9": {"t": [1, 1, 2], "1": [10, 11, 20]}}})
    assert (series.times, series.axes) == ([1, 2], {1: [10.0, 20.0]})


def test_keys_that_are_no_devices() -> None:
    content = b'{"archived_resources": [3, "4", null], "note": "x", "n": null, "A": {}}'
    assert decode_data(content) == DataAnswer(series=[], archived_resources=[3, 4])


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"<html></html>", "web page"),
        (b'{"A": {"1": {"t": [1', "cut off"),
        (b'{"A": {"1": {"t": ["x"], "1": [1]}}', "cut off"),
        (b'{"A": \xff}', "cut off"),
        (b"[]", "object"),
        (b'{"A": {"1": 5}}', r"A\.1"),
        (b'{"A": {"x": {"t": []}}}', r"A\.x"),
        (b'{"A": {"1:": {"t": []}, "1:y": {"t": []}}}', r"A\.1"),
        (b'{"A": {"1": {"t": [1, 2], "1": [1]}}}', "axis 1 has 1 value for 2 times"),
        (b'{"A": {"1": {"t": [true], "1": [1]}}}', "no time"),
        (b'{"A": {"1": {"t": ["x"], "1": [1]}}}', "no time"),
        (b"[" * 200_000, "cut off"),
        (b'{"A":' * 200_000, "cut off"),
    ],
)
def test_what_cannot_be_read_names_its_place(content: bytes, words: str) -> None:
    with pytest.raises(ProtocolViolation, match=words):
        decode_data(content)


def test_an_error_in_place_of_data() -> None:
    with pytest.raises(Refused, match="forbidden: window") as caught:
        decode_data(b'{"error": "forbidden", "reason": "window"}')
    assert caught.value.code == "forbidden"


def test_an_axis_that_only_one_slice_has() -> None:
    before = decode_data(b'{"A": {"1": {"t": [1], "1": [5]}}}')
    after = decode_data(b'{"A": {"1": {"t": [2], "1": [6], "2": [7]}}}')
    [series] = joined([before, after]).series
    assert series.times == [1, 2]
    assert series.axes[1] == [5.0, 6.0]
    assert math.isnan(series.axes[2][0])
    assert series.axes[2][1] == 7.0


@given(
    answer=st.dictionaries(
        st.sampled_from(["A", "error", "archived_resources"]),
        st.dictionaries(
            st.sampled_from(["1", "9", "13:2", "x"]),
            st.dictionaries(st.sampled_from(["t", "1", "2", "9"]), json_values(["t", "1"])),
        )
        | json_values(["1", "t"]),
    ),
    cut=st.integers(min_value=0, max_value=40),
)
@settings(max_examples=80)
def test_any_json_whole_or_cut_is_read_or_refused(answer: dict[str, Any], cut: int) -> None:
    content = json.dumps(answer).encode()
    for given_content in (content, content[: max(0, len(content) - cut)]):
        with suppress(ServiceError):
            for series in decode_data(given_content).series:
                assert all(len(values) == len(series) for values in series.axes.values())
