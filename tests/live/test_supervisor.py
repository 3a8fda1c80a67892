"""The supervisor against a server that misbehaves, on a clock that is moved by hand."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Sequence
from http import HTTPStatus
from random import Random
from typing import Any

import pytest
from websockets.asyncio.server import ServerConnection

from tests.live.rig import (
    WALL,
    HandClock,
    Server,
    hang_up,
    heard_more,
    mute,
    obedient,
    sample,
    serving,
    until,
)
from tui.live.feed import Phase, Unavailable
from tui.live.series import SeriesKey
from tui.live.store import Batch
from tui.live.supervisor import LiveFeed
from tui.services.igtimi.live import Conversation, JsonDialect
from tui.services.igtimi.riot import RiotDialect

SERIAL = "GA-DK-AAAD"
SOG = SeriesKey(SERIAL, 9)
GONE = "ws://127.0.0.1:9"


class Archive:
    """An archive with one sample a second, and a list of what was asked for."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, int, int]] = []
        self.failures: list[Unavailable] = []

    async def __call__(self, serial: str, start: int, end: int) -> Iterable[Batch]:
        self.asked.append((serial, start, end))
        if self.failures:
            raise self.failures.pop(0)
        times = [time for time in range(start - start % 1000, end + 1, 1000) if time >= start]
        return [((serial, 9, 0), times, ([float(time % 77) for time in times],))]


def follow(
    *urls: str, serials: Sequence[str] = (SERIAL,), clock: HandClock | None = None, **more: Any
) -> LiveFeed:
    async def servers() -> Sequence[str]:
        return urls

    dialect = JsonDialect("secret-token")
    arguments: dict[str, Any] = {
        "servers": servers,
        "converse": lambda serials: Conversation(dialect, serials),
        "clock": clock or HandClock(),
        "frame": 0.0,
        "random": Random(1),
        **more,
    }
    return LiveFeed(serials, **arguments)


def phase(feed: LiveFeed, *wanted: Phase) -> bool:
    return feed.state.phase in wanted


async def test_samples_reach_the_store_and_the_state_is_live() -> None:
    async with serving() as server:
        feed = follow(server.url)
        await feed.start()
        await until(feed, lambda: phase(feed, Phase.QUIET))
        assert feed.state.reason == "connected; no samples yet"
        await server.send(sample(SERIAL, WALL, 4.5))
        await until(feed, lambda: SOG in feed.store)
        assert feed.state.phase is Phase.LIVE
        assert feed.store.last(SOG) == (WALL, (4.5,))
        assert json.loads(server.heard[0]) == {"access_token": "secret-token", "devices": [SERIAL]}
        health = feed.health()
        assert (health.messages, health.connections, health.reconnects) == (3, 1, 0)
        await feed.stop()
        assert feed.state.phase is Phase.STOPPED


async def test_servers_are_tried_from_the_top() -> None:
    async with serving() as refusing, serving() as server:
        refusing.status = HTTPStatus.SERVICE_UNAVAILABLE
        feed = follow(GONE, refusing.url, server.url)
        seen = []
        feed.subscribe(lambda: seen.append((feed.state.server, feed.state.reason)))
        await feed.start()
        await until(feed, lambda: phase(feed, Phase.QUIET))
        assert feed.state.server == server.url
        assert (refusing.url, "Connect call failed ('127.0.0.1', 9); trying the next") in seen
        assert (server.url, "the server answered HTTP 503; trying the next") in seen
        await feed.stop()


async def test_a_server_has_five_seconds_to_answer_then_the_next_is_tried() -> None:
    clock = HandClock()
    async with serving(mute) as silent, serving() as server:
        feed = follow(silent.url, server.url, clock=clock)
        await feed.start()
        await silent.until(lambda: len(silent.heard) == 2)
        clock.advance(4.9)
        assert feed.state.server == silent.url
        clock.advance(0.2)
        await until(feed, lambda: phase(feed, Phase.QUIET))
        assert feed.state.server == server.url
        await feed.stop()


