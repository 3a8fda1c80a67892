"""Marks and the ends of the line, from the form in Sessions to what Live reckons with them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.deck import at_work, deck_of, opened, put, screen_text, shown, until
from tests.harness import EmbeddedServer
from tests.screens.sessions.steps import narrowed
from tui.services.errors import NotFound


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedServer]:
    """Only Igtimi, with the sample fleet."""
    with EmbeddedServer(services=["igtimi"]) as running:
        yield running


async def lay(
    pilot: Pilot[Any], session: str, kind: str, name: str = "", spot: str = "", device: str = ""
) -> None:
    """Lay a mark of the session that the cursor is on, by its form."""
    await pilot.press("n")
    await until(pilot, lambda: shown(pilot, "Add to the log"), "kinds of entries")
    await pilot.press("end", "enter")
    await until(pilot, lambda: shown(pilot, "What *", "Where", "As it lies"), "the form")
    await choose(pilot, kind)
    await put(pilot, name, spot)
    if device:
        await choose(pilot, device)
    await pilot.press("f2")
    await until(pilot, lambda: shown(pilot, f"Added to the log of {session}"), "laid")


async def choose(pilot: Pilot[Any], title: str) -> None:
    """Choose of the field's list what has this title, and go on to the next field."""
    await pilot.press("space")
    await until(pilot, lambda: shown(pilot, "enter chooses"), "the list")
    await pilot.press("slash", *title, "enter")
    await until(pilot, lambda: shown(pilot, "enter next", f"‹ {title}"), title)
    await pilot.press("enter")


def line_length(pilot: Pilot[Any]) -> str:
    """How long the line of the start view is."""
    found = re.search(r"Line (\S+ k?m), square", screen_text(pilot))
    return "" if found is None else found[1]


async def test_an_end_of_the_line_laid_in_this_deck_moves_the_line_of_the_start(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with opened(deck_of(server, tmp_path, "live"), (120, 40)) as pilot:
        await until(pilot, lambda: shown(pilot, "series", "⏎ Large"), "the wall")
        await pilot.press("S")
        await until(pilot, lambda: line_length(pilot) != "", "the line of the session's log")
        assert not line_length(pilot).startswith("111")
        await pilot.press("4")
        await until(pilot, lambda: shown(pilot, "Twilight series", "▸ Marks"), "sessions")
        await narrowed(pilot, "twilight")
        # A degree of longitude on the equator.
        await lay(pilot, "Twilight series", "Committee boat", spot="0.0 N, 20.0 E")
        await lay(pilot, "Twilight series", "Pin end", spot="0.0 N, 19.0 E")
        await pilot.press("7")
        await until(pilot, lambda: line_length(pilot).startswith("111"), "the line as it lies now")


async def test_a_mark_is_laid_where_a_device_is_now_and_what_was_open_stays_open(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with opened(deck_of(server, tmp_path, "sessions"), (120, 40)) as pilot:
        await until(pilot, lambda: shown(pilot, "Twilight series"), "sessions")
        await pilot.press("a")
        await until(pilot, lambda: shown(pilot, "New session", "Devices"), "the form")
        await put(pilot, "Drill", "today 10:00", "today 11:00")
        await pilot.press("f2")
        await until(pilot, lambda: shown(pilot, "No boat yet", "▾ Log"), "its log is open")
        await lay(pilot, "Drill", "Windward mark", name="Top", device="Windward mark")
        assert re.search(
            r"Added to the log of Drill: where Windward mark was \d+ s ago\.", screen_text(pilot)
        )
        await until(pilot, lambda: shown(pilot, "▸ Marks", "▾ Log"), "the log is open still")
    async with at_work(server, tmp_path / "beside") as workspace:
        room = workspace.sessions
        sessions = (await room.sessions()).value.sessions
        found = await room.open(next(one for one in sessions if one.name == "Drill"))
        (mark,) = found.state.marks
        assert (mark.name, mark.devices) == ("Top", ()), "it lies: it does not move any more"
        (place,) = mark.positions
        devices = await room.fleet.devices()
        serial = next(one.serial_number for one in devices if one.name == "Windward mark")
        there = (await room.fix_of(serial)).spot
        assert (place.latitude, place.longitude) == pytest.approx(there, abs=2e-3)
        with pytest.raises(NotFound, match="no position yet"):
            await room.fix_of("ZZ-ZZ-ZZZZ")
