"""One ASGI application: the five services under their prefixes, and the deck's control calls."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.routing import Mount, Router
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tui.embedded import deck
from tui.embedded.context import Context, Service
from tui.embedded.door import Door
from tui.embedded.lifetime import Lifetime
from tui.embedded.mishaps import Mishaps

BODY_LIMIT = 64 * 1024 * 1024
"""Bytes of one request; the largest thing that a person sends is a file for a book."""


def build_application(
    context: Context,
    services: Sequence[Service],
    lifetime: Lifetime,
    door: Door,
    *,
    body_limit: int = BODY_LIMIT,
) -> ASGIApp:
    """What is behind the door: everything that is served. Only what came in is a use."""
    mishaps = Mishaps(services)
    context.use = lifetime.use
    inner = _mounted(context, services, deck.Control(context, services, lifetime, door), mishaps)

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await inner(scope, receive, send)
            return
        with lifetime.use():
            if scope["type"] == "http":
                if _announced_length(scope) > body_limit:
                    refusal = mishaps.answer(HTTPConnection(scope), 413, _too_large(body_limit))
                    await refusal(scope, receive, send)
                    return
                receive = _limited(receive, body_limit)
            await inner(scope, receive, send)

    return application


def _mounted(
    context: Context, services: Sequence[Service], control: deck.Control, mishaps: Mishaps
) -> ASGIApp:
    """Services and control calls under their prefixes, with the services' background work."""

    @asynccontextmanager
    async def lifespan(_application: Starlette) -> AsyncIterator[None]:
        for service in services:
            await service.start(context)
        yield
        for service in reversed(services):
            await service.stop(context)

    mounts = [
        Mount(service.path, app=Router(service.routes(context), redirect_slashes=False))
        for service in services
    ]
    mounts.append(Mount(deck.PREFIX, app=Router(control.routes(), redirect_slashes=False)))
    made = Starlette(routes=mounts, exception_handlers=mishaps.handlers(), lifespan=lifespan)
    made.router.redirect_slashes = False
    return made


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
