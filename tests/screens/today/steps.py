"""What many tests of the Today screen do first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual.pilot import Pilot

from tests.deck import (
    shown,
    until,
)
from tui.screens.today.screen import TodayScreen
from tui.widgets.outline import Outline


def move_to(outline: Outline, wanted: Callable[[str], bool]) -> str:
    """Put the cursor on the first line whose key is wanted; its key."""
    key = next(line.node.key for line in outline._model.lines if wanted(line.node.key))
    assert outline.move_to_key(key)
    return key


def today_of(pilot: Pilot[Any]) -> TodayScreen:
    """The screen."""
    screen = pilot.app.screen
    assert isinstance(screen, TodayScreen)
    return screen


async def loaded(pilot: Pilot[Any]) -> TodayScreen:
    """Until every source has told what it has now."""
    await until(pilot, lambda: isinstance(pilot.app.screen, TodayScreen))
    today = today_of(pilot)
    await until(
        pilot,
        lambda: (
            all(one.as_of is not None and not one.reads for one in today.sources.sources.values())
            and shown(pilot, "Booking form", "unread", "This week")
            and today.agenda.list.entries > 0
        ),
        "all sources are read",
    )
    return today
