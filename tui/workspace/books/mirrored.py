"""Rows of smart tables as the mirror keeps them: what its columns mean, there and back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
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

Reader = Callable[[Any, str | None], tuple[Value, str]]
"""What a cell of that value and text is compared by, and how it reads."""


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
        kept: dict[int, tuple[Any, str | None]] = {}
        for field_id, read in self._readers:
            cell = cells.get(field_id)
            if cell is None:
                values.append(None)
                continue
            value, text = read(cell.value, cell.text)
            values.append(value)
            if text:
                texts.append(text)
            if cell.value is not None or cell.text is not None:
                kept[field_id] = (cell.value, cell.text)
        return Record(row.id, values, texts, msgspec.json.encode(kept))

    def records(self, rows: Sequence[TableRow]) -> list[Record]:
        """Rows to be kept. With many of them fit for a thread."""
        return [self.record(row) for row in rows]

    @staticmethod
    def row(kept: Row) -> TableRow:
        """A row that was kept."""
        cells = payload_of(kept)
        return TableRow(
            id=int(kept.id),
            cells={
                field_id: Cell(value=value, text=text) for field_id, (value, text) in cells.items()
            },
        )


Payload = dict[int, tuple[Any, str | None]]
"""The cells of a row that are not empty: value and text by the id of the field."""
_decoder = msgspec.json.Decoder(Payload)


def payload_of(kept: Row) -> Payload:
    """What a row that was kept holds."""
    return _decoder.decode(kept.payload)


def column_name(field: Field) -> str:
    """What the column of a field is called in the mirror."""
    return str(field.id)


def value_for(field: Field, value: Any) -> Value:
    """A value of a field as the mirror compares it: text where it is nothing simpler."""
    if value is None or isinstance(value, (str, int, float, datetime)):
        return value
    return value if _KINDS.get(kind_of(field)) else str(value)


def reader(field: Field, zone: tzinfo) -> Reader:
    """How cells of a field are read: as `typed` and `cell_text` do, the usual forms in short."""
    known: dict[tuple[Any, str | None], tuple[Value, str]] = {}
    kind = kind_of(field)
    is_text = kind not in _KINDS and kind != "link"

    def slow(value: Any, text: str | None) -> tuple[Value, str]:
        cell = Cell(value=value, text=text)
        found = typed(field, cell)
        if found is None:
            return None, ""
        shown = cell_text(field, cell, zone)
        return (shown if kind == "link" or is_text else value_for(field, found)), shown

    def remembered(value: Any, text: str | None) -> tuple[Value, str]:
        if value.__class__ is not str:
            return slow(value, text)
        found = known.get((value, text))
        if found is None:
            if len(known) >= MOST_KNOWN:
                known.clear()
            found = known[value, text] = slow(value, text)
        return found

    if kind in COUNTED:
        return _count
    if is_text:
        return lambda value, text: (
            _NOTHING
            if value is None or value == ""
            else (text, text)
            if text is not None
            else (value, value)
            if value.__class__ is str
            else slow(value, text)
        )
    if kind == "integer":
        return lambda value, text: (
            (value, text or str(value)) if value.__class__ is int else remembered(value, text)
        )
    if kind == "number":
        return lambda value, text: (
            (value, text or repr(value))
            if value.__class__ is float and _PLAIN < abs(value) < 1 / _PLAIN
            else remembered(value, text)
        )
    if kind == "boolean":
        return lambda value, text: (
            (value, "yes" if value else "no")
            if value.__class__ is bool
            else remembered(value, text)
        )
    if kind == "link":
        return lambda value, text: _links(value) or slow(value, text)
    if kind == "moment":
        return _Moments(remembered, zone)
    return remembered


_PLAIN = 1e-4
"""Numbers between this and its inverse are written without an exponent."""
_NOTHING: tuple[Value, str] = (None, "")


def _count(value: Any, text: str | None) -> tuple[Value, str]:
    number = count_of(Cell(value=value, text=text))
    return (number, str(number)) if number else _NOTHING


def _links(value: Any) -> tuple[Value, str] | None:
    """Rows with their names, as the service writes them; None where it is anything else."""
    if value.__class__ is not list or not value:
        return None
    try:
        names = [one["value"] for one in value if one["row_id"].__class__ is int]
        text = ", ".join(names)
    except (TypeError, KeyError):
        return None
    return (text, text) if len(names) == len(value) and all(names) else None


class _Moments:
    """Reads moments written as the service does, day by day: of a day on which no clock is
    changed, all follow from its first one.
    """

    def __init__(self, read: Reader, zone: tzinfo) -> None:
        self._read = read
        self._zone = zone
        self._days: dict[str, tuple[datetime, datetime] | None] = {}
        """When each day begins, and what the person's clock shows then."""

    def __call__(self, value: Any, text: str | None) -> tuple[Value, str]:
        if value.__class__ is not str or len(value) != 19 or value[10] != " ":
            return self._read(value, text)
        day = value[:10]
        if day not in self._days:
            if len(self._days) >= MOST_KNOWN:
                self._days.clear()
            self._days[day] = self._day(day)
        begins = self._days[day]
        seconds = _seconds(value)
        if begins is None or seconds is None:
            return self._read(value, text)
        since = timedelta(seconds=seconds)
        return begins[0] + since, (begins[1] + since).isoformat(" ", "minutes")

    def _day(self, day: str) -> tuple[datetime, datetime] | None:
        first, _ = self._read(f"{day} 00:00:00", None)
        last, _ = self._read(f"{day} 23:59:59", None)
        if not (isinstance(first, datetime) and isinstance(last, datetime)):
            return None
        shown, shown_last = (
            one.astimezone(self._zone).replace(tzinfo=None) for one in (first, last)
        )
        whole = timedelta(seconds=86_399)
        same = last.astimezone(UTC) - first.astimezone(UTC) == whole == shown_last - shown
        return (first.astimezone(UTC), shown) if same else None


def _seconds(value: str) -> int | None:
    """The second of the day in ``YYYY-MM-DD HH:MM:SS``; None where that is none."""
    hours, minutes, seconds = value[11:13], value[14:16], value[17:]
    if not (value[13] == value[16] == ":" and (hours + minutes + seconds).isdecimal()):
        return None
    found = int(hours) * 3600 + int(minutes) * 60 + int(seconds)
    return found if hours < "24" and minutes < "60" and seconds < "60" else None
