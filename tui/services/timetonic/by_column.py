"""A page of a table column by column, as it was sent: rows are made of it where they are wanted.

Who keeps a whole table needs its columns, and no row or cell as an object of its own: of 50,000
rows of ten cells that would be more than half a million objects.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import msgspec

from tui.services.timetonic.cell_values import title_of
from tui.services.timetonic.table_columns import Column, RowInfo
from tui.services.timetonic.table_records import Cell, Field, Table, TableRow, TableValues


class FieldColumn(NamedTuple):
    """The cells of one field."""

    field: Field
    column: Column


class TableColumns(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """A page of a table of which every column has a cell of every row, in the table's order."""

    table: Table
    infos: Mapping[int, RowInfo]
    """Where the rows stand, by their ids, in the table's order."""
    columns: Sequence[FieldColumn]
    sstamp: int | None = None

    @property
    def came(self) -> int:
        """How many rows the service sent."""
        return len(self.infos)

    @property
    def read(self) -> int:
        """How many of them could be read."""
        return len(self.infos)

    @cached_property
    def ids(self) -> list[int]:
        """The rows by their ids."""
        return list(self.infos)

    @cached_property
    def rows(self) -> list[TableRow]:
        """The same as rows."""
        return rows_of(
            self.infos, self.columns, self.table.fields[0] if self.table.fields else None
        )


SomeValues = TableColumns | TableValues
"""A page by its columns, or by its rows where the columns are not even or not as documented."""


def is_even(infos: Mapping[int, RowInfo], columns: Sequence[FieldColumn]) -> bool:
    """Whether every column has all rows, in the order in which they stand in the table."""
    ids = list(infos)
    unplaced = RowInfo(index=len(ids))
    places = (info.place(unplaced) for info in infos.values())
    return (
        bool(columns)
        and len({field.id for field, _ in columns}) == len(columns)
        and all(column.ids == ids for _, column in columns)
        and all(one <= next_one for one, next_one in pairwise(places))
    )


def rows_of(
    infos: Mapping[int, RowInfo], columns: Sequence[FieldColumn], title: Field | None
) -> list[TableRow]:
    """The rows of columns, in the order that rowInfos tell."""
    ids = list(infos)
    cells: dict[int, dict[int, Cell]]
    made = [
        [Cell(value=value, text=text) for value, text in zip(one.values, one.texts, strict=True)]
        for _, one in columns
    ]
    if columns and all(column.ids == ids for _, column in columns):
        # Every column has all rows, in one order.
        names = [field.id for field, _ in columns]
        cells = {
            row_id: dict(zip(names, row, strict=True))
            for row_id, row in zip(ids, zip(*made, strict=True), strict=True)
        }
    else:
        cells = {row_id: {} for row_id in ids}
        for (field, column), found in zip(columns, made, strict=True):
            for row_id, cell in zip(column.ids, found, strict=True):
                cells.setdefault(row_id, {})[field.id] = cell
    unplaced = RowInfo(index=len(cells))
    ordered = sorted(cells, key=lambda row_id: infos.get(row_id, unplaced).place(unplaced))
    return [
        TableRow(
            id=row_id,
            order=infos.get(row_id, unplaced).order,
            name=title_of(title, cells[row_id]),
            cells=cells[row_id],
        )
        for row_id in ordered
    ]
