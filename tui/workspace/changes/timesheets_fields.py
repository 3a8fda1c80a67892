"""What is read of Timesheets for its changes: the fields as they are now, and made records."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from tui.services.errors import NotFound
from tui.store.changes import Change
from tui.workspace.changes.arguments import as_data, from_data
from tui.workspace.changes.kinds import Data, Finder, Reader
from tui.workspace.changes.values import same

if TYPE_CHECKING:
    # What is known of a change is asked before anything is sent: no client is imported for it.
    from tui.services.timesheets import Timesheets
    from tui.services.timesheets.answers import Found
    from tui.services.timesheets.records import TimeEntry

MADE_WITH = "comments_made_with"
"""What is known of a new time entry besides: how many comments it begins with."""
CLOCKS_DIFFER = timedelta(minutes=10)
"""By how much the service's clock may be behind or ahead of this one."""


def _reader(chapter: str, argument: str, fields: Callable[[Any], dict[str, Any]]) -> Reader:
    """The fields of one record, by the call that gives it."""

    async def read(client: Timesheets, arguments: Data) -> Data | None:
        try:
            record = await getattr(client, chapter).info(**{argument: arguments.get(argument)})
        except NotFound:
            return None
        data: Data = as_data(fields(record))
        return data

    return read


def _listed(*names: str) -> Callable[[Any], dict[str, Any]]:
    return lambda record: {name: getattr(record, name) for name in names}


def created(
    of: str,
    search: Callable[[Timesheets, Data], Awaitable[Found[Any]]],
    *names: str,
) -> Finder:
    """Finds the one record that holds what was to be made; None where several do, or none."""

    async def find(client: Timesheets, change: Change) -> Data | None:
        wanted = {
            name: value for name, value in change.arguments.items() if not names or name in names
        }
        found = await search(client, from_data(change.arguments))
        like = [one for one in found.items if _holds(of, one, wanted)]
        return {"id": like[0].id} if len(like) == 1 else None

    return find


def _holds(of: str, record: Any, wanted: Data) -> bool:
    """Whether a record of a search is the wanted one; what a search does not tell is no reason."""
    renamed = {("task", "project_id"): "project"}
    for name, value in wanted.items():
        held = getattr(record, renamed.get((of, name), name), None)
        if isinstance(held, dict) and isinstance(value, dict):
            # A schedule tells all days of the week, whatever days it was made with.
            held = {key: held.get(key) for key in value}
        if name != "status" and held not in (None, "") and not same(as_data(held), value):
            return False
    return True


def commented(chapter: str, argument: str) -> Finder:
    """Finds a comment by its text, where it stands there once."""

    async def find(client: Timesheets, change: Change) -> Data | None:
        found = await getattr(client, chapter).comments(change.arguments[argument])
        like = [one for one in found.items if one.content == change.arguments["content"]]
        # A second of the same text may be older: then nobody can tell.
        made = [one for one in like if one.date is None or one.date >= change.time - CLOCKS_DIFFER]
        return {"id": made[0].id} if len(made) == 1 else None

    return find


# -- people, clients, projects, tasks ----------------------------------------------------------

USER = ("email", "first_name", "last_name", "sex", "birth_date", "position", "settings")
CLIENT = (
    "name", "phone", "email", "contact_info", "address", "city", "state", "industry", "website",
    "notes",
)  # fmt: skip
PROJECT = (
    "client_id", "name", "description", "category", "status", "planned_start_date",
    "actual_start_date", "planned_end_date", "actual_end_date", "estimated_duration",
    "actual_duration", "duration_unit",
)  # fmt: skip
TASK = ("name", "description", "estimate", "estimate_unit", "status")
GROUP = ("name", "description", "notes")
"""Of these the service tells only the name again."""
RATE = ("user_id", "schedule_id", "name", "amount", "duration_unit")
SCHEDULE = ("name", "days_of_week", "start_time", "end_time", "is_holiday", "is_overnight")


def _user_fields(record: Any) -> dict[str, Any]:
    return {**_listed(*USER)(record), "is_active": record.activated}


def _client_fields(record: Any) -> dict[str, Any]:
    return {**_listed(*CLIENT)(record), "status": record.active, "projects": record.projects}


def _project_fields(record: Any) -> dict[str, Any]:
    return {**_listed(*PROJECT)(record), "tasks": record.tasks}


def _task_fields(detail: Any) -> dict[str, Any]:
    entries = [entry.id for entry in detail.task.time_entries]
    return {**_listed(*TASK)(detail.task), "entries": entries}


def _group_fields(record: Any) -> dict[str, Any]:
    words = {True: "active", False: "inactive", None: None}
    return {"name": record.name, "status": words[record.active]}


