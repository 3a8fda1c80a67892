"""The Invoices screen: from approved work to a paid invoice, seen again on the server."""

from __future__ import annotations

from pathlib import Path

from tests.deck import deck_of, opened, screen_text, until
from tests.harness import EmbeddedServer


async def test_an_invoice_from_work_to_payment(server: EmbeddedServer, tmp_path: Path) -> None:
    app = deck_of(server, tmp_path, "invoices")
    async with opened(app) as pilot:
        await until(pilot, lambda: "Bayshore" in screen_text(pilot))
        await pilot.press("slash", *"Bayshore", "enter")
        await until(pilot, lambda: "Invoices of Bayshore" in screen_text(pilot))
        await until(pilot, lambda: "h approved, not paid" in screen_text(pilot))
        before = len(app.workspace.invoices._history.journal.entries())
        await pilot.press("a")
        await until(pilot, lambda: "Reckon the price" in screen_text(pilot))
        await pilot.press("f2")
        await until(pilot, lambda: "The service reckons" in screen_text(pilot))
        await pilot.press("f2")
        await until(pilot, lambda: "Made invoice" in screen_text(pilot))
        entries = app.workspace.invoices._history.journal.entries()
        assert [entry.outcome for entry in entries[before:]] == ["done"]
        await until(pilot, lambda: " due " in screen_text(pilot))
        await pilot.press("enter", "g", "p")
        await until(pilot, lambda: "Mark paid" in screen_text(pilot))
        await pilot.press("f2")
        await until(pilot, lambda: "is paid." in screen_text(pilot))
        await until(pilot, lambda: "0.00 unpaid" in screen_text(pilot), "seen again")


async def test_undo_takes_an_invoice_back(server: EmbeddedServer, tmp_path: Path) -> None:
    app = deck_of(server, tmp_path, "invoices")
    async with opened(app, (80, 24)) as pilot:
        await until(pilot, lambda: "Kestrel" in screen_text(pilot))
        await pilot.press("slash", *"Kestrel", "enter")
        await until(pilot, lambda: "Invoices of Kestrel" in screen_text(pilot))
        await until(pilot, lambda: "not paid" in screen_text(pilot))
        await pilot.press("a")
        await until(pilot, lambda: "Reckon the price" in screen_text(pilot))
        await pilot.press("f2")
        await until(pilot, lambda: "Make the invoice" in screen_text(pilot))
        await pilot.press("f2")
        await until(pilot, lambda: "Made invoice" in screen_text(pilot))
        await pilot.press("u")
        await until(pilot, lambda: "Undone: invoice" in screen_text(pilot))


async def test_read_only_refuses_before_anything_is_asked(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of(server, tmp_path, "invoices", deck__read_only="true")
    async with opened(app) as pilot:
        await until(pilot, lambda: "Bayshore" in screen_text(pilot))
        await pilot.press("d")
        await until(pilot, lambda: "read-only" in screen_text(pilot))


async def test_csv_is_written_and_not_over_another_file(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    target = tmp_path / "clients.csv"
    app = deck_of(server, tmp_path, "invoices")
    async with opened(app) as pilot:
        await until(pilot, lambda: "Bayshore" in screen_text(pilot))
        for overwrite in (False, True):
            await pilot.press("e")
            await until(pilot, lambda: "Export as CSV" in screen_text(pilot))
            await pilot.press("j", "enter")
            await until(pilot, lambda: "clients.csv" in screen_text(pilot))
            await pilot.press("ctrl+u", *str(target), "enter")
            if overwrite:
                await until(pilot, lambda: "What is in it now goes" in screen_text(pilot))
                await pilot.press("n")
            else:
                await until(pilot, lambda: "Wrote" in screen_text(pilot))
                target.write_text("mine")
        await until(pilot, lambda: "Overwrite" not in screen_text(pilot))
    assert target.read_text() == "mine"
