"""Discussions in a cell: getTableValueComments, editTableValueComments, deleteTableValueComments.

Source: reference TimeTonic, 5.4 and 5.5. An edit without commentId writes a new comment: there
is no other documented request that could.
"""

from __future__ import annotations

import sqlite3

from tui.embedded.timetonic import access
from tui.embedded.timetonic.access import ADD, Place
from tui.embedded.timetonic.call import Call, Change, Operation, next_stamp
from tui.embedded.timetonic.cells import comment_object
from tui.embedded.timetonic.envelope import JsonObject, Refusal
from tui.embedded.timetonic.writes import touch_table

COMMENT_LIMIT = 20_000


def _cell(call: Call, *, level: int = access.READ) -> tuple[Place, int, int]:
    row_id = call.parameters.required_integer("rowId")
    field_id = call.parameters.required_integer("fieldId")
    place = access.cell(call, row_id, field_id, level=level)
    kind = call.one("SELECT type, name FROM timetonic_field WHERE id = ?", field_id)
    if kind is None or kind["type"] != "comments":
        raise Refusal("invalid_parameter", f"the field {field_id} holds no comments")
    return place, row_id, field_id


def _get(call: Call) -> JsonObject:
    _place, row_id, field_id = _cell(call)
    rows = call.read(
        "SELECT * FROM timetonic_comment WHERE row_id = ? AND field_id = ? AND NOT deleted"
        " ORDER BY id",
        row_id,
        field_id,
    )
    shown = [comment_object(row) for row in rows]
    data: JsonObject = {"comments": shown, "total": len(shown)}
    # data is named an object; an empty PHP map arrives as an empty array (reference 9, point 3).
    return {
        "data": data if shown or not call.context.quirks else [],
        "fieldId": field_id,
        "rowId": row_id,
        "sstamp": next_stamp(call.context),
    }


def _edit(call: Call) -> JsonObject:
    place, row_id, field_id = _cell(call, level=ADD)
    text = call.parameters.text("comment")
    if not text.strip():
        raise Refusal("missing_parameter", "parameter comment is missing")
    if len(text) > COMMENT_LIMIT:
        raise Refusal("too_large", f"a comment may hold {COMMENT_LIMIT} characters")
    comment_id = call.parameters.integer("commentId")
    if comment_id:
        _own(call, row_id, field_id, comment_id)
    with call.writing(place.book_id) as change:
        if comment_id:
            change.run(
                "UPDATE timetonic_comment SET text = ?, modified = ?, sstamp = ? WHERE id = ?",
                text,
                change.seconds,
                change.sstamp,
                comment_id,
            )
        else:
            comment_id = change.run(
                "INSERT INTO timetonic_comment"
                " (row_id, field_id, user, text, created, modified, sstamp)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                row_id,
                field_id,
                call.user,
                text,
                change.seconds,
                change.seconds,
                change.sstamp,
            )
        _touch_row(change, place, row_id)
    return {
        "commentId": comment_id,
        "fieldId": field_id,
        "rowId": row_id,
        "sstamp": change.sstamp,
    }


def _delete(call: Call) -> JsonObject:
    place, row_id, field_id = _cell(call, level=ADD)
    comment_id = call.parameters.required_integer("commentId")
    _own(call, row_id, field_id, comment_id)
    with call.writing(place.book_id) as change:
        change.run(
            "UPDATE timetonic_comment SET deleted = 1, modified = ?, sstamp = ? WHERE id = ?",
            change.seconds,
            change.sstamp,
            comment_id,
        )
        _touch_row(change, place, row_id)
    return {"commentId": comment_id, "sstamp": change.sstamp}


def _own(call: Call, row_id: int, field_id: int, comment_id: int) -> sqlite3.Row:
    row = call.one(
        "SELECT * FROM timetonic_comment WHERE id = ? AND row_id = ? AND field_id = ?"
        " AND NOT deleted",
        comment_id,
        row_id,
        field_id,
    )
    if row is None:
        raise Refusal("not_found", f"the cell has no comment {comment_id}")
    if row["user"] != call.user:
        raise Refusal("forbidden", f"the comment {comment_id} was written by somebody else")
    return row


def _touch_row(change: Change, place: Place, row_id: int) -> None:
    change.run(
        "UPDATE timetonic_row SET modified = ?, sstamp = ? WHERE id = ?",
        change.seconds,
        change.sstamp,
        row_id,
    )
    touch_table(change, place.table_id)


OPERATIONS = {
    "getTableValueComments": Operation(_get, room="tables"),
    "editTableValueComments": Operation(_edit, writes=True, room="tables"),
    "deleteTableValueComments": Operation(_delete, writes=True, room="tables"),
}
