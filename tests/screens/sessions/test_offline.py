"""Sessions without a network: what was plotted stands with its age, and no export is silent."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.deck import deck_of, loaded, opened, put, shown, until, zone_at_noon
from tests.harness import EmbeddedServer
from tests.screens.sessions.steps import narrowed
from tui.workspace.reads import Answer
from tui.workspace.sessions.sessions import SessionRoom, Sessions


async def test_what_was_plotted_stands_offline_with_its_age(tmp_path: Path) -> None:
    with EmbeddedServer(timezone=zone_at_noon()) as server:
        async with opened(deck_of(server, tmp_path, "sessions")) as pilot:
            await until(pilot, lambda: shown(pilot, "Twilight series"))
            await narrowed(pilot, "Ora sprint")
            await until(pilot, lambda: shown(pilot, "─Ora sprint ─", "Speed over ground", " mean "))
            await loaded(pilot)
    async with opened(deck_of(server, tmp_path, "sessions")) as pilot:
        await until(pilot, lambda: shown(pilot, "Twilight series"))
        await narrowed(pilot, "Ora sprint")
        await until(
            pilot, lambda: shown(pilot, "─Ora sprint ─", "Speed over ground (kn)", " mean ")
        )
        await until(pilot, lambda: shown(pilot, "◷ as of today"), "how old it is")
        await narrowed(pilot, "Boat handling, day 1")
        await until(pilot, lambda: not shown(pilot, " mean "), "never plotted: nothing of another")


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_an_export_that_nothing_is_kept_for_says_first_that_nothing_was_written(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    with EmbeddedServer() as server:
        async with opened(deck_of(server, tmp_path, "sessions"), size) as pilot:
            await until(pilot, lambda: shown(pilot, "Twilight series"))
            await loaded(pilot)
            server.stop()
            await pilot.press("E")
            await until(pilot, lambda: shown(pilot, "Export", "GPX 1.1"))
            await pilot.press("enter")
            await until(pilot, lambda: shown(pilot, "File", ".csv"))
            await put(pilot, str(tmp_path / "off.csv"))
            wanted = "Nothing was written: what was measured is not kept here"
            await until(pilot, lambda: shown(pilot, wanted), "why not")
            assert not (tmp_path / "off.csv").exists()


async def test_no_pane_is_blank_where_the_sessions_were_never_read(tmp_path: Path) -> None:
    with EmbeddedServer() as server:
        app = deck_of(server, tmp_path, "sessions")
    async with opened(app, (80, 24)) as pilot:
        await until(pilot, lambda: shown(pilot, "could not be reached", "r tries again"))
        await until(pilot, lambda: shown(pilot, "The sessions could not be read."))
        await until(pilot, lambda: shown(pilot, "There is nothing to plot yet."))
        await pilot.press("o")
        await until(pilot, lambda: shown(pilot, "The devices could not be read."))


@pytest.mark.parametrize("moved", [False, True])
async def test_the_one_that_has_begun_since_the_list_was_kept_is_what_it_opens_on(
    tmp_path: Path, moved: bool
) -> None:
    with EmbeddedServer() as server:
        async with opened(deck_of(server, tmp_path, "sessions")) as pilot:
            await until(pilot, lambda: shown(pilot, "─Twilight series ─"), "what was on")
            await loaded(pilot)
        async with opened(deck_of(server, tmp_path / "other", "sessions")) as pilot:
            await loaded(pilot)
            room = pilot.app.workspace.sessions
            await room.create("Second start", datetime.now(UTC), None, {})
        app = deck_of(server, tmp_path, "sessions")
        listed, asked = asyncio.Event(), asyncio.Event()
        fetch = SessionRoom.sessions

        async def slowly(room: SessionRoom) -> Answer[Sessions]:
            asked.set()
            await listed.wait()
            return await fetch(room)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(SessionRoom, "sessions", slowly)
            async with opened(app) as pilot:
                await until(pilot, lambda: asked.is_set() and shown(pilot, "Ora sprint"), "as kept")
                assert not shown(pilot, "Second start")
                if moved:
                    await narrowed(pilot, "Ora sprint")
                listed.set()
                wanted = "Ora sprint" if moved else "Second start"
                await until(pilot, lambda: shown(pilot, f"─{wanted} ─"), "what it is about")
                await loaded(pilot)
                assert shown(pilot, f"─{wanted} ─")
