"""The supervisor against a server that misbehaves, on a clock that is moved by hand."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from http import HTTPStatus

import pytest
from websockets.asyncio.server import ServerConnection

from tests.live.feeds import GONE, SERIAL, SOG, follow, phase, turns
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
from tui.services.igtimi.live import Conversation
from tui.services.igtimi.riot import RiotDialect


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
        assert (refusing.url, "Connection refused; trying the next") in seen
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
        await asyncio.wait_for(reached.wait(), 30)
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
        assert feed.state.reason == "nothing heard for over 20 s"
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


async def test_a_living_server_that_never_answers_the_subscription_has_refused_it() -> None:
    """That is all the answer that a wrong token gets (reference, Igtimi, section 1.7)."""
    clock = HandClock()

    async def beating(server: Server, connection: ServerConnection) -> None:
        await server.listen(connection)
        clock.advance(1)
        await connection.send("1")
        await server.listen(connection)
        await server.listen(connection)

    async with serving(beating) as server:
        feed = follow(server.url, clock=clock)
        await feed.start()
        for attempt in range(1, 4):
            await server.until(lambda: len(server.heard) == 2 * attempt)  # noqa: B023
            await heard_more(feed, attempt - 1)
            assert feed.state.phase is Phase.CONNECTING
            clock.advance(4.1)
            await until(feed, lambda: phase(feed, Phase.RECONNECTING, Phase.REFUSED))
            clock.advance(10)
        assert feed.state.phase is Phase.REFUSED
        assert feed.state.reason == (
            "the server did not answer the subscription: check the token and its permissions"
        )
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


async def test_a_goodbye_leads_on_and_only_a_refusal_ends_and_silence_is_said() -> None:
    def goodbye(code: int, url: str) -> bytes:
        words = b"\x10" + bytes((0x80 | code & 0x7F, code >> 7)) + b"\x1a\x04busy"
        words += b"\x22" + bytes((len(url),)) + url.encode()
        inner = b"\x12" + bytes((len(words),)) + words
        return b"\x0a" + bytes((len(inner),)) + inner

    clock, dialect = HandClock(), RiotDialect("token")
    async with serving() as first, serving() as second:
        feed = follow(
            first.url, second.url, clock=clock,
            converse=lambda serials: Conversation(dialect, serials),
        )  # fmt: skip
        await feed.start()
        await until(feed, lambda: phase(feed, Phase.QUIET))
        await first.send(goodbye(503, second.url))
        await until(feed, lambda: phase(feed, Phase.RECONNECTING))
        assert feed.state.reason == "busy"
        clock.advance(2)
        await until(feed, lambda: phase(feed, Phase.QUIET))
        assert feed.state.server == second.url, "where it was told to go, of those that it may"
        for _ in range(5):
            clock.advance(15)
            messages = feed.health().messages
            await second.send("1")
            await heard_more(feed, messages)
        assert "no window lets you read these devices" in feed.state.reason
        await second.send(goodbye(403, ""))
        await until(feed, lambda: phase(feed, Phase.REFUSED))
        await feed.stop()
