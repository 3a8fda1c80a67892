"""A line to the services that breaks in every way: refused, cut anywhere, silent, late, busy."""

from __future__ import annotations

import asyncio
import random
import socket
import threading
from contextlib import suppress

FAULTS = ("refuse", "cut request", "cut answer", "silent", "late", "busy")
BUSY = b"HTTP/1.1 503 Unavailable\r\nContent-Length: 4\r\nConnection: close\r\n\r\nbusy"
CLASSES = (0, 1, 15, 60, 200, 350, 500, 900, 2000)
"""Bytes after which a line is cut: before, in the first line, the head, the body, at its end."""


class FaultProxy:
    """Forwards connections to a port; each of them may break. Runs in a thread of its own."""

    def __init__(self, port: int, seed: int) -> None:
        self.target = port
        self.faulty = 0.0
        """How likely a connection breaks."""
        self.counts = dict.fromkeys(FAULTS, 0)
        self._random = random.Random(seed)
        self._loop = asyncio.new_event_loop()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._open: set[asyncio.StreamWriter] = set()
        self._nobody = asyncio.Event()
        """Nobody is on the line."""
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> FaultProxy:
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def begin(self, seed: int, faulty: float) -> None:
        """Another sequence of faults."""
        self._random.seed(seed)
        self.faulty = faulty

    def finish(self) -> None:
        """Return once nothing is on the line any more: all who used it are gone."""
        self.faulty = 0.0
        asyncio.run_coroutine_threadsafe(self._left(), self._loop).result(20)

    async def _left(self) -> None:
        # Who came before this one has been let in when this one is answered.
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write_eof()
        with suppress(ConnectionError):
            await reader.read()
        writer.close()
        await self._nobody.wait()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(
            asyncio.start_server(self._serve, sock=self._listener)
        )
        self._ready.set()
        self._loop.run_forever()
        server.close()
        for writer in list(self._open):
            writer.transport.abort()
        tasks = asyncio.all_tasks(self._loop)
        for task in tasks:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        self._loop.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        self._nobody.clear()
        back: asyncio.StreamWriter | None = None
        try:
            with suppress(ConnectionError):
                if self._breaks("refuse"):
                    return
                there, back = await asyncio.open_connection("127.0.0.1", self.target)
                self._open.add(back)
                await _Line(self, reader, writer, there, back).carry()
        finally:
            for end in (writer, back):
                if end is not None:
                    self._open.discard(end)
                    end.transport.abort()
            if not self._open:
                self._nobody.set()

    def _breaks(self, fault: str) -> bool:
        if self._random.random() >= self.faulty / len(FAULTS):
            return False
        self.counts[fault] += 1
        return True

    def fault(self) -> str:
        """What becomes of the next request; "" for nothing."""
        if self._random.random() >= self.faulty:
            return ""
        fault = self._random.choice(FAULTS[1:])
        self.counts[fault] += 1
        return fault

    def limit(self) -> int:
        """Bytes after which something is cut."""
        return self._random.choice(CLASSES) + self._random.randrange(8)


class _Line:
    """One connection: each request on it may meet another fault."""

    def __init__(
        self,
        proxy: FaultProxy,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        there: asyncio.StreamReader,
        back: asyncio.StreamWriter,
    ) -> None:
        self._proxy = proxy
        self._reader = reader
        self._writer = writer
        self._there = there
        self._back = back
        self._answering = True
        self._fault = ""
        self._left = 0

    async def carry(self) -> None:
        """Both ways, until one of them ends."""
        ways = [asyncio.ensure_future(self._requests()), asyncio.ensure_future(self._answers())]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)

    async def _requests(self) -> None:
        while data := await self._reader.read(65536):
            if self._answering:
                self._answering = False
                self._fault, self._left = self._proxy.fault(), self._proxy.limit()
            if self._fault == "silent":
                continue
            if self._fault == "busy":
                self._writer.write(BUSY)
                await self._writer.drain()
                return
            if self._fault == "cut request":
                data, self._left = data[: self._left], max(0, self._left - len(data))
            self._back.write(data)
            await self._back.drain()
            if self._fault == "cut request" and not self._left:
                return

    async def _answers(self) -> None:
        while data := await self._there.read(65536):
            self._answering = True
            if self._fault == "late":
                # It comes and is not handed on: until who asked has given up.
                continue
            if self._fault == "cut answer":
                data, self._left = data[: self._left], max(0, self._left - len(data))
            self._writer.write(data)
            await self._writer.drain()
            if self._fault == "cut answer" and not self._left:
                return
