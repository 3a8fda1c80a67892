"""The embedded services killed under the clients that use them: the next call finds new ones."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from pathlib import Path

from tests.deck import locations_in
from tests.journeys.conftest import endpoint_of
from tests.workspace.connections.impostors import Impostor, page
from tui.config.load import load
from tui.workspace.connections.connections import Connections


async def test_calls_that_were_under_way_go_to_the_new_server(home: Path) -> None:
    loaded = load(home / "config" / "config.toml", flags={}, environment={})
    connections = Connections(loaded, locations_in(home))
    timers = await connections.trackmypeople()
    timesheets = await connections.timesheets()
    before = await timers.status()
    await timesheets.client.search()
    killed = endpoint_of(home)["pid"]
    os.kill(killed, signal.SIGKILL)
    # Nothing has been told yet: both clients still know the old port.
    after, clients = await asyncio.gather(timers.status(), timesheets.client.search())
    assert endpoint_of(home)["pid"] != killed
    assert after.last_block is not None
    assert before.last_block is not None
    assert after.last_block.started_at == before.last_block.started_at
    assert clients.items
    await connections.close()


async def test_whoever_takes_the_port_of_a_killed_server_is_told_nothing(home: Path) -> None:
    loaded = load(home / "config" / "config.toml", flags={}, environment={})
    connections = Connections(loaded, locations_in(home))
    timers, timesheets = await connections.trackmypeople(), await connections.timesheets()
    await asyncio.gather(timers.status(), timesheets.client.search())
    killed = endpoint_of(home)
    os.kill(killed["pid"], signal.SIGKILL)
    with Impostor(port=killed["port"], answer=page()) as impostor:
        after, clients = await asyncio.gather(timers.status(), timesheets.client.search())
        assert after.last_block is not None
        assert clients.items
        assert endpoint_of(home)["port"] != killed["port"]
        credentials = (home / "data" / "embedded" / "credentials.json").read_text()
        heard = impostor.heard.decode("latin-1")
        secrets = [value for value in json.loads(credentials).values() if "demo" not in value]
        assert [secret for secret in secrets if secret in heard] == []
        assert "Tockdeck-Session" not in heard
        assert "authorization" not in heard.lower()
    await connections.close()
