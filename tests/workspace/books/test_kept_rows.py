"""Rows in the mirror against a slow and simple formula, over fields of all types, while they arrive
in any order, change and go; what is a part is never told as the whole.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import UTC, time
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.json import encode

from tests.workspace.books.any_tables import ZONE, cell_of, fields_of, filled, rank, row_of, silent
from tests.workspace.books.service import (
    PLACE,
    OneTable,
    by_columns,
    filled_cells,
    rows_of,
)
from tui.services.errors import ConnectionFailed
from tui.services.timetonic import Cell, Field, Table, TableRow, TableValues
from tui.store.folding import fold
from tui.store.mirror.mirror import Mirror
from tui.store.mirror.shape import Column, Record, Row, Shape, key_of, prepared
from tui.store.mirror.wishes import Sort, Wish
from tui.workspace.books import kept_rows
from tui.workspace.books.asked_rows import PAGE
from tui.workspace.books.brought import NotAllHere
from tui.workspace.books.cell_reading import reader, value_for
from tui.workspace.books.cells import cell_text, kind_of, typed
from tui.workspace.books.found_files import row_named
from tui.workspace.books.into.bring import Wanted, plan_sheet
from tui.workspace.books.into.sheets import Sheet
from tui.workspace.books.kept_rows import KeptRows
from tui.workspace.books.mirrored import Translation
from tui.workspace.books.narrowed import wish_of
from tui.workspace.books.out.export import Asked, write
from tui.workspace.books.row_view import SEEN

# -- the formula ----------------------------------------------------------------------------------


def expected(
    rows: list[TableRow], fields: list[Field], wanted: str, sorts: list[tuple[str, bool]]
) -> list[int]:
    """Ids of the rows that hold a text, in the order of columns, the first one first."""

    def shown(row: TableRow) -> str:
        texts = [cell_text(field, row.cells.get(field.id), ZONE) for field in fields]
        return fold("\n".join(text for text in texts if text))

    found = [row for row in rows if fold(wanted.strip()) in shown(row)]
    for column, descending in reversed(sorts):
        field = next(one for one in fields if str(one.id) == column)
        ranks = {row.id: rank(field, row) for row in found}
        full = [row for row in found if ranks[row.id] is not None]
        way = -1 if descending else 1
        full = sorted(full[::way], key=lambda row: ranks[row.id] or (0, 0))[::way]
        found = full + [row for row in found if ranks[row.id] is None]
    return [row.id for row in found]


# -- a table that changes -------------------------------------------------------------------------


def change(random: Random, table: OneTable) -> None:
    """Something happens at the service."""
    what = random.random()
    if what < 0.4 and table.rows:
        table.put(row_of(random, random.choice(table.rows).id, table.fields))
    elif what < 0.7:
        new = max((row.id for row in table.rows), default=0) + 1000
        table.put(row_of(random, new, table.fields), random.choice([None, 0]))
    elif table.rows:
        table.delete(random.choice(table.rows).id)


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Several requests for a few rows."""
    monkeypatch.setattr(kept_rows, "LARGE_PAGE", 4)


async def nothing(_read: int, _total: int | None) -> None: ...


async def refreshed(kept: KeptRows, table: OneTable) -> None:
    """As a screen does that opens the table again."""
    first = await table.values(PLACE, 0, 4, None)
    if kept.has_all(first, 4):
        await kept.take_whole(first)
    elif not await kept.refresh(first):
        await kept.gather(silent)


@given(st.integers(0, 10**6))
def test_cells_are_read_in_short_as_they_are_in_full(seed: int) -> None:
    random = Random(seed)
    for field in fields_of(random):
        read = reader(field, ZONE)
        for _ in range(20):
            cell = cell_of(random, field) or Cell()
            if kind_of(field) == "moment" and random.random() < 0.5:
                # Clocks change on these days, in Paris and in Lisbon.
                day = random.choice(["2026-03-29", "2026-10-25", "2026-03-28", "2026-02-30"])
                cell = Cell(value=f"{day} {random.randrange(26):02}:{random.randrange(60):02}:00")
            value, text = read(cell.value, cell.text)
            assert text == cell_text(field, cell, ZONE)
            row = TableRow(id=1, cells={field.id: cell})
            kind = Translation([field], ZONE).shape.columns[0].kind
            found, wanted = key_of(kind, value), rank(field, row)
            if wanted is None:
                assert found is None
            elif wanted[0]:
                assert found == wanted[1]
            else:
                assert found == key_of(kind, wanted[1])


