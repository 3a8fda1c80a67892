"""One connection of a feed from its first word to its end: heard, said, and how alive it is."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol

from tui.live.clock import Clock, Timer
from tui.live.feed import Conversation, Phase, RateMeter
from tui.live.socket import Closed, Socket

STALE_AFTER = 20.0
"""Seconds of silence after which a heartbeat is missing and the feed no longer looks alive."""
QUIET_AFTER = 60.0
"""Seconds without samples after which a feed is quiet: at rest a unit sends every 40 s."""
NOTHING_READABLE = (
    "accepted, but nothing came for a minute: no unit sends, or "
    "no window lets you read these devices"
)
BATCH_FRAMES = 64
BATCH_BYTES = 1536 * 1024

_log = logging.getLogger(__name__)


class Listener(Protocol):
    """Whom a connection tells what it hears."""

    rate: RateMeter
    heard_at: int
    """When the last frame came, by this machine's clock."""
    records: bool
    """Whether every frame is wanted as it came."""

    @property
    def phase(self) -> Phase:
        """What was last said of it."""
        ...

    def accepted(self) -> None:
        """The server has taken the subscription."""
        ...

    def heard(self, frame: bytes, wall: int) -> None:
        """A frame has arrived; called only if `records`."""
        ...

    def deliver(self) -> None:
        """Samples wait in the conversation."""
        ...

    def lives(self, phase: Phase, reason: str) -> None:
        """How alive the connection is, by what was last heard."""
        ...


class Background:
    """Tasks that nobody waits for; the event loop alone would forget them.

    Of one that ends in an error that nobody foresaw `failed` is told.
    """

    def __init__(self, failed: Callable[[BaseException], object]) -> None:
        self._tasks: set[asyncio.Future[None]] = set()
        self._failed = failed

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Run it until it ends."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._over)

    def _over(self, task: asyncio.Future[None]) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            self._failed(error)


def note(error: BaseException) -> None:
    """What can be shown nowhere any more stands in the log at least."""
    _log.error("A connection of the live feed was not ended cleanly", exc_info=error)


@dataclass(frozen=True)
class Ended:
    """How a connection ended."""

    reason: str
    code: int | None
    """The websocket's close code, where the other side sent one."""
    lasted: float
    """Seconds from the first attempt to the end."""
    given_up: bool
    """Whether it was ended here: for silence, or because nothing could be sent any more."""
    unanswered: bool
    """Whether a server that lives was given up for leaving the subscription unanswered."""


