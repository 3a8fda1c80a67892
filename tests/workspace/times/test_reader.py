"""What a person types as a time: read as the table says, or refused."""

from __future__ import annotations

import contextlib
import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.workspace.times import (
    Stretch,
    TimeTextError,
    UnclearLength,
    read_clock,
    read_day,
    read_moment,
    read_span,
    read_when,
    stretch_text,
    whole_text,
)

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 11, 29, 14, 5, 30, 123, tzinfo=PARIS)
"""A Sunday."""


def shown(text: str) -> str:
    """What a form says that it has understood."""
    found = read_when(text, PARIS, NOW)
    if isinstance(found, Stretch):
        return stretch_text(found.start, found.end, PARIS, NOW)
    return whole_text(found, PARIS, NOW)


@pytest.mark.parametrize(
    ("text", "understood"),
    [
        ("9:00-11:15", "Sun 29 Nov 09:00 to 11:15, 2:15 h"),
        ("9:00 – 11:15", "Sun 29 Nov 09:00 to 11:15, 2:15 h"),
        ("yesterday 14-16", "Sat 28 Nov 14:00 to 16:00, 2:00 h"),
        ("yesterday 15:00-16:00", "Sat 28 Nov 15:00 to 16:00, 1:00 h"),
        ("2026-11-29 15:00-16:00", "Sun 29 Nov 15:00 to 16:00, 1:00 h"),
        ("27.11. 9-10", "Fri 27 Nov 09:00 to 10:00, 1:00 h"),
        ("0900-1100", "Sun 29 Nov 09:00 to 11:00, 2:00 h"),
        ("9am-5pm", "Sun 29 Nov 09:00 to 17:00, 8:00 h"),
        ("9am-11", "Sun 29 Nov 09:00 to 11:00, 2:00 h"),
        ("9-11am", "Sun 29 Nov 09:00 to 11:00, 2:00 h"),
        ("9am-17", "Sun 29 Nov 09:00 to 17:00, 8:00 h"),
        ("22:00-05:00", "Sun 29 Nov 22:00 to Mon 30 Nov 05:00, 7:00 h"),
        ("22:00-24:00", "Sun 29 Nov 22:00 to 24:00, 2:00 h"),
        ("yesterday 22:00 to today 1:00", "Sat 28 Nov 22:00 to 01:00, 3:00 h"),
        ("Sun 29 Nov 09:00 to 11:15", "Sun 29 Nov 09:00 to 11:15, 2:15 h"),
        ("9:00-11:00 UTC-5", "Sun 29 Nov 15:00 to 17:00, 2:00 h"),
        ("24:00", "Mon 30 Nov 00:00"),
        ("yesterday 24:00", "Sun 29 Nov 00:00"),
        ("14", "Sun 29 Nov 14:00"),
        ("0900", "Sun 29 Nov 09:00"),
        ("9am", "Sun 29 Nov 09:00"),
        ("9:30 pm", "Sun 29 Nov 21:30"),
        ("1am", "Sun 29 Nov 01:00"),
        ("12am", "Sun 29 Nov 00:00"),
        ("12 pm", "Sun 29 Nov 12:00"),
        ("12:59am", "Sun 29 Nov 00:59"),
        ("now", "Sun 29 Nov 14:05"),
        ("-90m", "Sun 29 Nov 12:35"),
        ("+1,5 h", "Sun 29 Nov 15:35"),
        ("in 2 h", "Sun 29 Nov 16:05"),
        ("45s ago", "Sun 29 Nov 14:04:45"),
        ("Thu 12 Mar 09:30", "Thu 12 Mar 09:30"),
        ("Nov 27, 10:00", "Fri 27 Nov 10:00"),
        ("+3d 9:00", "Wed 2 Dec 09:00"),
        ("27.11.2025 9", "Thu 27 Nov 2025 09:00"),
        ("2026-11-29T15:00-05:00", "Sun 29 Nov 21:00"),
        ("2026-11-29T15:00 -05:00", "Sun 29 Nov 21:00"),
        ("2026-11-29 15:00 +02:00", "Sun 29 Nov 14:00"),
        ("2026-11-29 15:00+0200", "Sun 29 Nov 14:00"),
        ("2026-11-29 15:00 Z", "Sun 29 Nov 16:00"),
        ("2026-11-29 15:00Z", "Sun 29 Nov 16:00"),
        ("2026-11-29 15:00 UTC-5", "Sun 29 Nov 21:00"),
        ("15:00UTC-5", "Sun 29 Nov 21:00"),
        ("20260821T140000", "Fri 21 Aug 14:00"),
        ("2026-W34-5 9:00", "Fri 21 Aug 09:00"),
    ],
)
def test_what_is_typed_is_understood(text: str, understood: str) -> None:
    # The last day of a stretch is told where it is another one than the first.
    if text == "yesterday 22:00 to today 1:00":
        understood = "Sat 28 Nov 22:00 to Sun 29 Nov 01:00, 3:00 h"
    assert shown(text) == understood


@pytest.mark.parametrize(
    "text",
    [
        "", "monkey 9", "14.30", "9.30", "27.11", "1/2", "14:60", "24:30", "25", "2026-11",
        "15:00 -16:00-17:00", "15:00 UTC-16", "15:00+15:00", "9-5pm", "9-9", "24:00-05:00",
        "11am-1", "9pm-11", "10pm-06:00", "10-1am", "9:00 UTC -5", "9:00 gmt -10:00",
        "mon 9 UTC -5", "mon 29 nov 9", "31.11.", "29.2.2026", "٩:٠٠", "15:00 first",
        "15:00Z second", "15:00 Zulu", "2d3", "soon", "11:00 9", "noon", "0am", "13pm",
        "2026-11-29 15:00 -", "9:00-", "-", "yesterday yesterday", "99999999999999999999d ago",
        "+9999999d", "9" * 200, "9999-12-31 24:00",
    ],
)  # fmt: skip
def test_what_is_not_understood_is_refused(text: str) -> None:
    with pytest.raises(TimeTextError):
        read_when(text, PARIS, NOW)


