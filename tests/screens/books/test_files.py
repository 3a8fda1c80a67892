"""Files of a cell and of a book: uploaded, given up, fetched, opened, all by keys."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.deck import deck_of, opened, screen_text, seen, until
from tests.harness import EmbeddedServer
from tests.screens.books.steps import books_of, open_table
from tui.screens.browser import Browser
from tui.services.errors import ConnectionFailed
from tui.widgets.pixels import PictureShown
from tui.workspace.books.cells import files_of
from tui.workspace.books.files import FileDesk

MAINTENANCE = 2
NARROW = (80, 24)


def hanging(server: EmbeddedServer, name: str) -> list[Any]:
    """The files of that name as the service has them."""
    return server.context.database.read(
        "SELECT content, row_id, smid FROM timetonic_file WHERE name = ?", (name,)
    )


@pytest.fixture
def downloads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_DOWNLOAD_DIR", str(tmp_path / "down"))
    return tmp_path / "down"


def files_at(table: Any) -> list[Any]:
    """The files in the cell under the cursor, as the deck has them."""
    return files_of(table.field, table.row.cells.get(table.field.id))


async def to_pictures(pilot: Pilot[Any], app: Any) -> None:
    """The cursor into the column that holds files."""
    table = books_of(app).table
    while table.field is None or table.field.name != "Pictures":
        before = table.grid.cursor_column
        await pilot.press("l")
        await until(pilot, lambda: table.grid.cursor_column > before, "one column on")  # noqa: B023


async def test_a_cell_s_files_are_fetched_opened_and_joined_by_another(
    server: EmbeddedServer, tmp_path: Path, downloads: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.reset()
    handed = tmp_path / "handed"
    opener = tmp_path / "opens"
    opener.write_text(f'#!/bin/sh\nprintf %s "$1" > "{handed}"\n')
    opener.chmod(0o700)
    monkeypatch.setattr("tui.screens.books.files.file_opener", lambda: Browser((str(opener),)))
    mine = tmp_path / "new keel.pdf"
    mine.write_bytes(b"%PDF-" + bytes(5_000))
    app = deck_of(server, tmp_path, "books")
    async with opened(app, NARROW) as pilot:
        await open_table(pilot, MAINTENANCE, "Task")
        await to_pictures(pilot, app)
        # Fetched twice: nothing is written over.
        for name in ("checklist é.txt", "checklist é (2).txt"):
            await pilot.press("enter")
            await seen(pilot, "Upload another …")
            await pilot.press("slash", *"checklist")
            await seen(pilot, "checklist é.txt")
            await until(pilot, lambda: "defect" not in screen_text(pilot), "the list is narrowed")
            await pilot.press("enter")
            await seen(pilot, "Save there and open with opens")
            await pilot.press("enter")
            await until(pilot, (downloads / name).exists, "it is there")
            await seen(pilot, f"Wrote {name} (")
            assert b"liferaft" in (downloads / name).read_bytes()
        assert not handed.exists()
        await pilot.press("enter")
        await seen(pilot, "Upload another …")
        await pilot.press("enter")
        await seen(pilot, "Save there and open with opens")
        await pilot.press("G", "enter")
        await until(pilot, lambda: handed.exists() and bool(handed.read_text()), "it is opened")
        assert Path(handed.read_text()) == downloads / "defect-1.png"
        # Another one goes up: nothing is sent before the person has said yes.
        await pilot.press("e")
        await seen(pilot, "Upload into Pictures of")
        await pilot.press("ctrl+u", *str(mine), "enter")
        await seen(pilot, "Upload new keel.pdf (5.0 kB)?")
        assert hanging(server, "new keel.pdf") == []
        await pilot.press("y")
        await seen(pilot, "Uploaded new keel.pdf, 5.0 kB")
        (file,) = hanging(server, "new keel.pdf")
        assert file["content"] == mine.read_bytes()
        await pilot.press("enter")
        await seen(pilot, "new keel.pdf")
        await pilot.press("escape", "u")
        await seen(pilot, "takes a file away")


async def test_an_upload_says_how_far_it_is_and_is_given_up_by_esc(
    server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.reset()
    film = tmp_path / "film.mp4"
    film.write_bytes(bytes(200_000))
    ended: list[str] = []

    async def slowly(_desk: FileDesk, *arguments: Any) -> None:
        arguments[-1](50_000)
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            ended.append("given up")
            raise

    monkeypatch.setattr(FileDesk, "upload", slowly)
    app = deck_of(server, tmp_path, "books")
    async with opened(app, NARROW) as pilot:
        await open_table(pilot, MAINTENANCE, "Task")
        await to_pictures(pilot, app)
        await pilot.press("e")
        await seen(pilot, "Upload into Pictures of")
        await pilot.press("ctrl+u", *str(film), "enter")
        await seen(pilot, "Upload film.mp4 (200.0 kB)?")
        await pilot.press("y")
        await seen(pilot, "50.0 kB of 200.0 kB, 25%")
        assert not ended
        await pilot.press("escape")
        await seen(pilot, "it is sent anew")
        assert ended == ["given up"]


async def test_a_file_is_sent_to_a_book_and_a_read_only_deck_sends_none(
    server: EmbeddedServer, tmp_path: Path, downloads: Path
) -> None:
    server.reset()
    mine = tmp_path / "plan.png"
    mine.write_bytes(b"\x89PNG" + bytes(96))
    app = deck_of(server, tmp_path, "books")
    async with opened(app) as pilot:
        await seen(pilot, "Seamarks")
        await pilot.press("enter")
        side = books_of(app).side
        await until(pilot, lambda: side.talk_lines.has_focus, "the messages have the keys")
        await pilot.press("t", "t")
        await seen(pilot, "Files · ")
        await seen(pilot, "tools.csv")
        await pilot.press("a")
        await seen(pilot, "Upload into")
        await pilot.press("ctrl+u", *str(mine), "enter")
        await seen(pilot, "Upload plan.png (100 bytes)?")
        await pilot.press("y")
        await seen(pilot, "Uploaded plan.png")
        (file,) = hanging(server, "plan.png")
        assert file["smid"]
    app = deck_of(server, tmp_path, "books", deck__read_only="true")
    async with opened(app) as pilot:
        await open_table(pilot, MAINTENANCE, "Task")
        await to_pictures(pilot, app)
        await pilot.press("enter")
        await seen(pilot, "The deck is read-only.")
        assert "Upload another" not in screen_text(pilot)


async def test_a_picture_is_shown_in_the_terminal_and_a_broken_one_is_one_line(
    server: EmbeddedServer, tmp_path: Path, downloads: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.reset()
    for name, value in {"COLORTERM": "truecolor", "TERM": "xterm", "LC_ALL": "C.UTF-8"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("NO_COLOR", raising=False)
    app = deck_of(server, tmp_path, "books")

    async def show(pilot: Pilot[Any]) -> None:
        await pilot.press("enter")
        await seen(pilot, "Upload another …")
        await pilot.press("slash", *"defect")
        await until(pilot, lambda: "checklist" not in screen_text(pilot), "the list is narrowed")
        await pilot.press("enter")
        await seen(pilot, "Show it here")
        await pilot.press("slash", *"Show it here")
        await until(pilot, lambda: "Save as" not in screen_text(pilot), "it alone is left")
        await pilot.press("enter")

    async with opened(app, NARROW) as pilot:
        await open_table(pilot, MAINTENANCE, "Task")
        await to_pictures(pilot, app)
        await show(pilot)
        await until(pilot, lambda: isinstance(app.screen, PictureShown), "the picture is there")
        await seen(pilot, "q or esc closes")
        await seen(pilot, "PNG,")
        await seen(pilot, "▀▀▀")
        await pilot.press("q")
        await until(pilot, lambda: not app.screen.is_modal, "it is closed")
        assert not downloads.exists(), "nothing of it was kept"
        with server.context.database.write() as write:
            write.execute("UPDATE timetonic_file SET content = x'00' WHERE name LIKE '%.png'")
        await show(pilot)
        await seen(pilot, "is not shown: It is no picture")


async def test_several_files_go_in_one_go_and_on_after_a_break(
    server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.reset()
    names = ["keel 1.pdf", "keel 2.pdf", "keel 3.pdf"]
    for number, name in enumerate(names, 1):
        (tmp_path / name).write_bytes(b"%PDF-" + bytes(1_000 * number))
    send, asked = FileDesk.upload, [0]

    async def breaks(desk: FileDesk, *arguments: Any) -> Any:
        asked[0] += 1
        if asked[0] == 3:
            raise ConnectionFailed("the line broke", service="timetonic")
        return await send(desk, *arguments)

    monkeypatch.setattr(FileDesk, "upload", breaks)
    app = deck_of(server, tmp_path, "books")

    async def upload(pilot: Pilot[Any], question: str) -> None:
        await pilot.press("e")
        await seen(pilot, "Upload into Pictures of")
        await pilot.press("ctrl+u", *str(tmp_path / "keel*.pdf"), "enter")
        await seen(pilot, question)
        await pilot.press("y")

    async with opened(app, NARROW) as pilot:
        await open_table(pilot, MAINTENANCE, "Task")
        await to_pictures(pilot, app)
        await upload(pilot, "Upload 3 files (6.0 kB)?")
        await seen(pilot, "2 of 3 files are there")
        assert [len(hanging(server, name)) for name in names] == [1, 1, 0]
        table = books_of(app).table
        await until(
            pilot,
            lambda: table.row is not None and len(files_at(table)) == 4,
            "the cell shows them",
        )
        await upload(pilot, "Upload 1 file (3.0 kB)?")
        await seen(pilot, "Uploaded 1 file")
        assert [len(hanging(server, name)) for name in names] == [1, 1, 1]
