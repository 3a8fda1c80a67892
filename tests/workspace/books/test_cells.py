"""Cells of smart tables: how they read, sort, and are found."""

from __future__ import annotations

from datetime import UTC, date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tui.services.timetonic import Field, LinkedRow
from tui.services.timetonic.table_records import Choices, FieldLink
from tui.workspace.books.cells import (
    Cell,
    TableRow,
    cell_text,
    count_of,
    kind_of,
    row_title,
    sent_value,
    takes_several,
    typed,
    values_of,
    why_not_writable,
)

LISBON = ZoneInfo("Europe/Lisbon")


def field(kind: str, **more: Any) -> Field:
    return Field(id=1, name="It", type=kind, **more)


@pytest.mark.parametrize(
    ("of", "cell", "read"),
    [
        (field("shorttext"), Cell(value="[bold]x"), "[bold]x"),
        (field("shorttext"), None, ""),
        (field("int"), Cell(value="12"), "12"),
        (field("double"), Cell(value="1234.5", text="1 234,50"), "1 234,50"),
        (field("double"), Cell(value=Decimal("1E+3")), "1000"),
        (field("boolean"), Cell(value="1"), "yes"),
        (field("boolean"), Cell(value=False), "no"),
        (field("date"), Cell(value="2026-03-12"), "2026-03-12"),
        # Local time in Paris on the wire, the person's zone on the screen.
        (field("date", with_time=True), Cell(value="2026-07-01 10:00:00"), "2026-07-01 09:00"),
        (field("date", with_time=True), Cell(value=1782892800), "2026-07-01 09:00"),
        (field("link"), Cell(value=[{"row_id": 3, "value": "Petrel"}]), "Petrel"),
        (field("link"), Cell(value=[{"row_id": "3"}]), "row 3"),
        (field("files"), Cell(value=[{"originName": "a"}, {"originName": "b"}]), "2"),
        (field("comments"), Cell(value={"last": {}, "total": 3}), "3"),
        (field("activity"), Cell(value={"last": {}, "total": "7"}, text="changed"), "7"),
        (field("int"), Cell(value="many"), "many"),
        (field("quantum"), Cell(value={"a": 1}), '{"a":1}'),
    ],
)
def test_a_cell_reads_by_its_type(of: Field, cell: Cell | None, read: str) -> None:
    assert cell_text(of, cell, LISBON) == read


def test_kinds_and_what_can_be_written() -> None:
    assert kind_of(field("shorttext", choices=Choices())) == "select"
    assert kind_of(field("date", with_time=True)) == "moment"
    assert not why_not_writable(field("email"))
    for refused in ("comments", "activity", "file", "quantum"):
        assert why_not_writable(field(refused))
    assert "read-only" in why_not_writable(field("shorttext", read_only=True))


def test_a_link_takes_several_rows_only_where_it_says_so() -> None:
    assert not takes_several(field("link"))
    assert takes_several(field("link", link=FieldLink(extra={"multiple": 1})))
    assert not takes_several(field("link", link=FieldLink(extra={"multiple": False})))


def test_values_as_they_are_sent() -> None:
    assert sent_value(field("shorttext"), None) == ""
    assert sent_value(field("link"), None) == []
    linked = [LinkedRow(row_id=3, value="Petrel")]
    assert sent_value(field("link"), linked) == [{"row_id": 3, "value": "Petrel"}]
    assert typed(field("date"), Cell(value="2026-03-12")) == date(2026, 3, 12)
    assert count_of(Cell(value=None)) == 0


def test_a_row_is_called_by_its_first_column() -> None:
    first = field("shorttext")
    assert row_title([first], TableRow(id=5, cells={1: Cell(value="a\n b")}), UTC) == "a b"
    assert row_title([first], TableRow(id=5), UTC) == "row 5"
    assert row_title([], TableRow(id=5), UTC) == "row 5"


def test_what_is_kept_of_a_row_are_the_values_that_can_be_sent_and_nothing_encrypted() -> None:
    fields = [
        Field(id=1, type="shorttext"),
        Field(id=2, type="date"),
        Field(id=3, type="link"),
        Field(id=4, type="comments"),
        Field(id=5, type="shorttext", read_only=True),
        Field(id=6, type="encrypted"),
        Field(id=7, type="shorttext", extra={"encryptedField": True}),
        Field(id=8, type="shorttext", extra={"encryptedField": False}),
        Field(id=9, type="user"),
    ]
    cells = {one.id: Cell(value="x") for one in fields}
    cells |= {2: Cell(value="2026-03-12"), 3: Cell(value=[{"row_id": 7, "value": "Petrel"}])}
    row = TableRow(id=1, cells=cells)
    sent = {"1": "x", "2": date(2026, 3, 12), "3": [{"row_id": 7, "value": "Petrel"}], "8": "x"}
    assert values_of(fields, row) == sent
    # What a call names itself is looked at whatever it is, but for what is encrypted.
    assert values_of(fields, row, {"6", "7", "9"}) == {**sent, "9": "x"}
    assert values_of(fields, TableRow(id=1)) == {"1": "", "2": "", "3": [], "8": ""}
