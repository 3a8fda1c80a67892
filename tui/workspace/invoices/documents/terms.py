"""A document by the business terms of EN 16931, in the form that the library factur-x takes.

Every number is a text here: the library refuses decimals and rounds floats in binary. It computes
nothing, so that all sums are ours. What it would leave out silently is not left to it.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from tui.workspace.invoices.amounts import digits_of
from tui.workspace.invoices.documents import figures
from tui.workspace.invoices.documents.document import (
    Address,
    Adjustment,
    Category,
    Document,
    Kind,
    Line,
    Party,
    Vat,
)
from tui.workspace.invoices.documents.outcome import DocumentError
from tui.workspace.invoices.documents.reckoning import (
    VatGroup,
    rounded,
    totals,
    true_value,
    written_quantity,
)
from tui.workspace.invoices.documents.words import reason_text, word
from tui.workspace.text import clean, clean_block

MOST_DIGITS = 2
"""Decimals that EN 16931 has for an amount, whatever the currency (BR-DEC-*)."""
SLACK = Decimal("0.005")
"""So far may a discount be off its per cent: XRechnung refuses more (R040), which whole yen may be.
Then the per cent stand in its words."""
MOST_QUANTITY_DIGITS = 10
FRANCE = "FR"
TYPES = {Kind.INVOICE: "380", Kind.CREDIT_NOTE: "381"}
TRANSFER, SEPA = "30", "58"
WITH_REASON = frozenset(Category) - {Category.STANDARD, Category.ZERO}


class TooFine(DocumentError):
    """An amount has more decimals than an e-invoice can hold."""

    def __init__(self, amount: Decimal, currency: str, what: str) -> None:
        super().__init__(
            f"{what} of {currency} {amount:f} has more than the two decimals that an e-invoice by "
            "EN 16931 holds. It is not rounded away: send the PDF, or bill in another currency."
        )


def terms_of(document: Document) -> dict[str, Any]:
    """The terms (BT) and groups (BG) of a document. Raises TooFine."""
    currency = document.currency
    sums = totals(document)

    def money(amount: Decimal, what: str) -> str:
        return written_amount(amount, currency, what)

    found: dict[str, Any] = {
        "BT-1": clean(document.number),
        "BT-2": document.issued,
        "BT-3": TYPES[document.kind],
        "BT-5": currency,
        "BT-6": document.tax_currency,
        "BT-9": document.due,
        "BT-10": clean(document.buyer_reference),
        "BT-11": clean(document.project_reference),
        "BT-11-0": clean(document.project_reference),
        "BT-12": clean(document.contract_reference),
        "BT-13": clean(document.order_reference),
        "BT-20": clean_block(figures.terms(document)),
        "BT-23": document.business_process,
        "BT-72": document.delivered,
        "BT-73": document.start,
        "BT-74": document.end,
        "BT-106": money(sums.lines, "the sum of the lines"),
        "BT-107": money(sums.discounts, "the discounts") if sums.discounts else "",
        "BT-108": money(sums.charges, "the charges") if sums.charges else "",
        "BT-109": money(sums.net, "the sum without VAT"),
        "BT-110": money(sums.vat, "the VAT"),
        "BT-112": money(sums.gross, "the total"),
        "BT-113": money(sums.paid, "what is paid") if sums.paid else "",
        "BT-114": money(sums.rounding, "the rounding") if sums.rounding else "",
        "BT-115": money(sums.due, "what is due"),
        "BG-1": [
            _filled({"BT-21": one.code, "BT-22": clean_block(one.text)}) for one in document.notes
        ],
        "BG-3": [
            _filled({"BT-25": clean(one.number), "BT-26": one.day}) for one in document.preceding
        ],
        "BG-20": [_on_all(one, document) for one in document.adjustments if not one.charge],
        "BG-21": [_on_all(one, document) for one in document.adjustments if one.charge],
        "BG-23": [_group(one, document) for one in sums.groups],
        "BG-25": [_line(at, one, document) for at, one in enumerate(document.lines, 1)],
    }
    if document.tax_total is not None:
        found["BT-111"] = written_amount(document.tax_total, document.tax_currency, "the VAT")
    outside = any(one.category is Category.OUTSIDE for one in sums.groups)
    found["BG-4"] = _party(document.seller, with_vat=not outside, is_seller=True)
    found["BG-7"] = _party(document.buyer, with_vat=not outside, is_seller=False)
    if any(one.category is Category.INTRA_COMMUNITY for one in sums.groups):
        found["BG-13"] = _address(document.deliver_to or document.buyer.address)
    elif document.deliver_to is not None:
        found["BG-13"] = _address(document.deliver_to)
    found |= _payment(document)
    return _filled(found)


def written_amount(amount: Decimal, currency: str, what: str) -> str:
    """An amount with its currency's decimals, two at most. Raises TooFine, and rounds nothing."""
    digits = min(digits_of(currency), MOST_DIGITS)
    short = f"{amount:.{digits}f}"
    if Decimal(short) != amount:
        short = f"{amount:.{MOST_DIGITS}f}"
    if Decimal(short) != amount:
        raise TooFine(amount, currency, what)
    return short


def _filled(terms: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in terms.items() if value not in (None, "", [], {})}


