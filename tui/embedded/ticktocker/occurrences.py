"""When an event takes place next, if it repeats.

The page names the frequencies and says nothing of what a repeated tock's times are; here they
are those of the occurrence that goes on or comes next, at the same wall time in its zone.
"""

from __future__ import annotations

import calendar
from datetime import UTC, datetime, timedelta

from tui.embedded.zones import zone

FREQUENCIES = ("no", "daily", "weekly", "bi-weekly", "monthly", "yearly")
_DAYS = {"daily": 1, "weekly": 7, "bi-weekly": 14}
_MONTHS = {"monthly": 1, "yearly": 12}


def occurrence(
    begin: datetime, end: datetime, frequency: str, timezone: str, now: datetime
) -> tuple[datetime, datetime]:
    """Begin and end (aware, UTC) of the first occurrence that has not ended.

    An event that does not repeat takes place once.
    """
    if frequency == "no" or end > now:
        return begin, end
    length = end - begin
    first = begin.astimezone(zone(timezone))
    number = _estimate(first, frequency, now - length)
    while True:
        start = _nth(first, frequency, number).astimezone(UTC)
        if start + length > now:
            return start, start + length
        number += 1


def _estimate(first: datetime, frequency: str, wanted: datetime) -> int:
    """A number of repetitions that is not too large."""
    if frequency in _DAYS:
        passed = (wanted - first).days // _DAYS[frequency]
    else:
        months = (wanted.year - first.year) * 12 + wanted.month - first.month
        passed = months // _MONTHS[frequency]
    return max(0, passed - 1)


def _nth(first: datetime, frequency: str, number: int) -> datetime:
    if frequency in _DAYS:
        return first + timedelta(days=_DAYS[frequency] * number)
    months = first.month - 1 + _MONTHS[frequency] * number
    year, month = first.year + months // 12, months % 12 + 1
    day = min(first.day, calendar.monthrange(year, month)[1])
    return first.replace(year=year, month=month, day=day)
