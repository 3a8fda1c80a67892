"""A timer for frames that sleeps only until the next one is wanted.

Textual's sleeps out its period after each call before it looks whether it was paused: every frame,
each second of a clock that runs among them, woke the deck a second time for nothing. Textual's
version is pinned exactly, and a test holds what is used of it here.
"""

from __future__ import annotations

from asyncio import Event, sleep

from textual._time import get_time
from textual.message_pump import MessagePump
from textual.timer import EventTargetGone, Timer, TimerCallback


class RestingTimer(Timer):
    """Calls as soon as it is resumed, and never twice within its interval; paused, it rests."""

    _active: Event  # type: ignore[assignment]

    @classmethod
    def begin(cls, owner: MessagePump, interval: float, callback: TimerCallback) -> RestingTimer:
        """One that is paused, and is stopped with its owner."""
        timer = cls(owner, interval, callback=callback, pause=True)
        timer._start()
        owner._timers.add(timer)
        return timer

    async def _run(self) -> None:
        due, count = 0.0, 0
        while True:
            await self._active.wait()
            wait = due - get_time()
            if wait > 0:
                await sleep(wait)
                continue
            count += 1
            due = get_time() + self._interval
            try:
                await self._tick(next_timer=due, count=count)
            except EventTargetGone:
                break
