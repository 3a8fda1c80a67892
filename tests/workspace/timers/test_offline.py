"""Timers without the service: true times are kept, and nothing is ever added beside its block."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from tests.deck import at_work
from tests.harness import EmbeddedServer
from tests.workspace.ways import Way
from tui.services.errors import ConnectionFailed, Refused
from tui.workspace.changes.errors import Waiting
from tui.workspace.timers import timers as module
from tui.workspace.timers.overview import Overview
from tui.workspace.timers.periods import Span
from tui.workspace.timers.running import Running
from tui.workspace.workspace import Workspace


@pytest.fixture
def server() -> Iterator[EmbeddedServer]:
    with EmbeddedServer(services=["trackmypeople"]) as running:
        yield running


class Watch:
    """The clock by which starts and stops are timed here."""

    def __init__(self, begin: datetime) -> None:
        self.now = begin

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    """The time of this machine, two hours ago."""
    begin = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=2)
    found = Watch(begin)
    monkeypatch.setattr(module, "_this_second", found)
    return found


def blocks(server: EmbeddedServer) -> list[Any]:
    """The person's blocks at the service, in the order in which they were made."""
    return server.context.database.read(
        "SELECT * FROM trackmypeople_blocks WHERE profile_id = 1 ORDER BY id"
    )


def clear(server: EmbeddedServer) -> None:
    """The person has no blocks, and nothing runs."""
    with server.context.database.write() as connection:
        connection.execute("DELETE FROM trackmypeople_blocks WHERE profile_id = 1")


async def known(workspace: Workspace) -> Overview:
    """What a deck knows of the timer without asking anybody."""
    kept = await workspace.timers.kept()
    assert kept is not None
    return kept.value


async def test_a_block_that_begins_and_ends_here_is_added_with_its_true_times(
    server: EmbeddedServer, tmp_path: Path, way: Way, watch: Watch
) -> None:
    clear(server)
    async with at_work(server, tmp_path) as workspace:
        overview = (await workspace.timers.overview()).value
        way.open = False
        began = watch.now
        news = await workspace.timers.start(overview, 5)
        assert "began here" in news
        overview = await known(workspace)
        assert (overview.now, overview.since, overview.running) == (5, began, None)
    watch.now += timedelta(minutes=50)
    # Another deck, after a restart, knows of it too.
    async with at_work(server, tmp_path) as workspace:
        overview = await known(workspace)
        assert (overview.now, overview.since) == (5, began)
        assert "could not be added yet" in await workspace.timers.stop(overview, "rigging")
        assert (await known(workspace)).now is None
        assert await workspace.history.outbox.send_all() == 0
        way.open = True
        assert await workspace.history.outbox.send_all() == 1
        assert await workspace.history.outbox.send_all() == 0
    (added,) = blocks(server)
    assert (added["tracker_id"], added["description"]) == (5, "rigging")
    assert (added["time_in"], added["time_out"]) == (
        int(began.timestamp()), int(watch.now.timestamp()),
    )  # fmt: skip


async def test_what_began_here_is_never_sent_before_it_has_ended(
    server: EmbeddedServer, tmp_path: Path, way: Way, watch: Watch
) -> None:
    clear(server)
    async with at_work(server, tmp_path) as workspace:
        overview = (await workspace.timers.overview()).value
        way.open = False
        await workspace.timers.start(overview, 5)
        way.open = True
        assert await workspace.history.outbox.send_all() == 0
        overview = (await workspace.timers.overview()).value
        assert (overview.now, overview.running) == (5, None), "it runs on here"
        watch.now += timedelta(minutes=5)
        assert await workspace.timers.stop(overview) == "", "and is added at once"
    assert len(blocks(server)) == 1


async def test_undo_of_a_start_here_gives_it_up_and_redo_brings_it_back(
    server: EmbeddedServer, tmp_path: Path, way: Way, watch: Watch
) -> None:
    clear(server)
    async with at_work(server, tmp_path) as workspace:
        overview = (await workspace.timers.overview()).value
        way.open = False
        await workspace.timers.start(overview, 5)
        await workspace.history.undo()
        assert (await known(workspace)).now is None
        await workspace.history.redo()
        assert (await known(workspace)).since == watch.now
        way.open = True
        assert await workspace.history.outbox.send_all() == 0
    assert blocks(server) == []


