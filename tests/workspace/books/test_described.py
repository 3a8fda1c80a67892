"""Columns described over the mirror against a slow count, over fields of all types."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.workspace.books.any_tables import ZONE, filled, kept_of, rank
from tests.workspace.books.service import OneTable
from tui.services.timetonic import Cell, Field, TableRow
from tui.store.mirror import figures
from tui.store.mirror.shape import key_of
from tui.store.mirror.troubles import GivenUp
from tui.workspace.books.cell_reading import reader
from tui.workspace.books.cells import kind_of
from tui.workspace.books.described import describe, number_text
from tui.workspace.books.mirrored import Translation
from tui.workspace.books.narrowed import wish_of


@pytest.mark.parametrize("held", [figures.MOST_HELD, 0])
@given(seed=st.integers(0, 10**6))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_column_is_described_as_counting_by_hand_does(
    monkeypatch: pytest.MonkeyPatch, held: int, seed: int
) -> None:
    monkeypatch.setattr(figures, "MOST_HELD", held)
    random = Random(seed)
    table = filled(random, 30)

    async def work() -> None:
        kept = await kept_of(table)
        found = await describe(kept, table.fields, (), ZONE)
        for field, one in zip(table.fields, found, strict=True):
            kind = Translation([field], ZONE).shape.columns[0].kind
            read = reader(field, ZONE)
            cells = [row.cells.get(field.id) or Cell() for row in table.rows]
            keys = [key_of(kind, read(cell.value, cell.text)[0]) for cell in cells]
            there = Counter(key for key in keys if key is not None)
            assert (one.rows, one.filled) == (30, there.total())
            assert one.empty == sum(rank(field, row) is None for row in table.rows)
            assert one.distinct == len(there)
            assert sorted(times for _, times in one.commonest) == sorted(there.values())
            numbers = [key for key in keys if isinstance(key, (int, float))]
            if kind_of(field) in ("integer", "number") and numbers:
                assert one.sum == number_text(float(sum(numbers)), field)
                assert one.mean == number_text(sum(numbers) / len(numbers), field)

    asyncio.run(work())


@given(seed=st.integers(0, 10**6), part=st.integers(1, 9), most=st.integers(1, 12))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
def test_columns_that_are_counted_together_come_to_what_each_does_by_itself(
    monkeypatch: pytest.MonkeyPatch, seed: int, part: int, most: int
) -> None:
    random = Random(seed)
    table = filled(random, 40)
    monkeypatch.setattr(figures, "_PART", part)

    async def work() -> None:
        kept = await kept_of(table)
        for text in ("", "a"):
            filters = wish_of(text, (), table.fields, ZONE).filters
            found = []
            for held in (figures.MOST_HELD, 0):
                with monkeypatch.context() as changed:
                    changed.setattr(figures, "MOST_HELD", held)
                    found.append(await kept.figures(table.fields, filters, most))
            for one, other in zip(*found, strict=True):
                assert one.total == pytest.approx(other.total)
                assert replace(one, total=0) == replace(other, total=0)

    asyncio.run(work())


@given(st.lists(st.one_of(st.integers(0, 9), st.text("abc", max_size=2))), st.integers(1, 9))
def test_the_commonest_are_those_that_a_counter_tells(values: list[int | str], most: int) -> None:
    counter = Counter(values)
    keys, times = [*counter], [*counter.values()]
    found = [(keys[place], times[place]) for place in figures._commonest(times, most)]
    assert found == counter.most_common(most)


async def test_the_rows_that_are_wished_for_are_described_and_it_can_be_given_up() -> None:
    fields = [
        Field(id=1, name="Kind", type="shorttext", order=0),
        Field(id=2, name="Price", type="double", order=1),
    ]
    table = OneTable(fields, Random(0))
    for number, kind in enumerate(["a", "b", "A", "", "b", "á"]):
        cells = {1: Cell(value=kind), 2: Cell(value=0.1 * number, text=f"{number / 10:.2f}")}
        table.put(TableRow(id=number + 1, cells=cells))
    kept = await kept_of(table)
    wish = wish_of("Price>0", (), fields, ZONE)
    kind, price = await describe(kept, fields, wish.filters, ZONE)
    assert kind.commonest == (("b", 2), ("A", 2))
    assert (kind.rows, kind.empty, kind.distinct) == (5, 1, 2)
    assert (price.least, price.greatest, price.sum, price.mean) == ("0.10", "0.50", "1.5", "0.3")
    assert price.line()["column"] == "Price"
    figuring = kept._mirror.figuring("me", kept.name, kept._translation.shape, ())
    figuring.give_up()
    with pytest.raises(GivenUp):
        figuring.of(["1"], 1)
    assert number_text(1234.5) == "1,234.5"
    french = Field(id=1, name="Hours", type="double", order=0, number_language="fr")
    assert number_text(1234567.25, french) == "1\N{NO-BREAK SPACE}234\N{NO-BREAK SPACE}567,25"
    assert number_text(1589, french) == "1\N{NO-BREAK SPACE}589"
    assert number_text(10**20) == f"{10**20:,}"
