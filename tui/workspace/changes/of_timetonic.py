"""The changes of TimeTonic: rows, cells, comments, messages, files, sessions."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import uuid4

from tui.store.changes import Change, Step
from tui.workspace.changes.kinds import Data, Kind, Performer, gone
from tui.workspace.changes.timetonic import back, finding, reading, talk
from tui.workspace.changes.ways_back import Never

WAYS: Mapping[str, Performer] = {
    "rows_again": back.make_rows_again,
    "rows_back": back.take_several_back,
    "unsay": talk.unsay,
}
_LOGGED_OUT = "Sessions that were ended are begun again by logging in, on each device."
_PUSH = "The document has no request that tells what was registered before."
_READ = "The document has no request that makes messages unread again."
_FILE = "The document has no request that takes a file away."
_BY_LINK = (
    "The key of the shared link is a secret and is not kept, so what stood there is not known."
)
_SYSTEM = "What was said by the socket cannot be unsaid: the document names no such request."


def _row_id(answer: Any) -> Data:
    return {} if answer.id is None else {"id": answer.id}


def _row_ids(answer: Any) -> Data:
    new, written = [row.id for row in answer.new_rows], [row.id for row in answer.rows]
    # Not twice the same: there may be a thousand.
    return {"row_ids": new, **({} if written == new else {"written": written})}


def _smid(answer: Any) -> Data:
    return {} if not answer.smid else {"id": answer.smid}


def _device(answer: Any) -> Data:
    return {} if answer.device_id is None else {"id": answer.device_id}


def _rows(known: Data) -> list[str]:
    """Every row that is there, by its own name."""
    asked = [*(known.get("rows") or {}), *(known.get("row_ids") or [])]
    return [f"row/{one}" for one in map(str, asked) if one.isdecimal()]


def _of_row(known: Data) -> list[str]:
    return [f"row/{known['row_id']}"] if "row_id" in known else []


def _switched_off(change: Change) -> Step | str:
    """A device that was new is told nothing any more."""
    number = change.answer.get("id")
    if change.arguments.get("device_id") is not None or number is None:
        return _PUSH
    return Step(
        operation="timetonic.updatePushId",
        arguments={"device_id": str(number), "active": False},
        inexact="It stays registered, and is told nothing.",
    )


def _unique(_given: Data) -> Data:
    return {"uuid": str(uuid4())}


_of_row_id = partial(Kind, record="row/{row_id}", id_argument="row_id")
_of_message = partial(Kind, record="message/{msg_id}", id_argument="msg_id")
_of_comment = partial(Kind, record="comment/{comment_id}", id_argument="comment_id", also=_of_row)

KINDS: tuple[Kind, ...] = (
    # -- rows
    _of_row_id(
        "timetonic.createOrUpdateTableRow",
        fields_in="field_values",
        secret=reading.encrypted,
        read=reading.read_row,
        look_after=True,
        answer=_row_id,
        inverse=back.row_back,
        find=finding.find_row,
    ),
    Kind(
        "timetonic.createOrUpdateTableRows",
        id_argument="row_id",
        also=_rows,
        fields_in="rows",
        by_record=True,
        secret=reading.encrypted,
        read=reading.read_several,
        look_after=True,
        answer=_row_ids,
        inverse=back.several_back,
        find=finding.find_several,
    ),
    _of_row_id(
        "timetonic.updateTableValue",
        fields=("value",),
        secret=reading.encrypted,
        read=reading.read_value,
        look_after=True,
        inverse=back.fields_back,
        find=finding.find_value,
    ),
    _of_row_id(
        "timetonic.deleteTableRow",
        also=_rows,
        read=reading.read_whole,
        keeps=True,
        inverse=back.deletion_back,
        find=gone(finding.find_deletion),
    ),
    _of_row_id(
        "timetonic.rollBackBeforeChange",
        also=_rows,
        read=reading.read_before_rolling_back,
        keeps=True,
        look_after=True,
        inverse=back.rolling_back_back,
        find=finding.find_rolled_back,
    ),
    _of_row_id(
        "timetonic.addNewTableRowByViewToken",
        answer=_row_id,
        inverse=back.new_row_back,
        waits=False,
    ),
    Kind("timetonic.updateTableRowByToken", inverse=Never(_BY_LINK), waits=False),
    # -- comments
    _of_comment(
        "timetonic.editTableValueComments",
        fields=("comment",),
        read=talk.read_comment,
        look_after=True,
        answer=talk.told_id("commentId"),
        inverse=talk.comment_back,
        find=talk.find_comment,
    ),
    _of_comment(
        "timetonic.deleteTableValueComments",
        read=talk.read_comment,
        keeps=True,
        inverse=talk.comment_deletion_back,
        find=gone(talk.find_comment_deletion),
    ),
    # -- messages
    _of_message(
        "timetonic.sendMsg",
        also=talk.talk_of,
        fresh=talk.fresh_message,
        fields=("msg", "body", *talk.EVENT),
        read=talk.read_message,
        look_after=True,
        answer=_smid,
        inverse=talk.sent_back,
        find=talk.find_message,
    ),
    _of_message(
        "timetonic.deleteMsg",
        read=talk.read_whole_message,
        keeps=True,
        inverse=talk.deletion_back,
        find=gone(talk.find_message_deletion),
    ),
    _of_message(
        "timetonic.copyOrMoveMessage",
        answer=talk.told_id("createMessageId"),
        inverse=talk.copy_back,
    ),
    Kind(
        "timetonic.markBooksMessagesAsRead",
        record="read/{b_o}/{b_c}",
        inverse=Never(_READ),
        find=talk.find_read,
    ),
    # -- files: what is sent later may be another file by then
    Kind(
        "timetonic.fileUpload",
        fresh=_unique,
        inverse=Never(_FILE),
        find=finding.find_file,
        waits=False,
    ),
    Kind("timetonic.resumableUpload", inverse=Never(_FILE), waits=False),
    # -- sessions
    Kind("timetonic.createAppkey", counts=False, waits=False),
    Kind("timetonic.createOauthkey", counts=False, waits=False),
    Kind("timetonic.createSesskey", counts=False, waits=False),
    Kind("timetonic.getOrCreateSessKey", counts=False, waits=False),
    Kind("timetonic.dropAllSessions", inverse=Never(_LOGGED_OUT), waits=False),
    Kind("timetonic.updatePushId", answer=_device, inverse=_switched_off, waits=False),
    # -- by the socket, which is gone when there is no network
    Kind("timetonic.socket.attach", counts=False, waits=False),
    Kind(
        "timetonic.socket.send_message",
        record="message/{smid}",
        id_argument="smid",
        fields=("msg",),
        read=talk.read_message,
        answer=_smid,
        inverse=talk.socket_sent_back,
        waits=False,
    ),
    _of_row_id(
        "timetonic.socket.update_value",
        fields=("value",),
        read=reading.read_value,
        look_after=True,
        inverse=back.socket_value_back,
        find=finding.find_value,
        waits=False,
    ),
    Kind("timetonic.socket.send_system", inverse=Never(_SYSTEM), waits=False),
)
