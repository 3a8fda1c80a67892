"""What the amount of an invoice from elsewhere is: said here for lists, sums and documents alike.

Of an invoice that was made elsewhere the service has an amount, and nobody says whether VAT is in
it. `[invoices] elsewhere_amount` does: `gross` is what its client was asked for, `net` that without
VAT. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal, localcontext

import msgspec

from tui.store.papers import Payment as Noted
from tui.workspace.invoices.documents.document import NOTHING, Document, Line, Payment, Vat
from tui.workspace.invoices.documents.reckoning import (
    PRECISION,
    percentage,
    piece_line,
    rounded,
    totals,
)


def asked_of(amount: Decimal | None, currency: str, on_top: Decimal = NOTHING) -> Decimal:
    """What its client is asked for, in whole smallest units of the currency: the amount, with so
    much per cent of VAT on top.
    """
    whole = rounded(amount or NOTHING, currency)
    return whole + percentage(whole, on_top, currency)


def with_line(document: Document, amount: Decimal, text: str, vat: Vat, *, net: bool) -> Document:
    """The document with its one line, of an amount that is `net` or has VAT in it. Not every amount
    is one without VAT and the VAT of that, in whole cents: what is left is its rounding.
    """
    currency = document.currency
    asked = asked_of(amount, currency, vat.rate if net else NOTHING)
    without = rounded(amount, currency) if net else _without_vat(asked, vat.rate, currency)
    made = msgspec.structs.replace(document, lines=(_line(text, without, currency, vat),))
    rest = asked - totals(made).gross
    return made if not rest else msgspec.structs.replace(made, rounding=rest)


def _line(text: str, amount: Decimal, currency: str, vat: Vat) -> Line:
    # A price is never negative: what is taken off is a lump sum less.
    count = Decimal(-1 if amount < 0 else 1)
    return piece_line(text, count, abs(amount), currency, vat=vat, unit="LS")


def _without_vat(gross: Decimal, rate: Decimal, currency: str) -> Decimal:
    with localcontext() as context:
        context.prec = PRECISION
        return rounded(gross * 100 / (100 + rate), currency)


def with_paid(document: Document, parts: Iterable[Noted]) -> Document:
    """The document with what was paid of it already."""
    paid = [Payment(amount=one.amount, day=one.day, text=one.text) for one in parts]
    return msgspec.structs.replace(document, payments=(*document.payments, *paid))
