"""One line at the top of Today says that what is shown is a sample, while it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.deck import deck_of, opened, screen_text, until
from tests.harness import EmbeddedServer
from tests.screens.today.steps import loaded
from tui.config.settings import SERVICES
from tui.workspace.today.sample import SAMPLE


@pytest.mark.parametrize(
    ("size", "services", "said"),
    [
        ((80, 24), SERVICES, "Sample data on this machine · C connects your account · ? keys"),
        ((240, 60), SERVICES, "Sample data on this machine · C connects your account · ? keys"),
        ((40, 24), SERVICES, "Sample data · C connects"),
        (
            (120, 40),
            SERVICES[1:3],
            "Sample data in TickTocker, Igtimi · C connects your account · ? keys",
        ),
        ((80, 19), SERVICES, ""),
    ],
)
async def test_the_sample_is_named_at_the_top_while_it_is_shown(
    server: EmbeddedServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    size: tuple[int, int],
    services: tuple[str, ...],
    said: str,
) -> None:
    shows = list(services)
    app = deck_of(server, tmp_path)
    monkeypatch.setattr(app.workspace.connections, "shows_sample", lambda: shows)
    async with opened(app, size) as pilot:
        today = await loaded(pilot)
        lines = screen_text(pilot).splitlines()
        assert [line.strip() for line in lines if SAMPLE in line] == ([said] if said else [])
        if said:
            assert lines[1].strip() == said, "right below the tabs"
        assert today.sources.region.bottom == size[1] - 2, "nothing is pushed out of sight"
        assert today.agenda.region.bottom == today.sources.region.y
        before = today.agenda.outer_size.height
        shows.clear()
        await pilot.press("r")
        await until(pilot, lambda: SAMPLE not in screen_text(pilot), "it was cleared")
        await until(
            pilot,
            lambda: today.agenda.outer_size.height >= before + (bool(said) and size[0] >= 100),
            "its line is the panes' again",
        )
