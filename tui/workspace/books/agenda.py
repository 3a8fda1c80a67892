"""Events of a book by the days on which they take place."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta, tzinfo

from tui.services.timetonic import BookEvent

MOST_DAYS = 366
"""Of an event; one that is longer is shown on its first days."""


def by_day(events: Iterable[BookEvent], zone: tzinfo) -> dict[date, list[BookEvent]]:
    """The events of each day in `zone`, the earliest first. What ends at midnight is not on the
    day that begins then; what has no start is on none.
    """
    found: dict[date, list[BookEvent]] = {}
    for event in sorted(
        (one for one in events if one.start is not None), key=lambda one: _start(one, zone)
    ):
        first = _start(event, zone).date()
        end = first if event.end is None else _last_day(event.end.astimezone(zone))
        days = max(0, min((end - first).days, MOST_DAYS - 1))
        for number in range(days + 1):
            found.setdefault(first + timedelta(days=number), []).append(event)
    return found


def _start(event: BookEvent, zone: tzinfo) -> datetime:
    assert event.start is not None
    return event.start.astimezone(zone)


def _last_day(end: datetime) -> date:
    return end.date() - timedelta(days=end.time() == time())


def first_from(events: Iterable[BookEvent], day: date, zone: tzinfo) -> BookEvent | None:
    """The first event that goes on at that day or begins later."""
    found = by_day(events, zone)
    later = sorted(one for one in found if one >= day)
    return found[later[0]][0] if later else None
