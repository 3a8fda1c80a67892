"""The live feed over a real websocket (reference/igtimi.md section 1), and its faults."""

from __future__ import annotations

import asyncio
import json
import time

import pytest

from tests.embedded.igtimi.api import (
    BOAT,
    FOREIGN,
    WIND_BOT,
    Api,
    next_array,
    next_integer,
    receive,
    serials_of,
    subscribed,
    until_closed,
)
from tests.harness import EmbeddedServer
from tui.embedded.igtimi.fleet_names import MARKS
from tui.embedded.igtimi.windows import open_window

SECOND_BOAT = "GA-EN-AAAB"


@pytest.fixture
def api(lone: Api) -> Api:
    """A server of the test's own."""
    return lone


async def test_heartbeats_come_before_any_configuration(api: Api) -> None:
    api.timing.heartbeat = 0.02
    async with api.live() as websocket:
        assert [await receive(websocket) for _ in range(4)] == ["1"] * 4
        began = time.time() * 1000
        stamp = await subscribed(api, websocket, BOAT)
        assert began - 1_000 <= stamp <= time.time() * 1000 + 1_000
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
        for _ in range(200):
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
            if repeated and split:
                return
    raise AssertionError("in 200 messages no serial repeated, or no stamp was split")


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
        await subscribed(api, websocket, FOREIGN, "ZZ-ZZ-ZZZZ", BOAT)
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
    api.timing.client_silence = 1.5  # More than a busy machine keeps a thread waiting.
    async with api.live() as silent, api.live() as alive:
        closed = asyncio.create_task(until_closed(silent))
        while not closed.done():
            await alive.send("1")
            await asyncio.wait([closed], timeout=0.02)
        await subscribed(api, alive, BOAT)


async def test_a_bigger_fleet_than_the_sample_gets_its_units() -> None:
    with EmbeddedServer(services=["igtimi"], boats=12, hertz=10.0) as server:
        api = Api(server)
        async with api.live() as websocket:
            # Each of them may be out of reach for a while, but not all at once.
            more = {f"GA-EN-AAA{letter}" for letter in "IJKL"}
            await subscribed(api, websocket, *more)
            assert set(serials_of(await next_array(websocket))) <= more
