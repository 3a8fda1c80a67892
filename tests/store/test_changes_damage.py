"""Bytes that turned in the file of changes: it is set aside, what can be read is taken over."""

from __future__ import annotations

import os
import random
import shutil
from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.store.test_changes import OURS, WAITING, change, made, titles
from tui.store.changes import Changes
from tui.store.changes.layout import CHANGES
from tui.store.changes.salvage import LOOK
from tui.store.database import Database, Layout
from tui.store.papers.layout import PAPERS


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of changes and its log, as a power cut leaves them."""
    folder = tmp_path_factory.mktemp("sound")
    path = folder / "made" / "changes.db"
    with closing(Changes(path)) as changes:
        for number in range(12):
            made(changes, change(f"Of the file {number}", record=f"x/{number}"))
    with closing(Changes(path)) as changes:
        for number in range(6):
            made(changes, change(f"Of the log {number}", record=f"x/{number}"))
        changes.begin([change("Waits", state="waiting")])
        for file in (path, path.with_name("changes.db-wal")):
            shutil.copy(file, folder / file.name)
    return folder


@pytest.mark.parametrize("seed", range(60))
def test_turned_bytes_never_end_the_deck(sound: Path, tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    for name in ("changes.db", "changes.db-wal"):
        content = bytearray((sound / name).read_bytes())
        if chance.random() < 0.7:
            size = 200 if chance.random() < 0.5 else len(content)
            for _ in range(chance.choice((1, 3, 40))):
                content[chance.randrange(size)] = chance.randrange(256)
        (tmp_path / name).write_bytes(content)
    said: list[str] = []
    with closing(Changes(tmp_path / "changes.db")) as changes:
        changes.database.told = said.append
        changes.recover()
        changes.still_open()
        changes.last_to_undo(OURS)
        changes.last_to_redo(OURS)
        (begun,) = changes.begin([change("New", record="x/3")])
        if begun.state == "waiting":
            changes.amend(begun.id, WAITING, state="sending")
        settled, error = changes.settle(begun, state="done", no_inverse="Nothing.")
        assert error is None
        found = [one for one in changes.newest(999) if one.id == begun.id]
        # What it says is the same; a new file may give it another place.
        if [replace(one, sequence=settled.sequence) for one in found] != [settled]:
            check = changes.database.read(
                lambda one: one.execute("PRAGMA integrity_check").fetchall()
            )
            assert check != [("ok",)], "only an index that points elsewhere goes unnoticed"
    aside = [*tmp_path.glob("changes.damaged-*.db"), *tmp_path.glob("changes.newer-*.db")]
    assert len(aside) == len(said)
    assert all(str(file) in " ".join(said) for file in aside)


def test_of_a_damaged_file_all_that_can_be_read_is_taken_over(tmp_path: Path) -> None:
    path = tmp_path / "changes.db"
    with closing(Changes(path)) as changes:
        made(changes, *(change(f"{number} of many") for number in range(40)))
        changes.begin([change("Waits", state="waiting"), change("Sent", state="unknown")])
    content = path.read_bytes()
    path.write_bytes(content.replace(b'"title":"7 of many"', b'"title":\xff7 of many"'))
    said: list[str] = []
    with closing(Changes(path)) as changes:
        changes.database.told = said.append
        found = {one.title: one for one in changes.newest(99)}
        assert set(found) == {"Waits", "Sent", *(f"{n} of many" for n in range(40) if n != 7)}
        assert (found["Waits"].held, found["Waits"].reason) == (True, LOOK)
        assert found["Sent"].state == "unknown"
        assert changes.claim(found["Waits"].id) is None
    (kept,) = tmp_path.glob("changes.damaged-*.db")
    assert kept.read_bytes() == path.with_name(kept.name).read_bytes() != content
    (words,) = said
    assert f"It was kept as {kept}. 41 changes could still be read" in words


@pytest.mark.parametrize("layout", [CHANGES, PAPERS], ids=lambda layout: layout.name)
def test_an_empty_file_is_said_once_where_nobody_is_just_beginning_it(
    tmp_path: Path, layout: Layout
) -> None:
    """To SQLite it is a new one: all that stood in it would be gone without a word."""
    path, said = tmp_path / "kept.db", list[str]()

    def look() -> list[str]:
        with closing(Database(path, layout)) as database:
            database.told = said.append
            database.read(lambda one: one.execute("SELECT count(*) FROM sqlite_master").fetchone())
        return said

    path.touch()
    assert look() == [], "another process may have made it just now"
    path.write_bytes(b"")
    os.utime(path, (0, 0))
    (words,) = look()
    assert f"The file of {layout.name} was there, and empty: {path}." in words
    assert words.endswith(layout.lost)
    assert look() == [words]


@pytest.mark.parametrize("left", [b"", b"S", None], ids=["emptied", "one byte", "taken away"])
@pytest.mark.parametrize("closed", [False, True], ids=["killed first", "killed later"])
def test_what_the_log_of_an_emptied_file_holds_is_taken_over(
    tmp_path: Path, left: bytes | None, closed: bool
) -> None:
    """SQLite would take the log away with all that only stands there, and without a word."""
    path, said = tmp_path / "changes.db", list[str]()
    made_in = tmp_path / "made" / "changes.db"
    if closed:
        with closing(Changes(made_in)) as changes:
            made(changes, *(change(f"Of the file {number}") for number in range(40)))
    with closing(Changes(made_in)) as changes:
        made(changes, *(change(f"Of the log {number}") for number in range(6)))
        log = made_in.with_name("changes.db-wal").read_bytes()
    path.with_name("changes.db-wal").write_bytes(log)
    if left is not None:
        path.write_bytes(left)
        os.utime(path, (0, 0))
    with closing(Changes(path)) as changes:
        changes.database.told = said.append
        found = titles(changes.newest(99))
    (words,) = said
    (kept,) = tmp_path.glob("changes.damaged-*.db-wal")
    assert kept.read_bytes() == log
    assert f"It was kept as {kept.with_suffix('.db')}" in words
    if closed:
        # Where the file's first page is stood in the file alone.
        assert "0 changes could still be read" in words
    else:
        assert found == [f"Of the log {number}" for number in reversed(range(6))]
    with closing(Changes(path)) as changes:
        changes.database.told = said.append
        assert titles(changes.newest(99)) == found
    assert said == [words]


def test_what_another_process_set_aside_is_not_set_aside_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "changes.db"
    path.write_bytes(b"no database " * 500)
    with closing(Changes(path)) as here, closing(Changes(path)) as there:
        set_aside = here.database._set_aside

        def late(word: str) -> None:
            there.begin([change("Of the quicker one")])
            set_aside(word)

        monkeypatch.setattr(here.database, "_set_aside", late)
        here.begin([change("Mine")])
        assert titles(there.newest(9)) == ["Mine", "Of the quicker one"]


def test_a_change_whose_file_was_set_aside_meanwhile_is_noted_in_the_new_one(
    tmp_path: Path,
) -> None:
    path = tmp_path / "changes.db"
    with closing(Changes(path)) as changes:
        (begun,) = changes.begin([change("One")])
        changes.database.close()
        path.write_bytes(b"no database " * 500)
        settled, error = changes.settle(begun, state="done", no_inverse="Nothing.")
        assert error is None
        assert [one.id for one in changes.newest(9)] == [settled.id]
        assert changes.last_to_undo(OURS) is not None


@pytest.mark.parametrize(
    ("place", "turned"),
    [
        (b"\x02\x02", b"\x09\x02"),  # the versions that may write and read
        (b"operation TEXT", b"operatiom TEXT"),
        (
            b"CREATE INDEX by_record ON changes (record)",
            b"CREATE INDEX by_record ON changes (rekord)",
        ),
    ],
)
def test_a_header_or_a_table_that_is_torn_is_damage(
    tmp_path: Path, place: bytes, turned: bytes
) -> None:
    path = tmp_path / "changes.db"
    with closing(Changes(path)) as changes:
        made(changes, change("One"))
    content = path.read_bytes()
    assert place in content
    path.write_bytes(content.replace(place, turned, 1))
    said: list[str] = []
    with closing(Changes(path)) as changes:
        changes.database.told = said.append
        changes.begin([change("Two")])
        assert titles(changes.newest(1)) == ["Two"]
    assert len(said) == 1
    assert len(list(tmp_path.glob("changes.damaged-*.db"))) == 1
