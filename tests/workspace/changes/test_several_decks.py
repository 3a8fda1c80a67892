"""Several decks of one person: what one does between two steps of the other is done once."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.deck import at_work
from tests.harness import EmbeddedServer
from tests.workspace.ways import Way
from tui.services.errors import Refused
from tui.services.timesheets import Timesheets
from tui.workspace.changes.errors import Waiting
from tui.workspace.workspace import Workspace


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedServer]:
    with EmbeddedServer(services=["timesheets"]) as running:
        yield running


async def make(deck: Workspace, name: str) -> int:
    service = await deck.connections.timesheets()
    return (await deck.history.write(f"New {name}", partial(service.client.create, name))).id


async def how_many(service: Timesheets, name: str) -> int:
    return sum(one.name == name for one in (await service.client.search(limit=500)).items)


async def states(deck: Workspace) -> list[str]:
    found = await asyncio.to_thread(deck.history.changes.newest, 20)
    return [one.state for one in reversed(found)]


def meanwhile(work: Callable[[], Any]) -> Callable[[], Any]:
    """What another deck does, while a thread of this one waits for it."""
    loop = asyncio.get_running_loop()
    return lambda: asyncio.run_coroutine_threadsafe(work(), loop).result()


@pytest.mark.parametrize("behind", [False, True])
async def test_what_another_deck_has_sent_waits_no_more(
    server: EmbeddedServer, tmp_path: Path, way: Way,
    monkeypatch: pytest.MonkeyPatch, behind: bool,
) -> None:  # fmt: skip
    async with at_work(server, tmp_path) as mine, at_work(server, tmp_path) as other:
        number = await make(mine, "Heron")
        service = await mine.connections.timesheets()
        rename = partial(service.client.update, number)
        way.open = False
        if behind:
            with pytest.raises(Waiting):
                await mine.history.write("First", partial(rename, name="Egret"))
        begin = mine.history.changes.begin
        send = meanwhile(other.history.outbox.send_all)
        sent: list[int] = []

        def begun_and_sent(*given: Any, **more: Any) -> Any:
            begun = begin(*given, **more)
            way.open = True
            sent.append(send())
            return begun

        monkeypatch.setattr(mine.history.changes, "begin", begun_and_sent)
        with pytest.raises(Waiting, match="another deck or command sends it"):
            await mine.history.write(
                "Change", partial(rename, name="Stork"), seen={"name": "Heron"}
            )
        assert sent == [1 + behind]
        assert await states(mine) == ["done"] * (2 + behind)
        assert await mine.history.outbox.send_all() == 0


async def test_a_part_that_another_deck_sends_is_made_once(
    server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with at_work(server, tmp_path) as mine, at_work(server, tmp_path) as other:
        service = await mine.connections.timesheets()
        claim = mine.history.changes.claim
        send = meanwhile(other.history.outbox.send_all)

        def too_late(*given: Any, **more: Any) -> Any:
            send()
            return claim(*given, **more)

        monkeypatch.setattr(mine.history.changes, "claim", too_late)
        parts = [partial(service.client.create, name) for name in ("Part one", "Part two")]
        with pytest.raises(Waiting, match="another deck or command sends it"):
            await mine.history.write_all("Both", parts, alike=True)
        assert await states(mine) == ["done", "done"]
        await mine.history.outbox.send_all()
        assert await how_many(service, "Part two") == 1


async def test_who_is_given_up_drops_nothing_that_another_deck_sends(
    server: EmbeddedServer, tmp_path: Path, way: Way,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    async with at_work(server, tmp_path) as mine, at_work(server, tmp_path) as other:
        service = await mine.connections.timesheets()
        way.open = False
        begin = mine.history.changes.begin
        send = meanwhile(other.history.outbox.send_all)
        loop = asyncio.get_running_loop()

        def begun_and_given_up(*given: Any, **more: Any) -> Any:
            begun = begin(*given, **more)
            way.open = True
            send()
            loop.call_soon_threadsafe(writing.cancel)
            return begun

        monkeypatch.setattr(mine.history.changes, "begin", begun_and_given_up)
        keep = mine.history.keep(
            "Later", partial(service.client.create, "Kept"), held=False, reason="later"
        )
        writing = asyncio.ensure_future(keep)
        with pytest.raises(asyncio.CancelledError):
            await writing
        assert await states(mine) == ["done"]


async def test_what_another_deck_took_back_meanwhile_is_not_taken_back_again(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    """As when both were asked whether they are sure."""
    async with at_work(server, tmp_path) as mine, at_work(server, tmp_path) as other:
        await make(mine, "Shared")
        service = await mine.connections.timesheets()
        plan = await mine.history.undoing.next_undo()
        assert plan is not None
        await other.history.undo()
        with pytest.raises(Refused, match="taken back meanwhile"):
            await mine.history.undoing.undo(plan)
        assert await states(mine) == ["undone", "done"]
        plan = await mine.history.undoing.next_redo()
        assert plan is not None
        await other.history.redo()
        with pytest.raises(Refused, match="made again meanwhile"):
            await mine.history.undoing.redo(plan)
        assert await how_many(service, "Shared") == 1


async def test_undo_waits_a_moment_for_what_is_being_sent(
    server: EmbeddedServer, tmp_path: Path, way: Way,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    seconds = "tui.workspace.changes.undoing.SENDING_SECONDS"
    async with at_work(server, tmp_path) as mine, at_work(server, tmp_path) as other:
        number = await make(mine, "Heron")
        service = await mine.connections.timesheets()
        way.open = False
        with pytest.raises(Waiting):
            await mine.history.write("Egret", partial(service.client.update, number, name="Egret"))
        [waiting] = await mine.history.outbox.still_open()
        changes = other.history.changes
        assert await asyncio.to_thread(changes.claim, waiting.id) is not None
        monkeypatch.setattr(seconds, 0.1)
        plan = await mine.history.undoing.next_undo_once_sent()
        assert plan is not None
        assert plan.cannot == "It is being sent just now.", "and that goes on"
        monkeypatch.setattr(seconds, 60.0)
        asked = asyncio.ensure_future(mine.history.undoing.next_undo_once_sent())
        await asyncio.to_thread(changes.amend, waiting.id, ["sending"], state="waiting")
        plan = await asked
        assert plan is not None
        assert not plan.cannot
        news = await mine.history.undoing.undo(plan)
        assert news == "It had not been sent yet, and is not sent any more."
        assert await states(mine) == ["done", "undone", "done"]


@pytest.mark.parametrize("seen", [None, {"name": "Heron"}], ids=["unseen", "seen"])
@pytest.mark.parametrize("begun_meanwhile", [False, True])
async def test_what_may_not_wait_is_never_there_for_another_deck_to_take(
    server: EmbeddedServer, tmp_path: Path, way: Way,
    monkeypatch: pytest.MonkeyPatch, seen: Any, begun_meanwhile: bool,
) -> None:  # fmt: skip
    """A command that stands behind a change of the same record is told that nothing was sent: that
    stays true, whatever a deck sends, takes back and makes again right after it was noted."""
    async with at_work(server, tmp_path) as command, at_work(server, tmp_path) as other:
        number = await make(other, "Heron")
        client = await command.connections.timesheets()
        rename = partial(client.client.update, number)
        command.history.sender.waits = False

        async def earlier() -> None:
            way.open = False
            with pytest.raises(Waiting):
                await other.history.write("Egret", partial(rename, name="Egret"))
            way.open = True

        async def all_that_is_open() -> None:
            for _ in range(2):
                await other.history.undo()
            for _ in range(2):
                await other.history.redo()
            await other.history.outbox.send_all()

        begin, before = command.history.changes.begin, meanwhile(earlier)
        after = meanwhile(all_that_is_open)

        def between(*given: Any, **more: Any) -> Any:
            if begun_meanwhile:
                before()
            begun = begin(*given, **more)
            after()
            return begun

        if not begun_meanwhile:
            await earlier()
        monkeypatch.setattr(command.history.changes, "begin", between)
        with pytest.raises(Refused, match="is not settled; nothing was sent"):
            await command.history.write("Kingfisher", partial(rename, name="Kingfisher"), seen=seen)
        found = await asyncio.to_thread(command.history.changes.newest, 20)
        (noted,) = [one for one in found if one.title == "Kingfisher"]
        assert noted.state == "dropped"
        await other.history.outbox.send_all()
        assert await how_many(client, "Kingfisher") == 0


async def test_what_was_kept_to_wait_is_said_to_wait_though_the_disk_is_full_by_then(
    server: EmbeddedServer, tmp_path: Path, way: Way,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Who were told that it failed would write it again, and it would be made twice."""
    async with at_work(server, tmp_path) as mine:
        number = await make(mine, "Plover")
        service = await mine.connections.timesheets()
        rename = partial(service.client.update, number)
        way.open = False
        with pytest.raises(Waiting):
            await mine.history.write("First", partial(rename, name="Ruff"))

        def full(*_given: Any, **_more: Any) -> Any:
            raise OSError(errno.ENOSPC, "no space")

        with monkeypatch.context() as patched:
            patched.setattr(mine.history.changes, "amend", full)
            with pytest.raises(Waiting, match="behind an earlier change"):
                await mine.history.write("Second", partial(rename, name="Dunlin"))
        assert await states(mine) == ["done", "waiting", "waiting"]
        way.open = True
        assert await mine.history.outbox.send_all() == 2
        assert await how_many(service, "Dunlin") == 1
