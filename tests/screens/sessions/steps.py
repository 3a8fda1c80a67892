"""What many tests of the Sessions screen do first."""

from __future__ import annotations

from typing import Any

from textual.pilot import Pilot

from tests.deck import shown, until
from tui.widgets.filterline import FilterLine


async def narrowed(pilot: Pilot[Any], text: str) -> None:
    """The list filtered to one line, with the focus on it."""
    await pilot.press("slash")
    await until(pilot, lambda: pilot.app.screen.query_one(FilterLine).has_focus)
    await pilot.press("ctrl+u", *text, "enter")
    await until(pilot, lambda: shown(pilot, "1 of "), f"only {text}")
