"""A profile in one zone and a person in another: the same moments on both sides of the wire."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.deck import workspace_of
from tests.harness import EmbeddedServer
from tests.workspace.timers.tallied import tally_of
from tests.workspace.times.changes import PLACES, around_changes, changes
from tui.embedded.trackmypeople import fields
from tui.services.trackmypeople.answers import Forms
from tui.workspace.timers.periods import Span
from tui.workspace.timers.reckoning.tally import by_day
from tui.workspace.timers.running import Running
from tui.workspace.times import at_clock, start_of_day

FORMAT = "%Y-%m-%d %H:%M:%S"
DAY = date(2026, 11, 26)


def stored(server: EmbeddedServer) -> list[tuple[int, int | None]]:
    """Beginning and end of every block of the person, in unix seconds."""
    rows = server.context.database.read(
        "SELECT time_in, time_out FROM trackmypeople_blocks WHERE profile_id = 1 ORDER BY id"
    )
    return [(row["time_in"], row["time_out"]) for row in rows]


@pytest.mark.parametrize("here", PLACES, ids=str)
@pytest.mark.parametrize("home", ["Pacific/Auckland", "America/New_York"])
@pytest.mark.parametrize("seeded", [True, False], ids=["people", "alone"])
async def test_wall_times_are_the_profiles_and_are_shown_in_the_decks_zone(
    here: ZoneInfo, home: str, seeded: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The zone of this machine is a third one.
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    with EmbeddedServer(services=["trackmypeople"], timezone=home, seeded=seeded) as server:
        workspace = workspace_of(
            server, tmp_path, trackmypeople__time_zone="profile", deck__time_zone=here.key
        )
        timers = workspace.timers
        start, end = (at_clock(DAY, time(hour, 15), here) for hour in (0, 5))
        if not seeded:
            added = await timers.add(start, end, 1, "night")
            assert (added.time_in, added.time_out) == (start, end)
            assert stored(server)[-1] == (int(start.timestamp()), int(end.timestamp()))
            report = (await timers.report(Span(DAY, DAY))).value
            sums = by_day(tally_of(report.blocks, here))
            assert {day: one.exact for day, one in sums.items()} == {DAY: 5 * 3600}
            await timers.add_free(Decimal(8), DAY + timedelta(days=1), 1, "")
            for day, count in (
                (DAY, 0),
                (DAY + timedelta(days=1), 1),
                (DAY + timedelta(days=2), 0),
            ):
                report = (await timers.report(Span(day, day))).value
                assert len([one for one in report.blocks if one.free]) == count, day
                told = [report.day(one, here) for one in report.blocks if one.free]
                assert told == [day] * count, "the day that was booked"
        else:
            overview = (await timers.overview()).value
            today = datetime.now(here).date()
            report = (await timers.report(Span(today - timedelta(days=1), today))).value
            (runs,) = [one for one in report.blocks if one.time_out is None]
            assert runs.time_in == overview.started_at, "one block, one time"
        other = await timers.other_zone()
        assert other == (None if home == here.key else ZoneInfo(home))
        await workspace.close()


@pytest.mark.parametrize("method", ["post", "get"])
async def test_an_hour_that_exists_twice_comes_back_as_it_was_added(
    tmp_path: Path, method: str
) -> None:
    with EmbeddedServer(
        services=["trackmypeople"], timezone="Europe/Brussels", seeded=False
    ) as server:
        workspace = workspace_of(
            server, tmp_path, trackmypeople__time_zone="profile",
            deck__time_zone="Europe/Brussels", trackmypeople__method=method,
        )  # fmt: skip
        timers = workspace.timers
        begin = datetime(2025, 10, 26, 0, 15, tzinfo=UTC)
        spans = [
            (begin + timedelta(minutes=at), begin + timedelta(minutes=at + 45))
            for at in (0, 45, 90)
        ]
        for start, end in spans:
            added = await timers.add(start, end, 1, "")
            assert (added.time_in, added.time_out) == (start, end)
        day = date(2025, 10, 26)
        blocks = (await timers.report(Span(day, day))).value.blocks
        assert [(one.time_in, one.time_out) for one in blocks] == spans
        assert stored(server) == [
            (int(start.timestamp()), int(end.timestamp())) for start, end in spans
        ]
        await workspace.close()


async def test_a_later_start_in_another_zone_shifts_nothing(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    told = []
    for where in ("America/New_York", "Asia/Kolkata"):
        with EmbeddedServer(data=data, timezone=where) as server:
            told.append(server.context.options.timezone)
            workspace = workspace_of(
                server, tmp_path / where, trackmypeople__time_zone="profile",
                deck__time_zone=where,
            )  # fmt: skip
            days = Span(date(2020, 1, 1), datetime.now(UTC).date() + timedelta(days=1))
            blocks = (await workspace.timers.report(days)).value.blocks
            told.append([one.time_in for one in blocks])
            await workspace.close()
    assert told[0] == told[2] == "America/New_York"
    assert told[1] == told[3]


@given(around_changes())
def test_a_moment_that_is_sent_arrives_as_it_was(place: tuple[ZoneInfo, datetime]) -> None:
    where, moment = place
    sent = {"start": Forms(FORMAT, where, 1).write(moment)}
    assert fields.moment(sent, "start", where) == int(moment.timestamp())


@given(around_changes(), st.integers(1, 86_400))
def test_a_block_that_is_told_in_wall_times_is_as_long_as_its_total(
    place: tuple[ZoneInfo, datetime], length: int
) -> None:
    where, start = place
    end = start + timedelta(seconds=length)
    wall = [one.astimezone(where).strftime(FORMAT) for one in (start, end)]
    forms = Forms(FORMAT, where, 1)
    found = forms.block({"TimeIn": wall[0], "TimeOut": wall[1], "Total": length}, "block")
    begin, stop = (datetime.fromisoformat(found[name]) for name in ("TimeIn", "TimeOut"))
    assert (stop - begin).total_seconds() == length
    assert [one.astimezone(where).strftime(FORMAT) for one in (begin, stop)] == wall


def test_the_embedded_service_refuses_hours_that_are_none_and_asks_which_of_two() -> None:
    for change in changes(True):
        wall = (change.wall + change.by / 2).replace(microsecond=0)
        with pytest.raises(fields.Refusal, match="does not exist"):
            fields.moment({"start": wall.strftime(FORMAT)}, "start", change.where)
        # As a day it begins with its first moment, whatever midnight does.
        day = change.moment.astimezone(change.where).date()
        begins = fields.moment({"start": day.isoformat()}, "start", change.where)
        assert begins == int(start_of_day(day, change.where).timestamp())
    for change in changes(False):
        wall = (change.wall + change.by / 2).replace(microsecond=0)
        with pytest.raises(fields.Refusal, match="exists twice") as asked:
            fields.moment({"start": wall.strftime(FORMAT)}, "start", change.where)
        ways = asked.value.error.partition(": send ")[2].rstrip(".").split(" or ")
        first, second = (fields.moment({"start": way}, "start", change.where) for way in ways)
        assert first is not None
        assert second is not None
        assert second - first == -change.by.total_seconds()


def test_todays_total_begins_with_the_day_in_every_zone() -> None:
    for change in changes(True)[:40] + changes(False)[:40]:
        day = change.moment.astimezone(change.where).date()
        begin = start_of_day(day, change.where)
        running = Running(as_of=begin.timestamp(), started_at=begin.timestamp(), day_total=0)
        assert running.today(begin + timedelta(hours=9), change.where) == 9 * 3600
        before = Running(as_of=begin.timestamp() - 1, started_at=begin.timestamp() - 1, day_total=1)
        assert before.today(begin + timedelta(hours=9), change.where) == 9 * 3600
