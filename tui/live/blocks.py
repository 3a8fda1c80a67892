"""Blocks of samples: typed arrays, and a shorter form for those that are full.

Times are 64-bit milliseconds. In a full block only their low 16 bits are kept, with a note at
each place where the rest changes: 2 bytes a sample instead of 8, read back exactly.
"""

from __future__ import annotations

import struct
import sys
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import islice
from operator import itemgetter, lt
from typing import Any

BLOCK = 512
"""Samples that fill a block: few enough to rewrite for one late sample, enough to be lean.

What arrives at once is not cut in two for it: blocks of up to twice as many occur.
"""
MANY = 32
"""Numbers from which on to pack them before an array is made of them saves time."""
FURTHEST = 1 << 62
UNEQUAL = "the columns differ in length"
EMPTY = array("d").__sizeof__()
"""Bytes of an array without any numbers."""
LOW_WORD = 0 if sys.byteorder == "little" else 3


Marks = tuple[tuple[int, int], ...]
_index, _rest = itemgetter(0), itemgetter(1)


def ascending(times: Sequence[int]) -> array[int] | None:
    """Return times as a block takes them; None if they do not ascend strictly or lie too far off.

    Series of one device mostly have the same times: looked through once, they serve them all.
    Raises TypeError if they are no whole numbers.
    """
    count = len(times)
    if times[-1] < FURTHEST and (count == 1 or all(map(lt, times, islice(times, 1, None)))):
        return array("q", times if count < MANY else packed("q", count)(*times))
    return None


@lru_cache(256)
def packed(code: str, count: int) -> Callable[..., bytes]:
    """Return what packs that many numbers: an array made of them costs three times as much."""
    return struct.Struct(f"{count}{code}").pack


def numbers(values: Sequence[float]) -> array[float]:
    """Return values as a block takes them. Raises TypeError if they are no numbers."""
    if isinstance(values, array):
        return values
    if len(values) < MANY:
        return array("d", values)
    try:
        return array("d", packed("d", len(values))(*values))
    except struct.error as error:
        raise TypeError("no numbers") from error


def lean(values: array[float]) -> array[float]:
    """Return the same without room to spare, which arrays that have grown have."""
    return values if values.__sizeof__() == EMPTY + 8 * len(values) else values[:]


class Sealer:
    """Shortens the times of full blocks; series with the same times share the short form.

    `sealed` are the bytes of what was sealed, until somebody sets it back.
    """

    def __init__(self) -> None:
        self.sealed = 0
        self._times: array[int] = array("q")
        self._short: tuple[bytes, Marks] | None = None

    def shorten(self, times: array[int]) -> tuple[bytes, Marks] | None:
        """Return the low 16 bits of all times, and (index, the rest) where the rest changes.

        None if that would not be shorter. `times` ascend and are not changed any more.
        """
        if times == self._times:
            return self._short
        self._times, self._short = times, None
        marks = [(0, times[0] >> 16)]
        newest = times[-1] >> 16
        while marks[-1][1] != newest:
            index = bisect_left(times, (marks[-1][1] + 1) << 16)
            marks.append((index, times[index] >> 16))
            if len(marks) * 12 > len(times):
                return None  # a sample a minute: nothing to gain
        lows = memoryview(times).cast("B").cast("H")[LOW_WORD::4].tobytes()
        self._short = (lows, tuple(marks))
        return self._short


class Block:
    """Samples of one series in ascending order of time. Full ones are sealed.

    `times` is None where they are kept in the short form. `columns` has the values of each axis.
    """

    __slots__ = ("_lows", "_marks", "columns", "first", "folds", "last", "size", "times")

    def __init__(self, axes: int) -> None:
        self.times: array[int] | None = array("q")
        self.columns: tuple[array[float], ...] = tuple(array("d") for _ in range(axes))
        self.size = 0
        self.first = 0
        self.last = 0
        self.folds: dict[int, Any] | None = None
        self._lows = b""
        self._marks: Marks = ()

    def append(self, times: array[int], axes: Sequence[array[float]]) -> None:
        """Add samples, all later than those here.

        Raises ValueError if a column is of another length; nothing is changed then.
        """
        count = len(times)
        stamps = self.times
        if stamps is None:
            raise ValueError("the block is sealed")
        if len(axes) == 1:
            (values,) = axes
            if len(values) != count:
                raise ValueError(UNEQUAL)
            self.columns[0].extend(values)
        else:
            if any(len(values) != count for values in axes):
                raise ValueError(UNEQUAL)
            for column, values in zip(self.columns, axes, strict=True):
                column.extend(values)
        stamps.extend(times)
        if not self.size:
            self.first = times[0]
        self.size += count
        self.last = times[-1]
        self.folds = None

    def hold(self, times: array[int], axes: Sequence[array[float]]) -> None:
        """Take these arrays as all that is here, where nothing was; nobody else changes them."""
        self.times, self.columns = times, tuple(axes)
        self.size = len(times)
        self.first, self.last = times[0], times[-1]
        self.folds = None

    def seal(self, sealer: Sealer) -> None:
        """Change to the short form, if it is shorter. Nothing is added any more."""
        if self.times is None:
            return
        short = sealer.shorten(self.times)
        if short is not None:
            self._lows, self._marks = short
            self.times = None
        self.columns = tuple([lean(values) for values in self.columns])
        sealer.sealed += self.bytes

    @property
    def bytes(self) -> int:
        """About what it takes: of the times a byte, as they are short and mostly shared."""
        return self.size * (8 * len(self.columns) + 1)

    @property
    def short(self) -> bool:
        """Whether the times are kept in the short form."""
        return self.times is None

    def stamps(self) -> Sequence[int]:
        """Return the times, oldest first."""
        if self.times is not None:
            return self.times
        lows = memoryview(self._lows).cast("H").tolist()
        if len(self._marks) == 1:
            base = self._marks[0][1] << 16
            return [base + low for low in lows]
        times: list[int] = []
        ends = [*(index for index, _ in self._marks[1:]), self.size]
        for (index, high), end in zip(self._marks, ends, strict=True):
            base = high << 16
            times += [base + low for low in lows[index:end]]
        return times

    def time(self, index: int) -> int:
        """Return the time of the sample at `index`."""
        if self.times is not None:
            return self.times[index]
        mark = bisect_right(self._marks, index, key=_index) - 1
        return (self._marks[mark][1] << 16) + memoryview(self._lows).cast("H")[index]

    def place(self, time: int) -> int:
        """Return the index of the first sample at or after `time`: `size` where there is none.

        Unlike a search in `stamps` this does not write out the times of a sealed block.
        """
        if self.times is not None:
            return bisect_left(self.times, time)
        marks, high = self._marks, time >> 16
        mark = bisect_left(marks, high, key=_rest)
        if mark == len(marks):
            return self.size
        index, found = marks[mark]
        if found > high:
            return index
        end = marks[mark + 1][0] if mark + 1 < len(marks) else self.size
        return bisect_left(memoryview(self._lows).cast("H"), time & 0xFFFF, index, end)

    def values(self, axis: int, low: int = 0, high: int | None = None) -> list[float]:
        """Return the values of one axis, from index `low` to before `high`."""
        return self.columns[axis][low:high].tolist()

    def at(self, index: int) -> tuple[float, ...]:
        """Return all axes of the sample at `index`."""
        return tuple(values[index] for values in self.columns)
