"""Requests by token: a row or a view that was shared by link, without any session.

Source: reference TimeTonic, 5.4: four requests, no public caller, no known answer. Assumed: the
parameter `token`, and answers in the shapes of getTableValues and createOrUpdateTableRow.
"""

from __future__ import annotations

import sqlite3
from dataclasses import replace

from tui.embedded.timetonic import access
from tui.embedded.timetonic.access import Place
from tui.embedded.timetonic.call import Call, Operation, Restrictions, Session, next_stamp
from tui.embedded.timetonic.definitions import (
    COMPUTED,
    field_object,
    fields_of,
    finish_field,
    table_object,
)
from tui.embedded.timetonic.envelope import JsonObject, Refusal
from tui.embedded.timetonic.rows import row_object
from tui.embedded.timetonic.writes import Wanted, write_rows


def _shared_row(call: Call) -> sqlite3.Row:
    row = call.one(
        "SELECT * FROM timetonic_row WHERE token = ? AND NOT deleted",
        call.parameters.required("token"),
    )
    if row is None:
        raise Refusal("not_found", "the token is not one of a shared row")
    return row


def _shared_view(call: Call) -> sqlite3.Row:
    view = call.one(
        "SELECT * FROM timetonic_view WHERE token = ?", call.parameters.required("token")
    )
    if view is None:
        raise Refusal("not_found", "the token is not one of a shared view")
    return view


def _place(call: Call, table_id: int) -> Place:
    """The table behind a token: the token itself is the right to it."""
    table = call.one("SELECT * FROM timetonic_table WHERE id = ?", table_id)
    assert table is not None  # referenced by the row or view
    book = call.one("SELECT * FROM timetonic_book WHERE id = ?", table["book_id"])
    assert book is not None
    if book["deleted"]:
        raise Refusal("not_found", "what the token was for is no longer there")
    return Place(book, table)


def _as_owner(call: Call, place: Place) -> Call:
    """What a token writes counts as written by the book's owner. Raises Refusal when locked."""
    access.require_unlocked(place.table)
    owner = str(place.book["b_o"])
    return replace(call, session=Session(0, "", owner, Restrictions()))


def _row_by_token(call: Call) -> JsonObject:
    row = _shared_row(call)
    place = _place(call, row["table_id"])
    shown = row_object(call, fields_of(call, place.table_id), row)
    return {"catId": place.table_id, "tableRow": shown, "sstamp": next_stamp(call.context)}


def _update_by_token(call: Call) -> JsonObject:
    row = _shared_row(call)
    place = _place(call, row["table_id"])
    values = call.parameters.mapping("fieldValues")
    return write_rows(_as_owner(call, place), [Wanted.of(str(row["id"]), values)], place=place)


def _template_by_view_token(call: Call) -> JsonObject:
    """An empty row to fill in: the table with the fields that can be written."""
    view = _shared_view(call)
    place = _place(call, view["table_id"])
    fields = fields_of(call, place.table_id)
    template = table_object(place.table, [], 0)
    template["fields"] = [
        finish_field(field_object(call, field), field, [])
        for field in fields
        if field.type not in COMPUTED and not field.read_only
    ]
    return {
        "catId": place.table_id,
        "viewId": view["id"],
        "rowId": "tmpNEW_ROW",
        "tableValues": template,
        "sstamp": next_stamp(call.context),
    }


def _add_by_view_token(call: Call) -> JsonObject:
    view = _shared_view(call)
    place = _place(call, view["table_id"])
    row_id = call.parameters.text("rowId", default="tmpNEW_ROW")
    if not row_id.startswith("tmp"):
        raise Refusal("forbidden", "the token of a view only adds rows: rowId must begin with tmp")
    values = call.parameters.mapping("fieldValues")
    return write_rows(_as_owner(call, place), [Wanted.of(row_id, values)], place=place)


OPERATIONS = {
    "getTableRowByToken": Operation(_row_by_token, session=False),
    "updateTableRowByToken": Operation(_update_by_token, session=False, writes=True),
    "getNewTableRowByViewToken": Operation(_template_by_view_token, session=False),
    "addNewTableRowByViewToken": Operation(_add_by_view_token, session=False, writes=True),
}
