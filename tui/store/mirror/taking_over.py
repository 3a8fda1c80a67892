"""Collections taken over from one database of the mirror into another, as they are."""

from __future__ import annotations

import sqlite3

from tui.store.mirror.collection import drop, state_of
from tui.store.mirror.file import OTHER
from tui.store.mirror.orders import drop_orders
from tui.store.mirror.rows import OWN_COLUMNS, make_tables

_KEPT = "shape, info, stamp, count, total, complete, evicted, as_of, used, writes"


def take_over(connection: sqlite3.Connection, wanted: tuple[str, str] | None) -> int:
    """Put the collections of the attached database into this one, in place of those of their
    names; one, by its owner and name, or all. How many there were.

    Whoever is just filling one goes on where it stands now. Raises sqlite3.Error.
    """
    found = connection.execute(
        f"SELECT id, owner, name, shape, count, complete, writes FROM {OTHER}.collections"
        " WHERE ? IS NULL OR (owner = ? AND name = ?)",
        (None, None, None) if wanted is None else (wanted[0], *wanted),
    ).fetchall()
    for number, owner, name, shape, count, complete, writes in found:
        here = state_of(connection, owner, name)
        nothing_read = not count and not complete
        if here is not None and here.signature == shape and here.count and nothing_read:
            # Nothing of it was read there: what is here stays, as older than all that comes now.
            connection.execute(f"UPDATE r{here.id} SET seen = 0")
            connection.execute(
                "UPDATE collections SET writes = max(writes, ?) + 1 WHERE id = ?",
                (writes, here.id),
            )
            drop_orders(connection, here.id)
            continue
        if here is not None:
            drop(connection, here.id)
        _copy(connection, number, owner, name)
    return len(found)


def _copy(connection: sqlite3.Connection, number: int, owner: str, name: str) -> None:
    connection.execute(
        f"INSERT INTO main.collections (owner, name, {_KEPT})"
        f" SELECT owner, name, {_KEPT} FROM {OTHER}.collections WHERE id = ?",
        (number,),
    )
    (made,) = connection.execute(
        "SELECT id FROM main.collections WHERE owner = ? AND name = ?", (owner, name)
    ).fetchone()
    columns = connection.execute(f"PRAGMA {OTHER}.table_info(r{number})").fetchall()
    make_tables(connection, made, len(columns) - OWN_COLUMNS)
    for table in "rbt":
        connection.execute(f"INSERT INTO main.{table}{made} SELECT * FROM {OTHER}.{table}{number}")
