"""The Books screen: from key press to server and back, and seen by a second deck."""

from __future__ import annotations

import json
from asyncio import Event
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import pytest

from tests import harness
from tests.deck import deck_of, gone, opened, screen_text, seen, until, workspace_of
from tests.harness import EmbeddedServer
from tests.screens.books.steps import (
    books_of,
    books_place,
    open_table,
    stored,
    texts,
)
from tui.screens import patience
from tui.screens.messages import Go, hand_over
from tui.store.mirror.mirror import Mirror
from tui.widgets.grid import Grid
from tui.workspace.books import rows
from tui.workspace.books.kept_rows import KeptRows
from tui.workspace.cache_files import MIRROR

pytestmark = pytest.mark.usefixtures("as_at_the_start")


REGATES = "regates" if harness.quirks_by_default else "Régates"
"""With quirks the service leaves this book's title out, and its code stands for it."""


async def test_a_cell_is_edited_seen_again_and_undone(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of(server, tmp_path, "books")
    async with opened(app) as pilot:
        await open_table(pilot, 2, "Task")
        before = stored(server, "Fleet maintenance")[1]["Task"]
        await pilot.press("j", "enter")
        await seen(pilot, "saves")
        await pilot.press("end", *" [twice]", "f2")
        await seen(pilot, "u takes it back")
        assert stored(server, "Fleet maintenance")[1]["Task"] == f"{before} [twice]"
        await seen(pilot, "[twice]")
        await pilot.press("1")
        await gone(pilot, "Fleet maintenance")
        await pilot.press("2")
        await seen(pilot, "[twice]")
        await pilot.press("u")
        await seen(pilot, "Undone: Change Task of")
        await gone(pilot, "[twice]")
        assert stored(server, "Fleet maintenance")[1]["Task"] == before


async def test_a_select_and_a_check_box_are_chosen(server: EmbeddedServer, tmp_path: Path) -> None:
    app = deck_of(server, tmp_path, "books")
    async with opened(app, size=(200, 40)) as pilot:
        await open_table(pilot, 2, "Task")
        await pilot.press("l", "l", "enter")
        await seen(pilot, "Waiting for parts")
        await pilot.press("g", *"jjjj", "enter")
        await seen(pilot, "Status of")
        assert stored(server, "Fleet maintenance")[0]["Status"] == "Cancelled"
        await pilot.press(*"llllll")
        field = books_of(app).table.field
        assert field is not None
        assert field.name == "Checked"
        await pilot.press("enter")
        await seen(pilot, "Checked of")
        await pilot.press("g", "enter")
        await seen(pilot, "Checked of")
        await until(pilot, lambda: stored(server, "Fleet maintenance")[0].get("Checked") is True)


async def test_a_link_is_chosen_by_name(server: EmbeddedServer, tmp_path: Path) -> None:
    app = deck_of(server, tmp_path, "books")
    async with opened(app) as pilot:
        await open_table(pilot, 2, "Task")
        # Enter goes to what it links to; e chooses another one, narrowed by the first letters.
        await pilot.press("l", "e")
        await seen(pilot, "Boat of")
        await pilot.press(*"nordlys", "enter")
        await seen(pilot, "Nordlys. u takes it back")
        boats = {row["Boat"]: row["id"] for row in stored(server, "Boats")}
        assert stored(server, "Fleet maintenance")[0]["Boat"] == [boats["Nordlys"]]


async def test_a_link_is_found_among_all_rows_of_which_but_some_are_listed(
    server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "LARGE_PAGE", 4)
    monkeypatch.setattr(rows, "MOST_CHOICES", 4)
    boats = {row["Boat"]: row["id"] for row in stored(server, "Boats")}
    now = stored(server, "Fleet maintenance")[0].get("Boat") or []
    last = next(
        name for name in reversed(boats)
        if name.isascii() and name.isalpha() and boats[name] not in now
    )  # fmt: skip
    app = deck_of(server, tmp_path, "books")
    async with opened(app) as pilot:
        await open_table(pilot, 2, "Task")
        await pilot.press("l", "e")
        await seen(pilot, f"{len(boats)} rows read · type to find those that are not listed")
        listed = app.screen.query_one(Grid)
        # The one that it is now is there too, under the cursor.
        assert listed.cursor_key == (str(now[0]) if now else "none")
        assert listed.row_count in (1 + 4, 1 + 4 + 1)
        await pilot.press(*"xyz")
        await seen(pilot, "none of them holds this")
        await pilot.press("ctrl+u")
        await until(pilot, lambda: listed.row_count > 4, "all are there again")
        await pilot.press(*last.lower())
        await until(pilot, lambda: (listed.row_count, listed.cursor_key) == (1, str(boats[last])))
        await pilot.press("enter")
        await seen(pilot, f"{last}. u takes it back")
        assert stored(server, "Fleet maintenance")[0]["Boat"] == [boats[last]]


async def test_a_refused_edit_keeps_what_was_typed(server: EmbeddedServer, tmp_path: Path) -> None:
    long = "x" * 254
    first = stored(server, "Fleet maintenance")[0]
    with server.context.database.write() as connection:
        connection.execute(
            "UPDATE timetonic_row SET cells = replace(cells, ?, ?) WHERE id = ?",
            (first["Task"], long, first["id"]),
        )
    app = deck_of(server, tmp_path, "books")
    async with opened(app) as pilot:
        await open_table(pilot, 2, "Task")
        await pilot.press("enter")
        await seen(pilot, "saves")
        await pilot.press("end", *"more", "f2")
        await seen(pilot, "characters at most")
        assert stored(server, "Fleet maintenance")[0]["Task"] == long
        await pilot.press("escape")
        await seen(pilot, "What you typed is kept")
        await pilot.press("enter")
        await seen(pilot, "saves")
        await pilot.press("home", "end")
        await seen(pilot, "xxxmore")


async def test_read_only_fields_are_shown_and_not_edited(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of(server, tmp_path, "books")
    async with opened(app) as pilot:
        await open_table(pilot, 2, "Task")
        await pilot.press("dollar_sign", "e")
        await seen(pilot, "Updates is read-only")
        await pilot.press("enter")
        await seen(pilot, "Updates of")


async def test_rows_are_added_deleted_and_brought_back(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of(server, tmp_path, "books")
    async with opened(app) as pilot:
        grid = await open_table(pilot, 3, "Shackle, bow 1")
        await pilot.press("a")
        await seen(pilot, "New row in Parts inventory")
        await pilot.press(*"[Zinc] anode", "enter", *"12 mm", "enter", *"7", "f2")
        await seen(pilot, "Added a row")
        added = stored(server, "Parts inventory")[-1]
        assert (added["Part"], added["Size"], added["In stock"]) == ("[Zinc] anode", "12 mm", 7)
        await seen(pilot, "[Zinc] anode")
        assert grid.cursor_key == str(added["id"])
        await pilot.press("d")
        await seen(pilot, "Delete the row “[Zinc] anode”")
        await pilot.press("d")
        assert len(stored(server, "Parts inventory")) == 651
        await pilot.press("y")
        await seen(pilot, "Deleted the row")
        assert len(stored(server, "Parts inventory")) == 650
        await seen(pilot, "Parts inventory        650")
        await pilot.press("u")
        await seen(pilot, "Take back: Delete [Zinc] anode from Parts inventory?")
        assert len(stored(server, "Parts inventory")) == 650
        await pilot.press("y")
        await seen(pilot, "is back as it was")
        assert stored(server, "Parts inventory")[-1] == added
        await pilot.press("u")
        await seen(pilot, "Undone: Add a row to Parts inventory")
        assert len(stored(server, "Parts inventory")) == 650


async def test_a_table_that_keeps_its_rows_says_so(server: EmbeddedServer, tmp_path: Path) -> None:
    app = deck_of(server, tmp_path, "books")
    async with opened(app) as pilot:
        await open_table(pilot, 1, "Petrel")
        await pilot.press("d")
        await seen(pilot, "Rows of Boats cannot be deleted")


async def test_pages_come_when_they_are_seen(server: EmbeddedServer, tmp_path: Path) -> None:
    app = deck_of(server, tmp_path, "books")
    async with opened(app) as pilot:
        grid = await open_table(pilot, 3, "Shackle, bow 1")
        await seen(pilot, "200 of 650 rows loaded")
        await pilot.press("G")
        last = stored(server, "Parts inventory")[-1]
        await seen(pilot, last["Part"])
        await seen(pilot, "250 of 650 rows loaded")
        assert grid.cursor_key == str(last["id"])


async def test_sorting_and_filtering_are_over_all_rows(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of(server, tmp_path, "books")
    async with opened(app) as pilot:
        grid = await open_table(pilot, 3, "Shackle, bow 1")
        rows = stored(server, "Parts inventory")
        await pilot.press("l", "l", "l", "l", "s")
        await seen(pilot, "Price ▲")
        await seen(pilot, "650 rows")
        await pilot.press("s", "g")
        await seen(pilot, "Price ▼")
        dearest = max(row["Price"] for row in rows)
        await until(pilot, lambda: f"{dearest:,.2f}" in screen_text(pilot).splitlines()[3])
        await pilot.press("slash", *"anode", "enter")
        found = sum("anode" in json.dumps(row).casefold() for row in rows)
        await seen(pilot, f"{found:,} of 650 match")
        assert grid.row_count == found
        await pilot.press("escape")
        await seen(pilot, "650 rows")
        assert grid.row_count == 650


async def test_a_saved_view_shows_its_rows(server: EmbeddedServer, tmp_path: Path) -> None:
    app = deck_of(server, tmp_path, "books")
    async with opened(app) as pilot:
        grid = await open_table(pilot, 2, "Task")
        await pilot.press("v")
        await seen(pilot, "Views of Fleet maintenance")
        await pilot.press("slash", *"high", "enter")
        await seen(pilot, "Fleet maintenance · High priority")
        rows = stored(server, "Fleet maintenance")
        high = sum(row["Priority"] == "High" for row in rows)
        await seen(pilot, f"{high} of 420 rows")
        assert grid.row_count == high


async def test_messages_are_read_sent_changed_and_deleted(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of(server, tmp_path, "books")
    async with opened(app) as pilot:
        await seen(pilot, "Seamarks")
        await seen(pilot, "4 new")
        await pilot.press("j", "j", "j", "j", "j", "enter")
        await seen(pilot, "Start boat leaves")
        # Looking at them is not reading them, unless that is wanted.
        assert "4 new" in screen_text(pilot)
        await pilot.press("R")
        await gone(pilot, "4 new")
        await pilot.press("m")
        await seen(pilot, f"Message to {REGATES}")
        await pilot.press(*"[see] you", "f2")
        await seen(pilot, "Sent to")
        assert texts(server, "regates")[-1] == "[see] you"
        await seen(pilot, "[see] you")
        await pilot.press("G", "e")
        await seen(pilot, "Change the message")
        await pilot.press("end", *" there", "f2")
        await seen(pilot, "gives it its old text")
        assert texts(server, "regates")[-1] == "[see] you there"
        await seen(pilot, "[see] you there")
        await pilot.press("d")
        await seen(pilot, "Delete “[see] you there”?")
        await pilot.press("y")
        await seen(pilot, "Deleted the message")
        assert "[see] you there" not in texts(server, "regates")
        await pilot.press("u")
        await seen(pilot, "It comes back as a new message of yours")
        assert "[see] you there" not in texts(server, "regates")
        await pilot.press("y")
        await seen(pilot, "Undone: Delete the message")
        assert texts(server, "regates")[-1] == "[see] you there"


async def test_messages_count_as_read_once_they_are_looked_at_where_that_is_wanted(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of(server, tmp_path, "books", timetonic__mark_read="on open")
    async with opened(app) as pilot:
        await seen(pilot, "Seamarks")
        await seen(pilot, "4 new")
        await pilot.press("j", "j", "j", "j", "j", "enter")
        await seen(pilot, "Start boat leaves")
        await gone(pilot, "4 new")
        # Who looks still sees what of it is new.
        assert "── new ──" in screen_text(pilot)


async def test_what_was_marked_as_read_is_new_no_longer(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of(server, tmp_path, "books")
    async with opened(app) as pilot:
        await seen(pilot, "4 new")
        await pilot.press("j", "j", "j", "j", "j", "enter")
        await seen(pilot, "Start boat leaves")
        await seen(pilot, "── new ──")
        assert "● " in screen_text(pilot)
        await pilot.press("R")
        await gone(pilot, "── new ──")
        assert "● " not in screen_text(pilot)
        await seen(pilot, "Start boat leaves")
        await gone(pilot, "4 new")


async def test_somebody_elses_message_is_left_alone(server: EmbeddedServer, tmp_path: Path) -> None:
    app = deck_of(server, tmp_path, "books")
    async with opened(app) as pilot:
        await seen(pilot, "Seabright Fleet")
        await pilot.press("enter")
        await seen(pilot, "Liferaft certificates")
        await pilot.press("e")
        await seen(pilot, "Only one's own messages can be changed")


async def test_html_and_brackets_of_messages_are_text(
    server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_DOWNLOAD_DIR", str(tmp_path / "none yet"))
    app = deck_of(server, tmp_path, "books")
    async with opened(app) as pilot:
        await seen(pilot, "Seabright Fleet")
        await pilot.press("enter", "g")
        await seen(pilot, "420 jobs to go")
        await seen(pilot, "[borrowed] drill")
        assert "<b>" not in screen_text(pilot)
        await pilot.press("t")
        await seen(pilot, "Liferaft training [pool]")
        await pilot.press("t")
        await seen(pilot, "tools.csv")
        await pilot.press("enter")
        await seen(pilot, "Save as …")
        await pilot.press("j", "enter")
        await seen(pilot, "Save the file")
        await pilot.press("enter")
        await seen(pilot, "Wrote tools.csv (39 bytes) here.")
    assert (tmp_path / "tools.csv").read_bytes().startswith(b"tool;number")


async def test_hostile_names_stay_what_they_are(server: EmbeddedServer, tmp_path: Path) -> None:
    evil = "[bold red]x[/] \x1b[31m\u202eevil\u202c " + "long " * 60
    with server.context.database.write() as connection:
        connection.execute("UPDATE timetonic_book SET title = ? WHERE b_c = 'regates'", (evil,))
        connection.execute("UPDATE timetonic_table SET name = ? WHERE name = 'Seamarks'", (evil,))
        connection.execute("UPDATE timetonic_field SET name = ? WHERE name = 'Light'", (evil,))
        connection.execute(
            "UPDATE timetonic_row SET cells = replace(cells, 'Er Toul', ?)",
            (json.dumps(evil)[1:-1],),
        )
    app = deck_of(server, tmp_path, "books")
    async with opened(app) as pilot:
        await seen(pilot, "[bold red]x[/] ␛[31m")
        await seen(pilot, "Parts inventory")
        await pilot.press(*"jjjj", "enter")
        await seen(pilot, "Goué Vas")
        assert "\x1b" not in screen_text(pilot)
        assert "\u202e" not in screen_text(pilot)
        await pilot.press("enter")
        await seen(pilot, "saves")
        assert "\x1b" not in screen_text(pilot)
        await pilot.press("escape", "w")
        await seen(pilot, "Mark")


async def test_at_80_columns_each_pane_has_the_room(server: EmbeddedServer, tmp_path: Path) -> None:
    app = deck_of(server, tmp_path, "books")
    async with opened(app, size=(80, 24)) as pilot:
        grid = await open_table(pilot, 1, "Petrel")
        await gone(pilot, "Parts inventory")
        assert grid.size.width == 80
        await pilot.press("p")
        await seen(pilot, "Liferaft certificates")
        await gone(pilot, "Sturmvogel")
        await pilot.press("escape")
        await seen(pilot, "Sturmvogel")
        await pilot.press("o")
        await seen(pilot, "Parts inventory")
        await pilot.press("o")
        await gone(pilot, "Parts inventory")


async def test_today_points_at_a_book(server: EmbeddedServer, tmp_path: Path) -> None:
    app = deck_of(server, tmp_path, "today")
    async with opened(app) as pilot:
        await seen(pilot, "messages unread")
        login = server.credentials.timetonic_login
        await hand_over(app, Go("books", f"{login}/regates"))
        await seen(pilot, "Start boat leaves")
        assert f"Messages · {REGATES}" in screen_text(pilot)


async def test_what_another_deck_changes_is_seen(server: EmbeddedServer, tmp_path: Path) -> None:
    app = deck_of(server, tmp_path, "books", timetonic__events="off")
    other = workspace_of(server, tmp_path / "other")
    async with opened(app) as pilot:
        await open_table(pilot, 1, "Petrel")
        client = await other.connections.timetonic()
        boat = stored(server, "Boats")[0]
        values = await client.get_table_values(int(books_place(app)))
        await client.update_table_value(boat["id"], values.fields[0].id, "Albatros")
        assert "Albatros" not in screen_text(pilot)
        await pilot.press("r")
        await seen(pilot, "Albatros")
    await other.close()


async def test_a_closed_book_says_why_it_has_no_tables(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of(server, tmp_path, "books")
    async with opened(app) as pilot:
        await seen(pilot, "Archived")
        await pilot.press("G", "l", "j", "l")
        await seen(pilot, "not open to programs")


async def test_a_read_only_deck_refuses_and_still_reads(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of(server, tmp_path, "books", deck__read_only="true")
    async with opened(app) as pilot:
        await open_table(pilot, 1, "Petrel")
        await pilot.press("e")
        await seen(pilot, "read-only")
        await pilot.press("enter")
        await seen(pilot, "Boat of Petrel")


async def test_a_service_that_went_away_is_said_and_asked_again(tmp_path: Path) -> None:
    with EmbeddedServer(services=["timetonic"]) as own:
        app = deck_of(own, tmp_path, "books")
        async with opened(app) as pilot:
            await open_table(pilot, 1, "Petrel")
            own.stop()
            await pilot.press("r")
            await seen(pilot, "r tries again")
            assert "Petrel" in screen_text(pilot)


async def test_loading_all_rows_is_told_and_can_be_given_up(
    server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = deck_of(server, tmp_path, "books")
    never = Event()

    async def slow(_kept: KeptRows, told: Callable[[int, int], None]) -> None:
        told(500, 650)
        await never.wait()

    async with opened(app, size=(140, 40)) as pilot:
        grid = await open_table(pilot, 3, "Shackle, bow 1")
        monkeypatch.setattr(KeptRows, "gather", slow)
        for key in ("s", "slash"):
            # The next keys are about all rows, which never come: they need not wait for that.
            with patch.object(patience, "LOADING_SECONDS", 0.0):
                await pilot.press(key, *("qqq" if key == "slash" else ""))
            await seen(pilot, "500 of 650 rows read · esc gives up")
            if key == "slash":
                # Of some rows that is not said of all.
                await seen(pilot, "None of the rows that are here holds this text.")
            await pilot.press("escape")
            await seen(pilot, "200 of 650 rows loaded")
            assert not grid.sorted_by
            await until(pilot, lambda: grid.row_count == 650, "the rows as the table has them")


async def test_rows_that_another_deck_put_away_are_read_again(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of(server, tmp_path, "books")
    async with opened(app) as pilot:
        grid = await open_table(pilot, 3, "Shackle, bow 1")
        table = books_of(app).table
        await pilot.press("s")
        await until(pilot, lambda: table.opened is not None and table.opened.shows_all)
        with closing(Mirror(app.workspace.locations.cache / MIRROR)) as other:
            other.forget("")
        await pilot.press("s")
        await until(pilot, lambda: [down for _, down in grid.sorted_by.items()] == [True])
        await until(
            pilot,
            lambda: (
                table.opened is not None
                and table.opened.shows_all
                and not table.opened.lost
                and (grid.row_count, bool(table.row)) == (650, True)
            ),
            "all rows are there again",
        )
        assert "650 rows" in screen_text(pilot)


async def test_rows_are_marked_copied_and_deleted_together(
    server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied: list[str] = []

    async def keep(_app: object, text: str, _folder: Path) -> str:
        copied.append(text)
        return "Copied it."

    monkeypatch.setattr("tui.screens.clipboard.copy", keep)
    app = deck_of(server, tmp_path, "books")
    async with opened(app) as pilot:
        await open_table(pilot, 3, "Shackle, bow 1")
        names = [row["Part"] for row in stored(server, "Parts inventory")[:3]]
        await pilot.press("y")
        await seen(pilot, "Copied it")
        await pilot.press("space", "space", "Y")
        await until(pilot, lambda: len(copied) == 2)
        assert copied[0] == names[0]
        assert [line.split("\t")[0] for line in copied[1].splitlines()] == names[:2]
        await pilot.press("d")
        await seen(pilot, "Delete 2 rows")
        await pilot.press("y")
        await seen(pilot, "Deleted 2 rows")
        assert stored(server, "Parts inventory")[0]["Part"] == names[2]


async def test_a_restricted_session_shows_what_it_may(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    held = server.credentials
    with server.context.database.write() as connection:
        connection.execute(
            "INSERT INTO timetonic_session (sesskey, user, app_name, restrictions, created)"
            " VALUES ('AAAA-BBBB', ?, 'x', ?, 0)",
            (held.timetonic_login, json.dumps({"readonly": True, "hideMessages": True})),
        )
    app = deck_of(
        server, tmp_path, "books",
        timetonic__sesskey="AAAA-BBBB", timetonic__user=held.timetonic_login,
        timetonic__password="",
    )  # fmt: skip
    async with opened(app) as pilot:
        await seen(pilot, "his key may not see messages")
        await open_table(pilot, 2, "Task")
        await pilot.press("enter")
        await seen(pilot, "saves")
        await pilot.press("end", *"more", "f2")
        await seen(pilot, "This key may only read")
        assert "more" in screen_text(pilot)


async def test_a_comment_is_written_in_a_cell(server: EmbeddedServer, tmp_path: Path) -> None:
    app = deck_of(server, tmp_path, "books")
    async with opened(app) as pilot:
        await open_table(pilot, 2, "Task")
        await pilot.press("dollar_sign", "h", "e")
        await seen(pilot, "Comments of")
        await pilot.press(*"[looks] good", "f2")
        await seen(pilot, "Commented")
        await pilot.press("enter")
        await seen(pilot, "[looks] good")
        await seen(pilot, "Write another")


async def test_ones_own_comments_are_changed_and_deleted_and_others_are_read(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    server.reset()
    app = deck_of(server, tmp_path, "books")

    def said() -> list[str]:
        return [
            row["text"]
            for row in server.context.database.read(
                "SELECT text FROM timetonic_comment WHERE row_id = ? AND NOT deleted ORDER BY id",
                (row_id,),
            )
        ]

    async with opened(app) as pilot:
        await open_table(pilot, 2, "Task")
        row_id = stored(server, "Fleet maintenance")[0]["id"]
        with server.context.database.write() as connection:
            connection.execute(
                "UPDATE timetonic_comment SET deleted = 1 WHERE row_id = ?", (row_id,)
            )
        await pilot.press("dollar_sign", "h", "enter")
        await seen(pilot, "Comment *")
        await pilot.press(*"Mine", "f2")
        await seen(pilot, "Commented")
        with server.context.database.write() as connection:
            connection.execute(
                "INSERT INTO timetonic_comment"
                " (row_id, field_id, user, text, created, modified, sstamp)"
                " SELECT row_id, field_id, 'sofia', 'Theirs [b]', created, modified, sstamp"
                " FROM timetonic_comment WHERE row_id = ? AND NOT deleted",
                (row_id,),
            )
        await pilot.press("enter")
        await seen(pilot, "Theirs [b]")
        await pilot.press("j", "enter")
        await gone(pilot, "Write another")
        await seen(pilot, "Theirs [b]")
        await pilot.press("escape", "enter")
        await seen(pilot, "Write another")
        await pilot.press("g", "enter")
        await seen(pilot, "Delete it")
        await pilot.press("enter")
        await seen(pilot, "Change the comment “Mine”")
        await pilot.press("end", *" too", "f2")
        await seen(pilot, "gives it its old text")
        assert said() == ["Mine too", "Theirs [b]"]
        await pilot.press("enter")
        await seen(pilot, "Write another")
        await pilot.press("g", "enter")
        await seen(pilot, "Delete it")
        await pilot.press("j", "enter")
        await seen(pilot, "Delete “Mine too”?")
        await pilot.press("y")
        await seen(pilot, "Deleted the comment")
        assert said() == ["Theirs [b]"]
        await pilot.press("u")
        await seen(pilot, "It comes back as a new comment of yours")
        await pilot.press("y")
        await until(pilot, lambda: said() == ["Theirs [b]", "Mine too"], "it is there again")


async def test_coming_back_shows_what_changed_meanwhile(
    server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.screens.books.shelf.FRESH", timedelta(0))
    app = deck_of(server, tmp_path, "books")
    other = workspace_of(server, tmp_path / "other")
    async with opened(app) as pilot:
        await open_table(pilot, 1, "Petrel")
        await pilot.press("5")
        await gone(pilot, "Petrel")
        client = await other.connections.timetonic()
        fields = (await client.get_table_values(int(books_place(app)), max_rows=1)).fields
        boat = stored(server, "Boats")[0]
        await client.update_table_value(boat["id"], fields[0].id, "Albatros")
        await client.send_msg("a new one", b_c="seabright-fleet")
        await other.close()
        await pilot.press("2")
        await seen(pilot, "Albatros")
        await pilot.press("p")
        await seen(pilot, "a new one")
