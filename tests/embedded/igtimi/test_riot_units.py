"""Units of RIoT over torn segments: waiting, accepted, held back, replaced, told, broken."""

from __future__ import annotations

import asyncio
import json
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.responses import StreamingResponse

from tests.embedded.igtimi.rig import HELD_BACK, HOST, ONLY_LIVE, Rig, RiotUnit, until
from tests.embedded.instruments.boats import NOON
from tui.embedded.igtimi import living
from tui.embedded.igtimi import protobuf as pb
from tui.embedded.igtimi.access import SAMPLE_USER
from tui.embedded.igtimi.blocks import Column, Series
from tui.embedded.igtimi.devices import add_device
from tui.embedded.igtimi.fleet import Step
from tui.embedded.igtimi.operations import Call
from tui.embedded.igtimi.riot_messages import encode_message
from tui.embedded.igtimi.sources import calls, riot_commands
from tui.embedded.igtimi.sources.addresses import NoAddress, read_address, without_tokens
from tui.embedded.igtimi.sources.riot import (
    HEARTBEAT,
    LARGEST,
    Units,
    authenticated,
    framed,
    next_message,
    read_message,
)
from tui.embedded.igtimi.sources.source import Source
from tui.embedded.igtimi.sources.units import Allowed

UNIT = "DD-EE-ABCD"


def stand(rig: Rig, serial: str = UNIT) -> dict[str, Any]:
    """How a unit stands for a person."""
    now = asyncio.get_running_loop().time()
    return next(
        one for one in rig.hub.units.wires(SAMPLE_USER, now) if one["serial_number"] == serial
    )


async def accepted(rig: Rig, address: str = "riot://:0") -> tuple[Source, RiotUnit]:
    """A unit that is connected and has been heard."""
    source, port = await rig.opened(address)
    unit = RiotUnit(UNIT)
    await unit.connect(port)
    assert rig.hub.units.accept(UNIT, SAMPLE_USER)
    await unit.speeds(NOON, 1.0)
    await until(lambda: bool(source.serials))
    return source, unit


