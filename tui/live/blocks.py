"""Blocks of samples: typed arrays, and a shorter form for those that are full.

Times are 64-bit milliseconds. In a full block only their low 16 bits are kept, with a note at
each place where the rest changes: 2 bytes a sample instead of 8, read back exactly.
"""

from __future__ import annotations

import sys
from array import array
from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache
from itertools import chain, repeat
from operator import add
from struct import Struct
from typing import Any

BLOCK = 512
"""Samples in a full block: small enough to rewrite for one late sample, large enough to be lean."""
LOW = 0xFFFF
LOW_WORD = 0 if sys.byteorder == "little" else 3


@lru_cache(maxsize=4096)
def packer(count: int, form: str) -> Any:
    """Return the function that packs `count` numbers of a native `form` (several times faster
    than `array.extend` for lists of numbers)."""
    return Struct(f"{count}{form}").pack


class Block:
    """Samples of one series in ascending order of time: `times` and one array per axis."""

    __slots__ = ("_lows", "_marks", "axes", "first", "folds", "last", "size", "times")

    def __init__(self, axes: int) -> None:
        self.times: array[int] | None = array("q")
        self.axes: tuple[array[float], ...] = tuple(array("d") for _ in range(axes))
        self.size = 0
        self.first = 0
        self.last = 0
        self.folds: dict[Any, Any] = {}
        self._lows = b""
        self._marks: tuple[tuple[int, int], ...] = ()

    def append(self, times: Sequence[int], axes: Sequence[Sequence[float]]) -> None:
        """Add samples later than all here. Raises struct.error if one is not a number."""
        count = len(times)
        # All columns are packed before any is changed: a block is never half written.
        packed = [packer(count, "d")(*values) for values in axes]
        stamps = packer(count, "q")(*times)
        column = self.times
        if column is None:
            raise ValueError("the block is sealed")
        column.frombytes(stamps)
        for values, bytes_ in zip(self.axes, packed, strict=True):
            values.frombytes(bytes_)
        if not self.size:
            self.first = times[0]
        self.size += count
        self.last = times[-1]
        if self.folds:
            self.folds = {}

    def seal(self) -> None:
        """Change to the short form, if it is shorter."""
        times = self.times
        if times is None:
            return
        marks = [(0, times[0] >> 16)]
        while marks[-1][1] != self.last >> 16:
            index = bisect_left(times, (marks[-1][1] + 1) << 16)
            marks.append((index, times[index] >> 16))
            if len(marks) * 12 > self.size:
                return  # a sample a minute: nothing to gain
        self._lows = memoryview(times).cast("B").cast("H")[LOW_WORD::4].tobytes()
        self._marks = tuple(marks)
        self.times = None

    def stamps(self) -> Sequence[int]:
        """Return the times, oldest first."""
        if self.times is not None:
            return self.times
        lows = memoryview(self._lows).cast("H").tolist()
        ends = chain((index for index, _ in self._marks[1:]), (self.size,))
        highs = (
            repeat(high << 16, end - index)
            for (index, high), end in zip(self._marks, ends, strict=True)
        )
        return list(map(add, lows, chain.from_iterable(highs)))

    def at(self, index: int) -> tuple[float, ...]:
        """Return all axes of the sample at `index`."""
        return tuple(values[index] for values in self.axes)
