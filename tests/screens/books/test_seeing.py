"""Finding one's way in a table: rows by number, columns as one wants them, a cell in full."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.deck import deck_of, gone, opened, screen_text, seen, until
from tests.harness import EmbeddedServer
from tests.screens.books.steps import all_shown, books_of, open_table, parts_opened, stored
from tui.screens.books.seeing import row_wanted
from tui.screens.books.shown_table import ShownTable

MAINTENANCE = 2
PARTS = 3
WIDE = (160, 40)


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("57", 56), ("1", 0), ("0", 0), ("1,000", 99), ("+10", 30), ("-10", 10), ("-99", 0),
        ("50%", 50), ("100%", 99), ("", None), ("x", None), ("5.5", None), ("٣", None),
        ("+", None), ("%", None), ("9" * 40, None),
    ],
)  # fmt: skip
def test_the_row_that_is_meant(typed: str, place: int | None) -> None:
    assert row_wanted(typed, 20, 100) == place
    assert row_wanted(typed, 0, 0) is None


@given(st.text(max_size=8), st.integers(0, 9), st.integers(0, 10))
def test_a_row_that_is_meant_is_there(typed: str, here: int, rows: int) -> None:
    place = row_wanted(typed, here, rows)
    assert place is None or 0 <= place < rows


async def test_rows_by_number_and_columns_as_they_are_left(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with parts_opened(server, tmp_path, WIDE) as (app, pilot, grid):
        await pilot.press("s")
        await all_shown(pilot)
        await seen(pilot, "of 650 rows")
        await pilot.press("number_sign")
        await seen(pilot, "1 to 650")
        await pilot.press(*"57", "enter")
        await seen(pilot, "57 of 650 rows")
        assert grid.cursor_row == 56
        await pilot.press("number_sign")
        await seen(pilot, "1 to 650")
        await pilot.press(*"many", "enter")
        await seen(pilot, "A number such as")
        await pilot.press("escape")
        await gone(pilot, "A number such as")
        await pilot.press("g", "l", "l")
        await seen(pilot, "1 of 650 rows")
        names = [field.name for field in books_of(app).table.shown_fields()]
        await pilot.press("left_curly_bracket", "exclamation_mark")
        await seen(pilot, "2 columns stand still")
        await pilot.press("l", "minus")
        await seen(pilot, f"{names[1]} is hidden")
        left = [names[0], names[2], *names[3:]]
        assert [field.name for field in books_of(app).table.shown_fields()] == left
    # Another deck finds the table as it was left.
    app = deck_of(server, tmp_path, "books")
    async with opened(app, WIDE) as pilot:
        grid = await open_table(pilot, PARTS, "Anode, hull 1")
        await until(pilot, lambda: bool(grid.hidden_columns), "the columns are as they were left")
        assert [field.name for field in books_of(app).table.shown_fields()] == left
        assert grid.frozen == 2
        await pilot.press("plus")
        await seen(pilot, "Columns that are shown")
        await pilot.press("j", "space", "enter")
        await until(pilot, lambda: not grid.hidden_columns, "all are shown again")


async def test_a_cell_in_full_and_the_first_and_last_that_hold_a_text(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    server.reset()
    app = deck_of(server, tmp_path, "books")
    async with opened(app, (80, 24)) as pilot:
        grid = await open_table(pilot, MAINTENANCE, "Task")
        rows = stored(server, "Fleet maintenance")
        await pilot.press("z")
        await seen(pilot, "╭")
        assert f"│ {rows[0]['Task']}" in screen_text(pilot)
        await pilot.press("j")
        await seen(pilot, f"│ {rows[1]['Task']}")
        await pilot.press("z")
        await gone(pilot, "╭")
        word = str(rows[5]["Task"]).split()[0]
        holds = [n for n, row in enumerate(rows) if word.casefold() in str(row).casefold()]
        await pilot.press("f")
        await seen(pilot, "A text in any column")
        await pilot.press(*word, "enter")
        await seen(pilot, "with “")
        # What is looked for in all rows has them read first.
        await all_shown(pilot)
        await pilot.press("right_square_bracket")
        await until(pilot, lambda: grid.cursor_row == holds[-1], "the last one")
        await pilot.press("left_square_bracket")
        await until(pilot, lambda: grid.cursor_row == holds[0], "the first one")


async def test_a_very_long_name_gives_way_in_its_middle_and_to_what_stands_behind_it(
    server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.reset()
    long = "Parts of all boats " * 20
    with server.context.database.write() as connection:
        for name in ("table", "field"):
            connection.execute(
                f"UPDATE timetonic_{name} SET name = ? WHERE name = ?",
                (f"{long}{name} 7", "Parts inventory" if name == "table" else "Part"),
            )
    app = deck_of(server, tmp_path, "books")
    async with opened(app, (80, 24)) as pilot:
        await open_table(pilot, PARTS, "Shackle, bow 1")
        await seen(pilot, "table 7 · Seabright Fleet")
        await seen(pilot, " of 650 rows loaded ─")
        await seen(pilot, "field 7 ")
    # What is kept is shown before the pane has its place: nothing of the name is lost by that.
    titles: list[str] = []
    show_title = ShownTable.show_title

    def told(self: ShownTable, title: str, note: str = "", age: str = "") -> None:
        titles.append(title)
        show_title(self, title, note, age)

    monkeypatch.setattr(ShownTable, "show_title", told)
    app = deck_of(server, tmp_path, "books")
    async with opened(app, (80, 24)) as pilot:
        await open_table(pilot, PARTS, "Shackle, bow 1")
        await seen(pilot, "table 7 · Seabright Fleet")
    assert [one for one in titles if one.startswith(" ·")] == []
