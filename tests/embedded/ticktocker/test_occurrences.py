"""When repeated events take place."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.embedded.ticktocker.occurrences import FREQUENCIES, occurrence


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("frequency", "now", "expected"),
    [
        ("no", "2026-05-01 00:00", "2026-01-31 10:00"),
        ("daily", "2026-02-01 09:00", "2026-02-01 10:00"),
        ("daily", "2026-02-01 10:30", "2026-02-01 10:00"),
        ("daily", "2026-02-01 11:00", "2026-02-02 10:00"),
        ("weekly", "2026-02-01 00:00", "2026-02-07 10:00"),
        ("bi-weekly", "2026-02-01 00:00", "2026-02-14 10:00"),
        ("monthly", "2026-02-01 00:00", "2026-02-28 10:00"),
        ("monthly", "2026-03-01 00:00", "2026-03-31 10:00"),
        ("yearly", "2026-02-01 00:00", "2027-01-31 10:00"),
    ],
)
def test_the_next_one(frequency: str, now: str, expected: str) -> None:
    begin = at("2026-01-31 10:00")
    found = occurrence(begin, begin + timedelta(hours=1), frequency, "UTC", at(now))
    assert found == (at(expected), at(expected) + timedelta(hours=1))


@given(
    begin=st.integers(0, 3_786_912_000),
    minutes=st.integers(0, 60 * 24 * 400),
    frequency=st.sampled_from(FREQUENCIES),
    later=st.integers(0, 3650),
    name=st.sampled_from(["UTC", "Europe/Brussels", "Pacific/Apia", "America/New_York"]),
)
def test_it_has_not_ended_and_keeps_its_length(
    begin: int, minutes: int, frequency: str, later: int, name: str
) -> None:
    start = datetime.fromtimestamp(begin, UTC)
    end = start + timedelta(minutes=minutes)
    now = start + timedelta(days=later)
    found_start, found_end = occurrence(start, end, frequency, name, now)
    assert found_end - found_start == end - start
    assert found_start >= start - timedelta(hours=26)
    if frequency != "no":
        assert found_end > now
