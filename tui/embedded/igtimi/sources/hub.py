"""All sources of this process: they begin, run, connect again and end here.

None of them holds up another, and what one of them breaks is its own. While there is one, no
simulated boat sails, and the process does not end for want of use.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass

from tui.embedded.context import Context
from tui.embedded.igtimi.answers import now_milliseconds
from tui.embedded.igtimi.feed import Feed
from tui.embedded.igtimi.fleet import Burst
from tui.embedded.igtimi.samples import SampleStore
from tui.embedded.igtimi.sources.addresses import Address, read_address
from tui.embedded.igtimi.sources.boats import Boats
from tui.embedded.igtimi.sources.source import Source
from tui.embedded.igtimi.sources.units import UnitsDesk, let_in
from tui.embedded.igtimi.sources.ways import WAYS, Ended, words_of
from tui.embedded.instruments.readings import Said

MOST = 32
"""Sources at a time."""

LEASE = 30.0
"""Seconds after which a source ends that nobody asks for any more, but for the configured ones."""

_log = logging.getLogger(__name__)


class TooManySources(Exception):
    """There are as many sources as there may be."""


@dataclass
class Pauses:
    """Seconds before a source is tried again: twice as long each time, up to the longest."""

    first: float = 1.0
    longest: float = 60.0

    def after(self, failures: int) -> float:
        """The pause after so many failures in a row, never the same for all."""
        pause: float = min(self.longest, self.first * 2.0 ** min(failures, 16))
        return pause * random.uniform(0.8, 1.0)


class Hub:
    """Used by the event loop's thread only."""

    def __init__(self, context: Context, samples: SampleStore, feed: Feed) -> None:
        self._context = context
        self._feed = feed
        self._boats = Boats(context, samples, feed.deliver, self._gather)
        self._sources: dict[int, Source] = {}
        self.units = UnitsDesk(self._boats, self._sources, lambda: now_milliseconds(context))
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._leases: dict[int, asyncio.TimerHandle] = {}
        self._endings: set[asyncio.Future[None]] = set()
        self._alive = ExitStack()
        self._numbers = 0
        self._runs = False
        self._changing = asyncio.Lock()
        self.pauses = Pauses()

    def wires(self, user: int) -> list[dict[str, object]]:
        """How the sources of a user stand."""
        now = asyncio.get_running_loop().time()
        return [one.wire(now) for one in self._sources.values() if one.user == user]

    def wire(self, source: Source) -> dict[str, object]:
        """How one of them stands."""
        return source.wire(asyncio.get_running_loop().time())

    def find(self, number: int, user: int) -> Source | None:
        """A source of a user."""
        found = self._sources.get(number)
        return found if found is not None and found.user == user else None

    async def begin(self, text: str, user: int, *, kept: bool) -> Source:
        """The source of an address, begun if there is none.

        Raises NoAddress, TooManySources.
        """
        address = read_address(text)
        async with self._changing:
            found = next(
                (
                    one
                    for one in self._sources.values()
                    if (one.address.place, one.user) == (address.place, user)
                    and one.state not in ("ended", "failed")
                ),
                None,
            )
            if found is None:
                found = await self._begin(address, text, user, kept=kept)
            elif kept:
                self._keep(found)
            self.stay(found)
            return found

    async def _begin(self, address: Address, text: str, user: int, *, kept: bool) -> Source:
        if len(self._sources) >= MOST:
            raise TooManySources(f"there are {MOST} sources already")
        self._numbers += 1
        made = Source(
            self._numbers, address, text, user, kept=kept, take=self._take, name=self._name
        )
        made.units = _Known(self._boats)
        made.clock = lambda: now_milliseconds(self._context)
        made.stir = self._boats.soon
        if not self._sources:
            await self._feed.hold()
            self._alive.enter_context(self._context.use())
        self._sources[made.number] = made
        self._run(made)
        return made

    def _keep(self, source: Source) -> None:
        source.kept = True
        lease = self._leases.pop(source.number, None)
        if lease is not None:
            lease.cancel()

    def stay(self, source: Source) -> None:
        """Somebody still wants it."""
        if source.kept or source.number not in self._sources:
            return
        lease = self._leases.pop(source.number, None)
        if lease is not None:
            lease.cancel()
        self._leases[source.number] = asyncio.get_running_loop().call_later(
            LEASE, self._leave, source
        )

    def _leave(self, source: Source) -> None:
        self._leases.pop(source.number, None)
        ending = asyncio.ensure_future(self.end(source))
        self._endings.add(ending)
        ending.add_done_callback(self._endings.discard)

    async def end(self, source: Source) -> None:
        """End one; after the last one the simulated boats may sail again."""
        async with self._changing:
            if self._sources.pop(source.number, None) is None:
                return
            lease = self._leases.pop(source.number, None)
            if lease is not None:
                lease.cancel()
            await self._cancel([source.number])
            source.gather()
            source.state = "ended"
            if not self._sources:
                self._boats.finish()
                self._feed.release()
                self._alive.close()

    async def configure(self, texts: Iterable[str], user: int) -> list[Source]:
        """Have these as the configured ones, and end those that were before. One that stands is
        not begun anew, nor a log that was played to its end.

        Raises NoAddress, TooManySources: then nothing is changed.
        """
        wanted: Mapping[str, str] = {read_address(text).place: text for text in texts}
        if len(wanted) > MOST:
            raise TooManySources(f"there may be {MOST} sources")
        stand: dict[str, Source] = {}
        for source in tuple(self._sources.values()):
            if not source.kept or source.user != user:
                continue
            if wanted.get(source.address.place) == source.text and source.state != "failed":
                stand[source.address.place] = source
            else:
                await self.end(source)
        return [
            stand.get(place) or await self.begin(text, user, kept=True)
            for place, text in wanted.items()
        ]

    # -- The life of the process

    def start(self) -> None:
        """Run what was begun: at the start, and after the sample under it was changed."""
        self._runs = True
        for source in self._sources.values():
            self._run(source)

    async def stop(self) -> None:
        """Stop all of them for now, with all that they said on the disk."""
        self._runs = False
        await self._cancel(list(self._tasks))
        if self._sources:
            self._boats.finish()

    async def _cancel(self, numbers: list[int]) -> None:
        tasks = [self._tasks.pop(number) for number in numbers if number in self._tasks]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _run(self, source: Source) -> None:
        if self._runs and source.number not in self._tasks and source.state not in ("ended",):
            task = asyncio.create_task(self._live(source))
            task.add_done_callback(lambda done: self._done(source, done))
            self._tasks[source.number] = task

    def _done(self, source: Source, task: asyncio.Task[None]) -> None:
        error = None if task.cancelled() else task.exception()
        if error is not None:
            # A fault of ours: this source alone stands still, and says so.
            _log.error("The source %s failed", source.address.place, exc_info=error)
            source.state = "failed"
            source.trouble(f"a fault of this program: {error}")

    async def _live(self, source: Source) -> None:
        from websockets.exceptions import WebSocketException

        way: Callable[[Source], object] = WAYS[source.address.scheme]
        failures = 0
        loop = asyncio.get_running_loop()
        while True:
            source.state = "starting"
            began = loop.time()
            try:
                await way(source)  # type: ignore[misc]
            except Ended as end:
                source.state = "ended"
                source.trouble(str(end))
                return
            except (OSError, EOFError, TimeoutError, WebSocketException) as error:
                source.trouble(words_of(error))
            # One that stood for a while is tried again at once, not after its former failures.
            failures = 0 if loop.time() - began > self.pauses.longest else failures
            pause = self.pauses.after(failures)
            failures += 1
            source.left("")
            source.state, source.retry_at = "retrying", loop.time() + pause
            await asyncio.sleep(pause)

    # -- What is heard

    def _gather(self) -> None:
        for source in self._sources.values():
            source.gather()

    def _take(self, source: Source, peer: str, boat: str, said: Said) -> None:
        serial = source.serials.get((peer, boat))
        if serial is None:
            name, known = _who(source.address, peer, boat)
            if boat or not source.address.boat:
                # What a person calls it in the address stands.
                name = source.names.get(boat, name)
            serial = self._boats.device(source.user, name, *known)
            source.serials[peer, boat] = serial
        self._boats.take(serial, said)

    def _name(self, source: Source, peer: str, boat: str) -> None:
        serial = source.serials.get((peer, boat))
        if serial is not None and (boat or not source.address.boat):
            self._boats.rename(serial, _who(source.address, peer, boat)[0], source.names[boat])


class _Known:
    """Units by the address that allows them, or by a person who accepted them."""

    def __init__(self, boats: Boats) -> None:
        self._boats = boats

    def known(self, source: Source, serial: str, token: str) -> bool:
        """Whether a unit was accepted."""
        if self._boats.unit(source.user, serial):
            return True
        return let_in(source, serial, token) and self._boats.accept_unit(source.user, serial)

    def take(self, burst: Burst, *, live: bool) -> None:
        """Take what one sent."""
        self._boats.take_burst(burst, live=live)

    def tell(self, serial: str, told: Mapping[str, str]) -> None:
        """Keep what one told of itself."""
        self._boats.tell_unit(serial, told)


def _who(address: Address, peer: str, boat: str) -> tuple[str, tuple[str, ...]]:
    """A boat's name, and what its device is known by."""
    if boat:
        return boat, (address.place, "", boat)
    if address.boat:
        return address.boat, (address.place, address.boat)
    return (f"{address.scheme} {peer}" if peer else address.place), (address.place, peer)
