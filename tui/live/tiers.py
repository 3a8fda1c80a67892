"""Coarse history: what has left the ring lives on in buckets of fixed width.

Buckets are aligned to the epoch and only ever grow at their newest end, so what a screen has
drawn of them stays true. The oldest of one tier become the newest of the next, coarser one.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tui.live.blocks import Block
from tui.live.folds import Fold, fold, merge


@dataclass(frozen=True, slots=True)
class Retention:
    """How much of a series is kept: raw samples, then buckets of (milliseconds, how many).

    The defaults hold four and a half hours of a 2 Hz unit whole, then six hours in buckets of
    30 seconds and a day in those of two minutes: at most 0.4 MB a series, for ever.

    `memory` bounds all series of a store together, in bytes: above it what is oldest of them all
    becomes coarse earlier. None for no such bound.
    """

    samples: int = 32_768
    tiers: tuple[tuple[int, int], ...] = ((30_000, 720), (120_000, 720))
    memory: int | None = None


MEMORY = 38_000_000
"""Bytes of samples that a deck holds: 40 boats at 10 Hz then have the latest 10 to 30 minutes
whole, and the whole deck stays below 120 MB."""


class Tier:
    """The first of some tiers, of a width in milliseconds and at most so many buckets over `axes`
    values. The next, coarser one is made when something leaves this one.
    """

    __slots__ = (
        "_axes", "_coarser", "_counts", "_lasts", "_starts", "capacity", "circular", "next",
        "width",
    )  # fmt: skip

    def __init__(self, tiers: Sequence[tuple[int, int]], axes: int, circular: bool) -> None:
        (self.width, capacity), *self._coarser = tiers
        self.capacity = max(capacity, 16)
        self.circular = circular
        self.next: Tier | None = None
        self._starts: array[int] = array("q")
        self._counts: array[int] = array("I")
        self._lasts: array[int] = array("I")  # milliseconds from the start of the bucket
        # low, high, sum and last of each axis
        self._axes = tuple(tuple(array("d") for _ in range(4)) for _ in range(axes))

    def __len__(self) -> int:
        return len(self._starts)

    @property
    def first_time(self) -> int | None:
        """The start of the oldest bucket of this tier or the coarser ones, or None."""
        older = self.next.first_time if self.next is not None else None
        if older is not None:
            return older
        return self._starts[0] if self._starts else None

    @property
    def bytes(self) -> int:
        """About what all buckets of this tier and the coarser ones take: half as much again as
        their numbers, for arrays that grow keep some room and leave holes behind.
        """
        further = 0 if self.next is None else self.next.bytes
        return len(self._starts) * (24 + 48 * len(self._axes)) + further

    def add_block(self, block: Block) -> None:
        """Take in the samples of a block, all newer than what is here."""
        columns = [block.values(axis) for axis in range(len(self._axes))]
        position, size, width = 0, block.size, self.width
        while position < size:
            start = block.time(position) // width * width
            end = block.place(start + width)
            time = block.time(end - 1)
            self._put(
                start,
                [
                    fold(values[position:end], time, self.circular and axis == 0)
                    for axis, values in enumerate(columns)
                ],
            )
            position = end
        self._shed()

    def _put(self, start: int, folds: list[Fold]) -> None:
        starts = self._starts
        if starts and starts[-1] == start:
            last = len(starts) - 1
            folds = [
                merge(self._fold(last, axis), folded, self.circular and axis == 0)
                for axis, folded in enumerate(folds)
            ]
            self._cut(last, None)
        starts.append(start)
        self._counts.append(folds[0][0])
        self._lasts.append(folds[0][4] - start)
        for columns, (_, low, high, total, _, last_value) in zip(self._axes, folds, strict=True):
            lows, highs, totals, lasts = columns
            lows.append(low)
            highs.append(high)
            totals.append(total)
            lasts.append(last_value)

    def _fold(self, index: int, axis: int) -> Fold:
        low, high, total, last = (column[index] for column in self._axes[axis])
        time = self._starts[index] + self._lasts[index]
        return (self._counts[index], low, high, total, time, last)

    def _cut(self, low: int, high: int | None) -> None:
        part = slice(low, high)
        del self._starts[part], self._counts[part], self._lasts[part]
        for columns in self._axes:
            for column in columns:
                del column[part]

    def _shed(self) -> None:
        # A sixteenth at once: moving arrays for every bucket would cost more than the bucket.
        if len(self._starts) <= self.capacity + self.capacity // 16:
            return
        surplus = len(self._starts) - self.capacity
        if self.next is None and self._coarser:
            self.next = Tier(self._coarser, len(self._axes), self.circular)
        if self.next is not None:
            width = self.next.width
            for index in range(surplus):
                start = self._starts[index] - self._starts[index] % width
                folds = [self._fold(index, axis) for axis in range(len(self._axes))]
                self.next._put(start, folds)
            self.next._shed()
        self._cut(0, surplus)

    def between(self, start: int, end: int, axis: int) -> Iterator[tuple[int, Fold]]:
        """Yield (start, fold) of the buckets that begin in [start, end), oldest tier first."""
        if self.next is not None:
            yield from self.next.between(start, end, axis)
        low, high = bisect_left(self._starts, start), bisect_left(self._starts, end)
        for index in range(low, high):
            yield self._starts[index], self._fold(index, axis)


class History:
    """What has left a series' ring, in tiers, the finest first.

    There are none before something has left: thousands of series are too young for any.
    """

    __slots__ = ("_axes", "_circular", "_retention", "finest")

    def __init__(self, retention: Retention, axes: int, circular: bool) -> None:
        self._retention = retention
        self._axes = axes
        self._circular = circular
        self.finest: Tier | None = None

    @property
    def first_time(self) -> int | None:
        """The start of the oldest bucket, or None if there is none."""
        return None if self.finest is None else self.finest.first_time

    @property
    def bytes(self) -> int:
        """About what all of it takes."""
        return 0 if self.finest is None else self.finest.bytes

    def add_block(self, block: Block) -> None:
        """Take in the samples of a block, all newer than what is here."""
        if self.finest is None and self._retention.tiers:
            self.finest = Tier(self._retention.tiers, self._axes, self._circular)
        if self.finest is not None:
            self.finest.add_block(block)

    def between(self, start: int, end: int, axis: int) -> Iterator[tuple[int, Fold]]:
        """Yield (start, fold) of the buckets that begin in [start, end), oldest first."""
        if self.finest is not None:
            yield from self.finest.between(start, end, axis)

    def stretches(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Yield, of the buckets that reach into [start, end), when each begins and its last
        sample was.
        """
        widest = max((width for width, _ in self._retention.tiers), default=0)
        for first, folded in self.between(start - widest, end, 0):
            if folded[4] >= start:
                yield first, folded[4]
