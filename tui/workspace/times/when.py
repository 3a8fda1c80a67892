"""When an event is, as a person says it: "in 2 h", "tomorrow 09:30", "now, until 14:00"."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo

from tui.workspace.times.texts import age_text, clock, day_text, moment_text

NEAR = timedelta(hours=12)
"""Within this the distance says more than the time of day."""


def distance_text(moment: datetime, now: datetime) -> str:
    """`in 2 h`, `in 25 min`, `3 d ago`, `now` within a minute."""
    seconds = (moment - now).total_seconds()
    if abs(seconds) < 60:
        return "now"
    return f"in {age_text(seconds)}" if seconds > 0 else f"{age_text(-seconds)} ago"


def when_text(start: datetime | None, end: datetime | None, where: tzinfo, now: datetime) -> str:
    """`now`, `in 2 h`, `tomorrow 09:30`, `Thu 12 Mar 09:30`; empty when it is not told.

    What goes on is `now`; what is over within the same hours is told by its distance too.
    """
    if start is None:
        return ""
    if start <= now and end is not None and now < end:
        return "now"
    if abs(start - now) < NEAR:
        return distance_text(start, now)
    return moment_text(start, where, now)


def span_line(start: datetime | None, end: datetime | None, where: tzinfo, now: datetime) -> str:
    """`Sat 21 Nov 18:00 to 20:00`; the day again where the end is on another one."""
    if start is None:
        return "time not told"
    text = moment_text(start, where, now)
    if end is None:
        return text
    same = start.astimezone(where).date() == end.astimezone(where).date()
    if same:
        return f"{text} to {clock(end, where)}"
    today = now.astimezone(where).date()
    there = end.astimezone(where)
    return f"{text} to {day_text(there.date(), today)} {there:%H:%M}"
