"""Cells of CSV: no spreadsheet computes one, and what was written is what is read."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from tui.workspace.csv_cells import csv_text, guard, guarded_text, separators_of, unguard

cells = st.one_of(
    st.text(max_size=12),
    st.text(alphabet="'=+-@\t\r\n 0123456789.,＝−\u200b\ufeffa", max_size=8),
)

FORMULAS = [
    "=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3+cmd", "-A1", "+A1*2", "--1", "-(1)*A1", "\t=1",
    "\r=1", "\n=1", " =1", "\u00a0=1", "\u200b=1", "\ufeff=1", "＝1", "＋A1", "－A1", "＠A1", "−A1",
    "=", "+", "-", "@", "-e", "+1e", "'=1", "''@x", "-1;=A1", "+33 6=A1", "-1|x", "-1!A1", "-1*2",
]  # fmt: skip
PLAIN = [
    "-5", "+5", "-5.25", "-1,250.00", "−12,50", "-1e-9", "+1.5E3", "-5 %", "-5%", "+33612345678",
    "+33 6 12 34 56 78", "+44 (0)20 7946-0958", "+1-202-555-0143", "+49/30/555010", "-1:30",
    "-0:15:00", "+1 250,00", "-1’250.50", "-.5", "", "a=b", "a@b.example", "1-2", "it's", "'", "''",
    "'tis", "'90s", "'-5", "''+33 6",
]  # fmt: skip


@pytest.mark.parametrize("cell", FORMULAS, ids=ascii)
def test_what_a_spreadsheet_would_compute_is_guarded(cell: str) -> None:
    assert guard(cell) == "'" + cell
    assert unguard(guard(cell)) == cell


@pytest.mark.parametrize("cell", PLAIN, ids=ascii)
def test_numbers_telephones_and_words_stay_as_they_are(cell: str) -> None:
    assert guard(cell) == cell
    assert unguard(cell) == cell


@given(cells)
@example("'=1")
@example("''=1")
def test_the_guard_comes_off_again(cell: str) -> None:
    assert unguard(guard(cell)) == cell


@given(cells)
def test_a_guard_is_one_apostrophe_or_none(cell: str) -> None:
    assert guard(cell) in (cell, "'" + cell)
    assert guard(cell).lstrip("\t\r\n \ufeff\u200b")[:1] not in ("=", "@", "＝", "＠")


@given(st.lists(st.lists(cells, min_size=2, max_size=3), min_size=1, max_size=4))
def test_a_services_csv_keeps_its_values(rows: list[list[str]]) -> None:
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    # Where another one may separate them as well, what it would make of them counts too.
    assume(separators_of(out.getvalue()) == [","])
    read = list(csv.reader(io.StringIO(guarded_text(out.getvalue()), newline="")))
    assert read == [[guard(cell) for cell in row] for row in rows]


def test_csv_without_formulas_is_not_touched() -> None:
    text = 'id,"name"\r\n1,"Kea"\r\n2,-5\r\n'
    assert guarded_text(text) == text
    assert guarded_text("name\n=1\n") == "name\n'=1\n"
    assert guarded_text("name\r\n=1\r\n") == "name\r\n'=1\r\n"


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("cell", [one for one in FORMULAS if ";" not in one], ids=ascii)
def test_whatever_separates_the_cells_of_a_services_csv_they_are_guarded(
    separator: str, cell: str
) -> None:
    head, row = ["id", "name, first", "sum"], ["1", cell, "-5,25"]
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator).writerows([head, row])
    found = list(
        csv.reader(io.StringIO(guarded_text(out.getvalue()), newline=""), delimiter=separator)
    )
    assert found == [head, ["1", "'" + cell, "-5,25"]]


def test_the_separator_is_the_one_that_the_first_line_tells() -> None:
    assert guarded_text("a;b\nx;=1\n") == "a;b\nx;'=1\n"
    assert guarded_text("a\tb\nx\t=1\n") == "a\tb\nx\t'=1\n"
    assert guarded_text("sep=;\r\na,b,c;d\r\nx;=1\r\n") == "sep=;\r\na,b,c;d\r\nx;'=1\r\n"
    # As many columns either way: the one in which something would be computed counts.
    assert guarded_text("name, first;sum\nKea, K;=1\n") == "name, first;sum\nKea, K;'=1\n"
    text = '"name; first",sum\r\n"Kea; -K",5\r\n'
    assert guarded_text(text) == text


def test_a_long_field_is_no_trouble() -> None:
    assert guarded_text("=" + "x" * 200_000) == "'=" + "x" * 200_000 + "\n"


def test_rows_as_csv() -> None:
    text = csv_text(["a", "=b"], [{"a": -5, "=b": "@x"}, {"a": None, "other": 1}])
    assert text == "a,'=b\n-5,'@x\n,\n"


@given(cells)
@example("two\rlines").via("a carriage return alone ended the row on Python 3.11")
def test_a_cell_of_a_row_comes_back_whole(cell: str) -> None:
    text = csv_text(["a", "b"], [{"a": cell, "b": "last"}])
    _, row = csv.reader(io.StringIO(text, newline=""))
    assert [unguard(one) for one in row] == [cell, "last"]
    assert text.startswith("a,b\n")
    assert text.endswith("last\n")
