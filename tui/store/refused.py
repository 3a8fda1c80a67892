"""What the disk refuses of a SQLite file, as the system says it; and one that may only be read."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Sequence
from contextlib import closing, suppress
from pathlib import Path

LEAST_ROOM = 65_536
"""Bytes that SQLite needs beside a file (its index of the log has 32 KiB)."""


def only_reads(error: OSError) -> bool:
    """Whether the disk, or what this user may do there, is for reading alone."""
    return error.errno in (errno.EROFS, errno.EACCES, errno.EPERM)


def copied(path: Path, new: Sequence[str]) -> sqlite3.Connection:
    """What a file has that may only be read, its log included, in memory; where there is none,
    what the statements of a `new` one make.

    SQLite itself reads such a file only without what its log has: a change that waits would not
    be there. Raises OSError, sqlite3.Error.
    """
    connection = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
    try:
        if path.exists():
            with tempfile.TemporaryDirectory(prefix="tockdeck-") as folder:
                copy = Path(folder) / path.name
                for ending in ("", "-wal"):
                    # The log goes with the last who has the file open.
                    with suppress(*([FileNotFoundError] if ending else [])):
                        shutil.copyfile(f"{path}{ending}", f"{copy}{ending}")
                with closing(sqlite3.connect(copy)) as source:
                    source.backup(connection)
        else:
            for statement in new:
                connection.execute(statement)
    except BaseException:
        connection.close()
        raise
    return connection


def _is_full(folder: Path) -> bool:
    try:
        return shutil.disk_usage(folder).free < LEAST_ROOM
    except OSError:
        return False


def as_os_error(error: Exception, path: Path | None) -> OSError:
    """What the disk refused, in the way in which the system says it."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    number = {
        sqlite3.SQLITE_FULL: errno.ENOSPC,
        sqlite3.SQLITE_READONLY: errno.EROFS,
        sqlite3.SQLITE_CANTOPEN: errno.EACCES,
        sqlite3.SQLITE_PERM: errno.EACCES,
        sqlite3.SQLITE_BUSY: errno.EBUSY,
    }.get(code, errno.EIO)
    if number == errno.EIO and path is not None and _is_full(path.parent):
        # What stands beside the file cannot be made there: to SQLite that is no lack of room.
        number = errno.ENOSPC
    words = str(error) if number == errno.EIO else os.strerror(number)
    if number == errno.EBUSY:
        words = "another program has held it for too long"
    return OSError(number, words, str(path or ""))
