"""One connection of a feed, kept up: servers from the top, silence noticed, attempts spaced.

A link has one task and so never two attempts at once. It ends only by being stopped, or by a
refusal, which trying again cannot mend.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from random import Random
from typing import Any, Protocol

from tui.live.clock import Clock
from tui.live.feed import (
    Conversation,
    Converse,
    FeedState,
    Phase,
    RateMeter,
    Servers,
    Unavailable,
)
from tui.live.link_connection import Background, Connection, Ended, note
from tui.live.socket import CLOSE_REFUSALS, TOO_BIG, Socket

ATTEMPT = 5.0
"""Seconds that a server has for the handshake; its answer must come within the same five."""
STEADY = 30.0
"""Seconds after which a connection has proved itself and failures are counted anew."""
FIRST_WAIT = 1.0
LONGEST_WAIT = 60.0
DOUBLINGS = 10
"""Failures after which the wait between two attempts grows no more."""
HANGUPS = 3
"""Connections in a row, ended soon after they began, that make a pattern."""
UNANSWERED = 3
"""Rounds in which a living server leaves a subscription unanswered before it counts as a refusal:
a wrong token gets no other answer (reference, Igtimi, section 1.7)."""
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
        self._background = Background(note)
        self._mute = ""
        """Why a living server was given up that had left the subscription unanswered."""
        self.heard_at = clock.wall()
        """When the last frame came, by this machine's clock."""
        self._connection: Connection | None = None
        """The one that stands; nothing of an earlier one outlives it."""
        self._elsewhere = ""
        self._wake: asyncio.Event = asyncio.Event()

    @property
    def phase(self) -> Phase:
        """What was last said of how it goes."""
        return self.state.phase

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
        connection, conversation = self._connection, self.conversation
        if connection is None or conversation is None or not conversation.accepted:
            return False
        connection.hand_over()
        texts = conversation.follow(serials)
        if texts is None:
            return False
        self.serials = tuple(serials)
        for text in texts:
            await connection.say(text)
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
        # Only among those that may be sent the token; whoever speaks to us cannot name others.
        listed.sort(key=lambda server: server != self._elsewhere)
        self._elsewhere = ""
        reason = self._mute = ""
        for place, server in enumerate(listed, 1):
            self._server = server
            began = self._clock.monotonic()
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
            reason, accepted = await self._listen(socket, began)
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
                self._background.start(task.result().close())  # it was just about to be ours
            raise
        finally:
            timer.cancel()

    async def _listen(self, socket: Socket, began: float) -> tuple[str, bool]:
        """Hold the conversation to its end; return why it ended and whether it was accepted."""
        conversation = self.conversation
        if conversation is None:
            raise RuntimeError("there is no conversation to hold")
        connection = Connection(
            socket, conversation, self, self._clock, began=began, frame=self._frame
        )
        reason = "stopped"
        self._owner.opened(self)
        try:
            self._connection = connection
            ended = await connection.hold()
            reason = ended.reason
        finally:
            self._connection = None
            self._owner.deliver(self)
            self._owner.closed(self, reason)
            await socket.close()
        self._judge(conversation, ended)
        return reason, conversation.accepted

    def _judge(self, conversation: Conversation, ended: Ended) -> None:
        """Count what the end means for later ones. Raises Unavailable or TooManyDevices."""
        self._owner.ended(self)
        if conversation.refusal is not None:
            raise Unavailable(f"the server said: {conversation.refusal}", final=True)
        if not conversation.accepted:
            if ended.code == TOO_BIG and len(self.serials) > 1:
                raise TooManyDevices
            if ended.code in CLOSE_REFUSALS:
                raise Unavailable(ended.reason, final=True)
            if ended.unanswered:
                self._mute = ended.reason
        if ended.lasted >= STEADY and conversation.accepted:
            self._failures = self.hangups = 0
        elif conversation.accepted and not ended.given_up:
            self.hangups += 1
        self._elsewhere = conversation.elsewhere

    # What the connection tells: tui.live.link_connection.Listener

    def accepted(self) -> None:
        """Count the connection, and tell whom the link works for."""
        self.connections += 1
        self._owner.accepted(self)

    def heard(self, frame: bytes, wall: int) -> None:
        """Pass a frame on as it came."""
        self._owner.heard(self, frame, wall)

    def deliver(self) -> None:
        """Samples wait in the conversation."""
        self._owner.deliver(self)

    def lives(self, phase: Phase, reason: str) -> None:
        """Show how alive the connection is."""
        self._become(phase, reason)

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
