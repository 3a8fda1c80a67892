"""The deck's side of the door: nothing is said to whoever has not proven themselves."""

from __future__ import annotations

import asyncio
import json
import os
import threading
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from tests.harness import CREDENTIALS, EmbeddedServer
from tests.terminal import given_time
from tests.workspace.connections.conftest import publish_port
from tests.workspace.connections.impostors import Impostor, page
from tui.live.feed import Phase
from tui.services.door import NotOurs
from tui.services.errors import ConnectionFailed, TimedOut
from tui.services.timetonic.socket import TimeTonicEvents
from tui.services.transport import Transport
from tui.services.wire import Request
from tui.workspace.connections import connections as connections_module
from tui.workspace.connections.connections import Connections
from tui.workspace.connections.door import dialled
from tui.workspace.connections.embedded_services import ServiceDoor
from tui.workspace.live.live import LiveRoom

SECRETS = [
    value.encode()
    for name, value in asdict(CREDENTIALS).items()
    if not name.endswith(("_login", "_user", "_app", "_email"))
]
MOST_SECONDS = 5.0
"""In which a person reads what is wrong."""


def nothing_was_told(impostor: Impostor) -> None:
    """Every request that came was the one that asks for a proof."""
    heard = bytes(impostor.heard)
    assert [secret for secret in SECRETS if secret in heard] == []
    assert b"Tockdeck-Session" not in heard
    assert b"Tockdeck-Proof" not in heard
    assert b"authorization" not in heard.lower()
    requests = [line for line in heard.split(b"\r\n") if line.endswith(b" HTTP/1.1")]
    assert set(requests) <= {b"GET /_deck/door HTTP/1.1"}
    assert requests, "it was asked for its proof"


async def test_every_client_comes_in_through_the_door(
    server: EmbeddedServer, connections: Connections
) -> None:
    assert (await (await connections.trackmypeople()).status()).default_tracker
    assert (await (await connections.timesheets()).client.search()).items
    assert (await (await connections.timetonic()).get_all_books()).books
    assert await (await connections.igtimi()).devices.list()
    assert (await (await connections.ticktocker()).version()).logged_in
    await connections.embedded.change_sample("reset")
    timers = await connections.trackmypeople()
    while server.lifetime.in_progress > 1:
        await timers.status()  # until what was answered has ended, and the presence is left
    assert server.lifetime.in_progress == 1


