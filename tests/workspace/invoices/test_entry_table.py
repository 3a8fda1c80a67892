"""Entries for a bookkeeper: names and local times, the price by the rule of documents."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from tests.workspace.invoices.documents.samples import document as document_of_sample
from tui.services.timesheets.records import Project, Task, TimeEntry, User
from tui.store.papers import Paper
from tui.workspace.invoices.book import Book
from tui.workspace.invoices.documents.document import Vat, as_json
from tui.workspace.invoices.drafting import drafted
from tui.workspace.invoices.entry_table import COLUMNS, billed_otherwise, entries_csv
from tui.workspace.invoices.pricing import Price, Priced
from tui.workspace.invoices.work import Work

ENTRY = TimeEntry(
    id=5, task_id=2, user_id=3, status="approved", duration=8100,
    start_time=datetime(2026, 3, 28, 22, 30, tzinfo=UTC),
    end_time=datetime(2026, 3, 29, 0, 45, tzinfo=UTC),
)  # fmt: skip
WEEKLY = Price(Decimal("1733.35"), "WEE")
WORK = Work(
    client_id=1, projects={4: Project(id=4, name="=Sails")}, entries=[ENTRY],
    tasks={2: Task(id=2, name="Cut, sew", project=4)},
    users={3: User(id=3, first_name="Jo", last_name="Öst")}, total=1,
)  # fmt: skip


def test_a_bookkeeper_reads_names_local_times_and_prices() -> None:
    paper = Paper(owner="o", invoice=9, number="2026-0001", body=b"{}")
    book = Book({9: paper}, {5: 9}, frozenset(), {})
    day = replace(ENTRY, id=6, start_time=datetime(2026, 3, 2, 8, tzinfo=UTC),
                  end_time=datetime(2026, 3, 2, 10, 15, tzinfo=UTC))  # fmt: skip
    priced = [Priced(ENTRY, Price(Decimal("62.50"))), Priced(day, None)]
    text = entries_csv(priced, WORK, "Lark", book, "EUR", ZoneInfo("Europe/Paris"))
    first, night = csv.DictReader(io.StringIO(text))
    assert list(first) == list(COLUMNS)
    assert (first["date"], first["from"], first["to"]) == ("2026-03-02", "09:00", "11:15")
    assert (first["rate"], first["price"], first["invoice"]) == ("", "", "")
    assert (night["date"], night["from"], night["to"]) == (
        "2026-03-28",
        "23:30",
        "2026-03-29 01:45",
    )
    assert (night["person"], night["task"], night["hours"]) == ("Jo Öst", "Cut, sew", "2.25")
    assert (night["rate"], night["per"], night["price"]) == ("62.50", "h", "140.63")
    assert night["invoice"] == "2026-0001"
    assert "'=Sails" in text, "no cell is taken for a formula"


def test_what_was_billed_at_another_rate_is_told() -> None:
    zone, vat = ZoneInfo("Europe/Paris"), Vat()
    then = [Priced(ENTRY, Price(Decimal("62.50"))), Priced(replace(ENTRY, id=6), WEEKLY)]
    lines = drafted(then, WORK, "task", currency="EUR", vat=vat, zone=zone).lines
    document = replace(document_of_sample(), lines=lines)
    paper = Paper(owner="o", invoice=9, number="2026-0001", body=as_json(document))
    book = Book({9: paper}, {5: 9, 6: 9}, frozenset(), {})
    assert billed_otherwise(then, book) == ""
    now = [Priced(ENTRY, Price(Decimal(70))), *then[1:], Priced(replace(ENTRY, id=6), None)]
    assert billed_otherwise(now, book).startswith("1 entry was billed at another rate, and")
    unit = Price(WEEKLY.amount, "MON")
    now = [Priced(ENTRY, Price(Decimal(61))), Priced(replace(ENTRY, id=6), unit)]
    assert billed_otherwise(now, book).startswith("2 entries were billed at another rate, and")
    # Of a draft that is reserved only, and of one from elsewhere, nobody knows its rates.
    assert billed_otherwise(now, Book({}, {5: -3}, frozenset(), {})) == ""
