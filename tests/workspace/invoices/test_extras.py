"""Expenses and mileage: typed one a line, each a line of the invoice with its working."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.workspace.invoices.documents.samples import document
from tui.workspace.invoices.documents.document import Category, Vat
from tui.workspace.invoices.documents.reckoning import totals
from tui.workspace.invoices.extras import ExtraError, read_extras


def test_expenses_and_mileage_are_lines_with_their_working() -> None:
    read = read_extras("Train: Kiel to Hull: 45.00\n\nDrive: 120,5 km x 0,30\nRivets: 3 × 12.505")
    lines = [one.line("EUR", Vat()) for one in read]
    assert [(one.text, one.unit, one.amount) for one in lines] == [
        ("Train: Kiel to Hull", "C62", Decimal("45.00")),
        ("Drive", "KMT", Decimal("36.15")),
        ("Rivets", "C62", Decimal("37.52")),
    ]
    assert lines[1].working == "120.5 km × 0.30 = 36.15"


def test_a_line_has_the_vat_of_the_work_or_one_of_its_own() -> None:
    work = Vat(rate=Decimal(19))
    typed = "VAT advice: 5\nBook: 2 × 15.00 VAT 7\nBread: 3.50 vat 5,5 %\nMap: 4 VAT 0\n"
    read = read_extras(f"{typed}Course: 80.00 VAT exempt § 4 Nr. 21 UStG")
    lines = tuple(one.line("EUR", work) for one in read)
    exempt = Vat(category=Category.EXEMPT, reason="§ 4 Nr. 21 UStG")
    assert [one.vat for one in lines] == [
        work, Vat(rate=Decimal(7)), Vat(rate=Decimal("5.5")), Vat(category=Category.ZERO), exempt,
    ]  # fmt: skip
    assert [one.amount for one in lines] == [5, 30, Decimal("3.50"), 4, 80]
    sums = totals(document(lines=lines, adjustments=(), payments=()))
    # 5 × 19 % + 30 × 7 % + 3.50 × 5.5 % (0.1925) = 0.95 + 2.10 + 0.19
    assert (sums.net, sums.vat) == (Decimal("122.50"), Decimal("3.24"))
    assert len(sums.groups) == 5


@pytest.mark.parametrize(
    "typed",
    [
        "Train",
        "Train 45",
        "Train: -5",
        "Drive: 0 km × 1",
        ": 5",
        "Book: 5 VAT",
        "Book: 5 VAT seven",
        "Book: 5 VAT 700",
        "Book: 5 VAT exempt",
    ],
)
def test_what_cannot_be_read_is_said(typed: str) -> None:
    with pytest.raises(ExtraError, match=typed[:4]):
        read_extras(f"Fine: 1\n{typed}")


@pytest.mark.parametrize(
    "typed", ["Train: -5", "Drive: 120 km × -0.30", "Hull: -2 x 4", "Hull: 3 − 4: −5.00 VAT 7"]
)
def test_what_comes_off_is_sent_to_the_discounts(typed: str) -> None:
    with pytest.raises(ExtraError, match="is a discount: of all the work, or by line"):
        read_extras(typed)


def test_a_text_with_a_minus_is_no_discount() -> None:
    (read,) = read_extras("Kiel - Hull: -3: 45.00")
    assert (read.text, read.price) == ("Kiel - Hull: -3", 45)
    with pytest.raises(ExtraError, match="write it as"):
        read_extras("Kiel - Hull 3")
