"""The mirror's file: damaged, newer, full, read-only, killed; and what makes room for what."""

from __future__ import annotations

import random
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tui.store.mirror.collection import Collection
from tui.store.mirror.file import MirrorFile
from tui.store.mirror.mirror import MEGABYTE, Mirror
from tui.store.mirror.room import Pin
from tui.store.mirror.shape import Column, Record, Shape
from tui.store.mirror.troubles import GivenUp, Lost
from tui.store.mirror.wishes import Holds, Sort, Wish

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SHAPE = Shape((Column("name", "text"), Column("size", "number")))
MirrorAt = Callable[..., Mirror]


@pytest.fixture
def mirror_at() -> Iterator[MirrorAt]:
    """Makes mirrors that are closed at the end."""
    with ExitStack() as made:
        yield lambda path, **more: made.enter_context(closing(Mirror(path, **more)))


def records(first: int, count: int, weight: int = 10) -> list[Record]:
    return [
        Record(n, (f"row {n}", count - n), (f"row {n}",), b"x" * weight)
        for n in range(first, first + count)
    ]


def filled(mirror: Mirror, name: str = "things", count: int = 100, weight: int = 10) -> Collection:
    """A complete collection."""
    kept = mirror.collection("me", name)
    kept.begin(SHAPE)
    since = kept.start()
    for first in range(0, count, 100):
        kept.put(records(first, min(100, count - first), weight), SHAPE, first=first, total=count)
    kept.finish(since, total=count, as_of=NOW, stamp="7")
    return kept


def ids(mirror: Mirror, wish: Wish | None = None, name: str = "things") -> list[object]:
    with closing(mirror.ordered("me", name, SHAPE, wish or Wish()).begin()) as order:
        return [row.id for row in order.window(0, 10_000)]


def test_a_later_process_finds_what_was_kept(tmp_path: Path, mirror_at: MirrorAt) -> None:
    path = tmp_path / "cache" / "mirror.db"
    filled(mirror_at(path)).begin(SHAPE, b"fields")
    again = mirror_at(path)
    state = again.collection("me", "things").state()
    assert state is not None
    assert (state.count, state.total, state.complete, state.as_of) == (100, 100, True, NOW)
    assert (state.stamp, state.info) == ("7", b"fields")
    assert ids(again) == list(range(100))
    assert again.collection("you", "things").state() is None
    assert again.troubles() == []


def test_only_the_person_may_read_the_file(tmp_path: Path, mirror_at: MirrorAt) -> None:
    filled(mirror_at(tmp_path / "mirror.db"))
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()}
    assert modes["mirror.db"] == 0o600
    assert set(modes.values()) == {0o600}


def test_another_shape_begins_anew(tmp_path: Path, mirror_at: MirrorAt) -> None:
    mirror = mirror_at(tmp_path / "mirror.db")
    kept = filled(mirror)
    other = Shape((*SHAPE.columns, Column("more", "date")))
    assert kept.begin(other).count == 0
    with pytest.raises(Lost):
        kept.put(records(0, 1), SHAPE, first=0)


def test_some_rows_are_never_all(tmp_path: Path, mirror_at: MirrorAt) -> None:
    kept = mirror_at(tmp_path / "mirror.db").collection("me", "things")
    kept.begin(SHAPE)
    since = kept.start()
    assert not kept.put(records(0, 50), SHAPE, first=0, total=80).complete
    assert not kept.finish(since, total=80, as_of=NOW).complete
    assert kept.finish(since, total=50, as_of=NOW).complete


def test_what_changed_is_confirmed_only_where_the_number_is_right(
    tmp_path: Path, mirror_at: MirrorAt
) -> None:
    kept = filled(mirror_at(tmp_path / "mirror.db"))
    later = datetime(2026, 1, 2, tzinfo=UTC)
    kept.put(records(100, 1), SHAPE)
    kept.delete([3])
    assert kept.confirm(total=101, as_of=later, stamp="8").as_of == NOW
    state = kept.confirm(total=100, as_of=later, stamp="8")
    assert (state.as_of, state.stamp, state.complete) == (later, "8", True)


def test_a_page_does_not_confirm_what_it_pushed_away(tmp_path: Path, mirror_at: MirrorAt) -> None:
    mirror = mirror_at(tmp_path / "mirror.db")
    kept = filled(mirror)
    later = datetime(2026, 1, 2, tzinfo=UTC)
    kept.put(records(500, 1), SHAPE, first=0)
    assert kept.confirm(total=101, as_of=later).as_of == NOW
    assert ids(mirror)[0] == 500
    assert ids(mirror)[-1] == 0, "it is somewhere, and nobody knows where"


