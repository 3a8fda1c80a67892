"""The Timers screen: from key press to server and back."""

from __future__ import annotations

from pathlib import Path

from tests.deck import deck_of, opened, screen_text, until
from tests.harness import EmbeddedServer


def status(server: EmbeddedServer) -> dict[str, object]:
    """What the service itself says of the timer."""
    held = server.credentials
    answer = server.http(
        "POST",
        "/trackmypeople/api/status.json",
        basic=(held.trackmypeople_user, held.trackmypeople_password),
    )
    found: dict[str, object] = answer.json()
    return found


async def test_switch_and_stop_reach_the_server(server: EmbeddedServer, tmp_path: Path) -> None:
    app = deck_of(server, tmp_path, "timers")
    async with opened(app) as pilot:
        await until(pilot, lambda: "Sail wardrobe" in screen_text(pilot))
        await pilot.press("slash", *"wardrobe", "enter")
        await pilot.press("s")
        await until(pilot, lambda: "Switch from" in screen_text(pilot))
        await pilot.press(*"booking work", "enter")
        await until(pilot, lambda: "Started Sail wardrobe" in screen_text(pilot))
        assert "Sail wardrobe" in str(status(server)["last_block"])
        await until(pilot, lambda: "booking work" in screen_text(pilot), "the report shows it")
        await pilot.press("x")
        await until(pilot, lambda: "Stop Sail wardrobe" in screen_text(pilot))
        await pilot.press("enter")
        await until(pilot, lambda: "Nothing is running" in screen_text(pilot))
