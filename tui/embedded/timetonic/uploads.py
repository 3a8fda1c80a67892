"""fileUpload and resumableUpload.

Source: reference TimeTonic, 5.6; data uploadFile.json. The parameters of resumableUpload are not
public. ASSUMPTION, stated here only: those of the library resumable.js, which the name and the
vendor's test page suggest: resumableChunkNumber (from 1), resumableTotalChunks,
resumableChunkSize, resumableTotalSize, resumableIdentifier, resumableFilename, and the chunk in
the part `file`. A request without that part asks whether the chunk is there: HTTP 200 when it
is, 204 when it must be sent.
"""

from __future__ import annotations

import mimetypes
import re
import secrets
import sqlite3
import uuid as uuids
from dataclasses import dataclass

from tui.embedded.timetonic import access
from tui.embedded.timetonic.call import Call, Operation, next_stamp
from tui.embedded.timetonic.envelope import JsonObject, NoContent, Refusal, paris_text
from tui.embedded.timetonic.files import FILE_COLUMNS, addresses
from tui.embedded.timetonic.writes import touch_table

FILE_LIMIT = 64 * 1024 * 1024
"""Bytes of one file, in one piece or in chunks."""
MOST_CHUNKS = 10_000
CHUNK_DAYS = 7
"""Chunks of an upload that was never finished are dropped after this."""

PART = "qqfile"
CHUNK_PARTS = ("file", PART)


@dataclass(frozen=True)
class Target:
    """Where an uploaded file goes: a cell, a message, a book, or the user alone."""

    book: sqlite3.Row | None = None
    table_id: int = 0
    row_id: int | None = None
    field_id: int | None = None
    smid: int | None = None


def _file_upload(call: Call) -> JsonObject:
    upload = call.parameters.files.get(PART)
    if upload is None:
        raise Refusal("missing_parameter", f"the file is missing: send it as the part {PART}")
    uuid = call.parameters.text("uuid", default=str(uuids.uuid4()))
    return _keep(call, _target(call), upload.name, upload.content, uuid)


def _target(call: Call) -> Target:
    parameters = call.parameters
    if parameters.has("rowId"):
        row_id = parameters.required_integer("rowId")
        field_id = parameters.required_integer("fieldId")
        place = access.cell(call, row_id, field_id, level=access.CHANGE)
        field = call.one("SELECT type, name FROM timetonic_field WHERE id = ?", field_id)
        if field is None or field["type"] not in ("file", "files"):
            raise Refusal("invalid_parameter", f"the field {field_id} holds no files")
        return Target(place.book, place.table_id, row_id, field_id)
    smid = parameters.integer("msg_id", "smid")
    if smid:
        message = call.one("SELECT * FROM timetonic_message WHERE smid = ? AND NOT deleted", smid)
        if message is None:
            raise Refusal("not_found", f"there is no message {smid}")
        book = access.book_by_id(call, message["book_id"], level=access.ADD)
        return Target(book, smid=smid)
    if parameters.has("b_c"):
        return Target(access.book(call, level=access.ADD))
    return Target()


def _keep(call: Call, target: Target, name: str, content: bytes, uuid: str) -> JsonObject:
    """Write one file. The same uuid again answers the file that it made."""
    name = _safe_name(name)
    if not content:
        raise Refusal("empty_file", f"the file {name} is empty")
    if len(content) > FILE_LIMIT:
        raise Refusal("too_large", f"a file may hold {FILE_LIMIT} bytes")
    if not re.fullmatch(r"[A-Za-z0-9_.-]{1,80}", uuid):
        raise Refusal("invalid_parameter", "uuid must be letters, digits and dashes")
    known = call.one("SELECT user FROM timetonic_file WHERE uuid = ?", uuid)
    if known is None:
        _insert(call, target, name, content, uuid)
    elif known["user"] != call.user:
        raise Refusal("invalid_parameter", "this uuid is taken")
    row = call.one(f"SELECT {FILE_COLUMNS} FROM timetonic_file WHERE uuid = ?", uuid)
    assert row is not None  # written above
    return _answer(call, target, row)


def _insert(call: Call, target: Target, name: str, content: bytes, uuid: str) -> None:
    kind = mimetypes.guess_type(name)[0] or ""
    values: JsonObject = {
        "uuid": uuid,
        "book_id": None if target.book is None else target.book["id"],
        "row_id": target.row_id,
        "field_id": target.field_id,
        "smid": target.smid,
        "user": call.user,
        "name": name,
        "ext": name.rpartition(".")[2].lower() if "." in name else "",
        "kind": "media" if kind.startswith(("image/", "audio/", "video/")) else "doc",
        "size": len(content),
        "access_key": secrets.token_urlsafe(16),
        "created": call.seconds(),
        "sstamp": next_stamp(call.context),
        "content": content,
    }
    sql = (
        f"INSERT INTO timetonic_file ({', '.join(values)})"
        f" VALUES ({', '.join('?' for _ in values)})"
    )
    if target.book is None:
        with call.context.database.write() as connection:
            connection.execute(sql, tuple(values.values()))
        return
    with call.writing(target.book["id"]) as change:
        change.run(sql, *values.values())
        if target.row_id is not None:
            change.run(
                "UPDATE timetonic_row SET modified = ?, sstamp = ? WHERE id = ?",
                change.seconds,
                change.sstamp,
                target.row_id,
            )
            touch_table(change, target.table_id)
        if target.smid is not None:
            change.run(
                "UPDATE timetonic_message SET modified = ?, sstamp = ? WHERE smid = ?",
                change.seconds,
                change.sstamp,
                target.smid,
            )


