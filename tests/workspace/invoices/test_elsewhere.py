"""An invoice from elsewhere comes to the same in lists, sums, on paper and as XML, whether the
service's amount has VAT in it or not; what was paid of it is taken off, and no half yen is.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from msgspec.structs import replace

from tests.deck import amount_of, workspace_of
from tests.harness import EmbeddedServer
from tests.workspace.invoices.documents.samples import client, sample
from tui.config.invoicing import Invoices
from tui.services.errors import Refused
from tui.services.timesheets.records import Invoice
from tui.store.papers import Payment, Payments
from tui.workspace.invoices.book import EMPTY, Book
from tui.workspace.invoices.document_desk import document_of, settled
from tui.workspace.invoices.documents.checks import check
from tui.workspace.invoices.documents.document import Document, Vat
from tui.workspace.invoices.documents.forms import written
from tui.workspace.invoices.documents.reckoning import totals
from tui.workspace.invoices.elsewhere import asked_of, with_line
from tui.workspace.invoices.owed import months, owed, sums_of
from tui.workspace.times import midnight_utc

DAY = date(2026, 11, 29)
HOME = 1
"""A client of the sample that is at home, with VAT of 19 per cent."""


@pytest.fixture
def server() -> Iterator[EmbeddedServer]:
    with EmbeddedServer(services=["timesheets"]) as running:
        yield running


def of_xml(document: Document) -> dict[str, Decimal]:
    """The sums of the UBL form, by the names of its elements."""
    found = etree.fromstring(written(document, "ubl").content)
    (sums,) = found.findall("{*}LegalMonetaryTotal")
    return {etree.QName(one).localname: Decimal(one.text or "") for one in sums}


def parts(*amounts: str) -> list[Payment]:
    return [
        Payment(id=f"{place}", invoice=3, day=DAY, amount=Decimal(amount))
        for place, amount in enumerate(amounts)
    ]


@given(
    st.integers(-(10**9), 10**9),
    st.sampled_from(["EUR", "JPY", "BHD"]),
    st.sampled_from(["0", "5.5", "7", "19", "20", "25"]),
    st.booleans(),
)
def test_the_document_asks_for_what_lists_say(
    thousandths: int, currency: str, rate: str, net: bool
) -> None:
    amount, vat = Decimal(thousandths).scaleb(-3), Vat(rate=Decimal(rate))
    bare = replace(written_for(), currency=currency, lines=())
    made = with_line(bare, amount, "Services", vat, net=net)
    sums = totals(made)
    asked = asked_of(amount, currency, vat.rate if net else Decimal())
    assert sums.due == sums.asked == asked
    assert abs(made.rounding) <= Decimal(1).scaleb(-{"EUR": 2, "JPY": 0, "BHD": 3}[currency])
    assert net <= (not made.rounding)
    assert all(one.price >= 0 for one in made.lines)
    if not net:
        assert asked_of(amount, currency) == asked


def written_for(amount: str = "1000", *, net: bool = False, status: str = "new") -> Document:
    profile = sample()
    if net:
        terms = Invoices(currency="EUR", vat_rate="19", elsewhere_amount="net")
        profile = replace(profile, invoices=terms)
    return document_of(invoice_of(amount, status), client(HOME), profile, UTC, DAY)


def invoice_of(amount: str, status: str = "new") -> Invoice:
    return Invoice(id=3, amount=Decimal(amount), status=status, client_id=HOME)


@pytest.mark.parametrize(("amount", "rest"), [("1000", 0), ("100.12", "0.01"), ("-100.05", "0.01")])
def test_an_amount_with_vat_in_it_is_what_is_due(amount: str, rest: str) -> None:
    document = written_for(amount)
    assert (totals(document).due, document.rounding) == (Decimal(amount), Decimal(rest))
    found = of_xml(document)
    assert found["PayableAmount"] == Decimal(amount)
    assert found["TaxInclusiveAmount"] + found.get("PayableRoundingAmount", 0) == Decimal(amount)
    assert document.rounding or found["TaxExclusiveAmount"] < found["TaxInclusiveAmount"]


@pytest.mark.parametrize(
    ("amount", "currency"),
    [("100.12", "EUR"), ("100.05", "EUR"), ("3753", "JPY"), ("1.239", "BHD")],
)
def test_one_cent_or_yen_of_rounding_is_nothing_to_warn_of(amount: str, currency: str) -> None:
    invoice = invoice_of(amount, "payed")
    bare = replace(written_for(), currency=currency, lines=(), rounding=Decimal())
    vat = Vat(rate=Decimal(20 if currency == "JPY" else 19))
    made = with_line(bare, Decimal(amount), "Services", vat, net=False)
    assert made.rounding or currency == "BHD"
    document = settled(made, invoice, (), UTC)
    assert totals(document).paid == Decimal(amount)
    assert [one for one in check(document) if one.field in ("payments", "rounding")] == []
    over = replace(made, rounding=made.rounding + 5)
    assert [one.words for one in check(over) if one.field == "rounding"]


def test_an_amount_without_vat_has_it_on_top_in_lists_too() -> None:
    document = written_for("1000", net=True)
    book = Book({}, {}, frozenset(), {}, on_top={HOME: Decimal(19)}, usual="EUR")
    assert of_xml(document)["PayableAmount"] == book.open(invoice_of("1000")) == Decimal("1190.00")
    half = Book({}, {}, frozenset(), {3: Payments(parts("190"))}, on_top=book.on_top, usual="EUR")
    assert half.open(invoice_of("1000")) == 1000
    assert EMPTY.asked(invoice_of("1000")) == 1000


@pytest.mark.parametrize("net", [False, True])
@pytest.mark.parametrize(
    ("status", "noted", "due"),
    [
        ("new", (), "whole"), ("new", ("300", "0.5"), "rest"), ("new", ("2000",), "rest"),
        ("payed", (), "nothing"), ("payed", ("300",), "nothing"), ("payed", ("2000",), "rest"),
    ],
)  # fmt: skip
def test_what_was_paid_is_taken_off(
    net: bool, status: str, noted: tuple[str, ...], due: str
) -> None:
    invoice = invoice_of("1000", status)
    document = settled(written_for("1000", net=net, status=status), invoice, parts(*noted), UTC)
    whole = Decimal("1190") if net else Decimal(1000)
    paid = sum(map(Decimal, noted), Decimal())
    left = {"whole": whole, "rest": whole - paid, "nothing": Decimal()}[due]
    found = of_xml(document)
    assert (totals(document).due, found["PayableAmount"]) == (left, left)
    assert found.get("PrepaidAmount", Decimal()) == whole - left


@pytest.mark.parametrize(("means", "factor"), [("gross", "1"), ("net", "1.2")])
async def test_list_sum_paper_and_xml_of_one_agree(
    server: EmbeddedServer, tmp_path: Path, means: str, factor: str
) -> None:
    more = {"invoices__elsewhere_amount": means, "invoices__vat_rate": "20"}
    more |= {"seller__name": "Me", "seller__country": "FR", "seller__vat_id": "FR40303265045"}
    workspace = workspace_of(server, tmp_path, **more)
    workspace.locations.config.mkdir(parents=True)
    named = workspace.locations.config / "clients.toml"
    named.write_text("".join(f"[{one}]\ncountry = 'FR'\n" for one in range(1, 30)), "utf-8")
    try:
        clients = (await workspace.invoices.clients()).value
        found = (await workspace.invoices.invoices([one.id for one in clients.clients])).value
        (invoice,) = (one for one in found.invoices if one.id == 3)
        book = await workspace.papers.seen([3], clients.clients)
        asked = (amount_of(server, 3) * Decimal(factor)).quantize(Decimal("0.01"))
        assert abs(book.open(invoice) - asked) <= Decimal("0.01")
        part = Decimal("100.00")
        assert await workspace.settling.pay(invoice, book, DAY, part) == book.open(invoice) - part
        book = await workspace.papers.book()
        left = book.asked(invoice) - part
        assert (book.open(invoice), book.asked(invoice)) == (left, left + part)
        document = (await workspace.documents.document(3)).document
        xml = of_xml(document)
        assert (totals(document).due, xml["PayableAmount"]) == (left, left)
        assert xml["PrepaidAmount"] == part
        assert f"{left:,.2f}" in written(document, "md").content.decode()
        rows = owed([invoice], clients, book, UTC, "EUR")
        assert sums_of(rows)["EUR"].total == left
        with pytest.raises(Refused, match="finer than the smallest amount"):
            await workspace.settling.pay(invoice, book, DAY, Decimal("0.001"))
        # Whether all is paid is reckoned from the disk, without the clients.
        assert await workspace.settling.pay(invoice, book, DAY, left, text="Rest") == 0
        service = await workspace.connections.timesheets()
        assert (await service.invoice.info(3)).paid
    finally:
        await workspace.close()


async def test_no_half_yen_is_noted_of_one_from_elsewhere(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    workspace = workspace_of(server, tmp_path, deck__currency="¥")
    try:
        clients = (await workspace.invoices.clients()).value
        found = (await workspace.invoices.invoices([one.id for one in clients.clients])).value
        (invoice,) = (one for one in found.invoices if one.id == 3)
        book = await workspace.papers.seen([3], clients.clients)
        # The service has cents of it: nobody could pay them, and no list shows them.
        assert book.open(invoice) == book.open(invoice).to_integral_value()
        with pytest.raises(Refused, match=r"100\.5 is finer than the smallest amount of ¥"):
            await workspace.settling.pay(invoice, book, DAY, Decimal("100.5"))
        assert not (await workspace.papers.book()).payments
        left = await workspace.settling.pay(invoice, book, DAY, Decimal(100))
        assert left == book.open(invoice) - 100
    finally:
        await workspace.close()


async def test_a_rest_that_was_paid_on_the_day_of_a_part_is_told_from_one_that_was_waived(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    workspace = workspace_of(server, tmp_path)
    try:
        clients = (await workspace.invoices.clients()).value
        service = await workspace.connections.timesheets()

        async def read() -> tuple[list[Invoice], Book]:
            asked = await workspace.invoices.invoices([one.id for one in clients.clients])
            found = [one for one in asked.value.invoices if one.id in (3, 8)]
            return found, await workspace.papers.seen([one.id for one in found], clients.clients)

        found, book = await read()
        whole = {one.id: book.asked(one) for one in found}
        part = Decimal(30)
        paid, waived = sorted(found, key=lambda one: one.id)
        await workspace.settling.pay(paid, book, DAY, part)
        # Somebody else, who knows nothing of the part that is noted here.
        await service.invoice.set_payed(paid.id, midnight_utc(DAY))
        await workspace.settling.pay(waived, book, DAY, part, settles=True)
        found, book = await read()
        assert all(one.paid for one in found)
        (month,) = (one for one in months(found, book, UTC, "EUR") if one.paid)
        assert month.paid == whole[paid.id] + part
    finally:
        await workspace.close()


@pytest.mark.parametrize(
    ("usual", "billed", "called"),
    [
        ("", "BHD", "BHD"), ("", "JPY", "JPY"), ("$", "JPY", "JPY"), ("$", "USD", "$"),
        ("¥", "EUR", "¥"), ("BHD", "EUR", "BHD"), ("€", "JPY", "€"), ("", "EUR", ""),
    ],
)  # fmt: skip
async def test_digits_are_those_of_the_document_where_the_deck_names_no_currency(
    server: EmbeddedServer, tmp_path: Path, usual: str, billed: str, called: str
) -> None:
    with server.context.database.write() as connection:
        connection.execute(
            "UPDATE timesheets_invoices SET amount = '1234.567' WHERE status = 'new'"
        )
    more = {"deck__currency": usual, "invoices__currency": billed}
    workspace = workspace_of(server, tmp_path, **more)
    try:
        # Before anybody looks at Invoices, nothing being kept of them.
        today = (await workspace.today.part("invoices")).value.items
        clients = (await workspace.invoices.clients()).value
        found = (await workspace.invoices.invoices([one.id for one in clients.clients])).value
        book = await workspace.papers.seen([3], clients.clients)
        (invoice,) = (one for one in found.invoices if one.id == 3)
        due = totals((await workspace.documents.document(3)).document).due
        assert (book.open(invoice), book.currency(invoice, usual)) == (due, called)
        (row,) = (one for one in today if one.key == "3")
        assert (row.amount, row.currency or usual) == (due, called)
        unpaid = [one for one in found.invoices if one.unpaid]
        assert len(unpaid) == len(today) > 1
        rows = owed(found.invoices, clients, book, UTC, usual)
        assert sums_of(rows)[called].total == len(unpaid) * due
        assert sum(one.amount or 0 for one in today) == len(unpaid) * due
    finally:
        await workspace.close()


@pytest.mark.parametrize("settles", [True, False])
async def test_a_rest_that_was_waived_is_not_said_to_be_paid(
    server: EmbeddedServer, tmp_path: Path, *, settles: bool
) -> None:
    workspace = workspace_of(server, tmp_path, invoices__language="en")
    try:
        clients = (await workspace.invoices.clients()).value
        ids = [one.id for one in clients.clients]
        found = (await workspace.invoices.invoices(ids)).value
        (invoice,) = (one for one in found.invoices if one.id == 3)
        book = await workspace.papers.seen([3], clients.clients)
        asked, part = book.asked(invoice), Decimal("100.00")
        await workspace.settling.pay(invoice, book, DAY, part, settles=settles)
        if not settles:
            # By somebody else, on the same day.
            service = await workspace.connections.timesheets()
            await service.invoice.set_payed(3, midnight_utc(DAY))
        found = (await workspace.invoices.invoices(ids)).value
        (invoice,) = (one for one in found.invoices if one.id == 3)
        book = await workspace.papers.seen([3], clients.clients)
        document = (await workspace.documents.document(3)).document
        rest = asked - part
        assert [one.amount for one in document.payments] == [part, rest]
        assert totals(document).due == book.open(invoice) == 0
        said = written(document, "md").content.decode()
        assert ("waived, not paid" in said) is book.waives_rest(invoice) is settles
        (month,) = (one for one in months([invoice], book, UTC, "") if one.paid)
        assert month.paid == (part if settles else asked)
    finally:
        await workspace.close()