@given(st.integers(0, 10**6), st.integers(1, 8))
def test_rows_are_kept_by_columns_as_each_would_be_by_itself(seed: int, count: int) -> None:
    random = Random(seed)
    fields = fields_of(random)
    rows = [row_of(random, number, fields) for number in range(count)]
    translation = Translation(fields, ZONE)
    readers = {field.id: reader(field, ZONE) for field in fields}
    alone = []
    for row in rows:
        cells = [row.cells.get(field.id) or Cell() for field in fields]
        read = [
            readers[field.id](cell.value, cell.text)
            for field, cell in zip(fields, cells, strict=True)
        ]
        texts = [text for _, text in read if text]
        alone.append(Record(row.id, [value for value, _ in read], texts, encode(row.cells)))
    expected = prepared(alone, translation.shape)
    assert prepared(translation.records(rows), translation.shape) == expected
    sent = by_columns(TableValues(table=Table(id=7, fields=fields), rows=rows))
    found = prepared(translation.columns(sent), translation.shape)
    assert found._replace(payloads=expected.payloads) == expected
    again = [Row(0, row.id, kept) for row, kept in zip(rows, found.payloads, strict=True)]
    assert filled_cells([Translation.row(row) for row in again]) == filled_cells(rows)
    assert filled_cells(sent.rows) == filled_cells(rows)


@settings(max_examples=100, deadline=None)
@given(
    st.integers(0, 10**6),
    st.integers(0, 30),
    st.sampled_from(["", "a", "Ü", "ガ", "10", "2026-01", "yes", ", "]),
    st.booleans(),
)
def test_what_is_shown_is_what_the_formula_shows(
    seed: int, count: int, wanted: str, incremental: bool
) -> None:
    random = Random(seed)

    async def look() -> None:
        table = filled(random, count)
        table.incremental = incremental
        with closing(Mirror(None)) as mirror:
            kept = KeptRows(table, mirror, "me", PLACE, None, ZONE)  # type: ignore[arg-type]
            assert await kept.gather(silent)
            for _ in range(3):
                names = [str(field.id) for field in table.fields]
                sorts = [(one, random.random() < 0.5) for one in random.sample(names, len(names))]
                sorts = sorts[: random.randrange(4)]
                wish = wish_of(wanted, sorts, kept.fields, ZONE)
                found = [row.id for row in await rows_of(kept, wish)]
                assert found == expected(table.rows, table.fields, wanted, sorts)
                there = {row.id: row.cells for row in await rows_of(kept)}
                assert list(there) == [row.id for row in table.rows]
                for _ in range(random.randrange(4)):
                    change(random, table)
                await refreshed(kept, table)
                assert kept.whole

    asyncio.run(look())


@pytest.mark.parametrize("view_id", [None, 5], ids=["table", "view"])
@settings(max_examples=100, deadline=None)
@given(seed=st.integers(0, 10**6), count=st.integers(5, 40))
def test_a_part_is_never_told_as_the_whole(view_id: int | None, seed: int, count: int) -> None:
    """Rows change while they are read, and reading ends at any moment."""
    random = Random(seed)

    async def look() -> None:
        table = filled(random, count)
        with closing(Mirror(None)) as mirror:
            kept = KeptRows(table, mirror, "me", PLACE, view_id, ZONE)  # type: ignore[arg-type]
            ends = random.randrange(1, 12)

            def meanwhile() -> None:
                nonlocal ends
                ends -= 1
                if random.random() < 0.3:
                    change(random, table)
                if ends == 0:
                    raise ConnectionFailed("gone", service="timetonic")

            for _ in range(3):
                table.meanwhile = meanwhile
                with suppress(ConnectionFailed):
                    await kept.gather(silent)
                table.meanwhile = lambda: None
                if kept.state is None:
                    continue
                here = {row.id for row in await rows_of(kept)}
                assert kept.state.count == len(here)
                if not kept.whole:
                    continue
                assert kept.state.total == len(here)
                # What it says to be all of then is, but for what changed since.
                since = int(kept.state.stamp)
                news = {one for one, stamp in table.changed.items() if stamp > since}
                gone = {one for one, stamp in table.deleted.items() if stamp > since}
                there = {row.id for row in table.rows}
                assert there - news <= here <= there | gone

    asyncio.run(look())


