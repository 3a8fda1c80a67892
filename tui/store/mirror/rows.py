"""The rows of a collection's table: which are known, where they stand, and how they are put in."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from tui.store.mirror.shape import Prepared, RecordId

_IDS = 500
"""Ids of one statement."""
_ROWS = 200
"""Rows of one statement."""
OWN_COLUMNS = 4
"""Columns of a collection's table before those that are sorted by."""


class Known(NamedTuple):
    """A record that is here: its number, and its place where that is known."""

    number: int
    place: int | None


def make_tables(connection: sqlite3.Connection, number: int, columns: int) -> None:
    """The tables of a collection. What is sorted by, the texts and the payloads stand apart, so
    that a look at all of one of them is a look at little.
    """
    keys = "".join(f", k{n}" for n in range(columns))
    connection.execute(
        f"CREATE TABLE r{number} (n INTEGER PRIMARY KEY, id NOT NULL UNIQUE, position INTEGER,"
        f" seen INTEGER NOT NULL{keys})"
    )
    connection.execute(f"CREATE INDEX p{number} ON r{number} (position)")
    connection.execute(f"CREATE TABLE b{number} (n INTEGER PRIMARY KEY, payload BLOB NOT NULL)")
    connection.execute(f"CREATE TABLE t{number} (n INTEGER PRIMARY KEY, text TEXT NOT NULL)")
    connection.execute(
        f"CREATE TRIGGER d{number} AFTER DELETE ON r{number}"
        f" BEGIN DELETE FROM b{number} WHERE n = old.n; DELETE FROM t{number} WHERE n = old.n; END"
    )


def known_records(
    connection: sqlite3.Connection, table: str, ids: Sequence[RecordId]
) -> dict[RecordId, Known]:
    """Those of the records that are here."""
    found: dict[RecordId, Known] = {}
    for start in range(0, len(ids), _IDS):
        part = ids[start : start + _IDS]
        rows = connection.execute(
            f"SELECT id, n, position FROM {table} WHERE id IN ({', '.join('?' * len(part))})",
            tuple(part),
        )
        found |= {record: Known(number, place) for record, number, place in rows}
    return found


def places_behind(
    connection: sqlite3.Connection,
    table: str,
    ids: Iterable[RecordId],
    known: Mapping[RecordId, Known],
    least: int,
) -> list[int | None]:
    """The places of records where those that are known stay, and new ones stand at the end, which
    is at place `least` or behind it.
    """
    (last,) = connection.execute(f"SELECT max(position) FROM {table}").fetchone()
    behind = itertools.count(max(least, 0 if last is None else last + 1))
    new: dict[RecordId, int] = {}
    places: list[int | None] = []
    for record in ids:
        if record in known:
            places.append(known[record].place)
        else:
            if record not in new:
                new[record] = next(behind)
            places.append(new[record])
    return places


def make_way(
    connection: sqlite3.Connection,
    table: str,
    first: int,
    ids: Sequence[RecordId],
    *,
    park: bool,
) -> int:
    """Take others away from places that records are put in; how many went for good."""
    span = (first, first + len(ids) - 1)
    if park:
        connection.execute(
            f"UPDATE {table} SET position = NULL WHERE position BETWEEN ? AND ?", span
        )
        return 0
    wanted = set(ids)
    standing = connection.execute(
        f"SELECT n, id FROM {table} WHERE position BETWEEN ? AND ?", span
    ).fetchall()
    gone = [(number,) for number, record in standing if record not in wanted]
    connection.executemany(f"DELETE FROM {table} WHERE n = ?", gone)
    return len(gone)


def insert(
    connection: sqlite3.Connection,
    number: int,
    seen: int,
    made: Prepared,
    places: Sequence[int | None],
    known: Mapping[RecordId, Known],
) -> None:
    """Put records in their places, each over the one of its id; `seen` tells this time."""
    (last,) = connection.execute(f"SELECT coalesce(max(n), 0) FROM r{number}").fetchone()
    taken = {record: here.number for record, here in known.items()}
    for record in made.ids:
        if record not in taken:
            last += 1
            taken[record] = last
    numbers = [taken[record] for record in made.ids]
    keys = [f"k{n}" for n in range(len(made.keys))]
    rows = zip(numbers, made.ids, places, [seen] * len(numbers), *made.keys, strict=True)
    _put(connection, f"r{number}", ("n", "id", "position", "seen", *keys), rows)
    _put(connection, f"b{number}", ("n", "payload"), zip(numbers, made.payloads, strict=True))
    _put(connection, f"t{number}", ("n", "text"), zip(numbers, made.texts, strict=True))


def _put(
    connection: sqlite3.Connection,
    table: str,
    names: tuple[str, ...],
    rows: Iterator[tuple[object, ...]],
) -> None:
    """Put rows in, each over the one of the same first column. Many are one step of SQLite: it is
    quicker so, and who paints meanwhile is asked once for the interpreter and not for every row.
    """
    values = connection.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER)
    most = max(1, min(_ROWS, values // len(names)))
    while part := list(itertools.islice(rows, most)):
        connection.execute(
            _upsert(table, names, len(part)), list(itertools.chain.from_iterable(part))
        )


@lru_cache(64)
def _upsert(table: str, names: tuple[str, ...], rows: int) -> str:
    row = f"({', '.join('?' * len(names))})"
    news = ", ".join(f"{name} = excluded.{name}" for name in names[1:])
    return (
        f"INSERT INTO {table} ({', '.join(names)}) VALUES {', '.join([row] * rows)}"
        f" ON CONFLICT ({names[0]}) DO UPDATE SET {news}"
    )


def close_up(connection: sqlite3.Connection, table: str, gone: Sequence[int]) -> None:
    """Move up what stood behind places that are empty now."""
    if not gone:
        return
    connection.execute("CREATE TEMP TABLE gone (place INTEGER PRIMARY KEY, count INTEGER)")
    connection.executemany(
        "INSERT INTO gone VALUES (?, ?)",
        ((place, count) for count, place in enumerate(sorted(set(gone)), 1)),
    )
    connection.execute(
        f"UPDATE {table} SET position = position -"
        f" (SELECT count FROM gone WHERE place < {table}.position ORDER BY place DESC LIMIT 1)"
        " WHERE position > ?",
        (min(gone),),
    )
    connection.execute("DROP TABLE gone")


def close_ranks(connection: sqlite3.Connection, table: str) -> None:
    """Count the places anew where some are empty: a record came twice while it moved."""
    count, last = connection.execute(
        f"SELECT count(position), max(position) FROM {table}"
    ).fetchone()
    if count and last + 1 != count:
        connection.execute(
            f"UPDATE {table} SET position = ranked.place FROM"
            f" (SELECT n, row_number() OVER (ORDER BY position, n) - 1 AS place FROM {table})"
            f" AS ranked WHERE {table}.n = ranked.n"
        )
