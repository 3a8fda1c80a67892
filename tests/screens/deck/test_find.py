"""The search (ctrl+f): found as one types, narrowed by a screen's name, opened in its screen."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from tests.deck import at_work, deck_of, opened, screen_text, until
from tests.harness import EmbeddedServer
from tests.screens.books.steps import open_table, stored
from tests.workspace.search.test_search import put_in, read_everything
from tui.app import Tockdeck
from tui.screens.deck.palette import SearchPalette
from tui.widgets.grid import Grid
from tui.widgets.outline import Outline
from tui.workspace.search.search import Record, Results
from tui.workspace.search.unread import Unread
from tui.workspace.search.wanted import Wanted

PARTS = 3
"""Where the longest of the tables stands."""
HOSTILE = "[bold red]Ætt & Sønner[/]"


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedServer]:
    with EmbeddedServer() as running:
        yield running


@pytest.fixture(scope="module")
def filled(server: EmbeddedServer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Directories of a person who has looked at everything."""
    folder = tmp_path_factory.mktemp("filled")
    asyncio.run(fill(server, folder))
    return folder


async def fill(server: EmbeddedServer, folder: Path) -> None:
    """Let somebody look at everything."""
    async with at_work(server, folder) as workspace:
        await read_everything(workspace)
        put_in(workspace)


def palette_in(pilot: Pilot[Any]) -> SearchPalette:
    assert isinstance(pilot.app.screen, SearchPalette)
    return pilot.app.screen


async def find(pilot: Pilot[Any], text: str) -> SearchPalette:
    """Type into the search, and wait until what is found stands there."""
    await pilot.press("ctrl+f")
    await until(pilot, lambda: isinstance(pilot.app.screen, SearchPalette))
    palette = palette_in(pilot)
    await pilot.press(*text)
    await until(pilot, lambda: palette.line.value == text and not palette.busy_until("enter"))
    return palette


def kinds(palette: SearchPalette) -> list[str]:
    return [row.kind for row in palette.list._rows]


def focused_key(app: Tockdeck) -> str:
    """The key that the cursor is on in what has the focus."""
    focused = app.screen.focused
    if isinstance(focused, Grid):
        return focused.cursor_key
    if isinstance(focused, Outline):
        return focused.node.key if focused.node is not None else ""
    return str(getattr(focused, "key", ""))


async def test_enter_opens_it_in_its_screen(server: EmbeddedServer, filled: Path) -> None:
    app = deck_of(server, filled)
    async with opened(app) as pilot:
        for typed, scope, shows in (
            ("b: seabright", "books", "Messages · Seabright Fleet"),
            ("books: boats", "books", "Boats"),
            ("b: start boat leaves", "books", "Start boat leaves at 11:00"),
            ("toc: breakwater", "tocks", "breakwater"),
            ("s: twilight", "sessions", "Twilight series"),
            ("ti: payment page", "timers", "Payment page"),
            ("i: lumen", "invoices", "Lumen & Lark"),
            ("i: shop front", "invoices", "Shop front"),
            ("invoice 16", "invoices", "Kestrel"),
        ):
            palette = await find(pilot, typed)
            record = palette._chosen[palette.list.cursor_key]
            assert isinstance(record, Record)
            assert record.room == scope
            await pilot.press("enter")
            await until(pilot, lambda: getattr(app.screen, "SCOPE", "") == scope)  # noqa: B023
            if record.kind not in ("book", "table"):
                end = record.key.rpartition("#")[2]
                await until(pilot, lambda: focused_key(app).endswith(end), typed)  # noqa: B023
            if record.kind == "table":
                await until(pilot, lambda: app.screen.table.place is not None)  # type: ignore[attr-defined]
            await until(pilot, lambda: shows in screen_text(pilot), shows)  # noqa: B023


async def test_every_kind_has_the_cursor_on_it(server: EmbeddedServer, filled: Path) -> None:
    """Whatever of the kind is found first, of all that was read."""
    app = deck_of(server, filled)
    async with opened(app) as pilot:
        search, connections = app.workspace.search, app.workspace.connections
        for service, room, kinds in (
            ("timetonic", "books", ("row", "event", "file")),
            ("igtimi", "sessions", ("log",)),
            ("trackmypeople", "timers", ("block",)),
            ("timesheets", "invoices", ("task", "entry")),
        ):
            documents = search._index.of_place(connections.account(service), "")
            for kind in kinds:
                document = next(one for one in documents if one.kind == kind)
                await app.screen.go(room, document.key, kind)  # type: ignore[attr-defined]
                parts = document.key.split("#")
                key = parts[0] if kind == "block" else parts[-1]
                await until(pilot, lambda: focused_key(app).endswith(key), f"{document}")  # noqa: B023


