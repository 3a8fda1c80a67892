"""Rows of smart tables as the mirror keeps them: what its columns mean, there and back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, tzinfo
from typing import Any

import msgspec

from tui.services.timetonic import Cell, Field, Table, TableRow
from tui.store.mirror.shape import MOST_COLUMNS, Column, Kind, Record, Row, Shape, Value
from tui.workspace.books.cells import COUNTED, cell_text, count_of, kind_of, typed
from tui.workspace.books.cells import Kind as CellKind

FORM = "1"
"""The version of the payload and of what is read out of a cell."""
MOST_KNOWN = 20_000
"""Values of one column whose reading is remembered: days, names of rows and choices repeat."""
_KINDS: dict[CellKind, Kind] = {
    "integer": "number",
    "number": "number",
    "boolean": "boolean",
    "date": "date",
    "moment": "moment",
    "files": "number",
    "comments": "number",
    "activity": "number",
}

Reader = Callable[[Cell | None], tuple[Value, str]]
"""What a cell is compared by, and how it reads."""


class Described(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept beside the rows of a table."""

    table: Table


class Translation:
    """The rows of a table with these fields, for a person in a time zone."""

    def __init__(self, fields: Sequence[Field], zone: tzinfo) -> None:
        self.fields = list(fields[:MOST_COLUMNS])
        self.shape = Shape(
            tuple(
                Column(column_name(field), _KINDS.get(kind_of(field), "text"))
                for field in self.fields
            ),
            version=f"{FORM} {zone}",
        )
        self._readers = [(field.id, reader(field, zone)) for field in self.fields]

    def record(self, row: TableRow) -> Record:
        """A row to be kept."""
        cells = row.cells
        values: list[Value] = []
        texts: list[str] = []
        for field_id, read in self._readers:
            value, text = read(cells.get(field_id))
            values.append(value)
            if text:
                texts.append(text)
        kept = {
            field_id: (cell.value, cell.text)
            for field_id, cell in cells.items()
            if cell.value is not None or cell.text is not None
        }
        return Record(row.id, values, texts, msgspec.json.encode(kept))

    def records(self, rows: Sequence[TableRow]) -> list[Record]:
        """Rows to be kept. With many of them fit for a thread."""
        return [self.record(row) for row in rows]

    @staticmethod
    def row(kept: Row) -> TableRow:
        """A row that was kept."""
        cells = _decoder.decode(kept.payload)
        return TableRow(
            id=int(kept.id),
            cells={
                field_id: Cell(value=value, text=text) for field_id, (value, text) in cells.items()
            },
        )


_decoder = msgspec.json.Decoder(dict[int, tuple[Any, str | None]])


def column_name(field: Field) -> str:
    """What the column of a field is called in the mirror."""
    return str(field.id)


def value_for(field: Field, value: Any) -> Value:
    """A value of a field as the mirror compares it: text where it is nothing simpler."""
    if value is None or isinstance(value, (str, int, float, datetime)):
        return value
    return value if _KINDS.get(kind_of(field)) else str(value)


def reader(field: Field, zone: tzinfo) -> Reader:
    """How cells of a field are read. Strict for those of its type, and quick for the usual ones."""
    kind = kind_of(field)
    if kind in COUNTED:

        def count(cell: Cell | None) -> tuple[Value, str]:
            number = count_of(cell)
            return (number, str(number)) if number else (None, "")

        return count

    known: dict[tuple[Any, str | None], tuple[Value, str]] = {}

    def read(cell: Cell | None) -> tuple[Value, str]:
        if cell is None or cell.value is None:
            return None, ""
        value = cell.value
        if value.__class__ is str and _is_text(kind):
            return (None, "") if value == "" else _texts(value, cell.text)
        if value.__class__ not in (str, int, float):
            return _slow(cell)
        # As text: 1 and True and 1.0 are one key.
        key = (value, cell.text) if value.__class__ is str else (repr(value), cell.text)
        found = known.get(key)
        if found is None:
            if len(known) >= MOST_KNOWN:
                known.clear()
            found = known[key] = _slow(cell)
        return found

    def _slow(cell: Cell) -> tuple[Value, str]:
        value = typed(field, cell)
        if value is None:
            return None, ""
        text = cell_text(field, cell, zone)
        return (text if kind == "link" or _is_text(kind) else value_for(field, value)), text

    return read


def _is_text(kind: CellKind) -> bool:
    return kind not in _KINDS and kind != "link"


def _texts(value: str, text: str | None) -> tuple[Value, str]:
    shown = value if text is None else text
    return shown, shown
