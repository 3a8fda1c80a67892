"""The timer's changes over the real service: taken back as far as it can, found, never doubled."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.deck import at_work
from tests.harness import EmbeddedServer
from tests.workspace.ways import Way
from tui.services.errors import OutcomeUnknown, Refused
from tui.store.changes import Change
from tui.workspace.changes.errors import Conflict, Waiting
from tui.workspace.changes.undoing import NoWayBack
from tui.workspace.workspace import Workspace

MONDAY = datetime(2026, 1, 5, 9, tzinfo=UTC)


@pytest.fixture
def server() -> Iterator[EmbeddedServer]:
    with EmbeddedServer(services=["trackmypeople"]) as running:
        yield running


async def running(workspace: Workspace) -> int | None:
    """The tracker that runs at the service."""
    return (await workspace.timers.overview()).value.running


def blocks(server: EmbeddedServer, where: str = "profile_id = 1") -> list[Any]:
    return server.context.database.read(f"SELECT * FROM trackmypeople_blocks WHERE {where}")


async def newest(workspace: Workspace) -> Change:
    (change,) = workspace.history.changes.newest(1)
    return change


async def start(workspace: Workspace, tracker: int) -> None:
    await workspace.timers.start((await workspace.timers.overview()).value, tracker)


async def stop(workspace: Workspace) -> None:
    await workspace.timers.stop((await workspace.timers.overview()).value)


async def test_start_switch_and_stop_are_taken_back_and_what_stays_is_said(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with at_work(server, tmp_path) as workspace:
        first = await running(workspace)
        assert first is not None
        await stop(workspace)
        await start(workspace, 5)
        await start(workspace, 6)
        count = len(blocks(server))
        for title, runs, words in (
            ("Switch to", 5, "the one since then stays"),
            ("Start", None, "The block that it began stays"),
            ("Stop", first, "a new one begins now"),
        ):
            plan = await workspace.history.undoing.next_undo()
            assert plan is not None
            assert plan.title.startswith(title)
            assert words in plan.inexact
            taken = await workspace.history.undo()
            assert taken is not None
            assert words in taken.news, "what it could not bring back is said"
            assert await running(workspace) == runs
        assert len(blocks(server)) == count + 2, "switching back and starting again begin blocks"
        # All of it once more, the latest of them first.
        for runs in (None, 5, 6):
            assert await workspace.history.redo() is not None
            assert await running(workspace) == runs


async def test_what_another_started_meanwhile_is_neither_stopped_nor_switched_unseen(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with at_work(server, tmp_path / "a") as mine, at_work(server, tmp_path / "b") as theirs:
        seen = (await mine.timers.overview()).value
        await start(theirs, 6)
        with pytest.raises(Conflict) as caught:
            await mine.timers.stop(seen, "words that are about something else")
        assert (caught.value.seen, caught.value.theirs) == (
            {"tracker_id": seen.running},
            {"tracker_id": 6},
        )
        with pytest.raises(Conflict):
            await mine.timers.start(seen, 7)
        assert await running(mine) == 6
        assert not blocks(server, "description LIKE 'words%'")
        asked: list[Conflict] = []

        async def take_mine(conflict: Conflict) -> Any:
            asked.append(conflict)
            return conflict.mine

        mine.history.sender.resolve = take_mine
        await mine.timers.start(seen, 7)
        assert await running(mine) == 7
        assert len(asked) == 1
        # The same on the way back.
        assert seen.running is not None
        await start(theirs, seen.running)
        mine.history.sender.resolve = None
        with pytest.raises(Conflict):
            await mine.history.undo()
        assert await running(mine) == seen.running


async def test_a_timer_that_somebody_stopped_already_is_refused_and_not_asked_about(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with at_work(server, tmp_path / "a") as mine, at_work(server, tmp_path / "b") as theirs:
        seen = (await mine.timers.overview()).value
        await stop(theirs)
        with pytest.raises(Refused):
            await mine.timers.stop(seen)


async def test_added_time_cannot_be_taken_back_and_why_is_said(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with at_work(server, tmp_path) as workspace:
        added = await workspace.timers.add(MONDAY, MONDAY + timedelta(hours=1), 5, "")
        with pytest.raises(NoWayBack, match=f"Block {added.id} stays.*own pages"):
            await workspace.history.undo()
        await workspace.timers.add_free(Decimal("7.5"), date(2026, 1, 6), 5, "")
        with pytest.raises(NoWayBack, match="can be edited"):
            await workspace.history.undo()


@pytest.mark.parametrize("what", ["start", "switch", "stop", "add", "addfree"])
@pytest.mark.parametrize("made", [True, False], ids=["made", "not made"])
async def test_one_that_is_not_known_is_found_where_it_was_made(
    server: EmbeddedServer, tmp_path: Path, way: Way, what: str, made: bool
) -> None:
    async with at_work(server, tmp_path) as workspace:
        if what == "start":
            await stop(workspace)
        overview = (await workspace.timers.overview()).value
        calls: dict[str, partial[Any]] = {
            "start": partial(workspace.timers.start, overview, 5),
            "switch": partial(workspace.timers.start, overview, 6),
            "stop": partial(workspace.timers.stop, overview),
            "add": partial(workspace.timers.add, MONDAY, MONDAY + timedelta(hours=2), 5, "rig"),
            "addfree": partial(workspace.timers.add_free, Decimal("7.5"), MONDAY.date(), 5, "ill"),
        }
        before = len(blocks(server))
        way.lose_answers_to = f"/{what}.json"
        with pytest.raises(OutcomeUnknown):
            await calls[what]()
        way.lose_answers_to = ""
        if not made:
            # As if it had been lost on the way there.
            _take_away(server, what, overview.running)
        unknown = await newest(workspace)
        assert unknown.state == "unknown"
        assert await workspace.history.outbox.look(unknown.id) is made
        settled = await newest(workspace)
        assert settled.state == ("done" if made else "unknown")
        if made:
            assert settled.was_made
        assert len(blocks(server)) == before + (made and what != "stop"), "nothing was sent again"


def _take_away(server: EmbeddedServer, what: str, ran: int | None) -> None:
    with server.context.database.write() as connection:
        if what == "stop":
            connection.execute(
                "UPDATE trackmypeople_blocks SET time_out = NULL WHERE id ="
                " (SELECT id FROM trackmypeople_blocks WHERE profile_id = 1 AND tracker_id = ?"
                " ORDER BY time_out DESC LIMIT 1)",
                (ran,),
            )
        else:
            connection.execute(
                "DELETE FROM trackmypeople_blocks WHERE id ="
                " (SELECT max(id) FROM trackmypeople_blocks WHERE profile_id = 1)"
            )


async def test_time_waits_for_the_service_and_is_added_once(
    server: EmbeddedServer, tmp_path: Path, way: Way
) -> None:
    async with at_work(server, tmp_path) as workspace:
        await workspace.timers.overview()
        way.open = False
        with pytest.raises(Waiting):
            await workspace.timers.add(MONDAY, MONDAY + timedelta(hours=2), 5, "rig")
        with pytest.raises(Waiting):
            await workspace.timers.add_free(Decimal(8), MONDAY.date() + timedelta(days=1), 5, "")
    async with at_work(server, tmp_path) as workspace:
        way.open = True
        assert await workspace.history.outbox.send_all() == 2
        assert await workspace.history.outbox.send_all() == 0
    assert len(blocks(server, "description = 'rig'")) == 1


async def test_free_time_of_no_day_does_not_wait_for_another_day(
    server: EmbeddedServer, tmp_path: Path, way: Way
) -> None:
    async with at_work(server, tmp_path) as workspace:
        client = await workspace.connections.trackmypeople()
        way.open = False
        with pytest.raises(Exception, match="reached") as caught:
            await workspace.history.write("Free", partial(client.addfree, Decimal(8)))
        assert not isinstance(caught.value, Waiting)
        assert await workspace.history.outbox.still_open() == []


async def test_an_overlap_that_is_found_later_is_kept_with_the_services_link(
    server: EmbeddedServer, tmp_path: Path, way: Way
) -> None:
    async with at_work(server, tmp_path) as workspace:
        await workspace.timers.add(MONDAY, MONDAY + timedelta(hours=2), 5, "there first")
        way.open = False
        with pytest.raises(Waiting):
            await workspace.timers.add(MONDAY, MONDAY + timedelta(hours=1), 6, "kept")
        way.open = True
        await workspace.history.outbox.send_all()
        kept = await newest(workspace)
        assert (kept.state, kept.held) == ("waiting", True)
        assert "overlap" in kept.reason
        assert server.url("") in kept.reason, "the page where the block in the way is edited"
        await workspace.history.outbox.send_all()
        assert len(blocks(server, "description = 'kept'")) == 0
        # A person may let it say something else, and send it.
        later = {"start": {"$moment": (MONDAY + timedelta(hours=2)).isoformat()}}
        later["stop"] = {"$moment": (MONDAY + timedelta(hours=3)).isoformat()}
        await workspace.history.outbox.change_arguments(kept.id, {**kept.arguments, **later})
        assert await workspace.history.outbox.send(kept.id)
        assert len(blocks(server, "description = 'kept'")) == 1
