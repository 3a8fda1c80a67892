"""Cells are edited where they stand, and sent while the next one is typed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.deck import deck_of, gone, opened, screen_text, seen, unreachable, until, workspace_of
from tests.harness import EmbeddedServer
from tests.screens.books.steps import books_of, books_place, open_table, stored
from tui.widgets.cell_editor import CellEditor, CellLine
from tui.widgets.grid import Grid

pytestmark = pytest.mark.usefixtures("as_at_the_start")


PARTS = 3
WIDE = (160, 40)


async def typing(pilot: Pilot[Any]) -> CellLine:
    """Until a cell is being edited: its line."""
    await until(pilot, lambda: isinstance(pilot.app.focused, CellLine), "a cell is edited")
    line = pilot.app.focused
    assert isinstance(line, CellLine)
    return line


async def typed(pilot: Pilot[Any]) -> None:
    """Until no cell is being edited."""
    editors = pilot.app.screen.query(CellEditor)
    await until(pilot, lambda: not editors and isinstance(pilot.app.focused, Grid), "it is left")


async def test_keys_take_what_is_typed_and_lead_on(server: EmbeddedServer, tmp_path: Path) -> None:
    app = deck_of(server, tmp_path, "books")
    async with opened(app, WIDE) as pilot:
        grid = await open_table(pilot, 2, "Task")
        before = [row["Task"] for row in stored(server, "Fleet maintenance")[:3]]
        await pilot.press("e")
        line = await typing(pilot)
        assert line.value == before[0]
        cell = grid.cell_region().translate(grid.region.offset)
        await until(pilot, lambda: line.region.offset == cell.offset, "it is typed in its cell")
        await pilot.press(*" q1", "enter")
        await typed(pilot)
        assert grid.cursor_row == 1
        await pilot.press("f2")
        await typing(pilot)
        await pilot.press("ctrl+u", *"[b]q", "tab")
        await typed(pilot)
        await seen(pilot, ": [b]q. u takes it back.")
        now = [row["Task"] for row in stored(server, "Fleet maintenance")[:2]]
        assert now == [f"{before[0]} q1", "[b]q"]
        assert grid.cursor_row == 1
        assert grid.cursor_column == grid.columns[1].key
        # Given up, nothing is sent.
        await pilot.press("h", "j", "e")
        await typing(pilot)
        await pilot.press(*"nothing", "escape")
        await typed(pilot)
        await pilot.press("u")
        await seen(pilot, "Undone: Change Task of")
        await until(pilot, lambda: stored(server, "Fleet maintenance")[1]["Task"] == before[1])
        # What became of the row can be read.
        grid.move_to_row(1)
        await pilot.press("O")
        await seen(pilot, f"Task: {before[1]} → [b]q")
        await seen(pilot, "only as far as the table keeps it")
        await pilot.press("escape")
        await gone(pilot, "only as far as the table keeps it")
        await until(pilot, lambda: grid.has_focus, "the grid has the keys")
        await pilot.press("u")
        await until(pilot, lambda: stored(server, "Fleet maintenance")[0]["Task"] == before[0])
        assert stored(server, "Fleet maintenance")[2]["Task"] == before[2]


async def test_what_is_no_value_is_said_at_the_cell_and_stays(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of(server, tmp_path, "books")
    async with opened(app, WIDE) as pilot:
        grid = await open_table(pilot, 2, "Task")
        before = stored(server, "Fleet maintenance")[1]
        hours = next(one.key for one in grid.columns if one.title == "Hours")
        grid.move_to(1, hours)
        # The column is written with a comma: this may be a thousand.
        await pilot.press("e")
        line = await typing(pilot)
        assert line.value == f"{before['Hours']}".replace(".", ",")
        await pilot.press("ctrl+u", *"1.250", "enter")
        await seen(pilot, "✗ ")
        assert (await typing(pilot)).value == "1.250"
        assert stored(server, "Fleet maintenance")[1] == before
        await pilot.press("ctrl+u", *"7,5", "shift+tab")
        await typed(pilot)
        await until(pilot, lambda: stored(server, "Fleet maintenance")[1]["Hours"] == 7.5)
        # The cursor is on the column before it: a time, read as everywhere.
        assert grid.columns[[one.key for one in grid.columns].index(hours) - 1].key == (
            grid.cursor_column
        )
        await pilot.press("e")
        await typing(pilot)
        await pilot.press("ctrl+u", *"the day")
        await pilot.press("enter")
        await seen(pilot, "✗ ")
        await pilot.press("ctrl+u", *"2015-11-30 14:00")
        await seen(pilot, "Mon 30 Nov 2015 14:00")
        (line,) = [one for one in screen_text(pilot).splitlines() if "Nov 2015 14:00" in one]
        assert line.partition("Nov 2015 14:00")[2][:1] in ("", " "), "what is under it stands apart"
        await pilot.press("enter")
        await typed(pilot)
        await until(
            pilot,
            lambda: "2015-11-30" in str(stored(server, "Fleet maintenance")[1]["Started"]),
            "the time is there",
        )
        assert grid.cursor_row == 2


async def test_what_the_service_refuses_comes_back_into_its_cell(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of(server, tmp_path, "books")
    async with opened(app, (80, 24)) as pilot:
        grid = await open_table(pilot, 2, "Task")
        before = stored(server, "Fleet maintenance")[0]["Task"]
        await pilot.press("e")
        await typing(pilot)
        await pilot.press("ctrl+u", *"x" * 3, "enter")
        await typed(pilot)
        await until(pilot, lambda: stored(server, "Fleet maintenance")[0]["Task"] == "xxx")
        table = books_of(app).table
        await until(pilot, lambda: table.row is not None and not table._writing, "it is settled")
        await pilot.press("k", "e")
        line = await typing(pilot)
        line.value = "y" * 300
        await pilot.press("enter")
        await seen(pilot, "characters at most")
        line = await typing(pilot)
        assert line.value == "y" * 300
        assert grid.cursor_row == 0
        await pilot.press("ctrl+u", *before, "enter")
        await typed(pilot)
        await until(pilot, lambda: stored(server, "Fleet maintenance")[0]["Task"] == before)
        await seen(pilot, "u takes it back")
        # What cannot be written says so before anything is typed; ctrl+o goes on with more room.
        await pilot.press("dollar_sign", "e")
        await seen(pilot, "Updates is read-only")
        assert not pilot.app.screen.query(CellEditor)
        await pilot.press("0", "e")
        await typing(pilot)
        await pilot.press(*" more", "ctrl+o")
        await seen(pilot, "saves")
        await seen(pilot, " more")


async def test_check_boxes_turn_over_and_choices_are_typed(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of(server, tmp_path, "books")
    async with opened(app, (200, 40)) as pilot:
        grid = await open_table(pilot, 2, "Task")
        titles = {one.title: one.key for one in grid.columns}
        checked = stored(server, "Fleet maintenance")[0].get("Checked") is True
        grid.move_to(0, titles["Checked"])
        await pilot.press("e")
        await seen(pilot, "u takes it back")
        now = stored(server, "Fleet maintenance")[0].get("Checked")
        assert now is not checked
        grid.move_to(0, titles["Status"])
        await pilot.press("e")
        await seen(pilot, "Waiting for parts")
        await pilot.press(*"canc", "enter")
        await gone(pilot, "esc closes")
        await until(pilot, lambda: stored(server, "Fleet maintenance")[0]["Status"] == "Cancelled")
        grid.move_to(0, titles["Boat"])
        await pilot.press("e")
        await seen(pilot, "esc closes")
        await pilot.press(*"nordlys", "enter")
        await seen(pilot, "Nordlys. u takes it back")
        assert "Undo" in screen_text(pilot)


async def test_what_was_written_last_is_repeated(server: EmbeddedServer, tmp_path: Path) -> None:
    name = "Fleet maintenance"
    app = deck_of(server, tmp_path, "books")
    async with opened(app, (200, 40)) as pilot:
        grid = await open_table(pilot, 2, "Task")
        titles = {one.title: one.key for one in grid.columns}
        before = stored(server, name)
        await pilot.press("full_stop")
        await seen(pilot, "No cell was written yet")
        # Typed ahead, in one breath: the second comes after the first.
        await pilot.press("e")
        await typing(pilot)
        await pilot.press("ctrl+u", *"7,5", "enter")
        await typed(pilot)
        await pilot.press("full_stop")
        await until(pilot, lambda: [row["Task"] for row in stored(server, name)[:2]] == ["7,5"] * 2)
        await seen(pilot, f"Task of {before[1]['Task']}: 7,5. u takes it back.")
        # In a column of numbers it is what it means when it is typed there.
        assert before[3]["Hours"] != 7.5
        grid.move_to(3, titles["Hours"])
        await pilot.press("full_stop")
        await until(pilot, lambda: stored(server, name)[3]["Hours"] == 7.5)
        # What is said of it is how the column shows it, not how it was typed.
        await seen(pilot, f"Hours of {before[3]['Task']}: 7,50. u takes it back.")
        await pilot.press("e")
        await typing(pilot)
        await pilot.press("ctrl+u", *"0099", "f2")
        await typed(pilot)
        await seen(pilot, f"Hours of {before[3]['Task']}: 99,00. u takes it back.")
        await pilot.press("k", "e")
        await typing(pilot)
        await pilot.press("ctrl+u", *"007,25", "f2")
        await typed(pilot)
        await seen(pilot, f"Hours of {before[2]['Task']}: 7,25. u takes it back.")
        # What the column cannot hold is not sent.
        grid.move_to(0, titles["Checked"])
        await pilot.press("full_stop")
        await seen(pilot, "Checked does not take “007,25”: it was written into Hours")
        # A check box is set as it was, not turned over; that of the marked rows in one step.
        assert [before[at].get("Checked") is True for at in (0, 1, 4)] == [False] * 3
        await pilot.press("e")
        await seen(pilot, "Checked of 7,5: yes. u takes it back.")
        await pilot.press("space", "space", *"jj", "space")
        await until(pilot, lambda: len(grid.marked) == 3, "they are marked")
        await pilot.press("full_stop")
        await seen(pilot, "2 rows were written. u takes it back.")
        assert [stored(server, name)[at]["Checked"] for at in (0, 1, 4)] == [True] * 3
        await pilot.press("u")
        await seen(pilot, "Undone: Set Checked of 3 rows")
        await until(pilot, lambda: stored(server, name)[4] == before[4])
        assert stored(server, name)[0]["Checked"] is True
        assert stored(server, name)[5:] == before[5:]


async def test_what_others_wrote_meanwhile_is_asked_about_and_offline_it_waits(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of(server, tmp_path, "books", timetonic__events="off")
    other = workspace_of(server, tmp_path / "other")
    async with opened(app, WIDE) as pilot:
        grid = await open_table(pilot, 2, "Task")
        row = stored(server, "Fleet maintenance")[0]
        client = await other.connections.timetonic()
        values = await client.get_table_values(int(books_place(app)))
        await pilot.press("e")
        await typing(pilot)
        await pilot.press("ctrl+u", *"mine")
        await client.update_table_value(row["id"], values.fields[0].id, "Theirs")
        await pilot.press("enter")
        await seen(pilot, "somebody else changed it meanwhile")
        await pilot.press("escape")
        # It is in its cell again, with what is there now; taken once more it is written.
        await seen(pilot, "“Theirs”. Save again to write yours in its place.")
        assert (await typing(pilot)).value == "mine"
        assert stored(server, "Fleet maintenance")[0]["Task"] == "Theirs"
        await pilot.press("enter")
        await typed(pilot)
        await until(pilot, lambda: stored(server, "Fleet maintenance")[0]["Task"] == "mine")
        await seen(pilot, "u takes it back")
        with unreachable():
            await pilot.press("g", "e")
            await typing(pilot)
            await pilot.press(*" too", "enter")
            await seen(pilot, "… mine too")
            assert not pilot.app.screen.query(CellEditor)
            assert grid.cursor_row == 1
        await app.workspace.history.outbox.send_all()
        await until(pilot, lambda: stored(server, "Fleet maintenance")[0]["Task"] == "mine too")
    await other.close()


async def test_a_date_or_a_number_is_written_over_by_the_first_letter(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of(server, tmp_path, "books")
    async with opened(app, WIDE) as pilot:
        grid = await open_table(pilot, 2, "Task")
        for title in ("Started", "Hours", "Due"):
            grid.move_to(1, next(one.key for one in grid.columns if one.title == title))
            for keys, at in (
                (("4", "2"), None),
                (("home",), 0),
                (("end",), 1),
                (("right",), 1),
                (("left",), 0),
            ):
                await pilot.press("e")
                line = await typing(pilot)
                there = line.value
                assert there
                assert line.selected_text == there
                await pilot.press(*keys)
                assert line.value == ("42" if at is None else there)
                assert at is None or line.cursor_position == at * len(there)
                await pilot.press("escape")
                await typed(pilot)
            # A letter is taken from its end, and one that was put in is taken away.
            await pilot.press("e")
            line = await typing(pilot)
            there = line.value
            await pilot.press("backspace")
            assert line.value == there[:-1]
            await pilot.press("7", "home", "shift+end", "backspace")
            assert line.value == ""
            await pilot.press("escape")
            await typed(pilot)
        # A text is gone on with.
        grid.move_to(1, next(one.key for one in grid.columns if one.title == "Task"))
        await pilot.press("e")
        line = await typing(pilot)
        there = line.value
        await pilot.press("x")
        assert line.value == f"{there}x"
        await pilot.press("escape")
        await typed(pilot)
