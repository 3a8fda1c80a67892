"""Times of day without a day, where one is meant that is not today's: around midnight, or in what
was days ago."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo

from tui.workspace.times.reader import Stretch, read_when
from tui.workspace.times.zones import TimeTextError


def read_nearest(
    text: str,
    where: tzinfo,
    now: datetime,
    within: tuple[datetime, datetime] | None = None,
) -> datetime | Stretch:
    """A moment as `read_when` reads it; a time without a day is the one nearest to `now`, or to
    what lies `within` two moments: of those that do, the last.

    Raises TimeTextError.
    """
    found = read_when(text, where, now)
    if isinstance(found, Stretch) or not _has_no_day(text, where, now):
        return found
    start, end = within or (now, now)
    day = timedelta(days=1)
    bases = (start - day, start, end - day, end, end + day)
    there = (read_when(text, where, base) for base in bases)
    moments = [one for one in there if isinstance(one, datetime)]

    def off(moment: datetime) -> tuple[timedelta, timedelta]:
        beside = max(start - moment, moment - end, timedelta())
        return beside, end - moment

    return min(moments, key=off)


def _has_no_day(text: str, where: tzinfo, now: datetime) -> bool:
    """Whether a moment is a time of day alone."""
    try:
        read_when(f"today {text}", where, now)
    except TimeTextError:
        return False
    return True
