"""The index filled from answers: those that were just read, and those kept by earlier runs."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import tzinfo
from functools import partial
from typing import Any

from tui.store.cache import Cache
from tui.store.index.documents import Document
from tui.store.index.index import Index
from tui.workspace.reads import decoded
from tui.workspace.search.listed import Known, Listing
from tui.workspace.search.rooms import ROOM_OF_SERVICE, listing


class Filling:
    """Puts answers into the index; for one thread."""

    def __init__(
        self, index: Index, cache: Cache, accounts: Mapping[str, str], zone: tzinfo
    ) -> None:
        """`accounts` by service: keys of answers begin with the account that they belong to."""
        self._index = index
        self._cache = cache
        self._zone = zone
        self._owners = {accounts[service]: service for service in ROOM_OF_SERVICE}
        self._listed: dict[tuple[str, str], list[Document]] = {}

    def put(self, key: str, value: Any, *, go_on: Callable[[], bool] = lambda: True) -> bool:
        """Put one answer in, nothing of one that is of no kind that is searched; False where the
        disk does not take it.
        """
        owner = next((one for one in self._owners if key.startswith(f"{one}/")), None)
        if owner is not None:
            name = key.removeprefix(f"{owner}/")
            return self._put(owner, listing(self._owners[owner]), name, value, time.time(), go_on)
        return True

    def look_through(self, go_on: Callable[[], bool]) -> None:
        """Put in what was kept since it was indexed last."""
        self._index.purge()
        for owner, service in self._owners.items():
            places = self._index.places(owner)
            prefix = f"{owner}/"
            kept = {key.removeprefix(prefix): at for key, at in self._cache.keys(prefix)}
            if not kept:
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
        """Close the file."""
        self._index.close()