async def test_a_handshake_that_hangs_is_given_up_after_five_seconds() -> None:
    clock = HandClock()
    reached = asyncio.Event()

    async def never(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        reached.set()
        await reader.read()
        writer.close()

    listening = await asyncio.start_server(never, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    async with serving() as server:
        feed = follow(f"ws://127.0.0.1:{port}", server.url, clock=clock)
        await feed.start()
        await asyncio.wait_for(reached.wait(), 5)
        clock.advance(5.1)
        await until(feed, lambda: phase(feed, Phase.QUIET))
        assert feed.state.server == server.url
        await feed.stop()
    listening.close()


async def test_our_heartbeat_goes_out_every_two_minutes() -> None:
    clock = HandClock()
    async with serving() as server:
        feed = follow(server.url, clock=clock)
        await feed.start()
        await until(feed, lambda: phase(feed, Phase.QUIET))
        await server.until(lambda: server.heard[1:] == ["1"])
        for _ in range(4):
            clock.advance(30)
            messages = feed.health().messages
            await server.send("1")
            await heard_more(feed, messages)
        await server.until(lambda: server.heard[1:] == ["1", "1"])
        await feed.stop()


async def turns(count: int = 3) -> None:
    """Let others run."""
    for _ in range(count):
        await asyncio.sleep(0)


async def test_silence_makes_the_feed_stale_and_then_connects_anew() -> None:
    clock = HandClock()
    async with serving() as server:
        feed = follow(server.url, clock=clock)
        await feed.start()
        await until(feed, lambda: phase(feed, Phase.QUIET))
        await server.send(sample(SERIAL, WALL, 1.0))
        await until(feed, lambda: phase(feed, Phase.LIVE))
        clock.advance(21)
        assert feed.state.phase is Phase.STALE
        assert feed.state.reason == "nothing heard for 20 s"
        clock.advance(25)
        await until(feed, lambda: phase(feed, Phase.RECONNECTING))
        assert feed.state.reason == "nothing was heard for 45 seconds"
        clock.advance(1.1)
        await until(feed, lambda: phase(feed, Phase.QUIET))
        assert len(server.connections) == 2
        await server.until(lambda: server.open == 1)
        assert feed.health().reconnects == 1
        await feed.stop()


async def test_heartbeats_without_samples_make_the_feed_quiet_not_stale() -> None:
    clock = HandClock()
    async with serving() as server:
        feed = follow(server.url, clock=clock)
        await feed.start()
        await until(feed, lambda: phase(feed, Phase.QUIET))
        await server.send(sample(SERIAL, WALL, 1.0))
        await until(feed, lambda: phase(feed, Phase.LIVE))
        for _ in range(5):
            clock.advance(15)
            messages = feed.health().messages
            await server.send("1")
            await heard_more(feed, messages)
        assert feed.state.phase is Phase.QUIET
        assert "heartbeats only" in feed.state.reason
        await feed.stop()


async def test_waits_grow_with_jitter_up_to_a_minute() -> None:
    clock = HandClock()
    feed = follow(GONE, clock=clock)
    await feed.start()
    waits = []
    for _ in range(9):
        await until(feed, lambda: phase(feed, Phase.RECONNECTING))
        assert feed.state.retry_at is not None
        waits.append(feed.state.retry_at - clock.monotonic())
        clock.advance(waits[-1] + 0.001)
        await until(feed, lambda: phase(feed, Phase.CONNECTING))
    for attempt, wait in enumerate(waits):
        longest = min(60, 2.0**attempt)
        assert longest / 2 <= wait <= longest
    assert len({round(wait / 2**n, 4) for n, wait in enumerate(waits)}) > 5
    await feed.stop()


async def test_a_steady_connection_makes_the_next_wait_short_again() -> None:
    clock = HandClock()
    async with serving() as server:
        listed = [GONE]

        async def servers() -> Sequence[str]:
            return listed

        feed = follow(clock=clock, servers=servers)
        await feed.start()
        for _ in range(6):
            await until(feed, lambda: phase(feed, Phase.RECONNECTING))
            clock.advance(60)
            await until(feed, lambda: phase(feed, Phase.CONNECTING))
        await until(feed, lambda: phase(feed, Phase.RECONNECTING))
        listed[:] = [server.url]
        clock.advance(60)
        await until(feed, lambda: phase(feed, Phase.QUIET))
        clock.advance(31)
        await server.connections[-1].close()
        await until(feed, lambda: phase(feed, Phase.RECONNECTING))
        assert feed.state.retry_at is not None
        assert feed.state.retry_at - clock.monotonic() <= 1.0
        await feed.stop()


@pytest.mark.parametrize("status", [HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN])
async def test_a_refused_upgrade_is_final(status: HTTPStatus) -> None:
    clock = HandClock()
    async with serving() as server, serving() as second:
        server.status = status
        feed = follow(server.url, second.url, clock=clock)
        await feed.start()
        await until(feed, lambda: phase(feed, Phase.REFUSED))
        assert feed.state.reason.endswith(f"(HTTP {status.value}): check the token")
        assert "secret-token" not in feed.state.reason
        clock.advance(3600)
        await turns(1)
        assert len(server.requests) == 1
        assert second.requests == []
        assert clock.pending == 0
        server.status = None
        feed.retry()
        await until(feed, lambda: phase(feed, Phase.QUIET))
        await feed.stop()


async def test_a_refusal_in_words_is_final() -> None:
    async def refuse(server: Server, connection: ServerConnection) -> None:
        await server.listen(connection)
        await connection.send('{"error":"invalid token"}')
        await connection.close()

    async with serving(refuse) as server:
        feed = follow(server.url)
        await feed.start()
        await until(feed, lambda: phase(feed, Phase.REFUSED))
        assert feed.state.reason == "the server said: invalid token"
        await feed.stop()


@pytest.mark.parametrize("code", [1008, 3000, 4401])
async def test_closing_with_a_code_of_refusal_is_final(code: int) -> None:
    async def refuse(server: Server, connection: ServerConnection) -> None:
        await server.listen(connection)
        await connection.close(code, "no rights")

    async with serving(refuse) as server:
        feed = follow(server.url)
        await feed.start()
        await until(feed, lambda: phase(feed, Phase.REFUSED))
        assert feed.state.reason == f"the server closed the connection ({code}): no rights"
        await feed.stop()


async def test_accepting_and_hanging_up_is_recognised_and_slowed_down() -> None:
    clock = HandClock()
    async with serving(hang_up) as server:
        feed = follow(server.url, clock=clock)
        await feed.start()
        for _ in range(4):
            await until(feed, lambda: phase(feed, Phase.RECONNECTING))
            wait = feed.state.retry_at
            assert wait is not None
            clock.advance(60)
            await until(feed, lambda: phase(feed, Phase.CONNECTING, Phase.QUIET))
        await until(feed, lambda: phase(feed, Phase.RECONNECTING))
        assert feed.state.reason.startswith("accepted and hung up 5 times in a row")
        assert feed.state.retry_at is not None
        assert feed.state.retry_at - clock.monotonic() >= 8
        await feed.stop()


async def test_the_server_list_that_cannot_be_had_is_asked_for_again() -> None:
    clock = HandClock()
    asked = []

    async def servers() -> Sequence[str]:
        asked.append(True)
        raise Unavailable("no route to the service")

    feed = follow(clock=clock, servers=servers)
    await feed.start()
    await until(feed, lambda: phase(feed, Phase.RECONNECTING))
    assert feed.state.reason == "no route to the service"
    clock.advance(1.1)
    await until(feed, lambda: len(asked) == 2)
    await feed.stop()


async def test_one_reconnect_at_a_time() -> None:
    """However often a server throws us out, it never sees two connections at once."""
    clock = HandClock()
    most = 0

    async def watching(server: Server, connection: ServerConnection) -> None:
        nonlocal most
        most = max(most, server.open)
        await obedient(server, connection)

    async with serving(watching) as server:
        feed = follow(server.url, clock=clock)
        await feed.start()
        for _ in range(5):
            await until(feed, lambda: phase(feed, Phase.QUIET))
            await server.connections[-1].close()
            await until(feed, lambda: phase(feed, Phase.RECONNECTING))
            feed.retry()
            feed.retry()
            await until(feed, lambda: phase(feed, Phase.QUIET, Phase.CONNECTING))
        await until(feed, lambda: phase(feed, Phase.QUIET))
        assert most == 1
        assert len(server.connections) == 6
        await feed.stop()


async def test_a_gap_is_filled_from_the_archive_in_slices_with_overlap() -> None:
    clock = HandClock()
    archive = Archive()
    async with serving() as server:
        feed = follow(server.url, clock=clock, fetch=archive)
        await feed.start()
        await until(feed, lambda: phase(feed, Phase.QUIET))
        await server.send(sample(SERIAL, WALL, WALL % 77))
        await until(feed, lambda: phase(feed, Phase.LIVE))
        assert archive.asked == []
        server.script = hang_up
        await server.connections[-1].close()
        await until(feed, lambda: phase(feed, Phase.RECONNECTING))

        async def later(server: Server, connection: ServerConnection) -> None:
            await server.listen(connection)
            await connection.send(str(clock.wall()))
            await connection.send(sample(SERIAL, clock.wall(), 5.0))
            while True:
                await server.listen(connection)

        server.script = later
        clock.advance(1500)
        await until(feed, lambda: feed.health().holes == 0 and len(archive.asked) == 3)
        starts = [start for _, start, _ in archive.asked]
        ends = [end for _, _, end in archive.asked]
        assert starts[0] == WALL - 5000
        assert ends[-1] == WALL + 1_500_000 + 5000
        assert starts[1:] == ends[:-1]
        assert all(end - start <= 600_000 for _, start, end in archive.asked)
        times, _ = feed.store.samples(SOG, 0, 1 << 60)
        assert times == list(range(WALL - 5000, WALL + 1_505_001, 1000))
        assert feed.health().duplicates > 0
        await feed.stop()


async def test_history_before_the_first_connection_is_fetched() -> None:
    archive = Archive()
    async with serving() as server:
        feed = follow(server.url, fetch=archive, history=60_000)
        await feed.start()
        await until(feed, lambda: SOG in feed.store)
        assert archive.asked == [(SERIAL, WALL - 65_000, WALL + 5000)]
        await feed.stop()


async def test_an_archive_that_fails_is_asked_again_and_then_left_for_later() -> None:
    clock = HandClock()
    archive = Archive()
    archive.failures = [Unavailable("HTTP 503")] * 4
    async with serving() as server:
        feed = follow(server.url, clock=clock, fetch=archive, history=60_000)
        await feed.start()
        for attempt, wait in enumerate((2, 4, 8, 0), start=1):
            await until(feed, lambda: len(archive.asked) == attempt)  # noqa: B023
            await until(feed, lambda: len(archive.failures) == 4 - attempt)  # noqa: B023
            await turns()
            clock.advance(wait)
        assert feed.health().holes == 1
        assert feed.health().hole_reason == f"{SERIAL}: HTTP 503"
        feed.retry()
        await until(feed, lambda: feed.health().holes == 0)
        assert SOG in feed.store
        await feed.stop()


async def test_large_device_sets_are_split_over_connections() -> None:
    serials = [f"GA-DK-AA{index:02d}" for index in range(25)]
    async with serving() as server:
        feed = follow(server.url, serials=serials, devices=10)
        await feed.start()
        await server.until(lambda: len([t for t in server.heard if t != "1"]) == 3)
        await until(feed, lambda: phase(feed, Phase.QUIET))
        asked = [json.loads(text)["devices"] for text in server.heard if text != "1"]
        assert sorted(map(len, asked)) == [5, 10, 10]
        assert sorted(serial for part in asked for serial in part) == serials
        assert feed.health().connections == 3
        await feed.stop()


async def test_a_server_that_takes_fewer_devices_gets_fewer() -> None:
    async def small(server: Server, connection: ServerConnection) -> None:
        text = await server.listen(connection)
        if len(json.loads(text)["devices"]) > 3:
            await connection.close(1009, "too many devices")
            return
        await connection.send(str(WALL))
        while True:
            await server.listen(connection)

    serials = [f"GA-DK-AA{index:02d}" for index in range(10)]
    async with serving(small) as server:
        feed = follow(server.url, serials=serials)
        await feed.start()
        await until(feed, lambda: len(feed.states) == 4 and phase(feed, Phase.QUIET))
        assert sorted(serial for part, _ in feed.states for serial in part) == serials
        await feed.stop()


async def test_an_empty_device_list_opens_no_connection() -> None:
    async with serving() as server:
        feed = follow(server.url, serials=())
        await feed.start()
        assert feed.state.reason == "no devices chosen"
        await feed.stop()
        assert server.connections == []


async def test_following_other_devices_connects_anew() -> None:
    async with serving() as server:
        feed = follow(server.url)
        await feed.start()
        await until(feed, lambda: phase(feed, Phase.QUIET))
        await feed.follow(["GA-EN-AAEA"])
        await until(feed, lambda: phase(feed, Phase.QUIET))
        asked = [json.loads(text)["devices"] for text in server.heard if text != "1"]
        assert asked == [[SERIAL], ["GA-EN-AAEA"]]
        await server.until(lambda: server.open == 1)
        await feed.stop()


async def test_garbage_is_counted_and_the_feed_goes_on() -> None:
    async with serving() as server:
        feed = follow(server.url)
        await feed.start()
        await until(feed, lambda: phase(feed, Phase.QUIET))
        for frame in ("?", "[", b"\x00\xff", sample("XX", WALL, 1), sample(SERIAL, WALL, 2)):
            await server.send(frame)
        await until(feed, lambda: SOG in feed.store)
        assert feed.health().dropped == {"unreadable": 3, "foreign": 1}
        await feed.stop()


async def test_health_tells_ages_offset_and_rates() -> None:
    clock = HandClock(WALL - 750)
    async with serving() as server:
        feed = follow(server.url, serials=(SERIAL, "GA-EN-AAEA"), clock=clock)
        await feed.start()
        await until(feed, lambda: phase(feed, Phase.QUIET))
        await server.send(sample(SERIAL, WALL - 2000, 1.0))
        await until(feed, lambda: SOG in feed.store)
        health = feed.health()
        assert health.clock_offset == 750
        assert [(d.serial, d.age) for d in health.devices] == [
            (SERIAL, 2000),
            ("GA-EN-AAEA", None),
        ]
        clock.advance(5)
        await server.send(sample(SERIAL, WALL, 1.0))
        await until(feed, lambda: feed.store.last(SOG) == (WALL, (1.0,)))
        assert 0 < feed.health().messages_per_second < 2
        clock.advance(18)
        assert feed.health().devices[0].age == 23_000
        clock.advance(25)
        assert feed.health().messages_per_second == 0
        await feed.stop()


async def test_the_other_dialect_speaks_through_the_same_supervisor() -> None:
    dialect = RiotDialect("secret-token")
    async with serving() as server:
        feed = follow(server.url, converse=lambda serials: Conversation(dialect, serials))
        await feed.start()
        await until(feed, lambda: phase(feed, Phase.QUIET))
        assert server.requests[0].headers["Authorization"] == "Bearer secret-token"
        assert json.loads(server.heard[0]) == {"devices": [SERIAL]}
        await feed.stop()


async def test_an_error_that_nobody_foresaw_is_shown_and_raised() -> None:
    def broken(serials: Sequence[str]) -> Conversation:
        raise ZeroDivisionError("a mistake of ours")

    async with serving() as server:
        feed = follow(server.url, converse=broken)
        await feed.start()
        await until(feed, lambda: phase(feed, Phase.REFUSED))
        assert "a mistake of ours" in feed.state.reason
        with pytest.raises(ZeroDivisionError):
            await feed.stop()
