"""What is kept of one invoice: its document, its number, the work that it bills, what was paid."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Literal, NamedTuple

import msgspec

PaperState = Literal["draft", "issued", "cancelled"]
"""A draft may be changed and has no number; what is issued stands, and is at most cancelled by a
credit note."""


class Paper(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of an invoice of one account."""

    owner: str
    """Service, address and account that it belongs to."""
    invoice: int
    """The id that the service gave it."""
    state: PaperState = "draft"
    series: str = ""
    sequence: int = 0
    """Its place in the series; 0 of a draft."""
    number: str = ""
    """As it is written on the document; empty of a draft."""
    issued: date | None = None
    cancels: int | None = None
    """Of a credit note, the id of the invoice that it takes back."""
    body: bytes = b"{}"
    """The document as JSON, which whoever keeps it can read."""


class Payment(msgspec.Struct, frozen=True, kw_only=True):
    """Money that came in for an invoice; negative where it was given back."""

    id: str
    invoice: int
    day: date
    amount: Decimal
    text: str = ""
    reference: str = ""
    """What the bank calls it; it is taken once for an account."""


def payment_of(row: tuple[Any, ...]) -> Payment:
    """A payment by its columns."""
    identity, invoice, day, amount, text, reference = row
    return Payment(
        id=identity, invoice=invoice, day=date.fromisoformat(day), amount=Decimal(amount),
        text=text, reference=reference,
    )  # fmt: skip


class Payments(NamedTuple):
    """What was paid of an invoice, oldest first."""

    payments: list[Payment]

    @property
    def sum(self) -> Decimal:
        """How much that is."""
        return sum((one.amount for one in self.payments), Decimal())


class Claimed(Exception):
    """Some of the work is billed by another invoice already."""

    def __init__(self, holders: dict[int, int]) -> None:
        """`holders` are the invoices by the ids of the entries that they hold."""
        super().__init__(f"billed already: {holders}")
        self.holders = holders


class NumberTaken(Exception):
    """The number, or one after it, is taken; says in a sentence what is so."""
