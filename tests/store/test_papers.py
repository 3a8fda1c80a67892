"""What is kept of invoices: numbers without gaps, work that is billed once, payments taken once."""

from __future__ import annotations

import sqlite3
import stat
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tui.store.database import Database, Layout
from tui.store.papers import (
    Claimed,
    NumberTaken,
    Paper,
    Papers,
    Payment,
    PeriodKey,
    Recurring,
    Reminded,
    RemindedAlready,
)
from tui.store.papers.layout import PAPERS
from tui.store.papers.moving import NotPapers, build_papers
from tui.store.papers.untold import Untold

OWNER = "timesheets@home"
DAY = date(2026, 11, 29)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "invoices.db"


@pytest.fixture
def papers(path: Path) -> Iterator[Papers]:
    with closing(Papers(path)) as papers:
        yield papers


def paper(invoice: int, *, day: date = DAY, owner: str = OWNER) -> Paper:
    return Paper(owner=owner, invoice=invoice, series="2026", issued=day, body=b'{"kept": true}')


def written(sequence: int) -> str:
    return f"2026-{sequence:04}"


def issue(papers: Papers, one: Paper) -> Paper:
    return papers.issue(one, written, body=lambda number: f'"{number}"'.encode())


def credit(papers: Papers, invoice: int, *, frees: bool = False, note: int = 0) -> Paper:
    """Take an invoice back by a credit note of a series of its own."""
    one = replace(paper(note or 1000 + invoice), series="C", cancels=invoice)
    return papers.issue(one, lambda n: f"C-{n}", body=lambda _n: b"{}", frees=frees)


def payment(identity: str, invoice: int, amount: str, *, reference: str = "") -> Payment:
    return Payment(
        id=identity, invoice=invoice, day=DAY, amount=Decimal(amount), reference=reference
    )


def test_a_number_is_taken_when_an_invoice_is_issued_and_its_document_bears_it(
    papers: Papers, path: Path
) -> None:
    for invoice in (7, 8, 9):
        papers.draft(paper(invoice), [])
    assert papers.next_number(OWNER, "2026") == 1, "drafts take none"
    papers.forget(OWNER, 8)
    assert [issue(papers, paper(one)).number for one in (9, 7)] == ["2026-0001", "2026-0002"]
    with closing(Papers(path)) as other:
        found = other.paper(OWNER, 7)
    assert found is not None
    assert (found.state, found.body, found.issued) == ("issued", b'"2026-0002"', DAY)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_what_is_issued_stands(papers: Papers) -> None:
    issue(papers, paper(3))
    for again in (
        lambda: issue(papers, paper(3)),
        lambda: papers.draft(paper(3), []),
        lambda: papers.forget(OWNER, 3),
    ):
        with pytest.raises(NumberTaken, match="issued"):
            again()
    credit(papers, 3)
    with pytest.raises(NumberTaken, match="no issued invoice"):
        credit(papers, 3, note=4)
    assert papers.paper(OWNER, 4) is None, "nothing was written"
    with pytest.raises(NumberTaken):
        papers.forget(OWNER, 3)


def test_number_and_day_rise_together(papers: Papers) -> None:
    issue(papers, paper(1))
    with pytest.raises(NumberTaken, match="2026-0001 was issued on 2026-11-29"):
        issue(papers, paper(2, day=DAY - timedelta(days=1)))
    assert issue(papers, paper(2)).sequence == 2
    other_series = replace(paper(3, day=DAY - timedelta(days=400)), series="2025")
    assert papers.issue(other_series, lambda n: f"2025-{n}", body=lambda _n: b"{}").sequence == 1


def test_a_series_goes_on_with_a_number_that_nothing_has(papers: Papers) -> None:
    assert papers.series.first(OWNER, "2026") == 1
    papers.series.go_on_with(OWNER, "2026", 410)
    papers.series.go_on_with(OWNER, "2026", 41)
    assert papers.series.first(OWNER, "2026") == 41, "a slip can be set right until it is used"
    assert issue(papers, paper(1)).number == "2026-0041"
    with pytest.raises(NumberTaken, match="Number 41 of the series is used"):
        papers.series.go_on_with(OWNER, "2026", 41)
    assert papers.next_number(OWNER, "2026") == 42
    assert papers.next_number("timesheets@elsewhere", "2026") == 1


def test_one_number_never_stands_twice(papers: Papers) -> None:
    papers.issue(paper(1), lambda _n: "A-1", body=lambda _n: b"{}")
    with pytest.raises(NumberTaken, match="A-1 stands on another"):
        papers.issue(paper(2), lambda _n: "A-1", body=lambda _n: b"{}")
    assert papers.paper(OWNER, 2) is None, "nothing was written"
    assert papers.next_number(OWNER, "2026") == 2


