"""What many tests of the Invoices screen do first."""

from __future__ import annotations

from typing import Any

from textual.pilot import Pilot

from tests.deck import loaded, screen_text, until
from tui.widgets.filterline import FilterLine


async def bill(pilot: Pilot[Any], key: str = "i") -> None:
    """Make an invoice of all that the chosen client's work comes to."""
    await pilot.press(key)
    await until(pilot, lambda: "Show the lines" in screen_text(pilot))
    await pilot.press("f2")
    await until(pilot, lambda: "makes the invoice" in screen_text(pilot))
    await pilot.press("f2")
    await until(pilot, lambda: "Made draft" in screen_text(pilot))


async def narrowed(pilot: Pilot[Any], client: str) -> None:
    """The cursor on one client, whose work is there."""
    await until(pilot, lambda: client in screen_text(pilot))
    await pilot.press("slash")
    await until(pilot, lambda: pilot.app.screen.query_one(FilterLine).has_focus)
    await pilot.press(*client, "enter")
    await until(pilot, lambda: f"Invoices of {client}" in screen_text(pilot))
    await loaded(pilot)
