"""The live feed: links that keep themselves up, one store, one truth about how it goes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from random import Random

from tui.live.backfill import Backfill
from tui.live.clock import Clock, Notifier, SystemClock
from tui.live.feed import (
    NOT_LOST,
    Converse,
    DeviceHealth,
    FeedState,
    Fetch,
    FrameRecorder,
    Health,
    Phase,
    Servers,
)
from tui.live.link import Connect, Link, TooManyDevices
from tui.live.silences import LATENESS, Hole, Silences
from tui.live.socket import connect as open_socket
from tui.live.store import Batch, FeedStore
from tui.live.totals import Totals, add
from tui.live.unit_clocks import UnitClocks

COMING = (Phase.LIVE, Phase.QUIET, Phase.CONNECTING)
FRAME = 0.1
"""Seconds between two times that listeners hear of news."""
DEVICES = 100
"""Devices on one connection; no server says how many it takes."""


class LiveFeed:
    """Follows `serials` on the websocket servers, and fills what was missed from the archive.

    `servers` is asked before each attempt; `converse` begins the dialect's conversation;
    `fetch` reads the archive (None: holes stay). `history` milliseconds before the first
    connection are fetched too. An empty device list opens no connection.
    """

    def __init__(
        self,
        serials: Sequence[str],
        *,
        servers: Servers,
        converse: Converse,
        store: FeedStore | None = None,
        fetch: Fetch | None = None,
        history: int = 0,
        clock: Clock | None = None,
        connect: Connect = open_socket,
        devices: int = DEVICES,
        frame: float = FRAME,
        random: Random | None = None,
    ) -> None:
        self.store = FeedStore() if store is None else store
        self.serials = tuple(dict.fromkeys(serials))
        self._servers = servers
        self._converse = converse
        self._clock = clock or SystemClock()
        self._connect = connect
        self._devices = max(devices, 1)
        self._frame = frame
        self._random = random or Random()
        self._history = history
        self._notifier = Notifier(self._clock, frame)
        self._unit_clocks = UnitClocks(self._clock_learned)
        self._backfill = (
            Backfill(
                fetch,
                self.store,
                self._clock,
                self._notifier.poke,
                self._unit_clocks,
                self._fetched,
            )
            if fetch
            else None
        )
        self._silences = Silences(self.store)
        self._links: dict[Link, asyncio.Task[None]] = {}
        self._numbers = 0
        self._recorder: FrameRecorder | None = None
        self._since: dict[str, int] = {}
        self._lacking: set[str] = set()
        """Devices whose history is wanted: of what time is known with the server's clock."""
        self._reached: dict[str, int] = {}
        """Back to when each device was asked for."""
        self._totals = Totals()
        self._offset: int | None = None
        self._started = False

    async def start(self) -> None:
        """Connect in the background; what becomes of it is told by `state`."""
        if self._started:
            return
        self._started = True
        self._want_history(self.serials)
        for position in range(0, len(self.serials), self._devices):
            self._launch(self.serials[position : position + self._devices])
        self._notifier.poke()

    async def stop(self) -> None:
        """Close all connections and end all tasks. What was received stays in the store."""
        tasks = list(self._links.values())
        for task in tasks:
            task.cancel()
        ends = await asyncio.gather(*tasks, return_exceptions=True)
        for link in list(self._links):
            self.ended(link)
            self._forget(link)
        if self._backfill is not None:
            await self._backfill.stop()
        self._started = False
        self._notifier.poke()
        self._notifier.close()
        for end in ends:
            if isinstance(end, Exception):
                raise end

    async def follow(self, serials: Sequence[str]) -> None:
        """Follow other devices: on the connection that stands if its server lets us, else anew."""
        wanted = tuple(dict.fromkeys(serials))
        if len(self._links) == 1 and 0 < len(wanted) <= self._devices:
            [link] = self._links
            if await link.follow(wanted):
                self._followed(link, wanted)
                return
        running = self._started
        await self.stop()
        self.serials = wanted
        if running:
            await self.start()

    def _followed(self, link: Link, serials: tuple[str, ...]) -> None:
        """Take over another set on the same connection, with what its new devices lack."""
        before, self.serials = self.serials, serials
        self._missed_from(set(before) - set(serials), self.now)
        self._want_history([serial for serial in serials if serial not in before])
        if self._recorder is not None and link.conversation is not None:
            wall, offset = self._clock.wall(), link.conversation.clock_offset
            self._recorder.closed(link.number, "other devices", wall)
            self._recorder.opened(link.number, serials, link.state.server, wall, offset)
        self._fill(link)
        self._notifier.poke()

    def _want_history(self, serials: Sequence[str]) -> None:
        """Devices that were followed before lack only what came since."""
        if self._history:
            self._lacking.update(serial for serial in serials if serial not in self._since)

    def reach(self, serial: str, start: int) -> bool:
        """Fetch what of a device is older than what was asked for, back to `start` in ms.

        Whether anything was asked for: it is once, and not where it would find no place.
        """
        known = self._reached.get(serial)
        if self._backfill is None or known is None or not start < known > self.store.floor(serial):
            return False
        self._reached[serial] = start
        self._backfill.add(serial, start, known, missed=False)
        self._notifier.poke()
        return True

    def retry(self) -> None:
        """Try again now, also what was refused."""
        for link, task in list(self._links.items()):
            if task.done():
                self._forget(link)
                self._launch(link.serials)
            else:
                link.kick()
        if self._backfill is not None:
            self._backfill.retry()

    def record(self, recorder: FrameRecorder | None) -> None:
        """Give every frame from now on to `recorder`; None ends that."""
        self._recorder = recorder
        wall = self._clock.wall()
        for link in self._links:
            link.records = recorder is not None
            if recorder is not None and link.conversation is not None:
                offset = link.conversation.clock_offset
                recorder.opened(link.number, link.serials, link.state.server, wall, offset)

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` on news, at most once a frame; call what is returned to stop that."""
        return self._notifier.subscribe(listener)

    @property
    def now(self) -> int:
        """The server's time in milliseconds, as well as it is known."""
        return self._clock.wall() + (self._offset or 0)

    @property
    def state(self) -> FeedState:
        """Where the feed stands: where its worst connection stands."""
        if not self._started:
            return FeedState(Phase.STOPPED)
        if not self._links:
            return FeedState(Phase.QUIET, "no devices chosen")
        order = list(Phase)
        return max((link.state for link in self._links), key=lambda state: order.index(state.phase))

    @property
    def states(self) -> list[tuple[tuple[str, ...], FeedState]]:
        """The devices and the state of each connection."""
        return [(link.serials, link.state) for link in self._links]

    def health(self) -> Health:
        """Return what the feed knows about itself; its cost is that of all series."""
        now, monotonic = self.now, self._clock.monotonic()
        rates = [link.rate.rates(monotonic) for link in self._links]
        totals, links = self._totals, self._links
        dropped = totals.dropped(links)
        counts = self.store.counts()
        add(dropped, {"junk": counts.junk, "expired": counts.expired})
        dropped = {reason: count for reason, count in dropped.items() if count}
        lost = {reason: count for reason, count in dropped.items() if reason not in NOT_LOST}
        grown = totals.lately.grown({**lost, "late": counts.late}, monotonic)
        repaired_lately = grown.pop("late", 0)
        newest = {serial: self.store.newest(serial) for serial in self.serials}
        fill = self._backfill
        return Health(
            devices=tuple(
                DeviceHealth(
                    serial,
                    time,
                    self.store.age(serial, now),
                    self._unit_clocks.ahead.get(serial, 0),
                    self.store.apart_of(serial),
                )
                for serial, time in newest.items()
            ),
            clock_offset=self._offset,
            messages_per_second=sum(messages for messages, _ in rates),
            bytes_per_second=sum(size for _, size in rates),
            messages=totals.messages(links),
            received_bytes=totals.received_bytes(links),
            dropped=lost,
            lost_lately=grown,
            passed={reason: count for reason, count in dropped.items() if reason in NOT_LOST},
            repaired=counts.late,
            repaired_lately=repaired_lately,
            duplicates=counts.duplicates,
            conflicts=counts.conflicts,
            connections=len(self._links),
            reconnects=totals.reconnects(links),
            holes=0 if fill is None else len(fill.holes) + len(fill.given_up),
            hole_failure=None if fill is None else fill.failure,
            asked_later=0 if fill is None else fill.later,
        )

    @property
    def filling(self) -> frozenset[str]:
        """Devices of whose time some was asked for, or will be, and is not answered yet."""
        fill = self._backfill
        if fill is None or not (self._lacking or fill.holes) or self.state.phase not in COMING:
            return frozenset()
        return frozenset(self._lacking).union(one.serial for one in fill.holes)

    def standing(self) -> list[Hole]:
        """What was not heard and is not there: asked for in vain, not asked yet, silent now."""
        fill = self._backfill
        known = [] if fill is None else [*fill.stay, *fill.given_up, *fill.holes]
        silent = self._silences.silent(self.serials, self.now)
        return [*(one for one in known if one.missed), *silent]

    def _launch(self, serials: Sequence[str]) -> None:
        self._numbers += 1
        link = Link(
            self._numbers,
            serials,
            servers=self._servers,
            converse=self._converse,
            connect=self._connect,
            clock=self._clock,
            owner=self,
            frame=self._frame,
            random=self._random,
        )
        link.records = self._recorder is not None
        task = asyncio.create_task(self._run(link), name=f"live {self._numbers}")
        task.add_done_callback(lambda task: self._over(link, task))
        self._links[link] = task

    def _over(self, link: Link, task: asyncio.Task[None]) -> None:
        """Show that a link has died of something that nobody foresaw; `stop` raises it."""
        if not task.cancelled() and task.exception() is not None:
            reason = f"stopped by an error: {task.exception()!r}"
            link.state = FeedState(Phase.REFUSED, reason, since=self._clock.wall())
            self._notifier.poke()

    async def _run(self, link: Link) -> None:
        try:
            await link.run()
        except TooManyDevices:
            middle = len(link.serials) // 2
            self._forget(link)
            self._launch(link.serials[:middle])
            self._launch(link.serials[middle:])
            self._notifier.poke()

    def _forget(self, link: Link) -> None:
        """Keep the counts of a link that is over."""
        self._totals.keep(link)
        del self._links[link]

    # What links tell: tui.live.link.Owner

    def opened(self, link: Link) -> None:
        """Record where a connection begins."""
        if self._recorder is not None:
            wall = self._clock.wall()
            self._recorder.opened(link.number, link.serials, link.state.server, wall)

    def accepted(self, link: Link) -> None:
        """Fill what was missed while this link was down."""
        conversation = link.conversation
        if conversation is not None and conversation.clock_offset is not None:
            self._offset = conversation.clock_offset
            if self._recorder is not None:
                self._recorder.clock(link.number, self._offset)
        self._fill(link)

    def _fill(self, link: Link) -> None:
        now = self.now
        for serial in link.serials:
            since = self._since.pop(serial, None)
            missed = serial not in self._lacking
            if not missed:
                self._lacking.discard(serial)
                since = now - self._history
            self._reached.setdefault(serial, now if since is None else min(since, now))
            if since is not None and self._backfill is not None:
                self._backfill.add(serial, min(since, now), now, missed=missed)
        self._silences.followed(link.serials, now)
        if self._backfill is not None:
            self._backfill.retry()

    def heard(self, link: Link, frame: bytes, wall: int) -> None:
        """Record a frame."""
        if self._recorder is not None:
            self._recorder.frame(link.number, frame, wall)

    def deliver(self, link: Link) -> None:
        """Store what waits in the conversation."""
        conversation = link.conversation
        if conversation is None:
            return
        if conversation.clock_offset is not None:
            self._offset = conversation.clock_offset
        version = self.store.version
        heard = self.now
        placed = self._unit_clocks.placed(conversation.flow(), heard)
        self.store.add(placed, conversation.horizon, heard)
        if self.store.version != version:
            self._notifier.poke()
            if self._backfill is not None:
                for hole in self._silences.returned(link.serials, heard):
                    self._backfill.returned(hole)

    def _fetched(self, hole: Hole, end: int, batches: list[Batch]) -> None:
        """Record what was fetched."""
        if self._recorder is not None:
            self._recorder.fetched(hole.serial, hole.start, end, batches, self._clock.wall())

    def _clock_learned(self, serial: str) -> None:
        """Fetch a device's history anew: what was taken for it is as much older than it looked."""
        if self._history and self._backfill is not None and self.store.heard(serial) is None:
            self.store.forget(serial)
            self._backfill.add(serial, self.now - self._history, self.now, missed=False)

    def ended(self, link: Link) -> None:
        """Remember from when on each device has to be filled."""
        conversation = link.conversation
        if conversation is not None and conversation.accepted:
            # While this machine sleeps only one of its clocks goes on; the other may be put back.
            silence = round(1000 * (self._clock.monotonic() - conversation.last_heard))
            silence = max(silence, self._clock.wall() - link.heard_at)
            self._missed_from(link.serials, self.now - silence)
        self._totals.settle(link)

    def _missed_from(self, serials: Iterable[str], heard: int) -> None:
        for serial in serials:
            # What was measured shortly before the last frame may have been on its way.
            newest = self.store.newest(serial) or heard
            self._since.setdefault(serial, max(min(newest, heard), heard - LATENESS))

    def closed(self, link: Link, reason: str) -> None:
        """Record where a connection ends."""
        if self._recorder is not None:
            self._recorder.closed(link.number, reason, self._clock.wall())

    def changed(self) -> None:
        """Tell that a state is another."""
        self._notifier.poke()
