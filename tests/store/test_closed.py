"""Files that are used after they were closed: what is written is kept, and nothing stays open."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tui.store.cache import Cache
from tui.store.changes import Change, Changes
from tui.store.changes.senders import Senders, folder_of
from tui.store.index.documents import Document
from tui.store.index.index import Index
from tui.store.mirror.mirror import Mirror
from tui.store.mirror.shape import Column, Shape
from tui.store.papers import Papers, Payment

NOW = datetime(2026, 11, 29, tzinfo=UTC)
SHAPE = Shape((Column("name", "text"),))


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[sqlite3.Connection]]:
    """All connections that a test opens."""
    made: list[sqlite3.Connection] = []
    connect = sqlite3.connect

    def noted(*arguments: object, **more: object) -> sqlite3.Connection:
        made.append(connect(*arguments, **more))  # type: ignore[call-overload]
        return made[-1]

    monkeypatch.setattr(sqlite3, "connect", noted)
    yield made
    for one in made:
        one.close()


def is_open(connection: sqlite3.Connection) -> bool:
    try:
        return connection.total_changes >= 0
    except sqlite3.ProgrammingError:
        return False


def of_changes(kept: Changes) -> object:
    if not kept.newest(1):
        kept.begin(
            [Change(id="a1", sequence=0, time=NOW, owner="me", operation="x.y", title="Late")]
        )
    return [one.title for one in kept.newest(9)]


def of_papers(kept: Papers) -> object:
    kept.pay("me", [Payment(id="b1", invoice=1, day=NOW.date(), amount=Decimal(12), reference="R")])
    return kept.payments("me")[1].sum


def of_cache(kept: Cache) -> object:
    kept.put("key", b"late")
    found = kept.get("key")
    return found and found.content


def of_index(kept: Index) -> object:
    kept.put("me", "boats", [Document("row", "0", "Bora")], stamp=1.0)
    return kept.count


def of_mirror(kept: Mirror) -> object:
    things = kept.collection("me", "things")
    if things.state() is None:
        things.begin(SHAPE)
        things.finish(things.start(), total=0, as_of=NOW, stamp="7")
    state = things.state()
    return state and state.complete


@pytest.mark.parametrize(
    ("make", "use", "result"),
    [
        (Changes, of_changes, ["Late"]),
        (Papers, of_papers, Decimal(12)),
        (Cache, of_cache, b"late"),
        (Index, of_index, 1),
        (Mirror, of_mirror, True),
    ],
)
def test_what_is_used_after_its_end_is_kept_and_closed_again(
    tmp_path: Path,
    opened: list[sqlite3.Connection],
    make: Callable[[Path], Any],
    use: Callable[[Any], object],
    result: object,
) -> None:
    """A thread that reads for a pane ends after the workspace did."""
    path = tmp_path / "kept.db"
    kept = make(path)
    kept.close()
    assert use(kept) == result
    assert opened
    assert [one for one in opened if is_open(one)] == []
    with closing(make(path)) as anew:
        assert use(anew) == result
    with Senders(folder_of(path)).alone():
        """A backup may put another file there: nobody holds this one."""
