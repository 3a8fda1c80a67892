"""What another deck or command changes is seen when a person comes back, without a key."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.changes import by_a_colleague, client_named, renamed
from tests.deck import at_work, deck_of, loaded, looked_after, opened, screen_text, until
from tests.harness import EmbeddedServer
from tui.app import AT_REST_SECONDS
from tui.store.changes import Changes


async def test_what_another_deck_has_changed_is_seen_with_the_focus(
    server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with at_work(server, tmp_path) as other:
        number = await client_named(other, "Loft one")
        app = deck_of(server, tmp_path, "invoices")
        async with opened(app) as pilot:
            await until(pilot, lambda: "Loft one" in screen_text(pilot))
            await until(pilot, lambda: looked_after(app))
            await until(pilot, lambda: "New Loft one" in screen_text(pilot), "what undo is for")
            app.app_focus = False
            await renamed(other, number, "Loft one", "Loft two")
            app.app_focus = True
            await until(pilot, lambda: "Loft two" in screen_text(pilot), "the other name")
            await until(pilot, lambda: "Rename Loft one" in screen_text(pilot), "what undo is for")
            # Past the changes nothing is seen, and at rest nothing is asked.
            asked: list[int] = []
            version = Changes.version
            monkeypatch.setattr(Changes, "version", lambda self: asked.append(1) or version(self))
            await by_a_colleague(other, number, "Loft three")
            app.app_focus = False
            assert not asked
            app.app_focus = True
            await until(pilot, lambda: bool(asked), "asked once")
            await pilot.pause()
            assert "Loft three" not in screen_text(pilot)
            assert len(asked) == 1


async def test_what_another_deck_has_changed_is_seen_with_the_first_key_after_a_rest(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with at_work(server, tmp_path) as other:
        number = await client_named(other, "Loft one")
        app = deck_of(server, tmp_path, "invoices")
        async with opened(app) as pilot:
            await until(pilot, lambda: "New Loft one" in screen_text(pilot), "what undo is for")
            await until(pilot, lambda: looked_after(app))
            await renamed(other, number, "Loft one", "Loft two")
            await pilot.press("down", "up")
            assert "Loft two" not in screen_text(pilot), "at work nothing is asked"
            app._here_at -= AT_REST_SECONDS
            await pilot.press("down")
            await until(pilot, lambda: "Loft two" in screen_text(pilot), "the other name")


async def test_a_timer_that_another_deck_has_stopped_is_known_with_the_first_key_after_a_rest(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with at_work(server, tmp_path) as other:
        app = deck_of(server, tmp_path, "timers")
        async with opened(app) as pilot:
            await until(pilot, lambda: "Stop" in screen_text(pilot).splitlines()[-1], "it runs")
            await until(pilot, lambda: looked_after(app))
            await loaded(pilot)
            await other.timers.stop((await other.timers.overview()).value)
            app._here_at -= AT_REST_SECONDS
            await pilot.press("down")
            await until(pilot, lambda: "Nothing is running" in screen_text(pilot), "it is stopped")
