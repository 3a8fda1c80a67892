"""A reminder in one line: read strictly, in the person's own zone, and never into the past."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.workspace.reminders import TimeTextError, read_later, read_line

BERLIN = ZoneInfo("Europe/Berlin")
SUNDAY = datetime(2026, 11, 29, 13, tzinfo=UTC)
"""Two o'clock in Berlin."""


@pytest.mark.parametrize(
    ("text", "when", "what"),
    [
        ("tomorrow 9:00 call the sailmaker", "2026-11-30 09:00", "call the sailmaker"),
        ("tomorrow 9 2 crates to the pier", "2026-11-30 09:00", "2 crates to the pier"),
        ("in 2 h tea", "2026-11-29 16:00", "tea"),
        ("+30m tea", "2026-11-29 14:30", "tea"),
        ("14:30 now", "2026-11-29 14:30", "now"),
        ("fri 14:00 haul out", "2026-12-04 14:00", "haul out"),
        ("sun 15:00 later today", "2026-11-29 15:00", "later today"),
        ("sun 9:00 in a week", "2026-12-06 09:00", "in a week"),
        ("fri 9:00 25:00 min. of bread", "2026-12-04 09:00", "25:00 min. of bread"),
        ("fri at the pier", "2026-12-04 09:00", "at the pier"),
        ("fri call", "2026-12-04 09:00", "call"),
        ("tomorrow call", "2026-11-30 09:00", "call"),
        ("25.12. gifts", "2026-12-25 09:00", "gifts"),
        ("15 Dec 2026 rent", "2026-12-15 09:00", "rent"),
        ("15 Mar rent", "2027-03-15 09:00", "rent"),
        ("1.7. 14:00 haul out", "2027-07-01 14:00", "haul out"),
        ("July 1 haul out", "2027-07-01 09:00", "haul out"),
        ("2026-12-01T10:00 rent", "2026-12-01 10:00", "rent"),
        ("30 Nov 9:00 first call", "2026-11-30 09:00", "first call"),
        ("tomorrow 0:00 midnight", "2026-11-30 00:00", "midnight"),
        ("31 Oct 2027 2:30 second x", "2027-10-31 02:30", "x"),
        ("in 1 week tea", "2026-12-06 14:00", "tea"),
        ("in 2 weeks and more", "2026-12-13 14:00", "and more"),
        ("in 1w tea", "2026-12-06 14:00", "tea"),
        ("in 5 weigh it", "2026-11-29 14:05", "weigh it"),
    ],
)
def test_when_and_what(text: str, when: str, what: str) -> None:
    line = read_line(text, BERLIN, SUNDAY)
    assert (f"{line.when.astimezone(BERLIN):%Y-%m-%d %H:%M}", line.text) == (when, what)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "Write when and what"),
        ("call the sailmaker", "Write when and what"),
        ("may call", "Write when and what"),
        ("tomorrow", "What of?"),
        ("2027-02-29 9:00 call", "There is no day 2027-02-29"),
        ("31 Nov call", "There is no day 31.11."),
        ("fri 14:00", "What of?"),
        ("9:00 late", "9:00 is today 09:00, which is over"),
        ("yesterday 9:00 late", "which is over"),
        ("2 h ago late", "which is over"),
        ("28 Nov late", "which is over"),
        ("15 Mar 2026 late", "which is over"),
        ("15.3.2026 late", "which is over"),
        ("-100d late", "which is over"),
        ("tomorrow 9-10 x", "at one time, not from one to another"),
        ("28 Mar 2027 2:30 x", "does not exist"),
        ("31 Oct 2027 2:30 x", "exists twice"),
        ("tomorrow 25:00 x", "25:00 is read as no time of day: write it as 9:30"),
        ("fri 9:60 x", "9:60 is read as no time of day"),
        ("tomorrow 9.30 x", "9.30 is read as no time of day"),
        ("2026-12-01 9h30 x", "9h30 is read as no time of day"),
        ("tomorrow at 9 x", "at 9 is read as no time of day"),
        ("in 1 month rent", "in 1 month is read as no time: write it in days or weeks"),
        ("in 2 Years rent", "in 2 Years is read as no time"),
        ("+3 business days x", r"\+3 business days is read as no time"),
        (f"tomorrow {'x' * 301}", "300 characters are the most"),
    ],
)
def test_what_is_not_meant_so_is_refused(text: str, why: str) -> None:
    with pytest.raises(TimeTextError, match=why):
        read_line(text, BERLIN, SUNDAY)


