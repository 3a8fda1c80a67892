"""What is wrong with a document before any rule file is asked: what is missing, and what the rules
of EN 16931 leave open.

Nobody there multiplies quantity by price, a VAT amount may be almost a whole euro off, no check
digit is looked at, and any reason passes with any category. All of that is checked here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from enum import Enum

import msgspec

from tui.words import counted
from tui.workspace.invoices.amounts import digits_of
from tui.workspace.invoices.documents.document import (
    NOTHING,
    Adjustment,
    Category,
    Document,
    Kind,
    Party,
    Vat,
)
from tui.workspace.invoices.documents.identifiers import bic_trouble, iban_trouble, vat_id_trouble
from tui.workspace.invoices.documents.outcome import DocumentError
from tui.workspace.invoices.documents.profile import EU
from tui.workspace.invoices.documents.reckoning import (
    line_amount,
    percentage,
    rounded,
    smallest,
    totals,
    true_value,
)
from tui.workspace.invoices.documents.terms import MOST_DIGITS
from tui.workspace.invoices.documents.words import REASON_CODES


class Weight(Enum):
    """How much a finding matters."""

    ERROR = "error"
    """An e-invoice is not written with it."""
    WARNING = "warning"
    """It is written; a person should look."""


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is wrong, by the field where a person can change it."""

    field: str
    """As `buyer.vat_id`, `line 2`."""
    words: str
    weight: Weight = Weight.ERROR
    rule: str = ""
    """The id of the rule of EN 16931 or of a country that says so; empty is ours."""


def refuse_incomplete(document: Document) -> None:
    """Raise DocumentError with all that is missing or wrong, where anything is."""
    found = [one for one in check(document) if one.weight is Weight.ERROR]
    if found:
        listed = "".join(f"\n  {one.field}: {one.words}" for one in found)
        hint = where_to_set(found)
        raise DocumentError(
            f"The e-invoice was not written:{listed}" + (f"\n{hint}" if hint else "")
        )


def where_to_set(findings: Iterable[Finding]) -> str:
    """Where what is missing of seller and buyer is set; empty where nothing is."""
    places = {
        "seller": "what is seller stands in [seller] of the configuration",
        "buyer": "what is buyer stands in the client's table of clients.toml beside it",
    }
    meant = {one.field.partition(".")[0] for one in findings}
    told = "; ".join(words for side, words in places.items() if side in meant)
    return f"{told[:1].upper()}{told[1:]}." if told else ""


def check(document: Document) -> list[Finding]:
    """All that is wrong by our own reckoning. Raises MissingExtra without python-stdnum."""
    return [
        *_head(document),
        *_parties(document),
        *_lines(document),
        *_adjustments(document),
        *_vat(document),
        *_money(document),
        *_payment(document),
    ]


def _warning(field: str, words: str) -> Finding:
    return Finding(field=field, words=words, weight=Weight.WARNING)


def _head(document: Document) -> Iterator[Finding]:
    if not document.number.strip():
        yield Finding(field="number", words="a draft has no number yet: issue it first")
    if not document.lines:
        yield Finding(field="lines", words="there is no line")
    if document.due is not None and document.due < document.issued:
        yield _warning("due", f"{document.due} is before the invoice's own day {document.issued}")
    if document.start and document.end and document.end < document.start:
        yield Finding(field="period", words=f"it ends on {document.end}, before it begins")
    if document.kind is Kind.CREDIT_NOTE and not document.preceding:
        yield _warning("preceding", "a credit note says which invoice it is for")
    if len(document.currency) != 3 or not document.currency.isupper():
        yield Finding(
            field="currency", words=f"{document.currency!r} is no code of ISO 4217, as EUR"
        )


# -- who ------------------------------------------------------------------------------------------


def _parties(document: Document) -> Iterator[Finding]:
    categories = {line.vat.category for line in document.lines}
    outside = Category.OUTSIDE in categories
    seller, buyer = document.seller, document.buyer
    for field, party in (("seller", seller), ("buyer", buyer)):
        yield from _party(field, party)
    registered = seller.registration.value or seller.identifiers
    if outside:
        if not registered:
            words = "outside of the scope of VAT a number in a register must tell who sells"
            yield Finding(field="seller.registration", words=words)
    elif not seller.vat_id:
        if not registered:
            words = "without a VAT id a number in a register must tell who sells"
            yield Finding(field="seller.registration", words=words)
        if not seller.tax_id:
            words = "a VAT id, or the tax office's number (tax_id), is missing"
            yield Finding(field="seller.vat_id", words=words)
    if categories & {Category.INTRA_COMMUNITY, Category.EXPORT} and not seller.vat_id:
        yield Finding(field="seller.vat_id", words="goods to other countries need one")
    if Category.REVERSE_CHARGE in categories and not (buyer.vat_id or buyer.registration.value):
        words = "the buyer owes the VAT (AE), so that its VAT id must stand there"
        yield Finding(field="buyer.vat_id", words=words)
    if Category.INTRA_COMMUNITY in categories and not buyer.vat_id:
        yield Finding(field="buyer.vat_id", words="goods within the EU need the buyer's VAT id")


