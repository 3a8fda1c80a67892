"""The search index: a SQLite file of documents by owner and place, found by parts of words.

Losing it loses nothing but the time to fill it again: a file that cannot be used, or that a
later version made, is set aside. One connection an object: who fills it and who searches in it
have an object each, and neither waits for the other.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from tui.store.index.documents import (
    MOST_OWNERS,
    Document,
    Found,
    Hit,
    Query,
    Rank,
    best,
    moment,
)
from tui.store.index.file import MEGABYTE, open_file
from tui.store.setting_aside import is_damage, set_aside

MOST_BYTES = 512 * MEGABYTE
"""Room for more than a million records."""
CHUNK = 250
"""Documents of a transaction: between two of them whoever else writes has a turn."""
CANDIDATES = 150
"""So many that answer are ranked; of more only the first so many, and that is told."""
MOST_LOOKED_AT = 3000
"""So many that may answer are looked at."""
KEPT_SHARE = 0.75
"""How much of the most bytes is left where something had to go."""
_WEIGHT = 48
"""Documents are numbered by weight, and within one as they came: the last are looked at first."""

T = TypeVar("T")
_NOBODY = "\0"
"""What names of owners begin with who are none any more."""
_COLUMNS = "docs.id, docs.owner, kind, key, title, place_text, text, moment"


@dataclass(frozen=True)
class Place:
    """What is known of the documents of one place: when they were read, and whether all were."""

    stamp: float | None
    """What `put` was told, None while not all of that is in."""
    whole: bool
    evicted: bool
    """Whether they had to go, as there was no room."""


class Index:
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
    ) -> None:
        self.path = path
        self.problem = ""
        self._most_bytes = most_bytes
        self._told = told
        self._connection: sqlite3.Connection | None = None
        self._one_at_a_time = threading.Lock()

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
        wanted = {(one.kind, one.key): one.bounded() for one in documents}

        def begin(connection: sqlite3.Connection) -> tuple[int, int, list[Document], list[int]]:
            number, place_id = _owner(connection, owner), _place(connection, owner, place)
            there = _there(connection, place_id, None if whole else wanted.keys())
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
            _taking_out(gone[at : at + CHUNK]) for at in range(0, len(gone), CHUNK)
        ]
        work += [
            _putting_in(number, place_id, fresh[at : at + CHUNK])
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
                _empty(connection, place_id)
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
                total -= _empty(connection, place_id)
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
            hits, more = _candidates(connection, query, query.matches(only), names, CANDIDATES)
            if more:
                for title in ("whole", "begins"):
                    expression = query.matches(only, title=title)
                    hits += _candidates(connection, query, expression, names, most)[0]
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
                f"SELECT {_COLUMNS} FROM docs JOIN places ON places.id = docs.place"
                " JOIN owners ON owners.id = places.owner"
                " WHERE owners.name = ? AND substr(places.name, 1, ?) = ? ORDER BY docs.id DESC",
                (owner, len(prefix), prefix),
            )
            return [_document(row) for row in rows]

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

    # -- the file -------------------------------------------------------------------------------

    def close(self) -> None:
        """Close the file; the next use opens it again."""
        with self._one_at_a_time:
            self._close()

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _try(self, work: Callable[[sqlite3.Connection], T]) -> T | None:
        """Do it in one transaction; None when the file or the disk does not let it."""
        with self._one_at_a_time:
            for _ in range(2):
                try:
                    if self._connection is None:
                        self._connection = open_file(self.path, self._told)
                    with self._connection:
                        done = work(self._connection)
                except sqlite3.DatabaseError as error:
                    if str(error) == "interrupted":
                        return None
                    self.problem = str(error)
                    self._close()
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
                    return None
                else:
                    self.problem = ""
                    return done
        return None


def _owner(connection: sqlite3.Connection, name: str) -> int:
    connection.execute("INSERT OR IGNORE INTO owners (name) VALUES (?)", (name,))
    found = connection.execute("SELECT id FROM owners WHERE name = ?", (name,)).fetchone()
    return min(int(found[0]), MOST_OWNERS)


def _place(connection: sqlite3.Connection, owner: str, name: str) -> int:
    number = _owner(connection, owner)
    connection.execute("INSERT OR IGNORE INTO places (owner, name) VALUES (?, ?)", (number, name))
    found = connection.execute(
        "SELECT id FROM places WHERE owner = ? AND name = ?", (number, name)
    ).fetchone()
    return int(found[0])


def _there(
    connection: sqlite3.Connection, place_id: int, names: Iterable[tuple[str, str]] | None
) -> dict[tuple[str, str], tuple[int, bytes]]:
    """Number and digest of the documents of a place: all of them, or those that are named."""
    ask = "SELECT kind, key, id, digest FROM docs WHERE place = ?"
    if names is None:
        rows: Iterable[tuple[str, str, int, bytes]] = connection.execute(ask, (place_id,))
    else:
        one = ask + " AND kind = ? AND key = ?"
        rows = (row for name in names for row in connection.execute(one, (place_id, *name)))
    return {(kind, key): (identity, digest) for kind, key, identity, digest in rows}


def _putting_in(
    owner: int, place_id: int, documents: list[Document]
) -> Callable[[sqlite3.Connection], bool]:
    def put(connection: sqlite3.Connection) -> bool:
        last: dict[int, int] = {}
        for one in documents:
            base = one.weight << _WEIGHT
            if one.weight not in last:
                found = connection.execute(
                    "SELECT max(id) FROM docs WHERE id >= ? AND id < ?",
                    (base, (one.weight + 1) << _WEIGHT),
                ).fetchone()[0]
                last[one.weight] = found if found is not None else base
            last[one.weight] += 1
            number = last[one.weight]
            connection.execute(
                "INSERT INTO docs"
                " (id, owner, place, kind, key, title, place_text, text, moment, digest)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    number, owner, place_id, one.kind, one.key, one.title, one.where, one.text,
                    one.stamp, one.digest,
                ),
            )  # fmt: skip
            connection.execute(
                "INSERT INTO words (rowid, content) VALUES (?, ?)", (number, one.indexed(owner))
            )
        return True

    return put


def _taking_out(numbers: Sequence[int]) -> Callable[[sqlite3.Connection], bool]:
    def take_out(connection: sqlite3.Connection) -> bool:
        for number in numbers:
            row = connection.execute(
                f"SELECT {_COLUMNS} FROM docs WHERE id = ?", (number,)
            ).fetchone()
            if row is None:
                continue
            # The trigrams have no content of their own: they are told what it was.
            connection.execute(
                "INSERT INTO words (words, rowid, content) VALUES ('delete', ?, ?)",
                (number, _document(row).indexed(row[1])),
            )
            connection.execute("DELETE FROM docs WHERE id = ?", (number,))
        return True

    return take_out


def _empty(connection: sqlite3.Connection, place_id: int) -> int:
    """Take out what a place holds; how many there were."""
    numbers = [
        int(row[0])
        for row in connection.execute("SELECT id FROM docs WHERE place = ?", (place_id,))
    ]
    _taking_out(numbers)(connection)
    return len(numbers)


def _candidates(
    connection: sqlite3.Connection, query: Query, expression: str, names: dict[int, str], most: int
) -> tuple[list[tuple[Rank, Hit]], bool]:
    """What answers, `most` at most, the weightiest and newest first; whether more may."""
    hits: list[tuple[Rank, Hit]] = []
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM words JOIN docs ON docs.id = words.rowid"
        " WHERE words MATCH ? ORDER BY words.rowid DESC LIMIT ?",
        (expression, MOST_LOOKED_AT),
    )
    looked_at = 0
    for row in rows:
        looked_at += 1
        document = _document(row)
        rank = query.rank(document)
        if rank is not None:
            hits.append((rank, Hit(names.get(row[1], ""), document)))
            if len(hits) >= most:
                return hits, True
    return hits, looked_at >= MOST_LOOKED_AT


def _document(row: tuple[int, int, str, str, str, str, str, float | None]) -> Document:
    number, _, kind, key, title, where, text, stamp = row
    return Document(kind, key, title, where, text, moment(stamp), number >> _WEIGHT)
