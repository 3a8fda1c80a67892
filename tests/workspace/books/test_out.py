"""Tables out: over fields of all types every form holds what was there, and none is computed."""

from __future__ import annotations

import asyncio
import csv
import json
from datetime import UTC
from io import BytesIO, StringIO
from random import Random
from xml.etree.ElementTree import fromstring
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workspace.books.any_tables import (
    HOSTILE,
    ZONE,
    fields_of,
    kept_of,
    row_of,
    with_texts,
)
from tests.workspace.books.service import OneTable, by_columns
from tui.services.timetonic import Cell, Field, Table, TableRow, TableValues
from tui.workspace.books.cells import kind_of
from tui.workspace.books.kept_rows import KeptRows
from tui.workspace.books.mirrored import Translation
from tui.workspace.books.narrowed import wish_of
from tui.workspace.books.out import export
from tui.workspace.books.out.columns import columns_of, ids_title, rows_of, titles_of
from tui.workspace.books.out.export import Asked, Form, FormTooSmall, write
from tui.workspace.books.out.flat import Lines
from tui.workspace.books.out.plain import written
from tui.workspace.csv_cells import guard, unguard


async def bytes_of(kept: KeptRows, form: Form, asked: Asked | None = None) -> bytes:
    out = BytesIO()
    written = await write(kept, asked or Asked(), form, out, ZONE)
    assert asked is not None or written.rows == (kept.state.count if kept.state else 0)
    return out.getvalue()


@given(st.integers(0, 10**6))
@settings(max_examples=40, deadline=None)
def test_every_form_holds_every_row(seed: int) -> None:
    random = Random(seed)
    table = with_texts(random, 7)

    async def work() -> None:
        kept = await kept_of(table)
        texts = [row.cells[99].value for row in table.rows]
        for form, separator in (("csv", ","), ("tsv", "\t")):
            content = (await bytes_of(kept, form)).decode()  # type: ignore[arg-type]
            rows = list(csv.DictReader(StringIO(content, newline=""), delimiter=separator))
            assert [unguard(row["Text"]) for row in rows] == texts
            assert [row["row id"] for row in rows] == [str(row.id) for row in table.rows]
            assert not any(row["Text"].startswith(("=", "@", "\t")) for row in rows)
        for content, rows in (
            (await bytes_of(kept, "json"), None),
            (await bytes_of(kept, "jsonl"), 7),
        ):
            found = (
                json.loads(content) if rows is None else [*map(json.loads, content.splitlines())]
            )
            assert [row["Text"] for row in found] == texts
            for field, title in zip(kept.fields, titles_of(kept.fields), strict=True):
                if kind_of(field) == "link":
                    assert all(isinstance(row[title], (list, str, type(None))) for row in found)
        assert len((await bytes_of(kept, "md")).decode().splitlines()) == 2 + 7
        from openpyxl import load_workbook

        sheet = load_workbook(BytesIO(await bytes_of(kept, "xlsx"))).active
        assert sheet is not None
        assert sheet.max_row == 8
        assert all(cell.data_type != "f" for line in sheet.iter_rows() for cell in line)
        moments = any(kind_of(field) == "moment" for field in kept.fields)
        assert load_workbook(BytesIO(await bytes_of(kept, "xlsx"))).sheetnames[1:] == (
            ["Time zone"] if moments else []
        )
        with ZipFile(BytesIO(await bytes_of(kept, "ods"))) as package:
            content = fromstring(package.read("content.xml"))
        tables = [one for one in content.iter() if one.tag.endswith("}table")]
        assert len(tables) == 1 + moments
        assert all(ZONE.key in {*one.itertext()} for one in tables[1:])
        from pyarrow import parquet

        assert parquet.read_table(BytesIO(await bytes_of(kept, "parquet"))).num_rows == 7

    asyncio.run(work())


