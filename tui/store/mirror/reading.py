"""The mirror as somebody looks at it who must not be noticed: nothing is written, nobody waits."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from tui.store.mirror.collection import State, state_of
from tui.store.mirror.file import VERSION, version_of
from tui.store.mirror.shape import Row
from tui.store.mirror.troubles import Lost


class Reading:
    """Reads the file with connections of its own; for one thread.

    It puts no file aside and counts as no use: what is to be done about a file that cannot be
    read is for those who write it. For it, there is nothing in such a file.
    """

    def __init__(self, path: Path | None, memory: Callable[[], str] = lambda: "") -> None:
        """`memory` tells the name of the database in memory that stands in the file's place; ""
        while there is none.
        """
        self._path = path
        self._memory = memory

    def states(self, owner: str) -> dict[str, State]:
        """What is here of an owner, by name; nothing where the file cannot be read."""
        try:
            with closing(self._connected()) as connection:
                names = connection.execute(
                    "SELECT name FROM collections WHERE owner = ? ORDER BY name", (owner,)
                ).fetchall()
                found = {str(name): state_of(connection, owner, name) for (name,) in names}
        except (sqlite3.Error, Lost):
            return {}
        return {name: state for name, state in found.items() if state is not None}

    def state(self, owner: str, name: str) -> State | None:
        """What is here of one collection; None for nothing, or where the file cannot be read."""
        try:
            with closing(self._connected()) as connection:
                return state_of(connection, owner, name)
        except (sqlite3.Error, Lost):
            return None

    def parts(self, state: State, size: int) -> Iterator[tuple[int, list[Row]]]:
        """The records of a collection by places, `size` places a part, with the part's number.

        Parts of which nothing is here are passed over; those whose place is not known come last,
        with place -1. Each part is of a moment of its own. Raises Lost where the collection is
        not there any more.
        """
        try:
            with closing(self._connected()) as connection:
                yield from _placed(connection, state.id, size)
        except sqlite3.Error as error:
            raise Lost from error

    def _connected(self) -> sqlite3.Connection:
        """A connection that can only read. Raises sqlite3.Error, and Lost for another's file."""
        name = self._memory()
        if not name:
            if self._path is None:
                raise Lost
            name = f"{self._path.absolute().as_uri()}?mode=ro"
        connection = sqlite3.connect(name, uri=True, isolation_level=None)
        try:
            connection.execute("PRAGMA cache_size = -1000")
            if version_of(connection) != VERSION:
                raise Lost
        except BaseException:
            connection.close()
            raise
        return connection


def _placed(
    connection: sqlite3.Connection, collection: int, size: int
) -> Iterator[tuple[int, list[Row]]]:
    table = f"r{collection}"
    whole = f"{table} CROSS JOIN b{collection} USING (n)"
    number = -1
    while True:
        (place,) = connection.execute(
            f"SELECT min(position) FROM {table} WHERE position >= ?", ((number + 1) * size,)
        ).fetchone()
        if place is None:
            break
        number = place // size
        rows = connection.execute(
            f"SELECT position, id, payload FROM {whole}"
            " WHERE position >= ? AND position < ? ORDER BY position",
            (number * size, (number + 1) * size),
        ).fetchall()
        yield number, [Row(*row) for row in rows]
    last = 0
    while rows := connection.execute(
        f"SELECT n, -1, id, payload FROM {whole} WHERE position IS NULL AND n > ?"
        " ORDER BY n LIMIT ?",
        (last, size),
    ).fetchall():
        number, last = number + 1, rows[-1][0]
        yield number, [Row(*row[1:]) for row in rows]
