"""The search index: a SQLite file of documents by owner and place, found by parts of words.

Losing it loses nothing but the time to fill it again: a file that cannot be used, or that a
later version made, is set aside. One connection an object: who fills it and who searches in it
have an object each, and neither waits for the other.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from tui.store.index.documents import Document, Found, Query, best
from tui.store.index.file import (
    MEGABYTE,
    back_to_disk,
    begin_anew,
    in_turn,
    memory_of,
    move_to_memory,
    open_file,
)
from tui.store.index.statements import (
    COLUMNS,
    candidates,
    document_of,
    documents_there,
    emptied,
    id_of_owner,
    id_of_place,
    putting_in,
    taking_out,
)
from tui.store.losable import LosableFile
from tui.store.setting_aside import is_damage, is_refused, set_aside
from tui.store.soundness import unsound

MOST_BYTES = 512 * MEGABYTE
"""Room for more than a million records."""
CHUNK = 250
"""Documents of a transaction: between two of them whoever else writes has a turn."""
CANDIDATES = 150
"""So many that answer are ranked; of more only the first so many, and that is told."""
KEPT_SHARE = 0.75
"""How much of the most bytes is left where something had to go."""

T = TypeVar("T")
_NOBODY = "\0"
"""What names of owners begin with who are none any more."""


@dataclass(frozen=True)
class Place:
    """What is known of the documents of one place: when they were read, and whether all were."""

    stamp: float | None
    """What `put` was told, None while not all of that is in."""
    whole: bool
    evicted: bool
    """Whether they had to go, as there was no room."""


class Index(LosableFile):
    """Documents of one file, put in and taken out by owner and place.

    Opened at the first use; with `path` None all is in memory. A full disk or a locked file
    fails nothing: what cannot be kept is just not found, and `problem` says why. `told` hears
    of a file that was set aside.
    """

    def __init__(
        self,
        path: Path | None,
        *,
        most_bytes: int = MOST_BYTES,
        told: Callable[[str], object] = lambda _text: None,
        in_memory_too: bool = False,
    ) -> None:
        """`in_memory_too`: where the disk does not take it, all of it is in memory until it does,
        the same for every such index of this process.
        """
        super().__init__()
        self._in_memory_too = in_memory_too
        self._opened: Path | str | None = None
        self.path = path
        self.problem = ""
        self._most_bytes = most_bytes
        self._told = told

    # -- filling --------------------------------------------------------------------------------

    def put(
        self,
        owner: str,
        place: str,
        documents: Iterable[Document],
        *,
        whole: bool = True,
        stamp: float | None = None,
        go_on: Callable[[], bool] = lambda: True,
    ) -> bool:
        """Put documents in, the most important first; `whole` takes out all others of the place.

        What is there already and the same costs next to nothing. `go_on` is asked between the
        transactions; whether all was done is the answer. `stamp` is remembered once it is.
        """
        if self.path is not None and self.in_memory and back_to_disk(self.path, self._told):
            self._told(f"The search index is kept again: {self.path}.")
        wanted = {(one.kind, one.key): one.bounded() for one in documents}
        for _ in range(2):
            place_then = self._stands
            if self._put(owner, place, wanted, whole, stamp, go_on):
                return True
            if self._stands == place_then:
                break
            # It is in memory by now: all of this is put there.
        return False

    def _put(
        self, owner: str, place: str, wanted: Mapping[tuple[str, str], Document],
        whole: bool, stamp: float | None, go_on: Callable[[], bool],
    ) -> bool:  # fmt: skip
        def begin(connection: sqlite3.Connection) -> tuple[int, int, list[Document], list[int]]:
            number, place_id = id_of_owner(connection, owner), id_of_place(connection, owner, place)
            there = documents_there(connection, place_id, None if whole else wanted.keys())
            fresh = [
                one
                for name, one in wanted.items()
                if name not in there or there[name][1] != one.digest
            ]
            new = {(one.kind, one.key) for one in fresh}
            gone = [
                identity
                for name, (identity, _) in there.items()
                if name in new or (whole and name not in wanted)
            ]
            if fresh or gone:
                connection.execute("UPDATE places SET stamp = NULL WHERE id = ?", (place_id,))
            return number, place_id, fresh[::-1], gone

        begun = self._try(begin)
        if begun is None:
            return False
        number, place_id, fresh, gone = begun
        work: list[Callable[[sqlite3.Connection], bool]] = [
            taking_out(gone[at : at + CHUNK]) for at in range(0, len(gone), CHUNK)
        ]
        work += [
            putting_in(number, place_id, fresh[at : at + CHUNK])
            for at in range(0, len(fresh), CHUNK)
        ]
        for part in work:
            if not go_on() or not self._try(part):
                return False

        def end(connection: sqlite3.Connection) -> bool:
            connection.execute(
                "UPDATE places SET stamp = ?, whole = ?, evicted = 0, touched = ? WHERE id = ?",
                (stamp, whole, time.time(), place_id),
            )
            return True

        return bool(self._try(end)) and (not fresh or self._make_room(place_id))

    def drop(self, owner: str, prefix: str = "") -> None:
        """Take out all of an owner's places whose name begins with `prefix`."""

        def drop(connection: sqlite3.Connection) -> None:
            rows = connection.execute(
                "SELECT places.id FROM places JOIN owners ON owners.id = places.owner"
                " WHERE owners.name = ? AND substr(places.name, 1, ?) = ?",
                (owner, len(prefix), prefix),
            ).fetchall()
            for (place_id,) in rows:
                emptied(connection, place_id)
                connection.execute("DELETE FROM places WHERE id = ?", (place_id,))

        self._try(drop)

    def disown(self, prefix: str) -> None:
        """Let nobody find what is of owners whose name begins with `prefix`, at once; what it
        was goes with `purge`.
        """

        def disown(connection: sqlite3.Connection) -> bool:
            connection.execute(
                "UPDATE owners SET name = ? || id WHERE substr(name, 1, ?) = ?",
                (_NOBODY, len(prefix), prefix),
            )
            return True

        self._try(disown)

    def purge(self) -> None:
        """Take out what is nobody's any more, however long that takes."""

        def ask(connection: sqlite3.Connection) -> list[str]:
            names = connection.execute("SELECT name FROM owners")
            return [str(name) for (name,) in names if str(name).startswith(_NOBODY)]

        for owner in self._try(ask) or []:
            self.drop(owner)

    def _make_room(self, newest: int) -> bool:
        """Take out the places that were put in longest ago, where the file is too large."""

        def oldest(connection: sqlite3.Connection) -> bool:
            if self._used(connection) <= self._most_bytes:
                return True
            # What is taken out still stands in the trigrams until they are merged; documents
            # of their size are some of the file, so they are counted instead.
            total = connection.execute("SELECT count(*) FROM docs").fetchone()[0]
            target, order = int(total * KEPT_SHARE), "ORDER BY id = ?, touched"
            for (place_id,) in connection.execute(
                f"SELECT id FROM places {order}", (newest,)
            ).fetchall():
                if total <= target:
                    break
                total -= emptied(connection, place_id)
                connection.execute("UPDATE places SET evicted = 1 WHERE id = ?", (place_id,))
            connection.execute("INSERT INTO words (words) VALUES ('optimize')")
            return True

        return bool(self._try(oldest))

    # -- asking ---------------------------------------------------------------------------------

    def find(
        self, query: Query, owners: Sequence[str] | None = None, *, most: int = 50
    ) -> Found | None:
        """The best `most` that answer, of these owners or of all; None where it was broken off."""
        if not query.words:
            return Found()

        def look(connection: sqlite3.Connection) -> Found:
            names = {
                int(number): str(name)
                for number, name in connection.execute("SELECT id, name FROM owners")
            }
            asked = [
                number
                for number, name in names.items()
                if (name in owners if owners is not None else not name.startswith(_NOBODY))
            ]
            if not asked:
                return Found()
            only = None if len(asked) == len(names) else asked
            hits, more = candidates(connection, query, query.matches(only), names, CANDIDATES)
            if more:
                for title in ("whole", "begins"):
                    expression = query.matches(only, title=title)
                    hits += candidates(connection, query, expression, names, most)[0]
            return Found(best(hits, most), more or len(hits) > most)

        return self._try(look)

    def interrupt(self) -> None:
        """Break off what another thread does with this object."""
        connection = self._connection
        if connection is not None:
            try:
                connection.interrupt()
            except sqlite3.ProgrammingError:  # closed meanwhile
                return

    def places(self, owner: str) -> dict[str, Place]:
        """What is known of each place of an owner."""

        def ask(connection: sqlite3.Connection) -> dict[str, Place]:
            rows = connection.execute(
                "SELECT places.name, stamp, whole, evicted FROM places"
                " JOIN owners ON owners.id = places.owner WHERE owners.name = ?",
                (owner,),
            )
            return {
                name: Place(stamp, bool(whole), bool(gone)) for name, stamp, whole, gone in rows
            }

        return self._try(ask) or {}

    def of_place(self, owner: str, prefix: str) -> list[Document]:
        """The documents of an owner's places whose name begins with `prefix`."""

        def ask(connection: sqlite3.Connection) -> list[Document]:
            rows = connection.execute(
                f"SELECT {COLUMNS} FROM docs JOIN places ON places.id = docs.place"
                " JOIN owners ON owners.id = places.owner"
                " WHERE owners.name = ? AND substr(places.name, 1, ?) = ? ORDER BY docs.id DESC",
                (owner, len(prefix), prefix),
            )
            return [document_of(row) for row in rows]

        return self._try(ask) or []

    @property
    def count(self) -> int:
        """How many documents there are."""
        return (
            self._try(lambda one: int(one.execute("SELECT count(*) FROM docs").fetchone()[0])) or 0
        )

    @property
    def size(self) -> int:
        """Bytes that are in use."""
        return self._try(self._used) or 0

    @staticmethod
    def _used(connection: sqlite3.Connection) -> int:
        pages, free, size = (
            int(connection.execute(f"PRAGMA {name}").fetchone()[0])
            for name in ("page_count", "freelist_count", "page_size")
        )
        return (pages - free) * size

    def check(self) -> list[str]:
        """What is wrong with the file, in SQLite's words; nothing where it is sound.

        One that cannot be used, or is a later version's, is set aside, which `told` hears.
        """
        found = self._try(unsound)
        return [self.problem] if found is None else found

    def clear(self) -> None:
        """Let everything go, and give its room back to the disk."""

        def empty(connection: sqlite3.Connection) -> bool:
            connection.execute("BEGIN IMMEDIATE")
            begin_anew(connection)
            return True

        if self._try(empty):
            self._try(lambda connection: connection.executescript("VACUUM"))

    # -- the file -------------------------------------------------------------------------------

    @property
    def in_memory(self) -> bool:
        """Whether it is not kept on the disk."""
        return not isinstance(self._stands, Path)

    @property
    def _stands(self) -> Path | str | None:
        """The file, or the name of the database in memory that stands in its place."""
        if self.path is None or not self._in_memory_too:
            return self.path
        return memory_of(self.path) or self.path

    def _leave_disk(self) -> None:
        if self.path is not None and self._in_memory_too and not self.in_memory:
            move_to_memory(self.path)
            self._told(
                f"The search index cannot be kept: {self.path}: {self.problem}. Until it can, what"
                " is read is searched from memory."
            )

    def _tried(self, work: Callable[[sqlite3.Connection], T]) -> T | None:
        with in_turn(self.path):
            return self._done(work)

    def _done(self, work: Callable[[sqlite3.Connection], T]) -> T | None:
        for _ in range(2):
            try:
                if self._opened != self._stands:
                    # Another one has left the disk.
                    self._close()
                if self._connection is None:
                    self._opened = self._stands
                    self._connection = open_file(self._opened, self._told)
                with self._connection:
                    done = work(self._connection)
            except sqlite3.DatabaseError as error:
                if str(error) == "interrupted":
                    return None
                self.problem = str(error)
                self._close()
                if is_refused(error):
                    self._leave_disk()
                if not is_damage(error) or self.path is None:
                    return None
                aside = set_aside(self.path)
                if aside is None:
                    return None
                self._told(
                    f"The search index was damaged. It is kept as {aside.name} and filled anew."
                )
            except OSError as error:
                self.problem = error.strerror or str(error)
                self._leave_disk()
                return None
            else:
                self.problem = ""
                return done
        return None
