"""A ring of samples in order of time: what is oldest leaves when it is full.

Samples that arrive in order, nearly all, are appended by the block; late ones are put where they
belong; one whose time is there already is dropped: of two values for one time the one that came
first stands, and the other is counted as a conflict. The result does not depend on how samples
were cut into batches, repeated or shuffled.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence

from tui.live.blocks import BLOCK, UNEQUAL, Block, Sealer, ascending, numbers
from tui.live.counts import Counts

NEARLY_FULL = BLOCK - 1
"""Samples of a block that the next one fills."""
Samples = tuple[list[int], tuple[list[float], ...]]
"""Times in milliseconds and one list of values per axis, oldest first."""


class Ring:
    """At most `capacity` samples (rounded up to whole blocks) of one series with `axes` values.

    `spill` is given each block that leaves, oldest first. Rings of one store share a `sealer`.
    """

    __slots__ = (
        "_closed", "_counts", "_gone", "_sealer", "axes", "blocks", "capacity", "floor", "head",
        "spill",
    )  # fmt: skip

    def __init__(
        self,
        axes: int,
        capacity: int,
        spill: Callable[[Block], None] | None = None,
        sealer: Sealer | None = None,
    ) -> None:
        self.axes = axes
        self.capacity = max(capacity, 2 * BLOCK)
        self.spill = spill
        self._sealer = sealer or Sealer()
        self.head = Block(axes)
        """The last of the blocks. What comes is counted in it alone: of thousands of series every
        number that is written for a sample costs."""
        self.blocks: list[Block] = [self.head]
        self.floor = 0
        self._counts = Counts()
        self._closed = self._gone = 0
        """Samples of the other blocks, and of those that were kept and are no more."""

    @property
    def size(self) -> int:
        """How many samples are here."""
        return self._closed + self.head.size

    @property
    def kept(self) -> int:
        """How many were kept, those that have left since as well."""
        return self._gone + self._closed + self.head.size

    @property
    def counts(self) -> Counts:
        """What became of all samples that came."""
        self._counts.kept = self.kept
        return self._counts

    @property
    def first_time(self) -> int | None:
        """The oldest sample's time, or None if there is none."""
        return self.blocks[0].first if self.blocks[0].size else None

    @property
    def last_time(self) -> int | None:
        """The newest sample's time, or None if there is none."""
        return self.head.last if self.blocks[0].size else None

    def extend(
        self,
        times: Sequence[int],
        axes: Sequence[Sequence[float]],
        horizon: int | None = None,
        stamps: array[int] | None = None,
    ) -> int | None:
        """Take in samples; return the earliest time at which something changed, or None.

        `stamps` are the times as `ascending` gives them, if it was asked already.

        Times above `horizon` or not above 0 are junk. Raises ValueError if the columns differ
        in length, TypeError if they hold what is no number; nothing is changed then.
        """
        if len(axes) != self.axes:
            raise ValueError("another number of axes")
        head = self.head
        first = times[0]
        if first > head.last and (horizon is None or times[-1] <= horizon):
            if stamps is None:
                stamps = ascending(times)
            if stamps is not None:
                columns = [numbers(values) for values in axes]
                count = len(stamps)
                if count <= BLOCK:
                    head.append(stamps, columns)
                    if head.size >= BLOCK:
                        self._close(head)
                else:
                    self._append(stamps, columns)
                return first
        return self._repair(times, axes, horizon)

    def add(self, time: int, axes: Sequence[Sequence[float]]) -> bool:
        """Add one sample, where that is no more than to put it behind the others; whether it was.

        `time` is below `FURTHEST`. Thousands of series have them so, one by one: this is most of
        what they cost. Raises ValueError, TypeError; nothing is changed then.
        """
        head = self.head
        stamps, size = head.times, head.size
        if time <= head.last or size >= NEARLY_FULL or stamps is None or self.axes != len(axes):
            return False
        if self.axes != 1:
            for values in axes:
                if len(values) != 1:
                    return False
            columns = [array("d", values) for values in axes]
            for column, one in zip(head.columns, columns, strict=True):
                column.extend(one)
            stamps.append(time)
        else:
            ((value,),) = axes
            stamps.append(time)
            try:
                head.columns[0].append(value)
            except (TypeError, OverflowError):
                stamps.pop()
                raise
        if not size:
            head.first = time
        head.size = size + 1
        head.last = time
        head.folds = None
        return True

    def _append(self, times: array[int], axes: Sequence[array[float]]) -> None:
        count = len(times)
        if any(len(values) != count for values in axes):
            raise ValueError(UNEQUAL)
        position = 0
        while position < count:
            head = self.head
            end = min(count, position + BLOCK - head.size)
            part = times[position:end], [values[position:end] for values in axes]
            if head.size:
                head.append(*part)
            else:
                head.hold(*part)
            position = end
            if head.size >= BLOCK:
                self._close(head)

    def _close(self, head: Block) -> None:
        """Begin another block, as this one is full."""
        head.seal(self._sealer)
        self._closed += head.size
        self.head = self._empty(head.last)
        self.blocks.append(self.head)
        self._shed()

    def _empty(self, time: int) -> Block:
        """Return a block for what comes after `time`, in its place in the order of blocks."""
        block = Block(self.axes)
        block.first = block.last = time
        return block

    def _shed(self) -> None:
        while self.size - self.blocks[0].size >= self.capacity and len(self.blocks) > 1:
            self.let_go()

    def let_go(self) -> None:
        """Have the oldest block leave; there is another behind it."""
        oldest = self.blocks.pop(0)
        self._closed -= oldest.size
        self._gone += oldest.size
        self.floor = oldest.last
        if self.spill is not None:
            self.spill(oldest)

    def _repair(
        self, times: Sequence[int], axes: Sequence[Sequence[float]], horizon: int | None
    ) -> int | None:
        """Take in samples in any order, some of them perhaps known or impossible."""
        counts = self._counts
        if self._knows(times):
            counts.conflicts += self._unlike(times, axes)
            counts.duplicates += len(times)
            return None
        rows: dict[int, tuple[float, ...]] = {}
        again: list[tuple[int, tuple[float, ...]]] = []
        for time, *values in zip(times, *axes, strict=True):
            if time <= 0 or (horizon is not None and time > horizon):
                counts.junk += 1
            elif time <= self.floor:
                counts.expired += 1
            elif time in rows:
                again.append((time, tuple(values)))
            else:
                rows[time] = tuple(values)
        if not rows:
            return None
        order = sorted(rows)
        newest = self.head.last
        split = bisect_right(order, newest)
        changed = self._insert(order[:split], rows) if split else None
        fresh = order[split:]
        if fresh:
            columns = zip(*(rows[time] for time in fresh), strict=True)
            self._append(array("q", fresh), [numbers(values) for values in columns])
            changed = fresh[0] if changed is None else changed
        counts.duplicates += len(again)
        counts.conflicts += sum(rows[time] != values for time, values in again)
        return changed

    def _knows(self, times: Sequence[int]) -> bool:
        """Tell, cheaply, whether samples of all these times are here: a repeated message."""
        low, high = min(times), max(times)
        if low <= self.floor or not self.size or low < self.blocks[0].first:
            return False
        known: set[int] = set()
        for block, start, end in self.between(low, high + 1):
            known.update(block.stamps()[start:end])
        return known.issuperset(times)

    def _unlike(self, times: Sequence[int], axes: Sequence[Sequence[float]]) -> int:
        """Return how many of these samples, of times that are here, have other values."""
        stamps, columns = self.samples(min(times), max(times) + 1)
        known = dict(zip(stamps, zip(*columns, strict=True), strict=True))
        rows = zip(*axes, strict=True)
        return sum(known[time] != row for time, row in zip(times, rows, strict=True))

    def _insert(self, order: list[int], rows: dict[int, tuple[float, ...]]) -> int | None:
        """Put late samples, in ascending order, among those that are here.

        `rows` hold afterwards what stands for each time.
        """
        starts = [block.first for block in self.blocks if block.size]
        low = max(bisect_right(starts, order[0]) - 1, 0)
        high = max(bisect_right(starts, order[-1]), low + 1)
        old_times: list[int] = []
        old_axes: list[list[float]] = [[] for _ in range(self.axes)]
        for block in self.blocks[low:high]:
            old_times.extend(block.stamps())
            for axis, column in enumerate(old_axes):
                column.extend(block.values(axis))
        merged = dict(zip(old_times, zip(*old_axes, strict=True), strict=True))
        late = [time for time in order if time not in merged]
        self._counts.duplicates += len(order) - len(late)
        stands = {time: merged[time] for time in order if time in merged}
        self._counts.conflicts += sum(rows[time] != values for time, values in stands.items())
        rows.update(stands)
        if not late:
            return None
        self._counts.late += len(late)
        merged.update((time, rows[time]) for time in late)
        times = sorted(merged)
        columns = list(zip(*(merged[time] for time in times), strict=True))
        self._replace(low, high, times, columns)
        return late[0]

    def _replace(
        self, low: int, high: int, times: list[int], columns: list[tuple[float, ...]]
    ) -> None:
        """Rebuild the blocks from `low` to before `high` out of these samples."""
        at_end = high >= len(self.blocks) or not self.blocks[high].size
        rebuilt: list[Block] = []
        # Even parts: a full block with one more sample must not leave blocks of one behind.
        size = -(-len(times) // -(-len(times) // BLOCK))
        for position in range(0, len(times), size):
            end = position + size
            block = Block(self.axes)
            part = [numbers(values[position:end]) for values in columns]
            block.append(array("q", times[position:end]), part)
            rebuilt.append(block)
        if at_end:
            high = len(self.blocks)
            if rebuilt[-1].size >= BLOCK:
                rebuilt.append(self._empty(times[-1]))
        self.blocks[low:high] = rebuilt
        self._look_at_blocks()
        for block in self.blocks[low:-1]:
            block.seal(self._sealer)
        self._shed()

    def take_out(self, start: int, end: int) -> Samples:
        """Remove the samples of [start, end), and return them."""
        taken = self.samples(start, end)
        if not taken[0]:
            return taken
        rest: list[Block] = []
        for block in self.blocks:
            if not block.size or block.last < start or block.first >= end:
                rest.append(block)
                continue
            low, high = block.place(start), block.place(end)
            if low == 0 and high == block.size:
                continue
            stamps = block.stamps()
            left = Block(self.axes)
            columns = [block.values(axis) for axis in range(self.axes)]
            left.append(
                array("q", [*stamps[:low], *stamps[high:]]),
                [array("d", [*values[:low], *values[high:]]) for values in columns],
            )
            rest.append(left)
        if not rest or rest[-1].short or rest[-1].size >= BLOCK:
            rest.append(self._empty(rest[-1].last if rest else self.floor))
        self.blocks = rest
        self._look_at_blocks()
        self._gone += len(taken[0])
        return taken

    def _look_at_blocks(self) -> None:
        """See which of them is the last, and how many samples the others hold."""
        *others, self.head = self.blocks
        self._closed = sum(block.size for block in others)

    def between(self, start: int, end: int) -> Iterator[tuple[Block, int, int]]:
        """Yield the blocks that hold times of [start, end), with the range of indices in each."""
        blocks = self.blocks
        index = len(blocks) - 1
        if start < blocks[index].first:
            index = max(bisect_right(blocks, start, key=lambda block: block.first) - 1, 0)
        if not blocks[-1].size and index == len(blocks) - 1:
            index = max(index - 1, 0)
        for block in blocks[index:]:
            if not block.size or block.last < start:
                continue
            if block.first >= end:
                break
            if block.first >= start and block.last < end:
                yield block, 0, block.size
                continue
            low, high = block.place(start), block.place(end)
            if low < high:
                yield block, low, high

    def samples(self, start: int, end: int) -> Samples:
        """Return the samples of [start, end)."""
        head = self.head
        if head.size and head.first <= start:
            # What has just come: all of it stands in the newest block.
            stamps = head.stamps()
            low = bisect_left(stamps, start)
            high = head.size if head.last < end else bisect_left(stamps, end)
            return list(stamps[low:high]), tuple([one[low:high].tolist() for one in head.columns])
        times: list[int] = []
        axes: tuple[list[float], ...] = tuple([] for _ in range(self.axes))
        for block, low, high in self.between(start, end):
            times.extend(block.stamps()[low:high])
            for axis, column in enumerate(axes):
                column.extend(block.values(axis, low, high))
        return times, axes

    def single(self, start: int, end: int) -> tuple[int, tuple[float, ...]] | None:
        """Return the newest sample where it alone lies in [start, end); None where it may not."""
        head = self.head
        stamps = head.times
        if head.size < 2 or stamps is None or stamps[-2] >= start or not start <= head.last < end:
            return None
        return head.last, tuple([values[-1] for values in head.columns])

    def before(self, time: int) -> tuple[int, tuple[float, ...]] | None:
        """Return the last sample at or before `time`, or None if there is none."""
        for block in reversed(self.blocks):
            if block.size and block.first <= time:
                stamps = block.stamps()
                index = bisect_right(stamps, time) - 1
                return stamps[index], block.at(index)
        return None

    def after(self, time: int) -> int | None:
        """Return the time of the first sample after `time`, or None if there is none."""
        for block, low, _ in self.between(time + 1, 1 << 62):
            return block.stamps()[low]
        return None
