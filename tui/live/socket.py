"""The websocket, as little of it as a link needs; the only module here that knows websockets."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from socket import socket
from typing import Any, Protocol
from urllib.parse import urlsplit

from tui.hosts import is_loopback, no_way_there
from tui.live.feed import Unavailable

LARGEST_FRAME = 16 * 2**20
WAITING_FRAMES = 256
TURN = 64
NOT_ALLOWED = (401, 403)
REDIRECTS = range(300, 400)
NORMAL, GOING_AWAY = 1000, 1001
POLICY_VIOLATION = 1008
TOO_BIG = 1009
CLOSE_REFUSALS = frozenset({POLICY_VIOLATION, 3000, 3003, 4001, 4003, 4401, 4403})
"""Close codes by which servers say that the token or its rights are not good enough."""


class Closed(Exception):
    """The connection has ended: the close code, if one came, and what the server said."""

    def __init__(self, code: int | None, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Socket(Protocol):
    """An open websocket."""

    async def listen(self, hear: Callable[[bytes], bool]) -> None:
        """Give each frame's content to `hear` until it returns False. Raises `Closed`."""
        ...

    async def send(self, text: str) -> None:
        """Send a text frame. Raises `Closed`."""
        ...

    async def close(self) -> None:
        """Close without waiting for long."""
        ...


class WebSocket:
    """A connection by the websockets library."""

    def __init__(self, connection: Any, closed: type[Exception]) -> None:
        self._connection = connection
        self._closed = closed

    async def listen(self, hear: Callable[[bytes], bool]) -> None:
        """Give each frame's content, undecoded, to `hear` until it says False."""
        receive = self._connection.recv
        turn = 0
        try:
            while hear(await receive(decode=False)):
                turn += 1
                if turn >= TURN:
                    # A full queue is read without ever waiting: others must get their turn.
                    turn = 0
                    await asyncio.sleep(0)
        except self._closed as error:
            raise _closed(error) from error

    async def send(self, text: str) -> None:
        """Send a text frame. Raises `Closed`."""
        try:
            await self._connection.send(text)
        except self._closed as error:
            raise _closed(error) from error

    async def close(self) -> None:
        """Close; a peer that does not answer is not waited for longer than a second."""
        await self._connection.close()


def _closed(error: Any) -> Closed:
    received, sent = error.rcvd, error.sent
    if received is None:
        if sent is not None and sent.code not in (NORMAL, GOING_AWAY):
            said = f": {sent.reason}" if sent.reason else ""
            return Closed(None, f"the connection was given up ({sent.code}){said}")
        return Closed(None, "the connection broke")
    said = f": {received.reason}" if received.reason else ""
    return Closed(received.code, f"the server closed the connection ({received.code}){said}")


async def connect(url: str, headers: Mapping[str, str], made: socket | None = None) -> WebSocket:
    """Open a websocket. Raises `Unavailable`, final if the server says that one may not.

    `made` is a connection that leads there already.

    The library's own pings stay off: nothing says that these servers answer them. So does
    compression, which costs three times the processor time here.
    """
    from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException

    from tui.live.connection import BufferedConnection, DirectConnect

    try:
        local = is_loopback(urlsplit(url).hostname or "")
        more: dict[str, Any] = {"proxy": None} if local else {}
        if made is not None:
            more["sock"] = made
        connection = await DirectConnect(
            url,
            additional_headers=dict(headers),
            open_timeout=None,
            close_timeout=1,
            ping_interval=None,
            compression=None,
            max_size=LARGEST_FRAME,
            max_queue=WAITING_FRAMES,
            user_agent_header="tockdeck",
            create_connection=BufferedConnection,
            **more,
        )
    except InvalidStatus as error:
        status = error.response.status_code
        if status in NOT_ALLOWED:
            raise Unavailable(
                f"the server refused the connection (HTTP {status}): check the token",
                final=True,
            ) from error
        elsewhere = ", sending us elsewhere" if status in REDIRECTS else ""
        raise Unavailable(f"the server answered HTTP {status}{elsewhere}") from error
    except (WebSocketException, ValueError) as error:
        raise Unavailable(f"no websocket there: {error}") from error
    except OSError as error:
        raise Unavailable(no_way_there(error)) from error
    return WebSocket(connection, ConnectionClosed)
