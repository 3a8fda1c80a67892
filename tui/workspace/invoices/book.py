"""What an invoice would be, and what is kept of those that are: as data, beside the service."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from tui.services.timesheets.records import Client, Cost, Invoice, TimeEntry
from tui.store.papers import Paper, Payments
from tui.workspace.invoices.documents.document import Document, from_json
from tui.workspace.invoices.documents.reckoning import Totals, totals


@dataclass(frozen=True)
class Bill:
    """What an invoice would be, before the service is asked for it."""

    client: Client
    entries: list[TimeEntry]
    document: Document
    totals: Totals
    seconds: int
    unpriced: list[TimeEntry]
    """Entries without a rate: they are in no line."""
    cost: Cost
    """What the service reckons for the same entries."""
    beside: list[TimeEntry]
    """Entries that the service may take for billed as well, since it is told tasks."""

    @property
    def differs(self) -> Decimal:
        """By how much our lines come to more than what the service reckons."""
        return self.totals.lines - self.cost.sum


@dataclass(frozen=True)
class Book:
    """What is kept of an account's invoices."""

    papers: Mapping[int, Paper]
    billed: Mapping[int, int]
    """Which invoice bills an entry."""
    left_open: Collection[int]
    payments: Mapping[int, Payments]

    def number(self, invoice: Invoice) -> str:
        """What an invoice is called: its number, or the service's id."""
        paper = self.papers.get(invoice.id)
        return paper.number if paper is not None and paper.number else f"{invoice.id}"

    def document(self, invoice_id: int) -> Document | None:
        """The document that is kept of an invoice."""
        paper = self.papers.get(invoice_id)
        return None if paper is None else from_json(paper.body)

    def asked(self, invoice: Invoice) -> Decimal:
        """What the client is asked for: with VAT where a document says so."""
        document = self.document(invoice.id)
        return totals(document).gross if document is not None else invoice.amount or Decimal()

    def open(self, invoice: Invoice) -> Decimal:
        """What of it is still to come; what was credited is not."""
        paper = self.papers.get(invoice.id)
        if invoice.paid or (paper is not None and paper.state == "cancelled"):
            return Decimal()
        return self.asked(invoice) - self.payments.get(invoice.id, Payments([])).sum


EMPTY = Book({}, {}, frozenset(), {})
