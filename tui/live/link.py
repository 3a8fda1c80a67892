"""One connection of a feed, kept up: servers from the top, silence noticed, attempts spaced.

A link has one task and so never two attempts at once. It ends only by being stopped, or by a
refusal, which trying again cannot mend.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from random import Random
from typing import Any, Protocol

from tui.live.clock import Clock, Timer
from tui.live.feed import (
    Conversation,
    Converse,
    FeedState,
    Phase,
    RateMeter,
    Servers,
    Unavailable,
)
from tui.live.socket import CLOSE_REFUSALS, TOO_BIG, Closed, Socket

ATTEMPT = 5.0
"""Seconds that a server has for the handshake; its answer must come within the same five."""
STEADY = 30.0
"""Seconds after which a connection has proved itself and failures are counted anew."""
FIRST_WAIT = 1.0
LONGEST_WAIT = 60.0
DOUBLINGS = 10
"""Failures after which the wait between two attempts grows no more."""
STALE_AFTER = 20.0
"""Seconds of silence after which a heartbeat is missing and the feed no longer looks alive."""
QUIET_AFTER = 60.0
"""Seconds without samples after which a feed is quiet: at rest a unit sends every 40 s."""
HANGUPS = 3
"""Connections in a row, ended soon after they began, that make a pattern."""
UNANSWERED = 3
"""Rounds in which a living server leaves a subscription unanswered before it counts as a refusal:
a wrong token gets no other answer (reference, Igtimi, section 1.7)."""
BATCH_FRAMES = 64
BATCH_BYTES = 1536 * 1024

Connect = Callable[[str, Mapping[str, str]], Awaitable[Socket]]


class Owner(Protocol):
    """Whom a link works for."""

    def opened(self, link: Link) -> None:
        """A connection has begun."""
        ...

    def accepted(self, link: Link) -> None:
        """The server has taken the subscription."""
        ...

    def heard(self, link: Link, frame: bytes, wall: int) -> None:
        """A frame has arrived; called only if `records`."""
        ...

    def deliver(self, link: Link) -> None:
        """Samples wait in the link's conversation."""
        ...

    def ended(self, link: Link) -> None:
        """A conversation is over, whether it was accepted or not."""
        ...

    def closed(self, link: Link, reason: str) -> None:
        """A connection, accepted or not, has ended."""
        ...

    def changed(self) -> None:
        """The link's state is another."""
        ...


class TooManyDevices(Exception):
    """The server takes fewer devices on one connection."""


