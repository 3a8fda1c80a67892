"""The live room against the embedded services: feeds, archive, recordings, sessions, presets."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.deck import workspace_of
from tests.harness import EmbeddedServer
from tui.live.feed import Phase, Unavailable
from tui.live.recorder import Recorder
from tui.live.replay import Replay
from tui.live.supervisor import LiveFeed
from tui.services.igtimi.columns import Series
from tui.workspace.live.archive import batches_of
from tui.workspace.live.course import course_of, session_sailed_now
from tui.workspace.live.day import course_of_day, day_of, day_told
from tui.workspace.live.export import whole
from tui.workspace.live.live import LiveRoom, ReplayFailed
from tui.workspace.live.presets import Arrangement, Limits, Presets, arrangement_of
from tui.workspace.workspace import Workspace

PATIENCE = 30.0
BOAT, SECOND_BOAT = "GA-EN-AAAA", "GA-EN-AAAB"


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedServer]:
    with EmbeddedServer(services=["igtimi"]) as running:
        yield running


@pytest.fixture
async def workspace(server: EmbeddedServer, tmp_path: Path) -> AsyncIterator[Workspace]:
    made = workspace_of(server, tmp_path)
    yield made
    await made.close()


@pytest.fixture
def room(workspace: Workspace) -> LiveRoom:
    return workspace.live


async def reaches(feed: LiveFeed | Replay, condition: Callable[[], bool]) -> None:
    """Wait on the feed's own news until something holds."""
    news = asyncio.Event()
    end = feed.subscribe(news.set)

    async def wait() -> None:
        while not condition():
            news.clear()
            await news.wait()

    try:
        await asyncio.wait_for(wait(), PATIENCE)
    finally:
        end()


async def test_devices_have_names_and_a_feed_of_them_is_live_with_its_past(room: LiveRoom) -> None:
    devices = await room.devices()
    assert room.name(BOAT) == "Kōtare"
    assert room.name("ZZ-ZZ-ZZZZ") == "ZZ-ZZ-ZZZZ"
    assert [one.name.casefold() for one in devices] == sorted(d.name.casefold() for d in devices)
    feed = room.feed([BOAT], history=300_000, types=[9])
    await feed.start()
    await reaches(feed, lambda: feed.state.phase is Phase.LIVE)

    def past_is_there() -> bool:
        """The past came over REST: it reaches as far back as was asked for."""
        series = feed.store.series((BOAT, 9, 0))
        first = series.first_time if series is not None else None
        return first is not None and feed.now - first > 200_000

    await reaches(feed, past_is_there)
    await reaches(feed, lambda: feed.health().holes == 0)
    await room.release(feed)
    assert "stopped" in feed.state.phase


