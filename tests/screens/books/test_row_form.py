"""A row as a form: read, changed, and paged through."""

from __future__ import annotations

from pathlib import Path

from tests.deck import deck_of, gone, opened, screen_text, seen, until
from tests.harness import EmbeddedServer
from tests.screens.books.steps import books_of, open_table, stored
from tui.screens.books.row_form import RowForm
from tui.widgets.cell_editor import CellEditor
from tui.widgets.month import DayPrompt, Month, by_days, by_months
from tui.workspace.books.cells import kind_of

MAINTENANCE = 2


async def test_rows_are_changed_and_paged_through(server: EmbeddedServer, tmp_path: Path) -> None:
    server.reset()
    app = deck_of(server, tmp_path, "books")
    async with opened(app) as pilot:
        grid = await open_table(pilot, MAINTENANCE, "Task")
        rows = stored(server, "Fleet maintenance")
        await pilot.press("w")
        await seen(pilot, "1 of 420")
        await until(pilot, lambda: isinstance(app.screen, RowForm), "the form")
        assert "pgdn and pgup" in screen_text(pilot)
        assert rows[0]["Task"] in screen_text(pilot)
        # Before the first there is none: it stays.
        await pilot.press("pagedown")
        await seen(pilot, "2 of 420")
        await until(pilot, lambda: rows[1]["Task"] in screen_text(pilot), "the next one")
        assert stored(server, "Fleet maintenance") == rows, "reading writes nothing"
        # What was changed is saved on the way to the next one.
        await pilot.press("end", *" [seen]", "pagedown")
        await seen(pilot, "3 of 420")
        changed = stored(server, "Fleet maintenance")
        assert changed[1]["Task"] == f"{rows[1]['Task']} [seen]"
        assert {**changed[1], "Task": ""} == {**rows[1], "Task": ""}, "and nothing beside it"
        await pilot.press("pageup")
        await seen(pilot, "2 of 420")
        await seen(pilot, "[seen]")
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is app._screens["books"], "closed")
        assert grid.cursor_row == 1, "the table follows"
        await pilot.press("u")
        await seen(pilot, "Undone: Change Task of")
        await gone(pilot, "[seen]")
        # Two fields are one step.
        await pilot.press("w")
        await until(pilot, lambda: isinstance(app.screen, RowForm), "the form")
        form = app.screen
        assert isinstance(form, RowForm)
        number = next(row for row in form._rows if row.field.kind == "number")
        form._rows[0].text = "Two at once"
        number.text = "7"
        await pilot.press("f2")
        await seen(pilot, "Changed 2 fields")
        await until(
            pilot, lambda: stored(server, "Fleet maintenance")[1]["Task"] == "Two at once", "both"
        )
        await pilot.press("u")
        await seen(pilot, "Undone: Change Task,")
        assert stored(server, "Fleet maintenance")[1] == rows[1]
        # A row whose page is not here is read for it.
        books_of(app).table.grid.move_to_row(300)
        await until(pilot, lambda: books_of(app).table.row is not None, "it is here")
        await pilot.press("w")
        await seen(pilot, "301 of 420")


async def test_where_nothing_may_be_changed_rows_are_read(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    server.reset()
    app = deck_of(server, tmp_path, "books", deck__read_only="true")
    async with opened(app, (80, 24)) as pilot:
        await open_table(pilot, 1, "Petrel")
        await pilot.press("w")
        await seen(pilot, "1 of 14")
        assert "saves" not in screen_text(pilot)
        await pilot.press("pageup")
        await seen(pilot, "1 of 14")
        await pilot.press("pagedown")
        await seen(pilot, "2 of 14")
        await pilot.press("f2")
        await gone(pilot, "pgdn and pgup")


async def test_a_day_is_chosen_in_a_cell_and_the_row_rolled_back_once(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    server.reset()
    app = deck_of(server, tmp_path, "books")
    async with opened(app) as pilot:
        grid = await open_table(pilot, MAINTENANCE, "Task")
        rows = stored(server, "Fleet maintenance")
        table = books_of(app).table
        assert table.opened is not None
        due = next(one for one in table.opened.fields if kind_of(one) == "date")
        grid.move_to(0, str(due.id))
        await until(pilot, lambda: table.row is not None, "its row is here")
        await pilot.press("f2")
        await until(pilot, lambda: bool(app.screen.query(CellEditor)), "the cell is edited")
        await pilot.press("f3")
        await until(pilot, lambda: isinstance(app.screen, DayPrompt), "the calendar")
        month = app.screen.query_one(Month)
        day = month.day
        await pilot.press("l", "pagedown")
        wanted = by_months(by_days(day, 1), 1)
        assert month.day == wanted
        await pilot.press("enter")
        await until(pilot, lambda: not isinstance(app.screen, DayPrompt), "it is chosen")
        await pilot.press("enter")
        await until(
            pilot,
            lambda: stored(server, "Fleet maintenance")[0][due.name] == str(wanted),
            "the day is written",
        )
        await seen(pilot, f"{wanted}. u takes it back")
        # The service takes that back, once, by a key that is not the one that asked.
        grid.move_to(0, str(due.id))
        await until(pilot, lambda: table.row is not None, "its row is here")
        await pilot.press("O")
        await seen(pilot, "f2 has the service take the last change")
        await pilot.press("f2")
        await seen(pilot, "Which change the service")
        await pilot.press("f2", "n")
        await gone(pilot, "Which change the service")
        assert stored(server, "Fleet maintenance")[0][due.name] == str(wanted)
        await pilot.press("O")
        await seen(pilot, "f2 has the service take the last change")
        await pilot.press("f2")
        await seen(pilot, "Which change the service")
        await pilot.press("y")
        await seen(pilot, f"Rolled back: {due.name}")
        assert stored(server, "Fleet maintenance")[0] == rows[0]
        await pilot.press("O")
        await seen(pilot, "It was rolled back from here already")
        await pilot.press("f2", "q")
        await gone(pilot, "It was rolled back from here already")
        await pilot.press("u")
        await until(
            pilot,
            lambda: stored(server, "Fleet maintenance")[0][due.name] == str(wanted),
            "it is put on again",
        )
