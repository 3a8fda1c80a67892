"""Times of day without a day, where one is meant that is not today's: around midnight, or in what
was days ago."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone, tzinfo

from tui.workspace.times.reader import Stretch, read_when
from tui.workspace.times.zones import HourError, TimeTextError


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
    start, end = within or (now, now)
    day = timedelta(days=1)
    bases = dict.fromkeys((start - day, start, end - day, end, end + day))
    there: list[tuple[datetime, TimeTextError | None]] = []
    if any(_has_no_day(text, where, base) for base in (now, *bases)):
        there = [one for base in bases if (one := _on_day_of(base, text, where)) is not None]
    if not there:
        return read_when(text, where, now)

    def off(one: tuple[datetime, TimeTextError | None]) -> tuple[timedelta, timedelta]:
        moment, _ = one
        beside = max(start - moment, moment - end, timedelta())
        return beside, end - moment

    moment, error = min(there, key=off)
    if error is not None:
        raise error
    return moment


def _on_day_of(
    base: datetime, text: str, where: tzinfo
) -> tuple[datetime, TimeTextError | None] | None:
    """A time of the day of `base`; where clocks are changed that day, about when it were and why
    it is none.
    """
    try:
        found = read_when(text, where, base)
    except TimeTextError as error:
        try:
            about = read_when(text, timezone(where.utcoffset(base) or timedelta()), base)
        except TimeTextError:
            return None
        return (about, error) if isinstance(about, datetime) else None
    return (found, None) if isinstance(found, datetime) else None


def _has_no_day(text: str, where: tzinfo, now: datetime) -> bool:
    """Whether a moment is a time of day alone, though clocks may be changed then."""
    try:
        found = read_when(f"today {text}", where, now)
    except HourError:
        return True
    except TimeTextError:
        return False
    return not isinstance(found, Stretch)
