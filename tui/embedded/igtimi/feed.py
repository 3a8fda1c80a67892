"""The one feed that all live connections share: it sails the fleet while somebody watches.

Where real boats are heard, none are simulated: the feed then only hands on what these send.
A closed world costs nothing: without a connection nothing runs. What was produced is stored, and
a short break (a client that lost its connection) is filled when the feed goes on, because the
units at sea did not stop measuring.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sqlite3
from collections.abc import Callable, Iterable
from typing import Protocol

from tui.embedded.context import Context
from tui.embedded.igtimi.answers import now_milliseconds
from tui.embedded.igtimi.fleet import Burst, Step
from tui.embedded.igtimi.live_messages import StepMessages
from tui.embedded.igtimi.resources import add_resource
from tui.embedded.igtimi.samples import SampleStore

_KEEP_SECONDS = 10.0
_LONGEST_STEP = 30.0


_log = logging.getLogger(__name__)


class Source(Protocol):
    """Where samples come from: the simulated fleet, or a recording."""

    clock: int

    @property
    def serials(self) -> tuple[str, ...]:
        """All units."""

    def step(self, seconds: float) -> Step:
        """Let time pass."""

    def refresh(self) -> None:
        """Let every unit send once more what it otherwise sends only on change."""

    def surrender(self) -> list[Burst]:
        """What is still held back when the source is switched off."""


class Listener(Protocol):
    """A live connection, as the feed sees it."""

    def offer(self, messages: StepMessages) -> None:
        """Take what happened in a step."""

    def fail(self) -> None:
        """The feed cannot go on: the connection is to end, so that its client sees it."""


class Feed:
    """Runs a source in the event loop while there are listeners."""

    def __init__(
        self,
        context: Context,
        store: SampleStore,
        source: Callable[[int], Source],
        *,
        tick: float,
        longest: int,
    ) -> None:
        """`source` makes the source as of a moment in milliseconds; it may take a while.

        `tick`: seconds between two steps. `longest`: milliseconds of the longest break that is
        filled; 0 for a source that does not go on unseen.
        """
        self._context = context
        self._store = store
        self._make_source = source
        self._tick = tick
        self._break = longest
        self._listeners: set[Listener] = set()
        self._task: asyncio.Task[None] | None = None
        self._lock = asyncio.Lock()
        self._caught_up = asyncio.Event()
        self._resources: dict[str, tuple[int, set[int]]] = {}
        self._held = False

    async def hold(self) -> None:
        """Let nothing sail from here on, and keep those who listen."""
        self._held = True
        await self._rest()

    def release(self) -> None:
        """Sail again, if anybody listens."""
        self._held = False
        if self._listeners:
            self._begin_to_sail()

    def deliver(self, step: Step) -> None:
        """Hand on what real boats sent."""
        messages = StepMessages(step)
        for listener in tuple(self._listeners):
            listener.offer(messages)

    def attach(self, listener: Listener) -> None:
        """Begin to deliver to a connection; the first one sets the fleet sailing."""
        self._listeners.add(listener)
        if not self._held:
            self._begin_to_sail()

    def _begin_to_sail(self) -> None:
        if self._task is None or self._task.done():
            self._caught_up.clear()
            self._task = asyncio.create_task(self._run())

    def detach(self, listener: Listener) -> None:
        """Stop delivering; after the last one the fleet stops too."""
        self._listeners.discard(listener)

    async def stop(self) -> None:
        """End at once, and keep what is only in memory; who listens may connect again."""
        listeners = tuple(self._listeners)
        self._listeners.clear()
        for listener in listeners:
            listener.fail()
        await self._rest()

    async def _rest(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None
        self._store.flush()

    async def catch_up(self) -> None:
        """Bring the storage up to now, if the feed stopped only a short while ago.

        A feed that has just begun to run is waited for: who connects and reads the past at once
        would otherwise find it half sailed.
        """
        if self._task is not None and not self._task.done():
            await self._caught_up.wait()
            return
        async with self._lock:
            last, now = self._last(), now_milliseconds(self._context)
            if self._held or last is None or not 1000 <= now - last <= self._break:
                return
            source = await asyncio.to_thread(self._make_source, last)
            self._begin(source.serials, last)
            await self._sail_to(source, now)
            self._keep_all(source)

    async def _run(self) -> None:
        try:
            await self._sail()
        except sqlite3.DatabaseError as error:
            self._store.forget()
            _log.error("The live feed stopped, its last samples could not be kept: %s", error)
        finally:
            self._caught_up.set()
            if not self._held:
                # Whoever still listens must see that nothing comes any more.
                for listener in tuple(self._listeners):
                    listener.fail()

    async def _sail(self) -> None:
        async with self._lock:
            now = now_milliseconds(self._context)
            last = self._last()
            goes_on = last is not None and 0 <= now - last <= self._break
            source = await asyncio.to_thread(
                self._make_source, last if goes_on and last is not None else now
            )
            self._begin(source.serials, source.clock)
            try:
                await self._sail_to(source, now_milliseconds(self._context))
                self._caught_up.set()
                source.refresh()
                await self._sail_on(source)
            finally:
                self._keep_all(source)

    async def _sail_on(self, source: Source) -> None:
        loop = asyncio.get_running_loop()
        kept = loop.time()
        due = loop.time()
        while self._listeners:
            now = now_milliseconds(self._context)
            if now - source.clock > 2 * _LONGEST_STEP * 1000:
                # The machine slept: what nobody saw goes to the storage only.
                self._caught_up.clear()
                await self._sail_to(source, now)
                self._caught_up.set()
            elif now > source.clock:
                step = source.step((now - source.clock) / 1000.0)
                self._store_step(step)
                self.deliver(step)
            if loop.time() - kept >= _KEEP_SECONDS:
                kept = loop.time()
                self._keep(source.clock)
            due = max(due + self._tick, loop.time() - self._tick)
            await asyncio.sleep(due - loop.time())

    async def _sail_to(self, source: Source, now: int) -> None:
        """Sail with nobody watching, giving way to others between the steps."""
        while source.clock < now:
            seconds = min(_LONGEST_STEP, (now - source.clock) / 1000.0)
            self._store_step(source.step(seconds))
            await asyncio.sleep(0)

    def _store_step(self, step: Step) -> None:
        self._store_bursts(step.stored)
        self._store.write_full()

    def _store_bursts(self, bursts: Iterable[Burst]) -> None:
        for burst in bursts:
            known = self._resources.get(burst.serial)
            if known is None:
                continue
            for (kind, number), column in burst.columns.items():
                self._store.append(burst.serial, kind, number, column)
                known[1].add(kind)

    def _last(self) -> int | None:
        row = self._context.database.one("SELECT last FROM igtimi_feed")
        return None if row is None else int(row["last"])

    def _begin(self, serials: Iterable[str], start: int) -> None:
        """A resource for each unit, or the one that ended where the source goes on."""
        with self._context.database.write() as connection:
            for serial in serials:
                self._resources.pop(serial, None)
                if not connection.execute(
                    "SELECT 1 FROM igtimi_device WHERE serial = ?", (serial,)
                ).fetchone():
                    continue
                row = connection.execute(
                    "SELECT id, data_types FROM igtimi_resource WHERE serial = ?"
                    " AND end_time = ? AND archive_polls = 0 ORDER BY id DESC",
                    (serial, start),
                ).fetchone()
                if row is None:
                    number = add_resource(self._context, serial, start, start, ())
                    self._resources[serial] = (number, set())
                else:
                    self._resources[serial] = (row["id"], set(json.loads(row["data_types"])))

    def _keep(self, clock: int) -> None:
        """Write how far the feed has come: its resources, and where it would go on."""
        with self._context.database.write() as connection:
            gone = [
                serial
                for serial, (number, types) in self._resources.items()
                if not connection.execute(
                    "UPDATE igtimi_resource SET end_time = ?, data_types = ? WHERE id = ?",
                    (clock, json.dumps(sorted(types)), number),
                ).rowcount
            ]
            # The sample was cleared or reset meanwhile, and what was gathered went with it.
            self._store.forget(gone)
            self._begin(gone, clock)
            connection.execute(
                "INSERT INTO igtimi_feed (id, last) VALUES (1, ?)"
                " ON CONFLICT (id) DO UPDATE SET last = excluded.last",
                (clock,),
            )
        self._store.trim(clock)

    def _keep_all(self, source: Source) -> None:
        self._store_bursts(source.surrender())
        self._keep(source.clock)
        self._store.flush()
