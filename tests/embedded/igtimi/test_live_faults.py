"""The faults that tests of other parts can switch on in the live feed."""

from __future__ import annotations

import pytest

from tests.embedded.igtimi.api import (
    BOAT,
    Api,
    next_array,
    receive,
    subscribed,
    until_closed,
)
from tui.embedded.igtimi import live_connection


@pytest.fixture
def api(lone: Api) -> Api:
    """A server of the test's own."""
    return lone


async def test_fault_close_on_accept(api: Api) -> None:
    api.faults.close_on_accept = True
    async with api.live() as websocket:
        assert await until_closed(websocket) == []
    assert api.faults.connections == 1


async def test_fault_drop_after(api: Api) -> None:
    api.faults.drop_after = 3
    async with api.live() as websocket:
        await api.subscribe(websocket, [BOAT])
        assert len(await until_closed(websocket)) == 3


async def test_fault_silent(api: Api) -> None:
    api.faults.silent = True
    api.timing.heartbeat = 0.01
    api.timing.client_silence = 0.3
    async with api.live() as websocket:
        await api.subscribe(websocket, [BOAT])
        assert await until_closed(websocket) == []


async def test_fault_refuse_token(api: Api) -> None:
    api.faults.refuse_token = True
    api.timing.refusal = 0.05
    async with api.live() as websocket:
        await api.subscribe(websocket, [BOAT])
        assert set(await until_closed(websocket)) == {"1"}


async def test_fault_integer_delay(api: Api) -> None:
    api.faults.integer_delay = 0.15
    api.timing.heartbeat = 0.02
    async with api.live() as websocket:
        await api.subscribe(websocket, [BOAT])
        beats = 0
        while await receive(websocket) == "1":
            beats += 1
        assert beats >= 2


async def test_fault_garbage(api: Api) -> None:
    api.faults.garbage = b"\x00rubbish"
    async with api.live() as websocket:
        await subscribed(api, websocket, BOAT)
        frame = await receive(websocket)
        while frame == "1":
            frame = await receive(websocket)
        assert frame == b"\x00rubbish"
        assert await next_array(websocket)


async def test_fault_duplicate(api: Api) -> None:
    api.faults.duplicate = True
    async with api.live() as websocket:
        await subscribed(api, websocket, BOAT)
        assert await next_array(websocket) == await next_array(websocket)


async def test_fault_reorder(api: Api) -> None:
    api.faults.reorder = True
    async with api.live() as websocket:
        await subscribed(api, websocket, BOAT)
        stamps: list[int] = []
        while stamps == sorted(stamps):
            for entry in await next_array(websocket):
                stamps += [s for axes in entry[BOAT].values() for s in axes["t"]]


async def test_faults_hold_for_new_connections_only(api: Api) -> None:
    async with api.live() as old:
        await subscribed(api, old, BOAT)
        api.faults.close_on_accept = True
        async with api.live() as new:
            assert await until_closed(new) == []
        assert await next_array(old)


@pytest.mark.parametrize("where", ["_send", "_receive", "_beat"])
async def test_a_defect_in_what_a_connection_does_is_told_to_both_sides(
    api: Api, where: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Whichever of its three tasks it is in: their errors are nobody else's to see."""

    async def defect(_connection: object) -> None:
        raise ArithmeticError("nobody foresaw it")

    monkeypatch.setattr(live_connection.LiveConnection, where, defect)
    async with api.live() as websocket:
        await until_closed(websocket)
        assert websocket.close_code == 1011
    [told] = [one for one in caplog.records if one.name == live_connection.__name__]
    assert told.exc_info is not None
    assert str(told.exc_info[1]) == "nobody foresaw it"
