"""What waits for an account that goes: asked about, and never sent to another."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from tests.changes import put, some_change
from tests.deck import deck_of, looked_after, opened, screen_text, until
from tests.harness import EmbeddedServer
from tui.screens.base import DeckScreen
from tui.screens.deck.left_open import seen_to
from tui.screens.deck.sample import change_sample


@pytest.mark.parametrize(
    ("keys", "reachable", "goes_on", "state"),
    [
        (["enter"], True, True, "done"),
        (["enter"], False, False, "waiting"),
        (["j", "enter"], True, True, "waiting"),
        (["j", "j", "enter"], True, True, "dropped"),
        (["escape"], True, False, "waiting"),
    ],
    ids=["send", "cannot be sent", "keep", "drop", "neither"],
)
async def test_a_person_says_what_becomes_of_what_waits(
    server: EmbeddedServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    keys: list[str],
    reachable: bool,
    goes_on: bool,
    state: str,
) -> None:
    app = deck_of(server, tmp_path, "invoices")
    async with opened(app) as pilot:
        await until(pilot, lambda: looked_after(app))
        screen, work = app.screen, app.workspace
        assert isinstance(screen, DeckScreen)
        change, other = put(
            work, [some_change(work, "Waits"), some_change(work, "Other", owner="timesheets@x")]
        )
        answers: list[bool] = []

        async def ask() -> None:
            answers.append(await seen_to(screen, "timesheets"))

        if not reachable:

            async def handle(_transport: object, request: httpx.Request) -> httpx.Response:
                raise httpx.ConnectError("no network", request=request)

            monkeypatch.setattr(httpx.AsyncHTTPTransport, "handle_async_request", handle)
        screen.run_worker(ask())
        await until(pilot, lambda: "Timesheets: 1 change not settled" in screen_text(pilot))
        await pilot.press(*keys)
        await until(pilot, lambda: bool(answers))
        assert answers == [goes_on]
        found = [work.history.changes.get(one.id) for one in (change, other)]
        assert [one.state for one in found if one is not None] == [state, "waiting"]


async def test_nothing_is_asked_where_nothing_waits(server: EmbeddedServer, tmp_path: Path) -> None:
    app = deck_of(server, tmp_path, "invoices")
    async with opened(app) as pilot:
        screen = app.screen
        assert isinstance(screen, DeckScreen)
        worker = screen.run_worker(seen_to(screen, "timesheets"))
        assert await worker.wait()
        await pilot.pause()


async def test_what_waits_for_embedded_data_that_goes_is_said_and_dropped(
    server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = deck_of(server, tmp_path, "invoices")
    async with opened(app) as pilot:
        await until(pilot, lambda: looked_after(app))
        screen, work = app.screen, app.workspace
        connections = work.connections
        assert isinstance(screen, DeckScreen)
        identity = ["first"]

        async def changed(_what: str) -> None:
            identity[0] = "second"

        with monkeypatch.context() as patch:
            patch.setattr(connections, "uses_embedded", lambda _service: True)
            patch.setattr(connections.embedded.files, "identity", lambda: identity[0])
            patch.setattr(connections.embedded, "change_sample", changed)
            mine, real = put(
                work, [some_change(work, "Mine"), some_change(work, "Real", owner="timesheets@x")]
            )
            assert mine.owner == "timesheets@embedded:first"
            screen.run_worker(change_sample(screen))
            await until(pilot, lambda: "begin again with the sample" in screen_text(pilot))
            await pilot.press("enter")
            await until(pilot, lambda: "1 change not sent yet" in screen_text(pilot))
            await pilot.press(*"clear", "enter")
            await until(pilot, lambda: "The embedded services begin anew" in screen_text(pilot))
        found = [work.history.changes.get(one.id) for one in (mine, real)]
        assert [(one.state, one.reason) for one in found if one is not None] == [
            ("dropped", "The embedded data that it was for are there no more."),
            ("waiting", ""),
        ]
