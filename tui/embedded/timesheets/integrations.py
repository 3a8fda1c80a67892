"""The chapter INTEGRATION: qbo, xero and adp, with accounts that are made up here.

The documents print xero in the paths of both imports and qbo in that of the export; here each
call takes all three names. Nothing outside of this process is ever asked.
Source: documents, chapter INTEGRATION; reference page 3.7, points 17, 25.
"""

from __future__ import annotations

import json
import sqlite3
import uuid
from decimal import Decimal
from urllib.parse import urlencode

from tui.embedded.timesheets.answers import Record, entity_map, invalid, not_found, number, success
from tui.embedded.timesheets.calls import Call, Operation, operation
from tui.embedded.timesheets.directory import CUSTOMERS, EMPLOYEES, VENDORS, Employee
from tui.embedded.timesheets.parameters import Parameter, flags, integer, list_of, optional, text
from tui.embedded.timesheets.work import Filter, entries, ids

_NAMES = ("qbo", "xero", "adp")
_SWITCHES = (
    "import_employees",
    "import_employee_rates",
    "import_vendors_as_employees",
    "import_customers",
)
_BAD_DURATION = (
    "Invalid multiple time durations"
    "Invalid multiple time durations. Provide either hours:minutes or start time, endtime "
)


def _name(call: Call) -> str:
    name = call.path["integration"]
    if name not in _NAMES:
        raise not_found("Integration")
    return name


def _connected(call: Call) -> tuple[str, dict[str, bool]]:
    """Name and switches. Raises 400 when nothing is set (assumption: no answer is documented)."""
    name = _name(call)
    row = call.one("SELECT * FROM timesheets_integrations WHERE name = ?", (name,))
    if row is None or not row["client_id"]:
        raise invalid(f"Integration {name} is not connected; send client_id and client_secret.")
    return name, json.loads(row["settings"])


def update(call: Call) -> Record:
    """Set what is sent, keep the rest. Of client_secret only that there is one is kept."""
    name = _name(call)
    switches = call.arguments.get("settings", dict) or {}
    unknown = [switch for switch in switches if switch not in _SWITCHES]
    if unknown:
        raise invalid(f"Parameter settings may hold {', '.join(_SWITCHES)}.")
    call.run("INSERT OR IGNORE INTO timesheets_integrations (name) VALUES (?)", (name,))
    client_id = call.arguments.get("client_id", str)
    call.run(
        "UPDATE timesheets_integrations SET client_id = COALESCE(?, client_id), "
        "has_secret = MAX(has_secret, ?), settings = json_patch(settings, ?) WHERE name = ?",
        (client_id, int("client_secret" in call.arguments), json.dumps(switches), name),
    )
    return success("Update success")


def authorize(call: Call) -> Record:
    """A link for a GET request, in the form of the sample, to a host that does not exist."""
    name, _ = _connected(call)
    row = call.one("SELECT client_id FROM timesheets_integrations WHERE name = ?", (name,))
    query = urlencode(
        {
            "client_id": "" if row is None else row["client_id"],
            "scope": "accounting",
            "redirect_uri": f"{call.context.base_url}/timesheets/oauth/{name}",
            "response_type": "code",
            "state": call.path["app"],
        }
    )
    return success(data={"url": f"https://{name}.example.org/connect/oauth2?{query}"})


def disconnect(call: Call) -> Record:
    """Forget the integration; what it has imported stays. Disconnecting twice is no error."""
    name = _name(call)
    call.run("DELETE FROM timesheets_integrations WHERE name = ?", (name,))
    call.run("DELETE FROM timesheets_links WHERE integration = ?", (name,))
    return success("Disconnect success")


def _linked(call: Call, name: str, kind: str, remote_id: str) -> sqlite3.Row | None:
    return call.one(
        "SELECT * FROM timesheets_links WHERE integration = ? AND kind = ? AND remote_id = ?",
        (name, kind, remote_id),
    )


def _link(call: Call, name: str, kind: str, local_id: int, remote_id: str) -> None:
    call.run(
        "INSERT OR REPLACE INTO timesheets_links VALUES (?, ?, ?, ?, ?)",
        (name, kind, local_id, remote_id, call.now),
    )


