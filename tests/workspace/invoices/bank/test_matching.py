"""Which payment is for which invoice: by its number; an amount alone decides nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from tui.workspace.invoices.bank.matching import Match, Noted, Open, gone_back, matched
from tui.workspace.invoices.bank.statement import Movement


def paid(amount: str, text: str = "", *, name: str = "", reference: str = "r") -> Movement:
    return Movement(date(2026, 11, 20), Decimal(amount), "EUR", text, name, reference)


def owed(number: str, amount: str, *, client: str = "Kestrel Instruments", of: int = 1) -> Open:
    return Open(of, number, client, Decimal(amount), "EUR")


def only(movement: Movement, *invoices: Open) -> Match:
    (match,) = matched([movement], invoices)
    return match


@pytest.mark.parametrize(
    "text",
    ["2026-0003", "Inv. 2026/0003 thanks", "RE 2026-0003", "2026 0003", "INVOICE:2026-0003.",
     "RE2026-0003", "Rechnung20260003", "Danke,Rg.Nr2026-0003vom 3.11.", "facture2026-0003"],
)  # fmt: skip
def test_the_number_decides_however_it_is_written(text: str) -> None:
    match = only(
        paid("119.00", text), owed("2026-0003", "119.00"), owed("2026-0004", "119.00", of=2)
    )
    assert match.invoice is not None
    assert (match.fit, match.invoice.number, match.sure) == ("whole", "2026-0003", True)


@pytest.mark.parametrize(
    ("number", "text"),
    [("2026", "Miete vom 27.11.2026"), ("2026", "Rent November 2026"), ("2026", "2026-11-27 rent"),
     ("11/2026", "paid on 27.11.2026"), ("2026-12", "value day 2026-12-01"), ("11-26", "27.11.26"),
     ("234", "part of 1.234,00 EUR"), ("1234", "1234.56 in all"), ("2711", "27. 11. 2026"),
     ("2026", "INV 7, November 2026")],
)  # fmt: skip
def test_a_day_or_an_amount_names_no_invoice(number: str, text: str) -> None:
    match = only(paid("50.00", text, name="Somebody Else"), owed(number, "119.00"))
    assert (match.fit, match.invoice) == ("none", None)


@pytest.mark.parametrize(
    ("number", "text"),
    [("2026", "Rechnung 2026 vom 27.11.2026"), ("2026", "RE2026"), ("2026", "2026"),
     ("2026", "27.11.2026 invoice no. 2026"), ("11/2026", "27.11.2026, 11/2026"),
     ("2026-12", "2026-12/01.12.2026"), ("27-11-2026", "Invoice 27.11.2026"),
     ("1234", "1234, 1234.56 EUR")],
)  # fmt: skip
def test_a_number_that_looks_like_a_day_or_a_year_is_found_where_it_is_meant(
    number: str, text: str
) -> None:
    match = only(paid("119.00", text), owed(number, "119.00"))
    assert (match.fit, match.invoice and match.invoice.number) == ("whole", number)


@pytest.mark.parametrize(
    "text", ["12026-0003", "2026-00031", "customer 2026", "3", "XY2026-0003", "2026-0003b"]
)
def test_a_part_of_another_number_is_none(text: str) -> None:
    assert only(paid("119.00", text), owed("2026-0003", "119.00")).fit == "none"


def test_the_longer_number_is_meant() -> None:
    match = only(paid("5", "RE-2026-12"), owed("2026-12", "5"), owed("RE-2026-12", "5", of=2))
    assert match.invoice is not None
    assert match.invoice.invoice == 2


def test_less_is_a_part_and_more_is_said() -> None:
    part = only(paid("990", "2026-0003"), owed("2026-0003", "1000"))
    over = only(paid("1010", "2026-0003"), owed("2026-0003", "1000"))
    assert (part.fit, part.missing, part.sure) == ("part", Decimal(10), False)
    assert (over.fit, over.missing) == ("over", Decimal(-10))


def test_an_amount_alone_decides_nothing() -> None:
    assert only(paid("119", "thanks"), owed("2026-0003", "119")).fit == "none"
    likely = only(paid("119", name="KESTREL INSTRUMENTS LTD."), owed("2026-0003", "119"))
    assert (likely.fit, likely.sure) == ("likely", False)
    both = only(
        paid("119", name="Kestrel Instruments"),
        owed("2026-0003", "119"),
        owed("2026-0004", "119", of=2),
    )
    assert (both.fit, both.invoice, len(both.others)) == ("unclear", None, 2)


def test_parts_come_one_after_another_and_what_was_noted_is_not_taken_again() -> None:
    movements = [
        paid("400", "2026-0003", reference="a"),
        paid("600", "2026-0003", reference="b"),
        paid("1000", "2026-0003", reference="c"),
        paid("7", "2026-0003", reference="d"),
        paid("-5", "2026-0003", reference="e"),
    ]
    before = Noted(1, "2026-0003", date(2026, 11, 20), Decimal(7), "d")
    found = matched(movements, [owed("2026-0003", "1000")], [before])
    assert [one.fit for one in found] == ["part", "whole", "none", "taken"]


def test_money_of_another_currency_pays_nothing() -> None:
    other = Open(1, "2026-0003", "Kestrel", Decimal(5), "CHF")
    assert only(paid("5", "2026-0003"), other).fit == "none"


def test_a_payment_that_somebody_noted_is_not_sure_to_be_another_one() -> None:
    before = [
        Noted(1, "2026-0003", date(2026, 11, 18), Decimal(500)),
        Noted(1, "2026-0003", date(2026, 11, 19), Decimal(500), "of another form of the file"),
    ]
    same = [paid("500", "2026-0003", reference=one) for one in "abc"]
    found = matched(same, [owed("2026-0003", "500")], before)
    assert [(one.fit, one.sure) for one in found] == [
        ("again", False), ("again", False), ("whole", True),
    ], "each that is noted is one of them"  # fmt: skip
    assert all(one.invoice is not None for one in found)
    for other in (
        Noted(1, "2026-0003", date(2026, 10, 18), Decimal(500)),
        Noted(1, "2026-0003", date(2026, 11, 18), Decimal(400)),
        Noted(2, "2026-0004", date(2026, 11, 18), Decimal(500)),
        Noted(1, "2026-0003", date(2026, 11, 18), Decimal(500), "b"),
    ):
        found = matched(same[:2], [owed("2026-0003", "500")], [other])
        assert found[0].fit == "whole", other


def test_what_went_back_pays_nothing_and_the_next_one_does() -> None:
    later = date(2026, 11, 23)
    came, back, other, again = (
        paid("500", "2026-0003", reference="a"),
        replace(paid("-500", "RETURN 2026-0003", reference="b"), day=later),
        replace(paid("-500", "rent", reference="c"), day=later),
        replace(paid("500", "2026-0003", reference="d"), day=date(2026, 11, 25)),
    )
    owing = [owed("2026-0003", "500")]
    assert [one.fit for one in matched([came, back, other, again], owing)] == ["back", "whole"]
    assert [one.fit for one in matched([came, other], owing)] == ["whole"]
    early = replace(back, day=date(2026, 11, 1))
    assert [one.fit for one in matched([early, came], owing)] == ["whole"]
    own = replace(came, is_reversal=True)
    assert [one.fit for one in matched([own], owing)] == ["back"]
    assert [one.fit for one in matched([replace(own, text="x")], owing)] == ["back"]


def test_what_is_noted_and_went_back_is_told() -> None:
    back = replace(paid("-500", "RETURN 2026-0003"), day=date(2026, 11, 23))
    one = Noted(1, "2026-0003", date(2026, 11, 20), Decimal(500), "a")
    assert gone_back([back], [one]) == [one]
    assert gone_back([back, back], [one]) == [one], "it is one payment"
    assert gone_back([back], [replace(one, day=date(2026, 11, 24))]) == []
    assert gone_back([back], [replace(one, amount=Decimal(400))]) == []
    assert gone_back([back], [replace(one, number="2026-0004")]) == []


def test_what_sent_a_noted_payment_back_sends_no_other_back() -> None:
    later = date(2026, 11, 23)
    came, back, anew = (
        paid("500", "2026-0003", reference="a"),
        replace(paid("-500", "RETURN 2026-0003", reference="b"), day=later),
        replace(paid("500", "2026-0003", reference="c"), day=later),
    )
    noted = [Noted(1, "2026-0003", came.day, Decimal(500), "a")]
    owing = [owed("2026-0003", "500")]
    fits = [one.fit for one in matched([came, back, anew], owing, noted)]
    assert fits == ["taken", "whole"]
    assert gone_back([came, back, anew], noted) == noted
