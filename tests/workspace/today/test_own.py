"""What is kept here alone counts on Today: what recurs and is due, and what nobody owes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from tests.deck import at_work
from tests.harness import EmbeddedServer
from tests.workspace.invoices.billing import made, read
from tui.store.papers import Recurring
from tui.workspace.invoices.recurring import due
from tui.workspace.times import today_in
from tui.workspace.today.items import Item, Items
from tui.workspace.today.waits import Place, waits

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)


def test_recurring_invoices_that_are_due_stand_between_what_is_late_and_work_to_bill() -> None:
    one = Recurring(
        id="a", client=1, client_name="Loft", title="Berth", first=date(2026, 10, 31)
    )  # fmt: skip
    late = Item(key="3", title="Kestrel", when=NOW - timedelta(days=9))
    work = Item(key="1#7", title="Loft", count=3600)
    parts = {"invoices": Items(items=[late], total=1), "work": Items(items=[work], total=1)}
    periods = due(one, NOW.date(), ())
    found = waits(parts, (), (), UTC, NOW, "EUR", periods)  # type: ignore[arg-type]
    assert [each.title for each in found] == [
        "1 invoice overdue", "1 recurring invoice due", "Approved, not paid",
    ]  # fmt: skip
    assert found[1].place == Place("office", "a", "recurring")
    assert found[1].detail == "Berth"
    two = waits(parts, (), (), UTC, NOW, "EUR", due(one, date(2026, 11, 30), ()))  # type: ignore[arg-type]
    assert two[1].title == "2 recurring invoices due"
    assert len(two[1].parts) == 2


async def test_a_draft_and_what_a_credit_note_took_back_are_owed_by_nobody(tmp_path: Path) -> None:
    with EmbeddedServer(services=["timesheets"]) as server:
        async with at_work(server, tmp_path) as workspace:
            before = await workspace.today.part("invoices")
            assert not (tmp_path / "data" / "invoices.db").exists(), "to look makes no file"
            number = await made(workspace)
            drafted = await workspace.today.part("invoices")
            assert drafted.value == before.value, "nobody was asked to pay it"
            invoice, _ = await read(workspace, number)
            day = today_in(workspace.zone)
            await workspace.papers.issue(invoice, day)
            issued = await workspace.today.part("invoices")
            assert issued.value.total == before.value.total + 1
            await workspace.papers.credit(invoice, day, frees=False)
            invoice, book = await read(workspace, number)
            assert not invoice.paid, "the service keeps it new"
            assert book.state(invoice, workspace.zone) == "cancelled"
            assert (await workspace.today.part("invoices")).value == before.value


async def test_what_an_invoice_from_elsewhere_is_in_is_its_clients_own(tmp_path: Path) -> None:
    with EmbeddedServer(services=["timesheets"]) as server:
        async with at_work(server, tmp_path) as workspace:
            before = (await workspace.today.part("invoices")).value.items
            assert {one.currency for one in before} == {""}
            table = f'["{before[0].title}"]\ncurrency = "JPY"\n'
            folder = workspace.locations.config
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "clients.toml").write_text(table, encoding="utf-8")
            found = (await workspace.today.part("invoices")).value.items
            own = {one.title for one in found if one.currency == "JPY"}
            assert own == {before[0].title}
            (folder / "clients.toml").write_text("[", encoding="utf-8")
            broken = await workspace.today.part("invoices")
            assert broken.value.items == before
            assert [one.name for one in broken.left_out] == ["What clients are billed in"]
