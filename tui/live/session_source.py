"""A past session, fetched from an archive, as something that can be replayed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from tui.live.day import Day
from tui.live.feed import Fetch
from tui.live.store import Batch, FeedStore
from tui.live.tiers import Retention
from tui.live.unit_clocks import UnitClocks

SESSION_SLICE = 3_600_000


class SessionSource:
    """What an archive holds of some devices, revealed as it happened."""

    def __init__(self, archive: FeedStore, serials: Sequence[str], start: int, end: int) -> None:
        self.archive = archive
        self.day: Day | None = None
        self.serials = serials
        self.start, self.end = start, end
        self.clocks = UnitClocks()
        self.heard = 0
        self.fetched = False
        self.horizon: int | None = None
        self._place = start - 1

    def rewind(self) -> None:
        """Go back to the start."""
        self._place = self.start - 1

    def upcoming(self) -> int | None:
        """Return the time of the next sample, or None at the end."""
        times = [self.archive.next_time(key, self._place) for key in self.archive]
        following = [time for time in times if time is not None and time <= self.end]
        return min(following, default=None)

    def advance(self, time: int) -> Iterator[Batch]:
        """Yield the samples up to `time`."""
        since, self._place = self._place + 1, max(time, self._place)
        for key in self.archive:
            times, axes = self.archive.samples(key, since, time + 1)
            series = self.archive.series(key)
            if series is not None and since <= series.apart_until:
                # What no boat can have done comes as well: it is told, and marked, when it was.
                said = zip(times, zip(*axes, strict=True), strict=True) if times else ()
                apart = ((at, one) for at, one in series.apart.items() if since <= at <= time)
                if every := sorted([*said, *apart]):
                    columns = zip(*(one for _, one in every), strict=True)
                    yield key, [at for at, _ in every], [[*one] for one in columns]
            elif times:
                yield key, times, axes

    def sample_time(self, time: int) -> int:
        """Return `time`: this line is that of the samples."""
        return time


async def load_session(
    fetch: Fetch,
    serials: Sequence[str],
    start: int,
    end: int,
    progress: Callable[[int, int], None] | None = None,
) -> SessionSource:
    """Fetch a past session, device by device and an hour at a time.

    `progress` is told (slices done, slices in all). Raises Unavailable as `fetch` does.
    """
    archive = FeedStore(Retention(samples=1 << 62, tiers=()))
    edges = list(range(start, end, SESSION_SLICE))
    done = 0
    for serial in serials:
        for edge in edges:
            archive.add(await fetch(serial, edge, min(edge + SESSION_SLICE, end)))
            done += 1
            if progress is not None:
                progress(done, len(edges) * len(serials))
    return SessionSource(archive, serials, start, end)
