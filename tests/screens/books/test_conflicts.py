"""Books: what somebody else has changed meanwhile is shown before it is written over."""

from __future__ import annotations

from pathlib import Path

import pytest

import tui.app
from tests.deck import deck_of, end_news, gone, opened, screen_text, seen
from tests.harness import EmbeddedServer
from tests.screens.books.steps import open_table, stored, texts
from tui.workspace.workspace import Workspace

pytestmark = pytest.mark.usefixtures("as_at_the_start")


WIDE = (180, 40)
FLEET = "Fleet maintenance"


async def test_a_message_that_was_changed_elsewhere_is_written_over_only_by_saving_again(
    server: EmbeddedServer, tmp_path: Path, other: Workspace
) -> None:
    app = deck_of(server, tmp_path, "books", timetonic__events="off")
    async with opened(app, WIDE) as pilot:
        await seen(pilot, "Seamarks")
        await pilot.press("j", "j", "j", "j", "j", "enter")
        await seen(pilot, "Start boat leaves")
        await pilot.press("m")
        await seen(pilot, "Message to")
        await pilot.press(*"mine", "f2")
        await seen(pilot, "Sent to")
        await seen(pilot, "You")
        client = await other.connections.timetonic()
        shelf = (await other.books.shelf()).value
        book = next(one for one in shelf.books if one.b_c == "regates")
        smid = (await other.books.talk.talk(book)).value.messages[-1].smid
        await pilot.press("G", "e")
        await seen(pilot, "Change the message “mine”")
        await pilot.press("end", *" too")
        await client.send_msg("theirs", b_c=book.b_c, b_o=book.b_o, msg_id=smid)
        await pilot.press("f2")
        await seen(pilot, "somebody else changed it meanwhile")
        assert texts(server, "regates")[-1] == "theirs"
        await pilot.press("escape")
        await seen(pilot, "It was changed elsewhere meanwhile, to “theirs”.")
        await seen(pilot, "Save again to write yours in its place.")
        assert texts(server, "regates")[-1] == "theirs"
        await pilot.press("f2")
        await seen(pilot, "gives it its old text")
        assert texts(server, "regates")[-1] == "mine too"
        await pilot.press("u")
        await seen(pilot, "Undone")
        assert texts(server, "regates")[-1] == "theirs"


async def test_a_row_that_was_changed_elsewhere_is_deleted_only_once_that_was_seen(
    server: EmbeddedServer, tmp_path: Path, other: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before the deck has come to look after what an earlier run left open, too."""
    monkeypatch.setattr(tui.app, "FIRST_FRAME_SECONDS", 3600.0)
    app = deck_of(server, tmp_path, "books", timetonic__events="off")
    async with opened(app, WIDE) as pilot:
        grid = await open_table(pilot, 2, "Task")
        row = stored(server, FLEET)[0]
        client = await other.connections.timetonic()
        task = int(grid.cursor_column)
        await client.update_table_value(row["id"], task, "Theirs")
        await pilot.press("d")
        await seen(pilot, "Delete the row")
        await pilot.press("y")
        await seen(pilot, "somebody else changed it meanwhile")
        assert stored(server, FLEET)[0]["Task"] == "Theirs"
        await seen(pilot, "Theirs")
        await pilot.press("escape")
        end_news(pilot)
        await gone(pilot, row["Task"])
        assert row["Task"] not in screen_text(pilot).splitlines()[3]
        await pilot.press("d")
        await seen(pilot, "Delete the row “Theirs”")
        await pilot.press("y")
        await gone(pilot, "Delete the row “Theirs”")
        await seen(pilot, "Deleted the row")
        assert stored(server, FLEET)[0]["id"] != row["id"]
