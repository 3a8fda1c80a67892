"""Replay: what was recorded comes again bit for bit, in a person's own time."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pytest

from tests.live.feeds import Archive, follow
from tests.live.rig import PATIENCE, WALL, HandClock, heard_more, sample, serving, until
from tui.live.feed import Conversation as AnyConversation
from tui.live.feed import Phase, Unavailable
from tui.live.recorder import Recorder
from tui.live.recording import Kind, Recording
from tui.live.replay import RecordingSource, Replay, Source
from tui.live.series import SeriesKey
from tui.live.session_source import SessionSource, load_session
from tui.live.store import Batch, FeedStore
from tui.services.igtimi.live import Conversation
from tui.services.igtimi.live_json import JsonDialect

SERIAL = "GA-DK-AAAD"
SOG = SeriesKey(SERIAL, 9)
DATA = Path(__file__).parents[1] / "data" / "igtimi"


def speak(dialect: str, serials: Sequence[str]) -> AnyConversation:
    assert dialect == "igtimi"
    return Conversation(JsonDialect(""), serials)


def contents(store: FeedStore) -> dict[SeriesKey, object]:
    return {key: store.samples(key, 0, 1 << 60) for key in store}


def recorded(path: Path, count: int = 30, step: int = 1000) -> Recording:
    recorder = Recorder(path, "igtimi")
    recorder.opened(1, [SERIAL], "", WALL)
    recorder.frame(1, str(WALL + 40).encode(), WALL)
    for index in range(count):
        time = WALL + index * step
        recorder.frame(1, sample(SERIAL, time, index).encode(), time)
    recorder.close()
    return Recording(path)


def playing(path: Path, clock: HandClock, **options: float | bool) -> Replay:
    return Replay(
        RecordingSource(recorded(path), speak),
        clock=clock,
        frame=0.0,
        **options,  # type: ignore[arg-type]
    )


async def told(replay: Replay, condition: Callable[[], bool]) -> None:
    news = asyncio.Event()
    unsubscribe = replay.subscribe(news.set)
    async with asyncio.timeout(PATIENCE):
        while not condition():
            news.clear()
            await news.wait()
    unsubscribe()


def speed_now(replay: Replay) -> float | None:
    last = replay.store.last(SOG)
    return None if last is None else last[1][0]


async def test_a_recording_of_the_real_transcript_replays_to_the_same_series(
    tmp_path: Path,
) -> None:
    path = tmp_path / "race.tockrec"
    clock = HandClock()
    lines = (DATA / "ws_transcript_GA-DK-AAAD.jsonl").read_text().splitlines()
    texts = [line["text"] for line in map(json.loads, lines) if line["dir"] == "server->client"]
    zero = '[{"GA-DK-AAAD":{"50":{"t":[0],"1":[99]}}}]'
    async with serving() as server:
        feed = follow(server.url, clock=clock)
        recorder = Recorder(path, "igtimi")
        feed.record(recorder)
        await feed.start()
        await until(feed, lambda: feed.state.phase is Phase.QUIET)
        for text in [*texts, zero]:
            messages = feed.health().messages
            await server.send(text)
            await heard_more(feed, messages)
            clock.advance(0.75)
        await until(feed, lambda: SeriesKey(SERIAL, 50) in feed.store)
        await feed.stop()
        recorder.close()
    replay = Replay(RecordingSource(Recording(path), speak), clock=HandClock())
    await replay.start()
    await replay.jump(1 << 60)
    assert contents(replay.store) == contents(feed.store)
    assert len(replay.store) == 5
    await replay.stop()

    again = Recorder(tmp_path / "again.tockrec", "igtimi")
    for record in Recording(path):
        if record.kind is Kind.OPENED:
            again.opened(1, [SERIAL], server.url, record.wall)
        elif record.kind is Kind.FRAME:
            again.frame(record.link, record.content, record.wall)
        else:
            again.closed(1, record.content.decode(), record.wall)
    again.close()
    assert list(Recording(again.path)) == list(Recording(path))


async def test_time_passes_as_it_did(tmp_path: Path) -> None:
    clock = HandClock()
    replay = playing(tmp_path / "race.tockrec", clock)
    await replay.start()
    clock.advance(3.5)
    await told(replay, lambda: speed_now(replay) == 3)
    assert replay.now == WALL + 3500 + 40
    assert replay.state.phase is Phase.LIVE
    clock.advance(1.0)
    await told(replay, lambda: speed_now(replay) == 4)
    await replay.stop()


async def test_a_clock_that_is_put_back_while_it_records_takes_nothing_out_of_its_order(
    tmp_path: Path,
) -> None:
    hour, path = 3_600_000, tmp_path / "race.tockrec"
    recorder = Recorder(path, "igtimi")
    recorder.opened(1, [SERIAL], "", WALL)
    recorder.frame(1, str(WALL + 40).encode(), WALL)
    for index in range(30):
        put_back = hour if index >= 10 else 0
        wall = WALL + index * 1000 - put_back - index % 2
        recorder.frame(1, sample(SERIAL, WALL + index * 1000, index).encode(), wall)
    recorder.close()
    clock = HandClock()
    replay = Replay(RecordingSource(Recording(path), speak), clock=clock, frame=0.0)
    await replay.start()
    # How long it was put back for, to a second, nobody knows: what came next comes at once.
    clock.advance(19.5)
    await told(replay, lambda: speed_now(replay) == 20)
    assert replay.now == WALL + 19_500 + 40
    assert replay.source.end == WALL + 27_998
    await replay.jump(WALL + 12_000)
    assert speed_now(replay) == 13
    assert replay.source.clocks.ahead == {}
    await replay.stop()


@pytest.mark.parametrize(("speed", "expected"), [(0.25, 2), (4.0, 29), (64.0, 29), (500, 29)])
async def test_speed_from_a_quarter_to_sixty_four(
    tmp_path: Path, speed: float, expected: int
) -> None:
    clock = HandClock()
    replay = playing(tmp_path / "race.tockrec", clock)
    await replay.start()
    replay.set_speed(speed)
    assert replay.speed == min(speed, 64)
    clock.advance(8.0)
    await told(replay, lambda: speed_now(replay) == expected)
    await replay.stop()


async def test_changing_speed_does_not_change_the_place(tmp_path: Path) -> None:
    clock = HandClock()
    replay = playing(tmp_path / "race.tockrec", clock)
    await replay.start()
    clock.advance(2.0)
    replay.set_speed(8)
    assert replay.now == WALL + 2000 or replay.now == WALL + 2040
    clock.advance(1.0)
    await told(replay, lambda: speed_now(replay) == 10)
    await replay.stop()


async def test_pause_step_and_resume(tmp_path: Path) -> None:
    clock = HandClock()
    replay = playing(tmp_path / "race.tockrec", clock)
    await replay.start()
    clock.advance(2.5)
    await told(replay, lambda: speed_now(replay) == 2)
    replay.pause()
    assert replay.state.phase is Phase.PAUSED
    assert clock.pending == 0
    clock.advance(60)
    assert speed_now(replay) == 2
    await replay.step()
    assert (speed_now(replay), replay.place) == (3, WALL + 3000)
    await replay.step()
    assert (speed_now(replay), replay.place) == (4, WALL + 4000)
    replay.resume()
    clock.advance(1.0)
    await told(replay, lambda: speed_now(replay) == 5)
    await replay.stop()


async def test_jumping_forth_and_back_gives_what_playing_gives(tmp_path: Path) -> None:
    clock = HandClock()
    replay = playing(tmp_path / "race.tockrec", clock)
    await replay.start()
    replay.pause()
    await replay.jump(WALL + 20_500)
    assert speed_now(replay) == 20
    far = contents(replay.store)
    await replay.jump(WALL + 5_000)
    assert speed_now(replay) == 5
    await replay.jump(WALL + 20_500)
    assert contents(replay.store) == far
    await replay.jump(0)
    assert replay.place == WALL
    await replay.stop()


async def test_an_error_that_nobody_foresaw_is_said_and_another_place_is_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = HandClock()
    replay = playing(tmp_path / "race.tockrec", clock)
    await replay.start()
    with monkeypatch.context() as broken:
        broken.setattr(replay.store, "add", lambda *_, **__: 1 // 0)
        clock.advance(2.5)
        await told(replay, lambda: bool(replay.failure))
    assert replay.state.phase is Phase.REFUSED
    assert "stopped by an error: ZeroDivisionError" in replay.state.reason
    assert clock.pending == 0
    await replay.jump(WALL + 5000)
    assert (replay.state.phase, speed_now(replay)) == (Phase.LIVE, 5)
    await replay.stop()


async def test_the_end_is_told_and_nothing_ticks_any_more(tmp_path: Path) -> None:
    clock = HandClock()
    replay = playing(tmp_path / "race.tockrec", clock)
    await replay.start()
    clock.advance(100)
    await told(replay, lambda: replay.ended)
    assert replay.state.reason == "the replay has reached its end"
    await asyncio.sleep(0)
    assert clock.pending == 0
    await replay.stop()
    assert replay.state.phase is Phase.STOPPED


@pytest.mark.parametrize("at_once", [True, False])
async def test_a_unit_an_hour_ahead_stands_where_it_was_heard_however_far_a_step_reaches(
    tmp_path: Path, at_once: bool
) -> None:
    path, other, hour = tmp_path / "race.tockrec", "GA-DK-AAAE", 3_600_000
    recorder = Recorder(path, "igtimi")
    recorder.opened(1, [SERIAL, other], "", WALL)
    recorder.frame(1, str(WALL).encode(), WALL)
    for index in range(100):
        time = WALL + index * 1000
        recorder.frame(1, sample(SERIAL, time + hour, index).encode(), time)
        recorder.frame(1, sample(other, time, index).encode(), time)
    recorder.close()
    source = RecordingSource(Recording(path), speak)
    store = FeedStore()
    while (following := source.upcoming()) is not None:
        store.add(source.advance(1 << 62 if at_once else following), source.horizon)
    for serial in (SERIAL, other):
        times, axes = store.samples((serial, 9, 0), 0, 1 << 62)
        assert times == [WALL + index * 1000 for index in range(100)]
        assert list(axes[0]) == list(range(100))
    assert store.counts().conflicts == 0
    assert source.clocks.ahead == {SERIAL: hour}


async def test_a_loop_begins_anew(tmp_path: Path) -> None:
    clock = HandClock()
    replay = playing(tmp_path / "race.tockrec", clock, loop=True)
    await replay.start()
    clock.advance(28)
    await told(replay, lambda: speed_now(replay) == 28)
    clock.advance(12)
    await told(replay, lambda: SOG not in replay.store)
    clock.advance(2.0)
    await told(replay, lambda: speed_now(replay) == 2)
    await replay.stop()


async def test_a_past_session_plays_on_the_same_feed() -> None:
    archive = Archive()
    seen: list[tuple[int, int]] = []
    end = WALL + 2 * 3_600_000 + 1000
    source: Source = await load_session(
        archive, [SERIAL, "GA-EN-AAEA"], WALL, end, lambda *done: seen.append(done)
    )
    assert len(archive.asked) == 6
    assert all(stop - start <= 3_600_000 for _, start, stop in archive.asked)
    assert seen[-1] == (6, 6)
    clock = HandClock(WALL + 10**9)
    replay = Replay(source, clock=clock, frame=0.0)
    await replay.start()
    clock.advance(10)
    await told(replay, lambda: SeriesKey("GA-EN-AAEA", 9) in replay.store)
    await told(replay, lambda: replay.store.newest(SERIAL) == WALL + 10_000)
    assert replay.now == WALL + 10_000
    assert replay.health().devices[0].age == 0
    await replay.jump(end)
    times, _ = replay.store.samples(SOG, 0, 1 << 60)
    assert times == list(range(WALL, end + 1, 1000))[-len(times) :]
    assert replay.ended
    await replay.stop()


async def test_a_session_that_cannot_be_fetched_says_so() -> None:
    async def refuse(serial: str, start: int, end: int) -> Iterable[Batch]:
        raise Unavailable("no permission", final=True)

    with pytest.raises(Unavailable, match="no permission"):
        await load_session(refuse, [SERIAL], WALL, WALL + 1000)


async def test_what_no_boat_can_have_done_is_told_of_a_session_when_it_was() -> None:
    archive = FeedStore()
    fixes = [[10.0, 0.0, 10.0, 10.0], [54.0, 0.0, 54.0, 54.0]]
    archive.add([((SERIAL, 1, 0), [WALL + 1000 * at for at in range(4)], fixes)])
    assert archive.apart().total() == 1
    replay = Replay(SessionSource(archive, [SERIAL], WALL, WALL + 3000), clock=HandClock())
    await replay.start()
    replay.pause()
    for time, told in ((WALL, 0), (WALL + 2000, 1), (WALL, 0), (WALL + 3000, 1)):
        await replay.jump(time)
        (health,) = replay.health().devices
        assert (health.apart, replay.store.apart().total()) == (told, told)
    key = SeriesKey(SERIAL, 1)
    assert replay.store.samples(key, 0, 1 << 60) == archive.samples(key, 0, 1 << 60)
    await replay.stop()
