"""Messages and comments of TimeTonic: read again, taken back, looked for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import uuid4

from tui.services.digits import is_whole
from tui.services.timetonic import BookEvent, Comment, Message, TimeTonic
from tui.store.changes import Change, Step
from tui.workspace.changes.arguments import as_data
from tui.workspace.changes.kinds import Data, Noted, Performed
from tui.workspace.changes.timetonic.back import NOT_KNOWN, NOT_TOLD, fields_back

NEWEST = 100
"""Messages among which one is looked for."""
CLOCKS_DIFFER = timedelta(minutes=10)
"""By how much the service's clock may be behind this one."""
AS_NEW = "It comes back as a new message of yours, at the end of the others."
AS_NEW_COMMENT = "It comes back as a new comment of yours."
EVENT = ("event_start", "event_end", "event_timezone")


# -- messages -------------------------------------------------------------------------------------


def fresh_message(given: Data) -> Data:
    """A unique id for a new message, by which it is found again."""
    return {} if given.get("msg_id") else {"uuid": str(uuid4())}


def talk_of(known: Data) -> list[str]:
    """New messages of a book keep their order."""
    if known.get("msg_id") is not None:
        return []
    return [f"talk/{known.get('b_o') or ''}/{known.get('b_c') or ''}"]


async def message_of(client: TimeTonic, known: Data, smid: int) -> Message | None:
    """A message as it is now; None where it is not there, or was deleted."""
    found = await client.get_book_messages(
        known["b_c"], b_o=known.get("b_o"), smid_first=smid, smid_last=smid
    )
    return next((one for one in found.messages if one.smid == smid and not one.deleted), None)


async def read_message(client: TimeTonic, known: Data) -> Data | None:
    """The text of the message that is changed, and when it takes place where that changes."""
    smid, book = known.get("msg_id") or known.get("smid"), known.get("b_c")
    if not smid or not book:
        return Noted()
    message = await message_of(client, known, int(smid))
    if message is None:
        return None
    fields: dict[str, Any] = {"msg": message.text, "body": message.body}
    if any(name in known for name in EVENT):
        fields |= await _when(client, known, int(smid))
    return fields


async def read_whole_message(client: TimeTonic, known: Data) -> Data | None:
    """All that deleting a message takes away."""
    message = await message_of(client, known, int(known["msg_id"]))
    if message is None:
        return None
    files = [one for one in (*message.docs, *message.medias) if not one.deleted]
    held: dict[str, Any] = {
        "msg": message.text,
        "body": message.body,
        "type": message.type,
        "files": len(files),
    }
    return held | await _when(client, known, message.smid) if message.type == "e" else held


async def _when(client: TimeTonic, known: Data, smid: int) -> dict[str, Any]:
    """When an event takes place, by the names of the arguments."""
    found = await client.get_book_events(known["b_c"], b_o=known.get("b_o"), events_ids=[smid])
    event = next((one for one in found.events if one.id == smid), BookEvent())
    return dict(
        as_data(
            {
                "event_start": event.start,
                "event_end": event.end,
                "event_timezone": event.timezone or None,
            }
        )
    )


def sent_back(change: Change) -> Step | str:
    """A new message is deleted, a changed one gets its old text."""
    if change.arguments.get("msg_id"):
        return fields_back(change)
    return _deletion(change, change.answer.get("id"))


def _deletion(change: Change, smid: object) -> Step | str:
    if smid is None:
        return NOT_TOLD
    book = change.arguments.get("b_c")
    if not book:
        return "The book was not named when it was sent, and deleting needs it."
    where = {"b_c": book, "b_o": change.arguments.get("b_o")}
    return Step(
        operation="timetonic.deleteMsg",
        arguments={"msg_id": smid, **{name: value for name, value in where.items() if value}},
        title=f"message {smid} is deleted",
    )


