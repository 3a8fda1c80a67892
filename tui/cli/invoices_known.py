"""What the verbs about invoices read first: clients, invoices, and what is kept of them."""

from __future__ import annotations

from typing import NamedTuple

from tui.services.timesheets.records import Invoice
from tui.workspace.invoices.book import Book
from tui.workspace.invoices.invoices import Clients
from tui.workspace.workspace import Workspace


class Known(NamedTuple):
    """As the service has them now."""

    clients: Clients
    invoices: list[Invoice]
    book: Book


async def known_of(workspace: Workspace) -> Known:
    """Read them. Raises what reading raises, and OSError."""
    clients = (await workspace.invoices.clients()).value
    found = (await workspace.invoices.invoices([one.id for one in clients.clients])).value.invoices
    book = await workspace.papers.seen([one.id for one in found], clients.clients)
    return Known(clients, found, book)