def test_columns_are_compared_by_their_kind(tmp_path: Path, mirror_at: MirrorAt) -> None:
    mirror = mirror_at(tmp_path / "mirror.db")
    filled(mirror, count=12)
    assert ids(mirror, Wish((Sort("size"),))) == list(range(11, -1, -1))
    assert ids(mirror, Wish((), (Holds("ROW 1"),))) == [1, 10, 11]


# -- the file -------------------------------------------------------------------------------------


def test_a_damaged_file_is_set_aside_and_said_once(tmp_path: Path, mirror_at: MirrorAt) -> None:
    path = tmp_path / "mirror.db"
    path.write_bytes(b"this is no database" * 1000)
    mirror = mirror_at(path)
    with pytest.raises(Lost):
        mirror.collection("me", "things").state()
    assert [trouble.kind for trouble in mirror.troubles()] == ["damaged"]
    assert mirror.troubles() == []
    assert (tmp_path / "mirror.db.broken").read_bytes().startswith(b"this is")
    filled(mirror)
    assert mirror.kept
    assert ids(mirror) == list(range(100))


@pytest.mark.parametrize(("version", "kind"), [(99, "newer"), (1, "older")])
def test_a_file_of_another_version_is_set_aside_and_said(
    version: int, kind: str, tmp_path: Path, mirror_at: MirrorAt
) -> None:
    path = tmp_path / "mirror.db"
    filled(mirror_at(path))
    with closing(sqlite3.connect(path)) as raw:
        raw.execute(f"PRAGMA user_version = {version}")
    later = mirror_at(path)
    assert later.collection("me", "things").state() is None
    assert [trouble.kind for trouble in later.troubles()] == [kind]
    assert (tmp_path / f"mirror.db.{kind}").exists()


def test_a_database_of_another_program_is_not_written_to(
    tmp_path: Path, mirror_at: MirrorAt
) -> None:
    path = tmp_path / "mirror.db"
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE theirs (a)")
    mirror = mirror_at(path)
    assert mirror.collection("me", "things").state() is None
    assert [trouble.kind for trouble in mirror.troubles()] == ["damaged"]


@pytest.mark.parametrize("seed", range(20))
def test_a_file_that_lost_some_of_its_bytes_opens_or_is_set_aside(
    seed: int, tmp_path: Path, mirror_at: MirrorAt
) -> None:
    path = tmp_path / "mirror.db"
    first = mirror_at(path)
    filled(first, count=500)
    chance = random.Random(seed)
    for file in (path, path.with_name("mirror.db-wal")):
        if file.exists() and chance.random() < 0.7:
            content = bytearray(file.read_bytes())
            for _ in range(chance.randrange(1, 200)):
                content[chance.randrange(len(content))] = chance.randrange(256)
            file.write_bytes(content[: chance.randrange(len(content)) or None])
    later = mirror_at(path)
    for _ in range(3):
        try:
            filled(later, count=300)
            assert ids(later) == list(range(300))
            break
        except Lost:
            continue
    else:
        pytest.fail("it never came to rest")
    first.close()


def test_a_folder_that_takes_no_file_costs_only_the_keeping(
    tmp_path: Path, mirror_at: MirrorAt
) -> None:
    (tmp_path / "cache").write_text("a file where the folder is to be")
    mirror = mirror_at(tmp_path / "cache" / "mirror.db")
    filled(mirror)
    assert ids(mirror, Wish((Sort("size"),)))[:2] == [99, 98]
    assert not mirror.kept
    (trouble,) = mirror.troubles()
    assert trouble.kind == "not kept"


