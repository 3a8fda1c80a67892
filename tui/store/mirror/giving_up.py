"""How what one thread works out in the mirror's file is given up from another one."""

from __future__ import annotations

import sqlite3
from contextlib import suppress

STEPS = 200_000
"""Steps of SQLite between two looks whether it was given up; a few milliseconds."""


def interrupt(connection: sqlite3.Connection | None) -> None:
    """End what the connection is at, if anything; from any thread."""
    if connection is not None:
        with suppress(sqlite3.ProgrammingError):
            # It may be closed just now; then there is nothing to give up.
            connection.interrupt()
