"""Columns of doubles, and what their bytes tell of all of them without looking at each number."""

from __future__ import annotations

import struct
import sys
from array import array
from collections.abc import Sequence
from typing import TYPE_CHECKING

TOP = 7 if sys.byteorder == "little" else 0
"""Where in a double the byte stands that has its sign and most of its exponent."""
SMALL = bytes(byte for byte in range(256) if byte & 0x7F < 84)
"""Those bytes of all numbers nearer to 0 than 2 ** 321."""
TWO = bytes(range(0x40, 84))
"""Those of numbers from 2 up to there."""
LOWER = range(6, -1, -1)
"""The other bytes of a double, from the next one on; where the least of them comes first."""

if TYPE_CHECKING:
    _Doubles = array[float]
else:
    _Doubles = array  # which takes no parameter before Python 3.12

ANEW = 16
"""Columns of a series after which one is looked through anew."""
NONE, FULL = bytes(8), b"\xff" * 8
_two = struct.Struct("<2d")


class Packed(_Doubles):
    """A column of doubles. `bounds` are two numbers between which all of them lie, if told."""

    __slots__ = ("bounds",)

    bounds: tuple[float, float]


def measurable(packed: bytes) -> bool:
    """Tell whether all of these doubles are nearer to 0 than 2 ** 321; what is not may be NaN."""
    return not packed[TOP::8].translate(None, SMALL)


def at_least_two(packed: bytes) -> bool:
    """Tell whether, by their highest bytes, all of these doubles are 2 or more."""
    return not packed[TOP::8].translate(None, TWO)


def bounds(packed: bytes, values: Sequence[float]) -> tuple[float, float]:
    """Return two numbers between which all of these lie, given as doubles and as numbers; each is
    off by at most the sixteenth part of itself.

    Numbers of one sign are in the order of their bytes. Looked through byte by byte, up to the
    first in which they differ, hundreds of them cost less than to find the least and the greatest.
    """
    return _looked_through(packed, values)[0]


Seen = tuple[tuple[float, float], int, bytes, bytes]
"""Bounds; the byte in which numbers differ, what it may be, and the higher bytes of all."""


def _looked_through(
    packed: bytes, values: Sequence[float]
) -> tuple[tuple[float, float], Seen | None]:
    """Return the bounds of these numbers, and how to tell that others lie between them too."""
    count = len(values)
    top = packed[TOP::8]
    if TOP == 0 or top.count(top[:1]) != count:
        return (min(values), max(values)), None
    for at in LOWER:
        column = packed[at::8]
        if column.count(column[:1]) != count:
            kinds = set(column)
            same = packed[at + 1 : 8]
            least, most = min(kinds), max(kinds)
            ends = NONE[:at] + bytes((least,)) + same + FULL[:at] + bytes((most,)) + same
            one, other = _two.unpack(ends)
            found = (one, other) if one <= other else (other, one)
            return found, (found, at, bytes(range(least, most + 1)), same)
    return (values[0], values[0]), None


class Bounds:
    """Between what the numbers of a series lie: a unit that goes on as it did costs little.

    As long as all bytes of a column that tell it lie where those of an earlier one did, so do its
    numbers. Now and then it is looked through anew, so that what once was far apart is not so for
    ever.
    """

    __slots__ = ("_left", "_seen")

    def __init__(self) -> None:
        self._seen: Seen | None = None
        self._left = 0

    def of(self, packed: bytes, values: Sequence[float]) -> tuple[float, float]:
        """Return two numbers between which all of these lie, as `bounds` does."""
        if self._left and self._seen is not None:
            found, at, between, same = self._seen
            self._left -= 1
            if not packed[at::8].translate(None, between):
                count = len(values)
                for place, byte in enumerate(same, at + 1):
                    if packed[place::8].count(byte) != count:
                        break
                else:
                    return found
        found, self._seen = _looked_through(packed, values)
        self._left = ANEW
        return found
