"""The numbers of invoices, from a pattern that a person sets.

`{n}` is the place in the series, `{n:04}` with so many digits; `{year}` and `{month}` are of the
day of issue, and each year or month that a pattern names has a series of its own.
"""

from __future__ import annotations

import re
from datetime import date

from tui.config.load import ConfigError
from tui.services.digits import whole
from tui.words import counted

_FIELD = re.compile(r"\{(n)(?::0?(\d{1,2}))?\}|\{(year|month)\}")
LONGEST = 35
"""Characters of a number: as many as France takes."""


class NumberPattern:
    """How numbers are written. Raises ConfigError for a pattern that makes none."""

    def __init__(self, pattern: str, prefix: str = "") -> None:
        self._pattern = f"{prefix}{pattern}"
        rest = _FIELD.sub("", self._pattern)
        places = [found for found in _FIELD.finditer(self._pattern) if found[1]]
        if len(places) != 1 or "{" in rest or "}" in rest:
            raise ConfigError(
                f"invoices.number: {pattern!r} needs {{n}} once, as {{n}} or {{n:04}}; beside it"
                " {year} and {month} may stand"
            )
        if not re.fullmatch(r"[A-Za-z0-9+\-_/. ]*", rest):
            raise ConfigError(
                f"invoices.number: {pattern!r} may hold letters, digits, blanks and + - _ / ."
            )

    def series(self, day: date) -> str:
        """The series that an invoice of a day belongs to."""
        return _FIELD.sub(
            lambda found: "{n}" if found[1] else _of_day(found[3], day), self._pattern
        )

    def number(self, day: date, place: int) -> str:
        """The number at a place of the series. Raises ConfigError where it is too long."""

        def written(found: re.Match[str]) -> str:
            if not found[1]:
                return _of_day(found[3], day)
            return f"{place:0{int(found[2])}}" if found[2] else f"{place}"

        number = _FIELD.sub(written, self._pattern)
        if len(number) > LONGEST:
            raise ConfigError(
                f"invoices.number: {number!r} is longer than {counted(LONGEST, 'character')}"
            )
        return number

    def place_of(self, number: str, day: date) -> int | None:
        """At which place of the day's series a number stands; None where it is none of it."""
        before, _, after = self.series(day).partition("{n}")
        if not (number.startswith(before) and number.endswith(after)):
            return None
        middle = number[len(before) : len(number) - len(after)]
        return whole(middle) if middle.isascii() else None


def _of_day(name: str, day: date) -> str:
    return f"{day.year:04}" if name == "year" else f"{day.month:02}"
