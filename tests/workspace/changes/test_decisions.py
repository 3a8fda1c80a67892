"""Small decisions about changes: what may wait, what steps aside, what is old, what is found."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, cast

import pytest

from tests.harness import EmbeddedServer
from tests.workspace.changes.steps import deck
from tests.workspace.ways import Way
from tui.services.errors import (
    AuthenticationFailed,
    ConnectionFailed,
    NotFound,
    NotNow,
    OutcomeUnknown,
    RateLimited,
    Refused,
    ServiceError,
)
from tui.store.changes import Change, Changes
from tui.workspace.changes.errors import Conflict, Waiting
from tui.workspace.changes.plans import OLD, Plan
from tui.workspace.changes.sending import Clients, Sender
from tui.workspace.changes.undoing import steps_aside


def change(**more: Any) -> Change:
    values: dict[str, Any] = {
        "id": secrets.token_hex(6),
        "sequence": 0,
        "time": datetime.now(UTC),
        "owner": "a@home",
        "operation": "timesheets.client.update",
        "title": "Change",
        **more,
    }
    return Change(**values)


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedServer]:
    with EmbeddedServer(services=["timesheets"]) as running:
        yield running


@pytest.mark.parametrize(
    ("error", "asked", "aside"),
    [
        (OutcomeUnknown("nobody knows"), False, True),
        (Refused("no"), False, True),
        (ConnectionFailed("no way"), False, False),
        (RateLimited("later"), False, False),
        (NotNow("locked"), False, False),
        (AuthenticationFailed("who?"), False, False),
        (Conflict("both", seen={}, theirs={}, mine={}), False, False),
        (Conflict("both", seen={}, theirs={}, mine={}), True, True),
    ],
)
def test_what_cannot_be_taken_back_steps_aside_where_trying_again_helps_nobody(
    error: ServiceError, asked: bool, aside: bool
) -> None:
    assert steps_aside(error, asked=asked) is aside


def test_a_change_is_old_by_ten_minutes_also_where_the_clock_was_set_back() -> None:
    now = datetime(2026, 1, 5, 9, tzinfo=UTC)
    for away, old in ((OLD, False), (OLD + timedelta(seconds=1), True), (timedelta(0), False)):
        for time in (now - away, now + away):
            assert Plan((change(time=time),)).is_old(now) is old


def test_when_it_was_taken_back_is_when_the_last_of_it_was_settled() -> None:
    time = datetime(2026, 1, 5, 9, tzinfo=UTC)
    parts = [change(time=time, settled=time + timedelta(minutes=late)) for late in (5, 2)]
    assert Plan(tuple(parts)).taken_back == (time + timedelta(minutes=5)).timestamp()
    assert Plan((change(time=time),)).taken_back == time.timestamp(), "not settled at all"


@pytest.mark.parametrize(
    ("more", "waits"),
    [
        ({}, True),
        ({"hidden": ("password",)}, False),
        ({"undoes": "a"}, False),
        ({"redoes": "a"}, False),
    ],
)
def test_what_was_left_out_or_is_wanted_now_does_not_wait(
    more: dict[str, Any], waits: bool
) -> None:
    with closing(Changes(None)) as changes:
        sender = Sender(changes, cast(Clients, None))
        assert sender.may_wait(change(**more), ConnectionFailed("no way")) is waits
        assert not sender.may_wait(change(**more), Refused("no"))
        sender.waits = False
        assert not sender.may_wait(change(**more), ConnectionFailed("no way"))


async def test_what_the_service_refused_is_refused_and_not_unknown(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with deck(server, tmp_path) as desk:
        call = partial(desk.service.client.update, 987_654, name="Heron")
        with pytest.raises(NotFound):
            await desk.history.write("Change nobody", call)
        assert await desk.states() == [("Change nobody", "refused")]


async def test_several_changes_that_do_not_count_are_passed_over(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with deck(server, tmp_path) as desk:
        await desk.make("Heron")
        owner = desk.workspace.connections.account("timesheets")
        for _ in range(3):
            login = change(operation="timesheets.login", owner=owner, state="done")
            await asyncio.to_thread(desk.history.changes.begin, [login])
        plan = await desk.history.undoing.next_undo()
        assert plan is not None
        assert plan.title == "New Heron"
        await desk.history.undo()


async def test_only_what_waits_for_that_service_is_sent(
    server: EmbeddedServer, tmp_path: Path, way: Way
) -> None:
    async with deck(server, tmp_path) as desk:
        way.open = False
        with pytest.raises(Waiting):
            await desk.make("Heron")
        way.open = True
        assert await desk.history.outbox.send_all("igtimi") == 0
        assert await desk.history.outbox.send_all("timesheets") == 1
        await desk.history.undo()


async def test_looking_for_what_is_settled_says_whether_it_was_made(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with deck(server, tmp_path) as desk:
        await desk.make("Heron")
        (made,) = await asyncio.to_thread(desk.history.changes.newest, 1)
        assert await desk.history.outbox.look(made.id)
        await desk.history.undo()
        call = partial(desk.service.client.update, 987_654, name="Heron")
        with pytest.raises(NotFound):
            await desk.history.write("Change nobody", call)
        (refused,) = await asyncio.to_thread(desk.history.changes.newest, 1)
        assert not await desk.history.outbox.look(refused.id)
        assert not await desk.history.outbox.look("nothing")


async def test_what_the_throttle_keeps_from_looking_waits(
    server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with deck(server, tmp_path) as desk:
        number = await desk.make("Heron")
        seen, post = await desk.service.client.info(number), desk.service.post

        async def throttled(call: str, /, **values: Any) -> Any:
            raise RateLimited("120 calls an hour", wait=30)

        monkeypatch.setattr(desk.service, "post", throttled)
        with pytest.raises(Waiting) as caught:
            await desk.rename(seen, "Egret")
        assert caught.value.wait == 30
        monkeypatch.setattr(desk.service, "post", post)
        assert await desk.history.outbox.send_all() == 1
        assert await desk.name_of(number) == "Egret"
