"""Screens over services whose bodies dribble and never end: one deadline, and the deck goes on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deck import deck_of, opened, screen_text, until
from tests.harness import EmbeddedServer
from tests.scripted import HEAD, dribbling, scripted
from tui.screens.messages import Go, hand_over

SLOW = dribbling(HEAD + b"Content-Length: 99999999\r\n\r\n", b" ")
"""At the rate that is set, a second of it brings less than a second of time."""
RATES = {"network__call_seconds": "0.5", "network__least_kilobytes": "64"}
SCREENS = {
    "books": "timetonic",
    "tocks": "ticktocker",
    "sessions": "igtimi",
    "timers": "trackmypeople",
    "invoices": "timesheets",
}
ACCOUNTS = {
    "timetonic": {"timetonic__sesskey": "S"},
    "timesheets": {"timesheets__token": "T"},
}
CHANGES = {
    "trackmypeople.stop": "/stop.",
    "timesheets.ts.stop": "/ts/stop",
    "igtimi.sessions.create": "POST ",
}
"""With what stands in the request of the change alone."""


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedServer]:
    with EmbeddedServer() as running:
        yield running


@pytest.mark.parametrize("screen", SCREENS)
async def test_what_dribbles_is_given_up_and_said_and_the_deck_goes_on(
    server: EmbeddedServer, tmp_path: Path, screen: str
) -> None:
    service = SCREENS[screen]
    with scripted(SLOW) as slow:
        more = {f"{service}__base_url": slow.url, **ACCOUNTS.get(service, {}), **RATES}
        app = deck_of(server, tmp_path, screen, **more)
        async with opened(app) as pilot:
            await until(pilot, lambda: ": timeout" in screen_text(pilot))
            assert slow.bodies
            await pilot.press("question_mark")
            await until(pilot, lambda: len(pilot.app.screen_stack) > 1, "keys are taken")


@pytest.mark.parametrize("change", CHANGES)
async def test_a_change_whose_answer_dribbles_is_not_known(
    server: EmbeddedServer, tmp_path: Path, change: str
) -> None:
    service = change.partition(".")[0]
    with scripted(SLOW, of=CHANGES[change]) as slow:
        more = {f"{service}__base_url": slow.url, **ACCOUNTS.get(service, {}), **RATES}
        app = deck_of(server, tmp_path, "live", **more)
        async with opened(app) as pilot:
            await hand_over(pilot.app, Go("console", change))
            await until(pilot, lambda: f"─{change} ─" in screen_text(pilot), change)
            await pilot.press("enter", "f2")
            await until(pilot, lambda: "s sends it" in screen_text(pilot))
            await pilot.press("s")
            await until(pilot, lambda: "outcome unknown" in screen_text(pilot))
            (entry,) = await app.workspace.history.outbox.still_open()
            assert entry.operation == change
