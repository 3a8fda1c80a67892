"""Times as they are shown: in the person's own zone and short."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo

from tui.services.clocks import is_shown_twice
from tui.workspace.times.zones import moments_of, offset_text


def clock(moment: datetime, where: tzinfo) -> str:
    """`14:05`."""
    return moment.astimezone(where).strftime("%H:%M")


def day_text(day: date, today: date) -> str:
    """`today`, `tomorrow`, `yesterday`, `Thu 12 Mar`, or with the year when it is another."""
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}.get((day - today).days)
    if near:
        return near
    return f"{day:%a} {day.day} {day:%b}" + (f" {day.year}" if day.year != today.year else "")


def moment_text(moment: datetime, where: tzinfo, now: datetime | None = None) -> str:
    """`today 14:05`, `Thu 12 Mar 09:30`."""
    today = (now or datetime.now(UTC)).astimezone(where).date()
    there = moment.astimezone(where)
    return f"{day_text(there.date(), today)} {there:%H:%M}"


def span_text(seconds: float) -> str:
    """A length of time as `7:05` hours and minutes; negative ones keep their sign."""
    sign = "-" if seconds < 0 else ""
    minutes = int(abs(seconds)) // 60
    return f"{sign}{minutes // 60}:{minutes % 60:02}"


def length_text(seconds: float) -> str:
    """A length of time with its unit: `7:05 h`, and below a minute `40 s`."""
    whole = int(abs(seconds))
    if not 0 < whole < 60:
        return f"{span_text(seconds)} h"
    return f"{'-' if seconds < 0 else ''}{whole} s"


def column_text(seconds: float) -> str:
    """A length of time among others: `7:05`, and below a minute `40 s`."""
    return length_text(seconds).removesuffix(" h")


def running_text(seconds: float) -> str:
    """A running clock: `0:41:07`."""
    whole = max(0, int(seconds))
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"


def age_text(seconds: float) -> str:
    """How old something is: `3 s`, `12 min`, `5 h`, `2 d`."""
    whole = max(0, int(seconds))
    for unit, name in ((86400, "d"), (3600, "h"), (60, "min")):
        if whole >= unit:
            return f"{whole // unit} {name}"
    return f"{whole} s"


def local_text(moment: datetime, where: tzinfo) -> str:
    """A moment for tables and files: ISO 8601 in a zone, with its offset."""
    return moment.astimezone(where).isoformat(sep=" ")


def typed_moment(moment: datetime, where: tzinfo) -> str:
    """A moment as it would be typed, to the second; which one, where its hour exists twice."""
    there = moment.astimezone(where).replace(microsecond=0)
    wall = there.replace(tzinfo=None, fold=0)
    text = wall.isoformat(" ", "seconds" if wall.second else "minutes")
    if not is_shown_twice(there, where):
        return text
    first = moments_of(wall, where)[0] == _utc(there)
    return f"{text} {'first' if first else 'second'}"


def stretch_text(start: datetime, end: datetime, where: tzinfo, now: datetime | None = None) -> str:
    """What a stretch of time is: `Sun 29 Nov 09:00 to 11:15, 2:15 h`; days by their names."""
    there, then = (one.astimezone(where).replace(tzinfo=None, fold=0) for one in (start, end))
    last = whole_text(end, where, now)
    if then == datetime.combine(there.date() + timedelta(days=1), time()):
        last = "24:00"
    elif then.date() == there.date():
        last = _on_clock(end, where)
    length = length_text((_utc(end) - _utc(start)).total_seconds())
    return f"{whole_text(start, where, now)} to {last}, {length}"


def whole_text(moment: datetime, where: tzinfo, now: datetime | None = None) -> str:
    """`Sun 29 Nov 09:00`, with the year where it is another, and which of two hours it is."""
    there = moment.astimezone(where)
    this_year = (now or datetime.now(UTC)).astimezone(where).year
    year = f" {there.year}" if there.year != this_year else ""
    return f"{there:%a} {there.day} {there:%b}{year} {_on_clock(moment, where)}"


def _on_clock(moment: datetime, where: tzinfo) -> str:
    there = moment.astimezone(where)
    twice = f" (UTC{offset_text(there)})" if is_shown_twice(moment, where) else ""
    return there.strftime("%H:%M:%S" if there.second else "%H:%M") + twice


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


def clock_off_text(offset: float) -> str:
    """How far a clock is off, in ms: `clock +1 h`, `clock +90 min`, `clock -21.7 h`."""
    seconds = int(abs(offset) // 1000)
    sign = "-" if offset < 0 else "+"
    units = ((86_400, "d"), (3600, "h"))
    for size, name in units:
        # Whole ones within a minute in the hour: nobody sets a clock to the second.
        whole = round(seconds / size)
        if whole and abs(seconds - whole * size) <= size // 60:
            return f"clock {sign}{whole} {name}"
    for size, name in units:
        if seconds >= 2 * size:
            return f"clock {sign}{seconds / size:.1f} {name}"
    return f"clock {sign}{seconds // 60} min" if seconds >= 60 else f"clock {sign}{seconds} s"
