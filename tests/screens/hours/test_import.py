"""Import hours: looked at, mapped, added once; and written to files again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from textual import events
from textual.pilot import Pilot
from textual.widgets import Input

from tests.deck import deck_of, gone, opened, screen_text, seen, until, zone_at_noon
from tests.harness import EmbeddedServer
from tests.workspace.hours import unbooked
from tui.screens.messages import Go, hand_over
from tui.widgets.grid import Grid

LOG = """2026-01-14
    9:00 - 10:15 #cutting panels
    10:15 - 11:00 #booking form of the harbour
    soon
    1h30m #administration mail

2026-01-15
    9:00 - 9:00 #cutting nothing
    13:00 - 15:00 #lunch
"""


@pytest.fixture
def server() -> Iterator[EmbeddedServer]:
    with unbooked() as started:
        yield started


def count(server: EmbeddedServer) -> int:
    return len(server.context.database.read("SELECT id FROM trackmypeople_blocks"))


async def typed(pilot: Pilot[Any], text: str) -> None:
    """Put a text into the line that has the focus."""
    await until(pilot, lambda: isinstance(pilot.app.focused, Input), "a line has the keys")
    focused = pilot.app.focused
    assert focused is not None
    focused.post_message(events.Paste(text))


async def test_a_log_is_looked_at_mapped_added_and_added_once(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    (tmp_path / "log.klg").write_text(LOG, encoding="utf-8")
    async with opened(deck_of(server, tmp_path, "timers")) as pilot:
        await seen(pilot, "Sail wardrobe")
        await pilot.press("I")
        await seen(pilot, "A log of hours, of any program")
        await typed(pilot, f"{tmp_path}/log")
        await until(pilot, lambda: f"{tmp_path}"[:20] in screen_text(pilot))
        await pilot.press("tab")
        await seen(pilot, "log.klg")
        await pilot.press("enter")
        await seen(pilot, "log.klg · klog", "? no tracker", "1 not read", "which? m")
        await until(pilot, lambda: isinstance(pilot.app.focused, Grid), "the grid has the keys")
        await pilot.press("v")
        await seen(pilot, "By tracker · log.klg", "? cutting", "Administration")
        await pilot.press("v")
        await seen(pilot, "Not read · log.klg", "an entry begins with a length")
        await pilot.press("v")
        await seen(pilot, "Entries · log.klg")
        await pilot.press("a")
        await seen(pilot, "'cutting', 2 entries", "★ Cutting list", "more to come")
        await pilot.press("enter")
        await seen(pilot, "'booking', 1 entry", "★ Berth bookings")
        await pilot.press("slash", *"booking form", "enter")
        await seen(pilot, "'lunch', 1 entry", "▌ Leave it out")
        await pilot.press("enter")
        await seen(pilot, "Add 2 blocks, 2:00 h? 4 entries are left out.", "takes no block back")
        assert count(server) == 0
        await pilot.press("y")
        await seen(pilot, "2 blocks were added.", "✓ already there")
        assert count(server) == 2
        await gone(pilot, "Reading the file")
        await pilot.press("p")
        await seen(pilot, "Place lengths")
        await pilot.press("enter")
        await seen(pilot, "1 to add, 1:30 h", "2 already there")
        await pilot.press("a")
        await seen(pilot, "'lunch', 1 entry")
        await pilot.press("escape")
        await seen(pilot, "Add 1 block, 1:30 h?")
        await pilot.press("y")
        await seen(pilot, "1 block was added.", "3 already there")
        assert count(server) == 3
        await pilot.press("a")
        await seen(pilot, "'lunch', 1 entry")
        await pilot.press("escape")
        await seen(pilot, "There is nothing new in the file.")


async def test_esc_stops_adding_and_a_second_run_adds_the_rest(
    server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "frames"
    file.write_text(
        json.dumps(
            [
                [1768428000 + 600 * at, 1768428300 + 600 * at, "Cutting list", f"{at:032}", [], 0]
                for at in range(12)
            ]
        )
    )
    app = deck_of(server, tmp_path, "timers")
    async with opened(app, size=(80, 24)) as pilot:
        add = app.workspace.timers.add

        async def stopping(*given: Any) -> Any:
            block = await add(*given)
            if count(server) == 3:
                app.screen.query_one("#import").stop()  # type: ignore[attr-defined]
            return block

        monkeypatch.setattr(app.workspace.timers, "add", stopping)
        await hand_over(app, Go("hours", str(file)))
        await seen(pilot, "12 to add, 1:00 h")
        await until(pilot, lambda: isinstance(pilot.app.focused, Grid), "the grid has the keys")
        await pilot.press("a")
        await seen(pilot, "Add 12 blocks, 1:00 h?")
        await pilot.press("y")
        await seen(pilot, "3 blocks were added. 9 not: stopped.", "3 already there")
        assert count(server) == 3
        await pilot.press("a")
        await seen(pilot, "Add 9 blocks, 0:45 h?")
        await pilot.press("y")
        await seen(pilot, "9 blocks were added.", "12 already there")
        assert count(server) == 12
        await pilot.press("escape")
        await seen(pilot, "Sail wardrobe")


async def test_what_is_no_log_is_said_in_place(server: EmbeddedServer, tmp_path: Path) -> None:
    (tmp_path / "picture.csv").write_bytes(b"one,two\n1,2\n")
    hostile = tmp_path / "log"
    name = "\x1b[31m" + "n" * 300
    hostile.write_text(
        f"i 2026-01-14 09:00:00 {name}  [bold]x[/]\no 2026-01-14 10:00:00\n", encoding="utf-8"
    )
    app = deck_of(server, tmp_path, "timers")
    async with opened(app, size=(80, 24)) as pilot:
        await hand_over(app, Go("hours", str(tmp_path / "picture.csv")))
        await seen(pilot, "This is no log of hours that is known")
        await hand_over(app, Go("hours", str(hostile)))
        await seen(pilot, "timeclock", "1 no tracker", "nnnn")
        assert "\x1b" not in screen_text(pilot)
        await until(pilot, lambda: isinstance(pilot.app.focused, Grid), "the grid has the keys")
        await pilot.press("f")
        await seen(pilot, "How the file is read", "Format")
        await pilot.press("escape")
        await gone(pilot, "How the file is read")
        await pilot.press("M")
        await seen(pilot, "Every other name: what is chosen is remembered.")
        await pilot.press("slash", *"cutting", "enter")
        await seen(pilot, "1 to add, 1:00 h")
        hostile.unlink()
        await pilot.press("r")
        await seen(pilot, "what was read before", "r tries again")


@pytest.fixture
def at_noon() -> Iterator[EmbeddedServer]:
    """Where what began a moment ago is of this week."""
    with unbooked(zone_at_noon()) as started:
        yield started


async def test_the_hours_of_a_period_are_written_to_a_file(
    at_noon: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = at_noon
    monkeypatch.chdir(tmp_path)
    begin = int((datetime.now(UTC) - timedelta(seconds=50)).timestamp())
    with server.context.database.write() as connection:
        connection.execute(
            "INSERT INTO trackmypeople_blocks (profile_id, tracker_id, description, time_in,"
            " time_out) VALUES (1, 11, '=2+2', ?, ?)",
            (begin, begin + 36),
        )
    async with opened(deck_of(server, tmp_path, "timers")) as pilot:
        await seen(pilot, "Sail wardrobe", "=2+2")
        for key, form, holds in (
            ("enter", "csv", "'=2+2"), ("json", "json", '"seconds":36'), ("ICS", "ics", "VEVENT"),
            ("Markdown", "md", "**all**"), ("timeclock", "timeclock", "Cutting list"),
        ):  # fmt: skip
            await pilot.press("E")
            await seen(pilot, "Export hours as", "for hledger and ledger")
            if key != "enter":
                await pilot.press("slash", *key)
            await pilot.press("enter")
            await seen(pilot, "Export hours", f".{form}", "File")
            await pilot.press("enter")
            await seen(pilot, "1 entry written to hours-", f".{form}")
            (file,) = tmp_path.glob(f"hours-*.{form}")
            assert holds in file.read_text("utf-8")
            await pilot.press("t")
