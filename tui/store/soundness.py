"""Whether a file of SQLite is sound."""

from __future__ import annotations

import sqlite3

MOST_SAID = 20


def unsound(connection: sqlite3.Connection) -> list[str]:
    """What is wrong with the file, in SQLite's words, MOST_SAID of them at most; nothing where it
    is sound.
    """
    found = [str(line) for (line,) in connection.execute(f"PRAGMA integrity_check({MOST_SAID})")]
    return [] if found == ["ok"] else found
