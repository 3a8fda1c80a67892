"""A report in lines, summed up without making a block of each: what years of hours take.

What lies in the days before now and has an end is taken as it is written; the others, which are
few, become blocks: free time, what is open, what is planned.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING

from tui.workspace.timers.periods import ONE_DAY, Span
from tui.workspace.times import start_of_day

if TYPE_CHECKING:
    from tui.services.trackmypeople.lines import Lines

_SECOND = timedelta(seconds=1)


def apart(lines: Lines, now: datetime) -> tuple[list[int], list[int]]:
    """The places of the lines that are worked and over by now, and of the others."""
    upto = now.astimezone(UTC).replace(tzinfo=None)
    plain: list[int] = []
    others: list[int] = []
    for place, (line, begin, end) in enumerate(zip(*lines, strict=True)):
        over = end is not None and begin <= end <= upto and not line.free
        (plain if over else others).append(place)
    return plain, others


def cut_lines(
    lines: Lines, where: tzinfo, span: Span
) -> Iterator[tuple[date, int, int, int, None]]:
    """The pieces of lines that `apart` calls plain, of the days of a period: what `pieces.cut`
    tells of their blocks, without them.

    Raises TimeTextError outside the calendar.
    """
    known: dict[date, datetime] = {}

    def start(day: date) -> datetime:
        found = known.get(day)
        if found is None:
            found = known[day] = start_of_day(day, where).replace(tzinfo=None)
        return found

    day = date.min
    first = last = datetime.min  # noqa: DTZ901 - lines are UTC without saying so
    inside = False
    for line, begin, end in zip(*lines, strict=True):
        if end is None:
            continue
        # Most lines lie within the day of the one before.
        if not (first <= begin < last):
            day = begin.replace(tzinfo=UTC).astimezone(where).date()
            first, last = start(day), start(day + ONE_DAY)
            inside = span.first <= day <= span.last
        if end <= last:
            if inside:
                yield day, line.tracker_id, line.total, 0, None
            continue
        # Over midnight: shared out by the clock, in parts that come to the whole.
        whole, length = (end - begin) // _SECOND, line.total
        at, before, that, after = begin, 0, day, last
        while at < end:
            upto = before
            if after > at:
                upto = length * ((min(end, after) - begin) // _SECOND) // whole
                if span.first <= that <= span.last:
                    yield that, line.tracker_id, upto - before, before, None
            before, at = upto, max(at, after)
            that += ONE_DAY
            after = start(that + ONE_DAY)
