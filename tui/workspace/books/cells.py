"""Cells of smart tables: what kind a field is, how a cell reads, sorts, and is written back."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from contextlib import suppress
from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import Any, Literal

from tui.services.digits import is_whole, whole
from tui.services.errors import ProtocolViolation
from tui.services.timetonic import (
    Attachment,
    Cell,
    Field,
    LinkedRow,
    TableRow,
    display,
    value_of,
)
from tui.services.timetonic.records import moment_of
from tui.services.timetonic.wire_values import wire_value
from tui.spoken_keys import key_for

__all__ = [
    "COUNTED", "Attachment", "Cell", "Field", "Kind", "LinkedRow", "TableRow", "cell_of",
    "cell_text", "changed_at", "count_of", "decimal_comma", "files_of", "is_required",
    "is_secret", "kind_of", "row_text", "row_title", "sent_value", "takes_one", "takes_several",
    "typed", "values_of", "why_not_writable",
]  # fmt: skip

Kind = Literal[
    "text", "lines", "integer", "number", "boolean", "date", "moment", "select", "link",
    "files", "comments", "activity", "other",
]  # fmt: skip
"""How a field is shown and edited; `other` is a type that no document names: shown, not written."""

_KINDS: dict[str, Kind] = {
    "shorttext": "text",
    "mediumtext": "lines",
    "longtext": "lines",
    "email": "text",
    "phone": "text",
    "url": "text",
    "int": "integer",
    "double": "number",
    "boolean": "boolean",
    "link": "link",
    "file": "files",
    "files": "files",
    "comments": "comments",
    "activity": "activity",
}
COUNTED: tuple[Kind, ...] = ("files", "comments", "activity")
"""Kinds of which a cell shows how many it holds."""


def kind_of(field: Field) -> Kind:
    """The kind of a field; a text with choices is a select."""
    if field.type == "date":
        return "moment" if field.with_time else "date"
    kind = _KINDS.get(field.type, "other")
    return "select" if kind in ("text", "lines") and field.choices else kind


def why_not_writable(field: Field) -> str:
    """Why a person cannot type into a field's cells; empty where one can."""
    kind = kind_of(field)
    if field.read_only:
        return f"{field.name} is read-only: the service fills it."
    if kind == "files":
        return (
            f"{field.name} holds files: in the deck {key_for('books.open')} on the cell shows them,"
            f" {key_for('books.edit')} uploads one."
        )
    if kind in ("comments", "activity"):
        return (
            f"{field.name} is not a value: {key_for('books.open')} in the deck shows what is in it."
        )
    if kind == "other":
        return (
            f"{field.name} is of the type {field.type or 'unknown'}, which can only be read here."
        )
    return ""


def is_required(field: Field) -> bool:
    """Whether a row has to have something there that a person writes; an empty yes-or-no is no."""
    return field.required and kind_of(field) != "boolean" and not why_not_writable(field)


def is_secret(field: Field) -> bool:
    """Whether what a field holds is encrypted, and so is kept nowhere.

    The type's name is in no public document. Assumption: it, or what else the service tells of
    the field, says so.
    """
    told = (field.type, field.system or "", *(name for name, value in field.extra.items() if value))
    return any(word in name.lower() for name in told for word in ("crypt", "password"))


_POINTED = frozenset(("en", "ja", "zh", "ko", "th", "he", "hi", "bn", "ta", "ms", "sw", "ga"))
"""Languages that write a decimal point. Assumption: every other one that a column is set to
writes a comma; a number is asked for again then rather than misread."""


def decimal_comma(field: Field) -> bool:
    """Whether the service shows the numbers of a column with a decimal comma."""
    language = (field.number_language or "en").replace("_", "-").partition("-")[0]
    return language.lower() not in _POINTED


def takes_several(field: Field) -> bool:
    """Whether a link field may point to more than one row."""
    return field.link is not None and str(field.link.extra.get("multiple", "")).lower() in (
        "true",
        "1",
    )


def takes_one(field: Field) -> bool:
    """Whether the service tells that a link field points to one row at most."""
    told = None if field.link is None else field.link.extra.get("multiple")
    return told is not None and not takes_several(field)


def count_of(cell: Cell | None) -> int:
    """How many files, comments or changes a cell holds."""
    value = None if cell is None else cell.value
    if isinstance(value, dict):
        total = value.get("total", len(value.get("comments") or ()))
        return whole(str(total)) or 0
    if isinstance(value, list):
        return len(value)
    return int(value) if isinstance(value, int) else int(bool(value))


def files_of(field: Field, cell: Cell | None) -> list[Attachment]:
    """The files of a cell."""
    found = typed(field, cell)
    return [one for one in found if isinstance(one, Attachment)] if isinstance(found, list) else []


def typed(field: Field, cell: Cell | None) -> Any:
    """A cell's value by its field's type, None for an empty one; what cannot be read as text."""
    try:
        return value_of(field, cell)
    except ProtocolViolation:
        return display(cell)


def cell_text(field: Field, cell: Cell | None, zone: tzinfo) -> str:
    """A cell as a person reads it; moments in `zone`."""
    kind = kind_of(field)
    if kind in COUNTED:
        count = count_of(cell)
        return str(count) if count else ""
    value = typed(field, cell)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.astimezone(zone).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if kind == "link" and isinstance(value, list):
        return ", ".join(linked.value or f"row {linked.row_id}" for linked in value)
    if cell is not None and cell.text is not None:
        # The service writes numbers in the field's own format.
        return cell.text
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def row_text(fields: Iterable[Field], row: TableRow, zone: tzinfo) -> list[str]:
    """Every cell of a row as it reads."""
    return [cell_text(field, row.cells.get(field.id), zone) for field in fields]


def row_title(fields: list[Field], row: TableRow, zone: tzinfo) -> str:
    """What a row is called: its first column, or its id where that is empty."""
    title = cell_text(fields[0], row.cells.get(fields[0].id), zone) if fields else ""
    return " ".join(title.split()) or f"row {row.id}"


def changed_at(fields: Iterable[Field], row: TableRow) -> datetime | None:
    """When a row was changed last, where the table keeps that: in a field of its changes."""
    moments: list[datetime] = []
    for field in fields:
        cell = row.cells.get(field.id)
        last = cell.value.get("last") if cell is not None and isinstance(cell.value, dict) else None
        stamp = last.get("c") if isinstance(last, dict) else None
        if kind_of(field) == "activity" and is_whole(stamp):
            with suppress(ValueError, OverflowError, OSError):
                moments.append(moment_of(stamp))
    return max(moments, default=None)


def sent_value(field: Field, value: Any) -> Any:
    """A value as the service takes it for a field; nothing empties a cell."""
    if value is None:
        return [] if kind_of(field) == "link" else ""
    if isinstance(value, list):
        return [
            {"row_id": one.row_id, "value": one.value} if isinstance(one, LinkedRow) else one
            for one in value
        ]
    return value


def values_of(fields: Iterable[Field], row: TableRow, also: Collection[str] = ()) -> dict[str, Any]:
    """What a row holds by field id, as the service takes it: of the fields that take a value, and
    of those that `also` names by their ids. Never what is encrypted."""
    return {
        str(field.id): sent_value(field, typed(field, row.cells.get(field.id)))
        for field in fields
        if not is_secret(field) and (not why_not_writable(field) or str(field.id) in also)
    }


def cell_of(value: Any) -> Cell:
    """A value as it would be sent, as the cell that would come of it. Raises InvalidArgument."""
    return Cell(value=wire_value(value))
