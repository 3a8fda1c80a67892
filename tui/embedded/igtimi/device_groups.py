"""Device groups and their tokens (seed document, "Device Groups").

An expiry is sent in milliseconds, answered in seconds by the groups and as
`2018-07-16 02:49:30 UTC` by the list of tokens: the documents show all three.
"""

from __future__ import annotations

import secrets
import sqlite3
from datetime import UTC, datetime

from starlette.responses import Response

from tui.embedded.igtimi.access import Who
from tui.embedded.igtimi.answers import (
    bad_request,
    json_answer,
    now_milliseconds,
    unauthorized,
)
from tui.embedded.igtimi.operations import Call, Operation

_LATEST = 253_402_300_799_000
"""The end of the year 9999, beyond which a date cannot be written."""


def _wire(row: sqlite3.Row) -> dict[str, object]:
    return {
        "id": row["id"],
        "token": row["token"],
        "prefix": row["prefix"],
        "permissions": {
            "create_devices": bool(row["create_devices"]),
            "create_tokens": bool(row["create_tokens"]),
        },
        "default_owner_id": row["default_owner_id"],
        "default_admin_id": None,
        "default_user_id": None,
        "expiry": None if row["expiry"] is None else row["expiry"] // 1000,
    }


def _row(call: Call, group: int) -> sqlite3.Row:
    row = call.context.database.one("SELECT * FROM igtimi_devicegroup WHERE id = ?", (group,))
    if row is None:
        raise unauthorized("Device group does not exist")
    return row


def create_device_group(call: Call) -> Response:
    """igtimi.devicegroups.create: with a device group's token, a group below that one.

    `recipient` names the parent by its id or token instead; only the application may do that.
    """
    parameters = call.parameters
    prefix = parameters.required("prefix")
    expiry = parameters.integer("expiry")
    if expiry is not None and not 0 <= expiry <= _LATEST:
        raise bad_request("expiry is a timestamp in milliseconds")
    owner = parameters.integer("default_owner_id")
    if owner is not None and not call.context.database.one(
        "SELECT 1 FROM igtimi_user WHERE id = ?", (owner,)
    ):
        raise unauthorized("User does not exist")
    parent = call.caller.device_group
    if parent is None:
        parent = _recipient(call)
    if parent is not None:
        above = _row(call, parent)
        if not above["create_tokens"] or not prefix.startswith(above["prefix"].rstrip("-")):
            raise unauthorized("The device group may not create this group")
    with call.context.database.write() as connection:
        group = connection.execute(
            "INSERT INTO igtimi_devicegroup"
            " (token, prefix, create_devices, create_tokens, parent, default_owner_id, expiry)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                secrets.token_urlsafe(24),
                prefix,
                int(parameters.boolean("create_devices", False)),
                int(parameters.boolean("create_tokens", False)),
                parent,
                owner,
                expiry,
            ),
        ).lastrowid
    assert group is not None
    return json_answer({"devicegroup": _wire(_row(call, group))})


def _recipient(call: Call) -> int | None:
    given = call.parameters.text("recipient")
    if not given:
        return None
    row = call.context.database.one(
        "SELECT id FROM igtimi_devicegroup WHERE token = ? OR CAST(id AS TEXT) = ?", (given, given)
    )
    if row is None:
        raise unauthorized("Device group does not exist")
    group: int = row["id"]
    return group


def _visible(call: Call) -> list[sqlite3.Row]:
    """All groups for the application; for a device group itself and those below it."""
    if call.caller.device_group is None:
        return call.context.database.read("SELECT * FROM igtimi_devicegroup ORDER BY id")
    return call.context.database.read(
        "WITH RECURSIVE below(id) AS (SELECT ? UNION SELECT g.id FROM igtimi_devicegroup g"
        " JOIN below ON g.parent = below.id)"
        " SELECT * FROM igtimi_devicegroup WHERE id IN (SELECT id FROM below) ORDER BY id",
        (call.caller.device_group,),
    )


def list_tokens(call: Call) -> Response:
    """igtimi.devicegroup_tokens.list"""
    tokens = []
    for row in _visible(call):
        expiry = None
        if row["expiry"] is not None:
            moment = datetime.fromtimestamp(row["expiry"] // 1000, UTC)
            expiry = moment.strftime("%Y-%m-%d %H:%M:%S UTC")
        tokens.append(
            {
                "devicegroup_token": {
                    "id": row["id"],
                    "token": row["token"],
                    "expiry": expiry,
                    "parent_devicegroup_token_id": row["parent"],
                }
            }
        )
    return json_answer({"devicegroup_tokens": tokens})


def list_device_groups(call: Call) -> Response:
    """igtimi.devicegroups.list: by their tokens, which are all the permission that is needed, or
    all that an application or a device group may see.
    """
    parameters = call.parameters
    expired = parameters.boolean("show_expired", False)
    subgroups = parameters.boolean("show_subgroups", False)
    tokens = parameters.array("devicegroup_tokens")
    if tokens is None:
        call = call.as_application()
        rows = _visible(call)
    else:
        rows = call.context.database.read("SELECT * FROM igtimi_devicegroup ORDER BY id")
        named = {row["id"] for row in rows if row["token"] in tokens}
        rows = [row for row in rows if row["id"] in named or row["parent"] in named]
    shown = {row["id"] for row in rows}
    now = now_milliseconds(call.context)
    return json_answer(
        {
            "devicegroups": [
                {"devicegroup": _wire(row)}
                for row in rows
                if (expired or row["expiry"] is None or row["expiry"] > now)
                and (subgroups or row["parent"] not in shown)
            ]
        }
    )


OPERATIONS = (
    Operation(
        "igtimi.devicegroups.create",
        "POST",
        "/api/v1/devicegroups",
        create_device_group,
        Who.APPLICATION,
    ),
    Operation(
        "igtimi.devicegroups.list",
        "GET",
        "/api/v1/devicegroups",
        list_device_groups,
        Who.NOBODY,
    ),
    Operation(
        "igtimi.devicegroup_tokens.list",
        "GET",
        "/api/v1/devicegroup_tokens",
        list_tokens,
        Who.APPLICATION,
    ),
)
