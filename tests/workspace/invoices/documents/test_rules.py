"""Schema and rules, run in this process: what passes, what does not, and what they let through."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from decimal import Decimal

import pytest
from msgspec.structs import replace

from tests.workspace.invoices.documents.proof.proving import proved
from tests.workspace.invoices.documents.samples import (
    GREAT_BRITAIN,
    HOSTILE,
    buyer,
    document,
    line,
    seller,
)
from tui.workspace.invoices.documents import document as d
from tui.workspace.invoices.documents.electronic import cii, ubl, xrechnung
from tui.workspace.invoices.documents.outcome import DocumentError
from tui.workspace.invoices.documents.reckoning import work_line
from tui.workspace.invoices.documents.report import held_against
from tui.workspace.invoices.documents.rules import judged, verdict
from tui.workspace.invoices.documents.terms import terms_of, written_amount

SIREN = d.Identifier(value="529504920", scheme="0002")
PARIS = d.Address(lines=("1 rue",), post_code="75001", city="Paris", country="FR")


def french(**changes: object) -> d.Document:
    """From France to France, as the reform wants it."""
    vat = d.Vat(rate=Decimal(20))
    made = document(
        language=d.Language.FRENCH,
        seller=seller(address=PARIS, vat_id="FR92529504920", registration=SIREN),
        buyer=buyer(
            address=PARIS,
            vat_id="FR90740944129",
            electronic=d.Identifier(value="a@b.example", scheme="EM"),
        ),
        lines=(line(vat=vat),),
        business_process="S1",
        notes=tuple(d.Note(text="néant", code=code) for code in ("PMT", "PMD", "AAB")),
    )
    return replace(made, **changes)


@pytest.mark.parametrize("seed", range(12))
def test_a_random_invoice_passes_and_its_sums_are_read_back(seed: int) -> None:
    seen: Counter[str] = Counter()
    proved(seed, seen)
    assert seen


@pytest.mark.parametrize("standard", ["facturx", "ubl", "xrechnung"])
def test_the_sample_is_valid_in_every_form(standard: str) -> None:
    came = verdict(document(), standard)
    assert came.valid, came.findings
    assert came.rules[0].endswith(".xsd")
    assert len(came.rules) == (3 if standard == "xrechnung" else 2)
    credit = document(kind=d.Kind.CREDIT_NOTE, preceding=(d.Preceding(number="2026-0001"),))
    assert verdict(credit, standard).valid
    assert verdict(document(HOSTILE, terms="a\x00b\x1b[31m"), "ubl").valid


def test_the_french_rules_hold_from_france_to_france_unasked() -> None:
    good = held_against(french(), ["facturx", "ubl"])
    assert good.valid, good.lines
    assert sum("BR-FR-Flux2" in one for one in good.lines) == 2
    bad = held_against(french(notes=(), business_process=""), ["facturx"])
    assert not bad.valid
    assert any(one.startswith("error: notes: France wants the notes PMT") for one in bad.lines)
    assert any("business_process" in one for one in bad.lines)
    # The rates of another country are not those of France.
    odd = held_against(french(lines=document().lines), ["ubl"])
    assert any("vat_rate: this is no rate of VAT that France has" in one for one in odd.lines)
    assert held_against(document(), ["ubl"]).valid
    assert not held_against(document(), ["ubl"], french=True).valid


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"buyer_reference": ""}, "buyer.reference"),
        ({"seller": seller(phone="")}, "seller.phone"),
        ({"bank": None}, "seller.iban"),
        ({"buyer": buyer(email="", electronic=d.Identifier())}, "buyer.electronic_address"),
        ({"buyer": replace(buyer(), address=d.Address(country="DE"))}, "buyer.city"),
    ],
)
def test_what_xrechnung_wants_is_told_by_field(changes: dict[str, object], field: str) -> None:
    poor = document(**changes)
    assert verdict(poor, "ubl").valid
    came = verdict(poor, "xrechnung")
    assert not came.valid
    assert field in [one.field for one in came.findings]
    assert not any(re.search("muss|übermittelt", one.words) for one in came.findings)


def test_what_the_rules_let_through_is_caught_here() -> None:
    """Each passes schema and rules, and none of it is right."""

    def passes(change: Callable[[str], str]) -> bool:
        xml = change(ubl(document()).decode())
        return judged(xml.encode(), "ubl", d.Kind.INVOICE).valid

    assert passes(lambda xml: xml)
    assert passes(lambda xml: xml.replace("DE89370400440532013000", "DE00370400440532013000"))
    assert passes(lambda xml: xml.replace("DE907483378", "DE000000000"))
    assert passes(lambda xml: xml.replace(">62.5<", ">9999<"))
    for wrong in (
        document(bank=d.Bank(iban="DE00370400440532013000")),
        document(seller=seller(vat_id="DE000000000")),
        document(lines=(line(price=Decimal(9999)),)),
    ):
        with pytest.raises(DocumentError):
            ubl(wrong)
        assert held_against(wrong, ["ubl"]).lines[-1] == "not valid; the rules were not run"


def test_what_is_no_document_is_no_crash_of_the_rules() -> None:
    xml = cii(document())
    broken = xml.replace(b">140.63<", b">1E3<")
    came = judged(broken, "facturx", d.Kind.INVOICE)
    assert not came.valid
    assert came.rules == ("Factur-X_EN16931.xsd",)
    assert {one.rule for one in came.findings} == {"XSD"}
    assert judged(xml, "facturx", d.Kind.INVOICE).valid


def test_what_an_e_invoice_cannot_hold_is_said_and_never_rounded() -> None:
    fine = line(amount=Decimal("140.625"))
    for write in (cii, ubl, xrechnung):
        with pytest.raises(DocumentError, match="not rounded away"):
            write(document(currency="BHD", lines=(fine,)))
    assert written_amount(Decimal("10.000"), "BHD", "x") == "10.00"
    assert written_amount(Decimal(1234), "JPY", "x") == "1234"
    with pytest.raises(DocumentError, match=r"BHD 1\.235"):
        written_amount(Decimal("1.235"), "BHD", "x")


def test_the_terms_are_texts_and_the_library_may_change_them() -> None:
    one = document(rounding=Decimal("0.02"), currency="CHF")
    before = terms_of(one)
    first = ubl(one)
    assert terms_of(one) == before
    assert ubl(one) == first
    assert b'currencyID="CHF">0.02' in first
    assert b"EUR" not in first
    flat = repr(before)
    assert "Decimal" not in flat
    assert b"xsi:nil" not in cii(replace(one, start=None, end=None))
    assert b"xeinkauf.de:kosit:xrechnung_3.0" in xrechnung(one)


def test_a_quantity_has_the_decimals_that_its_amount_needs() -> None:
    vat = document().lines[0].vat
    week = work_line("Work", 5878, Decimal("1733.35"), "EUR", vat=vat, unit="WEE")
    assert week.quantity == Decimal("0.0408")
    came = verdict(document(lines=(week,)), "xrechnung")
    assert "PEPPOL-EN16931-R120" not in [one.rule for one in came.findings]
    assert b">0.0408194444<" in ubl(document(lines=(week,)))
    assert b">0.0408<" in ubl(french(lines=(week,)))


def test_outside_of_the_scope_of_vat_no_vat_id_is_written() -> None:
    one = document(GREAT_BRITAIN)
    for write in (cii, ubl):
        assert b"DE907483378" not in write(one)
        assert b"HRB 99042 KI" in write(one)
    assert held_against(one, ["facturx", "ubl"]).valid
