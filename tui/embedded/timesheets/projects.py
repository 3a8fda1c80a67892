"""The chapter PROJECT.

Source: documents, chapter PROJECT; reference page 3.7, points 4, 11, 21, 30.
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
    date_or_timestamp,
    expansion,
    filled,
    integer,
    optional,
    rate,
    required,
    text,
)
from tui.embedded.timesheets.removal import remove_projects
from tui.embedded.timesheets.views import (
    active,
    full_project,
    linked_tasks,
    pick,
    project_tasks,
)
from tui.embedded.timesheets.work import Filter, ids

_DATES = ("planned_start_date", "actual_start_date", "planned_end_date", "actual_end_date")
_COLUMNS = {"client": "client_id", "status": "status", "category": "category"}


def _chosen(call: Call) -> sqlite3.Row:
    return call.find("projects", call.arguments.need("project_id", int))


def info(call: Call) -> Record:
    """One project."""
    row = _chosen(call)
    return success(data=full_project(row, project_tasks(call, [row["id"]]).get(row["id"], [])))


def _values(call: Call) -> Record:
    values = call.arguments.sent("name", "description", "category", "status", "duration_unit")
    values |= call.arguments.sent("client_id", *_DATES)
    for name in ("estimated_duration", "actual_duration"):
        if name in call.arguments:
            values[name] = str(call.arguments.need(name, Decimal))
    if "client_id" in values:
        call.find("clients", call.arguments.need("client_id", int))
    return values


def create(call: Call) -> Record:
    """A new project of a client; without a status it is new."""
    project_id = call.insert("projects", **_values(call), created=call.now, updated=call.now)
    return success("Successfully created.", id=project_id)


def update(call: Call) -> Record:
    """Change a project.

    The table flags client_id as required and project_id as not; the sample sends project_id
    alone. Without it there is nothing to change, so project_id it is.
    """
    row = _chosen(call)
    call.change("projects", row["id"], {**_values(call), "updated": call.now})
    return success("Successfully updated.")


def delete(call: Call) -> Record:
    """Delete a project with its tasks and entries, unless some are on an invoice."""
    remove_projects(call, [_chosen(call)["id"]])
    return success("Successfully deleted.")


def _found(call: Call) -> list[sqlite3.Row]:
    chosen = (
        Filter(call)
        .equal(client_id="client_id", duration_unit="duration_unit", status="status")
        .contains(
            name="name",
            category="category",
            description="description",
            keyword="name description category",
        )
    )
    return call.read(f"SELECT * FROM timesheets_projects{chosen.where} ORDER BY id", chosen.values)


def _clients(call: Call, rows: list[sqlite3.Row], with_status: bool) -> object:
    return entity_map(
        {
            row["id"]: {
                **pick(row, "id", "name"),
                **({"status": active(row)} if with_status else {}),
            }
            for row in call.read(
                "SELECT * FROM timesheets_clients WHERE id IN (SELECT value FROM json_each(?))",
                (ids(row["client_id"] for row in rows),),
            )
        }
    )


def search(call: Call) -> Record:
    """Projects and, on request, their tasks and clients by id."""
    found = _found(call)
    shown = list(page(call, found))
    tasks = project_tasks(call, [row["id"] for row in shown])
    data: Record = {"projects": [full_project(row, tasks.get(row["id"], [])) for row in shown]}
    linked = expansions(call)
    if "tasks" in linked:
        data["tasks"] = _without_project(linked_tasks(call, chain.from_iterable(tasks.values())))
    if "clients" in linked:
        data["clients"] = _clients(call, shown, with_status=True)
    return success(f"{len(found)} project(s) found.", data=data, count=len(found))


def _without_project(tasks: object) -> object:
    # Tasks that come along with projects do not repeat which project they belong to.
    if isinstance(tasks, dict):
        for item in tasks.values():
            item.pop("project")
    return tasks


def search_group(call: Call) -> Record:
    """Projects by client, status or category; two of their times are digit strings here."""
    column = _COLUMNS[call.arguments.need("group_by", str)]
    count, groups = grouped(call, _found(call), lambda row: row[column])
    shown = members(groups)
    tasks = project_tasks(call, [row["id"] for row in shown])

    def item(row: sqlite3.Row) -> Record:
        changed = row["updated"] > row["created"]
        planned_end = row["planned_end_date"]
        return present(
            {
                **pick(row, "id", "name", "status", "client_id"),
                "updated": str(row["updated"]) if changed else None,
                "planned_end_date": None if planned_end is None else str(planned_end),
                "tasks": tasks.get(row["id"]),
            }
        )

    data: Record = {"groups": group_list(groups, item)}
    linked = expansions(call)
    if "clients" in linked:
        data["clients"] = _clients(call, shown, with_status=False)
    if "tasks" in linked:
        data["tasks"] = _without_project(linked_tasks(call, chain.from_iterable(tasks.values())))
    return success(f"{count} group(s) found.", data=data, count=count)


_ID = required("project_id", integer)
_STATUS = choice(*WORK_STATES)
_UNIT = choice(*UNITS)
_DETAILS = optional(
    description=text,
    category=text,
    status=_STATUS,
    planned_start_date=date_or_timestamp,
    actual_start_date=date_or_timestamp,
    planned_end_date=date_or_timestamp,
    actual_end_date=date_or_timestamp,
    estimated_duration=rate,
    actual_duration=rate,
    duration_unit=_UNIT,
)
_FILTERS = (
    *optional(
        client_id=integer,
        name=text,
        category=text,
        description=text,
        keyword=text,
        duration_unit=_UNIT,
        status=_STATUS,
    ),
    LIMIT,
    OFFSET,
    expansion("tasks", "clients"),
)

OPERATIONS: tuple[Operation, ...] = (
    operation("project.info", "project", info, _ID),
    operation(
        "project.create",
        "project/create",
        create,
        required("client_id", integer),
        required("name", filled),
        *_DETAILS,
        writes=True,
    ),
    operation(
        "project.update",
        "project/update",
        update,
        _ID,
        *optional(client_id=integer, name=filled),
        *_DETAILS,
        writes=True,
    ),
    operation("project.search", "project/search", search, *_FILTERS),
    operation(
        "project.search_group",
        "project/search_group",
        search_group,
        *_FILTERS,
        Parameter("group_by", choice(*_COLUMNS), default="client"),
        Parameter("order_by", ORDER),
    ),
    operation("project.delete", "project/delete", delete, _ID, writes=True),
)
