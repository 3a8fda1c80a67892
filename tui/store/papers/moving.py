"""What is kept of invoices as one file to take along, and out of such a file again.

Nothing of a file that comes from elsewhere is used as a database but its rows: they are read,
each is looked at, and put into a new file of our own.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, get_args

from tui.store.copying import as_it_lies
from tui.store.papers.layout import LATER, PAPERS, TABLES
from tui.store.papers.paper import PaperState
from tui.store.papers.papers import Papers
from tui.store.papers.recurring import read_recurring


class NotPapers(Exception):
    """The file holds no invoices that this version can read; says why in a sentence."""


def build_papers(source: Path, target: Path) -> int:
    """Put what a copy keeps of invoices into a new file; how many papers.

    Raises NotPapers; OSError where the disk refuses.
    """
    with closing(as_it_lies(source)) as connection, closing(Papers(target)) as built:
        tables = {table: list(_rows(connection, table)) for table in TABLES}

        def fill(into: sqlite3.Connection) -> int:
            try:
                for table, rows in tables.items():
                    marks = ", ".join("?" * TABLES[table])
                    into.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
            except sqlite3.Error as error:
                raise NotPapers(f"Its invoices do not fit together: {error}.") from error
            return len(tables["papers"])

        return built.database.write(fill, durable=True)


def _rows(connection: sqlite3.Connection, table: str) -> Iterator[tuple[Any, ...]]:
    """The rows of a file that may be anything. Raises NotPapers."""
    try:
        connection.execute("PRAGMA trusted_schema = OFF")
        version: int = connection.execute("PRAGMA user_version").fetchone()[0]
        if version > PAPERS.version:
            raise NotPapers("Its invoices are of a newer version of tockdeck.")
        if table in LATER.get(version, ()):
            return
        kind = connection.execute(
            "SELECT type FROM sqlite_master WHERE name = ?", (table,)
        ).fetchone()
        known = version == PAPERS.version or version in PAPERS.earlier
        if not known or kind != ("table",):
            raise NotPapers("It holds no invoices of tockdeck.")
        for row in connection.execute(f"SELECT * FROM {table}"):
            _look_at(table, row)
            yield row
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise NotPapers(f"Its invoices cannot be read: {error}.") from error
    except (ValueError, TypeError, InvalidOperation) as error:
        raise NotPapers(f"Of its invoices a row cannot be read: {error}.") from error


def _look_at(table: str, row: tuple[Any, ...]) -> None:
    """Raises ValueError or TypeError for a row that could not be read later."""
    if len(row) != TABLES[table] or not isinstance(row[0], str):
        raise ValueError(table)
    if table == "papers":
        _, invoice, state, _, sequence, _, issued, _, body = row
        if state not in get_args(PaperState) or not isinstance(body, bytes):
            raise ValueError(f"invoice {invoice}")
        if not isinstance(invoice, int) or not isinstance(sequence, int):
            raise ValueError(f"invoice {invoice!r}")
        if issued:
            date.fromisoformat(issued)
    elif table == "payments":
        date.fromisoformat(row[3])
        if not Decimal(row[4]).is_finite():
            raise ValueError(f"payment {row[1]}")
    elif table == "recurring":
        read_recurring(row[2])
    elif table == "periods":
        date.fromisoformat(row[2])
    elif table == "steps":
        for body in filter(None, row[5:7]):
            read_recurring(body)
    elif table == "reminded":
        date.fromisoformat(row[2])
        if not Decimal(row[4]).is_finite() or not 0 <= row[3] < 3:
            raise ValueError(f"reminder of invoice {row[1]}")
