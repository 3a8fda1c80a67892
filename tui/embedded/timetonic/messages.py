"""Messages of books: getBookMessages, sendMsg, deleteMsg, copyOrMoveMessage.

Source: reference TimeTonic, 3.4 and 3.5; the element is lastMsg of data getAllBooks.json, its
files are those of 3.2 and absent, not empty, when there are none.
"""

from __future__ import annotations

import sqlite3
import unicodedata
import uuid as uuids
from collections import defaultdict
from collections.abc import Iterable

from tui.embedded.timetonic import access
from tui.embedded.timetonic.call import Call, Change, Operation, next_stamp
from tui.embedded.timetonic.envelope import JsonObject, Refusal
from tui.embedded.timetonic.events import NO_EVENT, Event, read_event
from tui.embedded.timetonic.files import FILE_COLUMNS, message_file
from tui.embedded.timetonic.frames import FrameType

DEFAULT_COUNT = 100
MOST_COUNT = 1000
TEXT_LIMIT = 100_000
"""Characters of one message."""

_SELECT = (
    "SELECT s.*, b.b_c, b.b_o FROM timetonic_message s JOIN timetonic_book b ON b.id = s.book_id"
)


def message_objects(call: Call, rows: Iterable[sqlite3.Row]) -> list[JsonObject]:
    """Messages as the wire has them; each row carries b_c and b_o of its book."""
    found = list(rows)
    files: dict[int, list[sqlite3.Row]] = defaultdict(list)
    for row in call.read(
        f"SELECT {FILE_COLUMNS} FROM timetonic_file"
        f" WHERE smid IN ({','.join('?' for _ in found)}) ORDER BY id",
        *(row["smid"] for row in found),
    ):
        files[row["smid"]].append(row)
    return [_message_object(row, files[row["smid"]]) for row in found]


def _message_object(row: sqlite3.Row, files: list[sqlite3.Row]) -> JsonObject:
    docs = [message_file(file) for file in files if file["kind"] != "media"]
    medias = [message_file(file) for file in files if file["kind"] == "media"]
    message: JsonObject = {
        "smid": row["smid"],
        "uuid": row["uuid"],
        "sstamp": row["sstamp"],
        "lastCommentId": row["smid"],
        "msgBody": row["body"],
        "msgType": "m" if row["event_start"] is None else "e",
        "msgMethod": row["method"],
        "msgColor": row["color"],
        "nbComments": 0,
        "pid": 0,
        "nbMedias": len(medias),
        "nbEmailCids": 0,
        "nbDocs": len(docs),
        "b_c": row["b_c"],
        "b_o": row["b_o"],
        "u_c": row["user"],
        "linkedRowId": row["linked_row"],
        "linkedTabId": row["linked_tab"],
        "linkMessage": "",
        "linkedFieldId": row["linked_field"],
        "msg": "" if row["deleted"] else row["msg"],
        "del": bool(row["deleted"]),
        "created": row["created"],
        "lastModified": row["modified"],
    }
    if docs:
        message["docs"] = docs
    if medias:
        message["medias"] = medias
    return message


def _get_book_messages(call: Call) -> JsonObject:
    """Newest first. With `sstamp`, what changed after it, deleted messages included."""
    book = access.book(call)
    parameters = call.parameters
    conditions, arguments = ["s.book_id = ?"], [book["id"]]
    since = parameters.integer("sstamp")
    if since:
        conditions.append("s.sstamp > ?")
        arguments.append(since)
    else:
        conditions.append("NOT s.deleted")
    for name, comparison in (("smidFirst", ">="), ("smidLast", "<=")):
        if parameters.has(name):
            conditions.append(f"s.smid {comparison} ?")
            arguments.append(parameters.integer(name))
    rows = call.read(f"{_SELECT} WHERE {' AND '.join(conditions)} ORDER BY s.smid DESC", *arguments)
    wanted = parameters.text("search_string")
    if wanted:
        folded = fold_text(wanted)
        rows = [row for row in rows if folded in fold_text(f"{row['msg']}\n{row['body']}")]
    size = parameters.count("nbMax", default=DEFAULT_COUNT, most=MOST_COUNT)
    page = max(1, parameters.integer("page", default=1))
    shown = rows[(page - 1) * size : page * size]
    return {
        "b_c": book["b_c"],
        "b_o": book["b_o"],
        "bookMessages": message_objects(call, shown),
        "sstamp": next_stamp(call.context),
    }


