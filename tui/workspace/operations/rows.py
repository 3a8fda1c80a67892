"""The rows in an answer: for tables that a person reads, and as lines of JSON for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any, TypeGuard

import msgspec

from tui.workspace.operations.operations import ENCODER, LEAVES, lean, to_json

if TYPE_CHECKING:
    from tui.services.timetonic import Field, RowList, TableValues


def lines_of(result: Any) -> Iterator[bytes]:
    """The rows in a result, each as a line of JSON: what is within one is JSON, and no text."""
    for group, item in _items(result):
        row = lean(item)
        yield to_json({**group, **(row if isinstance(row, dict) else {"value": row})})


def rows_of(result: Any, where: tzinfo) -> Iterator[dict[str, Any]]:
    """The rows in a result: a list itself, or the longest list in a record or map.

    Groups give the rows of their members, each with the value of its group. Those of a smart table
    have its columns, with the cells as a person reads them. Values that are no plain value are JSON
    text; times are in `where` with its offset.
    """
    if _is_smart(result):
        yield from _smart_rows(result, where)
        return
    for group, item in _items(result):
        yield {name: _cell(value) for name, value in group.items()} | _row(item, where)


def _items(result: Any) -> Iterator[tuple[dict[str, Any], Any]]:
    """The elements that are rows, each after the value of the group that it stands in."""
    for item in _list_in(result):
        members = getattr(item, "items", None)
        if isinstance(item, msgspec.Struct) and isinstance(members, list):
            group = {"group": getattr(item, "value", None)}
            yield from ((group, member) for member in members)
        else:
            yield {}, item


def _is_smart(result: Any) -> TypeGuard[TableValues | RowList]:
    # By its module: what is no smart table must not cost the import of those.
    if not type(result).__module__.startswith("tui.services.timetonic."):
        return False
    from tui.services.timetonic import RowList, TableValues

    return isinstance(result, (RowList, TableValues))


def _smart_rows(result: TableValues | RowList, where: tzinfo) -> Iterator[dict[str, Any]]:
    from tui.services.timetonic import display
    from tui.workspace.books.cells import cell_text

    fields = result.table.fields if result.table is not None else []
    ids, names = {field.id for field in fields}, {field.name for field in fields}
    columns = _headed(result.table.columns if result.table is not None else [])
    for row in result.rows:
        found: dict[str, Any] = {"id": row.id}
        for heading, field in columns:
            cell = row.cells.get(field.id, row.named.get(field.name))
            found[heading] = cell_text(field, cell, where)
        # Of these the answer does not say what they are.
        for number, cell in row.cells.items():
            if number not in ids:
                found[f"field {number}"] = display(cell)
        for name, cell in row.named.items():
            if name not in names:
                found[name] = display(cell)
        yield found


def _headed(columns: Sequence[Field]) -> list[tuple[str, Field]]:
    """Columns with what stands above them: with its id where others are called the same."""
    names = Counter([field.name for field in columns] + ["id", ""])
    return [
        (field.name if names[field.name] == 1 else f"{field.name or 'field'} {field.id}", field)
        for field in columns
    ]


def _in_zone(value: Any, where: tzinfo) -> Any:
    """Plain values whose times are told in a zone."""
    if isinstance(value, datetime):
        return value.isoformat() if value.tzinfo is None else value.astimezone(where).isoformat()
    if isinstance(value, list):
        return value if LEAVES.issuperset(map(type, value)) else [
            _in_zone(one, where) for one in value
        ]  # fmt: skip
    if isinstance(value, dict):
        return {name: _in_zone(one, where) for name, one in value.items()}
    return value


def _row(item: Any, where: tzinfo) -> dict[str, Any]:
    plain = _in_zone(msgspec.to_builtins(lean(item), builtin_types=(datetime,)), where)
    if isinstance(plain, dict):
        return {str(key): _cell(value) for key, value in plain.items()}
    return {"value": _cell(plain)}


_LISTS = ("items", "groups", "rows")
"""Fields that are what their record is about, even where they are empty."""


def _list_in(result: Any) -> list[Any]:
    if isinstance(result, (list, tuple)):
        return list(result)
    if isinstance(result, msgspec.Struct):
        fields = {name: getattr(result, name) for name in result.__struct_fields__}
    elif isinstance(result, Mapping):
        fields = {str(name): value for name, value in result.items()}
        values = list(fields.values())
        if values and all(isinstance(value, (msgspec.Struct, Mapping)) for value in values):
            return values
    else:
        return [result]
    for name in _LISTS:
        if isinstance(fields.get(name), (list, tuple)) and not isinstance(result, Mapping):
            return list(fields[name])
    found = [list(value) for value in fields.values() if isinstance(value, (list, tuple)) and value]
    return max(found, key=len) if found else [result]


def _cell(value: Any) -> Any:
    if isinstance(value, (str, int, float, bool, type(None))):
        return value
    return ENCODER.encode(value).decode()
