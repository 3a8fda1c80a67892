"""What is done, said from the Timers screen while the timer runs."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual import events

from tests.deck import deck_of, end_news, opened, until
from tests.harness import EmbeddedServer
from tests.screens.timers.noon import server
from tests.screens.timers.steps import loaded, rows, shown, status

pytestmark = pytest.mark.usefixtures("as_at_the_start")


__all__ = ["server"]


async def test_a_key_describes_what_runs_and_the_stop_sends_it(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with opened(deck_of(server, tmp_path, "timers"), size=(80, 24)) as pilot:
        await loaded(pilot)
        await pilot.press("d")
        await until(pilot, lambda: shown(pilot, "─ Describe Booking form", "sent with the stop"))
        pilot.app.focused.post_message(events.Paste("x" * 256))  # type: ignore[union-attr]
        await pilot.press("enter")
        await until(pilot, lambda: shown(pilot, "✗ It has 256 characters"))
        await pilot.press("ctrl+u", *"panels [b]in order", "enter")
        await until(pilot, lambda: shown(pilot, "  Booking form: panels [b]in order"))
        await until(
            pilot, lambda: shown(pilot, "Undo: Describe Booking form"), "the footer says it"
        )
        assert not shown(pilot, "waiting"), "it is no news that it waits for its stop"
        await pilot.press("1")
        await until(pilot, lambda: shown(pilot, "Running", "  Booking form: panels [b]in order"))
        await pilot.press("5", "u")
        await until(pilot, lambda: not shown(pilot, "panels"), "undone, in the running line, too")
        await pilot.press("U")
        await until(pilot, lambda: shown(pilot, "  Booking form: panels [b]in order"))
        await until(pilot, lambda: not shown(pilot, "Describe Booking form was"))
        await pilot.press("x")
        await until(pilot, lambda: shown(pilot, "─ Stop Booking form", "│ panels [b]in order "))
        await pilot.press("enter")
        await until(pilot, lambda: shown(pilot, "Nothing is running"))
        await pilot.press("d")
        await until(pilot, lambda: shown(pilot, "Nothing is running that could be described."))
    assert rows(server, "description = 'panels [b]in order' AND time_out IS NOT NULL")


async def test_words_of_a_timer_that_was_stopped_elsewhere_are_asked_about(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    held = server.credentials
    account = (held.trackmypeople_user, held.trackmypeople_password)
    async with opened(deck_of(server, tmp_path, "timers")) as pilot:
        await loaded(pilot)
        await pilot.press("d")
        await until(pilot, lambda: shown(pilot, "─ Describe Booking form"))
        await pilot.press(*"panels", "enter")
        await until(pilot, lambda: shown(pilot, "  Booking form: panels"))
        server.http(
            "POST", "/trackmypeople/api/switch.json", form={"tracker_id": "11"}, basic=account
        )
        await until(pilot, lambda: "Cutting list" in str(status(server)["last_block"]))
        end_news(pilot)
        await pilot.press("r")
        await until(pilot, lambda: shown(pilot, "what you wrote of it was not sent: d shows"))
        await pilot.press("d")
        await until(
            pilot, lambda: shown(pilot, "─ Stopped elsewhere", "It ended ", "about Cutting")
        )
        await pilot.press("j", "enter")
        await until(pilot, lambda: shown(pilot, "  Cutting list: panels"))
