"""The rows of a collection's table: which are known, where they stand, and how they are put in."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Iterable, Mapping, Sequence

from tui.store.mirror.shape import Key, Record, RecordId, Shape, key_of, text_of

_IDS = 500
"""Ids of one statement."""


def prepared(record: Record, shape: Shape) -> tuple[str, list[Key]]:
    """What a record is searched and sorted by."""
    keys = [
        key_of(column.kind, value)
        for column, value in zip(shape.columns, record.values, strict=True)
    ]
    return text_of(record.texts), keys


def known_places(
    connection: sqlite3.Connection, table: str, ids: Sequence[RecordId]
) -> dict[RecordId, int | None]:
    """Those of the records that are here, with their places."""
    found: dict[RecordId, int | None] = {}
    for start in range(0, len(ids), _IDS):
        part = ids[start : start + _IDS]
        found |= dict(
            connection.execute(
                f"SELECT id, position FROM {table} WHERE id IN ({', '.join('?' * len(part))})",
                tuple(part),
            ).fetchall()
        )
    return found


def places_behind(
    connection: sqlite3.Connection,
    table: str,
    records: Iterable[Record],
    known: Mapping[RecordId, int | None],
    least: int,
) -> list[int | None]:
    """The places of records where those that are known stay, and new ones stand at the end, which
    is at place `least` or behind it.
    """
    (last,) = connection.execute(f"SELECT max(position) FROM {table}").fetchone()
    behind = itertools.count(max(least, 0 if last is None else last + 1))
    new: dict[RecordId, int] = {}
    places: list[int | None] = []
    for record in records:
        if record.id in known:
            places.append(known[record.id])
        else:
            if record.id not in new:
                new[record.id] = next(behind)
            places.append(new[record.id])
    return places


def make_way(
    connection: sqlite3.Connection,
    table: str,
    first: int,
    records: Sequence[Record],
    *,
    park: bool,
) -> int:
    """Take others away from places that records are put in; how many went for good."""
    span = (first, first + len(records) - 1)
    if park:
        connection.execute(
            f"UPDATE {table} SET position = NULL WHERE position BETWEEN ? AND ?", span
        )
        return 0
    wanted = {record.id for record in records}
    standing = connection.execute(
        f"SELECT n, id FROM {table} WHERE position BETWEEN ? AND ?", span
    ).fetchall()
    gone = [(number,) for number, record in standing if record not in wanted]
    connection.executemany(f"DELETE FROM {table} WHERE n = ?", gone)
    return len(gone)


def insert(
    connection: sqlite3.Connection,
    table: str,
    seen: int,
    records: Sequence[Record],
    made: Sequence[tuple[str, list[Key]]],
    places: Sequence[int | None],
) -> None:
    """Put records in their places, each over the one of its id; `seen` tells this time."""
    keys = [f"k{n}" for n in range(len(made[0][1]))] if made else []
    names = ["id", "position", "seen", "text", *keys, "payload"]
    news = ", ".join(f"{name} = excluded.{name}" for name in names[1:])
    connection.executemany(
        f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"
        f" ON CONFLICT (id) DO UPDATE SET {news}",
        [
            (record.id, place, seen, text, *values, record.payload)
            for record, (text, values), place in zip(records, made, places, strict=True)
        ],
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
