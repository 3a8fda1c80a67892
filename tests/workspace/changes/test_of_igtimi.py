"""Igtimi's changes over the real service: taken back, made again, found, and why not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.deck import at_work
from tests.harness import EmbeddedServer
from tests.workspace.ways import Way
from tui.services.errors import OutcomeUnknown, ProtocolViolation, Refused
from tui.services.igtimi import Igtimi
from tui.services.igtimi.session_log import SessionName, Tombstone
from tui.services.igtimi.session_state import fold
from tui.services.transport import Transport
from tui.services.wire import Request, Response
from tui.store.changes import Change
from tui.workspace.changes.errors import Conflict, Waiting
from tui.workspace.changes.undoing import NoWayBack
from tui.workspace.sessions.sessions import Session
from tui.workspace.workspace import Workspace

DAY = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def server() -> Iterator[EmbeddedServer]:
    with EmbeddedServer(services=["igtimi"]) as running:
        yield running


@pytest.fixture
async def client(workspace: Workspace) -> Igtimi:
    return await workspace.connections.igtimi()


async def first(workspace: Workspace) -> Session:
    """The newest session of the sample that has a name."""
    found = (await workspace.sessions.sessions()).value.sessions
    return next(one for one in found if one.name)


async def name_of(client: Igtimi, session: Session) -> str | None:
    return fold((await client.session_logs.list(session.id)).entries).name


async def newest(workspace: Workspace) -> Change:
    (change,) = workspace.history.changes.newest(1)
    return change


async def test_entries_are_taken_back_one_action_at_a_time_after_a_restart(
    server: EmbeddedServer, tmp_path: Path, workspace: Workspace
) -> None:
    session = await first(workspace)
    names = [session.name, "Evening", "Night", "Evening"]
    for name in names[1:]:
        assert name is not None
        await workspace.sessions.rename(session, name)
    await workspace.close()
    async with at_work(server, tmp_path) as later:
        service = await later.connections.igtimi()
        for name in reversed(names[:-1]):
            await later.history.undo()
            assert await name_of(service, session) == name
        for name in names[1:]:
            await later.history.redo()
            assert await name_of(service, session) == name


async def test_entries_that_another_wrote_alike_are_nobodys_to_take_back(
    workspace: Workspace, client: Igtimi
) -> None:
    session = await first(workspace)
    await workspace.sessions.rename(session, "Evening")
    await client.session_logs.create(session.id, [SessionName(name="Evening")])
    count = len((await client.session_logs.list(session.id)).entries)
    with pytest.raises(Refused, match="nobody knows which entries are yours"):
        await workspace.history.undo()
    assert len((await client.session_logs.list(session.id)).entries) == count


async def test_what_was_taken_back_from_a_log_is_not_brought_back(
    workspace: Workspace, client: Igtimi
) -> None:
    session = await first(workspace)
    await workspace.sessions.rename(session, "Evening")
    entry = (await client.session_logs.list(session.id)).entries[-1].id
    await workspace.sessions.take_back(session, entry)
    with pytest.raises(NoWayBack, match="no way to bring back"):
        await workspace.history.undo()


async def test_a_session_and_its_log_are_one_step_there_and_back(
    workspace: Workspace, client: Igtimi
) -> None:
    made = await workspace.sessions.create("Tuesday", DAY, None, {"GA-EN-AAAA": "Kōtare"})
    await workspace.history.undo()
    assert made not in [one.id for one in await client.sessions.list()]
    await workspace.history.redo()
    again = [one for one in await client.sessions.list() if one.name == "Tuesday"]
    assert len(again) == 1
    state = fold((await client.session_logs.list(again[0].id)).entries)
    assert [one.name for one in state.boats] == ["Kōtare"]
    await workspace.history.undo()
    assert "Tuesday" not in [one.name for one in await client.sessions.list()]
    assert await workspace.history.undo() is None


async def test_undo_of_what_is_new_does_not_delete_what_others_put_on_it_unseen(
    workspace: Workspace, client: Igtimi
) -> None:
    made = await workspace.sessions.create("Tuesday", DAY, None, {"GA-EN-AAAA": "Kōtare"})
    await client.session_logs.create(made, [SessionName(name="Theirs")])
    with pytest.raises(Conflict) as caught:
        await workspace.history.undo()
    assert caught.value.theirs == {"further_entries": 1}
    assert made in [one.id for one in await client.sessions.list()]

    async def mine(conflict: Conflict) -> Any:
        return conflict.mine

    workspace.history.sender.resolve = mine
    await workspace.history.undo()
    assert made not in [one.id for one in await client.sessions.list()]
    workspace.history.sender.resolve = None
    group = await workspace.sessions.fleet.create_group("Juniors")
    await client.groups.make_public(group)
    with pytest.raises(Conflict) as caught:
        await workspace.history.undo()
    assert caught.value.theirs == {"members": ["everybody"]}
    await client.groups.make_private(group)
    await workspace.history.undo()
    assert group not in [one.id for one in await client.groups.list()]


async def test_a_session_that_is_made_without_a_network_comes_whole(
    server: EmbeddedServer, tmp_path: Path, workspace: Workspace, way: Way
) -> None:
    await workspace.sessions.sessions()
    way.open = False
    with pytest.raises(Waiting):
        await workspace.sessions.create("Tuesday", DAY, None, {"GA-EN-AAAA": "Kōtare"})
    await workspace.close()
    way.open = True
    async with at_work(server, tmp_path) as later:
        assert await later.history.outbox.send_all() == 2
        found = [
            one for one in (await later.sessions.sessions()).value.sessions if one.name == "Tuesday"
        ]
        assert len(found) == 1
        assert (await later.sessions.open(found[0])).state.start == DAY


async def test_what_was_so_before_is_not_taken_away_by_undo(
    workspace: Workspace, client: Igtimi
) -> None:
    made = await client.groups.create("Juniors")
    ana = next(one for one in await workspace.sessions.fleet.recipients() if "Ana" in one.name)

    async def is_in() -> bool:
        members = await client.group_members.list(made.id)
        return any(one.user is not None and one.user.id == ana.id for one in members)

    async def is_public() -> bool:
        return any(one.public for one in await client.group_members.list(made.id))

    async def write(method: Any, *arguments: Any, **named: Any) -> None:
        await workspace.history.write("x", partial(method, *arguments, **named))

    for so, do, back in (
        (is_in, partial(client.group_members.add, made.id, user_id=ana.id),
         partial(client.group_members.remove, made.id, user_id=ana.id)),
        (is_public, partial(client.groups.make_public, made.id),
         partial(client.groups.make_private, made.id)),
    ):  # fmt: skip
        assert not await so()
        await workspace.history.write("It is so", do)
        await workspace.history.undo()
        assert not await so(), "it was not before"
        await workspace.history.redo()
        await workspace.history.write("It is so again", do)
        with pytest.raises(NoWayBack, match="before, too"):
            await workspace.history.undo()
        assert await so(), "it was before, too"
        await workspace.history.write("It is not", back)
        await workspace.history.undo()
        assert await so()
        plan = await workspace.history.undoing.next_undo()
        assert plan is not None
        await workspace.history.undoing.pass_over(plan)
        await workspace.history.undo()
    await write(client.groups.grant_modify, made.id, user_id=ana.id)
    taken = await workspace.history.undo()
    assert taken is not None
    assert "did not tell" in taken.news


async def test_a_name_and_a_blob_are_put_back_and_not_written_over_unseen(
    workspace: Workspace, client: Igtimi
) -> None:
    fleet = workspace.sessions.fleet
    device = next(one for one in await fleet.devices() if one.name == "Gannet")
    await client.devices.update(device.serial_number, "Petrel")
    with pytest.raises(Conflict) as caught:
        await fleet.rename_device(device, "Tākapu")
    assert caught.value.theirs == {"name": "Petrel"}
    group = await client.groups.create("Juniors")
    save = partial(client.groups.save_blob, group.id)
    await workspace.history.write("Save", partial(save, "one"))
    with pytest.raises(NoWayBack, match="not there before"):
        await workspace.history.undo()
    await workspace.history.write("Save", partial(save, "two & more"))
    await workspace.history.undo()
    assert await client.groups.get_blob(group.id) == b"one"


async def test_a_device_is_given_up_by_undo_and_its_tag_is_not_kept(
    server: EmbeddedServer, workspace: Workspace, client: Igtimi
) -> None:
    made = await client.devices.create("GA", uid="spare", register=False)
    (row,) = server.context.database.read(
        "SELECT service_tag FROM igtimi_device WHERE serial = ?", (made.serial_number,)
    )
    await workspace.sessions.fleet.register(made.serial_number, row["service_tag"])
    assert row["service_tag"] not in str(await newest(workspace))
    await workspace.history.undo()
    assert made.serial_number not in [one.serial_number for one in await client.devices.list()]
    plan = await workspace.history.undoing.next_redo()
    assert plan is not None
    assert "secret" in plan.cannot


async def test_what_holds_a_secret_does_not_wait_behind_another(
    workspace: Workspace, client: Igtimi, way: Way
) -> None:
    way.lose_answers_to, way.methods = "/devices/GA-EN-AAAA", ("PUT",)
    with pytest.raises(OutcomeUnknown):
        await workspace.history.write("x", partial(client.devices.update, "GA-EN-AAAA", "Kea"))
    with pytest.raises(Refused, match="not settled; nothing was sent"):
        await workspace.sessions.fleet.register("GA-EN-AAAA", "TAGAA")
    assert [one.state for one in await workspace.history.outbox.still_open()] == ["unknown"]


CALLS: dict[str, Any] = {
    "log": lambda c: partial(c.session_logs.create, 1, [SessionName(name="Evening")]),
    "device": lambda c: partial(c.devices.update, "GA-EN-AAAA", "Tākapu"),
    "group": lambda c: partial(c.groups.create, "Juniors"),
    "member": lambda c: partial(c.group_members.add, 1, user_id=2),
    "public": lambda c: partial(c.groups.make_public, 1),
    "window": lambda c: partial(
        c.data_access_windows.create, "GA-EN-AAAA", start_time=DAY,
        end_time=DAY + timedelta(days=1), read=True, modify=False, group_id=1,
    ),
    "blob": lambda c: partial(c.devices.save_blob, "GA-EN-AAAA", "notes"),
}  # fmt: skip
PATHS = {
    "log": "/logs", "device": "/devices/GA-EN-AAAA", "group": "/groups", "member": "/members",
    "public": "/make_public", "window": "/data_access_windows", "blob": "/blob",
}  # fmt: skip


@pytest.mark.parametrize("what", list(CALLS))
async def test_one_that_is_not_known_is_found_where_it_was_made(
    workspace: Workspace, client: Igtimi, way: Way, what: str
) -> None:
    session = await first(workspace)
    group = next(one for one in await client.groups.list() if one.permissions.modify)
    ana = next(one for one in await client.users.list() if one.first_name == "Ana")
    call = CALLS[what](client)
    more: dict[str, dict[str, Any]] = {
        "log": {"args": (session.id, *call.args[1:])},
        "member": {"args": (group.id,), "keywords": {"user_id": ana.id}},
        "public": {"args": (group.id,)},
        "window": {"keywords": {**call.keywords, "group_id": group.id}},
    }
    replaced = more.get(what, {})
    call = partial(
        call.func, *replaced.get("args", call.args), **replaced.get("keywords", call.keywords)
    )
    way.lose_answers_to, way.methods = PATHS[what], ("POST", "PUT")
    with pytest.raises(OutcomeUnknown):
        await workspace.history.write("x", call)
    way.lose_answers_to = ""
    unknown = await newest(workspace)
    assert unknown.state == "unknown"
    assert await workspace.history.outbox.look(unknown.id)
    assert (await newest(workspace)).was_made


async def test_one_that_was_not_made_is_not_found(workspace: Workspace, client: Igtimi) -> None:
    session = await first(workspace)
    await workspace.sessions.rename(session, "Evening")
    change = await newest(workspace)
    last = (await client.session_logs.list(session.id)).entries[-1]
    await client.session_logs.create(session.id, [Tombstone(log_entry_id=last.id)])
    await workspace.history.sender.amend(change.id, "done", state="unknown", inverse=None)
    assert not await workspace.history.outbox.look(change.id)


async def test_a_session_of_which_nobody_knows_is_found_and_gets_its_name(
    workspace: Workspace, client: Igtimi, way: Way
) -> None:
    # One that had no name before is not taken for it.
    old = await client.sessions.create()
    await workspace.sessions.sessions()
    way.lose_answers_to, way.methods = "/sessions", ("POST",)
    with pytest.raises(OutcomeUnknown):
        await workspace.sessions.create("Tuesday", DAY, None, {})
    way.lose_answers_to = ""
    outbox = workspace.history.outbox
    unknown, log = await outbox.still_open()
    assert (unknown.state, log.state) == ("unknown", "waiting")
    assert await outbox.look(unknown.id)
    assert await outbox.send_all() == 1
    found = [one for one in await client.sessions.list() if one.name == "Tuesday"]
    assert [one.id for one in found] != [old.id]
    await workspace.history.undo()
    assert "Tuesday" not in [one.name for one in await client.sessions.list()]
    # Of two that are new nobody can tell.
    await workspace.sessions.sessions()
    way.lose_answers_to = "/sessions"
    with pytest.raises(OutcomeUnknown):
        await workspace.sessions.create("Wednesday", DAY, None, {})
    way.lose_answers_to = ""
    await client.sessions.create()
    assert not await outbox.look((await outbox.still_open())[0].id)


@pytest.mark.parametrize("what", ["session", "group", "device"])
async def test_what_was_taken_away_is_found_to_be_gone(
    workspace: Workspace, client: Igtimi, way: Way, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    serial = next(
        one.serial_number for one in await client.devices.list() if one.permissions.modify
    )
    call, path = {
        "session": lambda n: (partial(client.sessions.delete, n), f"/sessions/{n}"),
        "group": lambda n: (partial(client.groups.delete, n), f"/groups/{n}"),
        "device": lambda _n: (partial(client.devices.unregister, serial), "/unregister"),
    }[what]((await (client.groups.create("x") if what == "group" else client.sessions.create())).id)
    way.lose_answers_to, way.methods = path, ("DELETE",)
    with pytest.raises(OutcomeUnknown):
        await workspace.history.write("x", call)
    way.lose_answers_to = ""
    number, outbox = (await newest(workspace)).id, workspace.history.outbox
    if what != "device":
        send = Transport.send

        async def odd(self: Transport, request: Request) -> Response:
            answer = await send(self, request)
            content = json.loads(answer.content)
            content.setdefault(f"{what}s", []).append({what: {"id": "§"}})
            return Response(answer.status, answer.headers, json.dumps(content).encode(), answer.url)

        with monkeypatch.context() as here:
            here.setattr(Transport, "send", odd)
            is_gone = False
            with suppress(ProtocolViolation):  # where it is all that the list has
                is_gone = await outbox.look(number)
            assert not is_gone, "what could not be read may be it"
    assert await outbox.look(number)
