"""What is kept on this machine of what was read: how much, whether it is sound, and how it goes."""

from __future__ import annotations

from contextlib import closing, suppress
from pathlib import Path
from typing import NamedTuple

import msgspec

from tui.store.cache import Cache
from tui.store.index.index import Index
from tui.store.mirror.mirror import Held, Mirror
from tui.store.mirror.troubles import Lost
from tui.workspace.books.mirrored import Described
from tui.workspace.books.places import ROWS
from tui.workspace.cache_files import ANSWERS, SEARCH
from tui.workspace.connections.connections import EMBEDDED
from tui.workspace.problems import SERVICE_TITLES

__all__ = ["Held", "Keeping", "Kept", "title_of"]

_ENDINGS = ("", "-wal", "-shm")


class Kept(NamedTuple):
    """How much is kept: bytes of records, of the search, of whole answers, and which collections
    of records.
    """

    records: int
    search: int
    answers: int
    collections: list[Held]


def title_of(one: Held) -> str:
    """Which table's rows a collection has, by the table's name and the service's.

    What says no name has the collection's own.
    """
    rows, _, rest = one.name.partition(ROWS)
    key, _, view = rest.partition("/")
    parts = [one.name]
    if not rows and rest:
        with suppress(msgspec.DecodeError):
            name = msgspec.json.decode(one.info, type=Described).table.name
            parts = [name or f"table {key}"]
            if "." in key:
                parts.append("as another book mirrors it")
            if view:
                parts.append(f"through view {view}")
    service, _, account = one.owner.partition("@")
    where = "embedded" if EMBEDDED in one.owner else account
    return f"{', '.join(parts)} of {SERVICE_TITLES.get(service, service)}, {where}"


class Keeping:
    """The files of the cache. All calls work on the disk: off the event loop."""

    def __init__(self, mirror: Mirror, folder: Path) -> None:
        self._mirror = mirror
        self._folder = folder
        self._search_troubles: list[str] = []

    def size(self) -> Kept:
        """How much is kept."""
        try:
            found = self._mirror.size()
        except Lost:
            # Set aside just now: another one was begun.
            found = self._mirror.size()
        with closing(self._index()) as index:
            return Kept(found.bytes, index.size, self._bytes(ANSWERS), found.collections)

    def _bytes(self, name: str) -> int:
        return sum(
            file.stat().st_size
            for ending in _ENDINGS
            if (file := self._folder / f"{name}{ending}").exists()
        )

    def _index(self) -> Index:
        return Index(self._folder / SEARCH, told=self._search_troubles.append)

    def clear(self) -> None:
        """Let everything go. Nothing that a service keeps, and nothing that waits to be sent, is
        lost by that.
        """
        self.forget_records("")
        with closing(Cache(self._folder / ANSWERS)) as answers:
            answers.forget("")
        with closing(self._index()) as index:
            index.clear()

    def forget_records(self, prefix: str) -> None:
        """Let the records go of accounts whose name begins so."""
        try:
            self._mirror.forget(prefix)
        except Lost:
            self._mirror.forget(prefix)

    def check(self) -> list[str]:
        """What is wrong with the files of records and of the search; nothing where they are sound.
        One that cannot be used is set aside.
        """
        try:
            wrong = self._mirror.check()
        except Lost:
            wrong = []
        with closing(self._index()) as index:
            wrong += index.check()
        return wrong + self.troubles()

    def troubles(self) -> list[str]:
        """What happened to these files, in words, each told once."""
        told, self._search_troubles = self._search_troubles, []
        return [*(trouble.text for trouble in self._mirror.troubles()), *told]
