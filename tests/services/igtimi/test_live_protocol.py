"""The live protocol, rule by rule. Section numbers are those of the reference on Igtimi."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.services.igtimi.talking import DATA, OTHER, SERIAL, WALL, T, heard, merged, talk
from tui.services.igtimi.live import Conversation, Event
from tui.services.igtimi.live_json import JsonDialect, read_answer


def transcript() -> list[dict[str, str]]:
    lines = (DATA / "ws_transcript_GA-DK-AAAD.jsonl").read_text().splitlines()
    return [json.loads(line) for line in lines]


def test_1_2_the_recorded_conversation() -> None:
    conversation = Conversation(JsonDialect("<token>"), [SERIAL])
    sent = conversation.open(0.0)
    lines = transcript()
    said = [line["text"] for line in lines if line["dir"] == "client->server"]
    assert sent[0] == said[0]
    events = [
        conversation.receive(line["text"], 1.0, WALL)
        for line in lines
        if line["dir"] == "server->client"
    ]
    assert events == [Event.HEARTBEAT] * 4 + [Event.CLOCK] + [Event.DATA] * 4
    times = [T, T + 3000, T + 6000]
    assert merged(conversation.drain()) == {
        (SERIAL, 1, 0): (times, [170.503938] * 3, [-45.8770313333333, -45.877031, -45.877031]),
        (SERIAL, 2, 0): (times, [1, 1, 1]),
        (SERIAL, 3, 0): (times, [0, 0, 0]),
        (SERIAL, 9, 0): (times, [0, 0, 0]),
    }
    assert conversation.drain() == []


def test_1_2_heartbeats_come_before_the_configuration_is_answered() -> None:
    conversation = talk()
    assert conversation.receive("1", 101.0, WALL) is Event.HEARTBEAT
    assert not conversation.accepted
    assert conversation.receive(str(WALL), 102.0, WALL) is Event.CLOCK
    assert conversation.accepted


def test_1_3_token_and_serials_in_one_configuration_message() -> None:
    dialect = JsonDialect("secret-token")
    conversation = Conversation(dialect, [SERIAL, OTHER, SERIAL])
    first, second = conversation.open(0.0)
    assert json.loads(first) == {"access_token": "secret-token", "devices": [SERIAL, OTHER]}
    assert second == "1"
    assert conversation.headers == {}
    assert "secret-token" not in repr(dialect) + repr(conversation)


def test_1_4_our_heartbeat_goes_out_well_within_five_minutes() -> None:
    conversation = talk()
    assert conversation.due(219.9) == []
    assert conversation.due(220.0) == ["1"]
    assert conversation.due(220.0) == []
    assert conversation.due(340.0) == ["1"]


@pytest.mark.parametrize("frame", ["1", '[{"GA-DK-AAAD":{"9":{"t":[5],"1":[1]}}}]', "?"])
def test_1_4_heartbeat_and_data_both_count_as_life(frame: str) -> None:
    conversation = talk()
    conversation.receive(str(WALL), 100.0, WALL)
    conversation.receive(frame, 140.0, WALL)
    assert conversation.dead(184.9) is None
    assert conversation.deadline() == 185.0
    assert conversation.dead(185.0) == "nothing was heard for 45 seconds"


def test_1_7_a_server_that_does_not_answer_within_five_seconds_is_given_up() -> None:
    conversation = talk()
    conversation.receive("1", 104.0, WALL)
    assert conversation.deadline() == 105.0
    assert conversation.dead(104.9) is None
    assert conversation.dead(105.0) == "the server did not answer the subscription"


def test_1_7_an_error_in_the_servers_words_is_a_refusal() -> None:
    conversation = talk()
    frame = '{"error":"invalid token","reason":"revoked"}'
    assert conversation.receive(frame, 101.0, WALL) is Event.REFUSAL
    assert conversation.refusal == "invalid token: revoked"
    assert not conversation.accepted


def test_1_2_and_7_12_the_bare_integer_is_the_servers_clock() -> None:
    conversation = talk()
    conversation.receive("1384906719000", 101.0, 1_384_906_720_250)
    assert conversation.clock_offset == -1250


@pytest.mark.parametrize("frame", ["1384906719", "1384906719000000"])
def test_a_clock_in_other_units_is_accepted_and_not_gone_by(frame: str) -> None:
    """All samples would lie in the future, or after a horizon in the year 45855."""
    conversation = talk()
    assert conversation.receive(frame, 101.0, WALL) is Event.CLOCK
    assert conversation.accepted
    assert conversation.clock_offset is None
    assert conversation.horizon < WALL + 2 * 86_400_000


def test_1_5_the_same_serial_in_several_objects_of_one_array_is_merged() -> None:
    assert heard(
        [
            {SERIAL: {"9": {"t": [T], "1": [3.5]}}},
            {SERIAL: {"6": {"t": [T], "1": [41]}}},
            {SERIAL: {"9": {"t": [T + 500], "1": [4]}}},
        ]
    ) == {(SERIAL, 9, 0): ([T, T + 500], [3.5, 4.0]), (SERIAL, 6, 0): ([T], [41.0])}


def test_1_5_one_timestamp_may_come_in_two_messages() -> None:
    position = [{SERIAL: {"1": {"t": [T], "1": [170.5], "2": [-45.8]}}}]
    speed = [{SERIAL: {"9": {"1": [2], "t": [T]}}}]
    assert heard(position, speed) == {
        (SERIAL, 1, 0): ([T], [170.5], [-45.8]),
        (SERIAL, 9, 0): ([T], [2.0]),
    }


def test_1_6_a_lone_object_is_an_array_of_one() -> None:
    assert heard({SERIAL: {"9": {"t": [T], "1": [2]}}}) == {(SERIAL, 9, 0): ([T], [2.0])}


@pytest.mark.parametrize(
    "frame",
    ["", " ", "hello", "12", "9" * 40, "-1384906719000", "[", "[1", "[[]", "{", "null", "1.0"],
)
def test_1_6_anything_else_is_counted_and_passed(frame: str) -> None:
    conversation = talk()
    assert conversation.receive(frame, 101.0, WALL) is Event.UNREADABLE
    assert conversation.passed.unreadable == 1
    assert not conversation.accepted
    assert conversation.drain() == []


def test_1_6_frames_are_stripped() -> None:
    conversation = talk()
    assert conversation.receive(" 1\n", 101.0, WALL) is Event.HEARTBEAT
    assert conversation.receive(f"\n{WALL} ", 101.0, WALL) is Event.CLOCK
    frame = ' [{"GA-DK-AAAD":{"9":{"t":[5000],"1":[1]}}}]'
    assert conversation.receive(frame, 101.0, WALL) is Event.DATA
    assert merged(conversation.drain()) == {(SERIAL, 9, 0): ([5000], [1.0])}


def test_2_and_7_1_axis_one_is_longitude() -> None:
    found = heard([{SERIAL: {"1": {"t": [T], "1": [170.5], "2": [-45.8]}}}])
    longitudes, latitudes = found[SERIAL, 1, 0][1:]
    assert (longitudes, latitudes) == ([170.5], [-45.8])


def test_2_and_7_2_speeds_stay_in_km_h() -> None:
    assert heard([{SERIAL: {"9": {"t": [T], "1": [0.5556]}}}])[SERIAL, 9, 0][1] == [0.5556]


def test_2_heart_rate_is_the_third_axis_if_there_is_one() -> None:
    frame = [
        {SERIAL: {"13:100": {"t": [T], "1": [5], "2": [7], "3": [118]}}},
        {SERIAL: {"13": {"t": [T], "1": [61]}}},
    ]
    assert heard(frame) == {(SERIAL, 13, 100): ([T], [118.0]), (SERIAL, 13, 0): ([T], [61.0])}


def test_2_vectors_keep_all_their_axes() -> None:
    frame = [{SERIAL: {"17": {"t": [T], "1": [0.1], "2": [0.2], "3": [0.3], "4": [0.4]}}}]
    assert heard(frame) == {(SERIAL, 17, 0): ([T], [0.1], [0.2], [0.3], [0.4])}


def test_3_type_and_source_in_the_key() -> None:
    strap = 2**53 + 11
    frame = [{SERIAL: {"13": {"t": [T], "1": [60]}, f"13:{strap}": {"t": [T], "1": [70]}}}]
    assert set(heard(frame)) == {(SERIAL, 13, 0), (SERIAL, 13, strap)}


def test_3_keys_beside_the_serials_are_no_devices() -> None:
    batches, passed = read_answer({"archived_resources": [1, 2], SERIAL: {}})
    assert batches == []
    assert passed.unreadable == 0


def test_7_20_unknown_types_strings_and_booleans_are_passed_by() -> None:
    conversation = talk()
    frame = [
        {
            SERIAL: {
                "52": {"t": [T], "1": ["text"]},
                "53": {"t": [T], "1": [True]},
                "9": {"t": [T, T + 1, T + 2], "1": [1.5, "fast", True]},
                "777": {"t": [T], "1": [1]},
                "heading": {"t": [T], "1": [1]},
                "16": {"t": [T], "1": ["a.jpg"], "2": ["d4"], "3": ["image/jpeg"], "4": [7]},
                "8": {"t": [T], "1": [None]},
            }
        }
    ]
    assert conversation.receive(json.dumps(frame), 101.0, WALL) is Event.DATA
    assert merged(conversation.drain()) == {(SERIAL, 9, 0): ([T], [1.5])}
    assert conversation.passed.unknown == 2
    assert conversation.passed.not_numbers == 6


def test_7_20_numbers_of_textual_or_unknown_types_are_passed_by_too() -> None:
    conversation = talk()
    frame = [{SERIAL: {"53": {"t": [T], "1": [1]}, "777": {"t": [T], "1": [1]}}}]
    conversation.receive(json.dumps(frame), 101.0, WALL)
    assert conversation.drain() == []
    assert (conversation.passed.not_numbers, conversation.passed.unknown) == (1, 1)


def test_7_13_foreign_serials_are_ignored() -> None:
    conversation = talk()
    frame = [{OTHER: {"9": {"t": [T], "1": [1]}}, SERIAL: {"9": {"t": [T], "1": [2]}}}]
    conversation.receive(json.dumps(frame), 101.0, WALL)
    assert merged(conversation.drain()) == {(SERIAL, 9, 0): ([T], [2.0])}
    assert conversation.passed.foreign == 1


def test_7_11_timestamp_zero_is_of_now_by_the_servers_clock() -> None:
    conversation = talk()
    conversation.receive(str(WALL + 4000), 101.0, WALL)
    conversation.receive(json.dumps([{SERIAL: {"50": {"t": [0], "1": [100]}}}]), 102.0, WALL + 500)
    assert merged(conversation.drain()) == {(SERIAL, 50, 0): ([WALL + 4500], [100.0])}
    assert conversation.passed.unstamped == 1


def test_7_11_timestamp_zero_may_stand_anywhere() -> None:
    conversation = talk()
    frame = f'[{{"{SERIAL}":{{"50":{{"t":[{T},0],"1":[99,100]}}}}}}]'
    conversation.receive(frame, 102.0, WALL)
    assert merged(conversation.drain()) == {(SERIAL, 50, 0): ([T, WALL], [99.0, 100.0])}
    assert conversation.passed.unstamped == 1


def test_7_11_negative_and_endless_timestamps_are_junk() -> None:
    conversation = talk()
    frame = [{SERIAL: {"9": {"t": [-5, 10**18, T], "1": [1, 2, 3]}}}]
    conversation.receive(json.dumps(frame), 101.0, WALL)
    assert merged(conversation.drain()) == {(SERIAL, 9, 0): ([T], [3.0])}
    assert conversation.passed.junk == 2


def test_7_12_stamps_of_the_future_are_kept_up_to_a_horizon() -> None:
    conversation = talk()
    conversation.receive(str(WALL), 101.0, WALL)
    frame = [{SERIAL: {"9": {"t": [WALL + 40], "1": [1]}}}]
    conversation.receive(json.dumps(frame), 101.0, WALL)
    assert merged(conversation.drain()) == {(SERIAL, 9, 0): ([WALL + 40], [1.0])}
    assert conversation.horizon == WALL + 86_400_000


def test_7_11_junk_altitudes_are_dropped() -> None:
    conversation = talk()
    frame = [{SERIAL: {"5": {"t": [T, T + 1, T + 2, T + 3], "1": [9.68e-309, 12.5, 0, 1e9]}}}]
    conversation.receive(json.dumps(frame), 101.0, WALL)
    assert merged(conversation.drain()) == {(SERIAL, 5, 0): ([T + 1, T + 2], [12.5, 0.0])}
    assert conversation.passed.junk == 2


def test_positions_off_the_globe_are_dropped() -> None:
    conversation = talk()
    frame = [{SERIAL: {"1": {"t": [T, T + 1], "1": [181, 170.5], "2": [0, -45.8]}}}]
    conversation.receive(json.dumps(frame), 101.0, WALL)
    assert merged(conversation.drain()) == {(SERIAL, 1, 0): ([T + 1], [170.5], [-45.8])}
    assert conversation.passed.junk == 1


@pytest.mark.parametrize(
    "series",
    [
        {"9": {"t": [T, T + 1], "1": [1]}},
        {"1": {"t": [T], "1": [170.5]}},
        {"1": {"t": [T], "1": [170.5], "2": []}},
        {"9": {"1": [1]}},
        {"9": {"t": T, "1": 1}},
        {"9": [1, 2]},
        {"17": {"t": [T], "1": [1], "2": [2]}},
    ],
)
def test_columns_that_do_not_fit_are_junk_and_the_rest_is_read(series: dict[str, Any]) -> None:
    conversation = talk()
    frame = [{SERIAL: {**series, "6": {"t": [T], "1": [41]}}}]
    assert conversation.receive(json.dumps(frame), 101.0, WALL) is Event.DATA
    assert merged(conversation.drain()) == {(SERIAL, 6, 0): ([T], [41.0])}
    assert conversation.passed.junk > 0


@pytest.mark.parametrize(
    "times",
    [
        "5",
        "1384906719040",
        "null",
        "{}",
        '"[1]"',
        "[]",
        "[[1]]",
        "[null]",
        "[true]",
        '["1"]',
        "[-1]",
    ],
)
def test_times_that_are_none_are_junk_and_the_rest_is_read(times: str) -> None:
    frame = '[{"GA-DK-AAAD":{"9":{"t":TIMES,"1":[1]},"6":{"t":[7],"1":[41]}}}]'.replace(
        "TIMES", times
    )
    conversation = talk()
    assert conversation.receive(frame, 101.0, WALL) is Event.DATA
    assert merged(conversation.drain()) == {(SERIAL, 6, 0): ([7], [41.0])}
    assert conversation.passed.junk == 1


@pytest.mark.parametrize("times", ["[7, 8]", "[ 7,8 ]", "[7.0,8]", "[7e0,8]"])
def test_times_in_any_spelling_are_read(times: str) -> None:
    frame = '[{"GA-DK-AAAD":{"9":{"t":TIMES,"1":[1,2]}}}]'.replace("TIMES", times)
    assert heard(frame) == {(SERIAL, 9, 0): ([7, 8], [1.0, 2.0])}


def test_times_may_come_as_floats() -> None:
    assert heard([{SERIAL: {"9": {"t": [1384091813000.0, 1384091813500.49], "1": [1, 2]}}}]) == {
        (SERIAL, 9, 0): ([1384091813000, 1384091813500], [1.0, 2.0])
    }


def test_both_ways_of_reading_agree() -> None:
    """A text in the frame makes the careful reader read it; the numbers come out the same."""
    plain = {
        "1": {"t": [T, T + 1], "1": [170.5, 170.6], "2": [-45.8, -45.9]},
        "9:3": {"t": [T], "1": [4]},
    }
    with_text = {**plain, "52": {"t": [T], "1": ["text"]}}
    assert heard([{SERIAL: plain}]) == heard([{SERIAL: with_text}])
