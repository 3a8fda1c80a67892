"""A document as it is read: every text in its language and in its order, nothing to reckon.

Markdown, HTML, the PDF's template and the preview all show this, so they cannot differ.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import msgspec

from tui.workspace.invoices.amounts import digits_of
from tui.workspace.invoices.documents import figures
from tui.workspace.invoices.documents.document import (
    Adjustment,
    Category,
    Document,
    Kind,
    Language,
    Line,
    Party,
    Vat,
)
from tui.workspace.invoices.documents.reckoning import Totals, totals
from tui.workspace.invoices.documents.words import reason_text, word
from tui.workspace.text import clean


class Fact(msgspec.Struct, frozen=True):
    """A name and its value."""

    name: str
    value: str


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the table."""

    number: str
    text: str
    notes: list[str]
    quantity: str
    price: str
    vat: str
    amount: str


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """What is shown, from above to below. The template of the PDF is given this as JSON."""

    language: str
    title: str
    """Kind and number."""
    seller: list[str]
    """Name, address and what else stands in the head."""
    seller_facts: list[Fact]
    buyer_title: str
    buyer: list[str]
    facts: list[Fact]
    """Number, days, references."""
    heads: list[str]
    """Of the columns of the table, six."""
    rows: list[Row]
    sums: list[Fact]
    due: Fact
    notes: list[str]
    """Why there is no VAT, terms, notes, how it was rounded."""
    payment: list[Fact]
    page_word: str


def page_of(document: Document) -> Page:
    """The texts of a document."""
    language = document.language
    sums = totals(document)
    return Page(
        language=language.value,
        title=title(document),
        seller=_party_lines(document.seller),
        seller_facts=list(_party_facts(document.seller, language)),
        buyer_title=word("bill_to", language),
        buyer=[
            *_party_lines(document.buyer),
            *(f"{one.name}: {one.value}" for one in _numbers(document.buyer, language)),
        ],
        facts=list(_facts(document)),
        heads=[word(key, language) for key in ("line", "text", "quantity", "price", "vat")]
        + [f"{word('amount', language)} {document.currency}"],
        rows=[_row(at, line, document) for at, line in enumerate(document.lines, 1)],
        sums=list(_sums(document, sums)),
        due=Fact(
            word("amount_due" if document.kind is Kind.INVOICE else "amount_credited", language),
            figures.money(sums.due, document.currency, language),
        ),
        notes=list(_notes(document, sums)),
        payment=list(_payment(document)),
        page_word=word("page", language),
    )


def title(document: Document) -> str:
    """What the document is called: kind and number, or that it is a draft."""
    kind = word(document.kind.value, document.language)
    number = clean(document.number)
    return f"{kind} {number}" if number else f"{kind} ({word('draft', document.language)})"


def _party_lines(party: Party) -> list[str]:
    address = party.address
    town = " ".join(filter(None, (address.post_code, address.city)))
    place = ", ".join(filter(None, (town, address.region, address.country)))
    trading = party.trading_name if party.trading_name != party.name else ""
    return [clean(one) for one in (party.name, trading, *address.lines, place) if one]


def _numbers(party: Party, language: Language) -> Iterator[Fact]:
    for key, value in (
        ("vat_id", party.vat_id),
        ("tax_id", party.tax_id),
        ("registration", party.registration.value),
    ):
        if value:
            yield Fact(word(key, language), clean(value))


def _party_facts(party: Party, language: Language) -> Iterator[Fact]:
    for key, value in (("phone", party.phone), ("email", party.email)):
        if value:
            yield Fact(word(key, language), clean(value))
    yield from _numbers(party, language)


def _facts(document: Document) -> Iterator[Fact]:
    language = document.language
    if document.number:
        yield Fact(word("number", language), clean(document.number))
    yield Fact(word("issued", language), figures.day(document.issued, language))
    if document.due is not None:
        yield Fact(word("due", language), figures.day(document.due, language))
    if document.delivered is not None:
        yield Fact(word("delivered", language), figures.day(document.delivered, language))
    if document.start is not None or document.end is not None:
        shown = figures.days(document.start, document.end, language)
        yield Fact(word("period", language), shown)
    for one in document.preceding:
        of = "" if one.day is None else f" {word('of', language)} {figures.day(one.day, language)}"
        yield Fact(word("preceding", language), f"{clean(one.number)}{of}")
    for key, value in (
        ("buyer_reference", document.buyer_reference),
        ("order", document.order_reference),
        ("contract", document.contract_reference),
        ("project", document.project_reference),
    ):
        if value:
            yield Fact(word(key, language), clean(value))