def test_work_is_billed_once(papers: Papers) -> None:
    papers.draft(paper(1), [10, 11])
    with pytest.raises(Claimed) as claimed:
        papers.draft(paper(2), [11, 12])
    assert claimed.value.holders == {11: 1}
    assert papers.billed(OWNER) == {10: 1, 11: 1}
    papers.draft(paper(1), [10])
    papers.draft(paper(2), [11, 12])
    assert papers.billed(OWNER) == {10: 1, 11: 2, 12: 2}
    issue(papers, paper(2))
    credit(papers, 2, frees=True)
    papers.draft(paper(3), [11])
    assert papers.billed(OWNER) == {10: 1, 11: 3}


def test_work_is_kept_from_others_before_the_service_has_answered(papers: Papers) -> None:
    first = papers.reserve(paper(0), [10, 11])
    second = papers.reserve(paper(0), [12])
    assert first.invoice < 0 > second.invoice != first.invoice
    with pytest.raises(Claimed):
        papers.reserve(paper(0), [11])
    papers.bind(OWNER, first.invoice, 41)
    papers.bind(OWNER, first.invoice, 42)
    papers.forget(OWNER, second.invoice)
    assert papers.billed(OWNER) == {10: 41, 11: 41}
    assert [one.invoice for one in papers.all_of(OWNER)] == [41]
    third = papers.reserve(paper(0), [12]).invoice
    assert third < 0
    assert third not in (first.invoice, second.invoice), "changes that are kept name those"


def test_work_that_the_service_takes_for_billed_with_other_work_is_still_to_be_billed(
    papers: Papers,
) -> None:
    papers.draft(paper(1), [10], beside=[11, 12])
    assert papers.left_open(OWNER) == {11, 12}
    papers.draft(paper(2), [11])
    assert papers.left_open(OWNER) == {12}
    papers.forget(OWNER, 2)
    assert papers.left_open(OWNER) == {11, 12}


def test_a_payment_is_taken_once_and_kept_to_the_digit(papers: Papers, path: Path) -> None:
    first = [payment("a", 1, "100.125", reference="E2E-1"), payment("b", 1, "-0.125")]
    assert papers.pay(OWNER, first) == first
    assert papers.pay(OWNER, [payment("c", 1, "100.125", reference="E2E-1"), first[1]]) == []
    with closing(Papers(path)) as other:
        assert other.payments(OWNER)[1].sum == Decimal("100.000")
    papers.take_back(OWNER, ["a"])
    assert papers.payments(OWNER)[1].sum == Decimal("-0.125")
    assert papers.payments("timesheets@elsewhere") == {}


