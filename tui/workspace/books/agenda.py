"""Events of a book by the days on which they take place, and with what waits to be done to them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import NamedTuple

import msgspec

from tui.services.timetonic import BookEvent
from tui.workspace.books.waiting import MessageChange

MOST_DAYS = 366
"""Of an event; one that is longer is shown on its first days."""


class Planned(NamedTuple):
    """An event as it will be, and what waits to be done for that; of a new one it has no id."""

    event: BookEvent
    change: MessageChange | None

    @property
    def marked(self) -> BookEvent:
        """The event with a mark before its text, where something of it waits or is not known."""
        change = self.change
        if change is None:
            return self.event
        mark = ("? " if change.unknown else "… ") + ("✗ " if change.deletes else "")
        return msgspec.structs.replace(self.event, text=mark + self.event.text)


def planned(events: Sequence[BookEvent], waiting: Sequence[MessageChange]) -> list[Planned]:
    """The events as they will be, the earliest first, the new ones among them."""
    changes = {one.smid: one for one in waiting if one.smid is not None}
    found = [_as_it_will_be(one, changes.get(one.id or 0)) for one in events]
    for change in waiting:
        if change.smid is None and change.start is not None:
            new = BookEvent(text=change.text, start=change.start, end=change.end)
            found.append(Planned(new, change))
    never = datetime.max.replace(tzinfo=UTC)
    return sorted(found, key=lambda one: one.event.start or never)


def _as_it_will_be(event: BookEvent, change: MessageChange | None) -> Planned:
    if change is not None and not change.deletes:
        event = msgspec.structs.replace(event, text=change.text)
        if change.start is not None:
            event = msgspec.structs.replace(event, start=change.start, end=change.end)
    return Planned(event, change)


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