def _party(field: str, party: Party) -> Iterator[Finding]:
    if not party.name.strip():
        yield Finding(field=f"{field}.name", words="there is no name")
    country = party.address.country
    if not country:
        words = "the country is missing; without it the library leaves the whole address out"
        yield Finding(field=f"{field}.country", words=words)
    elif len(country) != 2 or not country.isupper() or country == "UK":
        better = "GB" if country == "UK" else "as DE"
        words = f"{country!r} is no code of ISO 3166 ({better})"
        yield Finding(field=f"{field}.country", words=words)
    for part in ("city", "post_code"):
        if not getattr(party.address, part):
            yield _warning(f"{field}.{part}", "the address lacks it")
    if not party.address.lines:
        yield _warning(f"{field}.address", "the address has no street")
    if party.vat_id:
        trouble = vat_id_trouble(party.vat_id)
        if trouble:
            yield Finding(field=f"{field}.vat_id", words=trouble)
    if party.electronic.value and not party.electronic.scheme:
        words = "its kind (scheme) is missing, so that the address would be left out"
        yield Finding(field=f"{field}.electronic_address", words=words)


# -- what -----------------------------------------------------------------------------------------


def _lines(document: Document) -> Iterator[Finding]:
    currency = document.currency
    seen: set[str] = set()
    for at, line in enumerate(document.lines, 1):
        field = f"line {line.id or at}"
        if (line.id or str(at)) in seen:
            yield Finding(field=field, words="another line has this number")
        seen.add(line.id or str(at))
        if not line.text.strip():
            yield Finding(field=field, words="it says nothing")
        if line.price < 0:
            words = "a price is never negative: the quantity is, or it is a discount"
            yield Finding(field=field, words=words)
        meant = line_amount(line, currency)
        if line.amount != meant:
            exact = f"{true_value(line):.6f}".rstrip("0").rstrip(".")
            words = f"{line.amount} is {line.amount - meant:+f} off what it comes to: {meant}"
            yield Finding(field=field, words=f"{words} (before it is rounded {exact})")
        yield from _fine(field, line.amount, currency)
        for one in line.adjustments:
            yield from _adjustment(f"{field}, discount", one, currency)
        if line.start and line.end and line.end < line.start:
            yield Finding(field=field, words=f"it ends on {line.end}, before it begins")
        yield from _reason(field, line.vat)


def _adjustments(document: Document) -> Iterator[Finding]:
    groups = {(line.vat.category, line.vat.rate) for line in document.lines}
    for at, one in enumerate(document.adjustments, 1):
        field = f"discount {at}"
        yield from _adjustment(field, one, document.currency)
        yield from _reason(field, one.vat)
        if (one.vat.category, one.vat.rate) not in groups:
            yield _warning(field, f"no line has its VAT ({one.vat.category.value} {one.vat.rate})")


def _adjustment(field: str, one: Adjustment, currency: str) -> Iterator[Finding]:
    if one.amount < 0:
        yield Finding(field=field, words="it is negative: a charge is one on top")
    if (one.percent is None) != (one.base is None):
        yield Finding(field=field, words="per cent and what they are of stand together")
    if one.percent is not None and one.base is not None:
        meant = percentage(one.base, one.percent, currency)
        if meant != one.amount:
            words = f"{one.percent} % of {one.base} is {meant}, not {one.amount}"
            yield Finding(field=field, words=words)
    yield from _fine(field, one.amount, currency)


def _fine(field: str, amount: Decimal, currency: str) -> Iterator[Finding]:
    """An amount that is finer than the currency, or than an e-invoice."""
    digits = digits_of(currency)
    if amount != rounded(amount, currency):
        words = f"{amount} is finer than the smallest amount of {currency}"
        yield Finding(field=field, words=words)
    elif digits > MOST_DIGITS and amount != round(amount, MOST_DIGITS):
        words = (
            f"{currency} {amount} has more than the {counted(MOST_DIGITS, 'decimal')} that an "
            "e-invoice holds: it is not rounded away, send the PDF"
        )
        yield Finding(field=field, words=words)


