"""Columns of samples, and their compact form in the database.

A block holds a stretch of one series: stamps as differences, then each axis as doubles,
compressed. Text series are JSON. One row a block keeps a race of six boats to a few hundred
rows instead of a million.
"""

from __future__ import annotations

import json
import struct
import sys
import zlib
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, islice
from operator import lt, sub
from typing import NamedTuple, cast

_HEADER = struct.Struct("<IBq")
_COMPRESSION = 1

Value = float | int | str | bool


class Series(NamedTuple):
    """What one column of samples belongs to."""

    serial: str
    type: int
    source: int = 0

    @property
    def key(self) -> str:
        """The key on the wire: `13`, or `13:100` for another source than 0."""
        return f"{self.type}:{self.source}" if self.source else str(self.type)


@dataclass
class Column:
    """Samples of one series: stamps in UTC milliseconds and one list of values an axis."""

    stamps: list[int]
    axes: list[list[Value]]

    def extend(self, other: Column) -> None:
        """Add another column's samples behind these."""
        if len(self.axes) == len(other.axes):
            self.stamps += other.stamps
            for place, more in enumerate(other.axes):
                self.axes[place] += more
            return
        while len(self.axes) < len(other.axes):
            self.axes.append([0] * len(self.stamps))
        self.stamps += other.stamps
        for index, axis in enumerate(self.axes):
            axis += other.axes[index] if index < len(other.axes) else [0] * len(other.stamps)

    def between(self, start: float, end: float) -> Column:
        """The samples from start to end, both ends included."""
        keep = [index for index, stamp in enumerate(self.stamps) if start <= stamp <= end]
        if len(keep) == len(self.stamps):
            return self
        return self.picked(keep)

    def ordered(self) -> Column:
        """In the order of time, each stamp once: of doubles the first one stays."""
        stamps = self.stamps
        if all(map(lt, stamps, islice(stamps, 1, None))):
            return self
        first: dict[int, int] = {}
        for index, stamp in enumerate(stamps):
            first.setdefault(stamp, index)
        return self.picked([first[stamp] for stamp in sorted(first)])

    def picked(self, indices: Sequence[int]) -> Column:
        """Only the samples at these places."""
        return Column(
            [self.stamps[index] for index in indices],
            [[axis[index] for index in indices] for axis in self.axes],
        )

    def wire(self) -> dict[str, object]:
        """`{"t": [..], "1": [..], "2": [..]}` with whole numbers as integers."""
        answer: dict[str, object] = {"t": self.stamps}
        for number, axis in enumerate(self.axes, 1):
            answer[str(number)] = [whole(value) for value in axis]
        return answer


def whole(value: Value) -> Value:
    """Igtimi writes 0.0 as 0: integers and floats stand mixed in one list (section 1.5)."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    return value


def _little_endian(values: array[int] | array[float]) -> bytes:
    if sys.byteorder == "big":
        values.byteswap()
    return values.tobytes()


def encode(column: Column, *, text: bool) -> bytes:
    """A column as a block's content."""
    if text:
        content = json.dumps([column.stamps, column.axes]).encode("utf-8")
        return zlib.compress(content, _COMPRESSION)
    stamps = column.stamps
    steps = array("q", map(sub, islice(stamps, 1, None), stamps))
    parts = [
        _HEADER.pack(len(stamps), len(column.axes), stamps[0] if stamps else 0),
        _little_endian(steps),
        *(_little_endian(array("d", cast("list[float]", axis))) for axis in column.axes),
    ]
    return zlib.compress(b"".join(parts), _COMPRESSION)


def decode(content: bytes, *, text: bool) -> Column:
    """A block's content as a column. Raises ValueError for a damaged block."""
    try:
        raw = zlib.decompress(content)
    except zlib.error as error:
        raise ValueError(f"a stored block is damaged: {error}") from error
    if text:
        stamps, axes = json.loads(raw)
        return Column(stamps, axes)
    count, number_of_axes, first = _HEADER.unpack_from(raw)
    offset = _HEADER.size
    steps: array[int] = array("q")
    length = 8 * max(count - 1, 0)
    steps.frombytes(raw[offset : offset + length])
    offset += length
    columns: list[list[Value]] = []
    for _ in range(number_of_axes):
        axis: array[float] = array("d")
        axis.frombytes(raw[offset : offset + 8 * count])
        offset += 8 * count
        if sys.byteorder == "big":
            axis.byteswap()
        columns.append(list(axis))
    if sys.byteorder == "big":
        steps.byteswap()
    return Column(list(accumulate(steps, initial=first)) if count else [], columns)


def joined(columns: Iterable[Column]) -> Column:
    """Several columns of one series as one, in order and without doubles."""
    result = Column([], [])
    for column in columns:
        if not result.axes:
            result.axes = [[] for _ in column.axes]
        result.extend(column)
    return result.ordered()
