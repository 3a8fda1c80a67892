"""Invoices: clients, their work, and what is billed and paid (iBuildApp Timesheets)."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from tui.services.errors import ConnectionFailed
from tui.services.timesheets import Timesheets
from tui.services.timesheets.answers import pages
from tui.services.timesheets.records import Client, Invoice, Project
from tui.workspace.as_it_was import AsItWas, as_it_was
from tui.workspace.changes.history import History
from tui.workspace.connections.connections import Connections
from tui.workspace.csv_cells import csv_text, guarded_text
from tui.workspace.invoices.owners import all_invoices
from tui.workspace.invoices.work import Remark, Work, WorkDesk, remarks_of
from tui.workspace.reads import Answer, Reads
from tui.workspace.saved_files import save
from tui.workspace.times import midnight_utc

__all__ = ["Clients", "Invoice", "InvoiceDesk", "Invoices", "Remark", "Work"]

CLIENT_COLUMNS = (
    "id", "name", "phone", "email", "contact_info", "address", "city", "state", "industry",
    "website", "notes", "status",
)  # fmt: skip
EARLIEST = datetime.min.replace(tzinfo=UTC)


class Clients(msgspec.Struct, frozen=True, kw_only=True):
    """Every client, and their projects by id."""

    clients: list[Client]
    projects: dict[int, Project]

    def name(self, client_id: int) -> str:
        """A client's name, or its id in words."""
        for client in self.clients:
            if client.id == client_id:
                return client.name
        return f"client {client_id}"

    def projects_of(self, client_id: int) -> list[Project]:
        """A client's projects, by name."""
        found = [one for one in self.projects.values() if one.client_id == client_id]
        return sorted(found, key=lambda one: one.name.casefold())


class Invoices(msgspec.Struct, frozen=True, kw_only=True):
    """The invoices of one client, or of all."""

    invoices: list[Invoice]

    @property
    def owned(self) -> bool:
        """Whether every invoice tells which client it is for."""
        return all(one.client_id is not None for one in self.invoices)

    def of(self, client_id: int) -> Invoices:
        """Those of one client."""
        return Invoices(invoices=[one for one in self.invoices if one.client_id == client_id])


