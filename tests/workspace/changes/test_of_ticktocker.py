"""Following and submitting over the real service: turned over once, waiting for the throttle."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from tests.harness import EmbeddedServer
from tests.workspace.ways import Way
from tui.services.errors import OutcomeUnknown
from tui.services.ticktocker import Tock
from tui.store.changes import Change
from tui.workspace.changes.errors import AlreadySo, Waiting
from tui.workspace.changes.undoing import NoWayBack
from tui.workspace.tocks.feeds import community
from tui.workspace.workspace import Workspace

SOON = datetime.now(UTC).replace(microsecond=0) + timedelta(days=2)


@pytest.fixture
def server() -> Iterator[EmbeddedServer]:
    with EmbeddedServer(services=["ticktocker"]) as running:
        yield running


async def stranger(workspace: Workspace) -> Tock:
    """A tock of somebody who is not followed."""
    stream = await workspace.tocks.read(community("upcoming"))
    return next(one for one in stream.tocks if not one.author_followed and one.author != "demo")


def follows(server: EmbeddedServer) -> int:
    (row,) = server.context.database.read("SELECT count(*) AS many FROM ticktocker_follows")
    return int(row["many"])


async def newest(workspace: Workspace) -> Change:
    (change,) = workspace.history.changes.newest(1)
    return change


async def test_follow_is_undone_and_made_again(
    server: EmbeddedServer, workspace: Workspace
) -> None:
    before = follows(server)
    await workspace.tocks.follow(await stranger(workspace))
    for count in (before, before + 1, before):
        if count == before:
            await workspace.history.undo()
        else:
            await workspace.history.redo()
        assert follows(server) == count


async def test_made_again_it_does_not_turn_back_what_is_so(
    server: EmbeddedServer, workspace: Workspace
) -> None:
    before = follows(server)
    tock = await stranger(workspace)
    await workspace.tocks.follow(tock)
    await workspace.history.undo()
    await (await workspace.connections.ticktocker()).follow(tock.author_url)
    with pytest.raises(AlreadySo):
        await workspace.history.redo()
    assert follows(server) == before + 1


async def test_without_calls_left_it_waits_and_is_sent_once(
    server: EmbeddedServer, workspace: Workspace
) -> None:
    before = follows(server)
    tock = await stranger(workspace)
    throttle = (await workspace.connections.ticktocker()).throttle
    await throttle.correct(0)
    with pytest.raises(Waiting) as caught:
        await workspace.tocks.follow(tock)
    assert caught.value.wait == pytest.approx(30, abs=1)
    values = {"title": "Signal flags", "eventstart": SOON}
    with pytest.raises(Waiting):
        await workspace.tocks.submit(values)
    assert await workspace.history.outbox.send_all() == 0, "still none"
    assert follows(server) == before
    await throttle.correct(100)
    assert await workspace.history.outbox.send_all() == 2
    assert await workspace.history.outbox.send_all() == 0
    assert follows(server) == before + 1
    kept = await workspace.tocks.kept(community("upcoming"))
    assert kept is not None
    same = [one for one in kept.tocks if one.author_url == tock.author_url]
    assert all(one.author_followed for one in same), "what was sent later is shown, too"


async def test_one_that_waited_is_not_sent_where_it_is_so_by_then(
    server: EmbeddedServer, workspace: Workspace, way: Way
) -> None:
    tock = await stranger(workspace)
    client = await workspace.connections.ticktocker()
    way.open = False
    with pytest.raises(Waiting):
        await workspace.tocks.follow(tock)
    way.open = True
    await client.follow(tock.author_url)
    follows_it = follows(server)
    await workspace.history.outbox.send_all()
    assert follows(server) == follows_it
    settled = await newest(workspace)
    assert settled.state == "refused"
    assert "so already" in settled.reason


@pytest.mark.parametrize("made", [True, False], ids=["made", "not made"])
async def test_one_that_is_not_known_is_found_where_it_was_made(
    server: EmbeddedServer, workspace: Workspace, way: Way, made: bool
) -> None:
    tock = await stranger(workspace)
    client = await workspace.connections.ticktocker()
    way.lose_answers_to = f"/follow/{tock.author_url}"
    with pytest.raises(OutcomeUnknown):
        await workspace.tocks.follow(tock)
    way.lose_answers_to = "/submit"
    with pytest.raises(OutcomeUnknown):
        await workspace.tocks.submit({"title": "Signal flags", "eventstart": SOON})
    way.lose_answers_to = ""
    submitted, followed = workspace.history.changes.newest(2)
    if not made:
        await client.follow(tock.author_url)
        with server.context.database.write() as connection:
            connection.execute("DELETE FROM ticktocker_tocks WHERE title = 'Signal flags'")
    assert await workspace.history.outbox.look(submitted.id) is made
    assert await workspace.history.outbox.look(followed.id) is made
    if made:
        found = workspace.history.changes.get(submitted.id)
        assert found is not None
        assert (await client.tock(found.answer["short_url"])).title == "Signal flags"


async def test_a_tock_cannot_be_taken_back_and_why_is_said(workspace: Workspace) -> None:
    await workspace.tocks.submit({"title": "Signal flags", "eventstart": SOON})
    with pytest.raises(NoWayBack, match="no call that changes a tock"):
        await workspace.history.undo()


async def test_from_the_console_it_knows_what_it_turned_over(
    server: EmbeddedServer, workspace: Workspace
) -> None:
    before = follows(server)
    tock = await stranger(workspace)
    client = await workspace.connections.ticktocker()
    await workspace.history.write("Follow a user", partial(client.follow, tock.author_url))
    assert follows(server) == before + 1
    await workspace.history.undo()
    assert follows(server) == before
