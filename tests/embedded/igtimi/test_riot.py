"""The dialect of SAP's server: protobuf against real messages, REST and the websocket."""

from __future__ import annotations

import base64
import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.exceptions import InvalidStatus

from tests.embedded.igtimi.api import BOAT, FOREIGN, WIND_BOT, Api, next_integer, receive
from tui.embedded.igtimi.blocks import Column, Series
from tui.embedded.igtimi.protobuf import Malformed, read_fields, read_varint, varint
from tui.embedded.igtimi.riot_messages import Bundle, Columns, decode_message, encode_message
from tui.embedded.igtimi.runtime import runtime

DATA = Path(__file__).parents[2] / "data" / "igtimi"
LIVE = "/riot/api/v1/live"
T0 = 1_500_000_000_000


def real_messages() -> list[bytes]:
    lines = (DATA / "riot_sap_rest_base64_messages.jsonl").read_text().splitlines()
    return [
        base64.b64decode(text)
        for line in lines
        for group in json.loads(line).values()
        for text in group
    ]


def decoded_messages() -> list[dict[str, Any]]:
    lines = (DATA / "riot_sap_rest_base64_messages_decoded.jsonl").read_text().splitlines()
    return [json.loads(line)["data"]["data"][0] for line in lines]


def values(bundle: Bundle) -> dict[int, tuple[int, tuple[Any, ...]]]:
    return {point.kind: (point.stamp, point.values) for point in bundle.points}


def in_words(message: dict[str, Any]) -> dict[int, tuple[int, tuple[Any, ...]]]:
    numbers = {"pos": 1, "satq": 2, "satc": 3, "cog": 6, "sog": 9}
    found = {}
    for point in message["data"]:
        [(name, content)] = point.items()
        if name == "pos":
            axes: tuple[Any, ...] = (content["longitude"], content["latitude"])
        else:
            axes = (content.get("value", 0),)
        found[numbers[name]] = (int(content["timestamp"]), axes)
    return found


def test_real_messages_are_read_as_their_decoded_form() -> None:
    real, decoded = real_messages(), decoded_messages()
    assert len(real) == len(decoded) == 6
    for message, expected in zip(real, decoded, strict=True):
        [bundle] = decode_message(message)
        assert bundle.serial == expected["serial_number"]
        assert bundle.stream == expected["stream_id"]
        assert values(bundle) == in_words(expected)


def test_our_encoding_of_the_same_samples_is_the_same_bytes() -> None:
    for message in real_messages():
        [bundle] = decode_message(message)
        columns: Columns = {}
        for point in bundle.points:
            if point.kind != 6:
                axes = [[value] for value in point.values]
                columns[point.kind, point.source] = Column([point.stamp], axes)
        if (1, 0) in columns:
            # The altitude of these recordings is an uninitialised double.
            columns[5, 0] = Column(columns[1, 0].stamps, [[9.683266258226985e-309]])
        ours = encode_message(bundle.serial, columns, stream=bundle.stream)
        assert sorted(ours) == sorted(message)
        assert values(decode_message(ours)[0]) == values(bundle)


def test_all_forms_of_points_survive() -> None:
    columns: Columns = {
        (13, 100): Column([T0], [[5], [7], [152]]),
        (17, 0): Column([T0], [[1.0], [2.0], [3.0], [0.5]]),
        (52, 0): Column([T0], [["gybe ✓"]]),
        (2, 0): Column([T0], [[-1]]),
        (12, 3): Column([T0, T0 + 1], [[20.5, 0.0]]),
    }
    [bundle] = decode_message(encode_message(BOAT, columns))
    found = {(p.kind, p.source, p.stamp): p.values for p in bundle.points}
    # Only the heart rate itself is written of its three axes.
    assert found[13, 100, T0] == (0, 0, 152)
    assert found[17, 0, T0] == (1.0, 2.0, 3.0, 0.5)
    assert found[52, 0, T0] == ("gybe ✓",)
    assert found[2, 0, T0] == (-1,)
    assert found[12, 3, T0 + 1] == (0.0,)


@given(st.integers(0, 2**64 - 1))
def test_varints(number: int) -> None:
    assert read_varint(varint(number), 0) == (number, len(varint(number)))


