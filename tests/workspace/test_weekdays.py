"""A day by its name is the latest one, and today is one of them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from tui.workspace.times import read_day

MONDAY = datetime(2026, 11, 23, 12, tzinfo=UTC)
NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@pytest.mark.parametrize("today", range(7))
@pytest.mark.parametrize("name", NAMES)
def test_the_latest_of_that_name(name: str, today: int) -> None:
    now = MONDAY + timedelta(days=today)
    found = read_day(name, UTC, now)
    assert found.weekday() == NAMES.index(name)
    assert timedelta(0) <= now.date() - found < timedelta(days=7)


def test_monday_on_a_monday_is_today() -> None:
    assert read_day("mon", UTC, MONDAY) == date(2026, 11, 23)
    assert read_day("mon", UTC, MONDAY - timedelta(days=1)) == date(2026, 11, 16)
