"""The chapter TASK: what there is to do, for whom, and what was done.

Source: documents, chapter TASK; reference page 3.4 and 3.7, points 4, 6, 7, 12.
"""

from __future__ import annotations

import sqlite3
from decimal import Decimal
from itertools import chain

from tui.embedded.timesheets.answers import Record, entity_map, present, success
from tui.embedded.timesheets.calls import Call, Operation, operation
from tui.embedded.timesheets.listing import expansions, group_list, grouped, members, page
from tui.embedded.timesheets.parameters import (
    LIMIT,
    OFFSET,
    ORDER,
    UNITS,
    WORK_STATES,
    Parameter,
    choice,
    expansion,
    filled,
    integer,
    optional,
    rate,
    required,
    text,
)
from tui.embedded.timesheets.presence import history_tasks
from tui.embedded.timesheets.removal import remove_tasks
from tui.embedded.timesheets.views import (
    CONTACT,
    NAME,
    TaskDetails,
    entry_view,
    full_task,
    linked_projects,
    linked_users,
    pick,
    project_tasks,
    projects_by_id,
    task,
    teams_of,
)
from tui.embedded.timesheets.work import Filter, entries, ids

_COLUMNS = {
    "status": "status",
    "project": "project_id",
    "project_id": "project_id",
    "name": "name",
    "category": "category",
    "estimate_unit": "estimate_unit",
    "duration_unit": "duration_unit",
    "client": "client_id",
    "client_id": "client_id",
}


def _chosen(call: Call) -> sqlite3.Row:
    return call.find("tasks", call.arguments.need("task_id", int))


def info(call: Call) -> Record:
    """One task, as a list of one, with its entries as a LIST of full entries."""
    row = _chosen(call)
    details = TaskDetails.of(call, [row["id"]])
    worked = entries(call, Filter(call).add("e.task_id = :task", task=row["id"]))
    item = {
        **full_task(row, details),
        "entries": [entry_view(entry, schedule=True) for entry in worked],
    }
    data: Record = {"tasks": [item]}
    linked = expansions(call)
    if "users" in linked:
        concerned = [*details.users.get(row["id"], []), *(entry["user_id"] for entry in worked)]
        data["users"] = linked_users(call, concerned, *CONTACT)
    if "projects" in linked:
        data["projects"] = linked_projects(call, [row["project_id"]])
    return success("Successfully found.", data=data)


def _remember(call: Call, task_id: int, status: object) -> None:
    call.insert(
        "task_history", task_id=task_id, status=status, date=call.now, user_id=call.actor.id
    )


def _touch_assigned(call: Call, task_id: int) -> None:
    assigned = call.read("SELECT user_id FROM timesheets_assignments WHERE task_id = ?", (task_id,))
    call.touch(row["user_id"] for row in assigned)


def _values(call: Call) -> Record:
    values = call.arguments.sent("name", "description", "estimate_unit", "status")
    if "estimate" in call.arguments:
        values["estimate"] = str(call.arguments.need("estimate", Decimal))
    return values


def create(call: Call) -> Record:
    """A new task of a project; without a status it is new."""
    project = call.find("projects", call.arguments.need("project_id", int))
    values = {"status": "new", **_values(call)}
    task_id = call.insert(
        "tasks", **values, project_id=project["id"], created=call.now, updated=call.now
    )
    _remember(call, task_id, values["status"])
    return success("Successfully created.", id=task_id)


def update(call: Call) -> Record:
    """Change a task; a new status goes into its history."""
    row = _chosen(call)
    values = _values(call)
    call.change("tasks", row["id"], {**values, "updated": call.now})
    if values.get("status", row["status"]) != row["status"]:
        _remember(call, row["id"], values["status"])
    _touch_assigned(call, row["id"])
    return success("Successfully updated.")


def delete(call: Call) -> Record:
    """Delete a task with its entries, unless some are on an invoice."""
    remove_tasks(call, [_chosen(call)["id"]])
    return success("Successfully deleted.")


