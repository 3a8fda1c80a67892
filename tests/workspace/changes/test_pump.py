"""What waits is sent by itself: at the start, after an answer, ever more seldom; else it sleeps."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import httpx
import pytest

from tests.deck import workspace_of
from tests.harness import EmbeddedServer
from tui.services.timesheets import Timesheets
from tui.workspace.changes.errors import Waiting
from tui.workspace.changes.outbox import Round
from tui.workspace.changes.pump import LATEST, SOONEST, Pump
from tui.workspace.workspace import Workspace


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedServer]:
    with EmbeddedServer(services=["timesheets"]) as running:
        yield running


class Way:
    """The way to the service, which a test closes; how often it was tried meanwhile."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.open = True
        self.tries = 0
        whole = httpx.AsyncHTTPTransport.handle_async_request

        async def handle(
            transport: httpx.AsyncHTTPTransport, request: httpx.Request
        ) -> httpx.Response:
            if not self.open:
                self.tries += 1
                raise httpx.ConnectError("no network", request=request)
            return await whole(transport, request)

        monkeypatch.setattr(httpx.AsyncHTTPTransport, "handle_async_request", handle)


@pytest.fixture
def way(monkeypatch: pytest.MonkeyPatch) -> Way:
    return Way(monkeypatch)


class Naps:
    """Sleep that lasts until a test ends it."""

    def __init__(self) -> None:
        self.lengths: list[float] = []
        self._end = asyncio.Event()
        self._begun = asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        self.lengths.append(seconds)
        self._end.clear()
        self._begun.set()
        await self._end.wait()

    async def asleep(self) -> None:
        """Until it sleeps, once more than before."""
        await asyncio.wait_for(self._begun.wait(), 20)
        self._begun.clear()

    def end(self) -> None:
        self._end.set()


@asynccontextmanager
async def pumping(
    server: EmbeddedServer, folder: Path, naps: Naps
) -> AsyncIterator[tuple[Workspace, Timesheets, Pump]]:
    workspace = workspace_of(server, folder)
    pump = Pump(workspace.history, sleep=naps.sleep)
    workspace.reads.answered = pump.answered
    try:
        yield workspace, await workspace.connections.timesheets(), pump
    finally:
        await pump.stop()
        await workspace.close()


async def write(workspace: Workspace, service: Timesheets, name: str) -> None:
    with pytest.raises(Waiting):
        await workspace.history.write(f"New {name}", partial(service.client.create, name))


async def at_rest(pump: Pump) -> None:
    """Until nothing is seen to any more."""
    while (running := pump._running) is not None and not running.done():
        await asyncio.wait([running])


async def states(workspace: Workspace) -> list[str]:
    found = await asyncio.to_thread(workspace.history.changes.newest, 9)
    return [one.state for one in reversed(found)]


