"""Units that were silent while the connection stood: asked for, asked again, recorded, told."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tests.live.feeds import SERIAL, SOG, Archive, follow, phase
from tests.live.rig import PATIENCE, WALL, HandClock, heard_more, sample, serving, until
from tui.live.backfill import AGAIN, Backfill
from tui.live.blocks import BLOCK
from tui.live.feed import Phase
from tui.live.recorder import Recorder
from tui.live.recording import BEGINNING, Kind, Record, Recording, fetched_of, read_records
from tui.live.replay import RecordingSource, Replay
from tui.live.silences import LOOK, SILENT, Hole, Silences, gaps
from tui.live.store import FeedStore
from tui.live.tiers import Retention
from tui.services.igtimi.live import Conversation
from tui.services.igtimi.live_json import JsonDialect
from tui.workspace.live.export import left_out
from tui.workspace.live.holes import SHOWN, coarse_said, conflicts_said, holes_said

OTHER = "GA-DK-AAAE"


def put(store: FeedStore, time: int, serial: str = SERIAL) -> None:
    store.add([((serial, 9, 0), [time], ([4.0],))], heard=time)


def test_a_unit_that_returns_is_told_once_with_what_was_not_heard() -> None:
    store = FeedStore()
    silences = Silences(store)
    silences.followed([SERIAL, OTHER], WALL)
    for second in range(0, 200, 5):
        put(store, WALL + second * 1000, OTHER)
        if second < 20 or second >= 100:
            put(store, WALL + second * 1000)
        found = [
            (one.serial, one.start, one.end)
            for one in silences.returned([SERIAL, OTHER], WALL + second * 1000)
        ]
        expected = [(SERIAL, WALL + 15_000, WALL + 100_000)] if second == 100 else []
        assert found == expected, second
        silent = [one.serial for one in silences.silent([SERIAL, OTHER], WALL + second * 1000)]
        assert silent == ([SERIAL] if 15 + SILENT // 1000 < second < 100 else [])


def test_a_late_unit_lacks_all_since_it_is_followed_and_a_line_that_is_down_is_no_silence() -> None:
    store = FeedStore()
    silences = Silences(store)
    silences.followed([SERIAL], WALL)
    put(store, WALL + 100_000)
    (hole,) = silences.returned([SERIAL, "unknown"], WALL + 100_000)
    assert (hole.start, hole.end) == (WALL, WALL + 100_000)
    # The line was down meanwhile: that is another hole, filled when it stands again.
    silences.followed([SERIAL], WALL + 500_000)
    put(store, WALL + 501_000)
    assert not list(silences.returned([SERIAL], WALL + 501_000))
    put(store, WALL + 501_000 + SILENT + LOOK)
    assert len(list(silences.returned([SERIAL], WALL + 501_000 + SILENT + LOOK))) == 1


@given(st.sets(st.integers(0, 900)), st.sets(st.integers(0, 900)))
def test_gaps_are_those_that_a_slow_look_finds(sog: set[int], cog: set[int]) -> None:
    store = FeedStore()
    for type_, seconds in ((11, sog), (12, cog)):
        times = [WALL + 1000 * second for second in sorted(seconds)]
        store.add([((SERIAL, type_, 0), times, ([1.0] * len(times),))])
    hole = Hole(SERIAL, WALL + 900_000, WALL + 900_000, since=WALL)
    there = {0, 900} | sog | cog
    silent = {
        second
        for second in range(901)
        if any(
            after - before > 60
            for before in [max(one for one in there if one <= second)]
            for after in [min((one for one in there if one > second), default=900)]
        )
    }
    found = gaps(store, hole)
    assert silent == {
        second
        for one in found
        for second in range((one.start - WALL) // 1000, (one.end - WALL) // 1000)
    }


def test_what_has_become_coarse_was_heard_and_is_no_loss_when_it_is_fetched_again() -> None:
    """An hour later the memory holds none of it sample by sample: only the hole is one."""
    retention = Retention(samples=2 * BLOCK, tiers=((30_000, 60), (120_000, 720)))
    store = FeedStore(retention)
    assert coarse_said(store, UTC) == ()
    key = (SERIAL, 11, 0)
    base = WALL - WALL % 120_000
    times = [base + 1000 * second for second in range(9000) if not 1200 <= second < 1560]
    for place in range(0, len(times), 300):
        some = times[place : place + 300]
        store.add([(key, some, ([1.0] * len(some),))])
    floor = store.floor(SERIAL)
    assert floor > base + 3_600_000, "the hole and what is around it have left the ring"
    assert len(store.samples(key, 0, floor)[0]) == 0
    since = datetime.fromtimestamp(floor / 1000, UTC)
    assert coarse_said(store, UTC) == (
        f"every sample since {since:%Y-%m-%d %H:%M:%S} is there; before that 1 of 1 series are "
        "coarse, for memory holds no more",
    )
    hole = Hole(SERIAL, base + 2_000_000, base + 2_000_000, since=base + 900_000)
    assert [(one.start - base, one.end - base) for one in gaps(store, hole)] == [
        (1_199_000, 1_560_000)
    ]
    around = [time for time in times if base + 900_000 <= time < base + 2_000_000]
    missed = [base + 1000 * second for second in range(1260, 1500)]
    some = sorted((*around, *missed))
    store.add([(key, some, ([1.0] * len(some),))], fetched=True)
    counts = store.counts()
    assert (counts.duplicates, counts.expired) == (len(around), len(missed))
    store.add([(key, around, ([1.0] * len(around),))])
    assert store.counts().expired == len(missed) + len(around), "what comes live is too late"


async def test_it_is_asked_for_at_once_and_again_after_2_10_and_60_minutes() -> None:
    clock, archive, store = HandClock(), Archive(), FeedStore()
    fill = Backfill(archive, store, clock, lambda: None)

    async def filled() -> None:
        async with asyncio.timeout(PATIENCE):
            while fill.holes:  # noqa: ASYNC110
                await asyncio.sleep(0)

    fill.returned(Hole(SERIAL, WALL, WALL + 90_000))
    await filled()
    assert len(archive.asked) == 1
    for number, moment in enumerate(AGAIN, start=1):
        clock.advance(moment - clock.elapsed - 1)
        await filled()
        assert len(archive.asked) == number
        if number == 2:
            await fill.stop()  # other devices are chosen: what is owed stays owed
            assert clock.pending == 0
            fill.retry()
        clock.advance(1)
        await filled()
        assert archive.asked[number] == archive.asked[0] == (SERIAL, WALL - 5000, WALL + 95_000)
    assert (fill.later, clock.pending) == (0, 0)
    await fill.stop()


async def test_an_error_that_nobody_foresaw_costs_the_other_holes_nothing_and_is_said() -> None:
    told, archive, store = asyncio.Event(), Archive(), FeedStore()

    def fetched(hole: Hole, _end: int, _batches: object) -> None:
        if hole.serial == SERIAL:
            raise ZeroDivisionError("by nothing")

    fill = Backfill(archive, store, HandClock(), told.set, fetched=fetched)
    for serial in (SERIAL, OTHER):
        fill.add(serial, WALL, WALL + 90_000)
    async with asyncio.timeout(PATIENCE):
        while store.newest(OTHER) is None or fill.holes:
            told.clear()
            await told.wait()
    assert [one.serial for one in fill.given_up] == [SERIAL]
    await fill.stop()


async def test_of_the_last_hole_too_it_is_said() -> None:
    told = asyncio.Event()
    fill = Backfill(Archive(), FeedStore(), HandClock(), told.set, fetched=lambda *_: 1 // 0)
    fill.add(SERIAL, WALL, WALL + 90_000)
    async with asyncio.timeout(PATIENCE):
        await told.wait()
    assert (fill.holes, fill.failure) == (
        [], (SERIAL, "an error: ZeroDivisionError('integer division or modulo by zero')")
    )  # fmt: skip
    await fill.stop()


async def test_a_silence_is_fetched_recorded_replayed_and_what_stays_is_told(
    tmp_path: Path,
) -> None:
    clock, archive = HandClock(), Archive()
    path = tmp_path / "race.tockrec"

    async def half(serial: str, start: int, end: int) -> object:
        """The unit has uploaded what it measured up to 100 seconds before its return."""
        ((key, times, (values,)),) = await archive(serial, start, end)
        count = sum(time <= end - 105_000 for time in times)
        return [(key, times[:count], ([*values[: count - 1], 99.5],))]

    async with serving() as server:
        feed = follow(server.url, clock=clock, fetch=half)
        await feed.start()
        await until(feed, lambda: phase(feed, Phase.QUIET))
        recorder = Recorder(path, "igtimi")
        feed.record(recorder)
        await server.send(sample(SERIAL, WALL, WALL % 77))
        await until(feed, lambda: SOG in feed.store)
        for _ in range(10):
            clock.advance(15)
            messages = feed.health().messages
            await server.send("1")
            await heard_more(feed, messages)
        assert not archive.asked
        assert [(one.start, one.end) for one in feed.standing()] == [(WALL, WALL + 150_000)]
        back = WALL + 150_000
        await server.send(sample(SERIAL, back, 5.0))
        await until(feed, lambda: bool(archive.asked) and not feed.health().holes)
        assert archive.asked == [(SERIAL, WALL - 5000, back + 5000)]
        assert feed.health().asked_later == len(AGAIN)
        (stays,) = feed.standing()
        assert (stays.start, stays.end) == (back - 100_000, back)
        assert holes_said([stays], lambda _: "Petrel", UTC) == (
            f"Petrel ({SERIAL}): nothing from 2013-11-20 00:19:29 to 00:21:09",
        )
        assert recorder.fetches == 1
        recorder.close()
        await feed.stop()
        assert clock.pending == 0
    recording = Recording(path)
    assert recording.lost == 0
    replay = Replay(
        RecordingSource(recording, lambda _, serials: Conversation(JsonDialect(""), serials))
    )
    await replay.start()
    await replay.jump(replay.source.end)
    assert replay.store.samples(SOG, 0, 1 << 60) == feed.store.samples(SOG, 0, 1 << 60)
    assert replay.store.last(SOG) == (back, (5.0,))
    assert replay.health().repaired == 0, "what was fetched is not late"
    await replay.stop()


def test_what_was_fetched_is_a_kind_of_its_own_that_older_readers_pass_over(tmp_path: Path) -> None:
    path = tmp_path / "race.tockrec"
    recorder = Recorder(path, "igtimi", part=200)
    recorder.opened(1, [SERIAL], "", WALL)
    batches = [((SERIAL, 1, 0), [WALL, WALL + 1], ([170.5, 1e-9], [-45.25, 0.1]))]
    for number in range(4):
        recorder.fetched(SERIAL, WALL, WALL + 9, batches, WALL + number)
    recorder.fetched(SERIAL, WALL, WALL + 9, [((OTHER, 1, 0), [WALL], ([1.0], [1.0]))], WALL)
    recorder.close()
    assert recorder.fetches == 4
    assert recorder.path != recorder.file, "it turns to further files by what was fetched, too"
    found = [one for one in Recording(path) if one.kind is Kind.FETCHED]
    told = fetched_of(found[0])
    assert told is not None
    assert [((told.serial, t, s), times, tuple(a)) for t, s, times, a in told.series] == batches
    # Whole behind a damage too; and one that tells nothing is damaged, said and left out.
    content = path.read_bytes()
    assert BEGINNING.search(content, len(content) - len(found[0].encode()))
    path.write_bytes(content + Record(Kind.FETCHED, 0, WALL, b"[]").encode())
    assert Recording(path).lost > 0
    # An older reader knows kinds up to 4: to it, as to us a kind to come, that is no damage.
    path.write_bytes(content + Record(Kind.LATER, 0, WALL, b"news").encode())
    assert Recording(path).lost == 0
    assert [record.kind for _, record in read_records(path)][-1] is Kind.LATER


def test_what_stays_and_what_contradicts_is_said_in_sentences() -> None:
    holes = [Hole(SERIAL, WALL + 1000 * one, WALL + 90_000_000) for one in range(SHOWN + 5)]
    said = holes_said(holes, lambda serial: serial, UTC)
    assert said[0] == f"{SERIAL}: nothing from 2013-11-20 00:18:39 to 2013-11-21 01:18:39"
    assert said[SHOWN:] == (f"{SHOWN} of {SHOWN + 5} holes are named",)
    assert "\x1b" not in holes_said(holes[:1], lambda _: "\x1b[31mx", UTC)[0]
    assert conflicts_said(0) == ()
    assert conflicts_said(1) == (
        "1 value came for a time that had another: what came first stands",
    )
    assert "1,200 values" in conflicts_said(1200)[0]
    store = FeedStore()
    store.add([((SERIAL, 11, 0), [WALL], ([1.0],)), ((SERIAL, 11, 0), [WALL], ([2.0],))])
    assert left_out(store) == conflicts_said(1), "every export says it"
