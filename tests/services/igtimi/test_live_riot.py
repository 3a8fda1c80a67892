"""SAP's replacement server: the same conversation in another dialect (reference, section 10)."""

from __future__ import annotations

import base64
import json
import struct
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.services.igtimi.live import Conversation, Event
from tui.services.igtimi.riot import RiotDialect, fields, read_messages

DATA = Path(__file__).parents[2] / "data" / "igtimi"
WALL = 1_732_206_573_000
INSIDE = "DC-MM-AACN"


def lines(name: str) -> list[Any]:
    return [json.loads(line) for line in (DATA / name).read_text().splitlines() if line]


def frames() -> list[bytes]:
    answers = lines("riot_sap_rest_base64_messages.jsonl")
    return [base64.b64decode(m) for answer in answers for m in answer["DC-FE-AAKG"]]


def decoded() -> list[dict[str, Any]]:
    return [
        point
        for line in lines("riot_sap_rest_base64_messages_decoded.jsonl")
        for message in line["data"]["data"]
        for point in message["data"]
    ]


def talk(*serials: str) -> Conversation:
    conversation = Conversation(RiotDialect("secret-token"), serials or (INSIDE,))
    conversation.open(0.0)
    return conversation


def varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def part(number: int, value: bytes | int | float) -> bytes:
    if isinstance(value, bytes):
        return varint(number << 3 | 2) + varint(len(value)) + value
    if isinstance(value, float):
        return varint(number << 3 | 1) + struct.pack("<d", value)
    return varint(number << 3) + varint(value)


def message(*points: bytes, serial: str = INSIDE) -> bytes:
    inside = b"".join(part(1, point) for point in points) + part(2, serial.encode())
    return part(2, part(1, inside))


def test_the_token_is_in_the_upgrade_and_only_there() -> None:
    dialect = RiotDialect("secret-token")
    assert dialect.headers() == {"Authorization": "Bearer secret-token"}
    assert json.loads(dialect.configuration(["A", "B"])) == {"devices": ["A", "B"]}
    assert "secret-token" not in repr(dialect)


def test_real_device_messages_give_what_others_decoded_from_them() -> None:
    conversation = talk()
    for frame in frames():
        assert conversation.receive(frame, 1.0, WALL) is Event.DATA
    heard = {key: (times, *axes) for key, times, axes in conversation.drain()}
    expected: dict[Any, Any] = {}
    for point in decoded():
        ((name, content),) = point.items()
        type_ = {"pos": 1, "satq": 2, "satc": 3, "cog": 6, "sog": 9}[name]
        values = (
            [content["longitude"], content["latitude"]]
            if name == "pos"
            else [content.get("value", 0)]
        )
        times, *axes = expected.setdefault((INSIDE, type_, 0), ([], *([] for _ in values)))
        times.append(int(content["timestamp"]))
        for axis, value in zip(axes, values, strict=True):
            axis.append(value)
    assert heard == expected


def test_7_11_the_uninitialised_altitude_of_a_real_device_is_junk() -> None:
    conversation = talk()
    for frame in frames():
        conversation.receive(frame, 1.0, WALL)
    assert not [key for key, _, _ in conversation.drain() if key[1] == 5]
    assert conversation.passed.junk == 3


def test_a_measured_altitude_is_a_series() -> None:
    position = part(1, WALL) + part(2, 54.3) + part(3, 10.1) + part(4, 12.5)
    conversation = talk()
    conversation.receive(message(part(1, position + part(15, 7))), 1.0, WALL)
    conversation.receive(message(part(1, position + part(15, 3))), 1.0, WALL)
    altitude = [batch for batch in conversation.drain() if batch[0][1] == 5]
    assert altitude == [((INSIDE, 5, 0), [WALL], ([12.5],))]


def test_rest_answers_hold_the_same_messages_as_base64() -> None:
    answer = lines("riot_sap_rest_base64_messages.jsonl")[0]
    batches, passed = read_messages("DC-FE-AAKG", [*answer["DC-FE-AAKG"], "§", "EjI="])
    assert {key for key, _, _ in batches} == {("DC-FE-AAKG", t, 0) for t in (1, 2, 3, 6, 9)}
    assert passed.unreadable == 2


def test_heartbeat_and_clock_are_text_as_ever() -> None:
    conversation = talk()
    assert conversation.receive("1", 1.0, WALL) is Event.HEARTBEAT
    assert conversation.receive(str(WALL + 40), 1.0, WALL) is Event.CLOCK
    assert conversation.clock_offset == 40


