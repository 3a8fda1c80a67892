"""A disk that did not take the index: it is in memory, and goes back once there is room."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest

from tui.store.index import file
from tui.store.index import index as index_module
from tui.store.index.documents import Document, Query
from tui.store.index.index import Index

OWNER = "books me"


def documents(count: int, word: str) -> list[Document]:
    return [Document("row", str(n), f"{word} {n}", text="x" * 200) for n in range(count)]


class Disk:
    """Where the index is kept: full, or not."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.full = False
        self.seems_full = False
        """As the system tells; it may be wrong by the time it is written to."""
        self.told: list[str] = []

    def index(self) -> Index:
        return Index(self.path, told=self.told.append, in_memory_too=True)


@pytest.fixture
def disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Disk]:
    made, opened = Disk(tmp_path / "cache" / "search.db"), file.open_file

    def limited(path: Path | str | None, told: Callable[[str], object]) -> sqlite3.Connection:
        connection = opened(path, told)
        if isinstance(path, Path) and made.full:
            connection.execute("PRAGMA max_page_count = 1")
        return connection

    def usage(_path: Path) -> SimpleNamespace:
        return SimpleNamespace(free=0 if made.seems_full else 10**12)

    monkeypatch.setattr(file, "FIRST_WAIT", 0.0)
    monkeypatch.setattr(file, "MOST_WAIT", 0.0)
    monkeypatch.setattr(file, "open_file", limited)
    monkeypatch.setattr(index_module, "open_file", limited)
    monkeypatch.setattr(file.shutil, "disk_usage", usage)
    yield made
    file._memories.pop(made.path, None)


def titles(index: Index, words: str) -> set[str]:
    found = index.find(Query.of(words), [OWNER], most=1000)
    assert found is not None
    return {hit.document.title for hit in found.hits}


def test_it_is_kept_again_as_it_is_in_memory_and_no_more_of_what_was_on_the_disk(
    disk: Disk,
) -> None:
    with closing(disk.index()) as filled, closing(disk.index()) as asked:
        assert filled.put(OWNER, "old", documents(3, "long gone"))
        assert titles(asked, "gone") == {f"long gone {n}" for n in range(3)}
        filled.close()
        disk.full = True
        assert filled.put(OWNER, "new", documents(400, "yawl"), stamp=7.0)
        assert filled.in_memory
        assert asked.in_memory
        assert len(disk.told) == 1
        assert titles(asked, "yawl 399") == {"yawl 399"}
        # An account is left meanwhile: nothing of it may come back.
        assert filled.put("other", "new", documents(2, "secret"))
        asked.disown("other")

        disk.full, disk.seems_full = True, True
        assert filled.put(OWNER, "more", documents(1, "ketch"))
        assert filled.in_memory
        disk.seems_full = False
        assert filled.put(OWNER, "more", documents(2, "ketch"))
        assert filled.in_memory, "there was less room than was told"
        assert len(disk.told) == 1

        disk.full = False
        assert filled.put(OWNER, "more", documents(3, "ketch"))
        assert not filled.in_memory
        assert not asked.in_memory
        assert len(disk.told) == 2
        assert titles(asked, "ketch") == {"ketch 0", "ketch 1", "ketch 2"}
        assert titles(asked, "gone") == set()
        assert filled.places(OWNER)["new"].stamp == 7.0
        assert filled.check() == []
    with closing(Index(disk.path)) as again:
        assert titles(again, "yawl 399") == {"yawl 399"}
        assert again.places("other") == {}
        assert again.count >= 403
    assert disk.path.stat().st_mode & 0o777 == 0o600


def test_a_disk_that_is_full_once_more_has_the_index_in_memory_once_more(disk: Disk) -> None:
    with closing(disk.index()) as index:
        for turn in range(2):
            disk.full = True
            index.close()
            assert index.put(OWNER, f"full {turn}", documents(20, f"tide{turn}"))
            assert index.in_memory
            disk.full = False
            assert index.put(OWNER, f"room {turn}", documents(20, f"wind{turn}"))
            assert not index.in_memory
            assert len(titles(index, f"wind{turn}")) == 20
            assert len(titles(index, f"tide{turn}")) == 20
    assert len(disk.told) == 4
