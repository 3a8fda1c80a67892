"""The sample workspace: a studio of eight, ten weeks of work, and the invoices for it.

The same for the same moment: all dates hang on `context.now()`, all chance on one fixed number.
"""

from __future__ import annotations

import random
import sqlite3
from datetime import datetime
from decimal import Decimal

from tui.embedded.context import Context
from tui.embedded.timesheets.pricing import Price, Shift
from tui.embedded.timesheets.seed_names import (
    CLIENTS,
    FORMER,
    GROUPS,
    PROJECTS,
    RATES,
    SCHEDULES,
    TASK_COMMENTS,
    USERS,
    WITHOUT_WORK,
)
from tui.embedded.timesheets.seed_work import (
    BILLED_AFTER,
    DAY,
    DAYS_OF_WORK,
    Plan,
    Task,
    insert,
    write_invoices,
    write_work,
)
from tui.embedded.zones import zone


def seed(context: Context) -> None:
    """Write all of it inside the caller's transaction; the owner's row is there already."""
    now = int(context.now().timestamp())
    local = datetime.fromtimestamp(now, zone(context.options.timezone))
    with context.database.write() as connection:
        users = _users(connection, context.credentials.timesheets_email, now)
        plan = Plan(now, local, random.Random(20260114), users)
        _clients(connection, now)
        _prices(connection, plan)
        _projects(connection, plan)
        write_work(connection, plan)
        write_invoices(connection, plan)
        insert(
            connection,
            "integrations",
            "name, client_id, has_secret, settings",
            [(name, f"sample-{name}", 1, "{}") for name in ("qbo", "xero")],
        )


def _users(connection: sqlite3.Connection, owner: str, now: int) -> list[int]:
    """The owner's id first. The others have no password and cannot sign in."""
    made = now - (DAYS_OF_WORK + 30) * DAY
    first = connection.execute(
        "SELECT id FROM timesheets_users WHERE lower(email) = lower(?)", (owner,)
    ).fetchone()["id"]
    ids = [first, *range(first + 1, first + len(USERS))]
    domain = owner.partition("@")[2]
    connection.execute(
        "UPDATE timesheets_users SET first_name = ?, last_name = ?, sex = ?, position = ?, "
        "hourly_rate = ?, birth_date = ?, created = ?, updated = ?, picture = ?, notes = ? "
        "WHERE id = ?",
        (
            *USERS[0],
            made,
            made,
            f"https://{domain}/avatars/{first}.png",
            "Owns this sample workspace",
            first,
        ),
    )
    insert(
        connection,
        "users",
        "id, email, first_name, last_name, sex, position, hourly_rate, birth_date, "
        "picture, notes, is_active, settings, created, updated, changed",
        [
            (
                ids[position],
                f"{person[0].lower().replace('é', 'e')}@{domain}",
                *person,
                f"https://{domain}/avatars/{ids[position]}.png",
                "Sample user",
                int(position != FORMER),
                "[{}]" if position % 3 == 0 else '{"datetime_format": "d/m/Y h:ia"}',
                made + position * DAY,
                made + position * DAY,
                now,
            )
            for position, person in enumerate(USERS)
            if position
        ],
    )
    insert(
        connection,
        "groups",
        "id, name, description, pay_rate, is_active, notes",
        [(at, *group[:4], "Sample group") for at, group in enumerate(GROUPS, 1)],
    )
    insert(
        connection,
        "members",
        "group_id, user_id",
        [(at, ids[position]) for at, group in enumerate(GROUPS, 1) for position in group[4]],
    )
    return ids


def _clients(connection: sqlite3.Connection, now: int) -> None:
    made = now - (DAYS_OF_WORK + 20) * DAY
    insert(
        connection,
        "clients",
        "id, name, phone, city, state, industry, is_active, "
        "email, contact_info, address, website, notes, created, updated",
        [
            (
                at,
                *client,
                f"office@client{at}.example.com",
                f"Ask for desk {at}",
                f"{at} Quay Street",
                f"https://client{at}.example.com",
                "Sample client",
                made,
                made,
            )
            for at, client in enumerate(CLIENTS, 1)
        ],
    )


