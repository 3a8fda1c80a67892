"""Data access windows (seed document, "Data Access Windows")."""

from __future__ import annotations

from starlette.responses import Response

from tui.embedded.context import Context
from tui.embedded.igtimi.access import must
from tui.embedded.igtimi.answers import bad_request, json_answer, success, unauthorized
from tui.embedded.igtimi.operations import Call, Operation
from tui.embedded.igtimi.rights import device_permissions, placeholders

FAR_END = 4517429771979.67
"""The year 2113: what "for ever" looks like in the documents."""


def open_window(
    context: Context,
    serial: str,
    start: float,
    end: float,
    *,
    read: bool,
    modify: bool,
    user: int | None = None,
    group: int | None = None,
) -> None:
    """Give a user or a group a device's data of a stretch of time."""
    with context.database.write() as connection:
        connection.execute(
            "INSERT INTO igtimi_window"
            " (serial, start_time, end_time, user_id, group_id, read, modify)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (serial, start, end, user, group, int(read), int(modify)),
        )


def list_windows(call: Call) -> Response:
    """igtimi.data_access_windows.list: those given to the user, or on devices they manage.

    The documents say `type=read`; the vendor's own viewer sent `types[]=read&types[]=modify`.
    """
    parameters = call.parameters
    kinds = parameters.array("types") or [parameters.required("type")]
    if not set(kinds) <= {"read", "modify"}:
        raise bad_request("type is read or modify")
    start, end = parameters.milliseconds("start_time"), parameters.milliseconds("end_time")
    serials = parameters.array("serial_numbers")
    reach = call.reach()
    groups = sorted(reach.groups)
    rows = call.context.database.read(
        "SELECT w.*, d.owner_id, d.admin_group_id FROM igtimi_window w"
        " JOIN igtimi_device d ON d.serial = w.serial"
        f" WHERE ({' OR '.join(f'w.{kind} = 1' for kind in sorted(set(kinds)))}) ORDER BY w.id"
    )
    found = []
    for row in rows:
        mine = row["user_id"] == call.user or row["group_id"] in groups
        manages = reach.of(row["owner_id"], None, row["admin_group_id"]).modify
        if (
            (mine or manages)
            and (serials is None or row["serial"] in serials)
            and (start is None or row["end_time"] >= start)
            and (end is None or row["start_time"] <= end)
        ):
            kind = "user" if row["user_id"] is not None else "group"
            found.append(
                {
                    "data_access_window": {
                        "id": row["id"],
                        "start_time": row["start_time"],
                        "end_time": row["end_time"],
                        "device_serial_number": row["serial"],
                        "recipient": {kind: {"id": row[f"{kind}_id"]}},
                        "permissions": {"read": bool(row["read"]), "modify": bool(row["modify"])},
                    }
                }
            )
    return json_answer({"data_access_windows": found})


def create_window(call: Call) -> Response:
    """igtimi.data_access_windows.create"""
    serial = call.path["serial"]
    must(device_permissions(call, serial).modify)
    parameters = call.parameters
    start = parameters.required_milliseconds("start_time")
    end = parameters.required_milliseconds("end_time")
    if end < start:
        raise bad_request("end_time is before start_time")
    user, group = parameters.integer("user_id"), parameters.integer("group_id")
    if (user is None) == (group is None):
        raise bad_request("Give either user_id or group_id")
    read, modify = parameters.boolean("read", False), parameters.boolean("modify", False)
    if not (read or modify):
        raise bad_request("Give read or modify permission")
    table, recipient = ("igtimi_user", user) if user is not None else ("igtimi_group", group)
    known = call.context.database.read(
        f"SELECT 1 FROM {table} WHERE id IN ({placeholders([recipient])})", (recipient,)
    )
    if not known:
        raise unauthorized("User or group does not exist")
    open_window(call.context, serial, start, end, read=read, modify=modify, user=user, group=group)
    return success()


OPERATIONS = (
    Operation(
        "igtimi.data_access_windows.list",
        "GET",
        "/api/v1/devices/data_access_windows",
        list_windows,
    ),
    Operation(
        "igtimi.data_access_windows.create",
        "POST",
        "/api/v1/devices/{serial}/data_access_windows",
        create_window,
    ),
)
