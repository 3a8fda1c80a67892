"""The one module of TimeTonic's client that knows websockets, which it imports when needed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tui.hosts import is_loopback
from tui.services.errors import AuthenticationFailed, ConnectionFailed, TimedOut
from tui.services.timetonic.frames import decode_frame
from tui.services.told_back import without_secrets

if TYPE_CHECKING:
    from websockets.asyncio.client import ClientConnection

    from tui.services.transport import Transport

FRAME_LIMIT = 1024 * 1024
"""Bytes of one frame; a larger one ends the connection."""


class Connection:
    """One open socket, with its failures as errors of the service.

    Frames are kept and shown as they came, but for `secrets`, which every frame that is sent
    carries and an answer may quote.
    """

    def __init__(self, socket: ClientConnection, secrets: Collection[str]) -> None:
        self._socket = socket
        self._secrets = secrets

    async def send(self, frame: str) -> None:
        """Send a frame. Raises ConnectionFailed when the socket has closed."""
        from websockets.exceptions import ConnectionClosed

        try:
            await self._socket.send(frame)
        except ConnectionClosed as error:
            raise ConnectionFailed("the socket has closed") from error

    async def frames(self) -> AsyncIterator[str]:
        """Every frame as it comes. Raises ConnectionFailed when the socket closes."""
        while True:
            yield await self.receive()

    async def receive(self) -> str:
        """The next frame. Raises ConnectionFailed when the socket closes."""
        from websockets.exceptions import ConnectionClosed

        try:
            data: str | bytes = await self._socket.recv()
        except ConnectionClosed as error:
            raise ConnectionFailed("the socket has closed") from error
        content = data.encode(errors="replace") if isinstance(data, str) else data
        return without_secrets(content, self._secrets).decode(errors="replace")

    async def close(self) -> None:
        """Close it; safe to call twice."""
        await self._socket.close()


async def open_connection(
    transport: Transport, url: str, attach: str, patience: float, secrets: Collection[str]
) -> tuple[Connection, dict[str, Any]]:
    """Open a socket, send the attach frame and give out the frame that comes back. `secrets` are
    taken out of all that comes.

    Raises AuthenticationFailed when the upgrade is refused for the session, TimedOut and
    ConnectionFailed otherwise.
    """
    from websockets.asyncio.client import connect
    from websockets.exceptions import InvalidStatus, WebSocketException

    class Direct(connect):
        """Goes nowhere else: where a session is sent is not for the network to say."""

        def process_redirect(self, exc: Exception) -> Exception | str:
            return exc

    local = is_loopback(urlsplit(url).hostname or "")
    try:
        made = await transport.dial(url)
        socket = await Direct(
            url,
            sock=made[0] if made else None,
            additional_headers=made[1] if made else None,
            open_timeout=patience,
            close_timeout=1,
            max_size=FRAME_LIMIT,
            proxy=None if local else True,
        )
    except InvalidStatus as error:
        if error.response.status_code in (401, 403):
            raise AuthenticationFailed("the socket refuses the session") from error
        raise ConnectionFailed("the socket was refused") from error
    except TimeoutError as error:
        raise TimedOut("the socket did not open in time") from error
    except (OSError, WebSocketException) as error:
        raise ConnectionFailed("the socket could not be opened") from error
    connection = Connection(socket, secrets)
    try:
        await connection.send(attach)
        # Not wait_for: up to Python 3.11 it loses a cancellation that comes with the answer.
        async with asyncio.timeout(patience):
            frame = decode_frame(await connection.receive())
    except TimeoutError as error:
        await connection.close()
        raise TimedOut("the socket did not acknowledge the user in time") from error
    except BaseException:
        await connection.close()
        raise
    return connection, frame