@pytest.mark.parametrize("answer", [
    None, page(), page(body=b"[]"), page(body=b"{" * 5000), page("403 Forbidden"),
    b"SSH-2.0-OpenSSH_9.2p1\r\n", b"\x00" * 70_000,
    b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n{",
    page(body=json.dumps({"nonce": ["x"], "proof": {}}).encode()),
    page(body=json.dumps({"nonce": "\u00e9", "proof": "\ud800"}).encode()),
])  # fmt: skip
async def test_whoever_listens_at_the_old_port_is_told_nothing(
    connections: Connections, folder: Path, answer: bytes | None
) -> None:
    CREDENTIALS.save(folder / "credentials.json")
    with Impostor(answer=answer) as impostor:
        publish_port(folder, impostor.port)
        began = given_time()
        with pytest.raises(ConnectionFailed, match="none is started here"):
            await connections.timesheets()
        assert given_time() - began < MOST_SECONDS
        nothing_was_told(impostor)


async def test_who_passes_everything_on_to_the_real_server_gets_nowhere(
    server: EmbeddedServer, connections: Connections, folder: Path
) -> None:
    with Impostor(onward=server.port) as between:
        publish_port(folder, between.port)
        with pytest.raises(ConnectionFailed):
            await connections.timesheets()
        nothing_was_told(between)
    assert server.lifetime.in_progress == 0


async def test_a_port_that_is_taken_over_while_the_deck_is_open(
    server: EmbeddedServer, connections: Connections
) -> None:
    """Each connection is greeted: it does not help to be there before the deck notices."""
    timesheets, igtimi = await connections.timesheets(), await connections.igtimi()
    endpoint = await connections.embedded.ensure()
    door = ServiceDoor(connections.embedded, "igtimi", endpoint)
    server.stop()
    with Impostor(port=server.port, answer=page()) as impostor:
        # As if the end of the stream had not been seen yet.
        unaware = Transport("igtimi", f"{endpoint.base_url}/igtimi", door=door)
        signed = Request("GET", "/api/v1/devices", headers={"Authorization": "Bearer " + SECRETS[
            0].decode()})  # fmt: skip
        with pytest.raises(ConnectionFailed, match="another program answers"):
            await unaware.send(signed)
        await unaware.close()
        with pytest.raises(ConnectionFailed):
            await door.dial(f"ws://127.0.0.1:{server.port}/igtimi/live")
        for call in (timesheets.client.search(), igtimi.devices.list()):
            with pytest.raises(ConnectionFailed):
                await call
        nothing_was_told(impostor)


async def test_a_server_that_hangs_under_an_open_deck_is_given_up_at_once(
    server: EmbeddedServer, connections: Connections, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert connections_module.HANGING < MOST_SECONDS
    monkeypatch.setattr(connections_module, "HANGING", 0.2)
    timers = await connections.trackmypeople()
    await timers.status()
    freed = threading.Event()
    server.in_loop(freed.wait)
    try:
        with pytest.raises(TimedOut, match="did not answer in time"):
            await timers.status()
    finally:
        freed.set()
    # One attempt waited; a second one would have begun with a connection that was greeted.
    assert (await timers.status()).default_tracker


async def test_a_server_of_another_secret_is_a_stranger(
    server: EmbeddedServer, connections: Connections, folder: Path
) -> None:
    file = folder / "credentials.json"
    held = json.loads(file.read_bytes())
    file.write_text(json.dumps(held | {"deck_token": "another"}))
    with pytest.raises(ConnectionFailed):
        await connections.timesheets()
    for missing in ({}, {"deck_token": ""}, {"deck_token": 5}):
        file.write_text(json.dumps({**held, "deck_token": None} | missing))
        with pytest.raises(ConnectionFailed):
            await connections.timesheets()
    with pytest.raises(NotOurs):
        await dialled(server.port, "")


@pytest.mark.parametrize("content", [
    "", "{", "[]", "null", "5", "[" * 20_000, "\x00", '{"port": 70000}', '{"port": -1}',
    '{"port": 0}', '{"port": "8021"}', '{"port": true}', '{"port": 1e999}', '{"port": NaN}',
    '{"port": [1]}', '{"port": {}}', '{"port": 99999999999999999999999}', '{"port": 80.5}',
    '{"host": "example.org"}', '{"port": "\ud800"}', '{"port": null, "base_url": "x"}',
])  # fmt: skip
async def test_an_endpoint_file_that_makes_no_sense_is_passed_by(
    connections: Connections, folder: Path, content: str
) -> None:
    CREDENTIALS.save(folder / "credentials.json")
    for file in ("endpoint.json", "credentials.json"):
        publish_port(folder, 9)
        (folder / file).write_text(content, errors="surrogatepass")
        with pytest.raises(ConnectionFailed, match="none is started here"):
            await connections.timesheets()


async def test_files_that_are_no_files_are_passed_by(
    connections: Connections, folder: Path
) -> None:
    folder.mkdir(parents=True)
    CREDENTIALS.save(folder / "credentials.json")
    os.mkfifo(folder / "endpoint.json")
    with pytest.raises(ConnectionFailed, match="none is started here"):
        await asyncio.wait_for(connections.timesheets(), MOST_SECONDS)
    (folder / "endpoint.json").unlink()
    (folder / "endpoint.json").mkdir()
    with pytest.raises(ConnectionFailed, match="none is started here"):
        await connections.timesheets()


async def test_the_session_goes_to_this_address_alone(
    server: EmbeddedServer, connections: Connections
) -> None:
    transport = (await connections.igtimi()).transport
    port = server.port
    for other in (
        "ws://127.0.0.1:9/live",
        f"wss://example.org:{port}/live",
        f"ws://127.0.0.1.example.org:{port}/live",
        f"ws://[::1]:{port}/live",
    ):
        assert await transport.dial(other) is None
    dialled_here = await transport.dial(f"ws://localhost:{port}/igtimi/live")
    assert dialled_here is not None
    bare, headers = dialled_here
    assert bare.getpeername() == ("127.0.0.1", port)
    assert set(headers) == {"Tockdeck-Session"}
    bare.close()


async def test_websockets_come_in_through_the_door(
    server: EmbeddedServer, connections: Connections, tmp_path: Path
) -> None:
    timetonic = await connections.timetonic()
    url = server.url("/timetonic/socket").replace("http:", "ws:")
    await timetonic.get_all_books()
    async with TimeTonicEvents(timetonic, url=url) as events:
        await events.attach()
    room = LiveRoom(connections, connections.locations, connections.settings)
    feed = room.feed([one.serial for one in await room.devices()], history=0)
    news = asyncio.Event()
    feed.subscribe(news.set)
    await feed.start()
    while feed.state.phase is not Phase.LIVE:
        await asyncio.wait_for(news.wait(), 20)
        news.clear()
    await room.release(feed)


@pytest.mark.usefixtures("server")
async def test_a_defect_behind_a_lost_server_is_said_and_it_is_looked_for_anew(
    connections: Connections, caplog: pytest.LogCaptureFixture
) -> None:
    """Nobody waits for what holds the connection: its error would be told by nobody."""
    services, told = connections.embedded, asyncio.Event()
    said: list[str] = []

    def tell(text: str) -> None:
        said.append(text)
        told.set()

    def fail() -> None:
        raise RuntimeError("no such client")

    first = await services.ensure()
    services.lost, services.told = fail, tell
    held: Any = services._presence
    held.get_coro().cr_frame.f_locals["reader"].feed_eof()
    await asyncio.wait_for(told.wait(), 30)
    assert said == ["The embedded services are looked for anew: RuntimeError, no such client"]
    assert await services.ensure() is not first
    services.told, held = None, services._presence
    held.get_coro().cr_frame.f_locals["reader"].feed_eof()
    await asyncio.wait({held})
    assert "no such client" in caplog.text, "a verb has no line of news"