def _row(at: int, line: Line, document: Document) -> Row:
    language, currency = document.language, document.currency
    notes = [clean(part) for part in line.note.splitlines() if part.strip()]
    if line.start is not None or line.end is not None:
        notes.append(figures.days(line.start, line.end, language))
    notes += [_adjustment(one, document) for one in line.adjustments]
    if line.working or line.seconds is not None:
        notes.append(figures.working(line, currency, language))
    per = ""
    if line.price_base != 1:
        per = f" {word('per', language)} {figures.number(line.price_base, language)}"
    return Row(
        number=clean(line.id) or str(at),
        text=clean(line.text),
        notes=notes,
        quantity=figures.quantity(line, language),
        price=f"{figures.price(line, currency, language)}{per}",
        vat=vat_text(line.vat, language),
        amount=figures.number(line.amount, language, digits_of(currency)),
    )


def vat_text(vat: Vat, language: Language) -> str:
    """The rate of a line, or the code of why there is none."""
    if vat.category in (Category.STANDARD, Category.ZERO):
        return f"{figures.number(vat.rate, language)} %"
    return str(vat.category.value)


def _adjustment(one: Adjustment, document: Document) -> str:
    language = document.language
    kind = word("charge" if one.charge else "discount", language)
    percent = "" if one.percent is None else f" {figures.number(one.percent, language)} %"
    reason = f", {clean(one.reason)}" if one.reason and one.reason != kind else ""
    amount = one.amount if one.charge else -one.amount
    shown = figures.number(amount, language, digits_of(document.currency))
    return f"{kind}{percent}{reason}: {shown}"


def _sums(document: Document, sums: Totals) -> Iterator[Fact]:
    language, currency = document.language, document.currency

    def money(amount: Decimal) -> str:
        return figures.money(amount, currency, language)

    if document.adjustments:
        yield Fact(word("lines_sum", language), money(sums.lines))
    for one in document.adjustments:
        name, _, amount = _adjustment(one, document).rpartition(": ")
        yield Fact(f"{name} ({vat_text(one.vat, language)})", amount)
    yield Fact(word("net", language), money(sums.net))
    vat = word("vat", language)
    for group in sums.groups:
        rate = vat_text(Vat(category=group.category, rate=group.rate), language)
        on = f"{word('on', language)} {money(group.basis)}"
        yield Fact(f"{vat} {rate} {on}", money(group.amount))
    if document.tax_total is not None and document.tax_currency:
        shown = figures.money(document.tax_total, document.tax_currency, language)
        yield Fact(f"{word('vat_total_in', language)} {document.tax_currency}", shown)
    yield Fact(word("gross", language), money(sums.gross))
    for payment in document.payments:
        of = "" if payment.day is None else f" {figures.day(payment.day, language)}"
        text = f", {clean(payment.text)}" if payment.text else ""
        yield Fact(f"{word('paid', language)}{of}{text}", money(-payment.amount))
    if document.rounding:
        yield Fact(word("rounding", language), money(document.rounding))


def _notes(document: Document, sums: Totals) -> Iterator[str]:
    language = document.language
    for group in sums.groups:
        if group.category in (Category.STANDARD, Category.ZERO):
            continue
        reason = group.reason or reason_text(group.category, language)
        yield f"{group.category.value}: {clean(reason)}"
    if document.terms:
        yield clean(figures.terms(document))
    for note in document.notes:
        yield from (clean(part) for part in note.text.splitlines() if part.strip())
    if document.seller.legal_text:
        yield clean(document.seller.legal_text)
    yield word("rule", language)


def _payment(document: Document) -> Iterator[Fact]:
    language, bank = document.language, document.bank
    if bank is None or document.kind is Kind.CREDIT_NOTE:
        return
    for name, value in (
        (word("holder", language), bank.holder or document.seller.name),
        (word("bank", language), bank.name),
        ("IBAN", _in_fours(bank.iban)),
        (word("account", language), bank.account),
        ("BIC", bank.bic),
        (word("payment_reference", language), document.payment_reference or document.number),
    ):
        if value:
            yield Fact(name, clean(value))


def _in_fours(iban: str) -> str:
    bare = "".join(iban.split())
    return " ".join(bare[at : at + 4] for at in range(0, len(bare), 4))
