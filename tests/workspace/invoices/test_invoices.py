"""The use cases of Invoices: whose an invoice is, what work comes to, changes and their undo."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.deck import at_work, workspace_of
from tests.harness import EmbeddedServer
from tui.services.errors import ConnectionFailed, PermissionDenied, Refused, ServiceError
from tui.services.timesheets.answers import Found, Group, Grouped
from tui.services.timesheets.records import Invoice
from tui.workspace.invoices import work
from tui.workspace.invoices.amounts import decimals, money, plain, total
from tui.workspace.invoices.book import EMPTY
from tui.workspace.invoices.invoices import Clients, InvoiceDesk, Invoices
from tui.workspace.invoices.owners import FEW, all_invoices
from tui.workspace.invoices.work import Work
from tui.workspace.partial import collecting
from tui.workspace.side_by_side import AT_ONCE

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedServer]:
    with EmbeddedServer(services=["timesheets"]) as running:
        yield running


async def kestrel(desk: InvoiceDesk) -> tuple[Clients, int, Work]:
    """The clients, one of them by id, and its work."""
    clients = (await desk.clients()).value
    number = next(one.id for one in clients.clients if one.name.startswith("Kestrel"))
    work = (await desk.work.of_client(number, clients.projects_of(number))).value
    return clients, number, work


async def test_of_many_projects_a_few_are_asked_for_at_once_and_all_or_none_is_told(
    server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A client with hundreds of them would have as many reads in the way of all others."""
    real, together, most, asked = work.__dict__["_of_project"], 0, 0, 0

    async def counted(service: Any, number: int) -> Any:
        nonlocal together, most, asked
        asked, together = asked + 1, together + 1
        most = max(most, together)
        try:
            return await real(service, number)
        finally:
            together -= 1

    async def denied(_service: Any, number: int) -> Any:
        nonlocal asked
        asked += 1
        raise PermissionDenied(f"project {number} is not yours")

    async with at_work(server, tmp_path) as workspace:
        desk = workspace.invoices
        clients = (await desk.clients()).value
        one = next(iter(clients.projects.values()))
        projects = [one] * (4 * AT_ONCE)
        monkeypatch.setattr(work, "_of_project", counted)
        await desk.work.of_client(one.client_id or 0, projects)
        assert (asked, most) == (len(projects), AT_ONCE)
        asked = 0
        monkeypatch.setattr(work, "_of_project", denied)
        with collecting() as left_out, pytest.raises(PermissionDenied):
            await desk.work.of_client(one.client_id or 0, projects)
        assert left_out == []
        assert asked <= AT_ONCE


class Chapter:
    """The searches for invoices of a service that groups, refuses to, or does it its own way."""

    def __init__(self, owners: dict[int, int], grouping: str) -> None:
        self.owners = owners
        self.grouping = grouping
        self.asked: list[list[int]] = []

    @property
    def invoice(self) -> Any:
        """The chapter itself, as the client has it."""
        return self

    async def search(self, client_id: list[int], limit: int, offset: int) -> Found[Invoice]:
        self.asked.append(client_id)
        found = [Invoice(id=one) for one, whose in self.owners.items() if whose in client_id]
        return Found(items=found[offset : offset + limit], count=len(found))

    async def search_group(
        self, client_id: list[int], group_by: str, limit: int
    ) -> Grouped[Invoice]:
        if self.grouping == "refused":
            raise Refused("group_by may not be this")
        groups: list[Group[Invoice]] = []
        for whose in client_id:
            items = [Invoice(id=one) for one, owner in self.owners.items() if owner == whose]
            value: object = {"ids": str(whose), "names": f"Client {whose}"}[self.grouping]
            groups.append(Group(value=value, count=len(items), items=items))
        return Grouped(groups=groups[:limit], count=len(groups))


async def owners_found(chapter: Chapter, clients: list[int]) -> dict[int, int | None]:
    service: Any = chapter
    return {one.id: one.client_id for one in await all_invoices(service, clients)}


OWNERS = {11: 1, 12: 2, 13: 1, 14: 3}


async def test_one_grouped_search_tells_whose_an_invoice_is() -> None:
    chapter = Chapter(OWNERS, "ids")
    assert await owners_found(chapter, [1, 2, 3]) == OWNERS
    assert chapter.asked == [[1, 2, 3]]


