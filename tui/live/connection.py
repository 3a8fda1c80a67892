"""What is done otherwise than by the websockets library: where to connect, and how to read."""

from __future__ import annotations

import asyncio
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.frames import Frame, Opcode
from websockets.protocol import State

READ = 128 * 1024
"""Bytes read from the socket at once at most: little enough to stay in the processor's cache."""
HEAD = 10
"""Bytes before the longest message that is not masked."""
MOST = READ - HEAD
"""Bytes of the longest message that finds its place in what is read at once."""
BLANK_LINE = b"\r\n\r\n"
WHOLE = {0x81: Opcode.TEXT, 0x82: Opcode.BINARY}
"""How a message begins that comes in one piece and as it is: nearly all of them."""
LAST, CONTROL, MASKED = 0x80, 0x08, 0x80
ENDLESS = 1 << 63


class DirectConnect(connect):
    """Goes nowhere else: where a token is sent is not for the network to say."""

    def process_redirect(self, exc: Exception) -> Exception | str:
        """Follow no redirect: its answer is an error as any other."""
        return exc


class BufferedConnection(ClientConnection, asyncio.BufferedProtocol):
    """Reads from the socket into the same memory each time, and takes whole messages from there.

    Otherwise asyncio allocates 256 KiB for every read, and the operating system gives out and
    takes back its pages each time; and the library copies each message three times. What is no
    message in one piece (control frames, fragments, what is longer than `MOST` or breaks the
    protocol) is given to the library byte for byte, in its place among the others: it answers,
    closes and judges as ever. The longest message that the library takes must be longer.
    """

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        self._buffer = memoryview(bytearray(READ))
        self._held = 0
        """Bytes at the beginning of the buffer that are the beginning of a frame."""
        self._answer: bytes | None = b""
        """The end of what came of the answer to the handshake; None once that is over."""
        self._left = 0
        """Bytes of a frame that the library reads and that have not come yet."""
        self._parted = False
        """Whether the rest of a message in several pieces is still to come."""

    def get_buffer(self, _sizehint: int) -> memoryview:
        """Return where the next bytes are put."""
        return self._buffer[self._held :]

    def buffer_updated(self, nbytes: int) -> None:
        """Take in what was put there."""
        buffer, end = self._buffer, self._held + nbytes
        at = 0 if self._answer is None else self._answered(self._answer, end)
        while at < end:
            if self._left or self.protocol.state is not State.OPEN:
                at = self._give(at, end)
                continue
            start = at + 2
            if start > end:
                break
            kind, size = buffer[at], buffer[at + 1]
            if 126 <= size < MASKED:
                start += 2 if size == 126 else 8
                if start > end:
                    break
                size = int.from_bytes(buffer[at + 2 : start], "big")
            elif size >= MASKED:
                size = ENDLESS  # the library ends it
            stop = start + size
            if kind not in WHOLE or size > MOST or self._parted:
                if not kind & CONTROL:
                    self._parted = not kind & LAST
                self._left = stop - at
            elif stop > end:
                break
            else:
                self.process_event(Frame(WHOLE[kind], bytes(buffer[start:stop])))
                at = stop
        self._held = end - at
        if at and self._held:
            buffer[: self._held] = buffer[at:end]

    def eof_received(self) -> None:
        """Let the library see the beginning of a frame that does not come any more."""
        held, self._held = self._held, 0
        if held:
            super().data_received(bytes(self._buffer[:held]))
        super().eof_received()

    def _answered(self, seen: bytes, end: int) -> int:
        """Give what belongs to the answer to the handshake; return where it ends."""
        known = seen + bytes(self._buffer[:end])
        found = known.find(BLANK_LINE)
        if found < 0:
            self._answer = known[1 - len(BLANK_LINE) :]
            return self._give(0, end)
        self._answer = None
        return self._give(0, found + len(BLANK_LINE) - len(seen))

    def _give(self, at: int, end: int) -> int:
        """Have the library read what is left of a frame, or all where there are none to be told
        apart; return where that ends.
        """
        if self._left:
            end = min(end, at + self._left)
            self._left -= end - at
        super().data_received(bytes(self._buffer[at:end]))
        return end