def _prices(connection: sqlite3.Connection, plan: Plan) -> None:
    insert(
        connection,
        "schedules",
        "id, name, days, start_time, end_time, is_holiday, is_overnight",
        [(at, *schedule) for at, schedule in enumerate(SCHEDULES, 1)],
    )
    plan.shifts = [
        Shift(at, days, start, end, bool(is_overnight), bool(is_holiday))
        for at, (_, days, start, end, is_holiday, is_overnight) in enumerate(SCHEDULES, 1)
    ]
    for position, user in enumerate(plan.users):
        plan.prices[user, None] = Price(Decimal(USERS[position][4]))
    for user, schedule, _, amount, unit in RATES:
        plan.prices[plan.users[user], schedule + 1] = Price(Decimal(amount), unit)
    insert(
        connection,
        "rates",
        "user_id, schedule_id, name, amount, duration_unit",
        [(plan.users[user], schedule + 1, *rest) for user, schedule, *rest in RATES],
    )


def _state(position: int) -> str:
    """Of a project: the first of every client is under way, so that each has work to bill."""
    if position < len(CLIENTS) - 1:
        return "in-progress"
    return ("done", "in-progress", "new", "done", "in-progress", "cancelled")[position % 6]


def _projects(connection: sqlite3.Connection, plan: Plan) -> None:
    clients = [at for at in range(1, len(CLIENTS) + 1) if at != WITHOUT_WORK + 1]
    made = plan.now - (DAYS_OF_WORK + 10) * DAY
    projects: list[tuple[object, ...]] = []
    tasks: list[tuple[object, ...]] = []
    assigned: list[tuple[int, int]] = []
    history: list[tuple[object, ...]] = []
    comments: list[tuple[object, ...]] = []
    for position, (name, category, names) in enumerate(PROJECTS):
        at, client, state = position + 1, clients[position % len(clients)], _state(position)
        ended = plan.now - (BILLED_AFTER + 7) * DAY if state == "done" else None
        projects.append(
            (
                *(at, client, name, f"{category} for client {client}", category, state),
                *(made, None if state == "new" else made + 2 * DAY),
                *(plan.now + (position % 9 - 2) * 7 * DAY, ended),
                *(str(40 + 12 * (position % 8)), "38.5" if ended else None),
                *(("hours", "days", "weeks")[position % 3], made, made + (position % 2) * DAY),
            )
        )
        for order, title in enumerate(names):
            task = len(tasks) + 1
            task_state = _task_state(state, order)
            tasks.append((task, at, title, str(4 + task % 37), "hours", task_state, made, made))
            history.append((task, "new", made, plan.users[0]))
            if task_state != "new":
                history.append((task, task_state, made + 3 * DAY, plan.users[0]))
            if task % 9 == 4:
                text = TASK_COMMENTS[task % len(TASK_COMMENTS)]
                comments.append(("task", task, plan.users[task % 3], text, made + DAY))
            # Every seventh task is the owner's too, so that the dashboard is never empty.
            people = {plan.users[task % 8], plan.users[task * 5 % 7 + 1]}
            people |= {plan.users[0]} if task % 7 == 1 else set()
            assigned += [(task, user) for user in sorted(people)]
            if state in ("in-progress", "done") and task_state != "new":
                youngest = BILLED_AFTER + 7 if state == "done" or task_state == "done" else 0
                for user in people:
                    plan.tasks.setdefault(user, []).append(Task(task, client, youngest))
    insert(
        connection,
        "projects",
        "id, client_id, name, description, category, status, planned_start_date, "
        "actual_start_date, planned_end_date, actual_end_date, estimated_duration, "
        "actual_duration, duration_unit, created, updated",
        projects,
    )
    columns = "id, project_id, name, estimate, estimate_unit, status, created, updated"
    insert(connection, "tasks", columns, tasks)
    insert(connection, "assignments", "task_id, user_id", assigned)
    insert(connection, "task_history", "task_id, status, date, user_id", history)
    insert(connection, "comments", "subject, subject_id, user_id, content, date", comments)


def _task_state(project: str, order: int) -> str:
    if project != "in-progress":
        return project
    return ("done", "in-progress", "in-progress", "new")[order % 4]
