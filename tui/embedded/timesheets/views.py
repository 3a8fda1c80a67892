"""Rows of the store as the documents show them. Members that are not set are left out."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from tui.embedded.timesheets.answers import Record, entity_map, number, present
from tui.embedded.timesheets.calls import Call
from tui.embedded.timesheets.pricing import hours, in_hours
from tui.embedded.timesheets.work import SECONDS, ids, task_seconds


def pick(row: sqlite3.Row, *names: str) -> Record:
    """These columns of a row, as they are."""
    return {name: row[name] for name in names}


def _count(value: str | None) -> int | float | None:
    return None if value is None else number(value)


@dataclass(frozen=True)
class UserDetails:
    """What a full user needs beside its row."""

    teams: dict[int, list[int]]
    paid: dict[int, int]
    unapproved: dict[int, int]

    @classmethod
    def of(cls, call: Call, user_ids: Iterable[object]) -> UserDetails:
        """Groups and worked seconds of these users."""
        chosen = {"now": call.now, "users": ids(user_ids)}
        within = "user_id IN (SELECT value FROM json_each(:users))"
        teams: dict[int, list[int]] = {}
        for row in call.read(
            f"SELECT * FROM timesheets_members WHERE {within} ORDER BY group_id", chosen
        ):
            teams.setdefault(row["user_id"], []).append(row["group_id"])
        paid: dict[int, int] = {}
        unapproved: dict[int, int] = {}
        for row in call.read(
            f"SELECT e.user_id, e.payment_status = 'payed' AS is_paid, SUM({SECONDS}) AS seconds "
            f"FROM timesheets_entries e WHERE e.{within} AND e.end_time IS NOT NULL "
            "AND (e.payment_status = 'payed' OR e.status = 'in-progress') GROUP BY 1, 2",
            chosen,
        ):
            (paid if row["is_paid"] else unapproved)[row["user_id"]] = row["seconds"]
        return cls(teams, paid, unapproved)


def full_user(call: Call, row: sqlite3.Row, details: UserDetails) -> Record:
    """All fields; `notes` for administrators only."""
    return present(
        {
            **pick(row, "id", "email", "first_name", "last_name", "sex", "position"),
            "hourly_rate": number(row["hourly_rate"]),
            "roles": ["ROLE_USER", "ROLE_ADMIN"] if row["is_admin"] else ["ROLE_USER"],
            **pick(row, "created", "updated", "exported"),
            "activated": bool(row["is_active"]),
            "settings": json.loads(row["settings"]) or [],
            "picture": row["picture"],
            "paid_hours": number(hours(details.paid.get(row["id"], 0))),
            "unapproved_hours": number(hours(details.unapproved.get(row["id"], 0))),
            "teams": details.teams.get(row["id"], []),
            "notes": row["notes"] if call.actor.is_admin else None,
            "birth_date": row["birth_date"],
        }
    )


def linked_users(
    call: Call, user_ids: Iterable[object], *names: str, teams: bool = False
) -> object:
    """`with: users` as a map by id. A user that was deleted keeps a name on old work."""
    rows = call.read(
        "SELECT * FROM timesheets_users WHERE id IN (SELECT value FROM json_each(?))",
        (ids(user_ids),),
    )
    details = UserDetails.of(call, [row["id"] for row in rows]) if teams else None
    made: dict[int, Record] = {}
    for row in rows:
        item = pick(row, *names)
        if "hourly_rate" in item:
            item["hourly_rate"] = number(row["hourly_rate"])
        if details is not None:
            item["teams"] = details.teams.get(row["id"], [])
        made[row["id"]] = present(item)
    return entity_map(made)


CONTACT = ("id", "email", "first_name", "last_name", "hourly_rate", "picture", "birth_date")
PAID_NAME = ("id", "first_name", "last_name", "hourly_rate", "picture", "birth_date")
PORTRAIT = ("id", "first_name", "last_name", "picture")
NAME = ("id", "first_name", "last_name")


def teams_of(call: Call, user_ids: Iterable[object]) -> object:
    """The groups that come along with users of tasks."""
    rows = call.read(
        "SELECT * FROM timesheets_groups WHERE id IN (SELECT group_id FROM timesheets_members "
        "WHERE user_id IN (SELECT value FROM json_each(?)))",
        (ids(user_ids),),
    )
    return entity_map(
        {
            row["id"]: present(
                {
                    **pick(row, "id", "name", "description", "notes"),
                    "status": active(row),
                    "pay_rate": number(row["pay_rate"]),
                }
            )
            for row in rows
        }
    )


def active(row: sqlite3.Row) -> str:
    """Groups and clients answer their flag as a word."""
    return "active" if row["is_active"] else "inactive"


def project_tasks(call: Call, project_ids: Iterable[object]) -> dict[int, list[int]]:
    """Ids of tasks by project, newest first as in the samples."""
    found: dict[int, list[int]] = {}
    for row in call.read(
        "SELECT id, project_id FROM timesheets_tasks "
        "WHERE project_id IN (SELECT value FROM json_each(?)) ORDER BY id DESC",
        (ids(project_ids),),
    ):
        found.setdefault(row["project_id"], []).append(row["id"])
    return found


def full_project(row: sqlite3.Row, tasks: list[int]) -> Record:
    """All documented fields of a project. `category` is read by searches but shown nowhere."""
    return present(
        {
            **pick(row, "id", "name", "description", "client_id", "duration_unit", "status"),
            **pick(row, "planned_start_date", "actual_start_date"),
            **pick(row, "planned_end_date", "actual_end_date"),
            "estimated_duration": _count(row["estimated_duration"]),
            "actual_duration": _count(row["actual_duration"]),
            "tasks": tasks,
        }
    )


def projects_by_id(call: Call, project_ids: Iterable[object]) -> list[sqlite3.Row]:
    """Rows of projects."""
    return call.read(
        "SELECT * FROM timesheets_projects WHERE id IN (SELECT value FROM json_each(?))",
        (ids(project_ids),),
    )


def linked_projects(call: Call, project_ids: Iterable[object]) -> object:
    """`with: projects` in full, as a map by id."""
    rows = projects_by_id(call, project_ids)
    tasks = project_tasks(call, [row["id"] for row in rows])
    return entity_map({row["id"]: full_project(row, tasks.get(row["id"], [])) for row in rows})


def short_projects(call: Call, project_ids: Iterable[object]) -> object:
    """`with: projects` as id, name and status."""
    rows = projects_by_id(call, project_ids)
    return entity_map({row["id"]: pick(row, "id", "name", "status") for row in rows})


def tasks_by_id(call: Call, task_ids: Iterable[object]) -> list[sqlite3.Row]:
    """Rows of tasks."""
    return call.read(
        "SELECT * FROM timesheets_tasks WHERE id IN (SELECT value FROM json_each(?))",
        (ids(task_ids),),
    )


@dataclass(frozen=True)
class TaskDetails:
    """What a task needs beside its row."""

    seconds: dict[int, int]
    users: dict[int, list[int]]

    @classmethod
    def of(cls, call: Call, task_ids: Iterable[object]) -> TaskDetails:
        """Worked time and assigned users of these tasks."""
        chosen = list(task_ids)
        users: dict[int, list[int]] = {}
        for row in call.read(
            "SELECT * FROM timesheets_assignments "
            "WHERE task_id IN (SELECT value FROM json_each(?)) ORDER BY user_id",
            (ids(chosen),),
        ):
            users.setdefault(row["task_id"], []).append(row["user_id"])
        return cls(task_seconds(call, chosen), users)


def task(row: sqlite3.Row, details: TaskDetails) -> Record:
    """The fields of a task in lists; `duration` is the time of all its entries in seconds."""
    return {
        **pick(row, "id", "name"),
        "project": row["project_id"],
        "duration": details.seconds.get(row["id"], 0),
        "status": row["status"],
        "users": details.users.get(row["id"], []),
    }


def full_task(row: sqlite3.Row, details: TaskDetails) -> Record:
    """A task with its description and estimate."""
    estimate = row["estimate"]
    in_working_hours = (
        None if estimate is None else number(in_hours(Decimal(estimate), row["estimate_unit"]))
    )
    return present(
        {
            **task(row, details),
            "description": row["description"],
            "estimate": _count(estimate),
            "estimate_unit": None if estimate is None else row["estimate_unit"],
            "estimate_hours": in_working_hours,
        }
    )


def linked_tasks(call: Call, task_ids: Iterable[object]) -> object:
    """`with: tasks` as a map by id."""
    rows = tasks_by_id(call, task_ids)
    details = TaskDetails.of(call, [row["id"] for row in rows])
    return entity_map({row["id"]: task(row, details) for row in rows})


def _place(row: sqlite3.Row, column: str) -> object:
    return None if row[column] is None else json.loads(row[column])


def entry_view(row: sqlite3.Row, *, schedule: bool = False, payment: bool = True) -> Record:
    """A time entry in lists: `breaks` and `comments` are counts, end and approval may be absent.

    Assumption: what stands on an invoice says on which, since no documented answer tells what an
    invoice holds and the same work could be billed twice.
    """
    return present(
        {
            **pick(row, "id", "user_id", "task_id"),
            "schedule_id": row["schedule_id"] if schedule else None,
            **pick(row, "start_time", "end_time", "approve_date"),
            **pick(row, "breaks", "comments", "duration", "status"),
            "payment_status": row["payment_status"] if payment else None,
            "invoice_id": row["invoice_id"] if payment else None,
            "start_location": _place(row, "start_location"),
            "end_location": _place(row, "end_location"),
        }
    )
