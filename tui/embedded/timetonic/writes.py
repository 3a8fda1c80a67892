"""Writing rows: createOrUpdateTableRow(s), updateTableValue, deleteTableRow.

Source: reference TimeTonic, 5.5. One call is one transaction: if one row is refused, none of
the call is kept. How several temporary ids are mapped is not public: `rows` keeps the order of
the request here, and `newRows` names each pair.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import NamedTuple

from tui.embedded.timetonic import access, history
from tui.embedded.timetonic.access import ADD, CHANGE, Place
from tui.embedded.timetonic.call import Call, Change, Operation, next_stamp
from tui.embedded.timetonic.definitions import Field, field_named, fields_of
from tui.embedded.timetonic.envelope import JsonObject, Refusal, transaction
from tui.embedded.timetonic.parameters import to_integer
from tui.embedded.timetonic.row_writer import RowWriter
from tui.embedded.timetonic.rows import row_object
from tui.embedded.timetonic.values import tab_of

TEMPORARY = "tmp"
MOST_ROWS = 2_000
"""Rows of one call; the public SDK sends ten."""


class Wanted(NamedTuple):
    """One row that is to be written."""

    row_id: str
    values: Mapping[str, object]
    new: bool

    @classmethod
    def of(cls, row_id: str, values: Mapping[str, object]) -> Wanted:
        """A row by its id, which begins with tmp where it is new."""
        return cls(row_id, values, row_id.startswith(TEMPORARY))


def _one_row(call: Call) -> JsonObject:
    row_id = call.parameters.required("rowId")
    return write_rows(call, [Wanted.of(row_id, call.parameters.mapping("fieldValues"))])


def _several_rows(call: Call) -> JsonObject:
    asked = call.parameters.mapping("rows")
    if not asked:
        raise Refusal("missing_parameter", "parameter rows is missing: there is no row to write")
    if len(asked) > MOST_ROWS:
        raise Refusal("too_large", f"one call may write {MOST_ROWS:,} rows at most")
    given = [item if type(item) is dict else _values(item) for item in asked.values()]
    return write_rows(call, [*map(Wanted.of, asked, given)])


def _values(item: object) -> JsonObject:
    if item is None or item == [] or item == "":
        return {}
    if not isinstance(item, dict):
        raise Refusal("invalid_parameter", "each of rows must be an object of field values")
    return item


def _one_value(call: Call) -> JsonObject:
    row_id = call.parameters.required("rowId")
    field_id = call.parameters.required("fieldId")
    if "value" not in call.parameters.values:
        raise Refusal("missing_parameter", "parameter value is missing")
    sent = call.parameters.values["value"]
    if isinstance(sent, str) and sent.lstrip().startswith(("[{", '["')):
        # Only a link field takes more than one text, and as JSON.
        place = access.table_of_row(call, to_integer(row_id, "rowId"))
        field = field_named(fields_of(call, place.table_id), to_integer(field_id, "fieldId"))
        if field.type == "link":
            sent = call.parameters.structure("value")
    return write_rows(call, [Wanted.of(row_id, {field_id: sent})])


def write_rows(call: Call, wanted: list[Wanted], *, place: Place | None = None) -> JsonObject:
    """Create and change rows of one table. Raises Refusal, and keeps nothing then."""
    _meet_deadlock(call)
    there = _there(call, wanted)
    place = place or _place(call, wanted, there)
    fields = {field.key: field for field in fields_of(call, place.table_id)}
    if any(item.new for item in wanted) and place.table["forbid_add"]:
        raise Refusal("forbidden", f"rows cannot be added to the table {place.table['name']}")
    if place.table["pivot"] is not None:
        raise Refusal("read_only", f"the table {place.table['name']} is a summary")
    with call.writing(place.book_id) as change:
        writer = RowWriter(call, change, place, fields)
        if all(item.new for item in wanted):
            ids = writer.create_all([item.values for item in wanted])
        else:
            ids = [_written(writer, item, there) for item in wanted]
        writer.finish()
        touch_table(change, place.table_id)
    return {
        "rows": _answer_rows(call, fields, ids),
        "newRows": [
            {"id": row_id, "tmpId": item.row_id}
            for row_id, item in zip(ids, wanted, strict=True)
            if item.new
        ],
        "readOnlyRowsStatus": [],
        "formLastModified": change.seconds,
        "transactionId": transaction(),
    }


def _written(writer: RowWriter, item: Wanted, there: Mapping[int, sqlite3.Row]) -> int:
    if item.new:
        return writer.create(item.values)
    row = there[int(item.row_id)]
    writer.update(row, item.values)
    return int(row["id"])


def _meet_deadlock(call: Call) -> None:
    if call.state.deadlocks > 0:
        call.state.deadlocks -= 1
        # Clients look for this word in `error`, the older key (reference 4), and send again.
        raise Refusal("deadlock", "Deadlock found when trying to get lock", older=True)


def _there(call: Call, wanted: list[Wanted]) -> dict[int, sqlite3.Row]:
    """The rows that are to be changed. Raises Refusal where one is not there."""
    ids = [to_integer(item.row_id, "rowId") for item in wanted if not item.new]
    found = access.rows(call, ids)
    for row_id in ids:
        if row_id not in found:
            raise access.no_row(row_id)
    return found


def _place(call: Call, wanted: list[Wanted], there: Mapping[int, sqlite3.Row]) -> Place:
    """The table that is written: of the existing rows, of the fields, or as catId, view or tab
    say. Raises Refusal when they are of different tables."""
    level = ADD if all(item.new for item in wanted) else CHANGE
    tables = {int(row["table_id"]) for row in there.values()}
    if call.parameters.has("catId"):
        tables.add(call.parameters.integer("catId"))
    if not tables:
        tables = _tables_of_fields(call, wanted) or _table_of_view(call)
    if not tables:
        raise Refusal("missing_parameter", "parameter catId is missing: which table is it for?")
    if len(tables) > 1:
        raise Refusal("invalid_parameter", "the rows of one call must be of one table")
    return access.table(call, tables.pop(), level=level)


def _tables_of_fields(call: Call, wanted: list[Wanted]) -> set[int]:
    found: set[int] = set()
    for item in wanted:
        for key in item.values:
            found.add(access.table_of_field(call, to_integer(key, "field id")).table_id)
    return found


def _table_of_view(call: Call) -> set[int]:
    tab = tab_of(call)
    if tab is not None:
        return {int(tab["table_id"])}
    view_id = call.parameters.integer("viewId", "view_id")
    row = call.one("SELECT table_id FROM timetonic_view WHERE id = ?", view_id)
    return set() if row is None else {int(row["table_id"])}


def _answer_rows(call: Call, fields: dict[str, Field], ids: list[int]) -> list[JsonObject]:
    if not call.parameters.flag("returnUpdatedRows"):
        return [{"id": row_id} for row_id in ids]
    columns = list(fields.values())
    return [row_object(call, columns, access.row(call, row_id)) for row_id in ids]


def _delete_one(call: Call) -> JsonObject:
    delete_rows(call, [call.parameters.required_integer("rowId")])
    return {"sstamp": next_stamp(call.context)}


def _delete_several(call: Call) -> JsonObject:
    ids = call.parameters.integers("rows")
    if not ids:
        raise Refusal("missing_parameter", "parameter rows is missing: there is no row to delete")
    delete_rows(call, ids)
    return {"sstamp": next_stamp(call.context)}


def delete_rows(call: Call, ids: list[int]) -> None:
    """Delete rows of one table, all or none. Raises Refusal."""
    _meet_deadlock(call)
    found = access.rows(call, ids)
    for row_id in ids:
        if row_id not in found:
            raise access.no_row(row_id)
    rows = [found[row_id] for row_id in dict.fromkeys(ids)]
    if len({row["table_id"] for row in rows}) > 1:
        raise Refusal("invalid_parameter", "the rows of one call must be of one table")
    place = access.table(call, rows[0]["table_id"], level=CHANGE)
    if place.table["forbid_delete"]:
        raise Refusal("forbidden", f"rows of {place.table['name']} cannot be deleted")
    with call.writing(place.book_id) as change:
        # Kept and marked: readers by stamp are told, and a roll back brings it again.
        change.connection.executemany(
            "UPDATE timetonic_row SET deleted = 1, modified = ?, sstamp = ? WHERE id = ?",
            [(change.seconds, change.sstamp, row["id"]) for row in rows],
        )
        history.record_rows(call, change, [row["id"] for row in rows], history.DELETE_ROW)
        touch_table(change, place.table_id)


def touch_table(change: Change, table_id: int) -> None:
    """The table itself counts as changed, which is how a client knows to read it again."""
    change.run("UPDATE timetonic_table SET modified = ? WHERE id = ?", change.seconds, table_id)


OPERATIONS = {
    "createOrUpdateTableRow": Operation(_one_row, writes=True, room="tables"),
    "createOrUpdateTableRows": Operation(_several_rows, writes=True, room="tables"),
    "updateTableValue": Operation(_one_value, writes=True, room="tables"),
    "deleteTableRow": Operation(_delete_one, writes=True, room="tables"),
}

UNDOCUMENTED = {"deleteTableRows": Operation(_delete_several, writes=True, room="tables")}
"""Sent by one public client, named by no document."""
