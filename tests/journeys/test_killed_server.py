"""The embedded services killed under the clients that use them: the next call finds new ones."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

from tests.deck import locations_in
from tests.journeys.conftest import endpoint_of
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
