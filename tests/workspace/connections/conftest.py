"""A server behind its door that a deck finds by the files of a data directory."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.deck import locations_in
from tests.harness import EmbeddedServer
from tui.config.load import load
from tui.embedded.rendezvous import Endpoint, publish
from tui.workspace.connections.connections import Connections
from tui.workspace.connections.embedded_services import EmbeddedServices


def publish_port(folder: Path, port: int) -> None:
    """Say that the server of this directory listens there."""
    folder.mkdir(parents=True, exist_ok=True)
    address = f"http://127.0.0.1:{port}"
    publish(folder, Endpoint(port, address, os.getpid(), "2026-03-11T12:00:00+00:00", "0"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The data directory of the embedded services of a home."""
    return locations_in(tmp_path).embedded


@pytest.fixture
def server(folder: Path) -> Iterator[EmbeddedServer]:
    """A running server, with its two files."""
    with EmbeddedServer(door=True) as running:
        running.credentials.save(folder / "credentials.json")
        publish_port(folder, running.port)
        yield running


@pytest.fixture
async def connections(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Connections]:
    """Those of a deck without any account, which starts no process of its own."""

    def launch(self: EmbeddedServices) -> int:
        raise self._unavailable("none is started here")

    monkeypatch.setattr(EmbeddedServices, "_launch", launch)
    loaded = load(tmp_path / "config" / "config.toml", flags={}, environment={})
    made = Connections(loaded, locations_in(tmp_path))
    yield made
    await made.close()
