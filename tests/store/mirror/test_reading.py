"""The mirror as it is looked at from beside: by parts, without a trace, whatever the file is."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.store.mirror.test_mirror import NOW, SHAPE, filled, records
from tui.store.mirror.mirror import Mirror
from tui.store.mirror.reading import Reading
from tui.store.mirror.shape import RecordId
from tui.store.mirror.troubles import Lost


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a # b%20c" / "mirror.db"


@pytest.fixture
def mirror(path: Path) -> Iterator[Mirror]:
    with closing(Mirror(path)) as made:
        yield made


def parts(path: Path, name: str = "things", size: int = 40) -> dict[int, list[RecordId]]:
    reading = Reading(path)
    state = reading.state("me", name)
    assert state is not None
    return {number: [row.id for row in rows] for number, rows in reading.parts(state, size)}


def test_records_come_by_their_places_so_many_a_part(path: Path, mirror: Mirror) -> None:
    filled(mirror)
    assert parts(path) == {
        0: list(range(40)),
        1: list(range(40, 80)),
        2: list(range(80, 100)),
    }


def test_parts_of_which_nothing_is_here_are_passed_over(path: Path, mirror: Mirror) -> None:
    kept = mirror.collection("me", "things")
    kept.begin(SHAPE)
    kept.put(records(0, 3), SHAPE, first=0, total=1_000_000)
    kept.put(records(3, 4), SHAPE, first=999_996)
    assert parts(path) == {0: [0, 1, 2], 24_999: [3, 4, 5, 6]}


def test_what_has_no_place_comes_last(path: Path, mirror: Mirror) -> None:
    kept = filled(mirror)
    kept.start()
    # Others stand where these stood, and where they are now is not known yet.
    kept.put(records(100, 50), SHAPE, first=0)
    found = parts(path)
    assert found[0] == list(range(100, 140))
    assert sorted(found) == [0, 1, 2, 3, 4]
    assert found[3] + found[4] == list(range(50))
    assert set().union(*found.values()) == set(range(150))


def test_it_leaves_no_trace(path: Path, mirror: Mirror) -> None:
    filled(mirror, "a")
    filled(mirror, "b")
    reading = Reading(path)
    before = mirror.size()
    assert {name: state.count for name, state in reading.states("me").items()} == {
        "a": 100,
        "b": 100,
    }
    assert reading.states("you") == {}
    assert len(parts(path, "a")) == 3
    # The one that was used last stands first.
    assert mirror.size() == before


def test_nobody_who_writes_waits_for_it(path: Path, mirror: Mirror) -> None:
    kept = filled(mirror)
    reading = Reading(path)
    state = reading.state("me", "things")
    assert state is not None
    found = reading.parts(state, 10)
    next(found)
    kept.put(records(200, 1), SHAPE)
    kept.delete([50])
    with sqlite3.connect(path, timeout=0) as other:
        other.execute("BEGIN IMMEDIATE")
        # Nor does it wait for who writes.
        ids = [row.id for _, rows in found for row in rows]
    other.close()
    assert 200 in ids
    assert 50 not in ids


def test_what_goes_meanwhile_is_told(path: Path, mirror: Mirror) -> None:
    kept = filled(mirror)
    reading = Reading(path)
    state = reading.state("me", "things")
    assert state is not None
    found = reading.parts(state, 10)
    next(found)
    kept.forget()
    with pytest.raises(Lost):
        next(found)


@pytest.mark.parametrize("kind", ["none", "new", "damaged", "newer", "another's"])
def test_a_file_that_cannot_be_read_has_nothing_in_it_and_stays(path: Path, kind: str) -> None:
    path.parent.mkdir()
    if kind in ("newer", "another's"):
        with closing(Mirror(path)) as mirror:
            filled(mirror)
        pragma = "user_version = 99" if kind == "newer" else "application_id = 7"
        with closing(sqlite3.connect(path)) as connection:
            connection.execute(f"PRAGMA {pragma}")
    elif kind == "new":
        path.touch()
    elif kind == "damaged":
        path.write_bytes(b"no database at all" * 1000)
    before = path.read_bytes() if path.exists() else None
    reading = Reading(path)
    assert reading.states("me") == {}
    assert reading.state("me", "things") is None
    assert (path.read_bytes() if path.exists() else None) == before
    assert [one.name for one in path.parent.iterdir() if "broken" in one.name] == []


def test_of_a_moment_it_knows_what_is_complete(path: Path, mirror: Mirror) -> None:
    kept = filled(mirror)
    reading = Reading(path)
    state = reading.state("me", "things")
    assert state is not None
    assert (state.complete, state.total, state.as_of) == (True, 100, NOW)
    kept.start()
    later = kept.put(records(5, 1), SHAPE)
    assert reading.state("me", "things") == later
