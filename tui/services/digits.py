"""Whole numbers that come as text or as keys, and how large one from outside may be."""

from __future__ import annotations

from typing import TypeGuard

LARGEST = 10**38
"""More than anything is numbered with or counts, and less than a float holds."""
LONGEST = 100 * 366 * 86_400
"""Seconds: a century, and no tracked time is longer."""
MOST_DIGITS = 20
"""Of an id: as many as 64 bits have."""


def whole(text: str) -> int | None:
    """The number that a text of digits is. None for any other text, and for too many digits.

    Python refuses to read thousands of digits, and does so with an error of its own.
    """
    return int(text) if len(text) <= MOST_DIGITS and text.isdecimal() else None


def is_whole(value: object) -> TypeGuard[int]:
    """Whether a value from outside is a whole number. True and False are numbers for Python alone:
    taken for 1, a yes would be the id of something else.
    """
    return isinstance(value, int) and not isinstance(value, bool)