async def test_what_changed_is_all_that_is_asked_for_where_the_service_can() -> None:
    random = Random(1)
    table = filled(random, 40)
    with closing(Mirror(None)) as mirror:
        kept = KeptRows(table, mirror, "me", PLACE, None, ZONE)  # type: ignore[arg-type]
        await kept.gather(silent)
        table.put(row_of(random, 30, table.fields))
        table.delete(35)
        table.put(row_of(random, 99, table.fields))
        table.asked.clear()
        await refreshed(kept, table)
        assert table.asked == ["0", "changes", "rows"]
        assert [row.id for row in await rows_of(kept)] == [row.id for row in table.rows]


@pytest.mark.parametrize("pages", [[0, 20, 40], [0, 40]])
async def test_a_part_that_is_more_than_there_is_does_not_stay(pages: list[int]) -> None:
    """Most rows go while only a part is here, so that nobody can tell which of that they are."""
    table = filled(Random(1), 60)
    with closing(Mirror(None)) as mirror:
        kept = KeptRows(table, mirror, "me", PLACE, None, ZONE)  # type: ignore[arg-type]

        async def read(first: int) -> None:
            await kept.take(first, await table.values(PLACE, first, 20, None))

        for first in pages:
            await read(first)
        for row in table.rows[5:-20]:
            table.delete(row.id)
        if len(pages) == 2:
            # As many as are here already, and yet behind the end.
            for number in range(100, 115):
                table.put(row_of(Random(number), number, table.fields))
        await read(0)
        assert [row.id for row in await rows_of(kept)] == [row.id for row in table.rows[:20]]
        assert kept.state is not None
        assert (kept.state.count, kept.whole) == (20, False)
        await read(20)
        assert [row.id for row in await rows_of(kept)] == [row.id for row in table.rows]


async def test_pages_are_asked_for_at_once_and_not_all_at_once() -> None:
    table = filled(Random(1), 60)
    waiting = most = 0
    values = table.values

    async def counted(*asked: Any) -> Any:
        nonlocal waiting, most
        waiting += 1
        most = max(most, waiting)
        try:
            await asyncio.sleep(0.001)
            return await values(*asked)
        finally:
            waiting -= 1

    table.values = counted  # type: ignore[method-assign]
    with closing(Mirror(None)) as mirror:
        kept = KeptRows(table, mirror, "me", PLACE, None, ZONE)  # type: ignore[arg-type]
        told: list[tuple[int, int | None]] = []
        assert await kept.gather(lambda read, total: told.append((read, total)))
    assert most == kept_rows.AT_ONCE > 1
    assert told[-1] == (60, 60)
    assert [read for read, _ in told] == sorted(read for read, _ in told)


async def test_a_mirror_that_is_lost_on_the_way_is_filled_anew() -> None:
    table = filled(Random(1), 40)
    with closing(Mirror(None)) as mirror:
        kept = KeptRows(table, mirror, "me", PLACE, None, ZONE)  # type: ignore[arg-type]
        lost = iter([False] * 5 + [True])

        def lose() -> None:
            if next(lost, False):
                mirror.forget("")

        table.meanwhile = lose
        assert await kept.gather(silent)
        assert [row.id for row in await rows_of(kept)] == [row.id for row in table.rows]
        mirror.forget("")
        assert await rows_of(kept) == []
        assert not kept.whole


def put_away(other: Mirror) -> None:
    """What a verb or another deck does."""
    other.forget("")


def take_room(other: Mirror) -> None:
    """What another deck does that keeps something large."""
    shape = Shape((Column("name", "text"),))
    theirs = other.collection("me", "others")
    theirs.begin(shape)
    theirs.put([Record(1, ["x"], ["x"], bytes(10**5))], shape, first=0)


