"""The hours of the day and the week, by day and by tracker."""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo
from typing import NamedTuple

from tui.services.trackmypeople import Block
from tui.workspace.timers.overview import Report
from tui.workspace.timers.periods import Span
from tui.workspace.timers.reckoning.pieces import cut, until
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
    """The hours of the week that holds now; what runs began at `since`, of tracker `running`.

    What goes over midnight is cut there, as in the report and the goals, and what began before the
    week counts from its first day on.
    """
    today = today_in(where, now)
    span = Span.of("week", today)
    by_day = dict.fromkeys((span.first + timedelta(days=place) for place in range(7)), 0)
    by_tracker: dict[int | None, int] = {}
    blocks = [block for block in until(report.blocks, now) if block.time_out is not None]
    if since is not None and since < now:
        blocks.append(Block(id=0, tracker_id=running, time_in=since, time_out=now))
    for day, tracker, seconds, _, _ in cut(blocks, where, span):
        by_day[day] += seconds
        by_tracker[tracker] = by_tracker.get(tracker, 0) + seconds
    return Hours(
        by_day[today],
        sum(by_day.values()),
        list(by_day.items()),
        sorted(by_tracker.items(), key=lambda pair: -pair[1]),
    )
