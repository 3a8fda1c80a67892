"""Invoices get their numbers, stand from then on, and are at most taken back by a credit note.

A number is taken on this disk, then told to the service by a comment, so that another machine
knows. What a kill between the two leaves is noted with the number, and told by whoever reads next.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from datetime import date, timedelta
from functools import partial
from typing import Any, NamedTuple

from msgspec.structs import replace

from tui.services.errors import NotFound, OutcomeUnknown, Refused, ServiceError
from tui.services.timesheets.answers import pages
from tui.services.timesheets.records import Client, Invoice
from tui.store.papers import NumberTaken, Paper
from tui.store.papers.untold import Untold
from tui.workspace.changes.history import Waiting, Wanted
from tui.workspace.invoices.documents.document import (
    Document,
    Kind,
    Preceding,
    as_json,
    from_json,
)
from tui.workspace.invoices.kept_here import CREDIT, FREED, ISSUE, ISSUED_STANDS, NOTE_STANDS
from tui.workspace.invoices.numbering import Numbering, or_refused
from tui.workspace.invoices.numbers import NumberPattern
from tui.workspace.invoices.on_papers import LOOKED_BACK, Ground
from tui.workspace.problems import one_line
from tui.workspace.times import day_of, midnight_utc

ISSUED = "Issued as {0}."
"""The comment by which another machine knows that a number is taken."""
COMMENT = "timesheets.invoice.add_comment"
FINAL = (Refused, NotFound)
"""What of telling a number is no better the next time."""
LOOKED_AT = 20
"""So many of the newest invoices are looked at for numbers of other machines."""
CREDIT_NOTES = 1 << 40
"""Added to the id of an invoice, the id under which its credit note is kept."""


class LeftAlone(Refused):
    """A person said no to what they were asked on the way; nothing was done."""

    def __init__(self) -> None:
        super().__init__("It was not issued.", advice="Choose another day.")


class Issued(NamedTuple):
    """An invoice that stands."""

    number: str
    day: date
    due: date | None
    error: ServiceError | None
    """Why the service is not known to have the number yet."""

    @property
    def news(self) -> str:
        """What a person should know besides; "" for nothing."""
        if self.error is None:
            return ""
        if isinstance(self.error, Waiting):
            later = "that is kept and will be sent"
        elif isinstance(self.error, OutcomeUnknown):
            later = "nobody knows whether that arrived: it is looked for"
        else:
            again = "" if isinstance(self.error, FINAL) else "; it is told when they are read again"
            later = f"{one_line(self.error).rstrip('.')}{again}"
        return f"Another machine is not warned yet that the number is taken: {later}."


class Issuing(Numbering):
    """The use cases of what stands."""

    def __init__(self, ground: Ground) -> None:
        super().__init__(ground)
        self._telling: set[int] = set()

    async def issue(self, invoice: Invoice, day: date, due: date | None = None) -> Issued:
        """Give an invoice its number: from then on it stands, and is at most taken back by a
        credit note. It is due on `due`, else as `due_when_issued` says; where the service has
        another day, that is changed first.

        Raises Refused where it has one, where it would be due before its day, where a later one is
        of a later day, or where another machine takes numbers of the same series; ConfigError for
        a pattern that makes none; what changing the day raises. Then it has no number.
        """
        document = (await self._documents.document(invoice.id, issued=day)).document
        if due is None:
            due = await self.due_when_issued(invoice, day)
        if due is not None and due < day:
            raise Refused(
                f"It would be due on {due}, before its own day {day}.", advice="Nothing was issued."
            )
        numbers = self.numbers()
        paper = Paper(owner=self.owner, invoice=invoice.id, series=numbers.series(day), issued=day)
        try:
            # Before the service is told another due day, which would stay behind.
            await asyncio.to_thread(self._papers.insist_on_order, paper)
        except NumberTaken as error:
            raise Refused(f"It was not issued: {error}", advice="Nothing was changed.") from error
        await self._no_other_machine(numbers, day)
        await self._due_at_service(invoice, due)
        issued = await self._number(invoice.id, replace(document, issued=day, due=due), numbers)
        try:
            await self._tell(Untold(invoice.id, issued.number, ""))
        except (ServiceError, OSError) as error:
            # The number is taken: what failed after it is no reason to call that failed.
            known = error if isinstance(error, ServiceError) else ServiceError(f"{error}")
            return Issued(issued.number, day, due, known)
        return Issued(issued.number, day, due, None)

    async def due_when_issued(self, invoice: Invoice, day: date) -> date | None:
        """When an invoice is due that is issued on a day: its terms count from then on. A day that
        was set by hand stays, where it is not before that. Raises ProfileError, NotFound.
        """
        document = (await self._documents.document(invoice.id, issued=day)).document
        due = document.due if invoice.due_date is None else day_of(invoice.due_date, self._zone)
        if due is None:
            return None
        profile = await asyncio.to_thread(self._documents.profile)
        client = await self._client_of(invoice, document)
        paper = await asyncio.to_thread(self._papers.paper, self.owner, invoice.id)
        drafted = document.issued if paper is not None else None
        return due_of(due, drafted, day, profile.due(client, day) - day)

    async def _client_of(self, invoice: Invoice, document: Document) -> Client:
        """Whose it is, by the name that clients.toml knows it by: on the document it may have
        another.
        """
        number = invoice.client_id or 0
        with suppress(NotFound):
            if number:
                return await (await self._connections.timesheets()).client.info(number)
        return Client(id=number, name=document.buyer.name)

    async def _due_at_service(self, invoice: Invoice, due: date | None) -> None:
        if due is None or invoice.due_date is None or day_of(invoice.due_date, self._zone) == due:
            return
        service = await self._connections.timesheets()
        await self._history.write(
            f"Invoice {invoice.id} due {due}",
            partial(service.invoice.update, invoice.id, due_date=midnight_utc(due)),
            seen={"due_date": invoice.due_date},
        )

    async def _number(self, invoice_id: int, document: Document, numbers: NumberPattern) -> Paper:
        day = document.issued
        paper = Paper(owner=self.owner, invoice=invoice_id, series=numbers.series(day), issued=day)

        def body(number: str) -> bytes:
            return as_json(replace(document, number=number))

        def take() -> Paper:
            sender = self._history.changes.senders.own()
            return self._papers.issue(
                paper, lambda place: numbers.number(day, place), body=body, sender=sender
            )

        self._telling.add(invoice_id)
        try:
            taken: Paper = await self._history.here.make(
                f"Issue invoice {invoice_id}",
                ISSUE,
                {"invoice_id": invoice_id},
                do=or_refused(take, "It was not issued"),
                stands=ISSUED_STANDS,
            )
            return taken
        except BaseException:
            # Whoever gave up may have the number all the same: then the next look tells it.
            self._telling.discard(invoice_id)
            raise

    # -- telling the service --------------------------------------------------------------------

    async def _tell(self, one: Untold) -> None:
        """Have the service note the number. Raises as `History.write` does."""
        self._telling.add(one.invoice)
        try:
            service = await self._connections.timesheets()
            await self._history.write(
                f"Invoice {one.number} is issued",
                partial(service.invoice.add_comment, one.invoice, ISSUED.format(one.number)),
                unasked=True,
            )
        except (Waiting, *FINAL):
            # What waits is sent whatever becomes of this process. Of what nobody knows the next
            # look at the invoices looks for it, and nobody has to go to Changes for that.
            await asyncio.to_thread(self._papers.untold.told, self.owner, one.invoice)
            raise
        finally:
            self._telling.discard(one.invoice)
        await asyncio.to_thread(self._papers.untold.told, self.owner, one.invoice)

    async def tell_untold(self) -> None:
        """Tell the service the numbers that a process took and did not live to tell, or could not.

        What came of it is said by the sender of changes. Raises OSError.
        """
        if self._history.read_only:
            return
        for one in await asyncio.to_thread(self._papers.untold.all_of, self.owner):
            if one.invoice in self._telling or await asyncio.to_thread(self._others, one):
                continue
            try:
                if await self._is_told(one):
                    await asyncio.to_thread(self._papers.untold.told, self.owner, one.invoice)
                else:
                    await self._tell(one)
                    self._say_warned(one)
            except ServiceError as error:
                said = "another machine is not warned yet that the number is taken"
                self._history.sender.told(f"Invoice {one.number}: {said}. {one_line(error)}")

    def _say_warned(self, one: Untold) -> None:
        said = "another machine is warned now that the number is taken"
        self._history.sender.told(f"Invoice {one.number}: {said}.")

    def _others(self, one: Untold) -> bool:
        """Whether another process is about to tell it."""
        senders = self._history.changes.senders
        return one.sender != senders.name and senders.lives(one.sender)

    async def _is_told(self, one: Untold) -> bool:
        """Whether the service has it, or a change that is kept will tell it.

        Of one of which nobody knows whether it arrived that is looked for; where it does not stand
        there it is sent once more, since the same comment twice would do no harm.
        """
        text, outbox = ISSUED.format(one.number), self._history.outbox
        wanted = Wanted(owner=self.owner, text=text.casefold())
        await outbox.recover()
        for change in await asyncio.to_thread(self._history.changes.newest, LOOKED_BACK, wanted):
            if change.operation != COMMENT or not (change.is_open or change.state == "done"):
                continue
            if change.state == "unknown" and not await outbox.look(change.id):
                if await self._stands_there(one.invoice, text):
                    await outbox.count_as_done(change.id)
                elif await outbox.again(change.id):
                    self._say_warned(one)
            return True
        return await self._stands_there(one.invoice, text)

    async def _stands_there(self, invoice_id: int, text: str) -> bool:
        service = await self._connections.timesheets()
        return any(
            one.content == text for one in (await service.invoice.comments(invoice_id)).items
        )

    async def _no_other_machine(self, numbers: NumberPattern, day: date) -> None:
        """Look at the newest invoices that nothing is kept of here for a number of the series.

        Raises Refused where there is one: two machines would take the same numbers.
        """
        service = await self._connections.timesheets()
        book = await asyncio.to_thread(self.read)
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
        the work, that can be billed again. Raises Refused where it is not issued, or of a later
        day.
        """
        kept = await asyncio.to_thread(self._papers.paper, self.owner, invoice.id)
        paper = refuse_credit(invoice, kept)
        if paper.issued is not None and day < paper.issued:
            raise Refused(
                f"A credit note of {day} would be before its invoice of {paper.issued}.",
                advice="Nothing was changed.",
            )
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
        issued = await self._credit_number(invoice.id, paper.number, note, frees=frees)
        return from_json(issued.body)

    async def free_work(self, invoice: Invoice) -> int:
        """Have the work of an invoice that was taken back be billed again, which undo takes back;
        how many entries of it. Raises Refused where none stays billed by it.
        """
        kept = await asyncio.to_thread(self._papers.paper, self.owner, invoice.id)
        billed = await asyncio.to_thread(self._papers.billed, self.owner)
        entries = sorted(entry for entry, holder in billed.items() if holder == invoice.id)
        if kept is None or kept.state != "cancelled" or not entries:
            called = kept.number if kept is not None and kept.number else f"{invoice.id}"
            raise Refused(
                f"Of invoice {called} no work is kept from being billed by a credit note.",
                advice="Nothing was changed.",
            )
        await self._history.here.make(
            f"Free the work of {kept.number}", FREED,
            {"invoice_id": invoice.id, "entries": entries},
        )  # fmt: skip
        return len(entries)

    async def _credit_number(
        self, invoice_id: int, called: str, note: Document, *, frees: bool
    ) -> Paper:
        numbers = self.numbers(credit=True)
        paper = Paper(
            owner=self.owner, invoice=CREDIT_NOTES + invoice_id, cancels=invoice_id,
            series=numbers.series(note.issued), issued=note.issued,
        )  # fmt: skip

        def number(place: int) -> str:
            return numbers.number(note.issued, place)

        def body(written: str) -> bytes:
            return as_json(replace(note, number=written))

        take = partial(self._papers.issue, paper, number, body=body, frees=frees)
        issued: Paper = await self._history.here.make(
            f"Credit note over {called}",
            CREDIT,
            {"invoice_id": invoice_id},
            do=or_refused(take, "No credit note was written"),
            stands=NOTE_STANDS,
        )
        return issued


def due_of(due: date, drafted: date | None, day: date, terms: timedelta) -> date:
    """When an invoice is due that was due on `due` as it was drafted, and is issued on `day`.

    Where that was by its terms, these count from the day of issue; a day that was set by hand stays
    unless it is before that. `drafted` is None where nobody knows when that was. Pure.
    """
    by_terms = drafted is not None and due - drafted == terms
    return day + terms if by_terms or due < day else due


def refuse_credit(invoice: Invoice, paper: Paper | None) -> Paper:
    """What is kept of an invoice that a credit note can take back. Raises Refused for another."""
    if paper is None or paper.state != "issued":
        unissued = paper is None or paper.state == "draft"
        state = "is not issued yet: delete it" if unissued else f"is {paper and paper.state}"
        raise Refused(f"Invoice {invoice.id} {state}.", advice="Nothing was changed.")
    return paper
