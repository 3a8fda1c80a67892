"""What fails after something was sent: no form offers to send it once more."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.deck import deck_of, looked_after, opened, screen_text, until
from tests.harness import EmbeddedServer
from tests.services.capture import Capture, Sample
from tui.app import Tockdeck
from tui.screens.base import DeckScreen
from tui.services.errors import ConnectionFailed, OutcomeUnknown, Refused, TimedOut
from tui.services.transport import Transport
from tui.services.wire import Request, Response
from tui.widgets.form import Form
from tui.widgets.form_values import FormField


async def asked(
    server: EmbeddedServer, tmp_path: Path, made: bool, error: Exception
) -> tuple[list[str], str]:
    """Submit a form whose change is made or not before an error; what was sent, what is shown."""
    sent: list[str] = []

    async def submit(values: Mapping[str, Any]) -> str:
        sent.append(values["name"])
        if made:
            await Sample(Capture({}).transport()).make()
        raise error

    async with opened(deck_of(server, tmp_path, "timers")) as pilot:
        screen = pilot.app.screen
        assert isinstance(screen, DeckScreen)
        fields = [FormField("name", "Name")]
        screen.run_worker(screen.ask_form("test", "A form", fields, submit))
        await until(pilot, lambda: "A form" in screen_text(pilot))
        await pilot.press(*"boat", "f2")
        await until(pilot, lambda: bool(sent))
        await until(pilot, lambda: error.args[0] in screen_text(pilot).casefold())
        return sent, screen_text(pilot)


@pytest.mark.parametrize(
    "error", [ConnectionFailed("it broke"), Refused("it broke"), OSError("it broke")]
)
async def test_what_fails_after_a_change_was_made_closes_the_form(
    server: EmbeddedServer, tmp_path: Path, error: Exception
) -> None:
    sent, text = await asked(server, tmp_path, True, error)
    assert sent == ["boat"]
    assert "Done. What came after it failed" in text
    assert "A form" not in text


@pytest.mark.parametrize(
    "error",
    [ConnectionFailed("it broke"), Refused("it broke"), OutcomeUnknown("it broke", advice="Look.")],
)
async def test_what_was_not_made_or_is_not_known_comes_back_in_the_form(
    server: EmbeddedServer, tmp_path: Path, error: Exception
) -> None:
    _, text = await asked(server, tmp_path, False, error)
    assert "A form" in text
    assert "Done" not in text


async def test_a_form_of_which_nobody_knew_sends_nothing_again_once_it_is_found_done(
    server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(deck_of(server, tmp_path, "invoices")) as pilot:
        app = pilot.app
        assert isinstance(app, Tockdeck)
        send, lost = Transport.send, list[str]()

        async def lose(self: Transport, request: Request) -> Response:
            answer = await send(self, request)
            if "create" in request.path:
                lost.append(request.path)
                raise TimedOut("no answer came")
            return answer

        # What is left open is looked for soon after the start, and would be found done then.
        await until(pilot, lambda: looked_after(app))
        monkeypatch.setattr(Transport, "send", lose)
        await until(pilot, lambda: "Bayshore" in screen_text(pilot))
        await pilot.press("a")
        await until(pilot, lambda: "New client" in screen_text(pilot))
        await pilot.press(*"Spars & Co", "f2")
        await until(pilot, lambda: "not known" in screen_text(pilot))
        (unknown,) = await app.workspace.history.outbox.still_open()
        await pilot.press("escape", "a")
        await until(pilot, lambda: "nobody knows whether it was done" in screen_text(pilot))
        assert await app.workspace.history.outbox.look(unknown.id)
        await pilot.press("f2")
        await until(pilot, lambda: "was done after all, and was not sent" in screen_text(pilot))
        assert len(lost) == 1
        await pilot.press("a")
        await until(pilot, lambda: "New client" in screen_text(pilot))
        assert "A draft" not in screen_text(pilot)
        assert isinstance(app.screen, Form)
        assert not any(app.screen.texts.values())
