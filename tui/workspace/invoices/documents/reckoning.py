"""The sums of a document, exact in decimals.

The rule of rounding, stated on the document: the amount of a line is rounded, half a unit up, from
its true value, which for work are its seconds and not the hours as written; discounts by per cent
are rounded too; all other sums are sums of rounded amounts. VAT is reckoned once for each category
and rate, from the sum of its lines, and rounded half a unit up. A unit is the smallest amount of
the currency by ISO 4217: a cent, a yen, a fils.

Source: EN 16931-1:2017, clause 6.6, and the rules BR-CO-10 to BR-CO-17.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal, localcontext

import msgspec

from tui.workspace.invoices.amounts import digits_of
from tui.workspace.invoices.documents.document import (
    NOTHING,
    Adjustment,
    Category,
    Document,
    Line,
    Vat,
)

UNIT_SECONDS: Mapping[str, int] = {
    "SEC": 1,
    "MIN": 60,
    "HUR": 3600,
    "DAY": 8 * 3600,
    "WEE": 5 * 8 * 3600,
    "MON": 4 * 5 * 8 * 3600,
}
"""Seconds of work in a unit. Assumption, as for the service's own reckoning: a day has 8 hours, a
week 5 days, a month 4 weeks."""
QUANTITY_DIGITS = 4
"""Decimals of a written quantity: what France takes at most, and a third of an hour needs."""
PRECISION = 60


class VatGroup(msgspec.Struct, frozen=True, kw_only=True):
    """The VAT of one category and rate (BG-23)."""

    category: Category
    rate: Decimal
    basis: Decimal
    amount: Decimal
    reason: str = ""
    """The reasons of its lines, each once."""
    reason_code: str = ""
    """Where all its lines have one and the same."""

    @property
    def gross(self) -> Decimal:
        """Basis and VAT together."""
        return self.basis + self.amount


class Totals(msgspec.Struct, frozen=True, kw_only=True):
    """The sums of a document (BG-22)."""

    lines: Decimal
    """Of all lines (BT-106)."""
    discounts: Decimal
    """On the whole document (BT-107)."""
    charges: Decimal
    """On the whole document (BT-108)."""
    net: Decimal
    """Without VAT (BT-109)."""
    vat: Decimal
    """Of all groups (BT-110)."""
    gross: Decimal
    """With VAT (BT-112)."""
    paid: Decimal
    """Already (BT-113)."""
    rounding: Decimal
    """BT-114."""
    due: Decimal
    """What is still to be paid (BT-115)."""
    groups: tuple[VatGroup, ...]
    """By falling rate."""

    @property
    def asked(self) -> Decimal:
        """What the client is asked for in all, paid or not: with VAT, and rounded."""
        return self.gross + self.rounding


def smallest(currency: str) -> Decimal:
    """The smallest amount of a currency: a cent, a yen, a fils."""
    return Decimal(1).scaleb(-digits_of(currency))


def rounded(amount: Decimal, currency: str) -> Decimal:
    """An amount in whole smallest units of a currency, half a unit up (away from nothing)."""
    with localcontext() as context:
        context.prec = PRECISION
        return amount.quantize(smallest(currency), ROUND_HALF_UP)


def written_quantity(seconds: int, unit: str = "HUR", digits: int = QUANTITY_DIGITS) -> Decimal:
    """Worked seconds in a unit as they are written: even, or with four decimals.

    Raises KeyError for a unit that is none of time.
    """
    with localcontext() as context:
        context.prec = PRECISION
        exact = Decimal(seconds) / UNIT_SECONDS[unit]
        short = exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
        return Decimal(f"{short:f}".rstrip("0").rstrip("."))


def true_value(line: Line) -> Decimal:
    """What a line comes to before discounts and before it is rounded."""
    with localcontext() as context:
        context.prec = PRECISION
        if line.seconds is not None and line.unit in UNIT_SECONDS:
            return line.seconds * line.price / (UNIT_SECONDS[line.unit] * line.price_base)
        return line.quantity * line.price / line.price_base


def adjusted_by(adjustments: Iterable[Adjustment]) -> Decimal:
    """What discounts and charges add; negative where they take off."""
    return sum((one.amount if one.charge else -one.amount for one in adjustments), NOTHING)


def line_amount(line: Line, currency: str) -> Decimal:
    """What a line comes to by the rule; `line.amount` is not looked at."""
    return rounded(true_value(line), currency) + adjusted_by(line.adjustments)


def percentage(base: Decimal, percent: Decimal, currency: str) -> Decimal:
    """Per cent of an amount, rounded."""
    with localcontext() as context:
        context.prec = PRECISION
        return rounded(base * percent / 100, currency)


def discount(base: Decimal, percent: Decimal, currency: str, reason: str = "") -> Adjustment:
    """A discount by per cent of an amount."""
    amount = percentage(base, percent, currency)
    return Adjustment(amount=amount, percent=percent, base=base, reason=reason)


def work_line(
    text: str, seconds: int, price: Decimal, currency: str, *, vat: Vat, unit: str = "HUR"
) -> Line:
    """A line for worked time at a price for each `unit`.

    Raises KeyError for a unit that is none of time.
    """
    line = Line(
        text=text,
        amount=NOTHING,
        quantity=written_quantity(seconds, unit),
        unit=unit,
        price=price,
        seconds=seconds,
        vat=vat,
    )
    return msgspec.structs.replace(line, amount=line_amount(line, currency))


def piece_line(
    text: str, quantity: Decimal, price: Decimal, currency: str, *, vat: Vat, unit: str = "C62"
) -> Line:
    """A line for things, kilometres or a lump sum at a price for each."""
    line = Line(text=text, amount=NOTHING, quantity=quantity, unit=unit, price=price, vat=vat)
    return msgspec.structs.replace(line, amount=line_amount(line, currency))


def totals(document: Document) -> Totals:
    """The sums, from the amounts of the lines as they stand on the document."""
    currency = document.currency
    with localcontext() as context:
        context.prec = PRECISION
        lines = sum((one.amount for one in document.lines), NOTHING)
        discounts = sum((one.amount for one in document.adjustments if not one.charge), NOTHING)
        charges = sum((one.amount for one in document.adjustments if one.charge), NOTHING)
        groups = vat_groups(document)
        net = lines - discounts + charges
        vat = sum((one.amount for one in groups), NOTHING)
        paid = sum((one.amount for one in document.payments), NOTHING)
        gross = net + vat
        return Totals(
            lines=rounded(lines, currency),
            discounts=rounded(discounts, currency),
            charges=rounded(charges, currency),
            net=rounded(net, currency),
            vat=rounded(vat, currency),
            gross=rounded(gross, currency),
            paid=rounded(paid, currency),
            rounding=rounded(document.rounding, currency),
            due=rounded(gross - paid + document.rounding, currency),
            groups=groups,
        )


def vat_groups(document: Document) -> tuple[VatGroup, ...]:
    """The VAT of each category and rate: two of one rate are one, with the reasons of both."""
    parts: dict[tuple[Category, Decimal], list[tuple[Decimal, Vat]]] = {}
    for line in document.lines:
        parts.setdefault((line.vat.category, line.vat.rate), []).append((line.amount, line.vat))
    for one in document.adjustments:
        signed = one.amount if one.charge else -one.amount
        parts.setdefault((one.vat.category, one.vat.rate), []).append((signed, one.vat))
    groups = [
        _group(category, rate, amounts, document.currency)
        for (category, rate), amounts in parts.items()
    ]
    return tuple(sorted(groups, key=lambda one: (-one.rate, one.category.value)))


def _group(
    category: Category, rate: Decimal, parts: list[tuple[Decimal, Vat]], currency: str
) -> VatGroup:
    basis = rounded(sum((amount for amount, _ in parts), NOTHING), currency)
    reasons = dict.fromkeys(vat.reason for _, vat in parts if vat.reason)
    codes = {vat.reason_code for _, vat in parts}
    return VatGroup(
        category=category,
        rate=rate,
        basis=basis,
        amount=percentage(basis, rate, currency),
        reason="; ".join(reasons),
        reason_code=codes.pop() if len(codes) == 1 else "",
    )
