"""Units of RIoT over torn segments: waiting, accepted, live and held back, replaced, broken."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.embedded.igtimi.test_sources import HOST, Rig, until
from tests.embedded.instruments.test_nmea import NOON
from tui.embedded.igtimi import protobuf as pb
from tui.embedded.igtimi.access import SAMPLE_USER
from tui.embedded.igtimi.blocks import Column, Series
from tui.embedded.igtimi.devices import add_device
from tui.embedded.igtimi.fleet import Step
from tui.embedded.igtimi.riot_messages import encode_message
from tui.embedded.igtimi.sources.riot import (
    HEARTBEAT,
    LARGEST,
    authenticated,
    framed,
    next_message,
    read_message,
)

UNIT = "DD-EE-ABCD"
ASKING = framed(pb.bytes_field(1, pb.bytes_field(3, pb.bytes_field(1, pb.integer_field(1, 5)))))
LIVE, HELD_BACK, ONLY_LIVE = 3, 10, 1


def speeds(first: int, *values: float, service: int = LIVE, serial: str = UNIT) -> bytes:
    stamps = [NOON + first + 500 * place for place in range(len(values))]
    columns = {(9, 0): Column(stamps, [list(values)])}
    return framed(encode_message(serial, columns, service=service))


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    made = Rig(tmp_path)
    with closing(made.database):
        yield made
        await made.hub.stop()
        await made.runtime.feed.stop()


async def send(writer: asyncio.StreamWriter, content: bytes, size: int = 7) -> None:
    """In segments that tear every message."""
    for place in range(0, len(content), size):
        writer.write(content[place : place + size])
        await writer.drain()


async def test_a_unit_waits_until_it_is_accepted_and_is_then_a_device(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    # One at the beginning, and no other between what is asked and answered.
    monkeypatch.setattr("tui.embedded.igtimi.sources.riot.HEARTBEAT_SECONDS", 3600.0)
    sent: list[Step] = []
    monkeypatch.setattr(rig.hub._boats, "_deliver", sent.append)
    source, port = await rig.opened("riot://:0")
    reader, writer = await asyncio.open_connection(HOST, port)
    assert framed(await next_message(reader)) == HEARTBEAT
    await send(writer, ASKING + speeds(0, 1.0, 2.0))
    await until(lambda: rig.hub.wire(source)["waiting"] == [UNIT])
    assert not source.serials
    with rig.database.write() as connection:
        connection.execute(
            "INSERT INTO igtimi_user (id, first_name, surname, email) VALUES (9, 'A', 'B', 'c')"
        )
    add_device(rig.context, "DC-GD-AADE", "another's", 9)
    assert not rig.hub.accept("DC-GD-AADE", SAMPLE_USER)
    assert rig.hub.accept(UNIT, SAMPLE_USER)

    await send(writer, speeds(2000, 3.0) + speeds(500, 9.0, 8.0, service=HELD_BACK))
    await send(writer, speeds(9000, 7.0, service=ONLY_LIVE))
    answer = framed(await next_message(reader))
    assert (len(answer), answer[-13:]) == (len(authenticated(source.clock())), b"Authenticated")
    await until(lambda: len(sent) >= 2)
    store = rig.runtime.samples
    kept = store.read(Series(UNIT, 9), 0, 1e13)
    assert [stamp - NOON for stamp in kept.stamps] == [500, 1000, 2000]
    live = [v for step in sent for burst in step.live for v in burst.columns[9, 0].axes[0]]
    # What was held back is in the storage alone, and what is only live nowhere else.
    assert sorted(live) == [3.0, 7.0]
    assert rig.hub.wire(source)["waiting"] == []
    assert source.serials == {("", UNIT): UNIT}

    # The same unit from another place: the newer connection stands.
    again, anew = await asyncio.open_connection(HOST, port)
    await send(anew, speeds(3000, 4.0, serial=UNIT))
    await until(lambda: len(store.read(Series(UNIT, 9), 0, 1e13).stamps) == 4)
    while await reader.read(4096):
        continue
    await rig.hub.end(source)
    rest = await again.read()
    assert rest.startswith(HEARTBEAT)
    assert b"The server ends" in rest
    for one in (writer, anew):
        one.close()


async def test_allowed_serials_need_nobody_and_rubbish_ends_its_own_connection(rig: Rig) -> None:
    source, port = await rig.opened(f"riot://:0?serials=GA-EN-ZZZZ,{UNIT}")
    _, writer = await asyncio.open_connection(HOST, port)
    for rubbish, said in (
        (b"\xff\xff\xff\xff\xff\xff", "too long"),
        (pb.varint(LARGEST + 1), "a message of"),
        (framed(b"\x0b\xff"), "wire type"),
    ):
        other, broken = await asyncio.open_connection(HOST, port)
        broken.write(rubbish)
        assert (await other.read()).startswith(HEARTBEAT)
        assert said in source.error
        broken.close()
    await send(writer, speeds(0, 1.0))
    await until(lambda: len(rig.runtime.samples.read(Series(UNIT, 9), 0, 1e13).stamps) == 1)
    # A stamp of 0 means: as it arrives.
    zero = framed(encode_message(UNIT, {(9, 100): Column([0], [[5.0]])}))
    await send(writer, zero)
    column = Series(UNIT, 9, 100)
    await until(lambda: bool(rig.runtime.samples.read(column, 0, 1e13).stamps))
    assert abs(rig.runtime.samples.read(column, 0, 1e13).stamps[0] - source.clock()) < 60_000
    writer.close()


@settings(deadline=None, max_examples=100)
@given(st.binary(max_size=60))
def test_no_message_breaks_the_reader(content: bytes) -> None:
    try:
        said = read_message(content)
    except pb.Malformed:
        return
    assert isinstance(said.serial, str)
