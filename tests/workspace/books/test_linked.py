"""Rows that a link may point to, found among all that are kept of the other table."""

from __future__ import annotations

from random import Random
from types import SimpleNamespace

import pytest

from tests.workspace.books.any_tables import ZONE
from tests.workspace.books.service import PLACE, OneTable, kept_nowhere
from tui.services.timetonic import Cell, Field, TableRow
from tui.workspace.books import linked
from tui.workspace.books.linked import Found, LinkSearch

ROWS = 4_200


def boats(first: Field) -> OneTable:
    """A table of many rows with a name each, and a note that every one of them has."""
    table = OneTable([first, Field(id=2, name="Note", type="shorttext", order=1)], Random(1))
    for number in range(1, ROWS + 1):
        name = f"Éole {number}" if number % 2 else f"Sula {number}"
        table.put(TableRow(id=number, cells={1: Cell(value=name), 2: Cell(value="bel Éole")}))
    return table


def search_in(table: OneTable) -> LinkSearch:
    """A search of it, of which nothing is kept yet."""
    kept = kept_nowhere(table, ZONE)
    rows = SimpleNamespace(mirrored=lambda *_: kept, page=table.page)
    return LinkSearch(SimpleNamespace(rows=rows), PLACE, ZONE)  # type: ignore[arg-type]


async def test_a_row_far_behind_is_found_by_words_of_its_name_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    search = search_in(boats(Field(id=1, name="Boat", type="shorttext", order=0)))
    await search.recall()
    assert await search.find("sula") == Found([], 0, 0, None)
    read: list[tuple[int, int | None]] = []
    assert await search.read(lambda done, of: read.append((done, of))) == ""
    assert read[-1] == (ROWS, ROWS)
    assert await search.find("4100 SULA") == Found([(4100, "Sula 4100")], 1, ROWS, ROWS)
    # Accents are no matter, and a note that holds the word is no name.
    found = await search.find("eole")
    assert (found.matching, len(found.rows)) == (ROWS // 2, linked.MOST_FOUND)
    assert found.rows[0] == (1, "Éole 1")
    assert (await search.find("eole 4101")).rows == [(4101, "Éole 4101")]
    assert (await search.find("no such")).rows == []


async def test_of_a_table_that_is_read_in_part_it_is_told_how_much() -> None:
    table = boats(Field(id=1, name="Boat", type="shorttext", order=0))
    search = search_in(table)
    values = table.values

    async def broken(place: object, offset: int, *more: object) -> object:
        if offset >= 2_000:
            raise OSError("the line is down")
        return await values(place, offset, *more)  # type: ignore[arg-type]

    table.values = broken  # type: ignore[method-assign, assignment]
    with pytest.raises(OSError, match="down"):
        await search.read(lambda *_: None)
    part = await search.find("sula 1000")
    assert part.rows == [(1000, "Sula 1000")]
    assert 1_000 <= part.read <= 2_000
    assert part.of == ROWS


async def test_rows_without_a_text_for_a_name_are_found_by_any_column() -> None:
    table = OneTable(
        [
            Field(id=1, name="No", type="int", order=0),
            Field(id=2, name="Note", type="shorttext", order=1),
        ],
        Random(1),
    )
    for number in (70, 71):
        note = Cell(value=f"hull {number}")
        table.put(TableRow(id=number, cells={1: Cell(value=number), 2: note}))
    search = search_in(table)
    await search.read(lambda *_: None)
    assert await search.find("71 hull") == Found([(71, "71")], 1, 2, 2)
