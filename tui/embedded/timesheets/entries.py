"""The chapter TIME ENTRY, one entry at a time: start, stop, breaks, changes.

A user has at most one entry that runs, an entry at most one break that runs. Source: documents,
chapter TIME ENTRY; reference page 3.7, points 4, 5, 13, 18, 26, 27.
"""

from __future__ import annotations

import sqlite3

from tui.embedded.timesheets.answers import Record, Refusal, entity_map, invalid, present, success
from tui.embedded.timesheets.calls import Call, Operation, operation
from tui.embedded.timesheets.comments import (
    comment_view,
    commentators,
    comments_on,
    write_comment,
)
from tui.embedded.timesheets.listing import expansions
from tui.embedded.timesheets.parameters import (
    Parameter,
    expansion,
    integer,
    location,
    optional,
    required,
    text,
    timestamp,
)
from tui.embedded.timesheets.presence import naive_text
from tui.embedded.timesheets.removal import remove_entries
from tui.embedded.timesheets.views import (
    PAID_NAME,
    TaskDetails,
    active,
    full_task,
    linked_projects,
    linked_users,
    pick,
    projects_by_id,
    tasks_by_id,
)
from tui.embedded.timesheets.work import entry, ids, running, schedule_for


def _remember(call: Call, entry_id: int, status: str) -> None:
    call.insert(
        "entry_history", entry_id=entry_id, status=status, date=call.now, user_id=call.actor.id
    )


def _begin(call: Call, user_id: int, start: int, end: int | None, place: str | None) -> int:
    entry_id = call.insert(
        "entries",
        user_id=user_id,
        task_id=call.arguments.get("task_id", int),
        schedule_id=schedule_for(call, user_id, start),
        start_time=start,
        end_time=end,
        start_location=place,
        updated=call.now,
    )
    _remember(call, entry_id, "in-progress")
    comment = call.arguments.get("comment", str)
    if comment:
        write_comment(call, "entry", entry_id, comment)
    call.touch([user_id])
    return entry_id


def _task_exists(call: Call) -> bool:
    task_id = call.arguments.get("task_id", int)
    return task_id is None or bool(tasks_by_id(call, [task_id]))


def start(call: Call) -> Record:
    """Start the clock of the current user; no id is answered.

    The two refusals are answered with HTTP 200 and status ERROR.
    """
    if not _task_exists(call):
        raise Refusal(200, "Task not found.")
    if running(call, call.actor.id) is not None:
        raise Refusal(200, "Found started TimeEntry.")
    _begin(call, call.actor.id, call.now, None, call.arguments.get("location", str))
    return success("Starteed.")


def stop(call: Call) -> Record:
    """Stop the current user's clock and a break that still runs.

    A task_id that is not the one of the running entry stops nothing (assumption: refused with
    the words and the code that break_start is documented with).
    """
    started = running(call, call.actor.id)
    task_id = call.arguments.get("task_id", int)
    if started is None or (task_id is not None and started["task_id"] != task_id):
        raise Refusal(404, "Started TimeEntry not found.")
    _finish(call, started, call.now)
    call.change("entries", started["id"], {"end_location": call.arguments.get("location", str)})
    comment = call.arguments.get("comment", str)
    if comment:
        write_comment(call, "entry", started["id"], comment)
    call.touch([call.actor.id])
    return success("Stopped.")


def _finish(call: Call, row: sqlite3.Row, moment: int) -> None:
    call.run(
        "UPDATE timesheets_breaks SET end_time = MAX(start_time, ?) "
        "WHERE entry_id = ? AND end_time IS NULL",
        (moment, row["id"]),
    )
    end = max(moment, row["start_time"])
    call.change("entries", row["id"], {"end_time": end, "updated": call.now})


def create(call: Call) -> Record:
    """An entry for a user. Without end_time it runs, so the user must have none that runs."""
    user_id = call.chosen_user()
    if not _task_exists(call):
        raise Refusal(404, "Task not found.")
    begun = call.arguments.get("start_time", int)
    begun = call.now if begun is None else begun
    ended = call.arguments.get("end_time", int)
    if ended is None:
        if begun > call.now:
            raise invalid("A running entry cannot start in the future.")
        if running(call, user_id) is not None:
            raise Refusal(200, "Found started TimeEntry.")
    elif ended < begun:
        raise invalid("Parameter end_time must not be before start_time.")
    entry_id = _begin(call, user_id, begun, ended, call.arguments.get("location", str))
    return success("Successfully created.", id=entry_id)


