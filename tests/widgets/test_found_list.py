"""The list of what was found: rows that fit, whatever stands in them, and places in one line."""

from __future__ import annotations

import pytest
from rich.cells import cell_len
from textual.app import App, ComposeResult

from tui.widgets.found_list import FoundList, FoundRow

ROWS = [
    FoundRow("1", "book", "Régates & Crews — 秋のレガッタ", "Books", "today 12:20"),
    FoundRow("2", "command", "Refresh", "Ask the service again.", "r"),
    FoundRow("3", "client", "[bold red]Ætt[/]\x1b[31m\n\u202e<script>" + "x" * 500, "Tromsø"),
    FoundRow("4", "time entry", "", "", "yesterday or so, whenever it was"),
]


class Window(App[None]):
    """Holds the list."""

    def __init__(self) -> None:
        super().__init__()
        self.found = FoundList(empty="Nothing.")
        self.chosen: list[str] = []

    def compose(self) -> ComposeResult:
        yield self.found

    def on_found_list_chosen(self, message: FoundList.Chosen) -> None:
        self.chosen.append(message.key)


def lines(found: FoundList) -> list[str]:
    return [found.render_line(y).text for y in range(found.size.height)]


@pytest.mark.parametrize("width", [12, 30, 72, 200])
async def test_every_row_fits_and_is_plain_text(width: int) -> None:
    app = Window()
    async with app.run_test(size=(width, 8)) as pilot:
        app.found.show(ROWS)
        app.found.say("4 found \x1b[31m" + "y" * 300, "warn")
        await pilot.pause()
        for line in lines(app.found):
            assert cell_len(line) == width
            assert "\x1b" not in line
            assert "\n" not in line


async def test_what_was_looked_at_is_said_whole_above_the_rows() -> None:
    said = "5 found · Books, Tocks, Sessions, Invoices not read yet: open them once"
    app = Window()
    async with app.run_test(size=(44, 9)) as pilot:
        app.found.show([ROWS[0]] * 12)
        app.found.say(said)
        await pilot.pause()
        above = [line.strip() for line in lines(app.found)[:2]]
        assert " ".join(above) == said
        assert "book" in lines(app.found)[2]
        app.found.action_cursor_last()
        assert app.found.pointed() is not None
        app.found.say("5 found")
        await pilot.pause()
        assert lines(app.found)[0].strip() == "5 found"
        assert "book" in lines(app.found)[1]


async def test_places_stand_below_one_another_and_notes_at_the_right() -> None:
    app = Window()
    async with app.run_test(size=(100, 8)) as pilot:
        app.found.show(ROWS[:2])
        await pilot.pause()
        _, book, command, *_ = lines(app.found)
        place = book.index("Books")
        assert cell_len(book[:place]) == cell_len(command[: command.index("Ask the")])
        assert book.rstrip().endswith("today 12:20")
        assert command.rstrip().endswith(" r")


async def test_the_cursor_begins_on_the_best_or_where_it_is_put() -> None:
    app = Window()
    async with app.run_test(size=(80, 8)) as pilot:
        app.found.show(ROWS)
        assert app.found.cursor_key == "1"
        app.found.show(ROWS[::-1], key="2")
        assert app.found.cursor_key == "2"
        app.found.action_choose()
        await pilot.pause()
        app.found.show([])
        assert app.found.cursor_key == ""
        app.found.action_choose()
        await pilot.pause()
        assert "Nothing." in "".join(lines(app.found))
    assert app.chosen == ["2"]
