"""The live websocket, `/igtimi/live` (reference/igtimi.md section 1).

Heartbeats `1` go out from the connection on. The client sends one configuration, is answered the
server's clock as a bare integer, and then gets arrays of objects.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace

import msgspec
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from tui.embedded.context import Context
from tui.embedded.igtimi.access import Reach, caller_of_token
from tui.embedded.igtimi.answers import now_milliseconds
from tui.embedded.igtimi.live_messages import StepMessages
from tui.embedded.igtimi.rights import Span, readable_spans
from tui.embedded.igtimi.runtime import Runtime, runtime

HEARTBEAT = "1"
OUTBOX_BYTES = 8 << 20
"""What may wait for a client that reads slowly; with more than this it is dropped."""

_CLOSE_NORMAL, _CLOSE_AWAY, _CLOSE_TOO_SLOW, _CLOSE_FAILED = 1000, 1001, 1008, 1011


class Connection:
    """One live connection."""

    def __init__(self, context: Context, websocket: WebSocket) -> None:
        self._context = context
        self._runtime: Runtime = runtime(context)
        self._websocket = websocket
        # A connection keeps the faults and intervals that were set when it opened.
        self._faults = replace(self._runtime.faults)
        self._timing = replace(self._runtime.timing)
        self._outbox: deque[str | bytes] = deque()
        self._waiting = 0
        self._filled = asyncio.Event()
        self._ending: int | None = None
        self._spans: dict[str, list[Span]] = {}
        self._configured = False
        self._swapped: str | None = None
        self._deadline = 0.0
        self._refused_until: float | None = None

    async def serve(self) -> None:
        """Until one side ends it."""
        self._runtime.faults.connections += 1
        await self._websocket.accept()
        if self._faults.close_on_accept:
            await self._websocket.close(_CLOSE_AWAY)
            return
        tasks = [asyncio.create_task(self._send())]
        if not self._faults.silent:
            tasks.append(asyncio.create_task(self._beat()))
        tasks.append(asyncio.create_task(self._receive()))
        try:
            await asyncio.wait(tasks[:1] + tasks[-1:], return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._runtime.feed.detach(self)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self._close()

    async def _close(self) -> None:
        states = (self._websocket.client_state, self._websocket.application_state)
        if states == (WebSocketState.CONNECTED, WebSocketState.CONNECTED):
            with suppress(WebSocketDisconnect, RuntimeError):
                await self._websocket.close(_CLOSE_NORMAL if self._ending is None else self._ending)

    # Sending -----------------------------------------------------------------------------

    def _put(self, frame: str | bytes) -> None:
        self._outbox.append(frame)
        self._waiting += len(frame)
        if self._waiting > OUTBOX_BYTES:
            self._end(_CLOSE_TOO_SLOW)
        self._filled.set()

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
                        await self._websocket.send_text(frame)
                    else:
                        await self._websocket.send_bytes(frame)
                except (WebSocketDisconnect, RuntimeError):
                    # The client is gone; receiving finds that out too.
                    return
                sent += 1
                if self._faults.drop_after is not None and sent >= self._faults.drop_after:
                    self._end(_CLOSE_AWAY)
            if self._ending is None:
                self._filled.clear()
                await self._filled.wait()

    async def _beat(self) -> None:
        while True:
            self._put(HEARTBEAT)
            await asyncio.sleep(self._timing.heartbeat)

    def offer(self, messages: StepMessages) -> None:
        """Take what happened in a step, and send what this connection may see of it."""
        now = now_milliseconds(self._context)
        open_now = frozenset(
            serial
            for serial, spans in self._spans.items()
            if any(first <= now <= last for first, last in spans)
        )
        for text in messages.texts(open_now):
            self._put_data(text)

    def _put_data(self, text: str) -> None:
        if self._faults.garbage is not None:
            self._put(self._faults.garbage)
        if not self._faults.reorder:
            frames = [text]
        elif self._swapped is None:
            self._swapped = text
            return
        else:
            frames = [text, self._swapped]
            self._swapped = None
        for frame in frames:
            self._put(frame)
            if self._faults.duplicate:
                self._put(frame)

    def fail(self) -> None:
        """The feed cannot go on."""
        self._end(_CLOSE_FAILED)

    # Receiving ---------------------------------------------------------------------------

    async def _receive(self) -> None:
        loop = asyncio.get_running_loop()
        self._deadline = loop.time() + self._timing.client_silence
        while True:
            until = min(self._deadline, self._refused_until or self._deadline)
            try:
                message = await asyncio.wait_for(
                    self._websocket.receive(), max(0.0, until - loop.time())
                )
            except TimeoutError:
                return
            if message["type"] == "websocket.disconnect":
                return
            text = message.get("text")
            if text is None:
                text = message["bytes"].decode("utf-8", "replace")
            if text.strip() == HEARTBEAT:
                self._deadline = loop.time() + self._timing.client_silence
            elif not self._configured and not self._faults.silent:
                await self._configure(text)

    async def _configure(self, text: str) -> None:
        """The one configuration message; what is none is passed over, as nothing is documented."""
        configuration = read_configuration(text)
        if configuration is None:
            return
        self._configured = True
        token, serials = configuration
        caller = None if self._faults.refuse_token else caller_of_token(self._context, token)
        if caller is None:
            loop = asyncio.get_running_loop()
            self._refused_until = loop.time() + self._timing.refusal
            return
        # Serials that are foreign or unknown are passed over without a word.
        self._spans = readable_spans(self._context, Reach(self._context, caller), serials)
        if self._faults.integer_delay > 0.0:
            await asyncio.sleep(self._faults.integer_delay)
        self._put(str(now_milliseconds(self._context)))
        self._runtime.feed.attach(self)


def read_configuration(text: str) -> tuple[str, list[str]] | None:
    """Token and serials of a configuration, or None when it is none.

    The vendor's prose has `auth_token` and `units`, its transcript and every client seen
    `access_token` and `devices` (section 1.3): both are taken.
    """
    try:
        content = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        return None
    if not isinstance(content, dict):
        return None
    token = content.get("access_token", content.get("auth_token"))
    devices = content.get("devices", content.get("units"))
    if not isinstance(token, str) or not isinstance(devices, list):
        return None
    return token, [serial for serial in devices if isinstance(serial, str)]


def live_endpoint(context: Context) -> Callable[[WebSocket], Awaitable[None]]:
    """The websocket endpoint of a context."""

    async def live(websocket: WebSocket) -> None:
        await Connection(context, websocket).serve()

    return live
