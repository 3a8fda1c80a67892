"""How decks and embedded services find each other: a lock and an endpoint file."""

from __future__ import annotations

import fcntl
import http.client
import json
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from tui.embedded.files import write_private

LOCK_FILE = "server.lock"
ENDPOINT_FILE = "endpoint.json"
_WAIT_SECONDS = 15.0
_PAUSE_SECONDS = 0.05


@dataclass(frozen=True)
class Endpoint:
    """Where a running server is reached; it holds no secret."""

    port: int
    base_url: str
    pid: int
    started: str
    """ISO 8601, UTC."""
    version: str

    def line(self) -> str:
        """One line of JSON."""
        return json.dumps(asdict(self)) + "\n"


class Lock:
    """The right to be the one server of a data directory; the kernel drops it with the process."""

    def __init__(self, data: Path) -> None:
        self._path = data / LOCK_FILE
        self._descriptor: int | None = None

    def take(self) -> bool:
        """True when it is ours now. Raises OSError when the file cannot be made."""
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        return True

    def release(self) -> None:
        """Let the next one have it."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def read_endpoint(data: Path) -> Endpoint | None:
    """What the endpoint file says; None when it is missing or not whole."""
    try:
        content = json.loads((data / ENDPOINT_FILE).read_text(encoding="utf-8"))
        return Endpoint(
            port=int(content["port"]),
            base_url=str(content["base_url"]),
            pid=int(content["pid"]),
            started=str(content["started"]),
            version=str(content["version"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def publish(data: Path, endpoint: Endpoint) -> None:
    """Tell where this server is; only once it accepts connections. Raises OSError."""
    write_private(data / ENDPOINT_FILE, endpoint.line())


def withdraw(data: Path) -> None:
    """Take the endpoint file away. Raises OSError."""
    (data / ENDPOINT_FILE).unlink(missing_ok=True)


def answers(endpoint: Endpoint) -> bool:
    """True when the very process that the endpoint names answers there."""
    connection = http.client.HTTPConnection("127.0.0.1", endpoint.port, timeout=2.0)
    try:
        connection.request("GET", "/_deck/health")
        content = json.loads(connection.getresponse().read(4096))
        return bool(content.get("pid") == endpoint.pid)
    except (OSError, ValueError, http.client.HTTPException, AttributeError):
        return False
    finally:
        connection.close()


def take_or_find(lock: Lock, data: Path) -> Endpoint | None:
    """Take the lock (None), or wait for the server that has it and answer where it is.

    Raises TimeoutError when the lock stays taken and nobody answers, OSError when the lock
    file cannot be made.
    """
    end = time.monotonic() + _WAIT_SECONDS
    while not lock.take():
        found = read_endpoint(data)
        if found is not None and answers(found):
            return found
        if time.monotonic() > end:
            raise TimeoutError(data / LOCK_FILE)
        time.sleep(_PAUSE_SECONDS)
    return None
