"""Expenses and mileage: typed one a line, each a line of the invoice with its working."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tui.workspace.invoices.documents.document import Vat
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


@pytest.mark.parametrize("typed", ["Train", "Train 45", "Train: -5", "Drive: 0 km × 1", ": 5"])
def test_what_cannot_be_read_is_said(typed: str) -> None:
    with pytest.raises(ExtraError, match=typed[:4]):
        read_extras(f"Fine: 1\n{typed}")