async def test_a_wrong_token_is_refused_in_words_and_not_tried_again(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    workspace = workspace_of(server, tmp_path, igtimi__access_token="wrong")
    feed = workspace.live.feed([BOAT])
    await feed.start()
    await reaches(feed, lambda: feed.state.phase is Phase.REFUSED)
    assert feed.state.reason
    assert feed.state.retry_at is None
    assert "wrong" not in feed.state.reason
    await workspace.close()


async def test_only_servers_of_the_service_are_given_the_token(
    room: LiveRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = await room._connections.igtimi()

    async def elsewhere() -> list[str]:
        return ["wss://live.example.net/feed"]

    monkeypatch.setattr(service.server_listers, "web_sockets", elsewhere)
    with pytest.raises(Unavailable, match="not a host of the configured service") as refused:
        await room._servers()
    assert refused.value.final


async def test_a_server_that_is_not_encrypted_is_passed_over_and_said_once(
    server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loopback, secure = "ws://127.0.0.1:9/live", "wss://live.example/feed"
    plain = "ws://live.example/feed"
    named = ",".join([loopback, plain, secure])
    workspace = workspace_of(server, tmp_path, igtimi__websocket_servers=named)
    told: list[str] = []
    workspace.connections.told = told.append
    for _ in range(2):
        assert await workspace.live._servers() == [loopback, secure]
    (said,) = told
    assert plain in said
    assert "not encrypted" in said
    await workspace.close()

    workspace = workspace_of(server, tmp_path)
    service = await workspace.connections.igtimi()

    async def listed() -> list[str]:
        return ["ws://127.0.0.2/live", loopback]

    monkeypatch.setattr(service.server_listers, "web_sockets", listed)
    workspace.connections.told = told.append
    assert await workspace.live._servers() == [loopback]
    assert "ws://127.0.0.2/live" in told[-1]
    await workspace.close()

    allowed = {"igtimi__websocket_servers": plain, "network__allow_plain_http": "true"}
    workspace = workspace_of(server, tmp_path, **allowed)
    assert await workspace.live._servers() == [plain]
    await workspace.close()
    workspace = workspace_of(server, tmp_path, igtimi__websocket_servers=plain)
    with pytest.raises(Unavailable, match="not encrypted") as refused:
        await workspace.live._servers()
    assert refused.value.final
    await workspace.close()


async def test_configured_servers_come_instead_of_the_list(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    workspace = workspace_of(server, tmp_path, igtimi__websocket_servers="ws://127.0.0.1:9/live")
    room = workspace.live
    assert await room._servers() == ["ws://127.0.0.1:9/live"]
    await workspace.close()


async def test_the_second_dialect_speaks_to_its_server_and_reads_its_archive(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    workspace = workspace_of(
        server,
        tmp_path,
        igtimi__base_url=server.url("/igtimi/riot"),
        igtimi__dialect="riot",
    )
    feed = workspace.live.feed([BOAT], history=120_000, types=[9])
    await feed.start()
    await reaches(feed, lambda: feed.state.phase is Phase.LIVE and not feed.health().holes)
    series = feed.store.series((BOAT, 9, 0))
    assert series is not None
    assert series.first_time is not None
    assert feed.now - series.first_time > 60_000
    await feed.follow([SECOND_BOAT])
    await reaches(feed, lambda: (SECOND_BOAT, 9, 0) in feed.store and not feed.health().holes)
    assert (feed.health().connections, feed.health().reconnects) == (1, 0)
    await workspace.close()


async def test_a_recording_plays_what_was_heard(room: LiveRoom) -> None:
    feed = room.feed([BOAT], history=0)
    recorder = await room.record(feed)  # Before anything can be heard that is not in it.
    await feed.start()
    await reaches(feed, lambda: (BOAT, 9, 0) in feed.store)
    await feed.stop()
    assert room.recorder is recorder
    assert await room.stop_recording() is recorder
    assert await room.stop_recording() is None
    assert recorder.frames > 0
    (kept,) = room.recordings.all()
    assert kept.path == recorder.path
    assert kept.bytes == recorder.bytes
    replay = await room.replay_recording(kept.path)
    await replay.start()
    await replay.jump(replay.source.end)
    assert sorted(replay.store) == sorted(feed.store)
    key = (BOAT, 9, 0)
    assert replay.store.samples(key, 0, 1 << 60) == feed.store.samples(key, 0, 1 << 60)


async def test_what_is_no_recording_is_said_in_words(room: LiveRoom, tmp_path: Path) -> None:
    letter = tmp_path / "letter.tockrec"
    letter.write_text("Dear Sir or Madam")
    with pytest.raises(ReplayFailed, match="not a recording"):
        await room.replay_recording(letter)
    with pytest.raises(ReplayFailed, match="no recording"):
        await room.replay_recording(tmp_path / "nothing.tockrec")
    feed = room.feed([BOAT])
    with pytest.raises(ReplayFailed):
        await room.record(feed, letter)
    assert letter.read_text() == "Dear Sir or Madam"


async def test_recordings_get_names_of_their_own_and_parts_count_once(room: LiveRoom) -> None:
    folder = room.recordings.folder
    assert room.recordings.all() == []
    now = datetime(2026, 5, 1, 12, tzinfo=UTC)
    first = room.recordings.new_path(now)
    folder.mkdir(parents=True)
    # Its own first file is gone already: a long recording is bounded.
    recorder = Recorder(first, "igtimi", part=1, keep=2)
    for wall in range(3):
        recorder.frame(1, b"12345", wall)
    recorder.close()
    assert not first.exists()
    files = list(folder.iterdir())
    second = room.recordings.new_path(now)
    assert second != first
    (found,) = room.recordings.all()
    assert (found.path, found.bytes) == (first, sum(one.stat().st_size for one in files))


async def test_a_recording_of_any_time_is_read_to_its_end(room: LiveRoom, tmp_path: Path) -> None:
    path = tmp_path / "far.tockrec"
    recorder = Recorder(path, "igtimi")
    recorder.opened(1, [BOAT], "", 1 << 62)
    recorder.frame(1, b"1", (1 << 62) + 1)
    recorder.close()
    feed = await room.replay_recording(path)
    async with asyncio.timeout(30):
        await whole(feed)
    assert feed.ended


async def test_a_session_runs_or_is_played_again(room: LiveRoom) -> None:
    by_name = {one.name: one for one in await room.sessions()}
    running = await room.session(by_name["Twilight series"].id)
    now = datetime.now(UTC)
    assert running.runs(now)
    assert BOAT in running.serials
    past = await room.session(by_name["Kiel, training race 3"].id)
    assert not past.runs(now)
    assert past.names[BOAT] == room.name(BOAT)
    told: list[tuple[int, int]] = []
    replay = await room.replay_session(past, lambda done, total: told.append((done, total)))
    assert told[-1][0] == told[-1][1] == len(told) == len(past.serials)
    assert past.start is not None
    assert abs(replay.source.start - past.start.timestamp() * 1000) < 1000
    await replay.start()
    await replay.jump(replay.source.start + 60_000)
    assert replay.store.newest(BOAT) is not None


async def test_a_session_without_data_says_so(room: LiveRoom) -> None:
    empty = (await room.sessions())[0]
    assert empty.start_time is not None
    assert empty.start_time > datetime.now(UTC)
    with pytest.raises(ReplayFailed):
        await room.replay_session(await room.session(empty.id))


async def test_the_list_of_sessions_is_newest_first(room: LiveRoom) -> None:
    starts = [one.start_time for one in await room.sessions() if one.start_time is not None]
    assert starts == sorted(starts, reverse=True)
    assert starts[0] - starts[-1] > timedelta(days=1)


def test_an_answer_becomes_batches_by_the_rules_of_the_feed() -> None:
    heart = Series(serial="B", type=13, times=[1, 2], axes={1: [9, 9], 2: [1, 2], 3: [80, 81]})
    text = Series(serial="B", type=52, times=[1], axes={1: ["x"]})
    never = Series(serial="B", type=5, times=[1, 2], axes={1: [9.68e-309, 4.0]})
    short = Series(serial="B", type=9, times=[1, 2], axes={1: [4.0]})
    mixed: list[Any] = [math.nan, "x", True, 1e200, 7.5]
    some = Series(serial="B", type=6, times=[1, 2, 3, 4, 5], axes={1: mixed})
    answer = [heart, text, never, short, some]
    found = {key: (times, [*axes]) for key, times, axes in batches_of(answer)}
    assert found == {
        ("B", 6, 0): ([5], [[7.5]]),
        ("B", 13, 0): ([1, 2], [[80, 81]]),
        ("B", 5, 0): ([2], [[4.0]]),
    }


def test_presets_are_kept_by_name_and_survive_what_hands_make_of_them(tmp_path: Path) -> None:
    presets = Presets(tmp_path / "state" / "live-presets.json")
    assert presets.names() == []
    assert presets.load() is None
    race = Arrangement(devices=(BOAT,), types=(9, 12), window=60, scale="auto")
    race = race.changed(limits={9: Limits(warn_low=2.0, high=40.0)})
    presets.save(race, "race")
    presets.save(Arrangement())
    assert presets.names() == ["race"]
    assert Presets(tmp_path / "state" / "live-presets.json").load("race") == race
    presets.delete("race")
    assert presets.names() == []
    assert presets.load() == Arrangement()
    (tmp_path / "state" / "live-presets.json").write_text("{broken")
    assert presets.load() is None
    odd = {"window": 3, "unit": "furlongs", "types": [9, "x", True], "group": "type", "x": 1}
    assert arrangement_of(odd) == Arrangement(types=(9,), group="type")


def test_limits_have_two_sides() -> None:
    both = Limits(warn_low=2.0, warn_high=5.0)
    assert [both.beyond(value) for value in (1.9, 2.0, 5.0, 5.1)] == [-1, 0, 0, 1]
    assert Limits().beyond(1e9) == 0


async def test_a_recording_knows_its_day(room: LiveRoom, tmp_path: Path) -> None:
    feed = room.feed([BOAT, SECOND_BOAT], history=0)
    sailed = await session_sailed_now(room, feed.serials)
    assert sailed is not None
    assert sailed.state.marks
    day = await day_told(room, feed.serials, None)
    assert day == day_of(room, feed.serials, sailed)
    assert (day.session, day.title) == (sailed.session.id, sailed.name)
    assert day.names[BOAT] == "Kōtare"
    recorder = await room.record(feed, tmp_path / "race.tockrec")
    recorder.day(day, 1)
    await room.stop_recording()
    room.names, room.called = {BOAT: "Known"}, {}
    replay = await room.replay_recording(recorder.path)
    room.take_names(replay)
    assert replay.source.day == day
    assert course_of_day(day) == course_of(sailed), "marks, line and wind"
    assert room.name(SECOND_BOAT) == day.boats.get(SECOND_BOAT, day.names[SECOND_BOAT])
    assert dict(room.called) == sailed.names
    await room.release(replay)
