"""A collection in an order, some of it or all: read page by page, whatever its length.

A page is found without putting all records in order, where it is at the beginning, at the end or
around a record (`pieces.py`). The order itself is made once, in the temporary file of a connection
of its own, when another page is looked at: from then on every page costs the same, and the memory
of the process does not grow. What was made can be put into the mirror's file (`orders.py`): there
it is found again as long as it is true.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple, Self

from tui.store.mirror.collection import State, state_of
from tui.store.mirror.file import MirrorFile
from tui.store.mirror.giving_up import STEPS, interrupt
from tui.store.mirror.making import Read, make_order
from tui.store.mirror.orders import keep_order, kept_order
from tui.store.mirror.pieces import Pieces
from tui.store.mirror.shape import RecordId, Row, Shape
from tui.store.mirror.troubles import GivenUp, Lost
from tui.store.mirror.wishes import Sql, Wish, held, order

FEW = 500
"""So many records that hold a text are found in an order that is not made yet."""
_OWN = "temp.ordered"
"""The order that this connection made."""


class Match(NamedTuple):
    """A record that holds a text: its place in the order, which of the matches it is, of how
    many, and whether the search came around the end."""

    place: int
    number: int
    of: int
    around: bool


class Ordered:
    """Records in an order as they were at one moment; whoever makes it closes it.

    A record that changes later reads as it is, in its old place, where the order was whole by then
    (see `complete`); else see `became_other`. One that goes leaves its place empty: make it anew
    when `State.writes` has grown. All calls work on the disk: off the event
    loop. They raise GivenUp after `give_up`, and Lost where the records are gone.
    """

    state: State
    """The collection as it was then."""
    total = 0
    """How many records it has; where all are wanted as the service has them, as many as the
    service has: those that are not here are left out."""

    def __init__(self, file: MirrorFile, owner: str, name: str, shape: Shape, wish: Wish) -> None:
        """Costs nothing: `begin` does the work."""
        self.wish = wish
        self._file = file
        self.collection = (owner, name)
        """Which one it is."""
        self._shape = shape
        self._connection: sqlite3.Connection | None = None
        self._one_at_a_time = threading.Lock()
        self._given_up = False
        self._searched: tuple[Sql, int] | None = None
        self._as_it_stands = False
        self._made = False
        """Whether this connection made the whole order."""
        self._pieces_of = 0
        """After how many writes the pieces were found."""
        self._made_of = 0
        """The same of the whole order that this connection made."""
        self._shown_of: int | None = None
        """The same of the order that was told last; None before the first."""
        self.became_other = False
        """Whether records were told in an order, and others in one that was found after a write:
        some may be told twice then, and some never."""

    def begin(self) -> Self:
        """Find how many there are, and the first of them."""
        connection = self._file.connect()
        connection.set_progress_handler(lambda: self._given_up, STEPS)
        self._connection = connection
        try:
            with self._reading() as read:
                found = state_of(connection, *self.collection)
                if found is None or found.signature != self._shape.signature:
                    raise Lost
                self.state = found
                self._table, self._rest = f"r{found.id}", f"b{found.id}"
                self._texts = f"t{found.id}"
                self._pieces = Pieces(self._table, self.wish.sorts, self._shape)
                self._begin(read)
            if self._given_up:
                raise GivenUp
        except BaseException:
            self.close()
            raise
        return self

    @contextmanager
    def _reading(self, *, write: bool = False) -> Iterator[Read]:
        """What is read inside is of one moment."""
        with self._one_at_a_time, self._file.guarded():
            connection = self._connection
            if connection is None or self._given_up:
                raise GivenUp
            connection.execute("BEGIN IMMEDIATE" if write else "BEGIN")
            try:
                yield connection.execute
            except BaseException:
                if connection.in_transaction and write:
                    connection.execute("ROLLBACK")
                raise
            finally:
                if connection.in_transaction:
                    connection.execute("COMMIT")

    def _begin(self, read: Read) -> None:
        parked = read(f"SELECT 1 FROM {self._table} WHERE position IS NULL LIMIT 1").fetchone()
        self._as_it_stands = self.wish.plain and parked is None
        self.total = self.state.count
        self._pieces_of = self.state.writes
        if self._as_it_stands:
            (last,) = read(f"SELECT max(position) FROM {self._table}").fetchone()
            self.total = max(0 if last is None else last + 1, self.state.total or 0)
        elif self.wish.filters and self._whole() is None:
            self._make(read)

    def _whole(self) -> str | None:
        """The table in which the whole order stands; None where there is none."""
        if self._made:
            return _OWN
        assert self._connection is not None  # it is read just now
        kept = kept_order(self._connection, self.state.id, repr(self.wish), self.state.writes)
        if kept is None:
            return None
        self.total = kept.total
        return kept.table

    def _make(self, read: Read) -> str:
        """Put all records in order; the table in which they stand."""
        self.total = make_order(read, _OWN, self.wish, self._shape, self.state.id)
        self._made, self._made_of = True, self._writes(read)
        return _OWN

    def complete(self) -> None:
        """Make the whole order now, so that any page of it is at hand."""
        if not self._as_it_stands:
            with self._reading() as read:
                _ = self._whole() or self._make(read)

    def keep(self) -> bool:
        """Make the whole order, and put it into the file for the next time; whether it was put
        there now. It is not where records became others meanwhile.
        """
        if self._as_it_stands:
            return False
        with self._reading() as read:
            table = self._whole() or self._make(read)
        if table != _OWN:
            return False
        with self._reading(write=True) as write:
            assert self._connection is not None  # it is written just now
            writes = self.state.writes
            if self._writes(write) != writes:
                return False
            keep_order(self._connection, self.state.id, repr(self.wish), writes, table)
        return True

    def _writes(self, read: Read) -> int:
        """After how many writes the collection is now; -1 where it is not there any more."""
        (writes,) = read(
            "SELECT writes FROM collections WHERE id = ?", (self.state.id,)
        ).fetchone() or (-1,)
        return int(writes)

    def window(self, first: int, count: int) -> list[Row]:
        """Those of the records from place `first` on, `count` places long, that are here."""
        with self._reading() as read:
            return self._rows(read, first, count)

    def _rows(self, read: Read, first: int, count: int) -> list[Row]:
        span = first, first + count
        if self._as_it_stands:
            return self._fetched(read, "position", "position >= ? AND position < ?", span)
        table = self._whole()
        if table is None and not self.wish.filters:
            numbers = self._piece(read, first, count)
            if numbers is not None:
                self._tell_order_of(self._pieces_of)
                which = f"n IN ({', '.join(map(str, numbers))})"
                places = {number: place for place, number in enumerate(numbers, first)}
                rows = self._fetched(read, "n", which)
                return sorted(row._replace(place=places[row.place]) for row in rows)
        table = table or self._make(read)
        self._tell_order_of(self._made_of if table == _OWN else self.state.writes)
        return self._fetched(read, "place - 1", "place > ? AND place <= ?", span, table)

    def _tell_order_of(self, writes: int) -> None:
        self.became_other |= self._shown_of not in (None, writes)
        self._shown_of = writes

    def lines(self, first: int, count: int) -> tuple[list[RecordId], bytes]:
        """The same records as `window` gives, for who goes through all of them: their ids, and
        their payloads with a line feed between them, which none of them may hold.

        SQLite puts a part together in one step. It is meant for after `complete`.
        """
        with self._reading() as read:
            if self._as_it_stands:
                place, table, span = "position", self._table, (first, first + count)
                among, which = table, "position >= ? AND position < ?"
            else:
                table = self._whole() or self._make(read)
                place, span = "place", (first, first + count)
                among, which = (
                    f"{table} CROSS JOIN {self._table} USING (n)",
                    "place > ? AND place <= ?",
                )
            # An order of what is put together is kept by SQLite.
            ids, payloads = read(
                "SELECT json_group_array(id), CAST(group_concat(payload, char(10)) AS BLOB) FROM"
                f" (SELECT id, CAST(payload AS TEXT) AS payload FROM {among}"
                f" CROSS JOIN {self._rest} USING (n) WHERE {which} ORDER BY {place})",
                span,
            ).fetchone()
        return json.loads(ids), payloads or b""

    def _fetched(
        self, read: Read, place: str, which: str, span: tuple[int, ...] = (), order: str = ""
    ) -> list[Row]:
        """Rows by their places, in one step of SQLite: who paints meanwhile is asked once for the
        interpreter, and not for every row.
        """
        among = f"{order} CROSS JOIN {self._table} USING (n)" if order else self._table
        (found,) = read(
            f"SELECT json_group_array(json_array({place}, id, hex(payload))) FROM {among}"
            f" CROSS JOIN {self._rest} USING (n) WHERE {which}",
            span,
        ).fetchone()
        return sorted(
            Row(place, key, bytes.fromhex(payload)) for place, key, payload in json.loads(found)
        )

    def _piece(self, read: Read, first: int, count: int) -> list[int] | None:
        """The numbers of the records of a window; None where the whole order is to be made."""
        self._renew(read)
        last = min(first + count, self.total)
        return [] if first >= last else self._pieces.window(read, first, last, self.total)

    def _renew(self, read: Read) -> None:
        """Forget the pieces where records became others: they are of one moment."""
        writes = self._writes(read)
        if writes != self._pieces_of:
            self._pieces.clear()
            self._pieces_of = writes
            (self.total,) = read(f"SELECT count(*) FROM {self._table}").fetchone()

    def lacks(self) -> bool:
        """Whether some of the records had to make room since, or all were dropped."""
        with self._reading() as read:
            (gone,) = read(
                "SELECT evicted AND NOT complete FROM collections WHERE id = ?", (self.state.id,)
            ).fetchone() or (True,)
        return bool(gone) and not self.state.evicted

    def place_of(self, id: RecordId, likely: int = 0) -> int | None:
        """Where a record stands; None where it is not among these. Where it stood before is looked
        at first: `likely`.
        """
        with self._reading() as read:
            return self._place_of(read, id, likely)

    def _place_of(self, read: Read, id: RecordId, likely: int) -> int | None:
        row = read(f"SELECT position, n FROM {self._table} WHERE id = ?", (id,)).fetchone()
        if row is None:
            return None
        position, number = row
        if self._as_it_stands:
            return int(position)
        table = self._whole()
        if table is None and not self.wish.filters:
            # Finding those around it costs less than putting all in order.
            self._renew(read)
            return self._pieces.around(read, number)
        table = table or self._make(read)
        ask = f"SELECT place - 1 FROM {table} WHERE n = ?"
        at_once = read(f"{ask} AND place = ?", (number, likely + 1)).fetchone()
        found = at_once or read(ask, (number,)).fetchone()
        return None if found is None else int(found[0])

    def match(self, text: str, start: int, *, backwards: bool = False) -> Match | None:
        """The next record behind place `start`, or before it, that holds a text in any column.

        The search comes around the end. None where no record of the order holds it.
        """
        with self._reading() as read:
            wanted = held(text)
            name = self._table if self._as_it_stands else self._whole()
            if name is None:
                if not self.wish.filters:
                    numbers = self._few(read, wanted)
                    if numbers is not None and not numbers:
                        return None
                    found = numbers and self._next_of(read, numbers, start, backwards=backwards)
                    if found:
                        return found
                name = self._make(read)
            of = self._search(read, wanted, name)
            if not of:
                return None
            way, how = ("max", "<") if backwards else ("min", ">")
            (place,) = read(
                f"SELECT {way}(place) FROM matching WHERE place {how} ?", (start,)
            ).fetchone()
            around = place is None
            if around:
                (place,) = read(f"SELECT {way}(place) FROM matching").fetchone()
            (number,) = read("SELECT count(*) FROM matching WHERE place <= ?", (place,)).fetchone()
            return Match(int(place), int(number), of, around)

    def _few(self, read: Read, wanted: Sql) -> list[int] | None:
        """The numbers of the records that hold a text; None for many."""
        rows = read(
            f"SELECT n FROM {self._texts} WHERE {wanted.text} LIMIT ?", (*wanted.values, FEW + 1)
        ).fetchall()
        return None if len(rows) > FEW else [number for (number,) in rows]

    def _next_of(
        self, read: Read, numbers: list[int], start: int, *, backwards: bool
    ) -> Match | None:
        """Which of some records follows place `start`, or stands before it: found without putting
        all in order. None where that needs the whole order.
        """
        stands = self._piece(read, start, 1) if 0 <= start < self.total else None
        if not stands:
            return None
        among = ", ".join(map(str, {*numbers, *stands}))
        by = order(self.wish.sorts, self._shape)
        rows = read(f"SELECT n FROM {self._table} WHERE n IN ({among}) ORDER BY {by}")
        ranked = [number for (number,) in rows]
        here, (stand,) = ranked.index(stands[0]), stands
        before = [number for number in ranked[:here] if number != stand]
        behind = [number for number in ranked[here:] if number != stand]
        own = [stand] if stand in numbers else []
        near, far = (before, behind) if backwards else (behind, before)
        found = (near or far or own)[-1 if backwards else 0]
        matches = [number for number in ranked if number != stand or own]
        place = self._pieces.around(read, found)
        return Match(place, matches.index(found) + 1, len(matches), not near)

    def _search(self, read: Read, wanted: Sql, name: str) -> int:
        """Note at which places of the order records stand that hold a text; how many they are."""
        place = "position" if self._as_it_stands else "place - 1"
        writes = self._writes(read)
        if self._searched != (wanted, writes):
            read("CREATE TEMP TABLE IF NOT EXISTS matching (place INTEGER PRIMARY KEY)")
            read("DELETE FROM matching")
            read(
                f"INSERT OR IGNORE INTO matching SELECT {place} FROM {name} WHERE {place} NOT NULL"
                f" AND n IN (SELECT n FROM {self._texts} WHERE {wanted.text})",
                wanted.values,
            )
            self._searched = (wanted, writes)
        (count,) = read("SELECT count(*) FROM matching").fetchone()
        return int(count)

    def give_up(self) -> None:
        """End what is being worked out in another thread: it raises GivenUp. From any thread."""
        self._given_up = True
        interrupt(self._connection)

    def close(self) -> None:
        """Be done with it; the temporary file goes."""
        self._given_up = True
        with self._one_at_a_time:
            connection, self._connection = self._connection, None
            if connection is not None:
                connection.close()
