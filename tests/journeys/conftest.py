"""A home of its own for each journey; the embedded server that it started is ended after it."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest


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
    try:
        port = endpoint_of(home)["port"]
        token = json.loads((folder / "credentials.json").read_bytes())["deck_token"]
        presence = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        presence.request("GET", "/_deck/presence")
        stream = presence.getresponse()
        stop = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        stop.request("POST", "/_deck/stop", headers={"Authorization": f"Bearer {token}"})
        stop.getresponse().read()
        stream.read()  # ends with the server
        presence.close()
        stop.close()
    except (OSError, ValueError, KeyError, http.client.HTTPException):
        return
