"""Writes the rows of one call: accepted one by one, put into the file together.

What a call writes is the same as if each of its rows had been written by itself, in the order in
which they were sent; but one statement for many rows takes a fraction of the time.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import NamedTuple

import msgspec

from tui.embedded.timetonic import access, history
from tui.embedded.timetonic.accept import Acceptor
from tui.embedded.timetonic.accept_columns import by_column
from tui.embedded.timetonic.access import Place
from tui.embedded.timetonic.call import Call, Change
from tui.embedded.timetonic.cells import Renderer, stored
from tui.embedded.timetonic.definitions import Field
from tui.embedded.timetonic.envelope import Refusal
from tui.embedded.timetonic.parameters import to_integer
from tui.embedded.timetonic.row_pages import last_position, rows_of

AT_ONCE = 200
"""Rows that one statement puts into the file: each of them asks and tells which number was given
last."""
_UPDATE = "UPDATE timetonic_row SET cells = ?, modified = ?, sstamp = ? WHERE id = ?"
_ENCODE = msgspec.json.Encoder().encode_lines

Cells = dict[str, object]


class _Changed(NamedTuple):
    """A row whose cells become others."""

    row: sqlite3.Row
    cells: Cells
    """As they were."""
    accepted: Cells
    """Of those that were sent only what is another."""


class RowWriter:
    """Writes rows of one table inside one transaction. `finish` puts the last of them there."""

    def __init__(self, call: Call, change: Change, place: Place, fields: dict[str, Field]) -> None:
        self._call = call
        self._change = change
        self._table = place.table_id
        self._fields = fields
        self._acceptor = Acceptor(call)
        self._readers: dict[str, tuple[str, Callable[[object], object]]] = {}
        self._auto = {key: field.last_increment or 0 for key, field in fields.items()
                      if field.options.get("auto")}  # fmt: skip
        self._one_by_one = any(field.link_table == self._table for field in fields.values())
        """A row may link to one of the same call by its name: then that has to be there."""
        self._first = self._position = 0
        self._new: list[Cells] = []
        self._changed: dict[int, _Changed] = {}
        self._seen: set[int] = set()

    def create_all(self, rows: Sequence[Mapping[str, object]]) -> list[int]:
        """New rows; answers their ids. Raises Refusal."""
        accepted = None if self._one_by_one else by_column(self._acceptor, self._fields, rows)
        if accepted is None:
            return [self.create(sent) for sent in rows]
        if self._auto:
            return [self._create(cells) for cells in accepted]
        first = self._begin_new()
        self._new += accepted
        return [*range(first, first + len(accepted))]

    def create(self, sent: Mapping[str, object]) -> int:
        """A new row; answers its id. Raises Refusal."""
        return self._create(self._accepted(sent))

    def _create(self, accepted: Cells) -> int:
        for key in self._auto:
            self._auto[key] += 1
            accepted[key] = self._auto[key]
        row_id = self._begin_new()
        self._new.append(accepted)
        self._written_now()
        return row_id

    def _begin_new(self) -> int:
        """The id that the next new row has."""
        if not self._first:
            self._first = self._next_id()
            self._position = last_position(self._call, self._table) + 1
        return self._first + len(self._new)

    def update(self, row: sqlite3.Row, sent: Mapping[str, object]) -> None:
        """Other values for a row that is there. Raises Refusal."""
        row_id = int(row["id"])
        accepted = self._accepted(sent)
        if row_id in self._seen:
            # Named twice: the second finds what the first has written.
            self.finish()
            row = access.row(self._call, row_id)
        self._seen.add(row_id)
        cells = stored(row["cells"])
        changed = {key: value for key, value in accepted.items() if cells.get(key) != value}
        if changed:
            self._changed[row_id] = _Changed(row, cells, changed)
            self._written_now()

    def finish(self) -> None:
        """Put into the file what was written last."""
        if self._new:
            self._insert()
        if self._changed:
            self._put()

    def _written_now(self) -> None:
        if self._one_by_one:
            self.finish()

    def _accepted(self, sent: Mapping[str, object]) -> Cells:
        accepted: Cells = {}
        readers = self._readers
        for name, value in sent.items():
            found = readers.get(name)
            if found is None:
                field = self._fields.get(str(to_integer(name, "field id")))
                if field is None:
                    raise Refusal("not_found", f"the table has no field {name}")
                found = readers[name] = field.key, self._acceptor.reader(field)
            accepted[found[0]] = found[1](value)
        return accepted

    def _next_id(self) -> int:
        """The id that the database would give a row: none is ever given twice."""
        found = self._call.one("SELECT seq FROM sqlite_sequence WHERE name = 'timetonic_row'")
        return 1 if found is None else int(found["seq"]) + 1

    def _insert(self) -> None:
        change, new = self._change, self._new
        for start in range(0, len(new), AT_ONCE):
            part = store_all(new[start : start + AT_ONCE])
            change.run(
                _insertion(len(part)),
                self._first + start,
                self._table,
                self._position + start,
                change.seconds,
                change.seconds,
                change.sstamp,
                *part,
            )
        for key, number in self._auto.items():
            change.run(
                "UPDATE timetonic_field SET last_increment = ? WHERE id = ?",
                number,
                self._fields[key].id,
            )
        history.record_new(self._call, change, range(self._first, self._first + len(new)))
        self._first, self._new = 0, []

    def _put(self) -> None:
        call, change, changed = self._call, self._change, self._changed
        keys = {key for one in changed.values() for key in one.accepted}
        fields = [field for key, field in self._fields.items() if key in keys]
        before = Renderer(call, fields, [one.row for one in changed.values()])
        change.connection.executemany(
            _UPDATE,
            [
                (store(one.cells | one.accepted), change.seconds, change.sstamp, row_id)
                for row_id, one in changed.items()
            ],
        )
        after = Renderer(call, fields, rows_of(call, self._table, [*changed]))
        history.record_values(
            call, change,
            [
                (row_id, self._fields[key].id, one.cells.get(key), value,
                 before.text(row_id, self._fields[key]), after.text(row_id, self._fields[key]))
                for row_id, one in changed.items()
                for key, value in one.accepted.items()
            ],
        )  # fmt: skip
        self._changed = {}


def store(cells: Mapping[str, object]) -> str:
    """Cells as the row keeps them; empty ones are left out."""
    return store_all([cells])[0]


def store_all(rows: Sequence[Mapping[str, object]]) -> list[str]:
    """The same of several rows."""
    filled = [
        {key: value for key, value in cells.items() if value is not None}
        if None in cells.values()
        else cells
        for cells in rows
    ]
    # No line break stands within a row: a text has it in two letters.
    return _ENCODE(filled).decode().split("\n")[:-1]


@cache
def _insertion(count: int) -> str:
    """The statement that puts so many rows there: the first id, the table, the first position,
    seconds twice and stamp, then the cells of each."""
    # Each value has one place and none a number: from Python 3.14 on those want names.
    rows = ", ".join(f"({place}, ?)" for place in range(count))
    return (
        "INSERT INTO timetonic_row (id, table_id, position, cells, created, modified, sstamp)"
        f" SELECT ? + column1, ?, ? + column1, column2, ?, ?, ? FROM (VALUES {rows})"
    )
