"""What every live connection does, whatever it speaks: heartbeats, an outbox, patience, faults."""

from __future__ import annotations

import asyncio
import logging
from abc import ABC, abstractmethod
from collections import deque
from contextlib import suppress
from dataclasses import replace

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from tui.embedded.context import Context
from tui.embedded.igtimi.access import Caller, Reach
from tui.embedded.igtimi.answers import now_milliseconds
from tui.embedded.igtimi.live_messages import StepMessages
from tui.embedded.igtimi.rights import Span, readable_spans
from tui.embedded.igtimi.runtime import Runtime, runtime

HEARTBEAT = "1"
OUTBOX_BYTES = 8 << 20
"""What may wait for a client that reads slowly; with more than this it is dropped."""

_CLOSE_NORMAL, _CLOSE_AWAY, _CLOSE_TOO_SLOW, _CLOSE_FAILED = 1000, 1001, 1008, 1011

_log = logging.getLogger(__name__)


class LiveConnection(ABC):
    """One live connection; a dialect says how it is configured and what its frames look like."""

    def __init__(self, context: Context, websocket: WebSocket) -> None:
        self.context = context
        self.websocket = websocket
        self.runtime: Runtime = runtime(context)
        # A connection keeps the faults and intervals that were set when it opened.
        self.faults = replace(self.runtime.faults)
        self.timing = replace(self.runtime.timing)
        self._outbox: deque[str | bytes] = deque()
        self._waiting = 0
        self._filled = asyncio.Event()
        self._ending: int | None = None
        self._spans: dict[str, list[Span]] = {}
        self._swapped: str | bytes | None = None
        self._silence_ends = 0.0
        self._refused_until: float | None = None

    @abstractmethod
    async def on_text(self, text: str) -> None:
        """A frame from the client that is no heartbeat."""

    @abstractmethod
    def frames(self, messages: StepMessages, serials: frozenset[str]) -> list[str] | list[bytes]:
        """What goes out for a step to who wants these units."""

    async def serve(self) -> None:
        """Until one side ends it."""
        self.runtime.faults.connections += 1
        await self.websocket.accept()
        if self.faults.close_on_accept:
            await self.websocket.close(_CLOSE_AWAY)
            return
        tasks = [asyncio.create_task(self._send()), asyncio.create_task(self._receive())]
        if not self.faults.silent:
            tasks.append(asyncio.create_task(self._beat()))
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self.runtime.feed.detach(self)
            for task in tasks:
                task.cancel()
            for end in await asyncio.gather(*tasks, return_exceptions=True):
                if isinstance(end, Exception):
                    # Nobody foresaw it: the client is not to take it for an end in order.
                    _log.error("A live connection failed", exc_info=end)
                    self._ending = _CLOSE_FAILED
            await self._close()

    async def subscribe(self, caller: Caller, serials: list[str]) -> None:
        """Answer the server's time, and deliver these units from now on.

        Serials that are foreign or unknown are passed over without a word.
        """
        self._spans = readable_spans(self.context, Reach(self.context, caller), serials)
        if self.faults.integer_delay > 0.0:
            await asyncio.sleep(self.faults.integer_delay)
        self._put(str(now_milliseconds(self.context)))
        self.runtime.feed.attach(self)

    def refuse(self) -> None:
        """Say nothing more but heartbeats, and close after a while."""
        self._refused_until = asyncio.get_running_loop().time() + self.timing.refusal

    def offer(self, messages: StepMessages) -> None:
        """Take what happened in a step, and send what this connection may see of it."""
        now = now_milliseconds(self.context)
        open_now = frozenset(
            serial
            for serial, spans in self._spans.items()
            if any(first <= now <= last for first, last in spans)
        )
        for frame in self.frames(messages, open_now):
            self._put_data(frame)

    def fail(self) -> None:
        """The feed cannot go on."""
        self._end(_CLOSE_FAILED)

    async def _close(self) -> None:
        states = (self.websocket.client_state, self.websocket.application_state)
        if states == (WebSocketState.CONNECTED, WebSocketState.CONNECTED):
            with suppress(WebSocketDisconnect, RuntimeError):
                await self.websocket.close(_CLOSE_NORMAL if self._ending is None else self._ending)

    def _put(self, frame: str | bytes) -> None:
        self._outbox.append(frame)
        self._waiting += len(frame)
        if self._waiting > OUTBOX_BYTES:
            self._end(_CLOSE_TOO_SLOW)
        self._filled.set()

    def _put_data(self, frame: str | bytes) -> None:
        if self.faults.garbage is not None:
            self._put(self.faults.garbage)
        if not self.faults.reorder:
            ordered = [frame]
        elif self._swapped is None:
            self._swapped = frame
            return
        else:
            ordered = [frame, self._swapped]
            self._swapped = None
        for each in ordered:
            self._put(each)
            if self.faults.duplicate:
                self._put(each)

    def _end(self, code: int) -> None:
        self._ending = code
        self._filled.set()

    async def _send(self) -> None:
        """The only task that sends, so that frames never interleave."""
        sent = 0
        while self._ending is None:
            while self._outbox and self._ending is None:
                frame = self._outbox.popleft()
                self._waiting -= len(frame)
                try:
                    if isinstance(frame, str):
                        await self.websocket.send_text(frame)
                    else:
                        await self.websocket.send_bytes(frame)
                except (WebSocketDisconnect, RuntimeError):
                    # The client is gone; receiving finds that out too.
                    return
                sent += 1
                if self.faults.drop_after is not None and sent >= self.faults.drop_after:
                    self._end(_CLOSE_AWAY)
            if self._ending is None:
                self._filled.clear()
                await self._filled.wait()

    async def _beat(self) -> None:
        while True:
            self._put(HEARTBEAT)
            await asyncio.sleep(self.timing.heartbeat)

    async def _receive(self) -> None:
        loop = asyncio.get_running_loop()
        self._silence_ends = loop.time() + self.timing.client_silence
        while True:
            until = min(self._silence_ends, self._refused_until or self._silence_ends)
            try:
                # Not wait_for: up to Python 3.11 it loses a cancellation that comes with a frame.
                async with asyncio.timeout_at(until):
                    message = await self.websocket.receive()
            except TimeoutError:
                return
            if message["type"] == "websocket.disconnect":
                return
            text = message.get("text")
            if text is None:
                text = message["bytes"].decode("utf-8", "replace")
            if text.strip() == HEARTBEAT:
                self._silence_ends = loop.time() + self.timing.client_silence
            elif not self.faults.silent:
                await self.on_text(text)
