"""A collection in an order, some of it or all: read page by page, whatever its length.

The first page is found without putting all records in order. The order itself is made once, in
the temporary file of a connection of its own, when what is behind is looked at: from then on
every page costs the same, and the memory of the process does not grow.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import NamedTuple, Self

from tui.store.folding import fold
from tui.store.mirror.collection import State, state_of
from tui.store.mirror.file import MirrorFile
from tui.store.mirror.shape import RecordId, Row, Shape
from tui.store.mirror.troubles import GivenUp, Lost
from tui.store.mirror.wishes import Wish, before, condition, order, places

FIRST = 256
"""Records that are found at once; they fill any terminal."""
_STEPS = 200_000
"""Steps of SQLite between two looks whether it was given up; a few milliseconds."""

Read = Callable[..., sqlite3.Cursor]


class Match(NamedTuple):
    """A record that holds a text: its place in the order, which of the matches it is, of how
    many, and whether the search came around the end."""

    place: int
    number: int
    of: int
    around: bool


class Ordered:
    """Records in an order as they were at one moment; whoever makes it closes it.

    A record that changes later reads as it is, in its old place; one that goes leaves its place
    empty: make it anew when `State.writes` has grown. All calls work on the disk: off the event
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
        self._collection = (owner, name)
        self._shape = shape
        self._connection: sqlite3.Connection | None = None
        self._one_at_a_time = threading.Lock()
        self._given_up = False
        self._searched: tuple[str, int] | None = None
        self._as_it_stands = False
        self._first: list[int] | None = None
        """The numbers of the first records, while the whole order is not made."""

    def begin(self) -> Self:
        """Find how many there are, and the first of them."""
        self._connection = self._file.connect()
        self._connection.set_progress_handler(lambda: self._given_up, _STEPS)
        try:
            with self._reading() as read:
                found = state_of(self._connection, *self._collection)
                if found is None or found.signature != self._shape.signature:
                    raise Lost
                self.state = found
                self._table = f"r{found.id}"
                self._begin(read)
            if self._given_up:
                raise GivenUp
        except BaseException:
            self.close()
            raise
        return self

    @contextmanager
    def _reading(self) -> Iterator[Read]:
        """What is read inside is of one moment."""
        with self._one_at_a_time, self._file.guarded():
            connection = self._connection
            if connection is None or self._given_up:
                raise GivenUp
            connection.execute("BEGIN")
            try:
                yield connection.execute
            finally:
                if connection.in_transaction:
                    connection.execute("COMMIT")

    def _begin(self, read: Read) -> None:
        parked = read(f"SELECT 1 FROM {self._table} WHERE position IS NULL LIMIT 1").fetchone()
        self._as_it_stands = self.wish.plain and parked is None
        if self._as_it_stands:
            (last,) = read(f"SELECT max(position) FROM {self._table}").fetchone()
            self.total = max(0 if last is None else last + 1, self.state.total or 0)
        elif self.wish.filters:
            self.total = self._make(read)
        else:
            self.total = self.state.count
            self._first = [number for (number,) in read(self._sorted(limit=True), (FIRST,))]

    def _sorted(self, *, limit: bool = False, where: str = "1") -> str:
        by = order(self.wish.sorts, self._shape)
        return f"SELECT n FROM {self._table} WHERE {where} ORDER BY {by}" + " LIMIT ?" * limit

    def _make(self, read: Read) -> int:
        """Put all records in order; how many there are."""
        wanted = condition(self.wish.filters, self._shape)
        read("CREATE TEMP TABLE ordered (place INTEGER PRIMARY KEY, n INTEGER)")
        made = read(f"INSERT INTO ordered (n) {self._sorted(where=wanted.text)}", wanted.values)
        self._first = None
        return made.rowcount

    def complete(self) -> None:
        """Make the whole order now, so that any page of it is at hand."""
        if self._first is not None:
            with self._reading() as read:
                self._whole(read)

    def _whole(self, read: Read) -> None:
        if self._first is not None:
            self.total = self._make(read)

    def window(self, first: int, count: int) -> list[Row]:
        """Those of the records from place `first` on, `count` places long, that are here."""
        with self._reading() as read:
            return self._rows(read, first, count)

    def _rows(self, read: Read, first: int, count: int) -> list[Row]:
        if self._as_it_stands:
            rows = read(
                f"SELECT position, id, payload FROM {self._table}"
                " WHERE position >= ? AND position < ? ORDER BY position",
                (first, first + count),
            )
            return [Row(*row) for row in rows]
        if self._first is not None and first + count > FIRST < self.total:
            self._whole(read)
        if self._first is not None:
            found: list[Row] = []
            for place, number in enumerate(self._first[first : first + count], first):
                row = read(f"SELECT id, payload FROM {self._table} WHERE n = ?", (number,))
                found += [Row(place, *one) for one in row]
            return found
        rows = read(
            f"SELECT place - 1, id, payload FROM ordered CROSS JOIN {self._table} USING (n)"
            " WHERE place > ? AND place <= ? ORDER BY place",
            (first, first + count),
        )
        return [Row(*row) for row in rows]

    def place_of(self, id: RecordId) -> int | None:
        """Where a record stands; None where it is not among these."""
        with self._reading() as read:
            return self._place_of(read, id)

    def _place_of(self, read: Read, id: RecordId) -> int | None:
        sorts = places(self.wish.sorts, self._shape)
        keys = "".join(f"k{place}, " for place, _ in sorts)
        row = read(f"SELECT {keys}position, n FROM {self._table} WHERE id = ?", (id,)).fetchone()
        if row is None:
            return None
        if self._as_it_stands:
            return int(row[-2])
        if self._first is not None:
            # Counting those before it costs less than putting all in order.
            stand = before(self.wish.sorts, self._shape, row)
            (place,) = read(
                f"SELECT count(*) FROM {self._table} WHERE {stand.text}", stand.values
            ).fetchone()
            return int(place)
        found = read("SELECT place - 1 FROM ordered WHERE n = ?", (row[-1],)).fetchone()
        return None if found is None else int(found[0])

    def match(self, text: str, start: int, *, backwards: bool = False) -> Match | None:
        """The next record behind place `start`, or before it, that holds a text in any column.

        The search comes around the end. None where no record of the order holds it.
        """
        with self._reading() as read:
            name, place = self._table, "position"
            if not self._as_it_stands:
                self._whole(read)
                name, place = "ordered", "place - 1"
            of = self._search(read, fold(text), name)
            if not of:
                return None
            way, how = ("max", "<") if backwards else ("min", ">")
            among = f"FROM {name} WHERE n IN (SELECT n FROM matching)"
            (found,) = read(
                f"SELECT {way}({place}) {among} AND {place} {how} ?", (start,)
            ).fetchone()
            around = found is None
            if around:
                (found,) = read(f"SELECT {way}({place}) {among}").fetchone()
            (number,) = read(f"SELECT count(*) {among} AND {place} <= ?", (found,)).fetchone()
            return Match(int(found), int(number), of, around)

    def _search(self, read: Read, wanted: str, name: str) -> int:
        """Note which records of the order hold a text; how many they are."""
        (writes,) = read(
            "SELECT writes FROM collections WHERE id = ?", (self.state.id,)
        ).fetchone() or (-1,)
        if self._searched != (wanted, writes):
            read("CREATE TEMP TABLE IF NOT EXISTS matching (n INTEGER PRIMARY KEY)")
            read("DELETE FROM matching")
            read(
                f"INSERT INTO matching SELECT n FROM {self._table} WHERE instr(text, ?) > 0",
                (wanted,),
            )
            self._searched = (wanted, writes)
        (count,) = read(
            f"SELECT count(*) FROM {name} WHERE n IN (SELECT n FROM matching)"
        ).fetchone()
        return int(count)

    def give_up(self) -> None:
        """End what is being worked out in another thread: it raises GivenUp. From any thread."""
        self._given_up = True
        connection = self._connection
        if connection is not None:
            with suppress(sqlite3.ProgrammingError):
                # It may be closed just now; then there is nothing to give up.
                connection.interrupt()

    def close(self) -> None:
        """Be done with it; the temporary file goes."""
        self._given_up = True
        with self._one_at_a_time:
            connection, self._connection = self._connection, None
            if connection is not None:
                connection.close()
