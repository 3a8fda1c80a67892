"""Payments from a bank's statement: looked at first, then noted, each once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tui.store.papers import Payment
from tui.workspace.invoices.amounts import plain
from tui.workspace.invoices.bank.camt import read_camt
from tui.workspace.invoices.bank.matching import Match, Noted, Open, gone_back, matched
from tui.workspace.invoices.bank.mt940 import is_mt940, read_mt940
from tui.workspace.invoices.bank.statement import BankError, Movement, Statement
from tui.workspace.invoices.bank.tables import read_bank_table
from tui.workspace.invoices.invoices import Invoice, InvoiceDesk
from tui.workspace.invoices.paper_desk import PaperDesk, new_payment

LARGEST = 64 * 1024 * 1024
"""Bytes of a statement; a year of a busy account has a few million."""


def read_statement(content: bytes, *, day_first: bool | None = None) -> Statement:
    """The movements of a CAMT, MT940 or CSV file; `day_first` where days can be read in two ways.

    Raises BankError.
    """
    if len(content) > LARGEST:
        raise BankError(f"The file is larger than {LARGEST // 1024**2} MB: it was not read.")
    if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return read_camt(content)
    if content.startswith(b"PK\x03\x04"):
        raise BankError("The file is packed (ZIP): take the statement out of it first.")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        # What Excel calls Unicode text.
        text = content.decode("utf-16", errors="replace")
    else:
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            # What German and French banks write: every byte has a meaning there.
            text = content.decode("cp1252", errors="replace")
    if is_mt940(text):
        return read_mt940(text)
    return read_bank_table(text, day_first=day_first)


@dataclass(frozen=True)
class Look:
    """A statement, held against what is owed. Nothing was noted."""

    statement: Statement
    matches: list[Match]
    """Of what came in, in the order of the file."""
    open: list[Open]
    """What can be paid."""
    invoices: Mapping[int, Invoice]
    """By id, those."""
    back: list[Noted]
    """Payments that are noted, and that went back by it."""

    @property
    def outgoing(self) -> int:
        """How many movements are none of money that came in."""
        return len(self.statement.movements) - len(self.matches)


def back_told(look: Look) -> list[str]:
    """What went back and is noted as paid, in a sentence each."""
    return [
        f"What is noted as paid of {one.number} on {one.day}, {plain(one.amount)}, went back by"
        " this statement: take that payment back, too."
        for one in look.back
    ]


class BankDesk:
    """The use cases of statements."""

    def __init__(self, invoices: InvoiceDesk, papers: PaperDesk) -> None:
        self._invoices = invoices
        self._papers = papers

    async def look(self, statement: Statement) -> Look:
        """What the payments of a statement seem to be for."""
        clients = (await self._invoices.clients()).value
        found = (await self._invoices.invoices([one.id for one in clients.clients])).value.invoices
        book = await self._papers.seen([one.id for one in found], clients.clients)
        owed = {one.id: one for one in found if book.open(one) > 0}
        opens = [
            Open(
                one.id,
                book.number(one),
                clients.name(one.client_id) if one.client_id is not None else "",
                book.open(one),
                book.currency(one, self._papers.usual),
            )
            for one in owed.values()
        ]
        noted = [
            Noted(invoice_id, book.called(invoice_id), one.day, one.amount, one.reference)
            for invoice_id, paid in book.payments.items()
            for one in paid.payments
        ]
        movements = statement.movements
        matches = matched(movements, opens, noted)
        return Look(statement, matches, opens, owed, gone_back(movements, noted))

    async def note(self, look: Look, chosen: Sequence[tuple[Movement, int]]) -> str:
        """Note payments for invoices by their ids; what was done, in a sentence.

        What was noted before is not noted again. Raises as `PaperDesk.pay`.
        """
        payments = [_payment(movement, invoice_id) for movement, invoice_id in chosen]
        currencies = {one.invoice: one.currency for one in look.open}
        return await self._papers.pay(payments, look.invoices, currencies=currencies)


def _payment(movement: Movement, invoice_id: int) -> Payment:
    words = " ".join(one for one in (movement.name, movement.text) if one)
    made = new_payment(invoice_id, movement.day, movement.amount, words)
    return Payment(
        id=made.id, invoice=made.invoice, day=made.day, amount=made.amount, text=made.text,
        reference=movement.reference,
    )  # fmt: skip
