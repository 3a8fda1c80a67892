"""Blocks of cells as spreadsheets copy them."""

from __future__ import annotations

import csv
import io
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workspace.books.any_tables import ZONE, kept_of
from tests.workspace.books.service import OneTable
from tui.services.timetonic import Cell, Field, TableRow
from tui.store.folding import fold
from tui.workspace.books.into.bring import Wanted, plan_sheet
from tui.workspace.books.into.pasted import MOST_ROWS, block_of, plan_paste
from tui.workspace.books.into.planner import EMPTIED, MISSING
from tui.workspace.books.into.sheets import Sheet, SheetError
from tui.workspace.books.out.columns import columns_of
from tui.workspace.csv_cells import guard


@pytest.mark.parametrize(
    ("text", "block"),
    [
        ("one", [["one"]]),
        ("a\tb\r\nc\td\r\n", [["a", "b"], ["c", "d"]]),
        ("a\tb\nc\n", [["a", "b"], ["c", ""]]),
        ('"two\nlines"\t"say ""x"""', [["two\nlines", 'say "x"']]),
        ("'=SUM(A1)\t'quoted\t+33 1", [["=SUM(A1)", "'quoted", "+33 1"]]),
        ('5" pipe\tx', [['5" pipe', "x"]]),
        ('"Sula" refit\tx\r\n"Petrel"\t""', [['"Sula" refit', "x"], ["Petrel", ""]]),
        ('"\tx\nrow\ty', [['"', "x"], ["row", "y"]]),
        ('a\n"open\tx\n\ny', [["a", ""], ['"open', "x"], ["", ""], ["y", ""]]),
        ("\t\n\tb", [["", ""], ["", "b"]]),
        ("a\n\n\n", [["a"], [""], [""]]),
        ("a\r\n\r\n", [["a"], [""]]),
        ("a\r\r", [["a"], [""]]),
        ("\n\n", [[""], [""]]),
        ("\n", []),
        ("", []),
        ("a\tb\n\t\n\n\n", [["a", "b"], ["", ""]]),
    ],
)
def test_cells_stand_where_they_stood(text: str, block: list[list[str]]) -> None:
    assert block_of(text) == block


@given(
    st.integers(1, 4).flatmap(
        lambda width: st.lists(
            st.lists(
                st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\t\n")),
                min_size=width,
                max_size=width,
            ),
            min_size=1,
            max_size=4,
        )
    )
)
@settings(deadline=None)
def test_what_a_spreadsheet_copies_is_read_as_it_was(rows: list[list[str]]) -> None:
    lines = []
    for row in rows:
        out = io.StringIO()
        csv.writer(out, delimiter="\t").writerow([guard(one) for one in row])
        lines.append(out.getvalue())
    assert block_of("".join(lines)) == rows
    # Spreadsheets write no quotes around an empty cell; one that stands alone is nothing then.
    bare = "".join(
        line if any(row) else line.replace('""', "") for line, row in zip(lines, rows, strict=True)
    )
    assert block_of(bare) == ([] if rows == [[""]] else rows)


def test_a_block_without_an_end_is_a_file() -> None:
    with pytest.raises(SheetError, match="import them as a file"):
        block_of("x\n" * (MOST_ROWS + 1))


async def test_what_is_pasted_into_a_column_goes_into_no_other_of_nearly_its_name() -> None:
    names = ["Task", "TASK", "Tâsk", "Row id", "Boat (ROW IDS)", "Boat", "", "\u0301", "task (2)"]
    fields = [
        Field(id=n, name=name, type="link" if name == "Boat" else "shorttext", order=n)
        for n, name in enumerate(names, 1)
    ]
    table = OneTable(fields, Random(0))
    table.put(TableRow(id=7, cells={}))
    table.put(TableRow(id=8, cells={}))
    kept = await kept_of(table)
    titles = [fold(one.title) for one in columns_of(fields, ZONE)]
    assert len({*titles}) == len(titles)
    for field in fields:
        if field.name != "Boat":
            plan, _ = await plan_paste(table, kept, [["8"]], [7], [field], Wanted(), ZONE)
            assert plan.changed == {7: {str(field.id): "8"}}
            assert not plan.failed
            assert not plan.new


async def test_rows_without_what_is_required_are_told_before_anything_is_sent() -> None:
    fields = [
        Field(id=1, name="Part", type="shorttext", order=0, required=True),
        Field(id=2, name="Stock", type="int", order=1),
        Field(id=3, name="Sold", type="boolean", order=2, required=True),
        Field(id=4, name="Number", type="int", order=3, required=True, read_only=True),
    ]
    table = OneTable(fields, Random(0))
    table.put(TableRow(id=1, cells={1: Cell(value="Shackle"), 2: Cell(value=5)}))
    table.put(TableRow(id=2, cells={2: Cell(value=5)}))
    kept = await kept_of(table)
    rows = [[1, "", 6], [2, "", 7], [None, "", 8], [None, "Cleat", 9], [None, "", ""]]
    sheet = Sheet("a block", ["row id", "Part", "Stock"], [*enumerate(rows, 1)])
    plan, _ = await plan_sheet(kept, sheet, Wanted(clear=True), ZONE, {})
    assert [*plan.failed] == [(1, "Part", EMPTIED), (3, "Part", MISSING)]
    # What is empty already stays so, and a row of nothing is none.
    assert plan.changed == {2: {"2": 7}}
    assert plan.new == [{"1": "Cleat", "2": 9}]
    # The column need not be among those of the block.
    sheet = Sheet("a block", ["row id", "Stock"], [(1, [1, 6]), (2, [None, 8])])
    plan, _ = await plan_sheet(kept, sheet, Wanted(clear=True), ZONE, {})
    assert [*plan.failed] == [(2, "Part", MISSING)]
    assert (plan.changed, plan.new) == ({1: {"2": 6}}, [])
