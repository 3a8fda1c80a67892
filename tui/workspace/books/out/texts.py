"""Rows as text: CSV, TSV, JSON, JSON lines, Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, BinaryIO

import msgspec

from tui.services.timetonic import LinkedRow
from tui.words import counted
from tui.workspace.books.out.columns import Column, Value
from tui.workspace.books.out.flat import Lines
from tui.workspace.books.out.plain import plain
from tui.workspace.hours.figures import markdown_cell

Parts = Iterable[Sequence[Sequence[Value]]]
"""Rows, some at a time."""
Kept = tuple[Sequence[int], bytes, Sequence[int] | None]
"""Some rows as they are kept: their ids, what they hold, and which of them leave (None for all)."""


def write_separated(
    out: BinaryIO, columns: Sequence[Column], kept: Iterable[Kept], separator: str
) -> list[str]:
    """Write CSV or TSV, in UTF-8 with line feeds; what is to be said of it.

    A cell of text that a spreadsheet would compute begins with an apostrophe, which is said.
    """
    lines = Lines(columns, separator)
    out.write(lines.header().encode("utf-8", "replace"))
    for part in kept:
        out.write(lines.of(*part).encode("utf-8", "replace"))
    if not lines.guarded:
        return []
    cells = counted(lines.guarded, "cell")
    return [
        f"{cells} of text that a spreadsheet would compute begin with an apostrophe,"
        " which an import takes off again"
    ]


_encoder = msgspec.json.Encoder(decimal_format="number")


def json_value(value: Value) -> Any:
    """A value as JSON has it: the rows of a link by id and name."""
    if isinstance(value, list):
        return [
            {"row_id": one.row_id, "name": one.value} if isinstance(one, LinkedRow) else one
            for one in value
        ]
    return value


def json_row(columns: Sequence[Column], row: Sequence[Value]) -> bytes:
    """A row as a JSON object; empty cells are null."""
    return _encoder.encode(
        {column.title: json_value(value) for column, value in zip(columns, row, strict=True)}
    )


def write_json(out: BinaryIO, columns: Sequence[Column], parts: Parts) -> list[str]:
    """Write one list of objects, one a line."""
    before = b"["
    for rows in parts:
        for row in rows:
            out.write(before + b"\n" + json_row(columns, row))
            before = b","
    out.write(b"\n]\n" if before == b"," else b"[]\n")
    return []


def write_json_lines(out: BinaryIO, columns: Sequence[Column], parts: Parts) -> list[str]:
    """Write one object a line."""
    for rows in parts:
        out.write(b"".join(json_row(columns, row) + b"\n" for row in rows))
    return []


def write_markdown(out: BinaryIO, columns: Sequence[Column], parts: Parts) -> list[str]:
    """Write one table."""
    right = ("integer", "number", "count", "row")
    marks = ["---:" if column.kind in right else "---" for column in columns]
    lines = [_line(column.title for column in columns), "| " + " | ".join(marks) + " |\n"]
    out.write("".join(lines).encode("utf-8", "replace"))
    for rows in parts:
        text = "".join(_line(map(plain, columns, row)) for row in rows)
        out.write(text.encode("utf-8", "replace"))
    return []


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(markdown_cell(cell) for cell in cells) + " |\n"
