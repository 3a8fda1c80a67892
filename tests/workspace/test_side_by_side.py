"""Reads beside each other: one that fails is left out and said, and the others are there."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.deck import at_work
from tests.harness import EmbeddedServer
from tui.services.errors import (
    AuthenticationFailed,
    BrokenOff,
    ConnectionFailed,
    NotFound,
    PermissionDenied,
    ProtocolViolation,
    RateLimited,
    Refused,
    ServiceError,
    TimedOut,
    error_of_status,
)
from tui.services.timesheets.answers import pages
from tui.workspace.partial import collecting, sentences
from tui.workspace.side_by_side import each, is_about_one, perhaps


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedServer]:
    with EmbeddedServer() as running:
        yield running


ABOUT_ONE = [
    PermissionDenied("not yours"), NotFound("gone"), Refused("no"), ProtocolViolation("HTML"),
    BrokenOff("cut"), error_of_status(500), error_of_status(403),
]  # fmt: skip
ABOUT_ALL = [
    ConnectionFailed("no way"), TimedOut("late"), AuthenticationFailed("who?"),
    RateLimited("too many"), error_of_status(401), error_of_status(429),
]  # fmt: skip


async def halves(number: int, error: ServiceError, odd: set[int]) -> int:
    if number in odd:
        raise error
    return number // 2


@pytest.mark.parametrize("error", ABOUT_ONE, ids=repr)
async def test_one_that_cannot_be_read_costs_no_other_and_is_counted(error: ServiceError) -> None:
    assert is_about_one(error)
    with collecting() as left_out:
        found = await each(
            "books' events",
            [2, 4, 6],
            lambda one: halves(one, error, {4}),
            lambda one: f"No. {one}",
        )
        assert found == [1, 3]
        assert await perhaps("Names", lambda: halves(4, error, {4}), -1) == -1
        assert await perhaps("Names", lambda: halves(2, error, {4}), -1) == 1
    assert sentences(left_out) == [
        f"1 of 3 books' events could not be read: No. 4 ({error.message})",
        f"Names could not be read: {error.message}",
    ]


@pytest.mark.parametrize("error", ABOUT_ALL, ids=repr)
async def test_a_service_that_has_nothing_for_anybody_is_a_failure(error: ServiceError) -> None:
    assert not is_about_one(error)
    with collecting() as left_out:
        with pytest.raises(type(error)):
            await each("books", [2, 4, 6], lambda one: halves(one, error, {4}), str)
        with pytest.raises(type(error)):
            await perhaps("Names", lambda: halves(4, error, {4}), -1)
    assert left_out == []


async def test_none_of_them_and_nobody_who_counts_is_a_failure() -> None:
    error = PermissionDenied("not yours")
    with collecting(), pytest.raises(PermissionDenied):
        await each("books", [4, 6], lambda one: halves(one, error, {4, 6}), str)
    with pytest.raises(PermissionDenied):
        await each("books", [2, 4], lambda one: halves(one, error, {4}), str)
    with pytest.raises(PermissionDenied):
        await perhaps("Names", lambda: halves(4, error, {4}), -1)
    with collecting() as left_out:
        assert await each("books", [], lambda one: halves(one, error, set()), str) == []
    assert left_out == []


async def test_events_of_one_book_that_is_closed_to_me_hide_no_others(
    server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with at_work(server, tmp_path) as workspace:
        whole = (await workspace.today.part("events")).value.items
        closed = whole[0].key.partition("#")[0]
        client = await workspace.connections.timetonic()
        read = client.get_book_events

        async def refuse(book: str, **more: Any) -> Any:
            if book == closed.partition("/")[2]:
                raise PermissionDenied("not for you")
            return await read(book, **more)

        monkeypatch.setattr(client, "get_book_events", refuse)
        answer = await workspace.today.part("events")
        rest = [one for one in whole if not one.key.startswith(f"{closed}#")]
        assert 0 < len(rest) < len(whole)
        assert answer.value.items == rest
        assert [one.places for one in answer.left_out] == [(whole[0].detail,)]
        kept = await workspace.today.kept("events")
        assert kept is not None
        assert kept.left_out == answer.left_out, "what it lacks is kept with it"


async def test_a_device_is_seen_by_who_may_not_see_its_access(
    server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with at_work(server, tmp_path) as workspace:
        fleet = workspace.sessions.fleet
        device = next(one for one in await fleet.devices() if one.permissions.read)
        windows = (await workspace.connections.igtimi()).data_access_windows
        read = windows.list

        refused: set[str] = set()

        async def refuse(type: str, **more: Any) -> Any:
            if type in refused:
                raise PermissionDenied("not yours to modify")
            return await read(type=type, **more)

        monkeypatch.setattr(windows, "list", refuse)
        for kind, seen, said in (
            ("modify", True, "Access that modifies could not be read: not yours to modify"),
            ("read", False, "Who may see it could not be read: not yours to modify"),
        ):
            refused.add(kind)
            with collecting() as left_out:
                found = await fleet.look_at_device(device)
            assert found.stretches
            assert (found.access is not None) == seen, "not known is not nobody"
            assert sentences(left_out)[-1] == said


async def test_an_outage_takes_no_names_for_ever(
    server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with at_work(server, tmp_path) as workspace:
        fleet = workspace.sessions.fleet
        users = (await workspace.connections.igtimi()).users
        error: ServiceError = TimedOut("late")

        async def fail(**_: Any) -> Any:
            raise error

        with monkeypatch.context() as patch:
            patch.setattr(users, "list", fail)
            assert not (await fleet.people()).users
        assert (await fleet.people()).users, "asked for again"
        with monkeypatch.context() as patch:
            error = PermissionDenied("no")
            patch.setattr(users, "list", fail)
            assert not (await fleet.people(again=True)).users
        assert not (await fleet.people()).users, "who may not list users never may"


async def test_a_look_that_is_given_up_has_begun_no_reading_that_nobody_awaits(
    server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with at_work(server, tmp_path) as workspace:
        looks: list[asyncio.Task[Any]] = []
        asked = 0

        def given_up(*of: Any, **more: Any) -> Any:
            nonlocal asked
            asked += 1
            looks[0].cancel()
            return pages(*of, **more)

        # A warning of what was never awaited fails the test.
        monkeypatch.setattr("tui.workspace.office.office.pages", given_up)
        looks.append(asyncio.create_task(workspace.office.read()))
        with pytest.raises(asyncio.CancelledError):
            await looks[0]
        assert asked


async def test_who_may_not_see_others_enters_their_own_time_and_sees_the_office(
    server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(*_: Any, **__: Any) -> Any:
        raise PermissionDenied("managers only")

    async with at_work(server, tmp_path) as workspace:
        service = await workspace.connections.timesheets()
        monkeypatch.setattr(service.user, "search", refuse)
        me = await service.user.info()
        assert [one.id for one in await workspace.invoices.work.people()] == [me.id]
        office = await workspace.office.read()
        assert [one.id for one in office.value.users] == [me.id]
        assert office.value.rates
        assert sentences(office.left_out) == ["People could not be read: managers only"]
        monkeypatch.setattr(service.rate, "search", refuse)
        assert not (await workspace.office.read()).value.rates


async def test_the_invoices_of_every_client_are_owed_however_many_there_are(
    tmp_path: Path,
) -> None:
    with EmbeddedServer(services=["timesheets"]) as server:
        with server.context.database.write() as connection:
            template = dict(
                connection.execute("SELECT * FROM timesheets_clients LIMIT 1").fetchone()
            )
            names = [one for one in template if one != "id"]
            columns, marks = ", ".join(names), ", ".join(f":{one}" for one in names)
            for number in range(1000):
                last = connection.execute(
                    f"INSERT INTO timesheets_clients ({columns}) VALUES ({marks})",
                    {**template, "name": f"Client {number}"},
                ).lastrowid
            connection.execute(
                "UPDATE timesheets_invoices SET client_id = ?, status = 'new'", (last,)
            )
            (count,) = connection.execute("SELECT count(*) FROM timesheets_invoices").fetchone()
        async with at_work(server, tmp_path) as workspace:
            found = (await workspace.today.part("invoices")).value
        assert found.total == count
        assert {one.title for one in found.items} == {"Client 999"}
