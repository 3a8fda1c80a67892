"""What a call may cost: how long it may take, how slowly it may go, how often it is tried."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from datetime import UTC
from math import isfinite
from time import time
from typing import TypeVar

import msgspec

from tui.services.errors import NotNow, RateLimited, ServiceError

T = TypeVar("T")

LONGEST_WAIT = 86_400.0
"""Seconds: a service that wants to be left alone for longer is asked again after a day."""
LONGER = "The service asks to be left alone for longer than a day; try again after that."


class Limits(msgspec.Struct, frozen=True):
    """What one service's calls may cost. Times in seconds, sizes in bytes."""

    connect: float = 10.0
    read: float = 60.0
    """Between two pieces of an answer."""
    total: float = 120.0
    """A whole call with its tries and waits, and the time that its bodies may take beside."""
    rate: float = 1024.0
    """Bytes a second. Every byte of a body gives its call as much more time as this says, so
    that large files and tables may take long, and what only dribbles may not: what came or went
    fast leaves no time for what dribbles after it (see BUFFERED)."""
    answer: int = 64 * 1024 * 1024
    retries: int = 2
    backoff: float = 0.5
    backoff_limit: float = 8.0
    wait_limit: float = 20.0
    """A longer Retry-After is not waited for: it is raised as RateLimited."""
    connections: int = 10
    idle: float = 4.0
    """A connection at rest is closed after this long. Many servers close theirs after 5 s (Apache's
    KeepAliveTimeout, uvicorn's timeout_keep_alive), and what is sent just then is lost."""


BUFFERED = 256 * 1024
"""Bytes that are handed on and may still lie before a slow line: the time for so many is the most
that bytes leave a call beside its own."""


class OutOfTime(Exception):
    """The time that a call has is over."""


class Allowance:
    """The time that one call has left. Bytes that go or come give it more."""

    def __init__(self, limits: Limits) -> None:
        self._clock = asyncio.get_running_loop().time
        self._rate = limits.rate
        self._most = limits.total + BUFFERED / limits.rate
        self._end = self._clock() + limits.total
        self._waiting: asyncio.Timeout | None = None

    @property
    def left(self) -> float:
        """Seconds; 0 when the time is over."""
        return max(0.0, self._end - self._clock())

    def add(self, size: int) -> None:
        """So many bytes of a body have gone or come."""
        self._end = min(self._end + size / self._rate, self._clock() + self._most)
        if self._waiting is not None and not self._waiting.expired():
            self._waiting.reschedule(self._end)

    async def within(self, work: Awaitable[T]) -> T:
        """Wait for `work` as long as there is time. Raises OutOfTime, having cancelled it."""
        try:
            async with asyncio.timeout_at(self._end) as self._waiting:
                return await work
        except TimeoutError:
            raise OutOfTime from None
        finally:
            self._waiting = None


def retry_after(value: str | None) -> float | None:
    """Seconds of a Retry-After header, which is a number or a date; None when it is neither.

    Never more than LONGEST_WAIT.
    """
    asked = _asked(value)
    return asked if asked is None else min(asked, LONGEST_WAIT)


def too_many_calls(service: str, value: str | None) -> RateLimited:
    """The error for an answer that there were too many calls; `value` is its Retry-After.

    Where that is longer than LONGEST_WAIT the advice says so: the wait is not the service's then.
    """
    asked = _asked(value)
    return RateLimited(
        "the service answers that there were too many calls",
        service=service,
        status=429,
        wait=retry_after(value),
        advice=LONGER if asked is not None and asked > LONGEST_WAIT else "",
    )


def say_when(error: ServiceError, value: str) -> None:
    """Have the error for an answer say when to come again; `value` is the answer's Retry-After."""
    asked = _asked(value)
    if asked is None or error.wait is not None:
        return
    error.wait = min(asked, LONGEST_WAIT)
    if asked > LONGEST_WAIT:
        error.advice = f"Nothing was done. {LONGER}" if isinstance(error, NotNow) else LONGER


def _asked(value: str | None) -> float | None:
    """Seconds of a Retry-After header, as many as it says."""
    if not value:
        return None
    try:
        wait = float(value)
    except ValueError:
        # Few services say when; to import what reads that is a hundredth of what a verb costs.
        from email.utils import parsedate_to_datetime

        try:
            moment = parsedate_to_datetime(value)
            # Dates of HTTP are in UTC, also where they say "-0000" or nothing of it.
            if moment.tzinfo is None:
                moment = moment.replace(tzinfo=UTC)
            wait = moment.timestamp() - time()
        except (TypeError, ValueError, OverflowError, OSError):
            return None
    return max(0.0, wait) if isfinite(wait) else None