@given(st.binary(max_size=200))
def test_no_bytes_do_more_than_be_malformed(content: bytes) -> None:
    with suppress(Malformed):
        decode_message(content)
    inner = b"\x0a" + varint(len(content)) + content
    with suppress(Malformed):
        decode_message(b"\x12" + varint(len(inner)) + inner)


@pytest.mark.parametrize(
    "content", [b"\x80", b"\x0a\x05abc", b"\x00\x01", b"\x0b", b"\x09abc", b"\x08" + b"\xff" * 11]
)
def test_damaged_fields(content: bytes) -> None:
    with pytest.raises(Malformed):
        list(read_fields(content))


def test_rest_answers_base64_messages(api: Api) -> None:
    store = runtime(api.server.context).samples
    store.put(Series(BOAT, 9), Column([T0, T0 + 500], [[1.0, 2.0]]))
    store.put(Series(BOAT, 1), Column([T0], [[174.5], [-36.5]]))
    query = [
        ("start_time", T0),
        ("end_time", T0 + 500),
        ("serial_numbers[]", BOAT),
        ("serial_numbers[]", FOREIGN),
        ("types[9]", "0.0"),
        ("types[1]", "0.0"),
        ("restore_archives", "true"),
    ]
    answer = api.call("GET", "/riot/api/v1/resources/data", query).json()
    assert list(answer) == [BOAT]
    bundles = [b for text in answer[BOAT] for b in decode_message(base64.b64decode(text))]
    points = {(p.kind, p.stamp): p.values for b in bundles for p in b.points}
    assert points[1, T0] == (174.5, -36.5)
    assert points[9, T0 + 500] == (2.0,)
    # Where JSON leaves the course out, it is 0 here.
    assert points[6, T0] == (0.0,)


def test_the_newest_message(api: Api) -> None:
    store = runtime(api.server.context).samples
    store.put(Series(BOAT, 12), Column([T0, T0 + 500], [[1.0, 2.0]]))
    later = T0 * 2
    store.put(Series(BOAT, 12), Column([later], [[3.0]]))
    query = [("type", 12), ("serial_numbers[]", BOAT), ("serial_numbers[]", WIND_BOT)]
    answer = api.call("GET", "/riot/api/v1/resources/data/latest", query).json()
    [bundle] = decode_message(base64.b64decode(answer[BOAT][0]))
    assert values(bundle) == {12: (later, (3.0,))}
    assert api.call("GET", "/riot/api/v1/resources/data/latest").status == 400


def test_rest_needs_a_token_and_has_no_sessions(api: Api) -> None:
    assert api.anonymous().call("GET", "/riot/api/v1/resources/data").status == 401
    assert api.call("GET", "/riot/api/v1/sessions").status == 404
    assert len(api.call("GET", "/riot/api/v1/devices").json()["devices"]) == 14


async def next_bundle(websocket: Any) -> Bundle:
    while True:
        frame = await receive(websocket)
        if isinstance(frame, bytes):
            [bundle] = decode_message(frame)
            return bundle


async def test_frames_are_binary_and_the_set_can_be_changed(api: Api) -> None:
    [address] = api.call("GET", "/riot/api/v1/server_listers/web_sockets").json()[
        "web_socket_servers"
    ]
    assert address.endswith(f":{api.server.port}/igtimi{LIVE}")
    headers = {"Authorization": f"Bearer {api.token}"}
    async with api.live(LIVE, additional_headers=headers) as websocket:
        assert await receive(websocket) == "1"
        await websocket.send(json.dumps({"devices": [BOAT, FOREIGN]}))
        assert await next_integer(websocket) > T0
        bundle = await next_bundle(websocket)
        assert bundle.serial == BOAT
        assert bundle.points
        await websocket.send(json.dumps({"devices": [WIND_BOT]}))
        await next_integer(websocket)
        while (bundle := await next_bundle(websocket)).serial != WIND_BOT:
            assert bundle.serial == BOAT
        for _ in range(5):
            assert (await next_bundle(websocket)).serial == WIND_BOT


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}])
async def test_without_a_token_the_upgrade_is_refused(shared: Api, headers: dict[str, str]) -> None:
    with pytest.raises(InvalidStatus) as refused:
        async with shared.live(LIVE, additional_headers=headers):
            pass
    assert refused.value.response.status_code == 403
