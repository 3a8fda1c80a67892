"""getAllBooks, getBookInfo, markBooksMessagesAsRead.

Source: reference TimeTonic, 3.2 and 3.3; data getAllBooks.json. Digit strings, booleans and
numbers are as in that sample.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict

from tui.embedded.timetonic import access
from tui.embedded.timetonic.call import Call, Operation, next_stamp
from tui.embedded.timetonic.envelope import JsonObject, Refusal
from tui.embedded.timetonic.messages import message_objects
from tui.embedded.timetonic.parameters import to_integer

_ALL = 2**53
"""Later than every message."""


def _get_all_books(call: Call) -> JsonObject:
    since = call.parameters.integer("sstamp")
    mine = access.books(call)
    if call.parameters.has("b_c"):
        only = access.book(call)
        mine = [book for book in mine if book["id"] == only["id"]]
    # Deleted books are told once, to those who ask what changed.
    shown = [book for book in mine if book["sstamp"] > since and (since or not book["deleted"])]
    contacts = _contacts(call)
    return {
        "sstamp": next_stamp(call.context),
        "allBooks": {
            "nbBooks": sum(not book["deleted"] for book in mine),
            "nbContacts": len(contacts),
            "contacts": contacts,
            "books": _book_objects(call, shown),
        },
    }


def _get_book_info(call: Call) -> JsonObject:
    (book,) = _book_objects(call, [access.book(call)])
    if call.context.quirks:
        book["sstamp"] = str(book["sstamp"])
    return {"sstamp": next_stamp(call.context), "book": book}


def _contacts(call: Call) -> list[JsonObject]:
    """Everybody who shares a book with the user."""
    rows = call.read(
        "SELECT u.* FROM timetonic_user u WHERE u.code <> ? AND u.code IN"
        " (SELECT other.user FROM timetonic_member other JOIN timetonic_member mine"
        " ON mine.book_id = other.book_id AND mine.user = ?) ORDER BY u.last_name, u.code",
        call.user,
        call.user,
    )
    return [
        {
            "u_c": row["code"],
            "lastName": row["last_name"],
            "firstName": row["first_name"],
            "sstamp": int(row["created"]),
            "isConfirmed": True,
        }
        for row in rows
    ]


def _book_objects(call: Call, books: list[sqlite3.Row]) -> list[JsonObject]:
    ids = [int(book["id"]) for book in books]
    marks = ",".join("?" for _ in ids)
    members: dict[int, list[JsonObject]] = defaultdict(list)
    for row in call.read(
        f"SELECT * FROM timetonic_member WHERE book_id IN ({marks}) ORDER BY level DESC, user", *ids
    ):
        members[row["book_id"]].append(_member(row))
    counts = {
        row["book_id"]: row
        for row in call.read(
            "SELECT s.book_id, count(*) AS messages, max(s.smid) AS last,"
            " sum(s.smid > m.last_read AND s.user <> m.user) AS unread"
            " FROM timetonic_message s JOIN timetonic_member m"
            f" ON m.book_id = s.book_id AND m.user = ? WHERE s.book_id IN ({marks})"
            " AND NOT s.deleted GROUP BY s.book_id",
            call.user,
            *ids,
        )
    }
    last = message_objects(
        call,
        call.read(
            "SELECT s.*, b.b_c, b.b_o FROM timetonic_message s"
            " JOIN timetonic_book b ON b.id = s.book_id"
            f" WHERE s.smid IN ({','.join('?' for _ in counts)})",
            *(row["last"] for row in counts.values()),
        ),
    )
    newest = {(message["b_c"], message["b_o"]): message for message in last}
    media = {
        row["book_id"]: int(row["last"])
        for row in call.read(
            "SELECT book_id, max(id) AS last FROM timetonic_file"
            f" WHERE book_id IN ({marks}) GROUP BY book_id",
            *ids,
        )
    }
    return [
        _book_object(
            call,
            book,
            members[book["id"]],
            counts.get(book["id"]),
            newest.get((book["b_c"], book["b_o"])),
            media.get(book["id"], 0),
        )
        for book in books
    ]


def _member(row: sqlite3.Row) -> JsonObject:
    return {
        "u_c": row["user"],
        "invite": "accepted",
        "right": row["level"],
        "access": 1,
        "hideMessage": "2",
        "hideBookMembers": "2",
        "apiRight": str(row["api_right"]),
    }


def _book_object(
    call: Call,
    book: sqlite3.Row,
    members: list[JsonObject],
    counts: sqlite3.Row | None,
    last: JsonObject | None,
    last_media: int,
) -> JsonObject:
    hidden = call.session.restrictions.hideMessages
    shown: JsonObject = {
        "invited": True,
        "accepted": True,
        "archived": bool(book["archived"]),
        "showFpOnOpen": True,
        "sstamp": book["sstamp"],
        "del": bool(book["deleted"]),
        "hideMessage": "2",
        "hideBookMembers": "2",
        "description": book["description"],
        "defaultTemplate": "0",
        "isDownloadable": False,
        "canDisableSync": False,
        "b_c": book["b_c"],
        "b_o": book["b_o"],
        "cluster": "1",
        "tags": None,
        "langs": None,
        "contact_u_c": book["contact"],
        "nbNotRead": 0 if counts is None or hidden else int(counts["unread"]),
        "nbMembers": len(members),
        "members": members,
        "fpForm": {
            "fpid": book["form_id"],
            "name": f"{book['b_c']}.{book['b_o']}",
            "lastModified": book["form_modified"],
        },
    }
    if last is not None and not hidden:
        shown["lastMsg"] = last
    return shown | {
        "nbMsgs": 0 if counts is None or hidden else int(counts["messages"]),
        "userPrefs": _user_preferences(book),
        "ownerPrefs": _owner_preferences(call, book),
        "sbid": book["id"],
        "lastMsgRead": book["last_read"],
        "lastMedia": last_media,
        "favorite": bool(book["favorite"]),
        "order": book["position"],
    }


def _user_preferences(book: sqlite3.Row) -> JsonObject:
    return {
        "maxMsgsOffline": 100,
        "syncWithHubic": False,
        "uCoverLetOwnerDecide": True,
        "uCoverColor": book["color"],
        "uCoverUseLastImg": False,
        "uCoverImg": book["cover"],
        "uCoverType": "image" if book["cover"] else "color",
        "inGlobalSearch": True,
        "inGlobalTasks": True,
        "notifyEmailCopy": False,
        "notifySmsCopy": False,
        "notifyMobile": True,
        "notifyWhenMsgInArchivedBook": True,
    }


def _owner_preferences(call: Call, book: sqlite3.Row) -> JsonObject:
    # A null title is possible, and the deck must fall back to b_c.
    untitled = call.context.quirks and book["position"] == 1
    return {
        "fpAutoExport": True,
        "oCoverColor": book["color"],
        "oCoverUseLastImg": False,
        "oCoverImg": book["cover"],
        "oCoverType": "image" if book["cover"] else "color",
        "authorizeMemberBroadcast": True,
        "acceptExternalMsg": True,
        "title": None if untitled else book["title"],
        "notifyMobileConfidential": False,
    }


def _mark_read(call: Call) -> JsonObject:
    """Parameters are not documented. Assumed: `books`, an array of {b_c, b_o, smid?}; or b_c and
    b_o with an optional smid; or nothing, which means all books."""
    marked: list[tuple[int, int]] = []
    asked = call.parameters.structure("books")
    if asked is not None and asked != "":
        items = list(asked.values()) if isinstance(asked, dict) else asked
        if not isinstance(items, list):
            raise Refusal("invalid_parameter", "books must be an array")
        marked = [_asked_book(call, item) for item in items]
    elif call.parameters.has("b_c"):
        until = call.parameters.integer("smid", "lastMsgRead", default=_ALL)
        marked = [(int(access.book(call)["id"]), until)]
    else:
        marked = [(int(book["id"]), _ALL) for book in access.books(call)]
    for book_id, until in marked:
        with call.writing(book_id) as change:
            change.run(
                "UPDATE timetonic_member SET last_read = max(last_read, coalesce("
                " (SELECT max(smid) FROM timetonic_message WHERE book_id = ? AND smid <= ?), 0))"
                " WHERE book_id = ? AND user = ?",
                book_id,
                until,
                book_id,
                call.user,
            )
    return {"sstamp": next_stamp(call.context)}


def _asked_book(call: Call, item: object) -> tuple[int, int]:
    if not isinstance(item, dict) or "b_c" not in item:
        raise Refusal("invalid_parameter", "each of books must hold b_c and b_o")
    for book in access.books(call):
        if book["b_c"] == item["b_c"] and book["b_o"] == item.get("b_o", call.user):
            return int(book["id"]), to_integer(item.get("smid", _ALL), "smid")
    raise Refusal("not_found", f"there is no book {str(item['b_c'])[:80]}")


OPERATIONS = {
    "getAllBooks": Operation(_get_all_books),
    "getBookInfo": Operation(_get_book_info),
    "markBooksMessagesAsRead": Operation(_mark_read, writes=True, room="messages"),
}
