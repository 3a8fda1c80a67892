"""The file of changes while it is open: taken away, set aside by another deck, held by another."""

from __future__ import annotations

import secrets
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from tui.store import database as module
from tui.store.changes import AlreadyTaken, Change, Changes, Step, Wanted
from tui.store.database import COMPANIONS

Open = Callable[[], Changes]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "changes.db"


@pytest.fixture
def open_at(path: Path) -> Iterator[Open]:
    """Opens the file as another deck would."""
    with ExitStack() as opened:
        yield lambda: opened.enter_context(closing(Changes(path)))


def change(title: str, undoes: str = "") -> Change:
    return Change(
        id=secrets.token_hex(6), sequence=0, time=datetime.now(UTC), owner="a@home",
        operation="timesheets.client.update", title=title, undoes=undoes,
    )  # fmt: skip


def titles(changes: Changes) -> list[str]:
    return [one.title for one in reversed(changes.newest(9))]


@pytest.mark.parametrize("gone", [COMPANIONS, ("",)], ids=["whole", "without its log"])
def test_a_file_that_is_taken_away_is_put_back(
    path: Path, open_at: Open, gone: tuple[str, ...]
) -> None:
    """What is written into a file without a name would be there until the deck ends."""
    one, other = open_at(), open_at()
    said: list[str] = []
    one.database.told = said.append
    one.begin([change("One")])
    assert titles(other) == ["One"]
    for companion in gone:
        path.with_name(path.name + companion).unlink()
    one.begin([change("Two")])
    other.begin([change("Three")])
    assert titles(one) == titles(other) == ["One", "Two", "Three"]
    assert len(said) == 1
    assert str(path) in said[0]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    one.close()
    other.close()
    assert titles(open_at()) == ["One", "Two", "Three"]
    assert [one for one in path.parent.iterdir() if "tockdeck" in one.name] == []


def test_a_folder_that_is_taken_away_is_put_back(path: Path, open_at: Open) -> None:
    changes = open_at()
    changes.begin([change("One")])
    path.parent.rename(path.parent.with_name("elsewhere"))
    changes.begin([change("Two")])
    assert titles(open_at()) == ["One", "Two"]


def test_who_had_a_file_open_that_was_set_aside_goes_over_to_the_new_one(
    path: Path, open_at: Open
) -> None:
    one, other = open_at(), open_at()
    one.begin([change("One")])
    assert titles(other) == ["One"]
    one.database.close()
    for companion in COMPANIONS:
        file = path.with_name(path.name + companion)
        if file.exists():
            file.rename(path.with_name(f"aside{companion}"))
    one.begin([change("Anew")])
    other.begin([change("There too")])
    assert titles(one) == titles(other) == ["Anew", "There too"]


def test_what_is_whole_by_now_is_not_set_aside(path: Path, open_at: Open) -> None:
    """Two decks find the damage; the second one finds what the first began in its place."""
    path.parent.mkdir(parents=True)
    path.write_bytes(b"this is no database" * 100)
    second = open_at()
    connect = second.database._connect

    def too_late() -> sqlite3.Connection:
        try:
            return connect()
        except sqlite3.DatabaseError:
            if not list(path.parent.glob("changes.damaged-*")):
                open_at().begin([change("By the first")])
            raise

    second.database._connect = too_late  # type: ignore[method-assign]
    assert titles(second) == ["By the first"]
    assert len(list(path.parent.glob("changes.damaged-*.db"))) == 1


def test_who_holds_the_file_is_waited_for_and_named(
    path: Path, open_at: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LONGEST_WAIT", 0.05)
    changes = open_at()
    (begun,) = changes.begin([change("One")])
    with closing(sqlite3.connect(path, isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        with pytest.raises(OSError, match="another program has held it"):
            changes.begin([change("Two")])
        settled, error = changes.settle(begun, state="done")
        assert (settled.state, error is None) == ("done", False)
        holder.execute("ROLLBACK")
    changes.begin([change("Three")])
    assert [(one.title, one.state) for one in open_at().newest(9)] == [
        ("Three", "sending"), ("One", "done"),
    ]  # fmt: skip


def test_what_was_undone_meanwhile_is_not_undone_again(open_at: Open) -> None:
    changes = open_at()
    (begun,) = changes.begin([change("One")])
    made, _ = changes.settle(begun, state="done", inverse=Step(operation="a.b"))
    (back,) = changes.begin([change("Undo: One", undoes=made.id)])
    undone, _ = changes.settle(made, state="undone")
    changes.settle(back, state="done", followed=undone)
    with pytest.raises(AlreadyTaken):
        changes.begin([change("Undo: One", undoes=made.id)])


@pytest.mark.parametrize(
    "ask",
    [
        lambda changes: changes.last_to_undo(["a@home", "c@home"]) is None,
        lambda changes: changes.last_to_redo(["a@home"]) is not None,
        lambda changes: changes.recover() == [],
        lambda changes: changes.newest(9, Wanted(states=("waiting",))) == [],
    ],
    ids=["undo", "redo", "recover", "what waits"],
)
def test_what_the_start_asks_for_costs_the_same_however_much_is_kept(
    open_at: Open, ask: Callable[[Changes], bool]
) -> None:
    """Counted in steps of the machine that runs the queries, not in seconds; where another
    account has made all of it, too."""
    changes = open_at()
    theirs = [replace(change(f"{one}"), owner="b@home", state="done") for one in range(500)]
    steps: list[int] = []
    for some in ([], theirs):
        changes.begin(some)
        (begun,) = changes.begin([change("Ours")])
        made, _ = changes.settle(begun, state="done", inverse=Step(operation="a.b"))
        (back,) = changes.begin([change("Undo: Ours", undoes=made.id)])
        undone, _ = changes.settle(made, state="undone")
        changes.settle(back, state="done", followed=undone)
        connection = changes.database._open()
        steps.append(0)

        def step() -> int:
            steps[-1] += 1
            return 0

        connection.set_progress_handler(step, 10)
        assert ask(changes)
        connection.set_progress_handler(None, 10)
    assert steps[1] <= steps[0] + 5


def test_another_program_that_is_done_with_a_file_leaves_its_log_to_two_of_one_process(
    path: Path, open_at: Open
) -> None:
    """As while a deck has begun anew with other accounts, beside what it had open before."""
    former = open_at()
    former.begin([change("One")])
    anew = open_at()
    assert titles(anew) == ["One"]
    former.close()
    anew.begin([change("Two")])
    look = "import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute('SELECT * FROM changes')"
    subprocess.run([sys.executable, "-c", look, str(path)], check=True)
    log = path.with_name(f"{path.name}-wal")
    assert log.exists(), "what is written from now on would be in no file that has a name"
    anew.begin([change("Three")])
    with closing(Changes(path)) as later:
        assert titles(later) == ["One", "Two", "Three"]
