"""The index filled from what was read: just now, and in earlier runs."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import tzinfo
from functools import partial
from typing import Any

from tui.store.cache import Cache
from tui.store.index.documents import Document
from tui.store.index.index import Index
from tui.store.mirror.collection import State
from tui.store.mirror.reading import Reading
from tui.store.mirror.troubles import Lost
from tui.workspace.reads import decoded
from tui.workspace.search import RECORDS
from tui.workspace.search.listed import Known, Listing, RowsListed
from tui.workspace.search.rooms import ROOM_OF_SERVICE, listing

PART = 1000
"""Records that are read and put in at once."""
STEP = 100
"""Records that are described at a stretch: who paints meanwhile waits for no more than these."""
OF_COLLECTION = "\t"
"""Stands between the name of a collection and the number of a part of it."""


class Filling:
    """Puts answers and records into the index; for one thread."""

    def __init__(
        self,
        index: Index,
        cache: Cache,
        mirror: Reading,
        accounts: Mapping[str, str],
        zone: tzinfo,
    ) -> None:
        """`accounts` by service: keys of answers begin with the account that they belong to."""
        self._index = index
        self._cache = cache
        self._mirror = mirror
        self._zone = zone
        self._owners = {accounts[service]: service for service in ROOM_OF_SERVICE}
        self._listed: dict[tuple[str, str], list[Document]] = {}
        self._is_in_memory = index.in_memory
        self._as_put: dict[tuple[str, str], tuple[RowsListed, int]] = {}
        """What was put in last of each part, to pass over those that are the same."""

    def put(self, key: str, value: Any, *, go_on: Callable[[], bool] = lambda: True) -> bool:
        """Put one answer in, or with RECORDS what the mirror keeps under that name; nothing of
        one that is of no kind that is searched. False where it cannot be put in.
        """
        done = self._put_one(key, value, go_on)
        if self._began_again(go_on):
            done = self._put_one(key, value, go_on)
        return done

    def _began_again(self, go_on: Callable[[], bool]) -> bool:
        """Where the index went from the disk into memory, put in what is kept: it had that there.
        Whether that was so.
        """
        if self._is_in_memory or not self._index.in_memory:
            return False
        self._is_in_memory = True
        # What was put in on the way may be the rest of something.
        for owner in self._owners:
            self._index.drop(owner)
        self._look_through(go_on)
        return True

    def _put_one(self, key: str, value: Any, go_on: Callable[[], bool]) -> bool:
        owner = next((one for one in self._owners if key.startswith(f"{one}/")), None)
        if owner is not None:
            name = key.removeprefix(f"{owner}/")
            if value is RECORDS:
                state = self._mirror.state(owner, name)
                return state is None or self._put_records(owner, name, state, go_on)
            return self._put(owner, listing(self._owners[owner]), name, value, time.time(), go_on)
        return True

    def look_through(self, go_on: Callable[[], bool]) -> None:
        """Put in what was kept since it was indexed last."""
        self._look_through(go_on)
        self._began_again(go_on)

    def _look_through(self, go_on: Callable[[], bool]) -> None:
        self._index.purge()
        for owner, service in self._owners.items():
            places = self._index.places(owner)
            prefix = f"{owner}/"
            kept = {key.removeprefix(prefix): at for key, at in self._cache.keys(prefix)}
            held = self._mirror.states(owner)
            if not kept and not held:
                continue
            known = listing(service)
            # In the order of the hints: rows are described by tables, and tables by books.
            order = list(known.hints)
            names = [name for name in kept if known.hint(name) is not None]
            for name in sorted(names, key=lambda name: order.index(name.partition("/")[0])):
                place = places.get(name)
                if place is not None and (
                    place.evicted or (place.stamp is not None and place.stamp >= kept[name])
                ):
                    continue
                answer = decoded(self._cache.get(prefix + name), known.hint(name))
                if answer is not None:
                    self._put(owner, known, name, answer.value, time.time(), go_on)
                if not go_on():
                    return
            # Behind the answers: rows are described by their tables.
            for name, state in held.items():
                place = places.get(_part(name))
                if place is None or not (place.evicted or place.stamp == _stamp(state)):
                    self._put_records(owner, name, state, go_on)
                if not go_on():
                    return

    def _put_records(self, owner: str, name: str, state: State, go_on: Callable[[], bool]) -> bool:
        """Put in what the mirror keeps of a collection, a part at a time."""
        how = listing(self._owners[owner])
        known = Known(self._zone, partial(self._documents, owner))
        describe = how.records and how.records(name, state.info, known)
        if describe is None:
            return True
        places = self._index.places(owner)
        parts = {_part(name)}
        try:
            for number, rows in self._mirror.parts(state, PART):
                part = _part(name, number)
                parts.add(part)
                there = places.get(part)
                made = describe, hash(tuple((row.id, row.payload) for row in rows))
                if (
                    there is not None
                    and there.stamp is not None
                    and not there.evicted
                    and self._as_put.get((owner, part)) == made
                ):
                    if not go_on():
                        return False
                    continue
                stamp = time.time()
                documents: list[Document] = []
                for at in range(0, len(rows), STEP):
                    if not go_on():
                        return False
                    documents += describe(rows[at : at + STEP])
                if not self._index.put(owner, part, documents, stamp=stamp, go_on=go_on):
                    return False
                self._as_put[owner, part] = made
        except Lost:
            # It became another one meanwhile: what comes into that is heard of again.
            return True
        for part in places:
            if part.startswith(f"{name}{OF_COLLECTION}") and part not in parts:
                self._index.drop(owner, part)
                self._as_put.pop((owner, part), None)
        # All that is here is in; whether that is all there is stands with the collection.
        return self._index.put(
            owner, _part(name), (), whole=state.complete, stamp=_stamp(state), go_on=go_on
        )

    def _put(
        self, owner: str, how: Listing, name: str, value: Any, stamp: float,
        go_on: Callable[[], bool],
    ) -> bool:  # fmt: skip
        known = Known(self._zone, partial(self._documents, owner))
        listed = how.describe(name, value, known)
        if listed is None:
            return True
        self._listed.clear()
        return self._index.put(
            owner, name, listed.documents, whole=listed.whole, stamp=stamp, go_on=go_on
        )

    def _documents(self, owner: str, prefix: str) -> list[Document]:
        """What is in of an account's places; looked up once until something else is put in."""
        known = self._listed.get((owner, prefix))
        if known is None:
            known = self._listed[owner, prefix] = self._index.of_place(owner, prefix)
        return known

    def close(self) -> None:
        """Close the files."""
        self._index.close()
        self._cache.close()


def _part(name: str, number: int | None = None) -> str:
    """The place in the index of a part of a collection, or of the collection itself."""
    # With an end of its own, so that none begins as another does.
    return f"{name}{OF_COLLECTION}{'' if number is None else number}."


def _stamp(state: State) -> float:
    """Another number for every other state of the mirror's collections."""
    return float((state.id << 32 | state.writes) << 1 | state.complete)
