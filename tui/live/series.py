"""One series: a device's samples of one type from one source, with bounded memory."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from tui.live.blocks import Block, Sealer
from tui.live.folds import Fold, fold
from tui.live.ring import Ring
from tui.live.suspects import Values, judge_of
from tui.live.tiers import History, Retention

NEVER = 1 << 62
COARSE_SEARCH = 600_000
"""Milliseconds of coarse history searched first for the value at a time."""
SHOWN = 200
"""Samples that stand apart that a picture shows at most."""


class SeriesKey(NamedTuple):
    """Which series: equal to the plain tuple that a dialect sends."""

    serial: str
    type: int
    source: int = 0


class Watch:
    """Notes since when a series has changed behind someone who looked up to `tail`."""

    __slots__ = ("dirty", "tail")

    def __init__(self) -> None:
        self.dirty = NEVER
        self.tail = 0


class Series:
    """Samples of one series: raw ones in a ring, older ones in coarser buckets.

    `version` grows with every change: comparing it is the cheap way to see whether there is
    anything new. `circular` says that the first axis is an angle. `heard` is when samples last
    arrived, in ms of the server; 0 where all were fetched.
    """

    __slots__ = (
        "_turns", "apart", "apart_until", "circular", "fixless", "heard", "history", "judge", "key",
        "reasons", "ring", "watches",
    )  # fmt: skip

    def __init__(
        self, key: SeriesKey, axes: int, circular: bool, retention: Retention, sealer: Sealer
    ) -> None:
        self.key = key
        self.circular = circular
        self.history = History(retention, axes, circular)
        self.ring = Ring(axes, retention.samples, self.history.add_block, sealer)
        self.judge = judge_of(key.type)
        self.apart: dict[int, Values] = {}
        """What no boat can have done, by time; the newest of it."""
        self.apart_until = 0
        """No later sample stands apart."""
        self.fixless: set[int] = set()
        """The times of those that stand apart as the unit said that it had no fix."""
        self.reasons: Counter[str] = Counter()
        """How many samples were set apart, by reason."""
        self.heard = self._turns = 0
        self.watches: tuple[Watch, ...] = ()
        """Who looks at it: of most series nobody, and one empty tuple serves them all."""

    @property
    def version(self) -> int:
        """What is another number after every change: each sample that is kept is one as well."""
        return self._turns + self.ring.kept

    def changed(self, since: int) -> None:
        """Tell those who watch that samples from `since` on are others."""
        self._turns += 1
        for watch in self.watches:
            if since <= watch.tail and since < watch.dirty:
                watch.dirty = since

    def watched_by(self, watch: Watch) -> None:
        """Have someone be told of changes from now on."""
        self.watches = (*self.watches, watch)

    def let_go_of(self, watch: Watch) -> None:
        """Tell someone no more."""
        self.watches = tuple([one for one in self.watches if one is not watch])

    def suspects(self, start: int, end: int) -> list[tuple[int, Values]]:
        """Return what stands apart of [start, end): of the newest that were set apart."""
        newest = islice(reversed(self.apart.items()), SHOWN)
        return sorted(one for one in newest if start <= one[0] < end)

    def known_at(self, time: int) -> int:
        """Return when the sample of a time was known: it is no newer than its arrival."""
        return min(time, self.heard) if self.heard else time

    def was_fetched(self, times: Sequence[int], late: int, expired: int) -> None:
        """Have samples of these times count as fetched ones, after as many late and expired ones:
        those in the order of an archive are not late, and what has become coarse is known.
        """
        counts = self.ring.counts
        counts.late = late
        if counts.expired > expired:
            old = sorted(time for time in times if 0 < time <= self.ring.floor)
            known = sum(
                bisect_right(old, last) - bisect_left(old, first)
                for first, last in self.history.stretches(old[0], old[-1] + 1)
            )
            counts.expired -= known
            counts.duplicates += known

    @property
    def bytes(self) -> int:
        """About what it takes."""
        return sum(block.bytes for block in self.ring.blocks) + self.history.bytes

    @property
    def first_time(self) -> int | None:
        """The time of the oldest thing known, or None."""
        older = self.history.first_time
        return older if older is not None else self.ring.first_time

    @property
    def last_time(self) -> int | None:
        """The time of the newest sample, or None."""
        return self.ring.last_time

    def last(self) -> tuple[int, tuple[float, ...]] | None:
        """Return the newest sample: its time and its axes."""
        blocks = self.ring.blocks
        block = blocks[-1] if blocks[-1].size else blocks[-2] if len(blocks) > 1 else None
        if block is None or not block.size:
            return None
        return block.last, block.at(block.size - 1)

    def before(self, time: int) -> tuple[int, tuple[float, ...]] | None:
        """Return the last sample at or before `time`; of coarse history, a bucket's last one."""
        found = self.ring.before(time)
        if found is not None:
            return found
        axes = self.ring.axes
        for start in (time - COARSE_SEARCH, 0):
            rows = zip(
                *(self.history.between(start, time + 1, axis) for axis in range(axes)), strict=True
            )
            known = [row for row in rows if row[0][1][4] <= time]
            if known:
                return known[-1][0][1][4], tuple(folded[5] for _, folded in known[-1])
        return None

    def newest(self, axis: int, start: int, end: int, width: int) -> tuple[int, Fold] | None:
        """Return what `folds` yields of [start, end), where that is one column of the newest block.

        None where it may be more: this is the quick way for what has just arrived.
        """
        block = self.ring.head
        if not (block.size and block.first <= start <= block.last < end):
            return None
        stamps = block.stamps()
        low, number = bisect_left(stamps, start), block.last // width
        if stamps[low] // width != number:
            return None
        return number, fold(block.values(axis, low), block.last, self.circular and axis == 0)

    def folds(self, axis: int, start: int, end: int, width: int) -> Iterator[tuple[int, Fold]]:
        """Yield (number of the column of `width` ms, fold) of what is known of [start, end).

        Numbers ascend, and may repeat.
        """
        circular = self.circular and axis == 0
        if start <= self.ring.floor:
            for bucket, folded in self.history.between(start, end, axis):
                yield bucket // width, folded
        for block, low, high in self.ring.between(start, end):
            number = block.first // width
            if low == 0 and high == block.size and number == block.last // width:
                yield number, block_fold(block, axis, circular)
            else:
                stamps = list(block.stamps()[low:high])
                yield from _split(stamps, block.values(axis, low, high), width, circular)


def block_fold(block: Block, axis: int, circular: bool) -> Fold:
    """Fold a whole block, remembering it: most of a long window is made of whole blocks."""
    if block.folds is None:
        block.folds = {}
    known: Fold | None = block.folds.get(axis)
    if known is None:
        known = block.folds[axis] = fold(block.values(axis), block.last, circular)
    return known


def _split(
    stamps: list[int], values: list[float], width: int, circular: bool
) -> Iterator[tuple[int, Fold]]:
    position, size = 0, len(stamps)
    while position < size:
        number = stamps[position] // width
        end = bisect_left(stamps, (number + 1) * width, position)
        yield number, fold(values[position:end], stamps[end - 1], circular)
        position = end
