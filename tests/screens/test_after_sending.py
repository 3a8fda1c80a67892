"""What fails after something was sent: no form offers to send it once more."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.deck import deck_of, opened, screen_text, until
from tests.harness import EmbeddedServer
from tests.services.capture import Capture, Sample
from tui.screens.base import DeckScreen
from tui.services.errors import ConnectionFailed, OutcomeUnknown, Refused
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
