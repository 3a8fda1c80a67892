"""The changes of Timesheets: people, clients, projects, tasks, time entries, invoices."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tui.services.errors import NotFound
from tui.store.changes import Change, Step
from tui.workspace.changes.arguments import as_data, from_data
from tui.workspace.changes.kinds import Data, Finder, Kind, Performer, Reader, put_back
from tui.workspace.changes.values import same
from tui.workspace.changes.ways_back import deletion, made_again, never, opposite

if TYPE_CHECKING:
    # What is known of a change is asked before anything is sent: no client is imported for it.
    from tui.services.timesheets import Timesheets
    from tui.services.timesheets.answers import Found
    from tui.services.timesheets.records import TimeEntry

CLOCKS_DIFFER = timedelta(minutes=10)
"""By how much the service's clock may be behind or ahead of this one."""
WAYS: Mapping[str, Performer] = {}


_NOT_FOR_GOOD = "What hangs on it went with it, and no call brings that back."
_SPEAKS = "The document has no way to take a comment away."
_TIMES = "The service notes when it was done, and no call takes that back."
_ELSEWHERE = "It went from one program into another, and no call takes it back."


def _id(answer: Any) -> Data:
    return {"id": answer.id}


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


def _created(
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
    renamed = {("task", "project_id"): "project"}
    return all(
        same(as_data(getattr(record, renamed.get((of, name), name), None)), value)
        for name, value in wanted.items()
        if name != "status"
    )


def _commented(chapter: str, argument: str) -> Finder:
    """Finds a comment by its text, where it stands there once."""

    async def find(client: Timesheets, change: Change) -> Data | None:
        found = await getattr(client, chapter).comments(change.arguments[argument])
        like = [one for one in found.items if one.content == change.arguments["content"]]
        # A second of the same text may be older: then nobody can tell.
        made = [one for one in like if one.date is None or one.date >= change.time - CLOCKS_DIFFER]
        return {"id": made[0].id} if len(made) == 1 else None

    return find


# -- people, clients, projects, tasks ----------------------------------------------------------

_USER = ("email", "first_name", "last_name", "sex", "birth_date", "position", "settings")
_CLIENT = (
    "name", "phone", "email", "contact_info", "address", "city", "state", "industry", "website",
    "notes",
)  # fmt: skip
_PROJECT = (
    "client_id", "name", "description", "category", "status", "planned_start_date",
    "actual_start_date", "planned_end_date", "actual_end_date", "estimated_duration",
    "actual_duration", "duration_unit",
)  # fmt: skip
_TASK = ("name", "description", "estimate", "estimate_unit", "status")
_GROUP = ("name", "description", "notes")
_RATE = ("user_id", "schedule_id", "name", "amount", "duration_unit")
_SCHEDULE = ("name", "days_of_week", "start_time", "end_time", "is_holiday", "is_overnight")


def _user_fields(record: Any) -> dict[str, Any]:
    return {**_listed(*_USER)(record), "is_active": record.activated}


def _client_fields(record: Any) -> dict[str, Any]:
    return {**_listed(*_CLIENT)(record), "status": record.active}


def _group_fields(record: Any) -> dict[str, Any]:
    words = {True: "active", False: "inactive", None: None}
    return {**_listed(*_GROUP)(record), "status": words[record.active]}


async def _entry(client: Timesheets, arguments: Data) -> Data | None:
    try:
        entry = (await client.ts.get(arguments["time_entry_id"])).entry
    except NotFound:
        return None
    data: Data = as_data(
        {
            "user_id": entry.user_id,
            "task_id": entry.task_id,
            "start_datetime": entry.start_time,
            "end_datetime": entry.end_time,
        }
    )
    return data


def _entry_again(change: Change) -> Step | str:
    held = change.before or {}
    if held.get("user_id") is None or held.get("start_datetime") is None:
        return "The service did not tell whose time it was, or when."
    arguments = {
        "user_id": held["user_id"],
        "task_id": held.get("task_id"),
        "start_time": held["start_datetime"],
        "end_time": held.get("end_datetime"),
    }
    return Step(
        operation="timesheets.ts.create",
        arguments={name: value for name, value in arguments.items() if value is not None},
        inexact="It comes back as a new entry: not approved, without its comments and breaks.",
    )


async def _entries(client: Timesheets, wanted: Data) -> Found[TimeEntry]:
    return await client.ts.search(
        user_id=wanted["user_id"],
        start_datetime=wanted.get("start_time"),
        end_datetime=wanted.get("end_time"),
        limit=200,
    )


def _changed(of: str, fields: tuple[str, ...], read: Reader, *, argument: str = "") -> Kind:
    argument = argument or f"{of}_id"
    return Kind(
        f"timesheets.{of}.update",
        record=f"{of}/{{{argument}}}",
        id_argument=argument,
        fields=fields,
        read=read,
        inverse=put_back,
    )


def _new(of: str, find: Finder | None = None) -> Kind:
    argument = f"{of}_id"
    return Kind(
        f"timesheets.{of}.create",
        record=f"{of}/{{{argument}}}",
        id_argument=argument,
        answer=_id,
        inverse=deletion(f"timesheets.{of}.delete", argument, of),
        find=find,
    )


def _gone(of: str, why: str = _NOT_FOR_GOOD, read: Reader | None = None) -> Kind:
    argument = f"{of}_id"
    return Kind(
        f"timesheets.{of}.delete",
        record=f"{of}/{{{argument}}}",
        id_argument=argument,
        read=read,
        inverse=never(why),
    )


# -- invoices -------------------------------------------------------------------------------------


async def _invoice(client: Timesheets, arguments: Data) -> Data | None:
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


def _paid(_change: Change) -> Data:
    return {"status": "paid"}


def _not_paid_again(change: Change) -> Step | str:
    if (change.before or {}).get("status") == "paid":
        return put_back(change)
    return Step(
        operation="timesheets.invoice.update",
        arguments={"invoice_id": change.arguments["invoice_id"], "status": "new"},
        title=f"invoice {change.arguments['invoice_id']} is not paid again",
    )


def _invoice_as_it_was(change: Change) -> Step | str:
    """What made it not paid is taken back by the day on which it was paid."""
    before = change.before or {}
    if change.wanted.get("status") != "new" or before.get("status") != "paid":
        return put_back(change)
    if before.get("payed_date") is None:
        return "The service did not tell on which day it was paid."
    if len(change.wanted) > 1:
        return "The service takes the payment and the other fields only one after the other."
    return Step(
        operation="timesheets.invoice.set_payed",
        arguments={
            "invoice_id": change.arguments["invoice_id"],
            "payed_date": before["payed_date"],
        },
        title=f"invoice {change.arguments['invoice_id']} is paid again",
    )


_user = _reader("user", "user_id", _user_fields)
_client = _reader("client", "client_id", _client_fields)
_project = _reader("project", "project_id", _listed(*_PROJECT))
_task = _reader("task", "task_id", lambda detail: _listed(*_TASK)(detail.task))
_group = _reader("group", "group_id", _group_fields)
_rate = _reader("rate", "rate_id", _listed(*_RATE))
_schedule = _reader("schedule", "schedule_id", _listed(*_SCHEDULE))


KINDS: tuple[Kind, ...] = (
    Kind("timesheets.login", waits=False, counts=False),
    Kind("timesheets.register", waits=False, inverse=never("No call takes an account away.")),
    _new("user", _created("user", lambda c, w: c.user.search(email=w["email"]), "email")),
    _changed("user", (*_USER, "is_active"), _user),
    _gone("user", read=_user),
    _new("group", _created("group", lambda c, w: c.group.search(name=w["name"]), "name")),
    _changed("group", (*_GROUP, "status"), _group),
    Kind(
        "timesheets.group.add_user",
        record="group/{group_id}",
        id_argument="group_id",
        inverse=opposite("timesheets.group.delete_user"),
    ),
    Kind(
        "timesheets.group.delete_user",
        record="group/{group_id}",
        id_argument="group_id",
        inverse=opposite("timesheets.group.add_user"),
    ),
    _gone("group", read=_group),
    _new("client", _created("client", lambda c, w: c.client.search(name=w["name"], limit=200))),
    _changed("client", (*_CLIENT, "status"), _client),
    _gone("client", read=_client),
    _new(
        "project",
        _created("project", lambda c, w: c.project.search(client_id=w["client_id"], limit=500)),
    ),
    _changed("project", _PROJECT, _project),
    _gone("project", read=_project),
    _new(
        "task", _created("task", lambda c, w: c.task.search(project_id=w["project_id"], limit=500))
    ),
    _changed("task", _TASK, _task),
    Kind(
        "timesheets.task.add_user",
        record="task/{task_id}",
        id_argument="task_id",
        inverse=opposite("timesheets.task.delete_user"),
    ),
    Kind(
        "timesheets.task.delete_user",
        record="task/{task_id}",
        id_argument="task_id",
        inverse=opposite("timesheets.task.add_user"),
    ),
    Kind(
        "timesheets.task.add_comment",
        answer=_id,
        inverse=never(_SPEAKS),
        find=_commented("task", "task_id"),
    ),
    _gone("task", read=_task),
    _new("schedule", _created("schedule", lambda c, w: c.schedule.search(name=w["name"]))),
    _changed("schedule", _SCHEDULE, _schedule),
    _gone("schedule", read=_schedule),
    _new("rate", _created("rate", lambda c, w: c.rate.search(user_id=w["user_id"], limit=200))),
    _changed("rate", _RATE, _rate),
    Kind(
        "timesheets.rate.delete",
        record="rate/{rate_id}",
        id_argument="rate_id",
        read=_rate,
        keeps=True,
        inverse=made_again("timesheets.rate.create", "It comes back as a new rate."),
    ),
    Kind(
        "timesheets.ts.create",
        record="entry/{time_entry_id}",
        id_argument="time_entry_id",
        answer=_id,
        inverse=deletion("timesheets.ts.delete", "time_entry_id", "time entry"),
        find=_created("ts", _entries, "user_id", "task_id", "start_time", "end_time"),
    ),
    Kind(
        "timesheets.ts.update",
        record="entry/{time_entry_id}",
        id_argument="time_entry_id",
        fields=("task_id", "start_datetime", "end_datetime"),
        read=_entry,
        inverse=put_back,
    ),
    Kind(
        "timesheets.ts.delete",
        record="entry/{time_entry_id}",
        id_argument="time_entry_id",
        read=_entry,
        keeps=True,
        inverse=_entry_again,
    ),
    Kind("timesheets.ts.approve", inverse=never("The document has no way to take it back.")),
    Kind(
        "timesheets.ts.add_comment",
        answer=_id,
        inverse=never(_SPEAKS),
        find=_commented("ts", "time_entry_id"),
    ),
    Kind("timesheets.ts.start", waits=False, inverse=never(_TIMES)),
    Kind("timesheets.ts.stop", waits=False, inverse=never(_TIMES)),
    Kind("timesheets.ts.break_start", waits=False, inverse=never(_TIMES)),
    Kind("timesheets.ts.break_stop", waits=False, inverse=never(_TIMES)),
    Kind(
        "timesheets.invoice.create",
        record="invoice/{invoice_id}",
        id_argument="invoice_id",
        answer=_id,
        inverse=deletion("timesheets.invoice.delete", "invoice_id", "invoice"),
        find=_created(
            "invoice",
            lambda c, w: c.invoice.search(client_id=[w["client_id"]], limit=500),
            "client_id", "due_date", "amount",
        ),
    ),
    Kind(
        "timesheets.invoice.update",
        record="invoice/{invoice_id}",
        id_argument="invoice_id",
        fields=("due_date", "status", "amount"),
        read=_invoice,
        keeps=True,
        inverse=_invoice_as_it_was,
    ),
    Kind(
        "timesheets.invoice.set_payed",
        record="invoice/{invoice_id}",
        id_argument="invoice_id",
        fields=("payed_date",),
        read=_invoice,
        inverse=_not_paid_again,
        made=_paid,
    ),
    Kind(
        "timesheets.invoice.add_comment",
        answer=_id,
        inverse=never(_SPEAKS),
        find=_commented("invoice", "invoice_id"),
    ),
    _gone(
        "invoice",
        "The service keeps no copy of it and does not tell which tasks it billed.",
        _invoice,
    ),
    Kind("timesheets.integration.update", inverse=never("No call tells what it was set to.")),
    Kind("timesheets.integration.disconnect", inverse=never("It is linked again by hand.")),
    Kind("timesheets.integration.import_employees", waits=False, inverse=never(_ELSEWHERE)),
    Kind("timesheets.integration.import_customers", waits=False, inverse=never(_ELSEWHERE)),
    Kind("timesheets.integration.export_timeentries", waits=False, inverse=never(_ELSEWHERE)),
)  # fmt: skip
