"""One thread for what a write does on the disk: nearer than the pool of the event loop, since every
write waits for it before anything is sent.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from typing import Any, Generic, TypeVar
from weakref import finalize

T = TypeVar("T")


class Job(Generic[T]):
    """Something that the thread does to its end, whether or not anybody waits for it."""

    def __init__(self, work: Callable[[], T]) -> None:
        self._work = work
        self._loop = asyncio.get_running_loop()
        self._waiting = self._loop.create_future()
        self._is_over = False
        self._result: T
        self._error: BaseException | None = None

    def run(self) -> None:
        """Do it, in the thread."""
        try:
            self._result = self._work()
        except BaseException as error:  # noqa: BLE001 (raised where it is waited for)
            self._error = error
        # A loop that was closed has nobody who waits.
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._end)

    def _end(self) -> None:
        self._is_over = True
        if not self._waiting.done():
            self._waiting.set_result(None)

    async def end(self) -> T:
        """What came of it. Raises what it raises. Who was cancelled here may wait again."""
        if not self._is_over:
            if self._waiting.done():
                self._waiting = self._loop.create_future()
            await self._waiting
        if self._error is not None:
            raise self._error
        return self._result


class Thread:
    """Does one thing after the other; begun with the first, gone with this object."""

    def __init__(self) -> None:
        self._given: SimpleQueue[Job[Any] | None] = SimpleQueue()
        self._started = False

    def give(self, work: Callable[[], T]) -> Job[T]:
        """Have something done, behind all that was given before."""
        if not self._started:
            self._started = True
            threading.Thread(
                target=_do_all, args=(self._given,), name="changes", daemon=True
            ).start()
            # Where the program ends, it ends with it: what was under way counts as never done.
            finalize(self, self._given.put, None).atexit = False
        job = Job(work)
        self._given.put(job)
        return job


def _do_all(given: SimpleQueue[Job[Any] | None]) -> None:
    while (job := given.get()) is not None:
        job.run()
        del job
