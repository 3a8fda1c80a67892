"""Many rows written as one action: marked, set, filled down, copied, added, and undone at once."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from textual import events

from tests.deck import deck_of, opened, seen, unreachable, until, workspace_of
from tests.harness import EmbeddedServer
from tests.screens.books.steps import open_table, stored
from tui.services.transport import Transport
from tui.services.wire import Request, Response
from tui.widgets.filterline import LineInput
from tui.workspace.books.into.planner import MISSING

pytestmark = pytest.mark.usefixtures("as_at_the_start")


PARTS = 3
NAME = "Parts inventory"
WIDE = (160, 40)


async def test_marked_rows_are_set_and_one_undo_takes_it_back(
    server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[int] = []
    send = Transport.send

    async def count(self: Transport, request: Request) -> Response:
        calls.append(("req", "createOrUpdateTableRows") in (request.form or ()))
        return await send(self, request)

    monkeypatch.setattr(Transport, "send", count)
    app = deck_of(server, tmp_path, "books")
    async with opened(app, WIDE) as pilot:
        grid = await open_table(pilot, PARTS, "Shackle, bow 1")
        before = stored(server, NAME)
        stock = next(one.key for one in grid.columns if one.title == "In stock")
        # A stretch of rows: from the mark to here.
        grid.move_to(3, stock)
        await pilot.press("space")
        grid.move_to(27, stock)
        await pilot.press("V")
        await seen(pilot, "25 rows marked")
        await pilot.press("S")
        await seen(pilot, "Set In stock of 25 rows")
        await pilot.press(*"7777", "f2")
        await seen(pilot, "written. u takes it back.")
        rows = stored(server, NAME)
        assert [row["In stock"] == 7777 for row in rows] == [3 <= at <= 27 for at in range(650)]
        already = sum(row["In stock"] == 7777 for row in before)
        assert sum(calls) == -(-(25 - already) // 10), "ten rows a call"
        # Filled down from the first of the marked ones.
        await pilot.press("g", *"jjj", "e")
        await seen(pilot, "7777")
        await pilot.press("ctrl+u", *"31", "enter")
        await seen(pilot, ": 31. u takes it back.")
        await pilot.press("D")
        await until(
            pilot, lambda: [row["In stock"] for row in stored(server, NAME)[3:28]] == [31] * 25
        )
        await seen(pilot, "24 rows were written. u takes it back.")
        await pilot.press("u")
        await seen(pilot, "Undone: Fill down In stock of 24 rows")
        await pilot.press("u")
        await seen(pilot, "Undone: Change In stock of")
        await pilot.press("u")
        await seen(pilot, "Undone: Set In stock of 25 rows")
        await until(pilot, lambda: stored(server, NAME) == before, "all is as it was")


async def test_rows_are_copied_and_added_together(server: EmbeddedServer, tmp_path: Path) -> None:
    app = deck_of(server, tmp_path, "books", timetonic__rows_a_call="4")
    async with opened(app, WIDE) as pilot:
        grid = await open_table(pilot, PARTS, "Shackle, bow 1")
        before = stored(server, NAME)
        kept = ("Part", "In stock", "Price")
        await pilot.press("slash", *"anode", "enter")
        await seen(pilot, "match “anode”")
        found = [row for row in before if "anode" in str(row).casefold()]
        await pilot.press("M")
        await seen(pilot, "All rows that are shown")
        await pilot.press("enter")
        await seen(pilot, f"{len(found)} rows marked")
        await pilot.press("asterisk")
        await seen(pilot, f"{len(found)} rows were added. u takes it back.")
        await until(pilot, lambda: grid.row_count == 2 * len(found), "the copies are shown")
        now = stored(server, NAME)
        assert len(now) == len(before) + len(found)
        copies = [tuple(row.get(name) for name in kept) for row in now[len(before) :]]
        assert copies == [tuple(row.get(name) for name in kept) for row in found]
        await pilot.press("u")
        await seen(pilot, f"Undone: Duplicate {len(found)} rows of {NAME}")
        await until(pilot, lambda: len(stored(server, NAME)) == len(before))
        await until(pilot, lambda: grid.row_count == len(found), "the copies are shown no more")
        await pilot.press("M")
        await seen(pilot, "All rows that are shown")
        await pilot.press("j", "enter")
        await seen(pilot, "0 rows marked")
        assert not grid.marked
        await pilot.press("A")
        await seen(pilot, "How many")
        await pilot.press(*"0", "enter")
        await seen(pilot, "A number from 1 to")
        # More digits than Python reads.
        line = pilot.app.screen.query_one(LineInput)
        line.value = "9" * 5000
        await pilot.press("enter")
        line.value = "9"
        await pilot.press("enter")
        await seen(pilot, "9 rows were added. u takes it back.")
        assert len(stored(server, NAME)) == len(before) + 9
        await pilot.press("u")
        await seen(pilot, f"Undone: Add 9 rows to {NAME}")
        await until(pilot, lambda: len(stored(server, NAME)) == len(before))


async def test_keys_are_free_while_rows_are_written_and_esc_gives_the_rest_up(
    server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls, go_on, send = 0, asyncio.Event(), Transport.send

    async def hold(self: Transport, request: Request) -> Response:
        nonlocal calls
        if ("req", "createOrUpdateTableRows") in (request.form or ()):
            calls += 1
            if calls == 2:
                await go_on.wait()
        return await send(self, request)

    app = deck_of(server, tmp_path, "books", timetonic__events="off")
    async with opened(app, WIDE) as pilot:
        grid = await open_table(pilot, PARTS, "Shackle, bow 1")
        before = stored(server, NAME)
        stock = next(one.key for one in grid.columns if one.title == "In stock")
        grid.move_to(0, stock)
        await pilot.press("space")
        grid.move_to(39, stock)
        await pilot.press("V")
        await seen(pilot, "40 rows marked")
        monkeypatch.setattr(Transport, "send", hold)
        await pilot.press("S")
        await seen(pilot, "Set In stock of 40 rows")
        await pilot.press(*"7777", "f2")
        await seen(pilot, "10 of 40 rows written · esc gives up")
        row = grid.cursor_row
        await pilot.press("k", "k", "space")
        assert grid.cursor_row == row - 1, "the table answers"
        await pilot.press("D")
        await seen(pilot, "Rows are being written: esc gives that up.")
        await pilot.press("escape")
        await seen(pilot, "Given up: 10 of 40 rows were written. u takes them back.")
        assert sum(row["In stock"] == 7777 for row in stored(server, NAME)) == 10
        monkeypatch.undo()
        go_on.set()
        await pilot.press("u")
        await seen(pilot, "Undone")
        await until(pilot, lambda: stored(server, NAME) == before, "all is as it was")


async def test_a_block_is_pasted_after_a_look_and_undone_at_once(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of(server, tmp_path, "books", timetonic__events="off")
    async with opened(app, WIDE) as pilot:
        grid = await open_table(pilot, PARTS, "Shackle, bow 1")
        before = stored(server, NAME)
        titles = {one.title: one.key for one in grid.columns}
        # Over the last two rows: what goes beyond them is added, a number that is none stays out.
        await pilot.press("G")
        await until(pilot, lambda: grid.cursor_key == str(before[-1]["id"]), "the last row is here")
        grid.move_to(grid.row_count - 2, titles["Part"])
        part, size = before[-2]["Part"], before[-2]["Size"]
        block = (
            f"Part\tSize\tIn stock\tMinimum\r\n{part}\t{size}\t501\t7\r\nx\ty\tmany\t8\r\n"
            "Cleat\t\t503\t\r\nPin\t\t504\t9\r\n\t\t505\t9\r\n"
        )
        app.post_message(events.Paste(block))
        await seen(pilot, "line 2, In stock: 'many' is no number")
        # What is required is asked for before the service refuses the row.
        await seen(pilot, f"line 5, Part: {MISSING}")
        await pilot.press("enter")
        await seen(pilot, "Paste into Parts inventory")
        await seen(pilot, f"In stock: {before[-2]['In stock']} → 501")
        await seen(pilot, "its first line names the columns.")
        assert stored(server, NAME) == before
        await pilot.press("y")
        await seen(pilot, "3 rows were written. u takes it back.")
        now = stored(server, NAME)
        assert (now[-4]["In stock"], now[-4]["Minimum"]) == (501, 7)
        assert now[-3] == before[-1]
        assert [row["In stock"] for row in now[-2:]] == [503, 504]
        assert len(now) == len(before) + 2
        await pilot.press("u")
        await seen(pilot, "Undone: Paste 3 rows into Parts inventory")
        await until(pilot, lambda: stored(server, NAME) == before, "all is as it was")
        # What was copied here goes in by a key; beyond the last column nothing has room.
        await until(pilot, lambda: grid.row_count == len(before), "the rows came back")
        await pilot.press("g", "0")
        await until(pilot, lambda: grid.cursor_key == str(before[0]["id"]), "the first row is here")
        await pilot.press("y")
        await seen(pilot, "characters to")
        await pilot.press("j", "P")
        await seen(pilot, f"Part: {before[1]['Part']} → {before[0]['Part']}")
        await pilot.press("n")
        last = next(reversed(titles.values()))
        grid.move_to(0, last)
        app.post_message(events.Paste("a\tb"))
        await seen(pilot, "1 of its columns do not fit and stay out")
        assert stored(server, NAME) == before


async def test_what_others_wrote_meanwhile_is_asked_about_before_rows_are_written(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of(server, tmp_path, "books", timetonic__events="off")
    other = workspace_of(server, tmp_path / "other")
    async with opened(app, WIDE) as pilot:
        grid = await open_table(pilot, PARTS, "Shackle, bow 1")
        rows = stored(server, NAME)
        stock = next(one.key for one in grid.columns if one.title == "In stock")
        grid.move_to(0, stock)
        await pilot.press("space")
        grid.move_to(2, stock)
        await pilot.press("V")
        await seen(pilot, "3 rows marked")
        client = await other.connections.timetonic()
        for theirs, key in ((9001, "n"), (9002, "y")):
            await client.update_table_value(rows[1]["id"], int(stock), theirs)
            await pilot.press("S")
            await seen(pilot, "Set In stock of 3 rows")
            await pilot.press(*f"{theirs - 1000}", "f2")
            await seen(pilot, "Somebody else has changed 1 cell of these meanwhile")
            await pilot.press(key)
            written = 3 if key == "y" else 2
            await seen(pilot, f"{written} rows were written. u takes it back.")
            mine = theirs - 1000
            now = [row["In stock"] for row in stored(server, NAME)[:3]]
            assert now == [mine, mine if key == "y" else theirs, mine]
        await pilot.press("u")
        await seen(pilot, "Undone: Set In stock of 3 rows")
        now = [row["In stock"] for row in stored(server, NAME)[:3]]
        assert now == [8001, 9002, 8001]
        await seen(pilot, "9002")
        with unreachable():
            await pilot.press("S")
            await seen(pilot, "Set In stock of 3 rows")
            await pilot.press(*"5", "f2")
            await seen(pilot, "3 rows kept, to be sent when the way is open")
        await app.workspace.history.outbox.send_all()
        await until(pilot, lambda: [r["In stock"] for r in stored(server, NAME)[:3]] == [5, 5, 5])
    await other.close()


async def test_a_block_is_added_instead_of_going_over_rows_and_undo_takes_all_of_it_back(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of(server, tmp_path, "books", timetonic__events="off")
    async with opened(app, WIDE) as pilot:
        grid = await open_table(pilot, PARTS, "Shackle, bow 1")
        before = stored(server, NAME)
        titles = {one.title: one.key for one in grid.columns}
        grid.move_to(0, titles["Part"])
        app.post_message(events.Paste("Cleat 91\nCleat 92\nCleat 93\n"))
        await seen(pilot, "0 rows to add, 3 to change")
        await seen(pilot, "y paste · a add as new rows")
        await pilot.press("a")
        await seen(pilot, "3 rows to add, 0 to change")
        await until(
            pilot, lambda: "add as new rows" not in str(app.screen), "there is one way left"
        )
        await pilot.press("y")
        await seen(pilot, "3 rows were added. u takes it back.")
        now = stored(server, NAME)
        assert (now[: len(before)], [row["Part"] for row in now[len(before) :]]) == (
            before,
            ["Cleat 91", "Cleat 92", "Cleat 93"],
        )
        await pilot.press("u")
        await until(pilot, lambda: stored(server, NAME) == before, "all is as it was")


async def test_what_is_required_and_was_empty_is_told_to_stay_before_it_is_pasted(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of(server, tmp_path, "books", timetonic__events="off")
    async with opened(app, WIDE) as pilot:
        grid = await open_table(pilot, PARTS, "Shackle, bow 1")
        before = stored(server, NAME)
        titles = {one.title: one.key for one in grid.columns}
        await pilot.press("A")
        await seen(pilot, "How many")
        await pilot.press("2", "enter")
        await seen(pilot, "2 rows were added. u takes it back.")
        # One goes on with what was added.
        await until(pilot, lambda: grid.cursor_key == str(stored(server, NAME)[-2]["id"]))
        grid.move_to(len(before), titles["Part"])
        app.post_message(events.Paste("Cleat 91\nCleat 92\n"))
        told = "u cannot take it back: Part must not be empty again."
        await seen(pilot, f"! {told}")
        await pilot.press("y")
        await seen(pilot, f"2 rows were written. {told}")
        await pilot.press("u")
        await seen(pilot, "refused:")
        await pilot.press("enter", "u")
        await seen(pilot, "What was done since goes with it: Paste 2 rows into")
        await pilot.press("y")
        await until(pilot, lambda: stored(server, NAME) == before, "all is as it was")


async def test_a_block_goes_over_the_rows_that_are_seen_below_the_cursor(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of(server, tmp_path, "books", timetonic__events="off")
    async with opened(app, WIDE) as pilot:
        grid = await open_table(pilot, PARTS, "Shackle, bow 1")
        titles = {one.title: one.key for one in grid.columns}
        stock, minimum = titles["In stock"], titles["Minimum"]
        grid.move_to(0, stock)
        await pilot.press("s")
        await seen(pilot, "In stock ▲")
        # As it is written it stands elsewhere in this order, and in the next one nowhere.
        for narrowed, news in ((False, "99999"), (True, "88888")):
            if narrowed:
                await pilot.press("slash", *"in stock<50", "enter")
                await seen(pilot, "of 650 match")
            grid.move_to(1, stock)
            await until(pilot, lambda: all(map(grid.source.key, range(4))), "the first rows")
            below = [*map(grid.source.key, range(1, 4))]
            await pilot.press("e", *news, "enter")
            await seen(pilot, f": {news}. u takes it back.")
            assert [*map(grid.source.key, range(1, 4))] == below
            grid.move_to(1, minimum)
            block = [f"{narrowed + 701}", f"{narrowed + 703}"]
            app.post_message(events.Paste("\n".join(block)))
            await seen(pilot, "0 rows to add, 2 to change")
            await pilot.press("y")
            await seen(pilot, "2 rows were written. u takes it back.")
            now = {str(row["id"]): str(row["Minimum"]) for row in stored(server, NAME)}
            assert [now[key] for key in below[:2]] == block
            assert now[below[2]] not in block


@pytest.mark.parametrize(
    ("table", "down", "first", "column", "key"),
    [
        (NAME, PARTS, "Shackle, bow 1", "Size", "f2"),
        (NAME, PARTS, "Shackle, bow 1", "Price", "f2"),
        ("Fleet maintenance", 2, "Task", "Boat", "enter"),
    ],
)
async def test_marked_rows_are_emptied(
    server: EmbeddedServer, tmp_path: Path, table: str, down: int, first: str, column: str, key: str
) -> None:
    app = deck_of(server, tmp_path, "books", timetonic__events="off")
    async with opened(app, WIDE) as pilot:
        grid = await open_table(pilot, down, first)
        before = stored(server, table)
        titles = {one.title: one.key for one in grid.columns}
        grid.move_to(0, titles[column])
        await pilot.press("space")
        grid.move_to(1, titles[column])
        await pilot.press("V")
        await seen(pilot, "2 rows marked")
        await pilot.press("S")
        await seen(pilot, f"Set {column} of 2 rows")
        await pilot.press(key)
        await seen(pilot, "2 rows were written. u takes it back.")
        now = stored(server, table)
        assert [row.get(column) or None for row in now[:2]] == [None, None]
        assert now[2:] == before[2:]
        await pilot.press("u")
        await until(pilot, lambda: stored(server, table) == before, "all is as it was")
