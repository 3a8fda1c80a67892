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
from typing import Any

from msgspec.structs import replace

from tui.services.errors import Refused
from tui.services.timesheets.answers import pages
from tui.services.timesheets.records import Invoice
from tui.store.papers import (
    Claimed,
    NumberTaken,
    Paper,
    Payment,
    PeriodKey,
    Reminded,
    RemindedAlready,
)
from tui.store.papers.recurring import LEVELS
from tui.words import counted
from tui.workspace.changes.history import Change, Wanted
from tui.workspace.invoices.billing import CREATE, NEW, BillDesk
from tui.workspace.invoices.book import Book
from tui.workspace.invoices.documents.document import (
    Document,
    Kind,
    Preceding,
    as_json,
    from_json,
)
from tui.workspace.invoices.noted import about_payments, again, undone, without
from tui.workspace.invoices.numbers import NumberPattern
from tui.workspace.invoices.on_papers import Ground, OnPapers
from tui.workspace.times import midnight_utc, today_in

ISSUED = "Issued as {0}."
"""The comment by which another machine knows that a number is taken."""
LOOKED_AT = 20
"""So many of the newest invoices are looked at for numbers of other machines."""
LOOKED_BACK = 500
"""So many of the newest changes that make invoices are looked at."""
ORPHANED = 60.0
"""Seconds after which work that was taken for an invoice is free again, where no change says so."""