def fold_text(text: str) -> str:
    """For searching: without case and without accents."""
    plain = unicodedata.normalize("NFKD", text)
    return "".join(mark for mark in plain if not unicodedata.combining(mark)).casefold()


def _send(call: Call) -> JsonObject:
    row = save_message(call)
    return {
        "created": row["created"],
        "createMessageId": row["smid"],
        "uuid": row["uuid"],
        "sstamp": row["sstamp"],
    }


def save_message(call: Call) -> sqlite3.Row:
    """A new message, or another text for the one that msg_id names; pushed to the sockets.

    The same uuid again answers the message that it made: a repeated request makes no second one.
    Raises Refusal.
    """
    parameters = call.parameters
    text = parameters.text("msg")
    event = read_event(parameters.structure("event"))
    if not text.strip() and not parameters.integer("nbDocs") and not parameters.integer("nbMedias"):
        raise Refusal("missing_parameter", "parameter msg is missing: a message needs a text")
    if len(text) > TEXT_LIMIT:
        raise Refusal("too_large", f"a message may hold {TEXT_LIMIT} characters")
    smid = parameters.integer("msg_id", "smid")
    if smid:
        _edit(call, smid, text, event)
    else:
        smid = _insert(call, text, event)
    row = call.one(f"{_SELECT} WHERE s.smid = ?", smid)
    assert row is not None  # written above
    push_message(call, row)
    return row


def _insert(call: Call, text: str, event: Event) -> int:
    book = _target(call)
    parameters = call.parameters
    uuid = parameters.text("uuid", "uid") or str(uuids.uuid4())
    known = call.one(
        "SELECT smid FROM timetonic_message WHERE user = ? AND uuid = ?", call.user, uuid
    )
    if known is not None:
        return int(known["smid"])
    with call.writing(book["id"]) as change:
        return change.run(
            "INSERT INTO timetonic_message (book_id, uuid, user, msg, body, created, modified,"
            " sstamp, event_start, event_end, event_timezone, participants)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            book["id"],
            uuid,
            call.user,
            text,
            parameters.text("body")[:TEXT_LIMIT],
            change.seconds,
            change.seconds,
            change.sstamp,
            event.start,
            event.end,
            event.timezone,
            event.participants,
        )


def _target(call: Call) -> sqlite3.Row:
    """The book that is named; without one the user's first own book, as the documented example
    sends neither b_c nor b_o (which book the real service takes is not known)."""
    if call.parameters.has("b_c"):
        return access.book(call, level=access.ADD)
    for book in access.books(call):
        if book["b_o"] == call.user and not book["deleted"]:
            return book
    raise Refusal("missing_parameter", "parameter b_c is missing")


def _edit(call: Call, smid: int, text: str, event: Event) -> None:
    row = _own(call, smid)
    with call.writing(row["book_id"]) as change:
        change.run(
            "UPDATE timetonic_message SET msg = ?, body = ?, modified = ?, sstamp = ?"
            " WHERE smid = ?",
            text,
            call.parameters.text("body", default=row["body"])[:TEXT_LIMIT],
            change.seconds,
            change.sstamp,
            smid,
        )
        if event is not NO_EVENT:
            change.run(
                "UPDATE timetonic_message SET event_start = ?, event_end = ?,"
                " event_timezone = ?, participants = ? WHERE smid = ?",
                event.start,
                event.end,
                event.timezone,
                event.participants,
                smid,
            )


