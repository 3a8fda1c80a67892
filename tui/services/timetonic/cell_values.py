"""What stands in a cell: by its field's type, as text, and as the name of its row.

Source: reference page, section 5.2.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec

from tui.services.errors import ProtocolViolation
from tui.services.reading import Record, is_no_time, is_nothing, read
from tui.services.timetonic.records import Attachment, FromText, ParisDay
from tui.services.timetonic.table_records import Cell, Field
from tui.services.timetonic.wire_values import PARIS


class LinkedRow(Record, frozen=True, kw_only=True):
    """One row that a link cell points to."""

    row_id: int
    value: str = ""


def value_of(field: Field, cell: Cell | None) -> Any:
    """A cell's value in the form that its field's type promises; None for an empty one.

    int and double as int and Decimal, boolean as bool, date as date or aware datetime, link as
    a list of LinkedRow, file and files as a list of Attachment, everything else as text.
    Raises ProtocolViolation when the value is not of its field's type.
    """
    if cell is None or cell.value is None or cell.value in ("", [], {}):
        return None
    at, value = f"field {field.name!r}", cell.value
    match field.type:
        case "int":
            return read(int | None, value, at)
        case "double":
            return read(Decimal | None, value, at)
        case "boolean":
            return read(bool, value, at)
        case "date":
            hint: Any = FromText if field.with_time else ParisDay
            return None if is_no_time(value) else read(hint, value, at)
        case "link":
            return read(list[LinkedRow], _several(value), at)
        case "file" | "files":
            return read(list[Attachment], _several(value), at)
    return display(cell)


def title_of(field: Field | None, cells: Mapping[int, Cell]) -> str:
    """What a row is called: the text in its first field, for a time what it means."""
    cell = cells.get(field.id) if field is not None else None
    if field is None or field.type != "date" or cell is None or cell.text:
        return display(cell)
    try:
        moment = value_of(field, cell)
    except ProtocolViolation:
        return display(cell)
    if isinstance(moment, datetime):
        # As the service itself writes it.
        return f"{moment.astimezone(PARIS):%Y-%m-%d %H:%M:%S}"
    return "" if moment is None else str(moment)


def _several(value: Any) -> Any:
    """The things in a cell that may hold several: a list, PHP's object for one, or one alone."""
    if isinstance(value, list) or is_nothing(value):
        return value
    if isinstance(value, dict) and all(map(str.isdecimal, value)):
        return value
    return [value]


def display(cell: Cell | None) -> str:
    """A cell as text: its own text where it has one, else its value, structures as JSON."""
    if cell is None or (cell.value is None and cell.text is None):
        return ""
    if cell.text is not None:
        return cell.text
    value = cell.value
    if isinstance(value, str):
        return value
    if value in ([], {}):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list) and all(isinstance(item, dict) for item in value):
        names = [item.get("value", item.get("originName")) for item in value]
        if all(isinstance(name, str) for name in names):
            return ", ".join(names)
    if isinstance(value, Decimal):
        return str(value)
    return msgspec.json.encode(value).decode()
