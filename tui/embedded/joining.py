"""Becoming the one server of a data directory, or finding the one that it has."""

from __future__ import annotations

import time
from pathlib import Path

from tui.embedded.failures import StartError, from_system
from tui.embedded.rendezvous import LOCK_FILE, Endpoint, Lock, read_endpoint
from tui.embedded.visit import answers

_START_SECONDS = 15.0
"""How long a server may take to start: from its lock to its endpoint file."""
_PAUSE_SECONDS = 0.05


def take_or_find(lock: Lock, data: Path) -> Endpoint | None:
    """Take the lock (None), or answer where the server is that has it; the directory is made.

    One that is starting has no endpoint file yet, and is waited for. One that has said where
    it is and does not answer there hangs. Raises StartError.
    """
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        end = time.monotonic() + _START_SECONDS
        while not lock.take():
            found = read_endpoint(data)
            if found is not None:
                if answers(data, found):
                    return found
                if lock.take():
                    return None
                if found == read_endpoint(data):
                    raise _held(data, f"the embedded services there, process {found.pid},")
            if time.monotonic() > end:
                raise _held(data, "the process that holds it")
            time.sleep(_PAUSE_SECONDS)
    except OSError as error:
        raise from_system(error, data) from error
    return None


def _held(data: Path, holder: str) -> StartError:
    lock = data / LOCK_FILE
    return StartError(
        "lock-held",
        f"{lock} is held, but {holder} does not answer.",
        "End that process, or name another directory with --data.",
        lock,
    )
