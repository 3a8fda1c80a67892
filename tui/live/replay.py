"""Recordings and past sessions on the live screen: the same feed, with time in a person's hand."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Protocol

from tui.live.backfill import AHEAD
from tui.live.clock import Clock, Notifier, SystemClock, Timer
from tui.live.day import Day, read_day
from tui.live.feed import Conversation, DeviceHealth, FeedState, Health, Phase
from tui.live.recording import Kind, Record, Recording, fetched_of, opened_of
from tui.live.store import Batch, FeedStore
from tui.live.unit_clocks import UnitClocks

SLOWEST, FASTEST = 0.25, 64.0
CHUNK = 64
PUT_BACK = 1000
"""Milliseconds that a record's time lies before the last one's where a clock was put back; less
is what one was written later than another."""

Speak = Callable[[str, Sequence[str]], Conversation]
"""Begins the conversation of a dialect, by name, about these serial numbers."""


class Source(Protocol):
    """What can be replayed: samples on a line of time, in milliseconds."""

    start: int
    end: int
    serials: Sequence[str]
    clocks: UnitClocks
    heard: int
    """When what the last move yielded arrived, by the server's clock; 0 where nobody knows."""

    def rewind(self) -> None:
        """Go back to the start."""
        ...

    def upcoming(self) -> int | None:
        """Return the time of what comes next, or None at the end."""
        ...

    def advance(self, time: int) -> Iterator[Batch]:
        """Move up to and including `time`, by some tens of frames at most; yield the samples."""
        ...

    day: Day | None
    """What is known of the day that is replayed."""
    fetched: bool
    """Whether what the last move yielded had been fetched, and was not heard."""

    @property
    def horizon(self) -> int | None:
        """The time after which no sample of the last move can be true, if there is one."""
        ...

    def sample_time(self, time: int) -> int:
        """Return the samples' time at the place `time` on the line."""
        ...


def in_line(records: Iterable[Record]) -> Iterator[Record]:
    """Yield records with a time that never goes back: where the clock of the machine was put back
    while it recorded, all that follows is as much later.
    """
    before = lift = 0
    for record in records:
        if before - record.wall - lift > PUT_BACK:
            lift = before - record.wall
        before = time = max(before, record.wall + lift)
        yield record if time == record.wall else replace(record, wall=time)


