"""A database as one file to take along, and such a file opened to read what is in it."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from tui.store.database import Database


def copy_database(database: Database, target: Path) -> None:
    """Write all of it as it is at one moment, whoever has it open, to a file that is not there
    yet. Raises OSError.
    """
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    database.read(lambda one: one.execute("VACUUM INTO ?", (str(target),)))


def as_it_lies(source: Path) -> sqlite3.Connection:
    """Open a file from elsewhere: nothing is recovered in it or written to it."""
    return sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