def test_a_day_without_a_year_is_of_the_year_beside_where_that_is_within_three_months() -> None:
    assert read_day("1.3.", PARIS, NOW) == date(2027, 3, 1)
    assert read_day("2.3.", PARIS, NOW) == date(2026, 3, 2)
    spring = datetime(2027, 3, 1, 12, tzinfo=PARIS)
    assert read_day("29 Nov", PARIS, spring) == date(2026, 11, 29)
    assert read_day("28 Nov", PARIS, spring) == date(2027, 11, 28)


def test_one_time_is_no_stretch() -> None:
    with pytest.raises(TimeTextError, match="write only one"):
        read_moment("9-11", PARIS, NOW)


def test_a_year_that_is_left_out_is_the_one_that_is_shown_so_or_the_near_one() -> None:
    def day(text: str, today: str) -> date:
        return read_day(text, UTC, datetime.fromisoformat(f"{today}T12:00Z"))

    assert day("12 Mar", "2026-11-29") == date(2026, 3, 12)
    assert day("28.12.", "2026-01-02") == date(2025, 12, 28)
    assert day("3.1.", "2026-12-29") == date(2027, 1, 3)
    assert day("29.2.", "2027-12-20") == date(2028, 2, 29)


@pytest.mark.parametrize(("name", "back"), [("sun", 0), ("mon", 6), ("sat", 1), ("Sunday", 0)])
def test_a_weekday_is_the_latest_one_and_today_on_its_own_day(name: str, back: int) -> None:
    assert read_day(name, PARIS, NOW) == NOW.date() - timedelta(days=back)


def test_a_bare_day_ends_where_an_end_is_asked_for() -> None:
    assert read_moment("27.11.", PARIS, NOW) == datetime(2026, 11, 26, 23, tzinfo=UTC)
    assert read_moment("27.11.", PARIS, NOW, ends=True) == datetime(2026, 11, 27, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("1h30", 90), ("90m", 90), ("1.5h", 90), ("1,5 h", 90), ("1 h 30 min", 90), ("1h 5", 65),
     ("2 hours", 120), ("90 minutes", 90), ("1h90", 150), (":30", 30), (".5h", 30), (",5 h", 30),
     ("1.30h", 78), ("1,30 h", 78), ("90", 90), ("1d 1.5h", 1530)],
)  # fmt: skip
def test_lengths(text: str, minutes: int) -> None:
    assert read_span(text) == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("1.30", "write 1.30h, which is 1:18 h, or 1h30"),
        ("1,30", "write 1,30h, which is 1:18 h, or 1h30"),
        (".30", "write .30h, which is 0:18 h, or 0h30"),
        ("1.5", "write 1.5h, which is 1:30 h, or 1.5m"),
        (".5", "write .5h, which is 0:30 h, or .5m"),
        ("1.75", "write 1.75h, which is 1:45 h, or 1.75m"),
        ("1,250", "write 1,250h, which is 1:15 h, or 1,250m"),
        ("90.0", "write 90.0h, which is 90:00 h, or 90.0m"),
        ("1:5", "1:05 or 1:50"),
        (":5", "0:05 or 0:50"),
        ("1.5h30", "Only the last part"),
        ("1.5d 2h", "Only the last part"),
    ],
)
def test_a_length_that_can_be_meant_in_two_ways_is_asked_for_again(text: str, meant: str) -> None:
    with pytest.raises(UnclearLength, match=re.escape(meant)):
        read_span(text)
    for before, after in (("+", ""), ("-", ""), ("- ", ""), ("in ", ""), ("", " ago")):
        with pytest.raises(UnclearLength, match=re.escape(meant)):
            read_when(f"{before}{text}{after}", PARIS, NOW)


def test_days_and_seconds_from_now_are_not_taken_for_the_second_of_two_hours() -> None:
    for text in ("+1d 2330 second", "- 2 days 2 second"):
        with pytest.raises(UnclearLength, match="in two ways"):
            read_when(text, PARIS, NOW)
    assert shown("+1d 45s") == "Mon 30 Nov 14:06:15"
    assert shown("+1d 02:30") == "Mon 30 Nov 02:30"


def test_a_time_of_day_has_no_offset_and_no_end() -> None:
    assert read_clock("14", NOW).hour == 14
    for text in ("15:00-16:00", "15:00+02:00", "24:00", "02:30 first"):
        with pytest.raises(TimeTextError):
            read_clock(text, NOW)


@given(
    st.lists(
        st.sampled_from(
            ["today", "27.11.", "29 nov", "2026-11-29", "t", " ", "-", "+", "9", "14:00", "0900",
             "24:00", "am", "utc", "z", "-5", "+02:00", "first", "h", "ago", "in", "mon", "to"]
        ),
        max_size=7,
    ).map("".join)
    | st.text(max_size=30)
)  # fmt: skip
def test_any_text_is_read_or_refused_and_a_stretch_runs_forward(text: str) -> None:
    with contextlib.suppress(TimeTextError):
        found = read_when(text, PARIS, NOW)
        if isinstance(found, Stretch):
            assert found.start < found.end
            assert {found.start.tzinfo, found.end.tzinfo} == {UTC}
        else:
            assert found.tzinfo is UTC
    for reader in (read_span, lambda t: read_day(t, PARIS, NOW), lambda t: read_clock(t, NOW)):
        with contextlib.suppress(TimeTextError):
            reader(text)
