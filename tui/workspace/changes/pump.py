"""Sends what waits, by itself, while the deck is open; asleep without a timer when nothing does."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from time import monotonic

from tui.workspace.changes.history import History

SOONEST = 15.0
"""Seconds until a service that could not be reached is tried again; doubled each time."""
LATEST = 300.0

Sleep = Callable[[float], Awaitable[object]]


class Pump:
    """Tries what waits already when it starts, and whatever waits when the service has answered
    a read; in between ever more seldom. It runs in the event loop of who starts it.
    """

    def __init__(self, history: History, *, sleep: Sleep = asyncio.sleep) -> None:
        self._history = history
        self._sleep = sleep
        self._running: asyncio.Task[None] | None = None
        self._news = asyncio.Event()
        """Set where a rest may end, or where what waits may be something else."""
        self.moved: Callable[[], object] = lambda: None
        """Is told when something waits no more, whoever has sent or dropped it."""
        self._waits: dict[str, str] = {}
        """What waits: the service by the id of each change."""
        self._answered: set[str] = set()
        self._left_alone: dict[str, float] = {}
        """Services that asked to be left alone, and until when (`monotonic`)."""
        self._heard: set[str] = set()
        """Services that answered while it was not known whether something waits for them."""
        self._changes = 0
        """How many changes were told."""
        self._looked_at = 0
        """How many of them were told when what waits was looked for."""
        self._stop_listening: Callable[[], None] | None = None

    @property
    def is_awake(self) -> bool:
        """Whether something waits and is being seen to."""
        return self._running is not None and not self._running.done()

    def start(self) -> None:
        """Listen from now on, and see to what waits already."""
        if self._stop_listening is None and not self._history.read_only:
            self._stop_listening = self._history.on_change(lambda _operation: self._wake())
            self._wake(at_once=True)

    def answered(self, service: str) -> None:
        """A service has answered: what waits for it is tried at once, also what began to wait a
        moment ago and is still being looked for."""
        if monotonic() < self._left_alone.get(service, 0.0):
            return
        if service in self._waits.values():
            self._answered.add(service)
            self._news.set()
        elif self._looked_at != self._changes:
            self._heard.add(service)

    def at_once(self) -> None:
        """A person has let something go: it is tried now, whatever could be reached before."""
        self._answered.add("")
        self._news.set()

    async def stop(self) -> None:
        """See to nothing any more. A change that is on its way is given up as by a person."""
        if self._stop_listening is not None:
            self._stop_listening()
            self._stop_listening = None
        running, self._running = self._running, None
        if running is not None:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    # -- within ---------------------------------------------------------------------------------

    def _wake(self, *, at_once: bool = False) -> None:
        self._changes += 1
        self._news.set()
        if not self.is_awake:
            self._running = asyncio.get_running_loop().create_task(self._run(at_once))
            self._running.add_done_callback(self._ended)

    def _ended(self, running: asyncio.Task[None]) -> None:
        error = None if running.cancelled() else running.exception()
        if error is not None:
            # Nobody waits for it, and what nobody hears of nobody mends.
            self._history.sender.told(
                f"What waits is not sent by itself until the next change: a fault of this program "
                f"({error!r})."
            )

    async def _run(self, at_once: bool) -> None:
        """Rest, then send, until nothing waits. What has just begun to wait could not be sent a
        moment ago: it rests first."""
        pause = SOONEST
        while True:
            await self._look()
            if not self._waits:
                return
            if not at_once:
                await self._rest(pause)
                pause = min(LATEST, pause * 2)
            at_once = False
            waits = await self._send()
            pause = max(pause, *waits, 0.0)

    async def _look(self) -> None:
        """Find out what waits, and which of the services that answered meanwhile it waits for."""
        while True:
            told = self._changes
            before, self._waits = self._waits, await self._waiting()
            if before.keys() - self._waits.keys():
                self.moved()
            if told == self._changes:
                break
        self._looked_at = told
        self._answered |= self._heard.intersection(self._waits.values())
        self._heard.clear()

    async def _rest(self, seconds: float) -> None:
        """Until it is time, a service has answered that something waits for, or nothing waits.

        What begins to wait meanwhile is known from then on, whatever the rest is for.
        """
        if self._answered:
            return
        resting = asyncio.ensure_future(self._sleep(seconds))
        try:
            while self._waits and not self._answered and not resting.done():
                self._news.clear()
                if self._looked_at != self._changes:
                    await self._look()
                    continue
                news = asyncio.ensure_future(self._news.wait())
                try:
                    await asyncio.wait([resting, news], return_when=asyncio.FIRST_COMPLETED)
                finally:
                    news.cancel()
        finally:
            resting.cancel()

    async def _send(self) -> list[float]:
        """One round, only to the services that answered where some did; how long those that could
        not be reached ask to be left alone. A disk that refuses is tried again later."""
        answered, self._answered = self._answered, set()
        waits: list[float] = []
        with suppress(OSError):
            for service in sorted(answered) or [""]:
                closed = (await self._history.outbox.send_round(service)).closed
                for name, wait in closed.items():
                    if wait is not None:
                        self._left_alone[name] = monotonic() + wait
                        waits.append(wait)
        return waits

    async def _waiting(self) -> dict[str, str]:
        """What waits for the present accounts, and not for a person."""
        try:
            found = await self._history.outbox.still_open()
        except OSError:
            return {}
        owners = self._history.sender.owners()
        return {
            one.id: one.service
            for one in found
            if one.state == "waiting" and not one.held and one.owner in owners
        }
