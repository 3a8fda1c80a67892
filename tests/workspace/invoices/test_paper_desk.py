"""From approved hours to the money: no hour is billed twice, no number is lost, what is issued
stands, parts add up. Against the embedded service over a real socket.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace as with_
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.deck import at_work, workspace_of
from tests.harness import EmbeddedServer
from tests.services.strategies import LONG
from tests.workspace.invoices.billing import (
    DAY,
    TENTH,
    UNBILLED,
    billable_client,
    invoices,
    made,
    read,
)
from tui.config.load import ConfigError
from tui.services.errors import NotFound, Refused
from tui.services.timesheets.records import Client, Cost
from tui.words import counted
from tui.workspace.invoices.bank_desk import read_statement
from tui.workspace.invoices.bill_text import bill_text
from tui.workspace.invoices.book import EMPTY, Book
from tui.workspace.invoices.documents.checks import check
from tui.workspace.invoices.documents.document import Kind
from tui.workspace.invoices.documents.reckoning import totals
from tui.workspace.invoices.drafting import Chosen, billable
from tui.workspace.invoices.extras import Extra
from tui.workspace.invoices.kept_here import FREED, keepings
from tui.workspace.invoices.numbers import NumberPattern
from tui.workspace.invoices.paper_desk import PaperDesk, new_payment
from tui.workspace.workspace import Workspace


@pytest.fixture
def server() -> Iterator[EmbeddedServer]:
    with EmbeddedServer(services=["timesheets"]) as running:
        yield running


async def test_a_third_decimal_stays_on_the_document_and_the_service_is_told_what_it_can_keep(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with at_work(server, tmp_path) as workspace:
        client, work = await billable_client(workspace)
        table = f'["{client.id}"]\ncountry = "BH"\ncurrency = "BHD"\n'
        folder = workspace.locations.config
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "clients.toml").write_text(table, encoding="utf-8")
        bills = workspace.papers.bills
        plain = await bills.bill(client, work, Chosen(), "task")
        # The sample's own work may have a third decimal: with this the sum ends in a 4.
        fine = Decimal("0.004") - plain.totals.gross % Decimal("0.01") + Decimal("0.01")
        bill = await bills.bill(client, work, Chosen(), "task", extras=[Extra("Freight", fine)])
        gross, told = bill.totals.gross, bills.told_amount(bill.document)
        assert gross % Decimal("0.01") == Decimal("0.004")
        assert told == gross - Decimal("0.004")
        page = bill_text(bill, work, DAY, told, (), workspace.zone)
        assert f"it is told BHD {told:f} for BHD {gross:f}" in page
        number = await bills.make(bill, DAY)
        invoice, book = await read(workspace, number)
        assert (invoice.amount, book.asked(invoice)) == (told, gross)
        with pytest.raises(Refused, match=r"0\.0004 is finer than the smallest amount of BHD"):
            await workspace.settling.pay(invoice, book, DAY, Decimal("0.0004"))
        fils = Decimal("0.001")
        assert await workspace.settling.pay(invoice, book, DAY, fils) == gross - fils
        found = [one.words for one in check(book.documents[number]) if one.field == "amount"]
        assert any("apart" in words for words in found)
        # What has two decimals is told as it is, and nothing is said of it.
        even = [Extra("Freight", Decimal("5.25"))]
        usual = await bills.bill(client, work, Chosen(tasks=frozenset()), "task", extras=even)
        assert bills.told_amount(usual.document) == Decimal("5.25")
        page = bill_text(usual, work, DAY, Decimal("5.25"), (), workspace.zone)
        assert "keeps two decimals" not in page
        # The service knows no currency: what it reckons in yen has cents, too.
        cost = Cost(duration=3600, sum=Decimal("9219.63"))
        yen = replace(usual.document, currency="JPY")
        reckoned = with_(usual, document=yen, worked=Decimal(9220), cost=cost)
        page = bill_text(reckoned, work, DAY, Decimal(9220), (), workspace.zone)
        assert "The service reckons JPY 9,219.63 for the same entries: JPY 0.37 less" in page


async def test_lines_are_the_work_and_agree_with_what_the_service_reckons(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with at_work(server, tmp_path) as workspace:
        client, work = await billable_client(workspace)
        for grouping in ("task", "project", "day", "entry"):
            bill = await workspace.papers.bills.bill(client, work, Chosen(), grouping)
            assert bill.entries
            assert not bill.unpriced
            assert bill.seconds == sum(one.duration or 0 for one in bill.entries)
            assert abs(bill.differs) <= Decimal("0.01") * len(bill.entries)
            if grouping == "entry":
                assert bill.differs == 0, "each entry is rounded as the service rounds it"
            assert all("×" in line.working for line in bill.document.lines)
        off = await workspace.papers.bills.bill(
            client, work, Chosen(), "task", terms=TENTH, book=await book_of(workspace)
        )
        sums = totals(off.document)
        assert sums.net == sums.lines - sums.discounts
        assert sums.discounts > 0
        train = Extra("Train", Decimal("45.00"))
        more = await workspace.papers.bills.bill(
            client, work, Chosen(), "entry", terms=TENTH, extras=[train]
        )
        assert (more.document.lines[-1].text, more.differs) == ("Train", 0)
        assert totals(more.document).lines == more.worked + 45
        assert more.document.adjustments[0].base == more.worked, "of expenses there is no discount"


async def book_of(workspace: Workspace) -> Book:
    return await workspace.papers.seen([one.id for one in await invoices(workspace)])


async def test_work_is_billed_once_by_whoever_is_first(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with at_work(server, tmp_path) as workspace:
        client, work = await billable_client(workspace)
        papers = workspace.papers
        bill = await papers.bills.bill(client, work, Chosen(), "task")
        again = await papers.bills.bill(client, work, Chosen(), "entry")
        first = await papers.bills.make(bill, DAY)
        with pytest.raises(Refused, match=f"billed already, by invoice {first}"):
            await papers.bills.make(again, DAY)
        assert len([one for one in await invoices(workspace) if one.id > first]) == 0
        book = await book_of(workspace)
        assert set(book.billed.values()) == {first}
        assert (await papers.bills.bill(client, work, Chosen(), "task", book=book)).entries == []
        await workspace.history.undo()
        book = await book_of(workspace)
        assert book.billed == {}, "what is deleted frees its work"
        await workspace.history.redo()
        book = await book_of(workspace)
        assert len(book.billed) == len(bill.entries), "what is made again has it again"


async def test_what_the_service_takes_for_billed_beside_is_still_to_be_billed(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with at_work(server, tmp_path) as workspace:
        client, work = await billable_client(workspace, UNBILLED)
        papers = workspace.papers
        days = sorted({one.start_time.date() for one in billable(work, EMPTY) if one.start_time})
        # Which tasks the last day's work is of changes with the sample.
        for day in reversed(days):
            bill = await papers.bills.bill(client, work, Chosen(first=day), "task")
            if bill.beside:
                break
        assert bill.beside, "other entries of the same tasks"
        beside = {one.id for one in bill.beside}
        page = bill_text(bill, work, DAY, Decimal(), (), workspace.zone)
        assert f"it links {counted(len(beside), 'other entry')} of the same tasks" in page
        listed = page.partition("not billed by this")[2].splitlines()[1:]
        assert {int(line.split()[0]) for line in listed} == beside, "every one of them, by its id"
        made_one = await papers.bills.make(bill, DAY)
        invoice, book = await read(workspace, made_one)
        linked = server.context.database.read(
            "SELECT id FROM timesheets_entries WHERE invoice_id = ?", (made_one,)
        )
        assert {row["id"] for row in linked} == beside | {one.id for one in bill.entries}, (
            "what the page says is what the service links, to the entry"
        )
        await workspace.invoices.pay(invoice, DAY)
        projects = (await workspace.invoices.clients()).value.projects_of(client.id)
        work = (await workspace.invoices.work.of_client(client.id, projects)).value
        assert all(one.paid for one in work.entries if one.id in beside), "the service does so"
        rest = await papers.bills.bill(client, work, Chosen(), "task", book=book)
        assert beside <= {one.id for one in rest.entries}
        assert {one.id for one in rest.elsewhere} == beside, "they stay on the first one there"
        assert "stay linked to an earlier invoice" in bill_text(
            rest, work, DAY, Decimal(), (), workspace.zone
        ).replace("stays", "stay")


async def test_an_issued_invoice_stands_and_a_credit_note_takes_it_back(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with at_work(server, tmp_path) as workspace:
        papers = workspace.papers
        number = await made(workspace)
        invoice, _ = await read(workspace, number)
        issued = await papers.issue(invoice, DAY)
        assert issued.number == "2026-0001"
        _, document, said = await workspace.documents.document(number)
        assert (document.number, document.issued, said) == ("2026-0001", DAY, [])
        service = await workspace.connections.timesheets()
        assert [one.content for one in (await service.invoice.comments(number)).items] == [
            "Issued as 2026-0001."
        ]
        for forbidden in (
            workspace.invoices.delete(invoice),
            workspace.invoices.change(invoice, amount=Decimal(1)),
        ):
            with pytest.raises(Refused, match="what is issued is never"):
                await forbidden
        plan = await workspace.history.undoing.next_undo()
        assert plan is not None
        assert "A credit note takes it back" in plan.cannot
        with pytest.raises(Refused, match="issued already"):
            await papers.issue(invoice, DAY)
        note = await papers.credit(invoice, DAY, frees=True)
        assert (note.kind, note.number) == (Kind.CREDIT_NOTE, "C2026-0001")
        assert note.preceding[0].number == "2026-0001"
        book = await book_of(workspace)
        assert (book.billed, book.open(invoice)) == ({}, 0)
        with pytest.raises(Refused, match="is cancelled"):
            await papers.credit(invoice, DAY, frees=True)


@pytest.mark.parametrize("later", [False, True])
async def test_freed_work_is_billed_anew_though_its_invoice_was_paid(
    server: EmbeddedServer, tmp_path: Path, later: bool
) -> None:
    """The service goes on taking it for paid: it was said to be free, and never offered."""
    async with at_work(server, tmp_path) as workspace:
        papers, client = workspace.papers, (await billable_client(workspace))[0]
        number = await made(workspace)
        invoice, book = await read(workspace, number)
        entries = book.work_of(number)
        await papers.issue(invoice, DAY)
        assert await workspace.settling.pay(*await read(workspace, number), DAY) == 0
        invoice, _ = await read(workspace, number)
        await papers.credit(invoice, DAY, frees=not later)
        if later:
            assert (await book_of(workspace)).work_of(number) == entries
            assert await papers.free_work(invoice) == len(entries)
        with pytest.raises(Refused, match="Of invoice 2026-0001 no work"):
            await papers.free_work(invoice)
        projects = (await workspace.invoices.clients()).value.projects_of(client.id)
        work = (await workspace.invoices.work.of_client(client.id, projects)).value
        book = await book_of(workspace)
        again = await papers.bills.bill(client, work, Chosen(), "task", book=book)
        assert {one.id for one in again.entries} >= set(entries)
        anew = await papers.bills.make(again, DAY)
        assert set(entries) <= set((await book_of(workspace)).work_of(anew))
        if later:
            noted = workspace.history.changes.newest(50)
            freed = next(one for one in noted if one.operation == FREED)
            back = keepings(workspace.paper_file)[FREED].back
            assert back is not None
            with pytest.raises(Refused, match=f"billed anew, by invoice {anew}"):
                back(freed)


async def test_what_is_refused_its_number_keeps_its_due_day(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    """Its terms would count from the day that was refused, as if set by hand, ever after."""
    async with at_work(server, tmp_path) as workspace:
        bills, numbers = workspace.papers.bills, []
        for _ in range(2):
            client, work = await billable_client(workspace)
            bill = await bills.bill(client, work, Chosen(), "task")
            assert bill.document.due is not None
            numbers.append(await bills.make(bill, bill.document.due))
        drafted, terms = bill.document.issued, bill.document.due - bill.document.issued
        invoice, _ = await read(workspace, numbers[0])
        early = date(drafted.year + 1, 7, 1)
        later = early + timedelta(days=9)
        await workspace.papers.issue(invoice, later)
        invoice, _ = await read(workspace, numbers[1])
        with pytest.raises(Refused, match="number and day rise together"):
            await workspace.papers.issue(invoice, early)
        kept, _ = await read(workspace, numbers[1])
        assert kept.due_date == invoice.due_date, "nothing was changed"
        assert (await workspace.papers.issue(kept, later)).due == later + terms


async def test_of_two_rates_the_one_made_last_holds_as_the_service_reckons_it(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with at_work(server, tmp_path) as workspace:
        service = await workspace.connections.timesheets()
        rate = (await service.rate.search()).items[0]
        user, schedule = rate.user_id, rate.schedule_id
        assert user is not None
        assert schedule is not None
        raised = Decimal("123.45")
        await service.rate.create(user, schedule, "From now on", "hours", amount=raised)
        with server.context.database.write() as connection:
            connection.execute(
                "UPDATE timesheets_entries SET user_id = ?, schedule_id = ?"
                " WHERE end_time IS NOT NULL",
                (user, schedule),
            )
        client, work = await billable_client(workspace)
        bill = await workspace.papers.bills.bill(client, work, Chosen(), "entry")
        assert {line.price for line in bill.document.lines} == {raised}
        assert bill.differs == 0


async def test_a_second_machine_needs_a_prefix_of_its_own(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with at_work(server, tmp_path / "one") as workspace:
        first, second = await made(workspace), None
        invoice, _ = await read(workspace, first)
        await workspace.papers.issue(invoice, DAY)
        second = next(one for one in await invoices(workspace) if one.id != first)
    async with at_work(server, tmp_path / "two") as other:
        with pytest.raises(Refused, match="issued as 2026-0001 by another machine"):
            await other.papers.issue(second, DAY)
    own = workspace_of(server, tmp_path / "two", invoices__prefix="B-")
    try:
        assert (await own.papers.issue(second, DAY)).number == "B-2026-0001"
    finally:
        await own.close()


async def test_parts_add_up_and_the_last_marks_it_paid(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with at_work(server, tmp_path) as workspace:
        papers, number = workspace.papers, await made(workspace)
        invoice, book = await read(workspace, number)
        asked = book.asked(invoice)
        part = new_payment(number, DAY, Decimal("100.00"))
        assert await papers.pay([part], {number: invoice}) == (
            "Noted 1 payment, 0 invoices paid in full."
        )
        invoice, book = await read(workspace, number)
        assert (invoice.paid, book.open(invoice)) == (False, asked - 100)
        said = await papers.pay([part, new_payment(number, DAY, asked - 100)], {number: invoice})
        assert "1 invoice paid in full; 1 payment had been noted before" in said
        invoice, book = await read(workspace, number)
        assert (invoice.paid, book.open(invoice)) == (True, 0)


async def test_undo_of_a_payment_takes_its_note_along_and_redo_brings_it_back(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with at_work(server, tmp_path) as workspace:
        papers, history, number = workspace.papers, workspace.history, await made(workspace)
        invoice, book = await read(workspace, number)
        asked, part = book.asked(invoice), new_payment(number, DAY, Decimal("100.00"))
        await papers.pay([part], {number: invoice})
        rest = replace(new_payment(number, DAY, asked - 100), reference="bank 1")
        await papers.pay([rest], {number: invoice})

        async def noted() -> tuple[bool, list[str]]:
            invoice, book = await read(workspace, number)
            return invoice.paid, sorted(one.id for one in book.payments_of(invoice))

        both = sorted((part.id, rest.id))
        assert await noted() == (True, both)
        await history.undo()
        assert await noted() == (False, [part.id]), "the part was noted before: it stays"
        await history.redo()
        assert await noted() == (True, both)
        await papers.take_back([rest])
        assert await noted() == (True, [part.id]), "what a person takes back stays away"
        await history.undo()
        assert await noted() == (True, both), "until that is undone"
        await history.undo()
        anew = replace(rest, id="another")
        invoice, _ = await read(workspace, number)
        assert await papers.pay([anew], {number: invoice}) == (
            "Noted 1 payment, 1 invoice paid in full."
        )
        assert await noted() == (True, sorted((part.id, "another"))), "the statement again"


async def test_what_was_refused_takes_no_work(server: EmbeddedServer, tmp_path: Path) -> None:
    async with at_work(server, tmp_path) as workspace:
        client, work = await billable_client(workspace)
        bill = await workspace.papers.bills.bill(client, work, Chosen(), "task")
        stranger = with_(bill, client=Client(id=99_999, name="Nobody"))
        with pytest.raises(NotFound):
            await workspace.papers.bills.make(stranger, DAY)
        assert (await workspace.papers.book()).billed == {}


async def test_what_another_deck_of_this_machine_issues_meanwhile_is_no_other_machine(
    server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with at_work(server, tmp_path) as one, at_work(server, tmp_path) as other:
        first, second = sorted(await invoices(one), key=lambda each: each.id)[-2:]
        before = await other.papers.book()
        await one.papers.issue(first, DAY)
        with monkeypatch.context() as here:
            here.setattr(other.papers, "read", lambda: before)
            assert (await other.papers.issue(second, DAY)).number == "2026-0002"


def test_patterns_of_numbers() -> None:
    pattern = NumberPattern("R{year}-{month}/{n:03}", "B-")
    assert pattern.number(DAY, 7) == "B-R2026-11/007"
    assert pattern.series(DAY) == "B-R2026-11/{n}"
    assert pattern.place_of("B-R2026-11/1234", DAY) == 1234
    assert pattern.place_of("B-R2026-10/007", DAY) is None
    assert pattern.place_of(f"B-R2026-11/{LONG}", DAY) is None
    for wrong in ("2026", "{n}{n}", "{n}{day}", "{n", "{n!r}", "№{n}"):
        with pytest.raises(ConfigError):
            NumberPattern(wrong)
    with pytest.raises(ConfigError, match="longer than 35"):
        NumberPattern("{n}", "x" * 40).number(DAY, 1)


def test_the_desk_is_made_without_opening_anything(server: EmbeddedServer, tmp_path: Path) -> None:
    assert isinstance(workspace_of(server, tmp_path).papers, PaperDesk)
    assert not (tmp_path / "data" / "invoices.db").exists()


async def test_who_pays_was_shown_what_is_open(server: EmbeddedServer, tmp_path: Path) -> None:
    """Two decks: what one of them has noted is not asked for again by the other's form."""
    async with at_work(server, tmp_path) as one, at_work(server, tmp_path) as other:
        invoice = next(each for each in await invoices(one) if each.unpaid)
        book = await other.papers.book()
        left = book.open(invoice)
        await one.settling.pay(invoice, await one.papers.book(), DAY, Decimal("40.00"))
        for amount in (None, left, Decimal(1)):
            with pytest.raises(Refused, match="is open by now: a payment was noted"):
                await other.settling.pay(invoice, book, DAY, amount)
        now, book = await read(other, invoice.id)
        assert book.open(now) == left - 40
        assert await other.settling.pay(now, book, DAY) == 0
        now, book = await read(other, invoice.id)
        assert (now.status, book.paid(now)) == ("paid", left)


async def test_a_payment_of_a_statement_is_named_with_what_its_invoice_is_in(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    workspace = workspace_of(server, tmp_path, deck__currency="EUR")
    try:
        look = await workspace.bank.look(read_statement(b"Date,Amount\n2026-11-21,12.5\n"))
        (movement,) = look.statement.movements
        await workspace.bank.note(look, [(movement, look.open[0].invoice)])
        (title,) = (one.title for one in workspace.history.changes.newest(1))
        assert title == f"Invoice {look.open[0].invoice}: EUR 12.50 paid"
    finally:
        await workspace.close()