class PaperDesk(OnPapers):
    """The use cases of invoices as documents that count."""

    def __init__(self, ground: Ground) -> None:
        super().__init__(ground)
        self._orphans: dict[int, float] = {}
        self.bills = BillDesk(ground)

    # -- reading --------------------------------------------------------------------------------

    async def book(self) -> Book:
        """What is kept. Raises OSError."""
        return await asyncio.to_thread(self._read)

    async def seen(self, invoices: Collection[int]) -> Book:
        """What is kept, after it was held against all invoices that the service has now, by their
        ids: what waited is bound to what was made of it, a draft that is gone frees its work, and
        one that was made again by a redo is known again. Raises OSError.
        """
        return await asyncio.to_thread(self._seen, frozenset(invoices))

    def _seen(self, invoices: frozenset[int]) -> Book:
        owner, papers = self.owner, self._papers
        wanted = Wanted(owner=owner, text=NEW.casefold())
        made = {
            int(one.about["paper"]): one
            for one in reversed(self._history.changes.newest(LOOKED_BACK, wanted))
            if one.operation == CREATE and "paper" in one.about and not one.redoes
        }
        kept = {one.invoice: one for one in papers.all_of(owner)}
        for invoice in [one for one in kept if one < 0]:
            change = made.get(invoice)
            if change is None:
                # Another deck may be about to note it; what was left so by a kill stays a while.
                first = self._orphans.setdefault(invoice, monotonic())
                if monotonic() - first > ORPHANED:
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
        return self._read()

    def _taken_back(self) -> dict[str, Change]:
        """Payments whose mark at the service was undone: a redo brings them back with it."""
        wanted = Wanted(owner=self.owner, service="timesheets", states=("undone",))
        return undone(self._history.changes.newest(LOOKED_BACK, wanted))

    def _forget_taken_back(self) -> None:
        """What no redo can bring back any more is forgotten."""
        history, gone = self._history, self._taken_back()
        if gone and history.changes.last_to_redo(history.sender.owners()) is None:
            self._papers.take_back(self.owner, gone)

    def _read(self) -> Book:
        owner, papers = self.owner, self._papers
        book = Book(
            {one.invoice: one for one in papers.all_of(owner)},
            papers.billed(owner),
            papers.left_open(owner),
            without(papers.payments(owner), self._taken_back()),
            papers.periodic.reminded(owner),
        )
        # Reckoned here, in a thread: lists and sums ask for them with every row.
        assert len(book.sums) == len(book.papers)
        return book

    # -- issuing --------------------------------------------------------------------------------

    async def issue(self, invoice: Invoice, day: date) -> Paper:
        """Give an invoice its number: from then on it stands, and is at most taken back by a
        credit note.

        Raises Refused where it has one, where a later one is of a later day, or where another
        machine takes numbers of the same series; ConfigError for a pattern that makes none.
        """
        document = (await self._documents.document(invoice.id, issued=day)).document
        return await self._number(invoice.id, replace(document, issued=day), self._settings.number)

    async def proposed(self, day: date) -> str:
        """The number that an invoice of a day would have now. Raises ConfigError."""
        numbers = NumberPattern(self._settings.number, self._settings.prefix)
        place = await asyncio.to_thread(self._papers.next_number, self.owner, numbers.series(day))
        return numbers.number(day, place)

    async def _number(
        self, invoice_id: int, document: Document, pattern: str, *, cancels: int | None = None
    ) -> Paper:
        numbers, day = NumberPattern(pattern, self._settings.prefix), document.issued
        series = numbers.series(day)
        await self._no_other_machine(numbers, day)
        paper = Paper(
            owner=self.owner, invoice=invoice_id, series=series, issued=day, cancels=cancels
        )

        def body(number: str) -> bytes:
            return as_json(replace(document, number=number))

        try:
            issued = await asyncio.to_thread(
                partial(
                    self._papers.issue, paper, lambda place: numbers.number(day, place), body=body
                )
            )
        except NumberTaken as error:
            raise Refused(f"It was not issued: {error}", advice="Nothing was changed.") from error
        service = await self._connections.timesheets()
        await self._history.write(
            f"Invoice {issued.number} is issued",
            partial(service.invoice.add_comment, invoice_id, ISSUED.format(issued.number)),
            unasked=True,
        )
        return issued

    async def _no_other_machine(self, numbers: NumberPattern, day: date) -> None:
        """Look at the newest invoices that nothing is kept of here for a number of the series.

        Raises Refused where there is one: two machines would take the same numbers.
        """
        service = await self._connections.timesheets()
        book = await asyncio.to_thread(self._read)
        clients = [one.id for one in await pages(service.client.search).collect()]
        found = await service.invoice.search(client_id=clients, limit=200)
        known = {one.invoice for one in book.papers.values() if one.number}
        newest = sorted((one.id for one in found.items if one.id not in known), reverse=True)
        for invoice_id in newest[:LOOKED_AT]:
            for remark in (await service.invoice.comments(invoice_id)).items:
                number = remark.content.removeprefix("Issued as ").removesuffix(".")
                if number == remark.content or numbers.place_of(number, day) is None:
                    continue
                # Another deck of this machine may have issued it since the book was read.
                own = await asyncio.to_thread(self._papers.paper, self.owner, invoice_id)
                if own is not None and own.number == number:
                    continue
                raise Refused(
                    f"It was not issued: invoice {invoice_id} was issued as {number} by another"
                    " machine.",
                    advice="Give this machine a prefix of its own: [invoices] prefix.",
                )

    def standing(self, arguments: Mapping[str, Any], *, changing: bool = False) -> str:
        """Why an invoice must not be deleted or `changing`; "" where it may."""
        paper = self._papers.paper(self.owner, int(arguments.get("invoice_id", 0)))
        if paper is None or paper.state == "draft":
            return ""
        if changing and not {"amount", "due_date"} & set(arguments):
            return ""
        verb = "changed" if changing else "deleted"
        return (
            f"it is issued as {paper.number}, and what is issued is never {verb}."
            " A credit note takes it back."
        )

    async def credit(self, invoice: Invoice, day: date, *, frees: bool) -> Document:
        """Take an issued invoice back by a credit note, which is kept here alone; where it `frees`
        the work, that can be billed again. Raises Refused where it is not issued.
        """
        paper = await asyncio.to_thread(self._papers.paper, self.owner, invoice.id)
        if paper is None or paper.state != "issued":
            state = "is not issued yet: delete it" if paper is None else f"is {paper.state}"
            raise Refused(f"Invoice {invoice.id} {state}.", advice="Nothing was changed.")
        document = from_json(paper.body)
        note = replace(
            document,
            kind=Kind.CREDIT_NOTE,
            issued=day,
            due=None,
            preceding=(Preceding(number=paper.number, day=paper.issued),),
            payments=(),
        )
        # The service has no credit notes: it stands under an id of ours, beside the invoice.
        issued = await self._credit_number(invoice.id, note)
        await asyncio.to_thread(self._papers.cancel, self.owner, invoice.id, frees=frees)
        return from_json(issued.body)

    async def _credit_number(self, invoice_id: int, note: Document) -> Paper:
        numbers = NumberPattern(self._settings.credit_number, self._settings.prefix)
        paper = Paper(
            owner=self.owner, invoice=CREDIT_NOTES + invoice_id, cancels=invoice_id,
            series=numbers.series(note.issued), issued=note.issued,
        )  # fmt: skip

        def number(place: int) -> str:
            return numbers.number(note.issued, place)

        def body(written: str) -> bytes:
            return as_json(replace(note, number=written))

        try:
            return await asyncio.to_thread(partial(self._papers.issue, paper, number, body=body))
        except NumberTaken as error:
            raise Refused(f"No credit note was written: {error}") from error

    # -- money ----------------------------------------------------------------------------------

    async def pay(self, payments: Sequence[Payment], open_ones: Mapping[int, Invoice]) -> str:
        """Note payments; an invoice of which nothing is open then is marked paid at the service.

        What a person should know, in a sentence. Raises as `History.write` does: the payments are
        noted by then.
        """
        taken = await asyncio.to_thread(self._note, payments)
        book = await asyncio.to_thread(self._read)
        service = await self._connections.timesheets()
        settled = 0
        for invoice_id in dict.fromkeys(one.invoice for one in taken):
            invoice = open_ones.get(invoice_id)
            if invoice is None or invoice.paid or book.open(invoice) > 0:
                continue
            day = max(one.day for one in book.payments[invoice_id].payments)
            await self._history.write(
                f"Invoice {book.number(invoice)} paid",
                partial(service.invoice.set_payed, invoice_id, midnight_utc(day)),
                seen={"status": "new", "payed_date": invoice.payed_date},
                about=about_payments(one for one in taken if one.invoice == invoice_id),
            )
            settled += 1
        said = f"Noted {counted(len(taken), 'payment')}"
        again = len(payments) - len(taken)
        known = f"; {counted(again, 'payment')} had been noted before" if again else ""
        return f"{said}, {counted(settled, 'invoice')} paid in full{known}."

    def _note(self, payments: Sequence[Payment]) -> list[Payment]:
        # What was taken back by undo and comes again stands in its own way.
        self._papers.take_back(self.owner, again(self._taken_back(), payments))
        return self._papers.pay(self.owner, list(payments))

    async def take_back(self, ids: Iterable[str]) -> None:
        """Payments that were noted by mistake are no more."""
        await asyncio.to_thread(self._papers.take_back, self.owner, list(ids))

    async def remind(self, invoice_id: int, level: int, left: Decimal, currency: str) -> None:
        """Note that a client was reminded today of what is open.

        Raises Refused where a reminder of this level is noted of today already; OSError.
        """
        one = Reminded(
            invoice=invoice_id, day=today_in(self._zone), level=level, amount=left,
            currency=currency,
        )  # fmt: skip
        try:
            await asyncio.to_thread(self._papers.periodic.remind, self.owner, one)
        except RemindedAlready as error:
            raise Refused(
                f"The {LEVELS[level]} reminder is noted of today already.",
                advice="It was not noted a second time.",
            ) from error

    async def not_reminded(self, one: Reminded) -> None:
        """A reminder was noted by mistake. Raises OSError."""
        await asyncio.to_thread(self._papers.periodic.not_reminded, self.owner, one)


CREDIT_NOTES = 1 << 40
"""Added to the id of an invoice, the id under which its credit note is kept."""


def new_payment(invoice_id: int, day: date, amount: Decimal, text: str = "") -> Payment:
    """A payment that a person types."""
    return Payment(id=secrets.token_hex(6), invoice=invoice_id, day=day, amount=amount, text=text)
