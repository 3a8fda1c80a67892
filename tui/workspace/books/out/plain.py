"""Values as text of a flat form: CSV, TSV, Markdown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from tui.workspace.books.out.columns import Column, Value
from tui.workspace.csv_cells import guard

BETWEEN = ", "
"""What stands between the names, or the ids, of several rows in one cell."""


def plain(column: Column, value: Value) -> str:
    """A value as text: numbers with a point, ISO dates, moments with their distance to UTC."""
    if value is None:
        return ""
    if value.__class__ is str:
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, list):
        if column.kind == "files":
            return BETWEEN.join(value)
        if column.kind == "ids":
            return BETWEEN.join(str(one.row_id) for one in value)
        return BETWEEN.join(one.value or f"row {one.row_id}" for one in value)
    return _number(value) if isinstance(value, float) else str(value)


def _number(value: float) -> str:
    text = repr(value)
    return f"{Decimal(text):f}" if "e" in text else text


_PLAIN = 1e-4
"""Numbers between this and its inverse are written without an exponent."""


class Guarding:
    """Text of rows in which no cell of text is taken for a formula; counts which were changed."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self.guarded = 0
        """Cells that an apostrophe was put before."""
        self._ways = [self._way(column) for column in columns]

    def _way(self, column: Column) -> Callable[[Sequence[Value]], Sequence[object]]:
        """How the values of a column are written."""

        def text(value: Value) -> object:
            if value is None:
                return None
            found = value if value.__class__ is str else plain(column, value)
            guarded = guard(found)
            if guarded != found:
                self.guarded += 1
            return guarded

        known: dict[Value, str] = {True: "true", False: "false"}

        def number(value: Any) -> object:
            kind = value.__class__
            if value is None or kind is int:
                return value
            if kind is bool:
                return known[value]
            if kind is date:
                # Days repeat.
                if value not in known:
                    known[value] = plain(column, value)
                return known[value]
            if kind is datetime:
                return value.isoformat()
            if kind is float and _PLAIN < abs(value) < 1 / _PLAIN:
                return value
            # What is not of its kind is text, and may be anything.
            return text(value) if kind is str else plain(column, value)

        def texts(values: Sequence[Any]) -> Sequence[object]:
            # Most cells begin with a letter or digit: such a one is never computed.
            return [
                one if one.__class__ is str and one[:1].isalnum() else text(one) for one in values
            ]

        def several(values: Sequence[Value]) -> Sequence[object]:
            return texts([None if one is None else plain(column, one) for one in values])

        if column.kind in ("links", "files"):
            return several
        if column.kind == "text":
            return texts
        if column.kind == "row":
            return lambda values: values
        if column.kind == "moment":
            return lambda values: [
                one.isoformat() if one.__class__ is datetime else number(one) for one in values
            ]
        # Most are whole numbers, or nothing: a call for each would take most of the time.
        return lambda values: [
            one if one is None or one.__class__ is int else number(one) for one in values
        ]

    def title(self, title: str) -> str:
        """A title as it may stand in the file."""
        return guard(title)

    def rows(self, rows: Sequence[Sequence[Value]]) -> Iterable[Sequence[object]]:
        """Rows as cells of CSV."""
        columns = zip(*rows, strict=True)
        written = [way(values) for way, values in zip(self._ways, columns, strict=False)]
        return zip(*written, strict=True)
