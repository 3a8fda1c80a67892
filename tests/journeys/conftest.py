"""A home of its own for each journey; the embedded server that it started is ended after it."""

from __future__ import annotations

import fcntl
import http.client
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tui.embedded.rendezvous import read_endpoint
from tui.embedded.visit import Stranger, caller


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """An empty home."""
    yield tmp_path
    stop_server(tmp_path)


@pytest.fixture(scope="module")
def shared_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home of all journeys of a module, which need no data of their own."""
    folder = tmp_path_factory.mktemp("home")
    yield folder
    stop_server(folder)


def endpoint_of(home: Path) -> dict[str, Any]:
    """Where a home's embedded services said that they are; empty where they have not."""
    file = home / "data" / "embedded" / "endpoint.json"
    found: dict[str, Any] = json.loads(file.read_bytes()) if file.exists() else {}
    return found


def stop_server(home: Path) -> None:
    """End the embedded server of a home, if one runs, and wait for its end."""
    folder = home / "data" / "embedded"
    endpoint = read_endpoint(folder)
    there = None if endpoint is None else caller(folder, endpoint)
    if there is None:
        return
    try:
        presence, proven = there.greeted()
        presence.request("GET", "/_deck/presence", headers=proven)
        stream = presence.getresponse()
        session = json.loads(stream.readline())["session"]
        stop, _ = there.greeted()
        stop.request("POST", "/_deck/stop", headers={"Tockdeck-Session": session})
        stop.getresponse().read()
        stream.read()  # ends with the server
        presence.close()
        stop.close()
        with (folder / "server.lock").open() as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # it keeps the lock until its files are closed
    except (Stranger, OSError, ValueError, KeyError, http.client.HTTPException):
        return
