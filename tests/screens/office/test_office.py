"""Office by key: what the service keeps beside work, links, and what recurs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.deck import deck_of, loaded, opened, put, screen_text, shown, until
from tests.harness import EmbeddedServer
from tui.screens.office.office_pane import OfficePane
from tui.widgets.grid import Grid
from tui.workspace.times import today_in


@pytest.fixture
def server() -> Iterator[EmbeddedServer]:
    """One of its own: people and rates are for all."""
    with EmbeddedServer(services=["timesheets"]) as running:
        yield running


async def office(pilot: Pilot[Any], key: str, *texts: str) -> Grid:
    """To the office from Invoices, once these texts stand there."""
    await until(pilot, lambda: "Bayshore" in screen_text(pilot))
    await loaded(pilot)
    await pilot.press(key)
    await until(pilot, lambda: shown(pilot, *texts), f"{texts}")
    await loaded(pilot)
    return pilot.app.screen.query_one("#office-grid", Grid)


async def turned(pilot: Pilot[Any], *texts: str) -> None:
    """The next view, once these texts stand there."""
    await pilot.press("o")
    await until(pilot, lambda: shown(pilot, *texts), f"{texts}")
    await loaded(pilot)


async def test_people_groups_schedules_and_rates_are_made_found_changed_and_deleted(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of(server, tmp_path, "invoices")
    async with opened(app, (80, 24)) as pilot:
        grid = await office(pilot, "O", "▌Users", "Amara Okafor", "48.00")

        async def made(name: str) -> None:
            await until(pilot, lambda: f"Made {name}" in screen_text(pilot))
            await until(pilot, lambda: "Zelda" in grid.cursor_text and grid.has_focus, "on it")
            await loaded(pilot)

        await pilot.press("a")
        await until(pilot, lambda: shown(pilot, "New user", "E-mail *"))
        await pilot.press(*"zelda@example.org", "tab", *"Zelda", "f2")
        await made("user zelda@example.org. u deletes it again.")
        await pilot.press("slash", *"zelda")
        await until(
            pilot, lambda: "1 of " in screen_text(pilot) and "Amara" not in screen_text(pilot)
        )
        await pilot.press("enter")
        await until(pilot, lambda: "Zelda" in grid.cursor_text and grid.has_focus, "on her row")
        await pilot.press("enter")
        await until(pilot, lambda: shown(pilot, "─ Users: ", "zelda@example.org"))
        await pilot.press("escape")
        await until(pilot, lambda: "─ Users: " not in screen_text(pilot) and grid.has_focus)
        await pilot.press("m")
        await until(pilot, lambda: shown(pilot, "User Zelda", "Active"))
        await pilot.press("tab", "tab", "tab", *"Sailmaker", "f2")
        await until(
            pilot, lambda: "Changed zelda@example.org. u puts it back." in screen_text(pilot)
        )
        await loaded(pilot)
        await pilot.press("d")
        await until(pilot, lambda: shown(pilot, "Delete user Zelda?", "type the name"))
        await pilot.press("escape")
        await until(pilot, lambda: "Delete user Zelda?" not in screen_text(pilot))
        await turned(pilot, "▌Groups", "Field crew")
        await pilot.press("a")
        await until(pilot, lambda: shown(pilot, "New group", "Name *"))
        await pilot.press(*"Zelda and crew", "f2")
        await made("group Zelda and crew")
        await pilot.press("p")
        await until(pilot, lambda: shown(pilot, "Members of Zelda and crew", "Amara"))
        await pilot.press("enter")
        await until(pilot, lambda: "✓ Amara Okafor  in it" in screen_text(pilot))
        await pilot.press("escape")
        await until(pilot, lambda: "Members of" not in screen_text(pilot))
        await pilot.press("u")
        await until(pilot, lambda: "Undone: Amara Okafor into Zelda and crew" in screen_text(pilot))
        await loaded(pilot)
        await turned(pilot, "▌Schedules", "Office hours", "08:00-17:59")
        await pilot.press("a")
        await until(pilot, lambda: shown(pilot, "New schedule", "Days *"))
        await pilot.press(*"Zelda at dawn", "f2")
        await made("schedule Zelda at dawn")
        assert "09:00-17:00" in grid.cursor_text
        await pilot.press("m")
        await until(pilot, lambda: shown(pilot, "Schedule Zelda at dawn", "Past midnight"))
        await pilot.press("tab", "tab", "tab")
        await put(pilot, "06:00")
        # It was taken: such hours hold at no moment.
        await pilot.press("f2")
        await until(pilot, lambda: shown(pilot, "is not after From: or is it Past midnight?"))
        await pilot.press("tab", "tab", "space", "f2")
        await until(pilot, lambda: "09:00-06:00" in grid.cursor_text, "past midnight")
        await loaded(pilot)
        await pilot.press("m")
        await until(pilot, lambda: shown(pilot, "Schedule Zelda at dawn", "Past midnight"))
        await pilot.press("tab", "tab", "tab")
        await put(pilot, "10:00")
        await pilot.press("f2")
        await until(pilot, lambda: shown(pilot, "it would be longer than a day"))
        await pilot.press("escape")
        await until(pilot, lambda: not shown(pilot, "longer than a day"))
        await loaded(pilot)
        await turned(pilot, "▌Rates", "Rigger, night tide")
        await pilot.press("d")
        await until(pilot, lambda: "Delete rate " in screen_text(pilot))
        gone = grid.cursor_key
        await pilot.press("y")
        await until(pilot, lambda: "✓ Deleted rate" in screen_text(pilot))
        await until(pilot, lambda: grid.cursor_key != gone, "seen again")
        await loaded(pilot)
        before = grid.row_count
        await pilot.press("u")
        await until(pilot, lambda: "It comes back as a new rate." in screen_text(pilot))
        await pilot.press("y")
        await until(pilot, lambda: "Undone: Delete rate" in screen_text(pilot))
        await until(pilot, lambda: grid.row_count == before + 1, "it is there again")
        await pilot.press("escape")
        await until(pilot, lambda: "▌Clients" in screen_text(pilot), "back on Invoices")


async def test_a_link_is_set_up_used_and_taken_away(server: EmbeddedServer, tmp_path: Path) -> None:
    app = deck_of(server, tmp_path, "invoices")
    async with opened(app, (80, 24)) as pilot:
        await office(pilot, "O", "▌Users", "Amara")
        await turned(pilot, "▌Groups", "Field crew")
        await turned(pilot, "▌Schedules", "Weekend")
        await turned(pilot, "▌Rates", "Rigger")
        await turned(pilot, "▌Links to bookkeeping", "QuickBooks", "Xero")
        await pilot.press("j", "v")
        await until(pilot, lambda: shown(pilot, "Nothing takes it back", "Import employees"))
        await pilot.press("escape")
        await until(pilot, lambda: "Import employees" not in screen_text(pilot))
        await pilot.press("m")
        await until(pilot, lambda: shown(pilot, "Set up Xero", "Client secret"))
        await pilot.press(*"me", "tab", *"hush", "f2")
        await until(pilot, lambda: "Set up Xero. enter has" in screen_text(pilot))
        kept = (tmp_path / "data" / "changes.db").read_bytes()
        assert b"Set up Xero" in kept + (tmp_path / "data" / "changes.db-wal").read_bytes()
        assert b"hush" not in kept + (tmp_path / "data" / "changes.db-wal").read_bytes()
        await pilot.press("enter")
        await until(pilot, lambda: shown(pilot, "https://xero.example.org", "Open this"))
        await pilot.press("escape")
        await until(pilot, lambda: "Open this" not in screen_text(pilot))
        await pilot.press("v")
        await until(pilot, lambda: "Import employees" in screen_text(pilot))
        await pilot.press("enter")
        await until(pilot, lambda: "Brought in " in screen_text(pilot))
        await loaded(pilot)
        await pilot.press("d")
        await until(pilot, lambda: "Disconnect Xero?" in screen_text(pilot))
        await pilot.press("y")
        await until(pilot, lambda: "Xero is disconnected." in screen_text(pilot))


async def test_what_recurs_is_told_drafted_by_one_key_and_taken_back(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of(server, tmp_path, "invoices")
    async with opened(app) as pilot:
        grid = await office(pilot, "R", "▌Recurring invoices", "No invoice recurs.")
        first = today_in(app.workspace.zone) - timedelta(days=40)
        await pilot.press("a")
        await until(pilot, lambda: shown(pilot, "New recurring invoice", "What *"))
        await pilot.press(*"Berth [b]", "tab", "tab", "space", "tab", *"Berth: 120.00")
        await pilot.press("tab", "tab", "tab", "ctrl+u", *f"{first}", "f2")
        await until(pilot, lambda: "Kept: Berth [b], every month." in screen_text(pilot))
        await until(pilot, lambda: "Berth [b]" in grid.cursor_text and grid.has_focus, "on it")
        await until(pilot, lambda: "2 invoices due" in screen_text(pilot))
        await loaded(pilot)
        await pilot.press("i")
        await until(pilot, lambda: shown(pilot, f"due {first}", "makes the draft", "120.00"))
        await pilot.press("f2")
        await until(pilot, lambda: "Made draft" in screen_text(pilot))
        await until(pilot, lambda: "1 invoice due" in screen_text(pilot))
        await loaded(pilot)
        await pilot.press("1")
        await until(pilot, lambda: "1 recurring invoice due" in screen_text(pilot))
        await pilot.press("6")
        await until(pilot, lambda: "▌Clients" in screen_text(pilot))
        await pilot.press("R")
        await until(pilot, lambda: "▌Recurring invoices" in screen_text(pilot))
        await loaded(pilot)
        await pilot.press("u")
        await until(pilot, lambda: "Undone: New invoice for" in screen_text(pilot))
        await until(pilot, lambda: "2 invoices due" in screen_text(pilot), "offered again")
        await loaded(pilot)
        await pilot.press("d")
        await until(pilot, lambda: "Delete Berth [b], every month?" in screen_text(pilot))
        await pilot.press("y")
        await until(pilot, lambda: "No invoice recurs." in screen_text(pilot))
        await pilot.press("u")
        await until(pilot, lambda: "Undone: Delete recurring invoice Berth" in screen_text(pilot))
        await until(pilot, lambda: "2 invoices due" in screen_text(pilot))


async def test_without_the_service_stands_what_was_kept_and_what_recurs_is_told(
    tmp_path: Path,
) -> None:
    name = "[red]" + "N" * 300 + "\x1b[31m"
    with EmbeddedServer(services=["timesheets"]) as running:
        app = deck_of(running, tmp_path, "invoices")
        async with opened(app) as pilot:
            await office(pilot, "O", "▌Users", "Amara Okafor")
            values = {"client": 1, "client_name": name, "title": name, "lines": "Berth: 9.00"}
            first = today_in(app.workspace.zone)
            await app.workspace.recurring.save(None, {**values, "first": first, "work": False})
    app = deck_of(running, tmp_path, "invoices")
    async with opened(app, (80, 24)) as pilot:
        await until(pilot, lambda: shown(pilot, "▌Clients", "Bayshore"))
        await pilot.press("O")
        await until(pilot, lambda: shown(pilot, "Amara Okafor", "as of "))
        # What is filtered or marked anew is as old as before.
        pane = app.screen.query_one(OfficePane)
        pane.show_standing()
        await pilot.press("slash", *"amara", "enter")
        await until(pilot, lambda: not shown(pilot, "Demo Owner"))
        assert shown(pilot, "Amara Okafor", "as of ")
        for text in ("Field crew", "Weekend", "Rigger", "QuickBooks"):
            await pilot.press("o")
            await until(pilot, lambda text=text: text in screen_text(pilot), text)  # type: ignore[misc]
        await pilot.press("o")
        await until(pilot, lambda: shown(pilot, "1 invoice due", "[red]NNN"))
        await pilot.press("enter")
        await until(pilot, lambda: shown(pilot, "Every month from", f"! due {first}"))
        await pilot.press("q")
        await until(pilot, lambda: not shown(pilot, "Every month from"))
        await pilot.press("x")
        await until(pilot, lambda: shown(pilot, f"Pass over {first}"))
        await pilot.press("enter")
        await until(pilot, lambda: shown(pilot, "is passed over."))
        await until(pilot, lambda: not shown(pilot, "1 invoice due"))
