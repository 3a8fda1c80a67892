"""Books: a key acts on the pane that has the focus, and the footer shows that pane's keys."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.deck import deck_of, footer, opened, seen, until
from tests.harness import EmbeddedServer
from tests.screens.books.steps import open_table, stored, texts
from tui.screens.books.screen import BooksScreen
from tui.widgets.filterline import FilterLine

pytestmark = pytest.mark.usefixtures("as_at_the_start")


WIDE = (160, 40)


async def three_panes(pilot: Pilot[Any]) -> BooksScreen:
    """A table of the first book and its messages beside it; the keys are in the messages."""
    await open_table(pilot, 1, "Petrel")
    await pilot.press("p")
    await seen(pilot, "Liferaft certificates")
    screen = pilot.app.screen
    assert isinstance(screen, BooksScreen)
    await until(pilot, lambda: screen.focused_pane is screen.side, "the messages have the keys")
    return screen


async def test_on_a_book_no_key_is_about_the_row_of_a_table(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with opened(deck_of(server, tmp_path, "books"), WIDE) as pilot:
        screen = await three_panes(pilot)
        await pilot.press("escape", "escape")
        assert screen.focused_pane is screen.shelf
        shown = footer(pilot)
        assert list(shown)[:2] == ["⏎", "m"]
        assert not set("eadsv/RwY") & set(shown)
        for key, words in {
            "d": "Delete means nothing here. It is for Boats and Messages",
            "e": "Edit means nothing here",
            "a": "Add row means nothing here. It is for Boats: tab goes there.",
            "s": "Sort means nothing here",
            "slash": "Filter means nothing here",
            "R": "Mark read means nothing here",
        }.items():
            await pilot.press(key)
            await seen(pilot, words)
            assert pilot.app.screen is screen, f"{key} asks nothing"
        assert not screen.query(FilterLine)


async def test_in_messages_keys_are_about_what_stands_beside_the_table(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with opened(deck_of(server, tmp_path, "books"), WIDE) as pilot:
        screen = await three_panes(pilot)
        shown = footer(pilot)
        assert list(shown)[:6] == ["⏎", "m", "Q", "e", "d", "/"]
        assert not set("asvwS") & set(shown)
        await pilot.press("slash")
        await until(pilot, lambda: isinstance(screen.focused, FilterLine), "what is typed narrows")
        assert screen.side in screen.query_one(FilterLine).ancestors, "the messages, not the table"
        await pilot.press("escape")
        await until(pilot, lambda: screen.focused_pane is screen.side, "the messages have the keys")
        await pilot.press("d")
        await seen(pilot, "Delete message")
        await pilot.press("n")
        await until(pilot, lambda: pilot.app.screen is screen, "it is left")
        await pilot.press("t")
        await until(pilot, lambda: "R" not in footer(pilot), "events cannot be marked as read")
        assert {"a", "v"} <= set(footer(pilot)), "but added, and seen by the month"
        await pilot.press("s")
        await seen(pilot, "Sort means nothing here. It is for Boats: tab goes there.")


async def test_in_the_table_keys_are_about_its_rows(server: EmbeddedServer, tmp_path: Path) -> None:
    async with opened(deck_of(server, tmp_path, "books"), WIDE) as pilot:
        screen = await three_panes(pilot)
        await pilot.press("escape")
        assert screen.focused_pane is screen.table
        shown = footer(pilot)
        assert list(shown)[:9] == ["⏎", "e", "a", "d", "m", "/", "s", "v", "w"]
        assert "R" not in shown
        await pilot.press("d")
        await seen(pilot, "Rows of Boats cannot be deleted")
        await pilot.press("slash", *"petrel", "enter")
        await seen(pilot, "match")
        assert len(stored(server, "Boats")) > screen.table.grid.row_count
        await pilot.press("y")
        await seen(pilot, "6 characters to")


async def test_a_message_goes_to_the_book_of_the_pane(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with opened(deck_of(server, tmp_path, "books"), WIDE) as pilot:
        screen = await three_panes(pilot)
        await pilot.press("escape", "escape", "G")
        book = screen.shelf.book_here
        while book is None or book.title == "Seabright Fleet":
            await pilot.press("k")
            book = screen.shelf.book_here
        assert screen.table.book_here is not None
        before = texts(server, "seabright-fleet")
        await pilot.press("m")
        await seen(pilot, f"Message to {book.title}")
        await pilot.press(*"ahoy", "f2")
        await seen(pilot, "Sent to")
        assert texts(server, book.b_c)[-1] == "ahoy"
        assert texts(server, "seabright-fleet") == before
