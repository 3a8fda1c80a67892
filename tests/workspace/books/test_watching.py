"""What others do is told within seconds, by polling and by the socket, to whoever watches."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TypeVar

import httpx
import pytest

from tests.deck import at_work, workspace_of
from tests.harness import EmbeddedServer
from tests.services.capture import Capture
from tests.services.timetonic.sample import client as timetonic
from tests.services.timetonic.sample import nok, ok
from tui.services.errors import AuthenticationFailed
from tui.workspace.books.books import Place, table_places
from tui.workspace.books.rows import TableRow
from tui.workspace.books.watching import (
    BookChanged,
    Change,
    MessageChanged,
    ReadChanged,
    RowsChanged,
    Watching,
    WatchState,
)
from tui.workspace.workspace import Workspace

PATIENCE = 30.0
C = TypeVar("C", bound=Change)


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedServer]:
    with EmbeddedServer(services=["timetonic"]) as running:
        yield running


@pytest.fixture(params=["poll", "socket"])
async def watcher(
    request: pytest.FixtureRequest,
    server: EmbeddedServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Workspace]:
    """The one who looks; asks often, so that nothing has to be waited for."""
    server.reset()
    monkeypatch.setattr("tui.workspace.books.watching.INTERVAL", 0.05)
    url = server.url("/timetonic/socket").replace("http:", "ws:")
    made = workspace_of(
        server, tmp_path / "one", timetonic__events=request.param, timetonic__socket_url=url
    )
    yield made
    await made.close()


@pytest.fixture
async def other(server: EmbeddedServer, tmp_path: Path) -> AsyncIterator[Workspace]:
    """The one who works, with a session of its own."""
    made = workspace_of(server, tmp_path / "two")
    yield made
    await made.close()


async def place_of(workspace: Workspace, book: str, table: str) -> Place:
    found = next(one for one in (await workspace.books.shelf()).value.books if one.b_c == book)
    places = table_places(found, (await workspace.books.tables(found)).value)
    return next(one for one in places if one.table.name == table)


class Heard:
    """All that was told so far, and what is waited for."""

    def __init__(self, watching: Watching) -> None:
        self.changes: list[Change] = []
        self._told = aiter(watching)

    async def until(self, kind: type[C], fits: Callable[[C], bool] = lambda _: True) -> C:
        """The next change of a kind that fits."""
        async with asyncio.timeout(PATIENCE):
            while True:
                change = await anext(self._told)
                self.changes.append(change)
                if isinstance(change, kind) and fits(change):
                    return change


@asynccontextmanager
async def heard(workspace: Workspace) -> AsyncIterator[tuple[Watching, Heard]]:
    """A watch that has begun: from here on nothing is missed."""
    async with workspace.books.watching() as watching:
        told = Heard(watching)
        state = await told.until(WatchState)
        wanted = "socket" if workspace.settings.timetonic.events == "socket" else "polling"
        assert state == WatchState(wanted)
        if wanted == "polling":
            # The present is the beginning once the first question is answered.
            client = await workspace.connections.timetonic()
            while watching._events._polling._stamp is None:  # type: ignore[union-attr]
                await client.get_user_info()
        yield watching, told


async def test_what_others_write_is_told(watcher: Workspace, other: Workspace) -> None:
    place = await place_of(watcher, "seabright-fleet", "Fleet maintenance")
    shown = (await watcher.books.rows.page(place)).value
    async with heard(watcher) as (watching, told):
        watching.look_at(place, shown.sstamp)
        theirs = await place_of(other, "seabright-fleet", "Fleet maintenance")
        values = (await other.books.rows.page(theirs)).value
        row, field = values.rows[2], values.fields[0]
        await other.books.rows.write_cell(theirs, values.fields, row, field, "Other name")

        def has_it(change: RowsChanged) -> bool:
            return any(one.id == row.id and one.name == "Other name" for one in change.rows)

        changed = await told.until(RowsChanged, has_it)
        assert not changed.whole
        assert [one.id for one in changed.rows] == [row.id]
        assert any(isinstance(one, BookChanged) for one in told.changes)
        gone: TableRow = values.rows[4]
        await other.books.rows.delete(theirs, values.fields, gone)
        deleted = await told.until(RowsChanged, lambda change: bool(change.deleted))
        assert deleted.deleted == (gone.id,)


async def test_messages_and_what_is_read_are_told(watcher: Workspace, other: Workspace) -> None:
    book = (await place_of(other, "seabright-fleet", "Boats")).book
    async with heard(watcher) as (_, told):
        smid = await other.books.talk.send(book, "Ahoy")
        message = await told.until(MessageChanged, lambda change: change.message.smid == smid)
        assert message.message.text == "Ahoy"
        await other.books.talk.mark_read(book, smid)
        read = await told.until(ReadChanged)
        assert read.book.last_read == smid
        assert read.book.unread == 0


async def test_off_is_off(server: EmbeddedServer, tmp_path: Path) -> None:
    workspace = workspace_of(server, tmp_path, timetonic__events="off")
    async with workspace.books.watching() as watching:
        assert [change async for change in watching] == []
    assert workspace.connections.last_operation("timetonic") == ""
    await workspace.close()


async def test_after_the_end_it_costs_nothing() -> None:
    there = ok(sstamp=5, allBooks={"books": [{"b_c": "a", "b_o": "demo", "sstamp": 5}]})
    said = ok(bookMessages=[])
    capture = Capture(lambda request: said if b"getBookMessages" in request.content else there)
    async with Watching(timetonic(capture), interval=0.01) as watching:
        told = Heard(watching)
        await told.until(BookChanged)
    asked, running = len(capture.requests), asyncio.all_tasks()
    for _ in range(200):
        await asyncio.sleep(0)
    assert len(capture.requests) == asked
    assert running == {asyncio.current_task()}


async def test_a_watch_that_is_cancelled_leaves_nobody_behind() -> None:
    begun = asyncio.Event()

    async def watch() -> None:
        async with Watching(timetonic(Capture(ok(sstamp=5, allBooks=[])))) as watching:
            async for _ in watching:
                begun.set()

    worker = asyncio.create_task(watch())
    await asyncio.wait_for(begun.wait(), PATIENCE)
    worker.cancel()
    with suppress(asyncio.CancelledError):
        await worker
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_a_service_that_does_not_answer_is_asked_ever_more_slowly(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        await asyncio.sleep(0)

    fine = ok(sstamp=5, allBooks=[])
    gone = httpx.ConnectError("gone")
    # Three rounds fail, each of three tries.
    capture = Capture(fine, fine, *[gone] * 9, fine)
    watching = Watching(timetonic(capture), interval=4.0)
    assert watching._events is not None
    watching._events._sleep = sleep
    async with watching:
        told = Heard(watching)
        assert await told.until(WatchState) == WatchState("polling")
        broken = await told.until(WatchState)
        assert broken.problem
        # It works again, and that is said.
        await told.until(WatchState, lambda state: not state.problem)
    assert waits[:4] == [4.0, 8.0, 16.0, 32.0]


async def test_a_question_goes_over_the_connection_of_the_one_before(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with at_work(server, tmp_path) as workspace:
        rests = (await workspace.connections.timetonic()).transport.limits.idle
        waits = asyncio.Event()
        asked: list[float] = []

        async def sleep(seconds: float) -> None:
            asked.append(seconds)
            waits.set()
            await asyncio.Event().wait()

        async with workspace.books.watching() as watching:
            assert watching._events is not None
            watching._events._sleep = sleep
            await asyncio.wait_for(waits.wait(), PATIENCE)
    # A busy machine may be late by as much.
    assert asked[0] + 0.5 <= rests


async def test_a_refused_account_ends_it() -> None:
    capture = Capture(nok("session expired", code="session_expired"))
    async with Watching(timetonic(capture), interval=0.01) as watching:
        told = Heard(watching)
        with pytest.raises(AuthenticationFailed):
            await told.until(RowsChanged)