# -- VAT ------------------------------------------------------------------------------------------

_REASON_OF = {code: category for category, code in REASON_CODES.items()}


def _reason(field: str, vat: Vat) -> Iterator[Finding]:
    if vat.rate < 0 or vat.rate > 100:
        yield Finding(field=f"{field}, VAT", words=f"{vat.rate} is no rate in per cent")
    if vat.category is Category.STANDARD and not vat.rate:
        yield Finding(field=f"{field}, VAT", words="S has a rate; Z is VAT at the rate of nothing")
    if vat.category is not Category.STANDARD and vat.rate:
        words = f"{vat.category.value} has no rate, but {vat.rate} % stands there"
        yield Finding(field=f"{field}, VAT", words=words)
    code, category = vat.reason_code.upper(), vat.category
    if category in (Category.STANDARD, Category.ZERO):
        if vat.reason or code:
            yield Finding(field=f"{field}, VAT", words=f"{category.value} takes no reason")
        return
    if category is Category.EXEMPT and not (vat.reason or code):
        yield Finding(field=f"{field}, VAT", words="why it is exempt must be said")
    if code and (_REASON_OF.get(code, Category.EXEMPT) is not category):
        words = f"the reason {vat.reason_code} does not fit {category.value}"
        yield Finding(field=f"{field}, VAT", words=words)


def _vat(document: Document) -> Iterator[Finding]:
    home, there = document.seller.address.country, document.buyer.address.country
    categories = {line.vat.category for line in document.lines}
    if Category.OUTSIDE in categories and len(categories) > 1:
        words = "what is outside of the scope of VAT needs an invoice of its own (BR-O-11)"
        yield Finding(field="VAT", words=words)
    if not home or not there:
        return
    if Category.REVERSE_CHARGE in categories and home == there:
        yield _warning("VAT", f"reverse charge (AE) within {home}: only some trades have it")
    if Category.INTRA_COMMUNITY in categories and (there not in EU or home == there):
        yield Finding(
            field="VAT", words=f"K is for goods to another country of the EU, {there} is none"
        )
    if Category.EXPORT in categories and there in EU:
        yield Finding(field="VAT", words=f"G is for goods out of the EU, and {there} is in it")


# -- sums -----------------------------------------------------------------------------------------


def _money(document: Document) -> Iterator[Finding]:
    currency, sums = document.currency, totals(document)
    for group in sums.groups:
        yield from _fine(f"VAT {group.category.value} {group.rate}", group.amount, currency)
    for at, payment in enumerate(document.payments, 1):
        yield from _fine(f"payment {at}", payment.amount, currency)
    if sums.paid > sums.asked and document.kind is Kind.INVOICE:
        yield _warning("payments", f"{sums.paid} is more than the whole {sums.asked}")
    # A yen is the smallest amount of its currency, and not more than a rounding.
    if abs(document.rounding) >= 1 and abs(document.rounding) > smallest(currency):
        yield _warning("rounding", f"{document.rounding} is more than a rounding")
    if document.tax_currency and document.tax_total is None:
        words = f"VAT in {document.tax_currency} is missing"
        yield Finding(field="tax_total", words=words)
    yield from service_difference(document)


def service_difference(document: Document) -> Iterator[Finding]:
    """Where the service has another amount than ours, with VAT and without it."""
    has = document.service_amount
    if has is None:
        return
    sums = totals(document)
    # A credit note is negative there, where it is kept there at all.
    if abs(has) not in (abs(sums.net), abs(sums.gross), abs(sums.asked)):
        off = min((has - one for one in (sums.net, sums.gross, sums.asked)), key=abs)
        words = (
            f"the service has {has:f}, the document {sums.net} without VAT and {sums.gross} with "
            f"it: {off:+f} apart"
        )
        yield _warning("amount", words)


def _payment(document: Document) -> Iterator[Finding]:
    bank = document.bank
    if bank is None:
        if document.kind is Kind.INVOICE and totals(document).due > NOTHING:
            yield _warning("seller.iban", "nobody can read where the money goes")
        return
    if bank.iban:
        trouble = iban_trouble(bank.iban)
        if trouble:
            yield Finding(field="seller.iban", words=trouble)
    elif not bank.account:
        yield Finding(field="seller.iban", words="neither IBAN nor account is there")
    if bank.bic:
        trouble = bic_trouble(bank.bic)
        if trouble:
            yield Finding(field="seller.bic", words=trouble)


def worst_first(findings: Iterable[Finding]) -> list[Finding]:
    """Errors before warnings, otherwise as they came."""
    return sorted(findings, key=lambda one: one.weight is not Weight.ERROR)
