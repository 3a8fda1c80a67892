"""The file of changes where disks, clocks and processes fail: what was begun is there."""

from __future__ import annotations

import errno
import os
import random
import resource
import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.store.another_user import as_another_user
from tests.store.test_changes import OURS, WAITING, change, made, titles
from tui.store import database as database_module
from tui.store.changes import Changes, Renewal
from tui.store.changes import changes as changes_module
from tui.store.changes.wanted import Wanted

KILLS = 200
TAKEN = 1_000


# -- a disk that is full ---------------------------------------------------------------------------


@contextmanager
def no_file_larger_than(size: int) -> Iterator[None]:
    """What a disk does that is full at any place: no file of this process grows beyond."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def worked(changes: Changes) -> dict[str, str]:
    """Some of everything; the state that each change was said to have."""
    said: dict[str, str] = {}
    for number in range(3):
        with suppress(OSError):
            first, second = changes.begin(
                [
                    change(f"First {number}", record=f"x/{number}"),
                    change(
                        f"Second {number}",
                        record=f"x/{number}",
                        state="waiting",
                        arguments={"a": "y" * 900},
                    ),
                ]
            )
            said |= {first.id: "sending", second.id: "waiting"}
            settled, _ = changes.settle(first, state="done", no_inverse="Nothing.")
            said[first.id] = settled.state
            if changes.amend(second.id, WAITING, held=True) is not None:
                taken = changes.claim(second.id, even_held=True)
                assert taken is not None
                said[second.id] = "sending"
                back, _ = changes.settle(
                    taken,
                    state="done",
                    followed=settled,
                    renewals=[Renewal(f"x/{number}", "id", number, f"{number} anew")],
                )
                said[second.id] = back.state
    return said


def test_where_there_is_room_all_of_it_is_done(tmp_path: Path) -> None:
    with closing(Changes(tmp_path / "changes.db")) as changes:
        assert [*worked(changes).values()] == ["done"] * 6
        records = {one.title: one.record for one in changes.newest(99)}
    assert records["First 0"] == records["Second 0"] == "x/0 anew"


@pytest.mark.parametrize("pages", range(70))
def test_a_disk_that_is_full_at_any_statement_loses_nothing(tmp_path: Path, pages: int) -> None:
    path = tmp_path / "changes.db"
    with closing(Changes(path)) as changes:
        with no_file_larger_than(pages * 512):
            said = worked(changes)
            known = {}
            with suppress(OSError):
                known = {one.id: one.state for one in changes.newest(99)}
        assert set(said) <= {*known, *said}
        for number, state in known.items():
            assert said.get(number) == state, "what was not said to be begun is not there"
        # There is room again: all that is known is written with what comes next.
        (late,) = changes.begin([change("Late")])
        with closing(Changes(path)) as elsewhere:
            found = {one.id: one.state for one in elsewhere.newest(99)}
        assert found == {**said, late.id: "sending"}
    assert not list(tmp_path.glob("*damaged*")), "a full disk is no damage"


def test_a_full_disk_says_that_it_is_full(tmp_path: Path) -> None:
    """Not by what the system says of a file, but by what SQLite says of a disk."""
    with closing(Changes(tmp_path / "changes.db")) as changes:
        changes.begin([change("One")])
        changes.database.read(lambda one: one.execute("PRAGMA max_page_count = 1").fetchone())
        with pytest.raises(OSError, match="No space left"):
            changes.begin([change("y" * 2_000) for _ in range(50)])
        changes.database.read(lambda one: one.execute("PRAGMA max_page_count = 99999").fetchone())
        changes.begin([change("Two")])
        assert titles(changes.newest(1)) == ["Two"]


def test_a_disk_without_room_for_what_stands_beside_the_file_is_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = [0]
    monkeypatch.setattr(
        "tui.store.refused.shutil.disk_usage", lambda _path: SimpleNamespace(free=room[0])
    )

    def broken(connection: sqlite3.Connection) -> None:
        del connection
        error = sqlite3.OperationalError("disk I/O error")
        error.sqlite_errorcode = sqlite3.SQLITE_IOERR_SHMSIZE
        raise error

    with closing(Changes(tmp_path / "changes.db")) as changes:
        with pytest.raises(OSError, match="No space left"):
            changes.database.read(broken)
        room[0] = 1 << 30
        with pytest.raises(OSError, match="disk I/O error"):
            changes.database.read(broken)


# -- what cannot be written ------------------------------------------------------------------------


def test_a_directory_that_takes_nothing_is_said(folder: Path) -> None:
    folder.chmod(0o555)

    def work() -> Any:
        return titles(Changes(folder / "changes.db").begin([change("One")]))

    assert as_another_user(work) == ["PermissionError", "Permission denied", "changes-senders"]
    assert list(folder.iterdir()) == []


def test_a_file_that_takes_nothing_is_said_and_stays(folder: Path) -> None:
    path = folder / "changes.db"
    with closing(Changes(path)) as changes:
        changes.begin([change("One")])
    for file in folder.rglob("*"):
        file.chmod(0o777 if file.is_dir() else 0o666)
    path.chmod(0o444)
    before = path.read_bytes()

    def work() -> Any:
        return titles(Changes(path).begin([change("Two")]))

    assert as_another_user(work) == ["PermissionError", "Permission denied", "changes.db"]
    assert path.read_bytes() == before
    assert not list(folder.glob("*damaged*"))


# -- a clock that is set ---------------------------------------------------------------------------


class Clock(datetime):
    """The time as somebody sets it."""

    now_is = datetime(2026, 3, 1, 12, tzinfo=UTC)

    @classmethod
    def now(cls, tz: Any = None) -> Any:
        return cls.now_is if tz is not None else cls.now_is.replace(tzinfo=None)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> type[Clock]:
    monkeypatch.setattr(changes_module, "datetime", Clock)
    monkeypatch.setattr(database_module, "datetime", Clock)
    return Clock


@pytest.mark.parametrize("seed", range(5))
def test_nothing_is_ordered_or_ended_by_the_clock(
    tmp_path: Path, clock: type[Clock], seed: int
) -> None:
    chance, path = random.Random(seed), tmp_path / "changes.db"
    names = [f"Change {number}" for number in range(12)]

    def jump() -> datetime:
        clock.now_is += timedelta(hours=chance.uniform(-30, 30))
        return clock.now_is

    with closing(Changes(path)) as here, closing(Changes(path)) as there:
        (sending,) = here.begin([change("Sending", time=jump())])
        for name in names:
            made(here if chance.random() < 0.5 else there, change(name, time=jump()))
        assert titles(here.newest(99)) == [*reversed(names), "Sending"]
        first, second = there.begin(
            [change(one, record="x/1", time=jump()) for one in ("First", "Second")]
        )
        assert (first.state, second.state) == ("sending", "waiting")
        jump()
        assert there.recover() == [], "who sends sends on, however long that seems to be"
        assert there.claim(second.id) is None
        undone = []
        while (last := there.last_to_undo(OURS)) is not None:
            undone.append(last.title)
            there.amend(last.id, (last.state,), passed=True)
            jump()
        assert undone == ["Second", "First", *reversed(names), "Sending"]
        assert here.settle(sending, state="done")[1] is None


def test_what_was_set_aside_before_stays_whatever_the_clock_says(
    tmp_path: Path, clock: type[Clock]
) -> None:
    path = tmp_path / "changes.db"
    for content in (b"one " * 500, b"two " * 500):
        path.write_bytes(content)
        with closing(Changes(path)) as changes:
            changes.begin([change("One")])
        path.unlink()
    kept = [file.read_bytes()[:4] for file in tmp_path.glob("changes.damaged-*.db")]
    assert sorted(kept) == [b"one ", b"two "]


# -- processes that are killed, and two at once ----------------------------------------------------


def in_a_child(work: Callable[[int], None]) -> tuple[int, int]:
    """A process that does it with a pipe to tell; its id and the end that is read."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.close(reading)
            work(writing)
        finally:
            os._exit(0)
    os.close(writing)
    return child, reading


