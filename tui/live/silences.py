"""Units that fall silent while the connection stays up, and what of a time is not there. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from tui.live.series import SeriesKey
from tui.live.store import FeedStore

SILENT = 60_000
"""Milliseconds without anything after which a unit was silent: at rest units send every 40 s.
OUR ASSUMPTION."""
LATENESS = 60_000
"""Milliseconds by which a sample may arrive late and is still looked for in the archive."""
LOOK = 5_000
"""Milliseconds between two looks: frames come ten times a second, silences are long."""


@dataclass(slots=True)
class Hole:
    """A stretch of a device's time, in ms of the server's clock, that was not heard live.

    `start` moves on while it is filled, `since` is where it began. `missed` tells it from a
    history that was wanted, and may never have been measured.
    """

    serial: str
    start: int
    end: int
    failures: int = 0
    since: int = 0
    missed: bool = True


@dataclass(slots=True)
class _Unit:
    heard: int
    """When it was last heard; in the beginning since when it is followed."""
    measured: int
    """From when on something may be missing of it."""
    listened: int
    """Since when there is a connection on which it could be heard."""


class Silences:
    """Notices when units return. All times are in milliseconds of the server's clock."""

    def __init__(self, store: FeedStore) -> None:
        self._store = store
        self._units: dict[str, _Unit] = {}
        self._looked = 0

    def followed(self, serials: Iterable[str], now: int) -> None:
        """These are listened to from now on, perhaps again."""
        for serial in serials:
            self._units.setdefault(serial, _Unit(now, now, now)).listened = now

    def returned(self, serials: Iterable[str], now: int) -> Iterator[Hole]:
        """Yield what was not heard of those that have come back since the last look."""
        if 0 <= now - self._looked < LOOK:
            return
        self._looked = now
        for serial in serials:
            unit, heard = self._units.get(serial), self._store.heard(serial)
            if unit is None or heard is None or heard <= unit.heard:
                continue
            if heard - max(unit.heard, unit.listened) > SILENT:
                yield Hole(serial, unit.measured, heard)
            # What was measured shortly before may still have been on its way.
            newest = self._store.newest(serial) or heard
            unit.heard, unit.measured = heard, max(min(newest, heard), heard - LATENESS)

    def silent(self, serials: Iterable[str], now: int) -> Iterator[Hole]:
        """Yield, of those that are silent now, since when."""
        for serial in serials:
            unit = self._units.get(serial)
            if unit is None:
                continue
            heard = max(self._store.heard(serial) or 0, unit.heard)
            if now - heard > SILENT:
                yield Hole(serial, heard, now)


def gaps(store: FeedStore, hole: Hole) -> list[Hole]:
    """Return the stretches of a hole that are silent still, from one sample to the next."""
    since, until = hole.since, hole.end
    times = {
        time
        for key in store.sorted_keys(hole.serial)
        for time in _heard_at(store, key, since, until + 1)
    }
    edges = [since, *sorted(times), until]
    return [
        Hole(hole.serial, before, after)
        for before, after in pairwise(edges)
        if after - before > SILENT
    ]


def _heard_at(store: FeedStore, key: SeriesKey, start: int, end: int) -> Iterator[int]:
    """Yield times of [start, end) at which a series was heard.

    Of what has become coarse: from the beginning of each bucket to its last sample, close enough
    to each other to say that nothing is missing there.
    """
    series = store.series(key)
    if series is not None:
        for first, last in series.history.stretches(start, end):
            yield from range(max(first, start), min(last, end), SILENT)
            if start <= last < end:
                yield last
    yield from store.samples(key, start, end)[0]