async def test_what_is_gone_meanwhile_is_said_though_its_list_stands_there(
    server: EmbeddedServer, filled: Path
) -> None:
    """In a small window, of each kind of which the list is shown already."""
    app = deck_of(server, filled)
    async with opened(app, size=(80, 24)) as pilot:
        search, connections = app.workspace.search, app.workspace.connections
        for service, room, kind, said in (
            ("timetonic", "books", "event", "It is not among the events any more."),
            ("timetonic", "books", "message", "It is not among the messages any more."),
            ("timetonic", "books", "file", "It is not among the files any more."),
            ("igtimi", "sessions", "log", "The entry is not in the log any more."),
            ("timesheets", "invoices", "invoice", "Invoice 987654321 is not there any more."),
        ):
            documents = search._index.of_place(connections.account(service), "")
            there = next(one.key for one in documents if one.kind == kind)
            around, mark, key = there.rpartition("#")
            await app.screen.go(room, there, kind)  # type: ignore[attr-defined]
            await until(pilot, lambda: focused_key(app).endswith(key), there)  # noqa: B023
            await app.screen.go(room, f"{around}{mark}987654321", kind)  # type: ignore[attr-defined]
            await until(pilot, lambda: said in screen_text(pilot), kind)  # noqa: B023


async def test_a_row_behind_the_first_page_is_found_there(
    server: EmbeddedServer, filled: Path
) -> None:
    app = deck_of(server, filled)
    async with opened(app) as pilot:
        desk = app.workspace.books
        shelf = (await desk.shelf()).value
        from tui.workspace.books.books import book_key, table_places

        for book in shelf.books:
            if not shelf.may_use_tables(book):
                continue
            places = table_places(book, (await desk.tables(book)).value)
            long = next((one for one in places if (one.table.row_count or 0) > 450), None)
            if long is not None:
                break
        assert long is not None
        page = await desk.rows.page(long, 440)
        wanted = page.value.rows[0].id
        await app.screen.go("books", f"{book_key(long.book)}#{long.key}#{wanted}", "row")  # type: ignore[attr-defined]
        await until(pilot, lambda: focused_key(app) == str(wanted))


async def test_commands_of_all_screens_answer(server: EmbeddedServer, tmp_path: Path) -> None:
    app = deck_of(server, tmp_path, "timers")
    async with opened(app) as pilot:
        await find(pilot, "earlier period")
        assert "The period before." in screen_text(pilot)
        await pilot.press("escape")
        # A few letters of it will do, of the screen's name too; words stay the best.
        await find(pilot, "tmeal")
        await until(pilot, lambda: "The period before." in screen_text(pilot), "by its letters")
        await pilot.press("escape")
        palette = await find(pilot, "i: filter")
        assert kinds(palette) == ["command"]
        await pilot.press("enter")
        await until(pilot, lambda: getattr(app.screen, "SCOPE", "") == "invoices")
        await until(pilot, lambda: isinstance(app.screen.focused, Input), "the filter is open")


async def test_a_command_that_writes_elsewhere_is_only_gone_to(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of(server, tmp_path)
    async with opened(app) as pilot:
        await find(pilot, "ti: add time")
        await pilot.press("enter")
        await until(pilot, lambda: "a: Add time that was worked" in screen_text(pilot))
        assert getattr(app.screen, "SCOPE", "") == "timers"


async def test_before_anything_is_typed_the_cursor_is_on_nothing_that_writes(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of(server, tmp_path, "timers")
    async with opened(app) as pilot:
        palette = await find(pilot, "")
        chosen = palette._chosen[palette.list.cursor_key]
        assert not isinstance(chosen, Record)
        assert not chosen.command.danger
        assert "Narrow to one screen" in screen_text(pilot)


async def test_what_was_opened_last_is_offered_first(server: EmbeddedServer, filled: Path) -> None:
    app = deck_of(server, filled)
    async with opened(app) as pilot:
        await find(pilot, "ti: payment page")
        await pilot.press("enter")
        await until(pilot, lambda: getattr(app.screen, "SCOPE", "") == "timers")
        palette = await find(pilot, "")
        assert palette.list._rows[0].title == "Payment page"


async def test_it_opens_in_text_fields_and_over_forms_and_keeps_what_was_typed(
    server: EmbeddedServer, filled: Path
) -> None:
    app = deck_of(server, filled, "timers")
    async with opened(app) as pilot:
        await until(pilot, lambda: "Booking form" in screen_text(pilot))
        await pilot.press("slash", *"ab")
        assert isinstance(app.screen.focused, Input)
        await find(pilot, "zz")
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app.screen, SearchPalette))
        assert isinstance(app.screen.focused, Input)
        assert app.screen.focused.value == "ab"
        await pilot.press("escape", "f")
        await until(pilot, lambda: len(app.screen_stack) == 2)
        await pilot.press(*"2")
        await find(pilot, "i: lumen")
        await pilot.press("enter")
        await until(pilot, lambda: getattr(app.screen, "SCOPE", "") == "invoices")
        assert len(app.screen_stack) == 1
        await pilot.press("5", "f")
        await until(pilot, lambda: "typed" in screen_text(pilot).lower(), "the draft is back")


