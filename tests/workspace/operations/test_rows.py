"""The rows of an answer: cells as a person reads them, and JSON that is JSON all the way down."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from tui.services.reading import Record, read
from tui.services.timetonic import Cell, RowList, TableRow, TableValues
from tui.services.timetonic.table_records import Field, Table
from tui.workspace.operations.rows import lines_of, rows_of

PARIS = ZoneInfo("Europe/Paris")
MOMENT = int(datetime(2026, 7, 1, 12, tzinfo=UTC).timestamp())
TABLE = Table(
    id=1,
    fields=[
        Field(id=12, name="Name", type="shorttext", order=1),
        Field(id=11, name="Since", type="date", order=0, with_time=True),
        Field(id=13, name="Paid", type="boolean", order=2),
        Field(id=14, name="Boat", type="link", order=3),
        Field(id=15, name="Name", type="double", order=4),
        Field(id=16, name="", type="int", order=5),
        Field(id=17, name="Talk", type="comments", order=6),
        Field(id=18, name="id", type="int", order=7),
    ],
)
CELLS = {
    11: Cell(value=MOMENT),
    12: Cell(value="Kea"),
    13: Cell(value="true"),
    14: Cell(value=[{"row_id": 7, "value": "Fulmar"}]),
    15: Cell(value=1250.5, text="1 250,50 €"),
    16: Cell(value=3),
    17: Cell(value={"total": 2}),
    18: Cell(value=9),
}
READ = {
    "id": 5, "Since": "2026-07-01 14:00", "Name 12": "Kea", "Paid": "yes", "Boat": "Fulmar",
    "Name 15": "1 250,50 €", "field 16": "3", "id 18": "9",
}  # fmt: skip


def test_the_cells_of_a_smart_table_are_as_a_person_reads_them() -> None:
    rows = [TableRow(id=5, cells=CELLS), TableRow(id=6)]
    for result in (TableValues(table=TABLE, rows=rows), RowList(rows=rows, table=TABLE)):
        first, second = rows_of(result, PARIS)
        assert first == READ
        assert list(first) == list(READ), "in the order of the table"
        assert second == dict.fromkeys(READ, "") | {"id": 6}


def test_where_the_answer_does_not_describe_its_fields_their_ids_do() -> None:
    row = TableRow(id=5, cells={14: CELLS[14], 15: CELLS[15]}, named={"Name": Cell(value="Kea")})
    assert list(rows_of(RowList(rows=[row]), PARIS)) == [
        {"id": 5, "field 14": "Fulmar", "field 15": "1 250,50 €", "Name": "Kea"}
    ]


def test_cells_that_a_server_sends_by_name_stand_under_it() -> None:
    table = Table(id=1, fields=[Field(id=11, name="Since", type="date", with_time=True)])
    row = TableRow(id=5, named={"Since": CELLS[11], "Odd": Cell(value=1)})
    assert list(rows_of(TableValues(table=table, rows=[row]), PARIS)) == [
        {"id": 5, "Since": "2026-07-01 14:00", "Odd": "1"}
    ]


class Inner(Record, frozen=True, kw_only=True):
    amount: Decimal
    when: datetime


class Outer(Record, frozen=True, kw_only=True):
    id: int
    inner: Inner
    many: list[Inner]
    map: dict[str, list[int]]


INNER = {"amount": "10.50", "when": 0}
SHOWN = {"amount": 10.5, "when": "1970-01-01T00:00:00Z"}


def test_a_line_of_json_has_no_json_in_its_texts() -> None:
    outer = read(Outer, {"id": 1, "inner": INNER, "many": [INNER], "map": {"a": [1]}})
    wanted = {"id": 1, "inner": SHOWN, "many": [SHOWN], "map": {"a": [1]}}
    assert [json.loads(line) for line in lines_of([outer, outer])] == [wanted, wanted]
    assert b'"amount":10.50' in next(lines_of([outer])), "with every digit"


def test_lines_are_of_the_rows_that_a_table_has() -> None:
    rows = [TableRow(id=5, cells={14: CELLS[14]})]
    lines = list(lines_of(TableValues(table=TABLE, rows=rows)))
    assert [json.loads(line)["cells"]["14"]["value"] for line in lines] == [CELLS[14].value]
    assert [json.loads(line) for line in lines_of([1, "a", None])] == [
        {"value": 1}, {"value": "a"}, {"value": None},
    ]  # fmt: skip


class Group(Record, frozen=True, kw_only=True):
    value: Any
    items: list[Any]


def test_a_line_says_in_which_group_it_is() -> None:
    groups = [Group(value={"a": 1}, items=[{"id": 1}]), Group(value=None, items=[{"id": 2}])]
    assert [json.loads(line) for line in lines_of(groups)] == [
        {"group": {"a": 1}, "id": 1}, {"group": None, "id": 2},
    ]  # fmt: skip
    assert list(rows_of(groups, UTC)) == [
        {"group": '{"a":1}', "id": 1}, {"group": None, "id": 2},
    ]  # fmt: skip
