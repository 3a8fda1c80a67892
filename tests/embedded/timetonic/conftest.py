"""A caller on a server that only runs TimeTonic, put back before every test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.embedded.timetonic.caller import Caller, Table
from tests.harness import EmbeddedServer


@pytest.fixture(scope="module")
def running() -> Iterator[EmbeddedServer]:
    """The service with its sample workspace."""
    with EmbeddedServer(services=("timetonic",)) as server:
        yield server


@pytest.fixture
def caller(running: EmbeddedServer) -> Caller:
    """The person, with the key that was made ahead, on an untouched workspace."""
    running.reset()
    running.context.state.clear()
    return Caller(running)


@pytest.fixture
def work(caller: Caller) -> Table:
    """The table that has a field of every type."""
    return caller.table("seabright-fleet", "Fleet maintenance")
