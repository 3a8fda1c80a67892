"""The command line of the deck: typed, completed, carried out, refused, brought back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from tests.deck import deck_of, loaded, opened, screen_text, until
from tests.harness import EmbeddedServer
from tui.screens.deck.line import CommandLine
from tui.widgets.dialogs import TextPrompt
from tui.widgets.filterline import LineInput
from tui.widgets.outline import Outline


async def type_line(pilot: Pilot[Any], text: str, *keys: str) -> None:
    """Open the line, and type into it once it takes it."""
    app = pilot.app
    await pilot.press("colon")
    await until(pilot, lambda: isinstance(app.screen, CommandLine), "the line is open")
    await until(pilot, lambda: isinstance(app.focused, LineInput), "it has the focus")
    line = app.screen.query_one(LineInput)
    await pilot.press(*({" ": "space", "/": "slash"}.get(one, one) for one in text))
    await until(pilot, lambda: line.value == text, text)
    await pilot.press(*keys)


async def closed(pilot: Pilot[Any]) -> None:
    await until(pilot, lambda: not isinstance(pilot.app.screen, CommandLine), "the line is closed")


async def test_commands_are_typed_with_what_answers_them(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with opened(deck_of(server, tmp_path, "timers")) as pilot:
        app = pilot.app
        await until(pilot, lambda: "Sail wardrobe" in screen_text(pilot))
        await loaded(pilot)
        await until(pilot, lambda: isinstance(app.focused, Outline), "the tree has the focus")
        tree = app.focused
        assert isinstance(tree, Outline)
        # Unknown: it is said, and what was typed stays to be put right.
        await type_line(pilot, "xport_hours csv", "enter")
        await until(pilot, lambda: "There is no command xport_hours" in screen_text(pilot))
        await pilot.press("escape")
        await closed(pilot)
        # A row by its number, and one that is not there.
        await type_line(pilot, "5", "enter")
        await closed(pilot)
        await until(pilot, lambda: tree.cursor_row == 4)
        await type_line(pilot, "9999", "enter")
        await until(pilot, lambda: "there is no row 9,999 of" in screen_text(pilot))
        # Completed; the form is answered by the word after it, so the path is asked at once.
        await type_line(pilot, "export_h", "tab")
        line = app.screen.query_one(LineInput)
        await until(pilot, lambda: line.value == "export_hours ", "completed")
        await pilot.press("c", "s", "v", "enter")
        await until(
            pilot,
            lambda: type(app.screen) is TextPrompt and "Export hours" in screen_text(pilot),
            "where to",
        )
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is app.screen_stack[0])
        # What a command asks for in a line of its own.
        await type_line(pilot, "filter sail", "enter")
        await closed(pilot)
        await until(pilot, lambda: tree.row_count == 4, "filtered")
        await until(pilot, lambda: isinstance(app.focused, LineInput))
        await pilot.press("escape")
        await until(pilot, lambda: app.focused is tree)
        # What nothing asks for is said.
        await type_line(pilot, "refresh everything", "enter")
        await until(
            pilot, lambda: "Nothing was asked that “everything” answers" in screen_text(pilot)
        )
        # Earlier lines, and what was typed below them.
        await type_line(pilot, "th", "up", "up")
        line = app.screen.query_one(LineInput)
        await until(pilot, lambda: line.value == "filter sail", line.value)
        await pilot.press("down", "down")
        await until(pilot, lambda: line.value == "th")
        await pilot.press(*"eme", "space", *"ember", "enter")
        await until(pilot, lambda: app.theme == "ember")
        await closed(pilot)
        # An operation with its arguments, and back by name.
        await type_line(pilot, "trackmypeople.status", "enter")
        await until(pilot, lambda: "─trackmypeople.status ─" in screen_text(pilot))
        await type_line(pilot, "go tocks", "enter")
        await until(pilot, lambda: app.screen.SCOPE == "tocks")
        # Of another screen: it is gone to.
        await type_line(pilot, "books.filters", "enter")
        await until(pilot, lambda: app.screen.SCOPE == "books")
        await type_line(pilot, "", "enter")
        await until(pilot, lambda: app.screen.SCOPE == "console")
