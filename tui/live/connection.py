"""What is done otherwise than by the websockets library: where to connect, and how to read."""

from __future__ import annotations

import asyncio
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

READ = 64 * 1024
"""Bytes read from the socket at once at most: little enough to stay in the processor's cache."""


class DirectConnect(connect):
    """Goes nowhere else: where a token is sent is not for the network to say."""

    def process_redirect(self, exc: Exception) -> Exception | str:
        """Follow no redirect: its answer is an error as any other."""
        return exc


class BufferedConnection(ClientConnection, asyncio.BufferedProtocol):
    """Reads from the socket into the same memory each time.

    Otherwise asyncio allocates 256 KiB for every read, and the operating system gives out and
    takes back its pages each time: 15 % of what it cost to take in a fleet's messages.
    """

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        self._buffer = memoryview(bytearray(READ))

    def get_buffer(self, _sizehint: int) -> memoryview:
        """Return where the next bytes are put."""
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        """Take in what was put there."""
        self.data_received(self._buffer[:nbytes])  # type: ignore[arg-type]
