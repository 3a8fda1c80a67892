"""The report as a table, rounded, in own periods, against goals; a day as a bar."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from textual import events
from textual.pilot import Pilot

from tests.deck import deck_of, opened, screen_text, until, zone_at_noon
from tests.harness import EmbeddedServer
from tests.screens.timers.steps import loaded, rows, shown
from tui.widgets.day_bar import DayBarView
from tui.widgets.grid import Grid

pytestmark = pytest.mark.usefixtures("as_at_the_start")


WEEK = "2015-01-05 to 2015-01-11"
LONG = "[b]Trap[/b]\x1b[31m" + "x" * 300


def book(server: EmbeddedServer, *blocks: tuple[str, str, int]) -> None:
    """Blocks by their times in UTC, with the number of the tracker."""
    with server.context.database.write() as connection:
        for begin, end, tracker in blocks:
            times = [datetime.fromisoformat(one).replace(tzinfo=UTC) for one in (begin, end)]
            connection.execute(
                "INSERT INTO trackmypeople_blocks"
                " (profile_id, tracker_id, description, time_in, time_out) VALUES (1, ?, ?, ?, ?)",
                (tracker, "by hand", *(int(one.timestamp()) for one in times)),
            )


def a_week(server: EmbeddedServer) -> None:
    """A week of two trackers, with a night over its end and one over midnight."""
    names = {row["name"]: row["id"] for row in server.context.database.read(
        "SELECT id, name FROM trackmypeople_trackers")}  # fmt: skip
    form, page, above = names["Booking form"], names["Payment page"], names["Berth bookings"]
    book(server,
         ("2015-01-05 09:00", "2015-01-05 10:01", form),
         ("2015-01-06 23:30", "2015-01-07 00:20", page),
         ("2015-01-07 09:00", "2015-01-07 09:30", above),
         ("2015-01-11 23:50", "2015-01-12 00:10", form))  # fmt: skip


def on_the_day(day: date) -> str:
    """A day as it is shown: with its year where that is over."""
    year = "" if day.year == datetime.now(UTC).year else f" {day.year}"
    return f"{day:%a} {day.day} {day:%b}{year}"


async def type_over(pilot: Pilot[Any], text: str) -> None:
    """A line in the place of what stands there."""
    await pilot.press("ctrl+u")
    field = pilot.app.focused
    assert field is not None
    field.post_message(events.Paste(text))
    await pilot.press("enter")


async def show_period(pilot: Pilot[Any], text: str, title: str) -> None:
    """Type a period, and wait for its report."""
    await pilot.press("P")
    await until(pilot, lambda: shown(pilot, "─ Which period ─", "From … to …"))
    await pilot.press("end", "enter")
    await until(pilot, lambda: shown(pilot, "enter shows it"))
    await type_over(pilot, text)
    await until(pilot, lambda: shown(pilot, title, " h ·"))


def line_of(pilot: Pilot[Any], *starts: str) -> list[str]:
    """The words of the line that begins with one of them."""
    for line in screen_text(pilot).splitlines():
        words = line.strip("▌▏▐▕ ").split()
        if words and words[0] in starts:
            return words
    return []


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_week_is_a_table_with_sums_both_ways_and_its_cells_are_blocks(
    server: EmbeddedServer, tmp_path: Path, copied: list[str], size: tuple[int, int]
) -> None:
    a_week(server)
    async with opened(deck_of(server, tmp_path, "timers"), size) as pilot:
        await loaded(pilot)
        await show_period(pilot, WEEK, "Week 5 to 11 Jan")
        # What lies beyond the end of the week is not counted.
        await until(pilot, lambda: shown(pilot, "2:31 h · 4 blo", "0:10 of 0:20"))
        await pilot.press("v")
        await until(pilot, lambda: shown(pilot, "Mo 5", "Su 11", "Sum"))
        assert line_of(pilot, "Sum") == ["Sum", "1:01", "0:30", "0:50", "0:10", "2:31"]
        assert line_of(pilot, "Fairlead", "Fairle…")[-5:] == line_of(pilot, "Sum")[1:]
        assert not shown(pilot, "Trackers ─"), "the table has the room for itself"
        await pilot.press("z")
        await until(pilot, lambda: shown(pilot, "─ Round hours ─", "none"))
        # What stands there is selected: it goes with the first letter.
        await pilot.press(*"up 3", "enter")
        await until(pilot, lambda: shown(pilot, "✗ 3 min: 5 to 60 can be rounded."))
        await type_over(pilot, "up 30")
        await until(pilot, lambda: shown(pilot, "Rounded: each block up to 30 min."))
        assert line_of(pilot, "Sum") == ["Sum", "1:01", "0:30", "0:50", "0:10", "2:31"]
        assert line_of(pilot, "Rounded") == ["Rounded", "1:30", "0:30", "1:00", "0:30", "3:30"]
        assert shown(pilot, "2:31 h · 3:30 h, each block")
        grid = pilot.app.screen.query_one("#blocks", Grid)
        await pilot.resize_terminal(60, 24)
        heads = ["Tracker", "Sum", "Round", "Mo"]
        await until(pilot, lambda: line_of(pilot, "Tracker")[:4] == heads, "sums come first")
        await pilot.resize_terminal(*size)
        await until(pilot, lambda: line_of(pilot, "Tracker")[1:2] == ["Mo"])
        await until(pilot, lambda: grid.has_focus)
        grid.move_to(grid.row_count - 2, "2015-01-08")
        await pilot.press("enter")
        await until(pilot, lambda: shown(pilot, "There is nothing in this cell.", "Mo 5"))
        grid.move_to(grid.row_count - 2, "2015-01-07")
        await pilot.press("enter")
        await until(pilot, lambda: shown(pilot, "Day Wed 7 Jan 2015 · all trackers", "0:50 h"))
        assert grid.row_count == 2
        await until(pilot, lambda: shown(pilot, " esc Table "))
        await pilot.press("escape")
        await until(pilot, lambda: shown(pilot, "Mo 5", "Su 11"))
        await pilot.press("c")
        await until(pilot, lambda: shown(pilot, "Copy the report as", "Markdown"))
        await pilot.press("down", "enter")
        await until(pilot, lambda: bool(copied))
        told = json.loads(copied[0])
        assert (told["sum"]["seconds"], told["sum"]["rounded"]) == (9060, 12600)
        own = [one for one in told["rows"] if one["counts"] == "itself"]
        assert sum(one["seconds"] for one in own) == 9060
        await pilot.press("S")
        await until(pilot, lambda: shown(pilot, "Write the report as"))
        await pilot.press("enter")
        await until(pilot, lambda: shown(pilot, "hours-2015-01-05-2015-01-11.csv"))
        await type_over(pilot, str(tmp_path / "hours.csv"))
        await until(pilot, lambda: shown(pilot, "✓ Saved "))
        assert "sum,,,1:01:00,0:30:00,0:50:00" in (tmp_path / "hours.csv").read_text()
        await pilot.press("v", "v", "v")
        await until(pilot, lambda: shown(pilot, "Trackers ─", "The report block by block"))


async def test_own_periods_move_by_their_length_and_are_offered_again(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    a_week(server)
    async with opened(deck_of(server, tmp_path, "timers")) as pilot:
        await loaded(pilot)
        await pilot.press("P")
        await until(pilot, lambda: shown(pilot, "─ Which period ─", "last month"))
        await pilot.press("end", "enter")
        await until(pilot, lambda: shown(pilot, "enter shows it"))
        await type_over(pilot, "soon")
        await until(pilot, lambda: shown(pilot, "✗ Write a period as last week"))
        await type_over(pilot, "2015-01-06 to 2015-01-08")
        await until(pilot, lambda: shown(pilot, "Period 6 to 8 Jan", "1:20 h · 2 blocks"))
        await pilot.press("right_square_bracket")
        await until(pilot, lambda: shown(pilot, "Period 9 to 11 Jan", "0:10 h · 1 block"))
        await pilot.press("left_square_bracket", "left_square_bracket")
        await until(pilot, lambda: shown(pilot, "Period 3 to 5 Jan", "1:01 h · 1 block"))
        # In the list it can be typed at once; what moved the cursor may begin a month.
        for typed, said, title in (
            ("12/2014", "1 to 31 Dec 2014", "Month 1 to 31 Dec 2014"),
            ("january 2015", "1 to 31 Jan 2015", "Month 1 to 31 Jan 2015"),
        ):
            await pilot.press("P")
            await until(pilot, lambda: shown(pilot, "─ Which period ─", "From … to …"))
            await pilot.press(*typed)
            await until(pilot, lambda row=f"{typed}  {said}": shown(pilot, row))
            assert not shown(pilot, "From … to …")
            await pilot.press("enter")
            await until(pilot, lambda title=title: shown(pilot, title, " h ·"))
        # What is not understood begins the line in which it is gone on with.
        await pilot.press("P")
        await until(pilot, lambda: shown(pilot, "─ Which period ─", "From … to …"))
        await pilot.press(*"6 jan 201")
        await until(pilot, lambda: shown(pilot, "From … to …  6 jan 201"))
        await pilot.press("enter")
        await until(pilot, lambda: shown(pilot, "enter shows it"))
        await pilot.press("5", "enter")
        await until(pilot, lambda: shown(pilot, "Day Tue 6 Jan 2015", " h ·"))
        # Of a long period the sums come before the months.
        await show_period(pilot, "2014-03-01 to 2015-04-30", "Period 1 Mar 2014 to 30 Apr")
        await pilot.press("v")
        await until(pilot, lambda: shown(pilot, "Sum  Mar 14", "Apr 14"))
        assert line_of(pilot, "Fairlead")[2] == line_of(pilot, "Sum")[1] == "2:41"
        await pilot.press("v", "v", "v")
    async with opened(deck_of(server, tmp_path, "timers")) as pilot:
        await loaded(pilot)
        await pilot.press("P")
        await until(pilot, lambda: shown(pilot, "2015-01-06 to 2015-01-08"))
        await pilot.press("end", "up", "enter")
        await until(pilot, lambda: shown(pilot, "Period 6 to 8 Jan", "1:20 h · 2 blocks"))
        await pilot.press("p")
        await until(pilot, lambda: shown(pilot, "Day Tue 6 Jan 2015", " h ·"))


async def test_goals_are_typed_counted_and_told_to_the_status_bar(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    with server.context.database.write() as connection:
        connection.execute("DELETE FROM trackmypeople_blocks WHERE profile_id = 1")
    zone = zone_at_noon()  # there the last hours are of this month
    begin, end = (datetime.now(UTC) - timedelta(hours=one) for one in (3, 1))
    book(server, (f"{begin:%Y-%m-%d %H:%M}", f"{end:%Y-%m-%d %H:%M}", 5))
    app = deck_of(server, tmp_path, "timers", deck__time_zone=zone)
    async with opened(app, (80, 24)) as pilot:
        await until(pilot, lambda: shown(pilot, "Sail wardrobe", "Nothing is running"))
        await pilot.press("n")
        await until(pilot, lambda: shown(pilot, "─ Hours wanted ─"))
        await type_over(pilot, "2h month: nobody")
        await until(pilot, lambda: shown(pilot, "✗ no tracker is called 'nobody'"))
        await type_over(pilot, "8h month; 1h month: harbour trust")
        await until(pilot, lambda: shown(pilot, "month 2:00 of 8:00 h, 6:00 h left", "━━──────"))
        assert shown(pilot, "month, harbour trust 2:00 of 1:00 h, 1:00 h over", "━━━━━━━━━━")
        await pilot.press("n")
        await until(pilot, lambda: shown(pilot, "8h month; 1h month: harbour trust"))
        await pilot.press("escape")
    told = json.loads((tmp_path / "state" / "goals.json").read_text())
    assert [(one["wanted"], one["done"]) for one in told] == [(28800, 7200), (3600, 7200)]
    app = deck_of(server, tmp_path, "timers", deck__time_zone=zone)
    client = await app.workspace.connections.trackmypeople()
    client.transport.base_url = "http://127.0.0.1:9/"
    async with opened(app) as pilot:
        await until(pilot, lambda: shown(pilot, "as of ", "month 2:00 of 8:00 h"))


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_day_is_a_bar_whose_gaps_are_filled(
    server: EmbeddedServer, tmp_path: Path, size: tuple[int, int]
) -> None:
    # Older than the sample, and not so old that nothing would be filled.
    day = datetime.now(UTC).date() - timedelta(days=300)
    said, next_said = on_the_day(day), on_the_day(day + timedelta(days=1))
    book(server, (f"{day} 09:00", f"{day} 12:00", 5), (f"{day} 11:30", f"{day} 13:00", 6),
         (f"{day} 14:00", f"{day} 17:00", 5))  # fmt: skip
    with server.context.database.write() as connection:
        connection.execute("UPDATE trackmypeople_trackers SET name = ? WHERE id = 6", (LONG,))
    async with opened(deck_of(server, tmp_path, "timers"), size) as pilot:
        await loaded(pilot)
        await show_period(pilot, f"{day}", f"Day {said}")
        await pilot.press("b")
        bar = pilot.app.screen.query_one(DayBarView)
        await until(pilot, lambda: shown(pilot, f"Not tracked: {said} 13:00 to 14:00, 1:00 h"))
        assert shown(pilot, "aaaa", "####", "bbb", "··", "^^^", "0:30 h more than once")
        await pilot.press("left", "h")
        await until(pilot, lambda: shown(pilot, f"Overlap: {said} 11:30 to 12:00, 0:30 h: "))
        assert shown(pilot, " and [b]T")
        assert "\x1b" not in screen_text(pilot)
        await pilot.press("l", "l", "a")
        await until(pilot, lambda: shown(pilot, "─ Add time in one line ─", f"{day} 13:00-14:00"))
        await pilot.press(*"admin: lunch", "enter")
        await until(pilot, lambda: shown(pilot, "✓ Added 1:00 h", f"Administration: {said} 13"))
        assert bar.segment is not None
        assert bar.segment.kind == "block"
        await pilot.press("right_square_bracket")
        await until(
            pilot, lambda: shown(pilot, f"Day {next_said}", f"Not tracked: {next_said} 09:00")
        )
        await pilot.press("b")
        await until(pilot, lambda: not bar.display or not shown(pilot, "^^^"))
    (added,) = rows(server, "description = 'lunch'")
    assert added["time_out"] - added["time_in"] == 3600
