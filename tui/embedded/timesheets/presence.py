"""What a person sees first: the dashboard and the history of their own work.

Both answer NOT-MODIFIED when nothing has changed since `last_update`. A change in the very
second of `last_update` counts as later, because it may have come after the answer.
Source: documents, chapter USER; reference page 3.7, points 4, 18, 19.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime

from tui.embedded.timesheets.answers import Record, entity_map, invalid, success
from tui.embedded.timesheets.calls import Call, Operation, operation
from tui.embedded.timesheets.listing import expansions
from tui.embedded.timesheets.parameters import expansion, integer, mapping, optional, timestamp
from tui.embedded.timesheets.views import (
    PORTRAIT,
    TaskDetails,
    entry_view,
    linked_users,
    pick,
    short_projects,
    task,
    tasks_by_id,
)
from tui.embedded.timesheets.work import Filter, entries, running

_COLUMNS = {
    "id": "e.id",
    "user_id": "e.user_id",
    "task_id": "e.task_id",
    "project_id": "p.id",
    "schedule_id": "e.schedule_id",
    "start_time": "e.start_time",
    "end_time": "e.end_time",
    "approve_date": "e.approve_date",
    "payment_status": "e.payment_status",
    "status": "e.status",
}
_OPERANDS = {
    "=": "=",
    "==": "=",
    "!=": "<>",
    "<>": "<>",
    "<": "<",
    "<=": "<=",
    ">": ">",
    ">=": ">=",
}
_TEXT_FIELDS = ("status", "payment_status")


def naive_text(moment: int) -> str:
    """`YYYY-MM-DD HH:MM:SS` without a zone; UTC (assumption)."""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%d %H:%M:%S")


def _unchanged(call: Call, user_id: int) -> Record | None:
    seen = call.arguments.get("last_update", int)
    changed: int = call.find("users", user_id)["changed"]
    if seen is None or changed >= seen:
        return None
    return {
        "status": "NOT-MODIFIED",
        "message": "Nothing has changed since last_update.",
        "timestamp": call.now,
    }


def dashboard(call: Call) -> Record:
    """The tasks that wait for a user and the entry that runs.

    Current tasks are those assigned to the user that are neither done nor cancelled.
    """
    user_id = call.chosen_user()
    unchanged = _unchanged(call, user_id)
    if unchanged is not None:
        return unchanged
    rows = call.read(
        "SELECT t.* FROM timesheets_tasks t JOIN timesheets_assignments a ON a.task_id = t.id "
        "WHERE a.user_id = ? AND t.status IN ('new', 'in-progress') ORDER BY t.id",
        (user_id,),
    )
    details = TaskDetails.of(call, [row["id"] for row in rows])
    started = running(call, user_id)
    data: Record = {
        "current_tasks": [task(row, details) for row in rows],
        "current_time_entry": [] if started is None else entry_view(started, schedule=True),
    }
    return success(f"{len(rows)} task(s) found.", data=data, timestamp=call.now)


def _condition(chosen: Filter, position: int, field: str, wanted: object) -> None:
    operand: object = "="
    if isinstance(wanted, dict):
        operand = wanted.get("operand", "=")
        wanted = wanted.get("value")
    if field not in _COLUMNS:
        raise invalid(f"Parameter filters cannot name {field[:40]}.")
    if not isinstance(operand, str) or operand not in _OPERANDS:
        raise invalid(f"Parameter filters must use one of {', '.join(_OPERANDS)}.")
    if field == "status" and wanted == "done":
        # The one sample filters by "done", which is no status of an entry: it has ended.
        empty = "IS NOT NULL" if _OPERANDS[operand] == "=" else "IS NULL"
        chosen.add(f"e.end_time {empty}")
        return
    kind: Callable[[object], object] = _word if field in _TEXT_FIELDS else integer
    try:
        value = kind(wanted)
    except ValueError as problem:
        raise invalid(f"Parameter filters: {field} {problem}.") from None
    mark = f"filter{position}"
    chosen.add(f"{_COLUMNS[field]} {_OPERANDS[operand]} :{mark}", **{mark: value})


def _word(value: object) -> str:
    if not isinstance(value, str) or len(value) > 40 or not value.isascii():
        raise ValueError("must be a word")
    return value


def _order(call: Call) -> str:
    orders = []
    for field, direction in (call.arguments.get("sorts", dict) or {}).items():
        if field not in _COLUMNS or direction not in ("asc", "desc"):
            raise invalid("Parameter sorts must map fields of a time entry to asc or desc.")
        orders.append(f"{_COLUMNS[field]} {direction}")
    return ", ".join([*orders, "e.start_time DESC", "e.id DESC"])


def _history_entry(row: sqlite3.Row) -> Record:
    shown = entry_view(row, schedule=True)
    for field in ("start_time", "end_time"):
        if field in shown:
            shown[field] = naive_text(row[field])
    return shown


def history(call: Call) -> Record:
    """A user's time entries, newest first, with the documented filters and sorts."""
    user_id = call.chosen_user()
    unchanged = _unchanged(call, user_id)
    if unchanged is not None:
        return unchanged
    chosen = Filter(call).add("e.user_id = :owner", owner=user_id)
    wanted = call.arguments.get("filters", dict) or {}
    for position, (field, value) in enumerate(wanted.items()):
        _condition(chosen, position, field, value)
    found = entries(call, chosen, _order(call))
    data: Record = {"time_entries": [_history_entry(row) for row in found]}
    linked = expansions(call)
    if "tasks" in linked:
        data["tasks"] = history_tasks(call, found)
    if "users" in linked:
        data["users"] = linked_users(call, [row["user_id"] for row in found], *PORTRAIT)
    if "projects" in linked:
        data["projects"] = short_projects(call, [row["project_id"] for row in found])
    message = f"{len(found)} time entries found."
    return success(message, data=data, count=len(found), timestamp=call.now)


def history_tasks(call: Call, found: list[sqlite3.Row]) -> object:
    """Tasks as the two histories of work show them."""
    return entity_map(
        {
            row["id"]: {
                "id": row["id"],
                "project": row["project_id"],
                **pick(row, "name", "status"),
            }
            for row in tasks_by_id(call, [row["task_id"] for row in found])
        }
    )


OPERATIONS: tuple[Operation, ...] = (
    operation(
        "user.dashboard",
        "user/dashboard",
        dashboard,
        *optional(user_id=integer, last_update=timestamp),
    ),
    operation(
        "user.history",
        "user/history",
        history,
        *optional(user_id=integer, last_update=timestamp, filters=mapping, sorts=mapping),
        expansion("users", "tasks", "projects"),
    ),
)
