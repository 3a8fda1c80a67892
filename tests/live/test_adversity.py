"""The feed where clocks, servers and archives do what nobody expects: it goes on, and says so."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus

import pytest
from websockets.asyncio.server import ServerConnection, serve
from websockets.datastructures import Headers
from websockets.http11 import Request, Response

from tests.live.feeds import GONE, SERIAL, SOG, Archive, follow, phase, turns
from tests.live.rig import (
    PATIENCE,
    WALL,
    HandClock,
    Server,
    hang_up,
    heard_more,
    mute,
    sample,
    serving,
    until,
)
from tui.live.feed import Phase, Unavailable
from tui.live.socket import WebSocket, _closed
from tui.live.socket import connect as websocket
from tui.live.store import Batch
from tui.live.supervisor import LiveFeed
from tui.services.wire import HIDDEN

HOUR = 3_600_000


async def reconnecting(feed: LiveFeed) -> None:
    await until(feed, lambda: phase(feed, Phase.RECONNECTING))


async def again(feed: LiveFeed, clock: HandClock) -> None:
    """Let the wait pass and the next attempt fail."""
    clock.advance(61)
    await until(feed, lambda: not phase(feed, Phase.RECONNECTING))
    await until(feed, lambda: phase(feed, Phase.RECONNECTING, Phase.REFUSED))


async def test_attempts_go_on_for_days() -> None:
    clock, attempts = HandClock(), 0

    async def servers() -> Sequence[str]:
        nonlocal attempts
        attempts += 1
        raise Unavailable("no route")

    feed = follow(clock=clock, servers=servers)
    await feed.start()
    while attempts < 1100:
        await turns(4)
        clock.advance(61)
    assert phase(feed, Phase.RECONNECTING, Phase.CONNECTING)
    await feed.stop()


@pytest.mark.parametrize("code", [1001, 1011, 1012, 1013])
async def test_a_busy_server_is_no_refusal(code: int) -> None:
    """It closes before it answers, and says why: that tells nothing of the token."""
    clock = HandClock()

    async def busy(server: Server, connection: ServerConnection) -> None:
        clock.advance(0.05)
        await connection.send("1")
        await server.listen(connection)
        await connection.close(code, "try again later")

    async with serving(busy) as server:
        feed = follow(server.url, clock=clock)
        await feed.start()
        await reconnecting(feed)
        for _ in range(5):
            await again(feed, clock)
            assert phase(feed, Phase.RECONNECTING), feed.state.reason
        assert "try again later" in feed.state.reason
        await feed.stop()


async def spoken_to(feed: LiveFeed, server: Server, clock: HandClock) -> None:
    """Let a mute server have its turn: it lives, and does not answer in its five seconds."""
    await until(feed, lambda: feed.state.server == server.url)
    await server.until(lambda: len(server.heard) > 0 and len(server.heard) % 2 == 0)
    server.heard.clear()
    clock.advance(0.1)
    messages = feed.health().messages
    await server.send("1")
    await heard_more(feed, messages)
    clock.advance(5)


async def test_mute_servers_are_counted_once_a_round() -> None:
    clock = HandClock()
    async with serving(mute) as one, serving(mute) as two, serving(mute) as three:
        feed = follow(one.url, two.url, three.url, clock=clock)
        await feed.start()
        for refused in (False, False, True):
            for server in (one, two, three):
                await spoken_to(feed, server, clock)
            await until(feed, lambda: phase(feed, Phase.RECONNECTING, Phase.REFUSED))
            assert phase(feed, Phase.REFUSED) == refused
            clock.advance(61)
        assert "did not answer the subscription: check the token" in feed.state.reason
        await feed.stop()


async def test_a_number_too_long_for_any_time_costs_its_sample_alone() -> None:
    async with serving() as server:
        feed = follow(server.url)
        await feed.start()
        await until(feed, lambda: phase(feed, Phase.QUIET))
        messages = feed.health().messages
        await server.send(f'[{{"{SERIAL}":{{"9":{{"t":[{"9" * 5000}],"1":[1]}}}}}}]')
        await heard_more(feed, messages)
        await server.send(sample(SERIAL, WALL, 4.5))
        await until(feed, lambda: SOG in feed.store)
        assert feed.store.last(SOG) == (WALL, (4.5,))
        assert feed.health().dropped == {"junk": 1}
        await feed.stop()


async def test_the_token_follows_no_redirect() -> None:
    async with serving() as elsewhere:

        def send_away(_connection: ServerConnection, _request: Request) -> Response:
            headers = Headers({"Location": elsewhere.url, "Content-Length": "0"})
            return Response(HTTPStatus.FOUND, "Found", headers, b"")

        async with serve(mute, "127.0.0.1", 0, process_request=send_away) as listening:  # type: ignore[arg-type]
            port = next(iter(listening.sockets)).getsockname()[1]
            feed = follow(f"ws://127.0.0.1:{port}")
            await feed.start()
            await reconnecting(feed)
            assert feed.state.reason == "the server answered HTTP 302, sending us elsewhere"
            assert elsewhere.requests == []
            await feed.stop()


async def test_what_was_missed_after_a_refusal_is_filled_once_it_is_mended() -> None:
    clock, archive = HandClock(), Archive()
    async with serving() as server:
        feed = follow(server.url, clock=clock, fetch=archive)
        await feed.start()
        await until(feed, lambda: phase(feed, Phase.QUIET))
        await server.send(sample(SERIAL, WALL, 1.0))
        await until(feed, lambda: SOG in feed.store)
        await server.send('{"error":"session expired"}')
        await until(feed, lambda: phase(feed, Phase.REFUSED))
        clock.advance(1500)
        feed.retry()
        await until(feed, lambda: bool(archive.asked))
        assert archive.asked[0][1] <= WALL
        assert feed.health().messages >= 4, "those of the connection before count, too"
        await feed.stop()


@pytest.mark.parametrize("step", [HOUR, -HOUR])
async def test_a_machine_that_slept_misses_all_of_that_time(step: int) -> None:
    """Its steady clock stood still meanwhile. One whose clock is put back misses little."""
    clock, archive = HandClock(), Archive()

    async def timely(server: Server, connection: ServerConnection) -> None:
        await server.listen(connection)
        await connection.send(str(clock.wall()))
        while True:
            await server.listen(connection)

    async with serving(timely) as server:
        feed = follow(server.url, clock=clock, fetch=archive)
        await feed.start()
        await until(feed, lambda: phase(feed, Phase.QUIET))
        await server.send(sample(SERIAL, WALL, 1.0))
        await until(feed, lambda: SOG in feed.store)
        clock._wall += step
        server.connections[-1].transport.abort()
        await reconnecting(feed)
        clock.advance(2)
        await until(feed, lambda: bool(archive.asked))
        start = archive.asked[0][1]
        assert start <= WALL if step > 0 else start >= WALL + step - 70_000
        await feed.stop()


@pytest.mark.parametrize("wrong", [HOUR, -24 * HOUR])
async def test_history_goes_by_the_servers_clock(wrong: int) -> None:
    clock, archive = HandClock(WALL + wrong), Archive()
    async with serving() as server:
        feed = follow(server.url, clock=clock, fetch=archive, history=600_000)
        await feed.start()
        await until(feed, lambda: bool(archive.asked))
        assert archive.asked[0][1] == WALL - 605_000
        await until(feed, lambda: feed.health().holes == 0)
        assert len(archive.asked) <= 2
        await feed.stop()


async def test_a_device_is_being_filled_until_its_history_was_answered() -> None:
    class Slow(Archive):
        def __init__(self) -> None:
            super().__init__()
            self.asking, self.answers = asyncio.Event(), asyncio.Event()

        async def __call__(self, serial: str, start: int, end: int) -> Iterable[Batch]:
            self.asking.set()
            await self.answers.wait()
            return []

    archive = Slow()
    async with serving() as server:
        feed = follow(server.url, fetch=archive, history=60_000)
        await feed.start()
        assert feed.filling == {SERIAL}, "it is wanted before there is a connection"
        async with asyncio.timeout(PATIENCE):
            await archive.asking.wait()
        assert feed.filling == {SERIAL}
        archive.answers.set()
        await until(feed, lambda: feed.health().holes == 0)
        assert not feed.filling, "that there is nothing was answered"
        await feed.stop()
        assert not feed.filling
    alone = follow("ws://127.0.0.1:9")
    await alone.start()
    assert not alone.filling, "without an archive nothing comes of before"
    await alone.stop()


async def test_an_archive_that_breaks_holds_up_no_other_device() -> None:
    class Broken(Archive):
        async def __call__(self, serial: str, start: int, end: int) -> Iterable[Batch]:
            if serial == SERIAL and not self.asked:
                self.asked.append((serial, start, end))
                raise ValueError("year 45855 is out of range")
            return await super().__call__(serial, start, end)

    archive = Broken()
    async with serving() as server:
        serials = (SERIAL, "GA-DK-AAAE")
        feed = follow(server.url, serials=serials, fetch=archive, history=60_000)
        await feed.start()
        await until(feed, lambda: ("GA-DK-AAAE", 9, 0) in feed.store)
        health = feed.health()
        assert health.holes == 1
        feed.retry()
        await until(feed, lambda: feed.health().holes == 0)
        assert SOG in feed.store
        await feed.stop()


async def test_an_archives_sample_of_the_far_future_is_junk() -> None:
    class Future(Archive):
        async def __call__(self, serial: str, start: int, end: int) -> Iterable[Batch]:
            return [((serial, 9, 0), [start, 4_102_444_800_000], ([1.0, 2.0],))]

    async with serving() as server:
        feed = follow(server.url, fetch=Future(), history=60_000)
        await feed.start()
        await until(feed, lambda: SOG in feed.store)
        last = feed.store.last(SOG)
        assert last is not None
        assert last[0] <= WALL
        assert feed.health().dropped == {"junk": 1}
        await feed.stop()


@pytest.mark.parametrize(
    "frame", ["[]", '[{"XX-YY-ZZZZ":{"9":{"t":[1384906719040],"1":[1]}}}]', '{"message":"no"}']
)
async def test_frames_without_a_sample_of_ours_are_no_life(frame: str) -> None:
    async with serving() as server:
        feed = follow(server.url)
        await feed.start()
        await until(feed, lambda: phase(feed, Phase.QUIET))
        messages = feed.health().messages
        await server.send(frame)
        await heard_more(feed, messages)
        assert phase(feed, Phase.QUIET)
        await feed.stop()


@pytest.mark.parametrize(
    ("frame", "words"),
    [
        ('{"errors":["invalid token"]}', '["invalid token"]'),
        ('{"error":{"code":401}}', '{"code":401}'),
        ('[{"error":"invalid token","reason":"revoked"}]', "invalid token: revoked"),
        ('{"error":"secret-token is not known"}', f"{HIDDEN} is not known"),
        (f'{{"error":"{"no " * 1000}"}}', "no " * 66 + "n…"[1:]),
    ],
)
async def test_a_servers_words_of_refusal_are_understood_and_bounded(
    frame: str, words: str
) -> None:
    async def refusing(server: Server, connection: ServerConnection) -> None:
        await server.listen(connection)
        await connection.send(frame)
        await server.listen(connection)

    async with serving(refusing) as server:
        feed = follow(server.url)
        await feed.start()
        await until(feed, lambda: phase(feed, Phase.REFUSED))
        assert feed.state.reason.startswith(f"the server said: {words[:190]}")
        assert len(feed.state.reason) < 230
        await feed.stop()


async def test_words_that_come_before_ours_are_heard() -> None:
    async def early(server: Server, connection: ServerConnection) -> None:
        await connection.send('{"error":"invalid token"}')
        await connection.close(1000)

    async with serving(early) as server:
        feed = follow(server.url)
        await feed.start()
        await until(feed, lambda: phase(feed, Phase.REFUSED, Phase.RECONNECTING))
        assert feed.state.reason == "the server said: invalid token"
        await feed.stop()


async def test_hanging_up_is_seen_behind_a_server_that_is_gone() -> None:
    clock = HandClock()
    async with serving(hang_up) as server:
        feed = follow(GONE, server.url, clock=clock)
        await feed.start()
        await reconnecting(feed)
        for _ in range(3):
            await again(feed, clock)
        assert feed.state.reason.startswith("accepted and hung up 4 times in a row")
        await feed.stop()


async def test_one_that_hangs_up_does_not_keep_us_from_the_next() -> None:
    clock = HandClock()
    async with serving(hang_up) as server, serving() as good:
        feed = follow(server.url, good.url, clock=clock)
        await feed.start()
        await reconnecting(feed)
        for _ in range(2):
            before = len(server.connections)
            clock.advance(61)
            await server.until(lambda before=before: len(server.connections) > before)  # type: ignore[misc]
            await until(
                feed, lambda: phase(feed, Phase.RECONNECTING) or feed.state.server == good.url
            )
        await until(feed, lambda: phase(feed, Phase.QUIET))
        assert feed.state.server == good.url
        await feed.stop()


async def test_an_address_that_is_none_is_passed_by() -> None:
    async with serving() as server:
        feed = follow("ws://[::1", server.url)
        await feed.start()
        await until(feed, lambda: phase(feed, Phase.QUIET))
        assert feed.state.server == server.url
        await feed.stop()


async def test_what_unaccepted_connections_dropped_is_counted() -> None:
    async def babbling(server: Server, connection: ServerConnection) -> None:
        await connection.send("hello")
        await server.listen(connection)
        await connection.close(1011)

    clock = HandClock()
    async with serving(babbling) as server:
        feed = follow(server.url, clock=clock)
        await feed.start()
        await reconnecting(feed)
        await again(feed, clock)
        assert feed.health().dropped == {"unreadable": 2}
        await feed.stop()


async def test_a_socket_that_comes_as_we_leave_is_closed() -> None:
    closed = asyncio.Event()

    class Late:
        async def close(self) -> None:
            closed.set()

    given: asyncio.Future[Late] = asyncio.get_running_loop().create_future()
    asked = asyncio.Event()

    async def connect(_url: str, _headers: object) -> Late:
        asked.set()
        return await given

    feed = follow("ws://127.0.0.1:9", connect=connect)
    await feed.start()
    await asked.wait()
    given.set_result(Late())
    await asyncio.sleep(0)
    await feed.stop()
    await asyncio.wait_for(closed.wait(), 30)


@pytest.mark.parametrize("broken", ["send", "close"])
async def test_what_nobody_foresaw_of_a_connection_is_said_and_ends_it(broken: str) -> None:
    """A heartbeat that is not sent, or a silent connection that is not closed: nobody waits for
    either, and the feed would look alive."""
    clock, armed = HandClock(), False

    async def connect(url: str, headers: Mapping[str, str]) -> WebSocket:
        socket = await websocket(url, headers)
        real = getattr(socket, broken)

        async def break_once(*given: str) -> None:
            nonlocal armed
            if armed:
                armed = False
                raise RuntimeError("a fault")
            await real(*given)

        setattr(socket, broken, break_once)
        return socket

    async with serving() as server:
        feed = follow(server.url, clock=clock, connect=connect)
        await feed.start()
        await until(feed, lambda: phase(feed, Phase.QUIET))
        await server.until(lambda: server.heard[1:] == ["1"])
        armed = True
        for _ in range(3 if broken == "send" else 0):
            clock.advance(30)
            messages = feed.health().messages
            await server.send("1")
            await heard_more(feed, messages)
        clock.advance(46)
        await until(feed, lambda: phase(feed, Phase.REFUSED))
        assert feed.state.reason == "stopped by an error: RuntimeError('a fault')"
        await server.until(lambda: server.open == 0)
        with pytest.raises(RuntimeError, match="a fault"):
            await feed.stop()


def test_why_we_gave_up_a_connection_is_said() -> None:
    class Frame:
        code, reason = 1009, "frame is too large"

    class Error:
        rcvd, sent = None, Frame

    found = _closed(Error)
    assert found.code is None
    assert found.reason == "the connection was given up (1009): frame is too large"
