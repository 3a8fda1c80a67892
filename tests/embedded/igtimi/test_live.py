"""The live feed over a real websocket (reference/igtimi.md section 1), and its faults."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import time
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from tests.embedded.igtimi.api import (
    BOAT,
    FOREIGN,
    WIND_BOT,
    Api,
    next_array,
    next_integer,
    receive,
)
from tests.harness import EmbeddedServer
from tui.embedded import sample
from tui.embedded.igtimi import SERVICE
from tui.embedded.igtimi.fleet_names import MARKS
from tui.embedded.igtimi.runtime import runtime
from tui.embedded.igtimi.windows import open_window

SECOND_BOAT = "GA-EN-AAAB"


@pytest.fixture
def api() -> Iterator[Api]:
    """A server of the test's own: what the feed keeps in memory outlasts a reset."""
    with EmbeddedServer(services=["igtimi"], boats=3, hertz=10.0) as server:
        yield Api(server)


async def until_closed(websocket: ClientConnection) -> list[str | bytes]:
    """All frames up to the end of the connection."""
    frames: list[str | bytes] = []
    try:
        while True:
            frames.append(await receive(websocket))
    except ConnectionClosed:
        return frames


async def subscribed(api: Api, websocket: ClientConnection, *serials: str) -> int:
    await api.subscribe(websocket, serials)
    return await next_integer(websocket)


def serials_of(array: list[dict[str, Any]]) -> list[str]:
    return [serial for entry in array for serial in entry]


async def test_heartbeats_come_before_any_configuration(api: Api) -> None:
    api.timing.heartbeat = 0.02
    async with api.live() as websocket:
        assert [await receive(websocket) for _ in range(4)] == ["1"] * 4
        stamp = await subscribed(api, websocket, BOAT)
        assert abs(stamp - time.time() * 1000) < 5_000
        assert set(serials_of(await next_array(websocket))) == {BOAT}
        while await receive(websocket) != "1":
            pass


async def test_samples_have_the_shape_of_the_recorded_transcript(api: Api) -> None:
    async with api.live() as websocket:
        await subscribed(api, websocket, BOAT)
        array = await next_array(websocket)
        for entry in array:
            for series in entry.values():
                for axes in series.values():
                    assert len({len(values) for values in axes.values()}) == 1
        first = array[0][BOAT]["1"]
        assert next(iter(first)) == "t"
        # Longitude comes first: Auckland is at 174 east and 36 south.
        assert first["1"][0] == pytest.approx(174.86, abs=0.05)
        assert first["2"][0] == pytest.approx(-36.82, abs=0.05)


async def test_a_serial_repeats_in_an_array_and_a_stamp_is_split_over_two_messages(
    api: Api,
) -> None:
    seen: set[tuple[str, int]] = set()
    repeated = split = False
    async with api.live() as websocket:
        await subscribed(api, websocket, BOAT, SECOND_BOAT)
        while not (repeated and split):
            array = await next_array(websocket)
            names = serials_of(array)
            repeated = repeated or len(names) > len(set(names))
            moments = {
                (serial, stamp)
                for entry in array
                for serial, series in entry.items()
                for axes in series.values()
                for stamp in axes["t"]
            }
            split = split or bool(moments & seen)
            seen |= moments


async def test_quality_comes_once_and_a_mark_at_rest_has_no_course(api: Api) -> None:
    qualities = 0
    async with api.live() as websocket:
        await subscribed(api, websocket, BOAT, WIND_BOT, *MARKS)
        for _ in range(25):
            for entry in await next_array(websocket):
                for serial, series in entry.items():
                    qualities += serial == BOAT and "2" in series
                    if serial == WIND_BOT and "9" in series:
                        assert "6" not in series
                        assert set(series["9"]["1"]) == {0}
    assert qualities == 1


async def test_foreign_and_unknown_serials_are_ignored(api: Api) -> None:
    async with api.live() as websocket:
        await subscribed(api, websocket, FOREIGN, "XX-XX-XXXX", BOAT)
        for _ in range(5):
            assert set(serials_of(await next_array(websocket))) == {BOAT}


async def test_nothing_is_delivered_outside_of_a_window(api: Api) -> None:
    mele = api.as_user(5)
    now = time.time() * 1000
    with api.server.context.database.write():
        give = {"read": True, "modify": False, "user": 5}
        open_window(api.server.context, BOAT, 0.0, now - 1000, **give)  # type: ignore[arg-type]
        open_window(api.server.context, SECOND_BOAT, 0.0, now * 2, **give)  # type: ignore[arg-type]
    async with mele.live() as websocket:
        await subscribed(mele, websocket, BOAT, SECOND_BOAT)
        for _ in range(5):
            assert set(serials_of(await next_array(websocket))) == {SECOND_BOAT}


async def test_a_second_configuration_changes_nothing(api: Api) -> None:
    async with api.live() as websocket:
        await subscribed(api, websocket, BOAT)
        await api.subscribe(websocket, [SECOND_BOAT])
        for _ in range(5):
            assert set(serials_of(await next_array(websocket))) == {BOAT}


@pytest.mark.parametrize(
    "rubbish",
    [
        "",
        "[]",
        "{",
        "null",
        '{"access_token": 5, "devices": []}',
        '{"devices": {}}',
        "[" * 5000,
        b"\xff",
    ],
)
async def test_rubbish_is_passed_over_and_the_configuration_still_works(
    shared: Api, rubbish: str | bytes
) -> None:
    async with shared.live() as websocket:
        await websocket.send(rubbish)
        assert await subscribed(shared, websocket, BOAT) > 0


