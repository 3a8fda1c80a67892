"""What is asked of the file of the index, and written into it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence

from tui.store.index.documents import MOST_OWNERS, Document, Hit, Query, Rank, moment

MOST_LOOKED_AT = 3000
"""So many that may answer are looked at."""
WEIGHT = 48
"""Documents are numbered by weight, and within one as they came: the last are looked at first."""
COLUMNS = "docs.id, docs.owner, kind, key, title, place_text, text, moment"


def id_of_owner(connection: sqlite3.Connection, name: str) -> int:
    """The number of an owner, who is noted where it is new."""
    connection.execute("INSERT OR IGNORE INTO owners (name) VALUES (?)", (name,))
    found = connection.execute("SELECT id FROM owners WHERE name = ?", (name,)).fetchone()
    return min(int(found[0]), MOST_OWNERS)


def id_of_place(connection: sqlite3.Connection, owner: str, name: str) -> int:
    """The number of an owner's place, which is noted where it is new."""
    number = id_of_owner(connection, owner)
    connection.execute("INSERT OR IGNORE INTO places (owner, name) VALUES (?, ?)", (number, name))
    found = connection.execute(
        "SELECT id FROM places WHERE owner = ? AND name = ?", (number, name)
    ).fetchone()
    return int(found[0])


def documents_there(
    connection: sqlite3.Connection, place_id: int, names: Iterable[tuple[str, str]] | None
) -> dict[tuple[str, str], tuple[int, bytes]]:
    """Number and digest of the documents of a place: all of them, or those that are named."""
    ask = "SELECT kind, key, id, digest FROM docs WHERE place = ?"
    if names is None:
        rows: Iterable[tuple[str, str, int, bytes]] = connection.execute(ask, (place_id,))
    else:
        one = ask + " AND kind = ? AND key = ?"
        rows = (row for name in names for row in connection.execute(one, (place_id, *name)))
    return {(kind, key): (identity, digest) for kind, key, identity, digest in rows}


def putting_in(
    owner: int, place_id: int, documents: list[Document]
) -> Callable[[sqlite3.Connection], bool]:
    """Puts documents into a place, behind those of their weight."""

    def put(connection: sqlite3.Connection) -> bool:
        last: dict[int, int] = {}
        numbered: list[tuple[int, Document]] = []
        for one in documents:
            if one.weight not in last:
                base = one.weight << WEIGHT
                found = connection.execute(
                    "SELECT max(id) FROM docs WHERE id >= ? AND id < ?",
                    (base, (one.weight + 1) << WEIGHT),
                ).fetchone()[0]
                last[one.weight] = found if found is not None else base
            last[one.weight] += 1
            numbered.append((last[one.weight], one))
        connection.executemany(
            "INSERT INTO docs"
            " (id, owner, place, kind, key, title, place_text, text, moment, digest)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (
                    number, owner, place_id, one.kind, one.key, one.title, one.where, one.text,
                    one.stamp, one.digest,
                )
                for number, one in numbered
            ),
        )  # fmt: skip
        connection.executemany(
            "INSERT INTO words (rowid, content) VALUES (?, ?)",
            ((number, one.indexed(owner)) for number, one in numbered),
        )
        return True

    return put


def taking_out(numbers: Sequence[int]) -> Callable[[sqlite3.Connection], bool]:
    """Takes documents out by their numbers."""

    def take_out(connection: sqlite3.Connection) -> bool:
        for number in numbers:
            row = connection.execute(
                f"SELECT {COLUMNS} FROM docs WHERE id = ?", (number,)
            ).fetchone()
            if row is None:
                continue
            # The trigrams have no content of their own: they are told what it was.
            connection.execute(
                "INSERT INTO words (words, rowid, content) VALUES ('delete', ?, ?)",
                (number, document_of(row).indexed(row[1])),
            )
            connection.execute("DELETE FROM docs WHERE id = ?", (number,))
        return True

    return take_out


def emptied(connection: sqlite3.Connection, place_id: int) -> int:
    """Take out what a place holds; how many there were."""
    numbers = [
        int(row[0])
        for row in connection.execute("SELECT id FROM docs WHERE place = ?", (place_id,))
    ]
    taking_out(numbers)(connection)
    return len(numbers)


def candidates(
    connection: sqlite3.Connection, query: Query, expression: str, names: dict[int, str], most: int
) -> tuple[list[tuple[Rank, Hit]], bool]:
    """What answers, `most` at most, the weightiest and newest first; whether more may."""
    hits: list[tuple[Rank, Hit]] = []
    rows = connection.execute(
        f"SELECT {COLUMNS} FROM words JOIN docs ON docs.id = words.rowid"
        " WHERE words MATCH ? ORDER BY words.rowid DESC LIMIT ?",
        (expression, MOST_LOOKED_AT),
    )
    looked_at = 0
    for row in rows:
        looked_at += 1
        document = document_of(row)
        rank = query.rank(document)
        if rank is not None:
            hits.append((rank, Hit(names.get(row[1], ""), document)))
            if len(hits) >= most:
                return hits, True
    return hits, looked_at >= MOST_LOOKED_AT


def document_of(row: tuple[int, int, str, str, str, str, str, float | None]) -> Document:
    """The document of a row of COLUMNS."""
    number, _, kind, key, title, where, text, stamp = row
    return Document(kind, key, title, where, text, moment(stamp), number >> WEIGHT)
