"""What clients owe, by how late it is, and what was issued and paid in each month. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, tzinfo
from decimal import Decimal

from tui.services.timesheets.records import Invoice
from tui.workspace.invoices.amounts import shown_as
from tui.workspace.invoices.book import Book
from tui.workspace.invoices.due import days_late
from tui.workspace.invoices.invoices import Clients
from tui.workspace.times import day_of

AGES = ("not due", "1-30", "31-60", "61-90", "over 90")
"""Days after the due day."""
DRAFTS = "drafts"
"""What was not asked for yet: it is nobody's debt."""


@dataclass
class Owed:
    """What one client owes in one currency."""

    client: str
    currency: str
    ages: list[Decimal] = field(default_factory=lambda: [Decimal()] * len(AGES))
    """In the order of AGES."""
    drafts: Decimal = Decimal()
    """Made, and not issued."""

    @property
    def total(self) -> Decimal:
        """All that is owed; drafts are not."""
        return sum(self.ages, Decimal())


@dataclass
class Month:
    """What was issued and paid in a month, in one currency."""

    month: str
    """As `2026-11`."""
    currency: str
    issued: Decimal = Decimal()
    """By the day of issue; of an invoice that came from elsewhere nobody knows that day."""
    credited: Decimal = Decimal()
    paid: Decimal = Decimal()


def place_of(days: int) -> int:
    """Where in AGES something stands that is so many days late."""
    return 0 if days <= 0 else min(1 + (days - 1) // 30, len(AGES) - 1)


def owed(
    invoices: Iterable[Invoice], clients: Clients, book: Book, where: tzinfo, usual: str
) -> list[Owed]:
    """What each client owes, by name; `usual` is the currency of what came from elsewhere."""
    found: dict[tuple[int | None, str], Owed] = {}
    for one in invoices:
        left = book.open(one)
        if not left:
            continue
        currency = book.currency(one, usual)
        name = clients.name(one.client_id) if one.client_id is not None else "unknown client"
        row = found.setdefault((one.client_id, currency), Owed(name, currency))
        if book.state(one, where) == "draft":
            row.drafts += left
        else:
            row.ages[place_of(days_late(one.due_date, where))] += left
    return sorted(found.values(), key=lambda one: (one.client.casefold(), one.currency))


def months(
    invoices: Iterable[Invoice], book: Book, where: tzinfo, usual: str
) -> list[Month]:  # fmt: skip
    """What was issued, credited and paid by month, the newest first."""
    found: dict[tuple[str, str], Month] = {}

    def of(day: date, currency: str) -> Month:
        key = f"{day:%Y-%m}", currency
        return found.setdefault(key, Month(*key))

    for number, paper in book.papers.items():
        if paper.issued is None:
            continue
        month = of(paper.issued, shown_as(book.documents[number].currency, usual))
        if paper.cancels is None:
            month.issued += book.sums[number].asked
        else:
            month.credited += book.sums[number].asked
    for one in invoices:
        currency = book.currency(one, usual)
        for day, amount in _paid(one, book, where):
            of(day, currency).paid += amount
    return sorted(found.values(), key=lambda one: (one.month, one.currency), reverse=True)


def _paid(invoice: Invoice, book: Book, where: tzinfo) -> Iterator[tuple[date, Decimal]]:
    noted = book.payments_of(invoice)
    for one in noted:
        yield one.day, one.amount
    if not invoice.paid or invoice.payed_date is None:
        return
    if book.waives_rest(invoice):
        return
    # The service says only that: all of it, on one day.
    rest = book.asked(invoice) - book.paid(invoice)
    if rest > 0 or not noted:
        yield day_of(invoice.payed_date, where), rest


def sums_of(rows: Iterable[Owed]) -> Mapping[str, Owed]:
    """What all clients owe, by currency."""
    sums: dict[str, Owed] = {}
    for row in rows:
        whole = sums.setdefault(row.currency, Owed("All clients", row.currency))
        whole.ages = [one + other for one, other in zip(whole.ages, row.ages, strict=True)]
        whole.drafts += row.drafts
    return sums
