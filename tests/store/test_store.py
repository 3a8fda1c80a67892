"""Cache and drafts: what was kept is kept through kills, bad files and full disks."""

from __future__ import annotations

import errno
import fcntl
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier

import pytest

from tui.store.cache import LARGEST_ANSWER, Cache
from tui.store.drafts import Drafts
from tui.store.files import write_atomically


@pytest.fixture
def cache_at() -> Iterator[Callable[[Path], Cache]]:
    """Makes caches that are closed at the end."""
    with ExitStack() as made:
        yield lambda path: made.enter_context(closing(Cache(path)))


CacheAt = Callable[[Path], Cache]


ROOT = Path(__file__).parents[2]


def test_the_cache_gives_back_what_it_was_given(tmp_path: Path, cache_at: CacheAt) -> None:
    cache = cache_at(tmp_path / "cache" / "answers.db")
    assert cache.get("a") is None
    assert cache.put("a", b"1")
    kept = cache_at(tmp_path / "cache" / "answers.db").get("a")
    assert kept is not None
    assert kept.content == b"1"
    cache.forget("a")
    assert cache.get("a") is None


def test_a_prefix_is_no_pattern(tmp_path: Path, cache_at: CacheAt) -> None:
    cache = cache_at(tmp_path / "answers.db")
    cache.put("a%b", b"1")
    cache.put("axb", b"2")
    cache.forget("a%")
    assert cache.get("a%b") is None
    assert cache.get("axb") is not None


def test_a_broken_cache_file_is_set_aside(tmp_path: Path, cache_at: CacheAt) -> None:
    path = tmp_path / "answers.db"
    path.write_bytes(b"this is no database" * 100)
    cache = cache_at(path)
    assert cache.put("a", b"1")
    assert cache.get("a") is not None
    assert (tmp_path / "answers.db.broken").exists()


def test_a_cache_file_that_is_in_use_is_left_alone(tmp_path: Path, cache_at: CacheAt) -> None:
    path = tmp_path / "answers.db"
    other = sqlite3.connect(path)
    other.execute("PRAGMA journal_mode = WAL")
    other.execute("BEGIN EXCLUSIVE")
    cache = cache_at(path)
    assert not cache.put("a", b"1")
    other.rollback()
    assert cache.put("a", b"1")
    other.close()
    assert not (tmp_path / "answers.db.broken").exists()


def test_a_cache_file_that_breaks_while_it_is_open_is_set_aside_with_what_belongs_to_it(
    tmp_path: Path, cache_at: CacheAt
) -> None:
    path = tmp_path / "answers.db"
    first, second = cache_at(path), cache_at(path)
    assert first.put("a", b"1" * 100_000)
    assert second.get("a") is not None
    first.close()
    second.close()
    path.write_bytes(path.read_bytes()[:4096] + b"x" * 200_000)
    assert first.get("a") is None
    assert first.put("a", b"2")
    assert second.get("a") is not None
    assert (tmp_path / "answers.db.broken").exists()


def test_threads_that_come_at_once_share_one_cache_file(tmp_path: Path) -> None:
    for attempt in range(20):
        path = tmp_path / str(attempt) / "answers.db"
        caches = [Cache(path), Cache(path)]
        begin = Barrier(8)

        def use(number: int, caches: list[Cache] = caches, begin: Barrier = begin) -> bool:
            begin.wait()
            cache = caches[number % 2]
            return cache.put(f"{number}", b"1") and cache.get(f"{number}") is not None

        with ThreadPoolExecutor(8) as pool:
            assert sum(pool.map(use, range(8))) >= 4, "those of one cache wait for one another"
        assert not path.with_name("answers.db.broken").exists()
        for cache in caches:
            cache.close()


