"""What Timesheets keeps: users, teams, clients, projects, tasks, entries, invoices and more.

Source: iBuildApp Timesheets document, the sample answers and field lists of each chapter. Times
arrive as numbers, digit texts and naive texts (read as UTC); status as words or truth values.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

import msgspec

from tui.services.reading import Extra, Record, Seconds

PAID = ("payed", "paid")
UNPAID = ("new", "")
"""Statuses of invoices. Source: iBuildApp Timesheets document, INVOICE."""
ACTIVE = {"active": True, "true": True, "1": True, "inactive": False, "false": False, "0": False}


class User(Record, frozen=True, kw_only=True):
    """A user. Searches answer only some of the fields. `hourly_rate` is money."""

    aliases = {"paid_hours": ("payed_hours",)}
    id: int = 0
    email: str = ""
    first_name: str = ""
    last_name: str = ""
    sex: str = ""
    position: str = ""
    hourly_rate: Decimal | None = None
    roles: list[str] = []
    created: Seconds | None = None
    updated: Seconds | None = None
    exported: Seconds | None = None
    activated: bool | None = None
    settings: dict[str, Any] | list[Any] = {}
    picture: str | None = None
    paid_hours: Decimal | None = None
    unapproved_hours: Decimal | None = None
    teams: list[int] = []
    notes: str = ""
    birth_date: date | None = None
    extra: Extra = msgspec.field(default_factory=dict)

    @property
    def name(self) -> str:
        """First and last name; the e-mail address where there is none."""
        return f"{self.first_name} {self.last_name}".strip() or self.email


class Team(Record, frozen=True, kw_only=True):
    """A group of users. `pay_rate` is money."""

    id: int = 0
    name: str = ""
    description: str = ""
    notes: str = ""
    status: str = ""
    pay_rate: Decimal | None = None
    extra: Extra = msgspec.field(default_factory=dict)

    @property
    def active(self) -> bool | None:
        """Whether it is active, however the service wrote it; None where it does not say."""
        return ACTIVE.get(self.status.lower())


class Client(Record, frozen=True, kw_only=True):
    """A client. `projects` are ids."""

    id: int = 0
    name: str = ""
    phone: str = ""
    email: str = ""
    contact_info: str = ""
    address: str = ""
    city: str = ""
    state: str = ""
    industry: str = ""
    website: str = ""
    notes: str = ""
    status: str = ""
    projects: list[int] = []
    extra: Extra = msgspec.field(default_factory=dict)

    @property
    def active(self) -> bool | None:
        """Whether it is active, however the service wrote it; None where it does not say."""
        return ACTIVE.get(self.status.lower())


class Project(Record, frozen=True, kw_only=True):
    """A project; durations are in `duration_unit`. `tasks` are ids.

    `category` is taken and searched for, and shown in no answer of the document: None is not told.
    """

    aliases = {"client_id": ("client",)}
    id: int = 0
    name: str = ""
    description: str = ""
    category: str | None = None
    client_id: int | None = None
    duration_unit: str = ""
    status: str = ""
    planned_start_date: Seconds | None = None
    actual_start_date: Seconds | None = None
    planned_end_date: Seconds | None = None
    actual_end_date: Seconds | None = None
    estimated_duration: Decimal | None = None
    actual_duration: Decimal | None = None
    updated: Seconds | None = None
    tasks: list[int] = []
    extra: Extra = msgspec.field(default_factory=dict)


class TimeEntry(Record, frozen=True, kw_only=True):
    """A stretch of work; `duration` in seconds. `breaks` and `comments` are counts.

    An entry that still runs has no `end_time`. Locations are latitude and longitude. `invoice_id`
    is documented nowhere: None may mean on no invoice or that it is not told (assumption).
    """

    aliases = {
        "start_time": ("start_datetime",), "end_time": ("end_datetime",),
        "invoice_id": ("invoice",),
    }  # fmt: skip
    id: int = 0
    user_id: int | None = None
    task_id: int | None = None
    schedule_id: int | None = None
    status: str = ""
    start_time: Seconds | None = None
    end_time: Seconds | None = None
    approve_date: Seconds | None = None
    duration: int | None = None
    breaks: int | None = None
    comments: int | None = None
    payment_status: str = ""
    invoice_id: int | None = None
    start_location: list[float] = []
    end_location: list[float] = []
    created: Seconds | None = None
    updated: Seconds | None = None
    extra: Extra = msgspec.field(default_factory=dict)

    @property
    def paid(self) -> bool:
        """Whether it is paid for; the service spells it payed."""
        return self.payment_status.strip().lower() in PAID


Named = TypeVar("Named", bound="Record")


def named_by_keys(found: dict[int, Named]) -> dict[int, Named]:
    """Records of a map from ids, with those ids where the records themselves do not tell them."""
    return {
        key: one if getattr(one, "id", key) else msgspec.structs.replace(one, id=key)
        for key, one in found.items()
    }


class Task(Record, frozen=True, kw_only=True):
    """A task; `duration` in seconds. `project` and `users` are ids."""

    aliases = {"project": ("project_id",)}
    id: int = 0
    name: str = ""
    project: int | None = None
    description: str = ""
    status: str = ""
    duration: int | None = None
    estimate: Decimal | None = None
    estimate_unit: str = ""
    estimate_hours: Decimal | None = None
    users: list[int] = []
    entries: list[TimeEntry] | dict[int, TimeEntry] = []
    extra: Extra = msgspec.field(default_factory=dict)

    def __post_init__(self) -> None:
        """Entries of a map have their ids in its keys alone: that they say 0 would be wrong."""
        if isinstance(self.entries, dict):
            msgspec.structs.force_setattr(self, "entries", named_by_keys(self.entries))

    @property
    def time_entries(self) -> list[TimeEntry]:
        """The entries as one list, whether they came as a list or as a map from ids."""
        return list(self.entries.values()) if isinstance(self.entries, dict) else self.entries


class Invoice(Record, frozen=True, kw_only=True):
    """An invoice. `amount` is money; `payed_date` is the service's spelling."""

    aliases = {"payed_date": ("paid_date",)}
    id: int = 0
    client_id: int | None = None
    due_date: Seconds | None = None
    payed_date: Seconds | None = None
    amount: Decimal | None = None
    status: str = ""
    extra: Extra = msgspec.field(default_factory=dict)

    @property
    def paid(self) -> bool:
        """Whether it is paid, in either spelling."""
        return self.status.strip().lower() in PAID

    @property
    def unpaid(self) -> bool:
        """Whether it is not paid: as new, or where no status is told. With a status that the
        document does not know, as `void`, it is neither this nor `paid`.
        """
        return self.status.strip().lower() in UNPAID


