"""What is found before any rule file is asked, each by its field."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from tests.workspace.invoices.documents.samples import (
    DENMARK,
    GREAT_BRITAIN,
    NETHERLANDS,
    buyer,
    document,
    line,
    sample,
    seller,
)
from tui.workspace.invoices.documents import document as d
from tui.workspace.invoices.documents.checks import Weight, check, refuse_incomplete
from tui.workspace.invoices.documents.identifiers import vat_id_trouble
from tui.workspace.invoices.documents.outcome import DocumentError

HOME = d.Address(lines=("1 Street",), post_code="24103", city="Kiel", country="DE")


def found(one: d.Document, weight: Weight = Weight.ERROR) -> dict[str, str]:
    told: dict[str, str] = {}
    for finding in check(one):
        if finding.weight is weight:
            told[finding.field] = f"{told.get(finding.field, '')} {finding.words}".strip()
    return told


def vat(category: str, rate: str = "0", reason: str = "", code: str = "") -> d.Vat:
    return d.Vat(category=d.Category(category), rate=Decimal(rate), reason=reason, reason_code=code)


@pytest.mark.parametrize("number", [1, GREAT_BRITAIN, DENMARK, NETHERLANDS])
def test_the_sample_has_nothing_wrong(number: int) -> None:
    assert check(document(number)) == []


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"number": " "}, "number", "draft"),
        ({"lines": ()}, "lines", "no line"),
        ({"currency": "€"}, "currency", "ISO 4217"),
        ({"start": date(2026, 3, 1)}, "period", "before it begins"),
        ({"buyer": buyer(name="")}, "buyer.name", "no name"),
        ({"buyer": buyer(address=replace(HOME, country=""))}, "buyer.country", "missing"),
        ({"seller": seller(address=replace(HOME, country="UK"))}, "seller.country", "GB"),
        ({"seller": seller(vat_id="", tax_id="")}, "seller.vat_id", "missing"),
        ({"seller": seller(vat_id="", registration=d.Identifier())}, "seller.registration", "tell"),
        # What every rule lets pass: one digit is another, blanks, the wrong letters.
        ({"seller": seller(vat_id="DE907483379")}, "seller.vat_id", "no VAT id"),
        ({"seller": seller(vat_id="DE 907 483 378")}, "seller.vat_id", "blanks"),
        ({"buyer": buyer(vat_id="GR123456789")}, "buyer.vat_id", "EL"),
        ({"bank": d.Bank(iban="DE89370400440532013001")}, "seller.iban", "no IBAN"),
        ({"bank": d.Bank(iban="DE89370400440532013000", bic="X")}, "seller.bic", "no BIC"),
        ({"lines": (line(amount=Decimal("140.62")),)}, "line 1", "-0.01 off"),
        ({"lines": (line(amount=Decimal("140.630001")),)}, "line 1", "finer"),
        ({"lines": (line(text=""),)}, "line 1", "says nothing"),
        ({"lines": (line(id="2"), line())}, "line 2", "another line"),
        ({"lines": (line(price=Decimal(-1)),)}, "line 1", "never negative"),
        ({"lines": (line(vat=vat("S", "0")),)}, "line 1, VAT", "S has a rate"),
        ({"lines": (line(vat=vat("S", "19", "why")),)}, "line 1, VAT", "no reason"),
        ({"lines": (line(vat=vat("E")),)}, "line 1, VAT", "why it is exempt"),
        ({"lines": (line(vat=vat("E", "7", "why")),)}, "line 1, VAT", "no rate"),
        ({"lines": (line(vat=vat("E", "0", "", "VATEX-EU-AE")),)}, "line 1, VAT", "not fit"),
        ({"lines": (line(vat=vat("AE", "0", "", "VATEX-EU-O")),)}, "line 1, VAT", "not fit"),
        ({"lines": (line(vat=vat("O", "0", "why")), line())}, "VAT", "invoice of its own"),
        ({"lines": (line(vat=vat("K", "0", "why")),)}, "VAT", "another country"),
        ({"lines": (line(vat=vat("G", "0", "why")),)}, "VAT", "out of the EU"),
        ({"tax_currency": "CHF"}, "tax_total", "CHF is missing"),
        (
            {"adjustments": (d.Adjustment(amount=Decimal(-1), vat=vat("S", "19")),)},
            "discount 1",
            "negative",
        ),
        (
            {
                "adjustments": (
                    d.Adjustment(
                        amount=Decimal("1.01"),
                        percent=Decimal(1),
                        base=Decimal(100),
                        vat=vat("S", "19"),
                    ),
                )
            },
            "discount 1",
            "is 1.00, not 1.01",
        ),
    ],
)
def test_what_is_wrong_is_an_error_by_its_field(
    changes: dict[str, Any], field: str, words: str
) -> None:
    broken = document(**changes)
    assert words in found(broken).get(field, ""), found(broken)
    with pytest.raises(DocumentError, match="not written") as refused:
        refuse_incomplete(broken)
    assert f"{field}: " in str(refused.value)


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"due": date(2026, 3, 1)}, "due", "before the invoice's own day"),
        ({"kind": d.Kind.CREDIT_NOTE}, "preceding", "which invoice"),
        ({"bank": None}, "seller.iban", "where the money goes"),
        ({"payments": (d.Payment(amount=Decimal(999)),)}, "payments", "more than the whole"),
        ({"rounding": Decimal(5)}, "rounding", "more than a rounding"),
        ({"service_amount": Decimal("233.90")}, "amount", "+0.01 apart"),
        ({"lines": (line(vat=vat("AE", "0", "Reverse")),)}, "VAT", "only some trades"),
    ],
)
def test_what_may_be_meant_is_a_warning(changes: dict[str, Any], field: str, words: str) -> None:
    doubtful = document(**changes)
    assert found(doubtful) == {}
    assert words in found(doubtful, Weight.WARNING).get(field, "")


def test_the_service_may_have_the_sum_with_vat_or_without() -> None:
    for amount in ("233.89", "278.33"):
        assert found(document(service_amount=Decimal(amount)), Weight.WARNING) == {}


def test_vat_ids_of_countries_are_known_by_their_digits() -> None:
    own = [one.vat_id for one in sample().shipped.values() if one.vat_id]
    assert len(own) == 6
    for good in (*own, "GB980780684", "CHE100155212MWST", "EL094259216", "US12"):
        assert vat_id_trouble(good) == "", good
    for bad in ("FR91529504920", "12", "NL005425801B01"):
        assert vat_id_trouble(bad), bad
