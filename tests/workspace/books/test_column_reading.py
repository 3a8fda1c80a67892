"""Odd cells are kept, shown and compared alike: by column, by row, and read again."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.json import encode

from tests.workspace.books.service import by_columns
from tui.services.timetonic import Cell, Field, Table, TableRow, TableValues
from tui.store.mirror.shape import Record, Row, prepared
from tui.workspace.books.cell_reading import reader
from tui.workspace.books.cells import cell_text, typed
from tui.workspace.books.mirrored import Translation

TYPES = [
    "shorttext", "mediumtext", "int", "double", "boolean", "date", "link", "files", "comments",
    "activity", "formula",
]  # fmt: skip
FIELDS = [Field(id=n, name=one, type=one) for n, one in enumerate(TYPES, 1)]
FIELDS.append(Field(id=99, name="at", type="date", with_time=True))
VALUES = st.one_of(
    st.sampled_from([
        None, "", [], {}, 0, 1, 2**53 + 1, 2**63, 10**30, -(2**64), 0.0, -0.0, 1.5, 1e-5, 1e300,
        Decimal("1.23456789012345678901"), Decimal("1E+400"), True, False, 1700000000, "1700000000",
        "0001-01-01 00:00:00", "9999-12-31 23:59:59", "0000-00-00 00:00:00", "2026-03-29 02:30:00",
        "2026-10-25 02:30:00", "2026-01-01", "2026-W01-1", "no", "oui", "a\nb", "\n", "a\u2028b",
        "\x00", "\u0301x", "ガ", "İ", "½", "١٢", "NaN", "1,5", " 5 ", "1_0", ["x"], [None],
        [{"row_id": 1, "value": ""}], [{"row_id": "1", "value": "a\nb"}], [{"row_id": 1}],
        {"total": 3}, {"total": None}, [{"originName": "x"}], {"a": [1, 2]},
    ]),
    st.text(max_size=4),
)  # fmt: skip
CELLS = st.builds(
    lambda value, text: Cell(value=value, text=text),
    VALUES,
    st.sampled_from([None, None, "", "x", "1.50", "yes", "\n"]),
)
ZONES = [ZoneInfo("America/New_York"), ZoneInfo("Asia/Tokyo")]


def is_kept_alike(field: Field, cells: list[Cell], zone: ZoneInfo) -> None:
    translation, read = Translation([field], zone), reader(field, zone)
    rows = [TableRow(id=n, cells={field.id: cell}) for n, cell in enumerate(cells, 1)]
    alone: list[Record] = []
    for row, cell in zip(rows, cells, strict=True):
        value, text = read(cell.value, cell.text)
        assert text == cell_text(field, cell, zone)
        alone.append(Record(row.id, [value], [text] if text else [], encode(row.cells)))
    expected = prepared(alone, translation.shape)
    assert prepared(translation.records(rows), translation.shape) == expected
    sent = by_columns(TableValues(table=Table(id=7, fields=[field]), rows=rows))
    found = prepared(translation.columns(sent), translation.shape)
    assert found._replace(payloads=expected.payloads) == expected
    for row, payload, cell in zip(rows, found.payloads, cells, strict=True):
        again = Translation.row(Row(0, row.id, payload)).cells.get(field.id)
        assert cell_text(field, again, zone) == cell_text(field, cell, zone)
        assert typed(field, again) == typed(field, cell)


@given(st.sampled_from(FIELDS), st.lists(CELLS, min_size=1, max_size=5), st.sampled_from(ZONES))
@settings(max_examples=400, deadline=None)
def test_odd_cells_are_what_they_are_by_themselves(
    field: Field, cells: list[Cell], zone: ZoneInfo
) -> None:
    is_kept_alike(field, cells, zone)


@pytest.mark.parametrize(
    ("type_", "value", "text"),
    [
        ("shorttext", "yes", ""), ("shorttext", [], "x"), ("date", "2026-01-01", ""),
        ("int", 0, ""), ("double", 1.5, ""), ("at", "0001-01-01 00:00:00", None),
        ("at", "9999-12-31 23:59:59", None),
    ],
)  # fmt: skip
def test_what_reads_otherwise_than_it_is_and_the_ends_of_the_calendar(
    type_: str, value: Any, text: str | None
) -> None:
    field = next(one for one in FIELDS if one.name == type_)
    for zone in ZONES:
        is_kept_alike(field, [Cell(value=value, text=text)], zone)