class Schedule(Record, frozen=True, kw_only=True):
    """Working days and hours; times are HH:MM texts."""

    id: int = 0
    name: str = ""
    days_of_week: dict[str, bool] = {}
    start_time: str = ""
    end_time: str = ""
    is_holiday: bool = False
    is_overnight: bool = False
    extra: Extra = msgspec.field(default_factory=dict)


class Rate(Record, frozen=True, kw_only=True):
    """What a user's time costs in a schedule: `amount` of money for each `duration_unit`."""

    id: int = 0
    name: str = ""
    schedule_id: int | None = None
    user_id: int | None = None
    amount: Decimal | None = None
    duration_unit: str = ""
    extra: Extra = msgspec.field(default_factory=dict)


class Comment(Record, frozen=True, kw_only=True):
    """A comment; `commentator` is a user's id."""

    id: int = 0
    commentator: int | None = None
    content: str = ""
    date: Seconds | None = None
    extra: Extra = msgspec.field(default_factory=dict)


class Break(Record, frozen=True, kw_only=True):
    """A break in a time entry; `duration` in seconds, no end while it lasts."""

    aliases = {"start_time": ("start_datetime",), "end_time": ("end_datetime",)}
    id: int = 0
    time_entry: int | None = None
    start_time: Seconds | None = None
    end_time: Seconds | None = None
    duration: int | None = None
    extra: Extra = msgspec.field(default_factory=dict)


class Person(Record, frozen=True, kw_only=True):
    """A person's name."""

    first_name: str = ""
    last_name: str = ""
    email: str = ""


class StatusChange(Record, frozen=True, kw_only=True):
    """When something got a status, and from whom."""

    aliases = {"date": ("event_date",)}
    status: str
    date: Seconds | None = None
    user: Person | None = None


class Cost(Record, frozen=True, kw_only=True):
    """What approved entries cost: `duration` in seconds, `sum` as money, without breaks."""

    duration: int
    sum: Decimal


class Link(Record, frozen=True, kw_only=True):
    """An address to be opened in a browser by the person; never opened unasked."""

    url: str


class Dashboard(Record, frozen=True, kw_only=True):
    """What a user works on; nothing but `modified` False when nothing changed since last_update."""

    current_tasks: list[Task] = []
    current_time_entry: TimeEntry | None = None
    modified: bool = True


class Approved(Record, frozen=True, kw_only=True):
    """The ids of the entries that are approved now."""

    ids: list[int]


Moved = dict[str, Any] | list[Any]
"""Things that were moved: a map from their ids, or only their ids, as the document's table says."""


class Outcome(Record, frozen=True, kw_only=True):
    """What became of things that were moved; `fail` has the reasons by their ids."""

    proves = ("imported", "updated", "passed", "exported", "fail")
    imported: Moved = {}
    updated: Moved = {}
    passed: Moved = {}
    exported: Moved = []
    fail: Moved = {}


class EmployeeImport(Record, frozen=True, kw_only=True):
    """The employees that were imported, by their ids there."""

    proves = ("imported", "updated")
    imported: dict[str, Person] = {}
    updated: dict[str, Person] = {}


class CustomerImport(Record, frozen=True, kw_only=True):
    """What was imported of customers, projects and tasks."""

    proves = ("customers", "projects", "tasks")
    customers: Outcome = Outcome()
    projects: Outcome = Outcome()
    tasks: Outcome = Outcome()


class EntryExport(Record, frozen=True, kw_only=True):
    """What was exported of users and time entries."""

    proves = ("users", "time_entries")
    users: Outcome = Outcome()
    time_entries: Outcome = Outcome()
