"""Rows in groups over the mirror against a slow count; a group's condition finds its rows."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workspace.books.any_tables import ZONE, filled, kept_of
from tests.workspace.books.service import OneTable, rows_of
from tui.services.timetonic import Cell, Field, TableRow
from tui.store.mirror.pivots import Sum
from tui.store.mirror.shape import key_of
from tui.store.mirror.troubles import GivenUp
from tui.workspace.books import pivoted
from tui.workspace.books.cell_reading import reader
from tui.workspace.books.mirrored import Translation
from tui.workspace.books.narrowed import wish_of
from tui.workspace.books.pivoted import pivot, shown, summable


def key(field: Field, row: TableRow) -> Any:
    cell = row.cells.get(field.id) or Cell()
    kind = Translation([field], ZONE).shape.columns[0].kind
    return key_of(kind, reader(field, ZONE)(cell.value, cell.text)[0])


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6))
def test_groups_are_those_of_a_slow_count_and_their_conditions_find_their_rows(seed: int) -> None:
    random = Random(seed)
    table = filled(random, 25)
    down, across, value = (random.choice(table.fields) for _ in range(3))

    async def work() -> None:
        kept = await kept_of(table)
        found = await pivot(kept, down, across, value, (), ZONE)
        groups: dict[Any, dict[Any, list[TableRow]]] = defaultdict(lambda: defaultdict(list))
        for row in table.rows:
            groups[key(down, row)][key(across, row)].append(row)
        assert found.total.rows == 25
        assert (found.values_down, len(found.down)) == (len(groups), len(groups))
        assert found.left_out == ""
        assert sum(one.sum.rows for one in found.down) == 25
        assert sum(one.sum.rows for one in found.across) == 25
        assert sum(one.rows for one in found.cells.values()) == 25
        assert [one.sum.rows for one in found.down] == sorted(
            (sum(map(len, group.values())) for group in groups.values()), reverse=True
        )
        sizes = sorted(len(rows) for group in groups.values() for rows in group.values())
        assert sorted(one.rows for one in found.cells.values()) == sizes
        for (one, other), told in found.cells.items():
            wish = wish_of(found.condition([one], other), [], kept.fields, ZONE)
            rows = await rows_of(kept, wish)
            assert len(rows) == told.rows
            numbers = [n for row in rows if isinstance(n := key(value, row), (int, float))]
            assert told.numbers == len(numbers)
            assert told.total == pytest.approx(float(sum(map(Fraction, numbers))))
        if len(found.down) > 1:
            wish = wish_of(found.condition([0, 1]), [], kept.fields, ZONE)
            both = found.down[0].sum.plus(found.down[1].sum).rows
            assert len(await rows_of(kept, wish)) == both

    asyncio.run(work())


async def test_of_too_many_values_the_commonest_are_shown_which_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pivoted, "MOST_DOWN", 2)
    fields = [
        Field(id=1, name="Kind", type="shorttext", order=0),
        Field(id=2, name="Price", type="int", order=1),
    ]
    table = OneTable(fields, Random(0))
    for number, kind in enumerate(["a", "b", "A", "", "b", "c"]):
        cells = {1: Cell(value=kind), 2: Cell(value=2**62 if number < 2 else number)}
        table.put(TableRow(id=number + 1, cells=cells))
    kept = await kept_of(table)
    found = await pivot(kept, fields[0], None, fields[1], (), ZONE)
    assert [(one.text, one.sum.rows) for one in found.down] == [("a", 2), ("b", 2)]
    assert found.left_out == "2 of 4 values of Kind are shown"
    assert found.total.total == pytest.approx(2**63), "more than SQLite adds up exactly"
    assert [shown(found.down[0].sum, one) for one in found.measures[:2]] == [
        "2", f"{2**62:,}",
    ]  # fmt: skip
    assert shown(Sum(3, 0, 0), "mean") == shown(Sum(), "count") == ""
    assert summable(fields) == [fields[1]]
    narrowed = wish_of("Price<5", [], fields, ZONE)
    found = await pivot(kept, fields[0], None, None, narrowed.filters, ZONE)
    assert found.total.rows == 3
    narrowed = wish_of("B", [], fields, ZONE)
    found = await pivot(kept, fields[0], None, None, narrowed.filters, ZONE)
    assert [(one.text, one.sum.rows) for one in found.down] == [("b", 2)]
    work = kept.pivoting(())
    work.give_up()
    with pytest.raises(GivenUp):
        work.of("1", "2", None, 5, 5)
