"""Rounding of hours by a rule that is said; the exact figure stays beside it."""

from __future__ import annotations

from typing import Literal, NamedTuple

Way = Literal["none", "up", "nearest"]
Per = Literal["block", "day"]
WAYS: tuple[Way, ...] = ("none", "up", "nearest")
PERS: tuple[Per, ...] = ("block", "day")
LEAST_MINUTES, MOST_MINUTES = 5, 60
USUAL_MINUTES = 15
_WRITE = "Write a rounding as none, up 15, or nearest 6 per day"


class RoundingError(ValueError):
    """Text that is no rule of rounding; the message says what would be one."""


class Rounding(NamedTuple):
    """How lengths are rounded: `none`, `up`, or to the `nearest` of so many minutes.

    Per block a block is rounded as a whole, also one over midnight; per day what a tracker
    itself has on a day is rounded together.
    """

    way: Way = "none"
    minutes: int = USUAL_MINUTES
    per: Per = "block"

    @property
    def changes(self) -> bool:
        """Whether it rounds at all."""
        return self.way != "none"

    def length(self, seconds: int) -> int:
        """A length in seconds, rounded; half a step goes up."""
        step = self.minutes * 60
        if self.way == "up":
            return -(-seconds // step) * step
        if self.way == "nearest":
            return (seconds + step // 2) // step * step
        return seconds

    @property
    def rule(self) -> str:
        """The rule in a person's words."""
        if not self.changes:
            return "not rounded"
        what = "each block" if self.per == "block" else "each tracker's day"
        how = "up to" if self.way == "up" else "to the nearest"
        return f"{what} {how} {self.minutes} min"

    @property
    def typed(self) -> str:
        """The rule as it would be typed: `up 15 per day`."""
        return f"{self.way} {self.minutes} per {self.per}" if self.changes else "none"


EXACT = Rounding()
"""No rounding."""


def read_rounding(text: str, usual: Rounding = EXACT) -> Rounding:
    """A rule as typed: `none`, `up`, `up 15`, `nearest 6 per day`; what is left out is `usual`'s.

    Raises RoundingError.
    """
    way, minutes, per = "", usual.minutes, usual.per
    words = text.casefold().replace("minutes", "").replace("min", "").replace("/", " per ").split()
    for place, word in enumerate(words):
        if word == "per" and place + 1 < len(words):
            continue
        if word in WAYS and not way:
            way = word
        elif word in PERS:
            per = "block" if word == "block" else "day"
        elif word.isascii() and word.isdecimal() and len(word) < 4:
            minutes = int(word)
        else:
            raise RoundingError(f"{_WRITE}.")
    if not way:
        raise RoundingError(f"{_WRITE}.")
    if not LEAST_MINUTES <= minutes <= MOST_MINUTES:
        raise RoundingError(f"{minutes} min: {LEAST_MINUTES} to {MOST_MINUTES} can be rounded.")
    return Rounding(
        "up" if way == "up" else "nearest" if way == "nearest" else "none", minutes, per
    )
