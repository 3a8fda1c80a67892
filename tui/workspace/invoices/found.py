"""What is found of Timesheets: clients, projects, tasks, time entries and invoices."""

from __future__ import annotations

from typing import Any

from tui.workspace.invoices.invoices import Clients, Invoices
from tui.workspace.invoices.work import Work
from tui.workspace.search.listed import (
    FIRM,
    HEAVY,
    LIGHT,
    MIDDLE,
    Document,
    Known,
    Listed,
    Listing,
)


def describe(name: str, value: Any, known: Known) -> Listed | None:
    """The documents of one kept answer."""
    del name
    match value:
        case Clients():
            return Listed([*_clients(value), *_projects(value)])
        case Invoices():
            return Listed(_invoices(value, known))
        case Work():
            return Listed(_work(value, known), whole=len(value.entries) >= value.total)
    return None


def _clients(clients: Clients) -> list[Document]:
    return [
        Document(
            "client", str(one.id), one.name, one.city,
            " · ".join(
                filter(None, (one.email, one.phone, one.contact_info, one.address, one.industry,
                              one.website, one.notes))
            ),
            weight=HEAVY,
        )
        for one in clients.clients
    ]  # fmt: skip


def _projects(clients: Clients) -> list[Document]:
    names = {one.id: one.name for one in clients.clients}
    return [
        Document(
            "project",
            f"{one.client_id}#{one.id}",
            one.name,
            names.get(one.client_id or 0, ""),
            f"{one.category or ''} {one.description}",
            weight=FIRM,
        )
        for one in clients.projects.values()
        if one.client_id is not None
    ]


def _invoices(invoices: Invoices, known: Known) -> list[Document]:
    names = known.titles("clients", "client")
    return [
        Document(
            "invoice",
            str(one.id),
            f"Invoice {one.id}",
            names.get(str(one.client_id), ""),
            f"{'' if one.amount is None else one.amount} {one.status} {known.day(one.due_date)}",
            one.due_date,
            MIDDLE,
        )
        for one in invoices.invoices
    ]


def _work(work: Work, known: Known) -> list[Document]:
    client = known.titles("clients", "client").get(str(work.client_id), f"client {work.client_id}")

    def where(project: int | None) -> str:
        found = work.projects.get(project or 0)
        return f"{client} › {found.name}" if found is not None else client

    tasks = [
        Document(
            "task", f"{work.client_id}#{one.id}", one.name, where(one.project), one.description,
            weight=MIDDLE,
        )
        for one in work.tasks.values()
    ]  # fmt: skip
    entries = []
    for entry in work.entries:
        task = work.tasks.get(entry.task_id or 0)
        user = work.users.get(entry.user_id or 0)
        entries.append(
            Document(
                "entry",
                f"{work.client_id}#{entry.id}",
                task.name if task is not None else f"time entry {entry.id}",
                where(task.project if task is not None else None),
                f"{user.name if user is not None else ''} {entry.status}"
                f" {known.day(entry.start_time)}",
                entry.start_time,
                LIGHT,
            )
        )
    return [*tasks, *entries]


LISTING = Listing(
    "timesheets",
    {"clients": Clients, "invoices": Invoices, "work": Work},
    describe,
)  # fmt: skip
