"""Changing the sample workspace from outside: through the running server, or without one."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from tui.embedded import sample
from tui.embedded.context import Context, Options, Service
from tui.embedded.failures import StartError, from_system
from tui.embedded.joining import take_or_find
from tui.embedded.opening import open_context
from tui.embedded.rendezvous import Endpoint, Lock, read_endpoint
from tui.embedded.visit import Stranger, caller

Change = Literal["clear", "reset", "move"]


def _move(context: Context, services: Sequence[Service], zone: str) -> object:
    sample.move(context, services, zone)
    return {"timezone": zone}


def _then_counted(change: _Do) -> _Do:
    def do(context: Context, services: Sequence[Service], zone: str) -> object:
        change(context, services, zone)
        return {
            "present": sample.present(context.database),
            "counts": sample.counts(context.database, services),
        }

    return do


_Do = Callable[[Context, Sequence[Service], str], object]
_CHANGES: dict[Change, tuple[str, _Do]] = {
    "clear": ("/_deck/sample/clear?zone={zone}", _then_counted(sample.clear)),
    "reset": ("/_deck/sample/reset?zone={zone}", _then_counted(sample.reset)),
    "move": ("/_deck/zone?to={zone}", _move),
}
"""Each with what a running server is asked for it."""


def change_sample(options: Options, services: Sequence[Service], change: Change) -> object:
    """Clear or reset the sample workspace, or let what is kept go on; it lives in the zone of
    `options` then. Answers what is there now. Raises StartError.
    """
    path, do = _CHANGES[change]
    lock = Lock(options.data)
    try:
        running = take_or_find(lock, options.data)
        if running is not None:
            return _ask(running, options.data, path.format(zone=quote(options.timezone)))
        was_served = read_endpoint(options.data) is not None
        context = open_context(options, services, was_served=was_served)
        try:
            return do(context, services, options.timezone)
        finally:
            context.database.close()
    except OSError as error:
        raise from_system(error, options.data) from error
    finally:
        lock.release()


def _ask(running: Endpoint, data: Path, path: str) -> object:
    there = caller(data, running)
    if there is None:
        raise _unwilling(running, "its credentials cannot be read")
    try:
        status, content = there.call("POST", path)
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
        f"The running server at {running.base_url} did not change its data: {words}.",
        "End it and try again.",
    )
