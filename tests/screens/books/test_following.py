"""Links followed from table to table and back; what points to a row."""

from __future__ import annotations

from pathlib import Path

from tests.deck import deck_of, gone, opened, screen_text, seen, until
from tests.harness import EmbeddedServer
from tests.screens.books.steps import books_of, open_table, stored

BOATS = 1
MAINTENANCE = 2
WIDE = (160, 40)


async def test_links_are_followed_and_esc_comes_back_the_same_way(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    server.reset()
    app = deck_of(server, tmp_path, "books")
    async with opened(app, WIDE) as pilot:
        grid = await open_table(pilot, MAINTENANCE, "Task")
        tasks, boats = stored(server, "Fleet maintenance"), stored(server, "Boats")
        names = {row["id"]: row["Boat"] for row in boats}
        place, task = next((n, row) for n, row in enumerate(tasks) if n and row.get("Boat"))
        boat = task["Boat"][0]
        await pilot.press(*"j" * place, "l", "enter")
        await seen(pilot, "Fleet maintenance › Boats")
        await seen(pilot, f"row id={boat} ✕")
        await until(pilot, lambda: grid.row_count == 1, "the one boat")
        assert names[boat] in screen_text(pilot).splitlines()[3]
        # What points to it: its tasks, of all that there are.
        await pilot.press("B")
        await seen(pilot, "Fleet maintenance › Boats › Fleet maintenance")
        mine = [row for row in tasks if boat in (row.get("Boat") or [])]
        await until(pilot, lambda: grid.row_count == len(mine), "the tasks of that boat")
        # Back the same way, and to where the cursor was.
        await pilot.press("escape")
        await gone(pilot, "› Fleet maintenance")
        await until(pilot, lambda: grid.row_count == 1, "the boat again")
        await pilot.press("escape")
        await gone(pilot, "›")
        await seen(pilot, f"{place + 1} of 420")
        assert books_of(app).table.grid.cursor_row == place
        await until(pilot, lambda: grid.has_focus, "the grid has the keys")
        assert "✕" not in screen_text(pilot), "it is not narrowed"
    # How a table was looked at on the way is not how it is found the next time.
    app = deck_of(server, tmp_path, "books")
    async with opened(app, WIDE) as pilot:
        grid = await open_table(pilot, BOATS, "Petrel")
        await until(pilot, lambda: grid.row_count == len(boats), "all boats")


async def test_a_row_that_nothing_points_to_says_so(server: EmbeddedServer, tmp_path: Path) -> None:
    server.reset()
    app = deck_of(server, tmp_path, "books")
    async with opened(app, WIDE) as pilot:
        await open_table(pilot, 3, "Shackle, bow 1")
        await pilot.press("B")
        await seen(pilot, "that leads to Parts inventory")