def told_by(reading: int) -> list[str]:
    """All that a process told until it ended."""
    with os.fdopen(reading) as told:
        return told.read().split()


def test_a_kill_at_any_moment_leaves_what_was_begun(tmp_path: Path) -> None:
    path, chance = tmp_path / "changes.db", random.Random(7)

    def work(told: int) -> None:
        changes = Changes(path)
        while True:
            (begun,) = changes.begin([change("One")])
            os.write(told, f"{begun.id} sending\n".encode())
            changes.settle(begun, state="done")
            os.write(told, f"{begun.id} done\n".encode())

    said: dict[str, str] = {}
    for _ in range(KILLS):
        child, reading = in_a_child(work)
        with os.fdopen(reading) as told:
            lines = [told.readline() for _ in range(chance.randint(1, 4))]
            sum(range(chance.randrange(20_000)))  # some moment between two reports
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            lines += told.readlines()
        said |= dict(map(str.split, lines))
    with closing(Changes(path)) as after:
        unknown = {one.id for one in after.recover()}
        found = {one.id: one.state for one in after.newest(100_000)}
        check = after.database.read(lambda one: one.execute("PRAGMA integrity_check").fetchall())
    assert check == [("ok",)]
    assert not list(tmp_path.glob("*damaged*"))
    assert len(said) >= KILLS
    for one, state in said.items():
        # What was begun is there; one that was settled may have been killed before it said so.
        assert found[one] == "done" or (state == "sending" and one in unknown)
    assert set(found.values()) <= {"done", "unknown"}


