"""VAT and discounts of a draft: read as typed, put on lines, all sums held against fractions."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.services.strategies import LONG
from tests.workspace.invoices.documents.proof.random_documents import DIGITS, half_up
from tests.workspace.invoices.documents.proof.reading import amounts
from tests.workspace.invoices.documents.samples import document
from tui.workspace.invoices.billing_terms import (
    LineTerm,
    Off,
    TermError,
    Terms,
    off_all,
    read_off,
    read_terms,
    read_vat,
    with_line_terms,
)
from tui.workspace.invoices.documents.checks import Weight, check
from tui.workspace.invoices.documents.document import Category, Document, Line, Vat
from tui.workspace.invoices.documents.forms import FORMS, written
from tui.workspace.invoices.documents.reckoning import piece_line, totals, work_line
from tui.workspace.invoices.documents.rules import STANDARDS, judged

EXEMPT = Vat(category=Category.EXEMPT, reason="§ 4 Nr. 21 UStG")
ZERO = Vat(category=Category.ZERO)
REVERSE = Vat(category=Category.REVERSE_CHARGE, reason_code="VATEX-EU-AE")


def test_what_is_typed_is_read() -> None:
    assert [read_vat(one) for one in ("7", "5,5 %", "0")] == [
        Vat(rate=Decimal(7)), Vat(rate=Decimal("5.5")), ZERO,
    ]  # fmt: skip
    assert [read_vat("exempt § 4 Nr. 21 UStG"), read_vat("reverse")] == [EXEMPT, REVERSE]
    assert read_vat("Reverse charge").reason == ""
    assert read_vat("reverse Art. 196").reason == "Art. 196"
    assert read_vat("outside").reason_code == "VATEX-EU-O"
    assert read_off("100 %").percent == 100
    with pytest.raises(TermError, match="100 per cent at most"):
        read_off("100.01 %")
    assert [read_off(one) for one in ("10 %", "2,5% loyal", "50.00", "1 250,00 goodwill 2026")] == [
        Off(percent=Decimal(10)),
        Off(percent=Decimal("2.5"), reason="loyal"),
        Off(amount=Decimal("50.00")),
        Off(amount=Decimal("1250.00"), reason="goodwill 2026"),
    ]
    assert read_terms("7", "", "2: vat 19\n\nKiosk: Panels: -10 % a: b\nTrain: -5") == Terms(
        vat=Vat(rate=Decimal(7)),
        lines=(
            LineTerm("2", vat=Vat(rate=Decimal(19))),
            LineTerm("Kiosk: Panels", off=Off(percent=Decimal(10), reason="a: b")),
            LineTerm("Train", off=Off(amount=Decimal(5))),
        ),
    )
    assert read_terms(" ", "", "\n") == Terms()


@pytest.mark.parametrize(
    ("vat", "off", "lines"),
    [
        ("seven", "", ""), ("700", "", ""), ("-7", "", ""), ("exempt", "", ""), ("7 %%", "", ""),
        ("", "ten", ""), ("", "101 %", ""), ("", "0", ""), ("", "-5", ""), ("", "1,250", ""),
        ("", "", "2"), ("", "", "2: 7"), ("", "", "2: VAT"), ("", "", "2: VAT exempt"),
        ("", "", ": -5"), ("", "", "2: -"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said(vat: str, off: str, lines: str) -> None:
    with pytest.raises(TermError):
        read_terms(vat, off, lines)


def lines_of(currency: str = "EUR") -> list[Line]:
    """Work at 140.63 and 63.56, and a train for 45.00."""
    vat = Vat(rate=Decimal(19))
    return [
        work_line("Kiosk: Panels", 8100, Decimal("62.5"), currency, vat=vat),
        work_line("Kiosk: Cutting list", 3661, Decimal("62.5"), currency, vat=vat),
        piece_line("Train", Decimal(1), Decimal(45), currency, vat=vat),
    ]


def test_terms_are_of_the_lines_that_are_meant() -> None:
    terms = read_terms(lines="kiosk: -10 %\n1: VAT 7\n1: -0.63 rounding\ntrain: VAT exempt § 4")
    found = with_line_terms(lines_of(), terms.lines, "EUR")
    assert [(one.amount, one.vat.rate) for one in found] == [
        # 140.63 - 14.06 - 0.63; 63.56 - 6.36
        (Decimal("125.94"), 7), (Decimal("57.20"), 19), (Decimal("45.00"), 0),
    ]  # fmt: skip
    assert [one.reason for one in found[0].adjustments] == ["", "rounding"]
    off = off_all(found[:2], Off(amount=Decimal("100.00"), reason="loyal"), "EUR")
    # 12594 and 5720 of 18314: 68.766 and 31.233
    assert [(one.amount, one.vat.rate, one.reason) for one in off] == [
        (Decimal("68.77"), 7, "loyal"), (Decimal("31.23"), 19, "loyal"),
    ]  # fmt: skip
    for typed, said in (
        ("4: VAT 7", "There is no line 4: there are 3"), ("0: VAT 7", "no line 0"),
        (f"{LONG}: VAT 7", r"no line 9+…9+: there are 3"),
        ("Drive: -5", "No line has 'Drive'"), ("1: -140.64", "140.64 is more than the EUR 140.63"),
        ("1: -0.005", "finer than the smallest amount of EUR"),
    ):  # fmt: skip
        with pytest.raises(TermError, match=said):
            with_line_terms(lines_of(), read_terms(lines=typed).lines, "EUR")
    with pytest.raises(TermError, match="is more than the EUR"):
        off_all(lines_of(), Off(amount=Decimal("249.20")), "EUR")


VATS = [Vat(rate=Decimal(one)) for one in ("19", "7", "5.5")] + [
    EXEMPT,
    Vat(category=Category.ZERO),
]
OFFS = st.none() | st.one_of(
    st.builds(lambda n: Off(percent=Decimal(n) / 10), st.integers(1, 1000)),
    st.builds(lambda n: Off(amount=Decimal(n)), st.integers(1, 40)),
)
ROWS = st.tuples(
    st.integers(7200, 400_000), st.integers(30_000, 200_000), st.sampled_from(VATS), OFFS
)


def drafted(
    rows: list[tuple[int, int, Vat, Off | None]], off: Off | None, currency: str
) -> Document | None:
    """Lines with their terms and a discount on all, as `bill` makes them; None where the discounts
    are more than there is.
    """
    lines = [
        work_line(f"Work {at}", seconds, Decimal(price) / 1000, currency, vat=VATS[0])
        for at, (seconds, price, _, _) in enumerate(rows)
    ]
    terms = [LineTerm(f"{at}", vat, each) for at, (_, _, vat, each) in enumerate(rows, 1)]
    try:
        lines = with_line_terms(lines, terms, currency)
        of_all = off_all(lines, off, currency) if off is not None else ()
    except TermError:
        return None
    return document(
        lines=tuple(lines), adjustments=of_all, payments=(), currency=currency, tax_total=None
    )


@given(st.lists(ROWS, min_size=1, max_size=6), OFFS, st.sampled_from(["EUR", "CHF", "JPY", "BHD"]))
def test_sums_are_those_of_another_reckoning(
    rows: list[tuple[int, int, Vat, Off | None]], off: Off | None, currency: str
) -> None:
    digits = DIGITS[currency]
    made = drafted(rows, off, currency)
    nets: dict[tuple[Category, Decimal], Decimal] = {}
    amounts_of = []
    for seconds, price, vat, each in rows:
        whole = half_up(Fraction(seconds * price, 3_600_000), digits)
        if each is not None and each.percent is not None:
            whole -= half_up(Fraction(whole) * Fraction(each.percent) / 100, digits)
        elif each is not None:
            whole -= each.amount
        amounts_of.append(whole)
        nets[vat.category, vat.rate] = nets.get((vat.category, vat.rate), Decimal()) + whole
    fixed = off.amount if off is not None and off.percent is None else Decimal()
    if made is None:
        assert min(amounts_of) < 0 or fixed > sum(amounts_of)
        return
    assert [one.amount for one in made.lines] == amounts_of
    sums = totals(made)
    whole = sum(amounts_of, Decimal())
    by_vat = {(one.vat.category, one.vat.rate): one.amount for one in made.adjustments}
    assert len(by_vat) == len(made.adjustments), "one a VAT"
    if off is None:
        assert not by_vat
    elif off.percent is not None:
        for key, net in nets.items():
            exact = Fraction(net) * Fraction(off.percent) / 100
            assert by_vat.get(key, 0) == half_up(exact, digits)
    else:
        assert sum(by_vat.values()) == off.amount, "it adds up to itself"
        for key, net in nets.items():
            exact = Fraction(off.amount) * Fraction(net) / Fraction(whole)
            assert abs(Fraction(by_vat.get(key, Decimal())) - exact) < Fraction(1, 10**digits)
            assert by_vat.get(key, 0) <= net
    bases = {key: net - by_vat.get(key, 0) for key, net in nets.items()}
    assert {(one.category, one.rate): one.basis for one in sums.groups} == bases
    vat = sum(
        (half_up(Fraction(base) * Fraction(key[1]) / 100, digits) for key, base in bases.items()),
        Decimal(),
    )
    net = sum(bases.values(), Decimal())
    assert (sums.lines, sums.net, sums.vat, sums.gross) == (whole, net, vat, net + vat)
    wrong = [one for one in check(made) if one.weight is Weight.ERROR]
    assert all("not rounded away" in one.words for one in wrong), wrong
    assert not wrong or currency == "BHD"


def whole() -> Document:
    """Every kind of term in one document: per cent and amounts, by line and on all."""
    typed = "1: VAT 7\n1: -10 % loyal\n2: VAT exempt § 4 Nr. 21 UStG\n2: -3.50\n3: -2.5 %"
    lines = with_line_terms(lines_of(), read_terms(lines=typed).lines, "EUR")
    off = off_all(lines, Off(amount=Decimal("50.00"), reason="Kulanz"), "EUR")
    assert len(off) == 3
    return document(lines=tuple(lines), adjustments=off, payments=())


@pytest.mark.parametrize("standard", STANDARDS)
def test_a_document_with_all_of_them_passes_schema_and_rules(standard: str) -> None:
    reverse = lines_of()
    terms = read_terms("reverse", "5 % early", "1: -20.00")
    assert terms.vat is not None
    assert terms.off is not None
    reverse = with_line_terms(
        [piece_line(one.text, one.quantity, one.price, "EUR", vat=terms.vat) for one in reverse],
        terms.lines, "EUR",
    )  # fmt: skip
    owed_by_buyer = document(
        12, lines=tuple(reverse), adjustments=off_all(reverse, terms.off, "EUR"), payments=(),
    )  # fmt: skip
    of_all = [whole(), owed_by_buyer] if standard != "xrechnung" else [whole()]
    for made in of_all:
        came = judged(STANDARDS[standard].write(made), standard, made.kind, french=False)
        assert came.valid, came.findings
        xml = STANDARDS[standard].write(made)
        lines, groups, gross, due = amounts(xml, is_cii=STANDARDS[standard].is_cii)
        sums = totals(made)
        assert lines == [one.amount for one in made.lines]
        assert (gross, due) == (sums.gross, sums.due)
        assert {key: pair[0] for key, pair in groups.items()} == {
            (one.category.value, one.rate): one.basis for one in sums.groups
        }
        text = xml.decode()
        assert ("loyal" in text and "Kulanz" in text) or "early" in text, "the reasons"


def test_what_a_person_reads_has_every_discount_with_its_reason() -> None:
    made = whole()
    for form in ("md", "html", "csv", "json"):
        text = written(made, form, None)[0].decode()
        assert form in FORMS
        for wanted in ("loyal", "Kulanz", "§ 4 Nr. 21 UStG"):
            assert wanted in text, (form, wanted)
