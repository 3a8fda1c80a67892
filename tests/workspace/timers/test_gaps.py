"""What of a day was not tracked, and a line of time while it is typed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.workspace.timers.trackers import NOW, PARIS, tree
from tui.services.trackmypeople import Block, TimerState, Tracker
from tui.workspace.timers.gaps import gaps_of_day, typed_gap
from tui.workspace.timers.one_line import read_line
from tui.workspace.timers.overview import Overview
from tui.workspace.timers.typing_line import completions, overlap, understood, with_time
from tui.workspace.times import Stretch

HOUR = timedelta(hours=1)

TODAY = date(2026, 11, 27)


def block(start: str, stop: str, *, free: bool = False) -> Block:
    """A block between two moments of Paris."""
    begin, end = (datetime.fromisoformat(one).replace(tzinfo=PARIS) for one in (start, stop))
    return Block(id=1, time_in=begin.astimezone(UTC), time_out=end.astimezone(UTC), free=free)


def gaps(blocks: list[Block], day: date = TODAY, since: datetime | None = None) -> list[str]:
    found = gaps_of_day(blocks, since, day, NOW, PARIS)
    return [typed_gap(one, PARIS, TODAY) for one in found]


def test_gaps_of_today_end_now_or_where_what_runs_began() -> None:
    blocks = [
        block("2026-11-27 09:30", "2026-11-27 11:00"),
        block("2026-11-27 13:00", "2026-11-27 14:00:30"),
    ]
    assert gaps(blocks) == ["14:00:30-16:20:10", "11:00-13:00", "09:00-09:30"]
    since = datetime(2026, 11, 27, 13, 30, tzinfo=UTC)
    assert gaps(blocks, since=since) == ["14:00:30-14:30", "11:00-13:00", "09:00-09:30"]
    assert gaps([*blocks, block("2026-11-27 14:00:30", "2026-11-27 18:00")])[0] == "11:00-13:00"


def test_gaps_of_another_day_are_those_of_its_working_hours() -> None:
    day = date(2026, 11, 26)
    assert gaps([], day) == ["2026-11-26 09:00-17:00"]
    blocks = [
        block("2026-11-25 23:00", "2026-11-26 06:00"),
        block("2026-11-26 07:00", "2026-11-26 08:00"),
        block("2026-11-26 07:30", "2026-11-26 07:45"),
        block("2026-11-26 00:00", "2026-11-26 23:59", free=True),
        block("2026-11-26 20:00", "2026-11-26 20:30"),
    ]
    assert gaps(blocks, day) == ["2026-11-26 08:00-20:00", "2026-11-26 06:00-07:00"]


def test_no_gap_is_offered_of_days_to_come_or_long_ago() -> None:
    for day in (TODAY + timedelta(days=1), TODAY - timedelta(days=400), date.min, date.max):
        assert gaps([], day) == []


@pytest.mark.parametrize(
    ("start", "minutes"),
    [
        ((2026, 11, 27, 8), 90), ((2026, 10, 25, 0, 30), 20), ((2026, 10, 25, 1, 10), 120),
        ((2026, 3, 29, 0), 180), ((2026, 10, 24, 23, 50), 90), ((2026, 11, 26, 22), 60),
    ],
)  # fmt: skip
def test_a_gap_is_typed_so_that_it_is_read_back(start: tuple[int, ...], minutes: int) -> None:
    begin = datetime(*start, tzinfo=UTC)  # type: ignore[arg-type,misc]
    gap = Stretch(begin, begin + timedelta(minutes=minutes))
    line = read_line(f"{typed_gap(gap, PARIS, TODAY)} page", tree(), PARIS, NOW)
    assert (line.start, line.stop) == gap


@pytest.mark.parametrize(
    ("text", "becomes"),
    [
        ("", "9-10"),
        ("page: x", "9-10 page: x"),
        ("14:00-15:00 page: x", "9-10 page: x"),
        ("yesterday page", "9-10 page"),
        ("1h30", "9-10"),
        ("2026-11-02 9:00 page", "9-10 page"),
    ],
)
def test_another_time_goes_before_what_is_typed(text: str, becomes: str) -> None:
    assert with_time(text, "9-10", tree(), PARIS, NOW).rstrip() == becomes


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("9-10 cut", "9-10 Cutting list: "),
        ("9-10 cut: panels: two", "9-10 Cutting list: panels: two"),
        ("9-10 booking", "9-10 Harbour Trust › Booking form: "),
        ("9-10 letters: sent", "9-10 Admin: letters: sent"),
        ("9-10 Admin: letters", "9-10 Admin: letters: "),
        ("adminis", "Administration: "),
        ("", "Payment page: "),
        ("9-10", "9-10 Payment page: "),
    ],
)
def test_tab_writes_a_tracker_that_is_read_as_that(text: str, first: str) -> None:
    found = completions(text, tree(), PARIS, NOW, chosen=3)
    assert found[0] == first
    if text.startswith("9-10"):
        for one in found:
            assert read_line(one, tree(), PARIS, NOW).tracker.id, one


def test_tab_of_what_fits_none_changes_nothing() -> None:
    assert completions("9-10 zzzz: x", tree(), PARIS, NOW, chosen=3) == []


def test_a_whole_name_goes_before_a_part_of_one() -> None:
    only = Overview(trackers=[Tracker(id=8, name="Admin: letters", depth=0)], state=TimerState())
    line = read_line("9-10 admin: letters: sent", only, PARIS, NOW)
    assert (line.tracker.id, line.description) == (8, "sent")
    assert read_line("9-10 admin: sent", only, PARIS, NOW).description == "sent"


def test_what_a_line_would_overlap_is_said_while_it_is_typed() -> None:
    start = datetime(2026, 11, 27, 8, tzinfo=UTC)
    blocks = [
        Block(id=1, tracker_id=5, time_in=start, time_out=start + HOUR),
        Block(id=2, tracker_id=5, time_in=start + HOUR, total=3600, free=True),
    ]

    def said(text: str, since: datetime | None = None) -> str:
        overview = tree(since)
        stretch = understood(text, overview, PARIS, NOW).stretch
        return overlap(stretch, blocks, overview, PARIS, NOW)

    assert said("9:30-9:45") == "Overlaps Cutting list, 09:00 to 10:00."
    for beside in ("10-11 cutting list", "8-9", "yesterday 9-10", "9:30", "", "1h"):
        assert said(beside) == "", beside
    since = NOW - HOUR
    assert said("15:00-16:00", since) == "Overlaps Administration, which runs."
    assert said("14:00-15:00", since) == ""


def test_what_is_understood_so_far_is_said_with_what_is_missing() -> None:
    def read(text: str) -> tuple[str, str]:
        words, why, *_ = understood(text, tree(), PARIS, NOW)
        return words, why

    assert read("")[0] == ""
    assert read("")[1].startswith("Write it as")
    words, why = read("9-11:15")
    assert words == "Fri 27 Nov 09:00 to 11:15, 2:15 h"
    assert why == "Write which tracker: its name, or a part of it."
    assert read("9-11:15 cut: panels in order") == (
        "Fri 27 Nov 09:00 to 11:15, 2:15 h · Cutting list · panels in order", ""
    )  # fmt: skip
    assert read("9-11:15 etude boo") == (
        "Fri 27 Nov 09:00 to 11:15, 2:15 h · Étude › Booking form", ""
    )  # fmt: skip
    # Before enter: that a day's name is today, and that what is ahead is planned and not worked.
    assert read("fri 18-20 cut") == (
        "Fri 27 Nov 18:00 to 20:00, 2:00 h (today, ahead: planned) · Cutting list", ""
    )  # fmt: skip
    assert read("sat 18-20 cut")[0].startswith("Sat 21 Nov 18:00 to 20:00, 2:00 h · ")
    assert read(f"9-10 cut: {'x' * 256}")[1] == (
        "What was done has 256 characters; 255 is the most."
    )
    assert understood("yesterday cut", tree(), PARIS, NOW).day == date(2026, 11, 26)
    assert understood("2h cut", tree(), ZoneInfo("UTC"), NOW).day == TODAY