class InvoiceDesk:
    """The use cases of the Invoices screen; `work` has those of what is billed."""

    def __init__(self, connections: Connections, reads: Reads, history: History) -> None:
        self.work = WorkDesk(connections, reads, history)
        self._connections = connections
        self._reads = reads
        self._history = history

    def _key(self, name: str) -> str:
        return f"{self._connections.account('timesheets')}/{name}"

    async def _client(self) -> Timesheets:
        return await self._connections.timesheets()

    async def kept_clients(self) -> Answer[Clients] | None:
        """The clients of an earlier run, at once."""
        return await self._reads.kept(self._key("clients"), Clients)

    async def clients(self) -> Answer[Clients]:
        """Every client with its projects."""
        service = await self._client()

        async def fetch() -> Clients:
            found, projects = await asyncio.gather(
                pages(service.client.search).collect(), pages(service.project.search).collect()
            )
            return Clients(
                clients=sorted(found, key=lambda one: one.name.casefold()),
                projects={one.id: one for one in projects},
            )

        return await self._reads.fresh(self._key("clients"), fetch)

    async def kept_invoices(self) -> Answer[Invoices] | None:
        """The invoices of all clients as an earlier run had them."""
        return await self._reads.kept(self._key("invoices"), Invoices)

    async def read_at(self) -> float | None:
        """When those were read, in seconds of the epoch; None where they were not."""
        key = self._key("invoices")
        return dict(await self._reads.keys(key)).get(key)

    async def invoices(self, client_ids: list[int]) -> Answer[Invoices]:
        """The invoices of all these clients, unpaid first, the oldest due first."""
        service = await self._client()

        async def fetch() -> Invoices:
            return Invoices(invoices=_in_order(await all_invoices(service, client_ids)))

        return await self._reads.fresh(self._key("invoices"), fetch)

    async def ids(self) -> list[int]:
        """The ids of all invoices, as the service has them now."""
        clients = (await self.clients()).value.clients
        found = (await self.invoices([one.id for one in clients])).value
        return [one.id for one in found.invoices]

    async def invoices_of(self, client_id: int) -> Invoices:
        """The invoices of one client, where those of all do not tell whose they are."""
        found = await all_invoices(await self._client(), [client_id])
        return Invoices(invoices=_in_order(found))

    async def remarks(self, invoice_id: int) -> list[Remark]:
        """The comments on an invoice, oldest first."""
        service = await self._client()
        found = await service.invoice.comments(invoice_id, with_=["users"])
        return remarks_of(found.items, found.related.users)

    async def pay(self, invoice: Invoice, when: date, *, called: str = "") -> None:
        """Mark an invoice paid; its entries become paid too. Undo marks it not paid. `called` is
        its number, where it has one.
        """
        service = await self._client()
        await self._history.write(
            f"Invoice {called or invoice.id} paid",
            partial(service.invoice.set_payed, invoice.id, midnight_utc(when)),
            seen={"status": "paid" if invoice.paid else "new", "payed_date": invoice.payed_date},
        )

    async def unpay(self, invoice: Invoice, *, called: str = "", group: str = "") -> None:
        """Mark an invoice not paid; undo marks it paid on the day on which it was. `called` is its
        number, where it has one; `group` is that of other changes that it is one action with.
        """
        service = await self._client()
        await self._history.write(
            f"Invoice {called or invoice.id} not paid",
            partial(service.invoice.update, invoice.id, status="new"),
            seen={"status": "paid" if invoice.paid else "new"},
            group=group,
        )

    async def change(
        self, invoice: Invoice, *, due: date | None = None, amount: Decimal | None = None
    ) -> bool:
        """Change the day on which an invoice is due or what it comes to; undo puts them back.

        Only what is given is sent; False where nothing is, or where it is so already.
        """
        after: dict[str, Any] = {}
        if due is not None and midnight_utc(due) != invoice.due_date:
            after["due_date"] = midnight_utc(due)
        if amount is not None and amount != invoice.amount:
            after["amount"] = amount
        if not after:
            return False
        service = await self._client()
        await self._history.write(
            f"Change invoice {invoice.id}",
            partial(service.invoice.update, invoice.id, **after),
            seen={name: getattr(invoice, name) for name in after},
        )
        return True

    async def delete(self, invoice: Invoice) -> None:
        """Delete an invoice. The service keeps no copy."""
        service = await self._client()
        await self._history.write(
            f"Delete invoice {invoice.id}", partial(service.invoice.delete, invoice.id)
        )

    async def comment(self, invoice_id: int, text: str) -> None:
        """Comment on an invoice."""
        service = await self._client()
        await self._history.write(
            f"Comment on invoice {invoice_id}",
            partial(service.invoice.add_comment, invoice_id, text),
        )

    async def export_entries(self, path: Path, entry_ids: list[int]) -> int:
        """Write time entries as the service's own CSV to a file; the number of lines."""
        service = await self._client()
        text = await service.ts.export(time_entry_ids=entry_ids, with_headers=True)
        await save(path, guarded_text(text).encode(), mode=0o644)
        return len(text.splitlines())

    async def export_clients(self, path: Path, clients: Clients) -> int:
        """Write every client as the service's own CSV to a file; the number of lines."""
        service = await self._client()
        ids = [one.id for one in clients.clients]
        text = await service.client.export_csv(client_ids=ids, limit=max(1, len(ids)))
        await save(path, guarded_text(text).encode(), mode=0o644)
        return len(text.splitlines())

    async def kept_as_csv(self, where: tzinfo) -> tuple[str, AsItWas]:
        """Every client that is kept here as CSV, and how old they are.

        For where the service cannot be reached; raises ConnectionFailed where none are kept.
        """
        kept = await self.kept_clients()
        if kept is None:
            raise ConnectionFailed("it cannot be reached, and no clients are kept here")
        rows = [{name: getattr(one, name) for name in CLIENT_COLUMNS} for one in kept.value.clients]
        return csv_text(CLIENT_COLUMNS, rows), as_it_was("the clients", kept.as_of, where)


def _in_order(invoices: list[Invoice]) -> list[Invoice]:
    return sorted(invoices, key=lambda one: (not one.unpaid, one.due_date or EARLIEST, one.id))
