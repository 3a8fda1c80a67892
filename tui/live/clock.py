"""Time, so that it can be given: rates, heartbeats and backoff are tested without waiting."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Protocol


class Timer(Protocol):
    """Something that will happen, unless cancelled."""

    def cancel(self) -> None:
        """Forget it."""
        ...


class Clock(Protocol):
    """The time, and waiting for it."""

    def monotonic(self) -> float:
        """Return seconds that only ever grow."""
        ...

    def wall(self) -> int:
        """Return UTC in milliseconds since the epoch."""
        ...

    def call_later(self, delay: float, callback: Callable[[], None]) -> Timer:
        """Call `callback` after `delay` seconds."""
        ...

    async def sleep(self, delay: float) -> None:
        """Return after `delay` seconds."""
        ...


_PASSED = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
"""The clock that nobody sets, and that goes on while the machine sleeps."""


class SystemClock:
    """The time of this machine and of the running event loop.

    Once it has begun, setting the machine's clock changes nothing of it: by that all boats would
    have fallen silent, or their clocks be ahead, and what is recorded come twice.
    """

    def __init__(self) -> None:
        self._began = time.time_ns() - time.clock_gettime_ns(_PASSED)

    def monotonic(self) -> float:
        """Return seconds that only ever grow."""
        return time.monotonic()

    def wall(self) -> int:
        """Return UTC in milliseconds since the epoch."""
        return (self._began + time.clock_gettime_ns(_PASSED)) // 1_000_000

    def call_later(self, delay: float, callback: Callable[[], None]) -> Timer:
        """Call `callback` after `delay` seconds."""
        return asyncio.get_running_loop().call_later(delay, callback)

    async def sleep(self, delay: float) -> None:
        """Return after `delay` seconds."""
        await asyncio.sleep(delay)


EARLY = 0.01
"""Seconds before its time that news are told all the same: waiting for the rest wakes twice."""


class Notifier:
    """Tells listeners that something is new, at most once an interval, and never when quiet."""

    def __init__(self, clock: Clock, interval: float) -> None:
        self._clock = clock
        self._interval = interval
        self._listeners: list[Callable[[], None]] = []
        self._next = 0.0
        self._timer: Timer | None = None

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` on news; call what is returned to stop that."""
        self._listeners.append(listener)

        def unsubscribe() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return unsubscribe

    def poke(self) -> None:
        """There is news."""
        if self._timer is not None:
            return
        delay = self._next - self._clock.monotonic()
        if delay <= EARLY:
            self._fire()
        else:
            self._timer = self._clock.call_later(delay, self._fire)

    def _fire(self) -> None:
        self._timer = None
        self._next = self._clock.monotonic() + self._interval
        for listener in tuple(self._listeners):
            listener()

    def close(self) -> None:
        """Forget news that were not told yet."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
