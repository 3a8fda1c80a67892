"""Books: what others change, write and read is shown while one looks, and costs nothing else."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import msgspec
import pytest
from textual import events
from textual.pilot import Pilot

from tests.deck import (
    deck_of,
    end_news,
    flashing,
    gone,
    opened,
    screen_text,
    seen,
    until,
)
from tests.harness import EmbeddedServer
from tests.screens.books.steps import open_table, stored
from tui.app import Tockdeck
from tui.screens.books.cells import CHANGED
from tui.screens.books.screen import BooksScreen
from tui.services.transport import Transport
from tui.services.wire import Request, Response
from tui.workspace.books.books import Place, table_places
from tui.workspace.workspace import Workspace

WIDE = (180, 40)
FLEET = "Fleet maintenance"


@pytest.fixture(autouse=True)
def asks_often(server: EmbeddedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    server.reset()
    monkeypatch.setattr("tui.workspace.books.watching.INTERVAL", 0.05)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, other: Workspace) -> list[str]:
    """What the deck has asked the service for so far, but for what the other one has."""
    sent: list[str] = []
    send = Transport.send

    async def noted(self: Transport, request: Request) -> Response:
        theirs = await other.connections.timetonic()
        if self is not theirs.transport:
            sent.append(self.service)
        return await send(self, request)

    monkeypatch.setattr(Transport, "send", noted)
    return sent


def books(app: Tockdeck) -> BooksScreen:
    screen = app._screens["books"]
    assert isinstance(screen, BooksScreen)
    return screen


def askers() -> set[str]:
    """Tasks that ask the service or wait to."""
    names = {getattr(task.get_coro(), "__qualname__", "") for task in asyncio.all_tasks()}
    return {name for name in names if "TimeTonicEvents" in name}


async def place_of(workspace: Workspace, table: str) -> Place:
    shelf = (await workspace.books.shelf()).value
    found = next(one for one in shelf.books if one.b_c == "seabright-fleet")
    places = table_places(found, (await workspace.books.tables(found)).value)
    return next(one for one in places if one.table.name == table)


async def write(workspace: Workspace, row: int, column: int, value: str) -> None:
    """Change a cell of the fleet's maintenance, by its place, as somebody else."""
    place = await place_of(workspace, FLEET)
    values = (await workspace.books.rows.page(place)).value
    await workspace.books.rows.write_cell(
        place, values.fields, values.rows[row], values.fields[column], value
    )


async def looking(pilot: Pilot[Any]) -> BooksScreen:
    """The fleet's maintenance is looked at, and what others do is heard."""
    await open_table(pilot, 2, "Task")
    screen = books(pilot.app)  # type: ignore[arg-type]
    await until(pilot, lambda: screen.shelf._watching is not None, "it listens")
    return screen


def socket(server: EmbeddedServer, how: str) -> dict[str, str]:
    url = server.url("/timetonic/socket").replace("http:", "ws:")
    return {"timetonic__events": how, "timetonic__socket_url": url}


@pytest.mark.parametrize("how", ["poll", "socket"])
async def test_a_row_that_changes_while_it_is_looked_at_says_so(
    how: str, server: EmbeddedServer, tmp_path: Path, other: Workspace
) -> None:
    async with opened(deck_of(server, tmp_path, "books", **socket(server, how)), WIDE) as pilot:
        screen = await looking(pilot)
        before = stored(server, FLEET)[1]["Task"]
        screen.flash("Done.", "good")
        await write(other, 1, 0, "Otherwise")
        await seen(pilot, f"{CHANGED} Otherwise")
        assert "✓ Done." in screen_text(pilot), "what answers a person goes first"
        end_news(pilot)
        await seen(pilot, "was changed elsewhere: Task")
        assert screen.table.grid.source.row(1)[0] == (f"{CHANGED} Otherwise", "accent")  # type: ignore[index]
        assert before not in screen_text(pilot)
        # One's own change says nothing of the kind, and takes the mark away.
        await pilot.press("j", "enter")
        await seen(pilot, "saves")
        await pilot.press("end", *" mine", "f2")
        await seen(pilot, "u takes it back")
        await seen(pilot, "Otherwise mine")
        assert CHANGED not in screen_text(pilot)


async def test_rows_that_come_and_go_are_told(
    server: EmbeddedServer, tmp_path: Path, other: Workspace
) -> None:
    async with opened(deck_of(server, tmp_path, "books"), WIDE) as pilot:
        await looking(pilot)
        place = await place_of(other, FLEET)
        values = (await other.books.rows.page(place)).value
        name = stored(server, FLEET)[2]["Task"]
        await other.books.rows.delete(place, values.fields, values.rows[2])
        await seen(pilot, "was deleted elsewhere")
        await seen(pilot, "of 419 rows loaded")
        assert name not in "\n".join(screen_text(pilot).splitlines()[:-3])
        await other.books.rows.add(place, {values.fields[0].id: "A new one"})
        await seen(pilot, "of 420 rows loaded")


