"""Live sources over real sockets: each way in, what breaks, and what the rest of Igtimi sees."""

from __future__ import annotations

import asyncio
import json
import os
import pty
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.server import ServerConnection, serve

from tests.embedded.igtimi.api import BOAT, Api, next_array, receive, subscribed
from tests.embedded.igtimi.rig import HOST, Rig, until
from tests.embedded.instruments.boats import NOON, SAMPLES, fix, sentence
from tui.embedded.igtimi.access import SAMPLE_USER
from tui.embedded.igtimi.blocks import Series
from tui.embedded.igtimi.sources.addresses import NoAddress, read_address
from tui.embedded.igtimi.sources.hub import TooManySources
from tui.embedded.igtimi.sources.source import Source
from tui.embedded.igtimi.sources.ways import WATCH
from tui.embedded.instruments.readings import Said


def datagram(port: int, *parts: bytes) -> None:
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as sender:
        for part in parts:
            sender.sendto(part, (HOST, port))


Speaker = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Any]


@asynccontextmanager
async def speaking(speak: Speaker) -> AsyncIterator[int]:
    """A server that speaks to each who connects; its port."""
    server = await asyncio.start_server(speak, HOST, 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def test_datagrams_of_one_host_are_one_boat_and_losses_are_told_apart(rig: Rig) -> None:
    source, port = await rig.opened("udp://:0?boat=Kestrel")
    wrong = fix(3).replace(b"4.4", b"4.5")
    bare = fix(4).partition(b"*")[0] + b"\r\n"
    # Several sentences a datagram, whose last one nothing has to end; a TAG block; rubbish.
    datagram(
        port, fix(0) + fix(1).strip(), b"\\g:1-2-3*56\\" + fix(2), wrong + bare, b"\xff" * 2000
    )
    found = await rig.heard(source, 9, 3)
    assert [stamp - NOON for stamp, _ in found] == [0, 1000, 2000]
    await until(lambda: rig.hub.wire(source)["lines"] == 6)
    told = rig.hub.wire(source)
    lost = told["lost"]
    assert isinstance(lost, dict)
    assert (lost["wrong"], lost["bare"], lost["too_long"]) == (1, 1, 1)
    assert (told["state"], told["boats"], told["peers"]) == ("receiving", 1, 1)
    row = rig.database.one(
        "SELECT name FROM igtimi_device WHERE serial = ?", tuple(source.serials.values())
    )
    assert row is not None
    assert row["name"] == "Kestrel"


def heard_alone() -> tuple[Source, list[Said]]:
    """A source without a hub, and what was taken of it."""
    taken: list[Said] = []
    source = Source(
        1,
        read_address("udp://:0"),
        "udp://:0",
        SAMPLE_USER,
        kept=True,
        take=lambda _source, _peer, _boat, said: taken.append(said),
        name=lambda *_: None,
    )
    source.clock = lambda: NOON
    return source, taken


async def test_datagrams_that_wait_together_are_heard_as_one_after_the_other() -> None:
    datagrams = [
        fix(0) + fix(1).strip(),
        fix(2).strip(),
        b"$GPRMC,1200",
        fix(3) + b"x" * 2000,
        fix(4).replace(b"\r\n", b"\0") + fix(5),
        b"",
        fix(6).replace(b"4.4", b"4.5"),
        fix(7),
    ]
    one, one_taken = heard_alone()
    together, together_taken = heard_alone()
    for _ in range(2):
        for each in datagrams:
            one.hear(HOST, each, whole=True)
        # The first time nobody has spoken from there yet.
        together.hear_datagrams(HOST, datagrams)
        one.gather()
        together.gather()
    assert len(one_taken[0][9].stamps) == 7
    assert together_taken == one_taken
    told = [{**source.wire(0.0), "age": None} for source in (one, together)]
    assert told[0] == told[1]


async def test_of_datagrams_that_wait_together_those_beyond_what_a_host_may_send_are_dropped() -> (
    None
):
    source, taken = heard_alone()
    source.hear_datagrams(HOST, [fix(0)])
    source.hear_datagrams(HOST, [fix(1), *[b"x" * 60_000] * 20, fix(2)])
    source.gather()
    assert len(taken[0][9].stamps) == 3
    lost = source.wire(0.0)["lost"]
    assert isinstance(lost, dict)
    assert lost["too_much"] > 0
    assert lost["too_much"] + lost["too_long"] == 20


async def test_one_boat_has_one_device_from_day_to_day_and_what_is_heard_is_kept(rig: Rig) -> None:
    source, port = await rig.opened("udp://:0?lenient=1")
    datagram(port, fix(0) + fix(1).partition(b"*")[0])
    await rig.heard(source, 9, 2)
    (serial,) = source.serials.values()
    await rig.hub.end(source)
    (resource,) = rig.database.read("SELECT * FROM igtimi_resource WHERE serial = ?", (serial,))
    assert (resource["start_time"], resource["end_time"]) == (NOON, NOON + 1000)
    assert json.loads(resource["data_types"]) == [1, 6, 9]
    rig.runtime.samples.trim(NOON + 10 * 365 * 86_400_000)
    assert len(rig.runtime.samples.read(Series(serial, 9), 0, 1e13).stamps) == 2
    again, port = await rig.opened("udp://:0")
    datagram(port, fix(2))
    await until(lambda: bool(again.serials))
    assert list(again.serials.values()) == [serial]


async def test_a_connection_that_ends_is_made_again_and_torn_lines_are_whole(rig: Rig) -> None:
    said = iter((fix(0) + fix(1)[:20], fix(2) + fix(3)))

    async def speak(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for byte in next(said, b""):
            writer.write(bytes((byte,)))
            await writer.drain()
        writer.close()

    async with speaking(speak) as port:
        source = await rig.begin(f"tcp://{HOST}:{port}")
        found = await rig.heard(source, 9, 3)
    # What was begun before it broke off is not gone on with.
    assert [stamp - NOON for stamp, _ in found] == [0, 2000, 3000]
    assert source.error
    assert len(source.serials) == 1


async def test_who_connects_is_heard_line_by_line_beside_others(rig: Rig) -> None:
    source, port = await rig.opened("tcp-listen://:0")
    one = await asyncio.open_connection(HOST, port)
    two = await asyncio.open_connection(HOST, port)
    # Torn lines of two connections of a host do not run together.
    one[1].write(fix(0)[:30])
    two[1].write(fix(1)[:30])
    await asyncio.gather(one[1].drain(), two[1].drain())
    await until(lambda: rig.hub.wire(source)["peers"] == 2)
    one[1].write(fix(0)[30:])
    two[1].write(fix(1)[30:] + fix(2))
    found = await rig.heard(source, 9, 3)
    assert [stamp - NOON for stamp, _ in found] == [0, 1000, 2000]
    one[1].close()
    await until(lambda: rig.hub.wire(source)["peers"] == 1)
    two[1].close()


async def test_gpsd_is_asked_and_its_fixes_are_a_boat(rig: Rig) -> None:
    asked: list[bytes] = []

    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b'{"class":"VERSION","release":"3.22"}\r\n')
        asked.append(await reader.readline())
        writer.write((SAMPLES / "gpsd.jsonl").read_bytes())
        await writer.drain()
        await reader.read()
        writer.close()

    async with speaking(speak) as port:
        source = await rig.begin(f"gpsd://{HOST}:{port}")
        found = await rig.heard(source, 1, 20)
        assert asked[0] == WATCH
        assert found[-1][0] == NOON + 19_000
        await rig.hub.end(source)


async def test_signal_k_sends_all_vessels(rig: Rig) -> None:
    paths: list[str] = []

    async def speak(connection: ServerConnection) -> None:
        assert connection.request is not None
        paths.append(connection.request.path)
        for line in (SAMPLES / "signalk.jsonl").read_text().splitlines():
            await connection.send(line)
        await connection.wait_closed()

    async with serve(speak, HOST, 0) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        source = await rig.begin(f"signalk://{HOST}:{port}")
        await until(lambda: len(source.serials) >= 1)
        assert paths[0].startswith("/signalk/v1/stream?subscribe=all")
        speeds = await rig.heard(source, 9, 1)
        assert round(speeds[0][1], 3) == 8.149
        await rig.hub.end(source)


@pytest.mark.parametrize(("boat", "called"), [("", "Kestrel"), ("?boat=Mine", "Mine")])
async def test_vessels_are_called_as_signal_k_names_them_unless_a_person_did(
    rig: Rig, boat: str, called: str
) -> None:
    def delta(context: str, second: int, *values: tuple[str, object]) -> str:
        said = [{"path": path, "value": value} for path, value in values]
        update = {"timestamp": f"2026-11-29T12:00:0{second}Z", "values": said}
        return json.dumps({"context": context, "updates": [update]})

    async def speak(connection: ServerConnection) -> None:
        await connection.send(json.dumps({"self": "vessels.urn:mrn:imo:mmsi:230099999"}))
        for second in range(4):
            for context in ("vessels.self", "vessels.urn:mrn:imo:mmsi:211000001"):
                speed = ("navigation.speedOverGround", 2.0 + second)
                name = ("", {"name": "Kestrel" if context.endswith("self") else "Rival"})
                await connection.send(delta(context, second, speed, *[name] * (second == 3)))
        await connection.wait_closed()

    async with serve(speak, HOST, 0) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        source = await rig.begin(f"signalk://{HOST}:{port}{boat}")

        def names() -> set[str]:
            rows = rig.database.read("SELECT name FROM igtimi_device WHERE serial GLOB 'SO-*'")
            return {str(row["name"]) for row in rows}

        await until(lambda: names() == {called, "Rival"})
        await rig.hub.end(source)


async def test_a_serial_device_is_read_at_its_speed_and_its_end_is_said(rig: Rig) -> None:
    ours, theirs = pty.openpty()
    name = os.ttyname(theirs)
    source = await rig.begin(f"serial://{name}?baud=38400")
    await until(lambda: source.state == "waiting")
    os.write(ours, fix(0) + fix(1) + fix(2))
    assert len(await rig.heard(source, 9, 3)) == 3
    os.close(ours)
    await until(lambda: source.state in ("retrying", "starting") and bool(source.error))
    # Only now may another terminal get that name: it is nobody's to read.
    await rig.hub.end(source)
    os.close(theirs)
    other = await rig.begin("serial:///dev/null")
    await until(lambda: "no serial device" in other.error)


async def test_a_log_is_played_as_if_it_were_now_and_ends(rig: Rig) -> None:
    source = await rig.begin(f"file:{SAMPLES / 'boat.nmea'}?speed=100")
    await until(lambda: source.state == "ended")
    assert source.error == "played to its end"
    found = await rig.heard(source, 9, 20)
    (_, latest), (_, first) = found[-1], found[0]
    assert latest == first
    assert found[-1][0] - found[0][0] == 190
    assert abs(found[0][0] - source.clock()) < 60_000
    bad = await rig.begin(f"file:{SAMPLES / 'none.nmea'}")
    await until(lambda: "No such file" in bad.error)


async def test_one_that_breaks_or_floods_holds_up_no_other(rig: Rig) -> None:
    flooded, flood = await rig.opened("udp://:0")
    good, port = await rig.opened("udp://:0?boats=tag")
    dead = await rig.begin("tcp://127.0.0.1:1")
    taken = await rig.begin(f"udp://:{port}")
    await until(lambda: bool(dead.error) and bool(taken.error))
    # What went wrong is not said of it any more once it is open.
    taken.opened(f"127.0.0.1:{port}")
    assert (rig.hub.wire(taken)["state"], rig.hub.wire(taken)["error"]) == ("waiting", "")
    assert rig.hub.wire(dead)["state"] in ("retrying", "starting")
    while "too_much" not in rig.hub.wire(flooded)["lost"]:  # type: ignore[operator]
        flooded.hear("10.0.0.1", b"x" * 60_000, whole=True)
    datagram(flood, fix(0) + fix(1) + fix(2))
    datagram(port, fix(0) + fix(1) + fix(2))
    await rig.heard(good, 9, 3)
    # Who floods loses their own; another host at the same port is heard.
    await rig.heard(flooded, 9, 3)
    for number in range(100):
        flooded.hear(f"10.0.1.{number}", sentence("HEHDT,1.0,T"), whole=True)
    lost, peers = rig.hub.wire(flooded)["lost"], rig.hub.wire(flooded)["peers"]
    assert isinstance(lost, dict)
    assert (lost["peers"], peers) == (38, 64)
    # A sentence alone makes no boat.
    assert len(flooded.serials) == 1


async def test_configured_sources_are_a_set_and_others_end_with_their_lease(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = await rig.hub.configure(["udp://:0", "tcp-listen://:0"], SAMPLE_USER)
    assert await rig.hub.configure(["tcp-listen://:0"], SAMPLE_USER) == [two]
    assert one.state == "ended"
    assert await rig.begin("tcp-listen://127.0.0.1:0") is two
    with pytest.raises(NoAddress):
        await rig.hub.configure(["tcp-listen://:0", "none"], SAMPLE_USER)
    assert rig.hub.find(two.number, SAMPLE_USER) is two
    assert rig.hub.find(two.number, 3) is None
    monkeypatch.setattr("tui.embedded.igtimi.sources.hub.LEASE", 0.01)
    passing = await rig.begin("udp://:0")
    await until(lambda: rig.hub.find(passing.number, SAMPLE_USER) is None)
    monkeypatch.setattr("tui.embedded.igtimi.sources.hub.MOST", 1)
    with pytest.raises(TooManySources):
        await rig.begin("udp://:0")
    await rig.hub.configure([], SAMPLE_USER)
    assert rig.hub.wires(SAMPLE_USER) == []


async def test_a_configured_log_is_played_once_however_often_it_is_configured(
    rig: Rig, tmp_path: Path
) -> None:
    log = tmp_path / "boat.nmea"
    log.write_bytes(fix(0) + fix(1) + fix(2))
    text = f"file://{log}?speed=100"
    [source] = await rig.hub.configure([text], SAMPLE_USER)
    await until(lambda: source.state == "ended")
    for _ in range(3):
        assert await rig.hub.configure([text], SAMPLE_USER) == [source]
    assert len(rig.hub.wires(SAMPLE_USER)) == 1
    # Who asks for it by hand has it played again.
    assert await rig.begin(text) is not source


async def test_real_boats_take_the_place_of_simulated_ones_and_outlive_the_sample(
    lone: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Nobody asks for it while other things are looked at.
    monkeypatch.setattr("tui.embedded.igtimi.sources.hub.LEASE", 3600.0)

    def sources(method: str, path: str = "", **form: object) -> Any:
        answer = lone.call(method, f"/local/sources{path}", form=list(form.items()))
        return answer.status, answer.json()

    async def asked(*words: str, **form: object) -> Any:
        return await asyncio.to_thread(sources, *words, **form)

    async with lone.live() as websocket:
        await subscribed(lone, websocket, BOAT)
        await next_array(websocket)
        status, answer = await asked("POST", address="udp://:0")
        assert status == 200
        number = answer["source"]["id"]
        assert lone.server.lifetime.in_progress >= 2

        async def port() -> int:
            while True:
                _, answer = await asked("POST", f"/{number}/stay")
                if answer["source"]["listens_at"]:
                    return int(answer["source"]["listens_at"].rpartition(":")[2])

        at = await port()
        datagram(at, fix(0) + fix(1) + fix(2))
        serial = ""
        while not serial:
            _, answer = await asked("GET")
            (told,) = answer["sources"]
            serial = (told["serial_numbers"] or [""])[0]
    async with lone.live() as websocket:
        await subscribed(lone, websocket, BOAT, serial)
        datagram(at, fix(3))
        while not isinstance(frame := await receive(websocket), str) or not frame.startswith("["):
            continue
        assert next(list(entry) for entry in json.loads(frame)) == [serial]
    assert (await asyncio.to_thread(lone.server.http, "POST", "/_deck/sample/clear")).status == 200
    devices = await asyncio.to_thread(lone.get, "/devices")
    assert [one["device"]["serial_number"] for one in devices["devices"]] == [serial]
    found = await asyncio.to_thread(
        lone.get,
        "/resources/data",
        [
            ("start_time", NOON),
            ("end_time", NOON + 9999),
            ("serial_numbers[]", serial),
            ("types[9]", 0),
        ],
    )
    assert len(found[serial]["9"]["t"]) == 4
    status, answer = await asked("DELETE", f"/{number}")
    assert (status, answer["source"]["state"]) == (200, "ended")
    assert (await asked("DELETE", f"/{number}"))[0] == 404
    status, answer = await asked("POST", address="udp://nobody:1")
    assert (status, "has a number" in answer["reason"]) == (422, True)
