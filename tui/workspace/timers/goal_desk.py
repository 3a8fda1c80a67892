"""How the goals stand now, by what the service has and what waits to be added to it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, date, datetime, tzinfo
from pathlib import Path

from tui.workspace.reads import Answer
from tui.workspace.timers import goals
from tui.workspace.timers.finding import find_tracker
from tui.workspace.timers.goals import Goal, Progress, progress_of
from tui.workspace.timers.habits import Habits
from tui.workspace.timers.overview import Overview, Report
from tui.workspace.timers.periods import Span
from tui.workspace.timers.reckoning.pieces import cut, until
from tui.workspace.timers.reckoning.tally import under
from tui.workspace.timers.timers import Timers


class GoalDesk:
    """The use cases of goals."""

    def __init__(self, timers: Timers, habits: Habits, file: Path, where: tzinfo) -> None:
        """`file` is what the status bar reads."""
        self._timers = timers
        self._habits = habits
        self._file = file
        self._zone = where

    async def kept(self) -> list[Progress]:
        """How they stood when that was reckoned last, of the periods that still go on."""
        now = datetime.now(UTC)
        return [one for one in await asyncio.to_thread(goals.kept, self._file) if not one.over(now)]

    async def progress(self, overview: Overview) -> list[Progress]:
        """How they stand now; with no goal it asks nobody.

        Raises GoalError and TrackerNameError for a goal that cannot be, and what reading raises.
        """
        wanted = await asyncio.to_thread(self._habits.goals)
        now = datetime.now(UTC)
        found: list[Progress] = []
        if wanted:
            today = now.astimezone(self._zone).date()
            span = _all_of(wanted, today)
            answer = await self._timers.report(span)
            found = reckoned(wanted, answer, overview, today, self._zone)
        await asyncio.to_thread(goals.keep, self._file, found)
        return found


def _all_of(wanted: Sequence[Goal], today: date) -> Span:
    spans = [Span.of(goal.period, today) for goal in wanted]
    return Span(min(one.first for one in spans), max(one.last for one in spans))


def reckoned(
    wanted: Sequence[Goal], answer: Answer[Report], overview: Overview, today: date, where: tzinfo
) -> list[Progress]:
    """How goals stand by a report that holds their periods. Raises TrackerNameError."""
    blocks = until(answer.value.blocks, answer.as_of)
    closed = [block for block in blocks if block.time_out is not None]
    found = []
    for goal in wanted:
        span = Span.of(goal.period, today)
        those: set[int | None] | None = None
        names: list[str] = []
        if goal.of:
            those = under(overview.trackers, find_tracker(overview, goal.of).id)
            names = sorted({overview.name(one) for one in those})
        pieces = cut(closed, where, span)
        done = sum(one[2] for one in pieces if those is None or one[1] in those)
        runs = overview.now is not None and (those is None or overview.now in those)
        since = overview.since if runs else None
        found.append(progress_of(goal, span, done, names, since, answer.as_of, where))
    return found
