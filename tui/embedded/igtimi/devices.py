"""Devices (seed document, "Devices"): list, create, register, unregister, rename, information."""

from __future__ import annotations

import json
import re
import secrets
import sqlite3

from starlette.responses import Response

from tui.embedded.context import Context
from tui.embedded.igtimi.access import SAMPLE_USER, Reach, Who, must
from tui.embedded.igtimi.answers import (
    Refused,
    bad_request,
    json_answer,
    now_milliseconds,
    success,
    unauthorized,
)
from tui.embedded.igtimi.groups import blob_fields, make_group
from tui.embedded.igtimi.operations import Call, Operation
from tui.embedded.igtimi.rights import device_permissions, device_row
from tui.embedded.igtimi.windows import FAR_END, open_window

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_PREFIX = re.compile(r"[A-Z]{2}-?[A-Z]{2}-?|[A-Z]{2}-?")
_UNITS = len(_LETTERS) ** 4


def _wire(
    row: sqlite3.Row, reach: Reach, *, with_content: bool = False, with_info: bool = False
) -> dict[str, object]:
    permissions = reach.of(row["owner_id"], row["user_group_id"], row["admin_group_id"])
    fields: dict[str, object] = {
        "id": row["id"],
        "name": row["name"],
        "serial_number": row["serial"],
        "uid": row["uid"] if permissions.read else None,
        "imei": row["imei"] if permissions.read else None,
        "owner_id": row["owner_id"],
        "device_user_group_id": row["user_group_id"],
        "admin_device_user_group_id": row["admin_group_id"],
        "permissions": permissions.wire(),
        **blob_fields(row["blob"], with_content and permissions.read),
    }
    # Whoever knows the service tag can register the device: it is not public information,
    # and the recorded answer for a foreign device has none.
    if permissions.read:
        fields["service_tag"] = row["service_tag"]
    if with_info and permissions.read and row["info"]:
        fields["device_info"] = json.loads(row["info"])
    else:
        fields["device_info"] = row["info"] is not None
    return fields


def list_devices(call: Call) -> Response:
    """igtimi.devices.list: the user's devices; of named serials also public information."""
    serials = call.parameters.array("serial_numbers")
    # `blob` is the older name of `blob_content` and still works.
    with_content = call.parameters.boolean("blob_content", call.parameters.boolean("blob", False))
    with_info = call.parameters.boolean("device_info", False)
    reach = call.reach()
    devices = []
    for row in call.context.database.read("SELECT * FROM igtimi_device ORDER BY id"):
        own = reach.of(row["owner_id"], row["user_group_id"], row["admin_group_id"]).read
        if own if serials is None else row["serial"] in serials:
            fields = _wire(row, reach, with_content=with_content, with_info=with_info)
            devices.append({"device": fields})
    return json_answer({"devices": devices})


def next_serial(context: Context, prefix: str, date: str | None) -> str:
    """The next free serial `AA-AA-AAAA` of a prefix. Raises Refused when there is none."""
    letters = prefix.replace("-", "")
    if len(letters) == 2:
        letters += date or "AA"
    start = f"{letters[:2]}-{letters[2:4]}-"
    rows = context.database.read(
        "SELECT serial FROM igtimi_device WHERE substr(serial, 1, 6) = ?", (start,)
    )
    taken = {row["serial"] for row in rows}
    for number in range(_UNITS):
        unit, rest = "", number
        for _ in range(4):
            unit = _LETTERS[rest % 26] + unit
            rest //= 26
        if start + unit not in taken:
            return start + unit
    raise Refused(422, "no_serial_left", f"All serial numbers of {start} are taken")


def add_device(
    context: Context,
    serial: str,
    name: str,
    owner: int | None,
    *,
    uid: str | None = None,
    imei: str | None = None,
    service_tag: str | None = None,
    info: dict[str, str] | None = None,
    since: float | None = None,
) -> None:
    """Write a device, and register it to an owner if there is one."""
    tag = service_tag or "".join(secrets.choice(_LETTERS) for _ in range(4))
    with context.database.write() as connection:
        connection.execute(
            "INSERT INTO igtimi_device (name, serial, uid, imei, service_tag, info)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (name, serial, uid, imei, tag, json.dumps(info) if info else None),
        )
        if owner is not None:
            register(context, serial, owner, since)


def register(context: Context, serial: str, owner: int, since: float | None = None) -> None:
    """Make a device a user's own: two groups, and a window that opens its data from now on."""
    with context.database.write() as connection:
        group = make_group(context, f"{serial} users", owner, hidden=True)
        admins = make_group(context, f"{serial} admins", owner, hidden=True)
        connection.execute(
            "UPDATE igtimi_device SET owner_id = ?, user_group_id = ?, admin_group_id = ?"
            " WHERE serial = ?",
            (owner, group, admins, serial),
        )
        start = float(now_milliseconds(context)) if since is None else since
        open_window(context, serial, start, FAR_END, group=group, read=True, modify=True)


