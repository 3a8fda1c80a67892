"""From a client's approved work to an invoice at the service: what it would be, then made."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import partial

from msgspec.structs import replace

from tui.services.errors import OutcomeUnknown, Refused, ServiceError
from tui.services.timesheets.answers import pages
from tui.services.timesheets.records import Client, Cost, TimeEntry, User
from tui.store.papers import Claimed, NumberTaken, Paper, PeriodKey
from tui.words import counted
from tui.workspace.changes.history import Change, Waiting, Wanted
from tui.workspace.invoices.billing_terms import TermError, Terms, off_all, with_line_terms
from tui.workspace.invoices.book import EMPTY, Bill, Book
from tui.workspace.invoices.documents.document import Document, as_json
from tui.workspace.invoices.documents.reckoning import totals
from tui.workspace.invoices.drafting import Chosen, Grouping, billable, drafted, marked_beside
from tui.workspace.invoices.extras import Extra
from tui.workspace.invoices.on_papers import LOOKED_BACK, OnPapers
from tui.workspace.invoices.pricing import Priced, Prices
from tui.workspace.invoices.schedules import with_schedules
from tui.workspace.invoices.work import Work
from tui.workspace.times import midnight_utc, today_in

CREATE = "timesheets.invoice.create"
NEW = "New invoice for"
AS_USUAL = Terms()
SERVICE_CENT = Decimal("0.01")
"""The smallest part of an amount that the service takes. Assumption: its document names none, but
writes all amounts with two decimals; it has no currencies.
"""


class BillDesk(OnPapers):
    """The use cases of billing work."""

    @property
    def grouping(self) -> Grouping:
        """How lines are grouped where nobody says."""
        return self._settings.grouping

    async def bill(
        self,
        client: Client,
        work: Work,
        chosen: Chosen,
        grouping: Grouping,
        *,
        terms: Terms = AS_USUAL,
        extras: Sequence[Extra] = (),
        book: Book = EMPTY,
    ) -> Bill:
        """What an invoice for some of a client's work would be. Nothing is written.

        `extras` stand behind the work, as expenses; a discount of `terms` on all is on the work.

        Raises ProfileError where what is set up for invoices cannot be used, Refused where the
        terms do not fit the lines.
        """
        service = await self._connections.timesheets()
        profile = await asyncio.to_thread(self._documents.profile)
        open_ones = billable(work, book)
        entries = [one for one in open_ones if chosen.holds(one, work, self._zone)]
        currency, today = profile.currency(client), today_in(self._zone)
        vat = terms.vat or profile.vat(client)
        priced = await self.priced(work, entries)
        entries = [one.entry for one in priced]
        made = drafted(priced, work, grouping, currency=currency, vat=vat, zone=self._zone)
        beside_work = [one.line(currency, vat) for one in extras]
        try:
            lines = [*made.lines, *beside_work]
            # Without any line it is told why there is none, and not that a term fits none.
            lines = with_line_terms(lines, terms.lines, currency) if lines else lines
            work_lines = lines[: len(made.lines)] or lines
            off = off_all(work_lines, terms.off, currency) if terms.off is not None else ()
        except TermError as error:
            left = counted(len(made.unpriced), "entry")
            why = f" {left} without a rate: of no line." if made.unpriced else ""
            raise Refused(f"{error}", advice=f"Nothing was made.{why}") from error
        days = [one.start for one in made.lines if one.start is not None]
        ends = [one.end for one in made.lines if one.end is not None]
        due = profile.due(client, today)
        document = replace(
            profile.bare(client, issued=today, due=due, currency=currency),
            lines=tuple(lines),
            adjustments=off,
            start=min(days, default=None),
            end=max(ends, default=None),
        )
        without = {one.id for one in made.unpriced}
        billed = [one for one in entries if one.id not in without]
        ids = [one.id for one in billed]
        cost = await service.ts.calc(time_entry_ids=ids) if ids else Cost(duration=0, sum=Decimal())
        beside = marked_beside(work, {one.task_id for one in billed}, ids, book)
        return Bill(
            client,
            billed,
            document,
            totals(document),
            made.seconds,
            made.unpriced,
            cost,
            beside,
            [one for one in billed if one.invoice_id is not None],
            made.amount,
        )

    async def priced(self, work: Work, entries: list[TimeEntry]) -> list[Priced]:
        """Entries of a client's work with what an hour of each costs, as rates are now."""
        return await self.priced_of(entries, work.users)

    async def priced_of(
        self, entries: Iterable[TimeEntry], known: Mapping[int, User] | None = None
    ) -> list[Priced]:
        """Entries with what an hour of each costs, as rates are now; of whom the service lists no
        more what is `known` holds.
        """
        entries = list(entries)
        service = await self._connections.timesheets()
        rates = await pages(service.rate.search).collect()
        users = {one.id: one for one in await pages(service.user.search).collect()}
        me = await service.user.info()
        prices = Prices(rates, {**(known or {}), **users, me.id: me})
        # Of whom no rate is of a schedule, nobody needs to know under which they worked.
        of_schedules = {one.user_id for one in rates if one.schedule_id is not None}
        asked = [one for one in entries if one.user_id in of_schedules]
        found = {one.id: one for one in await with_schedules(service, asked)}
        return prices.priced(found.get(one.id, one) for one in entries)

    def currency(self, client: Client) -> str:
        """What a client is billed in. Raises ProfileError."""
        return self._documents.profile().currency(client)

    def currencies(self, clients: Iterable[Client]) -> dict[int, str]:
        """What each client is billed in, by their ids. It reads the disk. Raises ProfileError."""
        profile = self._documents.profile()
        return {one.id: profile.currency(one) for one in clients}

    def told_amount(self, document: Document) -> Decimal:
        """What the service is told that an invoice comes to, in the decimals that it can keep: a
        third one stays on the document alone, and the two differ.
        """
        sums = totals(document)
        amount = sums.net if self._settings.service_amount == "net" else sums.gross
        kept = amount.quantize(SERVICE_CENT, ROUND_HALF_UP)
        return amount if kept == amount else kept

    async def make(
        self, bill: Bill, due: date, *, period: PeriodKey | None = None, task: int | None = None
    ) -> int:
        """Have the service make the invoice; its id. Nobody else can bill its work from now on.

        `period` is the due day of what recurs that it deals with. The service wants a task: it is
        told `task` where no work is billed.

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
            reserved = await self._reserved(paper, ids, beside, period)
        except Claimed as error:
            raise _claimed(error) from error
        except NumberTaken as error:
            raise Refused(f"{error}", advice="Nothing was made.") from error
        tasks = sorted({one.task_id for one in bill.entries if one.task_id is not None})
        tasks = tasks or [one for one in (task,) if one is not None]
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
                    "period": [period.recurring, period.day.isoformat()] if period else [],
                },
            )
        except (Waiting, OutcomeUnknown):
            raise
        except (ServiceError, OSError):
            await asyncio.to_thread(self._papers.forget, self.owner, reserved.invoice)
            raise
        except asyncio.CancelledError:
            await asyncio.shield(asyncio.to_thread(self._free, reserved))
            raise
        await asyncio.to_thread(self._papers.bind, self.owner, reserved.invoice, made.id)
        return made.id

    async def _reserved(
        self, paper: Paper, ids: Sequence[int], beside: Sequence[int], period: PeriodKey | None
    ) -> Paper:
        """The draft, with its work taken. Who gives up meanwhile has taken none."""

        def reserve() -> Paper:
            sender = self._history.changes.senders.own()
            return self._papers.reserve(paper, ids, beside, period, sender=sender)

        reserving = asyncio.ensure_future(asyncio.to_thread(reserve))
        try:
            return await asyncio.shield(reserving)
        except asyncio.CancelledError:
            reserved = await reserving
            await asyncio.to_thread(self._free, reserved)
            raise

    def _free(self, reserved: Paper) -> None:
        """The work can be billed again, unless the invoice may have been asked for."""
        change = self._asking_for(reserved.invoice)
        if change is None or not (change.is_open or change.state == "done"):
            self._papers.forget(self.owner, reserved.invoice)

    def _asking_for(self, reserved: int) -> Change | None:
        """The change that asks the service for an invoice that was reserved."""
        wanted = Wanted(owner=self.owner, text=NEW.casefold())
        found = self._history.changes.newest(LOOKED_BACK, wanted)
        return next(
            (
                one
                for one in found
                if one.operation == CREATE and one.about.get("paper") == reserved
            ),
            None,
        )

    async def held(self, work: Work, book: Book) -> str:
        """What of a client's work is on invoices that the service was asked for and that are not
        there yet, in a sentence that says where to look; "" for none.
        """
        entries = [book.billed.get(one.id, 0) for one in work.entries]
        taken = [invoice for invoice in entries if invoice < 0]
        if not taken:
            return ""
        asking = [await asyncio.to_thread(self._asking_for, one) for one in set(taken)]
        if any(one is not None and one.state == "unknown" for one in asking):
            how = "nobody knows yet whether it was made"
        else:
            how = "it is not made yet"
        return (
            f"Of it {counted(len(taken), 'entry')} {'are' if len(taken) > 1 else 'is'} on a new"
            f" invoice, and {how}: look at it in Changes (tockdeck changes)."
        )


def something_to_bill(bill: Bill, *, narrowed: bool = True, held: str = "") -> Bill:
    """The same. Raises Refused where it has no entry; `narrowed` is whether some were chosen,
    `held` what `BillDesk.held` says.
    """
    if not bill.entries:
        none = "None of it is of these days." if narrowed else "No approved work is left to bill."
        why = "None of it has a rate." if bill.unpriced else none
        raise Refused("There is nothing to bill.", advice=held or why)
    return bill


def _claimed(error: Claimed) -> Refused:
    holders = sorted(set(error.holders.values()))
    named = ", ".join(f"invoice {one}" if one > 0 else "one not made yet" for one in holders)
    where = " Changes (tockdeck changes) shows it." if holders[0] < 0 else ""
    return Refused(
        f"Of this work {counted(len(error.holders), 'entry')} had been billed already, by {named}.",
        advice=f"Nothing was made.{where} Refresh to see what is still open.",
    )
