"""A wrong block and a forgotten timer: where it is edited, what became of it, what is said."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.deck import at_work, workspace_of
from tests.harness import EmbeddedServer
from tests.workspace.hours import unbooked
from tui.services.errors import NotFound, Refused
from tui.services.trackmypeople import Block
from tui.workspace.timers.overview import Overview
from tui.workspace.timers.running import LONG, Running
from tui.workspace.workspace import Workspace

NINE = datetime(2015, 3, 12, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def server() -> Iterator[EmbeddedServer]:
    with unbooked() as running:
        yield running


async def now(workspace: Workspace) -> Overview:
    return (await workspace.timers.overview()).value


def number_of_blocks(server: EmbeddedServer) -> int:
    return len(server.context.database.read("SELECT id FROM trackmypeople_blocks"))


async def test_the_service_is_asked_for_the_page_of_a_block_and_what_became_of_it_is_said(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with at_work(server, tmp_path) as workspace:
        mending = workspace.timers.mending
        block = await workspace.timers.add(NINE, NINE + HOUR, 5, "panels")
        overview = await now(workspace)
        address = await mending.address(block, overview)
        assert f"/block/edit/id/{block.id}" in address
        assert number_of_blocks(server) == 1, "asking adds nothing"
        plan = await workspace.history.undoing.next_undo()
        assert plan is not None
        assert plan.title == "Add time", "nor is there anything to undo"
        assert mending.words(block, await mending.now(block), overview) == ""
        with server.context.database.write() as connection:
            connection.execute(
                "UPDATE trackmypeople_blocks SET time_out = time_out - 1800, description = 'rig',"
                " tracker_id = 11"
            )
        became = mending.words(block, await mending.now(block), overview)
        assert became == (
            "Booking form Thu 12 Mar 2015 09:00 to 10:00 is of Cutting list, and is Thu 12 Mar 2015"
            " 09:00 to 09:30, 0:30 h, and says 'rig' now."
        )
        with server.context.database.write() as connection:
            connection.execute("UPDATE trackmypeople_blocks SET time_in = time_in - 86400 * 9")
        moved = await mending.now(block)
        assert moved is not None
        assert moved.time_in == NINE - timedelta(days=9), "it is looked for on other days, too"
        with server.context.database.write() as connection:
            connection.execute("DELETE FROM trackmypeople_blocks")
        words = mending.words(block, await mending.now(block), overview)
        assert words == "Booking form Thu 12 Mar 2015 09:00 to 10:00 is gone."
        with pytest.raises(NotFound, match="gone"):
            await mending.address(block, overview)
        assert number_of_blocks(server) == 0, "what is gone does not come back by asking"
        with pytest.raises(Refused, match="does not have this block yet"):
            await mending.address(Block(id=-1, tracker_id=5, time_in=NINE), overview)


async def test_the_page_of_what_runs_is_asked_for_too_and_a_setting_names_it_without(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with at_work(server, tmp_path) as workspace:
        await workspace.timers.start(await now(workspace), 5)
        overview = await now(workspace)
        assert overview.since is not None
        block = await workspace.timers.mending.begun(5, overview.since)
        assert block is not None
        with pytest.raises(Refused, match="too short for its page"):
            await workspace.timers.mending.address(block, overview)
        with server.context.database.write() as connection:
            connection.execute("UPDATE trackmypeople_blocks SET time_in = time_in - 600")
        overview = await now(workspace)
        assert f"/block/edit/id/{block.id}" in await workspace.timers.mending.address(
            block, overview
        )
        assert number_of_blocks(server) == 1
    more = {"deck__read_only": "true", "trackmypeople__edit_page": "https://t.example/b/{id}?x"}
    other = workspace_of(server, tmp_path, **more)
    address = await other.timers.mending.address(block, overview)
    assert address == f"https://t.example/b/{block.id}?x"
    await other.close()


async def test_that_nobody_was_here_is_noted_once_and_kept(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with at_work(server, tmp_path) as workspace:
        mending = workspace.timers.mending
        await workspace.timers.start(await now(workspace), 5)
        overview = await now(workspace)
        since = overview.since
        assert since is not None
        half = timedelta(minutes=30)
        left, came = since + half, since + 2 * half
        assert await mending.was_away(overview, left, came - timedelta(seconds=1)) == ""
        assert await mending.was_away(overview, since - HOUR, since + half / 2) == ""
        assert "ran on while nobody was here" in await mending.was_away(overview, left, came)
        overview = await now(workspace)
        assert "nobody was here" in mending.odd(overview), "a status bar and another deck know it"
        assert await mending.was_away(overview, came, came + half / 3 * 2) == ""
        await mending.keep(overview)
        known = Running.read(workspace.locations.state / "status.json")
        assert known is not None
        assert known.kept_at is not None
        await workspace.timers.stop(await now(workspace))
        await workspace.timers.start(await now(workspace), 5)
        told = (await now(workspace)).told(datetime.now(UTC))
        assert told.away_from is None or since == (await now(workspace)).since


@given(
    began=st.integers(0, 60 * 48),
    away=st.one_of(st.none(), st.tuples(st.integers(0, 600), st.integers(30, 600))),
    kept=st.one_of(st.none(), st.integers(-100, 2000)),
    hours=st.integers(1, 40),
)
def test_what_is_odd_is_said_until_it_is_kept_and_never_otherwise(
    began: int, away: tuple[int, int] | None, kept: int | None, hours: int
) -> None:
    """Minutes; the reasons are those that arose after the person's word."""
    start = datetime(2015, 3, 12, tzinfo=UTC) + timedelta(minutes=began)
    at = start + timedelta(minutes=700)
    long = timedelta(hours=hours)
    left = None if away is None else (start + timedelta(minutes=away[0])).timestamp()
    came = None if away is None or left is None else left + away[1] * 60
    said = None if kept is None else (start + timedelta(minutes=kept)).timestamp()
    running = Running(
        at.timestamp(), "x", start.timestamp(), 0, away_from=left, away_until=came, kept_at=said
    )
    midnight = at.replace(hour=0, minute=0)
    arose = [came or 0.0]
    arose += [midnight.timestamp()] if start < midnight else []
    arose += [(start + long).timestamp()] if start + long < at else []
    assert bool(running.odd(at, UTC, long)) == any(one > (said or 0.0) for one in arose)
    assert (running.warning(at, UTC, long) != "") == (running.odd(at, UTC, long) != "")


def test_which_reason_is_said_first() -> None:
    running = Running(NINE.timestamp(), "x", (NINE - 11 * HOUR).timestamp(), 0)
    assert running.odd(NINE, UTC) == "runs past midnight, since Wed 22:00"
    assert running.odd(NINE - 11 * HOUR + timedelta(minutes=1), UTC) == ""
    early = Running(NINE.timestamp(), "x", (NINE - 9 * HOUR).timestamp(), 0)
    assert early.odd(NINE + HOUR, UTC, LONG) == ""
    assert early.odd(NINE + 2 * HOUR, UTC) == "runs for more than 10:00 h"
