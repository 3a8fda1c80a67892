"""The feed as a whole: holes filled, many devices, other dialects, and what it says of itself."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from websockets.asyncio.server import ServerConnection

from tests.live.feeds import GONE, SERIAL, SOG, Archive, follow, phase, turns
from tests.live.rig import (
    WALL,
    HandClock,
    Server,
    hang_up,
    sample,
    serving,
    until,
)
from tui.embedded.igtimi.blocks import Column
from tui.embedded.igtimi.riot_messages import encode_message
from tui.live.feed import Lately, Phase, Unavailable
from tui.live.recorder import Recorder
from tui.live.recording import Recording
from tui.live.replay import RecordingSource, Replay
from tui.live.store import FeedStore
from tui.live.tiers import Retention
from tui.services.igtimi.live import Conversation
from tui.services.igtimi.riot import RiotDialect


def message(serial: str, time: int, speed: float) -> bytes:
    """A frame of the second dialect with one speed over ground, in km/h."""
    return encode_message(serial, {(9, 0): Column([time], [[speed]])})


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
            await connection.send(sample(SERIAL, clock.wall(), clock.wall() % 77))
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
        assert feed.health().hole_failure == (SERIAL, "HTTP 503")
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


async def test_where_the_server_lets_us_other_devices_come_on_the_connection_that_stands(
    tmp_path: Path,
) -> None:
    other, third = "GA-EN-AAEA", "GA-EN-AAEB"
    archive = Archive()
    dialect = RiotDialect("token")

    def converse(serials: Sequence[str]) -> Conversation:
        return Conversation(dialect, serials)

    async with serving() as server:
        feed = follow(
            server.url, serials=(SERIAL, other), converse=converse, fetch=archive, history=60_000
        )
        await feed.start()
        await until(feed, lambda: phase(feed, Phase.QUIET) and not feed.health().holes)
        recorder = Recorder(tmp_path / "race.tockrec", dialect="riot")
        feed.record(recorder)
        await server.send(message(SERIAL, WALL, 3.0))
        await until(feed, lambda: feed.health().messages == 3)
        archive.asked.clear()
        await feed.follow([other, third])
        asked: list[list[str]] = []

        def asked_twice() -> bool:
            asked[:] = [json.loads(text)["devices"] for text in server.heard if text != "1"]
            return len(asked) == 2

        await server.until(asked_twice)
        assert asked == [[SERIAL, other], [other, third]]
        # Later than what the archive has, which overlaps.
        await server.send(message(SERIAL, WALL + 8_000, 4.0))
        await server.send(message(third, WALL + 8_000, 5.0))
        await until(feed, lambda: feed.store.newest(third) == WALL + 8_000)
        await until(feed, lambda: not feed.health().holes)
        assert len(server.connections) == 1
        assert feed.serials == (other, third)
        assert not feed.store.samples((SERIAL, 9, 0), WALL + 8_000, WALL + 8_001)[0]
        assert feed.health().passed["foreign"] == 1
        assert {serial for serial, *_ in archive.asked} == {third}, "the other one lacks nothing"
        recorder.close()
        await feed.stop()
    replay = Replay(RecordingSource(Recording(recorder.path), lambda _, s: converse(s)))
    await replay.start()
    await replay.jump(replay.source.end)
    assert replay.store.samples((SERIAL, 9, 0), 0, 1 << 60)[0] == [WALL]
    shown = replay.store.samples((third, 9, 0), 0, 1 << 60)
    assert shown == feed.store.samples((third, 9, 0), 0, 1 << 60), "what was fetched as well"
    assert shown[0][-1] == WALL + 8_000
    assert len(shown[0]) > 60
    await replay.stop()


async def test_garbage_is_counted_and_the_feed_goes_on() -> None:
    async with serving() as server:
        feed = follow(server.url)
        await feed.start()
        await until(feed, lambda: phase(feed, Phase.QUIET))
        for frame in ("?", "[", b"\x00\xff", sample("XX", WALL, 1), sample(SERIAL, WALL, 2)):
            await server.send(frame)
        await until(feed, lambda: SOG in feed.store)
        health = feed.health()
        assert (health.dropped, health.passed) == ({"unreadable": 3}, {"foreign": 1})
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


async def test_the_store_that_is_given_is_used_though_it_is_empty() -> None:
    store = FeedStore()
    assert follow(GONE, store=store).store is store


def test_a_history_that_was_fetched_is_no_news_and_a_minute_is_a_minute() -> None:
    store = FeedStore()
    store.add([(SOG, [WALL], ([1.0],))], heard=WALL)
    store.add([(SOG, [WALL - 2000, WALL - 1000], ([1.0, 1.0],))], fetched=True)
    assert store.counts().late == 0
    store.add([(SOG, [WALL - 500], ([1.0],))], heard=WALL)
    assert store.counts().late == 1
    lately = Lately()
    assert lately.grown({"junk": 5}, 100.0) == {}, "what was before anybody looked"
    assert lately.grown({"junk": 7}, 130.0) == {"junk": 2}
    assert lately.grown({"junk": 7, "expired": 1}, 161.0) == {"junk": 2, "expired": 1}
    assert lately.grown({"junk": 7, "expired": 1}, 195.0) == {"expired": 1}


async def test_what_is_older_is_fetched_once_as_far_back_as_it_is_wanted() -> None:
    archive = Archive()
    async with serving() as server:
        feed = follow(server.url, fetch=archive, history=60_000)
        assert not feed.reach(SERIAL, WALL - 600_000), "nothing is known before it has begun"
        await feed.start()
        await until(feed, lambda: SOG in feed.store and feed.health().holes == 0)
        assert not feed.reach(SERIAL, WALL - 60_000), "that was asked for"
        assert not feed.reach("GA-XX-AAAA", 1), "nobody follows it"
        assert feed.reach(SERIAL, WALL - 1_000_000)
        assert not feed.reach(SERIAL, WALL - 1_000_000)
        await until(feed, lambda: feed.health().holes == 0)
        times, _ = feed.store.samples(SOG, 0, 1 << 60)
        assert times == list(range(WALL - 1_005_000, WALL + 5001, 1000))
        assert all(end - start <= 600_000 for _, start, end in archive.asked)
        assert feed.standing() == [], "what nobody missed is no hole"
        await feed.stop()


async def test_nothing_is_fetched_that_would_find_no_place() -> None:
    archive = Archive()
    store = FeedStore(Retention(samples=1024))
    async with serving() as server:
        feed = follow(server.url, fetch=archive, history=60_000, store=store)
        await feed.start()
        await until(feed, lambda: SOG in feed.store and feed.health().holes == 0)
        for back in range(10):
            if not feed.reach(SERIAL, WALL - 600_000 * (back + 1)):
                break
            await until(feed, lambda: feed.health().holes == 0)
        assert 0 < back < 9
        assert store.floor(SERIAL) > WALL - 600_000 * (back + 1)
        asked = len(archive.asked)
        assert not feed.reach(SERIAL, 1)
        assert len(archive.asked) == asked
        await feed.stop()