class RecordingSource:
    """The frames of a recording, through the same conversations that heard them first."""

    def __init__(self, recording: Recording, speak: Speak) -> None:
        self.recording = recording
        self.start, self.end = recording.start, recording.end
        self._speak = speak
        self.day: Day | None = None
        self.serials: Sequence[str] = self._all_serials()
        self.rewind()

    def _all_serials(self) -> list[str]:
        serials: dict[str, None] = {}
        for record in in_line(self.recording):
            self.end = max(self.end, record.wall)
            if record.kind is Kind.DAY:
                self.day = read_day(record.content)  # what was known last
            opened = opened_of(record) if record.kind is Kind.OPENED else None
            if opened is not None:
                serials.update(dict.fromkeys(opened.serials))
        return list(serials)

    def rewind(self) -> None:
        """Go back to the first record."""
        self._records = in_line(self.recording)
        self._talks: dict[int, Conversation] = {}
        self._over: list[Conversation] = []
        self.horizon: int | None = None
        self._offset = 0
        self.heard = 0
        self.fetched = False
        self.clocks = UnitClocks()
        self._next: Record | None = next(self._records, None)

    def upcoming(self) -> int | None:
        """Return when the next record was received, or None at the end."""
        return None if self._next is None else self._next.wall

    def advance(self, time: int) -> Iterator[Batch]:
        """Hear the frames received up to `time`, at most 64 of them, or take one fetch."""
        self.fetched = False
        heard: list[tuple[Conversation, Record, int]] = []
        for place in range(CHUNK):
            record = self._next
            if record is None or record.wall > time:
                break
            if record.kind is Kind.FETCHED:
                # Apart, in the order in which it came: of two values the first stands.
                if place == 0:
                    self._next = next(self._records, None)
                    return self._take(record)
                break
            talk = self._hear(record)
            if talk is not None:
                heard.append((talk, record, self.heard))
            self._next = next(self._records, None)
        talks, self._over = [*self._over, *self._talks.values()], []
        self.horizon = max((talk.horizon for talk in talks), default=None)
        batches = [batch for talk in talks for batch in talk.flow()]
        since = min((at for _, _, at in heard), default=0)
        if heard and self.clocks.may_differ(batches, since):
            return self._one_by_one(heard)
        return iter(batches)

    def _one_by_one(self, heard: Sequence[tuple[Conversation, Record, int]]) -> Iterator[Batch]:
        """Hear frames again, each by when it came, as it was heard at first: by that a unit's
        clock is measured, and they span many seconds.
        """
        for talk, record, at in heard:
            talk.receive(record.content, record.wall / 1000, record.wall)
            yield from self.clocks.placed(talk.flow(), at)

    def _take(self, record: Record) -> Iterator[Batch]:
        """Return what was fetched."""
        self.fetched = True
        told = fetched_of(record)
        if told is None:
            return iter(())
        self.horizon = self.sample_time(record.wall) + AHEAD
        return self.clocks.fetched(
            ((told.serial, type_, source), times, axes)
            for type_, source, times, axes in told.series
        )

    def _hear(self, record: Record) -> Conversation | None:
        """Hear a record; the conversation that took a frame."""
        opened = opened_of(record) if record.kind is Kind.OPENED else None
        if opened is not None:
            known = self._talks.get(record.link)
            if known is not None and opened.clock_offset is not None:
                return None  # a new file repeats how the conversation began
            if known is not None:
                self._over.append(known)
            talk = self._speak(opened.dialect, opened.serials)
            talk.open(record.wall / 1000)
            if opened.clock_offset is not None:
                clock = str(record.wall + opened.clock_offset).encode()
                talk.receive(clock, record.wall / 1000, record.wall)
            self._talks[record.link] = talk
        elif record.kind is Kind.FRAME:
            heard = self._talks.get(record.link)
            if heard is not None:
                heard.receive(record.content, record.wall / 1000, record.wall)
                self._offset = heard.clock_offset or 0
                self.heard = self.sample_time(record.wall)
            return heard
        elif record.kind is Kind.CLOSED:
            over = self._talks.pop(record.link, None)
            if over is not None:
                self._over.append(over)
        return None

    def sample_time(self, time: int) -> int:
        """Return the server's time at the receive time `time`."""
        return time + self._offset


