"""What an invoice would be, and what is kept of those that are: as data, beside the service."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo
from decimal import Decimal
from functools import cached_property
from typing import Literal

from tui.services.timesheets.records import Client, Cost, Invoice, TimeEntry
from tui.store.papers import Paper, Payment, Payments, Reminded
from tui.workspace.invoices.amounts import shown_as
from tui.workspace.invoices.documents.document import NOTHING, Document, from_json
from tui.workspace.invoices.documents.reckoning import Totals, totals
from tui.workspace.invoices.due import days_late
from tui.workspace.invoices.elsewhere import asked_of
from tui.workspace.times import midnight_utc

State = Literal["due", "draft", "issued", "part", "paid", "overdue", "cancelled", "other"]
"""How an invoice stands. `due` is one that came from elsewhere: nobody knows whether it is issued.
`other` has a status of the service that is not known here: it counts neither as paid nor as unpaid.
"""


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
    elsewhere: list[TimeEntry]
    """Entries that stay on an earlier invoice at the service, which took them with others."""
    worked: Decimal
    """What the lines of work come to, without discounts."""

    @property
    def differs(self) -> Decimal:
        """By how much our lines of work come to more than what the service reckons."""
        return self.worked - self.cost.sum


@dataclass(frozen=True)
class Book:
    """What is kept of an account's invoices."""

    papers: Mapping[int, Paper]
    billed: Mapping[int, int]
    """Which invoice bills an entry."""
    left_open: Collection[int]
    payments: Mapping[int, Payments]
    reminded: Mapping[int, Sequence[Reminded]] = field(default_factory=dict)
    """What was reminded of, by the ids of the invoices, oldest first."""
    billed_in: Mapping[int, str] = field(default_factory=dict)
    """What clients are billed in, by their ids, where clients.toml says it, or where it has other
    digits than what is usual: a code of ISO 4217."""
    on_top: Mapping[int, Decimal] = field(default_factory=dict)
    """Per cent of VAT on top of what clients' invoices from elsewhere come to at the service, by
    the ids of the clients, where that is without it."""
    marked_elsewhere: Collection[int] = frozenset()
    """Invoices of which a part was noted here, and that the service was told to be paid by somebody
    else, where that is known."""
    usual: str = ""
    """The currency of the deck, which is that of what nothing else is known of."""

    def number(self, invoice: Invoice) -> str:
        """What an invoice is called: its number, or the service's id."""
        return self.called(invoice.id)

    @cached_property
    def documents(self) -> Mapping[int, Document]:
        """The documents that are kept, by the ids of the invoices."""
        return {number: from_json(paper.body) for number, paper in self.papers.items()}

    @cached_property
    def sums(self) -> Mapping[int, Totals]:
        """What those come to."""
        return {number: totals(document) for number, document in self.documents.items()}

    def currency(self, invoice: Invoice, usual: str) -> str:
        """What it is in, as `shown_as` beside what is usual: what its document is in; of one from
        elsewhere what its client is billed in, and what is usual where nobody said that.
        """
        document = self.documents.get(invoice.id)
        own = self.billed_in.get(invoice.client_id or 0, "")
        code = document.currency if document is not None else own
        return shown_as(code, usual) if code else usual

    def asked(self, invoice: Invoice) -> Decimal:
        """What the client is asked for, with VAT; of one from elsewhere as `elsewhere` has it."""
        sums = self.sums.get(invoice.id)
        if sums is not None:
            return sums.asked
        on_top = self.on_top.get(invoice.client_id or 0, NOTHING)
        return asked_of(invoice.amount, self.currency(invoice, self.usual), on_top)

    def paid(self, invoice: Invoice) -> Decimal:
        """What was noted here as paid of it."""
        return self.payments.get(invoice.id, Payments([])).sum

    def payments_of(self, invoice: Invoice) -> list[Payment]:
        """What was noted here as paid of it, oldest first."""
        return self.payments.get(invoice.id, Payments([])).payments

    def waives_rest(self, invoice: Invoice) -> bool:
        """Whether a rest of it was waived: it was marked paid here, on the day of the latest part
        that was noted, and nobody paid more.
        """
        noted = self.payments_of(invoice)
        if not (noted and invoice.paid) or invoice.id in self.marked_elsewhere:
            return False
        return invoice.payed_date == midnight_utc(max(one.day for one in noted))

    def open(self, invoice: Invoice) -> Decimal:
        """What of it is still to come; what was credited is not, nor what nobody knows of."""
        paper = self.papers.get(invoice.id)
        if not invoice.unpaid or (paper is not None and paper.state == "cancelled"):
            return Decimal()
        return self.asked(invoice) - self.paid(invoice)

    def is_draft(self, invoice: Invoice) -> bool:
        """Whether nobody was asked to pay it yet, and nobody has paid anything of it."""
        paper = self.papers.get(invoice.id)
        return paper is not None and paper.state == "draft" and not self.paid(invoice)

    def owed(self, invoice: Invoice) -> Decimal:
        """What of it its client was asked for and has not paid."""
        return Decimal() if self.is_draft(invoice) else self.open(invoice)

    def state(self, invoice: Invoice, where: tzinfo) -> State:
        """How it stands. A draft is never overdue: nobody was asked to pay it."""
        paper = self.papers.get(invoice.id)
        if paper is not None and paper.state == "cancelled":
            return "cancelled"
        if invoice.paid:
            return "paid"
        if not invoice.unpaid:
            return "other"
        if self.is_draft(invoice):
            return "draft"
        if days_late(invoice.due_date, where):
            return "overdue"
        if self.paid(invoice):
            return "part"
        return "due" if paper is None else "issued"

    def last_reminder(self, invoice: Invoice) -> Reminded | None:
        """The firmest that was noted of what is still open; of equals the latest."""
        noted = self.reminded.get(invoice.id, ())
        if not noted or not self.open(invoice):
            return None
        return max(noted, key=lambda one: (one.level, one.day))

    def from_elsewhere(
        self, invoices: Iterable[Invoice], entries: Iterable[TimeEntry]
    ) -> list[str]:
        """Those that are unpaid and of which nobody knows what work they bill, by their ids:
        neither is it kept here, nor do the client's `entries` say that they are of it.
        """
        known = {*self.papers, *(one.invoice_id for one in entries)}
        return [f"{one.id}" for one in invoices if not one.paid and one.id not in known]

    def holder(self, entry: TimeEntry) -> int | None:
        """The invoice that bills an entry, by its id; None where it is still to be billed.

        Of ours what is kept here counts, since the service links all of a task; of one from
        elsewhere what the service says.
        """
        kept = self.billed.get(entry.id)
        if kept is not None or entry.invoice_id in self.papers:
            return kept
        return entry.invoice_id

    def issued(self, invoice_id: int) -> Paper | None:
        """What is kept of an invoice that stands; None of a draft, or of one from elsewhere."""
        paper = self.papers.get(invoice_id)
        return paper if paper is not None and paper.state == "issued" else None

    def is_cancelled(self, invoice_id: int) -> bool:
        """Whether it is one of ours that a credit note took back."""
        paper = self.papers.get(invoice_id)
        return paper is not None and paper.state == "cancelled"

    def work_of(self, invoice_id: int) -> list[int]:
        """The entries that an invoice bills, by their ids; of one that was taken back those that
        stay billed.
        """
        return sorted(entry for entry, holder in self.billed.items() if holder == invoice_id)

    def called(self, invoice_id: int) -> str:
        """What an invoice is called by its id: its number, or its id."""
        paper = self.papers.get(invoice_id)
        return paper.number if paper is not None and paper.number else f"{invoice_id}"


def nothing_kept(usual: str) -> Book:
    """The book where nothing is kept, with the currency of the deck: what an invoice from elsewhere
    comes to has its digits.
    """
    return Book({}, {}, frozenset(), {}, usual=usual)


EMPTY = nothing_kept("")
