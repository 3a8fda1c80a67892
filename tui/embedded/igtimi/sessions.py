"""Sessions (seed document, "Sessions"): names and times come from their logs."""

from __future__ import annotations

import sqlite3
from urllib.parse import quote

from starlette.responses import Response

from tui.embedded.context import Context
from tui.embedded.igtimi.access import Permissions, Reach, Who, must
from tui.embedded.igtimi.answers import json_answer, success, unauthorized
from tui.embedded.igtimi.blocks import whole
from tui.embedded.igtimi.groups import blob_fields, make_group
from tui.embedded.igtimi.operations import Call, Operation


def session_row(call: Call, session: int) -> sqlite3.Row:
    """The session. Raises Refused (401) when there is none."""
    row = call.context.database.one("SELECT * FROM igtimi_session WHERE id = ?", (session,))
    if row is None:
        raise unauthorized("Session does not exist")
    return row


def session_permissions(call: Call, session: int) -> Permissions:
    """What the caller may do with a session. Raises Refused (401) when there is none."""
    return _permissions(session_row(call, session), call.reach())


def _permissions(row: sqlite3.Row, reach: Reach) -> Permissions:
    return reach.of(row["owner_id"], row["group_id"], row["admin_group_id"])


def _wire(call: Call, row: sqlite3.Row, permissions: Permissions) -> dict[str, object]:
    fields: dict[str, object] = {
        "id": row["id"],
        "name": row["name"],
        "start_time": row["start_time"],
        "end_time": row["end_time"],
        "owner_id": row["owner_id"],
        "session_group_id": row["group_id"],
        "admin_session_group_id": row["admin_group_id"],
        "permissions": permissions.wire(),
    }
    if call.context.quirks:
        # What was seen beside the document: two more fields, whole times as integers, and
        # names that one client had percent-encoded (reference/igtimi.md section 4).
        fields |= {"parent_session_id": row["parent_session_id"], "ou": None}
        for name in ("start_time", "end_time"):
            if row[name] is not None:
                fields[name] = whole(row[name])
        if row["name"] is not None and row["id"] % 5 == 0:
            fields["name"] = quote(row["name"], safe="/")
    return fields


def _is_wanted(row: sqlite3.Row, start: float | None, end: float | None, incomplete: bool) -> bool:
    first, last = row["start_time"], row["end_time"]
    if first is None or last is None:
        return incomplete
    return (start is None or last >= start) and (end is None or first <= end)


def list_sessions(call: Call) -> Response:
    """igtimi.sessions.list, the newest first.

    `public` (true unless told otherwise) adds the sessions that are seen only because they are
    public. `start_time` and `end_time` keep sessions that begin, or extend, on that side.
    """
    parameters = call.parameters
    ids = parameters.integers("ids")
    public = parameters.boolean("public", True) or call.caller.is_application
    incomplete = parameters.boolean("include_incomplete", True)
    start, end = parameters.milliseconds("start_time"), parameters.milliseconds("end_time")
    with_content = parameters.boolean("blob_content", False)
    limit = parameters.integer("limit")
    reach = call.reach()
    found: list[dict[str, object]] = []
    for row in call.context.database.read("SELECT * FROM igtimi_session ORDER BY id DESC"):
        if limit is not None and len(found) >= max(limit, 0):
            break
        permissions = _permissions(row, reach)
        own = permissions.modify or row["group_id"] in reach.own_groups
        if (
            permissions.read
            and (own or public)
            and (ids is None or row["id"] in ids)
            and _is_wanted(row, start, end, incomplete)
        ):
            fields = _wire(call, row, permissions) | blob_fields(row["blob"], with_content)
            found.append({"session": fields})
    return json_answer({"sessions": found})


def add_session(context: Context, owner: int) -> int:
    """An empty session with its two groups, in which only the owner is; answers its id."""
    with context.database.write() as connection:
        group = make_group(context, "session", owner, hidden=True)
        admins = make_group(context, "session admins", owner, hidden=True)
        session = connection.execute(
            "INSERT INTO igtimi_session (owner_id, group_id, admin_group_id) VALUES (?, ?, ?)",
            (owner, group, admins),
        ).lastrowid
    assert session is not None
    return session


def create_session(call: Call) -> Response:
    """igtimi.sessions.create"""
    session = add_session(call.context, call.user)
    return json_answer(
        {"session": _wire(call, session_row(call, session), Permissions(True, True))}
    )


def get_session(call: Call) -> Response:
    """igtimi.sessions.get"""
    row = session_row(call, call.path_id("session_id"))
    permissions = _permissions(row, call.reach())
    must(permissions.read)
    return json_answer({"session": _wire(call, row, permissions) | blob_fields(row["blob"], False)})


def delete_session(call: Call) -> Response:
    """igtimi.sessions.delete: its logs and its two groups go with it."""
    row = session_row(call, call.path_id("session_id"))
    must(_permissions(row, call.reach()).modify)
    with call.context.database.write() as connection:
        connection.execute("DELETE FROM igtimi_session WHERE id = ?", (row["id"],))
        connection.execute(
            "DELETE FROM igtimi_group WHERE id IN (?, ?)", (row["group_id"], row["admin_group_id"])
        )
    return success()


_SESSION = "/api/v1/sessions/{session_id}"

OPERATIONS = (
    Operation("igtimi.sessions.list", "GET", "/api/v1/sessions", list_sessions, Who.USER_OR_CLIENT),
    Operation("igtimi.sessions.create", "POST", "/api/v1/sessions", create_session),
    Operation("igtimi.sessions.get", "GET", _SESSION, get_session, Who.USER_OR_CLIENT),
    Operation("igtimi.sessions.delete", "DELETE", _SESSION, delete_session),
)