def get(call: Call) -> Record:
    """One entry, where `breaks` is a count, and on request lists of breaks and comments.

    `with` is in the sample only. There, projects bring the task and the customer with them and
    comments bring their commentators.
    """
    row = entry(call, call.arguments.need("time_entry_id", int))
    shown = present(
        {
            **pick(row, "id", "user_id", "task_id", "start_time", "end_time", "duration"),
            **pick(row, "approve_date", "breaks", "status"),
        }
    )
    data: Record = {"time_entry": shown}
    linked = expansions(call)
    if "users" in linked:
        data["users"] = linked_users(call, [row["user_id"]], *PAID_NAME)
    if "breaks" in linked:
        data["breaks"] = [
            present(
                {
                    **pick(pause, "id", "start_time", "end_time"),
                    "duration": _length(call, pause),
                }
            )
            for pause in _breaks_of(call, row["id"])
        ]
    if "comments" in linked:
        written = comments_on(call, "entry", row["id"])
        data["comments"] = [comment_view(comment) for comment in written]
        data["commentators"] = commentators(call, written)
    if "tasks" in linked or "projects" in linked:
        data["tasks"] = _task_of(call, row)
    if "projects" in linked:
        data["projects"] = linked_projects(call, [row["project_id"]])
        data["customers"] = _customers(call, row)
    return success("1 time entries found.", data=data, count=1)


def _task_of(call: Call, row: sqlite3.Row) -> object:
    found = tasks_by_id(call, [row["task_id"]])
    details = TaskDetails.of(call, [task["id"] for task in found])
    left_out = {"users", "estimate", "estimate_unit"}
    return entity_map(
        {
            task["id"]: {
                name: value
                for name, value in full_task(task, details).items()
                if name not in left_out
            }
            for task in found
        }
    )


def _customers(call: Call, row: sqlite3.Row) -> object:
    owners = [project["client_id"] for project in projects_by_id(call, [row["project_id"]])]
    rows = call.read(
        "SELECT * FROM timesheets_clients WHERE id IN (SELECT value FROM json_each(?))",
        (ids(owners),),
    )
    return entity_map(
        {client["id"]: {**pick(client, "id", "name"), "status": active(client)} for client in rows}
    )


def _not_on_invoice(row: sqlite3.Row) -> None:
    if row["invoice_id"] is not None:
        raise invalid("The time entry is on an invoice; delete the invoice first.")


def update(call: Call) -> Record:
    """Change task or times (start_datetime and end_datetime here, unlike create).

    Assumptions: an entry on an invoice stays as it is (400); one that was approved or rejected
    waits for approval again, because something else was looked at; breaks must still fit.
    """
    row = entry(call, call.arguments.need("time_entry_id", int))
    _not_on_invoice(row)
    values = call.arguments.sent("task_id")
    if not _task_exists(call):
        raise Refusal(404, "Task not found.")
    begun = call.arguments.get("start_datetime", int)
    begun = row["start_time"] if begun is None else begun
    ended = call.arguments.get("end_datetime", int)
    if ended is None:
        ended = row["end_time"]
    if ended is not None and ended < begun:
        raise invalid("Parameter end_datetime must not be before start_datetime.")
    if ended is None and begun > call.now:
        raise invalid("A running entry cannot start in the future.")
    for pause in _breaks_of(call, row["id"]):
        last = pause["start_time"] if pause["end_time"] is None else pause["end_time"]
        if pause["start_time"] < begun or (ended is not None and last > ended):
            raise invalid("A break of the time entry would lie outside of it.")
    if row["end_time"] is None and ended is not None:
        _finish(call, row, ended)
    if begun != row["start_time"]:
        values["schedule_id"] = schedule_for(call, row["user_id"], begun)
    call.change(
        "entries",
        row["id"],
        {
            **values,
            "start_time": begun,
            "end_time": ended,
            "status": "in-progress",
            "approve_date": None,
            "updated": call.now,
        },
    )
    if row["status"] != "in-progress":
        _remember(call, row["id"], "in-progress")
    call.touch([row["user_id"]])
    return success("Successfully updated.")


