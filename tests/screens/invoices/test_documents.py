"""`D` on an invoice: what becomes of its document."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.deck import amount_of, deck_of, loaded, opened, screen_text, shown, until
from tests.harness import EmbeddedServer
from tests.screens.invoices.steps import narrowed
from tui.widgets.dialogs import Choice
from tui.widgets.outline import Outline
from tui.widgets.viewer import Viewer


async def test_an_invoice_is_looked_at_checked_and_written(
    server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    app = deck_of(
        server, tmp_path, "invoices", **{"seller.name": "Quayside", "seller.country": "DE"}
    )
    async with opened(app) as pilot:

        async def choose(downs: int) -> None:
            await pilot.press("D")
            await until(pilot, lambda: isinstance(app.screen, Choice), "the choice")
            assert "The service does not say what invoice 3 bills" in screen_text(pilot)
            await pilot.press(*["down"] * downs, "enter")

        await narrowed(pilot, "Kestrel")
        await pilot.press("enter")
        await choose(0)
        await until(pilot, lambda: isinstance(app.screen, Viewer))
        await until(pilot, lambda: shown(pilot, "# Invoice 3", "Kestrel Instruments"))
        await pilot.press("q")
        await until(pilot, lambda: not isinstance(app.screen, Viewer))
        await choose(1)
        await until(pilot, lambda: shown(pilot, "error: buyer.country", "the rules were not run"))
        await pilot.press("escape")
        await until(pilot, lambda: not shown(pilot, "the rules were not run"))
        await choose(5)
        await until(pilot, lambda: shown(pilot, "was not written", "buyer.country"), "UBL")
        await pilot.press("escape")
        await until(pilot, lambda: not shown(pilot, "was not written"))
        await choose(9)
        await until(pilot, lambda: shown(pilot, "Lines as CSV", "Invoice-3.csv"))
        await pilot.press("enter")
        await until(pilot, lambda: shown(pilot, "✓ Wrote Invoice-3.csv."))
        assert "Kestrel Instruments" in (tmp_path / "Invoice-3.csv").read_text()
        monkeypatch.setitem(sys.modules, "typst", None)
        await choose(2)
        await until(pilot, lambda: shown(pilot, "typst", "pip install", "'tockdeck[invoice]'"))
        await pilot.press("escape")
        await until(pilot, lambda: not shown(pilot, "pip install"))
        await choose(12)
        await until(pilot, lambda: shown(pilot, "Which reminder", "The first reminder"))
        await pilot.press("down", "enter")
        await until(pilot, lambda: isinstance(app.screen, Viewer))
        amount = f"{amount_of(server):,}"
        await until(pilot, lambda: shown(pilot, "Second reminder: invoice 3", amount))
        await pilot.press("q")
        await until(pilot, lambda: shown(pilot, "Note the second reminder as sent today"))
        await pilot.press("y")
        await until(pilot, lambda: shown(pilot, "Noted the second reminder.", "2nd today"))
        await loaded(pilot)
        await pilot.press("s")
        await until(pilot, lambda: shown(pilot, "The second reminder  noted today"))
        cursor = app.screen.query_one(Outline).node
        assert cursor is not None
        assert cursor.label == "The final reminder", "the next one is proposed"
        await pilot.press("up", "enter")
        await until(pilot, lambda: isinstance(app.screen, Viewer))
        await pilot.press("q")
        await until(pilot, lambda: shown(pilot, "Note the second reminder as sent today"))
        await pilot.press("y")
        await until(pilot, lambda: shown(pilot, "is noted of today already"))
        await pilot.press("s")
        await until(pilot, lambda: shown(pilot, "Take back: second of"))
        await pilot.press("end", "enter")
        await until(pilot, lambda: shown(pilot, "The reminder is not noted any more."))
        await until(pilot, lambda: not shown(pilot, "2nd today"))
