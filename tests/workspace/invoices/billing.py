"""From approved work of the sample to an invoice, and what stands there then."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from tui.services.timesheets.records import Client, Invoice
from tui.workspace.invoices.billing_terms import Off, Terms
from tui.workspace.invoices.book import EMPTY, Book
from tui.workspace.invoices.drafting import Chosen, billable
from tui.workspace.invoices.work import Work
from tui.workspace.workspace import Workspace

DAY = date(2026, 11, 29)
TENTH = Terms(off=Off(percent=Decimal(10)))
UNBILLED = 10
"""A client of the sample none of whose approved work is on an invoice."""


async def billable_client(workspace: Workspace, number: int = 0) -> tuple[Client, Work]:
    """A client with work that can be billed, as the sample has some; or that of a number."""
    clients = (await workspace.invoices.clients()).value
    for client in clients.clients:
        if number not in (0, client.id):
            continue
        projects = clients.projects_of(client.id)
        work = (await workspace.invoices.work.of_client(client.id, projects)).value
        if len({one.task_id for one in billable(work, EMPTY)}) > 1:
            return client, work
    raise AssertionError("the sample has nothing to bill")


async def invoices(workspace: Workspace) -> list[Invoice]:
    """The invoices of all clients."""
    clients = (await workspace.invoices.clients()).value
    return (await workspace.invoices.invoices([one.id for one in clients.clients])).value.invoices


async def read(workspace: Workspace, invoice_id: int) -> tuple[Invoice, Book]:
    """An invoice as the service has it, and the book with all of them."""
    found = await invoices(workspace)
    book = await workspace.papers.seen([one.id for one in found])
    return next(one for one in found if one.id == invoice_id), book


async def made(workspace: Workspace, **chosen: Any) -> int:
    """The id of an invoice that is made of a client's approved work, or what is chosen of it."""
    client, work = await billable_client(workspace)
    bill = await workspace.papers.bills.bill(client, work, Chosen(**chosen), "task")
    return await workspace.papers.bills.make(bill, DAY + timedelta(days=14))