async def test_nothing_is_seen_to_where_nothing_waits(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    naps = Naps()
    async with pumping(server, tmp_path, naps) as (workspace, service, pump):
        pump.start()
        await at_rest(pump)
        await workspace.history.write("New one", partial(service.client.create, "Made at once"))
        await at_rest(pump)
    assert naps.lengths == [], "no timer was ever set"


async def test_it_tries_ever_more_seldom_and_sleeps_when_all_is_sent(
    server: EmbeddedServer, tmp_path: Path, way: Way
) -> None:
    naps = Naps()
    async with pumping(server, tmp_path, naps) as (workspace, service, pump):
        pump.start()
        way.open = False
        await write(workspace, service, "Later")
        for _ in range(7):
            await naps.asleep()
            naps.end()
        await naps.asleep()
        assert naps.lengths == [15.0, 30.0, 60.0, 120.0, 240.0, 300.0, 300.0, 300.0]
        assert (SOONEST, LATEST) == (15.0, 300.0)
        way.open = True
        naps.end()
        await at_rest(pump)
        assert await states(workspace) == ["done"]
    assert len(naps.lengths) == 8


async def test_a_defect_on_the_way_is_told_and_the_next_change_has_it_tried_again(
    server: EmbeddedServer, tmp_path: Path, way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    async with pumping(server, tmp_path, Naps()) as (workspace, service, pump):
        workspace.history.sender.told = told.append
        way.open = False
        await write(workspace, service, "Later")
        way.open = True

        async def fails(_service: str = "") -> Round:
            raise ZeroDivisionError("of ours")

        monkeypatch.setattr(workspace.history.outbox, "send_round", fails)
        pump.start()
        await at_rest(pump)
        assert told == [
            "What waits is not sent by itself until the next change: a fault of this program "
            "(ZeroDivisionError('of ours'))."
        ]
        monkeypatch.undo()
        pump.at_once()
        await workspace.history.write("New one", partial(service.client.create, "Made at once"))
        await at_rest(pump)
        assert await states(workspace) == ["done", "done"]


async def test_what_waited_at_the_start_is_tried_at_once(
    server: EmbeddedServer, tmp_path: Path, way: Way
) -> None:
    naps = Naps()
    async with pumping(server, tmp_path, naps) as (workspace, service, _):
        way.open = False
        await write(workspace, service, "Kept over night")
    way.open = True
    async with pumping(server, tmp_path, naps) as (workspace, _, pump):
        pump.start()
        await at_rest(pump)
        assert await states(workspace) == ["done"]
    assert naps.lengths == []


async def test_an_answer_of_that_service_alone_sends_it(
    server: EmbeddedServer, tmp_path: Path, way: Way
) -> None:
    naps = Naps()
    async with pumping(server, tmp_path, naps) as (workspace, service, pump):
        pump.start()
        way.open = False
        await write(workspace, service, "After a read")
        await naps.asleep()
        way.open = True

        async def nothing() -> list[int]:
            return []

        await workspace.reads.fresh("igtimi@somewhere/list", nothing)
        await asyncio.sleep(0)
        assert await states(workspace) == ["waiting"]
        account = workspace.connections.account("timesheets")
        await workspace.reads.fresh(f"{account}/clients", nothing)
        await at_rest(pump)
        assert await states(workspace) == ["done"]
    assert naps.lengths == [SOONEST]


async def test_an_answer_counts_while_it_is_looked_for_what_waits(
    server: EmbeddedServer, tmp_path: Path, way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    naps = Naps()
    async with pumping(server, tmp_path, naps) as (workspace, service, pump):
        pump.start()
        await at_rest(pump)
        looking, goes_on = asyncio.Event(), asyncio.Event()
        look = pump._waiting

        async def slow() -> dict[str, str]:
            looking.set()
            await goes_on.wait()
            return await look()

        monkeypatch.setattr(pump, "_waiting", slow)
        way.open = False
        await write(workspace, service, "Seen late")
        await looking.wait()
        way.open = True
        pump.answered("timesheets")
        goes_on.set()
        await asyncio.wait_for(at_rest(pump), 20)
        assert await states(workspace) == ["done"]
    assert naps.lengths == [], "it was tried at once"


async def test_an_answer_sends_what_began_to_wait_during_a_rest(
    server: EmbeddedServer, tmp_path: Path, way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rest may be for another service, and be minutes long; it goes on after that."""
    naps, known = Naps(), asyncio.Event()
    async with pumping(server, tmp_path, naps) as (workspace, service, pump):
        look, others = pump._waiting, {"another": "timetonic"}

        async def with_others() -> dict[str, str]:
            found = await look()
            if found:
                known.set()
            return {**found, **others}

        monkeypatch.setattr(pump, "_waiting", with_others)
        way.open = False
        pump.start()
        await naps.asleep()
        naps.end()
        await naps.asleep()
        await write(workspace, service, "During a rest")
        await asyncio.wait_for(known.wait(), 20)
        assert len(naps.lengths) == 2, "the rest goes on"
        way.open = True
        known.clear()
        pump.answered("timesheets")
        await naps.asleep()
        assert await states(workspace) == ["done"]


async def test_it_rests_no_more_where_the_last_that_waits_is_given_up(
    server: EmbeddedServer, tmp_path: Path, way: Way
) -> None:
    naps = Naps()
    async with pumping(server, tmp_path, naps) as (workspace, service, pump):
        pump.start()
        way.open = False
        await write(workspace, service, "Given up")
        await naps.asleep()
        (change,) = await workspace.history.outbox.still_open()
        assert await workspace.history.outbox.drop(change.id)
        await asyncio.wait_for(at_rest(pump), 20)
    assert naps.lengths == [SOONEST]


async def test_a_service_that_asked_to_be_left_alone_is(
    server: EmbeddedServer, tmp_path: Path, way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    naps = Naps()
    async with pumping(server, tmp_path, naps) as (workspace, service, pump):
        pump.start()
        way.open = False
        await write(workspace, service, "Throttled")
        await naps.asleep()
        from tui.workspace.changes.outbox import Round

        rounds: list[str] = []

        async def told_to_wait(name: str = "") -> Round:
            rounds.append(name)
            return Round(0, {"timesheets": 900.0})

        monkeypatch.setattr(workspace.history.outbox, "send_round", told_to_wait)
        naps.end()
        await naps.asleep()
        pump.answered("timesheets")
        await asyncio.sleep(0)
    assert naps.lengths == [SOONEST, 900.0]
    assert rounds == [""]


@pytest.mark.parametrize("elsewhere", [True, False])
async def test_it_is_told_when_something_waits_no_more(
    server: EmbeddedServer, tmp_path: Path, way: Way, elsewhere: bool
) -> None:
    """Whether this deck sent it or another one."""
    naps = Naps()
    async with pumping(server, tmp_path, naps) as (workspace, service, pump):
        moved: list[list[str]] = []
        pump.moved = lambda: moved.append(
            [one.state for one in workspace.history.changes.newest(9)]
        )
        pump.start()
        way.open = False
        await write(workspace, service, "Waits")
        await naps.asleep()
        naps.end()
        await naps.asleep()
        assert moved == []
        way.open = True
        if elsewhere:
            other = workspace_of(server, tmp_path)
            assert await other.history.outbox.send_all() == 1
            await other.close()
        naps.end()
        await at_rest(pump)
        assert moved == [["done"]]


@pytest.mark.parametrize("held", [True, False])
async def test_what_waits_for_a_person_or_for_another_account_keeps_nobody_awake(
    server: EmbeddedServer, tmp_path: Path, way: Way, held: bool
) -> None:
    naps = Naps()
    async with pumping(server, tmp_path, naps) as (workspace, service, _):
        way.open = False
        await write(workspace, service, "Later")
        (change,) = await workspace.history.outbox.still_open()
        if held:
            await workspace.history.outbox.hold(change.id)
    way.open = True
    more = {} if held else {"timesheets__email": "somebody@example.org"}
    workspace = workspace_of(server, tmp_path, **more)
    pump = Pump(workspace.history, sleep=naps.sleep)
    pump.start()
    await at_rest(pump)
    assert await states(workspace) == ["waiting"]
    await workspace.close()
    assert naps.lengths == []


async def test_a_deck_that_may_change_nothing_sends_nothing(
    server: EmbeddedServer, tmp_path: Path, way: Way
) -> None:
    naps = Naps()
    async with pumping(server, tmp_path, naps) as (workspace, service, _):
        way.open = False
        await write(workspace, service, "Later")
    way.open = True
    workspace = workspace_of(server, tmp_path, deck__read_only="true")
    pump = Pump(workspace.history, sleep=naps.sleep)
    pump.start()
    assert not pump.is_awake
    assert await states(workspace) == ["waiting"]
    await workspace.close()


async def test_what_a_person_lets_go_is_tried_at_once(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    naps = Naps()
    async with pumping(server, tmp_path, naps) as (workspace, service, pump):
        pump.start()
        kept = await workspace.history.keep(
            "New client", partial(service.client.create, "Let go"), held=True, reason="Held."
        )
        moved = asyncio.Event()
        pump.moved = moved.set
        assert await workspace.history.outbox.hold(kept.id, held=False)
        pump.at_once()
        await asyncio.wait_for(moved.wait(), 20)
        assert "Let go" in [one.name for one in (await service.client.search(limit=500)).items]
