"""The chapter TIME ENTRY, many entries at a time: search, approval, price, CSV.

Source: documents, chapter TIME ENTRY; reference page 3.7, points 13, 14, 20, 28.
"""

from __future__ import annotations

import sqlite3

from starlette.responses import Response

from tui.embedded.timesheets.answers import Record, number, success
from tui.embedded.timesheets.calls import Call, Operation, operation
from tui.embedded.timesheets.export import csv_file
from tui.embedded.timesheets.listing import expansions, group_list, grouped, members, page
from tui.embedded.timesheets.parameters import (
    ENTRY_STATES,
    LIMIT,
    OFFSET,
    ORDER,
    Parameter,
    boolean,
    choice,
    expansion,
    integer,
    list_of,
    optional,
    text,
    timestamp,
)
from tui.embedded.timesheets.views import (
    CONTACT,
    entry_view,
    linked_projects,
    linked_tasks,
    linked_users,
)
from tui.embedded.timesheets.work import Filter, entries, ids, total

_COLUMNS = {
    "user": "user_id",
    "task": "task_id",
    "status": "status",
    "payment_status": "payment_status",
    "schedule": "schedule_id",
}
_EXPORTED = (
    "id",
    "user_id",
    "task_id",
    "start_time",
    "end_time",
    "duration",
    "breaks",
    "status",
    "payment_status",
    "approve_date",
)


def _chosen(call: Call) -> Filter:
    """The filters that all lists of entries share.

    Assumptions: an entry is between start_datetime and end_datetime when it starts there;
    keywords occur in the name of its task or project or in one of its comments. Members see
    their own entries; a user_id is "optional for admin".
    """
    chosen = Filter(call).among(time_entry_ids="e.id")
    chosen.equal(
        task_id="e.task_id",
        user_id="e.user_id",
        project_id="p.id",
        status="e.status",
        payment_status="e.payment_status",
    )
    user_id = call.arguments.get("user_id", int)
    if not call.actor.is_admin:
        call.own_or_admin(call.actor.id if user_id is None else user_id)
        chosen.add("e.user_id = :own", own=call.actor.id)
    after = call.arguments.get("start_datetime", int)
    if after is not None:
        chosen.add("e.start_time >= :after", after=after)
    before = call.arguments.get("end_datetime", int)
    if before is not None:
        chosen.add("e.start_time <= :before", before=before)
    keywords = call.arguments.get("keywords", str)
    if keywords is not None:
        chosen.add(
            "(instr(lower(COALESCE(t.name, '')), lower(:keywords)) > 0 "
            "OR instr(lower(COALESCE(p.name, '')), lower(:keywords)) > 0 "
            "OR EXISTS (SELECT 1 FROM timesheets_comments c WHERE c.subject = 'entry' "
            "AND c.subject_id = e.id AND instr(lower(c.content), lower(:keywords)) > 0))",
            keywords=keywords,
        )
    return chosen


def _linked(call: Call, rows: list[sqlite3.Row]) -> Record:
    wanted = expansions(call)
    linked: Record = {}
    if "users" in wanted:
        linked["users"] = linked_users(call, [row["user_id"] for row in rows], *CONTACT)
    if "tasks" in wanted:
        linked["tasks"] = linked_tasks(call, [row["task_id"] for row in rows])
    if "projects" in wanted:
        linked["projects"] = linked_projects(call, [row["project_id"] for row in rows])
    return linked


def search(call: Call) -> Record:
    """Entries in the order in which they were made."""
    found = entries(call, _chosen(call))
    shown = list(page(call, found))
    data: Record = {"time_entries": [entry_view(row) for row in shown], **_linked(call, shown)}
    return success(f"{len(found)} time entries found.", data=data, count=len(found))


def search_group(call: Call) -> Record:
    """Entries by user, task, status, payment or schedule; "?" gathers those without one."""
    column = _COLUMNS[call.arguments.need("group_by", str)]
    found = entries(call, _chosen(call))
    count, groups = grouped(call, found, lambda row: row[column])
    data: Record = {"groups": group_list(groups, entry_view), **_linked(call, members(groups))}
    return success(f"{count} group(s) found.", data=data, count=count)


def _named(call: Call) -> list[sqlite3.Row]:
    """The entries of time_entry_ids. It is not flagged as required: none named, none taken."""
    wanted = call.arguments.get("time_entry_ids", list) or []
    chosen = Filter(call).add("e.id IN (SELECT value FROM json_each(:ids))", ids=ids(wanted))
    if not call.actor.is_admin:
        chosen.add("e.user_id = :own", own=call.actor.id)
    return entries(call, chosen)


def approve(call: Call) -> Record:
    """Administrators only: approve what has ended and was not approved before.

    What still runs or is not there is passed over, so that `data` may hold less than was asked.
    """
    approved = [
        row for row in _named(call) if row["end_time"] is not None and row["status"] != "approved"
    ]
    for row in approved:
        call.change(
            "entries",
            row["id"],
            {"status": "approved", "approve_date": call.now, "updated": call.now},
        )
        call.insert(
            "entry_history",
            entry_id=row["id"],
            status="approved",
            date=call.now,
            user_id=call.actor.id,
        )
    call.touch(row["user_id"] for row in approved)
    data = [row["id"] for row in approved]
    return success("Successfully approved.", data=data, count=len(data))


def calc(call: Call) -> Record:
    """Seconds and cost of the approved ones among the named entries, breaks taken off."""
    seconds, money = total(call, [row for row in _named(call) if row["status"] == "approved"])
    data: Record = {"duration": seconds, "sum": number(money)}
    return success("Successfully calculated.", data=data)


def export(call: Call) -> Response:
    """A CSV file; a line of headers only with `with_headers`. The columns are not documented."""
    lines = [[row[name] for name in _EXPORTED] for row in entries(call, _chosen(call))]
    headers = _EXPORTED if call.arguments.need("with_headers", bool) else None
    return csv_file("time_entries.csv", headers, lines)


_IDS = Parameter("time_entry_ids", list_of(integer))
_PART = (_IDS, *optional(task_id=integer, user_id=integer, status=choice(*ENTRY_STATES)))
_FILTERS = (
    *_PART,
    *optional(
        start_datetime=timestamp,
        end_datetime=timestamp,
        keywords=text,
        project_id=integer,
        payment_status=choice("pending", "payed"),
    ),
    LIMIT,
    OFFSET,
    expansion("users", "tasks", "projects"),
)

OPERATIONS: tuple[Operation, ...] = (
    operation("ts.search", "ts/search", search, *_FILTERS),
    operation(
        "ts.search_group",
        "ts/search_group",
        search_group,
        *_FILTERS,
        Parameter("group_by", choice(*_COLUMNS), default="status"),
        Parameter("order_by", ORDER),
    ),
    operation("ts.approve", "ts/approve", approve, _IDS, writes=True, admin=True),
    operation(
        "ts.export",
        "ts/export",
        export,
        *_PART,
        Parameter("with_headers", boolean, default=False),
        answers_csv=True,
    ),
    operation("ts.calc", "ts/calc", calc, _IDS),
)