@pytest.mark.parametrize(
    ("pragma", "why"),
    [("max_page_count = 20", "the disk is full"), ("query_only = 1", "it is read-only")],
)
def test_a_disk_that_takes_no_more_costs_only_the_keeping(
    pragma: str, why: str, tmp_path: Path, mirror_at: MirrorAt, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirror = mirror_at(tmp_path / "mirror.db")
    filled(mirror)
    mirror.close()
    connect = MirrorFile.connect

    def limited(self: MirrorFile) -> sqlite3.Connection:
        made = connect(self)
        if self.kept:
            made.execute(f"PRAGMA {pragma}")
        return made

    monkeypatch.setattr(MirrorFile, "connect", limited)
    with pytest.raises(Lost):
        filled(mirror, count=5000)
    (trouble,) = mirror.troubles()
    assert trouble.kind == "not kept"
    assert why in trouble.text[:60], "a narrow window shows the beginning"
    filled(mirror, count=5000)
    assert ids(mirror)[-1] == 4999


def test_a_file_that_is_held_for_long_is_not_waited_for_for_ever(
    tmp_path: Path, mirror_at: MirrorAt, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.store.mirror.file.LONGEST_WAIT", 0.01)
    path = tmp_path / "mirror.db"
    filled(mirror_at(path))
    with closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN EXCLUSIVE")
        mirror = mirror_at(path)
        with pytest.raises(Lost):
            mirror.collection("me", "things").begin(SHAPE)
        filled(mirror)
        assert ids(mirror) == list(range(100))
        other.rollback()
    assert ids(mirror_at(path)) == list(range(100)), "what was kept is kept"


KEEPS_ON = """
import sys
from datetime import datetime, UTC
from pathlib import Path
from tests.store.mirror.test_mirror import SHAPE, records
from tui.store.mirror.mirror import Mirror
kept = Mirror(Path(sys.argv[1])).collection("me", "things")
kept.begin(SHAPE)
while True:
    since = kept.start()
    for first in range(0, 1000, 100):
        kept.put(records(first, 100), SHAPE, first=first, total=1000)
        print(first, flush=True)
    kept.finish(since, total=1000, as_of=datetime.now(UTC))
    kept.delete(range(500, 510))
    kept.put(records(1000, 10), SHAPE)
"""


def test_a_kill_at_any_moment_leaves_a_mirror_that_opens(
    tmp_path: Path, mirror_at: MirrorAt
) -> None:
    path = tmp_path / "mirror.db"
    chance = random.Random(4)
    for _ in range(12):
        program = subprocess.Popen(
            [sys.executable, "-c", KEEPS_ON, str(path)], stdout=subprocess.PIPE
        )
        with program:
            assert program.stdout is not None
            for _ in range(chance.randrange(1, 40)):
                program.stdout.readline()
            program.send_signal(signal.SIGKILL)
        mirror = mirror_at(path)
        assert mirror.check() == []
        state = mirror.collection("me", "things").state()
        assert state is not None
        assert mirror.troubles() == []
        there = ids(mirror)
        assert len(there) == len(set(there)) == state.count
        assert ids(mirror, Wish(filters=(Holds("row"),))) == there, (
            "what a search looks in is as far"
        )
        assert ids(mirror, Wish(filters=(Holds("row 7"),))) == [
            one for one in there if str(one).startswith("7")
        ]
        assert not state.complete or state.count == state.total
        mirror.close()


# -- room -----------------------------------------------------------------------------------------


def counts(mirror: Mirror) -> dict[str, tuple[int, bool]]:
    return {held.name: (held.records, held.complete) for held in mirror.size().collections}


def test_the_least_recently_used_makes_room_and_is_partial_from_then_on(
    tmp_path: Path, mirror_at: MirrorAt
) -> None:
    mirror = mirror_at(tmp_path / "mirror.db", megabytes=2)
    filled(mirror, "a", 400, 1000)
    filled(mirror, "b", 400, 1000)
    used = mirror.collection("me", "a").state()
    assert used is not None
    assert used.complete
    filled(mirror, "c", 1200, 1000)
    held = counts(mirror)
    assert held["b"] == (0, False)
    assert held["a"] == (400, True)
    assert held["c"] == (1200, True)
    left = mirror.collection("me", "b").state()
    assert left is not None
    assert left.evicted
    assert mirror.size().bytes <= 2 * MEGABYTE


def test_what_came_last_stays_where_one_collection_is_more_than_there_is_room_for(
    tmp_path: Path, mirror_at: MirrorAt
) -> None:
    mirror = mirror_at(tmp_path / "mirror.db", megabytes=1)
    kept = filled(mirror, "a", 3000, 1000)
    state = kept.state()
    assert state is not None
    assert 0 < state.count < 3000
    assert not state.complete
    assert state.evicted
    assert state.total == 3000
    there = ids(mirror, name="a")
    assert there[-100:] == list(range(2900, 3000)), "the newest are there"
    assert mirror.size().bytes <= 1.2 * MEGABYTE


def test_orders_make_room_before_any_record_does(tmp_path: Path, mirror_at: MirrorAt) -> None:
    path = tmp_path / "mirror.db"
    mirror = mirror_at(path)
    filled(mirror, "a", 40_000, 1)
    full = mirror.size().bytes
    mirror.close()
    mirror = mirror_at(path, megabytes=full * 1.02 / MEGABYTE)
    with closing(mirror.ordered("me", "a", SHAPE, Wish((Sort("name"),))).begin()) as order:
        mirror.keep(order)
        assert [row.id for row in order.window(20_000, 2)], "it is made again where it went"
    assert counts(mirror)["a"] == (40_000, True)
    assert mirror.size().bytes <= full * 1.02


def test_what_something_waiting_refers_to_stays(tmp_path: Path, mirror_at: MirrorAt) -> None:
    pins = [Pin("me", "a", 5), Pin("me", "b", 7), Pin("you", "a", 6)]
    mirror = mirror_at(tmp_path / "mirror.db", megabytes=1, pinned=lambda: pins)
    filled(mirror, "a", 200, 1000)
    filled(mirror, "b", 3000, 1000)
    assert ids(mirror, name="a") == [5]
    assert 7 in ids(mirror, name="b")


def test_what_waits_holds_a_record_in_every_collection_whose_name_begins_so(
    tmp_path: Path, mirror_at: MirrorAt
) -> None:
    pins = [Pin("me", "a/", 5)]
    mirror = mirror_at(tmp_path / "mirror.db", megabytes=1, pinned=lambda: pins)
    for name in ("a/", "a/1", "ab/", "b/"):
        filled(mirror, name, 100, 1000)
    filled(mirror, "c", 3000, 1000)
    assert {name: ids(mirror, name=name) for name in ("a/", "a/1", "ab/", "b/")} == {
        "a/": [5],
        "a/1": [5],
        "ab/": [],
        "b/": [],
    }


def test_where_nobody_can_tell_what_waits_nothing_goes(tmp_path: Path, mirror_at: MirrorAt) -> None:
    def unreadable() -> list[Pin]:
        raise OSError("the changes cannot be read")

    mirror = mirror_at(tmp_path / "mirror.db", megabytes=1, pinned=unreadable)
    filled(mirror, "a", 200, 1000)
    filled(mirror, "b", 2000, 1000)
    assert counts(mirror) == {"a": (200, True), "b": (2000, True)}


def test_an_account_that_goes_takes_its_records_with_it(
    tmp_path: Path, mirror_at: MirrorAt
) -> None:
    path = tmp_path / "mirror.db"
    mirror = mirror_at(path)
    filled(mirror, "a", 2000, 1000)
    before = sum(file.stat().st_size for file in tmp_path.iterdir())
    mirror.forget("m")
    assert mirror.size().collections == []
    assert sum(file.stat().st_size for file in tmp_path.iterdir()) < before / 10


# -- giving up, and reading while others write ----------------------------------------------------


def test_an_order_that_was_given_up_ends(tmp_path: Path, mirror_at: MirrorAt) -> None:
    mirror = mirror_at(tmp_path / "mirror.db")
    filled(mirror, count=2000)
    order = mirror.ordered("me", "things", SHAPE, Wish((Sort("name"),)))
    order.give_up()
    with pytest.raises(GivenUp):
        order.begin()
    order = mirror.ordered("me", "things", SHAPE, Wish((Sort("name"),))).begin()
    order.give_up()
    with pytest.raises(GivenUp):
        order.window(1000, 10)
    order.close()
    with pytest.raises(GivenUp):
        order.window(0, 10)


def test_what_is_read_while_others_write_is_of_one_moment(
    tmp_path: Path, mirror_at: MirrorAt
) -> None:
    mirror = mirror_at(tmp_path / "mirror.db")
    kept = filled(mirror, count=300)
    end = threading.Event()

    def write() -> None:
        while not end.is_set():
            since = kept.start()
            for first in (200, 0, 100):
                kept.put(records(first, 100), SHAPE, first=first)
            kept.finish(since, total=300, as_of=NOW)
            kept.put(records(300, 1), SHAPE)
            kept.delete([300])

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(60):
            with closing(mirror.ordered("me", "things", SHAPE, Wish((Sort("size"),)))) as order:
                order.begin()
                order.complete()
                there = [row.id for row in order.window(0, 400)]
                assert sorted(there, key=str) in (
                    sorted(range(300), key=str),
                    sorted(range(301), key=str),
                )
                assert order.total >= 300
    finally:
        end.set()
        writer.join()
