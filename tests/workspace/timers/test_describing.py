"""What is said of a timer while it runs: kept here, sent with its stop, never lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deck import at_work, workspace_of
from tests.harness import EmbeddedServer
from tests.workspace.hours import unbooked
from tests.workspace.ways import Way
from tui.services.errors import Refused
from tui.workspace.timers.overview import MOST_CHARACTERS, Overview
from tui.workspace.timers.running import Running
from tui.workspace.workspace import Workspace


@pytest.fixture
def server() -> Iterator[EmbeddedServer]:
    with unbooked() as running:
        yield running


def words(server: EmbeddedServer) -> list[str]:
    """What the service has of its blocks, the oldest first."""
    rows = server.context.database.read("SELECT * FROM trackmypeople_blocks ORDER BY id")
    return [row["description"] or "" for row in rows]


def elsewhere(server: EmbeddedServer, function: str, **form: str) -> None:
    """A call of another program of the same person."""
    held = server.credentials
    pair = (held.trackmypeople_user, held.trackmypeople_password)
    answer = server.http("POST", f"/trackmypeople/api/{function}.json", form=form, basic=pair)
    assert int(answer.json()["result"]) == 1


async def now(workspace: Workspace) -> Overview:
    return (await workspace.timers.overview()).value


async def described(workspace: Workspace, text: str) -> Overview:
    await workspace.timers.describing.describe(await now(workspace), text)
    return await now(workspace)


def status(workspace: Workspace) -> str:
    """What a status bar would show of it."""
    told = Running.read(workspace.locations.state / "status.json")
    assert told is not None
    return told.description


async def test_what_is_said_of_it_already_is_no_change_that_waits(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with at_work(server, tmp_path) as workspace:
        await workspace.timers.start(await now(workspace), 5)
        assert (await described(workspace, "")).description == ""
        assert await workspace.history.outbox.still_open() == []
        await described(workspace, "panels")
        await described(workspace, " panels ")
        assert len(await workspace.history.outbox.still_open()) == 1
        assert (await described(workspace, "")).description == ""


async def test_it_survives_a_restart_and_goes_with_the_stop_and_the_switch(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with at_work(server, tmp_path) as workspace:
        await workspace.timers.start(await now(workspace), 5)
        overview = await described(workspace, "  panels \n in order ")
        assert (overview.description, status(workspace)) == ("panels in order", "panels in order")
        await workspace.stand.look()
        assert workspace.stand.now.waiting == 0, "that it waits for its stop is no news"
    async with at_work(server, tmp_path) as workspace:
        overview = (await workspace.timers.kept() or pytest.fail("nothing kept")).value
        assert overview.description == "panels in order"
        assert words(server) == [""], "no call is made before"
        await workspace.timers.start(overview, 11)
        assert (await now(workspace)).description == ""
        await described(workspace, "cut")
        await workspace.timers.stop(await now(workspace))
        assert words(server) == ["panels in order", "cut"]
        overview = await now(workspace)
        assert (overview.offline.said, status(workspace)) == (None, "")


async def test_undo_brings_back_what_was_said_before_and_redo_says_it_again(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with at_work(server, tmp_path) as workspace:
        history = workspace.history
        await workspace.timers.start(await now(workspace), 5)
        await described(workspace, "first")
        await described(workspace, "second")
        assert (await described(workspace, "")).description == "", "it may be left out again"
        for expected in ("second", "first", ""):
            taken = await history.undo()
            assert taken is not None
            assert taken.title == "Describe Booking form"
            assert (await now(workspace)).description == expected
        await history.redo()
        assert (await now(workspace)).description == "first"
        assert (await now(workspace)).running == 5, "nothing of it stopped the timer"
        await workspace.timers.stop(await now(workspace), "other words")
        assert words(server) == ["other words"]
        plan = await history.undoing.next_undo()
        assert plan is not None
        assert plan.title == "Stop Booking form", "what was sent is not undone apart"


async def test_who_sends_it_by_hand_stops_that_timer_and_no_other(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with at_work(server, tmp_path) as workspace:
        await workspace.timers.start(await now(workspace), 5)
        said = (await described(workspace, "panels")).said
        assert said is not None
        elsewhere(server, "switch", tracker_id="11")
        with pytest.raises(Exception, match="changed it meanwhile"):
            await workspace.history.outbox.send(said.change)
        assert (await now(workspace)).running == 11
        elsewhere(server, "switch", tracker_id="5")


async def test_where_it_was_stopped_elsewhere_the_words_are_left_for_a_choice(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with at_work(server, tmp_path) as workspace:
        timers = workspace.timers
        await timers.start(await now(workspace), 5)
        await described(workspace, "panels")
        elsewhere(server, "stop")
        overview = await now(workspace)
        assert overview.left is not None
        assert (overview.left.description, overview.left.name) == ("panels", "Booking form")
        server.clock.advance(seconds=60)
        elsewhere(server, "start", tracker_id="11")
        overview = await now(workspace)
        assert (overview.left is not None, overview.description) == (True, "")
        await timers.describing.use(overview)
        overview = await now(workspace)
        assert (overview.left, overview.description) == (None, "panels")
        elsewhere(server, "stop", description="panels")
        assert (await now(workspace)).offline.said is None, "the block has these words"
        await timers.start(await now(workspace), 5)
        await described(workspace, "more")
        elsewhere(server, "stop", description="others")
        assert (await now(workspace)).left is not None
        await timers.describing.forget()
        assert (await now(workspace)).left is None


async def test_a_block_that_was_given_another_beginning_keeps_its_words(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with at_work(server, tmp_path) as workspace:
        await workspace.timers.start(await now(workspace), 5)
        await described(workspace, "panels")
        with server.context.database.write() as connection:
            connection.execute("UPDATE trackmypeople_blocks SET time_in = time_in - 600")
        overview = await now(workspace)
        assert (overview.left, overview.description) == (None, "panels")


async def test_without_the_service_it_is_said_all_the_same(
    server: EmbeddedServer, tmp_path: Path, way: Way
) -> None:
    async with at_work(server, tmp_path) as workspace:
        timers = workspace.timers
        await timers.start(await now(workspace), 5)
        overview = await now(workspace)
        way.open = False
        await timers.describing.describe(overview, "panels")
        news = await timers.stop(await timers.as_now(overview))
        assert "goes on at the service" in news
        there = (await timers.as_now(overview)).offline.there
        assert there is not None
        assert there.description == "panels", "kept with the time that was meant"
        way.open = True
        await timers.stop(await now(workspace), "panels")
        assert words(server) == ["panels"]


async def test_what_cannot_be_kept_says_why(server: EmbeddedServer, tmp_path: Path) -> None:
    async with at_work(server, tmp_path) as workspace:
        with pytest.raises(Refused, match="nothing runs"):
            await workspace.timers.describing.describe(await now(workspace), "x")
        await workspace.timers.start(await now(workspace), 5)
        with pytest.raises(Refused, match=f"the service keeps {MOST_CHARACTERS}"):
            await described(workspace, "x" * (MOST_CHARACTERS + 1))
    other = workspace_of(server, tmp_path, deck__read_only="true")
    with pytest.raises(Exception, match="read-only"):
        await described(other, "x")
    await other.close()
