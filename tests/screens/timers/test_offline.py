"""The Timers screen without the service: what is pressed counts, and what became of it is said."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.deck import deck_of, end_news, opened, screen_text, until
from tests.harness import EmbeddedServer
from tests.screens.timers.noon import server
from tests.screens.timers.steps import loaded, rows, shown, status
from tests.workspace.ways import Way
from tui.workspace.timers import timers as module

pytestmark = pytest.mark.usefixtures("as_at_the_start")


__all__ = ["server"]


@pytest.fixture(autouse=True)
def ticking(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """Every start and stop is a minute after the one before; what runs began before all."""
    now = [datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=30)]

    def next_minute() -> datetime:
        now[0] += timedelta(minutes=1)
        return now[0]

    monkeypatch.setattr(module, "_this_second", next_minute)
    return now


def nothing_runs(server: EmbeddedServer) -> None:
    with server.context.database.write() as connection:
        connection.execute("DELETE FROM trackmypeople_blocks WHERE profile_id = 1")


async def test_what_was_never_told_is_not_called_nothing(
    server: EmbeddedServer, tmp_path: Path, way: Way
) -> None:
    way.open = False
    app = deck_of(server, tmp_path, "timers")
    async with opened(app) as pilot:
        await until(pilot, lambda: shown(pilot, "… What runs is not known yet.", "r tries again"))
        await pilot.press("x")
        await until(pilot, lambda: shown(pilot, "! What runs is not known yet."))
        assert not shown(pilot, "Nothing is running")


async def test_a_block_begins_and_ends_here_and_is_shown_until_it_is_added(
    server: EmbeddedServer, tmp_path: Path, way: Way
) -> None:
    nothing_runs(server)
    app = deck_of(server, tmp_path, "timers")
    async with opened(app) as pilot:
        await until(pilot, lambda: shown(pilot, "Sail wardrobe", "Nothing is running"))
        way.open = False
        await pilot.press("slash", *"wardrobe", "enter", "s")
        await until(pilot, lambda: shown(pilot, "it began here"))
        await until(pilot, lambda: shown(pilot, "began without the service", "● Sail wardrobe"))
        await pilot.press("x")
        await until(pilot, lambda: shown(pilot, "Stop Sail wardrobe"))
        await pilot.press(*"mending", "enter")
        await until(pilot, lambda: shown(pilot, "Stopped Sail wardrobe"))

        await until(pilot, lambda: shown(pilot, "… Sail wardrobe", "mending"), "the day shows it")
        assert not rows(server, "description = 'mending'")
        way.open = True
        await app.workspace.history.outbox.send_all()
        await pilot.press("r")
        await until(pilot, lambda: shown(pilot, "mending") and not shown(pilot, "… Sail"))
    assert len(rows(server, "description = 'mending'")) == 1


async def test_what_goes_on_at_the_service_is_said_and_ended_with_its_page(
    server: EmbeddedServer, tmp_path: Path, way: Way
) -> None:
    before = len(rows(server, "profile_id = 1"))
    async with opened(deck_of(server, tmp_path, "timers")) as pilot:
        await loaded(pilot)
        way.open = False
        await pilot.press("x")
        await until(pilot, lambda: shown(pilot, "Stop Booking form"))
        await pilot.press(*"until then", "enter")
        await until(pilot, lambda: shown(pilot, "Booking form goes on at the service"))
        await until(pilot, lambda: shown(pilot, "! was stopped here at"))
        way.open = True
        end_news(pilot)
        await pilot.press("r")
        await until(pilot, lambda: shown(pilot, "still runs at the service: x ends it"))
        assert status(server)["last_block"]["started_at"]
        await pilot.press("x")
        await until(pilot, lambda: shown(pilot, "Stop Booking form", "until then"), "proposed")
        await pilot.press("enter")
        await until(pilot, lambda: shown(pilot, "Correct its end to", "http"))
        await pilot.press("escape")
        await until(pilot, lambda: shown(pilot, "Nothing is running"))
    assert len(rows(server, "profile_id = 1")) == before
    assert len(rows(server, "description = 'until then'")) == 1


@pytest.mark.parametrize(("choice", "blocks"), [(0, 2), (2, 1)], ids=["ends", "forget"])
async def test_what_somebody_started_meanwhile_is_shown_to_choose_from(
    server: EmbeddedServer, tmp_path: Path, way: Way, choice: int, blocks: int
) -> None:
    nothing_runs(server)
    app = deck_of(server, tmp_path, "timers")
    async with opened(app) as pilot:
        await until(pilot, lambda: shown(pilot, "Sail wardrobe", "Nothing is running"))
        way.open = False
        await pilot.press("slash", *"wardrobe", "enter", "s")
        await until(pilot, lambda: shown(pilot, "it began here"))
        held = server.credentials
        account = (held.trackmypeople_user, held.trackmypeople_password)
        body: Any = {"tracker_id": "5"}
        server.http("POST", "/trackmypeople/api/start.json", basic=account, form=body)
        way.open = True
        end_news(pilot)
        await pilot.press("r")
        await until(pilot, lambda: shown(pilot, "Booking form at the service: x chooses"))
        await pilot.press("x")
        await until(pilot, lambda: shown(pilot, "Two run", "where the other one began"))
        await pilot.press(*["down"] * choice, "enter")
        await until(pilot, lambda: not shown(pilot, "Two run"))
        await until(pilot, lambda: shown(pilot, "Booking form since"), "what goes on is said")
        await until(pilot, lambda: shown(pilot, "  Booking form   Fairlead Works"), "it runs")
    assert len(rows(server, "profile_id = 1")) == blocks


async def test_what_began_here_ends_when_the_person_left(
    server: EmbeddedServer, tmp_path: Path, way: Way, ticking: list[datetime]
) -> None:
    nothing_runs(server)
    app = deck_of(server, tmp_path, "timers", deck__away_minutes="10")
    async with opened(app) as pilot:
        await until(pilot, lambda: shown(pilot, "Sail wardrobe", "Nothing is running"))
        way.open = False
        await pilot.press("slash", *"wardrobe", "enter", "s")
        await until(pilot, lambda: shown(pilot, "began without the service", "● Sail wardrobe"))
        await pilot.press("d")
        await until(pilot, lambda: shown(pilot, "─ Describe Sail wardrobe"))
        await pilot.press(*"mended", "enter")
        await until(pilot, lambda: shown(pilot, "  Sail wardrobe: mended"))
        left = ticking[0] + timedelta(minutes=5)
        app._here_at = left.timestamp()
        await pilot.press("down")
        await until(pilot, lambda: shown(pilot, "! ran on while nobody was here", "w Put right"))
        await pilot.press("w")
        await until(
            pilot,
            lambda: shown(
                pilot,
                f"End it at {left.astimezone(ZoneInfo(server.timezone)):%H:%M}",
                "its true times",
            ),
        )
        await pilot.press("enter")
        await until(pilot, lambda: shown(pilot, "Nothing is running", "R Resume"))
        way.open = True
        await pilot.press("r")
        await until(pilot, lambda: bool(rows(server, "profile_id = 1")))
    (added,) = rows(server, "profile_id = 1")
    assert (added["time_in"], added["time_out"], added["description"]) == (
        int(ticking[0].timestamp()), int(left.timestamp()), "mended",
    )  # fmt: skip


async def test_what_is_shown_is_exported_without_the_service_and_how_old_it_is_is_said(
    server: EmbeddedServer, tmp_path: Path, way: Way
) -> None:
    file = tmp_path / "hours.csv"
    says = re.compile(r"! \d+ entr\w+ as of \w[\w ]* \d\d:\d\d written to ")
    async with opened(deck_of(server, tmp_path, "timers"), (80, 24)) as pilot:
        await loaded(pilot)
        way.open = False
        await pilot.press("E")
        await until(pilot, lambda: shown(pilot, "Export hours as"))
        await pilot.press("enter")
        await until(pilot, lambda: shown(pilot, "File"))
        await pilot.press("ctrl+u", *str(file), "enter")
        await until(pilot, lambda: bool(says.search(screen_text(pilot))), "the age is whole")
        assert "Booking form" in file.read_text()
