"""Orders that are kept in the mirror's file: which record stands at which place for a wish.

One is true as long as no record of its collection was put, deleted or evicted: it says after how
many writes it was made.
"""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

MOST = 4
"""Orders of one collection; the newest stay."""


class Kept(NamedTuple):
    """An order that is in the file: the table of places (`place`, from 1 on) and numbers (`n`)."""

    table: str
    total: int


def kept_order(
    connection: sqlite3.Connection, collection: int, wish: str, writes: int
) -> Kept | None:
    """The order for a wish as it is after so many writes; None where it is not in the file."""
    row = connection.execute(
        "SELECT id, total FROM orders WHERE collection = ? AND wish = ? AND writes = ?",
        (collection, wish, writes),
    ).fetchone()
    return None if row is None else Kept(f"o{row[0]}", row[1])


def keep_order(
    connection: sqlite3.Connection, collection: int, wish: str, writes: int, made: str
) -> None:
    """Put an order in that was made after so many writes; `made` is the table that it stands in.

    Those that are not true any more go, and the oldest of more than there may be.
    """
    others = connection.execute(
        "SELECT id FROM orders WHERE collection = ? AND wish <> ? AND writes = ?"
        " ORDER BY id DESC LIMIT ?",
        (collection, wish, writes, MOST - 1),
    ).fetchall()
    drop_orders(connection, collection, frozenset(number for (number,) in others))
    connection.execute(
        "INSERT INTO orders (collection, wish, writes, total)"
        f" SELECT ?, ?, ?, count(*) FROM {made}",
        (collection, wish, writes),
    )
    (number,) = connection.execute("SELECT last_insert_rowid()").fetchone()
    connection.execute(f"CREATE TABLE o{number} (place INTEGER PRIMARY KEY, n INTEGER NOT NULL)")
    connection.execute(f"INSERT INTO o{number} SELECT place, n FROM {made} ORDER BY place")


def drop_orders(
    connection: sqlite3.Connection,
    collection: int | None = None,
    but: frozenset[int] = frozenset(),
) -> None:
    """Let orders go, those of one collection or all, but for some."""
    found = connection.execute(
        "SELECT id FROM orders WHERE ? IS NULL OR collection = ?", (collection, collection)
    ).fetchall()
    for (number,) in found:
        if number not in but:
            connection.execute(f"DROP TABLE IF EXISTS o{number}")
            connection.execute("DELETE FROM orders WHERE id = ?", (number,))
