"""What is typed to narrow a table: words with and without marks, conditions on columns; and a
condition that is made of a cell, however its column is called and whatever stands in it.
"""

from __future__ import annotations

import asyncio
from contextlib import closing
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workspace.books.any_tables import fields_of, row_of, silent
from tests.workspace.books.service import PLACE, OneTable, rows_of
from tui.services.timetonic import Cell, Field, TableRow
from tui.store.folding import fold
from tui.store.mirror.mirror import Mirror
from tui.workspace.books.cells import cell_text, kind_of
from tui.workspace.books.conditions import condition_of
from tui.workspace.books.kept_rows import KeptRows
from tui.workspace.books.narrowed import MOST, joined, not_understood, terms_of, wish_of

ZONE = ZoneInfo("Europe/Lisbon")
HOSTILE = [
    "a=b", "Due & paid", "x|y", '"', '""', "!", "^a", "empty", "row id ", "C:D", "É  é", "=", "a b",
    "Ärger", "日本 =", "<b>", "~", " Status ", "a:b c",
]  # fmt: skip


def found_in(
    fields: list[Field], rows: list[TableRow], typed: str, zone: ZoneInfo = ZONE
) -> list[int]:
    """The ids of the rows that the mirror gives for what is typed."""

    async def look() -> list[int]:
        table = OneTable(fields, Random(1))
        for row in rows:
            table.put(row)
        with closing(Mirror(None)) as mirror:
            kept = KeptRows(table, mirror, "me", PLACE, None, zone)  # type: ignore[arg-type]
            await kept.gather(silent)
            return [row.id for row in await rows_of(kept, wish_of(typed, [], kept.fields, zone))]

    return asyncio.run(look())


def same(field: Field, row: TableRow, other: TableRow) -> bool:
    """Whether two rows read alike in a column, as a person compares them."""
    texts = [cell_text(field, one.cells.get(field.id), ZONE) for one in (row, other)]
    if kind_of(field) in ("integer", "number"):
        # Written in another way a number is the same one.
        values = [one.cells.get(field.id) for one in (row, other)]
        if all(cell is not None and cell.text is None for cell in values):
            numbers = [str(cell.value) for cell in values if cell is not None]
            try:
                return len({float(one) for one in numbers}) == 1
            except ValueError:
                pass
    return fold(texts[0]) == fold(texts[1])


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10**6), st.lists(st.sampled_from(HOSTILE), min_size=6, max_size=6))
def test_a_condition_made_of_a_cell_is_understood_and_finds_its_row(
    seed: int, names: list[str]
) -> None:
    random = Random(seed)
    fields = fields_of(random)
    fields = [
        Field(**{**{key: getattr(one, key) for key in one.__struct_fields__}, "name": name})
        for one, name in zip(fields, names, strict=False)
    ]
    row = row_of(random, 1, fields)
    if not fields:
        return
    field = random.choice(fields)
    cell = row.cells.get(field.id)
    typed = condition_of(field, cell, ZONE, fields)
    (term,) = terms_of(typed, fields, ZONE)
    assert term.condition
    assert term.text == typed.strip()
    assert not_understood(typed, fields, ZONE) == []
    twice = joined([typed, typed])
    assert [one.filters for one in terms_of(twice, fields, ZONE)] == [term.filters] * 2


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6))
def test_the_rows_that_read_as_a_cell_are_those_that_its_condition_finds(seed: int) -> None:
    random = Random(seed)
    field = Field(
        id=1, name="Of & it", order=1,
        type=random.choice(["shorttext", "int", "double", "boolean", "date", "link"]),
        with_time=random.random() < 0.5,
    )  # fmt: skip
    values: dict[str, list[Any]] = {
        "shorttext": ["a", "A", "a | b", "R & D", '"q"', "empty", "", "x=1", None, "w " * 200],
        "int": [1, 2, 10, None], "double": [0.1, 2, 2.5, 1e-9, None],
        "boolean": [True, False, None], "date": ["2026-03-01 10:30:17", "2026-03-01 10:31:00",
                                                 "2026-10-25 00:30:00", None],
        "link": [[{"row_id": 1, "value": "A, b"}], [{"row_id": 2, "value": "c"}], []],
    }  # fmt: skip
    rows = [
        TableRow(id=number, cells={1: Cell(value=random.choice(values[field.type]))})
        for number in range(1, 9)
    ]
    typed = condition_of(field, rows[0].cells.get(1), ZONE, [field])
    expected = [row.id for row in rows if same(field, rows[0], row)]
    assert found_in([field], rows, typed) == expected


