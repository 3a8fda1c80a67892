"""Tables of any fields and rows, as a service might have them, and how they are kept."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from tests.workspace.books.service import OneTable, kept_nowhere
from tui.services.timetonic import Cell, Field, TableRow
from tui.services.timetonic.table_records import Choice, Choices
from tui.store.folding import fold
from tui.workspace.books.cells import COUNTED, cell_text, count_of, kind_of, typed
from tui.workspace.books.kept_rows import KeptRows

ZONE = ZoneInfo("Europe/Lisbon")
TYPES = [
    "shorttext", "longtext", "email", "int", "double", "boolean", "date", "moment", "select",
    "link", "files", "comments", "activity", "quantum",
]  # fmt: skip
NAMES = ["Ärger", "arger", "レガ", "ﾚｶﾞ", "STRASSE", "straße", "a=b", "x & y", " ", "", "10", "9"]
HOSTILE = ["=1+1", "@x", "\t=2", "-5", "+33 6 12", "'", "'=a", "a\nb", 'q"q', "a|b", "\x1b[2J"]
"""Texts that programs could take for something else."""


def fields_of(random: Random) -> list[Field]:
    """A table of some fields of any types."""
    found = []
    for place, kind in enumerate(random.sample(TYPES, random.randrange(1, 6))):
        found.append(
            Field(
                id=100 + place,
                name=f"Field {place}",
                order=place,
                type={"moment": "date", "select": "shorttext"}.get(kind, kind),
                with_time=kind == "moment",
                choices=Choices(values=[Choice(value="a")]) if kind == "select" else None,
            )
        )
    return found


def cell_of(random: Random, field: Field) -> Cell | None:
    """A cell as a service might send it, now and then in another form than its field's."""
    if random.random() < 0.15:
        return random.choice([None, Cell(), Cell(value=""), Cell(value=[])])
    if random.random() < 0.1:
        return Cell(value=random.choice(["many", "Ü", 7, True]))
    kind = kind_of(field)
    day = date(2026, 1, 1 + random.randrange(9))
    value: Any
    match kind:
        case "integer":
            value = random.choice([random.randrange(-20, 20), str(random.randrange(20))])
        case "number":
            value = random.choice([random.randrange(-9, 9) / 4, str(random.randrange(9)), 3])
            return Cell(value=value, text=random.choice([None, f"{float(value):.2f}"]))
        case "boolean":
            value = random.choice([True, False, "1", 0])
        case "date":
            value = str(day)
        case "moment":
            value = f"{day} {random.randrange(24):02}:{random.randrange(60):02}:00"
        case "link":
            names = random.sample(NAMES, random.randrange(3))
            value = [{"row_id": n, "value": name} for n, name in enumerate(names)]
        case "files":
            value = [{"originName": "a"}] * random.randrange(4)
        case "comments" | "activity":
            value = {"total": random.randrange(4), "last": {}}
        case "other":
            value = {"a": random.randrange(4)}
        case _:
            value = random.choice(NAMES)
    return Cell(value=value)


def row_of(random: Random, row_id: int, fields: list[Field]) -> TableRow:
    cells = {field.id: cell_of(random, field) for field in fields}
    return TableRow(id=row_id, cells={key: cell for key, cell in cells.items() if cell is not None})


def rank(field: Field, row: TableRow) -> tuple[int, Any] | None:
    """By what a row stands in a column; None where there is nothing."""
    cell = row.cells.get(field.id)
    kind = kind_of(field)
    if kind in COUNTED:
        return (0, count_of(cell)) if count_of(cell) else None
    value = typed(field, cell)
    if value is None or value == "":
        return None
    of_kind = {
        "integer": (int, Decimal), "number": (int, Decimal), "boolean": (bool,), "date": (date,),
        "moment": (datetime,),
    }  # fmt: skip
    if isinstance(value, of_kind.get(kind, ())):
        return (0, value)
    text = fold(cell_text(field, cell, ZONE))
    return (1, text) if text or kind != "link" else None


def filled(random: Random, count: int) -> OneTable:
    """A service with rows."""
    table = OneTable(fields_of(random), random)
    for row_id in range(1, count + 1):
        table.put(row_of(random, row_id, table.fields))
    return table


def with_texts(random: Random, count: int) -> OneTable:
    """A table of any fields, with a text that programs could take for something else."""
    fields = [*fields_of(random), Field(id=99, name="Text", type="shorttext", order=9)]
    table = OneTable(fields, random)
    for row_id in range(1, count + 1):
        row = row_of(random, row_id, fields)
        cells = {**row.cells, 99: Cell(value=random.choice(HOSTILE))}
        table.put(TableRow(id=row_id, cells=cells))
    return table


async def kept_of(table: OneTable) -> KeptRows:
    """All rows of a table, kept in memory."""
    kept = kept_nowhere(table, ZONE)
    assert await kept.gather(silent)
    return kept


def silent(_read: int, _total: int | None) -> None:
    """Nobody hears how far it is."""
