"""How long the process lives: as long as somebody uses it, and a while more."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Lifetime:
    """Counts what is in progress and remembers the last use; nothing here ticks.

    Requests, presence streams and websockets all count from their first byte to their last.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._last_use = monotonic()
        self._quiet = asyncio.Event()
        self._quiet.set()
        self.in_progress = 0
        self.ended = asyncio.Event()
        """Set when the process is to end; presence streams and the server wait for it."""

    def end(self) -> None:
        """Ask for a clean end."""
        self.ended.set()

    @contextmanager
    def use(self) -> Iterator[None]:
        """Something is in progress."""
        self.in_progress += 1
        self._quiet.clear()
        try:
            yield
        finally:
            self.in_progress -= 1
            self._last_use = self._monotonic()
            if not self.in_progress:
                self._quiet.set()

    async def end_when_unused(self, seconds: float) -> None:
        """Ask for the end once nothing has been in progress for that many seconds."""
        while True:
            await self._quiet.wait()
            left = self._last_use + seconds - self._monotonic()
            if left <= 0:
                self.end()
                return
            await asyncio.sleep(left)