def _remote(name: str, kind: str, key: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"tockdeck:{name}:{kind}:{key}"))


def import_employees(call: Call) -> Record:
    """Employees (and vendors, and rates, and customers, as switched) become users.

    A first import makes them, a later one updates them; a missing address is generated.
    """
    name, switches = _connected(call)
    people: list[Employee] = list(EMPLOYEES) if switches.get("import_employees", True) else []
    if switches.get("import_vendors_as_employees", False):
        people += VENDORS
    imported: dict[int, Record] = {}
    updated: dict[int, Record] = {}
    for person in people:
        remote = _remote(name, "employee", person.key)
        email = person.email or f"{name}_employee_{remote}@mail.com"
        rates: Record = (
            {"hourly_rate": person.hourly_rate}
            if switches.get("import_employee_rates", False)
            else {}
        )
        names: Record = {"first_name": person.first_name, "last_name": person.last_name}
        known = call.one(
            "SELECT id FROM timesheets_users WHERE lower(email) = lower(?) AND deleted IS NULL",
            (email,),
        )
        if known is None:
            user_id = call.insert(
                "users", email=email, created=call.now, updated=call.now, **names, **rates
            )
        else:
            user_id = known["id"]
            call.change("users", user_id, {**names, **rates, "updated": call.now})
        _link(call, name, "user", user_id, remote)
        (imported if known is None else updated)[user_id] = {**names, "email": email}
    if switches.get("import_customers", False):
        _take_customers(call, name)
    return success(data={"imported": entity_map(imported), "updated": entity_map(updated)})


def import_customers(call: Call) -> Record:
    """Customers become clients, with their projects and tasks.

    Known clients are updated unless they were changed here since (then `passed`); projects and
    tasks are only ever imported once.
    """
    name, _ = _connected(call)
    return success(data=_take_customers(call, name))


_Outcome = dict[str, dict[int, Record]]


def _take_customers(call: Call, name: str) -> Record:
    customers: _Outcome = {"imported": {}, "updated": {}, "passed": {}}
    projects: _Outcome = {"imported": {}, "updated": {}, "passed": {}}
    tasks: _Outcome = {"imported": {}, "updated": {}, "passed": {}}
    stamps: Record = {"created": call.now, "updated": call.now}
    for customer in CUSTOMERS:
        client_id = _take_client(call, name, customer.name, customer.address, customers)
        for project, task_names in customer.projects.items():
            remote = _remote(name, "project", f"{customer.name}/{project}")
            known = _linked(call, name, "project", remote)
            project_id = (
                call.insert("projects", client_id=client_id, name=project, **stamps)
                if known is None
                else known["local_id"]
            )
            _link(call, name, "project", project_id, remote)
            task_ids = []
            for task in task_names:
                task_remote = _remote(name, "task", f"{customer.name}/{project}/{task}")
                known_task = _linked(call, name, "task", task_remote)
                task_id = (
                    call.insert("tasks", project_id=project_id, name=task, **stamps)
                    if known_task is None
                    else known_task["local_id"]
                )
                _link(call, name, "task", task_id, task_remote)
                task_ids.append(task_id)
                tasks["imported" if known_task is None else "passed"][task_id] = {"name": task}
            outcome = projects["imported" if known is None else "passed"]
            outcome[project_id] = {"name": project, "tasks": task_ids[::-1]}
    return {
        kind: {outcome: entity_map(items) for outcome, items in outcomes.items()}
        for kind, outcomes in (("customers", customers), ("projects", projects), ("tasks", tasks))
    }


def _take_client(call: Call, name: str, title: str, address: str, outcomes: _Outcome) -> int:
    remote = _remote(name, "client", title)
    known = _linked(call, name, "client", remote)
    values: Record = {
        "name": title,
        "address": address,
        "email": f"{name}_customer_{remote}@mail.com",
        "updated": call.now,
    }
    if known is None:
        client_id = call.insert("clients", **values, created=call.now)
        outcomes["imported"][client_id] = {"name": title}
    else:
        client_id = int(known["local_id"])
        local = call.find("clients", client_id)
        if local["updated"] > known["date"]:
            outcomes["passed"][client_id] = {"name": local["name"]}
            return client_id
        call.change("clients", client_id, values)
        outcomes["updated"][client_id] = {"name": title}
    _link(call, name, "client", client_id, remote)
    return client_id


