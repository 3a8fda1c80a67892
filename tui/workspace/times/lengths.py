"""What a person types as a length of time; what can be meant in two ways is not guessed.

    length  1h30 · 90m · 90 · 1:30 · :30 · 1.5h · 1,5 h · .5h · 2d · 45s

A bare whole number is minutes. A bare fraction is refused: other programs take `1.5` for hours,
and `1.30` is an hour and a half as often as 1.3 hours; so is `1:5`, which is 1:05 or 1:50.
"""

from __future__ import annotations

import re
from datetime import timedelta

from tui.workspace.times.texts import length_text
from tui.workspace.times.zones import TimeTextError

LONGEST = 80
_DASHES = str.maketrans("–—−", "---")
# Texts, not compiled: a start that reads no time should not pay for them; `re` keeps them after.
_ON_CLOCK = r"(?:([0-9]{1,4}):([0-5][0-9])(?::([0-5][0-9]))?|:([0-5][0-9]))\Z"
_HALF_ON_CLOCK = r"([0-9]{0,4}):([0-5])\Z"
_NUMBER = r"(?:[0-9]{1,9}(?:[.,][0-9]{1,9})?|[.,][0-9]{1,9})"
_PARTS = (
    rf"(?:(?P<d>{_NUMBER}) ?d(?:ays?)?)? ?"
    rf"(?:(?P<h>{_NUMBER}) ?(?:h|hrs?|hours?)(?: ?(?P<rest>[0-9]{{1,2}})\Z)?)? ?"
    rf"(?:(?P<m>{_NUMBER}) ?(?:m|mins?|minutes?))? ?"
    rf"(?:(?P<s>{_NUMBER}) ?(?:s|secs?|seconds?))?\Z"
)


class UnclearLength(TimeTextError):
    """A length that can be meant in two ways; the message says how to write either."""


def words_of(text: str) -> str:
    """What was typed with single blanks, in small letters; nothing where it is too long."""
    words = " ".join(text.translate(_DASHES).lower().split())
    return words if len(words) <= LONGEST else ""


def read_span(text: str) -> timedelta:
    """A length of time: `1h30`, `90m`, `1:30`, `1.5h`, `2d`, `45s`; a bare `90` is minutes.

    Raises TimeTextError; UnclearLength where it can be meant in two ways.
    """
    word = words_of(text)
    on_clock = re.match(_ON_CLOCK, word)
    if on_clock:
        hours, minutes, seconds, alone = on_clock.groups()
        return timedelta(
            hours=int(hours or 0), minutes=int(minutes or alone), seconds=int(seconds or 0)
        )
    half = re.match(_HALF_ON_CLOCK, word)
    if half:
        hours, digit = half[1] or "0", half[2]
        raise UnclearLength(
            f"{word} can be {hours}:0{digit} or {hours}:{digit}0: write both digits of the minutes."
        )
    if re.match(rf"{_NUMBER}\Z", word):
        if not word.isdecimal():
            raise _unclear(word)
        return timedelta(minutes=int(word))
    parts = re.match(_PARTS, word)
    given = {unit: value for unit, value in parts.groupdict().items() if value} if parts else {}
    if not given:
        raise TimeTextError("Write a duration as 1h30, 90m, 1:30 or 1.5h.")
    if any(re.search(r"[.,]", value) for value in list(given.values())[:-1]):
        raise UnclearLength("Only the last part of a duration can have a fraction: 1h30, or 1.5h.")
    numbers = {unit: float(value.replace(",", ".")) for unit, value in given.items()}
    try:
        return timedelta(
            days=numbers.get("d", 0),
            hours=numbers.get("h", 0),
            minutes=numbers.get("m", 0) + numbers.get("rest", 0),
            seconds=numbers.get("s", 0),
        )
    except OverflowError:
        raise TimeTextError("This duration is too long.") from None


def _unclear(word: str) -> UnclearLength:
    """That a bare fraction is no length, with what it may have been meant as."""
    hours = length_text(float(word.replace(",", ".")) * 3600)
    whole, _, fraction = word.replace(",", ".").partition(".")
    sixtieths = len(fraction) == 2 and int(fraction) < 60
    other = f"{whole or 0}h{fraction}" if sixtieths else f"{word}m"
    return UnclearLength(
        f"{word} can be meant in two ways: write {word}h, which is {hours}, or {other}."
    )
