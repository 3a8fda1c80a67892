"""A derived series of what is looked up each second: it costs nothing in between."""

from __future__ import annotations

from collections.abc import Sequence

from tui.live.derived.recipes import SECOND, Glance
from tui.live.derived.water import Input
from tui.live.derived.winds import ApparentWinds
from tui.live.series import NEVER, Series, SeriesKey, Watch
from tui.live.store import FeedStore

LOOKS = 1
"""Series that are looked at in the time of one value of other kinds."""


class Glances:
    """One such series in the making."""

    def __init__(
        self,
        key: SeriesKey,
        glance: Glance,
        inputs: Sequence[Input],
        store: FeedStore,
        since: int,
        winds: ApparentWinds,
    ) -> None:
        self.key = key
        self.inputs = tuple(inputs)
        self.since = self.reckoned_to = since
        self._glance = glance
        self._store = store
        self._winds = winds
        self._watched: list[tuple[Series, Watch]] = []
        for one in dict.fromkeys(input_.key for input_ in inputs):
            series = None if one is None else store.series(one)
            if series is not None:
                self._watched.append((series, Watch()))
                series.watched_by(self._watched[-1][1])
        self._restart(since)

    def _restart(self, since: int) -> None:
        """Begin at a time; what was looked up from there on goes."""
        self.reckoned_to = since
        own = self._store.series(self.key)
        if own is not None and own.ring.take_out(since, NEVER)[0]:
            own.changed(since)

    def close(self) -> None:
        """Watch nothing any more."""
        for series, watch in self._watched:
            series.let_go_of(watch)
        self._watched = []

    @property
    def stands(self) -> bool:
        """Whether all that it is made of is still the store's."""
        return all(series is self._store.series(series.key) for series, _ in self._watched)

    def bring(self, most: int) -> int:
        """Look at most so many values up; how many it was. Fewer than `most`: it is up to date."""
        late, last = NEVER, 0
        for series, watch in self._watched:
            if watch.dirty < late:
                late = watch.dirty
            newest = series.ring.last_time or 0
            if newest > last:
                last = newest
        if late < self.reckoned_to:
            self._restart(max(late, self.since))
        elif late == NEVER and last // SECOND * SECOND < self.reckoned_to:
            # Within a second there is nothing new of it.
            return 0
        firsts = [first for series, _ in self._watched if (first := series.first_time)]
        first = -(-max(self.reckoned_to, min(firsts, default=0)) // SECOND)
        # Each looks at all that it is made of: so many of them hold up a frame as much as others.
        weight = 1 + len(self._watched) // LOOKS
        left = range(first, last // SECOND + 1)
        seconds = left[: max(1, most // weight)]
        if seconds:
            self._look_up(seconds)
            self.reckoned_to = seconds[-1] * SECOND + 1
        for _, watch in self._watched:
            watch.tail, watch.dirty = self.reckoned_to - 1, NEVER
        return most if len(left) > len(seconds) else min(most - 1, len(seconds) * weight)

    def _look_up(self, seconds: Sequence[int]) -> None:
        times: list[int] = []
        values: list[float] = []
        since = 0
        moments = [second * SECOND for second in seconds]
        for moment, told in zip(moments, self._winds.over(moments), strict=True):
            if told is not None and told.newest > moment - SECOND:
                times.append(moment)
                values.append(self._glance.value(told))
                since = told.since
        if times:
            self._store.add([(self.key, times, [values])], heard=since)
