"""One collection: its records are put and deleted as the service tells of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from time import time

from tui.store.mirror.file import MirrorFile
from tui.store.mirror.orders import drop_orders
from tui.store.mirror.rows import (
    close_ranks,
    close_up,
    insert,
    known_records,
    make_tables,
    make_way,
    places_behind,
)
from tui.store.mirror.shape import Batch, Record, RecordId, Row, Shape, prepared
from tui.store.mirror.troubles import Lost


@dataclass(frozen=True)
class State:
    """What a collection holds, as of when."""

    id: int
    count: int
    """Records that are here."""
    total: int | None
    """Records that the service has; None while nobody knows."""
    complete: bool
    """Whether all of them are here, as of `as_of`."""
    evicted: bool
    """Whether some had to make room."""
    as_of: datetime | None
    stamp: str
    """How the service names that moment."""
    info: bytes
    """What the caller keeps beside the records."""
    signature: str
    writes: int
    """Grows with every change of a record."""


_STATE = "id, count, total, complete, evicted, as_of, stamp, info, shape, writes"


def state_of(connection: sqlite3.Connection, owner: str, name: str) -> State | None:
    """The state of a collection; None where there is none."""
    row = connection.execute(
        f"SELECT {_STATE} FROM collections WHERE owner = ? AND name = ?", (owner, name)
    ).fetchone()
    if row is None:
        return None
    number, count, total, complete, evicted, as_of, stamp, info, shape, writes = row
    moment = None if as_of is None else datetime.fromtimestamp(as_of, UTC)
    return State(
        number, count, total, bool(complete), bool(evicted), moment, stamp, info, shape, writes
    )


class Collection:
    """A collection of one owner by its name. Every call works on the disk: off the event loop.

    All raise Lost where the file, or the collection, is another one than it was begun in.
    """

    def __init__(
        self, file: MirrorFile, owner: str, name: str, keep_room: Callable[[str, str], None]
    ) -> None:
        self.file = file
        self.owner = owner
        self.name = name
        self._keep_room = keep_room

    def state(self) -> State | None:
        """What is here; None for nothing. It counts as used."""

        def read(connection: sqlite3.Connection) -> State | None:
            found = state_of(connection, self.owner, self.name)
            if found is not None:
                connection.execute(
                    "UPDATE collections SET used = ? WHERE id = ?", (time(), found.id)
                )
            return found

        found = self.file.write(read)
        if found is None and self.file.recall(self.owner, self.name):
            found = self.file.write(read)
        return found

    def begin(self, shape: Shape, info: bytes = b"") -> State:
        """Make it for records of a shape. What is here stays where its shape is the same."""

        def make(connection: sqlite3.Connection) -> State:
            found = state_of(connection, self.owner, self.name)
            if found is not None and found.signature == shape.signature:
                connection.execute(
                    "UPDATE collections SET used = ?, info = ? WHERE id = ?",
                    (time(), info, found.id),
                )
            else:
                if found is not None:
                    drop(connection, found.id)
                connection.execute(
                    "INSERT INTO collections (owner, name, shape, info, used)"
                    " VALUES (?, ?, ?, ?, ?)",
                    (self.owner, self.name, shape.signature, info, time()),
                )
                (number,) = connection.execute("SELECT last_insert_rowid()").fetchone()
                make_tables(connection, number, len(shape.columns))
            return self._there(connection)

        return self.file.write(make)

    def put(
        self,
        records: Sequence[Record] | Batch,
        shape: Shape,
        *,
        first: int | None = None,
        total: int | None = None,
        as_of: datetime | None = None,
    ) -> State:
        """Put records in, each in place of the one of its id.

        `first` is the place of the first of them in the service's order, the others follow. What
        stood in these places and is not among them stays where the collection is complete, until
        `finish` or another page says where it is; else it goes. Without `first` those that are
        known stay in their places and new ones stand at the end. Either all or nothing is put.

        `total` and `as_of` say what the service has, and when, where the collection is not
        complete; where it is, `finish` and `confirm` do.
        """
        made = prepared(records, shape)

        def keep(connection: sqlite3.Connection) -> State:
            state = self._there(connection)
            if state.signature != shape.signature:
                raise Lost
            table = f"r{state.id}"
            known = known_records(connection, table, made.ids)
            gone = 0
            if first is None:
                # Of a part the end is not here.
                least = 0 if state.complete else state.total or 0
                places = places_behind(connection, table, made.ids, known, least)
            else:
                places = list(range(first, first + len(made.ids)))
                gone = make_way(connection, table, first, made.ids, park=state.complete)
            insert(connection, state.id, state.writes + 1, made, places, known)
            fresh = len(set(made.ids) - known.keys())
            connection.execute(
                "UPDATE collections SET writes = writes + ?, count = count + ?,"
                " total = CASE WHEN complete THEN total + ? ELSE coalesce(?, total) END,"
                " as_of = CASE WHEN complete THEN as_of ELSE coalesce(?, as_of) END, used = ?"
                " WHERE id = ?",
                (
                    bool(made.ids), fresh - gone, fresh, total,
                    None if as_of is None else as_of.timestamp(), time(), state.id,
                ),
            )  # fmt: skip
            return self._there(connection)

        state = self.file.write(keep)
        self._keep_room(self.owner, self.name)
        return state

    def start(self) -> int:
        """All records are to be put from now on; what `finish` is told at the end."""

        def begin(connection: sqlite3.Connection) -> int:
            state = self._there(connection)
            connection.execute("UPDATE collections SET evicted = 0 WHERE id = ?", (state.id,))
            return state.writes

        return self.file.write(begin)

    def finish(
        self,
        since: int,
        *,
        total: int | None,
        as_of: datetime,
        stamp: str = "",
        sure: bool = True,
    ) -> State:
        """All records were put since `start`, which gave `since`: others are gone at the service.

        What is here is complete as of then, unless it is fewer than the `total` that the service
        told, or some had to make room meanwhile. `sure` is False where some changed while they
        were put: then `confirm` says whether it is complete.
        """

        def end(connection: sqlite3.Connection) -> State:
            table = f"r{self._there(connection).id}"
            gone = connection.execute(f"DELETE FROM {table} WHERE seen <= ?", (since,)).rowcount
            close_ranks(connection, table)
            state = self._there(connection)
            count = state.count - gone
            connection.execute(
                "UPDATE collections SET count = ?, writes = writes + ?, total = ?, complete = ?,"
                " as_of = ?, stamp = ?, used = ? WHERE id = ?",
                (
                    count, bool(gone), count if total is None else total,
                    sure and not state.evicted and (total is None or count >= total),
                    as_of.timestamp(), stamp, time(), state.id,
                ),
            )  # fmt: skip
            return self._there(connection)

        return self.file.write(end)

    def confirm(self, *, total: int | None, as_of: datetime, stamp: str = "") -> State:
        """All that was told since the last stamp was put and deleted: what is here is complete as
        of now, unless the service has another number of records, or some had to make room.
        """

        def look(connection: sqlite3.Connection) -> State:
            state = self._there(connection)
            if total in (None, state.count) and not state.evicted:
                connection.execute(
                    "UPDATE collections SET complete = 1, total = count, as_of = ?, stamp = ?,"
                    " used = ? WHERE id = ?"
                    f" AND NOT EXISTS (SELECT 1 FROM r{state.id} WHERE position IS NULL)",
                    (as_of.timestamp(), stamp, time(), state.id),
                )
            return self._there(connection)

        return self.file.write(look)

    def shorten(self, since: int) -> State:
        """Of a part that cannot be true any more, since it is more than the service has or goes on
        behind its end, only what was put after `since` writes stays: the rest may be gone there.
        """

        def look(connection: sqlite3.Connection) -> State:
            state = self._there(connection)
            if state.complete or state.total is None:
                return state
            table = f"r{state.id}"
            (last,) = connection.execute(f"SELECT max(position) FROM {table}").fetchone()
            if state.count <= state.total and (last is None or last < state.total):
                return state
            gone = connection.execute(f"DELETE FROM {table} WHERE seen <= ?", (since,)).rowcount
            connection.execute(
                "UPDATE collections SET count = count - ?, writes = writes + ? WHERE id = ?",
                (gone, bool(gone), state.id),
            )
            return self._there(connection)

        return self.file.write(look)

    def delete(self, ids: Iterable[RecordId]) -> State:
        """Records are gone at the service: those behind them move up."""
        wanted = list(ids)

        def remove(connection: sqlite3.Connection) -> State:
            state = self._there(connection)
            table = f"r{state.id}"
            known = known_records(connection, table, wanted)
            connection.executemany(f"DELETE FROM {table} WHERE id = ?", ((one,) for one in known))
            places = [here.place for here in known.values() if here.place is not None]
            close_up(connection, table, places)
            connection.execute(
                "UPDATE collections SET count = count - ?, total = total - ?,"
                " writes = writes + ? WHERE id = ?",
                (len(known), len(known), bool(known), state.id),
            )
            return self._there(connection)

        return self.file.write(remove)

    def record(self, id: RecordId) -> Row | None:
        """A record by its id; its place is the service's, -1 where that is not known."""

        def read(connection: sqlite3.Connection) -> Row | None:
            state = state_of(connection, self.owner, self.name)
            if state is None:
                return None
            row = connection.execute(
                f"SELECT coalesce(position, -1), id, payload FROM r{state.id} JOIN b{state.id}"
                " USING (n) WHERE id = ?",
                (id,),
            ).fetchone()
            return None if row is None else Row(*row)

        return self.file.write(read)

    def forget(self) -> None:
        """Drop it."""

        def remove(connection: sqlite3.Connection) -> None:
            state = state_of(connection, self.owner, self.name)
            if state is not None:
                drop(connection, state.id)

        self.file.write(remove)

    def _there(self, connection: sqlite3.Connection) -> State:
        state = state_of(connection, self.owner, self.name)
        if state is None:
            raise Lost
        return state


def drop(connection: sqlite3.Connection, number: int) -> None:
    """Remove a collection with its records."""
    drop_orders(connection, number)
    connection.execute(f"DROP TABLE IF EXISTS r{number}")
    connection.execute(f"DROP TABLE IF EXISTS b{number}")
    connection.execute(f"DROP TABLE IF EXISTS t{number}")
    connection.execute("DELETE FROM collections WHERE id = ?", (number,))


def drop_owners(connection: sqlite3.Connection, prefix: str) -> None:
    """Remove all collections of the owners whose name begins so."""
    found = connection.execute(
        "SELECT id FROM collections WHERE substr(owner, 1, ?) = ?", (len(prefix), prefix)
    ).fetchall()
    for (number,) in found:
        drop(connection, number)
