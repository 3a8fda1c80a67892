"""With which number a series of invoices goes on."""

from __future__ import annotations

import sqlite3

from tui.store.database import Database
from tui.store.papers.paper import NumberTaken


class Series:
    """What a person set of them. Raises OSError where the disk refuses."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def go_on_with(self, owner: str, series: str, sequence: int) -> None:
        """Have the series go on with this number, which can be set lower again until it is used.
        Raises NumberTaken where it or a later one is used.
        """

        def write(connection: sqlite3.Connection) -> None:
            _insist_on_unused(connection, owner, series, sequence)
            connection.execute(
                "INSERT OR REPLACE INTO first_numbers VALUES (?, ?, ?)", (owner, series, sequence)
            )

        self._database.write(write, durable=True)

    def insist_on_unused(self, owner: str, series: str, sequence: int) -> None:
        """Raises NumberTaken where `go_on_with` would."""
        self._database.read(lambda one: _insist_on_unused(one, owner, series, sequence))

    def first(self, owner: str, series: str) -> int:
        """What the series was told to go on with; 1 where nobody did."""
        return self._database.read(lambda one: _first(one, owner, series))


def next_in(connection: sqlite3.Connection, owner: str, series: str) -> int:
    """The place in the series that the next invoice will have."""
    return max(_last(connection, owner, series) + 1, _first(connection, owner, series))


def _last(connection: sqlite3.Connection, owner: str, series: str) -> int:
    (last,) = connection.execute(
        "SELECT max(sequence) FROM papers WHERE owner = ? AND series = ?", (owner, series)
    ).fetchone()
    return last or 0


def _first(connection: sqlite3.Connection, owner: str, series: str) -> int:
    first = connection.execute(
        "SELECT sequence FROM first_numbers WHERE owner = ? AND series = ?", (owner, series)
    ).fetchone()
    return first[0] if first else 1


def _insist_on_unused(
    connection: sqlite3.Connection, owner: str, series: str, sequence: int
) -> None:
    last = _last(connection, owner, series)
    if sequence <= last:
        raise NumberTaken(
            f"Number {last:,} of the series is used: it goes on with {last + 1:,} or a later one."
        )