class Link:
    """Keeps one connection about `serials` alive and hands what it hears to its owner."""

    def __init__(
        self,
        number: int,
        serials: Sequence[str],
        *,
        servers: Servers,
        converse: Converse,
        connect: Connect,
        clock: Clock,
        owner: Owner,
        frame: float,
        random: Random,
    ) -> None:
        self.number = number
        self.serials = tuple(serials)
        self.rate = RateMeter()
        self.records = False
        self.conversation: Conversation | None = None
        self.state = FeedState(Phase.CONNECTING, since=clock.wall())
        self.connections = 0
        self.hangups = 0
        self._servers = servers
        self._converse = converse
        self._connect = connect
        self._clock = clock
        self._owner = owner
        self._frame = frame
        self._random = random
        self._failures = 0
        self._unanswered = 0
        self._server = ""
        self._began = 0.0
        self._tasks: set[asyncio.Future[None]] = set()
        self._drain: Timer | None = None
        self._watch: Timer | None = None
        self._given_up: str | None = None
        self._mute = ""
        """Why a living server was given up that had left the subscription unanswered."""
        self.heard_at = clock.wall()
        """When the last frame came, by this machine's clock."""
        self._talk: Conversation
        self._socket: Socket | None = None
        self._accepted = self._late = False
        self._frames = self._size = 0
        self._wake: asyncio.Event = asyncio.Event()

    async def run(self) -> None:
        """Connect, listen, connect again. Returns when refused.

        Raises TooManyDevices if the server says so of more than one device.
        """
        while True:
            try:
                reason = await self._round()
            except Unavailable as error:
                reason = error.reason
                if error.final:
                    self._become(Phase.REFUSED, reason)
                    return
            self._failures += 1
            delay = min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** min(self._failures - 1, DOUBLINGS))
            delay *= self._random.uniform(0.5, 1.0)
            if self.hangups >= HANGUPS:
                reason = f"accepted and hung up {self.hangups} times in a row; last: {reason}"
            self._become(Phase.RECONNECTING, reason, self._clock.monotonic() + delay)
            await self._pause(delay)

    def kick(self) -> None:
        """Try again now instead of later."""
        self._wake.set()

    async def follow(self, serials: Sequence[str]) -> bool:
        """Follow other devices on the connection that stands; False where only a new one helps."""
        socket, conversation = self._socket, self.conversation
        if socket is None or conversation is None or not conversation.accepted:
            return False
        self._hand_over()
        texts = conversation.follow(serials)
        if texts is None:
            return False
        self.serials = tuple(serials)
        for text in texts:
            await self._say(socket, text)
        return True

    async def _pause(self, delay: float) -> None:
        self._wake.clear()
        timer = self._clock.call_later(delay, self._wake.set)
        try:
            await self._wake.wait()
        finally:
            timer.cancel()

    async def _round(self) -> str:
        """Try the servers from the top; return why the first that worked ended, or none did."""
        self._become(Phase.CONNECTING, "asking for the servers")
        listed = list(await self._servers())
        if not listed:
            return "the service names no servers"
        reason = self._mute = ""
        for place, server in enumerate(listed, 1):
            self._server = server
            self._began = self._clock.monotonic()
            self._become(Phase.CONNECTING, f"{reason}; trying the next" if reason else "")
            try:
                socket = await self._within(ATTEMPT, self._open(server))
            except Unavailable as error:
                if error.final:
                    raise
                reason = error.reason
                continue
            except TimeoutError:
                reason = "no answer within 5 seconds"
                continue
            reason, accepted = await self._listen(socket)
            if accepted:
                self._unanswered = 0
                # One that hangs up each time must not keep us from those below it.
                if self.hangups < HANGUPS or place == len(listed):
                    return reason
        self._unanswered += bool(self._mute)
        if self._unanswered >= UNANSWERED:
            self._unanswered = 0
            raise Unavailable(f"{self._mute}: check the token and its permissions", final=True)
        return reason

    async def _open(self, server: str) -> Socket:
        self.conversation = self._converse(self.serials)
        return await self._connect(server, self.conversation.headers)

    async def _within(self, seconds: float, work: Coroutine[Any, Any, Socket]) -> Socket:
        """Await a socket, at most so long by our clock. Raises TimeoutError."""
        task = asyncio.ensure_future(work)
        late = False

        def expire() -> None:
            nonlocal late
            late = True
            task.cancel()

        timer = self._clock.call_later(seconds, expire)
        try:
            return await task
        except asyncio.CancelledError:
            if late and not _cancelling():
                raise TimeoutError from None
            if not task.cancel() and not task.cancelled() and task.exception() is None:
                self._task(task.result().close())  # it was just about to be ours
            raise
        finally:
            timer.cancel()

    async def _listen(self, socket: Socket) -> tuple[str, bool]:
        """Hold the conversation to its end; return why it ended and whether it was accepted."""
        conversation = self.conversation
        if conversation is None:
            raise RuntimeError("there is no conversation to hold")
        began = self._began
        self._given_up, self._late = None, False
        self._talk, self._accepted = conversation, False
        self._frames = self._size = 0
        code: int | None = None
        reason = "stopped"
        self._owner.opened(self)
        try:
            # A server that has hung up already may have said why: that is heard below.
            with suppress(Closed):
                for text in conversation.open(began):
                    await socket.send(text)
            self._look(socket)
            self._socket = socket
            await socket.listen(self._hear)
            reason = self._why("the conversation ended")
        except Closed as error:
            reason, code = self._why(error.reason), error.code
        finally:
            self._socket = None
            for timer in (self._watch, self._drain):
                if timer is not None:
                    timer.cancel()
            self._watch = self._drain = None
            self._owner.deliver(self)
            self._owner.closed(self, reason)
            await socket.close()
        return self._judge(conversation, reason, code, self._clock.monotonic() - began)

    def _why(self, otherwise: str) -> str:
        return self._given_up or otherwise

    def _judge(
        self, conversation: Conversation, reason: str, code: int | None, lasted: float
    ) -> tuple[str, bool]:
        self._owner.ended(self)
        if conversation.refusal is not None:
            raise Unavailable(f"the server said: {conversation.refusal}", final=True)
        if not conversation.accepted:
            if code == TOO_BIG and len(self.serials) > 1:
                raise TooManyDevices
            if code in CLOSE_REFUSALS:
                raise Unavailable(reason, final=True)
            if self._late and conversation.last_heard > self._began:
                self._mute = reason
        if lasted >= STEADY and conversation.accepted:
            self._failures = self.hangups = 0
        elif self._given_up is None:
            self.hangups += 1
        return reason, conversation.accepted

    def _hear(self, frame: bytes) -> bool:
        """Take in one frame; return whether to go on listening."""
        conversation, clock, rate = self._talk, self._clock, self.rate
        wall = self.heard_at = clock.wall()
        conversation.receive(frame, clock.monotonic(), wall)
        rate.messages += 1
        rate.bytes += len(frame)
        self._frames += 1
        self._size += len(frame)
        if self.records:
            self._owner.heard(self, frame, wall)
        if self.state.phase is not Phase.LIVE:
            if conversation.refusal is not None:
                return False
            if not self._accepted and conversation.accepted:
                self._accepted = True
                self.connections += 1
                self._owner.accepted(self)
            self._reconsider(conversation)
        if self._frames >= BATCH_FRAMES or self._size >= BATCH_BYTES:
            self._hand_over()
        elif self._drain is None:
            self._drain = clock.call_later(self._frame, self._hand_over)
        return self._given_up is None and conversation.refusal is None

    def _hand_over(self) -> None:
        if self._drain is not None:
            self._drain.cancel()
            self._drain = None
        self._frames = self._size = 0
        self.rate.mark(self._clock.monotonic())
        self._owner.deliver(self)

    def _look(self, socket: Socket) -> None:
        """See to what time brings: our heartbeat, silence, quiet. Sets its own next time."""
        conversation = self.conversation
        if conversation is None:
            return
        now = self._clock.monotonic()
        reason = conversation.dead(now)
        if reason is not None:
            self._given_up, self._late = reason, True
            self._task(socket.close())
            return
        for text in conversation.due(now):
            self._task(self._say(socket, text))
        self._reconsider(conversation)
        times = [conversation.deadline()]
        if now < conversation.last_heard + STALE_AFTER:
            times.append(conversation.last_heard + STALE_AFTER)
        data = conversation.last_data
        if data is not None and now < data + QUIET_AFTER:
            times.append(data + QUIET_AFTER)
        delay = max(min(times) - now, 0.01)
        self._watch = self._clock.call_later(delay, lambda: self._look(socket))

    def _task(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _say(self, socket: Socket, text: str) -> None:
        try:
            await socket.send(text)
        except Closed as error:
            # The listening side notices the same and acts on it.
            self._given_up = self._given_up or error.reason

    def _reconsider(self, conversation: Conversation) -> None:
        """Say how alive the connection is by what was last heard."""
        if not conversation.accepted:
            return
        now = self._clock.monotonic()
        data = conversation.last_data
        silence = now - conversation.last_heard
        if silence >= STALE_AFTER:
            self._become(Phase.STALE, f"nothing heard for over {STALE_AFTER:.0f} s")
        elif data is None:
            self._become(Phase.QUIET, "connected; no samples yet")
        elif now - data >= QUIET_AFTER:
            self._become(Phase.QUIET, "heartbeats only; no samples for a minute")
        else:
            self._become(Phase.LIVE, "")

    def _become(self, phase: Phase, reason: str, retry_at: float | None = None) -> None:
        if (phase, reason, self._server) == (
            self.state.phase,
            self.state.reason,
            self.state.server,
        ) and retry_at is None:
            return
        self.state = FeedState(phase, reason, self._server, self._clock.wall(), retry_at)
        self._owner.changed()


def _cancelling() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
