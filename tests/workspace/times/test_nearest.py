"""A time of day without a day: around midnight, and in what was days ago."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.workspace.times import Stretch, TimeTextError, read_nearest

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 12, 1, 0, 6, tzinfo=BERLIN)
RACE = (datetime(2026, 11, 30, 23, 19, tzinfo=BERLIN), NOW)
FRIDAY = (
    datetime(2026, 11, 27, 21, 42, tzinfo=BERLIN),
    datetime(2026, 11, 27, 22, 10, tzinfo=BERLIN),
)
CROSSING = (
    datetime(2026, 11, 20, 8, 0, tzinfo=BERLIN),
    datetime(2026, 11, 22, 20, 0, tzinfo=BERLIN),
)


@pytest.mark.parametrize(
    ("text", "within", "read"),
    [
        ("23:50", None, "2026-11-30 23:50"),
        ("0:10", None, "2026-12-01 00:10"),
        ("23:50", RACE, "2026-11-30 23:50"),
        ("0:03", RACE, "2026-12-01 00:03"),
        ("22:00", FRIDAY, "2026-11-27 22:00"),
        # What was before the start or after the end is still of that evening.
        ("21:30", FRIDAY, "2026-11-27 21:30"),
        ("0:30", FRIDAY, "2026-11-28 00:30"),
        # Of three mornings the last; a day that is said counts.
        ("9:00", CROSSING, "2026-11-22 09:00"),
        ("21:00", CROSSING, "2026-11-21 21:00"),
        ("2026-11-20 9:00", CROSSING, "2026-11-20 09:00"),
        ("today 9:00", CROSSING, "2026-12-01 09:00"),
        ("fri 9:00", CROSSING, "2026-11-27 09:00"),
        ("now", FRIDAY, "2026-12-01 00:06"),
        ("-30m", FRIDAY, "2026-11-30 23:36"),
    ],
)
def test_a_time_without_a_day_is_of_the_day_that_is_meant(
    text: str, within: tuple[datetime, datetime] | None, read: str
) -> None:
    found = read_nearest(text, BERLIN, NOW, within)
    assert isinstance(found, datetime)
    assert f"{found.astimezone(BERLIN):%Y-%m-%d %H:%M}" == read


SPRING = datetime(2026, 3, 29, 22, 0, tzinfo=BERLIN)
"""02:30 was not that day, and is the next one."""
AUTUMN = (
    datetime(2026, 10, 25, 1, 0, tzinfo=BERLIN),
    datetime(2026, 10, 25, 6, 0, tzinfo=BERLIN),
)
"""A race through a night in which 02:30 was twice."""


@pytest.mark.parametrize(
    ("text", "now", "within", "read"),
    [
        ("2:30", SPRING, None, "2026-03-30 02:30+0200"),
        ("2:30", SPRING + timedelta(hours=4), None, "2026-03-30 02:30+0200"),
        ("2:30", SPRING + timedelta(hours=16), None, "2026-03-30 02:30+0200"),
        ("2:30 first", AUTUMN[1] + timedelta(days=2), AUTUMN, "2026-10-25 02:30+0200"),
        ("2:30 second", AUTUMN[1] + timedelta(days=2), AUTUMN, "2026-10-25 02:30+0100"),
        ("2:30", AUTUMN[1] + timedelta(days=1), None, "2026-10-26 02:30+0100"),
    ],
)
def test_a_day_on_which_clocks_are_changed_is_in_nobodys_way_who_means_another(
    text: str, now: datetime, within: tuple[datetime, datetime] | None, read: str
) -> None:
    found = read_nearest(text, BERLIN, now, within)
    assert isinstance(found, datetime)
    assert f"{found.astimezone(BERLIN):%Y-%m-%d %H:%M%z}" == read


def test_a_time_that_is_none_on_the_day_that_is_meant_is_refused() -> None:
    with pytest.raises(TimeTextError, match="does not exist on Sun 29 Mar"):
        read_nearest("2:30", BERLIN, SPRING - timedelta(hours=21))
    with pytest.raises(TimeTextError, match="exists twice on Sun 25 Oct"):
        read_nearest("2:30", BERLIN, AUTUMN[1] + timedelta(days=2), AUTUMN)
    with pytest.raises(TimeTextError):
        read_nearest("2:30 first", BERLIN, NOW)


def test_what_is_no_moment_is_refused_and_a_stretch_stays_one() -> None:
    assert isinstance(read_nearest("9-11", BERLIN, NOW), Stretch)
    with pytest.raises(TimeTextError):
        read_nearest("soon", BERLIN, NOW)


@given(st.integers(0, 1439), st.integers(0, 10**6))
def test_it_is_never_further_than_half_a_day_away(minute: int, later: int) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=later)
    found = read_nearest(f"{minute // 60}:{minute % 60:02}", UTC, now)
    assert isinstance(found, datetime)
    assert abs(found - now) <= timedelta(hours=12)
    assert (found.hour, found.minute) == divmod(minute, 60)
