"""Files of SQLite that cannot be used: recognised, and put out of the way with what is theirs."""

from __future__ import annotations

import sqlite3
from pathlib import Path

COMPANIONS = ("-shm", "-wal", "")
_REFUSALS = (
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_AUTH,
    sqlite3.SQLITE_IOERR,
)


def is_damage(error: sqlite3.Error) -> bool:
    """True for a file that is no database, or no whole one; locked or full it is neither."""
    return type(error) is sqlite3.DatabaseError


def is_refused(error: Exception) -> bool:
    """Whether the disk does not take it, as when it is full or may only be read."""
    code = int(getattr(error, "sqlite_errorcode", 0)) & 0xFF
    return code in _REFUSALS or (isinstance(error, OSError) and not code)


def set_aside(path: Path, ending: str = "broken") -> Path | None:
    """Make room for a new file; where the old one is now, None where that cannot be done.

    What belongs to the old file goes with it: another process may still have it open, and
    a file that is mapped must not be written to as if it were a new one's.
    """
    aside = path.with_name(f"{path.name}.{ending}")
    try:
        for companion in COMPANIONS:
            file = path.with_name(path.name + companion)
            if file.exists():
                file.replace(aside.with_name(aside.name + companion))
    except OSError:
        return None
    return aside