def test_of_two_processes_one_takes_each(tmp_path: Path) -> None:
    path = tmp_path / "changes.db"
    with closing(Changes(path)) as changes:
        waiting = changes.begin([change(str(number), state="waiting") for number in range(TAKEN)])
        ids = [one.id for one in waiting]

        def work(told: int) -> None:
            with closing(Changes(path)) as mine:
                for one in ids:
                    if mine.claim(one) is not None:
                        os.write(told, f"{one}\n".encode())

        both = [in_a_child(work) for _ in range(2)]
        taken = [told_by(reading) for _, reading in both]
        assert [os.waitpid(child, 0)[1] for child, _ in both] == [0, 0]
    assert sorted(taken[0] + taken[1]) == sorted(ids)


def test_two_processes_begin_at_once_and_each_has_its_place(tmp_path: Path) -> None:
    path = tmp_path / "changes.db"
    Changes(path).close()

    def work(told: int) -> None:
        with closing(Changes(path)) as mine:
            for _ in range(TAKEN // 2):
                (begun,) = mine.begin([change("One", record="x/1")])
                os.write(told, f"{begun.sequence}\n".encode())
                if begun.state == "sending":
                    mine.settle(begun, state="done")

    both = [in_a_child(work) for _ in range(2)]
    lines = [told for _, reading in both for told in told_by(reading)]
    assert [os.waitpid(child, 0)[1] for child, _ in both] == [0, 0]
    places = [int(line) for line in lines]
    assert sorted(places) == list(range(1, TAKEN + 1))
    with closing(Changes(path)) as changes:
        states = [one.state for one in reversed(changes.newest(TAKEN))]
        # From the first that had to wait on, all behind it do: that is the order of a record.
        waits = states.index("waiting") if "waiting" in states else len(states)
        assert set(states[waits:]) <= {"waiting"}
        assert set(states[:waits]) <= {"done"}


def _may_only_be_read() -> None:
    raise OSError(errno.EROFS, os.strerror(errno.EROFS))


def test_where_nothing_can_be_written_what_is_kept_is_read_and_nothing_is_begun(
    tmp_path: Path,
) -> None:
    path = tmp_path / "changes.db"
    with closing(Changes(path)) as writes, closing(Changes(path)) as reads:
        reads.database.opening = _may_only_be_read
        assert reads.still_open() == [], "there is no file yet"
        writes.begin([change("One")])
        # It stands in the log of the file, which SQLite would not read there.
        assert path.with_name("changes.db-wal").stat().st_size
        assert titles(reads.still_open()) == ["One"]
        assert titles(reads.newest(9, Wanted(text="one"))) == ["One"]
        writes.begin([change("Two")])
        assert titles(reads.newest(9)) == ["Two", "One"]
        with pytest.raises(OSError, match="Read-only"):
            reads.begin([change("Three")])
        assert titles(writes.newest(9)) == ["Two", "One"]
    path.write_bytes(b"no database " * 99)
    with closing(Changes(path)) as reads:
        reads.database.opening = _may_only_be_read
        with pytest.raises(OSError, match="Read-only"):
            reads.still_open()
    assert [file.name for file in tmp_path.glob("*.db*")] == ["changes.db"], "nothing was set aside"
