"""What clients owe: by how late it is, by currency, drafts apart; what the months came to."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.screens.invoices.rows import invoice_source
from tui.services.errors import Refused
from tui.services.timesheets.records import Client, Invoice
from tui.store.papers import Paper, Payment, Payments
from tui.widgets.grid_model import Cell
from tui.workspace.invoices.amounts import money, totals_text
from tui.workspace.invoices.book import EMPTY, Book
from tui.workspace.invoices.documents.document import Document, Line, Party, Vat, as_json
from tui.workspace.invoices.invoices import Clients
from tui.workspace.invoices.owed import AGES, months, owed, place_of, sums_of
from tui.workspace.invoices.settling import refuse_settled
from tui.workspace.times import midnight_utc, today_in

CLIENTS = Clients(clients=[Client(id=1, name="Lark"), Client(id=2, name="Mill")], projects={})


def due(days_ago: int) -> datetime:
    return midnight_utc(today_in(UTC) - timedelta(days=days_ago))


def bill(number: int, amount: str, late: int = 0, *, client: int = 1) -> Invoice:
    return Invoice(id=number, amount=Decimal(amount), due_date=due(late), client_id=client)


def paper(invoice: int, amount: str, currency: str = "CHF", **more: object) -> Paper:
    document = Document(
        number="", issued=date(2026, 11, 2), seller=Party(), buyer=Party(), currency=currency,
        lines=(Line(text="Work", amount=Decimal(amount), vat=Vat(rate=Decimal(10))),),
    )  # fmt: skip
    return Paper(owner="o", invoice=invoice, body=as_json(document), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("days", "age"),
    [(-3, "not due"), (0, "not due"), (1, "1-30"), (30, "1-30"), (31, "31-60"), (60, "31-60"),
     (61, "61-90"), (90, "61-90"), (91, "over 90"), (4000, "over 90")],
)  # fmt: skip
def test_ages_begin_and_end_on_their_days(days: int, age: str) -> None:
    assert AGES[place_of(days)] == age


def test_currencies_and_drafts_stand_apart_and_what_is_credited_is_not_owed() -> None:
    book = Book(
        {
            10: paper(10, "100", state="issued", number="2026-0001", issued=date(2026, 11, 2)),
            11: paper(11, "50"),
            12: paper(12, "70", state="cancelled", number="2026-0002", issued=date(2026, 11, 3)),
            99: paper(99, "70", state="issued", number="C1", issued=date(2026, 12, 3), cancels=12),
        },
        {},
        frozenset(),
        {10: Payments([Payment(id="p", invoice=10, day=date(2026, 12, 1), amount=Decimal(10))])},
    )
    found = [bill(10, "100", 45), bill(11, "50"), bill(12, "70", 45), bill(3, "20", 100, client=2)]
    lark, mill = owed(found, CLIENTS, book, UTC, "€")
    assert (lark.client, lark.currency, lark.total, lark.drafts) == ("Lark", "CHF", 100, 55)
    assert lark.ages[AGES.index("31-60")] == 100, "110 with VAT, less what was paid"
    assert (mill.currency, mill.ages[-1]) == ("€", 20)
    assert {name: one.total for name, one in sums_of([lark, mill]).items()} == {"CHF": 100, "€": 20}
    of = {one.month: one for one in months(found, book, UTC, "€")}
    assert (of["2026-11"].issued, of["2026-11"].paid) == (Decimal("187"), 0)
    assert (of["2026-12"].credited, of["2026-12"].paid) == (77, 10)
    states = [book.state(one, UTC) for one in found]
    assert states == ["overdue", "draft", "cancelled", "overdue"]


def test_a_status_that_is_not_known_counts_neither_as_paid_nor_as_unpaid() -> None:
    book = Book({10: paper(10, "100", state="issued", number="1")}, {}, frozenset(), {})
    void = [msgspec.structs.replace(bill(number, "100", 45), status="void") for number in (10, 3)]
    assert [book.state(one, UTC) for one in void] == ["other", "other"]
    assert [book.open(one) for one in void] == [0, 0]
    assert owed(void, CLIENTS, book, UTC, "€") == []
    assert months(void, EMPTY, UTC, "€") == []
    with pytest.raises(Refused, match="Timesheets says 'void' of invoice 3"):
        refuse_settled(void[1], book)
    for status in ("", "new", " New "):
        assert book.open(msgspec.structs.replace(void[1], status=status)) == 100
    rows = invoice_source(void, CLIENTS, book, UTC, "€", narrow=True, whose=False)
    row = rows.row(0)
    assert row is not None
    assert row[1] == Cell("? void", "warn")


@given(st.lists(st.tuples(st.integers(-50, 400), st.integers(1, 10**7)), max_size=30))
def test_the_ages_add_up_to_what_is_open(rows: list[tuple[int, int]]) -> None:
    found = [
        bill(number, f"{Decimal(cents) / 100}", days) for number, (days, cents) in enumerate(rows)
    ]
    parts = owed(found, CLIENTS, EMPTY, UTC, "EUR")
    assert sum((one.total for one in parts), Decimal()) == sum(
        (EMPTY.open(one) for one in found), Decimal()
    )


@pytest.mark.parametrize(("sign", "code"), [("€", "EUR"), ("EUR", "EUR"), ("¥", "JPY")])
def test_a_sign_and_its_code_are_one_money_with_one_sum(sign: str, code: str) -> None:
    papers = {7: paper(7, "100", code, state="issued", number="1", issued=date(2026, 11, 2))}
    part = Payment(id="a", invoice=7, day=date(2026, 11, 3), amount=Decimal(10))
    book = Book(papers, {}, frozenset(), {7: Payments([part])})
    found = [bill(7, "100"), bill(8, "50")]
    (row,) = owed(found, CLIENTS, book, UTC, sign)
    assert (row.currency, row.total) == (sign, Decimal(150))
    (month,) = months(found, book, UTC, sign)
    assert (month.currency, month.issued, month.paid) == (sign, Decimal(110), Decimal(10))
    both = totals_text((one, Decimal(50)) for one in (code, sign))
    assert both == money(Decimal(100), code)


def test_a_sign_of_many_dollars_is_added_to_none_of_them() -> None:
    book = Book({7: paper(7, "100", "USD")}, {}, frozenset(), {})
    assert book.currency(bill(7, "100"), "$") == "USD"
    assert " + " in totals_text([("$", Decimal(1)), ("CAD", Decimal(1))])


def test_what_the_service_says_is_paid_counts_beside_a_part_that_was_noted_here() -> None:
    part = Payment(id="a", invoice=8, day=date(2026, 10, 5), amount=Decimal(30))
    book = Book({}, {}, frozenset(), {8: Payments([part])})

    def paid_in(payed: date) -> dict[str, Decimal]:
        one = msgspec.structs.replace(bill(8, "100"), status="paid", payed_date=midnight_utc(payed))
        return {month.month: month.paid for month in months([one], book, UTC, "EUR")}

    assert paid_in(date(2026, 11, 3)) == {"2026-10": 30, "2026-11": 70}
    # With the day of that part it was marked paid here: its rest is waived, and nobody paid it.
    assert paid_in(part.day) == {"2026-10": 30}
