"""The theme is the one that the deck was left with."""

from __future__ import annotations

from pathlib import Path

from tests.deck import deck_of, opened
from tests.harness import EmbeddedServer


async def test_the_deck_begins_with_the_theme_that_it_was_left_with(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of(server, tmp_path)
    async with opened(app) as pilot:
        before = app.theme
        await pilot.press("ctrl+t")
        chosen = app.theme
        assert chosen != before
    assert deck_of(server, tmp_path).theme == chosen