async def test_the_older_names_of_the_configuration_work(shared: Api) -> None:
    async with shared.live() as websocket:
        await websocket.send(json.dumps({"auth_token": shared.token, "units": [BOAT]}))
        await next_integer(websocket)
        assert set(serials_of(await next_array(websocket))) == {BOAT}


async def test_a_wrong_token_gets_no_integer_and_an_end(api: Api) -> None:
    api.timing.refusal = 0.05
    wrong = Api(api.server, "wrong")
    async with wrong.live() as websocket:
        await wrong.subscribe(websocket, [BOAT])
        assert set(await until_closed(websocket)) == {"1"}


async def test_a_client_without_heartbeats_is_dropped_and_one_with_them_is_not(api: Api) -> None:
    api.timing.client_silence = 0.2
    async with api.live() as silent, api.live() as alive:
        closed = asyncio.create_task(until_closed(silent))
        while not closed.done():
            await alive.send("1")
            await asyncio.wait([closed], timeout=0.02)
        await subscribed(api, alive, BOAT)


async def test_what_was_live_is_in_the_storage_and_the_hole_of_a_break_is_filled(
    api: Api,
) -> None:
    live: dict[int, float] = {}

    async def watch() -> None:
        async with api.live() as websocket:
            await subscribed(api, websocket, BOAT)
            for _ in range(8):
                for entry in await next_array(websocket):
                    for stamp, speed in zip(
                        entry[BOAT].get("9", {"t": []})["t"],
                        entry[BOAT].get("9", {"1": []})["1"],
                        strict=True,
                    ):
                        live[stamp] = speed

    await watch()
    ended = max(live)
    await watch()
    query = [("serial_numbers[]", BOAT), ("types[9]", 0)]
    span = [("start_time", min(live)), ("end_time", max(live))]
    stored = api.get("/resources/data", [*span, *query])[BOAT]["9"]
    by_stamp = dict(zip(stored["t"], stored["1"], strict=True))
    assert live.items() <= by_stamp.items()
    # The fleet went on between the two connections.
    steps = [b - a for a, b in pairwise(stored["t"])]
    assert max(steps) <= 300
    assert any(stamp > ended for stamp in by_stamp)


async def test_history_joins_the_live_feed_without_a_seam(api: Api) -> None:
    now = int(time.time() * 1000)
    query = [("serial_numbers[]", BOAT), ("types[1]", 0)]
    span = [("start_time", now - 20_000), ("end_time", now)]
    before = api.get("/resources/data", [*span, *query])[BOAT]["1"]
    async with api.live() as websocket:
        await subscribed(api, websocket, BOAT)
        position = (await next_array(websocket))[0][BOAT]["1"]
    seconds = (position["t"][0] - before["t"][-1]) / 1000
    assert seconds < 5
    # Two kilometres a minute is far more than it can sail.
    assert abs(position["1"][0] - before["1"][-1]) < 0.0004 * max(seconds, 0.2)
    steps = [b - a for a, b in pairwise(before["t"])]
    assert max(steps) < 3_000


async def test_a_reset_of_the_sample_leaves_the_feed_usable(api: Api) -> None:
    async with api.live() as websocket:
        await subscribed(api, websocket, BOAT)
        await next_array(websocket)
        api.server.reset()
        await next_array(websocket)
    async with api.live() as websocket:
        await subscribed(api, websocket, BOAT)
        await next_array(websocket)


async def test_a_bigger_fleet_than_the_sample_gets_its_units() -> None:
    with EmbeddedServer(services=["igtimi"], boats=12, hertz=10.0) as server:
        api = Api(server)
        async with api.live() as websocket:
            await subscribed(api, websocket, "GA-EN-AAAK", "GA-EN-AAAL")
            assert set(serials_of(await next_array(websocket))) <= {"GA-EN-AAAK", "GA-EN-AAAL"}


async def test_a_cleared_sample_under_a_running_feed_stays_empty_and_a_reset_one_is_stored(
    api: Api,
) -> None:
    context = api.server.context
    services = [SERVICE]
    async with api.live() as websocket:
        await subscribed(api, websocket, BOAT)
        await next_array(websocket)
        sample.clear(context, services)
        await next_array(websocket)
        await next_array(websocket)
    stopping = runtime(context).feed.stop()
    await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(stopping, api.server._loop))
    for table in ("device", "session", "resource", "block"):
        assert context.database.one(f"SELECT count(*) AS n FROM igtimi_{table}")["n"] == 0  # type: ignore[index]
    sample.reset(context, services)
    async with api.live() as websocket:
        await subscribed(api, websocket, BOAT)
        stamp = (await next_array(websocket))[0][BOAT]["1"]["t"][0]
    query = [("serial_numbers[]", BOAT), ("types[1]", 0)]
    span = [("start_time", stamp), ("end_time", stamp)]
    assert api.get("/resources/data", [*span, *query])[BOAT]["1"]["t"] == [stamp]


async def test_when_samples_cannot_be_kept_the_connection_ends(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_arguments: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    async with api.live() as websocket:
        await subscribed(api, websocket, BOAT)
        await next_array(websocket)
        monkeypatch.setattr(runtime(api.server.context).samples, "write_full", full)
        await until_closed(websocket)
        assert websocket.close_code == 1011
    monkeypatch.undo()
    async with api.live() as websocket:
        await subscribed(api, websocket, BOAT)
        await next_array(websocket)


# Faults ------------------------------------------------------------------------------------


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
        assert beats >= 3


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
