"""What stands before a service of our own: each side proves itself before anything is said."""

from __future__ import annotations

import socket
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

OnStep = Callable[[str, Mapping[str, Any]], Awaitable[None]]
"""What httpcore tells the steps of a request to."""


class Stream(Protocol):
    """A connection that was just made, as httpcore gives it out. Times in seconds."""

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """What has come; empty at the end."""
        ...

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send all of it."""
        ...


class NotOurs(Exception):
    """Whoever answers there has not proven that they are the service; nothing was told them."""


class Silent(NotOurs):
    """Whoever listens there did not say anything in time."""


class Door(Protocol):
    """A transport asks it before each request, and on each connection that it makes."""

    async def address(self) -> str:
        """The base URL where the service listens now. Raises ConnectionFailed."""
        ...

    def headers(self) -> Mapping[str, str]:
        """What a request to that address, and to no other, has to carry."""
        ...

    async def greet(self, stream: Stream) -> None:
        """Have the other side prove itself. Raises NotOurs."""
        ...

    async def dial(self, url: str) -> tuple[socket.socket, Mapping[str, str]] | None:
        """A connection for a websocket that has been greeted, and its headers.

        None when the address is not the service's. Raises OSError, ConnectionFailed.
        """
        ...

    async def page(self, url: str) -> str:
        """The address by which a person's browser opens a page of the service, once.

        Raises ServiceError.
        """
        ...


def greets(door: Door, then: OnStep) -> OnStep:
    """For httpcore to tell of each step of a request: greets each connection that it makes, before
    `then` hears of it.

    Raises httpcore.ConnectError: nothing of the request was sent, so it may be tried again,
    whatever it is.
    """

    async def on_step(step: str, about: Mapping[str, Any]) -> None:
        if step != "connection.connect_tcp.complete":
            await then(step, about)
            return
        import httpcore

        stream = about["return_value"]
        try:
            await door.greet(stream)
        except (NotOurs, OSError, httpcore.NetworkError) as error:
            await stream.aclose()
            raise httpcore.ConnectError(str(error)) from error
        await then(step, about)

    return on_step