def test_a_condition_is_about_its_own_column_of_those_that_are_called_alike() -> None:
    names = ["Task", "Task", "TASK", "Tâsk", "Row id", "", " ", "task (2)"]
    fields = [
        Field(id=number, name=name, type="shorttext", order=number)
        for number, name in enumerate(names, 1)
    ]
    rows = [
        TableRow(id=70 + place, cells={one.id: Cell(value="7")}) for place, one in enumerate(fields)
    ]
    for field, row in zip(fields, rows, strict=True):
        typed = condition_of(field, row.cells[field.id], ZONE, fields)
        assert found_in(fields, rows, typed) == [row.id], typed
        empty = condition_of(field, None, ZONE, fields)
        assert found_in(fields, rows, empty) == [one.id for one in rows if one is not row], empty
    # Where a link leads stands there as the rows' own ids, whatever a column is called.
    assert found_in(fields, rows, "row id=71|72") == [71, 72]


# -- words ----------------------------------------------------------------------------------------

WORDS = ["ar", "Ärger", "x", "a b", "10", "ärger x", "b"]
words = st.tuples(st.sampled_from(WORDS), st.sampled_from(["", "!", "^", "=", "!^", "!="]))


def holds(row: TableRow, fields: list[Field], word: str, mark: str) -> bool:
    """The formula: slow and simple."""
    lines = [
        line
        for field in fields
        if (text := cell_text(field, row.cells.get(field.id), ZONE))
        for line in fold(text).split("\n")
    ]
    wanted = fold(word)
    if mark.endswith("^"):
        there = any(line.startswith(wanted) for line in lines)
    elif mark.endswith("="):
        there = wanted in lines
    else:
        there = any(wanted in line for line in lines)
    return there != mark.startswith("!")


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.lists(words, max_size=3))
def test_words_find_what_the_formula_finds(seed: int, wanted: list[tuple[str, str]]) -> None:
    random = Random(seed)
    fields = [Field(id=n, name=f"Field {n}", order=n, type="shorttext") for n in (1, 2)]
    texts = ["Ärger", "arger x", "a b", "x", "10", "xa b", "", "x\na b", "large"]
    rows = [
        TableRow(id=n, cells={f: Cell(value=random.choice(texts)) for f in (1, 2)})
        for n in range(1, 9)
    ]
    typed = " ".join(f'{mark}"{word}"' if " " in word else mark + word for word, mark in wanted)
    expected = [row.id for row in rows if all(holds(row, fields, *one) for one in wanted)]
    assert found_in(fields, rows, typed) == expected


FIELDS = [
    Field(id=1, name="Name", order=1, type="shorttext"),
    Field(id=2, name="Hours", order=2, type="double"),
    Field(id=3, name="Due date", order=3, type="date"),
    Field(id=4, name="Started", order=4, type="date", with_time=True),
    Field(id=5, name="Status", order=5, type="shorttext"),
]
ROWS = [
    TableRow(id=row_id, cells={n: Cell(value=value) for n, value in enumerate(values, 1)})
    for row_id, values in {
        1: ("Sea Star", 1, "2026-01-31", "2026-01-31 22:00:00", "Done"),
        2: ("sea lion", 2.5, "2026-02-01", "2026-02-01 11:00:00", "In progress"),
        3: ("Lion", None, "2026-12-31", None, "Open | late"),
        4: ("R & D", 30, None, None, None),
    }.items()
]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("", [1, 2, 3, 4]), ("sea", [1, 2]), ("sea lion", [2]), ('"sea lion"', [2]),
        ("sea !star", [2]), ("!sea", [3, 4]), ("^lion", [3]), ("=lion", [3]), ("!=lion", [1, 2, 4]),
        ("lion hours>2", [2]), ("hours>2", [2, 4]), ("hours:2,5", [2]), ("hours>1 status:progress",
         [2]), ("Name:lion", [2, 3]), ("name:^lion", [3]), ("name:=lion", [3]),
        ("name:!lion", [1, 4]), ("!name:lion", [1, 4]), ("status:empty", [4]),
        ("!status:empty", [1, 2, 3]), ("status:!empty", [1, 2, 3]), ("hours:empty", [3]),
        ("status=Done|In progress", [1, 2]), ("status!=Done|In progress", [3]),
        ('status="Open | late"', [3]), ("Status=In progress sea", []),
        ("sea Status=In progress", [2]), ("Status=In progress & sea", [2]),
        ("status=in progress !star", [2]), ('name="R & D"', [4]), ("R & D", [1, 4]),
        ("due date:2026-01", [1]), ("due date:2026", [1, 2, 3]), ("due date>2026-01", [2, 3]),
        ('"Due date"<2026-02', [1]), ("due date<=2026-02", [1, 2]), ("due date!=2026-01", [2, 3]),
        ("started:2026-02", [2]), ("started=2026-02-01 10:00", [2]), ("started:empty", [3, 4]),
        ("row id=2|4", [2, 4]), ("row id:3 lion", [3]), ("row id=x", []), ("hours:many", []),
        ("!", []), ("&", [1, 2, 3, 4]), ("status:", [4]), ("12:30", []), ('"', []), ("^", []),
    ],
)  # fmt: skip
def test_what_is_typed(typed: str, found: list[int]) -> None:
    assert found_in(FIELDS, ROWS, typed) == found


