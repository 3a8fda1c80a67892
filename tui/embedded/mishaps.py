"""What goes wrong inside a service, answered in the form of the service that it was for."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Sequence
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, HTTPConnection, Request
from starlette.responses import Response
from starlette.websockets import WebSocket

from tui.embedded import deck
from tui.embedded.context import Service

_FULL = "The disk is full: nothing of this was kept. Make room and send it again."
_READ_ONLY = "The data directory is read-only: nothing of this was kept."
_BUSY = "Another program holds the database: nothing of this was kept. Try again in a moment."
_BROKEN = (
    "The database file is damaged: nothing of this was kept."
    " Start the embedded services again: they set the file aside and make a new one."
)
_MISTAKE = "The embedded service failed at this; its error output says where."


class Mishaps:
    """Turns exceptions into answers; a websocket is closed with the words as its reason."""

    def __init__(self, services: Sequence[Service]) -> None:
        self._services = services

    def handlers(self) -> dict[Any, Any]:
        """For Starlette: by exception."""
        return {
            HTTPException: self.on_http,
            sqlite3.DatabaseError: self.on_database,
            OSError: self.on_database,
            ClientDisconnect: self.on_gone,
            Exception: self.on_mistake,
        }

    def answer(self, connection: HTTPConnection, status: int, words: str) -> Response:
        """A refusal in the form of the service that the address belongs to."""
        request = Request(connection.scope)
        path = request.url.path
        for service in self._services:
            if path == service.path or path.startswith(service.path + "/"):
                return service.failure(request, status, words)
        return deck.failure(request, status, words)

    async def refuse(self, connection: HTTPConnection, status: int, words: str) -> Response | None:
        """The answer to a request; a websocket is closed, and has none."""
        if isinstance(connection, WebSocket):
            await connection.close(1011, words[:100])
            return None
        return self.answer(connection, status, words)

    async def on_http(self, connection: HTTPConnection, error: Exception) -> Response | None:
        """Nothing there, another method, too large."""
        assert isinstance(error, HTTPException)
        words = error.detail
        if error.status_code == 404:
            words = f"There is nothing at {connection.url.path}."
        elif error.status_code == 405:
            words = f"{connection.url.path} does not answer to {connection.scope['method']}."
        response = await self.refuse(connection, error.status_code, words)
        if response is not None:
            response.headers.update(error.headers or {})
        return response

    async def on_database(self, connection: HTTPConnection, error: Exception) -> Response | None:
        """What SQLite or the disk could not do; mistakes of ours go on into the traceback."""
        known = in_words(error)
        if known is None:
            raise error
        return await self.refuse(connection, *known)

    async def on_gone(self, _connection: HTTPConnection, _error: Exception) -> None:
        """The client left before it had sent all; there is nobody to answer."""

    async def on_mistake(self, connection: HTTPConnection, _error: Exception) -> Response | None:
        """A mistake of ours."""
        return await self.refuse(connection, 500, _MISTAKE)


def in_words(error: Exception) -> tuple[int, str] | None:
    """HTTP status and a person's words for what SQLite or the disk could not do; None for a mistake
    of ours.
    """
    if isinstance(error, OSError):
        return (507, _FULL) if error.errno in (errno.ENOSPC, errno.EDQUOT) else None
    if type(error) not in (sqlite3.OperationalError, sqlite3.DatabaseError):
        # A broken constraint is a mistake of the service and belongs in its traceback.
        return None
    message = str(error)
    if "full" in message:
        return 507, _FULL
    if "readonly" in message or "unable to open" in message or "disk I/O" in message:
        return 503, _READ_ONLY
    if "malformed" in message or "not a database" in message or "decode" in message:
        return 503, _BROKEN
    if "locked" in message:
        return 503, _BUSY
    return None
