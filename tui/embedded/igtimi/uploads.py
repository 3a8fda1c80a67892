"""Uploads: a file into a resource, and a device's offline log (`.IPB`) for import.

Both have the same address; the content type `igtimi/binary_data` makes the difference (seed
document, "Upload File", "Upload Import", "List Import").
"""

from __future__ import annotations

import hashlib
import json
import sqlite3

from starlette.responses import Response

from tui.embedded.forms import Upload, media_type
from tui.embedded.igtimi.access import must
from tui.embedded.igtimi.answers import (
    Refused,
    bad_request,
    json_answer,
    now_milliseconds,
    unauthorized,
)
from tui.embedded.igtimi.blocks import Column, Series
from tui.embedded.igtimi.data_types import FILE
from tui.embedded.igtimi.imports import ImportResult, import_log
from tui.embedded.igtimi.operations import Call, Operation
from tui.embedded.igtimi.rights import resource_permissions
from tui.embedded.igtimi.runtime import runtime

IMPORT_TYPE = "igtimi/binary_data"
UPLOAD_LIMIT = 48 << 20
"""Bytes of one upload."""

_STATES = ("pending", "processing")
_LISTS = ("error", "pending", "processing", "completed")


def upload(call: Call) -> Response:
    """igtimi.data.upload_file, igtimi.data.upload_import"""
    kind = media_type(call.request)
    if kind == IMPORT_TYPE:
        return _import(call, Upload("", kind, call.body))
    if not call.parameters.files:
        raise bad_request("file is missing")
    file = call.parameters.files[0]
    if file.content_type.split(";")[0].strip().lower() == IMPORT_TYPE:
        return _import(call, file)
    return _keep_file(call, file)


def _keep_file(call: Call, file: Upload) -> Response:
    parameters = call.parameters
    start = int(parameters.required_milliseconds("start_time"))
    end = int(parameters.required_milliseconds("end_time"))
    if end < start:
        raise bad_request("end_time is before start_time")
    source = parameters.integer("source") or 0
    if source < 0:
        raise bad_request("source is a number from 0 on")
    resource = _resource(call)
    md5 = hashlib.md5(file.content, usedforsecurity=False).hexdigest()
    with call.context.database.write() as connection:
        row = connection.execute(
            "SELECT * FROM igtimi_resource WHERE id = ?", (resource,)
        ).fetchone()
        connection.execute(
            "INSERT INTO igtimi_file (resource_id, source, name, md5, content_type, start_time,"
            " end_time, content) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (resource, source, file.name, md5, file.content_type, start, end, file.content),
        )
        runtime(call.context).samples.put(
            Series(row["serial"], FILE, source),
            Column([start], [[file.name], [md5], [file.content_type], [len(file.content)]]),
        )
        types = sorted({*json.loads(row["data_types"]), FILE})
        connection.execute(
            "UPDATE igtimi_resource SET data_types = ?, start_time = min(start_time, ?),"
            " end_time = max(end_time, ?) WHERE id = ?",
            (json.dumps(types), start, end, resource),
        )
    datum = {"resource_id": resource, "md5": md5, "source": source}
    return json_answer({"resource_datum": datum})


def _resource(call: Call) -> int:
    """The resource that a file belongs to. Raises Refused (401) when it may not be changed."""
    parameters = call.parameters
    resource = parameters.integer("resource_id")
    if resource is None:
        stream, serial = parameters.integer("stream_id"), parameters.text("serial_number")
        if stream is None or not serial:
            raise bad_request("Give resource_id, or stream_id and serial_number")
        row = call.context.database.one(
            "SELECT id FROM igtimi_resource WHERE serial = ? AND stream_id = ?", (serial, stream)
        )
        if row is None:
            raise unauthorized("Resource does not exist")
        resource = int(row["id"])
    must(resource_permissions(call, resource).modify)
    return resource


def _import(call: Call, file: Upload) -> Response:
    if not file.content:
        raise Refused(400, "invalid_request", "file is missing or empty")
    md5 = hashlib.md5(file.content, usedforsecurity=False).hexdigest()
    now = now_milliseconds(call.context)
    with call.context.database.write() as connection:
        number = connection.execute(
            "INSERT INTO igtimi_import (user_id, file_id, md5, state, uploaded, updated, content)"
            " VALUES (?, '', ?, 'pending', ?, ?, ?)",
            (call.user, md5, now, now, file.content),
        ).lastrowid
        file_id = f"{number:08X}_{md5}.IPB"
        connection.execute("UPDATE igtimi_import SET file_id = ? WHERE id = ?", (file_id, number))
    return json_answer({"device_syncfile": {"file_id": file_id, "md5": md5}})


def list_imports(call: Call) -> Response:
    """igtimi.data.list_imports

    Each listing moves every file on by one state, after it has been told: so a client sees
    pending, then processing, then how it ended.
    """
    only = call.parameters.text("file_id")
    rows = call.context.database.read(
        "SELECT * FROM igtimi_import WHERE user_id = ? ORDER BY id", (call.user,)
    )
    lists: dict[str, list[dict[str, object]]] = {f"{state}_files": [] for state in _LISTS}
    for row in rows:
        if not only or row["file_id"] == only:
            lists[f"{row['state']}_files"].append(_wire(row))
    for row in rows:
        if row["state"] in _STATES:
            _move_on(call, row)
    return json_answer({"device_syncfiles": lists})


def _wire(row: sqlite3.Row) -> dict[str, object]:
    fields: dict[str, object] = {
        "file_name": row["file_id"],
        "md5": row["md5"],
        "uploaded_at": row["uploaded"],
        "updated_at": row["updated"],
    }
    if row["msg"] is not None:
        fields["msg"] = row["msg"]
    return fields


def _move_on(call: Call, row: sqlite3.Row) -> None:
    now = now_milliseconds(call.context)
    with call.context.database.write() as connection:
        if row["state"] == "pending":
            state, message = "processing", None
        else:
            result = import_log(call, bytes(row["content"]))
            state = "error" if result is ImportResult.UNREADABLE else "completed"
            message = result.value
        connection.execute(
            "UPDATE igtimi_import SET state = ?, msg = ?, updated = ? WHERE id = ?",
            (state, message, now, row["id"]),
        )


_UPLOAD = "/api/v1/resources/data/upload"

OPERATIONS = (
    Operation(
        "igtimi.data.upload_file",
        "POST",
        _UPLOAD,
        upload,
        body_limit=UPLOAD_LIMIT,
        also=("igtimi.data.upload_import",),
    ),
    Operation("igtimi.data.list_imports", "GET", _UPLOAD, list_imports),
)
