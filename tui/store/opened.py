"""Which files of SQLite this process has open, so that none is closed beside SQLite meanwhile.

A process that closes a file by any descriptor has given up all its locks on it, those of SQLite
too. The next program that is done with the file takes itself for the last one then, and takes away
the log that this process goes on writing: all of that would be lost.
"""

from __future__ import annotations

import os
import threading
from collections import Counter
from contextlib import suppress
from pathlib import Path

Identity = tuple[int, int]
"""Device and inode."""
HEADER = 20
"""Bytes of a file's beginning that are looked at."""
_open: Counter[Identity] = Counter()
_one_at_a_time = threading.Lock()


def identity(found: os.stat_result) -> Identity:
    """Which file it is, wherever it stands."""
    return found.st_dev, found.st_ino


def take(path: Path) -> tuple[Identity, bytes]:
    """The file at a path, made where there is none, and the beginning of its header: empty too
    where it is open here already, and was looked at then. Until `let_go` it counts as open.

    Raises OSError.
    """
    with _one_at_a_time:
        with suppress(FileNotFoundError):
            found = identity(path.stat())
            if _open[found] > 0:
                _open[found] += 1
                return found, b""
        # Made with these rights: what SQLite puts beside it takes them over.
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            found, header = identity(os.fstat(descriptor)), os.pread(descriptor, HEADER, 0)
        finally:
            os.close(descriptor)
        _open[found] += 1
        return found, header


def let_go(file: Identity) -> None:
    """It is closed by one of those who took it."""
    with _one_at_a_time:
        _open[file] -= 1
        if _open[file] <= 0:
            del _open[file]
