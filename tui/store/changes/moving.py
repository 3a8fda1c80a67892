"""The changes as one file to take along, and out of such a file again.

Nothing of a file that comes from elsewhere is used as a database but its rows: they are read,
each is looked at, and put into a new file of our own.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from tui.store.changes.change import Change
from tui.store.changes.changes import Changes
from tui.store.changes.layout import VERSION
from tui.store.changes.rows import find_in, inserted, read_change
from tui.store.copying import as_it_lies


class NotChanges(Exception):
    """The file holds no changes that this version can read; says why in a sentence."""


def build_changes(source: Path, target: Path, adapted: Callable[[Change], Change]) -> int:
    """Put the changes of such a copy into a new file, each as `adapted` says; how many.

    Raises NotChanges; OSError where the disk refuses.
    """
    with closing(as_it_lies(source)) as connection, closing(Changes(target)) as built:
        found = _changes(connection)

        def fill(into: sqlite3.Connection) -> int:
            count = 0
            for change in found:
                try:
                    inserted(into, adapted(change))
                except sqlite3.IntegrityError as error:
                    raise NotChanges("A change stands in it twice.") from error
                count += 1
            return count

        return built.database.write(fill, durable=True)


def _changes(connection: sqlite3.Connection) -> Iterator[Change]:
    """The changes of a file that may be anything, in their order. Raises NotChanges."""
    try:
        connection.execute("PRAGMA trusted_schema = OFF")
        version: int = connection.execute("PRAGMA user_version").fetchone()[0]
        if version > VERSION:
            raise NotChanges("Its changes are of a newer version of tockdeck.")
        kind = connection.execute(
            "SELECT type FROM sqlite_master WHERE name = 'changes'"
        ).fetchone()
        if version < 1 or kind != ("table",):
            raise NotChanges("It holds no changes of tockdeck.")
        for row in connection.execute(f"{find_in(connection)} ORDER BY sequence"):
            yield read_change(row)
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise NotChanges(f"Its changes cannot be read: {error}.") from error
