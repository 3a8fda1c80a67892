"""Invoices as documents: from what the service has, what is kept of them, and what is set up."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from datetime import date, tzinfo
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace

from tui.config.load import ConfigError, Loaded
from tui.services.errors import NotFound, ServiceError
from tui.services.timesheets import Timesheets
from tui.services.timesheets.answers import pages
from tui.services.timesheets.records import Client, Invoice
from tui.store.papers import Papers
from tui.store.papers import Payment as Noted
from tui.workspace.connections.connections import Connections
from tui.workspace.invoices.amounts import code_of, digits_of, is_code
from tui.workspace.invoices.documents.document import NOTHING, Document, Payment, from_json
from tui.workspace.invoices.documents.profile import Profile, profile_of, sample_profile
from tui.workspace.invoices.documents.reckoning import totals
from tui.workspace.invoices.documents.words import word
from tui.workspace.invoices.elsewhere import with_line, with_paid
from tui.workspace.invoices.owners import all_invoices
from tui.workspace.times import day_of, today_in

if TYPE_CHECKING:
    from tui.workspace.invoices.book import Book

CLIENTS_FILE = "clients.toml"
UNKNOWN_LINES = "the service does not say what invoice {0} bills: it is one line"
UNKNOWN_DAY = "the service does not say when invoice {0} was issued: {1} is written"


def document_of(
    invoice: Invoice,
    client: Client,
    profile: Profile,
    where: tzinfo,
    today: date,
    issued: date | None = None,
    usual: str = "",
) -> Document:
    """A document from what the service knows of an invoice, which is an amount and a day.

    What that amount is, is said in `elsewhere`. It was issued on the day that is given, else so
    long before it is due as invoices have, and not later than today. `usual` is the currency that
    lists have it in, where its client has none. Raises ProfileError.
    """
    language, currency = profile.language(client), profile.currency_elsewhere(client, usual)
    due = None if invoice.due_date is None else day_of(invoice.due_date, where)
    day = issued or min(today, _usual_day(profile, client, due, today))
    bare = replace(
        profile.bare(client, issued=day, due=due, currency=currency),
        number=str(invoice.id),
        service_amount=invoice.amount,
    )
    amount, text = invoice.amount or NOTHING, word("services", language)
    net = profile.invoices.elsewhere_amount == "net"
    return with_line(bare, amount, text, profile.vat(client), net=net)


def settled(
    document: Document,
    invoice: Invoice,
    noted: Iterable[Noted],
    where: tzinfo,
    *,
    waived: bool = False,
) -> Document:
    """The document of an invoice from elsewhere with what was paid of it: what was `noted` here,
    and the rest on the day on which the service has it paid. Nothing of one that is paid is due;
    of a rest that was `waived` it is said that nobody paid it.
    """
    made = with_paid(document, noted)
    rest = totals(made).due
    if not invoice.paid or rest <= 0:
        return made
    day = None if invoice.payed_date is None else day_of(invoice.payed_date, where)
    text = word("waived", document.language) if waived else ""
    return replace(made, payments=(*made.payments, Payment(amount=rest, day=day, text=text)))


def _usual_day(profile: Profile, client: Client, due: date | None, today: date) -> date:
    return today if due is None else due - (profile.due(client, due) - due)


class Made(NamedTuple):
    """The document of an invoice, and what a person should know of it besides."""

    invoice_id: int
    document: Document
    said: list[str]


class Unmade(NamedTuple):
    """An invoice whose document cannot be made, and why."""

    invoice_id: int
    error: ServiceError | ConfigError


class DocumentDesk:
    """The documents of the invoices of one account."""

    def __init__(
        self,
        connections: Connections,
        loaded: Loaded,
        papers: Papers,
        zone: tzinfo,
        book: Callable[[], Book],
    ) -> None:
        """`book` reads from the disk what is kept: what is noted as paid, and what was waived."""
        self._connections = connections
        self._loaded = loaded
        self._papers = papers
        self._zone = zone
        self._book = book

    @property
    def template(self) -> Path | None:
        """The person's own template of the PDF."""
        named = self._loaded.settings.invoices.template
        return Path(named).expanduser() if named else None

    @property
    def usual(self) -> str:
        """The currency of what came from elsewhere, where its client has none: its sign or code."""
        return self._loaded.settings.deck.currency

    def profile(self) -> Profile:
        """What is set up; of the sample what it has. Raises ProfileError."""
        settings = self._loaded.settings
        file = self._loaded.file.parent / CLIENTS_FILE
        of = sample_profile if self._connections.uses_embedded("timesheets") else profile_of
        return of(settings.seller, settings.invoices, file)

    @property
    def knows_clients(self) -> bool:
        """Whether the person set up anything of a client."""
        return (self._loaded.file.parent / CLIENTS_FILE).exists()

    @property
    def tells_of_clients(self) -> bool:
        """Whether anything is set up by which an invoice from elsewhere comes to another amount
        than the service says, in the deck's currency. It may read the disk.
        """
        return self.adds_vat or self._counts_otherwise or self.knows_clients

    @property
    def _counts_otherwise(self) -> bool:
        """Whether the deck names no currency, as with no sign or with $, and documents are in one
        of other digits: lists have to name that, else they come to another sum.
        """
        usual, billed = self.usual, self._loaded.settings.invoices.currency
        return not is_code(usual) and digits_of(billed) != digits_of(usual)

    def billed_in(self, clients: Iterable[Client]) -> dict[int, str]:
        """What clients are billed in, by their ids, of those that have a currency of their own, and
        of all where that has other digits than the deck's: as a code of ISO 4217 where it is one.
        It reads the disk. Raises ProfileError.
        """
        known, otherwise = list(clients), self._counts_otherwise
        if not known or not (otherwise or self.knows_clients):
            return {}
        profile = self.profile()
        usual = code_of(profile.invoices.currency) if otherwise else ""
        own = {one.id: code_of(profile.buyer(one).currency) or usual for one in known}
        return {number: code for number, code in own.items() if code}

    @property
    def adds_vat(self) -> bool:
        """Whether the amount of an invoice from elsewhere is without VAT."""
        return self._loaded.settings.invoices.elsewhere_amount == "net"

    def on_top(self, clients: Iterable[Client]) -> dict[int, Decimal]:
        """Per cent of VAT on top of the amounts of invoices from elsewhere, by their clients' ids,
        of those that have any. It reads the disk. Raises ProfileError.
        """
        known = list(clients)
        if not known or not self.adds_vat:
            return {}
        profile = self.profile()
        rates = {one.id: profile.vat(one).rate for one in known}
        return {number: rate for number, rate in rates.items() if rate}

    async def document(self, invoice_id: int, *, issued: date | None = None) -> Made:
        """The document of an invoice. Raises NotFound, ProfileError."""
        async with aclosing(self.documents([invoice_id], issued=issued)) as found:
            made = await anext(found)
        if isinstance(made, Unmade):
            raise made.error
        return made

    async def documents(
        self, invoice_ids: Iterable[int], *, issued: date | None = None
    ) -> AsyncGenerator[Made | Unmade, None]:
        """The documents of several invoices in their order, or why there is none of one: the others
        do not hang on it. The service is asked once for all, even where that fails: each further
        sign in could lock a person out. What is kept needs no service.
        """
        found: _Found | ServiceError | ConfigError | None = None
        for invoice_id in invoice_ids:
            kept = await self._kept(invoice_id)
            if kept is not None:
                yield Made(invoice_id, kept, [])
                continue
            if found is None:
                found = await self._found()
            if not isinstance(found, _Found):
                yield Unmade(invoice_id, found)
                continue
            one: Made | Unmade
            try:
                one = await self._made(found, invoice_id, issued)
            except (ServiceError, ConfigError) as error:
                one = Unmade(invoice_id, error)
            yield one

    async def _made(self, found: _Found, invoice_id: int, issued: date | None) -> Made:
        invoice, client = await found.of(invoice_id)
        today = today_in(self._zone)
        made = document_of(invoice, client, found.profile, self._zone, today, issued, self.usual)
        book = await asyncio.to_thread(self._book)
        noted, waived = book.payments_of(invoice), book.waives_rest(invoice)
        made = settled(made, invoice, noted, self._zone, waived=waived)
        said = [UNKNOWN_LINES.format(invoice_id)]
        if issued is None:
            said.append(UNKNOWN_DAY.format(invoice_id, made.issued))
        return Made(invoice_id, made, said)

    async def numbered(self, number: str) -> int:
        """The id of the invoice or credit note that bears a number. Raises NotFound."""
        owner = self._connections.account("timesheets")
        for paper in await asyncio.to_thread(self._papers.all_of, owner):
            if paper.number == number:
                return paper.invoice
        raise NotFound(
            f"no invoice has the number {number}",
            service="timesheets",
            advice="Those that were issued here have one.",
        )

    async def _kept(self, invoice_id: int) -> Document | None:
        owner = self._connections.account("timesheets")
        paper = await asyncio.to_thread(self._papers.paper, owner, invoice_id)
        return None if paper is None else from_json(paper.body)

    async def _found(self) -> _Found | ServiceError | ConfigError:
        try:
            return await self._read(await asyncio.to_thread(self.profile))
        except (ServiceError, ConfigError) as error:
            return error

    async def _read(self, profile: Profile) -> _Found:
        service = await self._connections.timesheets()
        clients = {one.id: one for one in await pages(service.client.search).collect()}
        owned = await all_invoices(service, list(clients))
        return _Found(service, profile, clients, {one.id: one for one in owned})


@dataclass(frozen=True)
class _Found:
    """What the service has, as it was read for one run."""

    service: Timesheets
    profile: Profile
    clients: Mapping[int, Client]
    invoices: Mapping[int, Invoice]

    async def of(self, invoice_id: int) -> tuple[Invoice, Client]:
        """An invoice and whose it is. Raises NotFound."""
        invoice = self.invoices.get(invoice_id)
        if invoice is None:
            # It says so itself, or tells of one whose client is gone.
            invoice = await self.service.invoice.info(invoice_id)
        client = self.clients.get(invoice.client_id or 0)
        if client is None:
            raise NotFound(
                f"nobody says which client invoice {invoice_id} is for",
                service="timesheets",
                advice="Its document needs one.",
            )
        return invoice, client
