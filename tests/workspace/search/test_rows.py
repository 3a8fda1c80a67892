"""Rows of tables are found as the mirror has them: all of them, part by part, as they change."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from random import Random

import msgspec
import pytest

from tests.workspace.books.service import PLACE, OneTable
from tui.services.timetonic import BookTables, Cell, Field, Table, TableRow
from tui.store.cache import Cache
from tui.store.index import file
from tui.store.index import index as index_module
from tui.store.index.documents import Document, Query
from tui.store.index.index import Index
from tui.store.mirror.file import MirrorFile
from tui.store.mirror.mirror import Mirror
from tui.store.mirror.shape import Row
from tui.workspace.books.kept_rows import KeptRows
from tui.workspace.search import RECORDS, filling
from tui.workspace.search.feed import Feed
from tui.workspace.search.filling import Filling
from tui.workspace.search.rooms import ROOM_OF_SERVICE
from tui.workspace.times import zone

UTC = zone("UTC")
FIELDS = [
    Field(id=1, name="Name", type="shorttext", order=0),
    Field(id=2, name="Note", type="shorttext", order=1),
]
ACCOUNTS = {service: service for service in ROOM_OF_SERVICE}
OWNER = ACCOUNTS["timetonic"]
NAME = f"rows/{PLACE.key}/"
MOST_SECONDS = 30.0


def row(number: int, note: str = "") -> TableRow:
    return TableRow(id=number, cells={1: Cell(value=f"boat {number:05}"), 2: Cell(value=note)})


class Bench:
    """A table at a service, the mirror of a deck, and what fills the search from it."""

    def __init__(self, folder: Path) -> None:
        self.table = OneTable(FIELDS, Random(1))
        self.mirror = Mirror(folder / "mirror.db")
        self.told: list[str] = []
        self.kept = KeptRows(
            self.table,  # type: ignore[arg-type]
            self.mirror,
            OWNER,
            PLACE,
            None,
            UTC,
            self.told.append,
        )
        self.index = Index(folder / "search.db")
        self.filling = self.another_filling(folder)
        self.index.put(OWNER, "tables/me/book", [Document("table", "me/book#7", "Things", "Book")])
        self.described: list[int] = []

    def another_filling(self, folder: Path) -> Filling:
        """What another run fills it with."""
        cache = Cache(folder / "answers.db")
        return Filling(self.index, cache, self.mirror.reading(), ACCOUNTS, UTC)

    def fill(self) -> bool:
        return self.filling.put(f"{OWNER}/{NAME}", RECORDS)

    def found(self) -> dict[str, str]:
        """Titles and notes of all rows that are found, by key."""
        documents = self.index.of_place(OWNER, NAME)
        assert all(one.kind == "row" and one.where == "Book › Things" for one in documents)
        names = [one.key for one in documents]
        assert len(names) == len(set(names)), "each once"
        return {one.key: f"{one.title} {one.text}".strip() for one in documents}

    def times(self) -> dict[str, datetime | None]:
        """When all rows that are found were changed, by key."""
        return {one.key: one.when for one in self.index.of_place(OWNER, NAME)}

    def right(self) -> dict[str, str]:
        """The same as the service has them."""
        return {
            f"me/book#7#{one.id}": f"{one.cells[1].value} {one.cells[2].value}".strip()
            for one in self.table.rows
        }

    def whole(self) -> bool:
        return all(place.whole for place in self.index.places(OWNER).values())

    def close(self) -> None:
        self.filling.close()
        self.mirror.close()


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    monkeypatch.setattr(filling, "PART", 10)
    with closing(Bench(tmp_path)) as made:
        yield made


def count_described(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Note how many rows are described each time that some are."""
    from tui.workspace.books.found import _Rows

    call: Callable[[_Rows, Sequence[Row]], list[Document]] = _Rows.__call__

    def counting(self: _Rows, rows: Sequence[Row]) -> list[Document]:
        bench.described.append(len(rows))
        return call(self, rows)

    monkeypatch.setattr(_Rows, "__call__", counting)


def read_all(bench: Bench) -> None:
    asyncio.run(bench.kept.gather(lambda _read, _total: None))


