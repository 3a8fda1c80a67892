"""Invoices: all of them, one with its comments; one is marked paid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from tui.cli.plain.page import Line, Page, Verb, joined
from tui.cli.plain.seat import Seat
from tui.workspace.invoices.amounts import money
from tui.workspace.invoices.book import EMPTY, Book, State
from tui.workspace.invoices.due import meant_day_text
from tui.workspace.invoices.invoices import Clients, Invoice
from tui.workspace.partial import collecting, sentences
from tui.workspace.times import moment_text, read_day

STATES: Mapping[State, str] = {
    "due": "not paid", "draft": "draft", "issued": "issued", "part": "paid in part",
    "paid": "paid", "overdue": "overdue", "cancelled": "taken back",
    "other": "neither paid nor unpaid",
}  # fmt: skip


class InvoicesPage(Page):
    """The invoices of all clients, unpaid ones first."""

    title = "Invoices"
    service = "timesheets"
    empty = "There is no invoice."

    def __init__(self, seat: Seat) -> None:
        super().__init__(seat)
        self._book = EMPTY

    @property
    def verbs(self) -> Mapping[str, Verb]:
        """Marking one paid."""
        return {"p": Verb("marks an invoice paid: p and its number", self._pay)}

    async def read(self) -> Sequence[Line]:
        """One line an invoice."""
        desk = self.workspace.invoices
        clients = await self.answer(desk.clients(), desk.kept_clients)
        ids = [one.id for one in clients.clients]
        found = await self.answer(desk.invoices(ids), desk.kept_invoices)
        with collecting() as left_out:
            self._book = await self.workspace.papers.book(clients.clients)
        self.head += sentences(left_out)
        return [
            Line(
                self._text(one, clients),
                partial(InvoicePage, self.seat, one, self._text(one, clients)),
                one,
            )
            for one in found.invoices
        ]

    def _text(self, invoice: Invoice, clients: Clients) -> str:
        book, where = self._book, self.workspace.zone
        currency = book.currency(invoice, self.workspace.settings.deck.currency)
        client = "" if invoice.client_id is None else clients.name(invoice.client_id)
        left = book.open(invoice)
        state = book.state(invoice, where)
        due = meant_day_text(invoice.due_date, where)
        paid = meant_day_text(invoice.payed_date, where) if invoice.paid else ""
        return joined(
            f"Invoice {book.number(invoice)}",
            client,
            money(book.asked(invoice), currency),
            f"{money(left, currency)} open" if state == "part" else "",
            f"{STATES[state]}: Timesheets says {invoice.status}"
            if state == "other"
            else STATES[state] + (f" {paid}" if paid else ""),
            f"due {due}" if due and not invoice.paid else "",
        )

    def _pay(self, typed: str) -> bool:
        line = self.chosen(typed, "Which invoice, by its number here?")
        if line is None:
            return False
        invoice: Invoice = line.thing
        book: Book = self._book
        state, name = book.state(invoice, self.workspace.zone), book.number(invoice)
        if state in ("paid", "cancelled"):
            self.seat.say(f"Invoice {name} is {STATES[state]} already. Nothing was done.")
            return False
        day_typed = self.seat.ask(f"Invoice {name}: paid on which day? Enter is today.")

        async def work() -> str:
            day = read_day(day_typed or "today", self.workspace.zone)
            await self.workspace.settling.pay(invoice, book, day)
            return f"Invoice {name} is paid. u takes it back."

        return self.seat.do(work())


class InvoicePage(Page):
    """One invoice: what is said of it."""

    empty = "Nobody has commented on it."

    def __init__(self, seat: Seat, invoice: Invoice, text: str) -> None:
        super().__init__(seat)
        self.title = text
        self._invoice = invoice

    async def read(self) -> Sequence[Line]:
        """The comments, oldest first."""
        where = self.workspace.zone
        remarks = await self.workspace.invoices.remarks(self._invoice.id)
        return [
            Line(
                joined(one.author, moment_text(one.date, where) if one.date else "")
                + f": {one.text}"
            )
            for one in remarks
        ]