def deletion_back(change: Change) -> Step | str:
    """A deleted message is sent again, where it was nothing but text."""
    held = change.before or {}
    if held.get("msg") is None:
        return NOT_KNOWN
    for there, why in (
        (held.get("files"), "Its files cannot be sent again."),
        (
            held.get("type") == "e" and not held.get("event_start"),
            "When it took place is not told.",
        ),
        (held.get("body"), "An e-mail cannot be sent again."),
        (not held["msg"], "It held no text."),
    ):
        if there:
            return why
    where = {name: change.arguments[name] for name in ("b_c", "b_o") if name in change.arguments}
    return Step(
        operation="timetonic.sendMsg",
        arguments={
            "msg": held["msg"],
            **where,
            **{name: held[name] for name in EVENT if held.get(name)},
            "uuid": str(uuid4()),
        },
        inexact=AS_NEW,
    )


def copy_back(change: Change) -> Step | str:
    """A copy is deleted; what was moved goes back to the book that it is known to come from."""
    smid = change.answer.get("id")
    if smid is None:
        return NOT_TOLD
    if change.arguments.get("action") == "move":
        return _moved_back(change, smid)
    to = {"b_c": change.arguments["to_b_c"], "b_o": change.arguments.get("to_b_o")}
    return Step(
        operation="timetonic.deleteMsg",
        arguments={"msg_id": smid, **{name: value for name, value in to.items() if value}},
    )


def _moved_back(change: Change, smid: object) -> Step | str:
    book = change.about.get("b_c")
    if not book:
        return "The service is not told which book it came from, so it cannot be moved back."
    back = {"to_b_c": book, "to_b_o": change.about.get("b_o"), "action": "move"}
    return Step(
        operation="timetonic.copyOrMoveMessage",
        arguments={"msg_id": smid, **{name: value for name, value in back.items() if value}},
        inexact="It comes back as a new message there.",
    )


async def find_message(client: TimeTonic, change: Change) -> Data | None:
    """A new message by its unique id, or where it has none as the only new one of its text; a
    changed one by its text."""
    known = change.known
    if not known.get("b_c"):
        return None
    smid = known.get("msg_id")
    if smid:
        now = await read_message(client, known)
        same = now is not None and all(now.get(n) == change.wanted[n] for n in change.wanted)
        return {"id": smid} if same else None
    found = await client.get_book_messages(known["b_c"], b_o=known.get("b_o"), nb_max=NEWEST)
    unique = known.get("uuid")
    like = [one for one in found.messages if one.uuid == unique] if unique else []
    if not like:
        like = [
            one
            for one in found.messages
            if not unique
            and one.text == known["msg"]
            and one.author == client.u_c
            and (one.created is None or one.created >= change.time - CLOCKS_DIFFER)
        ]
    return {"id": like[0].smid} if len(like) == 1 else None


async def find_message_deletion(client: TimeTonic, change: Change) -> Data | None:
    """A deleted message by its absence."""
    gone = await message_of(client, change.known, int(change.arguments["msg_id"])) is None
    return {} if gone else None


async def find_read(client: TimeTonic, change: Change) -> Data | None:
    """Messages that count as read: none of the book is unread, or not up to there."""
    known = change.known
    if not known.get("b_c"):
        return None
    book = await client.get_book_info(known["b_c"], b_o=known.get("b_o"))
    until = known.get("smid")
    read = book.unread == 0 or (until is not None and (book.last_read or 0) >= until)
    return {} if read else None


# -- by the socket --------------------------------------------------------------------------------


def socket_sent_back(change: Change) -> Step | str:
    """As over HTTP, by which it is taken back."""
    where = {name: change.arguments[name] for name in ("b_c", "b_o") if name in change.arguments}
    if change.arguments.get("delete"):
        return deletion_back(change)
    smid = change.arguments.get("smid")
    if not smid:
        return _deletion(change, change.answer.get("id"))
    if (change.before or {}).get("msg") is None:
        return NOT_KNOWN
    return Step(
        operation="timetonic.sendMsg",
        arguments={"msg": (change.before or {})["msg"], **where, "msg_id": smid},
    )


