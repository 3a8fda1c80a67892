"""Rows as Parquet, by pyarrow, which is an optional extra."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import Any, BinaryIO

from tui.words import counted, were
from tui.workspace.books.out.columns import Column, Kind, Value
from tui.workspace.books.out.needs import FormMissing

GROUP = 20_000
"""Rows of a row group, and so the most that are held at once."""
_WHOLE = 2**63


def write_parquet(
    out: BinaryIO,
    columns: Sequence[Column],
    parts: Iterable[Sequence[Sequence[Value]]],
    zone: tzinfo,
) -> list[str]:
    """Write typed columns: int64, double (the service's own type of numbers), bool, date32,
    timestamps in the person's zone, links as lists of row_id and name.

    A value that is not of its column's kind is null, and how many are so is said. Raises
    FormMissing.
    """
    try:
        import pyarrow as arrow
        from pyarrow import parquet
    except ImportError as error:
        raise FormMissing("Parquet", "pyarrow", "parquet") from error
    link = arrow.struct([("row_id", arrow.int64()), ("name", arrow.string())])
    types: dict[Kind, Any] = {
        "row": arrow.int64(), "integer": arrow.int64(), "count": arrow.int64(),
        "number": arrow.float64(), "boolean": arrow.bool_(), "date": arrow.date32(),
        "moment": arrow.timestamp("us", tz=getattr(zone, "key", None) or "UTC"),
        "links": arrow.list_(link), "files": arrow.list_(arrow.string()),
    }  # fmt: skip
    schema = arrow.schema(
        [(column.title, types.get(column.kind, arrow.string())) for column in columns]
    )
    lost = [0] * len(columns)
    with parquet.ParquetWriter(out, schema, compression="zstd") as writer:
        for rows in _groups(parts):
            made = [
                [_fit(column.kind, row[place], lost, place) for row in rows]
                for place, column in enumerate(columns)
            ]
            arrays = [
                arrow.array(values, type=field.type)
                for values, field in zip(made, schema, strict=True)
            ]
            writer.write_table(arrow.table(arrays, schema=schema), GROUP)
    return [
        f"{counted(count, 'value')} in {column.title} {were(count)} left out: not of its kind"
        for column, count in zip(columns, lost, strict=True)
        if count
    ]


def _groups(parts: Iterable[Sequence[Sequence[Value]]]) -> Iterator[list[Sequence[Value]]]:
    held: list[Sequence[Value]] = []
    for rows in parts:
        held += rows
        if len(held) >= GROUP:
            yield held
            held = []
    if held:
        yield held


def _fit(kind: Kind, value: Value, lost: list[int], place: int) -> Any:
    if value is None:
        return None
    found: Any = None
    if kind in ("integer", "row", "count"):
        if isinstance(value, int) and -_WHOLE <= value < _WHOLE:
            found = value
    elif kind == "number":
        if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
            found = float(value)
    elif kind == "boolean":
        found = value if isinstance(value, bool) else None
    elif kind == "moment":
        found = value if isinstance(value, datetime) else None
    elif kind == "date":
        found = value if isinstance(value, date) and not isinstance(value, datetime) else None
    elif isinstance(value, list):
        found = (
            [{"row_id": one.row_id, "name": one.value} for one in value]
            if kind == "links"
            else value
        )
    elif kind not in ("links", "files"):
        found = str(value).encode("utf-8", "replace").decode()
    if found is None:
        lost[place] += 1
    return found
