"""The search: what answers of the five services' records, each with its kind and where it is."""

from __future__ import annotations

import asyncio
import itertools
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from pathlib import Path

from tui.store.cache import Cache
from tui.store.index.documents import Document, Query, Rank
from tui.store.index.folding import fold
from tui.store.index.index import MOST_BYTES, Index
from tui.store.mirror.reading import Reading
from tui.workspace.cache_files import ANSWERS, SEARCH
from tui.workspace.connections.connections import Connections
from tui.workspace.search.feed import Feed
from tui.workspace.search.filling import OF_COLLECTION, Filling
from tui.workspace.search.listed import FIRM, LIGHT
from tui.workspace.search.rooms import ROOM_OF_SERVICE
from tui.workspace.search.unread import DESCRIBED_BY, Unread, together, unread_in
from tui.workspace.search.wanted import Wanted

__all__ = ["FIRM", "LIGHT", "Document", "Query", "Rank", "Record", "Results", "Search", "fold"]

MOST_SHOWN = 50
MOST_RECENT = 8


@dataclass(frozen=True)
class Record:
    """Something that was found. `room`, `kind` and `key` are what its screen opens it by."""

    room: str
    kind: str
    key: str
    title: str
    where: str = ""
    when: datetime | None = None
    rank: Rank = (0, 0, 0, 0.0)
    """The smallest is the best."""
    query: str = ""
    """What it answered to, folded."""


@dataclass(frozen=True)
class Results:
    """What answers, the best first, and what of everything was not looked at."""

    records: list[Record] = field(default_factory=list)
    more: bool = False
    """Whether more answer than these; then the best are those of the ones that were looked at."""
    waiting: int = 0
    """Lists that were read and are not in the index yet."""
    partial: int = 0
    """Lists of which only a part was read, or had to go for want of room."""
    unread: Unread = field(default_factory=Unread)
    """What no list was read of yet."""
    problem: str = ""
    """Why the index cannot be used, in the system's words."""


class Search:
    """One for all screens. It has an index of its own thread for what it is asked."""

    def __init__(
        self,
        connections: Connections,
        feed: Feed,
        path: Path,
        *,
        told: Callable[[str], object] = lambda _text: None,
    ) -> None:
        self._connections = connections
        self.feed = feed
        self._index = Index(path, told=told, in_memory_too=True)
        self._turn = threading.Lock()
        # Its own: what is asked for at every key must not keep others from a thread.
        self._thread = ThreadPoolExecutor(1, "search")
        self._asked = 0
        self.recent: list[Record] = []
        """What was opened from the search in this run, the latest first."""

    async def find(self, wanted: Wanted) -> Results | None:
        """What answers; None where something else was asked for meanwhile."""
        self.feed.look_through()
        self._asked += 1
        number = self._asked
        self._index.interrupt()
        return await asyncio.get_running_loop().run_in_executor(
            self._thread, self.look, wanted, lambda: number == self._asked
        )

    def look(self, wanted: Wanted, still: Callable[[], bool] = lambda: True) -> Results | None:
        """The same, at once."""
        owners = {
            self._connections.account(service): room
            for service, room in ROOM_OF_SERVICE.items()
            if wanted.room in ("", room) and self._connections.connected(service)
        }
        query = Query.of(wanted.words)
        with self._turn:
            if not still():
                return None
            found = self._index.find(query, list(owners), most=MOST_SHOWN)
            if found is None and (not still() or not self._index.problem):
                return None
            partial, unread = self._not_looked_at(owners)
        if found is None:
            return Results(waiting=self.feed.waiting, problem=self._index.problem)
        records = [
            _record(owners[hit.owner], hit.document, query)
            for hit in found.hits
            if hit.owner in owners
        ]
        return Results(records, found.more, self.feed.waiting, partial, unread)

    def _not_looked_at(self, owners: Mapping[str, str]) -> tuple[int, Unread]:
        """How many lists are known only in part, and what was not read at all."""
        lists, unread = set(), []
        for owner, room in owners.items():
            places = self._index.places(owner)
            lists |= {
                (owner, name.partition(OF_COLLECTION)[0])
                for name, place in places.items()
                if place.evicted or not place.whole
            }
            known = itertools.chain.from_iterable(
                self._index.of_place(owner, list_) for list_ in DESCRIBED_BY.get(room, ())
            )
            unread.append(unread_in(room, places, known))
        return len(lists), together(unread)

    def opened(self, record: Record) -> None:
        """A person went there."""
        name = record.room, record.kind, record.key
        others = [one for one in self.recent if (one.room, one.kind, one.key) != name]
        self.recent = [record, *others][:MOST_RECENT]

    def forget(self, prefix: str) -> None:
        """Nothing of the accounts whose names begin so is found any more."""
        with self._turn:
            self._index.disown(prefix)
        self.recent.clear()

    def close(self) -> None:
        """Close the file."""
        self._asked += 1
        self._index.interrupt()
        self._thread.shutdown(cancel_futures=True)
        self._index.close()


def make_filling(
    folder: Path,
    accounts: Mapping[str, str],
    zone: tzinfo,
    mirror: Reading,
    told: Callable[[str], object] = lambda _text: None,
    most_bytes: int = MOST_BYTES,
) -> Filling:
    """What fills the index from what is kept, with connections of its own."""
    index = Index(folder / SEARCH, told=told, most_bytes=most_bytes, in_memory_too=True)
    return Filling(index, Cache(folder / ANSWERS), mirror, accounts, zone)


def _record(room: str, document: Document, query: Query) -> Record:
    return Record(
        room,
        document.kind,
        document.key,
        document.title,
        document.where,
        document.when,
        query.rank(document) or (9, 0, 0, 0.0),
        query.whole,
    )