async def test_a_unit_waits_until_it_is_accepted_and_is_then_a_device(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    # One at the beginning, and no other between what is asked and answered.
    monkeypatch.setattr("tui.embedded.igtimi.sources.riot.HEARTBEAT_SECONDS", 3600.0)
    sent: list[Step] = []
    monkeypatch.setattr(rig.hub._boats, "_deliver", sent.append)
    source, port = await rig.opened("riot://:0")
    unit = RiotUnit(UNIT)
    await unit.connect(port)
    assert framed(await next_message(unit.reader)) == HEARTBEAT
    await unit.ask()
    await unit.speeds(NOON, 1.0, 2.0)
    await until(lambda: rig.hub.wire(source)["waiting"] == [UNIT])
    assert not source.serials
    told = stand(rig)
    assert (told["accepted"], told["connected"]) == (False, True)
    with rig.database.write() as connection:
        connection.execute(
            "INSERT INTO igtimi_user (id, first_name, surname, email) VALUES (9, 'A', 'B', 'c')"
        )
    add_device(rig.context, "DC-GD-AADE", "another's", 9)
    assert not rig.hub.units.accept("DC-GD-AADE", SAMPLE_USER)
    assert rig.hub.units.accept(UNIT, SAMPLE_USER)
    # At once, not with its next message.
    assert rig.hub.wire(source)["waiting"] == []

    await unit.speeds(NOON + 2000, 3.0)
    await unit.speeds(NOON + 500, 9.0, 8.0, service=HELD_BACK)
    await unit.speeds(NOON + 9000, 7.0, service=ONLY_LIVE)
    answer = framed(await next_message(unit.reader))
    assert (len(answer), answer[-13:]) == (len(authenticated(source.clock())), b"Authenticated")
    await until(lambda: len(sent) >= 2)
    store = rig.runtime.samples
    kept = store.read(Series(UNIT, 9), 0, 1e13)
    assert [stamp - NOON for stamp in kept.stamps] == [500, 1000, 2000]
    live = [v for step in sent for burst in step.live for v in burst.columns[9, 0].axes[0]]
    # What was held back is in the storage alone, and what is only live nowhere else.
    assert sorted(live) == [3.0, 7.0]
    assert source.serials == {("", UNIT): UNIT}

    # The same unit from another place: the newer connection stands.
    again = RiotUnit(UNIT)
    await again.connect(port)
    await again.speeds(NOON + 3000, 4.0)
    await until(lambda: len(store.read(Series(UNIT, 9), 0, 1e13).stamps) == 4)
    while await unit.reader.read(4096):
        continue
    await rig.hub.end(source)
    rest = await again.reader.read()
    assert rest.startswith(HEARTBEAT)
    assert b"The server ends" in rest
    for one in (unit, again):
        one.writer.close()


async def test_allowed_serials_need_nobody_and_rubbish_ends_its_own_connection(rig: Rig) -> None:
    source, port = await rig.opened(f"riot://:0?serials=GA-EN-ZZZZ,{UNIT}")
    unit = RiotUnit(UNIT)
    await unit.connect(port)
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
    await unit.speeds(NOON, 1.0)
    await until(lambda: len(rig.runtime.samples.read(Series(UNIT, 9), 0, 1e13).stamps) == 1)
    # A stamp of 0 means: as it arrives.
    zero = framed(encode_message(UNIT, {(9, 100): Column([0], [[5.0]])}))
    await unit.send(zero)
    column = Series(UNIT, 9, 100)
    await until(lambda: bool(rig.runtime.samples.read(column, 0, 1e13).stamps))
    assert abs(rig.runtime.samples.read(column, 0, 1e13).stamps[0] - source.clock()) < 60_000
    unit.writer.close()


async def test_a_unit_that_left_or_says_another_serial_number_waits_no_more(rig: Rig) -> None:
    source, port = await rig.opened("riot://:0")
    unit, again = RiotUnit(UNIT), RiotUnit(UNIT)
    for one in (unit, again):
        await one.connect(port)
        await one.speeds(NOON, 1.0)
        await until(lambda one=one: source.waiting.get(UNIT) == (1 if one is unit else 2))
    # Its other connection stands.
    unit.writer.close()
    assert source.connected is not None
    connections = source.connected
    assert isinstance(connections, Units)
    await until(lambda: len(connections._serving) == 1)
    assert list(source.waiting) == [UNIT]
    # One that says one number after another leaves none behind: the list is short.
    for number in range(3):
        again.serial = f"GA-EN-AAA{number}"
        await again.speeds(NOON, 1.0)
        await until(lambda: list(source.waiting) == [again.serial])
    again.writer.close()
    await until(lambda: source.waiting == {})
    assert rig.hub.units.wires(SAMPLE_USER, 0.0) == []
    # Who comes back waits again.
    back = RiotUnit(UNIT)
    await back.connect(port)
    await back.speeds(NOON, 1.0)
    await until(lambda: rig.hub.wire(source)["waiting"] == [UNIT])
    back.writer.close()


async def test_the_token_of_a_group_lets_its_units_in_and_is_shown_nowhere(rig: Rig) -> None:
    address = "riot://:0?tokens=gr0up-A,other"
    source, port = await rig.opened(address)
    stranger, unit = RiotUnit("GA-EN-ZZZZ"), RiotUnit(UNIT)
    for one, token in ((stranger, "gr0up-"), (unit, "gr0up-A")):
        await one.connect(port)
        await one.ask(token)
        await one.speeds(NOON, 1.0)
    await until(lambda: source.serials == {("", UNIT): UNIT})
    await until(lambda: list(source.waiting) == ["GA-EN-ZZZZ"])
    assert rig.hub.wire(source)["address"] == "riot://:0?tokens=•••"
    assert "gr0up" not in repr((rig.hub.wires(SAMPLE_USER), source.address))
    # What the configuration lets in no person can keep out.
    with pytest.raises(Allowed, match="let in by the address"):
        rig.hub.units.withdraw(UNIT, SAMPLE_USER)
    for one in (stranger, unit):
        one.writer.close()


@pytest.mark.parametrize("query", ["tokens=s3cret&bad=1", "bad=1&%74okens=s3cret", "tokens=s3 3"])
def test_what_is_wrong_with_an_address_names_no_token(query: str) -> None:
    with pytest.raises(NoAddress) as told:
        read_address(f"riot://:0?{query}")
    assert "s3" not in str(told.value)
    assert without_tokens("udp://:1?boat=a&lenient=1") == "udp://:1?boat=a&lenient=1"


async def test_a_unit_that_is_accepted_no_more_waits_again_and_its_data_stay(rig: Rig) -> None:
    source, unit = await accepted(rig)
    store = rig.runtime.samples
    await until(lambda: len(store.read(Series(UNIT, 9), 0, 1e13).stamps) == 1)
    assert not rig.hub.units.withdraw("GA-EN-AAAA", SAMPLE_USER)
    assert rig.hub.units.withdraw(UNIT, SAMPLE_USER)
    await unit.speeds(NOON + 1000, 2.0)
    await until(lambda: rig.hub.wire(source)["waiting"] == [UNIT])
    assert not source.serials
    assert len(store.read(Series(UNIT, 9), 0, 1e13).stamps) == 1
    (row,) = rig.database.read("SELECT uid FROM igtimi_device WHERE serial = ?", (UNIT,))
    # Still a real boat's: a sample that is reset leaves it.
    assert row["uid"].startswith("source:")
    assert rig.hub.units.accept(UNIT, SAMPLE_USER)
    await unit.speeds(NOON + 2000, 3.0)
    await until(lambda: len(store.read(Series(UNIT, 9), 0, 1e13).stamps) == 2)
    # A device that is given up is accepted no more either, once that is looked at again.
    with rig.database.write() as connection:
        connection.execute("UPDATE igtimi_device SET owner_id = NULL")
    source._accepted[UNIT] = -1e9
    await unit.speeds(NOON + 3000, 4.0)
    await until(lambda: rig.hub.wire(source)["waiting"] == [UNIT])
    unit.writer.close()


async def test_a_unit_is_told_what_to_do_and_what_it_answers_is_kept(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = rig.hub.units
    assert (await desk.command(UNIT, "GPS ON", SAMPLE_USER)).state == "absent"
    _, unit = await accepted(rig)

    async def asked(command: str) -> tuple[asyncio.Task[riot_commands.Answer], int]:
        task = asyncio.create_task(desk.command(UNIT, command, SAMPLE_USER))
        number, words = await unit.told()
        assert words == command
        return task, number

    task, number = await asked("BATTERY_VOLTAGE")
    assert (await desk.command(UNIT, "GPS ON", SAMPLE_USER)).state == "busy"
    # Another's response is none; what it logs meanwhile belongs to the answer.
    await unit.answer(number + 7, "of another")
    await unit.log("reading ADC")
    await unit.answer(number, "3.91 V")
    answer = await task
    assert (answer.state, answer.text) == ("answered", "3.91 V\nreading ADC")
    assert stand(rig)["answer"]["command"] == "BATTERY_VOLTAGE"
    assert stand(rig)["answer"]["age"] < 60

    task, number = await asked("GPS OFF")
    await unit.answer(number, success=False, code=403, reason="not while racing")
    answer = await task
    assert (answer.state, answer.text) == ("refused", "not while racing, code 403")

    # Some firmware answers by its log alone, and some not at all.
    monkeypatch.setattr(riot_commands, "ANSWER_SECONDS", 0.5)
    task, _ = await asked("GPS ON")
    answer = await task
    assert (answer.state, answer.text) == ("silent", "")
    monkeypatch.setattr(riot_commands, "ANSWER_SECONDS", 30.0)
    task, number = await asked("POWER OFF")
    unit.writer.close()
    assert (await task).state == "gone"
    await until(lambda: not stand(rig)["connected"])


async def test_while_a_unit_is_waited_for_its_answer_says_that_somebody_is_there(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who asks gives up where no byte comes for less long than a unit may take."""
    monkeypatch.setattr(living, "ALIVE_SECONDS", 0.01)
    _, unit = await accepted(rig)
    asked = SimpleNamespace(
        path={"serial": UNIT},
        parameters=SimpleNamespace(required={"command": "GPS ON"}.__getitem__),
        user=SAMPLE_USER,
        context=rig.context,
    )
    response = await calls.command_unit(cast(Call, asked))
    assert isinstance(response, StreamingResponse)
    pieces = aiter(response.body_iterator)
    number, _ = await unit.told()
    assert [await anext(pieces) for _ in range(3)] == [b" "] * 3
    await unit.answer(number, "on")
    rest = b"".join([bytes(one) async for one in pieces])  # type: ignore[arg-type]
    assert json.loads(rest)["answer"]["text"] == "on"
    # Who asked has gone: the unit can be told something else at once.
    response = await calls.command_unit(cast(Call, asked))
    assert isinstance(response, StreamingResponse)
    pieces = aiter(response.body_iterator)
    assert await anext(pieces) == b" "
    await pieces.aclose()  # type: ignore[attr-defined]
    connection = rig.hub.units._connected(next(iter(rig.hub._sources.values())))[UNIT]
    await until(lambda: cast(Any, connection).asked is None)
    unit.writer.close()


async def test_what_a_unit_tells_of_itself_stands_with_its_device(rig: Rig) -> None:
    _, unit = await accepted(rig)

    def info() -> Any:
        (row,) = rig.database.read("SELECT info FROM igtimi_device WHERE serial = ?", (UNIT,))
        return row["info"] and json.loads(row["info"])

    for pairs in ({"build": "2.2.540"}, {"stage": "release", "long": "x" * 999}):
        entries = b"".join(
            pb.bytes_field(2, pb.bytes_field(1, name.encode()) + pb.bytes_field(2, text.encode()))
            for name, text in pairs.items()
        )
        await unit.manage(5, entries)
    await until(lambda: bool(info()) and "stage" in info())
    assert info() == {"build": "2.2.540", "stage": "release", "long": "x" * 200}
    unit.writer.close()


@settings(deadline=None, max_examples=100)
@given(st.binary(max_size=60))
def test_no_message_breaks_the_reader(content: bytes) -> None:
    for read in (
        read_message,
        riot_commands.information,
        lambda data: list(riot_commands.responses(data)),
        lambda data: list(riot_commands.log_lines(data)),
    ):
        try:
            read(content)
        except pb.Malformed:
            continue