# -- comments -------------------------------------------------------------------------------------


async def _comments(client: TimeTonic, known: Data) -> list[Comment]:
    found = await client.get_table_value_comments(
        int(known["row_id"]), int(known["field_id"]), b_o=known.get("b_o")
    )
    return found.comments


async def read_comment(client: TimeTonic, known: Data) -> Data | None:
    """The text of a comment; before a new one, the ids of those that are there."""
    there = await _comments(client, known)
    wanted = known.get("comment_id")
    if wanted is None:
        return Noted(known=[one.id for one in there])
    found = next((one for one in there if one.id == wanted), None)
    return None if found is None else {"comment": found.text}


def comment_back(change: Change) -> Step | str:
    """A changed comment gets its old text; a new one is deleted, found by its text where the
    service did not tell its id."""
    arguments = change.arguments
    if arguments.get("comment_id") is not None:
        return fields_back(change)
    where = {name: arguments[name] for name in ("row_id", "field_id", "b_o") if name in arguments}
    told = change.answer.get("id")
    if told is not None:
        return Step(
            operation="timetonic.deleteTableValueComments",
            arguments={**where, "comment_id": told},
        )
    known = (change.before or {}).get("known")
    if known is None:
        return NOT_TOLD
    return Step(
        operation="timetonic.deleteTableValueComments",
        way="unsay",
        arguments={**where, "comment": arguments["comment"], "known": known},
    )


def _new_one(there: list[Comment], said: Data) -> Comment | None:
    """The newest comment of a text that was not there before."""
    known = said.get("known") or []
    return next(
        (
            one
            for one in reversed(there)
            if one.id is not None and one.id not in known and one.text == said["comment"]
        ),
        None,
    )


async def unsay(client: TimeTonic, step: Step) -> Performed:
    """Delete the comment of this text that is new."""
    said = step.arguments
    found = _new_one(await _comments(client, said), said)
    if found is None or found.id is None:
        return Performed("The comment was not there any more.")
    await client.delete_table_value_comments(
        int(said["row_id"]), int(said["field_id"]), found.id, b_o=said.get("b_o")
    )
    return Performed()


def comment_deletion_back(change: Change) -> Step | str:
    """A deleted comment is written again, as a new one."""
    text = (change.before or {}).get("comment")
    if not text:
        return NOT_KNOWN
    arguments = {name: value for name, value in change.arguments.items() if name != "comment_id"}
    return Step(
        operation="timetonic.editTableValueComments",
        arguments={**arguments, "comment": text},
        inexact=AS_NEW_COMMENT,
    )


async def find_comment(client: TimeTonic, change: Change) -> Data | None:
    """A new comment by its text among those that were not there; a changed one by its text."""
    known = change.known
    there = await _comments(client, known)
    wanted = known.get("comment_id")
    if wanted is not None:
        same = any(one.id == wanted and one.text == known["comment"] for one in there)
        return {"id": wanted} if same else None
    before = (change.before or {}).get("known")
    if before is None:
        return None
    found = _new_one(there, {**known, "known": before})
    return None if found is None else {"id": found.id}


async def find_comment_deletion(client: TimeTonic, change: Change) -> Data | None:
    """A deleted comment by its absence."""
    there, wanted = await _comments(client, change.known), change.arguments.get("comment_id")
    if wanted is None:
        # It was found by its text.
        return {} if _new_one(there, change.arguments) is None else None
    return None if any(one.id == wanted for one in there) else {}


def told_id(*names: str) -> Any:
    """What of an answer that no document describes is its id, where it has one of these names."""

    def answer(done: Any) -> Mapping[str, Any]:
        told = (done.extra.get(name) for name in names)
        found = next((one for one in told if is_whole(one) and one > 0), None)
        return {} if found is None else {"id": found}

    return answer