def _entry_fields(entry: TimeEntry) -> dict[str, Any]:
    return {
        "user_id": entry.user_id,
        "task_id": entry.task_id,
        "start_datetime": entry.start_time,
        "end_datetime": entry.end_time,
        "status": entry.status,
    }


async def read_entry(client: Timesheets, arguments: Data) -> Data | None:
    """A time entry by its id."""
    try:
        entry = (await client.ts.get(arguments["time_entry_id"])).entry
    except NotFound:
        return None
    data: Data = as_data(_entry_fields(entry))
    return data


# -- what goes with it when it is deleted -------------------------------------------------------


async def read_whole_entry(client: Timesheets, arguments: Data) -> Data | None:
    """A time entry with whether it is approved, how many comments it has besides the one that it
    was made with, and when its breaks began.
    """
    try:
        found = await client.ts.get(arguments["time_entry_id"], with_=["comments", "breaks"])
    except NotFound:
        return None
    fields = {
        **_entry_fields(found.entry),
        "approved": found.entry.status == "approved",
        "further_comments": max(0, len(found.comments) - arguments.get(MADE_WITH, 0)),
        "breaks": [one.start_time for one in found.breaks],
    }
    data: Data = as_data(fields)
    return data


async def read_whole_group(client: Timesheets, arguments: Data) -> Data | None:
    """A group with who is in it."""
    found = await read_group(client, arguments)
    if found is None:
        return None
    users = await client.group.get_users(arguments["group_id"])
    return {**found, "users": [one.name for one in users.items]}


async def read_whole_schedule(client: Timesheets, arguments: Data) -> Data | None:
    """A schedule with the rates that are paid in it."""
    found = await read_schedule(client, arguments)
    if found is None:
        return None
    rates = await client.rate.search(schedule_id=arguments["schedule_id"], limit=200)
    return {**found, "rates": [one.name for one in rates.items]}


NOTHING_ON_IT: Mapping[str, Data] = {
    "client": {"projects": []},
    "project": {"tasks": []},
    "task": {"entries": []},
    "group": {"users": []},
    "schedule": {"rates": []},
    "ts": {"approved": False, "further_comments": 0, "breaks": []},
}
"""What hangs on a new record: nothing, until somebody puts it there."""
_TOLD = {
    "user": ("email", "first_name", "last_name", "position"),
    "client": (*CLIENT, "status"),
    "project": ("client_id", "name", "description", "status"),
    "task": TASK,
    "group": ("name",),
    "schedule": ("name", "start_time", "end_time", "is_holiday", "is_overnight"),
    "rate": RATE,
    "ts": ("task_id", "start_time", "end_time"),
    "invoice": ("due_date", "amount", "status"),
}
"""Arguments of making one that its reading tells again."""
_RENAMED = {"start_time": "start_datetime", "end_time": "end_datetime"}


def as_made(of: str, change: Change) -> Data:
    """A new record as it is as long as nobody has changed it or put something on it."""
    arguments = from_data(change.arguments)
    fields: dict[str, Any] = dict(NOTHING_ON_IT.get(of, {}))
    for name in _TOLD[of]:
        if arguments.get(name) is not None:
            value = arguments[name]
            told = value.replace(microsecond=0) if isinstance(value, datetime) else value
            fields[_RENAMED.get(name, name) if of == "ts" else name] = told
    data: Data = as_data(fields)
    return data


# -- invoices -------------------------------------------------------------------------------------


async def entries_like(client: Timesheets, wanted: Data) -> Found[TimeEntry]:
    """The entries of a person within the times of a new one."""
    return await client.ts.search(
        user_id=wanted["user_id"],
        start_datetime=wanted.get("start_time"),
        end_datetime=wanted.get("end_time"),
        limit=200,
    )


async def read_invoice(client: Timesheets, arguments: Data) -> Data | None:
    """An invoice by its id; whether it is paid in the word that an update takes."""
    try:
        invoice = await client.invoice.info(arguments["invoice_id"])
    except NotFound:
        return None
    fields: Data = as_data(
        {
            "due_date": invoice.due_date,
            "amount": invoice.amount,
            "payed_date": invoice.payed_date,
            "status": "paid" if invoice.paid else "new",
        }
    )
    return fields


read_user = _reader("user", "user_id", _user_fields)
read_client = _reader("client", "client_id", _client_fields)
read_project = _reader("project", "project_id", _project_fields)
read_task = _reader("task", "task_id", _task_fields)
read_group = _reader("group", "group_id", _group_fields)
read_rate = _reader("rate", "rate_id", _listed(*RATE))
read_schedule = _reader("schedule", "schedule_id", _listed(*SCHEDULE))
