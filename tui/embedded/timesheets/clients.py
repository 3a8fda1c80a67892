"""The chapter CLIENT: customers, plain and grouped, and their CSV file.

Source: documents, chapter CLIENT; reference page 3.7, points 9, 15, 16, 20, 22.
"""

from __future__ import annotations

import sqlite3
from itertools import chain

from starlette.responses import Response

from tui.embedded.timesheets.answers import Record, entity_map, invalid, present, success
from tui.embedded.timesheets.calls import Call, Operation, operation
from tui.embedded.timesheets.export import csv_file
from tui.embedded.timesheets.listing import expansions, group_list, grouped, members, page
from tui.embedded.timesheets.parameters import (
    LIMIT,
    LIMIT_TEN,
    OFFSET,
    ORDER,
    Parameter,
    boolean,
    choice,
    expansion,
    filled,
    integer,
    list_of,
    optional,
    phone,
    required,
    text,
)
from tui.embedded.timesheets.removal import forget_links, remove_projects
from tui.embedded.timesheets.views import (
    active,
    pick,
    project_tasks,
    projects_by_id,
    short_projects,
)
from tui.embedded.timesheets.work import Filter, ids

_FIELDS = (
    "name",
    "phone",
    "email",
    "contact_info",
    "address",
    "city",
    "state",
    "industry",
    "website",
    "notes",
)
_SHOWN = ("id", *_FIELDS)
_GROUP_ITEM = ("id", "email", "name", "address", "state", "city", "industry", "notes")