def delete(call: Call) -> Record:
    """Delete an entry, unless it is on an invoice."""
    row = entry(call, call.arguments.need("time_entry_id", int), "Time entry")
    _not_on_invoice(row)
    remove_entries(call, [row["id"]])
    return success("Successfully deleted.")


def history(call: Call) -> Record:
    """Changes of status, oldest first, with dates as text without a zone; there is no count."""
    row = entry(call, call.arguments.need("time_entry_id", int))
    rows = call.read(
        "SELECT h.*, u.first_name, u.last_name FROM timesheets_entry_history h "
        "JOIN timesheets_users u ON u.id = h.user_id WHERE h.entry_id = ? ORDER BY h.id",
        (row["id"],),
    )
    data = [
        {
            "status": event["status"],
            "event_date": naive_text(event["date"]),
            "user": pick(event, "first_name", "last_name"),
        }
        for event in rows
    ]
    return success(f"{len(rows)} time entries found.", data=data)


def _breaks_of(call: Call, entry_id: int) -> list[sqlite3.Row]:
    return call.read("SELECT * FROM timesheets_breaks WHERE entry_id = ? ORDER BY id", (entry_id,))


def _length(call: Call, pause: sqlite3.Row) -> int:
    end = call.now if pause["end_time"] is None else pause["end_time"]
    return max(0, int(end) - int(pause["start_time"]))


def break_start(call: Call) -> Record:
    """Pause an entry that runs; a second pause is refused (assumption: as ts/start refuses)."""
    row = entry(call, call.arguments.need("time_entry_id", int), "Started TimeEntry")
    if row["end_time"] is not None:
        raise Refusal(404, "Started TimeEntry not found.")
    if any(pause["end_time"] is None for pause in _breaks_of(call, row["id"])):
        raise Refusal(200, "Found started Break.")
    break_id = call.insert(
        "breaks", entry_id=row["id"], start_time=max(call.now, row["start_time"])
    )
    call.touch([row["user_id"]])
    return success("Successfully started.", id=break_id)


def break_stop(call: Call) -> Record:
    """Go on after a pause."""
    row = entry(call, call.arguments.need("time_entry_id", int), "Started Break")
    open_ones = [pause for pause in _breaks_of(call, row["id"]) if pause["end_time"] is None]
    if not open_ones:
        raise Refusal(404, "Started Break not found.")
    end = max(call.now, open_ones[0]["start_time"])
    call.change("breaks", open_ones[0]["id"], {"end_time": end})
    call.touch([row["user_id"]])
    return success("Stopped.")


def breaks(call: Call) -> Record:
    """The breaks of an entry, with times as strings of digits and other names than in ts/get."""
    row = entry(call, call.arguments.need("time_entry_id", int))
    data = [
        present(
            {
                "id": pause["id"],
                "start_datetime": str(pause["start_time"]),
                "end_datetime": None if pause["end_time"] is None else str(pause["end_time"]),
                "time_entry": row["id"],
                "duration": _length(call, pause),
            }
        )
        for pause in _breaks_of(call, row["id"])
    ]
    return success(f"{len(data)} break(s) found.", data=data, count=len(data))


_ID = required("time_entry_id", integer)
_START = optional(task_id=integer, location=location, comment=text)

OPERATIONS: tuple[Operation, ...] = (
    operation("ts.start", "ts/start", start, *_START, writes=True),
    operation("ts.stop", "ts/stop", stop, *_START, writes=True),
    operation(
        "ts.create",
        "ts/create",
        create,
        required("user_id", integer),
        *_START,
        *optional(start_time=timestamp, end_time=timestamp),
        writes=True,
    ),
    operation(
        "ts.get",
        "ts/get",
        get,
        _ID,
        expansion("users", "tasks", "projects", "comments", "breaks"),
    ),
    operation(
        "ts.update",
        "ts/update",
        update,
        _ID,
        Parameter("task_id", integer),
        *optional(start_datetime=timestamp, end_datetime=timestamp),
        writes=True,
    ),
    operation("ts.delete", "ts/delete", delete, _ID, writes=True),
    operation("ts.history", "ts/history", history, _ID),
    operation("ts.break_start", "ts/break_start", break_start, _ID, writes=True),
    operation("ts.break_stop", "ts/break_stop", break_stop, _ID, writes=True),
    operation("ts.breaks", "ts/breaks", breaks, _ID),
)