def _found(call: Call) -> list[sqlite3.Row]:
    chosen = (
        Filter(call)
        .equal(
            task_id="t.id",
            project_id="t.project_id",
            client_id="p.client_id",
            status="t.status",
            duration_unit="p.duration_unit",
        )
        .contains(name="t.name", category="p.category", description="t.description")
    )
    # The plain search looks for a keyword in the name, the grouped one in two more places.
    places = "t.name t.description p.category" if "group_by" in call.arguments else "t.name"
    chosen.contains(keyword=places)
    user_id = call.arguments.get("user_id", int)
    if user_id is not None:
        chosen.add(
            "t.id IN (SELECT task_id FROM timesheets_assignments WHERE user_id = :user)",
            user=user_id,
        )
    return call.read(
        "SELECT t.*, p.category, p.duration_unit, p.client_id FROM timesheets_tasks t "
        f"JOIN timesheets_projects p ON p.id = t.project_id{chosen.where} ORDER BY t.id",
        chosen.values,
    )


def _listed(call: Call, rows: list[sqlite3.Row]) -> tuple[dict[int, Record], Record]:
    """Tasks by id, with entries as a MAP, and the linked entities."""
    task_ids = [row["id"] for row in rows]
    details = TaskDetails.of(call, task_ids)
    within = "e.task_id IN (SELECT value FROM json_each(:tasks))"
    worked: dict[int, dict[int, Record]] = {}
    for entry in entries(call, Filter(call).add(within, tasks=ids(task_ids))):
        worked.setdefault(entry["task_id"], {})[entry["id"]] = present(
            {
                "start_datetime": entry["start_time"],
                "end_datetime": entry["end_time"],
                "duration": entry["duration"],
            }
        )
    items = {
        row["id"]: {**task(row, details), "entries": entity_map(worked.get(row["id"], {}))}
        for row in rows
    }
    linked: Record = {}
    wanted = expansions(call)
    if "users" in wanted:
        assigned = list(chain.from_iterable(details.users.values()))
        linked["users"] = linked_users(call, assigned, *CONTACT, teams=True)
        linked["teams"] = teams_of(call, assigned)
    if "projects" in wanted:
        linked["projects"] = linked_projects(call, [row["project_id"] for row in rows])
    return items, linked


def search(call: Call) -> Record:
    """Tasks; `count` is inside `data` here."""
    found = _found(call)
    items, linked = _listed(call, list(page(call, found)))
    data: Record = {"tasks": list(items.values()), **linked, "count": len(found)}
    return success(f"{len(found)} task(s) found.", data=data)


def search_group(call: Call) -> Record:
    """Tasks in groups; the fields of the parameter table are those of their projects."""
    column = _COLUMNS[call.arguments.need("group_by", str)]
    count, groups = grouped(call, _found(call), lambda row: row[column])
    items, linked = _listed(call, members(groups))
    data: Record = {"groups": group_list(groups, lambda row: items[row["id"]]), **linked}
    return success(f"{count} group(s) found.", data=data, count=count)


def _assignment(call: Call) -> tuple[int, int]:
    row = _chosen(call)
    return row["id"], call.find("users", call.arguments.need("user_id", int))["id"]


def add_user(call: Call) -> Record:
    """Assign a user; one who is assigned already stays so."""
    task_id, user_id = _assignment(call)
    call.run("INSERT OR IGNORE INTO timesheets_assignments VALUES (?, ?)", (task_id, user_id))
    call.touch([user_id])
    return success("User successfully added to task.")


def delete_user(call: Call) -> Record:
    """Take a user off a task; the work that was done stays."""
    task_id, user_id = _assignment(call)
    call.run(
        "DELETE FROM timesheets_assignments WHERE task_id = ? AND user_id = ?", (task_id, user_id)
    )
    call.touch([user_id])
    return success("User successfully deleted from task.")