def _projects_of(call: Call, rows: list[sqlite3.Row]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {row["id"]: [] for row in rows}
    for row in call.read(
        "SELECT id, client_id FROM timesheets_projects "
        "WHERE client_id IN (SELECT value FROM json_each(?)) ORDER BY id DESC",
        (ids(found),),
    ):
        found[row["client_id"]].append(row["id"])
    return found


def _view(row: sqlite3.Row, projects: list[int]) -> Record:
    shown = {**pick(row, *_SHOWN), "phone": _phone(row["phone"])}
    return present({**shown, "status": active(row), "projects": projects})


def _phone(kept: str | None) -> str | int | None:
    """A number as in the samples, unless that would lose a digit or a sign."""
    if kept is None or not kept.isascii() or not kept.isdigit() or len(kept) > 15:
        return kept
    return kept if kept.startswith("0") else int(kept)


def info(call: Call) -> Record:
    """One client."""
    row = call.find("clients", call.arguments.need("client_id", int))
    return success(data=_view(row, _projects_of(call, [row])[row["id"]]))


def _values(call: Call) -> Record:
    values = call.arguments.sent(*_FIELDS)
    status = call.arguments.get("status", bool)
    if status is not None:
        values["is_active"] = int(status)
    return values


def create(call: Call) -> Record:
    """A new client, active unless `status` is false."""
    client_id = call.insert("clients", **_values(call), created=call.now, updated=call.now)
    return success("Successfully created.", id=client_id)


def update(call: Call) -> Record:
    """Change a client."""
    row = call.find("clients", call.arguments.need("client_id", int))
    call.change("clients", row["id"], {**_values(call), "updated": call.now})
    return success("Successfully updated.")


def delete(call: Call) -> Record:
    """Delete a client with its projects, tasks and time entries.

    Assumption: the documents know success and 404 only, so what hangs on a client goes with it;
    but a client with invoices is refused (400), because money that was asked for must not vanish.
    """
    row = call.find("clients", call.arguments.need("client_id", int))
    billed = call.one("SELECT id FROM timesheets_invoices WHERE client_id = ?", (row["id"],))
    if billed is not None:
        raise invalid("The client has invoices; delete them first.")
    remove_projects(call, _projects_of(call, [row])[row["id"]])
    call.run("DELETE FROM timesheets_clients WHERE id = ?", (row["id"],))
    forget_links(call, "client", ids([row["id"]]))
    return success("Successfully deleted.")


def _rows(call: Call, chosen: Filter) -> list[sqlite3.Row]:
    return call.read(f"SELECT * FROM timesheets_clients{chosen.where} ORDER BY id", chosen.values)


def search(call: Call) -> Record:
    """Clients and, `with` projects, those projects by id; ten unless `limit` says otherwise."""
    chosen = (
        Filter(call)
        .among(client_ids="id")
        .contains(
            email="email",
            name="name",
            contact_info="contact_info",
            address="address",
            keyword="name email contact_info address notes",
        )
    )
    user_id = call.arguments.get("user_id", int)
    if user_id is not None:
        # Assumption: the clients for whom this user has something to do.
        chosen.add(
            "id IN (SELECT p.client_id FROM timesheets_projects p "
            "JOIN timesheets_tasks t ON t.project_id = p.id "
            "JOIN timesheets_assignments a ON a.task_id = t.id WHERE a.user_id = :user)",
            user=user_id,
        )
    found = _rows(call, chosen)
    shown = list(page(call, found))
    projects = _projects_of(call, shown)
    data: Record = {"clients": [_view(row, projects[row["id"]]) for row in shown]}
    if "projects" in expansions(call):
        data["projects"] = short_projects(call, chain.from_iterable(projects.values()))
    return success(f"{len(found)} client(s) found.", data=data, count=len(found))


def _by_detail(call: Call) -> list[sqlite3.Row]:
    chosen = Filter(call).among(client_ids="id").equal(status="is_active")
    chosen.contains(
        name="name",
        industry="industry",
        state="state",
        city="city",
        keyword="name",
        description="notes",  # Clients have no description; their notes come nearest.
    )
    return _rows(call, chosen)


def _group_item(row: sqlite3.Row) -> Record:
    # The status of a client that is not active is left out here.
    return present({**pick(row, *_GROUP_ITEM), "status": "active" if row["is_active"] else None})


def search_group(call: Call) -> Record:
    """Clients by status, industry, state or city."""
    field = call.arguments.need("group_by", str)
    count, groups = grouped(
        call, _by_detail(call), lambda row: active(row) if field == "status" else row[field]
    )
    data: Record = {"groups": group_list(groups, _group_item)}
    if "projects" in expansions(call):
        data["projects"] = _grouped_projects(call, members(groups))
    return success(f"{count} group(s) found.", count=count, data=data)


def _grouped_projects(call: Call, rows: list[sqlite3.Row]) -> object:
    wanted = list(chain.from_iterable(_projects_of(call, rows).values()))
    tasks = project_tasks(call, wanted)
    return entity_map(
        {
            row["id"]: present({**pick(row, "id", "name", "status"), "tasks": tasks.get(row["id"])})
            for row in projects_by_id(call, wanted)
        }
    )


def export_csv(call: Call) -> Response:
    """A CSV file with a line of headers; ten clients unless `limit` says otherwise."""
    shown = list(page(call, _by_detail(call)))
    columns = [name for name in _SHOWN if name != "phone"]
    lines: list[list[object]] = [
        [*(row[name] for name in columns), "active" if row["is_active"] else None] for row in shown
    ]
    columns.append("status")
    if "projects" in expansions(call):
        columns.append("projects")
        projects = _projects_of(call, shown)
        for row, line in zip(shown, lines, strict=True):
            line.append(",".join(map(str, projects[row["id"]])))
    return csv_file("clients.csv", columns, lines)


_ID = required("client_id", integer)
_PROJECTS = expansion("projects")
_DETAILS = optional(
    phone=phone,
    email=text,
    contact_info=text,
    address=text,
    city=text,
    state=text,
    industry=text,
    website=text,
    notes=text,
    status=boolean,
)
_BY_DETAIL = optional(
    client_ids=list_of(integer),
    name=text,
    industry=text,
    state=text,
    city=text,
    description=text,
    keyword=text,
    status=boolean,
)

OPERATIONS: tuple[Operation, ...] = (
    operation("client.info", "client", info, _ID),
    operation(
        "client.create",
        "client/create",
        create,
        required("name", filled),
        *_DETAILS,
        writes=True,
    ),
    operation(
        "client.update",
        "client/update",
        update,
        _ID,
        Parameter("name", filled),
        *_DETAILS,
        writes=True,
    ),
    operation(
        "client.search",
        "client/search",
        search,
        *optional(
            user_id=integer,
            client_ids=list_of(integer),
            email=text,
            name=text,
            contact_info=text,
            address=text,
            keyword=text,
        ),
        LIMIT_TEN,
        OFFSET,
        _PROJECTS,
    ),
    operation(
        "client.search_group",
        "client/search_group",
        search_group,
        *_BY_DETAIL,
        LIMIT,
        OFFSET,
        _PROJECTS,
        Parameter("group_by", choice("status", "industry", "state", "city"), default="status"),
        Parameter("order_by", ORDER),
    ),
    operation(
        "client.export_csv",
        "client/export_csv",
        export_csv,
        *_BY_DETAIL,
        LIMIT_TEN,
        OFFSET,
        _PROJECTS,
        answers_csv=True,
    ),
    operation("client.delete", "client/delete", delete, _ID, writes=True),
)
