"""What the values of columns come to, in words: counts, the least and greatest, the commonest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo
from decimal import Decimal

from tui.store.mirror.figures import Figures
from tui.store.mirror.shape import Row
from tui.store.mirror.wishes import Filter
from tui.workspace.books.cells import Cell, Field, cell_text, decimal_comma, kind_of
from tui.workspace.books.conditions import condition_of
from tui.workspace.books.kept_rows import KeptRows
from tui.workspace.books.mirrored import Translation
from tui.workspace.uncollected import uncollected

__all__ = ["COLUMNS", "Description", "describe"]

MOST = 50
"""Of the commonest values of a column."""
COLUMNS = ("column", "filled", "empty", "distinct", "least", "greatest", "sum", "mean", "commonest")
_DECIMALS = 6
"""Places of a sum or mean that are shown; more are how the machine counts."""
_WITH_COMMA = str.maketrans(",.", "\N{NO-BREAK SPACE},")
_SUMMED = ("integer", "number", "files", "comments")


@dataclass(frozen=True)
class Description:
    """One column."""

    field: Field
    rows: int
    filled: int
    distinct: int
    least: str
    greatest: str
    sum: str
    """"" where the column is not of numbers."""
    mean: str
    commonest: tuple[tuple[str, int], ...]
    """Values as they read, and how often each is there."""
    conditions: tuple[str, ...]
    """For each of these the condition that a row has it, as one would type it."""

    @property
    def empty(self) -> int:
        """Rows that have nothing there."""
        return self.rows - self.filled

    def line(self) -> dict[str, str]:
        """It as a line of a table, by `COLUMNS`."""
        value, times = self.commonest[0] if self.commonest else ("", 0)
        cells = (
            self.field.name, f"{self.filled:,}", f"{self.empty:,}", f"{self.distinct:,}",
            self.least, self.greatest, self.sum, self.mean,
            f"{value} ({times:,})" if times > 1 else "",
        )  # fmt: skip
        return dict(zip(COLUMNS, cells, strict=True))


async def describe(
    kept: KeptRows, fields: Sequence[Field], filters: Sequence[Filter], zone: tzinfo
) -> list[Description]:
    """The columns of fields over the rows that are here and wished for. Raises Lost."""
    # What is read is gone again at once: there is nothing to look for among it.
    with uncollected(stays=False):
        found = await kept.figures(fields, filters, MOST)
    return [_of(field, one, zone, kept.fields) for field, one in zip(fields, found, strict=True)]


def _of(field: Field, figures: Figures, zone: tzinfo, among: Sequence[Field]) -> Description:
    def cell(row: Row) -> Cell | None:
        return Translation.row(row).cells.get(field.id)

    def text(row: Row | None) -> str:
        return "" if row is None else cell_text(field, cell(row), zone)

    summed = kind_of(field) in _SUMMED and figures.numbers > 0
    return Description(
        field,
        figures.rows,
        figures.filled,
        figures.distinct,
        text(figures.least),
        text(figures.greatest),
        number_text(figures.total, field) if summed else "",
        number_text(figures.total / figures.numbers, field) if summed else "",
        tuple((text(row), times) for times, row in figures.commonest),
        tuple(condition_of(field, cell(row), zone, among) for _, row in figures.commonest),
    )


def number_text(value: float, field: Field | None = None) -> str:
    """A number with its thousands apart, and with the decimal sign that a field's own numbers have:
    beside those `1,589` could be read as one and a half.
    """
    if isinstance(value, int):
        shown = f"{value:,}"
    else:
        shown = f"{Decimal(value):,.{_DECIMALS}f}".rstrip("0").rstrip(".")
    if field is not None and decimal_comma(field):
        return shown.translate(_WITH_COMMA)
    return shown