class Replay:
    """A feed whose time is paused, stretched and jumped through at will.

    Its store holds what came up to the place where it stands. Going back begins anew from the
    start of the source, in steps that let others run.
    """

    def __init__(
        self,
        source: Source,
        *,
        store: FeedStore | None = None,
        clock: Clock | None = None,
        frame: float = 0.1,
        speed: float = 1.0,
        loop: bool = False,
    ) -> None:
        self.source = source
        self.store = FeedStore() if store is None else store
        self.speed = speed
        self.loop = loop
        self.place = source.start
        self.paused = False
        self._clock = clock or SystemClock()
        self._frame = frame
        self._notifier = Notifier(self._clock, frame)
        self._anchor = (0.0, source.start)
        self._timer: Timer | None = None
        self._busy = asyncio.Lock()
        self._tick_task: asyncio.Task[None] | None = None
        self._started = False
        self.failure = ""
        """Why it has stopped by itself; empty where it has not."""

    @property
    def now(self) -> int:
        """The samples' time at the place where the replay stands."""
        return self.source.sample_time(self._where())

    @property
    def ended(self) -> bool:
        """Whether all has been played."""
        return self.source.upcoming() is None

    @property
    def state(self) -> FeedState:
        """Playing, paused, at the end, or stopped."""
        if not self._started:
            return FeedState(Phase.STOPPED)
        if self.failure:
            return FeedState(Phase.REFUSED, self.failure)
        if self.paused:
            return FeedState(Phase.PAUSED, "replay paused")
        if self.ended and not self.loop:
            return FeedState(Phase.PAUSED, "the replay has reached its end")
        pace = "its own speed" if self.speed == 1 else f"{self.speed:g} times"
        return FeedState(Phase.LIVE, f"replay at {pace}")

    def health(self) -> Health:
        """Return the ages of the devices' newest samples, by the replay's own time."""
        now = self.now
        newest = {serial: self.store.newest(serial) for serial in self.source.serials}
        counts = self.store.counts()
        return Health(
            devices=tuple(
                DeviceHealth(
                    serial,
                    time,
                    self.store.age(serial, now),
                    self.source.clocks.ahead.get(serial, 0),
                    self.store.apart_of(serial),
                )
                for serial, time in newest.items()
            ),
            repaired=counts.late,
            duplicates=counts.duplicates,
            conflicts=counts.conflicts,
        )

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` on news, at most once a frame; call what is returned to stop that."""
        return self._notifier.subscribe(listener)

    async def start(self) -> None:
        """Begin to play from the start."""
        self._started = True
        self._settle(self.source.start)
        self._schedule()
        self._notifier.poke()

    async def stop(self) -> None:
        """End. What was played stays in the store."""
        self.place = self._where()
        self._started = False
        self._cancel()
        if self._tick_task is not None:
            self._tick_task.cancel()
            await asyncio.gather(self._tick_task, return_exceptions=True)
            self._tick_task = None
        self._notifier.close()

    def pause(self) -> None:
        """Let time stand still."""
        self._settle(self._where())
        self.paused = True
        self._cancel()
        self._notifier.poke()

    def resume(self) -> None:
        """Let time go on."""
        self.paused = False
        self._settle(self.place)
        self._schedule()
        self._notifier.poke()

    def set_speed(self, speed: float) -> None:
        """Play at `speed` times, kept within 0.25 to 64."""
        self._settle(self._where())
        self.speed = min(max(speed, SLOWEST), FASTEST)
        self._schedule()
        self._notifier.poke()

    async def step(self) -> None:
        """Pause, and go on to the next thing that happened."""
        self.pause()
        async with self._busy:
            # What was due already, but not played yet, is not what comes next.
            await self._play(self.place)
            following = self.source.upcoming()
        if following is not None:
            await self.jump(following)

    async def jump(self, time: int) -> None:
        """Go to a time on the source's line, forth or back."""
        async with self._busy:
            time = min(max(time, self.source.start), self.source.end)
            if time < self._where():
                self.source.rewind()
                self.store.clear()
            await self._play(time)
            self._settle(time)
            self.failure = ""
        self._schedule()
        self._notifier.poke()

    def _where(self) -> int:
        if self.paused or not self._started:
            return self.place
        since, place = self._anchor
        elapsed = (self._clock.monotonic() - since) * self.speed * 1000
        return min(place + round(elapsed), self.source.end)

    def _settle(self, place: int) -> None:
        self.place = place
        self._anchor = (self._clock.monotonic(), place)

    async def _play(self, time: int) -> None:
        while (following := self.source.upcoming()) is not None and following <= time:
            batches = self.source.advance(time)
            heard = 0 if self.source.fetched else self.source.heard
            self.store.add(batches, self.source.horizon, heard, fetched=self.source.fetched)
            await asyncio.sleep(0)

    def _schedule(self) -> None:
        """Wake when the next thing happens, at most once a frame; not at all when nothing does."""
        self._cancel()
        if self.paused or not self._started:
            return
        following = self.source.upcoming()
        if following is None and not self.loop:
            return
        target = self.source.end if following is None else following
        delay = (target - self._where()) / 1000 / self.speed
        self._timer = self._clock.call_later(max(delay, self._frame), self._tick)

    def _cancel(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _tick(self) -> None:
        self._timer = None
        self._tick_task = asyncio.create_task(self._go_on(), name="replay")
        self._tick_task.add_done_callback(self._over)

    def _over(self, task: asyncio.Task[None]) -> None:
        """Say what nobody foresaw, as nothing is played any more."""
        error = None if task.cancelled() else task.exception()
        if error is not None:
            self.failure = f"the replay was stopped by an error: {error!r}"
            self._settle(self._where())
            self._notifier.poke()

    async def _go_on(self) -> None:
        async with self._busy:
            where = self._where()
            await self._play(where)
            if self.loop and where >= self.source.end and self.ended:
                self.source.rewind()
                self.store.clear()
                self._settle(self.source.start)
        self._schedule()
        self._notifier.poke()
