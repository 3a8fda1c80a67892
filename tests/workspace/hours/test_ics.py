"""Calendars: what repeats, what was moved or taken out, lengths and zones."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tests.workspace.hours import NOW, log_of
from tui.workspace.hours.entries import Log


def events(*bodies: str) -> Log:
    made = "".join(f"BEGIN:VEVENT\n{body}\nEND:VEVENT\n" for body in bodies)
    return log_of(f"BEGIN:VCALENDAR\n{made}END:VCALENDAR\n")


def days(log: Log) -> list[date]:
    assert log.problems == []
    return [entry.start.date() for entry in log.entries if entry.start is not None]


def repeated(rule: str, start: str = "20260105T090000Z") -> list[str]:
    """The days, as month and day, of an event of January that repeats."""
    log = events(f"UID:1\nDTSTART:{start}\nDURATION:PT1H\nRRULE:{rule}")
    return [f"{day:%m%d}" for day in days(log)]


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        ("FREQ=DAILY;COUNT=3", ["0105", "0106", "0107"]),
        ("FREQ=DAILY;INTERVAL=3;COUNT=3", ["0105", "0108", "0111"]),
        ("FREQ=DAILY;BYDAY=MO,FR;COUNT=3", ["0105", "0109", "0112"]),
        ("FREQ=WEEKLY;UNTIL=20260119T090000Z", ["0105", "0112", "0119"]),
        ("FREQ=WEEKLY;UNTIL=20260119T085959Z", ["0105", "0112"]),
        ("FREQ=WEEKLY;UNTIL=20260119", ["0105", "0112", "0119"]),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU;COUNT=4", ["0105", "0111", "0119", "0125"]),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU;WKST=SU;COUNT=4", ["0105", "0118", "0119", "0201"]),
        ("FREQ=MONTHLY;COUNT=3", ["0105", "0205", "0305"]),
        ("FREQ=MONTHLY;BYDAY=1MO;COUNT=3", ["0105", "0202", "0302"]),
        ("FREQ=MONTHLY;BYDAY=-1FR;COUNT=3", ["0105", "0130", "0227"]),
        ("FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=3", ["0105", "0131", "0228"]),
        ("FREQ=YEARLY;BYMONTH=1,2;COUNT=3", ["0105", "0205", "0105"]),
        ("FREQ=YEARLY;BYMONTHDAY=5,-1;COUNT=4", ["0105", "0131", "0205", "0228"]),
    ],
)
def test_rules_are_expanded(rule: str, found: list[str]) -> None:
    assert repeated(rule) == found


def test_a_rule_without_an_end_goes_on_until_now() -> None:
    assert repeated("FREQ=DAILY", "20261127T090000Z") == ["1127", "1128", "1129"]
    assert NOW.day == 29


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=HOURLY", "FREQ=YEARLY;BYWEEKNO=1", "FREQ=YEARLY;BYDAY=MO",
        "FREQ=WEEKLY;BYMONTHDAY=5", "FREQ=WEEKLY;BYDAY=MO;BYMONTHDAY=1,5",
    ],
)  # fmt: skip
def test_a_rule_that_is_not_read_is_said(rule: str) -> None:
    log = events(f"UID:1\nDTSTART:20260105T090000Z\nDURATION:PT1H\nRRULE:{rule}")
    (entry,) = log.entries
    assert entry.lost == (
        f"it repeats by a rule that is not read ({rule}): only the first is here",
    )


@pytest.mark.parametrize(
    ("rule", "first", "days"),
    [
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=4", "20260130",
         ["0130", "0227", "0331", "0430"]),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1,-2;COUNT=4", "20260101",
         ["0101", "0129", "0202", "0226"]),
        ("FREQ=MONTHLY;INTERVAL=2;BYDAY=SA,SU;BYSETPOS=2;COUNT=3", "20260104",
         ["0104", "0307", "0503"]),
        ("FREQ=YEARLY;BYMONTH=3,11;BYDAY=SU;BYSETPOS=-1;UNTIL=20261130", "20260101",
         ["0101", "1129"]),
        ("FREQ=WEEKLY;BYDAY=TU,TH;BYSETPOS=2;COUNT=3", "20260106", ["0106", "0108", "0115"]),
    ],
)  # fmt: skip
def test_of_the_days_of_a_turn_some_are_chosen_by_their_place(
    rule: str, first: str, days: list[str]
) -> None:
    assert repeated(rule, f"{first}T090000Z") == days


def test_further_dates_may_have_an_end_of_their_own() -> None:
    log = events(
        "UID:1\nDTSTART;TZID=Europe/Paris:20260105T090000\nDURATION:PT1H\n"
        "RDATE;VALUE=PERIOD;TZID=Europe/Paris:20260107T090000/PT2H,20260108T090000/20260108T093000"
        "\nRDATE:20260109T080000Z\nEXDATE;TZID=America/New_York:20260108T030000"
    )
    assert [(f"{entry.start:%d %H:%M}", entry.length) for entry in log.entries] == [
        ("05 08:00", 3600), ("07 08:00", 7200), ("09 08:00", 3600),
    ]  # fmt: skip
    assert not any(entry.lost for entry in log.entries)
    for none in ("RDATE:", "RDATE:20260107T090000Z,"):
        log = events(f"UID:1\nDTSTART:20260105T090000Z\nDURATION:PT1H\n{none}")
        assert log.problems == [], none
        assert log.entries[0].length == 3600
    wrong = events(
        "UID:1\nDTSTART:20260105T090000Z\nDURATION:PT1H\nRDATE;VALUE=PERIOD:20260107T090000Z"
        "/20260106T090000Z"
    )
    assert wrong.entries == []
    assert "ends before it begins" in wrong.problems[0].words


def test_repeated_hours_stay_on_the_clock_over_a_change() -> None:
    log = events(
        "UID:1\nDTSTART;TZID=Europe/Paris:20261024T090000\nDTEND;TZID=Europe/Paris:20261024T100000"
        "\nRRULE:FREQ=DAILY;COUNT=2"
    )
    assert [entry.start for entry in log.entries] == [
        datetime(2026, 10, 24, 7, tzinfo=UTC),
        datetime(2026, 10, 25, 8, tzinfo=UTC),
    ]
    assert [entry.length for entry in log.entries] == [3600, 3600]


def test_what_was_cancelled_or_replaced_is_not_there() -> None:
    log = events(
        "UID:1\nDTSTART:20260105T090000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=3\nSUMMARY:a",
        "UID:1\nRECURRENCE-ID:20260106T090000Z\nDTSTART:20260106T090000Z\nSTATUS:CANCELLED",
        "UID:2\nDTSTART:20260108T090000Z\nDURATION:PT1H\nSTATUS:CANCELLED",
        "UID:3\nDTSTART:20260109T090000Z\nDURATION:PT1H\nSEQUENCE:2\nSUMMARY:new",
        "UID:3\nDTSTART:20260110T090000Z\nDURATION:PT1H\nSEQUENCE:1\nSUMMARY:old",
        "UID:4\nDTSTART:20260111T090000Z\nDURATION:PT1H\nRDATE:20260112T090000Z",
    )
    assert [day.day for day in days(log)] == [5, 7, 9, 11, 12]
    assert [entry.text for entry in log.entries if "UID" not in entry.text][2] == "new"


def test_numbers_without_an_end_are_none() -> None:
    many = "9" * 5000
    log = events(
        "UID:1\nDTSTART:20260109T090000Z\nDURATION:PT1H\nSEQUENCE:2\nSUMMARY:new",
        f"UID:1\nDTSTART:20260110T090000Z\nDURATION:PT1H\nSEQUENCE:{many}\nSUMMARY:old",
    )
    assert [entry.text for entry in log.entries] == ["new"]


@pytest.mark.parametrize(
    ("length", "hours"),
    [
        ("PT2H", 2),
        ("P1D", 25),
        ("P1DT1H", 26),
        ("PT1H30M", 1.5),
        ("PT45S", 45 / 3600),
        ("P1W", 169),
    ],
)
def test_days_of_a_length_are_of_the_calendar_and_hours_exact(length: str, hours: float) -> None:
    """RFC 5545 section 3.3.6: hours are exact, days nominal. icalendar 7.3.2 adds hours to the wall
    clock (seen: findings/icalendar-duration-over-a-change-of-clocks.sh), so it is not asked.
    """
    log = events(f"UID:1\nDTSTART;TZID=Europe/Paris:20261025T013000\nDURATION:{length}")
    assert [entry.length for entry in log.entries] == [hours * 3600]


@pytest.mark.parametrize(
    ("zone", "hour"),
    [
        ("Europe/Paris", 8),
        ("Romance Standard Time", 8),
        ("/freeassociation.sourceforge.net/Europe/Paris", 8),
        ('"America/New_York"', 14),
    ],
)
def test_zones_by_any_of_their_names(zone: str, hour: int) -> None:
    log = events(f"UID:1\nDTSTART;TZID={zone}:20260105T090000\nDURATION:PT1H")
    assert [entry.start for entry in log.entries] == [datetime(2026, 1, 5, hour, tzinfo=UTC)]


def test_an_hour_that_was_twice_is_the_first_and_one_that_was_not_comes_before() -> None:
    log = events(
        "UID:1\nDTSTART;TZID=Europe/Paris:20261025T023000\nDURATION:PT1H",
        "UID:2\nDTSTART;TZID=Europe/Paris:20260329T023000\nDURATION:PT1H",
    )
    assert [entry.start for entry in log.entries] == [
        datetime(2026, 3, 29, 1, 30, tzinfo=UTC),
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
    ]


def test_a_time_without_a_zone_is_of_the_zone_that_was_said() -> None:
    assert [entry.start for entry in events("UID:1\nDTSTART:20260105T090000").entries] == [
        datetime(2026, 1, 5, 8, tzinfo=UTC)
    ]


def test_what_is_no_event_or_not_taken_over_is_said() -> None:
    log = log_of(
        "BEGIN:VCALENDAR\nBEGIN:VTODO\nUID:9\nEND:VTODO\nBEGIN:VEVENT\nUID:1\n"
        "DTSTART:20260105T090000Z\nDTEND:20260105T100000Z\nLOCATION:here\n"
        "BEGIN:VALARM\nTRIGGER:-PT5M\nDURATION:PT9H\nEND:VALARM\n"
        "SUMMARY:a long\n  word\nEND:VEVENT\nEND:VCALENDAR\n"
    )
    (entry,) = log.entries
    assert (entry.text, entry.length) == ("a long word", 3600), "an alarm has a length of its own"
    assert log.notes == [
        "1 part that are no events passed over.",
        "Not taken over of events: location.",
    ]


def test_what_moves_an_occurrence_and_all_that_follow_moves_them_all() -> None:
    """RFC 5545, 3.2.13: the same difference for each, as recurring-ical-events 3.8.2 reckons it."""
    master = (
        "UID:1\nDTSTART;TZID=Europe/Paris:20260326T090000\nDTEND;TZID=Europe/Paris:20260326T100000\n"
        "RRULE:FREQ=DAILY;COUNT=5\nSUMMARY:before"
    )
    onward = (
        "UID:1\nRECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Paris:20260328T090000\n"
        "DTSTART;TZID=Europe/Paris:20260328T110000\nDTEND;TZID=Europe/Paris:20260328T140000\n"
        "SUMMARY:after"
    )
    alone = (
        "UID:1\nRECURRENCE-ID;TZID=Europe/Paris:20260330T090000\n"
        "DTSTART;TZID=Europe/Paris:20260330T200000\nDURATION:PT1H\nSUMMARY:alone"
    )
    log = events(master, onward, alone)
    found = [(one.text, f"{one.start:%d %H:%M}", one.seconds or one.length) for one in log.entries]
    assert found == [
        ("before", "26 08:00", 3600),
        ("before", "27 08:00", 3600),
        ("after", "28 10:00", 10800),
        # Clocks were set forward: the same time on them.
        ("after", "29 09:00", 10800),
        ("alone", "30 18:00", 3600),
    ]
    ended = events(master, f"{onward}\nSTATUS:CANCELLED")
    assert [one.text for one in ended.entries] == ["before", "before"]


def test_a_backslash_before_an_n_is_no_line_break() -> None:
    """As ics 0.7.3 and icalendar 7.3.2 write it; ics itself reads a line break there."""
    log = events("UID:1\nDTSTART:20260105T080000Z\nDURATION:PT1H\n" r"SUMMARY:C:\\new hull\n\\Next")
    assert [one.text for one in log.entries] == ["C:\\new hull\n\\Next"]
