"""Invoices by chance: rates with three decimals, hours in thirds, discounts, several VAT rates,
exempt lines, currencies with no, two and three decimals. What they come to is reckoned here anew,
by fractions and whole numbers alone.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from msgspec.structs import replace

from tui.workspace.invoices.documents import document as d
from tui.workspace.invoices.documents.reckoning import work_line

DIGITS = {"EUR": 2, "CHF": 2, "USD": 2, "JPY": 0, "BHD": 3}
RATES = {"DE": ("19", "7"), "FR": ("20", "10", "5.5", "2.1"), "NL": ("21", "9"), "BE": ("21", "6")}
VAT_IDS = {
    "DE": ("DE907483378", "DE666972510"),
    "FR": ("FR92529504920", "FR90740944129"),
    "NL": ("NL005425800B01", "NL263965752B01"),
    "BE": ("BE0164300083", "BE0164300083"),
}
IBANS = {
    "DE": "DE89370400440532013000",
    "FR": "FR1420041010050500013M02606",
    "NL": "NL91ABNA0417164300",
    "BE": "BE68539007547034",
}
TEXTS = ("Camera days", "Schnitt & Ton <neu>", "Développement", "=1+1", "[x](y) | `z`", "日")


def half_up(exact: Fraction, digits: int) -> Decimal:
    """Rounded away from nothing at the half, by whole numbers."""
    unit = int(abs(exact) * 10**digits + Fraction(1, 2))
    return Decimal(unit if exact >= 0 else -unit).scaleb(-digits)


@dataclass
class Case:
    """A document, and what it comes to by the other reckoning."""

    document: d.Document
    lines: list[Decimal]
    groups: dict[tuple[str, Decimal], tuple[Decimal, Decimal]] = field(default_factory=dict)
    """Basis and VAT, by category and rate."""

    @property
    def net(self) -> Decimal:
        return sum((basis for basis, _ in self.groups.values()), Decimal())

    @property
    def vat(self) -> Decimal:
        return sum((vat for _, vat in self.groups.values()), Decimal())

    @property
    def too_fine(self) -> bool:
        """Whether it has an amount of three decimals, which an e-invoice cannot hold."""
        amounts = [
            *self.lines,
            *(one.amount for line in self.document.lines for one in line.adjustments),
            *(base for line in self.document.lines for base in bases(line)),
            *(one.amount for one in self.document.adjustments),
            *(one for pair in self.groups.values() for one in pair),
            *(one.amount for one in self.document.payments),
        ]
        return any(one * 100 % 1 for one in amounts)


def bases(line: d.Line) -> list[Decimal]:
    return [one.base for one in line.adjustments if one.base is not None]


def case(seed: int) -> Case:
    """The invoice of a number: the same one each time."""
    chance = random.Random(seed)
    home = chance.choice(list(RATES))
    there = chance.choice([*RATES, home, "US"])
    currency = chance.choice(["EUR", "EUR", "EUR", "CHF", "USD", "JPY", "BHD"])
    digits = DIGITS[currency]
    made = Case(_head(chance, home, there, currency), [])
    vats = _vats(chance, home, there)
    lines = [
        _line(chance, made, chance.choice(vats), digits) for _ in range(chance.randrange(1, 9))
    ]
    for line in lines:
        made.lines.append(line.amount)
    nets: dict[tuple[str, Decimal], Decimal] = {}
    for line in lines:
        key = (line.vat.category.value, line.vat.rate)
        nets[key] = nets.get(key, Decimal()) + line.amount
    adjustments = []
    if chance.random() < 0.3:
        for line in {(one.vat.category, one.vat.rate): one for one in lines}.values():
            key = (line.vat.category.value, line.vat.rate)
            percent = Decimal(chance.choice(["2", "3", "2.5"]))
            amount = half_up(Fraction(nets[key]) * Fraction(percent) / 100, digits)
            vat = replace(line.vat)
            adjustments.append(
                d.Adjustment(amount=amount, percent=percent, base=nets[key], vat=vat)
            )
            nets[key] -= amount
    elif chance.random() < 0.3:
        for line in {(one.vat.category, one.vat.rate): one for one in lines}.values():
            key = (line.vat.category.value, line.vat.rate)
            if nets[key] > 1:
                amount = half_up(Fraction(nets[key]) / chance.randrange(2, 9), digits)
                adjustments.append(d.Adjustment(amount=amount, reason="Kulanz", vat=line.vat))
                nets[key] -= amount
    for (category, rate), basis in nets.items():
        made.groups[category, rate] = (
            basis,
            half_up(Fraction(basis) * Fraction(rate) / 100, digits),
        )
    gross = made.net + made.vat
    payments = ()
    if chance.random() < 0.3:
        part = half_up(Fraction(gross) / 3, digits)
        payments = (d.Payment(amount=part, day=date(2026, 4, 1), text="Anzahlung"),)
    rounding = Decimal()
    if currency == "CHF" and chance.random() < 0.5:
        rounding = half_up(Fraction(gross) * 20, 0) / 20 - gross
    made.document = replace(
        made.document,
        lines=tuple(lines),
        adjustments=tuple(adjustments),
        payments=payments,
        rounding=rounding,
    )
    if currency != "EUR" and home == there == "FR":
        made.document = replace(
            made.document, tax_currency="EUR", tax_total=half_up(Fraction(made.vat) / 2, 2)
        )
    return made


def _head(chance: random.Random, home: str, there: str, currency: str) -> d.Document:
    issued = date(2026, 1, 1) + timedelta(chance.randrange(300))
    is_credit = chance.random() < 0.15
    french = home == "FR"
    seller = _party(home, 0)
    return d.Document(
        number=f"2026-{chance.randrange(10_000):04}",
        kind=d.Kind.CREDIT_NOTE if is_credit else d.Kind.INVOICE,
        issued=issued,
        due=issued + timedelta(chance.randrange(60)),
        seller=seller,
        buyer=_party(there, 1),
        lines=(),
        currency=currency,
        language=chance.choice(list(d.Language)),
        start=issued - timedelta(31),
        end=issued - timedelta(chance.randrange(31)),
        buyer_reference="04011000-12345-34",
        order_reference=chance.choice(["", "PO 4711/B"]),
        terms=chance.choice(["", "14 Tage netto", "Line one\nline two"]),
        bank=d.Bank(holder="Someone", iban=IBANS[home], bic="COBADEFFXXX"),
        preceding=(d.Preceding(number="2026-0001", day=date(2026, 1, 1)),) if is_credit else (),
        business_process="S1" if french else "",
        notes=tuple(d.Note(text=f"{one}: néant", code=one) for one in ("PMT", "PMD", "AAB"))
        if french
        else (),
    )


def _party(country: str, which: int) -> d.Party:
    siren = ("529504920", "740944129")[which]
    return d.Party(
        name=("Seller & Söhne", "Buyer <GmbH>")[which],
        address=d.Address(lines=("1 Street",), post_code="12345", city="Town", country=country),
        vat_id=VAT_IDS[country][which] if country in VAT_IDS else "",
        tax_id="20/123/45678" if which == 0 else "",
        registration=d.Identifier(value=siren, scheme="0002")
        if country == "FR"
        else d.Identifier(value="HRB 1234"),
        electronic=d.Identifier(value="office@example.org", scheme="EM"),
        contact="Somebody",
        phone="+49 431 5550100",
        email="office@example.org",
    )


def _vats(chance: random.Random, home: str, there: str) -> list[d.Vat]:
    if there == "US":
        code = "VATEX-EU-O"
        return [d.Vat(category=d.Category.OUTSIDE, reason="Not subject", reason_code=code)]
    if there != home:
        code = "VATEX-EU-AE"
        return [d.Vat(category=d.Category.REVERSE_CHARGE, reason="Reverse", reason_code=code)]
    vats = [d.Vat(rate=Decimal(rate)) for rate in RATES[home]]
    if chance.random() < 0.4:
        vats += [
            d.Vat(category=d.Category.EXEMPT, reason=f"Exempt {n}", reason_code="VATEX-EU-132")
            for n in (1, 2)
        ]
    if chance.random() < 0.2:
        vats.append(d.Vat(category=d.Category.ZERO))
    return vats


def _line(chance: random.Random, made: Case, vat: d.Vat, digits: int) -> d.Line:
    currency = made.document.currency
    price = Decimal(chance.randrange(1, 200_000)) / 1000
    if chance.random() < 0.6:
        seconds = chance.choice([chance.randrange(1, 500_000), 1200 * chance.randrange(1, 200)])
        unit = chance.choice(["HUR", "HUR", "DAY", "MIN"])
        line = work_line(chance.choice(TEXTS), seconds, price, currency, vat=vat, unit=unit)
        each = {"HUR": 3600, "DAY": 28_800, "MIN": 60}[unit]
        exact = Fraction(seconds, each) * Fraction(price)
    else:
        quantity = Decimal(chance.randrange(1, 4000)) / chance.choice([1, 10, 100])
        base = Decimal(chance.choice([1, 1, 100]))
        line = d.Line(
            text=chance.choice(TEXTS),
            amount=Decimal(),
            quantity=quantity,
            unit=chance.choice(["C62", "KMT"]),
            price=price,
            price_base=base,
            vat=vat,
        )
        exact = Fraction(quantity) * Fraction(price) / Fraction(base)
    amount = before = half_up(exact, digits)
    adjustments: tuple[d.Adjustment, ...] = ()
    if chance.random() < 0.3:
        percent = Decimal(chance.randrange(1, 400)) / 10
        off = half_up(Fraction(before) * Fraction(percent) / 100, digits)
        adjustments = (d.Adjustment(amount=off, percent=percent, base=before, reason="Rabatt"),)
        amount -= off
    elif chance.random() < 0.2 and amount > 1:
        off = half_up(Fraction(before) / chance.randrange(2, 9), digits)
        adjustments = (d.Adjustment(amount=off, reason="Kulanz"),)
        amount -= off
    if chance.random() < 0.1:
        adjustments += (d.Adjustment(amount=Decimal(2), reason="Express", charge=True),)
        amount += 2
    return replace(line, amount=amount, adjustments=adjustments)
