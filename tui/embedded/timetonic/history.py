"""What happened to rows: the activity field, and rollBackBeforeChange.

Source: reference TimeTonic, 5.2 (activity), 5.5 (rollback answers the envelope only).
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence

from tui.embedded.timetonic import access
from tui.embedded.timetonic.call import Call, Change, Operation
from tui.embedded.timetonic.envelope import JsonObject, Refusal
from tui.embedded.timetonic.row_pages import marks, parts

CHANGE_VALUE, ADD_ROW, DELETE_ROW, ROLL_BACK = "changeValue", "addRow", "deleteRow", "rollBack"


_LINE = (
    "INSERT INTO timetonic_history (row_id, batch, user, action, field_id, old, new, old_text,"
    " new_text, created, sstamp) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
"""Lines of one call share the batch: they roll back together."""


def record_rows(call: Call, change: Change, row_ids: Iterable[int], action: str) -> None:
    """One line in the history of each row, of something that happened to it as a whole."""
    # One statement: each of them asks and tells which number was given last.
    for part in parts([*row_ids]):
        change.run(
            "INSERT INTO timetonic_history (row_id, batch, user, action, old, new, created, sstamp)"
            " SELECT id, ?, ?, ?, 'null', 'null', ?, ? FROM timetonic_row"
            f" WHERE id IN ({marks(part)})",
            *(change.sstamp, call.user, action, change.seconds, change.sstamp),
            *part,
        )


def record_new(call: Call, change: Change, row_ids: range) -> None:
    """The same of rows that are new, whose ids follow one another."""
    change.run(
        "INSERT INTO timetonic_history (row_id, batch, user, action, old, new, created, sstamp)"
        " SELECT id, ?, ?, ?, 'null', 'null', ?, ? FROM timetonic_row"
        " WHERE id BETWEEN ? AND ? ORDER BY id",
        *(change.sstamp, call.user, ADD_ROW, change.seconds, change.sstamp),
        *(row_ids[0], row_ids[-1]),
    )


def record_values(
    call: Call, change: Change, lines: Iterable[tuple[int, int, object, object, str, str]]
) -> None:
    """One line for each value that became another: its row and field, the stored value as it was
    and as it is, and the same as text."""
    user, seconds, sstamp = call.user, change.seconds, change.sstamp
    change.connection.executemany(
        _LINE,
        [
            (row_id, sstamp, user, CHANGE_VALUE, field_id, json.dumps(old), json.dumps(new),
             old_text, new_text, seconds, sstamp)
            for row_id, field_id, old, new, old_text, new_text in lines
        ],
    )  # fmt: skip


def activities(call: Call, row_ids: Sequence[int]) -> dict[int, JsonObject]:
    """The activity cell of each row that has a history: {value: {last, total}, text}."""
    shown: dict[int, JsonObject] = {}
    for start in range(0, len(row_ids), 10_000):
        part = row_ids[start : start + 10_000]
        for row in call.read(
            "SELECT h.*, max(h.id) AS newest, count(*) AS total, f.name AS field_name,"
            " f.type AS field_type, u.first_name, u.last_name, u.sstamp AS user_stamp"
            " FROM timetonic_history h LEFT JOIN timetonic_field f ON f.id = h.field_id"
            " LEFT JOIN timetonic_user u ON u.code = h.user"
            f" WHERE h.row_id IN ({','.join('?' for _ in part)}) GROUP BY h.row_id",
            *part,
        ):
            shown[row["row_id"]] = _activity(row)
    return shown


def _activity(row: sqlite3.Row) -> JsonObject:
    action: JsonObject = {"action": row["action"]}
    text = f"@{row['user']}: {_WORDS.get(row['action'], row['action'])}"
    if row["field_id"] is not None:
        action |= {
            "fieldId": row["field_id"],
            "fieldName": row["field_name"],
            "newValue": row["new_text"],
            "oldValue": row["old_text"],
            "type": row["field_type"],
        }
        text = (
            f"@{row['user']}: changed field '{row['field_name']}'"
            f" from '{row['old_text']}' to '{row['new_text']}'"
        )
    last = {
        "id": row["id"],
        "m": text,
        "mid": 0,
        "action": action,
        "c": row["created"],
        "s": row["sstamp"],
        "u": {
            "c": row["user"],
            "n": f"{row['first_name'] or row['user']} {row['last_name'] or ''}".strip(),
            "s": row["user_stamp"] or 0,
        },
    }
    return {"value": {"last": last, "total": row["total"]}, "text": text}


_WORDS = {
    ADD_ROW: "created the row",
    DELETE_ROW: "deleted the row",
    ROLL_BACK: "rolled back the last change",
}


def _roll_back(call: Call) -> JsonObject:
    """Put back what the row was before its last change that has not been rolled back yet.

    A deleted row comes back; before a creation there is nothing, which is refused.
    """
    row_id = call.parameters.required_integer("rowId")
    row = access.row(call, row_id, deleted=True)
    place = access.table(call, row["table_id"], level=access.CHANGE)
    wanted = call.parameters.integer("catId")
    if wanted and wanted != place.table_id:
        raise Refusal("not_found", f"the row {row_id} is in another table")
    lines = call.read(
        "SELECT * FROM timetonic_history WHERE row_id = ? AND NOT undone AND action <> ?"
        " AND batch = (SELECT max(batch) FROM timetonic_history WHERE row_id = ? AND NOT undone"
        " AND action <> ?) ORDER BY id",
        row_id,
        ROLL_BACK,
        row_id,
        ROLL_BACK,
    )
    if not lines or lines[0]["action"] == ADD_ROW:
        raise Refusal("nothing_to_roll_back", f"the row {row_id} has no change to roll back")
    cells = json.loads(row["cells"])
    # Backwards: a field that one call changed twice ends at its first old value.
    for line in reversed(lines):
        if line["field_id"] is not None:
            cells[str(line["field_id"])] = json.loads(line["old"])
    with call.writing(place.book_id) as change:
        change.run(
            "UPDATE timetonic_row SET cells = ?, deleted = 0, modified = ?, sstamp = ?"
            " WHERE id = ?",
            json.dumps(cells, ensure_ascii=False),
            change.seconds,
            change.sstamp,
            row_id,
        )
        change.run(
            "UPDATE timetonic_history SET undone = 1 WHERE row_id = ? AND batch = ?",
            row_id,
            lines[0]["batch"],
        )
        record_rows(call, change, [row_id], ROLL_BACK)
    return {}


OPERATIONS = {"rollBackBeforeChange": Operation(_roll_back, writes=True, room="tables")}
