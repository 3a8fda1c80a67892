"""Time entries as a bookkeeper reads them: names and local times, hours, rate and price. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import tzinfo
from decimal import Decimal

from tui.words import counted, were
from tui.workspace.csv_cells import csv_text
from tui.workspace.invoices.amounts import plain
from tui.workspace.invoices.book import Book
from tui.workspace.invoices.documents.document import Vat
from tui.workspace.invoices.documents.reckoning import work_line, written_quantity
from tui.workspace.invoices.drafting import PLAIN_UNITS
from tui.workspace.invoices.pricing import Price, Priced
from tui.workspace.invoices.work import Work

HOUR = "HUR"
SHORT_UNITS = {**PLAIN_UNITS, "WEE": "wk", "MON": "mo"}
COLUMNS = (
    "date", "from", "to", "person", "client", "project", "task", "hours", "rate", "per", "price",
    "currency", "status", "invoice",
)  # fmt: skip


def price_of(seconds: int, price: Price, currency: str) -> Decimal:
    """What worked seconds come to, rounded by the rule of documents."""
    return work_line("", seconds, price.amount, currency, vat=Vat(), unit=price.unit).amount


def costs_of(entries: Iterable[Priced], currency: str) -> dict[int, tuple[str, str]]:
    """Rate, with its unit where that is not an hour, and price of each entry that has one."""
    return {
        one.entry.id: (
            plain(one.price.amount, currency)
            + ("" if one.price.unit == HOUR else f"/{SHORT_UNITS.get(one.price.unit, '')}"),
            plain(price_of(one.entry.duration or 0, one.price, currency), currency),
        )
        for one in entries
        if one.price is not None
    }


def entries_csv(
    entries: Iterable[Priced], work: Work, client: str, book: Book, currency: str, zone: tzinfo
) -> str:
    """A line an entry, the oldest first; what has no rate has neither rate nor price."""
    ordered = sorted(
        entries, key=lambda one: (one.entry.start_time is None, one.entry.start_time, one.entry.id)
    )
    return csv_text(COLUMNS, [_row(one, work, client, book, currency, zone) for one in ordered])


def at_other_rates(entries: Iterable[Priced], book: Book) -> int:
    """How many entries an invoice that is kept here bills at another rate than that of now."""
    rates: dict[int, set[Price]] = {}
    count = 0
    for one in entries:
        holder = book.billed.get(one.entry.id)
        document = book.documents.get(holder) if holder is not None else None
        if holder is None or document is None:
            continue
        if holder not in rates:
            rates[holder] = {
                Price(line.price / line.price_base, line.unit)
                for line in document.lines
                if line.seconds is not None
            }
        count += one.price is not None and one.price not in rates[holder]
    return count


def billed_otherwise(entries: Iterable[Priced], book: Book) -> str:
    """How many those are, in words; "" for none. The service keeps no rate of before: their price
    is no part of its sum.
    """
    count = at_other_rates(entries, book)
    if not count:
        return ""
    return (
        f"{counted(count, 'entry')} {were(count)} billed at another rate, and"
        " the price here is by that of now"
    )


def _row(
    one: Priced, work: Work, client: str, book: Book, currency: str, zone: tzinfo
) -> dict[str, str]:
    entry, price = one.entry, one.price
    task, user = work.tasks.get(entry.task_id or 0), work.users.get(entry.user_id or 0)
    project = work.projects.get(task.project or 0) if task is not None else None
    start = entry.start_time.astimezone(zone) if entry.start_time else None
    stop = entry.end_time.astimezone(zone) if entry.end_time else None
    seconds = entry.duration or 0
    holder = book.holder(entry)
    return {
        "date": f"{start:%Y-%m-%d}" if start else "",
        "from": f"{start:%H:%M}" if start else "",
        # Over midnight the day is said, else the hours would not fit.
        "to": "" if stop is None else f"{stop:%H:%M}"
        if start and stop.date() == start.date() else f"{stop:%Y-%m-%d %H:%M}",
        "person": user.name if user else "",
        "client": client,
        "project": project.name if project else "",
        "task": task.name if task else "",
        "hours": f"{written_quantity(seconds):f}",
        "rate": plain(price.amount, currency) if price else "",
        "per": PLAIN_UNITS.get(price.unit, price.unit) if price else "",
        "price": plain(price_of(seconds, price, currency), currency) if price else "",
        "currency": currency if price else "",
        "status": "paid" if entry.paid else entry.status,
        "invoice": book.called(holder) if holder is not None and holder > 0 else "",
    }  # fmt: skip
