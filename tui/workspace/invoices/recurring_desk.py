"""Invoices that recur: what is due is told and drafted, nothing is made or sent by itself."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta, tzinfo
from typing import TYPE_CHECKING, Any

import msgspec

from tui.services.errors import Refused
from tui.spoken_keys import key_for
from tui.store.papers import Papers, PeriodKey, Recurring
from tui.workspace.connections.connections import Connections
from tui.workspace.invoices.amounts import money
from tui.workspace.invoices.kept_here import (
    OFFERED_AGAIN,
    PASSED_OVER,
    RECURRING,
    with_period,
    with_recurring,
)
from tui.workspace.invoices.recurring import Period, due, next_day, period_text
from tui.workspace.times import today_in

if TYPE_CHECKING:
    from tui.workspace.changes.history import History
    from tui.workspace.invoices.book import Bill, Book
    from tui.workspace.invoices.invoices import InvoiceDesk
    from tui.workspace.invoices.paper_desk import PaperDesk
    from tui.workspace.invoices.work import Client, Work

RHYTHM = ("every", "unit", "first")


@dataclass(frozen=True)
class Recurs:
    """A definition, and how it stands today."""

    recurring: Recurring
    due: list[Period]
    """What is due and not dealt with, oldest first."""
    next: date | None
    """The next due day after today."""
    settled: Mapping[date, int]
    """The days that were dealt with: by which invoice, or 0."""


@dataclass(frozen=True)
class Offer:
    """What the invoice of a due day would be, before anything is made."""

    period: Period
    bill: Bill
    work: Work
    title: str
    page: str
    """Its lines with their working, sums and doubts, to be read."""

    @property
    def amount(self) -> str:
        """What it comes to, with its currency."""
        return money(self.bill.totals.gross, self.bill.document.currency)


class RecurringDesk:
    """The use cases."""

    def __init__(
        self,
        connections: Connections,
        file: Papers,
        papers: Callable[[], PaperDesk],
        invoices: Callable[[], InvoiceDesk],
        history: Callable[[], History],
        zone: tzinfo,
    ) -> None:
        """`papers` and `invoices` give the use cases of invoices, which only drafting needs, and
        `history` what passing over is noted in."""
        self._connections = connections
        self._file = file
        self._kept = file.periodic
        self._papers = papers
        self._invoices = invoices
        self._history = history
        self._zone = zone

    @property
    def owner(self) -> str:
        """The account that they belong to."""
        return self._connections.account("timesheets")

    # -- reading; all of it from the disk --------------------------------------------------------

    def all(self) -> list[Recurs]:
        """Every definition, what is due first. Raises OSError."""
        if self._file.is_empty:
            return []
        today, settled = today_in(self._zone), self._kept.settled(self.owner)
        found = [
            Recurs(
                one,
                due(one, today, settled),
                next_day(one, today),
                {key.day: invoice for key, invoice in settled.items() if key.recurring == one.id},
            )
            for one in self._kept.all_of(self.owner)
        ]
        return sorted(found, key=lambda one: (not one.due, one.next or date.max))

    def due(self) -> list[Period]:
        """Everything that is due, the oldest first. Raises OSError."""
        found = [period for one in self.all() for period in one.due]
        return sorted(found, key=lambda one: one.day)

    # -- writing ----------------------------------------------------------------------------------

    async def save(self, before: Recurring | None, values: Mapping[str, Any]) -> Recurring:
        """A new definition, or one that is another now. Where its days are counted otherwise, none
        is offered again up to the last that was dealt with. Raises ReadOnly, OSError.
        """
        if before is None:
            made = Recurring(id=secrets.token_hex(4), **values)
            title = f"New recurring invoice {made.title}"
        else:
            made = msgspec.structs.replace(before, **values)
            title = f"Change recurring invoice {made.title}"
            if any(getattr(before, name) != getattr(made, name) for name in RHYTHM):
                made = msgspec.structs.replace(made, since=await self._after_the_last(before))
        if made != before:
            await self._history().here.make(title, RECURRING, with_recurring(before, made))
        return made

    async def _after_the_last(self, one: Recurring) -> date | None:
        settled = await asyncio.to_thread(self._kept.settled, self.owner)
        days = [key.day for key in settled if key.recurring == one.id]
        return max(days) + timedelta(days=1) if days else one.since

    async def delete(self, one: Recurring) -> None:
        """A definition is no more; invoices that were made of it stay. Raises ReadOnly, OSError."""
        title = f"Delete recurring invoice {one.title}"
        await self._history().here.make(title, RECURRING, with_recurring(one, None))

    async def pass_over(self, period: Period) -> None:
        """No invoice is made of a due day; it is not offered again. Raises ReadOnly, OSError."""
        title = f"Pass over {period.recurring.title} of {period.day}"
        await self._history().here.make(title, PASSED_OVER, with_period(period.key))

    async def offer_again(self, one: Recurring, day: date) -> None:
        """A day that was passed over is due again. Raises ReadOnly, OSError."""
        title = f"Offer {one.title} of {day} again"
        await self._history().here.make(title, OFFERED_AGAIN, with_period(PeriodKey(one.id, day)))

    async def offer(self, period: Period) -> Offer:
        """What the invoice of a due day would be, of what the service has now. Nothing is written.

        Raises Refused where the client is no more, and as `bill`; what reading raises.
        """
        from tui.workspace.invoices.bill_text import bill_text

        one, invoices, papers = period.recurring, self._invoices(), self._papers()
        clients = (await invoices.clients()).value
        client = next((each for each in clients.clients if each.id == one.client), None)
        if client is None:
            raise Refused(
                f"The client of {one.title} is not there any more.",
                advice=f"Nothing was made. {key_for('office.change')} in the deck chooses another.",
            )
        work = (await invoices.work.of_client(client.id, clients.projects_of(client.id))).value
        book = await papers.seen(await invoices.ids())
        bill = await self.bill(period, client, work, book)
        own = (await invoices.invoices_of(client.id)).invoices
        pays = bill.document.due
        assert pays is not None
        told = papers.bills.told_amount(bill.document)
        page = bill_text(bill, work, pays, told, book.from_elsewhere(own, work.entries), self._zone)
        return Offer(period, bill, work, f"{one.title}: due {period_text(period)}", page)

    async def bill(self, period: Period, client: Client, work: Work, book: Book) -> Bill:
        """What the invoice of a due day would be. Nothing is written.

        Raises Refused where there is nothing to bill, or no task that the service could be told;
        ProfileError.
        """
        from tui.workspace.invoices.drafting import Chosen, marked_beside
        from tui.workspace.invoices.extras import ExtraError, read_extras

        one, bills = period.recurring, self._papers().bills
        of_it = Chosen(first=period.first, last=period.last)
        try:
            extras = read_extras(one.lines)
        except ExtraError as error:
            raise Refused(
                f"Its lines cannot be read: {error}",
                advice=f"{key_for('office.change')} in the deck changes them.",
            ) from error
        bill = await bills.bill(
            client, work, of_it if one.work else Chosen(tasks=frozenset()), bills.grouping,
            extras=extras, book=book,
        )  # fmt: skip
        if not bill.document.lines:
            advice = f"{key_for('office.pass_over')} in the deck passes {period.day} over."
            raise Refused(
                f"Of {period.first} to {period.last} nothing is to be billed.", advice=advice
            )
        if not bill.entries:
            bill = replace(bill, beside=marked_beside(work, {task_of(work)}, (), book))
        return bill

    async def draft(self, bill: Bill, period: Period, work: Work) -> int:
        """Have the service make the draft of a due day; its id. Raises as `BillDesk.make`."""
        pays = bill.document.due
        assert pays is not None
        task = None if bill.entries else task_of(work)
        return await self._papers().bills.make(bill, pays, period=period.key, task=task)


def task_of(work: Work) -> int:
    """The task that the service is told where no work is billed. Raises Refused without one."""
    if not work.tasks:
        raise Refused(
            "The service makes an invoice for tasks only, and the client has none.",
            advice="Make a task for it on Invoices.",
        )
    return min(work.tasks)
