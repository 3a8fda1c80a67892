"""The changes of Timesheets: people, clients, projects, tasks, time entries, invoices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from msgspec.structs import replace

from tui.store.changes import Change, Step
from tui.workspace.changes.kinds import Also, Data, Finder, Kind, Performer, Reader, gone, put_back
from tui.workspace.changes.timesheets_fields import (
    CLIENT,
    GROUP,
    MADE_WITH,
    PROJECT,
    RATE,
    SCHEDULE,
    TASK,
    USER,
    as_made,
    commented,
    created,
    entries_like,
    read_client,
    read_entry,
    read_group,
    read_invoice,
    read_project,
    read_rate,
    read_schedule,
    read_task,
    read_user,
    read_whole_entry,
    read_whole_group,
    read_whole_schedule,
)
from tui.workspace.changes.timesheets_finding import (
    find_approved,
    find_break,
    find_break_over,
    find_started,
    find_stopped,
    membership,
    turned,
)
from tui.workspace.changes.ways_back import Never, deletion, made_again, opposite

WAYS: Mapping[str, Performer] = {}


_NOT_FOR_GOOD = "What hangs on it went with it, and no call brings that back."
_SPEAKS = "The document has no way to take a comment away."
_TIMES = "The service notes when it was done, and no call takes that back."
_ALSO = {True: "too", False: "either"}
_ELSEWHERE = "It went from one program into another, and no call takes it back."


DECIDED = ("approved", "rejected")
"""How the status of an entry is called once somebody has looked at it."""


def _id(answer: Any) -> Data:
    return {"id": answer.id} if answer.id else {}


def _approved(arguments: Data) -> Iterable[str]:
    return (f"entry/{one}" for one in arguments.get("time_entry_ids") or ())


def _on(of: str, argument: str) -> Also:
    """What is commented on."""
    return lambda arguments: (f"{of}/{arguments[argument]}",) if argument in arguments else ()


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


def _entry_deleted(change: Change) -> Step | str:
    step = deletion("timesheets.ts.delete", "time_entry_id", "time entry")(change)
    if isinstance(step, str):
        return step
    return replace(step, about={MADE_WITH: 1 if change.arguments.get("comment") else 0})


def _entry_as_it_was(change: Change) -> Step | str:
    """What was approved or rejected is not so any more once it was changed, either way."""
    step = put_back(change)
    status = (change.before or {}).get("status")
    if isinstance(step, str) or status not in DECIDED:
        return step
    return replace(step, inexact=f"It was {status} before, and is not so again by that.")


def _left_undecided(before: Data) -> Data:
    """An entry that was changed and changed back: it waits for approval again."""
    return {**before, "status": "in-progress"} if before.get("status") in DECIDED else before


def _left_new(before: Data) -> Data:
    """An entry that was deleted and made again."""
    fresh = {"approved": False, "further_comments": 0, "breaks": []}
    return {**_left_undecided(before), **fresh}


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
        made=partial(as_made, of),
        find=find,
    )


def _gone(of: str, why: str = _NOT_FOR_GOOD, read: Reader | None = None) -> Kind:
    argument = f"{of}_id"
    return Kind(
        f"timesheets.{of}.delete",
        record=f"{of}/{{{argument}}}",
        id_argument=argument,
        read=read,
        keeps=True,
        inverse=Never(why),
    )


def _member(of: str, verb: str, back: str) -> Kind:
    """Somebody is put into a group or to a task, or taken out of it.

    The service takes that from whoever is there, or is not, already: it is read before.
    """
    argument, belongs, read = f"{of}_id", verb == "add_user", membership(of)
    there = opposite(f"timesheets.{of}.{back}")

    def inverse(change: Change) -> Step | str:
        if (change.before or {}).get("member") is belongs:
            return f"They were {'' if belongs else 'not '}there before, {_ALSO[belongs]}."
        return there(change)

    return Kind(
        f"timesheets.{of}.{verb}",
        record=f"{of}/{{{argument}}}",
        id_argument=argument,
        read=read,
        keeps=True,
        inverse=inverse,
        find=turned(read, belongs=True) if belongs else gone(turned(read, belongs=False)),
    )


def _tracked(verb: str, find: Finder) -> Kind:
    """Time that is noted as it passes."""
    return Kind(f"timesheets.ts.{verb}", waits=False, inverse=Never(_TIMES), find=find)


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


KINDS: tuple[Kind, ...] = (
    Kind("timesheets.login", waits=False, counts=False),
    Kind("timesheets.register", waits=False, inverse=Never("No call takes an account away.")),
    _new("user", created("user", lambda c, w: c.user.search(email=w["email"]), "email")),
    _changed("user", (*USER, "is_active"), read_user),
    _gone("user", read=read_user),
    _new("group", created("group", lambda c, w: c.group.search(name=w["name"]), "name")),
    _changed("group", (*GROUP, "status"), read_group),
    _member("group", "add_user", "delete_user"),
    _member("group", "delete_user", "add_user"),
    _gone("group", read=read_whole_group),
    _new("client", created("client", lambda c, w: c.client.search(name=w["name"], limit=200))),
    _changed("client", (*CLIENT, "status"), read_client),
    _gone("client", read=read_client),
    _new(
        "project",
        created("project", lambda c, w: c.project.search(client_id=w["client_id"], limit=500)),
    ),
    _changed("project", PROJECT, read_project),
    _gone("project", read=read_project),
    _new(
        "task", created("task", lambda c, w: c.task.search(project_id=w["project_id"], limit=500))
    ),
    _changed("task", TASK, read_task),
    _member("task", "add_user", "delete_user"),
    _member("task", "delete_user", "add_user"),
    Kind(
        "timesheets.task.add_comment",
        also=_on("task", "task_id"),
        answer=_id,
        inverse=Never(_SPEAKS),
        find=commented("task", "task_id"),
    ),
    _gone("task", read=read_task),
    _new("schedule", created("schedule", lambda c, w: c.schedule.search(name=w["name"]))),
    _changed("schedule", SCHEDULE, read_schedule),
    _gone("schedule", read=read_whole_schedule),
    _new("rate", created("rate", lambda c, w: c.rate.search(user_id=w["user_id"], limit=200))),
    _changed("rate", RATE, read_rate),
    Kind(
        "timesheets.rate.delete",
        record="rate/{rate_id}",
        id_argument="rate_id",
        read=read_rate,
        keeps=True,
        inverse=made_again("timesheets.rate.create", "It comes back as a new rate."),
    ),
    Kind(
        "timesheets.ts.create",
        record="entry/{time_entry_id}",
        id_argument="time_entry_id",
        answer=_id,
        inverse=_entry_deleted,
        made=partial(as_made, "ts"),
        find=created("ts", entries_like, "user_id", "task_id", "start_time", "end_time"),
    ),
    Kind(
        "timesheets.ts.update",
        record="entry/{time_entry_id}",
        id_argument="time_entry_id",
        fields=("task_id", "start_datetime", "end_datetime"),
        read=read_entry,
        keeps=True,
        left=_left_undecided,
        inverse=_entry_as_it_was,
    ),
    Kind(
        "timesheets.ts.delete",
        record="entry/{time_entry_id}",
        id_argument="time_entry_id",
        read=read_whole_entry,
        keeps=True,
        left=_left_new,
        inverse=_entry_again,
    ),
    Kind(
        "timesheets.ts.approve",
        also=_approved,
        inverse=Never("The document has no way to take it back."),
        find=find_approved,
    ),
    Kind(
        "timesheets.ts.add_comment",
        also=_on("entry", "time_entry_id"),
        answer=_id,
        inverse=Never(_SPEAKS),
        find=commented("ts", "time_entry_id"),
    ),
    _tracked("start", find_started),
    _tracked("stop", find_stopped),
    _tracked("break_start", find_break),
    _tracked("break_stop", find_break_over),
    Kind(
        "timesheets.invoice.create",
        record="invoice/{invoice_id}",
        id_argument="invoice_id",
        answer=_id,
        inverse=deletion("timesheets.invoice.delete", "invoice_id", "invoice"),
        made=partial(as_made, "invoice"),
        find=created(
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
        read=read_invoice,
        keeps=True,
        inverse=_invoice_as_it_was,
    ),
    Kind(
        "timesheets.invoice.set_payed",
        record="invoice/{invoice_id}",
        id_argument="invoice_id",
        fields=("payed_date",),
        read=read_invoice,
        inverse=_not_paid_again,
        made=_paid,
    ),
    Kind(
        "timesheets.invoice.add_comment",
        also=_on("invoice", "invoice_id"),
        answer=_id,
        inverse=Never(_SPEAKS),
        find=commented("invoice", "invoice_id"),
    ),
    _gone(
        "invoice",
        "The service keeps no copy of it and does not tell which tasks it billed.",
        read_invoice,
    ),
    Kind("timesheets.integration.update", inverse=Never("No call tells what it was set to.")),
    Kind("timesheets.integration.disconnect", inverse=Never("It is linked again by hand.")),
    Kind("timesheets.integration.import_employees", waits=False, inverse=Never(_ELSEWHERE)),
    Kind("timesheets.integration.import_customers", waits=False, inverse=Never(_ELSEWHERE)),
    Kind("timesheets.integration.export_timeentries", waits=False, inverse=Never(_ELSEWHERE)),
)  # fmt: skip
