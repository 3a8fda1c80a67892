"""Blocks of cells as spreadsheets copy them."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.workspace.books.into.pasted import MOST_ROWS, block_of
from tui.workspace.books.into.sheets import SheetError
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
        ("\t\n\tb", [["", ""], ["", "b"]]),
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
    out = io.StringIO()
    csv.writer(out, delimiter="\t").writerows([[guard(one) for one in row] for row in rows])
    read = block_of(out.getvalue())
    last = max((n for n, row in enumerate(rows) if any(row) or len(row) > 1), default=-1)
    assert read[: last + 1] == rows[: last + 1]


def test_a_block_without_an_end_is_a_file() -> None:
    with pytest.raises(SheetError, match="import them as a file"):
        block_of("x\n" * (MOST_ROWS + 1))
