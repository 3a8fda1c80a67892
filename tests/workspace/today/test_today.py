"""Today's parts: what each says, and what is kept of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import cast, get_args

import pytest

from tests.deck import at_work, workspace_of
from tests.harness import EmbeddedServer
from tui.services.errors import ConnectionFailed, ServiceError
from tui.store.cache import Cache
from tui.store.papers import Paper, Payment
from tui.workspace.books.books import book_key
from tui.workspace.connections.connections import Connections
from tui.workspace.invoices.book import Book
from tui.workspace.invoices.documents.document import Document, Line, Party, Vat, as_json
from tui.workspace.reads import Reads
from tui.workspace.today.asked import SOON
from tui.workspace.today.items import Item, Items, Part
from tui.workspace.today.today import Today

PARTS: tuple[Part, ...] = get_args(Part)


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedServer]:
    with EmbeddedServer() as running:
        yield running


async def test_every_part_is_told_and_kept_for_the_next_run(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with at_work(server, tmp_path) as workspace:
        told = {}
        for part in PARTS:
            assert await workspace.today.kept(part) is None
            told[part] = (await workspace.today.part(part)).value
    async with at_work(server, tmp_path) as workspace:
        for part in PARTS:
            kept = await workspace.today.kept(part)
            assert kept is not None
            assert kept.value == told[part]
    assert all(found.items for found in told.values())
    assert all(one.count for one in told["books"].items), "only books with something unread"


class Beginning:
    """Connections whose embedded data are made when their service is asked first."""

    identity = ""

    def account(self, service: str) -> str:
        return f"{service}@embedded:{self.identity}"

    async def of(self, service: str) -> None:
        self.identity = "made"


async def test_what_is_read_while_the_embedded_data_are_made_is_kept_as_theirs(
    tmp_path: Path,
) -> None:
    connections = Beginning()

    async def books() -> Items:
        await connections.of("timetonic")
        return Items(items=[Item(key="1", title="Boat log", count=2)], total=1)

    reads = Reads(Cache(tmp_path / "answers.db"))
    today = Today(cast("Connections", connections), reads, UTC, lambda _clients: nobodys_book())
    vars(today)["_asked"] = SimpleNamespace(parts={"books": books})
    told = await today.part("books")
    kept = await today.kept("books")
    await reads.close()
    assert kept is not None
    assert kept.value == told.value


def nobodys_book() -> Book:
    """What is kept of invoices, which no part asks for here."""
    raise NotImplementedError


async def test_a_session_that_goes_on_without_an_end_is_on_the_water(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with at_work(server, tmp_path) as workspace:
        items = (await workspace.today.part("sessions")).value.items
    now = datetime.now(UTC)
    assert [one.title for one in items] == ["Twilight series", "Next weekend's regatta"]
    assert items[0].until is None
    assert items[0].when is not None
    assert now - items[0].when < timedelta(days=1)


async def test_what_is_kept_here_of_invoices_counts_as_on_their_own_screen(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    """What is open with VAT, in its currency, under its number; nothing of a draft."""
    rows = server.context.database.read(
        "SELECT id FROM timesheets_invoices WHERE status = 'new' ORDER BY id"
    )
    yen, draft = (int(row["id"]) for row in rows[:2])
    line = Line(text="Work", amount=Decimal(24690), vat=Vat(rate=Decimal(10)))
    document = Document(
        number="", issued=date(2026, 11, 2), seller=Party(), buyer=Party(), currency="JPY",
        lines=(line,),
    )  # fmt: skip
    body = as_json(document)
    async with at_work(server, tmp_path) as workspace:
        owner, file = workspace.connections.account("timesheets"), workspace.paper_file
        paper = Paper(owner=owner, invoice=yen, series="J", issued=date(2026, 11, 2), body=body)
        file.issue(paper, lambda place: f"J{place}", body=lambda _number: body)
        paid = Payment(id="p", invoice=yen, day=date(2026, 11, 3), amount=Decimal(7159))
        file.pay(owner, [paid])
        file.draft(Paper(owner=owner, invoice=draft, body=body), [])
        found = {one.key: one for one in (await workspace.today.part("invoices")).value.items}
    assert found.keys() == {str(row["id"]) for row in rows} - {str(draft)}
    one = found[str(yen)]
    assert (one.amount, one.currency, one.detail) == (20000, "JPY", "invoice J1")


async def test_unpaid_invoices_name_their_client_and_say_their_amount(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with at_work(server, tmp_path) as workspace:
        found = (await workspace.today.part("invoices")).value
    rows = server.context.database.read(
        "SELECT i.id, i.amount, c.name FROM timesheets_invoices i"
        " JOIN timesheets_clients c ON c.id = i.client_id WHERE i.status = 'new'"
    )
    assert {one.key: one.title for one in found.items} == {
        str(row["id"]): row["name"] for row in rows
    }
    assert {one.key: one.amount for one in found.items} == {
        str(row["id"]): Decimal(row["amount"]) for row in rows
    }
    dues = [one.when for one in found.items if one.when]
    assert dues == sorted(dues)


async def test_events_are_of_the_books_that_are_open_and_lead_there(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with at_work(server, tmp_path) as workspace:
        items = (await workspace.today.part("events")).value.items
        shelf = (await workspace.books.shelf()).value
    assert items
    titles = {book_key(one): one.title for one in shelf.books if not one.archived}
    for one in items:
        book, _, event = one.key.partition("#")
        assert event.isdecimal()
        assert titles[book] == one.detail
        assert one.when is not None
        assert datetime.now(UTC) - timedelta(days=1) < one.when < datetime.now(UTC) + SOON


async def test_what_is_approved_and_not_paid_is_told_by_client(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with at_work(server, tmp_path) as workspace:
        found = (await workspace.today.part("work")).value
    rows = server.context.database.read(
        "SELECT p.client_id AS client, e.id FROM timesheets_entries e"
        " JOIN timesheets_tasks t ON t.id = e.task_id"
        " JOIN timesheets_projects p ON p.id = t.project_id"
        " WHERE e.status = 'approved' AND e.payment_status = 'pending'"
    )
    entries = {(row["client"], row["id"]) for row in rows}
    named = [tuple(map(int, one.key.split("#"))) for one in found.items]
    assert set(named) <= entries
    assert [client for client, _ in named] == list(dict(named))
    assert {client for client, _ in named} == {client for client, _ in entries}
    seconds = [one.count or 0 for one in found.items]
    assert seconds == sorted(seconds, reverse=True)
    assert all(seconds)


async def test_one_services_silence_hides_no_other(tmp_path: Path) -> None:
    with EmbeddedServer(services=["timetonic", "timesheets"]) as server:
        async with at_work(server, tmp_path) as workspace:
            assert (await workspace.today.part("books")).value.items
            with pytest.raises(ServiceError, match="igtimi"):
                await workspace.today.part("sessions")
            assert (await workspace.today.part("invoices")).value.items
    workspace = workspace_of(server, tmp_path)
    try:
        with pytest.raises(ConnectionFailed):
            await workspace.today.part("books")
    finally:
        await workspace.close()
