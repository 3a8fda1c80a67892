"""Session logs over HTTP: XML both ways (seed document, "Session Logs")."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.responses import Response

from tui.embedded.context import Context
from tui.embedded.igtimi.access import Who, must
from tui.embedded.igtimi.answers import Refused, now_milliseconds, success
from tui.embedded.igtimi.operations import Call, Operation
from tui.embedded.igtimi.session_log import (
    Entry,
    LogRefused,
    folded,
    read_additions,
    write_log,
)
from tui.embedded.igtimi.sessions import session_permissions

LOG_LIMIT = 1 << 20
"""Bytes of XML that one addition may have."""


def log_entries(context: Context, session: int, since: float = 0.0) -> list[Entry]:
    """The entries of a session's log from a time on, in order."""
    rows = context.database.read(
        "SELECT id, created, data FROM igtimi_log WHERE session_id = ? AND created >= ?"
        " ORDER BY id",
        (session, since),
    )
    return [Entry(row["id"], row["created"], row["data"]) for row in rows]


def append_entries(context: Context, session: int, data: Iterable[str], created: int) -> None:
    """Write entries and bring the session's name and times up to date, as one change."""
    with context.database.write() as connection:
        connection.executemany(
            "INSERT INTO igtimi_log (session_id, created, data) VALUES (?, ?, ?)",
            [(session, created, element) for element in data],
        )
        summary = folded(log_entries(context, session))
        connection.execute(
            "UPDATE igtimi_session SET name = ?, start_time = ?, end_time = ? WHERE id = ?",
            (summary.name, summary.start_time, summary.end_time, session),
        )


def list_logs(call: Call) -> Response:
    """igtimi.session_logs.list"""
    session = call.path_id("session_id")
    must(session_permissions(call, session).read)
    since = call.parameters.milliseconds("start_time") or 0.0
    document = write_log(session, log_entries(call.context, session, since))
    return Response(document, media_type="application/xml; charset=utf-8")


def create_logs(call: Call) -> Response:
    """igtimi.session_logs.create: all additions or none. 403 with a reason as text."""
    session = call.path_id("session_id")
    must(session_permissions(call, session).modify)
    known = frozenset(entry.id for entry in log_entries(call.context, session))
    try:
        additions = read_additions(call.body, session, known)
    except LogRefused as error:
        raise Refused(403, str(error), text=True) from None
    append_entries(call.context, session, additions, now_milliseconds(call.context))
    return success()


_LOGS = "/api/v1/sessions/{session_id}/logs"

OPERATIONS = (
    Operation("igtimi.session_logs.list", "GET", _LOGS, list_logs, Who.USER_OR_CLIENT),
    Operation("igtimi.session_logs.create", "POST", _LOGS, create_logs, body_limit=LOG_LIMIT),
)