def test_an_impossible_place_or_size_is_just_not_kept(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    cache = Cache(tmp_path / "file" / "answers.db")
    assert not cache.put("a", b"1")
    assert cache.get("a") is None
    cache.forget("a")
    assert not Cache(tmp_path / "ok.db").put("a", b"x" * (LARGEST_ANSWER + 1))


def test_a_file_is_the_old_one_or_the_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a"
    write_atomically(file, b"old")

    def fail(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="No space left"):
        write_atomically(file, b"new")
    assert file.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [file]


def test_what_a_killed_process_left_half_is_taken_away_by_the_next_who_writes_the_file(
    tmp_path: Path,
) -> None:
    file = tmp_path / "a.xlsx"
    writing = (
        "import os, signal, sys; from pathlib import Path; from tui.store.files import replacing\n"
        "with replacing(Path(sys.argv[1])) as half:\n"
        "    half.write(b'half'); half.flush(); os.kill(os.getpid(), signal.SIGKILL)"
    )
    killed = subprocess.Popen([sys.executable, "-c", writing, str(file)], cwd=ROOT)
    killed.wait()
    (left,) = tmp_path.iterdir()
    assert left.name == f".a.xlsx.{killed.pid}.tockdeck"
    others = [
        tmp_path / f".b.xlsx.{killed.pid}.tockdeck",
        tmp_path / f".a.xlsx.{os.getppid()}.tockdeck",
        tmp_path / ".a.xlsx.x.tockdeck",
        tmp_path / f".a.xlsx.{killed.pid}",  # a person's own
    ]
    for one in others:
        one.write_bytes(b"another's")
    with left.open("rb") as held:
        # As somebody who writes it on another machine holds it.
        fcntl.flock(held, fcntl.LOCK_SH)
        write_atomically(file, b"first")
        assert left.exists()
    write_atomically(file, b"whole")
    assert sorted(tmp_path.iterdir()) == sorted([file, *others])
    assert file.read_bytes() == b"whole"


def test_drafts_survive_and_are_dropped(tmp_path: Path) -> None:
    Drafts(tmp_path).save("tocks.submit", {"title": "A tock / ../../etc", "n": 3})
    assert Drafts(tmp_path).load("tocks.submit") == {"title": "A tock / ../../etc", "n": 3}
    assert Drafts(tmp_path).load("../../evil") == {}
    Drafts(tmp_path).drop("tocks.submit")
    assert Drafts(tmp_path).load("tocks.submit") == {}


@pytest.mark.parametrize("on_disk", [True, False])
def test_a_draft_knows_its_time_and_its_owner(tmp_path: Path, on_disk: bool) -> None:
    owner = "one"
    drafts = Drafts(tmp_path if on_disk else None, lambda key: owner if key == "a" else "")
    before = datetime.now(UTC)
    drafts.save("a", {"x": "1"})
    drafts.save("b", {"x": "2"})
    since = drafts.since("a")
    assert since is not None
    assert before <= since <= datetime.now(UTC)
    owner = "another"
    assert (drafts.load("a"), drafts.since("a"), drafts.load("b")) == ({}, None, {"x": "2"})
    drafts.save("a", {"x": "3"})
    owner = "one"
    assert drafts.load("a") == {"x": "1"}
    drafts.save("a", {})
    assert (drafts.load("a"), drafts.since("a")) == ({}, None), "nothing typed is no draft"


def test_a_draft_of_before_has_no_time(tmp_path: Path) -> None:
    drafts = Drafts(tmp_path)
    drafts.save("a", {"x": "1"})
    (file,) = tmp_path.iterdir()
    for at in ("", '"at": 5, ', '"at": "never", '):
        file.write_text(f'{{"form": "a", {at}"values": {{"x": "1"}}}}')
        assert (drafts.load("a"), drafts.since("a")) == ({"x": "1"}, None)


def test_what_was_kept_is_read_where_nothing_can_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "answers.db"
    with closing(Cache(path)) as cache:
        assert cache.put("a/1", b"one")

    def refused(_self: Path, *_: object, **__: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    with closing(Cache(path)) as cache:
        with monkeypatch.context() as patch:
            patch.setattr(Path, "touch", refused)
            kept = cache.get("a/1")
            assert kept is not None
            assert kept.content == b"one"
            assert not cache.put("a/2", b"two")
            assert [key for key, _ in cache.keys("a/")] == ["a/1"]
            with closing(Cache(tmp_path / "none.db")) as none:
                assert none.get("a/1") is None
        assert not cache.put("a/2", b"two"), "until then it is read as it was"
        assert cache.put("a/2", b"two")
        assert len(cache.keys("a/")) == 2
