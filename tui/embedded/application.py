"""One ASGI application: the five services under their prefixes, and the deck's control calls."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, HTTPConnection, Request
from starlette.responses import Response
from starlette.routing import Mount, Router
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocket

from tui.embedded import deck
from tui.embedded.context import Context, Service
from tui.embedded.lifetime import Lifetime

BODY_LIMIT = 64 * 1024 * 1024
"""Bytes of one request; the largest thing that a person sends is a file for a book."""

_FULL = "The disk is full: nothing of this was kept. Make room and send it again."
_READ_ONLY = "The data directory is read-only: nothing of this was kept."
_BUSY = "Another program holds the database: nothing of this was kept. Try again in a moment."
_BROKEN = (
    "The database file is damaged: nothing of this was kept."
    " Start the embedded services again: they set the file aside and make a new one."
)


def build_application(
    context: Context,
    services: Sequence[Service],
    lifetime: Lifetime,
    *,
    body_limit: int = BODY_LIMIT,
) -> ASGIApp:
    """Mount all of it. Whatever goes wrong is answered in the form of the service it was for."""

    def prefix(service: Service) -> str:
        return "/" + service.prefix.strip("/")

    def answer(connection: HTTPConnection, status: int, words: str) -> Response:
        request = Request(connection.scope)
        path = request.url.path
        for service in services:
            if path == prefix(service) or path.startswith(prefix(service) + "/"):
                return service.failure(request, status, words)
        return deck.failure(request, status, words)

    async def refuse(connection: HTTPConnection, status: int, words: str) -> Response | None:
        if isinstance(connection, WebSocket):
            await connection.close(1011, words[:100])
            return None
        return answer(connection, status, words)

    async def on_http(connection: HTTPConnection, error: Exception) -> Response | None:
        assert isinstance(error, HTTPException)
        words = error.detail
        if error.status_code == 404:
            words = f"There is nothing at {connection.url.path}."
        elif error.status_code == 405:
            words = f"{connection.url.path} does not answer to {connection.scope['method']}."
        response = await refuse(connection, error.status_code, words)
        if response is not None:
            response.headers.update(error.headers or {})
        return response

    async def on_database(connection: HTTPConnection, error: Exception) -> Response | None:
        if type(error) not in (sqlite3.OperationalError, sqlite3.DatabaseError):
            # A broken constraint is a mistake of the service and belongs in its traceback.
            raise error
        known = _in_words(str(error))
        if known is None:
            raise error
        return await refuse(connection, *known)

    async def on_system(connection: HTTPConnection, error: Exception) -> Response | None:
        assert isinstance(error, OSError)
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise error
        return await refuse(connection, 507, _FULL)

    async def on_gone(_connection: HTTPConnection, _error: Exception) -> None:
        """The client left before it had sent all; there is nobody to answer."""

    async def on_mistake(connection: HTTPConnection, _error: Exception) -> Response | None:
        return await refuse(
            connection, 500, "The embedded service failed at this; its error output says where."
        )

    @asynccontextmanager
    async def lifespan(_application: Starlette) -> AsyncIterator[None]:
        for service in services:
            await service.start(context)
        yield
        for service in reversed(services):
            await service.stop(context)

    mounts = [
        Mount(prefix(service), app=Router(service.routes(context), redirect_slashes=False))
        for service in services
    ]
    control = Router(deck.routes(context, services, lifetime), redirect_slashes=False)
    handlers: dict[Any, Any] = {
        HTTPException: on_http,
        sqlite3.DatabaseError: on_database,
        OSError: on_system,
        ClientDisconnect: on_gone,
        Exception: on_mistake,
    }
    inner = Starlette(
        routes=[*mounts, Mount(deck.PREFIX, app=control)],
        exception_handlers=handlers,
        lifespan=lifespan,
    )
    inner.router.redirect_slashes = False

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await inner(scope, receive, send)
            return
        with lifetime.use():
            if scope["type"] == "http":
                if _announced_length(scope) > body_limit:
                    refusal = answer(HTTPConnection(scope), 413, _too_large(body_limit))
                    await refusal(scope, receive, send)
                    return
                receive = _limited(receive, body_limit)
            await inner(scope, receive, send)

    return application


def _in_words(message: str) -> tuple[int, str] | None:
    """HTTP status and a person's words for what SQLite says; None for a mistake of ours."""
    if "full" in message:
        return 507, _FULL
    if "readonly" in message or "unable to open" in message or "disk I/O" in message:
        return 503, _READ_ONLY
    if "malformed" in message or "not a database" in message:
        return 503, _BROKEN
    if "locked" in message:
        return 503, _BUSY
    return None


def _too_large(limit: int) -> str:
    return f"A request may hold {limit} bytes at most, and this one holds more."


def _announced_length(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value)
    return 0


def _limited(receive: Receive, limit: int) -> Receive:
    """Stop reading a body that grows past the limit without having said so."""
    received = 0

    async def limited() -> Message:
        nonlocal received
        message = await receive()
        if message["type"] == "http.request":
            received += len(message.get("body", b""))
            if received > limit:
                raise HTTPException(413, _too_large(limit))
        return message

    return limited
