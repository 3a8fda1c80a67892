"""Answers that come before all of a request has gone, such as "too large" or "not logged in".

Who answers so may hang up at once. What was said is read while the rest is still being sent:
afterwards asyncio gives up what has come over a connection together with the connection.
"""

from __future__ import annotations

import asyncio
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
        self._ear: asyncio.Task[None] | None = None
        stream.read, stream.write, stream.aclose = self.read, self.write, self.aclose
        stream.get_extra_info = self.info

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send all of it; what comes meanwhile is kept for the next `read`."""
        if self._ear is None and not buffer.endswith(HEAD_END):
            self._ear = asyncio.create_task(self._listen())
            await asyncio.sleep(0)
        # Of its own: who gives up closes the connection while this waits.
        if (ear := self._ear) is not None:
            # To write where the other side has hung up loses what came before that.
            for _ in range(TURNS):
                if ear.done() or not self._info("is_readable"):
                    break
                await asyncio.sleep(0)
        await self._write(buffer, timeout)

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
        """Neither listen nor send any more."""
        await self._stop()
        await self._close()

    async def _listen(self) -> None:
        import httpcore

        size = 0
        # What broke is told to who reads on.
        with suppress(httpcore.NetworkError):
            while size < MOST and (piece := await self._read(PIECE)):
                self._heard.append(piece)
                size += len(piece)

    async def _stop(self) -> None:
        """Listen no more. Nobody else reads before it has ended: one may close while one reads."""
        if (ear := self._ear) is not None:
            ear.cancel()
            await asyncio.wait({ear})
            self._ear = None
