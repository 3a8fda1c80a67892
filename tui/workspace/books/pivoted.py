"""The rows of a table in groups: by the values of one column, or of two, counted or summed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo
from functools import partial
from typing import Literal

from tui.store.mirror.pivots import Group, Sum
from tui.store.mirror.wishes import Filter
from tui.words import counted
from tui.workspace.books.cells import Cell, Field, cell_text, kind_of
from tui.workspace.books.conditions import condition_of, condition_of_any
from tui.workspace.books.described import number_text
from tui.workspace.books.kept_rows import KeptRows
from tui.workspace.books.mirrored import Translation, column_name
from tui.workspace.books.row_view import given_up_with

__all__ = ["Measure", "Pivot", "Sum", "Value", "pivot", "shown", "summable"]

MOST_DOWN = 5_000
"""Values of the first column that are shown, those with most rows."""
MOST_ACROSS = 40
"""Values of the second one."""
Measure = Literal["count", "sum", "mean"]


def summable(fields: Sequence[Field]) -> list[Field]:
    """The fields of which there is a sum."""
    return [one for one in fields if kind_of(one) in ("integer", "number", "files", "comments")]


@dataclass(frozen=True)
class Value:
    """A value of a column, and the rows that have it."""

    text: str
    cell: Cell | None
    sum: Sum


@dataclass(frozen=True)
class Pivot:
    """Rows in groups."""

    down_field: Field
    across_field: Field | None
    value_field: Field | None
    down: list[Value]
    across: list[Value]
    cells: dict[tuple[int, int], Sum]
    total: Sum
    values_down: int
    """How many values there are in all; more than `down` has where they are too many."""
    values_across: int
    zone: tzinfo
    fields: Sequence[Field]
    """Those of the table."""

    @property
    def measures(self) -> tuple[Measure, ...]:
        """What can be shown of a group."""
        return ("count",) if self.value_field is None else ("count", "sum", "mean")

    def condition(self, down: Sequence[int], across: int | None = None) -> str:
        """The condition of the rows in some groups, as one would type it."""
        cells = [self.down[place].cell for place in down]
        if len(cells) == 1:
            found = [condition_of(self.down_field, cells[0], self.zone, self.fields)]
        else:
            found = (
                [condition_of_any(self.down_field, cells, self.zone, self.fields)] if cells else []
            )
        if across is not None and self.across_field is not None:
            cell = self.across[across].cell
            found.append(condition_of(self.across_field, cell, self.zone, self.fields))
        return " & ".join(found)

    @property
    def left_out(self) -> str:
        """What is not shown, in words; "" for nothing."""
        parts = [
            f"{there:,} of {counted(of, 'value')} of {field.name}"
            for there, of, field in (
                (len(self.down), self.values_down, self.down_field),
                (len(self.across), self.values_across, self.across_field),
            )
            if there < of and field is not None
        ]
        return " and ".join(parts) + " are shown" if parts else ""


def shown(found: Sum, measure: Measure, field: Field | None = None) -> str:
    """What a group comes to in a field's values, in words; "" where it has nothing."""
    if measure == "count":
        return f"{found.rows:,}" if found.rows else ""
    if not found.numbers:
        return ""
    total = found.total if measure == "sum" else found.total / found.numbers
    return number_text(total, field)


async def pivot(
    kept: KeptRows,
    down: Field,
    across: Field | None,
    value: Field | None,
    filters: Sequence[Filter],
    zone: tzinfo,
) -> Pivot:
    """Put the rows that are here and wished for in groups. Raises GivenUp, Lost."""
    other, summed = (None if one is None else column_name(one) for one in (across, value))
    work = kept.pivoting(filters)
    found = await given_up_with(
        work, partial(work.of, column_name(down), other, summed, MOST_DOWN, MOST_ACROSS)
    )

    def values(field: Field | None, groups: Sequence[Group]) -> list[Value]:
        if field is None:
            return []
        cells = [Translation.row(one.row).cells.get(field.id) for one in groups]
        return [
            Value(cell_text(field, cell, zone), cell, group.sum)
            for cell, group in zip(cells, groups, strict=True)
        ]

    return Pivot(
        down, across, value, values(down, found.down), values(across, found.across),
        found.cells, found.total, found.values_down, found.values_across, zone, kept.fields,
    )  # fmt: skip
