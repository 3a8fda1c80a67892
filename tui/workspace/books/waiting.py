"""What of the books is not settled: what waits to be sent, and what nobody knows the outcome of."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tui.services.digits import whole
from tui.services.errors import InvalidArgument
from tui.services.timetonic import Book, Cell, Field
from tui.store.changes import Change
from tui.store.mirror.room import Pin
from tui.workspace.books.cells import cell_of
from tui.workspace.books.places import ROWS, Place
from tui.workspace.changes.arguments import from_data

__all__ = ["MessageChange", "RowChange", "messages_waiting", "rows_meant", "rows_waiting"]


@dataclass(frozen=True)
class RowChange:
    """A row that is to be another. `id` is that of the change."""

    id: str
    row_id: int | None
    """None for a new row."""
    cells: Mapping[int, Cell] = field(default_factory=dict)
    """What it is to hold, by field id; of a new row all, of another what changes."""
    deletes: bool = False
    unknown: bool = False
    """Whether it was sent, and nobody knows what became of it."""


@dataclass(frozen=True)
class MessageChange:
    """A message that is to be another. `id` is that of the change."""

    id: str
    smid: int | None
    """None for a new message."""
    text: str = ""
    deletes: bool = False
    unknown: bool = False
    """Whether it was sent, and nobody knows what became of it."""
    start: datetime | None = None
    """When it is to take place: that is what makes it an event."""
    end: datetime | None = None


def rows_waiting(
    changes: Iterable[Change], owner: str, place: Place, fields: Collection[Field]
) -> list[RowChange]:
    """Those of the open changes that are about rows of a table, one for each row."""
    ids = {str(one.id) for one in fields}
    found: list[RowChange] = []
    for change in _open(changes, owner):
        known = change.known
        unknown = change.state == "unknown"
        table = known.get("cat_id")
        if table is not None and table != place.table.id:
            continue
        for row_id, values in _written(change):
            if table is not None or set(values) & ids:
                cells = _cells(values)
                found.append(RowChange(change.id, row_id, cells, unknown=unknown))
        if table is not None:
            found += [
                RowChange(change.id, row_id, deletes=True, unknown=unknown)
                for row_id in _deleted(change)
            ]
    return found


def rows_meant(changes: Iterable[Change]) -> Iterator[Pin]:
    """The rows that open changes refer to, of whatever account, where they are kept."""
    for change in changes:
        if change.is_open:
            table = change.known.get("cat_id")
            names = [ROWS] if table is None else [f"{ROWS}{table}/", f"{ROWS}{table}."]
            rows = [*_deleted(change), *(row for row, _ in _written(change))]
            yield from (
                Pin(change.owner, name, row) for row in rows if row is not None for name in names
            )


def messages_waiting(changes: Iterable[Change], owner: str, book: Book) -> list[MessageChange]:
    """Those of the open changes that are about messages of a book."""
    found: list[MessageChange] = []
    for change in _open(changes, owner):
        known = change.known
        if (known.get("b_c"), known.get("b_o") or book.b_o) != (book.b_c, book.b_o):
            continue
        unknown = change.state == "unknown"
        if change.operation == "timetonic.sendMsg":
            text, smid = str(known.get("msg", "")), known.get("msg_id")
            start, end = _moment(known.get("event_start")), _moment(known.get("event_end"))
            found.append(
                MessageChange(change.id, smid, text, unknown=unknown, start=start, end=end)
            )
        elif change.operation == "timetonic.deleteMsg":
            found.append(MessageChange(change.id, known["msg_id"], deletes=True, unknown=unknown))
    return found


def _open(changes: Iterable[Change], owner: str) -> Iterable[Change]:
    # What is on its way is not there yet either.
    return (one for one in changes if one.owner == owner and one.is_open)


def _written(change: Change) -> list[tuple[int | None, Mapping[str, Any]]]:
    """The rows that a change writes, each with its values by field id."""
    known = change.known
    match change.operation:
        case "timetonic.createOrUpdateTableRow":
            return [(_number(known.get("row_id")), known.get("field_values") or {})]
        case "timetonic.createOrUpdateTableRows":
            return [(_number(row), values or {}) for row, values in known.get("rows", {}).items()]
        case "timetonic.updateTableValue":
            return [(int(known["row_id"]), {str(known["field_id"]): known.get("value", "")})]
    return []


def _deleted(change: Change) -> list[int]:
    """The rows that a change deletes."""
    known = change.known
    if change.operation != "timetonic.deleteTableRow":
        return []
    return [int(one) for one in known.get("row_ids") or [known["row_id"]]]


def _moment(data: object) -> datetime | None:
    found = from_data(data)
    return found if isinstance(found, datetime) else None


def _number(row_id: object) -> int | None:
    return whole(str(row_id))


def _cells(values: Mapping[str, Any]) -> dict[int, Cell]:
    cells: dict[int, Cell] = {}
    for name, value in values.items():
        # What the service would not take is shown where it is corrected.
        with suppress(InvalidArgument, ValueError):
            cells[int(name)] = cell_of(from_data(value))
    return cells
