"""The mirror as a whole: its collections, how large it is, and whether it is sound."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from tui.store.mirror.collection import Collection, drop_owners, state_of
from tui.store.mirror.figures import Figuring
from tui.store.mirror.file import MirrorFile
from tui.store.mirror.ordered import Ordered
from tui.store.mirror.pivots import Pivoting
from tui.store.mirror.reading import Reading
from tui.store.mirror.room import Pin, Pinned, make_room, used_bytes
from tui.store.mirror.shape import Shape
from tui.store.mirror.taking_over import take_over
from tui.store.mirror.troubles import Trouble
from tui.store.mirror.wishes import Filter, Wish
from tui.store.soundness import unsound

MEGABYTE = 1024 * 1024
DEFAULT_MEGABYTES = 512


class Held(NamedTuple):
    """A collection in the mirror."""

    owner: str
    name: str
    records: int
    total: int | None
    complete: bool
    info: bytes = b""
    """What is kept beside the records, as whoever keeps them wrote it."""


class Size(NamedTuple):
    """How much the mirror holds."""

    bytes: int
    """In use; the file may be somewhat larger."""
    collections: list[Held]


def _nothing_pinned() -> Iterable[Pin]:
    return ()


class Mirror:
    """The kept records of all services in one file, bounded in size.

    An `owner` is a service with its address and account, as text; no secret may be in it, nor
    in anything that is put. With `path` None nothing is kept on disk. Off the event loop: all
    calls but the making of objects work on the disk.
    """

    def __init__(
        self,
        path: Path | None,
        *,
        megabytes: float = DEFAULT_MEGABYTES,
        pinned: Pinned = _nothing_pinned,
    ) -> None:
        """`pinned` tells which records must not make room for others."""
        self._file = MirrorFile(path, self._take_over)
        self._most = int(megabytes * MEGABYTE)
        self._pinned = pinned

    @property
    def kept(self) -> bool:
        """Whether what is put is kept on the disk."""
        return self._file.kept

    def troubles(self) -> list[Trouble]:
        """What happened to the file since one asked last, each told once."""
        return self._file.troubles()

    def collection(self, owner: str, name: str) -> Collection:
        """A collection, which need not be there yet."""
        return Collection(self._file, owner, name, self._keep_room)

    def ordered(self, owner: str, name: str, shape: Shape, wish: Wish) -> Ordered:
        """A collection in an order; its `begin` does the work, whoever makes it closes it."""
        return Ordered(self._file, owner, name, shape, wish)

    def reading(self) -> Reading:
        """What looks at it without being noticed, wherever it is kept."""
        return Reading(self._file.path, lambda: self._file.memory)

    def keep(self, ordered: Ordered) -> None:
        """Put an order into the file, so that it is not made again; it may take long."""
        if ordered.keep():
            self._keep_room(*ordered.collection)

    def figuring(self, owner: str, name: str, shape: Shape, filters: Iterable[Filter]) -> Figuring:
        """What works out the figures of a collection's columns, over the records that are wished
        for.
        """
        return Figuring(self._file, owner, name, shape, filters)

    def pivoting(self, owner: str, name: str, shape: Shape, filters: Iterable[Filter]) -> Pivoting:
        """What puts those records in groups."""
        return Pivoting(self._file, owner, name, shape, filters)

    def forget(self, prefix: str) -> None:
        """Drop all collections of the owners whose name begins so."""

        if not self.kept:
            self._file.forgotten.append(prefix)
        self._file.write(lambda connection: drop_owners(connection, prefix))
        self._give_back()

    def size(self) -> Size:
        """How much is held, the most recently used collection first."""

        def look(connection: sqlite3.Connection) -> Size:
            held = connection.execute(
                "SELECT owner, name, count, total, complete, info FROM collections"
                " ORDER BY used DESC"
            ).fetchall()
            return Size(
                used_bytes(connection),
                [
                    Held(owner, name, records, total, bool(complete), info)
                    for owner, name, records, total, complete, info in held
                ],
            )

        return self._file.write(look)

    def check(self) -> list[str]:
        """What is wrong with the file, in SQLite's words; nothing where it is sound.

        A file that is no database, or of another version, is set aside: `troubles` says so.
        """
        return self._file.write(unsound)

    def close(self) -> None:
        """Close the file; the next use opens it again."""
        self._file.close()

    def _keep_room(self, owner: str, name: str) -> None:
        def work(connection: sqlite3.Connection) -> None:
            # By its name: its number is another one where it was taken over meanwhile.
            newest = state_of(connection, owner, name)
            if newest is not None:
                make_room(connection, self._most, newest.id, self._pinned)

        self._file.write(work)

    def _take_over(self, connection: sqlite3.Connection, wanted: tuple[str, str] | None) -> int:
        if wanted is not None:
            gone = wanted[0].startswith(tuple(self._file.forgotten))
            return 0 if gone else take_over(connection, wanted)
        for prefix in self._file.forgotten:
            drop_owners(connection, prefix)
        return take_over(connection, None)

    def _give_back(self) -> None:
        """Give free pages back to the disk."""
        connection = self._file.connect()
        try:
            with self._file.guarded():
                # Not as a row that is read, of which there is none: each step frees one page.
                connection.executescript("PRAGMA incremental_vacuum")
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        finally:
            connection.close()
