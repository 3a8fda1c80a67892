"""The theme is the one that the deck was left with."""

from __future__ import annotations

import threading
from contextlib import AbstractContextManager
from pathlib import Path
from typing import IO, Any

import pytest

from tests.deck import deck_of, opened, screen_text, until
from tests.harness import EmbeddedServer
from tui.app import Tockdeck
from tui.store import files


def kept(app: Tockdeck) -> bool:
    """Whether nothing is on its way to the disk."""
    return all(one.is_finished for one in app.workers if one.group == "theme")


async def test_the_deck_begins_with_the_theme_that_it_was_left_with(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of(server, tmp_path)
    async with opened(app) as pilot:
        before = app.theme
        await pilot.press("ctrl+t")
        chosen = app.theme
        assert chosen != before
        await until(pilot, lambda: kept(app), "the theme is kept")
    assert deck_of(server, tmp_path).theme == chosen


async def test_a_disk_that_takes_its_time_holds_up_no_key(
    server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app, goes_on, begun = deck_of(server, tmp_path), threading.Event(), threading.Event()
    slow = files.replacing

    def replacing(path: Path, **how: Any) -> AbstractContextManager[IO[bytes]]:
        if path.name == "theme":
            begun.set()
            goes_on.wait()
        return slow(path, **how)

    monkeypatch.setattr(files, "replacing", replacing)
    try:
        async with opened(app) as pilot:
            await pilot.press("ctrl+t")
            await until(pilot, begun.is_set)
            await pilot.press("?")
            await until(pilot, lambda: "Today: keys" in screen_text(pilot))
            goes_on.set()
            await until(pilot, lambda: kept(app), "the theme is kept")
    finally:
        goes_on.set()
    assert deck_of(server, tmp_path).theme == app.theme
