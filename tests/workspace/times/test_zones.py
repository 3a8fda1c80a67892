"""Hours that do not exist or exist twice, and days against moments, in hundreds of zones."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workspace.times.changes import MOST, PLACES, Change, around_changes, changes
from tui.workspace.times import (
    Stretch,
    TimeTextError,
    at_clock,
    day_of,
    end_of_day,
    is_after,
    midnight_utc,
    moments_of,
    read_moment,
    read_when,
    same_clocks,
    start_of_day,
    stretch_text,
    typed_moment,
)
from tui.workspace.times.zones import change_around

PARIS = ZoneInfo("Europe/Paris")


def typed(wall: datetime) -> str:
    return wall.isoformat(" ", "seconds")


def within(change: Change) -> list[datetime]:
    """Wall times at the edges of what a change leaves out or shows twice, and between them."""
    first = min(change.wall, change.wall + change.by)
    length = abs(change.by)
    return [first, first + length / 2, first + length - timedelta(seconds=1)]


def test_an_hour_that_does_not_exist_is_refused_with_the_reason() -> None:
    tried = changes(True)
    assert len(tried) == MOST
    for change in tried:
        for wall in within(change):
            wall = wall.replace(microsecond=0)
            with pytest.raises(TimeTextError, match="does not exist"):
                read_moment(typed(wall), change.where, change.moment)
            with pytest.raises(TimeTextError, match="does not exist"):
                at_clock(wall.date(), wall.time(), change.where)
        for wall in (within(change)[0] - timedelta(seconds=1), change.wall + change.by):
            there = read_moment(typed(wall), change.where, change.moment)
            assert there.astimezone(change.where).replace(tzinfo=None, fold=0) == wall


def test_the_change_of_clocks_is_told_to_the_second_wherever_in_the_gap_one_asks() -> None:
    for change in changes(True)[:40]:
        first = min(change.wall, change.wall + change.by)
        for part in range(1, 60):
            wall = first + change.by * part / 60 + timedelta(seconds=part % 7)
            if wall < first + change.by:
                found = change_around(wall, change.where)
                assert found == (change.moment.astimezone(UTC), first, first + change.by)


def test_an_hour_that_exists_twice_asks_which_and_is_told_apart() -> None:
    tried = changes(False)
    assert len(tried) == MOST
    for change in tried:
        for wall in within(change):
            wall = wall.replace(microsecond=0)
            with pytest.raises(TimeTextError, match=r"exists twice.* first.* second"):
                read_moment(typed(wall), change.where, change.moment)
            first, second = (
                read_moment(f"{typed(wall)} {which}", change.where, change.moment)
                for which in ("first", "second")
            )
            assert second - first == -change.by
            assert first < change.moment <= second
            for moment in (first, second):
                there = moment.astimezone(change.where)
                offset = there.isoformat()[19:]
                assert there.replace(tzinfo=None, fold=0) == wall
                if len(offset) == 6:
                    assert read_moment(f"{typed(wall).replace(' ', 'T')}{offset}", UTC) == moment


def test_the_reason_names_the_change() -> None:
    with pytest.raises(TimeTextError) as missing:
        read_moment("2026-03-29 02:30", PARIS)
    assert str(missing.value) == (
        "02:30 does not exist on Sun 29 Mar 2026 in Europe/Paris: clocks go from 02:00 to 03:00."
    )
    with pytest.raises(TimeTextError) as half:
        read_moment("2026-10-04 02:15", ZoneInfo("Australia/Lord_Howe"))
    assert "clocks go from 02:00 to 02:30" in str(half.value)
    # Clocks that go on at midnight leave no day out.
    with pytest.raises(TimeTextError, match=r"clocks go from 00:00 to 01:00"):
        read_moment("2026-03-08 00:30", ZoneInfo("America/Havana"))
    with pytest.raises(TimeTextError, match="the calendar leaves it out"):
        read_moment("2011-12-30 10:00", ZoneInfo("Pacific/Apia"))
    with pytest.raises(TimeTextError) as twice:
        read_moment("2026-10-25 02:30", PARIS)
    assert "“02:30 first” (UTC+02:00) or “02:30 second” (UTC+01:00)" in str(twice.value)


@given(around_changes())
def test_a_moment_survives_being_shown(place: tuple[ZoneInfo, datetime]) -> None:
    where, moment = place
    assert read_moment(typed_moment(moment, where), where) == moment


@given(around_changes(), st.integers(1, 3000))
def test_lengths_are_added_in_utc(place: tuple[ZoneInfo, datetime], minutes: int) -> None:
    where, moment = place
    now = moment.replace(second=0)
    assert now - read_moment(f"{minutes} m ago", where, now) == timedelta(minutes=minutes)
    assert read_moment(f"+{minutes}m", where, now) - now == timedelta(minutes=minutes)


CLOCKS = st.times().map(lambda at: at.replace(second=0, microsecond=0))


@given(around_changes(), CLOCKS, CLOCKS)
def test_a_stretch_is_from_one_wall_time_to_the_next_other(
    place: tuple[ZoneInfo, datetime], begin: time, end: time
) -> None:
    where, moment = place
    day = moment.astimezone(where).date()
    last = day if begin < end else day + timedelta(days=1)
    walls = [datetime.combine(day, begin), datetime.combine(last, end)]
    text = f"{day} {begin:%H:%M}-{end:%H:%M}"
    if begin == end or any(len(moments_of(wall, where)) != 1 for wall in walls):
        with pytest.raises(TimeTextError):
            read_when(text, where, moment)
        return
    found = read_when(text, where, moment)
    assert isinstance(found, Stretch)
    assert [one.astimezone(where).replace(tzinfo=None, fold=0) for one in found] == walls


def test_a_stretch_over_a_change_of_clocks_is_as_long_as_it_was() -> None:
    now = datetime(2026, 10, 25, 12, tzinfo=UTC)
    text = "2026-10-24 22:00-05:00"
    found = read_when(text, PARIS, now)
    assert not isinstance(found, datetime)
    assert stretch_text(found.start, found.end, PARIS, now).endswith("05:00, 8:00 h")
    assert read_moment("8 h ago", PARIS, datetime(2026, 10, 25, 6, tzinfo=PARIS)) == datetime(
        2026, 10, 24, 21, tzinfo=UTC
    )


@given(around_changes())
def test_a_day_begins_with_its_first_moment(place: tuple[ZoneInfo, datetime]) -> None:
    where, moment = place
    day = moment.astimezone(where).date()
    start = start_of_day(day, where)
    assert start <= moment
    assert start.astimezone(where).date() == day
    assert (start - timedelta(seconds=1)).astimezone(where).date() < day
    assert end_of_day(day, where) == start_of_day(day + timedelta(days=1), where)


def test_moments_are_compared_in_utc() -> None:
    first, second = (datetime(2026, 10, 25, 2, 30, tzinfo=PARIS, fold=fold) for fold in (0, 1))
    earlier = datetime(2026, 10, 25, 2, 10, tzinfo=PARIS, fold=1)
    assert is_after(second, first)
    assert not is_after(first, second)
    assert is_after(earlier, first)
    assert not is_after(first, first)


@pytest.mark.parametrize("where", PLACES, ids=str)
def test_a_midnight_of_utc_is_that_day_in_every_zone(where: ZoneInfo) -> None:
    for offset in range(0, 365, 7):
        day = date(2026, 1, 1) + timedelta(days=offset)
        assert day_of(midnight_utc(day), where) == day
        noon = at_clock(day, time(12, 1), where)
        assert day_of(noon, where) == day
    late = datetime(2026, 5, 31, 23, 59, tzinfo=where)
    assert day_of(late, where) == date(2026, 5, 31)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Europe/Berlin", "Europe/Paris", True),
        ("UTC", "Etc/UTC", True),
        ("Europe/Berlin", "Europe/London", False),
        ("Europe/Athens", "Africa/Cairo", False),
        ("Europe/Athens", "Asia/Jerusalem", False),
        ("America/New_York", "America/Toronto", True),
        ("Australia/Sydney", "Australia/Brisbane", False),
    ],
)
def test_clocks_are_the_same_where_they_are_so_on_every_day(
    one: str, other: str, same: bool
) -> None:
    assert same_clocks(ZoneInfo(one), ZoneInfo(other)) == same
    assert same_clocks(ZoneInfo(other), ZoneInfo(one)) == same


class Asked(tzinfo):
    """UTC, and how often it was asked."""

    times = 0

    def utcoffset(self, _when: datetime | None) -> timedelta:
        self.times += 1
        return timedelta()

    def dst(self, _when: datetime | None) -> timedelta:
        return timedelta()


def test_two_zones_are_compared_once_a_day() -> None:
    """Forms ask on the way of a key press."""
    one, other = Asked(), Asked()
    looked = []
    for _ in range(4):
        before = one.times
        assert same_clocks(one, other)
        looked.append(one.times > before)
    assert sum(looked[1:]) <= 1, "midnight comes once at most"
    assert looked[0]
