"""Files of cells and books: sent, found again, fetched beside what is there, safe to open."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.deck import workspace_of
from tests.harness import EmbeddedServer
from tui.screens.opening import files_meant
from tui.services.errors import ServiceError
from tui.workspace.books.cells import Field, TableRow, files_of
from tui.workspace.books.files import (
    LONGEST,
    Attachment,
    batch_of,
    free_path,
    progress_text,
    safe_name,
    size_text,
    why_not_opened,
)
from tui.workspace.books.named import find_place
from tui.workspace.books.rows import Place
from tui.workspace.changes.kinds import kind_of
from tui.workspace.changes.undoing import NoWayBack
from tui.workspace.workspace import Workspace


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedServer]:
    with EmbeddedServer(services=["timetonic"]) as running:
        yield running


@given(st.text(max_size=400))
@example("../../etc/passwd")
@example("..\\..\\autoexec.bat")
@example(".bashrc")
@example("\x1b[2Jimage.png\x00.exe")
@example("\u202egnp.exe")
@example("/")
@example("é" * 300 + ".pdf")
@example("a." + "b" * 300)
def test_a_name_is_a_files_in_its_folder_and_nothing_else(name: str) -> None:
    safe = safe_name(name)
    assert (Path("/folder") / safe).resolve().parent == Path("/folder")
    assert safe.isprintable()
    assert not set(safe) & set('/\\:*?"<>|\x00')
    assert not safe.startswith((".", " "))
    assert 0 < len(safe.encode()) <= LONGEST
    assert safe_name(safe) == safe


def test_the_ending_stays_where_a_name_is_cut() -> None:
    assert safe_name("é" * 300 + ".pdf").endswith("é.pdf")
    assert safe_name("x/y\\holiday (1).JPG") == "holiday (1).JPG"


@given(st.lists(st.sampled_from(["a.txt", "b", "c.tar.gz"]), min_size=1, max_size=6))
def test_nothing_is_written_over(names: list[str]) -> None:
    with TemporaryDirectory() as folder:
        made = []
        for name in names:
            path = free_path(Path(folder), name)
            path.write_text(name)
            made.append(path)
        assert len(set(made)) == len(names)
        assert [path.read_text() for path in made] == names
        assert {path.suffix for path in made} == {Path(name).suffix for name in names}


def test_a_second_one_has_a_number_and_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "a.txt").symlink_to(tmp_path / "elsewhere")
    assert free_path(tmp_path / "new", "a.txt").name == "a.txt"
    assert free_path(tmp_path, "a.txt").name == "a (2).txt"
    assert free_path(tmp_path, "a.txt").name == "a (3).txt"
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize(
    ("name", "beginning", "opened"),
    [
        ("photo.JPG", b"\xff\xd8", True),
        ("notes.txt", b"Before leaving", True),
        ("run.sh", b"echo", False),
        ("app.desktop", b"", False),
        ("page.html", b"<p>", False),
        ("drawing.svg", b"<svg", False),
        ("budget.xlsm", b"PK", False),
        ("invoice.pdf.exe", b"", False),
        ("README", b"", False),
        ("invoice.pdf", b"\x7fELF", False),
        ("invoice.pdf", b"\n#!/bin/true", False),
        ("notes.txt", b"\xef\xbb\xbf[Desktop Entry]", False),
    ],
)
def test_only_what_is_not_executed_is_opened(name: str, beginning: bytes, opened: bool) -> None:
    assert (why_not_opened(name, beginning) == "") is opened


def test_sizes_are_said_shortly() -> None:
    assert [size_text(n) for n in (1, 999, 4_200, 12_000_000)] == [
        "1 byte", "999 bytes", "4.2 kB", "12.0 MB",
    ]  # fmt: skip
    assert progress_text(3_000, 12_000) == "3.0 kB of 12.0 kB, 25%"
    assert progress_text(12_400, 12_000).endswith("100%"), "a form is a little more than its file"
    assert progress_text(5, None) == "5 bytes"


async def _cell(workspace: Workspace) -> tuple[Place, TableRow, Field]:
    """The first row whose cell of pictures is empty."""
    place = await find_place(workspace.books, "Seabright Fleet/Fleet maintenance")
    values = (await workspace.books.rows.page(place)).value
    field = next(one for one in values.fields if one.name == "Pictures")
    rows = [one for one in values.rows if not files_of(field, one.cells.get(field.id))]
    return place, rows[0], field


@pytest.mark.parametrize("uploads", ["whole", "in pieces"])
async def test_a_file_goes_into_a_cell_and_comes_back_the_same(
    server: EmbeddedServer, tmp_path: Path, uploads: str
) -> None:
    server.reset()
    file = tmp_path / "keel é.pdf"
    file.write_bytes(bytes(range(256)) * 5_000)
    workspace = workspace_of(server, tmp_path, timetonic__uploads=uploads)
    try:
        desk, gone = workspace.books.files, list[int]()
        place, row, field = await _cell(workspace)
        await desk.upload(place, row, field, "Task", file, gone.append)
        assert gone[-1] >= file.stat().st_size
        now = await workspace.books.rows.row(place, row.id)
        assert now is not None
        (there,) = files_of(field, now.cells.get(field.id))
        assert (there.name, there.size) == (file.name, file.stat().st_size)
        for name in ("keel é.pdf", "keel é (2).pdf"):
            path, size = await desk.fetch(there, tmp_path / "down", lambda _size: None)
            assert (path.name, size) == (name, there.size)
            assert path.read_bytes() == file.read_bytes()
        with pytest.raises(NoWayBack, match="takes a file away"):
            await workspace.history.undo()
    finally:
        await workspace.close()


async def test_a_file_that_nobody_knows_of_is_found_by_its_unique_id(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    server.reset()
    file = tmp_path / "keel.pdf"
    file.write_bytes(b"%PDF")
    workspace = workspace_of(server, tmp_path)
    try:
        place, row, field = await _cell(workspace)
        await workspace.books.files.upload(place, row, field, "Task", file, lambda _size: None)
        change = workspace.history.changes.newest(1)[0]
        find: Any = kind_of("timetonic.fileUpload").find
        client = await workspace.history.clients.of("timetonic")
        assert await find(client, change) == {}
        other = {**change.arguments, "uuid": "another"}
        assert await find(client, msgspec.structs.replace(change, arguments=other)) is None
    finally:
        await workspace.close()


async def test_a_file_of_a_book_hangs_at_a_message_and_a_failed_fetch_leaves_nothing(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    server.reset()
    file = tmp_path / "plan.png"
    file.write_bytes(b"\x89PNG")
    workspace = workspace_of(server, tmp_path)
    try:
        place, _row, _field = await _cell(workspace)
        await workspace.books.files.attach(place.book, file, lambda _size: None)
        message, there = (await workspace.books.talk.talk(place.book)).value.files[0]
        assert (message.text, there.name) == ("plan.png", "plan.png")
        gone = msgspec.structs.replace(there, url="/live/dbi/in/full/none/plan.png")
        with pytest.raises(ServiceError):
            await workspace.books.files.fetch(gone, tmp_path / "down", lambda _size: None)
        assert list((tmp_path / "down").iterdir()) == []
    finally:
        await workspace.close()


def test_several_files_are_those_of_a_pattern_and_none_goes_twice(tmp_path: Path) -> None:
    for name, size in {"b.jpg": 5, "a.jpg": 3, "[c].jpg": 0, ".d.jpg": 2, "e.pdf": 4}.items():
        (tmp_path / name).write_bytes(bytes(size))
    (tmp_path / "f.jpg").mkdir()
    meant = files_meant(tmp_path / "*.jpg")
    assert [one.name for one in meant] == ["[c].jpg", "a.jpg", "b.jpg"]
    assert files_meant(tmp_path / "[c]*") == [tmp_path / "[c].jpg"]
    assert files_meant(tmp_path / "e.pdf") == [tmp_path / "e.pdf"]
    batch = batch_of(meant, [])
    assert [(file.name, size) for file, size in zip(batch.files, batch.sizes, strict=True)] == [
        ("a.jpg", 3),
        ("b.jpg", 5),
    ]
    assert batch.remark == "1 file was empty."
    # After a break what arrived stays out; one of that name that is another does not.
    after = batch_of(meant, [Attachment(name="a.jpg", size=3), Attachment(name="b.jpg", size=4)])
    assert [file.name for file in after.files] == ["b.jpg"]
    assert after.remark == "1 file was there already, by name and size. 1 file was empty."
