"""How long an entry is, and what of it is in a block's way: without a service."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tui.services.timesheets.records import TimeEntry
from tui.services.trackmypeople import Block, TimerState, Tracker
from tui.workspace.timers.overview import Overview, Report
from tui.workspace.timers.reckoning.rounding import Rounding
from tui.workspace.timesheet.entered import Entered
from tui.workspace.timesheet.plan import Known, Line, State, lines_of
from tui.workspace.timesheet.targets import Target

NINE = datetime(2026, 12, 31, 9, tzinfo=UTC)
NOW = NINE + timedelta(hours=6)
TASK = 11


def at(minutes: float) -> datetime:
    return NINE + timedelta(minutes=minutes)


def planned(
    *entries: TimeEntry, until: float, rounding: Rounding | None = None, entered: bool = False
) -> Line:
    """What becomes of a block from nine on."""
    block = Block(id=1, tracker_id=3, time_in=NINE, time_out=at(until), description="Work")
    was = Entered(change="c", task=TASK, start=NINE, stop=at(until), text="Work", entry=7)
    known = Known(
        Overview(trackers=[Tracker(id=3, name="Work", depth=0)], state=TimerState()),
        {"3": TASK}, {TASK: Target(TASK, "Form")}, {"1": was} if entered else {}, {}, entries,
        rounding or Rounding(), now=NOW,
    )  # fmt: skip
    (line,) = lines_of([block], Report(blocks=[block]), known)
    return line


def entry(start: datetime | None, end: datetime | None, number: int = 7) -> TimeEntry:
    return TimeEntry(id=number, task_id=TASK, start_time=start, end_time=end)


@pytest.mark.parametrize(
    ("start", "end", "seconds"),
    [(NINE, at(61), 3660), (NINE, None, 6 * 3600), (None, None, 0), (None, at(61), 0)],
)
def test_an_entry_is_as_long_as_its_times_say(
    start: datetime | None, end: datetime | None, seconds: int
) -> None:
    line = planned(entry(start, end), until=60, entered=True)
    assert (line.state, line.exact, line.rounded) == (State.THERE, 3600, seconds)


@pytest.mark.parametrize(
    ("until", "begins", "state"),
    [
        (4, 1.9, State.OVERLAPS), (4, 2, State.NEW),  # half of it, though a step is 15 minutes
        (120, 104, State.OVERLAPS), (120, 105, State.NEW),
    ],
)  # fmt: skip
def test_half_a_block_is_in_its_way_however_coarse_the_rounding(
    until: float, begins: float, state: State
) -> None:
    rounding = Rounding("up", 15)
    beside = entry(at(begins), at(200))
    assert planned(beside, until=until, rounding=rounding).state is state


def test_one_that_runs_is_in_the_way_and_one_without_a_beginning_is_not() -> None:
    assert planned(entry(at(-30), None), until=60).state is State.OVERLAPS
    assert planned(entry(None, at(30)), until=60).state is State.NEW
