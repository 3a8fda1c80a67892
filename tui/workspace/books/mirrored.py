"""Rows of smart tables as the mirror keeps them: what its columns mean, there and back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import tzinfo
from functools import lru_cache
from types import GenericAlias
from typing import Any

import msgspec

from tui.services.timetonic import Cell, Field, Table, TableRow
from tui.services.timetonic.by_column import SomeValues, TableColumns
from tui.store.mirror.shape import MOST_COLUMNS, Batch, Column, Row, Shape
from tui.workspace.books.cell_reading import value_kind
from tui.workspace.books.column_reading import column_reader

FORM = "4"
"""The version of the payload and of what is read out of a cell."""


class Described(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept beside the rows of a table."""

    table: Table


class Translation:
    """The rows of a table with these fields, for a person in a time zone."""

    def __init__(self, fields: Sequence[Field], zone: tzinfo) -> None:
        self.fields = list(fields[:MOST_COLUMNS])
        self.shape = Shape(
            tuple(Column(column_name(field), value_kind(field)) for field in self.fields),
            version=f"{FORM} {zone}",
        )
        self._readers = [(field.id, column_reader(field, zone)) for field in self.fields]

    def batch(self, found: SomeValues) -> Batch:
        """Rows as they came to be kept."""
        return self.columns(found) if isinstance(found, TableColumns) else self.records(found.rows)

    def records(self, rows: Sequence[TableRow]) -> Batch:
        """Rows to be kept. With many of them fit for a thread."""
        contents = [row.cells for row in rows]
        columns = []
        for field_id, read in self._readers:
            cells = [content.get(field_id, _EMPTY) for content in contents]
            columns.append(read([cell.value for cell in cells], [cell.text for cell in cells]))
        return Batch([row.id for row in rows], columns, _lines(contents))

    def columns(self, found: TableColumns) -> Batch:
        """The same of rows that came by columns: none of them is made for it."""
        sent = {field.id: column for field, column in found.columns}
        nothing = [None] * found.came
        columns = [
            read(nothing, nothing) if column is None else read(column.values, column.texts)
            for column, read in ((sent.get(field_id), read) for field_id, read in self._readers)
        ]
        with_texts = [
            place
            for place, (_, column) in enumerate(found.columns)
            if column.texts.count(None) < found.came
        ]
        head = _head([field.id for field, _ in found.columns], with_texts)
        values = [column.values for _, column in found.columns]
        texts = [found.columns[place].column.texts for place in with_texts]
        rows = zip([head] * found.came, *values, *texts, strict=True)
        return Batch(found.ids, columns, _lines(rows))

    @staticmethod
    def row(kept: Row) -> TableRow:
        """A row that was kept."""
        return TableRow(id=int(kept.id), cells=cells_of(kept))


Payload = dict[int, Cell]
"""The cells of a row that are not empty, by the id of the field."""
_EMPTY = Cell()
_encoder = msgspec.json.Encoder()
_decoder: msgspec.json.Decoder[Payload | list[Any]] = msgspec.json.Decoder(Payload | list[Any])
"""Rows that came by columns are lists: a head, the values of all columns, and the texts of those
columns that have texts. The head says of which fields they are, and which of them have texts."""


def _head(fields: Iterable[int], with_texts: Iterable[int]) -> str:
    return ";".join(" ".join(map(str, numbers)) for numbers in (fields, with_texts))


@lru_cache
def _understood(head: str) -> tuple[list[int], list[int]]:
    """The fields of a head, and the places of those that have texts."""
    fields, places = ([int(one) for one in part.split()] for part in head.split(";"))
    return fields, places


def _lines(rows: Iterable[object]) -> list[bytes]:
    """Each row as JSON, in which no line feed can be."""
    return _encoder.encode_lines(rows).split(b"\n")[:-1]


def _cells(kept: Payload | list[Any]) -> Payload:
    if isinstance(kept, dict):
        return kept
    fields, places = _understood(kept[0])
    cells = [Cell(value=value) for value in kept[1 : len(fields) + 1]]
    for place, text in zip(places, kept[len(fields) + 1 :], strict=True):
        cells[place] = Cell(value=cells[place].value, text=text)
    return dict(zip(fields, cells, strict=True))


def cells_of(kept: Row) -> Payload:
    """What a row that was kept holds."""
    return _cells(_decoder.decode(kept.payload))


def cells_of_lines(payloads: bytes) -> list[Payload]:
    """What rows that were kept hold, of which each stands on a line."""
    return [_cells(one) for one in _decoder.decode_lines(payloads)]


_Parts = tuple[Sequence[Any], Sequence[str | None]]
"""The values and the texts of a column."""


def columns_of_lines(payloads: bytes, raw: frozenset[int]) -> dict[int, _Parts] | None:
    """The columns of rows that were kept, by the ids of their fields, those of `raw` as they stand.

    None where not all of the rows came by the same columns.
    """
    first = payloads.partition(b"\n")[0]
    if not first.startswith(b"["):
        return None
    head = _decoder.decode(first)[0]
    try:
        rows = _decoder_of(head, raw).decode_lines(payloads)
    except msgspec.ValidationError:
        return None
    heads, *columns = zip(*rows, strict=True)
    if heads.count(head) < len(heads):
        return None
    fields, places = _understood(head)
    nothing: list[str | None] = [None] * len(heads)
    texts = dict(zip(places, columns[len(fields) :], strict=True))
    values = zip(fields, columns, strict=False)
    return {field: (one, texts.get(at, nothing)) for at, (field, one) in enumerate(values)}


@lru_cache
def _decoder_of(head: str, raw: frozenset[int]) -> msgspec.json.Decoder[tuple[Any, ...]]:
    fields, places = _understood(head)
    kinds = [msgspec.Raw if field in raw else Any for field in fields]
    return msgspec.json.Decoder(GenericAlias(tuple, (str, *kinds, *[str | None] * len(places))))


def column_name(field: Field) -> str:
    """What the column of a field is called in the mirror."""
    return str(field.id)
