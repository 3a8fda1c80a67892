"""Books: what the service does not have yet is shown where it belongs, until it is sent."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.deck import (
    deck_of,
    end_news,
    gone,
    loaded,
    opened,
    screen_text,
    seen,
    unreachable,
    until,
)
from tests.harness import EmbeddedServer
from tests.screens.books.steps import books_of, open_table, stored, texts
from tui.screens.books.events import EventsMonth
from tui.screens.books.side import SidePane
from tui.services.errors import TimedOut
from tui.services.operation import mark_sent
from tui.services.transport import Transport
from tui.services.wire import Request, Response

pytestmark = pytest.mark.usefixtures("as_at_the_start")


WIDE = (180, 40)
FLEET = "Fleet maintenance"


async def test_without_any_book_the_pane_beside_says_that_they_could_not_be_read(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of(server, tmp_path, "books", timetonic__events="off")
    with unreachable():
        async with opened(app, WIDE) as pilot:
            await seen(pilot, "The books could not be read.")
    app = deck_of(server, tmp_path, "books", timetonic__events="off")
    async with opened(app, WIDE) as pilot:
        await seen(pilot, "Seamarks")
        assert "could not be read" not in screen_text(pilot)


async def test_a_cell_and_a_row_that_wait_are_shown_with_a_mark_until_they_are_sent(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of(server, tmp_path, "books", timetonic__events="off")
    async with opened(app, WIDE) as pilot:
        grid = await open_table(pilot, 2, "Task")
        first, second = (row["Task"] for row in stored(server, FLEET)[:2])
        with unreachable():
            await pilot.press("enter")
            await seen(pilot, "saves")
            await pilot.press("end", *" [mine]", "f2")
            await seen(pilot, f"… {first}")
            await gone(pilot, "saves")
            await seen(pilot, "It is kept and sent by itself")
            await pilot.press("j", "d")
            await seen(pilot, "Delete the row")
            await pilot.press("y")
            await seen(pilot, f"… ✗ {second}")
            await seen(pilot, "2 waiting")
        assert [row["Task"] for row in stored(server, FLEET)[:2]] == [first, second]
        assert await app.workspace.history.outbox.send_all() == 2
        end_news(pilot)
        await gone(pilot, "waiting")
        await gone(pilot, f"… {first}")
        await seen(pilot, f"{first} [mi")
        await gone(pilot, "✗")
        assert stored(server, FLEET)[0]["Task"] == f"{first} [mine]"
        await until(pilot, lambda: grid.row_count == 419, "the row is gone")


async def test_a_new_row_that_waits_stands_at_the_end_after_a_restart_too(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of(server, tmp_path, "books", timetonic__events="off")
    async with opened(app, WIDE) as pilot:
        await open_table(pilot, 3, "Shackle, bow 1")
        await pilot.press("a")
        await seen(pilot, "New row in Parts inventory")
        await pilot.press(*"[Zinc] anode", "enter", *"12 mm")
        with unreachable():
            await pilot.press("f2")
            await seen(pilot, "1 waiting")
    again = deck_of(server, tmp_path, "books", timetonic__events="off")
    async with opened(again, WIDE) as pilot:
        # It is tried at once, and after every answer.
        with unreachable("createOrUpdateTableRow"):
            grid = await open_table(pilot, 3, "Shackle, bow 1")
            await seen(pilot, "1 waiting")
            assert grid.row_count == 651
            await pilot.press("G")
            await seen(pilot, "… [Zinc] anode")
            await pilot.press("e")
            await seen(pilot, "The service does not have this row")
        await again.workspace.history.outbox.send_all()
        await gone(pilot, "… [Zinc] anode")
        await until(pilot, lambda: grid.row_count == 651, "read anew")
        await pilot.press("G")
        await seen(pilot, "[Zinc] anode")
        assert stored(server, "Parts inventory")[-1]["Part"] == "[Zinc] anode"
        assert grid.row_count == 651


async def test_what_nobody_knows_the_outcome_of_has_another_mark(
    server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = deck_of(server, tmp_path, "books", timetonic__events="off")
    async with opened(app, WIDE) as pilot:
        await open_table(pilot, 2, "Task")
        first = stored(server, FLEET)[0]["Task"]
        send = Transport.send

        async def lose(self: Transport, request: Request) -> Response:
            if ("req", "createOrUpdateTableRow") not in (request.form or ()):
                return await send(self, request)
            mark_sent()
            raise TimedOut("no answer came")

        await pilot.press("enter")
        await seen(pilot, "saves")
        await pilot.press("end", *" [mine]")
        monkeypatch.setattr(Transport, "send", lose)
        await pilot.press("f2")
        await seen(pilot, "not known")
        await pilot.press("escape")
        await seen(pilot, f"? {first}")
        await seen(pilot, "1 not known")
        monkeypatch.setattr(Transport, "send", send)
        (unknown,) = await app.workspace.history.outbox.still_open()
        assert await app.workspace.history.outbox.drop(unknown.id)
        await gone(pilot, "1 not known")
        assert "[mine]" not in screen_text(pilot)


async def test_messages_that_wait_are_shown_as_they_will_be(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of(server, tmp_path, "books", timetonic__events="off")
    async with opened(app, WIDE) as pilot:
        await seen(pilot, "Seamarks")
        await pilot.press("j", "j", "j", "j", "j", "enter")
        await seen(pilot, "Start boat leaves")
        for text in ("first", "second"):
            await pilot.press("m")
            await seen(pilot, "Message to")
            await pilot.press(*text, "f2")
            await until(pilot, lambda text=text: texts(server, "regates")[-1] == text)  # type: ignore[misc]
            await gone(pilot, "Message to")
            await seen(pilot, f"  {text} ")
        with unreachable():
            await pilot.press("G", "e")
            await seen(pilot, "Change the message")
            await pilot.press("end", *" [thoughts]", "f2")
            await seen(pilot, "… waits to be sent")
            await seen(pilot, "second [thoughts]")
            await pilot.press("m")
            await seen(pilot, "Message to")
            await pilot.press(*"third", "f2")
            await seen(pilot, "You · … waits to be sent")
            await seen(pilot, "third")
            await seen(pilot, "2 waiting")
        assert texts(server, "regates")[-2:] == ["first", "second"]
        assert await app.workspace.history.outbox.send_all() == 2
        await gone(pilot, "waits to be sent")
        await gone(pilot, "2 waiting")
        assert texts(server, "regates")[-3:] == ["first", "second [thoughts]", "third"]
        await seen(pilot, "third")
        # Undo is for what was done last, whatever it waited for.
        await pilot.press("u")
        await seen(pilot, "Undone: Send a message")
        assert texts(server, "regates")[-1] == "second [thoughts]"


async def test_an_event_that_waits_stands_in_the_agenda_and_in_the_month(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of(server, tmp_path, "books", timetonic__events="off")
    async with opened(app, WIDE) as pilot:
        await seen(pilot, "Notebook")
        shelf, side = books_of(app).shelf, books_of(app).side
        assert shelf.shelf is not None
        book = next(one for one in shelf.shelf.books if one.b_c == "notebook")
        side.talk_lines.focus()
        await until(pilot, lambda: side.talk_lines.has_focus, "the list has the keys")
        side.open(book, "events")
        await seen(pilot, "a adds one")
        await loaded(pilot)
        with unreachable():
            await pilot.press("a")
            await seen(pilot, "New event in")
            await pilot.press(*"Haul [out]", "tab", *"+1d 9:00", "f2")
            await gone(pilot, "New event in")
            await seen(pilot, "… waits to be sent")
            await seen(pilot, "0 · 1 waiting")
            await until(pilot, lambda: side.talk_lines.has_focus, "the list has the keys again")
            await pilot.press("v")
            await until(pilot, lambda: isinstance(app.screen, EventsMonth), "the month is there")
            await pilot.press("l")
            await seen(pilot, "… Haul [out]")
            await pilot.press("enter")
            await until(pilot, lambda: side.talk_lines.key.startswith("new:"), "it is gone to")
        assert await app.workspace.history.outbox.send_all() == 1
        await gone(pilot, "waits to be sent")
        await until(pilot, lambda: side.event is not None, "the service has it")
        assert side.event is not None
        assert side.event.text == "Haul [out]"


async def test_what_waits_is_shown_by_whoever_looks_first(
    server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The messages may be asked for just when one is noted, and never come."""
    looked: list[object] = []

    async def later(self: SidePane) -> None:
        looked.append(self)

    app = deck_of(server, tmp_path, "books", timetonic__events="off")
    async with opened(app, WIDE) as pilot:
        await seen(pilot, "Seamarks")
        await pilot.press("j", "j", "j", "j", "j", "enter")
        await seen(pilot, "Start boat leaves")
        look = SidePane.look_at_waiting
        with unreachable():
            monkeypatch.setattr(SidePane, "look_at_waiting", later)
            await pilot.press("m")
            await seen(pilot, "Message to")
            await pilot.press(*"held up", "f2")
            await until(pilot, lambda: bool(looked))
            side = books_of(app).side
            side.reload()
            await loaded(pilot)
            await look(side)
            await seen(pilot, "You · … waits to be sent")
            await seen(pilot, "1 waiting")


async def test_what_only_waits_is_taken_back_by_not_sending_it(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of(server, tmp_path, "books", timetonic__events="off")
    async with opened(app, WIDE) as pilot:
        await open_table(pilot, 2, "Task")
        await pilot.press("l", "l", "enter")
        await seen(pilot, "Waiting for parts")
        with unreachable():
            await pilot.press("g", *"jjjj", "enter")
            await seen(pilot, "… Cancelled")
            assert "was not written" not in screen_text(pilot)
            # Without the line, or it may be sent just before.
            await pilot.press("u")
            await seen(pilot, "is not sent any more")
        await gone(pilot, "… Cancelled")
        assert await app.workspace.history.outbox.send_all() == 0
