"""What the keys of Invoices do in each pane: read, change, comment and delete."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.deck import deck_of, loaded, opened, put, screen_text, shown, until
from tests.harness import EmbeddedServer
from tests.screens.invoices.steps import narrowed
from tui.screens.invoices.work_pane import WorkPane
from tui.widgets.grid import Grid
from tui.widgets.outline import Outline


async def at_work(pilot: Pilot[Any], client: str, *, views: int) -> None:
    """The cursor in the lower pane of one client, some views further."""
    await narrowed(pilot, client)
    pilot.app.screen.query_one("#work-grid", Grid).focus()
    await pilot.pause()
    title = ("▌Work ─", "▌Tasks ─", "▌Projects ─")[views]
    await pilot.press(*["o"] * views)
    await until(pilot, lambda: shown(pilot, title), title)
    # Keys act on what the cursor is on: it is on nothing before the rows are there.
    grid = pilot.app.screen.query_one("#work-grid", Grid)
    await until(pilot, lambda: bool(grid.cursor_key), "the rows")


async def test_an_entry_is_read_changed_and_commented_on(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    # Which entry is the latest, and whether the sample comments on it, changes by day.
    with server.context.database.write() as connection:
        connection.execute("DELETE FROM timesheets_comments")
    async with opened(deck_of(server, tmp_path, "invoices")) as pilot:
        await at_work(pilot, "Quay", views=0)
        await pilot.press("enter")
        await until(
            pilot,
            lambda: shown(
                pilot, "Time entry", "Price", "EUR ", " h × ", "No comment. c writes one."
            ),
        )
        await pilot.press("escape", "c")
        await until(pilot, lambda: shown(pilot, "Comment on"))
        await pilot.press(*"seen", "f2")
        await until(pilot, lambda: shown(pilot, "✓ Commented on"))
        await pilot.press("enter")
        await until(pilot, lambda: shown(pilot, "1 comment", "seen"))
        assert "1 comments" not in screen_text(pilot)
        await pilot.press("escape", "m")
        await until(pilot, lambda: shown(pilot, "From *", "To *", "[ Save ]"))
        await pilot.press("escape")
        await until(pilot, lambda: not shown(pilot, "[ Save ]"))


async def test_a_task_is_read_changed_commented_on_and_deleted(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with opened(deck_of(server, tmp_path, "invoices")) as pilot:
        await at_work(pilot, "Quay", views=1)
        await pilot.press("a")
        await until(pilot, lambda: shown(pilot, "New task"))
        await pilot.press("enter")
        await put(pilot, "Walked task")
        await pilot.press("f2")
        await until(pilot, lambda: shown(pilot, "Made task Walked task"))
        await until(pilot, lambda: shown(pilot, "Oven schedule     0:00"), "it is in the list")
        await until(pilot, lambda: shown(pilot, "▌ Walked task"), "and the cursor on it")
        await pilot.press("enter")
        await until(pilot, lambda: shown(pilot, "Worked", "0:00 h", "No comment"))
        await pilot.press("escape", "c")
        await until(pilot, lambda: shown(pilot, "Comment on Walked task"))
        await pilot.press(*"soon", "f2")
        await until(pilot, lambda: shown(pilot, "✓ Commented on"))
        await pilot.press("m")
        await until(pilot, lambda: shown(pilot, "Task Walked task", "[ Save ]"))
        await pilot.press("escape", "d")
        await until(pilot, lambda: shown(pilot, "Delete Walked task?"))
        await pilot.press("y")
        await until(pilot, lambda: shown(pilot, "✓ Deleted Walked task"))


async def test_a_project_is_read_changed_and_goes_only_by_its_name(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with opened(deck_of(server, tmp_path, "invoices")) as pilot:
        await at_work(pilot, "Quay", views=2)
        await pilot.press("enter")
        await until(pilot, lambda: shown(pilot, "Client", "Quay Street Bakery", "Planned"))
        await pilot.press("escape", "c")
        await until(pilot, lambda: shown(pilot, "time entries and tasks can be commented on"))
        await pilot.press("m")
        await until(pilot, lambda: shown(pilot, "Planned from"))
        await pilot.press("escape", "d")
        await until(pilot, lambda: shown(pilot, "type the name"))
        await pilot.press("escape")
        await until(pilot, lambda: not shown(pilot, "type the name"))


async def test_an_invoice_is_changed_and_deleted_after_a_question(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with opened(deck_of(server, tmp_path, "invoices")) as pilot:
        await narrowed(pilot, "Kestrel")
        await pilot.press("enter", "m")
        await until(pilot, lambda: shown(pilot, "Change invoice 3"))
        await put(pilot, "1 250,50")
        await pilot.press("f2")
        await until(pilot, lambda: shown(pilot, "✓ Changed invoice 3"))
        await until(pilot, lambda: shown(pilot, "1,250.50"), "seen again")
        await pilot.press("u")
        await until(pilot, lambda: shown(pilot, "Undone: Change invoice 3"))
        await pilot.press("d")
        await until(pilot, lambda: shown(pilot, "Delete invoice 3 of"))
        await pilot.press("n")
        await until(pilot, lambda: not shown(pilot, "Delete invoice 3 of"))


@pytest.mark.parametrize(("pane", "key"), [("client-list", "i"), ("invoice-grid", "a")])
async def test_an_invoice_of_no_client_yet_asks_which(
    server: EmbeddedServer, tmp_path: Path, pane: str, key: str
) -> None:
    app = deck_of(server, tmp_path, "invoices")
    async with opened(app) as pilot:
        await until(pilot, lambda: shown(pilot, "All clients", "Bayshore"))
        await loaded(pilot)
        app.screen.query_one(f"#{pane}").focus()
        await until(pilot, lambda: app.screen.query_one(f"#{pane}").has_focus)
        await pilot.press(key)
        await until(pilot, lambda: shown(pilot, "Invoice of which client"))
        await pilot.press("escape")
        await until(pilot, lambda: not shown(pilot, "Invoice of which client"))
        assert shown(pilot, "Invoices of all clients")
        await pilot.press(key)
        await until(pilot, lambda: shown(pilot, "Invoice of which client"))
        await pilot.press("slash", *"quay", "enter")
        await until(pilot, lambda: shown(pilot, "Discount", "Show the lines"), "it goes on")
        await pilot.press("escape")
        await until(pilot, lambda: shown(pilot, "Invoices of Quay"), "whose it was to be")
        clients = app.screen.query_one("#client-list", Outline)
        assert clients.node is not None
        assert "Quay" in clients.node.label


async def test_what_was_just_made_is_not_said_to_be_gone_by_a_read_of_before(
    server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = deck_of(server, tmp_path, "invoices")
    async with opened(app) as pilot:
        await at_work(pilot, "Quay", views=2)
        desk, way = app.workspace.invoices, asyncio.Event()
        clients = desk.clients

        async def later() -> object:
            await way.wait()
            return await clients()

        await pilot.press("a")
        await until(pilot, lambda: shown(pilot, "Planned from"))
        await put(pilot, "Spinnakers")
        monkeypatch.setattr(desk, "clients", later)
        await pilot.press("f2")
        await until(pilot, lambda: shown(pilot, "✓ Made project Spinnakers"))
        work = app.screen.query_one(WorkPane)
        work.ask_again()
        loads = work.loads
        assert loads is not None
        await until(pilot, lambda: loads.is_finished)
        assert not shown(pilot, "any more")
        way.set()
        await until(pilot, lambda: "Spinnakers" in work.grid.cursor_text, "the cursor on it")


async def test_what_needs_one_client_asks_which(server: EmbeddedServer, tmp_path: Path) -> None:
    async with opened(deck_of(server, tmp_path, "invoices")) as pilot:
        await until(pilot, lambda: shown(pilot, "All clients", "Bayshore"))
        await loaded(pilot)
        for key, words, then in (
            ("m", "Change which client", "[ Save ]"),
            ("d", "Delete which client", "Delete Quay Street Bakery?"),
            ("y", "Copy the name of which client", "Quay Street Bakery"),
            ("o", "Work of which client", "to bill"),
        ):
            await pilot.press("home")
            await until(pilot, lambda: shown(pilot, "Invoices of all clients"))
            await pilot.press(key)
            await until(pilot, lambda words=words: shown(pilot, words), words)  # type: ignore[misc]
            await pilot.press("slash", *"quay", "enter")
            await until(pilot, lambda then=then: shown(pilot, then), then)  # type: ignore[misc]
            await pilot.press("escape")
            await until(pilot, lambda: shown(pilot, "Invoices of Quay"))
        await pilot.press("home", "v")
        await until(pilot, lambda: shown(pilot, "Approve means nothing here."))