class Connection:
    """An open socket, the conversation on it, and what is only true as long as both last.

    `began` is when the server was first tried, in the clock's monotonic seconds.
    """

    def __init__(
        self,
        socket: Socket,
        conversation: Conversation,
        listener: Listener,
        clock: Clock,
        *,
        began: float,
        frame: float,
    ) -> None:
        self._socket = socket
        self._conversation = conversation
        self._listener = listener
        self._clock = clock
        self._began = began
        self._frame = frame
        self._background = Background(self._fail)
        self._holder: asyncio.Task[Any] | None = None
        """Who holds it, while it is held."""
        self._fault: BaseException | None = None
        self._accepted = self._late = False
        self._given_up: str | None = None
        self._frames = self._size = 0
        self._drain: Timer | None = None
        self._watch: Timer | None = None

    async def hold(self) -> Ended:
        """Open the conversation and listen until it ends; its timers end with it.

        Cancelled, it takes its timers with it too. The socket is left to be closed.
        Raises what nobody foresaw, of what is sent beside the listening too.
        """
        code: int | None = None
        self._holder = asyncio.current_task()
        try:
            # A server that has hung up already may have said why: that is heard below.
            with suppress(Closed):
                for text in self._conversation.open(self._began):
                    await self._socket.send(text)
            self._look()
            await self._socket.listen(self._hear)
            goodbye = self._conversation.goodbye
            reason = self._given_up or goodbye or "the conversation ended"
        except Closed as error:
            reason, code = self._given_up or error.reason, error.code
        except asyncio.CancelledError:
            # Whoever else wants the end has it: then it is no more than noted.
            if self._fault is None or self._holder is None or self._holder.uncancel():
                raise
            raise self._fault from None
        finally:
            self._holder = None
            for timer in (self._watch, self._drain):
                if timer is not None:
                    timer.cancel()
        return Ended(
            reason,
            code,
            lasted=self._clock.monotonic() - self._began,
            given_up=self._given_up is not None,
            unanswered=self._late and self._conversation.last_heard > self._began,
        )

    async def say(self, text: str) -> None:
        """Send a text; where that fails the listening side notices the same and acts on it."""
        try:
            await self._socket.send(text)
        except Closed as error:
            self._given_up = self._given_up or error.reason

    def _fail(self, error: BaseException) -> None:
        """End the holding with it: a connection that is not spoken on is none."""
        if self._holder is None or self._fault is not None:
            note(error)
            return
        self._fault = error
        self._holder.cancel()

    def hand_over(self) -> None:
        """Give what was heard to the listener now."""
        if self._drain is not None:
            self._drain.cancel()
            self._drain = None
        self._frames = self._size = 0
        self._listener.rate.mark(self._clock.monotonic())
        self._listener.deliver()

    def _hear(self, frame: bytes) -> bool:
        """Take in one frame; return whether to go on listening."""
        conversation, clock, listener = self._conversation, self._clock, self._listener
        wall = listener.heard_at = clock.wall()
        conversation.receive(frame, clock.monotonic(), wall)
        rate = listener.rate
        rate.messages += 1
        rate.bytes += len(frame)
        self._frames += 1
        self._size += len(frame)
        if listener.records:
            listener.heard(frame, wall)
        if listener.phase is not Phase.LIVE:
            if conversation.refusal is not None:
                return False
            if not self._accepted and conversation.accepted:
                self._accepted = True
                listener.accepted()
            self._reconsider()
        if self._frames >= BATCH_FRAMES or self._size >= BATCH_BYTES:
            self.hand_over()
        elif self._drain is None:
            self._drain = clock.call_later(self._frame, self.hand_over)
        over = conversation.refusal is not None or conversation.goodbye is not None
        return self._given_up is None and not over

    def _look(self) -> None:
        """See to what time brings: our heartbeat, silence, quiet. Sets its own next time."""
        conversation = self._conversation
        now = self._clock.monotonic()
        reason = conversation.dead(now)
        if reason is not None:
            self._given_up, self._late = reason, True
            self._background.start(self._socket.close())
            return
        for text in conversation.due(now):
            self._background.start(self.say(text))
        self._reconsider()
        times = [conversation.deadline()]
        if now < conversation.last_heard + STALE_AFTER:
            times.append(conversation.last_heard + STALE_AFTER)
        data = conversation.last_data
        quiet = (self._began if data is None else data) + QUIET_AFTER
        if now < quiet:
            times.append(quiet)
        self._watch = self._clock.call_later(max(min(times) - now, 0.01), self._look)

    def _reconsider(self) -> None:
        conversation = self._conversation
        if not conversation.accepted:
            return
        now = self._clock.monotonic()
        data = conversation.last_data
        if now - conversation.last_heard >= STALE_AFTER:
            self._listener.lives(Phase.STALE, f"nothing heard for over {STALE_AFTER:.0f} s")
        elif data is None and now - self._began >= QUIET_AFTER:
            self._listener.lives(Phase.QUIET, NOTHING_READABLE)
        elif data is None:
            self._listener.lives(Phase.QUIET, "connected; no samples yet")
        elif now - data >= QUIET_AFTER:
            self._listener.lives(Phase.QUIET, "heartbeats only; no samples for a minute")
        else:
            self._listener.lives(Phase.LIVE, "")
