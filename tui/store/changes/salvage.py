"""What can still be read of a damaged file of changes, so that one torn page loses no others."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from msgspec.structs import replace

from tui.store.changes.change import Change
from tui.store.changes.rows import Unreadable, find_in, inserted, read_change
from tui.words import counted

LOOK = "The file of changes was damaged: look whether this is right, then send or drop it."


def salvaged(into: sqlite3.Connection, file: Path) -> str:
    """Put what can be read of a file into a new one, in its order; what is so now, in words.

    What waits is held: what it says may be damaged as well.
    """
    count = 0
    for _, change in sorted(_readable(file).items()):
        waits = change.state == "waiting"
        with suppress(sqlite3.IntegrityError):
            inserted(into, replace(change, held=True, reason=LOOK) if waits else change)
            count += 1
    return f"{counted(count, 'change')} could still be read; what waits was held."


def _readable(file: Path) -> dict[int, Change]:
    """The changes by their place, read from both ends up to what is torn."""
    found: dict[int, Change] = {}
    # Only read: what was set aside stays as it was found.
    address = f"{file.absolute().as_uri()}?mode=ro"
    for order in ("ASC", "DESC"):
        with (
            suppress(sqlite3.Error, UnicodeDecodeError),
            closing(sqlite3.connect(address, uri=True)) as connection,
        ):
            for row in connection.execute(f"{find_in(connection)} ORDER BY sequence {order}"):
                with suppress(Unreadable):
                    change = read_change(row)
                    found[change.sequence] = change
    return found
