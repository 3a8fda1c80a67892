"""Goals, own periods, and what of it is kept: pure, and against the service."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tests.deck import at_work
from tests.harness import EmbeddedServer
from tests.workspace.timers.trackers import NOW, PARIS, tree
from tui.config.settings import Hours
from tui.kept_status import GOALS
from tui.services.trackmypeople import Block
from tui.workspace.reads import Answer
from tui.workspace.timers import goals
from tui.workspace.timers.finding import TrackerNameError
from tui.workspace.timers.goal_desk import reckoned
from tui.workspace.timers.goals import Goal, GoalError, read_goal, read_goals
from tui.workspace.timers.habits import MOST_PERIODS, Habits
from tui.workspace.timers.overview import Report
from tui.workspace.timers.period_text import NAMED, period_words, read_period, typed_period
from tui.workspace.timers.periods import Span
from tui.workspace.timers.reckoning.rounding import Rounding
from tui.workspace.timers.running import Running
from tui.workspace.times import TimeTextError
from tui.workspace.workspace import Workspace

TODAY = date(2026, 11, 27)
HOUR = timedelta(hours=1)


def test_a_goal_is_typed_in_several_ways_and_none_is_guessed() -> None:
    for typed, goal in (
        ("8h day", Goal("day", 28800)),
        ("38h a week", Goal("week", 136800)),
        ("7h30/day", Goal("day", 27000)),
        ("7:30 per day", Goal("day", 27000)),
        ("10h Month: Harbour: Trust", Goal("month", 36000, "Harbour: Trust")),
    ):
        assert read_goal(typed) == goal, typed
        assert read_goal(goal.typed) == goal
    assert read_goals(" ; 8h day;38h week ") == [Goal("day", 28800), Goal("week", 136800)]
    for wrong in ("8h", "day", "25h day", "0h day", "8h year", "1.5 day", "8h day Harbour", ""):
        with pytest.raises(GoalError):
            read_goal(wrong)


def report(*blocks: tuple[datetime, float, int]) -> Answer[Report]:
    found = [
        Block(id=at, tracker_id=tracker, time_in=start, time_out=start + hours * HOUR,
              total=int(hours * 3600))
        for at, (start, hours, tracker) in enumerate(blocks, 1)
    ]  # fmt: skip
    return Answer(Report(blocks=found), NOW, kept=False)


def test_goals_are_reckoned_by_the_day_in_the_decks_zone_with_what_runs(tmp_path: Path) -> None:
    # The night to Monday is half of this week; today began at 23:00 UTC.
    monday = datetime(2026, 11, 22, 22, tzinfo=UTC)
    answer = report((monday, 2, 2), (datetime(2026, 11, 27, 8, tzinfo=UTC), 3, 5),
                    (datetime(2026, 11, 2, 8, tzinfo=UTC), 1, 3))  # fmt: skip
    wanted = read_goals("8h day; 38h week; 2h month: Harbour Trust; 1h day: Cutting list")
    since = NOW - HOUR
    found = reckoned(wanted, answer, tree(since), TODAY, PARIS)
    assert [one.done_at(NOW) for one in found] == [4 * 3600, 5 * 3600, 3 * 3600, 3 * 3600]
    later = NOW + 2 * HOUR
    assert [one.done_at(later) - one.done_at(NOW) for one in found] == [7200, 7200, 0, 0]
    assert found[0].words(NOW) == "day 4:00 of 8:00 h, 4:00 h left"
    assert found[2].words(NOW) == "month, Harbour Trust 3:00 of 2:00 h, 1:00 h over"
    assert found[0].words(NOW + 4 * HOUR) == "day 8:00 of 8:00 h, reached"
    # At midnight it is over, and does not grow beyond.
    midnight = datetime(2026, 11, 27, 23, tzinfo=UTC)
    assert found[0].over(midnight)
    assert not found[0].over(midnight - timedelta(seconds=1))
    assert found[0].done_at(midnight + HOUR) == found[0].done_at(midnight)
    file = tmp_path / "state" / GOALS
    assert goals.kept(file) == []
    goals.keep(file, found)
    assert goals.kept(file) == found
    for broken in (b"", b"[1]", b'[{"period": "day"}]', b"{", b'{"a": 1}'):
        file.write_bytes(broken)
        assert goals.kept(file) == []
    with pytest.raises(TrackerNameError):
        reckoned(read_goals("1h day: nobody"), answer, tree(), TODAY, PARIS)


def test_a_goal_follows_what_was_told_later_of_what_runs() -> None:
    since = NOW - HOUR
    (one,) = reckoned([Goal("day", 28800)], report(), tree(since), TODAY, PARIS)
    (other,) = reckoned([Goal("day", 28800, "Administration")], report(), tree(since), TODAY, PARIS)
    at, began = NOW + HOUR, since.timestamp()
    stopped = Running(as_of=(NOW + HOUR / 2).timestamp())
    assert one.done_at(at, stopped) == 5400, "it ended when that was told, at the latest"
    same = Running(as_of=at.timestamp(), tracker="Administration", started_at=began)
    assert one.done_at(at, same) == other.done_at(at, same) == 7200
    switched = Running(as_of=at.timestamp(), tracker="Cutting list",
                       started_at=(NOW + HOUR / 2).timestamp())  # fmt: skip
    assert one.done_at(at, switched) == 7200
    assert other.done_at(at, switched) == 5400
    older = Running(as_of=(NOW - 2 * HOUR).timestamp())
    assert one.done_at(at, older) == 7200


def test_goals_count_blocks_between_two_reckonings_and_no_pause_between_them(
    tmp_path: Path,
) -> None:
    """Timers that the shell starts and stops: nobody reckons the goals before the deck does."""
    file, status = tmp_path / GOALS, tmp_path / "status.json"
    both = [Goal("day", 28800), Goal("day", 28800, "Administration")]
    goals.keep(file, reckoned(both, report((NOW - 3 * HOUR, 1, 11)), tree(), TODAY, PARIS))
    before = [one.done for one in goals.kept(file)]

    def told(running: Running) -> Running:
        running.keep(status)
        goals.note_running(status)
        return running

    begins = NOW + HOUR
    for tracker in ("Cutting list", "Administration", "Cutting list"):
        told(Running(begins.timestamp(), tracker, begins.timestamp()))
        told(Running((begins + HOUR / 2).timestamp()))
        begins += HOUR
    runs = told(told(Running(begins.timestamp(), "Administration", begins.timestamp())))
    done = [one.done_at(begins + HOUR / 4, runs) for one in goals.kept(file)]
    assert done == [before[0] + 3 * 1800 + 900, before[1] + 1800 + 900]


@given(some.dates(date(2000, 1, 1), date(2100, 1, 1)), some.integers(0, 800))
def test_a_period_is_read_as_it_is_typed(first: date, days: int) -> None:
    span = Span(first, first + timedelta(days=days))
    assert read_period(typed_period(span), PARIS, NOW) == span


def test_periods_have_names_and_forms() -> None:
    def read(text: str) -> tuple[str, str]:
        found = read_period(text, PARIS, NOW)
        return found.first.isoformat(), found.last.isoformat()

    assert read("today") == ("2026-11-27", "2026-11-27")
    assert read("This Week") == ("2026-11-23", "2026-11-29")
    assert read("last week") == ("2026-11-16", "2026-11-22")
    assert read("last month") == ("2026-10-01", "2026-10-31")
    assert read("month") == ("2026-11-01", "2026-11-30")
    assert read("2026-03") == ("2026-03-01", "2026-03-31")
    assert read("2026-W01") == ("2025-12-29", "2026-01-04")
    assert read("10/2026") == read("10.2026") == read("2026-10") == ("2026-10-01", "2026-10-31")
    assert read("October") == read("oct.") == read("last month")
    assert read("nov") == read("this month"), "the one that goes on has begun"
    assert read("december") == read("Dec 2025") == ("2025-12-01", "2025-12-31")
    assert read("sep to 10/2026") == ("2026-09-01", "2026-10-31")
    assert read("2026") == ("2026-01-01", "2026-12-31")
    assert read("last year") == ("2025-01-01", "2025-12-31")
    assert read("1 Nov to 15 Nov") == read("1 to 15 Nov") == ("2026-11-01", "2026-11-15")
    assert read("24 - 2025-02-28") == ("2025-02-24", "2025-02-28")
    assert read("2026-11-01..2026-11-15") == ("2026-11-01", "2026-11-15")
    assert read("mon - fri") == ("2026-11-23", "2026-11-27")
    refused = (
        "", "2026-13", "13/2026", "oc", "octopus", "nov to oct", "may 1850", "2026-W54", "soon",
        "15 Nov to 1 Nov", "15 to 1 Nov", "30 to 3 Feb", "0 to 3 Feb", "1 to nov", "1",
        "1 Nov to 2 Nov to 3 Nov",
    )  # fmt: skip
    for wrong in refused:
        with pytest.raises(TimeTextError):
            read(wrong)
    assert all(read(one) for one in NAMED)
    assert period_words(read_period("2025-12-30 to 2026-01-02", PARIS, NOW), TODAY) == (
        "30 Dec 2025 to 2 Jan"
    )
    for words in ("23 to 27 Nov", "1 to 27 Nov", "27 Oct to 27 Nov", "1 to 28 Feb 2025"):
        assert period_words(read_period(words, PARIS, NOW), TODAY) == words


def test_what_was_chosen_stands_over_the_settings_and_survives_rubbish(tmp_path: Path) -> None:
    told = Hours(rounding="up", rounding_minutes=6, goals=["8h day"])
    file = tmp_path / "data" / "hours.json"
    habits = Habits(file, told)
    assert habits.rounding() == Rounding("up", 6, "block")
    assert habits.goals() == [Goal("day", 28800)]
    habits.keep_rounding(Rounding("nearest", 30, "day"))
    habits.keep_goals([])
    for number in range(MOST_PERIODS + 3):
        habits.keep_period(f"{2000 + number}")
    habits.keep_period("2005")
    again = Habits(file, told)
    assert (again.rounding(), again.goals()) == (Rounding("nearest", 30, "day"), [])
    assert again.periods()[:2] == ["2005", "2011"]
    assert len(again.periods()) == MOST_PERIODS
    file.write_bytes(b'{"rounding": "sideways 9", "periods": []}')
    assert again.rounding() == Rounding("up", 6, "block")
    file.write_bytes(b"\x00")
    assert again.goals() == [Goal("day", 28800)]
    with pytest.raises(GoalError):
        Habits(tmp_path / "none", Hours(goals=["much"])).goals()


async def test_the_desk_reckons_what_the_service_has_and_keeps_it(
    tmp_path: Path,
) -> None:
    with EmbeddedServer(services=["trackmypeople"]) as server:
        async with at_work(server, tmp_path) as workspace:
            await _goals_of(workspace)


async def _goals_of(workspace: Workspace) -> None:
    desk, zone = workspace.goals, workspace.zone
    overview = (await workspace.timers.overview()).value
    assert await desk.progress(overview) == []
    workspace.habits.keep_goals(read_goals("38h week; 9h month: Harbour Trust"))
    week, month = await desk.progress(overview)
    span = Span.of("week", datetime.now(zone).date())
    blocks = (await workspace.timers.report(span)).value.blocks
    closed = sum(one.total or 0 for one in blocks if one.time_out and not one.free)
    # The sample has no block over the beginning of this week.
    assert week.done == closed
    assert week.since is not None
    assert "Booking form" in month.names
    assert await desk.kept() == [week, month]
    await workspace.timers.stop(overview)
    assert [one.since for one in await desk.kept()] == [None, None]
    overview = (await workspace.timers.overview()).value
    await workspace.timers.start(overview, overview.trackers[0].id)
    week, _ = await desk.kept()
    assert week.since is not None