async def test_each_undo_takes_back_what_was_done_last_and_the_block_runs_on(
    server: EmbeddedServer, tmp_path: Path, way: Way, watch: Watch
) -> None:
    clear(server)
    async with at_work(server, tmp_path) as workspace:
        history = workspace.history
        overview = (await workspace.timers.overview()).value
        way.open = False
        began = watch.now
        await workspace.timers.start(overview, 5)
        with pytest.raises(Waiting):
            await workspace.timers.add(began - timedelta(days=1), began, 6, "in between")
        watch.now += timedelta(minutes=20)
        await workspace.timers.start(await known(workspace), 7, "before 7")
        watch.now += timedelta(minutes=20)
        await workspace.timers.stop(await known(workspace), "last")

        async def runs() -> tuple[int | None, int]:
            found = await known(workspace)
            return found.now, len([one for one in found.offline.to_add if one.block.time_out])

        assert await runs() == (None, 3)
        steps = [(7, 2), (5, 1), (5, 0), (None, 0)]
        for step in steps:
            await history.undo()
            assert await runs() == step
        assert await history.undo() is None
        for step in [*reversed(steps[:-1]), (None, 3)]:
            await history.redo()
            assert await runs() == step
        way.open = True
        await history.outbox.send_all()
    found = [one["description"] for one in blocks(server)]
    assert sorted(found) == ["before 7", "in between", "last"]


