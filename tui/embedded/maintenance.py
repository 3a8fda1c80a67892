"""Changing the sample workspace from outside: through the running server, or without one."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal

from tui.embedded import sample
from tui.embedded.context import Context, Options, Service
from tui.embedded.failures import StartError, from_system
from tui.embedded.joining import take_or_find
from tui.embedded.opening import open_context
from tui.embedded.rendezvous import Endpoint, Lock
from tui.embedded.visit import Stranger, caller

Change = Literal["clear", "reset"]

_CHANGES: dict[str, Callable[[Context, Sequence[Service]], None]] = {
    "clear": sample.clear,
    "reset": sample.reset,
}


def change_sample(options: Options, services: Sequence[Service], change: Change) -> object:
    """Clear or reset the sample workspace; answers what is there now. Raises StartError."""
    lock = Lock(options.data)
    try:
        running = take_or_find(lock, options.data)
        if running is not None:
            return _ask(running, options.data, change)
        context = open_context(options, services)
        try:
            _CHANGES[change](context, services)
            return {
                "present": sample.present(context.database),
                "counts": sample.counts(context.database, services),
            }
        finally:
            context.database.close()
    except OSError as error:
        raise from_system(error, options.data) from error
    finally:
        lock.release()


def _ask(running: Endpoint, data: Path, change: Change) -> object:
    there = caller(data, running)
    if there is None:
        raise _unwilling(running, "its credentials cannot be read")
    try:
        status, content = there.call("POST", f"/_deck/sample/{change}")
    except Stranger as error:
        raise _unwilling(running, "it did not prove that it is one of ours") from error
    except (http.client.HTTPException, OSError, ValueError) as error:
        raise _unwilling(running, str(error)) from error
    if status != 200:
        raise _unwilling(running, json.dumps(content))
    return content


def _unwilling(running: Endpoint, words: str) -> StartError:
    return StartError(
        "sample",
        f"The running server at {running.base_url} did not change the sample workspace: {words}.",
        "End it and try again.",
    )
