"""Whole numbers that come as text or as keys, and how large one from outside may be."""

from __future__ import annotations

LARGEST = 10**38
"""More than anything is numbered with or counts, and less than a float holds."""
MOST_DIGITS = 20
"""Of an id: as many as 64 bits have."""


def whole(text: str) -> int | None:
    """The number that a text of digits is. None for any other text, and for too many digits.

    Python refuses to read thousands of digits, and does so with an error of its own.
    """
    return int(text) if len(text) <= MOST_DIGITS and text.isdecimal() else None
