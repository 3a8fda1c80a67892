"""Invoices from the work to the money: drafted, issued under a number, paid, taken back.

The service takes an invoice as tasks, a day and an amount. Which entries it bills, its lines, its
number and what was paid of it in parts is kept here (`store/papers`), for the account alone.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from decimal import Decimal
from functools import partial
from time import monotonic

from tui.services.errors import Refused
from tui.services.timesheets.answers import pages
from tui.services.timesheets.records import Client, Invoice
from tui.store.papers import (
    Claimed,
    NumberTaken,
    Paper,
    Payment,
    PeriodKey,
    Reminded,
)
from tui.store.papers.recurring import LEVELS
from tui.words import counted
from tui.workspace.changes.history import Wanted
from tui.workspace.invoices.amounts import money, plain
from tui.workspace.invoices.billing import CREATE, NEW, BillDesk
from tui.workspace.invoices.book import Book
from tui.workspace.invoices.documents.document import from_json
from tui.workspace.invoices.issuing import CREDIT_NOTES, Issuing
from tui.workspace.invoices.kept_here import (
    NO_PAYMENT,
    NO_REMINDER,
    PAYMENT,
    REMINDER,
    with_payments,
    with_reminded,
)
from tui.workspace.invoices.noted import SET_PAYED, again
from tui.workspace.invoices.on_papers import LOOKED_BACK, Ground
from tui.workspace.invoices.since_drafted import since_drafted
from tui.workspace.times import midnight_utc, today_in

ORPHANED = 60.0
"""Seconds after which work that was taken for an invoice is free again, where no change says so
and who took it may still be about to note it. Of a process that has ended it is free at once.
"""


class PaperDesk(Issuing):
    """The use cases of invoices as documents that count."""

    def __init__(self, ground: Ground) -> None:
        super().__init__(ground)
        self._orphans: dict[int, float] = {}
        self.bills = BillDesk(ground)

    # -- reading --------------------------------------------------------------------------------

    async def book(self, clients: Iterable[Client] = ()) -> Book:
        """What is kept, and what these clients are billed in. Raises OSError."""
        return await asyncio.to_thread(self.read, clients)

    async def seen(self, invoices: Collection[int], clients: Iterable[Client] = ()) -> Book:
        """The same, after it was held against all invoices that the service has now, by their
        ids: what waited is bound to what was made of it, a draft that is gone frees its work, and
        one that was made again by a redo is known again. Numbers that the service was not told
        are told. Raises OSError.
        """
        book = await asyncio.to_thread(self._seen, frozenset(invoices), clients)
        await self.tell_untold()
        return book

    def _seen(self, invoices: frozenset[int], clients: Iterable[Client]) -> Book:
        owner, papers = self.owner, self._papers
        # Before the changes: who is gone has noted by now what it ever will.
        ended = self._ended()
        wanted = Wanted(owner=owner, text=NEW.casefold())
        made = {
            int(one.about["paper"]): one
            for one in reversed(self._history.changes.newest(LOOKED_BACK, wanted))
            if one.operation == CREATE and "paper" in one.about and not one.redoes
        }
        kept = {one.invoice: one for one in papers.all_of(owner)}
        for invoice in [one for one in kept if one < 0]:
            change = made.get(invoice)
            # One that an earlier version reserved may have the number of one that was made.
            if change is None or change.answer.get("id") in kept:
                # Another deck may be about to note it.
                first = self._orphans.setdefault(invoice, monotonic())
                if invoice in ended or monotonic() - first > ORPHANED:
                    papers.forget(owner, invoice)
            elif not change.is_open:
                if change.state == "done" and change.answer.get("id"):
                    papers.bind(owner, invoice, int(change.answer["id"]))
                else:
                    papers.forget(owner, invoice)
        for invoice, paper in kept.items():
            if 0 < invoice < CREDIT_NOTES and paper.state == "draft" and invoice not in invoices:
                papers.forget(owner, invoice)
        for change in made.values():
            identity = int(change.answer.get("id") or 0)
            if change.state == "done" and identity in invoices and identity not in kept:
                again = Paper(
                    owner=owner, invoice=identity, body=str(change.about["document"]).encode()
                )
                with suppress(Claimed, NumberTaken):
                    period = change.about.get("period") or None
                    papers.draft(
                        again,
                        change.about["entries"],
                        change.about["beside"],
                        period and PeriodKey(period[0], date.fromisoformat(period[1])),
                    )
        self._forget_taken_back()
        return self.read(clients)

    def _ended(self) -> set[int]:
        """Invoices that were reserved by a process that has ended since."""
        senders = self._history.changes.senders
        takers = self._papers.untold.takers(self.owner)
        return {invoice for invoice, sender in takers.items() if not senders.lives(sender)}

    def _forget_taken_back(self) -> None:
        """What no redo can bring back any more is forgotten."""
        history, gone = self._history, self._taken_back()
        if gone and history.changes.last_to_redo(history.sender.owners()) is None:
            self._papers.take_back(self.owner, gone)

    async def since_drafted(self, invoice: Invoice) -> str:
        """What became of the work of a draft since, in sentences; "" where that is as it was.
        Raises what reading raises, and OSError.
        """
        owner = self.owner
        paper = await asyncio.to_thread(self._papers.paper, owner, invoice.id)
        billed = await asyncio.to_thread(self._papers.billed, owner)
        ids = sorted(entry for entry, holder in billed.items() if holder == invoice.id)
        if paper is None or not ids:
            return ""
        service = await self._connections.timesheets()
        entries = await pages(service.ts.search, time_entry_ids=ids).collect()
        priced = await self.bills.priced_of(entries)
        return since_drafted(from_json(paper.body), ids, priced)

    # -- money ----------------------------------------------------------------------------------

    async def refuse_marked(self, invoice: Invoice, book: Book) -> None:
        """Raise Refused where a change that marks an invoice paid waits, or nobody knows of it:
        who notes that once more would be asked for less, or have it paid twice.
        """
        record = f"timesheets/invoice/{invoice.id}"
        for one in await asyncio.to_thread(self._history.changes.still_open):
            marks = one.operation == SET_PAYED and one.record == record and not one.undoes
            if marks and one.owner == self.owner:
                unknown = one.state == "unknown"
                how = "nobody knows whether that arrived" if unknown else "that waits to be sent"
                raise Refused(
                    f"Invoice {book.number(invoice)} was marked paid, and {how}.",
                    advice="Nothing was noted. Look at it in Changes (tockdeck changes) first.",
                )

    async def pay(
        self,
        payments: Sequence[Payment],
        open_ones: Mapping[int, Invoice],
        *,
        waived: Collection[int] = (),
        currencies: Mapping[int, str] | None = None,
    ) -> str:
        """Note payments; an invoice of which nothing is open then, or whose rest is `waived`, is
        marked paid at the service. All of it is one step of undo. `currencies` is what invoices
        from elsewhere are in, by their ids, as `Book.currency` has it.

        What a person should know, in a sentence. Raises as `History.write` does: the payments are
        noted by then.
        """
        group = secrets.token_hex(6)
        taken = await asyncio.to_thread(self._new_ones, payments)
        if taken:
            title = await asyncio.to_thread(self._title, taken, "paid", currencies or {})
            made = self._history.here.make(title, PAYMENT, with_payments(taken), group=group)
            await made
        book = await asyncio.to_thread(self.read)
        service = await self._connections.timesheets()
        settled = 0
        for invoice_id in dict.fromkeys(one.invoice for one in taken):
            invoice = open_ones.get(invoice_id)
            if invoice is None or invoice.paid:
                continue
            if book.open(invoice) > 0 and invoice_id not in waived:
                continue
            day = max(one.day for one in book.payments[invoice_id].payments)
            await self._history.write(
                f"Invoice {book.number(invoice)} paid",
                partial(service.invoice.set_payed, invoice_id, midnight_utc(day)),
                seen={"status": "new", "payed_date": invoice.payed_date},
                group=group,
            )
            settled += 1
        said = f"Noted {counted(len(taken), 'payment')}"
        again = len(payments) - len(taken)
        known = f"; {counted(again, 'payment')} had been noted before" if again else ""
        return f"{said}, {counted(settled, 'invoice')} paid in full{known}."

    def _new_ones(self, payments: Sequence[Payment]) -> list[Payment]:
        """Those that are not noted yet, by id and by what the bank calls them."""
        # What was taken back by undo and comes again stands in its own way.
        self._papers.take_back(self.owner, again(self._taken_back(), payments))
        noted = [one for each in self._papers.payments(self.owner).values() for one in each[0]]
        known = {one.id for one in noted} | {one.reference for one in noted}
        new: list[Payment] = []
        for one in payments:
            if one.id not in known and (not one.reference or one.reference not in known):
                new.append(one)
                known |= {one.id, one.reference}
        return new

    def _title(self, payments: Sequence[Payment], what: str, currencies: Mapping[int, str]) -> str:
        """What is done with payments, of one invoice with its number and the amount."""
        book = self.read()
        invoices = {one.invoice for one in payments}
        if len(invoices) > 1:
            return (
                f"{counted(len(payments), 'payment')} of {counted(len(invoices), 'invoice')} {what}"
            )
        (number,) = invoices
        document = book.documents.get(number)
        whole = sum((one.amount for one in payments), Decimal())
        currency = document.currency if document is not None else currencies.get(number, "")
        amount = money(whole, currency) if currency else plain(whole)
        return f"Invoice {book.called(number)}: {amount} {what}"

    async def take_back(
        self,
        payments: Sequence[Payment],
        *,
        group: str = "",
        currencies: Mapping[int, str] | None = None,
    ) -> None:
        """Payments that were noted by mistake are no more; undo brings them back. `group` is that
        of other changes that it is one action with, `currencies` as for `pay`. Raises ReadOnly,
        OSError.
        """
        if payments:
            title = await asyncio.to_thread(self._title, payments, "taken back", currencies or {})
            made = self._history.here.make(title, NO_PAYMENT, with_payments(payments), group=group)
            await made

    async def remind(self, invoice_id: int, level: int, left: Decimal, currency: str) -> None:
        """Note that a client was reminded today of what is open.

        Raises Refused where a reminder of this level is noted of today already; OSError.
        """
        one = Reminded(
            invoice=invoice_id, day=today_in(self._zone), level=level, amount=left,
            currency=currency,
        )  # fmt: skip
        book = await asyncio.to_thread(self.read)
        if any((o.day, o.level) == (one.day, level) for o in book.reminded.get(invoice_id, ())):
            raise Refused(
                f"The {LEVELS[level]} reminder is noted of today already.",
                advice="It was not noted a second time.",
            )
        title = f"Invoice {book.called(invoice_id)}: {LEVELS[level]} reminder noted"
        await self._history.here.make(title, REMINDER, with_reminded(one))

    async def not_reminded(self, one: Reminded) -> None:
        """A reminder was noted by mistake; undo notes it again. Raises ReadOnly, OSError."""
        book = await asyncio.to_thread(self.read)
        title = f"Invoice {book.called(one.invoice)}: {LEVELS[one.level]} reminder taken back"
        await self._history.here.make(title, NO_REMINDER, with_reminded(one))


def new_payment(invoice_id: int, day: date, amount: Decimal, text: str = "") -> Payment:
    """A payment that a person types."""
    return Payment(id=secrets.token_hex(6), invoice=invoice_id, day=day, amount=amount, text=text)
