"""On which day a bill is due and when it is late, in zones far from one another."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workspace.times.changes import PLACES
from tui.workspace.invoices.due import days_late, meant_day_text
from tui.workspace.times import day_of, end_of_day, midnight_utc, start_of_day

DAYS = st.dates(date(2020, 1, 1), date(2037, 1, 1))


@pytest.mark.parametrize("where", [*PLACES, ZoneInfo("UTC")], ids=str)
@given(day=DAYS)
def test_a_bill_is_late_when_its_due_day_is_over(where: ZoneInfo, day: date) -> None:
    due = midnight_utc(day)
    begin, end = start_of_day(day, where), end_of_day(day, where)
    assert days_late(due, where, begin) == 0
    assert days_late(due, where, end - timedelta(seconds=1)) == 0
    assert days_late(due, where, end) == 1
    assert days_late(due, where, begin - timedelta(days=9)) == 0
    assert meant_day_text(due, where, begin) == "today"
    assert meant_day_text(due, where, end) == "yesterday"


@pytest.mark.parametrize("where", PLACES, ids=str)
@given(day=DAYS, minute=st.integers(0, 24 * 60 - 1))
def test_a_moment_is_due_on_the_day_on_which_it_falls(
    where: ZoneInfo, day: date, minute: int
) -> None:
    due = start_of_day(day, where) + timedelta(minutes=minute, seconds=1)
    there = due.astimezone(where).date()
    assert day_of(due, where) == there
    assert days_late(due, where, due) == 0
    assert days_late(due, where, end_of_day(there, where)) == 1


def test_without_a_due_day_nothing_is_late() -> None:
    assert days_late(None, UTC) == 0
    assert meant_day_text(None, UTC) == ""
    assert days_late(datetime(2026, 5, 1, tzinfo=UTC), UTC, datetime(2026, 6, 1, tzinfo=UTC)) == 31