@pytest.mark.parametrize("pages", [1, 25, 40])
def test_rows_that_a_full_disk_leaves_in_memory_are_found(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pages: int
) -> None:
    opened, connected = file.open_file, MirrorFile.connect

    def small(path: Path | str | None, told: Callable[[str], object]) -> sqlite3.Connection:
        connection = opened(path, told)
        if isinstance(path, Path):
            connection.execute(f"PRAGMA max_page_count = {pages}")
        return connection

    def limited(self: MirrorFile) -> sqlite3.Connection:
        connection = connected(self)
        if self.kept:
            connection.execute("PRAGMA max_page_count = 16")
        return connection

    monkeypatch.setattr(index_module, "open_file", small)
    monkeypatch.setattr(MirrorFile, "connect", limited)
    cache = Cache(tmp_path / "answers.db")
    tables = BookTables(name="Book", tables=[Table(id=7, name="Things")])
    cache.put(f"{OWNER}/tables/me/book", msgspec.json.encode({"value": tables}))
    told: list[str] = []
    path = tmp_path / "full" / "search.db"
    with closing(Index(path, told=told.append, in_memory_too=True)) as index:
        filling = Filling(index, cache, bench.mirror.reading(), ACCOUNTS, UTC)
        filling.put(f"{OWNER}/tables/me/book", tables)
        bench.table.rows = [row(number, "été") for number in range(900)]
        read_all(bench)
        assert not bench.mirror.kept
        assert filling.put(f"{OWNER}/{NAME}", RECORDS)
        bench.index, before = index, bench.index
        assert bench.found() == bench.right()
        bench.index = before
        assert index.in_memory
        assert len(told) == 1
        with closing(Index(path, in_memory_too=True)) as asked:
            found = asked.find(Query.of("boat 00777"))
            assert found is not None
            assert [hit.document.title for hit in found.hits] == ["boat 00777"]
        with closing(Index(path)) as on_disk:
            assert on_disk.count < 900, "who looks after the file sees what it holds"
        filling.close()


