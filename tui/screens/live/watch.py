"""What the live screen watches: a feed of devices, a recording, or a past session."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from tui.screens.live.alarms import Alarms
from tui.spoken_keys import key_for
from tui.words import counted
from tui.workspace.problems import EXPECTED
from tui.workspace.text import clean

if TYPE_CHECKING:
    from tui.live.day import DayEvent
    from tui.live.replay import Replay
    from tui.live.store import FeedStore
    from tui.live.supervisor import LiveFeed
    from tui.workspace.live.live import LiveRoom, LiveSession, Place

MOST_DEVICES = 40
"""Devices that are followed where nobody has chosen any."""


class Watching:
    """One feed at a time, over the live room."""

    def __init__(self, room: LiveRoom) -> None:
        self.room = room
        self.live: LiveFeed | None = None
        self.replay: Replay | None = None
        self.session: LiveSession | None = None
        self.title = ""
        self.devices: list[Place] = []
        self._marked: list[DayEvent] = []
        """Moments that were marked here; a recording that runs has them all."""
        self._told: list[DayEvent] = []
        """Those that the session's log has, or the recording that is played."""
        self.alarms = Alarms()
        """What of what is watched rang."""
        self._news: Callable[[], None] = lambda: None
        self._unsubscribe: Callable[[], None] = lambda: None
        self._recording_since = 0.0
        self._at_first: list[str] = []
        """The devices that were taken because nobody has chosen any."""
        self._followed_real = False
        self.listening = False
        """Whether a source hears real boats, or would: beside it no simulated one sails."""
        self.waiting: tuple[str, ...] = ()
        """Units that wait to be accepted."""
        self.unwatched = 0
        """Real boats that are heard and not watched, where none of them is, or nobody chose."""

    @property
    def events(self) -> list[DayEvent]:
        """Moments of what is watched that somebody marked, in order of time."""
        if self.replay is not None:
            return self._told
        return sorted({*self._told, *self._marked}, key=lambda one: one.time)

    @property
    def feed(self) -> LiveFeed | Replay | None:
        """What is watched, live or replayed."""
        return self.replay or self.live

    @property
    def store(self) -> FeedStore | None:
        """Its series."""
        return None if self.feed is None else self.feed.store

    @property
    def serials(self) -> Sequence[str]:
        """The devices that are watched."""
        if self.replay is not None:
            return self.replay.source.serials
        return () if self.live is None else self.live.serials

    def names(self) -> Callable[[str], str]:
        """What the devices are called on the screen: those of one name are told apart."""
        from tui.workspace.live.called import told_apart

        return told_apart(self.serials, self.room.name)

    @property
    def recording_seconds(self) -> float:
        """For how long it has been recorded."""
        return monotonic() - self._recording_since

    def listen(self, news: Callable[[], None] | None) -> None:
        """Be told of news; None ends that. The feed goes on either way."""
        self._unsubscribe()
        self._unsubscribe = lambda: None
        self._news = news or (lambda: None)
        if news is not None and self.feed is not None:
            self._unsubscribe = self.feed.subscribe(news)

    async def load_devices(self) -> list[Place]:
        """The account's devices."""
        self.devices = await self.room.devices()
        return self.devices

    async def follow(self, serials: Sequence[str]) -> None:
        """Watch devices live: these, or the real boats that are heard, or the first ones."""
        real = set() if serials else await self._heard()
        self._followed_real = bool(real)
        if not self.devices or not {one.serial for one in self.devices}.issuperset(real):
            await self.load_devices()
        known = [one.serial for one in self.devices]
        # Beside sources all other devices are silent: those of the sample, and of other days.
        others = [] if self.listening else known
        first = [serial for serial in known if serial in real] or others
        self._at_first = [] if serials else first[:MOST_DEVICES]
        chosen = list(serials) or self._at_first
        self._about(None, f"{len(chosen)} of {counted(len(known), 'device')}" if known else "")
        self.unwatched = 0 if serials else len(real.difference(chosen))
        await self._follow(chosen)

    async def _heard(self) -> set[str]:
        from tui.workspace.live.sources import OVER

        sources = await self.room.sources.heard()
        self.listening = any(one.state not in OVER for one in sources)
        self.waiting = tuple(serial for one in sources for serial in one.waiting)
        return {serial for one in sources for serial in one.serial_numbers}

    async def look_for_boats(self) -> bool:
        """Follow the real boats that are heard by now, where nobody chose any devices.

        Whether others are followed than before.
        """
        if self.live is None or self.replay is not None:
            return False
        real = await self._heard()
        chosen = self.session is not None or list(self.live.serials) != self._at_first
        others = real.difference(self.live.serials)
        self.unwatched = 0 if chosen and len(others) < len(real) else len(others)
        if chosen or (self.listening and not real):
            # A source that was begun anew has not heard its boats yet: they stay.
            return False
        taken = set(self._at_first)
        # More than are followed of themselves stand beside those that are.
        full = len(taken) == MOST_DEVICES and taken < real
        if full or real == taken or not (real or self._followed_real):
            return False
        await self.follow(())
        return True

    def _about(self, session: LiveSession | None, title: str) -> None:
        """What is watched from now on; a session's names hold while it is watched."""
        self.session, self.title = session, clean(title)
        self.room.called = {} if session is None else session.names

    async def _follow(self, serials: Sequence[str]) -> None:
        if self.live is None:
            await self._put(self.room.feed(serials), None)
            return
        # The same feed, also from a replay back: it may be recorded, and else goes on unseen.
        await self._end_replay()
        if tuple(serials) != self.live.serials:
            await self.live.follow(serials)
        self._news()

    async def watch_session(
        self, session_id: int, progress: Callable[[int, int], None] | None = None
    ) -> None:
        """Watch a session's devices live while it runs, else replay it."""
        session = await self.room.session(session_id, naming=False)
        now = datetime.now(UTC)
        if session.runs(now) and session.serials:
            await self._follow(session.serials)
        else:
            await self._put(None, await self.room.replay_session(session, progress))
        self._about(session, session.name)

    async def play(self, path: Path) -> None:
        """Replay a recording."""
        replay = await self.room.replay_recording(path)
        await self._put(None, replay)
        day = replay.source.day
        self._told = [] if day is None else [*day.events]
        self._about(None, path.stem if day is None or not day.title else f"{path.stem} {day.title}")
        self.room.take_names(replay)

    async def _put(self, live: LiveFeed | None, replay: Replay | None) -> None:
        """Watch another feed. One that is recorded goes on, as does its recording."""
        self._unsubscribe()
        self._unsubscribe = lambda: None
        before = self.replay or (self.live if live is not None else None)
        self._told, self.alarms = [], Alarms()
        if live is not None:
            self.live = live
        self.replay = replay
        made = replay or live
        if made is not None:
            await made.start()
            self._unsubscribe = made.subscribe(self._news)
        if before is not None:
            await self.room.release(before)
        self._news()

    async def leave_replay(self) -> None:
        """Back to the devices that were watched live."""
        if self.live is None:
            await self.follow(())
            return
        await self._end_replay()
        self._about(None, counted(len(self.live.serials), "device"))
        self._news()

    async def _end_replay(self) -> None:
        """Listen to the live feed again, where a replay was watched; its marks go with it."""
        replay = self.replay
        if replay is None or self.live is None:
            return
        self.replay = None
        self._unsubscribe()
        self._told, self.alarms = [], Alarms()
        self._unsubscribe = self.live.subscribe(self._news)
        await self.room.release(replay)

    async def start_recording(self) -> str:
        """Record what is watched live; where, as a path is read. Raises OSError."""
        if self.live is None:
            return ""
        from tui.workspace.saved_files import shown

        recorder = await self.room.record(self.live)
        self._recording_since = monotonic()
        return shown(recorder.path)

    def holes_text(self) -> str:
        """How many stretches were not heard and are not there; empty where all is."""
        holes = [] if self.live is None else self.live.standing()
        return (
            f"; {counted(len(holes), 'hole')} left, {key_for('live.health')} names them"
            if holes
            else ""
        )

    async def tell_day(self) -> None:
        """Have what is recorded know its names, boats, course and session, as far as there are."""
        from tui.workspace.live.day import day_of, day_told

        recorder, serials, session = self.room.recorder, self.serials, self.session
        try:
            day = await day_told(self.room, serials, session, self.events)
        except EXPECTED:
            # The wall says how the service stands; a recording without a course is one, too.
            day = day_of(self.room, serials, session, self.events)
        if recorder is not None and recorder is self.room.recorder:
            recorder.day(day, round(datetime.now(UTC).timestamp() * 1000))

    def know(self, events: Iterable[DayEvent]) -> None:
        """Moments that a session's log has: marked before the deck began, or by another one. Those
        of another session are no more of what is watched.
        """
        if self.replay is None or not self._told:
            self._told = [*events]

    def mark(self, time: int) -> DayEvent:
        """Mark a moment, in ms: from now on it is in the recording, where one runs."""
        from tui.live.day import DayEvent, mark_number, mark_text

        # Those of before a restart are there by their numbers.
        last = max((mark_number(one.text) for one in self.events), default=0)
        event = DayEvent(time, mark_text(last + 1))
        self._marked.append(event)
        if self.room.recorder is not None:
            self.room.recorder.events(self.events, round(datetime.now(UTC).timestamp() * 1000))
        return event

    @property
    def recording(self) -> bool:
        """Whether a recording runs."""
        return self.room.recorder is not None
