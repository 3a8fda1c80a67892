"""Changing the sample workspace from outside: through the running server, or without one."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal

from tui.embedded import sample
from tui.embedded.context import Context, Options, Service
from tui.embedded.credentials import Credentials
from tui.embedded.failures import StartError, from_system
from tui.embedded.opening import CREDENTIALS_FILE, open_context
from tui.embedded.rendezvous import Endpoint, Lock, take_or_find

Change = Literal["clear", "reset"]

_CHANGES: dict[str, Callable[[Context, Sequence[Service]], None]] = {
    "clear": sample.clear,
    "reset": sample.reset,
}


def change_sample(options: Options, services: Sequence[Service], change: Change) -> object:
    """Clear or reset the sample workspace; answers what is there now. Raises StartError."""
    lock = Lock(options.data)
    try:
        options.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        running = take_or_find(lock, options.data)
        if running is not None:
            return _ask(running, options.data / CREDENTIALS_FILE, change)
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


def _ask(running: Endpoint, credentials: Path, change: Change) -> object:
    token = Credentials.load_or_create(credentials).deck_token
    connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=30.0)
    try:
        connection.request(
            "POST", f"/_deck/sample/{change}", headers={"Authorization": f"Bearer {token}"}
        )
        answer = connection.getresponse()
        content = json.loads(answer.read())
    except (http.client.HTTPException, ValueError) as error:
        raise _unwilling(running, str(error)) from error
    finally:
        connection.close()
    if answer.status != 200:
        raise _unwilling(running, json.dumps(content))
    return content


def _unwilling(running: Endpoint, words: str) -> StartError:
    return StartError(
        "sample",
        f"The running server at {running.base_url} did not change the sample workspace: {words}.",
        "End it and try again.",
    )
