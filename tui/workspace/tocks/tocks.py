"""Tocks: feeds page by page, one tock in full, follow, submit (TickTocker).

Every call counts: 120 an hour are allowed. So nothing is asked for twice that a person has not
asked for anew: what was read stays in memory for all screens, and on the disk with its age.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, TypeVar, cast

import msgspec

from tui.services.errors import ServiceError
from tui.services.ticktocker import Submitted, TickTocker, Tock
from tui.services.ticktocker.records import SHORT
from tui.workspace.changes.errors import AlreadySo
from tui.workspace.changes.history import History, Wanted
from tui.workspace.connections.connections import Connections
from tui.workspace.reads import Answer, Reads
from tui.workspace.tocks.feeds import Feed, Order

__all__ = ["FRESH", "Stream", "Submitted", "Tock", "Tocks", "short_link"]

T = TypeVar("T")
FOLLOW = "ticktocker.follow"
LOOKED_THROUGH = 100
"""Changes among which those of whom one follows are looked for after an undo."""
ALREADY = "it was so already, and nothing was sent"
FRESH = timedelta(minutes=10)
"""What is younger than this is not asked for again unless a person says so."""


class Stream(msgspec.Struct, frozen=True, kw_only=True):
    """The pages of one feed that were read so far."""

    tocks: list[Tock]
    pages: int
    """How many pages were read."""
    first_page: int
    """How many tocks the first page had; how many a page has is not documented."""
    ended: bool
    """True when the last page was shorter than the first, or empty: most likely that is all."""
    read_at: datetime
    """When the oldest of the pages was read."""
    outdated: bool = False
    """True when a change since then has altered the feed."""

    def is_fresh(self, now: datetime) -> bool:
        """Whether it need not be read again when it is opened."""
        return not self.outdated and now - self.read_at < FRESH

    def with_page(self, page: list[Tock], now: datetime) -> Stream:
        """One page more. Tocks that moved on from the page before are not shown twice."""
        known = {tock.short_url for tock in self.tocks}
        fresh = [tock for tock in page if tock.short_url not in known]
        return msgspec.structs.replace(
            self,
            tocks=[*self.tocks, *fresh],
            pages=self.pages + 1,
            ended=len(page) < self.first_page or not page,
            read_at=min(self.read_at, now),
        )

    def replaced(self, tocks: list[Tock]) -> Stream:
        """The same pages with other tocks in them."""
        return msgspec.structs.replace(self, tocks=tocks)

    @classmethod
    def of(cls, page: list[Tock], now: datetime) -> Stream:
        """The first page."""
        return cls(tocks=page, pages=1, first_page=len(page), ended=not page, read_at=now)


class Tocks:
    """The use cases of the Tocks screen."""

    def __init__(self, connections: Connections, reads: Reads, history: History) -> None:
        self._connections = connections
        self._reads = reads
        self._history = history
        self._streams: dict[str, Stream] = {}
        self._whole: dict[str, Tock] = {}
        self._calls: dict[str, asyncio.Task[Any]] = {}
        self._generation = connections.generation
        self._writing = False
        self._follows_changed = False
        self._follows_taken = datetime.now(UTC)
        history.on_change(self._changed)

    def _forget_others(self) -> None:
        """What was remembered of another account, or of data that is gone, counts no more."""
        if self._generation != self._connections.generation:
            self._generation = self._connections.generation
            self._streams.clear()
            self._whole.clear()
            self._calls.clear()

    def _key(self, name: str) -> str:
        return f"{self._connections.account('ticktocker')}/{name}"

    async def _client(self) -> TickTocker:
        self._forget_others()
        return await self._connections.ticktocker()

    async def calls_left(self) -> int:
        """How many calls the throttle has left now, for all decks and scripts of this person.

        Raises NotConnected and its like; sends nothing.
        """
        client = await self._client()
        return await asyncio.to_thread(lambda: client.throttle.remaining)

    async def _once(self, name: str, call: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Make a call that goes on when who asked goes elsewhere, and that others may join.

        A call that was sent has been counted: its answer is kept, whoever looks at it then.
        """
        task: asyncio.Task[T] | None = self._calls.get(name)
        if task is None:
            task = self._calls[name] = asyncio.create_task(call(), name=name)
            task.add_done_callback(lambda done: self._made(name, done))
        return await asyncio.shield(task)

    def _made(self, name: str, task: asyncio.Task[Any]) -> None:
        if self._calls.get(name) is task:
            del self._calls[name]
        if not task.cancelled():
            # Looked at, so that a failure which nobody waits for any more is not reported.
            task.exception()

    # -- feeds ----------------------------------------------------------------------------------

    async def kept(self, feed: Feed) -> Stream | None:
        """What was read of a feed before, in this run or an earlier one; sends nothing."""
        self._forget_others()
        await self._take_follows()
        stream = self._streams.get(feed.id)
        if stream is None:
            answer: Answer[Stream] | None = await self._reads.kept(self._key(feed.id), Stream)
            if answer is not None:
                stream = self._streams[feed.id] = answer.value
        return stream

    async def read(self, feed: Feed) -> Stream:
        """The first page as the service has it now; the pages after it are asked for again."""

        async def call() -> Stream:
            page = await self._page(feed, 1)
            return await self._keep(feed, Stream.of(page, datetime.now(UTC)))

        return await self._once(feed.id, call)

    async def read_more(self, feed: Feed) -> Stream:
        """One page more of a feed; the first one where none was read."""
        before = await self.kept(feed)
        if before is None:
            return await self.read(feed)
        number = before.pages + 1

        async def call() -> Stream:
            page = await self._page(feed, number)
            return await self._keep(feed, before.with_page(page, datetime.now(UTC)))

        return await self._once(f"{feed.id}/{number}", call)

    async def _page(self, feed: Feed, page: int) -> list[Tock]:
        client = await self._client()
        name: Any = feed.name
        if feed.kind == "community":
            return await client.community(name, page)
        order = cast("Order", feed.order)
        if feed.kind == "me":
            return await client.me(name, order, page)
        return await client.user(name, order, page)

    async def _keep(self, feed: Feed, stream: Stream) -> Stream:
        # What a single look-up told and a stream leaves out is not lost by reading the stream.
        stream = stream.replaced([self._richer(tock) for tock in stream.tocks])
        self._streams[feed.id] = stream

        async def given() -> Stream:
            return stream

        await self._reads.fresh(self._key(feed.id), given)
        return stream

    def _richer(self, tock: Tock) -> Tock:
        whole = self._whole.get(tock.short_url)
        if whole is None or tock.description is not None:
            return tock
        return msgspec.structs.replace(
            tock, description=whole.description, num_comments=whole.num_comments
        )

    # -- one tock -------------------------------------------------------------------------------

    async def whole(self, short_url: str, *, again: bool = False) -> Tock:
        """One tock in full: from memory, or from the service when it is not there or `again`.

        Raises NotFound when there is none.
        """
        self._forget_others()
        if not again and short_url in self._whole:
            return self._whole[short_url]

        async def call() -> Tock:
            tock = await (await self._client()).tock(short_url)
            self._whole[short_url] = tock
            self._put(tock)
            return tock

        return await self._once(f"tock/{short_url}", call)

    def known_whole(self, short_url: str) -> Tock | None:
        """One tock in full if it was looked up before."""
        self._forget_others()
        return self._whole.get(short_url)

    def _put(self, tock: Tock) -> None:
        """The newest that is known of a tock, into every feed that holds it."""
        for name, stream in self._streams.items():
            if any(one.short_url == tock.short_url for one in stream.tocks):
                tocks = [tock if one.short_url == tock.short_url else one for one in stream.tocks]
                self._streams[name] = stream.replaced(tocks)

    # -- follow ---------------------------------------------------------------------------------

    async def follow(self, tock: Tock) -> tuple[Tock, str]:
        """Follow the author of a tock, or no longer.

        One call does both and its answer is not documented: the tock is looked up again, and
        its `author_followed` is the outcome. Before, whether it is so already is looked up: then
        nothing is sent. Answers the tock, and what keeps it from being told by the service after
        the change (then it says what was wanted). Undo calls it once more.
        """
        wanted = not tock.author_followed
        verb = "Follow" if wanted else "No longer follow"
        client = await self._client()
        self._writing = True
        try:
            await self._history.write(
                f"{verb} {tock.author}",
                partial(client.follow, tock.author_url),
                seen={"author_followed": bool(tock.author_followed)},
            )
        except AlreadySo:
            return await self._tell_followed(tock, wanted), ALREADY
        finally:
            self._writing = False
        try:
            return await self._followed(tock), ""
        except ServiceError as error:
            return await self._tell_followed(tock, wanted), error.message

    def _changed(self, operation: str) -> None:
        if operation == FOLLOW and not self._writing:
            self._follows_changed = True

    async def _take_follows(self) -> None:
        """What an undo, or one that had waited, made of those that one follows; sends nothing."""
        if not self._follows_changed:
            return
        self._follows_changed, since = False, self._follows_taken
        self._follows_taken = datetime.now(UTC)
        owner = self._connections.account("ticktocker")
        changes = await asyncio.to_thread(
            self._history.changes.newest,
            LOOKED_THROUGH,
            Wanted(owner=owner, states=("done", "undone")),
        )
        known: set[str] = set()
        for change in changes:
            url = str(change.arguments.get("user_url"))
            newer = change.settled is not None and change.settled >= since
            if change.operation != FOLLOW or change.undoes or change.redoes or not newer:
                continue
            if url in known:
                continue
            known.add(url)
            told = change.wanted if change.state == "done" else change.before or {}
            if "author_followed" in told:
                await self._tell_author(url, bool(told["author_followed"]))

    async def _followed(self, tock: Tock) -> Tock:
        """Look up what the service says of the author now."""
        found = await self.whole(tock.short_url, again=True)
        return await self._tell_followed(found, bool(found.author_followed))

    async def _tell_followed(self, tock: Tock, followed: bool) -> Tock:
        await self._tell_author(tock.author_url, followed)
        return msgspec.structs.replace(tock, author_followed=followed)

    async def _tell_author(self, author_url: str, followed: bool) -> None:
        """Into every tock of that author, wherever it is kept."""

        def told(one: Tock) -> Tock:
            if one.author_url != author_url:
                return one
            return msgspec.structs.replace(one, author_followed=followed)

        self._whole = {name: told(one) for name, one in self._whole.items()}
        for name, stream in self._streams.items():
            self._streams[name] = stream.replaced([told(one) for one in stream.tocks])
        await self._outdate("me/followed", "me/all")

    # -- submit ---------------------------------------------------------------------------------

    async def submit(self, values: Mapping[str, Any]) -> Submitted:
        """Submit a tock. `values` are the arguments of the operation by name.

        Raises InvalidArgument where a documented limit is broken, before anything is sent.
        """
        client = await self._client()
        made = await self._history.write(
            f"Submit {values['title']}", partial(client.submit, **values)
        )
        await self._outdate("me/mine", "me/all", "community/fresh", "community/upcoming")
        return made

    async def _outdate(self, *keys: str) -> None:
        """Feeds that a change has altered are read anew when they are next opened."""
        for key in keys:
            await self._reads.forget(self._key(key) + "/")
        for name, stream in self._streams.items():
            if name.rpartition("/")[0] in keys:
                self._streams[name] = msgspec.structs.replace(stream, outdated=True)


def short_link(short_url: str) -> str:
    """The address that leads to a tock's page."""
    return f"{SHORT}{short_url}"