@pytest.mark.parametrize("go", [put_away, take_room])
async def test_rows_that_go_while_they_are_shown_are_known_to_be_lost(
    go: Callable[[Mirror], None], tmp_path: Path
) -> None:
    table, file = filled(Random(1), 60), tmp_path / "mirror.db"
    wish = Wish((Sort("1"),))
    with closing(Mirror(file)) as mirror, closing(Mirror(file, megabytes=0.05)) as other:
        kept = KeptRows(table, mirror, "me", PLACE, None, ZONE)  # type: ignore[arg-type]
        assert await kept.gather(silent)
        view, _ = await kept.view(wish)
        with closing(view.ordered):
            assert len(await view.rows(0, 60)) == 60
            assert await view.rows(60, 10) == {}
            assert not view.lost
            go(other)
            assert len(await view.rows(0, 60)) < 60
            assert view.lost
        again, _ = await kept.view(wish)
        with closing(again.ordered):
            assert again.lost == (go is put_away)
        assert await kept.gather(silent)
        after, _ = await kept.view(wish)
        with closing(after.ordered):
            assert (after.total, after.lost) == (60, False)


@pytest.mark.parametrize("go", [put_away, take_room])
@pytest.mark.parametrize("when", ["before", "meanwhile"])
@pytest.mark.parametrize("marked", [False, True])
async def test_what_went_is_not_left_out_of_what_is_done_with_all_rows(
    go: Callable[[Mirror], None], when: str, marked: bool, tmp_path: Path
) -> None:
    table, file, out = filled(Random(1), 60), tmp_path / "mirror.db", tmp_path / "out.csv"
    sheet = Sheet("CSV", [table.fields[0].name], [(2, ["x"])])
    with closing(Mirror(file)) as mirror, closing(Mirror(file, megabytes=0.05)) as other:
        kept = KeptRows(table, mirror, "me", PLACE, None, ZONE)  # type: ignore[arg-type]
        assert await kept.gather(silent)
        assert await kept.look()
        chosen = frozenset(row.id for row in table.rows) if marked else None
        asked = Asked(wish=Wish((Sort("1"),)), row_ids=chosen)
        if when == "before":
            go(other)
        with pytest.raises(NotAllHere):
            await write(kept, asked, "csv", out, ZONE, lambda _done, _of: go(other))
        assert not out.exists()
        # Rows that are not known would be taken for new ones.
        with pytest.raises(NotAllHere):
            await plan_sheet(kept, sheet, Wanted(key=table.fields[0].name), ZONE, {})
        with pytest.raises(NotAllHere):
            await row_named(kept, "anything", ZONE)
        assert not await kept.look()
        assert await kept.gather(silent)
        assert (await write(kept, asked, "csv", out, ZONE)).rows == 60