def test_sources_signs_and_absent_zeros() -> None:
    conversation = talk()
    quality = part(2, part(1, WALL) + part(2, (1 << 64) - 3)) + part(1001, 7)
    course = part(6, part(1, WALL))
    rate = part(13, part(1, WALL) + part(2, 1000) + part(3, 5) + part(4, 117))
    acceleration = part(18, part(1, WALL) + part(2, 0.5) + part(4, -9.81))
    conversation.receive(message(quality, course, rate, acceleration), 1.0, WALL)
    assert {key: axes for key, _, axes in conversation.drain()} == {
        (INSIDE, 2, 7): ([-3.0],),
        (INSIDE, 6, 0): ([0.0],),
        (INSIDE, 13, 0): ([117.0],),
        (INSIDE, 18, 0): ([0.5], [0.0], [-9.81]),
    }


@pytest.mark.parametrize("known", [float("inf"), float("nan"), 7.0])
def test_a_position_that_says_nonsense_of_its_fields_has_no_altitude(known: float) -> None:
    position = part(1, WALL) + part(2, 54.3) + part(3, 10.1) + part(4, 12.5) + part(15, known)
    conversation = talk()
    conversation.receive(message(part(1, position)), 1.0, WALL)
    assert [key[1] for key, _, _ in conversation.drain()] == [1]
    assert conversation.passed.junk == 1


def test_foreign_unknown_textual_and_impossible_points_are_counted_and_passed() -> None:
    conversation = talk()
    conversation.receive(message(part(9, part(1, WALL)), serial="ZZ-ZZ-ZZZZ"), 1.0, WALL)
    assert conversation.passed.foreign == 1
    conversation.receive(
        message(
            part(52, part(1, WALL) + part(2, b"text")),
            part(900, part(1, WALL)),
            part(9, part(1, WALL) + part(2, float("nan"))),
            part(9, part(1, WALL) + part(2, 3.5)),
        ),
        1.0,
        WALL,
    )
    assert conversation.drain() == [((INSIDE, 9, 0), [WALL], ([3.5],))]
    assert conversation.passed.not_numbers == 1
    assert conversation.passed.unknown == 1
    assert conversation.passed.junk == 1


def test_7_11_battery_without_a_timestamp_is_of_now() -> None:
    conversation = talk()
    conversation.receive(str(WALL + 1000), 0.0, WALL)
    conversation.receive(message(part(50, part(2, 100.0))), 1.0, WALL)
    assert conversation.drain() == [((INSIDE, 50, 0), [WALL + 1000], ([100.0],))]


def test_a_server_that_disconnects_says_why() -> None:
    conversation = talk()
    reason = part(1, part(2, part(2, 401) + part(3, b"token expired")))
    assert conversation.receive(reason, 1.0, WALL) is Event.REFUSAL
    assert conversation.refusal == "token expired"
    moved = talk()
    moving = part(1, part(2, part(2, 503) + part(3, b"moving") + part(4, b"wss://b.example/live")))
    assert moved.receive(moving, 1.0, WALL) is Event.GOODBYE
    assert (moved.refusal, moved.goodbye) == (None, "moving")
    assert moved.elsewhere == "wss://b.example/live"
    assert talk().receive(part(1, part(2, part(1, 5))), 1.0, WALL) is Event.GOODBYE
    for later in (408, 423, 425, 429):
        said = part(1, part(2, part(2, later) + part(3, b"not yet")))
        assert talk().receive(said, 1.0, WALL) is Event.GOODBYE


@pytest.mark.parametrize("cut", range(1, 50))
def test_a_message_cut_short_is_unreadable_or_shorter_never_a_crash(cut: int) -> None:
    conversation = talk()
    frame = frames()[0]
    event = conversation.receive(frame[:cut], 1.0, WALL)
    assert event in (Event.UNREADABLE, Event.DATA)


@given(st.binary(max_size=120))
def test_any_bytes_are_survived(frame: bytes) -> None:
    for head in (b"", b"\x0a", b"\x12", b"\x12\x07\x0a\x05\x0a\x03"):
        talk().receive(head + frame, 1.0, WALL)


def test_unknown_forms_and_endless_numbers_are_errors() -> None:
    for broken in (b"\x0b", b"\x08" + b"\xff" * 11, b"\x09\x00", b"\x0d\x00"):
        with pytest.raises(ValueError, match=r"form|cut short"):
            list(fields(broken))
