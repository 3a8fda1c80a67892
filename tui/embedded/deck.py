"""The deck's own control calls under `/_deck`: health, presence, the sample workspace, the end."""

from __future__ import annotations

import asyncio
import hmac
import json
import os
from collections.abc import Awaitable, Callable, Sequence

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from tui import __version__
from tui.embedded import sample
from tui.embedded.context import Context, Service
from tui.embedded.lifetime import Lifetime

PREFIX = "/_deck"

Endpoint = Callable[[Request], Awaitable[Response]]


def failure(_request: Request, status: int, words: str) -> Response:
    """An error of the control calls, and of addresses that belong to no service."""
    return JSONResponse({"error": {"status": status, "message": words}}, status)


class Presence:
    """A stream that says one line and then nothing until the client goes or the server ends."""

    def __init__(self, context: Context, lifetime: Lifetime) -> None:
        self._context = context
        self._lifetime = lifetime

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one stream."""
        headers = [(b"content-type", b"application/x-ndjson"), (b"cache-control", b"no-store")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        said = {"present": True, "pid": os.getpid(), "notices": self._context.notices}
        line = json.dumps(said).encode() + b"\n"
        await send({"type": "http.response.body", "body": line, "more_body": True})
        gone = asyncio.ensure_future(_until_gone(receive))
        ended = asyncio.ensure_future(self._lifetime.ended.wait())
        try:
            await asyncio.wait({gone, ended}, return_when=asyncio.FIRST_COMPLETED)
            if not gone.done():
                await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            gone.cancel()
            ended.cancel()


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        continue


def routes(context: Context, services: Sequence[Service], lifetime: Lifetime) -> list[BaseRoute]:
    """The control calls, relative to their prefix."""

    def guarded(endpoint: Endpoint) -> Endpoint:
        async def checked(request: Request) -> Response:
            given = request.headers.get("authorization", "")
            wanted = f"Bearer {context.credentials.deck_token}"
            if not hmac.compare_digest(given.encode(), wanted.encode()):
                return failure(
                    request, 401, "This call needs the deck_token of credentials.json as a bearer."
                )
            return await endpoint(request)

        return checked

    async def health(_request: Request) -> Response:
        return JSONResponse(
            {"service": "tockdeck-embedded", "version": __version__, "pid": os.getpid()}
        )

    async def show(_request: Request) -> Response:
        return JSONResponse(
            {
                "present": sample.present(context.database),
                "counts": sample.counts(context.database, services),
            }
        )

    async def clear(request: Request) -> Response:
        await _at_rest(context, services, sample.clear)
        return await show(request)

    async def reset(request: Request) -> Response:
        await _at_rest(context, services, sample.reset)
        return await show(request)

    async def stop(_request: Request) -> Response:
        async def end() -> None:
            lifetime.end()

        return JSONResponse({"stopping": True, "pid": os.getpid()}, background=BackgroundTask(end))

    return [
        Route("/health", health, methods=["GET"]),
        Route("/presence", Presence(context, lifetime), methods=["GET"]),
        Route("/sample", guarded(show), methods=["GET"]),
        Route("/sample/clear", guarded(clear), methods=["POST"]),
        Route("/sample/reset", guarded(reset), methods=["POST"]),
        Route("/stop", guarded(stop), methods=["POST"]),
    ]


async def _at_rest(
    context: Context,
    services: Sequence[Service],
    change: Callable[[Context, Sequence[Service]], None],
) -> None:
    """Background work stops before the rows under it are replaced, and starts again after."""
    for service in reversed(services):
        await service.stop(context)
    try:
        change(context, services)
    finally:
        for service in services:
            await service.start(context)
