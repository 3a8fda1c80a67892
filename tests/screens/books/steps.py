"""What many tests of the Books screen do first, and what the service itself has then."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from tests.deck import deck_of, opened, seen, until
from tests.harness import EmbeddedServer
from tui.app import Tockdeck
from tui.screens.books.screen import BooksScreen
from tui.widgets.grid import Grid

Rows = list[Mapping[str, Any]]


def stored(server: EmbeddedServer, table: str) -> Rows:
    """The rows of a table as the service has them: cells by the name of their field."""
    read = server.context.database.read
    names = {
        str(row["id"]): row["name"]
        for row in read(
            "SELECT f.id, f.name FROM timetonic_field f JOIN timetonic_table t"
            " ON t.id = f.table_id WHERE t.name = ?",
            (table,),
        )
    }
    rows = read(
        "SELECT r.id, r.cells FROM timetonic_row r JOIN timetonic_table t ON t.id = r.table_id"
        " WHERE t.name = ? AND NOT r.deleted ORDER BY r.position, r.id",
        (table,),
    )
    return [
        {"id": row["id"]} | {names[key]: value for key, value in json.loads(row["cells"]).items()}
        for row in rows
    ]


def texts(server: EmbeddedServer, book: str) -> list[str]:
    """The messages of a book as the service has them."""
    rows = server.context.database.read(
        "SELECT msg FROM timetonic_message s JOIN timetonic_book b ON b.id = s.book_id"
        " WHERE b.b_c = ? AND NOT s.deleted ORDER BY s.smid",
        (book,),
    )
    return [row["msg"] for row in rows]


async def open_table(pilot: Pilot[Any], down: int, first_row: str) -> Grid:
    """Open one of the tables of the first book, which is unfolded at the start."""
    await seen(pilot, "Seamarks")
    await pilot.press(*"j" * down, "enter")
    await seen(pilot, first_row)
    grid = pilot.app.screen.query_one("#rows", Grid)
    await until(pilot, lambda: grid.has_focus, "the grid has the keys")
    return grid


@asynccontextmanager
async def parts_opened(
    server: EmbeddedServer, tmp_path: Path, size: tuple[int, int]
) -> AsyncIterator[tuple[Tockdeck, Pilot[Any], Grid]]:
    """A deck over the sample as it begins, in which the table of parts is open."""
    server.reset()
    app = deck_of(server, tmp_path, "books")
    async with opened(app, size) as pilot:
        yield app, pilot, await open_table(pilot, 3, "Shackle, bow 1")


def books_of(app: Tockdeck) -> BooksScreen:
    screen = app.screen
    assert isinstance(screen, BooksScreen)
    return screen


def books_place(app: Tockdeck) -> str:
    """The id of the table that is open."""
    screen = app._screens["books"]
    assert isinstance(screen, BooksScreen)
    assert screen.table.place is not None
    return screen.table.place.key


async def all_shown(pilot: Pilot[Any]) -> None:
    """Until all rows are here and stand in their places: the next keys are about them."""
    table = books_of(pilot.app).table  # type: ignore[arg-type]

    def rests() -> bool:
        reading = any(one.group == "books-all" for one in pilot.app.workers if not one.is_finished)
        return table.opened is not None and table.opened.shows_all and not reading

    await until(pilot, rests, "all rows are here")