async def test_who_is_killed_while_ending_a_block_has_not_ended_it(
    server: EmbeddedServer, tmp_path: Path, way: Way, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    clear(server)
    async with at_work(server, tmp_path) as workspace:
        overview = (await workspace.timers.overview()).value
        way.open = False
        await workspace.timers.start(overview, 5)
        began, watch.now = watch.now, watch.now + timedelta(minutes=5)
        overview = await known(workspace)

        async def killed(*_: object, **__: object) -> None:
            raise OSError(28, "No space left on device")

        with monkeypatch.context() as patched:
            patched.setattr(workspace.history, "keep", killed)
            with pytest.raises(OSError, match="No space"):
                await workspace.timers.stop(overview)
        overview = await known(workspace)
        assert (overview.now, overview.since) == (5, began)
        # What a person gives up stays given up.
        assert overview.offline.here is not None
        await workspace.timers.forget(overview.offline.here.change)
        for _ in range(2):
            assert (await known(workspace)).now is None


async def test_switching_here_ends_one_block_and_begins_another(
    server: EmbeddedServer, tmp_path: Path, way: Way, watch: Watch
) -> None:
    clear(server)
    async with at_work(server, tmp_path) as workspace:
        way.open = True
        overview = (await workspace.timers.overview()).value
        way.open = False
        await workspace.timers.start(overview, 5)
        for tracker in (6, 7):
            watch.now += timedelta(minutes=20)
            await workspace.timers.start(await known(workspace), tracker, f"before {tracker}")
        way.open = True
        watch.now += timedelta(minutes=20)
        overview = (await workspace.timers.overview()).value
        assert await workspace.timers.stop(overview, "last") == ""
    found = blocks(server)
    assert [(one["tracker_id"], one["description"]) for one in found] == [
        (5, "before 6"), (6, "before 7"), (7, "last"),
    ]  # fmt: skip
    assert [one["time_out"] - one["time_in"] for one in found] == [1200] * 3


async def test_what_the_service_had_running_goes_on_there_and_is_never_doubled(
    server: EmbeddedServer, tmp_path: Path, way: Way, watch: Watch
) -> None:
    async with at_work(server, tmp_path) as workspace:
        overview = (await workspace.timers.overview()).value
        assert overview.started_at is not None
        name, begun = overview.name(overview.running), overview.started_at
        watch.now = begun + timedelta(minutes=1)
        count = len(blocks(server))
        way.open = False
        news = await workspace.timers.stop(overview, "until then")
        assert news.startswith(f"{name} goes on at the service")
        assert "offered" in news
        overview = await known(workspace)
        assert overview.goes_on is not None
        assert overview.goes_on.stopped == watch.now
        await workspace.timers.stop(overview, "pressed twice")
        (noted,) = await workspace.history.outbox.still_open()
        with pytest.raises(Waiting):
            await workspace.history.outbox.send(noted.id)
        (noted,) = await workspace.history.outbox.still_open()
        assert noted.held, "a person's word is for one time"
        way.open = True
        way.sent.clear()
        assert await workspace.history.outbox.send_all() == 0, "nothing goes out by itself"
        assert way.sent == []
        overview = (await workspace.timers.overview()).value
        assert overview.goes_on is not None
        # Back online the stop is made, and where its end is corrected is told.
        news = await workspace.timers.stop(overview, overview.goes_on.description)
        (address,) = [word for word in news.split() if word.startswith("http")]
        assert server.url("") in address
        assert news.startswith(f"Correct its end to {watch.now:%H:%M}")
        assert await workspace.history.outbox.still_open() == []
        overview = (await workspace.timers.overview()).value
        assert (overview.running, overview.offline.there) == (None, None)
    found = blocks(server)
    assert len(found) == count, "nothing was added beside it"
    (ended,) = [one for one in found if one["description"] == "until then"]
    assert ended["time_in"] == int(begun.timestamp())


async def test_what_was_stopped_here_and_taken_away_there_is_added(
    server: EmbeddedServer, tmp_path: Path, way: Way, watch: Watch
) -> None:
    async with at_work(server, tmp_path) as workspace:
        overview = (await workspace.timers.overview()).value
        assert overview.started_at is not None
        watch.now = overview.started_at + timedelta(minutes=1)
        way.open = False
        await workspace.timers.stop(overview, "until then")
        way.open = True
        clear(server)
        overview = (await workspace.timers.overview()).value
        assert overview.goes_on is None
        there = overview.offline.there
        assert there is not None
        assert "was added" in await workspace.timers.correct(there)
    (added,) = blocks(server)
    assert added["time_out"] == int(watch.now.timestamp())


async def test_a_switch_here_lets_the_service_go_on_and_says_so(
    server: EmbeddedServer, tmp_path: Path, way: Way, watch: Watch
) -> None:
    async with at_work(server, tmp_path) as workspace:
        overview = (await workspace.timers.overview()).value
        assert overview.started_at is not None
        watch.now = overview.started_at + timedelta(minutes=1)
        way.open = False
        news = await workspace.timers.start(overview, 7, "before")
        assert "began here" in news
        assert "goes on at the service" in news
        overview = await known(workspace)
        assert (overview.now, overview.since) == (7, watch.now)
        assert overview.goes_on is not None
        way.open = True
        watch.now += timedelta(minutes=1)
        overview = (await workspace.timers.overview()).value
        # The service's own block is in the way: nothing is lost, and nothing added beside it.
        count = len(blocks(server))
        assert "overlap" in await workspace.timers.stop(overview, "kept")
        assert len(blocks(server)) == count
        (to_add,) = (await known(workspace)).offline.to_add
        assert to_add.block.description == "kept"
        assert "http" in to_add.why


async def test_somebody_who_started_another_timer_meanwhile_is_shown(
    server: EmbeddedServer, tmp_path: Path, way: Way, watch: Watch
) -> None:
    clear(server)
    async with at_work(server, tmp_path / "a") as mine, at_work(server, tmp_path / "b") as theirs:
        overview = (await mine.timers.overview()).value
        way.open = False
        await mine.timers.start(overview, 5)
        way.open = True
        await theirs.timers.start((await theirs.timers.overview()).value, 6)
        overview = (await mine.timers.overview()).value
        assert (overview.now, overview.running) == (5, 6), "both are told"
        here, since = overview.offline.here, overview.started_at
        assert here is not None
        assert since is not None
        # One of the ways to choose: mine ended where theirs began.
        assert await mine.timers.end_here(here, since) == ""
        overview = (await mine.timers.overview()).value
        assert (overview.now, overview.offline.here) == (6, None)
    first, second = sorted(blocks(server), key=lambda one: one["time_in"])
    assert (first["tracker_id"], second["tracker_id"]) == (5, 6)
    assert first["time_out"] == second["time_in"]


async def test_a_clock_that_was_set_back_loses_nothing(
    server: EmbeddedServer, tmp_path: Path, way: Way, watch: Watch
) -> None:
    clear(server)
    async with at_work(server, tmp_path) as workspace:
        overview = (await workspace.timers.overview()).value
        way.open = False
        await workspace.timers.start(overview, 5)
        began, watch.now = watch.now, watch.now - timedelta(hours=1)
        with pytest.raises(Refused, match="set back"):
            await workspace.timers.stop(await known(workspace))
        assert (await known(workspace)).since == began


async def test_status_and_today_know_what_runs_here(
    server: EmbeddedServer, tmp_path: Path, way: Way, watch: Watch
) -> None:
    clear(server)
    async with at_work(server, tmp_path) as workspace:
        overview = (await workspace.timers.overview()).value
        way.open = False
        news = await workspace.timers.start(overview, 5)
        assert "began here" in news
        kept = await workspace.timers.kept()
        assert kept is not None
        assert kept.value.now == 5
        name = overview.name(5)
        told = Running.read(workspace.locations.state / "status.json")
        assert told is not None
        assert (told.tracker, told.offline) == (name, True)
        assert told.started_at == watch.now.timestamp()
        assert "added later" in told.warning(watch.now, UTC)
        way.open = True
        operations = workspace.operations
        await operations.call(operations.find("trackmypeople.status"), {})
        assert Running.read(workspace.locations.state / "status.json") == told, "it runs on"
        way.open = False
        watch.now += timedelta(minutes=1)
        await workspace.timers.stop(await known(workspace))
        told = Running.read(workspace.locations.state / "status.json")
        assert told is not None
        assert not told.runs


async def test_what_waits_stands_in_the_days_list(
    server: EmbeddedServer, tmp_path: Path, way: Way, watch: Watch
) -> None:
    clear(server)
    day = watch.now.date()
    span = Span(day, day + timedelta(days=1))
    async with at_work(server, tmp_path) as workspace:
        overview = (await workspace.timers.overview()).value
        assert (await workspace.timers.report(span)).value.blocks == []
        way.open = False
        await workspace.timers.start(overview, 5)
        watch.now += timedelta(minutes=30)
        await workspace.timers.stop(await known(workspace), "rigging")
        with pytest.raises(ConnectionFailed):
            await workspace.timers.report(span)
        kept = await workspace.timers.kept_report(span)
        assert kept is not None
        (block,) = kept.value.blocks
        waits = kept.value.waits(block)
        assert (block.description, block.total) == ("rigging", 1800)
        assert waits is not None
        assert waits.why
        way.open = True
        await workspace.history.outbox.send_all()
        (block,) = (await workspace.timers.report(span)).value.blocks
        assert block.id > 0, "the service's own, and it alone"


async def test_times_here_are_the_same_moments_in_every_zone(
    server: EmbeddedServer, tmp_path: Path, way: Way, watch: Watch
) -> None:
    clear(server)
    watch.now = watch.now.astimezone(timezone(timedelta(hours=10)))
    async with at_work(server, tmp_path) as workspace:
        overview = (await workspace.timers.overview()).value
        way.open = False
        await workspace.timers.start(overview, 5)
        assert (await known(workspace)).since == watch.now


async def test_a_read_only_deck_begins_nothing_here(
    server: EmbeddedServer, tmp_path: Path, way: Way
) -> None:
    clear(server)
    async with at_work(server, tmp_path) as workspace:
        overview = (await workspace.timers.overview()).value
        workspace.history.read_only = True
        way.open = False
        with pytest.raises(Exception, match="read-only"):
            await workspace.timers.start(overview, 5)
        assert (await known(workspace)).now is None
