"""Samples as they come, each once, for those who pass them on instead of drawing them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from tui.live.export import Row
from tui.live.series import SeriesKey
from tui.live.store import Batch, FeedStore
from tui.live.tiers import Retention

MOST_WAITING = 500_000
"""Samples that wait for a slow reader before further ones are passed by and counted."""


class StreamStore(FeedStore):
    """A store that hands on what is new in it: late samples too, nothing twice.

    `types` narrows what is handed on; all are stored, so that a gap that is filled later does
    not bring again what was there.
    """

    def __init__(self, types: Collection[int] = (), most: int = MOST_WAITING) -> None:
        super().__init__(Retention(tiers=()), sift=False)
        self.passed_by = 0
        self._types = frozenset(types)
        self._most = most
        self._waiting: list[Row] = []

    def add(
        self,
        batches: Iterable[Batch],
        horizon: int | None = None,
        heard: int = 0,
        *,
        fetched: bool = False,
    ) -> None:
        """Take in batches, as the store does."""
        super().add(self._noting(batches, horizon), horizon, heard, fetched=fetched)

    def take(self) -> list[Row]:
        """The samples since the last time, in order of their own time."""
        rows, self._waiting = self._waiting, []
        rows.sort(key=lambda row: row[:2])
        return rows

    def wanted(self, type_: int) -> bool:
        """Whether samples of a type are handed on."""
        return not self._types or type_ in self._types

    def lasts(self) -> Iterator[Row]:
        """The newest sample of every series that is handed on, by device and type."""
        for key in self.sorted_keys():
            last = self.last(key)
            if last is not None and self.wanted(key.type):
                yield last[0], key, last[1]

    def _noting(self, batches: Iterable[Batch], horizon: int | None) -> Iterator[Batch]:
        for batch in batches:
            key, times, axes = batch
            if times and self.wanted(key[1]):
                self._note(SeriesKey(*key), times, axes, horizon)
            yield batch

    def _note(
        self,
        key: SeriesKey,
        times: Sequence[int],
        axes: Sequence[Sequence[float]],
        horizon: int | None,
    ) -> None:
        series = self.series(key)
        floor, known = 0, set[int]()
        if series is not None:
            floor = series.ring.floor
            first, newest = min(times), series.last_time
            if newest is not None and first <= newest:
                known.update(series.ring.samples(first, newest + 1)[0])
        for time, *values in zip(times, *axes, strict=False):
            if time <= floor or time in known or (horizon is not None and time > horizon):
                continue
            known.add(time)
            if len(self._waiting) < self._most:
                self._waiting.append((time, key, tuple(values)))
            else:
                self.passed_by += 1
