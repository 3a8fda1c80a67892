"""Becoming the one server of a data directory, or finding the one that it has."""

from __future__ import annotations

import os
import time
from pathlib import Path

from tui.embedded.failures import StartError, from_system
from tui.embedded.rendezvous import ENDPOINT_FILE, LOCK_FILE, Endpoint, Lock, read_endpoint
from tui.embedded.visit import answers

_START_SECONDS = 15.0
"""How long a server may take to start: from its lock to its endpoint file."""
_SENSELESS_SECONDS = 1.5
"""How long an endpoint file that makes no sense is looked at: who starts takes it away first, and
it is written at once."""
_PAUSE_SECONDS = 0.05


def take_or_find(lock: Lock, data: Path) -> Endpoint | None:
    """Take the lock (None), or answer where the server is that has it; the directory is made.

    One that is starting has no endpoint file yet, and is waited for. One that has said where
    it is and does not answer there hangs; of a file that makes no sense nobody knows where to
    ask. Raises StartError.
    """
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        begin = sensible = time.monotonic()
        while not lock.take():
            found = read_endpoint(data)
            if found is not None:
                if answers(data, found):
                    return found
                if lock.take():
                    return None
                if found == read_endpoint(data):
                    raise _held(
                        data, f"the embedded services there, process {found.pid}, does not answer"
                    )
            now = time.monotonic()
            if found is not None or not os.path.lexists(data / ENDPOINT_FILE):
                sensible = now
            elif now - sensible >= _SENSELESS_SECONDS:
                senseless = f"{ENDPOINT_FILE} beside it makes no sense"
                raise _held(data, f"{senseless}, so that the process that holds it cannot be asked")
            if now - begin > _START_SECONDS:
                raise _held(data, "the process that holds it does not answer")
            time.sleep(_PAUSE_SECONDS)
    except OSError as error:
        raise from_system(error, data) from error
    return None


def _held(data: Path, trouble: str) -> StartError:
    lock = data / LOCK_FILE
    return StartError(
        "lock-held",
        f"{lock} is held, but {trouble}.",
        "End that process, or name another directory with --data.",
        lock,
    )
