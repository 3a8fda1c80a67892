"""What an invoice would be, to read before it is made: lines with their working, sums, doubts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from tui.words import counted
from tui.workspace.invoices.amounts import decimals, money
from tui.workspace.invoices.documents.document import Adjustment, Category, Vat
from tui.workspace.invoices.documents.reckoning import VatGroup
from tui.workspace.invoices.drafting import RULE
from tui.workspace.times import length_text

if TYPE_CHECKING:
    from datetime import date, tzinfo
    from decimal import Decimal

    from tui.workspace.invoices.book import Bill
    from tui.workspace.invoices.work import TimeEntry, Work

NAMED = 3
"""So many entries are named of those that something is said of."""


def bill_text(
    bill: Bill, work: Work, due: date, told: Decimal, unknown: Sequence[str], zone: tzinfo
) -> str:
    """All of it. `told` is what the service is told that it comes to; `unknown` are unpaid
    invoices of the client of which nobody knows what work they bill.
    """
    document = bill.document
    days = f", {document.start} to {document.end}" if document.start and document.end else ""
    entries = counted(len(bill.entries), "entry")
    total = money(bill.totals.gross, document.currency)
    return "\n".join([
        f"{total}, due {due}. The service is told {money(told, document.currency)}.",
        f"{counted(len(document.lines), 'line')} of {entries}, {length_text(bill.seconds)}{days}",
        *_too_fine(bill, told),
        *_doubts(bill, work, unknown, zone),
        *_lines(bill),
        "",
        *_sums(bill),
        "",
        RULE,
        *_beside(bill, work, unknown, zone),
    ])  # fmt: skip


def _too_fine(bill: Bill, told: Decimal) -> Iterator[str]:
    """What the service cannot keep of the amount, and an e-invoice neither."""
    exact = min((bill.totals.net, bill.totals.gross), key=lambda one: abs(one - told))
    if exact != told:
        currency = bill.document.currency
        yield ""
        yield (
            f"! The service keeps two decimals of an amount: it is told {currency} {told:f} for"
            f" {currency} {exact:f}. The document has all of them, as PDF and text; an e-invoice"
            " cannot hold the third."
        )


def _lines(bill: Bill) -> Iterator[str]:
    """Each with its number, by which a person says what is else of it."""
    currency = bill.document.currency
    several = len(bill.totals.groups) > 1
    for at, line in enumerate(bill.document.lines, 1):
        yield ""
        yield f"{at}  {line.text}" + (f"  ({vat_text(line.vat)})" if several else "")
        yield f"   {line.working}"
        for one in line.adjustments:
            yield f"   {_off(one)}: -{money(one.amount, currency)}"
        if line.adjustments:
            yield f"   = {money(line.amount, currency)}"


def vat_text(vat: Vat | VatGroup) -> str:
    """VAT of a line or of several, in a word or two."""
    if vat.category is Category.STANDARD:
        return f"VAT {vat.rate.normalize():f} %"
    names = {Category.EXEMPT: "exempt", Category.REVERSE_CHARGE: "reverse charge"}
    return names.get(vat.category, "no VAT")


def _off(one: Adjustment) -> str:
    percent = f" {one.percent.normalize():f} %" if one.percent else ""
    return f"Discount{percent}{f', {one.reason}' if one.reason else ''}"


def _sums(bill: Bill) -> Iterator[str]:
    document, sums = bill.document, bill.totals
    several = len(sums.groups) > 1
    rows = [("Lines", money(sums.lines, document.currency))]
    rows += [
        (_off(one) + (f" ({vat_text(one.vat)})" if several else ""),
         f"-{money(one.amount, document.currency)}")
        for one in document.adjustments
    ]  # fmt: skip
    if len(rows) > 1:
        rows.append(("Without VAT", money(sums.net, document.currency)))
    for group in sums.groups:
        name = f"VAT {group.rate.normalize():f} %" if group.rate else "No VAT"
        why = group.reason or (vat_text(group) if group.category is not Category.ZERO else "")
        because = f"  ({why})" if why and not group.rate else ""
        basis = money(group.basis, document.currency)
        rows.append((f"{name} of {basis}", f"{money(group.amount, document.currency)}{because}"))
    rows.append(("Total", money(sums.gross, document.currency)))
    width = max(len(name) for name, _ in rows)
    for name, amount in rows:
        yield f"{name:<{width}}  {amount}"


def _to_the_cent(amount: Decimal, currency: str) -> str:
    """What the service reckons, which knows no currency: of yen it has two decimals, too."""
    return f"{currency} {amount:,.{decimals(amount, currency)}f}"


def _doubts(bill: Bill, work: Work, unknown: Sequence[str], zone: tzinfo) -> Iterator[str]:
    currency = bill.document.currency
    if bill.differs:
        yield ""
        yield (
            f"! The service reckons {_to_the_cent(bill.cost.sum, currency)} for the same entries:"
            f" {_to_the_cent(abs(bill.differs), currency)}"
            f" {'less' if bill.differs > 0 else 'more'} than the lines. It rounds each entry, or"
            " knows another rate."
        )
    if bill.unpriced:
        yield ""
        yield (
            f"! {counted(len(bill.unpriced), 'entry')} without a rate, left out and still to be"
            f" billed: {_named(bill.unpriced, work, zone)}"
        )
    if bill.beside:
        yield ""
        links = "it may link up to" if unknown else "it links"
        yield (
            f"! The service is told tasks, not entries: {links}"
            f" {counted(len(bill.beside), 'other entry')} of the same tasks to this invoice, too,"
            " and takes what is linked for paid with it. That they are not billed is kept here,"
            " and the next invoice offers them. All are listed at the end."
        )
    if bill.elsewhere:
        yield ""
        yield (
            f"! At the service {counted(len(bill.elsewhere), 'entry')} of this work"
            f" {'stays' if len(bill.elsewhere) == 1 else 'stay'} linked to an earlier invoice,"
            f" which took other entries of its tasks with it; here this one bills them:"
            f" {_named(bill.elsewhere, work, zone)}"
        )
    yield from _vat_doubts(bill)
    if unknown:
        yield ""
        yield (
            f"! {counted(len(unknown), 'unpaid invoice')} of this client"
            f" ({', '.join(unknown[:NAMED])}{', …' if len(unknown) > NAMED else ''}) came from"
            " elsewhere: the service does not tell what work they bill. Look that it is not this."
        )


def _beside(bill: Bill, work: Work, unknown: Sequence[str], zone: tzinfo) -> Iterator[str]:
    """Each entry that the service links as well, so that a person can look whether it is right."""
    if not bill.beside:
        return
    yield ""
    linked = "May be linked" if unknown else "Linked"
    seconds = sum(one.duration or 0 for one in bill.beside)
    yield f"{linked} by the service as well, not billed by this: {length_text(seconds)}"
    for one in bill.beside:
        yield f"   {one.id}  {_name(one, work, zone)}"


def _vat_doubts(bill: Bill) -> Iterator[str]:
    """What an e-invoice would be refused for, while it can still be drafted otherwise."""
    buyer, kinds = bill.document.buyer, {one.category for one in bill.totals.groups}
    if Category.REVERSE_CHARGE in kinds and not (buyer.vat_id or buyer.registration.value):
        yield ""
        yield (
            "! The buyer owes the VAT: its VAT id has to stand on the invoice. It is missing:"
            " vat_id in the client's table of clients.toml."
        )
    if Category.OUTSIDE in kinds and len(kinds) > 1:
        yield ""
        yield (
            "! What is outside of the scope of VAT needs an invoice of its own: an e-invoice with"
            " other VAT beside it is refused."
        )


def _named(entries: Sequence[TimeEntry], work: Work, zone: tzinfo) -> str:
    more = f"; and {len(entries) - NAMED:,} more" if len(entries) > NAMED else ""
    return f"{'; '.join(_name(one, work, zone) for one in entries[:NAMED])}{more}."


def _name(entry: TimeEntry, work: Work, zone: tzinfo) -> str:
    task = work.tasks.get(entry.task_id or 0)
    day = f"{entry.start_time.astimezone(zone).date()} " if entry.start_time else ""
    return f"{day}{task.name if task else 'without a task'} {length_text(entry.duration or 0)}"
