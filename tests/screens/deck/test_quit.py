"""Leaving is asked about where something would be lost, and asked once."""

from pathlib import Path

import pytest

from tests.deck import deck_of, opened, until
from tests.harness import EmbeddedServer
from tui.screens.base import DeckScreen
from tui.screens.deck.commands import LeaveQuestion


async def test_whether_to_leave_is_asked_once_however_often_one_wants_to(
    server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        DeckScreen, "would_lose", lambda _: "A recording is running.", raising=False
    )
    app = deck_of(server, tmp_path, "timers")
    async with opened(app) as pilot:
        await pilot.press("ctrl+c", "ctrl+c", "ctrl+c")
        await until(pilot, lambda: isinstance(app.screen, LeaveQuestion))
        await app.at_rest()
        assert len(app.screen_stack) == 2
        await pilot.press("n")
        await until(pilot, lambda: len(app.screen_stack) == 1)
        await pilot.press("q")
        await until(pilot, lambda: isinstance(app.screen, LeaveQuestion))
