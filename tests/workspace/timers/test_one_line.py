"""Trackers by parts of their names, and one line for time that is added."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.workspace.timers.trackers import NOW, PARIS, tree
from tui.services.trackmypeople import TimerState, Tracker
from tui.workspace.timers.finding import AmbiguousTracker, TrackerNameError, find_tracker
from tui.workspace.timers.one_line import read_line
from tui.workspace.timers.overview import Overview
from tui.workspace.times import TimeTextError


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("Cutting list", 5),
        ("cutting", 5),
        ("  CUT  ", 5),
        ("list", 5),
        ("cut li", 5),
        ("cuttng", 5),
        ("etude", 4),
        ("étu", 4),
        ("harbour", 9),
        ("harbour t", 1),
        ("harbour trust/booking form", 2),
        ("Étude › Booking form", 6),
        ("etude boo", 6),
        ("harb page", 3),
        ("tting l", 5),
        ("harbour tr", 1),
        ("adminis", 7),
        ("letters", 8),
        ("2026", 10),
        ("page", 3),
    ],
)
def test_a_part_of_a_name_that_fits_one_alone(typed: str, number: int) -> None:
    assert find_tracker(tree(), typed).id == number


def test_a_name_that_fits_several_is_refused_with_all_of_them() -> None:
    with pytest.raises(AmbiguousTracker) as told:
        find_tracker(tree(), "booking form")
    assert str(told.value) == (
        "2 trackers fit 'booking form': Harbour Trust › Booking form, Étude › Booking form."
        " Write more of the one that is meant"
    )
    with pytest.raises(AmbiguousTracker, match="2 trackers fit"):
        find_tracker(tree(), "harb")
    with pytest.raises(AmbiguousTracker, match="and 1 more"):
        find_tracker(
            Overview(
                trackers=[Tracker(id=n, name=f"part {n}", depth=0) for n in range(7)],
                state=TimerState(),
            ),
            "part",
        )


def test_a_name_of_none_is_refused_with_what_is_near() -> None:
    with pytest.raises(TrackerNameError, match="no tracker is called 'Paymnet pgae'; near is"):
        find_tracker(tree(), "Paymnet pgae")
    with pytest.raises(TrackerNameError, match=r"no tracker is called 'zz'$"):
        find_tracker(tree(), "zz")
    with pytest.raises(TrackerNameError, match="write which tracker"):
        find_tracker(tree(), "  ")


@pytest.mark.parametrize(
    ("line", "start", "stop", "number", "what"),
    [
        ("9-11:15 cutting list: panels", "27 08:00", "27 10:15", 5, "panels"),
        ("9:00-11:15 cutting list: a: b", "27 08:00", "27 10:15", 5, "a: b"),
        ("9:00 - 11:15 cutting", "27 08:00", "27 10:15", 5, ""),
        ("yesterday 14-16 administration", "26 13:00", "26 15:00", 7, ""),
        ("2026-11-02 9:00-11:15 etude/booking form: x", "02 08:00", "02 10:15", 6, "x"),
        ("22:00-05:00 payment: night", "27 21:00", "28 04:00", 3, "night"),
        ("9 am to 11:15 am page: x", "27 08:00", "27 10:15", 3, "x"),
        ("9-10 Admin: letters: sent", "27 08:00", "27 09:00", 8, "sent"),
        ("9-10 2026: year", "27 08:00", "27 09:00", 10, "year"),
        ("9:00 1h30 cutting: x", "27 08:00", "27 09:30", 5, "x"),
        ("9 +90m cutting", "27 08:00", "27 09:30", 5, ""),
        ("yesterday 14:00 for 1,5h page", "26 13:00", "26 14:30", 3, ""),
        ("2026-11-02 23:30 1h etude/booking form", "02 22:30", "02 23:30", 6, ""),
        ("7-24 page", "27 06:00", "27 23:00", 3, ""),
        ("26 Nov 14:00 - 27 Nov 13:00 page", "26 13:00", "27 12:00", 3, ""),
    ],
)
def test_a_line_is_when_which_and_what(
    line: str, start: str, stop: str, number: int, what: str
) -> None:
    found = read_line(line, tree(), PARIS, NOW)
    assert (f"{found.start:%d %H:%M}", f"{found.stop:%d %H:%M}") == (start, stop)
    assert (found.tracker.id, found.description) == (number, what)


@pytest.mark.parametrize("line", ["1h30 page", "90m page", "1.5h page", "1,5 h page"])
def test_a_length_alone_ends_now_or_where_what_runs_began(line: str) -> None:
    found = read_line(line, tree(), PARIS, NOW)
    assert (f"{found.start:%H:%M:%S}", found.stop) == ("13:50:10", NOW)
    since = datetime(2026, 11, 27, 15, tzinfo=UTC)
    found = read_line(line, tree(since), PARIS, NOW)
    assert (f"{found.start:%H:%M}", found.stop) == ("13:30", since)


def test_the_whole_reading_is_told() -> None:
    def told(line: str, now: datetime = NOW) -> str:
        return read_line(line, tree(), PARIS, now).told(tree(), PARIS, now)

    cutting = "Étude › Cutting list, "
    assert told("9-11:15 cut: panels") == f"{cutting}Fri 27 Nov 09:00 to 11:15, 2:15 h: panels"
    # A day's name on that day is today, and what is still ahead is planned: both are said.
    assert told("fri 18-20 cut") == (
        f"{cutting}Fri 27 Nov 18:00 to 20:00, 2:00 h (today, ahead: planned)"
    )
    assert told("fri 16-17 cut: a") == (
        f"{cutting}Fri 27 Nov 16:00 to 17:00, 1:00 h (today, 0:39 h of it ahead: planned): a"
    )
    assert told("thu 18-20 cut") == f"{cutting}Thu 26 Nov 18:00 to 20:00, 2:00 h"
    assert told("tomorrow 9-10 cut") == (
        f"{cutting}Sat 28 Nov 09:00 to 10:00, 1:00 h (ahead: planned)"
    )
    assert told("fri 9-16:20 cut").endswith("7:20 h"), "it ends now"
    # Today is the day in the person's zone: here it is past midnight already.
    late = datetime(2026, 11, 27, 23, 30, tzinfo=UTC)
    assert told("sat 2-3 cut", late).endswith(
        "Sat 28 Nov 02:00 to 03:00, 1:00 h (today, ahead: planned)"
    )


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("", "Write it as"),
        ("cutting list: panels", "Write it as"),
        ("9:00 cutting list", "9:00 can be a time or a length: write 9:00-… or 9h00"),
        ("29 Feb 9-10 page", "There is no day 29.2."),
        ("31.11. 9-10 page: x", "There is no day 31.11."),
        ("2026-02-30 9-10 page", "There is no day 2026-02-30"),
        ("mon 29 Nov 9-10 page", "29 Nov 2026 is a Sunday"),
        ("90 page", "90 can be meant in two ways"),
        ("1.5 page", "1.5 can be meant in two ways"),
        ("0h page", "Write it as"),
        ("yesterday 1h page", "At what time of that day do the 1h begin.*yesterday 9:00 1h"),
        ("9:00 30 page", "9:00 can be a time or a length"),
        ("2026-03-29 02:30 1h page", "02:30 does not exist"),
        ("14:00-13:00 page", "lasts 23:00 h.*the day of its end as well, … - 2026-11-28 13:00"),
        ("2026-03-29 02:30-04:00 page", "02:30 does not exist"),
        ("2026-10-25 02:30-04:00 page", "02:30 exists twice"),
        ("10:00-10:00 page", "The end must be after the start"),
    ],
)
def test_a_time_that_is_none_or_unclear_is_refused(line: str, words: str) -> None:
    with pytest.raises(TimeTextError, match=words):
        read_line(line, tree(), PARIS, NOW)


def test_a_tracker_that_is_none_or_unclear_is_refused() -> None:
    with pytest.raises(AmbiguousTracker):
        read_line("9-10 booking form: x", tree(), PARIS, NOW)
    with pytest.raises(TrackerNameError, match="no tracker is called 'zz'"):
        read_line("9-10 zz: administration", tree(), PARIS, NOW)
    with pytest.raises(TrackerNameError, match="write which tracker"):
        read_line("9-10", tree(), PARIS, NOW)