def _seen(call: Call, smid: int, *, level: int = access.READ) -> sqlite3.Row:
    row = call.one("SELECT * FROM timetonic_message WHERE smid = ?", smid)
    if row is None or row["deleted"]:
        raise Refusal("not_found", f"there is no message {smid}")
    access.book_by_id(call, row["book_id"], level=level)
    return row


def _own(call: Call, smid: int) -> sqlite3.Row:
    """A message that the user wrote, or that stands in one of his own books."""
    row = _seen(call, smid, level=access.ADD)
    book = access.book_by_id(call, row["book_id"])
    if call.user not in (row["user"], book["b_o"]):
        raise Refusal("forbidden", f"the message {smid} was written by somebody else")
    return row


def _delete(call: Call) -> JsonObject:
    smid = call.parameters.required_integer("msg_id", "smid")
    delete_message(call, smid)
    return {"sstamp": next_stamp(call.context)}


def delete_message(call: Call, smid: int) -> sqlite3.Row:
    """Mark as deleted: readers by sstamp get it once more, with del = true. Raises Refusal."""
    row = _own(call, smid)
    if call.parameters.has("b_c"):
        book = access.book(call)
        if book["id"] != row["book_id"]:
            raise Refusal("not_found", f"the message {smid} is in another book")
    with call.writing(row["book_id"]) as change:
        _mark_deleted(change, smid)
    deleted = call.one(f"{_SELECT} WHERE s.smid = ?", smid)
    assert deleted is not None  # marked above, never removed
    push_message(call, deleted)
    return deleted


def _mark_deleted(change: Change, smid: int) -> None:
    change.run(
        "UPDATE timetonic_message SET deleted = 1, modified = ?, sstamp = ? WHERE smid = ?",
        change.seconds,
        change.sstamp,
        smid,
    )


def push_message(call: Call, row: sqlite3.Row) -> None:
    """The "receive message" frame, to every member who is attached."""
    (message,) = message_objects(call, [row])
    frame: JsonObject = {"type": int(FrameType.MESSAGE), **message}
    call.state.hub.to_members(call.context.database, row["book_id"], frame)


def _copy_or_move(call: Call) -> JsonObject:
    """Parameters are not documented. Assumed: msg_id; to_b_c and to_b_o for the book that gets
    it; `move` true or false (or `action`, copy or move)."""
    parameters = call.parameters
    smid = parameters.required_integer("msg_id", "smid")
    action = parameters.text("action", default="move" if parameters.flag("move") else "copy")
    if action not in ("copy", "move"):
        raise Refusal("invalid_parameter", "action must be copy or move")
    source = _own(call, smid) if action == "move" else _seen(call, smid)
    target = access.book(call, level=access.ADD, code="to_b_c", owner="to_b_o")
    with call.writing(target["id"]) as change:
        made = change.run(
            "INSERT INTO timetonic_message (book_id, uuid, user, msg, body, method, color, created,"
            " modified, sstamp, event_start, event_end, event_timezone, participants)"
            " SELECT ?, ?, user, msg, body, method, color, created, ?, ?,"
            " event_start, event_end, event_timezone, participants"
            " FROM timetonic_message WHERE smid = ?",
            target["id"],
            f"{action}-{uuids.uuid4()}",
            change.seconds,
            change.sstamp,
            smid,
        )
        if action == "move":
            change.run("UPDATE timetonic_file SET smid = ? WHERE smid = ?", made, smid)
            _mark_deleted(change, smid)
            change.run(
                "UPDATE timetonic_book SET sstamp = ? WHERE id = ?",
                change.sstamp,
                source["book_id"],
            )
    if action == "move":
        call.announce(source["book_id"], change.sstamp)
    return {"createMessageId": made, "msg_id": smid, "sstamp": change.sstamp}


OPERATIONS = {
    "getBookMessages": Operation(_get_book_messages, room="messages"),
    "sendMsg": Operation(_send, writes=True, room="messages"),
    "deleteMsg": Operation(_delete, writes=True, room="messages"),
    "copyOrMoveMessage": Operation(_copy_or_move, writes=True, room="messages"),
}
