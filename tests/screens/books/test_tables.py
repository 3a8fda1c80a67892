"""Tables without an end: kept, shown as they were left, sorted and searched without the service."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any
from unittest.mock import patch

import msgspec
import pytest
from textual.pilot import Pilot

from tests.deck import deck_of, loaded, opened, screen_text, seen, until
from tests.harness import EmbeddedServer
from tests.screens.books.steps import all_shown, books_of, open_table, parts_opened, stored
from tui.screens import patience
from tui.screens.books import shown_table, table_view
from tui.services.timetonic import Cell
from tui.store.mirror.ordered import Ordered
from tui.store.mirror.pieces import Pieces
from tui.widgets import grid_view
from tui.widgets.grid import Grid
from tui.widgets.panel import StateView
from tui.workspace.books.kept_rows import KeptRows

PARTS = 3
WIDE = (160, 40)


@pytest.fixture
def own() -> EmbeddedServer:
    """A service that may go away."""
    return EmbeddedServer(services=["timetonic"])


def first_row(pilot: Pilot[object]) -> str:
    return screen_text(pilot).splitlines()[3]


def kept_orders(folder: Path) -> int:
    with closing(sqlite3.connect(folder / "cache" / "mirror.db")) as connection:
        return int(connection.execute("SELECT count(*) FROM orders").fetchone()[0])


async def test_a_table_is_as_it_was_left_and_needs_no_service(
    own: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with own:
        app = deck_of(own, tmp_path, "books")
        async with opened(app, WIDE) as pilot:
            grid = await open_table(pilot, PARTS, "Shackle, bow 1")
            rows = stored(own, "Parts inventory")
            await pilot.press("l", "l", "l", "l", "s", "s")
            await seen(pilot, "Price ▼")
            await seen(pilot, "650 rows")
            await pilot.press("g", "j", "j", "greater_than_sign")
            await until(pilot, lambda: bool(grid.cursor_key), "the row is here")
            widths, cursor = grid.chosen_widths, grid.cursor_key
            assert widths
            await until(pilot, lambda: kept_orders(tmp_path) == 1, "the order is kept")
        own.stop()
        # The order is not made again: it is there.
        monkeypatch.setattr(Ordered, "_make", lambda *_: pytest.fail("it was made again"))
        monkeypatch.setattr(Pieces, "around", lambda *_: pytest.fail("it was looked for"))
        # Nor is it said that it loads: what is kept is painted once.
        monkeypatch.setattr(table_view, "KEPT_SECONDS", 600.0)
        painted_empty = lambda *_: pytest.fail("a row was painted before it was here")  # noqa: E731
        monkeypatch.setattr(grid_view, "placeholder_segments", painted_empty)
        app = deck_of(own, tmp_path, "books")
        async with opened(app, WIDE) as pilot:
            dearest = sorted((row["Price"] for row in rows), reverse=True)
            grid = await open_table(pilot, PARTS, f"{dearest[0]:,.2f}")
            assert not books_of(app).table.query(StateView)
            assert "Price ▼" in screen_text(pilot)
            assert f"{dearest[0]:,.2f}" in first_row(pilot)
            await seen(pilot, "as of")
            monkeypatch.undo()
            assert grid.row_count == 650
            assert (grid.chosen_widths, grid.cursor_key) == (widths, cursor)
            assert books_of(app).table.field is not None
            await seen(pilot, "r tries again")
            await seen(pilot, "the tables of Seabright", " as of ")
            # Sorted by another column, the first one is the second.
            await pilot.press("h", "h", "s", "g")
            await seen(pilot, "In stock▲1")
            assert "Price ▼2" in screen_text(pilot)
            least = min(row["In stock"] for row in rows)
            best = max(row["Price"] for row in rows if row["In stock"] == least)
            await until(pilot, lambda: f"{best:,.2f}" in first_row(pilot), "the first row")
            # What was asked for is never said of the rows that were there before.
            narrowed, view = asyncio.Event(), KeptRows.view

            async def late(*arguments: Any) -> Any:
                await narrowed.wait()
                return await view(*arguments)

            monkeypatch.setattr(KeptRows, "view", late)
            with patch.object(patience, "LOADING_SECONDS", 0.0):
                await pilot.press("slash", *"ANODE", "enter")
            await seen(pilot, "still 650 rows")
            narrowed.set()
            await seen(pilot, "match “ANODE”")
            found = sum("anode" in str(row).casefold() for row in rows)
            assert grid.row_count == found


async def test_conditions_narrow_by_column(
    server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with parts_opened(server, tmp_path, WIDE) as (app, pilot, grid):
        await pilot.press("slash", *"price>400 & in stock<=5", "enter")
        rows = stored(server, "Parts inventory")
        found = [row for row in rows if row["Price"] > 400 and row["In stock"] <= 5]
        await seen(pilot, f"{len(found)} of 650 match")
        assert grid.row_count == len(found)
        rested: list[bool] = []
        monkeypatch.setattr(app.workspace, "rest", lambda: rested.append(True))
        grid.post_message(Grid.SortWanted(grid, grid.columns[0].key))
        await until(pilot, lambda: bool(rested), "what fills the search waits for a click, too")


async def test_pages_next_to_what_is_seen_are_here_before_they_are_seen(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with parts_opened(server, tmp_path, WIDE) as (_app, pilot, grid):
        await pilot.press("s")
        await seen(pilot, "650 rows")
        await all_shown(pilot)
        await pilot.press("g")
        for _ in range(6):
            await until(
                pilot,
                lambda: all(
                    grid.source.loaded(row)
                    for row in range(grid.top_row, grid.top_row + 2 * grid.page_rows)
                    if row < grid.row_count
                ),
                "the next page is here",
            )
            before = grid.top_row
            await pilot.press("pagedown")
            assert grid.top_row > before
            visible = range(grid.top_row, grid.top_row + grid.page_rows)
            assert all(grid.source.loaded(row) for row in visible if row < grid.row_count)


async def test_a_damaged_mirror_is_said_and_all_works_on(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    server.reset()
    # However long its name is, what happened can be read.
    folder = tmp_path / ("of a person with long names" * 5)
    file = folder / "cache" / "mirror.db"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"this is no database" * 1000)
    app = deck_of(server, folder, "books")
    async with opened(app, WIDE) as pilot:
        grid = await open_table(pilot, PARTS, "Shackle, bow 1")
        await seen(pilot, "is damaged: it is now mirror.db.broken")
        await pilot.press("s")
        await seen(pilot, "650 rows")
        assert grid.row_count == 650


async def test_where_nothing_can_be_kept_that_is_said_and_all_works_on(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    server.reset()
    (tmp_path / "cache").write_text("a file in the folder's place")
    app = deck_of(server, tmp_path, "books")
    async with opened(app, WIDE) as pilot:
        grid = await open_table(pilot, PARTS, "Shackle, bow 1")
        await seen(pilot, "Nothing is kept from now on")
        await pilot.press("s", "G")
        await seen(pilot, "650 rows")
        assert isinstance(grid, Grid)
        assert grid.row_count == 650


async def test_the_next_row_with_a_text_is_gone_to_and_on_from_the_beginning(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with parts_opened(server, tmp_path, WIDE) as (_app, pilot, grid):
        rows = stored(server, "Parts inventory")
        places = [n for n, row in enumerate(rows) if "turnbuckle" in str(row).casefold()]
        await pilot.press("f")
        await seen(pilot, "A text in any column")
        await pilot.press(*"TURNBÜCKLE", "enter")
        await until(pilot, lambda: grid.cursor_row == places[0], "the first match")
        await all_shown(pilot)
        await pilot.press("n")
        await seen(pilot, f"2 of {len(places)} rows with “TURNBÜCKLE”")
        assert grid.cursor_row == places[1]
        await pilot.press("N", "N")
        await seen(pilot, f"{len(places)} of {len(places)} rows with “TURNBÜCKLE”, on from the end")
        assert grid.cursor_row == places[-1]
        await pilot.press("n")
        await seen(pilot, "on from the beginning")
        assert grid.cursor_row == places[0]


async def test_rows_that_read_as_a_cell_are_shown_and_esc_shows_all(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with parts_opened(server, tmp_path, WIDE) as (_app, pilot, grid):
        rows = stored(server, "Parts inventory")
        await pilot.press("l", "comma")
        found = [row for row in rows if row["Size"] == rows[0]["Size"]]
        await seen(pilot, f"{len(found)} of 650 match “Size={rows[0]['Size']}”")
        assert grid.row_count == len(found)
        await pilot.press("escape")
        await until(pilot, lambda: grid.row_count == 650, "all rows")


async def test_a_filter_is_there_again_with_its_line_and_can_be_taken_back(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    server.reset()
    app = deck_of(server, tmp_path, "books")
    async with opened(app, WIDE) as pilot:
        await open_table(pilot, PARTS, "Shackle, bow 1")
        await pilot.press("slash", *"anode", "enter")
        await seen(pilot, "match “anode”")
        place = books_of(app).table.place
    assert place is not None
    app = deck_of(server, tmp_path, "books")
    async with opened(app, WIDE) as pilot:
        await seen(pilot, "Seamarks")
        books = books_of(app)
        books.table.open(place)
        books.arrangement.open_table(True)
        await seen(pilot, "match “anode”")
        grid = books.table.grid
        assert grid.row_count < 650
        await pilot.press("escape")
        await until(pilot, lambda: grid.row_count == 650, "all rows")


async def test_pages_that_are_not_seen_are_not_shown_as_they_were_before_all_was_asked_again(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with parts_opened(server, tmp_path, WIDE) as (app, pilot, grid):
        table = books_of(app).table
        top, middle = 0, 250
        for place in (middle, 450, top):
            grid.move_to_row(place)
            await until(pilot, lambda: table.row is not None, "its page is here")
        first, second = (stored(server, "Parts inventory")[place] for place in (middle, middle - 5))
        assert first["Part"] != second["Part"]
        opened_table = table.opened
        assert opened_table is not None
        assert not opened_table.whole
        # Nobody tells of it: it was changed while nothing was listened to.
        with server.context.database.write() as connection:
            for number, one in enumerate((first, second)):
                connection.execute(
                    "UPDATE timetonic_row SET cells = replace(cells, ?, ?)"
                    " WHERE instr(cells, ?) AND NOT deleted",
                    (f'"{one["Part"]}"', f'"Another {number}"', f'"{one["Part"]}"'),
                )
        await pilot.press("r")
        await until(pilot, lambda: opened_table.is_old(1), "all is asked again, as far as seen")
        assert not opened_table.is_old(0)
        grid.move_to_row(middle)
        await seen(pilot, "Another 0")
        await seen(pilot, "Another 1")
        assert not opened_table.is_old(1)
        # What is seen is asked again as well, though it is not at the beginning.
        with server.context.database.write() as connection:
            connection.execute(
                "UPDATE timetonic_row SET cells = replace(cells, 'Another 0', 'Once more')"
            )
        await pilot.press("r")
        await seen(pilot, "Once more")


@pytest.mark.parametrize("mine", [True, False])
async def test_rows_that_are_read_after_a_write_stand_in_the_order_that_is_seen(
    server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, mine: bool
) -> None:
    server.reset()
    monkeypatch.setattr(shown_table, "ORDER_SECONDS", 3600.0)
    app = deck_of(server, tmp_path, "books", timetonic__events="off")
    async with opened(app, (160, 40)) as pilot:
        grid = await open_table(pilot, 3, "Shackle, bow 1")
        stock = next(one.key for one in grid.columns if one.title == "In stock")
        grid.move_to(0, stock)
        await pilot.press("s")
        table = books_of(app).table
        assert table.opened is not None
        kept = table.opened.kept
        await until(pilot, lambda: kept.whole, "all are here")
        await pilot.press("g")
        await until(pilot, lambda: bool(grid.source.key(0)), "the first is seen")
        await loaded(pilot)
        first = grid.source.key(0)
        if mine:
            await pilot.press("e", "ctrl+u", *"99999", "enter")
            await seen(pilot, "99999. u takes it back.")
        else:
            # Another deck writes into the same file.
            row = table.opened.record(first)
            assert row is not None
            cells = {**row.cells, int(stock): Cell(value=99999)}
            other = table.opened.desk.mirrored(kept.place, None, kept.zone)
            assert await other.recall()
            await other.change([msgspec.structs.replace(row, cells=cells)])
        keys: list[str] = []
        for place in range(0, 650, 25):
            grid.move_to(place, stock)
            here = range(place, place + 25)
            await until(pilot, lambda here=here: all(map(grid.source.key, here)), "they are here")
        await loaded(pilot)

        def all_once() -> bool:
            keys[:] = [grid.source.key(place) for place in range(650)]
            return all(keys) and len(set(keys)) == 650

        if mine:
            assert all_once()
            assert keys[0] == first, "where it stood"
        for place in (*range(0, 650, 25), 0):
            grid.move_to(place, stock)
            await pilot.pause()
        await until(pilot, all_once, "each row stands there once")
