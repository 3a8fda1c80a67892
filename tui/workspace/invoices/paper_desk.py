"""Invoices from the work to the money: drafted, issued under a number, paid, taken back.

The service takes an invoice as tasks, a day and an amount. Which entries it bills, its lines, its
number and what was paid of it in parts is kept here (`store/papers`), for the account alone.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, tzinfo
from decimal import Decimal
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from tui.config.settings import Invoices as Settings
from tui.services.errors import OutcomeUnknown, Refused, ServiceError
from tui.services.timesheets import Timesheets
from tui.services.timesheets.answers import pages
from tui.services.timesheets.records import Client, Cost, Invoice, TimeEntry
from tui.store.papers import Claimed, NumberTaken, Paper, Papers, Payment, Payments
from tui.words import counted
from tui.workspace.changes.history import History, Waiting, Wanted
from tui.workspace.connections.connections import Connections
from tui.workspace.invoices.documents.document import (
    Adjustment,
    Document,
    Kind,
    Preceding,
    as_json,
    from_json,
)
from tui.workspace.invoices.documents.reckoning import Totals, discount, totals
from tui.workspace.invoices.drafting import (
    Chosen,
    Grouping,
    billable,
    drafted,
    marked_beside,
)
from tui.workspace.invoices.numbers import NumberPattern
from tui.workspace.invoices.pricing import Prices
from tui.workspace.invoices.work import Work
from tui.workspace.times import midnight_utc, today_in

if TYPE_CHECKING:
    from tui.workspace.invoices.document_desk import DocumentDesk

ISSUED = "Issued as {0}."
"""The comment by which another machine knows that a number is taken."""
LOOKED_AT = 20
"""So many of the newest invoices are looked at for numbers of other machines."""
CREATE = "timesheets.invoice.create"
NEW = "New invoice for"
LOOKED_BACK = 500
"""So many of the newest changes that make invoices are looked at."""
ORPHANED = 60.0
"""Seconds after which work that was taken for an invoice is free again, where no change says so."""


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


class PaperDesk:
    """The use cases of invoices as documents that count."""

    def __init__(
        self,
        connections: Connections,
        history: History,
        papers: Papers,
        documents: DocumentDesk,
        settings: Settings,
        zone: tzinfo,
    ) -> None:
        self._connections = connections
        self._history = history
        self._papers = papers
        self._documents = documents
        self._settings = settings
        self._zone = zone
        self._orphans: dict[int, float] = {}

    @property
    def owner(self) -> str:
        """The account that papers belong to."""
        return self._connections.account("timesheets")

    def close(self) -> None:
        """Close the file."""
        self._papers.close()

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
                    papers.draft(again, change.about["entries"], change.about["beside"])
        return self._read()

    def _read(self) -> Book:
        owner, papers = self.owner, self._papers
        return Book(
            {one.invoice: one for one in papers.all_of(owner)},
            papers.billed(owner),
            papers.left_open(owner),
            papers.payments(owner),
        )

    async def kept(self, invoice_id: int) -> Document | None:
        """The document that is kept of an invoice, for `DocumentDesk`."""
        paper = await asyncio.to_thread(self._papers.paper, self.owner, invoice_id)
        return None if paper is None else from_json(paper.body)

    # -- drafting -------------------------------------------------------------------------------

    async def bill(
        self,
        client: Client,
        work: Work,
        chosen: Chosen,
        grouping: Grouping,
        *,
        percent_off: Decimal | None = None,
        book: Book = EMPTY,
    ) -> Bill:
        """What an invoice for some of a client's work would be. Nothing is written.

        Raises ProfileError where what is set up for invoices cannot be used.
        """
        service = await self._connections.timesheets()
        profile = await asyncio.to_thread(self._documents.profile)
        rates = await pages(service.rate.search).collect()
        users = {one.id: one for one in await pages(service.user.search).collect()}
        me = await service.user.info()
        prices = Prices(rates, {**work.users, **users, me.id: me})
        open_ones = billable(work, book.billed, book.left_open)
        entries = [one for one in open_ones if chosen.holds(one, work, self._zone)]
        currency, vat, today = profile.currency(client), profile.vat(client), today_in(self._zone)
        entries = await _with_schedules(service, entries)
        made = drafted(
            prices.priced(entries), work, grouping, currency=currency, vat=vat, zone=self._zone
        )
        off: tuple[Adjustment, ...] = ()
        if percent_off:
            off = (replace(discount(made.amount, percent_off, currency), vat=vat),)
        days = [one.start for one in made.lines if one.start is not None]
        ends = [one.end for one in made.lines if one.end is not None]
        document = Document(
            number="",
            issued=today,
            due=profile.due(client, today),
            seller=profile.selling(),
            buyer=profile.buying(client),
            lines=made.lines,
            adjustments=off,
            start=min(days, default=None),
            end=max(ends, default=None),
            currency=currency,
            language=profile.language(client),
            buyer_reference=profile.buyer(client).reference,
            order_reference=profile.buyer(client).order,
            contract_reference=profile.buyer(client).contract,
            terms=profile.terms(client),
            bank=profile.bank(),
            notes=profile.notes(),
            business_process=profile.business_process(client),
        )
        without = {one.id for one in made.unpriced}
        billed = [one for one in entries if one.id not in without]
        ids = [one.id for one in billed]
        cost = await service.ts.calc(time_entry_ids=ids) if ids else Cost(duration=0, sum=Decimal())
        beside = [one for one in marked_beside(work, billed) if one.id not in book.billed]
        return Bill(
            client, billed, document, totals(document), made.seconds, made.unpriced, cost, beside
        )

    def told_amount(self, document: Document) -> Decimal:
        """What the service is told that an invoice comes to."""
        sums = totals(document)
        return sums.net if self._settings.service_amount == "net" else sums.gross

    async def make(self, bill: Bill, due: date) -> int:
        """Have the service make the invoice; its id. Nobody else can bill its work from now on.

        Raises Refused where some of it is billed already, and as `History.write` does; where the
        invoice waits or is not known the work stays taken until that is.
        """
        amount = self.told_amount(bill.document)
        document = replace(bill.document, due=due, service_amount=amount)
        paper = Paper(owner=self.owner, invoice=0, body=as_json(document))
        ids = [one.id for one in bill.entries]
        beside = [one.id for one in bill.beside]
        service = await self._connections.timesheets()
        try:
            reserved = await asyncio.to_thread(self._papers.reserve, paper, ids, beside)
        except Claimed as error:
            raise _claimed(error) from error
        tasks = sorted({one.task_id for one in bill.entries if one.task_id is not None})
        try:
            made = await self._history.write(
                f"{NEW} {bill.client.name}",
                partial(
                    service.invoice.create,
                    bill.client.id,
                    tasks,
                    due_date=midnight_utc(due),
                    amount=amount,
                ),
                about={
                    "paper": reserved.invoice,
                    "entries": ids,
                    "beside": beside,
                    "document": paper.body.decode(),
                },
            )
        except (Waiting, OutcomeUnknown):
            raise
        except (ServiceError, OSError):
            await asyncio.to_thread(self._papers.forget, self.owner, reserved.invoice)
            raise
        await asyncio.to_thread(self._papers.bind, self.owner, reserved.invoice, made.id)
        return made.id

    # -- issuing --------------------------------------------------------------------------------

    async def issue(self, invoice: Invoice, day: date) -> Paper:
        """Give an invoice its number: from then on it stands, and is at most taken back by a
        credit note.

        Raises Refused where it has one, where a later one is of a later day, or where another
        machine takes numbers of the same series; ConfigError for a pattern that makes none.
        """
        document, _ = await self._documents.document(invoice.id, issued=day)
        return await self._number(invoice.id, replace(document, issued=day), self._settings.number)

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
        taken = await asyncio.to_thread(self._papers.pay, self.owner, list(payments))
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
            )
            settled += 1
        said = f"Noted {counted(len(taken), 'payment')}"
        again = len(payments) - len(taken)
        known = f"; {counted(again, 'payment')} had been noted before" if again else ""
        return f"{said}, {counted(settled, 'invoice')} paid in full{known}."

    async def take_back(self, ids: Iterable[str]) -> None:
        """Payments that were noted by mistake are no more."""
        await asyncio.to_thread(self._papers.take_back, self.owner, list(ids))


AT_ONCE = 200
"""Entries that are asked for in one call."""
CREDIT_NOTES = 1 << 40
"""Added to the id of an invoice, the id under which its credit note is kept."""


def new_payment(invoice_id: int, day: date, amount: Decimal, text: str = "") -> Payment:
    """A payment that a person types."""
    return Payment(id=secrets.token_hex(6), invoice=invoice_id, day=day, amount=amount, text=text)


async def _with_schedules(service: Timesheets, entries: list[TimeEntry]) -> list[TimeEntry]:
    """Entries with the schedule that they fall under, which only a search by groups tells."""
    schedules: dict[int, int] = {}
    for start in range(0, len(entries), AT_ONCE):
        ids = [one.id for one in entries[start : start + AT_ONCE]]
        found = await service.ts.search_group(
            time_entry_ids=ids, group_by="schedule", limit=len(ids)
        )
        for group in found.groups:
            if isinstance(group.value, int):
                schedules |= {one.id: group.value for one in group.items}
    return [replace(one, schedule_id=schedules.get(one.id, one.schedule_id)) for one in entries]


def _claimed(error: Claimed) -> Refused:
    holders = sorted(set(error.holders.values()))
    named = ", ".join(f"invoice {one}" if one > 0 else "one that waits" for one in holders)
    return Refused(
        f"Of this work {counted(len(error.holders), 'entry')} had been billed already, by {named}.",
        advice="Nothing was made. Refresh to see what is still open.",
    )