def export_timeentries(call: Call) -> Record:
    """Entries and their users go to the integration.

    `exported` of entries is a list of one-key objects, `fail` a map of reasons. What was
    exported before is passed over, or updated when it was changed since.
    """
    name, _ = _connected(call)
    wanted = call.arguments.get("time_entry_ids", list) or []
    within = Filter(call).add("e.id IN (SELECT value FROM json_each(:ids))", ids=ids(wanted))
    found = {row["id"]: row for row in entries(call, within)}
    exported: list[Record] = []
    updated: list[Record] = []
    passed: list[object] = []
    fail: Record = {}
    for entry_id in dict.fromkeys(wanted):
        row = found.get(entry_id)
        if row is None:
            fail[str(entry_id)] = "TimeEntry not found."
        elif row["end_time"] is None or row["duration"] == 0:
            fail[str(entry_id)] = _BAD_DURATION
        else:
            known = _known(call, name, "entry", entry_id)
            remote = known["remote_id"] if known else _next_remote(call, name, "entry")
            if known is not None and row["updated"] <= known["date"]:
                passed.append(entry_id)
                continue
            _link(call, name, "entry", entry_id, remote)
            (exported if known is None else updated).append({str(entry_id): remote})
    data: Record = {
        "users": _export_users(call, name, [row["user_id"] for row in found.values()]),
        "time_entries": {
            "exported": exported,
            "updated": updated,
            "passed": passed,
            "fail": fail or [],
        },
    }
    return success(data=data)


def _known(call: Call, name: str, kind: str, local_id: int) -> sqlite3.Row | None:
    return call.one(
        "SELECT * FROM timesheets_links WHERE integration = ? AND kind = ? AND local_id = ?",
        (name, kind, local_id),
    )


def _next_remote(call: Call, name: str, kind: str) -> str:
    row = call.one(
        "SELECT COUNT(*) AS known FROM timesheets_links WHERE integration = ? AND kind = ?",
        (name, kind),
    )
    return str(1 if row is None else row["known"] + 1)


def _export_users(call: Call, name: str, user_ids: list[int]) -> Record:
    exported: dict[int, Record] = {}
    passed: dict[int, Record] = {}
    for user_id in dict.fromkeys(user_ids):
        user = call.one("SELECT * FROM timesheets_users WHERE id = ?", (user_id,))
        if user is None:
            continue
        known = _known(call, name, "user", user_id)
        remote = known["remote_id"] if known else _next_remote(call, name, "user")
        if known is None:
            _link(call, name, "user", user_id, remote)
            call.change("users", user_id, {"exported": call.now})
        (exported if known is None else passed)[user_id] = {
            "id": remote,
            "name": f"{user['first_name']} {user['last_name']}",
            "hourly_rate": number(Decimal(user["hourly_rate"])),
        }
    return {"exported": entity_map(exported), "passed": entity_map(passed), "fail": []}


_ACCOUNT = optional(client_id=text, client_secret=text, settings=flags)

# Assumption: members have nothing to do with the accounts of the whole workspace.
OPERATIONS: tuple[Operation, ...] = (
    operation(
        "integration.update",
        "integration/{integration}/update",
        update,
        *_ACCOUNT,
        one_of=("client_id", "client_secret", "settings"),
        writes=True,
        admin=True,
    ),
    operation(
        "integration.authorize", "integration/{integration}/authorize", authorize, admin=True
    ),
    operation(
        "integration.disconnect",
        "integration/{integration}/disconnect",
        disconnect,
        writes=True,
        admin=True,
    ),
    operation(
        "integration.import_employees",
        "integration/{integration}/import_employees",
        import_employees,
        writes=True,
        admin=True,
    ),
    operation(
        "integration.import_customers",
        "integration/{integration}/import_customers",
        import_customers,
        writes=True,
        admin=True,
    ),
    operation(
        "integration.export_timeentries",
        "integration/{integration}/export_timeentries",
        export_timeentries,
        Parameter("time_entry_ids", list_of(integer)),
        writes=True,
        admin=True,
    ),
)