async def test_a_message_of_somebody_else_is_news_whatever_book_is_looked_at(
    server: EmbeddedServer, tmp_path: Path, other: Workspace
) -> None:
    async with opened(deck_of(server, tmp_path, "books"), WIDE) as pilot:
        screen = await looking(pilot)
        shelf = (await other.books.shelf()).value
        book = next(one for one in shelf.books if one.unread)
        talk = (await other.books.talk.talk(book)).value
        theirs = next(one for one in talk.messages if one.author != shelf.me)
        screen.side.hear(msgspec.structs.replace(theirs, text="[b]Ahoy[/] \x1b[31m all"))
        await seen(pilot, f"{shelf.name(theirs.author)} in {shelf.title(book)}: “[b]Ahoy[/]")
        assert "\x1b" not in screen_text(pilot)
        mine = next(one for one in talk.messages if one.author == shelf.me)
        screen._news_line.end_flash()
        screen.side.hear(mine)
        await pilot.pause()
        assert not flashing(screen._news_line)


@pytest.mark.parametrize("how", ["poll", "socket"])
async def test_messages_come_and_what_is_read_elsewhere_counts(
    how: str, server: EmbeddedServer, tmp_path: Path, other: Workspace
) -> None:
    async with opened(deck_of(server, tmp_path, "books", **socket(server, how)), WIDE) as pilot:
        await looking(pilot)
        await pilot.press("p")
        await seen(pilot, "Liferaft certificates")
        await seen(pilot, "4 new")
        place = await place_of(other, FLEET)
        await other.books.talk.send(place.book, "Ahoy from elsewhere")
        await seen(pilot, "Ahoy from elsewhere")
        shelf = (await other.books.shelf()).value
        unread = next(one for one in shelf.books if one.b_c == "regates")
        talk = (await other.books.talk.talk(unread)).value
        await other.books.talk.mark_read(unread, talk.messages[-1].smid)
        await gone(pilot, "4 new")


async def test_an_edit_in_progress_is_told_before_it_writes_over_what_others_wrote(
    server: EmbeddedServer, tmp_path: Path, other: Workspace
) -> None:
    async with opened(deck_of(server, tmp_path, "books"), WIDE) as pilot:
        screen = await looking(pilot)
        await pilot.press("enter")
        await seen(pilot, "saves")
        await pilot.press("end", *" [mine]")
        await write(other, 0, 0, "Theirs")
        await until(
            pilot,
            lambda: "You are editing it" in flashing(screen._news_line),
            "it is said at once",
        )
        await seen(pilot, "You are editing it")
        await pilot.press("f2")
        await seen(pilot, "somebody else changed it meanwhile")
        assert stored(server, FLEET)[0]["Task"] == "Theirs"
        await pilot.press("escape")
        await seen(pilot, "Task was changed elsewhere meanwhile, to")
        await seen(pilot, "“Theirs”. Save again to write yours in its place.")
        assert stored(server, FLEET)[0]["Task"] == "Theirs"
        assert "[mine]" in screen_text(pilot), "what was typed is kept"
        await pilot.press("f2")
        await seen(pilot, "u takes it back")
        assert stored(server, FLEET)[0]["Task"].endswith("[mine]")
        await pilot.press("u")
        await seen(pilot, "Undone")
        assert stored(server, FLEET)[0]["Task"] == "Theirs"


async def test_off_is_off(
    server: EmbeddedServer, tmp_path: Path, other: Workspace, asked: list[str]
) -> None:
    app = deck_of(server, tmp_path, "books", timetonic__events="off")
    async with opened(app, WIDE) as pilot:
        await open_table(pilot, 2, "Task")
        await until(
            pilot, lambda: not [one for one in app._screens["books"].workers if one.is_running]
        )
        assert not books(app).shelf.listens
        assert not askers()
        before = list(asked)
        await write(other, 1, 0, "Otherwise")
        await pilot.press("j", "k")
        assert asked == before
        assert "Otherwise" not in screen_text(pilot)


@pytest.mark.parametrize("way", ["another screen", "another window"])
async def test_out_of_sight_it_costs_nothing_and_back_again_nothing_is_missed(
    way: str, server: EmbeddedServer, tmp_path: Path, other: Workspace, asked: list[str]
) -> None:
    app = deck_of(server, tmp_path, "books")
    async with opened(app, WIDE) as pilot:
        screen = await looking(pilot)
        assert askers()
        if way == "another screen":
            await pilot.press("5")
        else:
            app.post_message(events.AppBlur())
        await until(pilot, lambda: not screen.shelf.listens and not askers(), "nobody asks")
        asked.clear()
        await write(other, 1, 0, "Otherwise")
        for _ in range(20):
            # Not by a key: who presses one is there.
            await pilot.pause()
        assert "timetonic" not in asked
        assert not askers()
        if way == "another screen":
            await pilot.press("2")
        else:
            app.post_message(events.AppFocus())
        await seen(pilot, "was changed elsewhere: Task")
        await seen(pilot, f"{CHANGED} Otherwise")


async def test_a_socket_that_may_not_be_used_is_said_once_and_asking_takes_its_place(
    server: EmbeddedServer, tmp_path: Path, other: Workspace
) -> None:
    app = deck_of(
        server, tmp_path, "books",
        timetonic__events="socket", timetonic__socket_url="ws://elsewhere.example/socket",
    )  # fmt: skip
    async with opened(app, WIDE) as pilot:
        await seen(pilot, "the socket's address must be on 127.0.0.1, with wss")
        screen = await looking(pilot)
        screen._news_line.end_flash()
        screen.shelf.hush()
        screen.shelf.listen()
        await until(pilot, lambda: screen.shelf._watching is not None, "it listens")
        await write(other, 1, 0, "Otherwise")
        await seen(pilot, "was changed elsewhere: Task")
        assert len(screen.shelf._said) == 1
