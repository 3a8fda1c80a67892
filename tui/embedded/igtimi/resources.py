"""Resources: the stretches of data that a device has recorded (seed document, "Resources")."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping

from starlette.responses import Response

from tui.embedded.context import Context
from tui.embedded.igtimi.access import Who
from tui.embedded.igtimi.answers import bad_request, json_answer
from tui.embedded.igtimi.operations import Call, Operation
from tui.embedded.igtimi.rights import overlaps, windows_of


def add_resource(
    context: Context,
    serial: str,
    start: int,
    end: int,
    types: Iterable[int],
    *,
    archived: bool = False,
) -> int:
    """A new resource of a device, with its next stream id; answers the resource's id."""
    with context.database.write() as connection:
        row = connection.execute(
            "UPDATE igtimi_device SET next_stream_id = next_stream_id + 1 WHERE serial = ?"
            " RETURNING next_stream_id - 1 AS stream",
            (serial,),
        ).fetchone()
        resource = connection.execute(
            "INSERT INTO igtimi_resource"
            " (serial, stream_id, start_time, end_time, data_types, archive_polls)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (serial, row["stream"], start, end, json.dumps(sorted(types)), 2 if archived else 0),
        ).lastrowid
    assert resource is not None
    return resource


def list_resources(call: Call) -> Response:
    """igtimi.resources.list

    `start_time` and `end_time` keep the resources that touch that stretch: the document's
    "created since" and "created before" would lose one that is being recorded.
    """
    parameters = call.parameters
    permission = parameters.required("permission")
    if permission not in ("read", "modify"):
        raise bad_request("permission is read or modify")
    serials = parameters.array("serial_numbers")
    streams = parameters.integers("stream_ids")
    if permission == "read" and serials is None and streams is None:
        raise bad_request("serial_numbers is missing")
    start, end = parameters.milliseconds("start_time"), parameters.milliseconds("end_time")
    rows = [
        row
        for row in call.context.database.read("SELECT * FROM igtimi_resource ORDER BY id")
        if (serials is None or row["serial"] in serials)
        and (streams is None or row["stream_id"] in streams)
        and (start is None or row["end_time"] >= start)
        and (end is None or row["start_time"] <= end)
    ]
    reach = call.reach()
    named = sorted({row["serial"] for row in rows})
    readable = windows_of(call, named, reach=reach)
    modifiable = windows_of(call, named, modify=True, reach=reach)
    found = []
    for row in rows:
        span = (row["start_time"], row["end_time"])
        permissions = {
            "read": overlaps(readable.get(row["serial"], []), *span),
            "modify": overlaps(modifiable.get(row["serial"], []), *span),
        }
        if permissions[permission]:
            found.append({"resource": _wire(row, permissions)})
    return json_answer({"resources": found})


def _wire(row: sqlite3.Row, permissions: Mapping[str, bool]) -> dict[str, object]:
    return {
        "id": row["id"],
        "start_time": row["start_time"],
        "end_time": row["end_time"],
        "device_serial_number": row["serial"],
        "data_types": json.loads(row["data_types"]),
        "permissions": dict(permissions),
        "blob": row["blob"] is not None,
    }


OPERATIONS = (
    Operation(
        "igtimi.resources.list", "GET", "/api/v1/resources", list_resources, Who.USER_OR_CLIENT
    ),
)
