"""The Timesheet screen: from key press to both servers and back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.deck import deck_of, gone, opened, screen_text, seen, until, zone_at_noon
from tests.harness import EmbeddedServer
from tests.workspace.timesheet import DAY, at, booked, entries_of, mend
from tests.workspace.ways import Way
from tui.app import Tockdeck
from tui.screens.messages import Go, hand_over
from tui.widgets.grid import Grid
from tui.workspace.timers.periods import Span

WEEK = Span.of("week", DAY)
HARBOUR_MAP = 24
"""The task that is suggested first for Booking form."""


@pytest.fixture
def server() -> Iterator[EmbeddedServer]:
    with booked() as started:
        yield started


async def to_the_week(pilot: Pilot[Any], marked: str = "", cursor: str = "1") -> None:
    """The week of the blocks, once it is loaded and has the keys."""
    await hand_over(pilot.app, Go("timesheet", f"{WEEK.first}/{WEEK.last}/{marked}/{cursor}"))
    await seen(pilot, "Timesheet · 16 to 22 Nov", "Cutting list")
    await until(pilot, lambda: isinstance(pilot.app.focused, Grid), "the grid has the keys")


async def test_hours_are_asked_for_entered_billed_and_taken_back(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of(server, tmp_path, "timers", hours__rounding="up")
    async with opened(app) as pilot:
        await to_the_week(pilot)
        await seen(pilot, "3 without a task", "each block up to 15 min", "● runs", "free time")
        await pilot.press("M")
        await seen(pilot, "Which tracker, with all below it?")
        await pilot.press("enter")
        await seen(pilot, "Which task is Berth bookings?", "Berth planner")
        await pilot.press("slash", *"guest berths", "enter")
        await seen(pilot, "1 without a", "Berth planner › Guest berths", "(as Berth bookings)")
        await pilot.press("e")
        await seen(pilot, "Which task is Cutting list?", "It is remembered")
        await pilot.press("slash", *"sketches", "enter")
        await seen(pilot, "3 blocks were entered, 3:45 h.", "nothing to enter")
        there = entries_of(server)
        assert [(begin, end) for _, begin, end, _ in there] == [
            (at(9), at(10, 15)), (at(10, 11), at(11, 11)), (at(13), at(14, 30)),
        ]  # fmt: skip
        assert there[0][3] == "validation of the length"
        await seen(pilot, "✓ entered")
        await pilot.press("e")
        await seen(pilot, "There is nothing new to enter in this period.")
        # Opened again, all that is to be approved still goes along, not only the one at the cursor.
        await to_the_week(pilot)
        await seen(pilot, "✓ entered")
        await pilot.press("i")
        await seen(pilot, "Pinehaven Marina", "Demo Owner", "Approve")
        await until(pilot, lambda: len(app.screen.query_one("#work-grid", Grid).marked) == 2)
        await pilot.press("v")
        await seen(pilot, "Approve 2 entries?")
        await pilot.press("y")
        await seen(pilot, "Approved 2.")
        await to_the_week(pilot)
        await seen(pilot, "approved")
        await pilot.press("y", "escape")
        await until(pilot, lambda: "timesheet" not in app.current_mode, "esc goes back")


async def test_one_undo_takes_back_what_was_entered(server: EmbeddedServer, tmp_path: Path) -> None:
    async with opened(deck_of(server, tmp_path, "timers"), size=(80, 24)) as pilot:
        await to_the_week(pilot)
        await pilot.press("enter")
        await seen(pilot, "Which task is Booking form?", "★ Berth planner")
        await pilot.press("enter")
        await seen(pilot, "1 to enter, 1:11 h · ", " · 2 no task")
        await pilot.press("space")
        await seen(pilot, "1 block marked: only those are entered.")
        await pilot.press("e")
        await seen(pilot, "1 block was entered, 1:11 h.")
        assert len(entries_of(server)) == 1
        await gone(pilot, "1 block marked")
        await seen(pilot, "2 without a task")
        await seen(pilot, "e Enter hours  i Invoices", "u Undo: Enter", "? more")
        await pilot.press("u")
        await until(pilot, lambda: entries_of(server) == [], "it is taken back")
        await seen(pilot, "1 to enter, 1:11 h")
        await pilot.press("e")
        await seen(pilot, "Which task is Payment page?", "Decide all later")
        await pilot.press("escape")
        await seen(pilot, "Nothing was entered.")
        await gone(pilot, "Which task is Payment page?")
        assert entries_of(server) == [], "esc gives up"
        await pilot.press("e")
        await seen(pilot, "Which task is Payment page?", "Decide all later")
        await pilot.press("slash", *"all later")
        await until(pilot, lambda: "Never entered" not in screen_text(pilot), "it alone is left")
        await pilot.press("enter")
        await seen(pilot, "1 block was entered, 1:11 h.")
        assert len(entries_of(server)) == 1


async def test_what_changed_since_is_said_and_updated(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with opened(deck_of(server, tmp_path, "timers")) as pilot:
        await to_the_week(pilot)
        await pilot.press("enter")
        await seen(pilot, "Which task is Booking form?")
        await pilot.press("enter")
        await seen(pilot, "1 to enter, 1:11 h")
        await pilot.press("space", "e")
        await seen(pilot, "1 block was entered", "✓ entered")
        await pilot.press("g")
        await seen(pilot, "it is not entered again; i goes there")
        mend(server, 1, time_out=int(at(10).timestamp()))
        await pilot.press("r")
        await seen(pilot, "≠ changed since", "c lets the entry be as the block is now")
        await pilot.press("c")
        await seen(pilot, "is as its block is now.", "✓ entered")
        assert entries_of(server)[0][2] == at(10)
        with server.context.database.write() as connection:
            connection.execute("DELETE FROM trackmypeople_blocks WHERE id = 1")
        await pilot.press("r")
        await seen(pilot, "its block is not of these days any more. d deletes.")
        await pilot.press("d")
        await seen(pilot, "y delete · n or esc keep")
        await pilot.press("y")
        await seen(pilot, "is deleted.")
        await gone(pilot, "any more. d deletes.")
        assert entries_of(server) == []


async def test_a_refused_one_is_named_and_what_cannot_be_sent_is_kept(
    server: EmbeddedServer, tmp_path: Path, way: Way
) -> None:
    async with opened(deck_of(server, tmp_path, "timers")) as pilot:
        app = pilot.app
        assert isinstance(app, Tockdeck)
        service = await app.workspace.connections.timesheets()
        short_lived = (await service.task.create(1, "Short-lived")).id
        await app.workspace.timesheet.say(5, HARBOUR_MAP)
        await app.workspace.timesheet.say(6, short_lived)
        await to_the_week(pilot)
        await seen(pilot, "2 to enter", "Season film")
        await service.task.delete(short_lived)
        await pilot.press("e")
        await seen(pilot, "Which task is Cutting list?", "Decide later")
        await pilot.press("slash", *"decide later")
        await until(pilot, lambda: "Never entered" not in screen_text(pilot), "it alone is left")
        await pilot.press("enter")
        await seen(pilot, "Not all was entered", "The service refused:", "Task not found.")
        await pilot.press("enter")
        await seen(pilot, "1 block was entered", "2 without a task")
        way.open = False
        await pilot.press("r")
        await seen(pilot, "as of", "could not")
        way.open = True


async def test_what_is_marked_in_timers_is_what_is_entered(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    now = datetime.now(UTC)
    begin = int((now - timedelta(seconds=40)).timestamp())
    with server.context.database.write() as connection:
        connection.execute("UPDATE trackmypeople_blocks SET time_out = time_in + 60 WHERE id = 5")
        for number, second in ((7, begin), (8, begin + 20)):
            connection.execute(
                "INSERT INTO trackmypeople_blocks"
                " (id, profile_id, tracker_id, description, time_in, time_out)"
                " VALUES (?, 1, 6, 'marked', ?, ?)",
                (number, second, second + 10),
            )
    # Where it is noon, so that both are of this week.
    app = deck_of(server, tmp_path, "timers", deck__time_zone=zone_at_noon())
    async with opened(app) as pilot:
        await seen(pilot, "Sail wardrobe", "marked")
        await pilot.press("tab")
        await until(pilot, lambda: isinstance(pilot.app.focused, Grid), "the report has the keys")
        await pilot.press("space", "T")
        await seen(pilot, "Timesheet · ", "1 block marked")
        await pilot.press("e")
        await seen(pilot, "Which task is Payment page?")
        await pilot.press("enter")
        await until(pilot, lambda: len(entries_of(server)) == 1, "the marked one is entered")
        await seen(pilot, "1 block was entered")
        await pilot.press("escape")
        await seen(pilot, "Sail wardrobe", "marked")
        await until(pilot, lambda: isinstance(pilot.app.focused, Grid), "the report has the keys")
        report = pilot.app.focused
        assert isinstance(report, Grid)
        await pilot.press("g", "space")
        await until(pilot, lambda: not report.marked, "nothing is marked")
        await pilot.press("v")
        await seen(pilot, "The report by tracker and day.")
        await until(pilot, lambda: isinstance(pilot.app.focused, Grid), "the report has the keys")
        await pilot.press("enter")
        await seen(pilot, "The blocks of this cell")
        await pilot.press("T")
        await seen(pilot, "Timesheet · ", "2 blocks marked")


async def test_where_a_service_cannot_be_asked_it_is_said_in_place(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of(server, tmp_path, "timers", timesheets__base_url="")
    async with opened(app, size=(80, 24)) as pilot:
        await hand_over(app, Go("timesheet", f"{WEEK.first}/{WEEK.last}//"))
        await seen(pilot, "✗ Timesheets: connection", "r tries again")
        await pilot.press("e")
        await seen(pilot, "The blocks are not here yet.")
        await pilot.press("C")
        await seen(pilot, "─ Connect ", "TrackMyPeople", "TimeTonic")
        await pilot.press("escape")
        await gone(pilot, "─ Connect ")
        await pilot.press("escape")
        await seen(pilot, "Sail wardrobe")
