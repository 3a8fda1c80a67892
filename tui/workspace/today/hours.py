"""The hours of the day and the week, by day and by tracker."""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo
from typing import NamedTuple

from tui.workspace.timers.overview import Report
from tui.workspace.timers.periods import Span
from tui.workspace.times import today_in


class Hours(NamedTuple):
    """Seconds on the clock, without free time; what runs counts up to now."""

    today: int
    week: int
    days: list[tuple[date, int]]
    """Each day of the week, from its first."""
    trackers: list[tuple[int | None, int]]
    """Of the week, the most first."""


def hours_of(
    report: Report, where: tzinfo, now: datetime, since: datetime | None, running: int | None
) -> Hours:
    """The hours of the week that holds now; what runs began at `since`, of tracker `running`."""
    today = today_in(where, now)
    span = Span.of("week", today)
    by_day = dict.fromkeys((span.first + timedelta(days=place) for place in range(7)), 0)
    by_tracker: dict[int | None, int] = {}
    for block in report.blocks:
        day = report.day(block, where)
        if block.free or day not in by_day or block.time_out is None:
            continue
        by_day[day] += block.total or 0
        by_tracker[block.tracker_id] = by_tracker.get(block.tracker_id, 0) + (block.total or 0)
    if since is not None:
        seconds = max(0, int((now - since).total_seconds()))
        day = since.astimezone(where).date()
        if day in by_day:
            by_day[day] += seconds
            by_tracker[running] = by_tracker.get(running, 0) + seconds
    return Hours(
        by_day[today],
        sum(by_day.values()),
        list(by_day.items()),
        sorted(by_tracker.items(), key=lambda pair: -pair[1]),
    )