EDGES = [
    TableRow(id=row_id, cells={3: Cell(value=day), 4: Cell(value=moment)})
    for row_id, day, moment in (
        (1, "0001-01-01", "0005-01-03 12:00:00"),
        (2, "9999-12-31", "9990-12-30 12:00:00"),
        (3, "2026-01-01", None),
    )
]


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Pacific/Kiritimati"])
def test_the_first_and_the_last_days_of_the_calendar_are_days_as_well(zone: str) -> None:
    for typed, found in {
        "due date=9999": [2], "due date=9999-12-31": [2], "due date>=9999-12": [2],
        "due date>9999-12-31": [], "due date<=9999": [1, 2, 3], "due date!=9999-12": [1, 3],
        "due date=0001": [1], "due date<0001": [], "due date>0001-01-01": [2, 3],
        "started=0001": [], "started>0001": [1, 2], "started!=9999": [1, 2], "started=9990": [2],
        "started<=9999-12": [1, 2],
        "started>9999": [], "started<0001-01-01": [], "started>=0001-01-01 00:00": [1, 2],
        "started<9999-12-31 23:59:59": [1, 2],
    }.items():  # fmt: skip
        assert found_in(FIELDS, EDGES, typed, ZoneInfo(zone)) == found, typed


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("status=" + "|".join([*map(str, range(3_000)), "Done"]), [1]),
        ("row id=" + "|".join(map(str, range(2, 9_000))), [2, 3, 4]),
        ("row id=" + "9" * 5_000, []),
        ("row id=" + "0" * 5_000 + "3", [3]),
        ("name:" + "!" * 3_001 + "lion", [1, 4]),
        ("name:" + "!" * 3_000 + "lion", [2, 3]),
        ("!name:" + "|".join(["!lion"] * 1_500), [2, 3]),
        ("sea " * 2_000, [1, 2]),
        ("hours>1 " * 2_000, [2, 4]),
        (f"{'sea ' * MOST} sea star", [1]),
        (f"{'sea ' * MOST} star sea", []),
    ],
    ids=lambda one: one[:12] if isinstance(one, str) else "",
)
def test_however_much_is_pasted_is_looked_for(typed: str, found: list[int]) -> None:
    assert found_in(FIELDS, ROWS, typed) == found


def test_what_looks_like_a_condition_and_is_none_is_told() -> None:
    typed = 'sea staus:Done hours:many hours>2 http://x "a=b" due date>soon'
    assert not_understood(typed, FIELDS, ZONE) == ["staus:Done", "hours:many", "date>soon"]
    assert [one.text for one in terms_of("a hours>1 status=In progress & !b", FIELDS, ZONE)] == [
        "a", "hours>1", "status=In progress", "!b",
    ]  # fmt: skip


@given(st.text(max_size=40))
def test_anything_may_be_typed(typed: str) -> None:
    terms = terms_of(typed, FIELDS, ZONE)
    assert (
        "".join("".join(one.text.split()) for one in terms)
        in "".join(typed.split()).replace("&", "")
        or "&" in typed
    )
    again = terms_of(joined(one.text for one in terms), FIELDS, ZONE)
    assert [one.filters for one in again] == [one.filters for one in terms]
