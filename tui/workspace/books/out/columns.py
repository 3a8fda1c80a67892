"""The columns of a table as they leave: titles that are unique, values that have a type.

A link leaves by name and by id: in flat forms its rows' ids stand in a column of their own behind
the names. The id of each row stands first, by which the file is brought in again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from tui.services.timetonic import Attachment, LinkedRow
from tui.services.timetonic.cell_values import display
from tui.services.timetonic.wire_values import PARIS
from tui.workspace.books.cell_reading import Moments, reader
from tui.workspace.books.cells import COUNTED, Cell, Field, count_of, is_secret, kind_of, typed
from tui.workspace.books.mirrored import Payload
from tui.workspace.books.titles import ROW_ID, ids_title, titles_of

__all__ = [
    "ROW_ID", "Column", "Kind", "Value", "columns_of", "ids_title", "leaves_as_text", "rows_of",
    "titles_of",
]  # fmt: skip

MOST_KNOWN = 20_000
"""Values of one column whose reading is remembered."""

Kind = Literal[
    "row", "text", "integer", "number", "boolean", "date", "moment", "links", "ids", "files",
    "count",
]  # fmt: skip
Value = None | str | int | float | Decimal | bool | date | datetime | list[Any]
"""What leaves: moments in the person's zone; a link as a list of LinkedRow, files of names.
What is not of its column's kind is text."""
Read = Callable[[Any, str | None], Value]


class Column(NamedTuple):
    """One column that leaves."""

    title: str
    kind: Kind
    field_id: int
    read: Read
    """What a cell of that value and text leaves as."""
    moments: Moments | None = None
    """What writes moments in short, where the column has such."""


def columns_of(
    fields: Sequence[Field],
    zone: tzinfo,
    *,
    nested: bool = False,
    ids: bool = True,
    only: Iterable[int] | None = None,
) -> list[Column]:
    """The columns of a table, or `only` those of some fields in that order.

    `nested`: a cell may hold a list, so that a link needs no column for its ids. Without `ids`
    neither rows nor links have theirs. What is encrypted does not leave.
    """
    by_id = {
        field.id: (field, title) for field, title in zip(fields, titles_of(fields), strict=True)
    }
    columns = [Column(ROW_ID, "row", 0, _nothing)] if ids else []
    for field_id in by_id if only is None else only:
        field, title = by_id[field_id]
        if is_secret(field):
            continue
        kind = kind_of(field)
        read = _reader(field, zone)
        if kind == "link":
            columns.append(Column(title, "links", field.id, read))
            if ids and not nested:
                columns.append(Column(ids_title(title), "ids", field.id, read))
            continue
        named: Kind = (
            "files" if kind == "files" else "count" if kind in COUNTED
            else kind if kind in ("integer", "number", "boolean", "date", "moment") else "text"
        )  # fmt: skip
        moments = Moments.of(field, zone) if named == "moment" else None
        columns.append(Column(title, named, field.id, read, moments))
    return columns


def rows_of(
    ids: Sequence[int], cells: Sequence[Payload], columns: Sequence[Column]
) -> list[tuple[Value, ...]]:
    """The values of rows by their ids and what they hold. Each column is read by itself."""
    found: list[Sequence[Value]] = []
    before: Column | None = None
    for column in columns:
        _, kind, field_id, read, _ = column
        if not field_id:
            found.append(ids)
        elif kind == "ids" and before is not None and before.field_id == field_id:
            # The same rows that the column of their names has.
            found.append(found[-1])
        else:
            usual = _AS_IT_IS.get(kind, _NONE)
            there: list[Any] = [one.get(field_id) for one in cells]
            values: list[Any] = [
                None if one is None
                else one.value if one.value.__class__ in usual
                else read(one.value, one.text)
                for one in there
            ]  # fmt: skip
            found.append(values)
        before = column
    return list(zip(*found, strict=True))


_AS_IT_IS: Mapping[str, frozenset[type]] = {
    "integer": frozenset((int,)),
    "boolean": frozenset((bool,)),
    "number": frozenset((int, float)),
}
"""Values that leave as they are, by the kind of their column: most of its cells hold such a one."""
_NONE: frozenset[type] = frozenset()


def _nothing(_value: Any, _text: str | None) -> Value:
    return None


def _reader(field: Field, zone: tzinfo) -> Read:
    kind = kind_of(field)
    if kind in ("text", "lines", "select"):
        return _text
    known: dict[tuple[Any, str | None], Value] = {}

    def slow(value: Any, text: str | None) -> Value:
        return value_of_cell(field, Cell(value=value, text=text), zone)

    def remembered(value: Any, text: str | None) -> Value:
        if value is None and text is None:
            return None
        if value.__class__ is not str:
            return slow(value, text)
        key = value, text
        if key not in known:
            if len(known) >= MOST_KNOWN:
                known.clear()
            known[key] = slow(value, text)
        return known[key]

    if kind == "link":
        return lambda value, text: _links(value) or remembered(value, text)
    if kind == "moment":
        read = reader(field, zone)

        def moment(value: Any, text: str | None) -> Value:
            found = read(value, text)[0]
            if isinstance(found, datetime):
                return found.astimezone(zone)
            return remembered(value, text)

        return moment
    return remembered


def _links(value: Any) -> Value:
    """Rows with their names, as the service writes them; None where it is anything else."""
    if value.__class__ is not list:
        return None
    try:
        found = [LinkedRow(row_id=one["row_id"], value=one["value"]) for one in value]
    except (TypeError, KeyError):
        return None
    usual = all(one.row_id.__class__ is int and one.value.__class__ is str for one in found)
    return found if usual and found else None


def leaves_as_text(column: Column) -> bool:
    """Whether a text of the column leaves as it stands."""
    return column.read is _text


def _text(value: Any, text: str | None) -> Value:
    if text is not None:
        return text or None
    if value.__class__ is str:
        return value or None
    return display(Cell(value=value)) or None


def _with_its_clock(text: str) -> str | None:
    """A time at an end of the calendar, which not every clock can show, by the clock by which the
    service tells it; other texts as they are."""
    try:
        found = datetime.fromisoformat(text)
        return (found if found.tzinfo else found.replace(tzinfo=PARIS)).isoformat()
    except ValueError:
        return text or None


def value_of_cell(field: Field, cell: Cell, zone: tzinfo) -> Value:
    """What a cell leaves as; text where it is not of its field's kind, None where it is empty."""
    kind = kind_of(field)
    if kind == "files":
        found = typed(field, cell)
        if not isinstance(found, list):
            return found or None
        names = [one.name or "file" for one in found if isinstance(one, Attachment)]
        return names or None
    if kind in COUNTED:
        return count_of(cell) or None
    if kind not in ("integer", "number", "boolean", "date", "moment", "link"):
        return display(cell) or None
    found = typed(field, cell)
    if isinstance(found, datetime):
        return found.astimezone(zone)
    if kind == "moment" and isinstance(found, str):
        return _with_its_clock(found)
    if isinstance(found, Decimal) and not found.is_finite():
        return str(found)
    if isinstance(found, list):
        return [one for one in found if isinstance(one, LinkedRow)] or None
    kept: Value = None if found == "" else found
    return kept
