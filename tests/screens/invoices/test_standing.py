"""Invoices that count, by key: drafted with a page, issued, paid in parts, taken back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deck import amount_of, deck_of, loaded, opened, put, screen_text, shown, until
from tests.harness import EmbeddedServer
from tests.screens.invoices.steps import bill, narrowed
from tui.screens.base import DeckScreen
from tui.widgets.grid import Grid
from tui.widgets.outline import Outline


@pytest.fixture
def server() -> Iterator[EmbeddedServer]:
    """One of its own: a number that is issued is taken for all."""
    with EmbeddedServer(services=["timesheets"]) as running:
        yield running


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_draft_is_issued_paid_in_parts_and_taken_back(
    server: EmbeddedServer, tmp_path: Path, size: tuple[int, int]
) -> None:
    app = deck_of(server, tmp_path, "invoices")
    async with opened(app, size) as pilot:
        await narrowed(pilot, "Quay")
        await bill(pilot)
        screen = app.screen
        assert isinstance(screen, DeckScreen)
        grid = screen.query_one("#invoice-grid", Grid)
        await until(pilot, lambda: grid.has_focus and "… draft" in grid.cursor_text, "on it")
        await loaded(pilot)
        await pilot.press("n")
        await until(
            pilot, lambda: shown(pilot, "Of today it will be 2", "-0001", "Issue it", "Due")
        )
        await put(pilot, "+40d")
        await pilot.press("f2")
        await until(pilot, lambda: shown(pilot, "has not come yet", "none can be issued of"))
        await pilot.press("n")
        await until(pilot, lambda: shown(pilot, "Choose another day", "Issue it", "Due"))
        await put(pilot, "today")
        await pilot.press("f2")
        # A day stands only behind “due”: behind “issued” it is read as that of the issue.
        state = "issued" if size[0] > 80 else "due "
        await until(pilot, lambda: state in grid.cursor_text, "the number")
        await until(pilot, lambda: shown(pilot, "✓ Issued as 2", "for good. D makes its document."))
        await loaded(pilot)
        for key in ("d", "u"):
            await pilot.press(key)
            await until(pilot, lambda: shown(pilot, "Credit note for 2", "stays billed"))
            await until(pilot, lambda: screen.busy_until("down") == 0.0, "the keys are its own")
            await pilot.press("escape")
            await until(pilot, lambda: not shown(pilot, "stays billed"))
            if key == "u":
                await until(pilot, lambda: shown(pilot, "Issue invoice", "p pass it over"))
                await pilot.press("p")
                # It was declined just now, and is no other for the draft that the invoice was.
                await until(pilot, lambda: shown(pilot, "New invoice for", "p pass it over"))
                await pilot.press("escape")
                await until(pilot, lambda: not shown(pilot, "p pass it over"))
        await pilot.press("p")
        await until(pilot, lambda: shown(pilot, " open ─", "Note it"))
        await put(pilot, "100")
        await pilot.press("f2")
        await until(pilot, lambda: shown(pilot, "Noted EUR 100.00", "part"))
        await loaded(pilot)
        await pilot.press("P")
        await until(pilot, lambda: shown(pilot, "Payments of invoice", "EUR 100.00"))
        await pilot.press("enter")
        await until(pilot, lambda: shown(pilot, "Take back EUR 100.00 of"))
        await pilot.press("y")
        await until(pilot, lambda: state in grid.cursor_text, "nothing is paid")
        await loaded(pilot)
        await pilot.press("x")
        await until(pilot, lambda: shown(pilot, "stays billed", "Write it"))
        await pilot.press("f2")
        await until(pilot, lambda: "cancelled" in grid.cursor_text, "taken back")
        await loaded(pilot)
        # What stays billed can be free later, too.
        await pilot.press("x")
        await until(pilot, lambda: shown(pilot, "Free its work", "Can it be billed again?"))
        await pilot.press("y")
        await until(pilot, lambda: shown(pilot, "can be billed again. u has it stay billed."))
        await until(pilot, lambda: not shown(pilot, " 0:00 h approved, to bill"), "free again")
        await loaded(pilot)
        await pilot.press("d")
        # It was asked whether to delete it, and refused after a yes.
        await until(pilot, lambda: shown(pilot, "was taken back: it stands"))
        await pilot.press("D")
        await until(pilot, lambda: shown(pilot, "Which document", "Credit note C2"))


async def test_what_became_of_a_drafts_work_is_said_before_it_is_issued(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of(server, tmp_path, "invoices")
    async with opened(app) as pilot:
        await narrowed(pilot, "Quay")
        await bill(pilot)
        grid = app.screen.query_one("#invoice-grid", Grid)
        await until(pilot, lambda: grid.has_focus and "… draft" in grid.cursor_text, "on it")
        await loaded(pilot)
        with server.context.database.write() as connection:
            connection.execute(
                "UPDATE timesheets_entries SET end_time = end_time + 1800 WHERE id ="
                " (SELECT max(id) FROM timesheets_entries WHERE invoice_id ="
                " (SELECT max(id) FROM timesheets_invoices))"
            )
        await pilot.press("n")
        await until(pilot, lambda: shown(pilot, "Of today it will be", "Since it was drafted"))


async def test_work_that_was_billed_at_another_rate_says_so_beside_the_prices_of_now(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of(server, tmp_path, "invoices")
    async with opened(app, (160, 40)) as pilot:
        await narrowed(pilot, "Quay")
        await bill(pilot)
        grid = app.screen.query_one("#invoice-grid", Grid)
        await until(pilot, lambda: grid.has_focus and "… draft" in grid.cursor_text, "on it")
        await loaded(pilot)
        assert not shown(pilot, "another rate")
        (count,) = server.context.database.read(
            "SELECT count(*) AS billed FROM timesheets_entries WHERE invoice_id ="
            " (SELECT max(id) FROM timesheets_invoices)"
        )
        with server.context.database.write() as connection:
            connection.execute("UPDATE timesheets_rates SET amount = CAST(amount + 7 AS TEXT)")
            connection.execute("UPDATE timesheets_users SET hourly_rate = hourly_rate + 7")
        await pilot.press("r")
        told = f"{count['billed']:,} billed at another rate ·"
        await until(pilot, lambda: shown(pilot, told), told)
        work = app.screen.query_one("#work-grid", Grid)
        whose = server.context.database.read(
            "SELECT max(id) AS id FROM timesheets_entries WHERE invoice_id ="
            " (SELECT max(id) FROM timesheets_invoices)"
        )
        work.focus()
        assert work.move_to_key(str(whose[0]["id"]))
        await pilot.press("enter")
        # Where its line ends is by the length of the price.
        await until(pilot, lambda: shown(pilot, "Time entry", "Price", "(1", "here"), "in full")


def rounded_by_the_service(server: EmbeddedServer, client: str) -> None:
    """So many seconds of one task that the sum of rounded entries is another than that of lines,
    which of the sample it is on most days only.
    """
    with server.context.database.write() as connection:
        connection.execute(
            "WITH RECURSIVE many(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM many WHERE n < 400)"
            " INSERT INTO timesheets_entries (user_id, task_id, start_time, end_time, status,"
            " payment_status, approve_date, updated)"
            " SELECT user_id, task_id, start_time + n, start_time + n + 1, status,"
            " payment_status, approve_date, updated FROM many, (SELECT entry.*"
            " FROM timesheets_entries AS entry JOIN timesheets_tasks AS task ON task.id = task_id"
            " JOIN timesheets_projects AS project ON project.id = project_id"
            " JOIN timesheets_clients AS client ON client.id = client_id WHERE client.name = ?"
            " AND entry.status = 'approved' AND invoice_id IS NULL LIMIT 1)",
            (client,),
        )


async def test_a_period_is_billed_and_the_page_says_what_is_to_be_known(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    rounded_by_the_service(server, "Kestrel Instruments")
    with server.context.database.write() as connection:
        # The two of the sample say of their entries that they bill them; of this nobody knows.
        unknown = connection.execute(
            "INSERT INTO timesheets_invoices (client_id, due_date, amount, created, updated)"
            " SELECT id, updated, '12.00', updated, updated FROM timesheets_clients"
            " WHERE name = 'Kestrel Instruments'"
        ).lastrowid
    app = deck_of(server, tmp_path, "invoices")
    async with opened(app) as pilot:
        await narrowed(pilot, "Kestrel")
        await pilot.press("i")
        await until(pilot, lambda: shown(pilot, "Discount", "Show the lines"))
        await pilot.press("down", "down", "down")
        await put(pilot, "2026-01-01")
        await pilot.press("f2")
        await until(pilot, lambda: shown(pilot, "None of it is of these days"), "kept in the form")
        await pilot.press("down", "down", "down")
        await put(pilot, "")
        await pilot.press("down")
        await put(pilot, "reverse", "10 % loyal", "1: -5.00 [b]goodwill")
        await pilot.press("f2")
        await until(
            pilot,
            lambda: shown(
                pilot, "makes the invoice", " h × ", ". The service is told EUR ",
                f"! 1 unpaid invoice of this client ({unknown}) came from elsewhere",
                "The service reckons EUR", "! The buyer owes the VAT",
            ),
        )  # fmt: skip
        await pilot.press("G")
        await until(
            pilot,
            lambda: shown(
                pilot, "Discount 10 %, loyal", "Without VAT", "No VAT of EUR", "(reverse charge)",
                "Total", "rounded half up",
            ),
        )  # fmt: skip
        await pilot.press("g")
        await until(pilot, lambda: shown(pilot, "Discount, [b]goodwill: -EUR 5.00"))
        await pilot.press("escape")
        await until(pilot, lambda: shown(pilot, "Show the lines", "10 % loyal"), "back in the form")


async def test_every_list_is_filtered_by_typing(server: EmbeddedServer, tmp_path: Path) -> None:
    app = deck_of(server, tmp_path, "invoices")
    async with opened(app) as pilot:
        await until(pilot, lambda: shown(pilot, "Old Mill Trust", "! overdue"))
        await loaded(pilot)
        grid = app.screen.query_one("#invoice-grid", Grid)
        every = grid.row_count
        grid.focus()
        await until(pilot, lambda: grid.has_focus)
        await pilot.press("slash", *"old overdue", "enter")
        await until(pilot, lambda: shown(pilot, f"2 of {every}"))
        assert grid.row_count == 2
        await pilot.press("slash", *" nowhere", "enter")
        await until(pilot, lambda: shown(pilot, "Nothing holds “old overdue nowhere”."))
        await pilot.press("slash", "escape")
        await until(pilot, lambda: grid.row_count == every)
        app.screen.query_one("#client-list", Outline).focus()
        await pilot.press("slash", *"[b]nobody", "enter")
        await until(pilot, lambda: shown(pilot, "Nothing holds “[b]nobody”."))
    app = deck_of(server, tmp_path, "invoices")
    async with opened(app) as pilot:
        await narrowed(pilot, "Quay")
        work = app.screen.query_one("#work-grid", Grid)
        work.focus()
        await until(pilot, lambda: work.has_focus)
        await pilot.press("slash", *"permits", "enter")
        await until(pilot, lambda: shown(pilot, " shown · "))
        assert all("Permits" in str(work.source.row(row)) for row in range(work.row_count))
        await until(pilot, lambda: work.has_focus)
        await pilot.press("o")
        await until(pilot, lambda: shown(pilot, "▌Tasks ─") and work.row_count > 1, "all tasks")
        assert not shown(pilot, " shown · "), "another list is not narrowed by what was typed"
        await pilot.press("slash")
        await until(pilot, lambda: shown(pilot, "filter: enter keeps"), "an empty line")


STATEMENT = """Date,Amount,Currency,Description,Name,Transaction ID
2026-11-20,{amount},,thanks,LUMEN & LARK,T1
2026-11-21,10.00,,a part,Somebody,T2
2026-11-22,-5.00,,fee,Bank,T3
"""


async def test_a_statement_is_looked_at_changed_and_noted_once(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    file = tmp_path / "bank.csv"
    file.write_text(STATEMENT.format(amount=amount_of(server, 8)))
    app = deck_of(server, tmp_path, "invoices")
    async with opened(app) as pilot:
        await until(pilot, lambda: shown(pilot, "Old Mill Trust", "! overdue"))
        await loaded(pilot)
        await pilot.press("b")
        await until(pilot, lambda: shown(pilot, "CAMT.053, MT940 or CSV"))
        await put(pilot, str(file))
        await until(pilot, lambda: shown(pilot, "amount and name", "no invoice fits", "1 movement"))
        grid = app.screen.query_one("#bank-grid", Grid)
        assert not grid.marked, "without a number nothing is sure"
        await pilot.press("space", "j", "enter")
        await until(pilot, lambda: shown(pilot, "What it is for", "For no invoice"))
        await pilot.press("slash", *"13 old", "enter")
        await until(pilot, lambda: shown(pilot, "as you say"))
        assert grid.marked == {"0", "1"}
        await pilot.press("f2")
        await until(pilot, lambda: shown(pilot, "Noted 2 payments, 1 invoice paid in full."))
        await loaded(pilot)
        left = amount_of(server, 13) - 10
        await until(pilot, lambda: shown(pilot, f"{left:,}"), "what is open of 13")
        await pilot.press("b")
        await until(pilot, lambda: shown(pilot, "CAMT.053, MT940 or CSV"))
        await put(pilot, str(file))
        await until(pilot, lambda: screen_text(pilot).count("noted before") == 2)
        await pilot.press("f2")
        await until(pilot, lambda: shown(pilot, "nothing was noted"))
        await pilot.press("w")
        await until(pilot, lambda: shown(pilot, "over 90", "All clients", "2026-11", "Paid"))