@pytest.mark.parametrize("place", [0, SEEN - 1, 205, 399])
async def test_of_rows_in_an_order_no_more_are_read_at_first_than_can_be_seen(place: int) -> None:
    table = filled(Random(2), 400)
    with closing(Mirror(None)) as mirror:
        kept = KeptRows(table, mirror, "me", PLACE, None, ZONE)  # type: ignore[arg-type]
        assert await kept.gather(silent)
        sorts = [(str(table.fields[0].id), True)]
        ids = expected(table.rows, table.fields, "", sorts)
        view, pages = await kept.view(wish_of("", sorts, kept.fields, ZONE), ids[place])
        try:
            here = {at: row.id for page in pages.values() for at, row in page.items()}
            seen = range(max(0, place - SEEN), min(place + SEEN, len(ids)))
            assert here == {at: ids[at] for at in seen}
            for page, rows in pages.items():
                assert {at // PAGE for at in rows} == {page}
                # The rest of the page follows.
                whole = await view.rows(page * PAGE, PAGE)
                assert [row.id for row in whole.values()] == ids[page * PAGE : (page + 1) * PAGE]
        finally:
            await view.close()


async def test_too_little_room_is_said_and_ends() -> None:
    table = filled(Random(1), 400)
    with closing(Mirror(None, megabytes=0.1)) as mirror:
        kept = KeptRows(table, mirror, "me", PLACE, None, ZONE)  # type: ignore[arg-type]
        assert not await kept.gather(silent)
        assert kept.state is not None
        assert kept.state.evicted
        assert 0 < kept.state.count < 400
        assert table.asked.count("0") == 1


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Hours>2", {3, 4}), ("Hours >= 2", {2, 3, 4}), ("hours=2,5", {3}), ("Hours!=2", {1, 3, 4}),
        ("Hours=", {5}), ("Hours!=", {1, 2, 3, 4}), ("Due<2026-01-03", {1, 2}),
        ("Due=2026-01-03", {3}), ("Name~ar", {1, 2}), ("name=arger", {1, 2}),
        ("Hours>1 & Hours<3", {2, 3}), ("Hours>1 & 2.5", {3}), ("Started=2026-01-02", {2}),
        ("Started>2026-01-02", {3, 4}), ("Started<=2026-01-02 10:30", {1, 2}), ("Done=yes", {1}),
        ("Hours>many", set()), ("Unknown>2", set()), ("a=b", {4}), ("ärger", {1, 2}),
    ],
)  # fmt: skip
async def test_what_is_typed_narrows_by_text_value_comparison_and_empty(
    typed: str, found: set[int]
) -> None:
    table = OneTable(
        [
            Field(id=1, name="Name", type="shorttext"),
            Field(id=2, name="Hours", type="double"),
            Field(id=3, name="Due", type="date"),
            Field(id=4, name="Started", type="date", with_time=True),
            Field(id=5, name="Done", type="boolean"),
        ],
        Random(1),
    )
    names = {1: "Ärger", 2: "arger", 3: "x", 4: "a=b", 5: "y"}
    for row_id, hours in {1: 1, 2: 2, 3: 2.5, 4: 30, 5: None}.items():
        day = f"2026-01-0{row_id}" if row_id < 5 else None
        cells: dict[int, Any] = {
            1: names[row_id], 2: hours, 3: day, 4: day and f"{day} 11:00:00", 5: row_id == 1,
        }  # fmt: skip
        table.put(
            TableRow(id=row_id, cells={key: Cell(value=value) for key, value in cells.items()})
        )
    with closing(Mirror(None)) as mirror:
        kept = KeptRows(table, mirror, "me", PLACE, None, UTC)  # type: ignore[arg-type]
        await kept.gather(silent)
        wish = wish_of(typed, [], kept.fields, UTC)
        assert {row.id for row in await rows_of(kept, wish)} == found


days = st.dates().map(str) | st.sampled_from(
    ["2026-03-29", "2026-10-25", "1970-01-01", "1969-12-31", "2199-12-31", "2200-01-01",
     "2026-02-29", "2024-02-29", "2026-W28-4", "20260709", "２０26-01-01", "-026-01-01",
     "0000-00-00", "9999-12-31", "0001-01-01", "2026-1-01 ", "2026-07-09x", ""],
)  # fmt: skip
zones = st.sampled_from(
    ["Europe/Lisbon", "Europe/Paris", "UTC", "Asia/Kathmandu", "America/St_Johns",
     "Africa/Casablanca", "Pacific/Apia", "Australia/Lord_Howe", "Africa/Monrovia"],
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(days, min_size=1, max_size=6), st.times(), zones, st.booleans())
def test_days_and_moments_of_any_year_and_zone_are_read_in_short_as_in_full(
    told: list[str], hour: time, name: str, with_time: bool
) -> None:
    zone = ZoneInfo(name)
    field = Field(id=1, name="When", type="date", with_time=with_time)
    read = reader(field, zone)
    kind = Translation([field], zone).shape.columns[0].kind
    for day in told:
        for value in (day, f"{day} {hour:%H:%M:%S}", f"{day} 00:00:00", f"{day} 23:59:59"):
            cell = Cell(value=value)
            try:
                wanted = cell_text(field, cell, zone)
            except OverflowError:
                continue  # at an end of the calendar, which no service tells
            found, text = read(value, None)
            assert text == wanted, value
            assert key_of(kind, found) == key_of(kind, value_for(field, typed(field, cell))), value
