"""How decks and embedded services find each other: a lock and an endpoint file."""

from __future__ import annotations

import fcntl
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from tui.embedded.files import read_object, write_private

LOCK_FILE = "server.lock"
ENDPOINT_FILE = "endpoint.json"
HOST = "127.0.0.1"


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
    """What the endpoint file says; None when it is missing, not whole or makes no sense."""
    try:
        content = read_object(data / ENDPOINT_FILE)
    except (OSError, ValueError):
        return None
    port, pid = content.get("port"), content.get("pid")
    words = [content.get(name) for name in ("base_url", "started", "version")]
    if not (_is_number(port, 65_535) and _is_number(pid, 2**31 - 1)):
        return None
    # The address is made of the port: nobody is sent to what the file says otherwise.
    if words[0] != f"http://{HOST}:{port}" or not all(isinstance(word, str) for word in words):
        return None
    return Endpoint(int(str(port)), str(words[0]), int(str(pid)), str(words[1]), str(words[2]))


def _is_number(value: object, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value <= most


def publish(data: Path, endpoint: Endpoint) -> None:
    """Tell where this server is; only once it accepts connections. Raises OSError."""
    write_private(data / ENDPOINT_FILE, endpoint.line())


def clear(data: Path) -> None:
    """Take away the endpoint file of a server that is gone; only with the lock. Raises OSError."""
    (data / ENDPOINT_FILE).unlink(missing_ok=True)


def withdraw(data: Path, own: Endpoint) -> None:
    """Take the endpoint file of this server away. Raises OSError.

    That of another one stays: where somebody deleted the directory and its lock, the next server
    runs there already when this one ends.
    """
    if read_endpoint(data) == own:
        clear(data)
