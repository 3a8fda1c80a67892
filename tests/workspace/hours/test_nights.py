"""Nights in which clocks change, and dates and numbers that can be read in two ways."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import pytest

from tests.workspace.hours import PARIS, log_of, reading
from tui.workspace.hours.entries import HoursError, LineError
from tui.workspace.hours.walls import clock_seconds, decimal_seconds, stretch, wall

ST_JOHNS = ZoneInfo("America/St_Johns")
TOGGL = "User,Email,Client,Project,Task,Description,Billable,Start date,Start time,End date,End time,Duration,Tags,Amount ()\n"  # noqa: E501 - one line of a file


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("where", "begin", "end", "hours"),
    [
        (PARIS, "2026-03-29 01:30", "2026-03-29 03:30", 1),
        (PARIS, "2026-10-25 01:30", "2026-10-25 03:30", 3),
        (ST_JOHNS, "2026-03-08 01:30", "2026-03-08 03:30", 1),
        (ST_JOHNS, "2026-11-01 00:30", "2026-11-01 02:30", 3),
    ],
)
def test_a_night_of_a_change_has_its_own_hours(
    where: ZoneInfo, begin: str, end: str, hours: int
) -> None:
    start, stop, said = stretch(at(begin), at(end), reading(where))
    assert (stop - start, said) == (timedelta(hours=hours), ())


def test_an_hour_that_never_was_is_refused() -> None:
    with pytest.raises(LineError, match="02:30 does not exist on Sun 29 Mar 2026"):
        stretch(at("2026-03-29 02:30"), at("2026-03-29 04:00"), reading())
    with pytest.raises(LineError, match="02:30 does not exist"):
        stretch(at("2026-03-29 01:00"), at("2026-03-29 02:30"), reading())


def test_an_hour_that_was_twice_is_refused_unless_somebody_says_which() -> None:
    night = (at("2026-10-25 02:30"), at("2026-10-25 03:30"))
    with pytest.raises(LineError, match="02:30 exists twice on Sun 25 Oct 2026"):
        stretch(*night, reading())
    first = stretch(*night, reading(which=0))
    second = stretch(*night, reading(which=1))
    assert [stop - start for start, stop, _ in (first, second)] == [
        timedelta(hours=2),
        timedelta(hours=1),
    ]
    within = (at("2026-10-25 02:10"), at("2026-10-25 02:40"))
    for which, hour in ((0, 0), (1, 1)):
        start, stop, _ = stretch(*within, reading(which=which))
        assert start == datetime(2026, 10, 25, hour, 10, tzinfo=UTC)
        assert stop - start == timedelta(minutes=30)


@pytest.mark.parametrize(("seconds", "hour"), [(7200, 0), (3600, 1)])
def test_a_length_decides_which_of_two_hours_it_was(seconds: int, hour: int) -> None:
    night = (at("2026-10-25 02:30"), at("2026-10-25 03:30"))
    start, stop, said = stretch(*night, reading(), seconds=seconds)
    assert (start, said) == (datetime(2026, 10, 25, hour, 30, tzinfo=UTC), ())
    assert stop == datetime(2026, 10, 25, 2, 30, tzinfo=UTC)
    assert stretch(*night, reading(), hint=seconds)[0] == start


def test_where_a_length_fits_both_hours_a_person_says_which() -> None:
    night = (at("2026-10-25 02:10"), at("2026-10-25 02:40"))
    first = datetime(2026, 10, 25, 0, 10, tzinfo=UTC)
    for which, hours in ((0, 0), (1, 1)):
        start, stop, said = stretch(*night, reading(which=which), seconds=1800)
        assert start == first + timedelta(hours=hours)
        assert (stop - start, said) == (timedelta(minutes=30), ())
    start, stop, said = stretch(*night, reading(), seconds=1800)
    assert (start, stop - start) == (first, timedelta(minutes=30))
    assert said == ("clocks show it twice that night: taken for the first",)


def test_a_length_beats_the_times_and_that_is_said() -> None:
    day = (at("2026-01-14 09:00"), at("2026-01-14 10:00"))
    start, stop, said = stretch(*day, reading(), seconds=5400)
    assert stop - start == timedelta(seconds=5400)
    assert said == ("its times are 1:00:00 apart, and its length is 1:30:00: that counts",)
    assert stretch(*day, reading(), seconds=3630)[2] == (), "times in minutes miss seconds"
    # A mere hint changes nothing: Emacs counts what the stamps say.
    assert stretch(*day, reading(), hint=5400) == (start, start + timedelta(hours=1), ())


def test_an_end_before_its_start_is_refused() -> None:
    for seconds in (None, 3600):
        with pytest.raises(LineError, match="it ends before it begins: 2026-01-14 10:00 to"):
            stretch(at("2026-01-14 10:00"), at("2026-01-14 09:00"), reading(), seconds=seconds)


@pytest.mark.parametrize("which", [0, 1])
def test_an_open_entry_in_the_hour_that_was_twice(which: int) -> None:
    text = "i 2026-10-25 02:30:00 a\n"
    assert "exists twice" in log_of(text).problems[0].words
    (entry,) = log_of(text, which=which).entries
    assert entry.start == datetime(2026, 10, 25, which, 30, tzinfo=UTC)


def test_midnight_at_the_end_of_a_day() -> None:
    assert wall(date(2026, 1, 31), "24:00") == at("2026-02-01 00:00")
    with pytest.raises(LineError):
        wall(date(2026, 1, 31), "24:30")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("1:30:00", 5400), ("02:30", 9000), ("26:00", 93600), ("0:00:00", 0), ("-0:15", -900)],
)
def test_lengths_on_a_clock(text: str, seconds: int) -> None:
    assert clock_seconds(text) == seconds


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("7.5", 27000), ("7,5", 27000), ("0.33", 1188), ("1,234.5", 4444200), ("2", 7200)],
)
def test_hours_in_decimals(text: str, seconds: int) -> None:
    assert decimal_seconds(text) == seconds


@pytest.mark.parametrize("text", ["", "x", "1e9", "1:2", "1.2.3", "９"])
def test_what_is_no_length_is_refused(text: str) -> None:
    with pytest.raises(LineError):
        clock_seconds(text)
    with pytest.raises(LineError):
        decimal_seconds(text)


def toggl(*days: str) -> str:
    rows = (f"A,a@b,,p,,x,No,{day},09:00:00,{day},10:00:00,01:00:00,,\n" for day in days)
    return TOGGL + "".join(rows)


@pytest.mark.parametrize(
    ("days", "first"),
    [
        (["03/04/2026", "13/04/2026"], date(2026, 4, 3)),
        (["03/04/2026", "04/13/2026"], date(2026, 3, 4)),
        (["03.04.2026"], date(2026, 4, 3)),
        (["03/04/26", "04/13/26"], date(2026, 3, 4)),
        (["2026-03-04", "2026-04-13"], date(2026, 3, 4)),
        (["05/05/2026"], date(2026, 5, 5)),
    ],
)
def test_the_order_of_dates_comes_from_all_rows(days: list[str], first: date) -> None:
    log = log_of(toggl(*days))
    assert log.problems == []
    assert log.entries[0].on(PARIS) == first


@pytest.mark.parametrize(("dates", "day"), [("dmy", date(2026, 4, 3)), ("mdy", date(2026, 3, 4))])
def test_dates_that_tell_no_order_are_asked_for(dates: Literal["dmy", "mdy"], day: date) -> None:
    text = toggl("03/04/2026", "04/05/2026")
    with pytest.raises(HoursError, match=r"03/04/2026 can be read in two ways.*--dates"):
        log_of(text)
    assert log_of(text, dates=dates).entries[0].on(PARIS) == day
    with pytest.raises(HoursError, match="some dates have the day first"):
        log_of(toggl("13/04/2026", "04/13/2026"), dates=dates)


def test_when_an_entry_was_made_tells_the_order_of_its_days() -> None:
    header = "Project,Description,Start Date,Start Time,End Date,End Time,Duration (h)"
    row = "p,d,02/06/2026,10:00,02/06/2026,10:13,0:13"
    log = log_of(f"{header},Date of creation\n{row},22/06/2026\n".encode())
    assert log.entries[0].start == datetime(2026, 6, 2, 8, tzinfo=UTC)
    assert log.notes == ["Columns not taken over: date of creation."]
    with pytest.raises(HoursError, match="can be read in two ways"):
        log_of(f"{header}\n{row}\n".encode())


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_separators_quotes_and_the_order_of_columns_do_not_matter(
    separator: str, mark: str
) -> None:
    header = ["Stop time", "DURATION", "Member", "Start date", "Start time", "Stop date", "Project"]
    row = ["01:00:00", "2:00:00", "A", "2026-01-14", "23:00:00", "2026-01-15", "Hull"]
    lines = [separator.join(f'"{cell}"' for cell in cells) for cells in (header, row)]
    (entry,) = log_of(mark + "\r\n".join(lines)).entries
    assert (entry.length, entry.names) == (7200, ("Hull",))


def test_a_first_line_that_tells_the_separator_is_no_header() -> None:
    log = log_of(
        "sep=;\r\nid;start;stop;project;tags\r\n1;2026-01-14 9:00;2026-01-14 10:30;a,b;\r\nx\r\n"
    )
    assert [(one.at, one.length, one.names) for one in log.entries] == [(3, 5400, ("a,b",))]
    assert [one.at for one in log.problems] == [4]
