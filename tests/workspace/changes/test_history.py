"""Changes over a real service: undone and redone exactly, nothing overwritten unseen, kept."""

from __future__ import annotations

import asyncio
import errno
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any
from weakref import finalize

import httpx
import pytest
from msgspec.structs import replace

from tests.deck import workspace_of
from tests.harness import EmbeddedServer
from tests.services.capture import Capture, Sample
from tests.workspace.changes.steps import deck
from tests.workspace.ways import Way
from tui.services.errors import (
    AuthenticationFailed,
    ConnectionFailed,
    InvalidArgument,
    NotFound,
    OutcomeUnknown,
    PermissionDenied,
    Refused,
)
from tui.store.changes import Changes
from tui.store.database import Database
from tui.workspace.changes.arguments import Told
from tui.workspace.changes.errors import Conflict, Gone, ReadOnly, Waiting
from tui.workspace.changes.history import Change, History
from tui.workspace.changes.plans import Plan
from tui.workspace.changes.undoing import ANOTHER, NoWayBack


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedServer]:
    with EmbeddedServer(services=["timesheets"]) as running:
        yield running


async def test_undo_and_redo_are_exact_and_survive_a_restart(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with deck(server, tmp_path) as desk:
        number = await desk.make("Heron")
        await desk.rename(await desk.service.client.info(number), "Egret", city="Delft")
    async with deck(server, tmp_path) as desk:
        taken = await desk.history.undo()
        assert taken is not None
        assert taken.title == "Change Heron"
        client = await desk.service.client.info(number)
        assert (client.name, client.city) == ("Heron", "")
    async with deck(server, tmp_path) as desk:
        again = await desk.history.redo()
        assert again is not None
        assert again.title == "Change Heron"
        client = await desk.service.client.info(number)
        assert (client.name, client.city) == ("Egret", "Delft")
        assert await desk.history.redo() is None
        await desk.history.undo()
        await desk.history.undo()
        with pytest.raises(Exception, match="client"):
            await desk.service.client.info(number)
        assert await desk.history.undo() is None


async def test_what_may_not_be_made_again_is_not(server: EmbeddedServer, tmp_path: Path) -> None:
    """Neither by a read-only deck nor where it held what is not kept."""
    async with deck(server, tmp_path) as desk:
        number = await desk.make("Heron")
        await desk.rename(await desk.service.client.info(number), "Egret")
        await desk.history.undo()
    reader = workspace_of(server, tmp_path, deck__read_only="true")
    try:
        undoing = reader.history.undoing
        back, again = await undoing.next_undo(), await undoing.next_redo()
        assert back is not None
        assert again is not None
        with pytest.raises(ReadOnly, match="nothing was undone"):
            await undoing.undo(back)
        with pytest.raises(ReadOnly, match="nothing was made again"):
            await undoing.redo(again)
    finally:
        await reader.close()
    async with deck(server, tmp_path) as desk:
        with pytest.raises(NoWayBack, match="Change Heron: It held a secret"):
            await desk.history.undoing.redo(Plan(again.changes, cannot="It held a secret."))
        assert await desk.name_of(number) == "Heron"
        assert await desk.states() == [
            ("New Heron", "done"), ("Change Heron", "undone"), ("Undo: Change Heron", "done"),
        ]  # fmt: skip
        await desk.history.redo()
        assert await desk.name_of(number) == "Egret"
        for _ in range(2):
            await desk.history.undo()


async def test_what_was_made_anew_keeps_its_later_changes(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    """A redo makes another record of another id; the changes of the old one mean that one."""
    async with deck(server, tmp_path) as desk:
        number = await desk.make("Heron")
        await desk.rename(await desk.service.client.info(number), "Egret")
        await desk.make("In between")
        for _ in range(3):
            await desk.history.undo()
        taken = [await desk.history.redo() for _ in range(3)]
        assert [one.title for one in taken if one] == [
            "New Heron",
            "Change Heron",
            "New In between",
        ]
        found = await desk.service.client.search(name="Egret")
        (client,) = [one for one in found.items if one.name == "Egret"]
        await desk.history.undo()
        await desk.history.undo()
        assert await desk.name_of(client.id) == "Heron"
        await desk.history.undo()
        assert [
            one
            for one in (await desk.service.client.search(limit=500)).items
            if one.id == client.id
        ] == []


async def test_a_colleagues_change_is_not_overwritten_unseen(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with deck(server, tmp_path / "a") as mine, deck(server, tmp_path / "b") as theirs:
        number = await mine.make("Heron")
        seen = await mine.service.client.info(number)
        await theirs.rename(seen, "Stork")
        with pytest.raises(Conflict) as caught:
            await mine.rename(seen, "Egret", city="Delft")
        conflict = caught.value
        assert (conflict.seen, conflict.theirs, conflict.mine) == (
            {"name": "Heron"}, {"name": "Stork"}, {"name": "Egret"},
        )  # fmt: skip
        assert await mine.name_of(number) == "Stork"

        async def both(asked: Conflict) -> dict[str, Any]:
            return {"name": f"{asked.theirs['name']} and {asked.mine['name']}"}

        mine.history.sender.resolve = both
        await mine.rename(seen, "Egret", city="Delft")
        client = await mine.service.client.info(number)
        assert (client.name, client.city) == ("Stork and Egret", "Delft")
        await mine.history.undo()
        assert await mine.name_of(number) == "Stork", "undo puts back what stood there"
        # Another field of the same record is nobody's conflict; the same value is none either.
        mine.history.sender.resolve = None
        await theirs.rename(await theirs.service.client.info(number), "Stork", notes="theirs")
        await mine.rename(replace(seen, name="Stork"), "Stork", city="Breda")
        await mine.rename(seen, "Stork")


async def test_undo_asks_where_somebody_changed_it_since(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with deck(server, tmp_path / "a") as mine, deck(server, tmp_path / "b") as theirs:
        number = await mine.make("Heron")
        await mine.rename(await mine.service.client.info(number), "Egret")
        await theirs.rename(await mine.service.client.info(number), "Stork")
        with pytest.raises(Conflict) as caught:
            await mine.history.undo()
        assert caught.value.undoing
        assert (caught.value.seen, caught.value.theirs) == ({"name": "Egret"}, {"name": "Stork"})

        async def leave(_: Conflict) -> None:
            return None

        mine.history.sender.resolve = leave
        with pytest.raises(Conflict):
            await mine.history.undo()
        assert await mine.name_of(number) == "Stork"
        plan = await mine.history.undoing.next_undo()
        assert plan is not None
        assert plan.title == "New Heron", "what a person left as it is steps aside"


async def test_redo_does_not_write_over_a_colleague_either(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with deck(server, tmp_path / "a") as mine, deck(server, tmp_path / "b") as theirs:
        number = await mine.make("Heron")
        await mine.rename(await mine.service.client.info(number), "Egret")
        await mine.history.undo()
        await theirs.rename(await mine.service.client.info(number), "Stork")
        with pytest.raises(Conflict):
            await mine.history.redo()
        assert await mine.name_of(number) == "Stork"


async def test_what_is_gone_is_said_and_undo_steps_aside(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with deck(server, tmp_path / "a") as mine, deck(server, tmp_path / "b") as theirs:
        kept = await mine.make("Kept")
        number = await mine.make("Heron")
        seen = await mine.service.client.info(number)
        await mine.rename(seen, "Egret")
        await theirs.service.client.delete(number)
        with pytest.raises(Gone):
            await mine.rename(replace(seen, name="Egret"), "Stork")
        with pytest.raises(Gone, match="not there any more"):
            await mine.history.undo()
        with pytest.raises(NotFound):
            await mine.history.undo()
        taken = await mine.history.undo()
        assert taken is not None
        assert taken.title == "New Kept"
        with pytest.raises(Exception, match="client"):
            await mine.service.client.info(kept)


async def test_an_undo_that_could_not_leave_is_not_said_to_be_on_its_way(
    server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with deck(server, tmp_path) as desk:
        await desk.make("Heron")
        clients, asked = desk.history.clients, 0
        whole = clients.of

        async def of(service: str) -> Any:
            nonlocal asked
            asked += 1
            if any(one.state == "sending" for one in desk.history.changes.still_open()):
                raise AuthenticationFailed("the session is over")
            return await whole(service)

        monkeypatch.setattr(clients, "of", of)
        with pytest.raises(AuthenticationFailed):
            await desk.history.undo()
        assert asked
        assert await desk.states() == [("New Heron", "done"), ("Undo: New Heron", "refused")]
        monkeypatch.undo()
        await desk.history.undo()


async def test_what_has_no_way_back_is_passed_over_by_a_word_only(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with deck(server, tmp_path) as desk:
        number = await desk.make("Heron")
        await desk.history.write("Delete Heron", partial(desk.service.client.delete, number))
        for _ in range(2):
            with pytest.raises(NoWayBack, match="no call brings that back"):
                await desk.history.undo()
        plan = await desk.history.undoing.next_undo()
        assert plan is not None
        await desk.history.undoing.pass_over(plan)
        plan = await desk.history.undoing.next_undo()
        assert plan is not None
        assert plan.title == "New Heron"


async def test_several_changes_are_one_action(server: EmbeddedServer, tmp_path: Path) -> None:
    async with deck(server, tmp_path) as desk:
        create, project = desk.service.client.create, desk.service.project.create
        client, made = await desk.history.write_all(
            "New client with a project",
            [partial(create, "Curlew"), partial(project, Told(0), "Sails")],  # type: ignore[arg-type]
        )
        assert (await desk.service.project.info(made.id)).client_id == client.id
        plan = await desk.history.undoing.next_undo()
        assert plan is not None
        assert plan.title == "New client with a project and 1 more change"
        told: list[int] = []
        await desk.history.undoing.undo(plan, told.append)
        assert told == [1, 2]
        with pytest.raises(Exception, match="client"):
            await desk.service.client.info(client.id)
        backs = [one for one in desk.history.changes.newest(50) if one.undoes]
        assert len(backs) == 2
        assert len({one.group for one in backs} - {""}) == 1, "what takes it back is one, too"
        await desk.history.redo()
        found = [
            one
            for one in (await desk.service.client.search(limit=500)).items
            if one.name == "Curlew"
        ]
        projects = (await desk.service.project.search(client_id=found[-1].id)).items
        assert [one.name for one in projects] == ["Sails"]
        await desk.history.undo()
        # What was made again is one action, too.
        with pytest.raises(Exception, match="client"):
            await desk.service.client.info(found[-1].id)
        assert await desk.history.undo() is None


async def test_a_refused_part_drops_those_behind_it(server: EmbeddedServer, tmp_path: Path) -> None:
    async with deck(server, tmp_path) as desk:
        with pytest.raises(Refused) as caught:
            await desk.history.write_all(
                "Three",
                [
                    partial(desk.service.client.create, "Heron"),
                    partial(desk.service.client.create, ""),
                    partial(desk.service.client.create, "Egret"),
                ],
            )
        assert caught.value.progress == "1 of 3 parts were made."
        assert [state for _, state in await desk.states()] == ["done", "refused", "dropped"]
        await desk.history.undo()


async def test_each_of_several_stands_for_itself_and_all_are_one_step(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with deck(server, tmp_path) as desk:
        create = desk.service.client.create
        calls = [partial(create, name) for name in ("Heron", "", "Egret")]
        noted: list[str] = []
        told: list[int] = []

        def note(begun: Sequence[Change]) -> None:
            noted.extend(one.state for one in begun)
            # A kill in between is to leave nothing that is sent later and that nobody knows of.
            assert not any(desk.history.changes.get(one.id) for one in begun)

        found = await desk.history.write_each("Three", calls, noted=note, told=told.append)
        assert noted == ["waiting"] * 3
        assert told == [1, 2, 3]
        assert [one.change.state for one in found] == ["done", "refused", "done"]
        assert isinstance(found[1].error, Refused)
        names = [await desk.name_of(one.change.answer["id"]) for one in (found[0], found[2])]
        assert names == ["Heron", "Egret"]
        await desk.history.undo()
        assert [state for _, state in await desk.states()][:3] == ["undone", "refused", "undone"]

        def full(_begun: Sequence[Change]) -> None:
            raise OSError(errno.ENOSPC, "no space left")

        before = await desk.states()
        with pytest.raises(OSError, match="no space"):
            await desk.history.write_each("Three", calls, noted=full)
        assert await desk.states() == before, "nothing was begun"


async def test_what_has_its_turn_coming_is_not_sent_by_the_pump_meanwhile(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with deck(server, tmp_path) as desk:
        names = [f"Teal {number}" for number in range(8)]
        rounds: list[asyncio.Task[int]] = []
        found = await desk.history.write_each(
            "Many",
            [partial(desk.service.client.create, name) for name in names],
            told=lambda _done: rounds.append(asyncio.create_task(desk.history.outbox.send_all())),
        )
        assert [one.change.state for one in found] == ["done"] * len(names)
        assert await asyncio.gather(*rounds) == [0] * len(names), "nobody else has sent one"


# -- without a network -----------------------------------------------------------------------------


async def test_what_cannot_leave_waits_and_goes_out_in_order(
    server: EmbeddedServer, tmp_path: Path, way: Way
) -> None:
    async with deck(server, tmp_path) as desk:
        number = await desk.make("Heron")
        seen = await desk.service.client.info(number)
        way.open = False
        with pytest.raises(Waiting) as caught:
            await desk.rename(seen, "Egret")
        assert caught.value.nothing_done
        with pytest.raises(Waiting):
            await desk.rename(replace(seen, name="Egret"), "Stork")
        with pytest.raises(Waiting):
            await desk.make("New meanwhile")
        assert await desk.history.outbox.send_all() == 0
    async with deck(server, tmp_path) as desk:
        way.open = True
        assert await desk.history.outbox.send_all() == 3
        assert await desk.name_of(number) == "Stork"
        assert await desk.history.outbox.still_open() == []
        for _ in range(3):
            await desk.history.undo()
        assert await desk.name_of(number) == "Heron"


async def test_each_of_several_waits_behind_what_cannot_leave_and_goes_out_once(
    server: EmbeddedServer, tmp_path: Path, way: Way
) -> None:
    async with deck(server, tmp_path) as desk:
        calls = [partial(desk.service.client.create, name) for name in ("Smew", "Scaup")]
        way.open = False
        found = await desk.history.write_each("Both", calls)
        assert [one.change.state for one in found] == ["waiting", "waiting"]
        assert all(isinstance(one.error, Waiting) for one in found)
    async with deck(server, tmp_path) as desk:
        way.open = True
        assert await desk.history.outbox.send_all() == 2
        assert await desk.history.outbox.send_all() == 0
        names = [one.name for one in (await desk.service.client.search(limit=500)).items]
        assert (names.count("Smew"), names.count("Scaup")) == (1, 1)
        await desk.history.undo()


async def test_what_is_changed_again_while_it_waits_is_no_conflict(
    server: EmbeddedServer, tmp_path: Path, way: Way
) -> None:
    """The person sees what will be; the service has what was, until the first one is sent."""
    async with deck(server, tmp_path) as desk:
        number = await desk.make("Heron")
        seen = await desk.service.client.info(number)
        way.open = False
        with pytest.raises(Waiting):
            await desk.rename(seen, "Egret")
        way.open = True
        with pytest.raises(Waiting, match="behind"):
            await desk.rename(replace(seen, name="Egret"), "Stork")
        assert await desk.history.outbox.send_all() == 2
        assert await desk.name_of(number) == "Stork"
        await desk.history.undo()
        assert await desk.name_of(number) == "Egret"


async def test_a_session_that_ended_turns_no_waiting_change_into_a_refused_one(
    server: EmbeddedServer, tmp_path: Path, way: Way,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    async with deck(server, tmp_path) as desk:
        way.open = False
        with pytest.raises(Waiting):
            await desk.make("Heron")
        way.open = True
        post = desk.service.post

        async def unknown_caller(call: str, /, **values: Any) -> Any:
            raise AuthenticationFailed("the session has ended")

        monkeypatch.setattr(desk.service, "post", unknown_caller)
        assert await desk.history.outbox.send_all() == 0
        (waiting,) = await desk.history.outbox.still_open()
        assert (waiting.state, waiting.reason) == ("waiting", "the session has ended")
        monkeypatch.setattr(desk.service, "post", post)
        assert await desk.history.outbox.send_all() == 1


async def test_undo_of_what_waits_is_not_sending_it(
    server: EmbeddedServer, tmp_path: Path, way: Way
) -> None:
    async with deck(server, tmp_path) as desk:
        number = await desk.make("Heron")
        seen = await desk.service.client.info(number)
        way.open = False
        with pytest.raises(Waiting):
            await desk.rename(seen, "Egret")
        taken = await desk.history.undo()
        assert taken is not None
        assert "not sent" in taken.news
        assert await desk.history.outbox.still_open() == []
        again = await desk.history.redo()
        assert again is not None
        way.open = True
        assert await desk.history.outbox.send_all() == 1
        assert await desk.name_of(number) == "Egret"


async def test_what_waited_asks_where_somebody_changed_it_meanwhile(
    server: EmbeddedServer, tmp_path: Path, way: Way
) -> None:
    async with deck(server, tmp_path / "a") as mine, deck(server, tmp_path / "b") as theirs:
        number = await mine.make("Heron")
        seen = await mine.service.client.info(number)
        way.open = False
        with pytest.raises(Waiting):
            await mine.rename(seen, "Egret")
        way.open = True
        await theirs.rename(seen, "Stork")
        assert await mine.history.outbox.send_all() == 0
        (held,) = await mine.history.outbox.still_open()
        assert (held.state, held.held, held.theirs) == ("waiting", True, {"name": "Stork"})
        assert await mine.history.outbox.send_all() == 0, "a person has to choose"
        assert await mine.history.outbox.send(held.id)
        assert await mine.name_of(number) == "Egret"
        await mine.history.undo()
        assert await mine.name_of(number) == "Stork"


async def test_what_the_service_refuses_later_is_kept_with_its_words(
    server: EmbeddedServer, tmp_path: Path, way: Way
) -> None:
    async with deck(server, tmp_path) as desk:
        way.open = False
        with pytest.raises(Waiting):
            await desk.make("")
        with pytest.raises(Waiting):
            await desk.make("Egret")
        way.open = True
        assert await desk.history.outbox.send_all() == 1, "one no holds up nobody else"
        assert [state for _, state in await desk.states()] == ["refused", "done"]
        await desk.history.undo()


async def test_what_this_version_does_not_know_is_not_sent_and_holds_up_nobody_else(
    server: EmbeddedServer, tmp_path: Path, way: Way
) -> None:
    """A newer version of the program has kept it: it went, and the pump with it."""
    async with deck(server, tmp_path) as desk:
        way.open = False
        with pytest.raises(Waiting):
            await desk.make("Heron")
        (waits,) = desk.history.changes.newest(1)
        desk.history.changes.begin(
            [replace(waits, id="newer", operation="timesheets.client.archive", title="Archive")]
        )
        with pytest.raises(Waiting):
            await desk.make("Egret")
        way.open = True
        assert await desk.history.outbox.send_all() == 2
        assert await desk.states() == [
            ("New Heron", "done"), ("Archive", "dropped"), ("New Egret", "done"),
        ]  # fmt: skip
        kept = desk.history.changes.get("newer")
        assert kept is not None
        assert "this version of tockdeck" in kept.reason


async def test_a_part_whose_earlier_part_is_refused_later_is_dropped_too(
    server: EmbeddedServer, tmp_path: Path, way: Way
) -> None:
    async with deck(server, tmp_path) as desk:
        create = desk.service.client.create
        way.open = False
        with pytest.raises(Waiting):
            await desk.history.write_all(
                "Three",
                [partial(create, "Before"), partial(create, ""), partial(create, "Behind")],
            )
        way.open = True
        assert await desk.history.outbox.send_all() == 1
        await desk.history.outbox.send_all()
        assert [state for _, state in await desk.states()] == ["done", "refused", "dropped"]
        assert await desk.history.outbox.still_open() == []


async def test_what_waits_is_held_changed_and_dropped(
    server: EmbeddedServer, tmp_path: Path, way: Way
) -> None:
    async with deck(server, tmp_path) as desk:
        outbox = desk.history.outbox
        way.open = False
        for name in ("One", "Two", "Three"):
            with pytest.raises(Waiting):
                await desk.make(name)
        one, two, three = await outbox.still_open()
        assert await outbox.hold(one.id)
        assert await outbox.change_arguments(two.id, {"name": "Other"})
        # What it is called says what it is now.
        assert (await outbox.still_open())[1].title == two.title.replace("Two", "Other")
        assert await outbox.drop(three.id)
        way.open = True
        assert await outbox.send_all() == 1
        assert [state for _, state in await desk.states()] == ["waiting", "done", "dropped"]
        names = {client.name for client in (await desk.service.client.search(limit=500)).items}
        assert "Other" in names
        assert not names & {"One", "Two", "Three"}
        assert await outbox.hold(one.id, held=False)
        assert await outbox.send_all() == 1
        assert not await outbox.drop(one.id), "it is made"


async def test_nothing_waits_for_another_account(
    server: EmbeddedServer, tmp_path: Path, way: Way
) -> None:
    async with deck(server, tmp_path) as desk:
        way.open = False
        with pytest.raises(Waiting):
            await desk.make("Private")
    workspace = workspace_of(server, tmp_path, timesheets__email="other@demo.example")
    try:
        way.open = True
        assert await workspace.history.outbox.send_all() == 0
        (waiting,) = await workspace.history.outbox.still_open()
        assert not await workspace.history.outbox.send(waiting.id)
        assert await workspace.history.undo() is None
        (same,) = await workspace.history.outbox.still_open()
        assert same.state == "waiting"
    finally:
        await workspace.close()


async def test_a_command_that_does_not_wait_says_that_nothing_was_sent(
    server: EmbeddedServer, tmp_path: Path, way: Way
) -> None:
    async with deck(server, tmp_path) as desk:
        desk.history.sender.waits = False
        way.open = False
        with pytest.raises(ConnectionFailed):
            await desk.make("Heron")
        assert [state for _, state in await desk.states()] == ["refused"]


# -- what nobody knows --------------------------------------------------------------------------


async def test_what_is_not_known_is_found_by_its_effect(
    server: EmbeddedServer, tmp_path: Path, answers: Callable[[bool], None]
) -> None:
    async with deck(server, tmp_path) as desk:
        number = await desk.make("Heron")
        answers(False)
        with pytest.raises(OutcomeUnknown):
            await desk.make("Bittern")
        with pytest.raises(OutcomeUnknown):
            await desk.rename(await desk.service.client.info(number), "Stork")
        with pytest.raises(NoWayBack, match="Nobody knows"):
            await desk.history.undo()
    async with deck(server, tmp_path) as desk:
        answers(True)
        assert await desk.history.outbox.recover() == []
        assert {state for _, state in await desk.states()} == {"done"}
        await desk.history.undo()
        assert await desk.name_of(number) == "Heron"
        await desk.history.undo()
        names = {client.name for client in (await desk.service.client.search(limit=500)).items}
        assert "Bittern" not in names, "its id was found as well"


async def test_what_is_not_found_stays_until_a_person_says(
    server: EmbeddedServer, tmp_path: Path, answers: Callable[[bool], None]
) -> None:
    async with deck(server, tmp_path) as desk:
        outbox = desk.history.outbox
        number = await desk.make("Heron")
        seen = await desk.service.client.info(number)
        answers(False)
        with pytest.raises(OutcomeUnknown):
            await desk.rename(seen, "Stork")
        answers(True)
        await desk.service.client.update(number, name="Heron")
        (unknown,) = await outbox.recover()
        assert not await outbox.look(unknown.id)
        assert "Look what the client's record says now" in outbox.look_at(unknown)
        assert await outbox.again(unknown.id)
        assert await desk.name_of(number) == "Stork"
        assert await outbox.still_open() == []


async def test_an_undo_whose_answer_is_lost_is_found_too(
    server: EmbeddedServer, tmp_path: Path, answers: Callable[[bool], None]
) -> None:
    async with deck(server, tmp_path) as desk:
        number = await desk.make("Heron")
        await desk.rename(await desk.service.client.info(number), "Egret")
        answers(False)
        with pytest.raises(OutcomeUnknown):
            await desk.history.undo()
        answers(True)
        assert await desk.history.outbox.recover() == []
        titles = dict(await desk.states())
        assert titles["Change Heron"] == "undone"
        await desk.history.redo()
        assert await desk.name_of(number) == "Egret"


# -- the rules of one write ------------------------------------------------------------------------


class Alone:
    """Connections to a client that a test made."""

    services = ("sample",)

    def __init__(self, *answers: Any) -> None:
        self.client = Sample(Capture(*(answers or ({},))).transport())

    def account(self, service: str) -> str:
        return f"{service}@test"

    async def of(self, service: str) -> Sample:
        return self.client


def alone(path: Path | None = None, *answers: Any, read_only: bool = False) -> History:
    changes = Changes(path)
    history = History(changes, Alone(*answers), read_only=read_only)
    finalize(history, changes.close)
    return history


def outcomes(history: History) -> list[str]:
    return [change.state for change in reversed(history.changes.newest(50))]


def making(history: History) -> partial[Any]:
    assert isinstance(history.clients, Alone)
    return partial(history.clients.client.make)


async def test_read_only_sends_nothing_and_notes_nothing() -> None:
    history = alone(read_only=True)
    with pytest.raises(ReadOnly):
        await history.write("Make", making(history))
    assert outcomes(history) == []


async def test_nothing_is_sent_when_it_cannot_be_noted(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    history = alone(tmp_path / "file" / "changes.db")
    with pytest.raises(OSError):
        await history.write("Make", making(history))
    assert isinstance(history.clients, Alone)
    assert history.clients.client.transport.last_operation == ""


async def test_only_the_services_own_no_is_a_no() -> None:
    history = alone(
        None,
        httpx.ReadError("cut off"),
        PermissionDenied("not yours"),
        InvalidArgument("there is nothing to add"),
    )
    told: list[str] = []
    history.on_change(told.append)
    with pytest.raises(OutcomeUnknown):
        await history.write("Make", making(history))
    with pytest.raises(PermissionDenied):
        await history.write("Make", making(history))
    # What is wrong in itself is not sent: no service has refused it.
    with pytest.raises(InvalidArgument):
        await history.write("Make", making(history))
    assert outcomes(history) == ["unknown", "refused", "dropped"]
    (latest,) = history.changes.newest(1)
    assert latest.reason == "Not sent: there is nothing to add"
    assert told[0] == "sample.make", "what shows it is read anew"


async def test_giving_up_on_the_way_leaves_it_open_and_says_what_to_look_at() -> None:
    sent = asyncio.Event()

    async def hang(_: httpx.Request) -> httpx.Response:
        sent.set()
        await asyncio.Event().wait()
        raise AssertionError

    history = alone()
    assert isinstance(history.clients, Alone)
    capture = Capture({})
    capture.handle = hang  # type: ignore[method-assign, assignment]
    history.clients.client = Sample(capture.transport())
    told: list[str] = []
    history.sender.told = told.append
    writing = asyncio.create_task(history.write("Make", making(history)))
    await sent.wait()
    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing
    assert outcomes(history) == ["unknown"]
    assert told[0].startswith("Make: given up on the way; it may have been done.")


async def test_giving_up_before_it_leaves_sends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    history = alone()
    begin, begun = history.changes.begin, threading.Event()
    go_on = threading.Event()

    def slow(changes: Any, **more: Any) -> Any:
        begun.set()
        go_on.wait()
        return begin(changes, **more)

    monkeypatch.setattr(history.changes, "begin", slow)
    writing = asyncio.create_task(history.write("Make", making(history)))
    await asyncio.to_thread(begun.wait)
    writing.cancel()
    await asyncio.sleep(0)
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await writing
    assert outcomes(history) == ["dropped"]


async def test_a_defect_on_the_way_leaves_nothing_as_being_sent() -> None:
    history = alone(None, RuntimeError("a defect"))
    with pytest.raises(RuntimeError):
        await history.write("Make", making(history))
    assert outcomes(history) == ["unknown"]


async def test_a_disk_that_fills_after_sending_fails_no_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    history = alone(tmp_path / "changes.db")
    told: list[str] = []
    history.sender.told = told.append
    write = Database.write

    def full(self: Any, work: Any, *, durable: bool) -> Any:
        if not durable:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(self, work, durable=durable)

    monkeypatch.setattr(Database, "write", full)
    await history.write("Make", making(history))
    assert told == [
        "Make: what became of it could not be noted (No space left on device); it was made."
    ]
    assert outcomes(history) == ["done"], "it is known here"


async def test_what_belongs_to_another_account_is_shown_and_not_taken_back(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with deck(server, tmp_path) as desk:
        undoing = desk.history.undoing
        await desk.make("Heron")
        [made] = await asyncio.to_thread(desk.history.changes.newest, 1)
        plan = await undoing.plan_of(replace(made, owner="timesheets@elsewhere"))
        assert (plan.cannot, plan.changes) == (ANOTHER, (made,)), "as it is kept now"
        await desk.history.undo()
        undone = await asyncio.to_thread(desk.history.changes.get, made.id)
        assert undone is not None
        assert undone.state == "undone"
        strange = replace(undone, owner="timesheets@elsewhere")
        plan = await undoing.plan_of(strange)
        assert (plan.cannot, plan.changes) == (ANOTHER, (strange,)), "never a plan about nothing"


async def test_a_way_back_that_is_forbidden_says_why_before_anything_is_tried(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with deck(server, tmp_path) as desk:
        number = await desk.make("Heron")
        plan = await desk.history.undoing.next_undo()
        assert plan is not None
        assert not plan.cannot
        desk.history.sender.guards["timesheets.client.delete"] = lambda given: (
            f"{given['client_id']} has an invoice."
        )
        plan = await desk.history.undoing.next_undo()
        assert plan is not None
        assert plan.cannot == f"{number} has an invoice."
        with pytest.raises(NoWayBack, match="has an invoice"):
            await desk.history.undoing.undo(plan)
        assert await desk.name_of(number) == "Heron"
