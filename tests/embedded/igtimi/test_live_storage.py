"""What the live feed leaves in the storage, and what happens when the storage changes under it."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from tests.embedded.igtimi.api import (
    BOAT,
    Api,
    next_array,
    stop_feed,
    subscribed,
    until_closed,
)
from tui.embedded import sample
from tui.embedded.igtimi import SERVICE
from tui.embedded.igtimi.runtime import runtime


@pytest.fixture
def api(lone: Api) -> Api:
    """A server of the test's own."""
    return lone


class JumpingClock:
    """The real time, or what a test puts it ahead by."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


def jumping(api: Api) -> JumpingClock:
    """Let the server run on a clock that can jump."""
    clock = JumpingClock()
    api.server.context.now = clock
    return clock


async def watch(api: Api, live: dict[int, float]) -> None:
    """See what a boat's speed is for a few samples, then let the feed stop."""
    async with api.live() as websocket:
        await subscribed(api, websocket, BOAT)
        while len(live) < 5:
            for entry in await next_array(websocket):
                speeds = entry[BOAT].get("9", {"t": [], "1": []})
                live |= dict(zip(speeds["t"], speeds["1"], strict=True))
    await stop_feed(api)


async def test_what_was_live_is_in_the_storage_and_the_hole_of_a_break_is_filled(
    api: Api,
) -> None:
    clock = jumping(api)
    before: dict[int, float] = {}
    after: dict[int, float] = {}
    await watch(api, before)
    clock.ahead = timedelta(minutes=3)
    await watch(api, after)
    assert min(after) - max(before) > 170_000
    query = [("serial_numbers[]", BOAT), ("types[9]", 0)]
    span = [("start_time", min(before)), ("end_time", max(after))]
    stored = api.get("/resources/data", [*span, *query])[BOAT]["9"]
    by_stamp = dict(zip(stored["t"], stored["1"], strict=True))
    assert (before | after).items() <= by_stamp.items()
    # The fleet sailed on between the two connections.
    assert max(b - a for a, b in pairwise(stored["t"])) <= 300


async def test_after_a_long_break_the_fleet_was_switched_off(api: Api) -> None:
    clock = jumping(api)
    before: dict[int, float] = {}
    after: dict[int, float] = {}
    await watch(api, before)
    clock.ahead = timedelta(hours=2)
    await watch(api, after)
    query = [("serial_numbers[]", BOAT), ("types[9]", 0)]
    span = [("start_time", max(before)), ("end_time", max(after))]
    stamps = api.get("/resources/data", [*span, *query])[BOAT]["9"]["t"]
    assert max(b - a for a, b in pairwise(stamps)) > 7_000_000


async def test_reading_soon_after_fills_the_break_too(api: Api) -> None:
    clock = jumping(api)
    live: dict[int, float] = {}
    await watch(api, live)
    clock.ahead = timedelta(minutes=2)
    # It stands between the two calls: what a busy machine takes for them is no further break.
    moment = clock()
    api.server.context.now = lambda: moment
    now = int(moment.timestamp() * 1000)
    query = [("serial_numbers[]", BOAT), ("types[9]", 0)]
    span = [("start_time", max(live)), ("end_time", now)]
    stamps = api.get("/resources/data", [*span, *query])[BOAT]["9"]["t"]
    assert now - max(stamps) < 700
    assert max(b - a for a, b in pairwise(stamps)) <= 300
    [latest] = api.get("/resources/data/latest", [("type", 9), query[0]])["latest_data"]
    assert latest["latest_datum"]["timestamp"] == max(stamps)


async def test_who_connects_after_a_break_reads_all_of_it_at_once(api: Api) -> None:
    clock = jumping(api)
    live: dict[int, float] = {}
    await watch(api, live)
    clock.ahead = timedelta(minutes=12)
    now = int(clock().timestamp() * 1000)
    query = [("serial_numbers[]", BOAT), ("types[9]", 0)]
    span = [("start_time", max(live)), ("end_time", now)]
    async with api.live() as websocket:
        await subscribed(api, websocket, BOAT)
        # Before the first array: the fleet still sails what nobody saw.
        answer = await asyncio.to_thread(api.get, "/resources/data", [*span, *query])
        stamps = answer[BOAT]["9"]["t"]
    assert now - max(stamps) < 1_500
    assert max(b - a for a, b in pairwise(stamps)) <= 300


async def test_history_joins_the_live_feed_without_a_seam(api: Api) -> None:
    now = int(time.time() * 1000)
    query = [("serial_numbers[]", BOAT), ("types[1]", 0)]
    span = [("start_time", now - 20_000), ("end_time", now)]
    before = api.get("/resources/data", [*span, *query])[BOAT]["1"]
    async with api.live() as websocket:
        await subscribed(api, websocket, BOAT)
        position = (await next_array(websocket))[0][BOAT]["1"]
        asked = time.time() - now / 1000
    seconds = (position["t"][0] - before["t"][-1]) / 1000
    assert seconds < asked + 4, "nothing is missing but what was sailed while it was asked for"
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
    await stop_feed(api)
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
