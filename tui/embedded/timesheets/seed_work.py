"""Ten weeks of time entries for the sample workspace, and the invoices that stand on them."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from tui.embedded.timesheets.pricing import Price, Shift, cost, shift_at
from tui.embedded.timesheets.seed_names import ENTRY_COMMENTS, FORMER, INVOICE_COMMENTS

DAY = 86_400
DAYS_OF_WORK = 70
BILLED_AFTER = 18
"""Approved work that is younger than this many days is still to be billed."""
HARBOUR = (54.3233, 10.1394)


def insert(
    connection: sqlite3.Connection, table: str, columns: str, rows: Iterable[Sequence[object]]
) -> None:
    """Many rows at once."""
    marks = ", ".join("?" * (columns.count(",") + 1))
    connection.executemany(f"INSERT INTO timesheets_{table} ({columns}) VALUES ({marks})", rows)


@dataclass
class Entry:
    """A time entry before it is written."""

    id: int
    user: int
    task: int
    client: int
    start: int
    end: int | None
    age: int
    """Days before today."""
    breaks: list[tuple[int, int | None]] = field(default_factory=list)
    status: str = "in-progress"
    approved: int | None = None
    schedule: int | None = None
    invoice: int | None = None
    is_paid: bool = False

    @property
    def seconds(self) -> int:
        """Worked seconds of an entry that has ended, breaks taken off."""
        pauses = sum((end or begin) - begin for begin, end in self.breaks)
        return (self.end or self.start) - self.start - pauses


@dataclass
class Task:
    """A task that work can be done on."""

    id: int
    client: int
    youngest: int
    """Days before today on which the last work was done."""


@dataclass
class Plan:
    """What the parts of the sample share."""

    now: int
    local: datetime
    """The same moment on the clocks of the workspace."""
    chance: random.Random
    users: list[int]
    shifts: list[Shift] = field(default_factory=list)
    prices: dict[tuple[int, int | None], Price] = field(default_factory=dict)
    tasks: dict[int, list[Task]] = field(default_factory=dict)
    """By user."""
    entries: list[Entry] = field(default_factory=list)


def write_work(connection: sqlite3.Connection, plan: Plan) -> None:
    """Make the entries and write what hangs on them; the entries themselves go with invoices."""
    for age in range(DAYS_OF_WORK - 1, -1, -1):
        _one_day(plan, age)
    _running(plan)
    rated: dict[int, set[int]] = {}
    for user, schedule in plan.prices:
        if schedule is not None:
            rated.setdefault(user, set()).add(schedule)
    zone = plan.local.tzinfo
    assert zone is not None
    for entry in plan.entries:
        entry.schedule = shift_at(plan.shifts, rated.get(entry.user, set()), entry.start, zone)
    insert(
        connection,
        "breaks",
        "entry_id, start_time, end_time",
        [(entry.id, *pause) for entry in plan.entries for pause in entry.breaks],
    )
    insert(
        connection,
        "comments",
        "subject, subject_id, user_id, content, date",
        [
            ("entry", entry.id, entry.user, plan.chance.choice(ENTRY_COMMENTS), entry.start + 60)
            for entry in plan.entries
            if plan.chance.random() < 0.12
        ],
    )


def _one_day(plan: Plan, age: int) -> None:
    chance = plan.chance
    morning = plan.local.replace(hour=8, minute=0, second=0, microsecond=0) - timedelta(days=age)
    is_weekend = morning.weekday() >= 5
    for position, user in enumerate(plan.users):
        if position == FORMER and age < 40:
            continue
        if is_weekend and chance.random() > 0.08:
            continue
        start = int(morning.timestamp()) + chance.randrange(0, 5400, 60)
        for _ in range(chance.choice((2, 2, 2, 3))):
            end = start + chance.randrange(75 * 60, 250 * 60, 60) + chance.randrange(60)
            # Nobody has finished anything in the last three hours: there the clocks still run.
            if end > plan.now - 3 * 3600:
                break
            _finished(plan, user, age, start, end)
            start = end + chance.randrange(20 * 60, 100 * 60, 60)


def _finished(plan: Plan, user: int, age: int, start: int, end: int) -> None:
    chance = plan.chance
    task = chance.choice([task for task in plan.tasks[user] if age >= task.youngest])
    entry = Entry(len(plan.entries) + 1, user, task.id, task.client, start, end, age)
    if end - start > 7200 and chance.random() < 0.45:
        begin = start + chance.randrange(2400, 4200)
        entry.breaks.append((begin, begin + chance.randrange(300, 1500)))
        if chance.random() < 0.2:
            entry.breaks.append((end - 900, end - 420))
    luck = chance.random()
    if age > 4 and (luck < 0.93 if age > 14 else luck < 0.6):
        entry.status = "approved"
    elif age > 14 and luck < 0.97:
        entry.status = "rejected"
    if entry.status != "in-progress":
        entry.approved = min(plan.now, end + chance.randrange(DAY, 3 * DAY))
    plan.entries.append(entry)


def _running(plan: Plan) -> None:
    owner, mate = plan.users[0], plan.users[1]
    for user, minutes in ((owner, 47), (mate, 130)):
        task = next(task for task in plan.tasks[user] if task.youngest == 0)
        start = plan.now - minutes * 60
        plan.entries.append(
            Entry(len(plan.entries) + 1, user, task.id, task.client, start, None, 0)
        )
    plan.entries[-1].breaks.append((plan.now - 12 * 60, None))


def write_invoices(connection: sqlite3.Connection, plan: Plan) -> None:
    """Two invoices for each client with work, and after them the entries that they hold."""
    invoices: list[tuple[object, ...]] = []
    comments: list[tuple[object, ...]] = []
    clients = sorted({entry.client for entry in plan.entries})
    half = (DAYS_OF_WORK + BILLED_AFTER) // 2
    for oldest, youngest, is_recent in (
        (DAYS_OF_WORK, half, False),
        (half - 1, BILLED_AFTER, True),
    ):
        for position, client in enumerate(clients):
            number = len(invoices) + 1
            held = [
                entry
                for entry in plan.entries
                if entry.client == client
                and youngest <= entry.age <= oldest
                and entry.status == "approved"
            ]
            if not held:
                continue
            created = plan.now - (youngest - 1) * DAY
            due = created + (30 if is_recent and position % 3 else 10) * DAY
            is_paid = position % 4 == 1 if is_recent else position % 5 != 2
            payed = created + (4 + position) * DAY if is_paid else None
            amount = Decimal(0)
            for entry in held:
                entry.invoice, entry.is_paid = number, is_paid
                amount += cost(entry.seconds, _price(plan, entry))
            status = "paid" if is_paid else "new"
            invoices.append((number, client, due, payed, str(amount), status, created, created))
            if position % 4 == 2:
                text = INVOICE_COMMENTS[position % len(INVOICE_COMMENTS)]
                comments.append(("invoice", number, plan.users[0], text, created + DAY))
    insert(
        connection,
        "invoices",
        "id, client_id, due_date, payed_date, amount, status, created, updated",
        invoices,
    )
    insert(connection, "comments", "subject, subject_id, user_id, content, date", comments)
    insert(
        connection,
        "invoice_tasks",
        "invoice_id, task_id",
        sorted({(entry.invoice, entry.task) for entry in plan.entries if entry.invoice}),
    )
    _write_entries(connection, plan)


def _price(plan: Plan, entry: Entry) -> Price:
    return plan.prices.get((entry.user, entry.schedule)) or plan.prices[(entry.user, None)]


def _write_entries(connection: sqlite3.Connection, plan: Plan) -> None:
    insert(
        connection,
        "entries",
        "id, user_id, task_id, schedule_id, invoice_id, start_time, end_time, status, "
        "payment_status, approve_date, start_location, end_location, updated",
        [
            (
                *(entry.id, entry.user, entry.task, entry.schedule, entry.invoice),
                *(entry.start, entry.end, entry.status),
                "payed" if entry.is_paid else "pending",
                entry.approved,
                _place(plan, entry.id % 3 != 0),
                _place(plan, entry.id % 3 != 0 and entry.end is not None),
                entry.end or entry.start,
            )
            for entry in plan.entries
        ],
    )
    history: list[tuple[object, ...]] = []
    for entry in plan.entries:
        history.append((entry.id, "in-progress", entry.start, entry.user))
        if entry.status != "in-progress":
            history.append((entry.id, entry.status, entry.approved, plan.users[0]))
    insert(connection, "entry_history", "entry_id, status, date, user_id", history)


def _place(plan: Plan, known: bool) -> str | None:
    if not known:
        return None
    latitude, longitude = (round(degrees + plan.chance.random() / 50, 6) for degrees in HARBOUR)
    return f"[{latitude}, {longitude}]"
