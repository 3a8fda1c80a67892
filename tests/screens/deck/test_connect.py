"""Connecting a service from inside the deck: what is asked, kept and said."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from textual import events
from textual.pilot import Pilot

from tests.deck import deck_of, opened, screen_text, until
from tests.harness import EmbeddedServer


async def put(pilot: Pilot[Any], **values: str) -> None:
    """Type into the fields of these names, over what stands there."""
    form = pilot.app.screen
    for name, text in values.items():
        while True:
            field = pilot.app.focused
            assert field is not None
            row = next(one for one in field.ancestors_with_self if hasattr(one, "field"))
            if row.field.name == name:
                break
            await pilot.press("enter")
        await pilot.press("ctrl+u")
        field.post_message(events.Paste(text))
        await pilot.pause()
    assert pilot.app.screen is form


async def test_an_account_is_kept_for_its_owner_alone(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    held = server.credentials
    app = deck_of(server, tmp_path, "timers")
    async with opened(app) as pilot:
        await until(pilot, lambda: "Loading" not in screen_text(pilot))
        await pilot.press("C")
        await until(pilot, lambda: "Connect TrackMyPeople" in screen_text(pilot))
        assert held.trackmypeople_password not in screen_text(pilot)
        await put(pilot, user=held.trackmypeople_user, password=held.trackmypeople_password)
        assert held.trackmypeople_password not in screen_text(pilot)
        await pilot.press("f2")
        await until(pilot, lambda: "TrackMyPeople is set up" in screen_text(pilot))
    path = app.workspace.locations.connections_file
    assert path.stat().st_mode & 0o077 == 0, "nobody else's"
    kept = tomllib.loads(path.read_text())
    assert kept["trackmypeople"]["user"] == held.trackmypeople_user


async def test_where_a_screen_is_of_all_services_one_is_chosen(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of(server, tmp_path, "today")
    async with opened(app) as pilot:
        await until(pilot, lambda: "Loading" not in screen_text(pilot))
        await pilot.press("C")
        await until(pilot, lambda: "TickTocker" in screen_text(pilot).partition("Connect")[2])
        await pilot.press("slash", *"Igtimi", "enter")
        await until(pilot, lambda: "Connect Igtimi" in screen_text(pilot))
        await pilot.press("escape")
        await until(pilot, lambda: "Connect Igtimi" not in screen_text(pilot))
    assert not app.workspace.locations.connections_file.exists()