@given(seed=st.integers(0, 10**6), separator=st.sampled_from([",", "\t"]))
@settings(max_examples=80, deadline=None)
def test_lines_are_what_each_cell_by_itself_is_written_as(seed: int, separator: str) -> None:
    """Made column by column, they are those that the csv module makes of each value."""
    random = Random(seed)
    zone = random.choice([ZONE, UTC, ZoneInfo("Europe/Paris"), ZoneInfo("Asia/Kolkata")])
    fields = [*fields_of(random), Field(id=99, name="Text", type="shorttext", order=9)]
    rows = [row_of(random, row_id, fields) for row_id in range(1, 30)]
    cells = [{**row.cells, 99: Cell(value=random.choice(HOSTILE))} for row in rows]
    for one in cells:
        # What is written as text in a column of another kind, and what comes twice.
        field = random.choice(fields)
        beside = Cell(value=random.choice(HOSTILE), text=random.choice([None, "", "=a,b"]))
        one[field.id] = random.choice([beside, *one.values()])
    columns = columns_of(fields, zone, ids=bool(seed % 3), only=[99] if seed % 7 == 0 else None)
    made_of = [TableRow(id=row.id, cells=one) for row, one in zip(rows, cells, strict=True)]
    table = TableValues(table=Table(id=7, fields=fields), rows=made_of)
    kept_by_columns = Translation(fields, zone).columns(by_columns(table)).payloads
    # All by columns, none, or some of each.
    share = random.choice([0, 0.5, 1])
    payloads = b"\n".join(
        by_column if random.random() < share else msgspec.json.encode(one)
        for by_column, one in zip(kept_by_columns, cells, strict=True)
    )
    ids = [row.id for row in rows]
    chosen = [place for place in range(29) if random.random() < 0.7] if seed % 2 else [*range(29)]
    out, guarded = StringIO(newline=""), 0
    writer = csv.writer(out, lineterminator="\n", delimiter=separator)
    writer.writerow([guard(column.title) for column in columns])
    for values in rows_of([ids[n] for n in chosen], [cells[n] for n in chosen], columns):
        line = [written(column, value) for column, value in zip(columns, values, strict=True)]
        guarded += sum(is_guarded for _, is_guarded in line)
        writer.writerow([text for text, _ in line])
    lines = Lines(columns, separator)
    made = lines.header() + lines.of(ids, payloads, chosen if seed % 2 else None)
    assert (made, lines.guarded) == (out.getvalue(), guarded)


def test_a_carriage_return_alone_ends_no_row() -> None:
    columns = columns_of([Field(id=1, name="A", type="shorttext", order=0)], UTC)
    made = Lines(columns, ",").of([7], msgspec.json.encode({1: Cell(value="a\rb")}))
    assert list(csv.reader(StringIO(made, newline=""))) == [["7", "a\rb"]]


async def test_what_is_asked_for_leaves_and_a_thousand_rows_at_a_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(export, "AT_ONCE", 3)
    fields = [
        Field(id=1, name="Name", type="shorttext", order=0),
        Field(id=2, name="Name", type="int", order=1),
        Field(id=3, name="To", type="link", order=2),
        Field(id=4, name="Code", type="shorttext", order=3, extra={"encrypted": True}),
    ]
    assert titles_of(fields) == ["Name", "Name (2)", "To", "Code"]
    assert [one.title for one in columns_of(fields, UTC)][-1] == ids_title("To")
    table = OneTable(fields, Random(1))
    for number in range(10):
        link = Cell(value=[{"row_id": 70 + number, "value": "a, b"}])
        table.put(
            TableRow(
                id=number + 1, cells={1: Cell(value=f"n{number}"), 2: Cell(value=number), 3: link}
            )
        )
    kept = await kept_of(table)
    wish = wish_of("Name~n", [("2", True)], kept.fields, UTC)
    told: list[int] = []
    out = BytesIO()
    asked = Asked(wish=wish, row_ids={2, 9}, fields=[2, 3])
    written = await write(kept, asked, "csv", out, UTC, lambda done, _of: told.append(done))
    assert written.rows == 2
    assert told == [3, 6, 9, 10]
    assert out.getvalue().decode() == (
        'row id,Name (2),To,To (row ids)\n9,8,"a, b",78\n2,1,"a, b",71\n'
    )
    table.put(TableRow(id=1, cells={1: Cell(value="x" * 40_000)}))
    kept = await kept_of(table)
    with pytest.raises(FormTooSmall, match="32,767"):
        await bytes_of(kept, "xlsx")
