"""Rows of a table by their place in its order, found without passing all those before them.

How many rows each stretch of positions holds is counted by the database itself (see schema), so
it is right whoever writes, and is rolled back with what it counts.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence

from tui.embedded.timetonic.call import Call
from tui.embedded.timetonic.schema import STRETCH

BATCH = 10_000
"""Ids in one query; SQLite takes 32,766 arguments."""


def row_count(call: Call, table_id: int) -> int:
    """totalRowCount: of the table, whatever filter is asked for."""
    row = call.one("SELECT sum(rows) FROM stretch_of_timetonic_row WHERE table_id = ?", table_id)
    return 0 if row is None else int(row[0] or 0)


def rows_from(call: Call, table_id: int, offset: int, size: int) -> list[sqlite3.Row]:
    """At most `size` rows that are not deleted, in the table's order, after `offset` others."""
    found = call.one(
        "SELECT stretch, before FROM (SELECT stretch, rows, sum(rows) OVER (ORDER BY stretch)"
        " - rows AS before FROM stretch_of_timetonic_row WHERE table_id = ?)"
        " WHERE before + rows > ? ORDER BY stretch LIMIT 1",
        table_id,
        offset,
    )
    if found is None:
        return []
    return call.read(
        "SELECT * FROM timetonic_row WHERE table_id = ? AND deleted = 0 AND position >= ?"
        " ORDER BY position, id LIMIT ? OFFSET ?",
        table_id,
        found["stretch"] * STRETCH,
        size,
        offset - found["before"],
    )


def all_rows(call: Call, table_id: int) -> list[sqlite3.Row]:
    """The rows of a table that are not deleted, in its order."""
    return call.read(
        "SELECT * FROM timetonic_row WHERE table_id = ? AND deleted = 0 ORDER BY position, id",
        table_id,
    )


def rows_in_parts(call: Call, table_id: int) -> Iterator[list[sqlite3.Row]]:
    """As `all_rows`, `BATCH` at a time and no more of each than its id, position and cells: a
    large table is never held as a whole."""
    position = row_id = -(2**62)
    while True:
        part = call.read(
            "SELECT id, position, cells FROM timetonic_row WHERE table_id = ? AND deleted = 0"
            " AND position >= ? AND (position, id) > (?, ?) ORDER BY position, id LIMIT ?",
            table_id,
            position,
            position,
            row_id,
            BATCH,
        )
        yield part
        if len(part) < BATCH:
            return
        position, row_id = _place(part[-1])


def rows_of(call: Call, table_id: int, ids: Sequence[int]) -> list[sqlite3.Row]:
    """Those of the rows that the table has, in its order."""
    # The plus signs keep SQLite from looking through all rows of the table instead.
    found = [
        row
        for part in parts(list(dict.fromkeys(ids)))
        for row in call.read(
            "SELECT * FROM timetonic_row WHERE +table_id = ? AND +deleted = 0"
            f" AND id IN ({marks(part)})",
            table_id,
            *part,
        )
    ]
    return sorted(found, key=_place)


def rows_since(call: Call, table_id: int, sstamp: int) -> list[sqlite3.Row]:
    """The rows that are new or changed after a server stamp, in the table's order."""
    found = call.read(
        "SELECT * FROM timetonic_row WHERE table_id = ? AND sstamp > ? AND +deleted = 0",
        table_id,
        sstamp,
    )
    return sorted(found, key=_place)


def last_position(call: Call, table_id: int) -> int:
    """The greatest position of the table's rows, of deleted ones too; 0 without any."""
    # One look into the index for those that are there, one for those that are not.
    row = call.one(
        "SELECT max(coalesce((SELECT max(position) FROM timetonic_row WHERE table_id = ?"
        " AND deleted = 0), 0), coalesce((SELECT max(position) FROM timetonic_row"
        " WHERE table_id = ? AND deleted = 1), 0))",
        table_id,
        table_id,
    )
    return 0 if row is None else int(row[0])


def version_of(call: Call, table_id: int) -> int | None:
    """Another number after every change of the table's rows; None before the first."""
    row = call.one("SELECT version FROM version_of_timetonic_table WHERE table_id = ?", table_id)
    return None if row is None else int(row["version"])


def _place(row: sqlite3.Row) -> tuple[int, int]:
    return row["position"], row["id"]


def parts(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    """Ids as many at a time as one query takes."""
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]


def marks(values: Sequence[int]) -> str:
    """A question mark for each value."""
    return ",".join("?" for _ in values)