@pytest.mark.parametrize("grouping", ["refused", "names"])
async def test_without_such_groups_few_clients_are_asked_one_by_one(grouping: str) -> None:
    chapter = Chapter(OWNERS, grouping)
    assert await owners_found(chapter, [1, 2, 3]) == OWNERS
    assert sorted(chapter.asked) == [[1], [1, 2, 3], [2], [3]]


async def test_of_many_clients_it_stays_open_whose_an_invoice_is() -> None:
    many = list(range(1, FEW + 2))
    chapter = Chapter(OWNERS, "refused")
    assert await owners_found(chapter, many) == dict.fromkeys(OWNERS)
    assert chapter.asked == [many]
    assert not Invoices(invoices=[Invoice(id=1)]).owned


async def test_one_client_is_the_owner_and_none_has_no_invoice() -> None:
    assert await owners_found(Chapter(OWNERS, "refused"), [1]) == {11: 1, 13: 1}
    assert await owners_found(Chapter(OWNERS, "refused"), []) == {}


async def test_what_clients_owe_is_the_sum_of_their_own_invoices(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with at_work(server, tmp_path) as workspace:
        desk = workspace.invoices
        clients = (await desk.clients()).value
        found = (await desk.invoices([one.id for one in clients.clients])).value
        assert found.owned
        rows = server.context.database.read(
            "SELECT client_id, amount FROM timesheets_invoices WHERE status = 'new'"
        )
        for client in clients.clients:
            owed = sum(
                (Decimal(row["amount"]) for row in rows if row["client_id"] == client.id), Decimal()
            )
            mine = found.of(client.id).invoices
            assert sum((EMPTY.open(one) for one in mine), Decimal()) == owed
        assert [one.paid for one in found.invoices] == sorted(one.paid for one in found.invoices)
        kept = await desk.kept_invoices()
        assert kept is not None
        assert kept.value == found


async def test_only_what_is_changed_of_an_invoice_or_an_entry_is_sent_and_taken_back(
    server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[tuple[str, dict[str, Any]]] = []

    async with at_work(server, tmp_path) as workspace:
        desk = workspace.invoices
        service = await workspace.connections.timesheets()
        post = service.post

        async def noted(call: str, /, **values: Any) -> Any:
            if call.endswith("/update"):
                given = {name: value for name, value in values.items() if value is not None}
                sent.append((call, given))
            return await post(call, **values)

        monkeypatch.setattr(service, "post", noted)
        _, number, work = await kestrel(desk)
        invoice = next(one for one in (await desk.invoices_of(number)).invoices if not one.paid)
        due, after = invoice.due_date, date(2026, 5, 3)
        assert due is not None
        assert not await desk.change(invoice)
        assert not await desk.change(invoice, amount=invoice.amount)
        assert await desk.change(invoice, due=after)
        await workspace.history.undo()
        entry = work.entries[0]
        start = entry.start_time
        assert start is not None
        assert not await desk.work.change_entry(entry)
        assert await desk.work.change_entry(entry, start=start - timedelta(hours=1))
        await workspace.history.undo()
    changed, entered = {"invoice_id": invoice.id}, {"time_entry_id": entry.id}
    assert sent == [
        ("invoice/update", {**changed, "due_date": datetime(2026, 5, 3, tzinfo=UTC)}),
        ("invoice/update", {**changed, "due_date": due}),
        ("ts/update", {**entered, "start_datetime": start - timedelta(hours=1)}),
        ("ts/update", {**entered, "start_datetime": start}),
    ]


async def test_work_has_every_task_and_the_hours_on_it(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with at_work(server, tmp_path) as workspace:
        _, number, work = await kestrel(workspace.invoices)
        rows = server.context.database.read(
            "SELECT t.id FROM timesheets_tasks t JOIN timesheets_projects p ON p.id = t.project_id"
            " WHERE p.client_id = ?",
            (number,),
        )
        assert set(work.tasks) == {row["id"] for row in rows}
        assert sum(work.worked().values()) == sum(one.duration or 0 for one in work.entries)
        assert len(work.entries) == work.total
        starts = [one.start_time for one in work.entries if one.start_time]
        assert starts == sorted(starts, reverse=True)
        kept = await workspace.invoices.work.kept(number)
        assert kept is not None
        assert kept.value == work


async def test_a_client_with_project_task_and_entry_is_made_changed_and_undone(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with at_work(server, tmp_path) as workspace:
        desk, undo = workspace.invoices, workspace.history.undo

        async def client() -> Any:
            found = (await desk.clients()).value
            return next((one for one in found.clients if one.id == number), None), found

        number = await desk.work.add_client({"name": "Loft & Co", "city": "Kiel", "phone": None})
        made, _ = await client()
        assert (made.name, made.city) == ("Loft & Co", "Kiel")
        assert not await desk.work.change(made, {"city": "Kiel", "phone": None}), "nothing is sent"
        await desk.work.change(made, {"city": None, "phone": "1"})
        assert [(await client())[0].city, (await client())[0].phone] == ["", "1"]
        await undo()
        assert [(await client())[0].city, (await client())[0].phone] == ["Kiel", ""]
        project = await desk.work.add_project(number, {"name": "Sails", "status": "new"})
        task = await desk.work.add_task(
            {"project_id": project, "name": "Cut", "estimate": Decimal("2.5"),
             "estimate_unit": "hours"}
        )  # fmt: skip
        me = (await desk.work.people())[0]
        end = datetime.now(UTC).replace(microsecond=0)
        entry = await desk.work.add_entry(
            {"user_id": me.id, "task_id": task, "start_time": end - timedelta(hours=1),
             "end_time": end}
        )  # fmt: skip
        _, clients = await client()
        projects = clients.projects_of(number)
        assert [one.name for one in projects] == ["Sails"]
        work = (await desk.work.of_client(number, projects)).value
        assert (work.tasks[task].name, work.worked()) == ("Cut", {task: 3600})
        await desk.work.change_entry(work.entries[0], start=end - timedelta(hours=2))
        work = (await desk.work.of_client(number, projects)).value
        assert work.entries[0].duration == 7200
        await undo()
        work = (await desk.work.of_client(number, projects)).value
        assert (work.entries[0].id, work.entries[0].duration) == (entry, 3600)
        for _ in ("entry", "task", "project", "client"):
            await undo()
        assert (await client())[0] is None


async def test_what_is_on_an_invoice_is_not_deleted_and_the_service_says_why(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with at_work(server, tmp_path) as workspace:
        _, number, _ = await kestrel(workspace.invoices)
        with pytest.raises(ServiceError, match="invoices"):
            await workspace.invoices.work.delete("client", number, "Kestrel Instruments")
        (entry,) = workspace.history.changes.newest(1)
        assert (entry.title, entry.state) == ("Delete client Kestrel Instruments", "refused")


async def test_comments_name_who_wrote_them(server: EmbeddedServer, tmp_path: Path) -> None:
    async with at_work(server, tmp_path) as workspace:
        desk = workspace.invoices
        _, _, work = await kestrel(desk)
        entry = work.entries[0]
        await desk.work.comment_on_entry(entry.id, "[bold]seen[/]")
        remark = (await desk.work.entry_remarks(entry.id))[-1]
        assert (remark.author, remark.text) == ("Demo Owner", "[bold]seen[/]")
        task = work.tasks[entry.task_id or 0]
        await desk.work.comment_on_task(task, "soon")
        assert (await desk.work.task_remarks(task.id))[-1].text == "soon"


async def test_a_silent_service_is_an_error_and_not_an_empty_list(tmp_path: Path) -> None:
    with EmbeddedServer(services=["timesheets"]) as server:
        workspace = workspace_of(server, tmp_path)
    try:
        with pytest.raises(ConnectionFailed):
            await workspace.invoices.clients()
    finally:
        await workspace.close()


async def test_paid_is_taken_back_both_ways(server: EmbeddedServer, tmp_path: Path) -> None:
    async with at_work(server, tmp_path) as workspace:
        desk, undo = workspace.invoices, workspace.history.undo
        clients, number, _ = await kestrel(desk)

        async def state() -> tuple[Invoice, set[str]]:
            found = (await desk.invoices_of(number)).invoices
            work = (await desk.work.of_client(number, clients.projects_of(number))).value
            rows = server.context.database.read(
                "SELECT payment_status FROM timesheets_entries WHERE invoice_id = ?", (chosen.id,)
            )
            assert work.entries
            invoice = next(one for one in found if one.id == chosen.id)
            return invoice, {row["payment_status"] for row in rows}

        found = (await desk.invoices_of(number)).invoices
        chosen, paid_on = found[0], datetime(2026, 2, 3, tzinfo=UTC)
        await desk.pay(chosen, paid_on)
        chosen, entries = await state()
        assert (chosen.paid, entries) == (True, {"payed"})
        await desk.unpay(chosen)
        assert ((await state())[0].paid, (await state())[1]) == (False, {"pending"})
        await undo()
        again, entries = await state()
        assert (again.paid, again.payed_date, entries) == (True, paid_on, {"payed"})
        await desk.unpay(again)
        await desk.pay((await state())[0], datetime(2026, 3, 4, tzinfo=UTC))
        assert (await state())[0].paid
        await undo()
        assert ((await state())[0].paid, (await state())[1]) == (False, {"pending"})


def test_only_what_the_service_cannot_do_is_said_not_to_be_possible() -> None:
    words = "cannot take"
    said = [
        path.name
        for path in (ROOT / "tui").rglob("*.py")
        if words in path.read_text(encoding="utf-8") and "invoices" in path.parts
    ]
    assert not said


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        ("1234.5", "", "1,234.50"),
        ("-12.5", "€", "€ -12.50"),
        ("1234.5", "JPY", "JPY 1,235"),
        ("1234.5", "¥", "¥ 1,235"),
        ("1234.5", "CNY", "CNY 1,234.50"),
        ("1.2345", "BHD", "BHD 1.235"),
        ("1.2345", "bhd", "bhd 1.235"),
        ("1.5", "CLF", "CLF 1.5000"),
        ("-0.001", "€", "€ 0.00"),
        ("-0.4", "JPY", "JPY 0"),
        ("0.125", "$", "$ 0.13"),
        ("-0.125", "$", "$ -0.13"),
        ("0.5", "JPY", "JPY 1"),
        ("1e40", "", f"{10**40:,}.00"),
    ],
)
def test_amounts_have_the_digits_of_their_currency(amount: str, currency: str, text: str) -> None:
    assert money(Decimal(amount), currency) == text
    assert money(None, currency) == ""


def test_an_amount_to_be_typed_keeps_all_that_it_has() -> None:
    assert plain(Decimal("12.5"), "€") == "12.50"
    assert plain(Decimal("1234567.5"), "€") == "1234567.50"
    assert plain(Decimal("12.345"), "€") == "12.345"
    assert plain(Decimal("12.00"), "JPY") == "12"
    assert plain(Decimal("12.5"), "BHD") == "12.500"
    assert [decimals(Decimal(one), "€") for one in ("1", "1.234")] == [2, 3]
    assert decimals(Decimal("12"), "JPY") == 0
    assert [decimals(None, one) for one in ("€", "JPY", "BHD")] == [2, 0, 3]
    assert decimals(Decimal("1.2345"), "JPY") == 4, "none that it has is taken away"


def test_rows_and_their_sum_agree_or_it_is_said() -> None:
    assert total([Decimal("0.10"), Decimal("0.20")], "€") == "€ 0.30"
    assert total([Decimal("0.005")] * 2, "€") == "€ 0.01 (rows rounded)"
    assert total([Decimal("0.4")] * 3, "JPY") == "JPY 1 (rows rounded)"
    assert total([], "€") == "€ 0.00"


@given(
    st.lists(st.decimals(min_value=-(10**6), max_value=10**6, places=4), max_size=8),
    st.sampled_from(["", "JPY", "BHD", "€"]),
)
def test_what_is_said_about_a_sum_is_so(amounts: list[Decimal], currency: str) -> None:
    rows = [Decimal(money(one, currency).replace(currency, "").replace(",", "")) for one in amounts]
    said = total(amounts, currency)
    shown = Decimal(said.partition(" (")[0].replace(currency, "").replace(",", ""))
    assert (sum(rows, Decimal()) == shown) == ("rounded" not in said)
    assert not shown.is_signed() or shown < 0, "nothing has no minus"