def test_the_whole_reading_is_told() -> None:
    line = read_line("tomorrow 9:00 call", BERLIN, SUNDAY)
    early = SUNDAY + timedelta(seconds=53)
    for typed in ("in 1m tea", "+1m tea"):
        assert read_line(typed, BERLIN, early).when == SUNDAY + timedelta(minutes=2), "not sooner"
    assert line.told(BERLIN, SUNDAY) == "Mon 30 Nov 09:00, in 19 h: call"


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("10m", "2026-11-29 14:10"), ("1h30", "2026-11-29 15:30"), ("+1h", "2026-11-29 15:00"),
        ("tomorrow", "2026-11-30 09:00"), ("fri 9", "2026-12-04 09:00"),
    ],
)  # fmt: skip
def test_later(text: str, when: str) -> None:
    found = read_later(text, BERLIN, SUNDAY)
    assert f"{found.astimezone(BERLIN):%Y-%m-%d %H:%M}" == when


@pytest.mark.parametrize("text", ["", "9:00", "0m", "1.5", "10", "soon", "9-10"])
def test_what_is_not_later_is_refused(text: str) -> None:
    with pytest.raises(TimeTextError):
        read_later(text, BERLIN, SUNDAY)


@given(
    st.lists(st.sampled_from(["tomorrow", "fri", "9:00", "9", "in", "2", "h", "+1h", "-", "now",
                              "25.12.", "call", "9-10", "sun", "to", "\x1b[31m", "first"]),
             max_size=9)
)  # fmt: skip
def test_nothing_is_lost_and_nothing_is_over(words: list[str]) -> None:
    text = " ".join(words)
    try:
        line = read_line(text, BERLIN, SUNDAY)
    except TimeTextError:
        return
    assert SUNDAY < line.when < SUNDAY + timedelta(days=366)
    assert line.text
    assert text.endswith(line.text)


@pytest.mark.parametrize("place", ["Africa/Cairo", "Asia/Beirut", "America/Santiago"])
def test_a_day_that_begins_at_one_is_nine_oclock_all_the_same(place: str) -> None:
    """Where clocks jump over midnight a day alone rang at one."""
    where = ZoneInfo(place)
    begins = {"Africa/Cairo": (2027, 4, 30), "Asia/Beirut": (2027, 3, 28)}
    day = datetime(*begins.get(place, (2026, 9, 6)), 12, tzinfo=where)
    before = (day - timedelta(days=1)).astimezone(UTC)
    for typed in ("tomorrow", f"{day:%a}", f"{day:%-d %b}", f"{day:%Y-%m-%d}"):
        found = read_line(f"{typed} call", where, before).when
        assert found.astimezone(where) == day.replace(hour=9), typed


@pytest.mark.parametrize(
    ("now", "typed", "when"),
    [
        ("2027-03-28 03:30", "sun 2:30", "2027-04-04 02:30"),  # it was jumped over an hour ago
        ("2027-03-31 12:00", "sun 2:30", "2027-04-04 02:30"),
        ("2027-03-21 03:30", "sun 2:30", None),
        ("2027-03-28 01:30", "sun 2:30", None),
        ("2027-11-02 12:00", "sun 2:30", "2027-11-07 02:30"),
        ("2027-10-31 00:50", "sun 2:30", None),
        ("2027-10-25 00:30", "mon 0:10", "2027-11-01 00:10"),  # a week of 169 hours
        ("2026-12-31 23:59", "thu 9:00", "2027-01-07 09:00"),
        ("2028-02-29 12:00", "tue 11:00", "2028-03-07 11:00"),
        ("2028-02-29 12:00", "tue 13:00", "2028-02-29 13:00"),
    ],
)
def test_the_next_weekday_is_asked_and_not_the_one_that_was(
    now: str, typed: str, when: str | None
) -> None:
    present = datetime.fromisoformat(now).replace(tzinfo=BERLIN)
    if when is None:
        with pytest.raises(TimeTextError, match=r"does not exist|exists twice"):
            read_line(f"{typed} call", BERLIN, present)
        return
    line = read_line(f"{typed} call", BERLIN, present)
    assert f"{line.when.astimezone(BERLIN):%Y-%m-%d %H:%M}" == when
