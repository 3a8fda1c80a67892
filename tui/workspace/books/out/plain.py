"""Values as text of a flat form: CSV, TSV, Markdown."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

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
    return plain_number(value) if isinstance(value, float) else str(value)


def plain_number(value: float) -> str:
    """A number with all its digits and no exponent."""
    text = repr(value)
    return f"{Decimal(text):f}" if "e" in text else text


def written(column: Column, value: Value) -> tuple[str, bool]:
    """A value as its cell of CSV is written, and whether an apostrophe stands before it so that it
    is not taken for a formula: what is a number or a time is never changed.
    """
    if value is None:
        return "", False
    text = plain(column, value)
    if value.__class__ is not str and column.kind not in ("text", "links", "files"):
        return text, False
    guarded = guard(text)
    return guarded, guarded != text
