"""What a disk refused SQLite, in the way in which the system says it."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
from pathlib import Path

LEAST_ROOM = 65_536
"""Bytes that SQLite needs beside a file (its index of the log has 32 KiB)."""


def as_os_error(error: Exception, path: Path | None) -> OSError:
    """The error of SQLite for the file at `path` as one of the system."""
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


def _is_full(folder: Path) -> bool:
    try:
        return shutil.disk_usage(folder).free < LEAST_ROOM
    except OSError:
        return False
