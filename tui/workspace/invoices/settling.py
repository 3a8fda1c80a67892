"""What was paid of an invoice, whole or in part, and that it was not: one way for all faces."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from tui.services.errors import Refused
from tui.services.timesheets.records import Invoice
from tui.store.papers import Payment
from tui.workspace.invoices.amounts import plain
from tui.workspace.invoices.book import Book
from tui.workspace.invoices.documents.reckoning import rounded
from tui.workspace.invoices.invoices import InvoiceDesk
from tui.workspace.invoices.paper_desk import PaperDesk, new_payment


class Settling:
    """The use cases."""

    def __init__(self, invoices: InvoiceDesk, papers: PaperDesk) -> None:
        self._invoices = invoices
        self._papers = papers

    async def pay(
        self,
        invoice: Invoice,
        book: Book,
        day: date,
        amount: Decimal | None = None,
        *,
        text: str = "",
        settles: bool = False,
    ) -> Decimal:
        """Note that an amount was paid, or all that is open; what is open then.

        What pays it whole marks it paid at the service, which undo takes back; so does a part that
        `settles` it, whose rest nobody is asked for. Raises Refused where it is paid or taken back
        already, where that it is paid waits or is not known, where another deck has noted a payment
        since `book` was read, or where an amount is finer than its currency, and as `History.write`
        does: a part is noted by then.
        """
        refuse_settled(invoice, book)
        await self._refuse_older(invoice, book)
        await self._papers.refuse_marked(invoice, book)
        left = book.open(invoice)
        if amount is not None and amount != left:
            refuse_finer(amount, book.currency(invoice, self._papers.usual))
        if amount is None and left > 0:
            amount = left
        if amount is None or (amount == left and not book.paid(invoice) and not text):
            # The service knows all of it: amount and day. What undo takes back leaves nothing here.
            await self._invoices.pay(invoice, day, called=book.number(invoice))
            return Decimal()
        payment = new_payment(invoice.id, day, amount, text)
        waived = {invoice.id} if settles else frozenset[int]()
        await self._papers.pay(
            [payment], {invoice.id: invoice}, waived=waived,
            currencies={invoice.id: book.currency(invoice, self._papers.usual)},
        )  # fmt: skip
        return Decimal() if settles else max(left - amount, Decimal())

    async def _refuse_older(self, invoice: Invoice, book: Book) -> None:
        """Raise Refused where another amount is open by now than who pays was shown."""
        now = await self._papers.book()
        refuse_settled(invoice, now)
        if now.open(invoice) != book.open(invoice):
            left = plain(now.open(invoice), book.currency(invoice, ""))
            raise Refused(
                f"Of invoice {now.number(invoice)} {left} is open by now: a payment was noted, or"
                " taken back, since it was looked at.",
                advice="Nothing was noted.",
            )

    async def unpay(self, invoice: Invoice, payments: Sequence[Payment], book: Book) -> None:
        """It is not paid, and these of the payments that are noted here are none."""
        group = secrets.token_hex(6)
        if invoice.paid:
            await self._invoices.unpay(invoice, called=book.number(invoice), group=group)
        await self._papers.take_back(
            payments, group=group,
            currencies={invoice.id: book.currency(invoice, self._papers.usual)},
        )  # fmt: skip


def refuse_settled(invoice: Invoice, book: Book) -> None:
    """Raise Refused where nothing of an invoice can be paid any more."""
    name, paper = book.number(invoice), book.papers.get(invoice.id)
    if paper is not None and paper.state == "cancelled":
        raise Refused(
            f"Invoice {name} was taken back: nothing is open.", advice="Nothing was noted."
        )
    if invoice.paid:
        raise Refused(f"Invoice {name} is paid already.", advice="Nothing was noted.")
    if not invoice.unpaid:
        raise Refused(
            f"Timesheets says {invoice.status!r} of invoice {name}: whether it is to be paid is not"
            " known.",
            advice="Nothing was noted.",
        )


def refuse_finer(amount: Decimal, currency: str) -> None:
    """Raise Refused for a part of the smallest amount of a currency, as half a yen: a rest would
    stay open that nobody can pay.
    """
    if rounded(amount, currency) == amount:
        return
    raise Refused(
        f"{amount:f} is finer than the smallest amount of {currency or 'money'}.",
        advice="Nothing was noted.",
    )
