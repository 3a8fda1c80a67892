"""The hours of today are one figure: on the clock, in reports, in goals, in the status bar."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from msgspec.structs import replace

from tests.workspace.timers.trackers import NOW, PARIS, tree
from tui.kept_status import GOALS
from tui.services.trackmypeople import Block, TimerState
from tui.workspace.reads import Answer
from tui.workspace.timers import goals
from tui.workspace.timers.goal_desk import reckoned
from tui.workspace.timers.goals import read_goals
from tui.workspace.timers.overview import Overview, Report
from tui.workspace.timers.reckoning.pieces import planned, seconds_ahead
from tui.workspace.timers.reports import worked_on
from tui.workspace.timers.running import Running, note_added, note_told
from tui.workspace.times import start_of_day
from tui.workspace.today.hours import hours_of

HOUR = timedelta(hours=1)
TODAY = NOW.astimezone(PARIS).date()
MIDNIGHT = start_of_day(TODAY, PARIS)


def block(number: int, start: datetime, stop: datetime) -> Block:
    total = int((stop - start).total_seconds())
    return Block(id=number, tracker_id=5, time_in=start, time_out=stop, total=total)


def everywhere(overview: Overview, report: Report, now: datetime) -> set[int]:
    """The seconds of today as each face has them."""
    told = overview.told(NOW).today(now, PARIS)
    (goal,) = reckoned(
        read_goals("8h day"), Answer(report, NOW, kept=False), overview, TODAY, PARIS
    )
    hours = hours_of(report, PARIS, now, overview.since, overview.now)
    assert told is not None
    return {told, goal.done_at(now), goal.done_at(now, overview.told(NOW)), hours.today}


def test_every_face_has_the_same_hours_of_today() -> None:
    night = block(1, MIDNIGHT - 2 * HOUR, MIDNIGHT + HOUR)
    morning = block(2, MIDNIGHT + 8 * HOUR, MIDNIGHT + 9 * HOUR)
    ahead = block(3, NOW + HOUR, NOW + 3 * HOUR)
    # What is planned, and goes on beyond now: half of it is worked.
    half = block(4, NOW - HOUR, NOW + HOUR)
    for report, ran in (
        (Report(blocks=[night, morning, ahead]), timedelta()),
        (Report(blocks=[morning]), HOUR),
        (Report(blocks=[night, morning]), NOW - MIDNIGHT + HOUR),
        (Report(blocks=[half]), timedelta()),
    ):
        # As the service counts: whole blocks, to the day on which they were started.
        begun = [one for one in report.blocks if one.time_in and one.time_in >= MIDNIGHT]
        counts = sum(one.total or 0 for one in begun)
        since = NOW - ran if ran else None
        if since is not None and since >= MIDNIGHT:
            counts += int(ran.total_seconds())
        plain = tree(since)
        overview = replace(plain, state=replace(plain.state, day_total=counts))
        overview = overview.with_worked(worked_on(report, TODAY, PARIS, NOW), NOW, PARIS)
        for later in (timedelta(), HOUR / 4) if ran else (timedelta(),):
            assert len(everywhere(overview, report, NOW + later)) == 1, (report, ran, later)
    assert seconds_ahead(planned([night, ahead, half], NOW), NOW) == 3 * 3600


def test_what_is_added_counts_before_the_service_is_asked_again(tmp_path: Path) -> None:
    status, file = tmp_path / "status.json", tmp_path / GOALS
    Running(NOW.timestamp(), day_total=600, carried=60).keep(status)
    report = Answer(Report(blocks=[block(1, NOW - HOUR, NOW - HOUR / 2)]), NOW, kept=False)
    wanted = read_goals("8h day; 8h day: Cutting list; 8h day: Administration")
    goals.keep(file, reckoned(wanted, report, tree(), TODAY, PARIS))
    for start, stop in (
        (NOW - HOUR, NOW - HOUR / 2), (MIDNIGHT - HOUR, MIDNIGHT + HOUR),
        (NOW - HOUR / 4, NOW + HOUR), (MIDNIGHT - 3 * HOUR, MIDNIGHT - 2 * HOUR),
    ):  # fmt: skip
        note_added(status, start, stop, NOW, PARIS)
        goals.note_added(file, "Cutting list", start, stop, NOW)
    known, worked = Running.read(status), 1800 + 3600 + 900
    assert known is not None
    assert known.today(NOW, PARIS) == 660 + worked
    assert [one.done_at(NOW) for one in goals.kept(file)] == [1800 + worked, 1800 + worked, 0]


def test_what_was_carried_over_midnight_stays_when_it_ends(tmp_path: Path) -> None:
    file = tmp_path / "status.json"
    began = (MIDNIGHT - HOUR).timestamp()
    Running(NOW.timestamp(), "Cutting list", began, day_total=600, carried=60).keep(file)
    passed = int((NOW - MIDNIGHT).total_seconds())
    known = Running.read(file)
    assert known is not None
    assert known.today(NOW, PARIS) == passed + 660
    # The service counts the block to the day before; a block that was added is in its total.
    note_told(file, TimerState(day_total=4200), NOW, PARIS)
    ended = Running.read(file)
    assert ended is not None
    assert ended.today(NOW + HOUR, PARIS) == passed + 4260
    assert known.after(NOW, PARIS).today(NOW, PARIS) == passed + 660
    assert ended.today(NOW + timedelta(days=1), PARIS) == 0
    same = Running(NOW.timestamp(), day_total=ended.day_total, carried=ended.carried)
    assert ended.after(NOW, PARIS) == same
