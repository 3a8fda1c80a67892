"""Dates for times of day, and dates that a receiver lost (reference/instruments.md, section 5)."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

DAY = 86_400_000
"""Milliseconds of a day."""

LATEST = 253_402_300_800_000
"""Milliseconds of the year 10000, and none before 1970: a date in every file."""

EARLIEST = 315_532_800_000
"""Milliseconds of 1980, when GPS began: nothing that is heard was measured before."""

ROLLOVER = 7168 * DAY
"""GPS counts weeks to 1024 and begins again; an old receiver is then this much behind."""

_TIME = re.compile(r"(\d\d)(\d\d)(\d\d)(\.\d{0,9})?", re.ASCII)
_DATE = re.compile(r"(\d\d)(\d\d)(\d\d)", re.ASCII)


def time_of_day(text: str) -> int | None:
    """Milliseconds since midnight of `hhmmss.ss`. A leap second and `240000` are the next day's."""
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    hours, minutes, seconds = (int(found[place]) for place in (1, 2, 3))
    fraction = round(float(f"0{found[4] or '.'}0") * 1000)
    if minutes > 59 or seconds > 60 or hours > 24 or (hours == 24 and minutes + seconds):
        return None
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + fraction


def short_day(text: str) -> int | None:
    """Midnight of `ddmmyy` in UTC milliseconds. GPS began in 1980: 80 to 99 are of 1900."""
    found = _DATE.fullmatch(text)
    if found is None:
        return None
    year = int(found[3])
    return day_of(year + (1900 if year >= 80 else 2000), int(found[2]), int(found[1]))


def day_of(year: int, month: int, day: int) -> int | None:
    """Midnight in UTC milliseconds; None where there is no such day."""
    try:
        return midnight(date(year, month, day))
    except ValueError:
        return None


def midnight(day: date) -> int:
    """The beginning of a day in UTC milliseconds."""
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) * 1000


def nearest(since_midnight: int, near: int) -> int:
    """A time of day on the day that brings it nearest to a moment."""
    return since_midnight + DAY * round((near - since_midnight) / DAY)


def in_this_age(stamp: int, arrival: int) -> int:
    """A date that is a multiple of 1024 weeks away from its arrival, brought back to it."""
    return stamp + ROLLOVER * round((arrival - stamp) / ROLLOVER)
