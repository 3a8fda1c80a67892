"""Where a cursor goes when what it is on goes."""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import TypeVar

T = TypeVar("T")


def still_there(one: T, before: Sequence[T], now: Container[T]) -> T | None:
    """What stood `before`, or where it went the next behind it that is there `now`, or else the
    last before it; None where none is.
    """
    if one in now:
        return one
    if one not in before:
        return None
    place = before.index(one)
    near = (*before[place + 1 :], *reversed(before[:place]))
    return next((other for other in near if other in now), None)
