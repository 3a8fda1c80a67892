"""Rows of TimeTonic's tables as changes see them: read again before something is written.

A value is compared in one form only: that in which it would be sent after being read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from tui.services.digits import whole
from tui.services.errors import InvalidArgument, NotFound, PermissionDenied
from tui.services.timetonic import Field, TableRow, TableValues, TimeTonic, display
from tui.workspace.books.cells import cell_of, kind_of, sent_value, typed, values_of
from tui.workspace.changes.arguments import as_data, from_data
from tui.workspace.changes.kinds import Data, Noted

_tables: WeakKeyDictionary[TimeTonic, dict[int, tuple[int, str]]] = WeakKeyDictionary()


class Found(NamedTuple):
    """The rows that were asked for, as far as they are there."""

    fields: list[Field]
    rows: Mapping[int, TableRow]

    def values(self, row_id: int, also: Collection[str] = ()) -> dict[str, Any]:
        """What a row holds by field id, in the form in which it is sent: of the fields that take
        a value, and of those that are named besides. Never what is encrypted."""
        values: dict[str, Any] = as_data(values_of(self.fields, self.rows[row_id], also))
        return values

    def as_read(self, values: Data) -> dict[str, Any]:
        """Values that are to be sent, in the form in which they will be read."""
        fields = {str(field.id): field for field in self.fields}
        return {
            name: _as_read(fields[name], value) if name in fields else value
            for name, value in values.items()
        }


def _as_read(field: Field, value: Any) -> Any:
    plain = from_data(value)
    try:
        cell = cell_of(plain)
    except InvalidArgument:
        return value
    if kind_of(field) == "link" and isinstance(cell.value, str):
        return display(cell)
    return as_data(sent_value(field, typed(field, cell)))


async def read_rows(
    client: TimeTonic, known: Data, row_ids: Sequence[int], field_ids: Iterable[str] = ()
) -> Found | None:
    """Rows as the service has them now, in one call; None where nothing tells their table.

    The table is that of the arguments, or else the one that has the fields. Raises what reading
    raises; PermissionDenied where a mirror does not show a row any more and nothing else does.
    """
    if not row_ids:
        return Found([], {})
    values = await _values(client, known, row_ids, field_ids)
    if values is None:
        return None
    rows = {row.id: row for row in values.rows}
    tab = known.get("tab_id")
    if tab is not None and not rows.keys() >= set(row_ids):
        # The tab shows only what its view lets through; the table itself may tell more.
        try:
            whole = await _values(client, {**known, "tab_id": None}, row_ids, field_ids)
        except (NotFound, PermissionDenied) as error:
            raise PermissionDenied(
                "the mirror does not show the row any more, so what it holds cannot be seen",
                service="timetonic",
                advice="Nothing was sent. Look at it in the book that the table belongs to.",
            ) from error
        rows |= {row.id: row for row in whole.rows} if whole is not None else {}
    return Found(values.fields, rows)


async def _values(
    client: TimeTonic, known: Data, row_ids: Sequence[int], field_ids: Iterable[str]
) -> TableValues | None:
    owner, table = known.get("b_o"), known.get("cat_id")
    if table is None and known.get("cat_code") and known.get("b_c"):
        return await client.get_named_table_values(
            known["b_c"], known["cat_code"], b_o=owner, filter_row_ids=list(row_ids),
            tab_id=known.get("tab_id"), max_rows=len(row_ids),
        )  # fmt: skip
    if table is None:
        named = (whole(str(one)) for one in field_ids)
        first = next((field for field in named if field is not None), None)
        place = None if first is None else await table_of(client, first)
        if place is None:
            return None
        table, owner = place[0], owner or place[1]
    return await client.get_table_values(
        table, b_o=owner, filter_row_ids=list(row_ids), tab_id=known.get("tab_id"),
        max_rows=len(row_ids),
    )  # fmt: skip


async def table_of(client: TimeTonic, field_id: int) -> tuple[int, str] | None:
    """The table that has a field, and the owner of its book: ids of fields are unique.

    No request tells it: the tables of the user's books are looked through once.
    """
    known = _tables.setdefault(client, {})
    if field_id not in known:
        for book in (await client.get_all_books()).books:
            try:
                tables = await client.get_book_tables(
                    book.b_c, b_o=book.b_o, include_fields=True, include_enums=False
                )
            except (NotFound, PermissionDenied):
                continue
            for table in tables.tables:
                known |= {field.id: (table.id, book.b_o) for field in table.fields}
            if field_id in known:
                break
    return known.get(field_id)


def number_of(row_id: object) -> int | None:
    """The id of a row that is there; None for a new one."""
    return whole(str(row_id))


async def read_row(client: TimeTonic, known: Data) -> Data | None:
    """The fields of the row that createOrUpdateTableRow changes."""
    row_id = number_of(known.get("row_id"))
    if row_id is None:
        return Noted()
    named = known.get("field_values") or {}
    found = await read_rows(client, known, [row_id], named)
    if found is None:
        return Noted()
    return found.values(row_id, named) if row_id in found.rows else None


async def read_value(client: TimeTonic, known: Data) -> Data | None:
    """The one value that updateTableValue changes."""
    row_id, field_id = int(known["row_id"]), str(known["field_id"])
    found = await read_rows(client, known, [row_id], [field_id])
    if found is None:
        return Noted()
    if row_id not in found.rows:
        return None
    return {"value": found.values(row_id, [field_id]).get(field_id)}


async def read_several(client: TimeTonic, known: Data) -> Data | None:
    """The fields of all rows that createOrUpdateTableRows changes."""
    asked: Mapping[str, Data] = known.get("rows") or {}
    ids = {number: asked[name] or {} for name in asked if (number := number_of(name)) is not None}
    if not ids:
        return Noted()
    found = await read_rows(
        client, known, list(ids), [one for named in ids.values() for one in named]
    )
    if found is None:
        return Noted()
    if not found.rows.keys() >= ids.keys():
        return None
    return {
        f"{row_id}/{field}": value
        for row_id, named in ids.items()
        for field, value in found.values(row_id, named).items()
    }


async def read_whole(client: TimeTonic, known: Data) -> Data | None:
    """All that the rows hold that deleteTableRow deletes."""
    ids = rows_named(known)
    found = await read_rows(client, known, ids)
    if found is None:
        return Noted()
    if not found.rows.keys() >= set(ids):
        return None
    if known.get("row_id") is not None:
        return found.values(ids[0])
    return {f"{one}/{name}": value for one in ids for name, value in found.values(one).items()}


async def read_before_rolling_back(client: TimeTonic, known: Data) -> Data | None:
    """What a row holds; nothing where it is deleted, since that is what may be rolled back."""
    return await read_whole(client, known) or Noted()


def rows_named(known: Data) -> list[int]:
    """The rows that a deletion names."""
    one = known.get("row_id")
    return [int(row) for row in ([one] if one is not None else known.get("row_ids") or [])]


def encrypted(known: Data) -> list[str]:
    """The arguments that hold what encrypted fields are to hold: those that a password unlocks."""
    paths: list[str] = []
    for field in known.get("encrypted_field_passwords") or {}:
        if field in (known.get("field_values") or {}):
            paths.append(f"field_values.{field}")
        for row_id, values in (known.get("rows") or {}).items():
            if field in (values or {}):
                paths.append(f"rows.{row_id}.{field}")
        if str(known.get("field_id")) == str(field):
            paths.append("value")
    return paths
