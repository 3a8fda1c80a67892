"""Invoices."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Literal

from tui.services.operation import operation
from tui.services.timesheets.answers import (
    Created,
    Done,
    Found,
    Grouped,
    created,
    done,
    found,
    grouped,
    one,
)
from tui.services.timesheets.checks import page_checked, some
from tui.services.timesheets.choices import InvoiceStatus, Order
from tui.services.timesheets.dialect import TimesheetsResource
from tui.services.timesheets.records import Comment, Invoice


class Invoices(TimesheetsResource):
    """Invoices: what clients are asked to pay."""

    @operation("timesheets.invoice.info", "read")
    async def info(self, invoice_id: int) -> Invoice:
        """Show an invoice.

        Source: iBuildApp Timesheets document, INVOICE: Get Invoice Info.

        Args:
            invoice_id: The invoice's id.
        """
        answer = await self._client.post("invoice", invoice_id=invoice_id)
        return one(Invoice, answer)

    @operation("timesheets.invoice.create", "write")
    async def create(
        self,
        client_id: int,
        task_ids: list[int],
        *,
        due_date: datetime | None = None,
        status: InvoiceStatus | None = None,
        amount: Decimal | None = None,
    ) -> Created:
        """Make an invoice for tasks.

        The price that the entries come to is what ts.calc answers.
        Errors: InvalidArgument without tasks.
        Source: iBuildApp Timesheets document, INVOICE: Create New Invoice.

        Args:
            client_id: The client's id.
            task_ids: The tasks that it charges for.
            due_date: When it is due; now when left out.
            status: The status; new when left out.
            amount: The amount.
        """
        some("task_ids", task_ids)
        answer = await self._client.post(
            "invoice/create",
            client_id=client_id,
            task_ids=task_ids,
            due_date=due_date,
            status=status,
            amount=amount,
        )
        return created(answer)

    @operation("timesheets.invoice.update", "write", idempotent=True)
    async def update(
        self,
        invoice_id: int,
        *,
        due_date: datetime | None = None,
        status: InvoiceStatus | None = None,
        amount: Decimal | None = None,
    ) -> Done:
        """Change an invoice.

        Source: iBuildApp Timesheets document, INVOICE: Update Invoice.

        Args:
            invoice_id: The invoice's id.
            due_date: When it is due.
            status: The status.
            amount: The amount.
        """
        answer = await self._client.post(
            "invoice/update", invoice_id=invoice_id, due_date=due_date, status=status, amount=amount
        )
        return done(answer)

    @operation("timesheets.invoice.set_payed", "write", idempotent=True)
    async def set_payed(self, invoice_id: int, payed_date: datetime) -> Done:
        """Mark an invoice as paid.

        Marks its time entries as paid too.
        Errors: PermissionDenied for all but administrators.
        Source: iBuildApp Timesheets document, INVOICE: Set Invoice Status (Paid).

        Args:
            invoice_id: The invoice's id.
            payed_date: When it was paid.
        """
        answer = await self._client.post(
            "invoice/set_payed", invoice_id=invoice_id, payed_date=payed_date
        )
        return done(answer)

    @operation("timesheets.invoice.search", "read")
    async def search(
        self,
        client_id: list[int],
        *,
        due_date: datetime | None = None,
        payed_date: datetime | None = None,
        limit: int | None = None,
        offset: int | None = None,
    ) -> Found[Invoice]:
        """Find invoices of clients.

        The service answers ten when limit is left out.
        Source: iBuildApp Timesheets document, INVOICE: Search Invoices.

        Args:
            client_id: The clients whose invoices; at least one.
            due_date: Only what is due until then.
            payed_date: Only what was paid until then.
            limit: At most so many; 10 when left out.
            offset: Leave out so many at the start.
        """
        some("client_id", client_id)
        page_checked(limit, offset)
        answer = await self._client.post(
            "invoice/search",
            client_id=client_id,
            due_date=due_date,
            payed_date=payed_date,
            limit=limit,
            offset=offset,
        )
        return found(Invoice, answer, "invoices")

    @operation("timesheets.invoice.search_group", "read")
    async def search_group(
        self,
        client_id: list[int],
        *,
        due_date: datetime | None = None,
        payed_date: datetime | None = None,
        limit: int | None = None,
        offset: int | None = None,
        group_by: str | None = None,
        order_by: Order | None = None,
    ) -> Grouped[Invoice]:
        """Find invoices of clients, grouped.

        Source: iBuildApp Timesheets document, INVOICE: Search Invoices with Grouping.

        Args:
            client_id: The clients whose invoices; at least one.
            due_date: Only what is due until then.
            payed_date: Only what was paid until then.
            limit: At most so many; 10 when left out.
            offset: Leave out so many at the start.
            group_by: The field to group by.
            order_by: The order of the groups.
        """
        some("client_id", client_id)
        page_checked(limit, offset)
        answer = await self._client.post(
            "invoice/search_group",
            client_id=client_id,
            due_date=due_date,
            payed_date=payed_date,
            limit=limit,
            offset=offset,
            group_by=group_by,
            order_by=order_by,
        )
        return grouped(Invoice, answer)

    @operation("timesheets.invoice.delete", "destructive", idempotent=True)
    async def delete(self, invoice_id: int) -> Done:
        """Delete an invoice.

        Source: iBuildApp Timesheets document, INVOICE: Delete Invoice.

        Args:
            invoice_id: The invoice's id.
        """
        answer = await self._client.post("invoice/delete", invoice_id=invoice_id)
        return done(answer)

    @operation("timesheets.invoice.add_comment", "write")
    async def add_comment(self, invoice_id: int, content: str) -> Created:
        """Comment on an invoice.

        Source: iBuildApp Timesheets document, INVOICE: Add comment to invoice.

        Args:
            invoice_id: The invoice's id.
            content: The text.
        """
        answer = await self._client.post(
            "invoice/add_comment", invoice_id=invoice_id, content=content
        )
        return created(answer)

    @operation("timesheets.invoice.comments", "read")
    async def comments(
        self, invoice_id: int, *, with_: list[Literal["users"]] | None = None
    ) -> Found[Comment]:
        """List the comments on an invoice.

        Source: iBuildApp Timesheets document, INVOICE: Get comments of invoice.

        Args:
            invoice_id: The invoice's id.
            with_: Answer the commentators as well.
        """
        answer = await self._client.post("invoice/comments", invoice_id=invoice_id, with_=with_)
        return found(Comment, answer, "comments")
