"""Holes in what the feed brought, filled from the archive while the feed goes on.

The websocket only gives what is new (reference, Igtimi, section 1.7): after each gap the time in
between is fetched per device, in slices, each overlapping what is there; the store drops what it
has already. A unit that was silent is asked for again later: units upload late.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from tui.live.clock import Clock, Timer
from tui.live.feed import Fetch, Unavailable
from tui.live.silences import Hole, gaps
from tui.live.store import Batch, FeedStore
from tui.live.unit_clocks import UnitClocks

SLICE = 600_000
"""Milliseconds asked for at once: ten minutes of a 2 Hz unit are about 100 kB."""
OVERLAP = 5_000
AHEAD = 86_400_000
"""Milliseconds after a hole's end beyond which no stamp is believed, as in the live feed."""
ATTEMPTS = 4
FIRST_WAIT = 2.0
AGAIN = (120.0, 600.0, 3600.0)
"""Seconds after a unit's return when what was not heard of it is asked for again."""
MOST = 1000
"""Stretches that stay silent of which one knows; of more, the newest."""

Fetched = Callable[[Hole, int, list[Batch]], None]
"""Told what was fetched of a hole up to a time, with the stamps as the unit gave them."""


class Backfill:
    """Fills holes one slice at a time, oldest first, in one task that ends when none is left."""

    def __init__(
        self,
        fetch: Fetch,
        store: FeedStore,
        clock: Clock,
        changed: Callable[[], None],
        clocks: UnitClocks | None = None,
        fetched: Fetched | None = None,
    ) -> None:
        self.holes: list[Hole] = []
        self.given_up: list[Hole] = []
        self.stay: list[Hole] = []
        """What was asked for and is silent still."""
        self.failure: tuple[str, str] | None = None
        """Whose hole could not be filled lately, by serial number, and why; None where all went."""
        self._fetch = fetch
        self._store = store
        self._clock = clock
        self._changed = changed
        self._clocks = clocks or UnitClocks()
        self._fetched = fetched
        self._task: asyncio.Task[None] | None = None
        self._later: list[tuple[float, Hole]] = []
        self._timer: Timer | None = None

    @property
    def later(self) -> int:
        """How often something will be asked for again."""
        return len(self._later)

    def returned(self, hole: Hole) -> None:
        """Fill what was not heard of a unit, now and again later."""
        now = self._clock.monotonic()
        self._later = sorted(
            [*self._later, *((now + wait, hole) for wait in AGAIN)], key=lambda one: one[0]
        )
        self._arm()
        self.add(hole.serial, hole.start, hole.end)

    def _arm(self) -> None:
        """Wake when something is to be asked for again."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._later:
            wait = max(self._later[0][0] - self._clock.monotonic(), 0.0)
            self._timer = self._clock.call_later(wait, self._ask_again)

    def _ask_again(self) -> None:
        self._timer = None
        now = self._clock.monotonic()
        while self._later and self._later[0][0] <= now:
            _, hole = self._later.pop(0)
            self.add(hole.serial, hole.start, hole.end)
        self._arm()

    def add(self, serial: str, start: int, end: int, *, missed: bool = True) -> None:
        """Note a hole, with its overlap, and begin to fill it. Known ones are extended."""
        start, end = max(start - OVERLAP, 0), end + OVERLAP
        for hole in self.holes:
            if hole.serial == serial and hole.start <= end and start <= hole.end:
                # The first hole may be being filled just now: it only grows at its far end.
                hole.end = max(hole.end, end)
                hole.missed = hole.missed or missed
                if hole is not self.holes[0]:
                    hole.start = min(hole.start, start)
                    hole.since = min(hole.since, start)
                    break
                if start >= hole.start:
                    break
                end = hole.start
        else:
            self.holes.append(Hole(serial, start, end, since=start, missed=missed))
        self._go_on()

    def _go_on(self) -> None:
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._fill(), name="backfill")
            self._task.add_done_callback(self._over)

    def _over(self, task: asyncio.Task[None]) -> None:
        """Say what nobody foresaw: its hole is given up, and the others are filled all the same."""
        error = None if task.cancelled() else task.exception()
        if error is None:
            return
        if self.holes:
            hole = self.holes.pop(0)
            self.given_up.append(hole)
            self.failure = hole.serial, f"an error: {error!r}"
        if self.holes:
            self._go_on()
        self._changed()

    def retry(self) -> None:
        """Take up again the holes that could not be filled, and what is to be asked later."""
        again, self.given_up = self.given_up, []
        for hole in again:
            self.add(hole.serial, hole.start + OVERLAP, hole.end - OVERLAP, missed=hole.missed)
        self._arm()

    async def stop(self) -> None:
        """End, leaving the holes that are left."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
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
            batches = list(answer)
            if self._fetched is not None:
                self._fetched(hole, end, batches)
            self._store.add(self._clocks.fetched(batches), hole.end + AHEAD, fetched=True)
            hole.failures = 0
            self.failure = None
            hole.start = end
            if hole.start >= hole.end:
                self._filled(self.holes.pop(0))
            self._changed()

    def _filled(self, hole: Hole) -> None:
        """Note what is silent still of a hole that was asked for from end to end."""
        if hole.missed:
            self.stay = [
                one
                for one in self.stay
                if one.serial != hole.serial or one.end <= hole.since or hole.end <= one.start
            ]
            self.stay = [*self.stay, *gaps(self._store, hole)][-MOST:]

    async def _failed(self, hole: Hole, error: Unavailable) -> None:
        hole.failures += 1
        self.failure = hole.serial, error.reason
        self._changed()
        if error.final or hole.failures >= ATTEMPTS:
            self.holes.pop(0)
            hole.failures = 0
            self.given_up.append(hole)
            return
        await self._clock.sleep(FIRST_WAIT * 2.0 ** (hole.failures - 1))