def create_device(call: Call) -> Response:
    """igtimi.devices.create: an identifier that exists already answers its device."""
    parameters = call.parameters
    prefix = parameters.required("prefix").upper()
    date = (parameters.text("date") or "").upper() or None
    if not _PREFIX.fullmatch(prefix):
        raise bad_request("prefix is two or four letters, such as AA-AA")
    if date is not None and not re.fullmatch("[A-Z]{2}", date):
        raise bad_request("date is two letters")
    owner: int | None = SAMPLE_USER
    if call.caller.device_group is not None:
        owner = _check_group(call, prefix) or owner
    if not parameters.boolean("register", True):
        owner = None
    uid, imei = parameters.text("uid"), parameters.text("imei")
    with call.context.database.write():
        row = _known(call.context, prefix, uid, imei)
        if row is None:
            serial = next_serial(call.context, prefix, date)
            add_device(call.context, serial, serial, owner, uid=uid, imei=imei)
            row = device_row(call, serial)
    fields = _wire(row, call.reach())
    del fields["device_info"]
    # The application that creates a device is told everything about it.
    fields |= {
        "uid": row["uid"],
        "imei": row["imei"],
        "service_tag": row["service_tag"],
        "permissions": {"read": True, "modify": True},
        "next_stream_id": row["next_stream_id"],
    }
    return json_answer({"device": fields})


def _check_group(call: Call, prefix: str) -> int | None:
    """The default owner of the device group's devices. Raises Refused (401) if it may not."""
    row = call.context.database.one(
        "SELECT * FROM igtimi_devicegroup WHERE id = ?", (call.caller.device_group,)
    )
    letters = prefix.replace("-", "")
    allowed = row is not None and letters.startswith(row["prefix"].replace("-", ""))
    if row is None or not row["create_devices"] or not allowed:
        raise unauthorized("The device group may not create devices with this prefix")
    owner: int | None = row["default_owner_id"]
    return owner


def _known(context: Context, prefix: str, uid: str | None, imei: str | None) -> sqlite3.Row | None:
    """The device with this identifier under the same prefix; the uid counts before the imei."""
    column, value = ("uid", uid) if uid else ("imei", imei)
    if not value:
        return None
    start = prefix.replace("-", "")
    return context.database.one(
        f"SELECT * FROM igtimi_device WHERE {column} = ?"
        " AND substr(replace(serial, '-', ''), 1, ?) = ?",
        (value, len(start), start),
    )


def register_device(call: Call) -> Response:
    """igtimi.devices.register: 401 unless serial and tag match and nobody else owns it."""
    serial = call.parameters.required("serial_number")
    tag = call.parameters.required("service_tag")
    row = call.context.database.one("SELECT * FROM igtimi_device WHERE serial = ?", (serial,))
    if row is None or not secrets.compare_digest(row["service_tag"].encode(), tag.encode()):
        raise unauthorized("Invalid Device Details")
    if row["owner_id"] not in (None, call.user):
        raise unauthorized("Invalid Device Details")
    if row["owner_id"] is None:
        register(call.context, serial, call.user)
    fields = _wire(device_row(call, serial), call.reach())
    for name in ("uid", "imei", "device_info"):
        del fields[name]
    return json_answer({"device": fields})


def unregister_device(call: Call) -> Response:
    """igtimi.devices.unregister: the device belongs to nobody; its windows close."""
    serial = call.path["serial"]
    row = device_row(call, serial)
    must(row["owner_id"] == call.user)
    with call.context.database.write() as connection:
        connection.execute("DELETE FROM igtimi_window WHERE serial = ?", (serial,))
        connection.execute("UPDATE igtimi_device SET owner_id = NULL WHERE serial = ?", (serial,))
        connection.execute(
            "DELETE FROM igtimi_group WHERE id IN (?, ?)",
            (row["user_group_id"], row["admin_group_id"]),
        )
    return success()


def update_device(call: Call) -> Response:
    """igtimi.devices.update: its name."""
    serial = call.path["serial"]
    must(device_permissions(call, serial).modify)
    name = call.parameters.required("name")
    with call.context.database.write() as connection:
        connection.execute("UPDATE igtimi_device SET name = ? WHERE serial = ?", (name, serial))
    return success()


def show_device_info(call: Call) -> Response:
    """igtimi.devices.info: printed as a Ruby hash in the document; JSON is assumed."""
    serial = call.path["serial"]
    must(device_permissions(call, serial).read)
    row = device_row(call, serial)
    return json_answer(json.loads(row["info"]) if row["info"] else {})


_DEVICE = "/api/v1/devices/{serial}"

OPERATIONS = (
    Operation("igtimi.devices.list", "GET", "/api/v1/devices", list_devices),
    Operation("igtimi.devices.create", "POST", "/api/v1/devices", create_device, Who.APPLICATION),
    Operation("igtimi.devices.register", "POST", "/api/v1/devices/register", register_device),
    Operation("igtimi.devices.unregister", "DELETE", _DEVICE + "/unregister", unregister_device),
    Operation("igtimi.devices.update", "PUT", _DEVICE, update_device),
    Operation("igtimi.devices.info", "GET", _DEVICE + "/device_info", show_device_info),
)