def test_two_decks_that_issue_at_once_leave_no_gap(path: Path) -> None:
    numbers: list[int] = []
    start = threading.Barrier(2)

    def work(first: int) -> None:
        with closing(Papers(path)) as papers:
            start.wait()
            numbers.extend(issue(papers, paper(first + one)).sequence for one in range(20))

    threads = [threading.Thread(target=work, args=(first,)) for first in (100, 200)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(numbers) == list(range(1, 41))


@given(st.lists(st.sampled_from(["draft", "issue", "forget", "cancel"]), max_size=12), st.data())
def test_whatever_is_done_numbers_have_no_gap(steps: list[str], data: st.DataObject) -> None:
    with closing(Papers(None)) as papers:
        for step in steps:
            invoice = data.draw(st.integers(1, 4))
            try:
                match step:
                    case "draft":
                        papers.draft(paper(invoice), data.draw(st.sets(st.integers(1, 5))))
                    case "issue":
                        issue(papers, paper(invoice))
                    case "forget":
                        papers.forget(OWNER, invoice)
                    case _:
                        credit(papers, invoice, frees=data.draw(st.booleans()))
            except (Claimed, NumberTaken):
                continue
        kept = papers.all_of(OWNER)
        issued = sorted(one.sequence for one in kept if one.sequence and one.cancels is None)
        cancelled = sorted(one.invoice for one in kept if one.state == "cancelled")
        assert cancelled == sorted(one.cancels for one in kept if one.cancels is not None)
        assert issued == list(range(1, len(issued) + 1))
        assert papers.next_number(OWNER, "2026") == len(issued) + 1


def test_of_a_damaged_file_is_kept_what_can_be_read(path: Path) -> None:
    with closing(Papers(path)) as papers:
        for invoice in range(1, 30):
            papers.draft(replace(paper(invoice), body=b'"%d"' % invoice * 300), [invoice])
        issue(papers, paper(30))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = bytearray(path.read_bytes())
    content[len(content) - 3000 : len(content) - 2900] = bytes(100)
    content[100:108] = bytes(8)
    path.write_bytes(content)
    said: list[str] = []
    with closing(Papers(path)) as papers:
        papers.database.told = said.append
        papers.next_number(OWNER, "2026")
    assert any("The file of invoices is damaged. It was kept as" in one for one in said)
    assert any("Look at the number of your last invoice" in one for one in said)


@pytest.mark.parametrize("version", PAPERS.earlier)
def test_a_file_of_an_earlier_version_is_taken_over_as_it_is(path: Path, version: int) -> None:
    """With what recurs, reminders and what is untold it gets further tables; another one is
    damaged.
    """
    with closing(Database(path, of_version(version))) as old:
        old.write(
            lambda one: one.execute(f"INSERT INTO left_open VALUES ('{OWNER}', 7)"), durable=True
        )
    said: list[str] = []
    with closing(Papers(path)) as papers:
        papers.database.told = said.append
        assert papers.left_open(OWNER) == {7}
        papers.periodic.put(OWNER, Recurring(id="a", client=1, first=DAY))
    with closing(Papers(path)) as papers:
        papers.database.told = said.append
        assert [one.id for one in papers.periodic.all_of(OWNER)] == ["a"]
    assert not said
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {version}")
    with closing(Papers(path)) as papers:
        papers.database.told = said.append
        assert papers.left_open(OWNER) == {7}, "of a damaged one what can be read"
    assert any("is damaged" in one for one in said)


@pytest.mark.parametrize("version", PAPERS.earlier)
def test_a_copy_of_an_earlier_version_is_put_back_too(
    path: Path, tmp_path: Path, version: int
) -> None:
    with closing(Database(path, of_version(version))) as old:
        row = f"INSERT INTO left_open VALUES ('{OWNER}', 7)"
        old.write(lambda one: one.execute(row), durable=True)
    build_papers(path, tmp_path / "built.db")
    with closing(Papers(tmp_path / "built.db")) as papers:
        assert papers.left_open(OWNER) == {7}
        papers.periodic.put(OWNER, Recurring(id="a", client=1, first=DAY))
        papers.periodic.settle(OWNER, PeriodKey("a", DAY))
    build_papers(tmp_path / "built.db", tmp_path / "again.db")
    with closing(Papers(tmp_path / "again.db")) as papers:
        assert papers.periodic.settled(OWNER) == {PeriodKey("a", DAY): 0}
        assert [one.id for one in papers.periodic.all_of(OWNER)] == ["a"]
    with closing(sqlite3.connect(tmp_path / "again.db")) as connection, connection:
        connection.execute("INSERT INTO recurring VALUES ('x', 'b', '{\"every\": 0}')")
    with pytest.raises(NotPapers):
        build_papers(tmp_path / "again.db", tmp_path / "last.db")


def of_version(version: int) -> Layout:
    return Layout(
        name="invoices", version=version, tables=PAPERS.earlier[version], newer="", lost=""
    )


def test_what_a_process_was_to_tell_is_noted_with_the_number(papers: Papers) -> None:
    papers.draft(paper(1), [])
    issue(papers, paper(1))
    assert papers.untold.all_of(OWNER) == [], "nobody is to tell it"
    kept = papers.issue(paper(2), lambda n: f"N{n}", body=lambda _n: b"{}", sender="a")
    with pytest.raises(NumberTaken):
        papers.issue(paper(3), lambda _n: kept.number, body=lambda _n: b"{}", sender="b")
    assert papers.untold.all_of(OWNER) == [Untold(2, kept.number, "a")], "3 has no number"
    papers.untold.told("another account", 2)
    papers.untold.told(OWNER, 1)
    assert len(papers.untold.all_of(OWNER)) == 1
    papers.untold.told(OWNER, 2)
    assert papers.untold.all_of(OWNER) == []


def test_of_one_level_one_reminder_a_day(papers: Papers) -> None:
    kept = papers.periodic
    first = Reminded(invoice=3, day=DAY, level=0, amount=Decimal("12.50"), currency="EUR")
    kept.remind(OWNER, first)
    with pytest.raises(RemindedAlready):
        kept.remind(OWNER, first)
    kept.remind(OWNER, replace(first, level=1))
    kept.remind(OWNER, replace(first, day=DAY + timedelta(days=14)))
    assert [(one.day, one.level) for one in kept.reminded(OWNER)[3]] == [
        (DAY, 0), (DAY, 1), (DAY + timedelta(days=14), 0),
    ]  # fmt: skip
    kept.not_reminded(OWNER, first)
    kept.remind(OWNER, first)
    assert kept.reminded("other") == {}
