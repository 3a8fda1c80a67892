"""Holes in what the feed brought, filled from the archive while the feed goes on.

The websocket only gives what is new (reference, Igtimi, section 1.7): after each gap the time in
between is fetched per device, in slices, each overlapping what is there; the store drops what it
has already.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from tui.live.clock import Clock
from tui.live.feed import Fetch, Unavailable
from tui.live.store import FeedStore
from tui.live.unit_clocks import UnitClocks

SLICE = 600_000
"""Milliseconds asked for at once: ten minutes of a 2 Hz unit are about 100 kB."""
OVERLAP = 5_000
AHEAD = 86_400_000
"""Milliseconds after a hole's end beyond which no stamp is believed, as in the live feed."""
ATTEMPTS = 4
FIRST_WAIT = 2.0


@dataclass(slots=True)
class Hole:
    """A stretch of a device's time, in ms of the server's clock, that was not heard live."""

    serial: str
    start: int
    end: int
    failures: int = 0


class Backfill:
    """Fills holes one slice at a time, oldest first, in one task that ends when none is left."""

    def __init__(
        self,
        fetch: Fetch,
        store: FeedStore,
        clock: Clock,
        changed: Callable[[], None],
        clocks: UnitClocks | None = None,
    ) -> None:
        self.holes: list[Hole] = []
        self.given_up: list[Hole] = []
        self.reason = ""
        self._fetch = fetch
        self._store = store
        self._clock = clock
        self._changed = changed
        self._clocks = clocks or UnitClocks()
        self._task: asyncio.Task[None] | None = None

    def add(self, serial: str, start: int, end: int) -> None:
        """Note a hole, with its overlap, and begin to fill it. Known ones are extended."""
        start, end = max(start - OVERLAP, 0), end + OVERLAP
        for hole in self.holes:
            if hole.serial == serial and hole.start <= end and start <= hole.end:
                # The first hole may be being filled just now: it only grows at its far end.
                hole.end = max(hole.end, end)
                if hole is not self.holes[0]:
                    hole.start = min(hole.start, start)
                    break
                if start >= hole.start:
                    break
                end = hole.start
        else:
            self.holes.append(Hole(serial, start, end))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._fill(), name="backfill")

    def retry(self) -> None:
        """Take up again the holes that could not be filled."""
        again, self.given_up = self.given_up, []
        for hole in again:
            self.add(hole.serial, hole.start + OVERLAP, hole.end - OVERLAP)

    async def stop(self) -> None:
        """End, leaving the holes that are left."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    async def _fill(self) -> None:
        while self.holes:
            hole = self.holes[0]
            end = min(hole.start + SLICE, hole.end)
            # An archive has the stamps that the unit gave, with its clock as it was.
            shift = self._clocks.ahead.get(hole.serial, 0)
            fetch = self._fetch(hole.serial, hole.start + shift, end + shift)
            [answer] = await asyncio.gather(fetch, return_exceptions=True)
            if isinstance(answer, BaseException):
                if not isinstance(answer, Unavailable):
                    # Nobody foresaw it; it must not keep the other devices' holes open.
                    answer = Unavailable(f"an error: {answer!r}", final=True)
                await self._failed(hole, answer)
                continue
            if shift != self._clocks.ahead.get(hole.serial, 0):
                continue  # learned meanwhile: this was another stretch of time
            self._store.add(self._clocks.fetched(answer), hole.end + AHEAD, fetched=True)
            hole.failures = 0
            self.reason = ""
            hole.start = end
            if hole.start >= hole.end:
                self.holes.pop(0)
            self._changed()

    async def _failed(self, hole: Hole, error: Unavailable) -> None:
        hole.failures += 1
        self.reason = f"{hole.serial}: {error.reason}"
        self._changed()
        if error.final or hole.failures >= ATTEMPTS:
            self.holes.pop(0)
            hole.failures = 0
            self.given_up.append(hole)
            return
        await self._clock.sleep(FIRST_WAIT * 2.0 ** (hole.failures - 1))
