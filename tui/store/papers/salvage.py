"""What can be read of a damaged file of invoices."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from tui.store.papers.layout import LOOK_AT_NUMBER, TABLES
from tui.words import counted


def salvaged(connection: sqlite3.Connection, damaged: Path) -> str:
    """Take over every row of a damaged file that can still be read; says how many those are."""
    found = 0
    with closing(sqlite3.connect(f"{damaged.absolute().as_uri()}?mode=ro", uri=True)) as old:
        for table, width in TABLES.items():
            marks = ", ".join("?" * width)
            with suppress(sqlite3.DatabaseError):
                for row in old.execute(f"SELECT * FROM {table}"):
                    connection.execute(f"INSERT OR IGNORE INTO {table} VALUES ({marks})", row)
                    found += 1
    return f"What could be read of it was taken over ({counted(found, 'row')}). {LOOK_AT_NUMBER}"
