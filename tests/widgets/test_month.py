"""Months of days: every day can be reached, drawn and chosen, and a typed time stays."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.services.timetonic import BookEvent
from tui.widgets.form_values import FormField, day_of_text, with_day
from tui.widgets.month import FIRST, LAST, WEEKS, by_days, by_months, weeks_of
from tui.workspace.books.agenda import MOST_DAYS, by_day, first_from

DAYS = st.dates(FIRST, LAST)
PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 11, 29, 20, tzinfo=UTC)


@given(DAYS, st.integers(-(10**6), 10**6))
def test_every_day_is_reached_and_can_be_drawn(day: date, step: int) -> None:
    for there in (by_days(day, step), by_months(day, step)):
        weeks = weeks_of(there)
        assert FIRST <= there <= LAST
        assert any(there in week for week in weeks)
        assert len(weeks) <= WEEKS
        assert all(len(week) == 7 and week[0].weekday() == 0 for week in weeks)
    if FIRST < by_days(day, step) < LAST:
        assert by_days(by_days(day, step), -step) == day


@given(DAYS, st.integers(-2_000, 2_000))
def test_a_month_on_is_the_same_day_or_the_last_of_that_month(day: date, months: int) -> None:
    there = by_months(day, months)
    if not FIRST.year < there.year < LAST.year:
        return
    assert (there.year * 12 + there.month) - (day.year * 12 + day.month) == months
    assert there.day == day.day or (there + timedelta(days=1)).day == 1


@pytest.mark.parametrize(
    ("kind", "typed", "opens", "becomes"),
    [
        ("date", "", "2026-11-29", "2027-01-02"),
        ("date", "1.12.", "2026-12-01", "2027-01-02"),
        ("date", "rubbish", "2026-11-29", "2027-01-02"),
        ("datetime", "", "2026-11-29", "2027-01-02 "),
        ("datetime", "2026-12-24 14:05", "2026-12-24", "2027-01-02 14:05"),
        ("datetime", "tomorrow 9", "2026-11-30", "2027-01-02 09:00"),
        ("datetime", "rubbish", "2026-11-29", "2027-01-02 "),
    ],
)
def test_a_chosen_day_keeps_the_time_that_was_typed(
    kind: str, typed: str, opens: str, becomes: str
) -> None:
    field = FormField("when", "When", "date" if kind == "date" else "datetime")
    assert day_of_text(field, typed, NOW, PARIS).isoformat() == opens
    assert with_day(field, typed, date(2027, 1, 2), NOW, PARIS) == becomes


def event(number: int, start: str, end: str = "") -> BookEvent:
    return BookEvent(
        id=number,
        start=datetime.fromisoformat(start) if start else None,
        end=datetime.fromisoformat(end) if end else None,
    )


def test_events_stand_on_each_of_their_days() -> None:
    events = [
        event(1, "2026-11-30T23:30+01:00", "2026-12-02T00:00+01:00"),
        event(2, "2026-11-30T08:00+01:00"),
        event(3, ""),
        event(4, "2026-11-30T23:30+00:00", "2026-11-30T23:30+00:00"),
        event(5, "2026-12-05T10:00+01:00", "2026-12-04T10:00+01:00"),
    ]
    found = {
        day.isoformat(): [one.id for one in there] for day, there in by_day(events, PARIS).items()
    }
    assert found == {"2026-11-30": [2, 1], "2026-12-01": [1, 4], "2026-12-05": [5]}
    for day, first in (
        ("2026-11-01", 2),
        ("2026-12-01", 1),
        ("2026-12-02", 5),
        ("2026-12-06", None),
    ):
        there = first_from(events, date.fromisoformat(day), PARIS)
        assert (there and there.id) == first
    forever = event(6, "2026-01-01T00:00+00:00", "2926-01-01T00:00+00:00")
    assert len(by_day([forever], UTC)) == MOST_DAYS
