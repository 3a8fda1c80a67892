"""How much room the mirror takes, and what makes way when that is too much.

The collection that was used least recently goes first. Of the one that was put into last, the
records that were put first go, and only once nothing else is left. What is pinned stays.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from typing import NamedTuple

from tui.store.mirror.orders import drop_orders
from tui.store.mirror.shape import RecordId

LOW_WATER = 0.9
"""What is filled of the room after something made way, so that not every page does it again."""
_SHARE = 0.1
"""Which part of a collection's records goes at a time."""


class Pin(NamedTuple):
    """A record that must stay: something that waits refers to it."""

    owner: str
    collection: str
    """How the names of the collections begin in which it must."""
    id: RecordId

    def holds(self, owner: str, name: str) -> bool:
        """Whether it is about a collection."""
        return self.owner == owner and name.startswith(self.collection)


Pinned = Callable[[], Iterable[Pin]]
"""Raises OSError where that cannot be told just now."""


def used_bytes(connection: sqlite3.Connection) -> int:
    """Bytes of the file that are in use."""
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    (free,) = connection.execute("PRAGMA freelist_count").fetchone()
    (size,) = connection.execute("PRAGMA page_size").fetchone()
    return int((pages - free) * size)


def make_room(connection: sqlite3.Connection, most: int, newest: int, pinned: Pinned) -> None:
    """Let records go until `most` bytes are enough; `newest` is the collection put into last."""
    if used_bytes(connection) <= most:
        return
    wanted = int(most * LOW_WATER)
    # Orders are made again from the records: no record goes for them.
    drop_orders(connection)
    if used_bytes(connection) <= most:
        return
    try:
        pins = list(pinned())
    except OSError:
        # Nobody knows what must stay: nothing goes this time.
        return
    others = connection.execute(
        "SELECT id, owner, name FROM collections WHERE id <> ? AND count > 0 ORDER BY used, id",
        (newest,),
    ).fetchall()
    for number, owner, name in others:
        kept = [pin.id for pin in pins if pin.holds(owner, name)]
        _evict(connection, number, kept)
        if used_bytes(connection) <= wanted:
            return
    # As it is now: what is let go counts as a write as well.
    owner, name, last_put = connection.execute(
        "SELECT owner, name, writes FROM collections WHERE id = ?", (newest,)
    ).fetchone()
    kept = [pin.id for pin in pins if pin.holds(owner, name)]
    while used_bytes(connection) > wanted:
        if not _evict(connection, newest, kept, _SHARE, before=last_put):
            return


def _evict(
    connection: sqlite3.Connection,
    number: int,
    kept: list[RecordId],
    share: float = 1.0,
    *,
    before: int | None = None,
) -> int:
    """Let a share of the records go, those that were put first; how many did. None goes that was
    put by the write of the number `before` or later.
    """
    (count,) = connection.execute(
        "SELECT count FROM collections WHERE id = ?", (number,)
    ).fetchone()
    stays = f"id NOT IN ({', '.join('?' * len(kept))})"
    newest = "1" if before is None else f"seen < {before}"
    gone = connection.execute(
        f"DELETE FROM r{number} WHERE n IN (SELECT n FROM r{number}"
        f" WHERE {stays} AND {newest} ORDER BY seen, n LIMIT ?)",
        (*kept, max(1, int(count * share))),
    ).rowcount
    connection.execute(
        "UPDATE collections SET count = count - ?, complete = complete AND ?,"
        " evicted = evicted OR ?, writes = writes + 1 WHERE id = ?",
        (gone, not gone, gone > 0, number),
    )
    return int(gone)