def test_all_rows_are_found_never_more_than_a_part_at_hand(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.table.rows = [row(number) for number in range(1234)]
    read_all(bench)
    count_described(bench, monkeypatch)
    assert bench.fill()
    assert bench.found() == bench.right()
    assert bench.whole()
    assert max(bench.described) == 10
    hits = bench.index.find(Query.of("boat 01233"))
    assert hits is not None
    assert [hit.document.key for hit in hits.hits] == ["me/book#7#1233"]


def test_they_are_found_as_they_change_come_and_go(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    random = Random(7)
    bench.table.rows = [row(number) for number in range(100)]
    read_all(bench)
    bench.fill()
    count_described(bench, monkeypatch)
    for turn in range(12):
        ids = [one.id for one in bench.table.rows]
        gone = random.sample(ids, turn % 3)
        for one in gone:
            bench.table.delete(one)
        changed = random.sample([one for one in ids if one not in gone], 2)
        for one in changed:
            bench.table.put(row(one, f"turn {turn}"))
        if turn % 2:
            bench.table.put(row(1000 + turn), at=random.randrange(50))
        read_all(bench)
        assert bench.fill()
        assert bench.found() == bench.right()
        assert bench.whole()


def test_what_is_the_same_is_not_described_again(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.table.rows = [row(number) for number in range(100)]
    read_all(bench)
    bench.fill()
    count_described(bench, monkeypatch)
    bench.fill()
    assert bench.described == []
    asyncio.run(bench.kept.change([row(55, "changed")]))
    bench.fill()
    assert bench.described == [10]
    assert bench.found()["me/book#7#55"] == "boat 00055 changed"


def test_a_table_that_became_shorter_leaves_nothing_behind(bench: Bench) -> None:
    bench.table.rows = [row(number) for number in range(100)]
    read_all(bench)
    bench.fill()
    for number in range(25, 100):
        bench.table.delete(number)
    read_all(bench)
    bench.fill()
    assert bench.found() == bench.right()
    assert len(bench.found()) == 25


def test_what_had_to_go_from_the_index_is_put_in_again(bench: Bench) -> None:
    bench.table.rows = [row(number) for number in range(30)]
    read_all(bench)
    bench.fill()
    bench.index.drop(OWNER, NAME)
    assert bench.found() == {}
    bench.fill()
    assert bench.found() == bench.right()


def test_a_part_of_a_table_is_said_to_be_one_until_all_is_here(bench: Bench) -> None:
    bench.table.rows = [row(number) for number in range(100)]
    values = asyncio.run(bench.table.values(PLACE, 40, 20, None))
    asyncio.run(bench.kept.take(40, values))
    bench.fill()
    assert sorted(bench.found()) == [f"me/book#7#{number}" for number in range(40, 60)]
    assert not bench.whole()
    read_all(bench)
    bench.fill()
    assert bench.whole()
    assert len(bench.found()) == 100


def test_every_way_in_which_rows_become_others_is_told(bench: Bench) -> None:
    bench.table.rows = [row(number) for number in range(30)]
    key = f"{OWNER}/{NAME}"

    async def act() -> None:
        kept, table = bench.kept, bench.table
        page = await table.values(PLACE, 0, 10, None)
        for way in (
            lambda: kept.take(0, page),
            lambda: kept.gather(lambda _read, _total: None),
            lambda: kept.change([row(3, "x")]),
            lambda: kept.change([], [4]),
        ):
            bench.told.clear()
            await way()
            assert set(bench.told) == {key}, way
        table.put(row(5, "theirs"))
        table.delete(4)
        bench.told.clear()
        told: list[object] = []
        kept._changed = lambda key: told.append((key, bench.mirror.collection(OWNER, NAME).state()))
        assert await kept.refresh(await table.values(PLACE, 0, 10, None))
        # Once more when that is known to be all there is.
        assert told[-1] == (key, kept.state)
        kept._changed = bench.told.append
        bench.told.clear()
        await kept.take_whole(await table.values(PLACE, 0, 100, None))
        assert bench.told == [key]

    asyncio.run(act())


def test_an_earlier_runs_rows_are_put_in_once_and_what_changed_since(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.table.rows = [row(number) for number in range(50)]
    read_all(bench)
    count_described(bench, monkeypatch)
    bench.filling.look_through(lambda: True)
    assert bench.found() == bench.right()
    bench.described.clear()
    later = bench.another_filling(tmp_path)
    later.look_through(lambda: True)
    assert bench.described == []
    asyncio.run(bench.kept.change([row(5, "meanwhile")]))
    later.look_through(lambda: True)
    assert sum(bench.described) == 50
    assert bench.found()["me/book#7#5"] == "boat 00005 meanwhile"


def test_rows_come_in_by_the_feed_which_holds_none_of_them(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tui.workspace.search import feed as module

    monkeypatch.setattr(module, "LEISURE", 0.0)
    done = threading.Event()
    feed = Feed(lambda: bench.filling, done.set)
    bench.kept._changed = feed.hear_records
    bench.table.rows = [row(number) for number in range(50)]
    read_all(bench)
    while feed.waiting or len(bench.found()) < 50:
        assert done.wait(MOST_SECONDS)
        done.clear()
    assert bench.found() == bench.right()
    feed.close()


def test_the_rest_waits_where_the_program_ends(bench: Bench) -> None:
    bench.table.rows = [row(number) for number in range(50)]
    read_all(bench)
    turns = iter([True, True, True])
    assert not bench.filling.put(f"{OWNER}/{NAME}", RECORDS, go_on=lambda: next(turns, False))
    assert 0 < len(bench.found()) < 50
    bench.filling.look_through(lambda: True)
    assert bench.found() == bench.right()


def test_few_rows_are_described_at_a_stretch(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filling, "STEP", 4)
    count_described(bench, monkeypatch)
    bench.table.rows = [row(number) for number in range(50)]
    read_all(bench)
    turns = iter([True])
    assert not bench.filling.put(f"{OWNER}/{NAME}", RECORDS, go_on=lambda: next(turns, False))
    assert (bench.described, bench.found()) == ([4], {}), "of half a part nothing is in"
    bench.described.clear()
    bench.filling.look_through(lambda: True)
    assert bench.described == [4, 4, 2] * 5
    assert bench.found() == bench.right()


async def test_a_row_has_the_time_of_its_last_change_where_the_table_keeps_that(
    tmp_path: Path,
) -> None:
    bench = Bench(tmp_path)
    with closing(bench.mirror), closing(bench.filling), closing(bench.index):
        bench.table.fields.append(Field(id=3, name="Updates", type="activity", order=2))
        moment = datetime(2026, 3, 1, 12, tzinfo=UTC)
        told = {"last": {"c": int(moment.timestamp())}, "total": 2}
        for number, value in enumerate((told, {"last": {"c": 10**30}, "total": 1}, None, {})):
            bench.table.rows.append(
                TableRow(id=number, cells={1: Cell(value="boat"), 3: Cell(value=value)})
            )
        assert await bench.kept.gather(lambda _read, _total: None)
        assert bench.fill()
        assert [*bench.times().values()] == [moment, None, None, None]
