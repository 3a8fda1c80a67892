"""The use cases of Timers: what runs, the gap that is proposed, reports that are kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from tests.deck import workspace_of
from tests.harness import EmbeddedServer
from tests.workspace.timers.tallied import tally_of
from tui.services.errors import ConnectionFailed
from tui.services.trackmypeople import Block
from tui.workspace.timers.overview import begin_of
from tui.workspace.timers.periods import Span
from tui.workspace.timers.reckoning.tally import by_day, by_tracker, whole
from tui.workspace.timers.running import Running
from tui.workspace.timers.timers import Report, free_gap

NOW = datetime(2026, 3, 12, 14, 5, 30, tzinfo=UTC)
EAST = timezone(timedelta(hours=10))


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedServer]:
    with EmbeddedServer(services=["trackmypeople"]) as running:
        yield running


def block(start: str, stop: str | None, *, tracker: int = 1, free: bool = False) -> Block:
    begin = datetime.fromisoformat(start).replace(tzinfo=UTC)
    end = datetime.fromisoformat(stop).replace(tzinfo=UTC) if stop else None
    total = int((end - begin).total_seconds()) if end else None
    return Block(id=1, tracker_id=tracker, time_in=begin, time_out=end, total=total, free=free)


def running(**more: object) -> Running:
    known: dict[str, object] = {
        "as_of": NOW.timestamp(),
        "tracker": "Booking form",
        "started_at": NOW.timestamp() - 600,
        "day_total": 3600,
    }
    return Running(**{**known, **more})  # type: ignore[arg-type]


def test_a_block_that_does_not_say_when_it_began_comes_first() -> None:
    blocks = [block("2026-03-12 09:00:00", None), Block(id=2), block("2026-03-11 23:00:00", None)]
    assert [one.time_in for one in sorted(blocks, key=begin_of)] == [
        None, blocks[2].time_in, blocks[0].time_in,
    ]  # fmt: skip


def test_the_gap_begins_where_the_last_block_ended() -> None:
    blocks = [
        block("2026-03-12 08:00:00", "2026-03-12 11:20:15"),
        block("2026-03-12 06:00:00", "2026-03-12 07:00:00"),
    ]
    begin, end = free_gap(blocks, None, NOW, UTC)
    assert (begin, end) == (datetime(2026, 3, 12, 11, 20, 15, tzinfo=UTC), NOW)


def test_the_gap_ends_where_the_running_block_began() -> None:
    since = datetime(2026, 3, 12, 13, tzinfo=UTC)
    blocks = [
        block("2026-03-12 08:00:00", "2026-03-12 12:00:00"),
        block("2026-03-12 13:00:00", None),
    ]
    begin, end = free_gap(blocks, since, NOW, UTC)
    assert (begin.hour, end) == (12, since)


@pytest.mark.parametrize("since", [None, datetime(2026, 3, 12, 13, tzinfo=UTC)])
def test_a_block_that_ends_after_the_gap_does_not_begin_it(since: datetime | None) -> None:
    """One that was planned, or began before the running one and ended after its start."""
    edge = since or NOW
    past = block("2026-03-12 08:00:00", "2026-03-12 10:00:00")
    for beyond in (timedelta(seconds=1), timedelta(hours=3)):
        later = (edge + beyond).strftime("%Y-%m-%d %H:%M:%S")
        begin, end = free_gap([past, block("2026-03-12 12:00:00", later)], since, NOW, UTC)
        assert (begin.hour, end) == (10, edge)
    touching = block("2026-03-12 12:00:00", edge.strftime("%Y-%m-%d %H:%M:%S"))
    assert free_gap([past, touching], since, NOW, UTC) == (edge, edge), "there is none"
    midnight = block("2026-03-11 22:00:00", "2026-03-12 00:00:00")
    assert free_gap([midnight], since, NOW, UTC)[0] == datetime(2026, 3, 12, tzinfo=UTC)


def test_without_an_earlier_block_the_gap_begins_at_nine_or_an_hour_before() -> None:
    yesterday = block("2026-03-11 08:00:00", "2026-03-11 16:00:00")
    holiday = block("2026-03-12 08:00:00", "2026-03-12 12:00:00", free=True)
    begin, _ = free_gap([yesterday, holiday], None, NOW, UTC)
    assert (begin.hour, begin.day) == (9, 12)
    begin, end = free_gap([], None, NOW.replace(hour=7), UTC)
    assert end - begin == timedelta(hours=1)
    nine = datetime(2026, 3, 12, 9, tzinfo=UTC)
    assert free_gap([], None, nine, UTC) == (nine - timedelta(hours=1), nine)
    after = nine + timedelta(seconds=1)
    assert free_gap([], None, after, UTC) == (nine, after)


def test_sums_by_tracker_and_by_day_leave_free_time_out() -> None:
    report = Report(
        blocks=[
            block("2026-03-11 22:00:00", "2026-03-11 23:00:00", tracker=1),
            block("2026-03-12 08:00:00", "2026-03-12 11:00:00", tracker=2),
            block("2026-03-12 11:00:00", "2026-03-12 11:30:00", tracker=1),
            block("2026-03-12 12:00:00", "2026-03-12 20:00:00", tracker=1, free=True),
        ]
    )
    here, east = tally_of(report.blocks, UTC), tally_of(report.blocks, EAST)
    sums = [(tracker, one.exact) for tracker, one in by_tracker(here).items()]
    assert sums == [(2, 10800), (1, 5400)]
    days = [(day, one.exact) for day, one in by_day(here).items()]
    assert days == [(date(2026, 3, 11), 3600), (date(2026, 3, 12), 12600)]
    days = [(day, one.exact) for day, one in by_day(east).items()]
    assert days == [(date(2026, 3, 12), 16200)], "in the person's own days"
    assert (whole(here).exact, report.free) == (16200, 28800)


def test_todays_total_goes_on_while_a_timer_runs() -> None:
    later = NOW + timedelta(minutes=5)
    assert running().elapsed(later) == 900
    assert running().today(later, UTC) == 3900
    assert running(started_at=None, tracker="").today(later, UTC) == 3600


def test_a_total_that_cannot_hold_the_running_block_is_not_believed() -> None:
    """Whether daytotal counts the block that runs is not documented (reference page, 1.4)."""
    assert running(day_total=0).today(NOW, UTC) == 600
    assert running(day_total=None).today(NOW, UTC) == 600
    assert running(day_total=None, started_at=None).today(NOW, UTC) is None


def test_yesterdays_total_is_not_todays() -> None:
    tomorrow = NOW + timedelta(days=1)
    since_midnight = 14 * 3600 + 5 * 60 + 30
    assert running().today(tomorrow, UTC) == since_midnight, "it is cut at midnight"
    assert running(started_at=None).today(tomorrow, UTC) == 0


def test_a_forgotten_timer_is_said() -> None:
    assert running().warning(NOW, UTC) == ""
    assert "10:00 h" in running().warning(NOW + timedelta(hours=9, minutes=51), UTC)
    assert "past midnight, since Thu 13:55" in running().warning(NOW + timedelta(hours=11), UTC)
    east = running(started_at=NOW.replace(hour=13, minute=59).timestamp())
    assert "past midnight, since Thu 23:59" in east.warning(NOW, EAST)
    assert east.warning(NOW, UTC) == ""
    assert running(started_at=None).warning(NOW + timedelta(days=9), UTC) == ""


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b'"x"', b"{}", b'{"as_of": "x"}', b'{"as_of": 1, "tracker": 7}', b"\xff"],
)
def test_a_status_file_that_is_not_ours_is_no_status(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "status.json"
    file.write_bytes(content)
    assert Running.read(file) is None
    assert Running.read(tmp_path / "none") is None


async def test_the_overview_is_noted_for_the_status_bar(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    workspace = workspace_of(server, tmp_path)
    try:
        answer = await workspace.timers.overview()
        noted = Running.read(workspace.locations.state / "status.json")
        assert noted is not None
        assert noted == answer.value.told(answer.as_of)
        assert noted.tracker == answer.value.name(answer.value.running)
    finally:
        await workspace.close()


async def test_a_report_is_kept_for_when_nobody_answers(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    span = Span.of("month", datetime.now(UTC).date())
    workspace = workspace_of(server, tmp_path)
    try:
        read = await workspace.timers.report(span)
        assert read.value.blocks
    finally:
        await workspace.close()
    away = workspace_of(server, tmp_path)
    try:
        kept = await away.timers.kept_report(span)
        assert kept is not None
        assert (kept.value, kept.kept) == (read.value, True)
        assert await away.timers.kept_report(span, profile_id=7) is None
    finally:
        await away.close()


async def test_without_the_service_a_gap_is_proposed_all_the_same(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    workspace = workspace_of(server, tmp_path)
    try:
        overview = (await workspace.timers.overview()).value

        async def unreachable(*_: object, **__: object) -> None:
            raise ConnectionFailed("nobody answers")

        workspace.timers.report = unreachable  # type: ignore[assignment, method-assign]
        begin, end = await workspace.timers.gap(overview, datetime.now(UTC))
        assert begin < end
    finally:
        await workspace.close()
