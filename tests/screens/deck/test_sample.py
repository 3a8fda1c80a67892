"""The sample data: asked twice, done once, and only where it is in use."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.deck import deck_of, opened, screen_text, until
from tests.harness import EmbeddedServer
from tui.screens.base import DeckScreen
from tui.screens.deck.sample import change_sample


async def test_without_the_embedded_services_there_is_no_sample(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of(server, tmp_path, "timers")
    async with opened(app) as pilot:
        screen = app.screen
        assert isinstance(screen, DeckScreen)
        await change_sample(screen)
        await until(pilot, lambda: "there is no sample to change" in screen_text(pilot))


@pytest.mark.parametrize(("chosen", "action"), [("", "clear"), ("j", "reset")])
async def test_the_sample_goes_only_by_its_name(
    server: EmbeddedServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    chosen: str,
    action: str,
) -> None:
    app = deck_of(server, tmp_path, "timers")
    done: list[str] = []

    async def changed(what: str) -> None:
        done.append(what)

    async with opened(app) as pilot:
        await until(pilot, lambda: "Bramble" in screen_text(pilot) or "Today" in screen_text(pilot))
        screen, connections = app.screen, app.workspace.connections
        assert isinstance(screen, DeckScreen)
        monkeypatch.setattr(connections.embedded, "change_sample", changed)

        async def ask() -> None:
            # Only for the question: what comes after it would start a server of its own.
            with monkeypatch.context() as patch:
                patch.setattr(connections, "uses_embedded", lambda service: True)
                screen.run_worker(change_sample(screen))
                await until(pilot, lambda: "begin again with the sample" in screen_text(pilot))

        await ask()
        await pilot.press("escape")
        await until(pilot, lambda: "begin again" not in screen_text(pilot))
        await ask()
        await pilot.press(*chosen, "enter")
        await until(pilot, lambda: "Everything in them goes" in screen_text(pilot))
        await pilot.press(*"nothing", "enter")
        await until(pilot, lambda: "that is another name" in screen_text(pilot))
        assert not done
        await pilot.press("ctrl+u", *action, "enter")
        await until(pilot, lambda: "The embedded services begin anew" in screen_text(pilot))
    assert done == [action]
