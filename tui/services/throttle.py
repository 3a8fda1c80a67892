"""A throttle that several processes keep together through one small file.

TickTocker allows one command per 200 ms and 120 an hour, of which two come back every minute
(seed document, "Rate Throttling"). The client keeps that rule so that the service never has
to say no, whichever pane or script makes the call.
"""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from math import isfinite
from operator import itemgetter
from pathlib import Path
from time import time
from typing import TypeVar

from tui.services.errors import RateLimited

T = TypeVar("T")


@dataclass(frozen=True)
class ThrottleRule:
    """`interval` seconds between calls; `capacity` calls, refilled at `per_second`."""

    interval: float = 0.2
    capacity: float = 120.0
    per_second: float = 2 / 60
    patience: float = 5.0
    """A longer wait is not slept through: it is raised as RateLimited."""


class Throttle:
    """Says when the next call may be made, and remembers it for every process.

    With `path` None it keeps its state in memory only. The file is looked into in a thread: its
    lock may be another process's for a while, and its disk may be slow.
    """

    def __init__(
        self,
        path: Path | None = None,
        rule: ThrottleRule | None = None,
        *,
        clock: Callable[[], float] = time,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.path = path
        self.rule = rule or ThrottleRule()
        self._clock = clock
        self._sleep = sleep
        self._memory = (self.rule.capacity, 0.0, 0.0)

    async def take(self) -> None:
        """Wait for the next permitted moment and use up one call.

        Raises RateLimited with the wait when that moment is too far away.
        """
        wait = await self._beside(self._reserve)
        if wait > 0:
            await self._sleep(wait)

    async def arrived(self) -> None:
        """The latest call has been answered: the next one keeps its distance from now on.

        A call that was long on its way would otherwise arrive just before the one after it.
        """
        await self._beside(self._note_arrival)

    def _note_arrival(self) -> None:
        with _Locked(self.path) as file:
            tokens, now, last = self._refilled(*self._load(file))
            self._store((tokens, now, max(last, now)), file)

    @property
    def remaining(self) -> int:
        """Whole calls that are left now; looks into the file at once."""
        return int(self._refilled(*self._load())[0])

    async def correct(self, calls: int) -> None:
        """Take over the service's own count of remaining calls."""
        await self._beside(partial(self._count, calls))

    async def _beside(self, work: Callable[[], T]) -> T:
        return work() if self.path is None else await asyncio.to_thread(work)

    def _count(self, calls: int) -> None:
        with _Locked(self.path) as file:
            _, stamp, last = self._refilled(*self._load(file))
            # Fewer than none would keep a person out for as long as the service pleases.
            self._store((float(min(max(calls, 0), self.rule.capacity)), stamp, last), file)

    def _reserve(self) -> float:
        rule = self.rule
        with _Locked(self.path) as file:
            tokens, now, last = self._refilled(*self._load(file))
            wait = max(0.0, last + rule.interval - now)
            if tokens < 1:
                wait = max(wait, (1 - tokens) / rule.per_second)
            if wait > rule.patience:
                if tokens < 1:
                    words = "no calls are left for now; two come back every minute"
                else:
                    words = "too many calls are waiting for their turn"
                raise RateLimited(words, wait=wait)
            self._store((tokens - 1, now, now + wait), file)
        return wait

    def _refilled(self, tokens: float, stamp: float, last: float) -> tuple[float, float, float]:
        now = self._clock()
        # A clock that was set back must not lock a person out for hours, nor a broken file.
        last -= max(0.0, stamp - now)
        if last > now + self.rule.patience:
            last = now
        passed = max(0.0, now - stamp)
        refilled = max(tokens, -1.0) + passed * self.rule.per_second
        tokens = min(self.rule.capacity, refilled)
        return tokens, now, last

    def _load(self, file: int | None = None) -> tuple[float, float, float]:
        if self.path is None:
            return self._memory
        try:
            text = os.pread(file, 200, 0).decode() if file is not None else self.path.read_text()
            tokens, stamp, last = (float(part) for part in json.loads(text))
        except (OSError, ValueError, TypeError):
            return self._memory
        if not isfinite(tokens + stamp + last):
            return self._memory
        # What the disk did not take is known here only.
        return max((tokens, stamp, last), self._memory, key=itemgetter(1))

    def _store(self, state: tuple[float, float, float], file: int | None) -> None:
        self._memory = state
        if file is not None:
            with suppress(OSError):
                os.ftruncate(file, 0)
                os.pwrite(file, json.dumps(state).encode(), 0)


class _Locked:
    """The state file, locked against other processes.

    None without a file, and where the disk does not let it: that must neither keep a call from
    being made nor call one failed that was made. This process keeps the rule all the same.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._file: int | None = None

    def __enter__(self) -> int | None:
        if self._path is not None:
            with suppress(OSError):
                self._path.parent.mkdir(parents=True, exist_ok=True)
                self._file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
                fcntl.flock(self._file, fcntl.LOCK_EX)
        return self._file

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            os.close(self._file)
