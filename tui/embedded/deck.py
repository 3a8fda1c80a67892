"""The deck's own control calls under `/_deck`: health, presence, the sample workspace, the end."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Callable, Sequence
from functools import partial

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from tui import __version__
from tui.embedded import sample
from tui.embedded.context import Context, Service
from tui.embedded.door import Door, content_of
from tui.embedded.lifetime import Lifetime
from tui.embedded.zones import local_name, zone

PREFIX = "/_deck"


def failure(_request: Request, status: int, words: str) -> Response:
    """An error of the control calls, and of addresses that belong to no service."""
    return JSONResponse({"error": {"status": status, "message": words}}, status)


class Presence:
    """A stream that says one line and then nothing until the client goes or the server ends."""

    def __init__(self, context: Context, lifetime: Lifetime, door: Door) -> None:
        self._context = context
        self._lifetime = lifetime
        self._door = door

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one stream; the session that it names lasts as long."""
        with self._door.session() as session:
            await self._serve(session, receive, send)

    async def _serve(self, session: str, receive: Receive, send: Send) -> None:
        headers = [(b"content-type", b"application/x-ndjson"), (b"cache-control", b"no-store")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        said = {
            "present": True,
            "pid": os.getpid(),
            "session": session,
            "notices": self._context.notices,
        }
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


class Control:
    """The control calls. Whoever reaches them has proven that they know the secret (door.py)."""

    def __init__(
        self, context: Context, services: Sequence[Service], lifetime: Lifetime, door: Door
    ) -> None:
        self._context = context
        self._services = services
        self._lifetime = lifetime
        self._door = door

    def routes(self) -> list[BaseRoute]:
        """Relative to their prefix."""
        presence = Presence(self._context, self._lifetime, self._door)
        return [
            Route("/health", self.health, methods=["GET"]),
            Route("/presence", presence, methods=["GET"]),
            Route("/page", self.page, methods=["POST"]),
            Route("/sample", self.show, methods=["GET"]),
            Route("/sample/clear", self.clear, methods=["POST"]),
            Route("/sample/reset", self.reset, methods=["POST"]),
            Route("/zone", self.move, methods=["POST"]),
            Route("/stop", self.stop, methods=["POST"]),
        ]

    async def health(self, _request: Request) -> Response:
        """Which program, of which version, in which process."""
        return JSONResponse(
            {"service": "tockdeck-embedded", "version": __version__, "pid": os.getpid()}
        )

    async def page(self, request: Request) -> Response:
        """An address for a person's browser, of the page at `target` (path and query)."""
        target = content_of(await request.body()).get("target")
        if not isinstance(target, str) or not target.isascii() or not target.isprintable():
            return failure(request, 400, "target has to be a path and query.")
        path = target.partition("?")[0]
        if not any(service.is_page(path) for service in self._services):
            return failure(request, 404, f"{path} is no page for people.")
        return JSONResponse({"address": self._context.page(target)})

    async def show(self, _request: Request) -> Response:
        """How many rows there are, and whether the sample is among them."""
        return JSONResponse(
            {
                "present": sample.present(self._context.database),
                "counts": sample.counts(self._context.database, self._services),
            }
        )

    async def clear(self, request: Request) -> Response:
        """Empty all tables; what comes then lives in `zone`, where one is named: `local` is the
        machine's.
        """
        return await self._anew(request, sample.clear)

    async def reset(self, request: Request) -> Response:
        """Begin again with the sample, in `zone`, where one is named."""
        return await self._anew(request, sample.reset)

    async def _anew(self, request: Request, change: Callable[..., None]) -> Response:
        named = request.query_params.get("zone", "")
        try:
            name = local_name() if named == "local" else zone(named).key if named else ""
        except ValueError as error:
            return failure(request, 400, str(error))
        await _at_rest(self._context, self._services, partial(change, zone=name))
        return await self.show(request)

    async def move(self, request: Request) -> Response:
        """Let what is kept live in the zone `to`."""
        try:
            name = zone(request.query_params.get("to", "")).key
        except ValueError as error:
            return failure(request, 400, str(error))
        await _at_rest(self._context, self._services, partial(sample.move, zone=name))
        return JSONResponse({"timezone": name})

    async def stop(self, _request: Request) -> Response:
        """End the process, once this is answered."""

        async def end() -> None:
            self._lifetime.end()

        return JSONResponse({"stopping": True, "pid": os.getpid()}, background=BackgroundTask(end))


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
