"""Answers that come before all of a request has gone, such as "too large" or "not logged in".

Who answers so may hang up at once. What was said is read while the rest is still being sent:
afterwards asyncio gives up what has come over a connection together with the connection. Or they
hear nothing more and wait: the rest is not sent then (RFC 9112, 9.5).
"""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

HEAD_END = b"\r\n\r\n"
"""How a request's head ends, which goes in one piece: before that nobody answers."""
PIECE = 64 * 1024
TURNS = 16
"""Turns of the loop in which what lies there has been read: each reads more than a piece."""
MOST = 1 << 20
"""Bytes that are heard before the request has gone; answers that come so early are short."""
_STATUS = re.compile(rb"HTTP/1\.\d (\d)\d\d")


class Early:
    """What has come while a request is being sent, as far as it says whether to go on."""

    def __init__(self) -> None:
        self._begin = bytearray()
        self.is_over = False
        """Whether the rest is heard by nobody: it was refused, sent elsewhere, or they hung up."""

    def hear(self, piece: bytes) -> bool:
        """The next that came, empty at the end; whether the request is over by it."""
        if len(self._begin) < PIECE:
            self._begin += piece
            while (found := _STATUS.match(self._begin)) is not None and found[1] == b"1":
                # Said before the answer, such as "continue".
                if (end := self._begin.find(HEAD_END)) < 0:
                    break
                del self._begin[: end + len(HEAD_END)]
            self.is_over = found is not None and found[1] in b"345"
        self.is_over |= not piece
        return self.is_over


async def sent_until_told(bare: socket.socket, words: bytes, timeout: float) -> tuple[bytes, bool]:
    """Send `words`; what came meanwhile, and whether it ended the sending before all had gone.

    Raises TimeoutError, OSError.
    """
    loop, heard, early = asyncio.get_running_loop(), bytearray(), Early()

    def listen() -> None:
        try:
            piece = bare.recv(PIECE)
        except BlockingIOError:
            return
        except OSError:
            # To be told by the sending, which breaks as well.
            piece = b""
        heard.extend(piece)
        if early.hear(piece):
            told.reschedule(loop.time())
        if early.is_over or len(heard) >= MOST:
            loop.remove_reader(bare)

    async with asyncio.timeout(timeout):
        try:
            async with asyncio.timeout(None) as told:
                loop.add_reader(bare, listen)
                await loop.sock_sendall(bare, words)
        except TimeoutError:
            if not told.expired():
                raise
        finally:
            loop.remove_reader(bare)
    return bytes(heard), told.expired()


async def listens(step: str, about: Mapping[str, Any]) -> None:
    """For httpcore to tell of each step of a request: has each connection listen as it sends."""
    if step.endswith((".connect_tcp.complete", ".start_tls.complete")):
        _Listening(about["return_value"])


class _Listening:
    """Stands in for reading and writing of a connection, as httpcore gives it out."""

    def __init__(self, stream: Any) -> None:
        self._info = stream.get_extra_info
        self._read, self._write, self._close = stream.read, stream.write, stream.aclose
        self._heard: list[bytes] = []
        self._early = Early()
        self._told: asyncio.Timeout | None = None
        self._ear: asyncio.Task[None] | None = None
        stream.read, stream.write, stream.aclose = self.read, self.write, self.aclose
        stream.get_extra_info = self.info

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send all of it; what comes meanwhile is kept for the next `read`.

        Raises httpcore.WriteError where that says that nobody hears the rest.
        """
        if self._ear is None and not buffer.endswith(HEAD_END):
            # What was said to the request before it on this connection is nothing to this one.
            self._early = Early()
            self._ear = asyncio.create_task(self._listen())
            await asyncio.sleep(0)
        # Of its own: who gives up closes the connection while this waits.
        if (ear := self._ear) is not None:
            # To write where the other side has hung up loses what came before that.
            for _ in range(TURNS):
                if ear.done() or not self._info("is_readable"):
                    break
                await asyncio.sleep(0)
        if self._ear is None or not buffer:
            await self._write(buffer, timeout)
            return
        import httpcore

        try:
            async with asyncio.timeout(None) as self._told:
                if not self._early.is_over:
                    await self._write(buffer, timeout)
                    return
        except TimeoutError:
            pass
        finally:
            self._told = None
        raise httpcore.WriteError("answered before all had gone")

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """What has come; empty at the end."""
        await self._stop()
        if not self._heard:
            found: bytes = await self._read(max_bytes, timeout)
            return found
        # Together: what is behind the answer has to be seen with its end.
        whole = b"".join(self._heard)
        self._heard = [whole[max_bytes:]] if len(whole) > max_bytes else []
        return whole[:max_bytes]

    def info(self, name: str) -> Any:
        """What is known of the connection; what was heard and not read lies there to be read."""
        return (name == "is_readable" and bool(self._heard)) or self._info(name)

    async def aclose(self) -> None:
        """Neither listen nor send any more, also where whoever closes is given up meanwhile."""
        try:
            await self._stop()
        finally:
            await self._close()

    async def _listen(self) -> None:
        import httpcore

        size = 0
        # What broke is told to who reads on.
        with suppress(httpcore.NetworkError):
            while size < MOST:
                piece = await self._read(PIECE)
                if piece:
                    self._heard.append(piece)
                    size += len(piece)
                if self._early.hear(piece) and self._told is not None:
                    self._told.reschedule(asyncio.get_running_loop().time())
                    self._told = None
                if not piece:
                    return

    async def _stop(self) -> None:
        """Listen no more. Nobody else reads before it has ended: one may close while one reads."""
        if (ear := self._ear) is not None:
            ear.cancel()
            await asyncio.wait({ear})
            self._ear = None
