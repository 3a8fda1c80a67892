"""A clock that is moved by hand, and a websocket server that misbehaves on request."""

from __future__ import annotations

import asyncio
import heapq
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from http import HTTPStatus
from itertools import count

from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from tui.live.supervisor import LiveFeed

WALL = 1_384_906_719_000
PATIENCE = 30.0


class HandTimer:
    def __init__(self, callback: Callable[[], None]) -> None:
        self.callback: Callable[[], None] | None = callback

    def cancel(self) -> None:
        self.callback = None


class HandClock:
    """Time stands still until `advance` moves it."""

    def __init__(self, wall: int = WALL) -> None:
        self.elapsed = 0.0
        self._wall = wall
        self._order = count()
        self._timers: list[tuple[float, int, HandTimer]] = []

    def monotonic(self) -> float:
        return 1000.0 + self.elapsed

    def wall(self) -> int:
        return self._wall + round(self.elapsed * 1000)

    def call_later(self, delay: float, callback: Callable[[], None]) -> HandTimer:
        timer = HandTimer(callback)
        if delay <= 0:
            asyncio.get_running_loop().call_soon(self._fire, timer)
        else:
            heapq.heappush(self._timers, (self.elapsed + delay, next(self._order), timer))
        return timer

    async def sleep(self, delay: float) -> None:
        done = asyncio.Event()
        self.call_later(delay, done.set)
        await done.wait()

    def _fire(self, timer: HandTimer) -> None:
        if timer.callback is not None:
            callback, timer.callback = timer.callback, None
            callback()

    def advance(self, seconds: float) -> None:
        end = self.elapsed + seconds
        while self._timers and self._timers[0][0] <= end:
            self.elapsed, _, timer = heapq.heappop(self._timers)
            self._fire(timer)
        self.elapsed = end

    @property
    def pending(self) -> int:
        return sum(timer.callback is not None for _, _, timer in self._timers)


class Server:
    """One websocket server. `script` is what it does with each connection."""

    def __init__(self, script: Callable[[Server, ServerConnection], Awaitable[None]]) -> None:
        self.script = script
        self.heard: list[str] = []
        self.connections: list[ServerConnection] = []
        self.status: HTTPStatus | None = None
        self.requests: list[Request] = []
        self.news = asyncio.Condition()
        self.url = ""
        self.open = 0

    async def handle(self, connection: ServerConnection) -> None:
        self.connections.append(connection)
        self.open += 1
        try:
            await self.script(self, connection)
        except ConnectionClosed:
            await self.tell()
        finally:
            self.open -= 1
            await self.tell()

    def check(self, connection: ServerConnection, request: Request) -> Response | None:
        self.requests.append(request)
        if self.status is not None:
            return connection.respond(self.status, "no\n")
        return None

    async def tell(self) -> None:
        async with self.news:
            self.news.notify_all()

    async def listen(self, connection: ServerConnection) -> str:
        text = await connection.recv()
        assert isinstance(text, str)
        self.heard.append(text)
        await self.tell()
        return text

    async def send(self, frame: str | bytes) -> None:
        """Send to the newest connection."""
        await self.connections[-1].send(frame)

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE), self.news:
            await self.news.wait_for(condition)


async def obedient(server: Server, connection: ServerConnection) -> None:
    """Heartbeat, configuration, server time; then listen for ever."""
    await connection.send("1")
    await server.listen(connection)
    await connection.send(str(WALL))
    while True:
        await server.listen(connection)


async def mute(server: Server, connection: ServerConnection) -> None:
    """Heartbeats from connection on, and never an answer."""
    await connection.send("1")
    while True:
        await server.listen(connection)


async def hang_up(server: Server, connection: ServerConnection) -> None:
    """Answer the configuration and close at once."""
    await server.listen(connection)
    await connection.send(str(WALL))
    await connection.close(1011, "bye")


@asynccontextmanager
async def serving(
    script: Callable[[Server, ServerConnection], Awaitable[None]] = obedient,
) -> AsyncIterator[Server]:
    server = Server(script)
    async with serve(
        server.handle, "127.0.0.1", 0, process_request=server.check, close_timeout=0.2
    ) as listening:
        port = next(iter(listening.sockets)).getsockname()[1]
        server.url = f"ws://127.0.0.1:{port}"
        yield server


async def until(feed: LiveFeed, condition: Callable[[], bool]) -> None:
    """Wait until the feed tells of something that makes `condition` true."""
    told = asyncio.Event()
    unsubscribe = feed.subscribe(told.set)
    try:
        async with asyncio.timeout(PATIENCE):
            while not condition():
                told.clear()
                await told.wait()
    finally:
        unsubscribe()


async def heard_more(feed: LiveFeed, messages: int) -> None:
    """Wait until the feed has received more than `messages`; heartbeats are told to nobody."""
    async with asyncio.timeout(PATIENCE):
        while feed.health().messages <= messages:  # noqa: ASYNC110
            await asyncio.sleep(0)


def sample(serial: str, time: int, value: float, type_: int = 9) -> str:
    return json.dumps([{serial: {str(type_): {"t": [time], "1": [value]}}}])