async def test_ctrl_f_is_the_searchs_in_long_texts_too(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of(server, tmp_path, "books")
    async with opened(app) as pilot:
        await until(pilot, lambda: "Seabright" in screen_text(pilot))
        await pilot.press("m")
        await until(pilot, lambda: isinstance(app.screen.focused, TextArea))
        await pilot.press(*"hello", "home", "ctrl+f")
        await until(pilot, lambda: isinstance(app.screen, SearchPalette))
        await pilot.press("ctrl+f")
        await until(pilot, lambda: isinstance(app.screen.focused, TextArea))
        assert isinstance(app.screen.focused, TextArea)
        assert app.screen.focused.text == "hello"


@pytest.mark.parametrize("size", [(80, 24), (240, 60)])
@pytest.mark.parametrize("theme", ["", "light"])
async def test_it_fits_and_is_safe_whatever_the_names_are(
    server: EmbeddedServer, filled: Path, size: tuple[int, int], theme: str
) -> None:
    app = deck_of(server, filled)
    async with opened(app, size) as pilot:
        if theme:
            await pilot.press("ctrl+t")
        await find(pilot, "i: sønner")
        text = screen_text(pilot)
        assert HOSTILE[: 14 if size[0] < 100 else None] in text
        assert "\x1b" not in text
        assert all(len(line) <= size[0] for line in text.splitlines())
        assert "╭─ Find" in text
        assert "esc closes" in text


async def test_what_could_not_be_looked_at_is_said(server: EmbeddedServer, tmp_path: Path) -> None:
    # Nobody has read a table to its end here.
    await fill(server, tmp_path)
    app = deck_of(server, tmp_path)
    async with opened(app) as pilot:
        palette = await find(pilot, "b: boats")
        # What was kept is looked through first.
        await until(pilot, lambda: "known only in part" in screen_text(pilot))
        for results, said in (
            (Results(waiting=3), "3 lists were read and not looked through yet"),
            (Results(unread=Unread(tables=3)), "3 tables not read yet: open them once"),
            (Results(more=True), "the best of many in Books: type more"),
            (Results(problem="disk I/O error"), "records cannot be searched (disk I/O error)"),
            (Results(), "Nothing of what was read holds this."),
        ):
            palette._results = results
            palette._show()
            await until(pilot, lambda said=said: said in screen_text(pilot), said)  # type: ignore[misc]
        await pilot.press("escape")
        await find(pilot, "t: x")
        assert "Before the colon: Today, Tocks or Timers?" in screen_text(pilot)


async def test_typing_never_waits_and_the_newest_text_counts(
    server: EmbeddedServer, filled: Path
) -> None:
    app = deck_of(server, filled)
    async with opened(app) as pilot:
        search, look = app.workspace.search, app.workspace.search.look
        may_go_on, asked = threading.Event(), list[str]()

        def slow(wanted: Wanted, still: Any) -> Results | None:
            asked.append(wanted.words)
            assert may_go_on.wait(30)
            return look(wanted, still)

        search.look = slow  # type: ignore[method-assign]
        await pilot.press("ctrl+f")
        await until(pilot, lambda: isinstance(app.screen, SearchPalette))
        # A thread that has not begun to look by then is not made to.
        await pilot.press("p")
        await until(pilot, lambda: bool(asked), "the first letter is looked for")
        await pilot.press(*"ayment page")
        palette = palette_in(pilot)
        assert palette.line.value == "payment page"
        assert asked == ["p"]
        assert palette.busy_until("enter")
        assert not palette.busy_until("x")
        may_go_on.set()
        await until(pilot, lambda: not palette.busy_until("enter"))
        assert palette.list._rows[0].title == "Payment page"


async def test_what_is_read_while_one_looks_is_found(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of(server, tmp_path, "invoices")
    async with opened(app) as pilot:
        await find(pilot, "sessions: twilight")
        assert "holds this." in screen_text(pilot)
        await app.workspace.sessions.sessions()
        await until(pilot, lambda: "Twilight series" in screen_text(pilot))


async def test_rows_of_a_table_that_is_read_are_found_however_far_down_they_stand(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of(server, tmp_path, "books")
    async with opened(app, (160, 40)) as pilot:
        grid = await open_table(pilot, PARTS, "Shackle, bow 1")
        # For a sort all of them are read.
        await pilot.press("s")
        await until(pilot, lambda: app.screen.table.opened.whole)  # type: ignore[attr-defined]
        last = stored(server, "Parts inventory")[-1]["Part"]
        await pilot.press("1")
        palette = await find(pilot, f"b: {last}")
        await until(pilot, lambda: palette.list.cursor_key in palette._chosen, "it is found")
        await until(pilot, lambda: "row" in kinds(palette), "the row is in")
        record = next(one for one in palette._chosen.values() if isinstance(one, Record))
        assert (record.kind, record.title) == ("row", last)
        assert "Parts inventory" in record.where
        await pilot.press("enter")
        await until(pilot, lambda: focused_key(app) == record.key.rpartition("#")[2])
        assert grid.has_focus