def _party(party: Party, *, with_vat: bool, is_seller: bool) -> dict[str, Any]:
    contact = {
        "name": clean(party.contact),
        "phone": clean(party.phone),
        "email": clean(party.email),
    }
    found = {
        "name": clean(party.name),
        "biz_name": clean(party.trading_name),
        "vat_identifier": clean(party.vat_id) if with_vat else "",
        "tax_identifier": clean(party.tax_id) if is_seller else "",
        "legal_identifier": clean(party.registration.value),
        "legal_identifier_schemeid": clean(party.registration.scheme),
        "identifiers": {one.scheme or None: clean(one.value) for one in party.identifiers},
        "einvoicing_addr": clean(party.electronic.value),
        "einvoicing_addr_schemeid": clean(party.electronic.scheme),
        "legal_info": clean_block(party.legal_text) if is_seller else "",
        "contacts": [one for one in [_filled(contact)] if one],
    }
    return _filled(found | _address(party.address))


def _address(address: Address) -> dict[str, Any]:
    lines = [clean(one) for one in address.lines if one.strip()]
    # There are three lines; what is more stands in the third, so that nothing is lost.
    lines[2:] = [", ".join(lines[2:])] if lines[2:] else []
    return _filled(
        {
            **{f"addr_l{at}": one for at, one in enumerate(lines, 1)},
            "postcode": clean(address.post_code),
            "city": clean(address.city),
            "country_subdivision": clean(address.region),
            "country_code": clean(address.country),
        }
    )


def _payment(document: Document) -> dict[str, Any]:
    bank = document.bank
    if bank is None:
        return {"BT-81": document.payment_means}
    usual = SEPA if bank.iban and document.currency == "EUR" else TRANSFER
    return {
        "BT-81": document.payment_means or usual,
        "BT-83": clean(document.payment_reference or document.number),
        "BT-84": "".join(bank.iban.split()) or clean(bank.account),
        "BT-85": clean(bank.holder or document.seller.name),
        "BT-86": clean(bank.bic),
    }


def _group(group: VatGroup, document: Document) -> dict[str, Any]:
    currency = document.currency
    found: dict[str, Any] = {
        "BT-116": written_amount(group.basis, currency, "what VAT is reckoned from"),
        "BT-117": written_amount(group.amount, currency, "the VAT"),
        "BT-118": group.category.value,
        "BT-119": _rate(Vat(category=group.category, rate=group.rate)),
    }
    if group.category in WITH_REASON:
        usual = "" if group.reason_code else reason_text(group.category, document.language)
        found["BT-120"] = clean(group.reason) or usual
        found["BT-121"] = group.reason_code
    return _filled(found)


def _rate(vat: Vat) -> str:
    """Per cent as it is written; what is outside of the scope has none."""
    if vat.category is Category.OUTSIDE:
        return ""
    return plain_number(vat.rate)


def plain_number(value: Decimal) -> str:
    """A number without zeros that say nothing: France takes 20, not 20.000."""
    shown = f"{value:f}"
    return (shown.rstrip("0").rstrip(".") if "." in shown else shown) or "0"


def _on_all(one: Adjustment, document: Document) -> dict[str, Any]:
    return _adjustment(one, document) | _filled(
        {"vat_category_code": one.vat.category.value, "vat_rate": _rate(one.vat)}
    )


def _adjustment(one: Adjustment, document: Document) -> dict[str, Any]:
    usual = word("charge" if one.charge else "discount", document.language)
    reason = clean(one.reason) or usual
    found = {"amount": written_amount(one.amount, document.currency, "a discount")}
    if one.percent is not None and one.base is not None:
        if abs(one.base * one.percent / 100 - one.amount) <= SLACK:
            # The one without the other is refused (R041, R042).
            found["rate"] = plain_number(one.percent)
            found["base_amount"] = written_amount(one.base, document.currency, "a discount's base")
        else:
            reason = f"{reason} {plain_number(one.percent)} %"
    return found | {"reason": reason}


def _line(at: int, line: Line, document: Document) -> dict[str, Any]:
    working = ""
    if line.working or line.seconds is not None:
        working = figures.working(line, document.currency, document.language)
    notes = "\n".join(filter(None, (clean_block(line.note), working)))
    return _filled(
        {
            "BT-126": clean(line.id) or str(at),
            "BT-127-00": [{"BT-127": notes}] if notes else [],
            "BT-129": plain_number(_quantity(line, document)),
            "BT-130": line.unit,
            "BT-131": written_amount(line.amount, document.currency, f"line {line.id or at}"),
            "BT-134": line.start,
            "BT-135": line.end,
            "BT-146": plain_number(line.price),
            "BT-149": plain_number(line.price_base) if line.price_base != 1 else "",
            "BT-151": line.vat.category.value,
            "BT-152": _rate(line.vat),
            "BT-153": clean(line.text),
            "BG-27": _adjustments((one for one in line.adjustments if not one.charge), document),
            "BG-28": _adjustments((one for one in line.adjustments if one.charge), document),
        }
    )


def _quantity(line: Line, document: Document) -> Decimal:
    """How many: with more decimals than a person reads where price times four of them would come to
    another amount, as of weeks. France takes four (BR-FR-DEC-02).
    """
    if line.seconds is None or document.seller.address.country == FRANCE:
        return line.quantity
    product = line.quantity * line.price / line.price_base
    if rounded(product, document.currency) == rounded(true_value(line), document.currency):
        return line.quantity
    return written_quantity(line.seconds, line.unit, MOST_QUANTITY_DIGITS)


def _adjustments(some: Iterable[Adjustment], document: Document) -> list[dict[str, Any]]:
    return [_adjustment(one, document) for one in some]
