"""The process: one lock, one loopback socket, one event loop, and a clean end."""

from __future__ import annotations

import asyncio
import errno
import gc
import logging
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from typing import Any, cast

import uvicorn
from starlette.types import ASGIApp

from tui import __version__
from tui.embedded import failures
from tui.embedded.application import build_application
from tui.embedded.context import Context, Options, Service
from tui.embedded.door import Door
from tui.embedded.failures import StartError, from_system
from tui.embedded.joining import take_or_find
from tui.embedded.lifetime import Lifetime
from tui.embedded.opening import open_context
from tui.embedded.rendezvous import (
    HOST,
    Endpoint,
    Lock,
    clear,
    publish,
    read_endpoint,
    withdraw,
)

_log = logging.getLogger(__name__)
_GRACE_SECONDS = 3
KEEP_ALIVE_SECONDS = 20
"""How long a connection may rest: clients give theirs up before that (five seconds by themselves),
so that none is closed under a request that is on its way."""
YOUNG = 20_000
"""New things after which those that nobody holds any more are looked for: an answer's worth."""
_TURNS = 3
"""Of a loop, in which who was accepted is told to the server."""
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def _websocket(**parts: Any) -> asyncio.Protocol:
    """One websocket. What it needs is imported for the first, which may never come."""
    from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

    return WebSocketsSansIOProtocol(**parts)


class Server(uvicorn.Server):
    """Serves until its lifetime ends; unlike its parent it does not wake ten times a second."""

    def __init__(
        self,
        application: ASGIApp,
        lifetime: Lifetime,
        *,
        idle_seconds: float = 0.0,
        ready: Callable[[], None] | None = None,
    ) -> None:
        super().__init__(
            uvicorn.Config(
                application,
                ws=cast("type[asyncio.Protocol]", _websocket),
                lifespan="on",
                log_level="error",
                access_log=False,
                server_header=False,
                date_header=False,
                timeout_graceful_shutdown=_GRACE_SECONDS,
                timeout_keep_alive=KEEP_ALIVE_SECONDS,
            )
        )
        self.lifetime = lifetime
        self._idle_seconds = idle_seconds
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Accept connections, then say so."""
        await super().startup(sockets)
        self.server_state.default_headers = self.config.encoded_headers
        if self._ready is not None:
            self._ready()

    async def main_loop(self) -> None:
        """Wait for the end: asked for, signalled, or because nobody uses it."""
        watch: asyncio.Task[None] | None = None
        if self._idle_seconds > 0:
            watch = asyncio.create_task(self.lifetime.end_when_unused(self._idle_seconds))
            watch.add_done_callback(self._watched)
        await self.lifetime.ended.wait()
        self.should_exit = True
        if watch is not None:
            watch.cancel()

    def _watched(self, watch: asyncio.Task[None]) -> None:
        """Without the watch it would stay up for ever: it ends, and who uses it starts another."""
        error = None if watch.cancelled() else watch.exception()
        if error is not None:
            _log.error("Whether it is used could not be watched: it ends", exc_info=error)
            self.lifetime.end()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End, and hang up on those who came in at the last moment, too.

        asyncio leaves a connection open that was accepted just before its server is closed.
        """
        loop = asyncio.get_running_loop()
        for server in self.servers:
            for listener in server.sockets:
                loop.remove_reader(listener.fileno())
        for _ in range(_TURNS):
            await asyncio.sleep(0)
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """A signal ends the lifetime, and the process then leaves with status 0."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        loop = asyncio.get_running_loop()
        for number in _SIGNALS:
            loop.add_signal_handler(number, self.lifetime.end)
        try:
            yield
        finally:
            for number in _SIGNALS:
                loop.remove_signal_handler(number)


def run(options: Options, services: Sequence[Service]) -> int:
    """Serve in the foreground until the end; answers the exit status.

    Where a server of this data directory runs already, its endpoint is printed instead.
    """
    lock = Lock(options.data)
    try:
        found = take_or_find(lock, options.data)
        if found is not None:
            failures.hand_out(found.line())
            return 0
        return _serve(options, services)
    except StartError as error:
        return failures.report(error, options.data)
    finally:
        lock.release()


def _serve(options: Options, services: Sequence[Service]) -> int:
    previous = read_endpoint(options.data)
    try:
        clear(options.data)
    except OSError as error:
        raise from_system(error, options.data) from error
    context = open_context(options, services, was_served=previous is not None)
    with closing(context.database):
        listener = bind(options.port, previous.port if previous is not None else 0)
        _serve_on(listener, context, options, services)
    return 0


def _serve_on(
    listener: socket.socket, context: Context, options: Options, services: Sequence[Service]
) -> None:
    """Serve on a socket until the end, and close it."""
    endpoint = _endpoint(context, listener)
    try:
        lifetime = Lifetime()

        unheard: list[StartError] = []

        def ready() -> None:
            # What is loaded now stays: only what answers are made of has to be looked through,
            # and they are made of many small things that refer to nothing else.
            gc.freeze()
            gc.enable()
            gc.set_threshold(YOUNG)
            publish(options.data, endpoint)
            with suppress(FileNotFoundError):
                (options.data / failures.FILE).unlink()
            try:
                failures.hand_out(endpoint.line())
            except StartError as error:
                unheard.append(error)
                server.should_exit = True

        door = Door(context.credentials.deck_token, context.pages, names=options.names)
        server = Server(
            door.before(build_application(context, services, lifetime, door)),
            lifetime,
            idle_seconds=options.idle_seconds,
            ready=ready,
        )
        asyncio.run(server.serve(sockets=[listener]))
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise _port_taken(options.port) from error
        raise from_system(error, options.data) from error
    except SystemExit as error:
        raise StartError(
            "service-start",
            "One of the embedded services could not start its background work.",
            "The lines above say which and why.",
        ) from error
    finally:
        listener.close()
        with suppress(OSError):
            withdraw(options.data, endpoint)
    if unheard:
        raise unheard[0]


def _endpoint(context: Context, listener: socket.socket) -> Endpoint:
    port = int(listener.getsockname()[1])
    context.base_url = f"http://{HOST}:{port}"
    started = datetime.now(UTC).isoformat(timespec="seconds")
    return Endpoint(port, context.base_url, os.getpid(), started, __version__)


def bind(port: int, preferred: int = 0) -> socket.socket:
    """A loopback socket on that port; 0 means the preferred one if it is free, or else any.

    Raises StartError when the port is taken or not allowed.
    """
    if not port and preferred:
        # Decks that still hold the address of a killed server find this one under it.
        try:
            return bind(preferred)
        except StartError:
            return bind(0)
    # The protocol is named because asyncio turns Nagle's delay off only where it is: without it
    # each answer on a kept connection would wait 40 ms for the client's acknowledgement.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, port))
        # Listening now is what makes a second one on this port fail here and not later.
        listener.listen()
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise _port_taken(port) from error
        raise StartError(
            "port-refused",
            f"Port {port} cannot be used: {error.strerror}.",
            "Name another one with --port, or leave --port out to get a free one.",
        ) from error
    return listener


def _port_taken(port: int) -> StartError:
    return StartError(
        "port-taken",
        f"Port {port} is taken by another program.",
        "Name another one with --port, or leave --port out to get a free one.",
    )
