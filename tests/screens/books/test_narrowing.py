"""A table narrowed: by words and conditions, what is on shown and taken off part by part."""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal
from pathlib import Path

from tests.deck import deck_of, gone, opened, screen_text, seen, until
from tests.harness import EmbeddedServer
from tests.screens.books.steps import books_of, open_table, parts_opened, stored
from tui.app import Tockdeck
from tui.screens.books.grouping import Groups
from tui.screens.books.opened import OpenTable
from tui.screens.books.screen import BooksScreen
from tui.widgets.form import Form

MAINTENANCE = 2
PARTS = 3
WIDE = (160, 40)


def books_of_table(app: Tockdeck) -> OpenTable:
    screen = app._screens["books"]
    assert isinstance(screen, BooksScreen)
    assert screen.table.opened is not None
    return screen.table.opened


async def test_what_is_on_is_shown_in_parts_and_taken_off_one_by_one(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with parts_opened(server, tmp_path, WIDE) as (app, pilot, grid):
        rows = stored(server, "Parts inventory")
        await pilot.press("backspace")
        await seen(pilot, "Nothing narrows this table")
        await pilot.press("slash", *"^anode price>300 !hull", "enter")
        left = [
            row for row in rows
            if str(row["Part"]).startswith("Anode") and row["Price"] > 300
            and "hull" not in str(row).casefold()
        ]  # fmt: skip
        assert 0 < len(left) < 100
        await seen(pilot, f"{len(left)} of 650 match")
        await seen(pilot, "^anode ✕")
        await seen(pilot, "price>300 ✕")
        # The one that was added last goes first.
        await pilot.press("backspace")
        await seen(pilot, "Taken off: !hull; on: ^anode, price>300")
        await gone(pilot, "!hull ✕")
        left = [row for row in rows if str(row["Part"]).startswith("Anode") and row["Price"] > 300]
        await until(pilot, lambda: grid.row_count == len(left), "without the third")
        # By a list, where there are several.
        await pilot.press("X")
        await seen(pilot, "Take off what narrows")
        await pilot.press("escape")
        # By a click.
        chips = books_of(app).table._chips
        line = screen_text(pilot).splitlines()[chips.region.y]
        await pilot.click(chips, offset=(line.index("^anode") - chips.region.x, 0))
        left = [row for row in rows if row["Price"] > 300]
        await until(pilot, lambda: grid.row_count == len(left), "without the first")
        # One alone goes at once.
        await pilot.press("X")
        await until(pilot, lambda: grid.row_count == 650, "all rows")
        await until(pilot, lambda: not chips.display, "no chip")
        # The value of a cell, whatever stands in it, is a part as well.
        await pilot.press("g", "l", "l", "l", "l", "l", "comma")
        await seen(pilot, "Supplier=")
        same = sum(row["Supplier"] == rows[0]["Supplier"] for row in rows)
        await until(pilot, lambda: grid.row_count == same, "those of one supplier")


async def test_how_a_table_is_looked_at_is_kept_as_a_view_of_ones_own(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with parts_opened(server, tmp_path, WIDE) as (app, pilot, grid):
        rows = stored(server, "Parts inventory")
        dear = sorted(row["Price"] for row in rows if row["Price"] > 400)
        await pilot.press("slash", *"price>400", "enter")
        await seen(pilot, f"{len(dear)} of 650 match")
        await pilot.press("g", "l", "minus", "l", "l", "s")
        await seen(pilot, "Price ▲")
        await pilot.press("v")
        await seen(pilot, "Keep what is shown")
        await pilot.press("G", "enter")
        await seen(pilot, "under the name")
        await pilot.press("enter")
        await seen(pilot, "A view needs a name")
        await pilot.press(*"Dear ones", "enter")
        await seen(pilot, "Kept as ★ Dear ones")
        await seen(pilot, "Parts inventory · Dear ones")
        # Looked at otherwise it is said to be, and the view stays as it is.
        await pilot.press("backspace")
        await seen(pilot, "Dear ones (changed)")
        await until(pilot, lambda: grid.row_count == 650, "all rows")
        await pilot.press("s", "s", "plus")
        await seen(pilot, "Columns that are shown")
        await pilot.press("j", "space", "enter")
        await until(pilot, lambda: not grid.hidden_columns, "all columns")
    kept = json.loads((tmp_path / "data" / "table-views.json").read_bytes())
    ((view,),) = kept.values()
    assert view["name"] == "Dear ones"
    # Another deck has it, with its order and its columns.
    app = deck_of(server, tmp_path, "books")
    async with opened(app, WIDE) as pilot:
        grid = await open_table(pilot, PARTS, "Shackle, bow 1")
        await pilot.press("v")
        await seen(pilot, "★ Dear ones")
        await pilot.press("slash", *"dear", "enter")
        await seen(pilot, "Parts inventory · Dear ones")
        await seen(pilot, f"{len(dear)} of 650 match")
        await until(pilot, lambda: f"{dear[0]:,.2f}" in screen_text(pilot).splitlines()[3])
        assert "Size" not in screen_text(pilot)
        # It is forgotten only when that is confirmed.
        await pilot.press("v")
        await seen(pilot, "Forget one of mine")
        await pilot.press("G", "enter")
        await seen(pilot, "Forget a view of mine")
        await pilot.press("enter")
        await seen(pilot, "no row is touched")
        await pilot.press("y")
        await seen(pilot, "Forgot ★ Dear ones")
    assert json.loads((tmp_path / "data" / "table-views.json").read_bytes()) == {}


async def test_values_and_pivots_of_what_is_shown_narrow_it(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    server.reset()
    app = deck_of(server, tmp_path, "books")
    async with opened(app, WIDE) as pilot:
        grid = await open_table(pilot, MAINTENANCE, "Task")
        rows = stored(server, "Fleet maintenance")
        statuses = Counter(row.get("Status") for row in rows)
        (first, most), (second, many) = statuses.most_common(2)
        # All rows are counted, those too that were not read yet.
        await pilot.press("l", "l", "F")
        await seen(pilot, "Status: 420 rows")
        await until(pilot, lambda: isinstance(app.screen, Groups), "the values")
        assert f"{100 * most / 420:.1f} %" in screen_text(pilot)
        await pilot.press("space", "space", "enter")
        await seen(pilot, f"Status={first}|{second} ✕")
        await until(pilot, lambda: grid.row_count == most + many, "both")
        # Of these, by priority, with the hours that they took.
        await pilot.press("W")
        await seen(pilot, "Sum and mean of")
        form = app.screen
        assert isinstance(form, Form)
        fields = {field.name: str(field.id) for field in books_of_table(app).fields}
        texts = {"down": "Status", "across": "Priority", "value": "Hours"}
        for line in form._rows:
            line.text = fields[texts[line.field.name]]
        await pilot.press("f2")
        await seen(pilot, f"Status × Priority: {most + many} rows that match")
        await until(pilot, lambda: isinstance(app.screen, Groups), "the pivot")
        mine = [row for row in rows if row.get("Status") in (first, second)]
        priorities = Counter(row.get("Priority") for row in mine)
        top = priorities.most_common(1)[0][0]
        cell = [r for r in mine if (r.get("Status"), r.get("Priority")) == (first, top)]
        await pilot.press("m")
        await seen(pilot, "sum of Hours")
        total = sum(Decimal(str(row["Hours"])) for row in cell if row.get("Hours") is not None)
        assert f"{total:,}".rstrip("0").rstrip(".") in screen_text(pilot)
        await pilot.press("l", "l", "enter")
        await seen(pilot, f"Priority={top} ✕")
        await until(pilot, lambda: grid.row_count == len(cell), "the rows of that cell")
        await pilot.press("escape")
        await until(pilot, lambda: grid.row_count == 420, "all rows")
        # What the service sums up itself is among the views.
        await pilot.press("v")
        await seen(pilot, "a summary by the service")
        await pilot.press("slash", *"hours by boat", "enter")
        await seen(pilot, "as the service has it")
        await seen(pilot, "Petrel")


async def test_what_a_column_that_is_gone_did_is_gone_and_a_condition_on_it_is_said(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with parts_opened(server, tmp_path, WIDE) as (app, pilot, grid):
        await pilot.press("s", "l", "l", "l", "l", "s")
        await seen(pilot, "Price▲1")
        await pilot.press("slash", *"price>300", "enter")
        await until(pilot, lambda: 0 < grid.row_count < 650, "some")
        shown = books_of_table(app)
        (price,) = [field for field in shown.fields if field.name == "Price"]
        with server.context.database.write() as connection:
            connection.execute("DELETE FROM timetonic_field WHERE id = ?", (price.id,))
        await pilot.press("r")
        await seen(pilot, "“price>300” is no condition here, only text. No row holds this text.")
        await pilot.press("backspace")
        await until(pilot, lambda: grid.row_count == 650, "all rows")
        await seen(pilot, "Part ▲")
        assert "▲1" not in screen_text(pilot)
        assert [column for column, _ in shown.sorts] == [str(shown.fields[0].id)]