def history(call: Call) -> Record:
    """Changes of status, oldest first; the date is a string of digits, and there is no count."""
    rows = call.read(
        "SELECT h.*, u.first_name, u.last_name FROM timesheets_task_history h "
        "JOIN timesheets_users u ON u.id = h.user_id WHERE h.task_id = ? ORDER BY h.id",
        (_chosen(call)["id"],),
    )
    data = [
        {
            "status": row["status"],
            "date": str(row["date"]),
            "user": pick(row, "first_name", "last_name"),
        }
        for row in rows
    ]
    return success(f"{len(rows)} history record(s) found.", data=data)


def work_history(call: Call) -> Record:
    """The entries of a task; all their times are strings of digits here."""
    chosen = Filter(call).add("e.task_id = :task", task=_chosen(call)["id"])
    found = entries(call, chosen.equal(user_id="e.user_id"))
    items = [entry_view(row, payment=False) for row in found]
    for item in items:
        for name in ("start_time", "end_time", "approve_date"):
            if name in item:
                item[name] = str(item[name])
    data: Record = {"time_entries": items}
    linked = expansions(call)
    if "users" in linked:
        data["users"] = linked_users(call, [row["user_id"] for row in found], *NAME)
    if "tasks" in linked:
        data["tasks"] = history_tasks(call, found)
    if "projects" in linked:
        rows = projects_by_id(call, [row["project_id"] for row in found])
        of_project = project_tasks(call, [row["id"] for row in rows])
        data["projects"] = entity_map(
            {
                row["id"]: {
                    **pick(row, "id", "name", "status", "client_id"),
                    "tasks": of_project.get(row["id"], []),
                }
                for row in rows
            }
        )
    return success(f"{len(found)} time entries found.", data=data, timestamp=call.now)


_ID = required("task_id", integer)
_PAIR = (_ID, required("user_id", integer))
_STATUS = choice(*WORK_STATES)
_DETAILS = optional(description=text, estimate=rate, estimate_unit=choice(*UNITS), status=_STATUS)
_LINKED = expansion("users", "projects")

# The three paths under /timesheets/ are left over from an older API and are what the documents
# print; the family under /api/{app} answers as well.
OPERATIONS: tuple[Operation, ...] = (
    operation("task.info", "task", info, _ID, _LINKED, also=("/timesheets/task",)),
    operation(
        "task.create",
        "task/create",
        create,
        required("project_id", integer),
        required("name", filled),
        *_DETAILS,
        writes=True,
    ),
    operation(
        "task.update",
        "task/update",
        update,
        _ID,
        Parameter("name", filled),
        *_DETAILS,
        also=("/timesheets/task/update",),
        writes=True,
    ),
    operation(
        "task.search",
        "task/search",
        search,
        *optional(task_id=integer, project_id=integer, user_id=integer, name=text, keyword=text),
        LIMIT,
        OFFSET,
        _LINKED,
    ),
    operation(
        "task.search_group",
        "task/search_group",
        search_group,
        *optional(
            client_id=integer,
            project_id=integer,
            name=text,
            category=text,
            description=text,
            keyword=text,
            duration_unit=choice(*UNITS),
            status=_STATUS,
        ),
        LIMIT,
        OFFSET,
        _LINKED,
        Parameter("group_by", choice(*_COLUMNS), default="status"),
        Parameter("order_by", ORDER),
    ),
    operation(
        "task.delete", "task/delete", delete, _ID, also=("/timesheets/task/delete",), writes=True
    ),
    operation("task.add_user", "task/add_user", add_user, *_PAIR, writes=True),
    operation("task.delete_user", "task/delete_user", delete_user, *_PAIR, writes=True),
    operation("task.history", "task/history", history, _ID),
    operation(
        "task.work_history",
        "task/work_history",
        work_history,
        _ID,
        *optional(user_id=integer),
        expansion("users", "tasks", "projects"),
    ),
)