def _safe_name(name: str) -> str:
    """The last part of what may be a path, without control characters."""
    last = re.split(r"[/\\]", name)[-1]
    cleaned = "".join(mark for mark in last if mark.isprintable()).strip(". ")
    return cleaned[-200:] or "file"


def _answer(call: Call, target: Target, row: sqlite3.Row) -> JsonObject:
    answer: JsonObject = {}
    if target.book is not None:
        answer |= {"b_c": target.book["b_c"], "b_o": target.book["b_o"]}
    if target.row_id is not None:
        answer |= {"field_id": str(target.field_id), "row_id": str(target.row_id)}
    return answer | {
        "success": True,
        "uuid": row["uuid"],
        "type": row["kind"],
        "ext": row["ext"],
        "originName": row["name"],
        "name": row["name"],
        "utilisateur_code": row["user"],
        "filesize": str(row["size"]),
        **addresses(call, row),
        "id": row["id"],
        "internName": f"{row['uuid']}.{row['ext']}",
        "media_id": row["id"],
        "mdc": None,
        "sstamp": row["sstamp"],
        "lastModified": paris_text(row["created"]),
    }


@dataclass(frozen=True)
class _Chunk:
    identifier: str
    number: int
    total: int
    size: int
    file_size: int


def _resumable_upload(call: Call) -> JsonObject:
    chunk = _chunk(call)
    uploads = [call.parameters.files[part] for part in CHUNK_PARTS if part in call.parameters.files]
    if not uploads:
        present = _chunks_there(call, chunk)
        if chunk.number not in present:
            raise NoContent
        return {"success": True, "received": present}
    content = uploads[0].content
    expected = chunk.size
    if chunk.number == chunk.total:
        expected = chunk.file_size - chunk.size * (chunk.total - 1)
    if len(content) != expected:
        raise Refusal(
            "invalid_parameter",
            f"chunk {chunk.number} holds {len(content)} bytes and should hold {expected}",
        )
    target = _target(call)
    with call.context.database.write() as connection:
        now = call.seconds()
        connection.execute(
            "DELETE FROM timetonic_chunk WHERE created < ?", (now - CHUNK_DAYS * 86400,)
        )
        connection.execute(
            "INSERT OR REPLACE INTO timetonic_chunk (user, identifier, number, created, content)"
            " VALUES (?, ?, ?, ?, ?)",
            (call.user, chunk.identifier, chunk.number, now, content),
        )
    present = _chunks_there(call, chunk)
    if len(present) < chunk.total:
        return {"success": True, "complete": False, "received": present}
    return _assemble(call, target, chunk) | {"complete": True}


def _chunk(call: Call) -> _Chunk:
    """The chunk's description. Raises Refusal when its numbers contradict each other."""
    parameters = call.parameters
    identifier = parameters.required("resumableIdentifier")
    chunk = _Chunk(
        identifier=identifier[:200],
        number=parameters.required_integer("resumableChunkNumber"),
        total=parameters.required_integer("resumableTotalChunks"),
        size=parameters.required_integer("resumableChunkSize"),
        file_size=parameters.required_integer("resumableTotalSize"),
    )
    if chunk.file_size > FILE_LIMIT:
        raise Refusal("too_large", f"a file may hold {FILE_LIMIT} bytes")
    if not (1 <= chunk.number <= chunk.total <= MOST_CHUNKS and chunk.size > 0):
        raise Refusal("invalid_parameter", "the chunk's numbers contradict each other")
    rest = chunk.file_size - chunk.size * (chunk.total - 1)
    # The library's last chunk may be longer than the others, by up to one chunk.
    if not 0 < rest < chunk.size * 2:
        raise Refusal("invalid_parameter", "resumableTotalSize does not fit the chunks")
    return chunk


def _chunks_there(call: Call, chunk: _Chunk) -> list[int]:
    rows = call.read(
        "SELECT number FROM timetonic_chunk WHERE user = ? AND identifier = ? AND number <= ?"
        " ORDER BY number",
        call.user,
        chunk.identifier,
        chunk.total,
    )
    return [int(row["number"]) for row in rows]


def _assemble(call: Call, target: Target, chunk: _Chunk) -> JsonObject:
    rows = call.read(
        "SELECT content FROM timetonic_chunk WHERE user = ? AND identifier = ? AND number <= ?"
        " ORDER BY number",
        call.user,
        chunk.identifier,
        chunk.total,
    )
    content = b"".join(row["content"] for row in rows)
    if len(content) != chunk.file_size:
        raise Refusal("invalid_parameter", "the chunks do not add up to resumableTotalSize")
    name = call.parameters.text("resumableFilename", default="file")
    uuid = call.parameters.text("uuid", default=str(uuids.uuid4()))
    answer = _keep(call, target, name, content, uuid)
    with call.context.database.write() as connection:
        connection.execute(
            "DELETE FROM timetonic_chunk WHERE user = ? AND identifier = ?",
            (call.user, chunk.identifier),
        )
    return answer


OPERATIONS = {
    "fileUpload": Operation(_file_upload, writes=True),
    "resumableUpload": Operation(_resumable_upload, writes=True),
}
