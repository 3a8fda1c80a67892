"""What the look at a file says of each row is what the service then does with it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from tests.workspace.changes.timetonic.tables import field_of, open_table
from tui.services.errors import ProtocolViolation, Refused
from tui.services.timetonic import Cell, Field, TableRow
from tui.services.timetonic.cell_values import value_of
from tui.services.timetonic.wire_values import PARIS, wire_value
from tui.workspace.books.brought import bring_up
from tui.workspace.books.cells import kind_of, sent_value, why_not_writable
from tui.workspace.books.into.bring import Wanted, links_of, plan_sheet, send
from tui.workspace.books.into.plan import Plan
from tui.workspace.books.into.sheets import Sheet
from tui.workspace.books.kept_rows import KeptRows
from tui.workspace.books.out.columns import titles_of
from tui.workspace.workspace import Workspace

ANY: list[Any] = [
    "", " ", "x", "\x00", "\x1b[31m", "a\r\nb", "é" * 255, "x" * 256, "😀" * 255, "x" * 65_535,
    "x" * 65_536, "0", "-0.0", "1e3", "1e40", "1e41", "9007199254740992", "9007199254740993",
    "-9007199254740993", "0.1234567890123456789", "33.3333333333333333", "0.1", "1" * 18,
    "1.000000000000000000", "yes", "unchecked", "a@b.c", "not mail", "+33 1 23", "call me",
    "example.org", "no page", "2026-02-28", "0001-01-01", "9999-12-31", "0000-00-00",
    "2026-03-29 02:30", "2026-10-25 02:30:00+01:00", "2026-12-31 10:00:00.5", "1960-01-01 00:00",
    "0001-01-01 00:00:00Z", "9999-12-31 23:59:59", "Done", "done", "Low", "Never heard",
    7, 2**53, 2**53 + 1, 0.1, 1e300, Decimal("2.50"), Decimal("0.12345678901234567"), True,
    date(2026, 1, 2), datetime(2026, 1, 2, 3, 4, 5, 600, tzinfo=UTC),
    datetime(2026, 1, 2, tzinfo=UTC), datetime.fromisoformat("2026-01-02 03:04"),
    datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC),
    datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))), ["x"], [{"row_id": 999_999_999}],
]  # fmt: skip


async def looked_at(
    workspace: Workspace, titles: list[str], rows: list[list[Any]], **wanted: Any
) -> tuple[KeptRows, Plan]:
    place, _ = await open_table(workspace)
    kept = workspace.books.rows.mirrored(place, None, workspace.zone)
    await bring_up(workspace.books.rows, kept, None, lambda _read, _of: None)
    sheet = Sheet("a sheet", titles, [*enumerate(rows, 2)])
    links = await links_of(workspace.books.rows, kept, titles)
    plan, _ = await plan_sheet(kept, sheet, Wanted(**wanted), workspace.zone, links)
    return kept, plan


@pytest.mark.parametrize("seed", [1, 2])
async def test_what_the_look_lets_through_is_taken_and_read_back_as_it_is_or_as_it_was_told(
    workspace: Workspace, seed: int
) -> None:
    random = Random(seed)
    place, values = await open_table(workspace)
    titles = {
        title: field
        for title, field in zip(titles_of(values.fields), values.fields, strict=True)
        if not why_not_writable(field)
    }
    boats = [*(await workspace.books.rows.link_choices(place, field_of(values, "Boat"))).rows]
    one, other = boats[0].text, boats[1].text
    links = [one, f"{one}, {one}", f"{one}, {other}"]
    # Each column has each cell once: in a row that is there, or in a new one.
    cases = [(title, raw) for title in titles for raw in (*ANY, *links)]
    random.shuffle(cases)
    there = [row.id for row in values.rows]
    rows: list[list[Any]] = []
    for number, (title, raw) in enumerate(cases):
        row_id = there[number] if number < len(there) else None
        cells: dict[str, Any] = {"Task": f"Case {number}"} | {title: raw}
        rows.append([row_id, *(cells.get(one) for one in titles)])
    kept, plan = await looked_at(workspace, ["row id", *titles], rows, dates="dmy", decimal="point")
    assert plan.changed
    assert plan.new
    assert plan.failed
    sent = await send(
        workspace.history, workspace.books.rows, kept, plan, rows_a_call=100, group="dry"
    )
    assert sent.refused == ()
    after = {row.id: row for row in await all_rows_of(workspace)}
    by_task = {str(row.cells[titles["Task"].id].value): row for row in after.values()
               if titles["Task"].id in row.cells}  # fmt: skip
    lost = {(one.line, one.column) for one in plan.lost}
    checked = 0
    for name, line in plan.lines.items():
        row_sent = (
            plan.new[int(name[3:]) - 1] if name.startswith("tmp") else plan.changed[int(name)]
        )
        row = after[int(name)] if name.isdecimal() else by_task[row_sent[str(titles["Task"].id)]]
        for title, field in titles.items():
            if str(field.id) not in row_sent:
                continue
            read = as_read(field, row.cells[field.id])
            if read is None:
                continue
            same = read == as_sent(field, row_sent[str(field.id)])
            odd = field.type in ("email", "phone", "url")
            told = (line, title) in lost
            clock = kind_of(field) in ("date", "moment") and told
            assert same is (not told or odd or clock), (title, row_sent[str(field.id)], read)
            checked += 1
    assert checked > len(cases) / 3


async def all_rows_of(workspace: Workspace) -> list[TableRow]:
    place, _ = await open_table(workspace)
    client = await workspace.books.rows.client()
    values = await client.get_table_values(place.table.id, max_rows=10_000)
    return list(values.rows)


def as_read(field: Field, cell: Cell) -> Any:
    try:
        return as_sent(field, value_of(field, cell))
    except ProtocolViolation:
        # A time at an end of the calendar is none everywhere: it stays as it was sent.
        return cell.value if isinstance(cell.value, str) else None


def as_sent(field: Field, value: Any) -> Any:
    """A value in a form in which what was sent and what is read can be compared."""
    value = sent_value(field, value)
    if isinstance(value, list):
        return [one["row_id"] for one in value]
    if kind_of(field) == "number":
        return Decimal(str(value))
    if isinstance(value, datetime):
        return value.astimezone(PARIS).replace(tzinfo=None).isoformat(" ", "seconds")
    return wire_value(value)


async def test_what_the_look_refuses_for_its_length_or_size_the_service_refuses_too(
    workspace: Workspace,
) -> None:
    place, values = await open_table(workspace)
    client = await workspace.books.rows.client()
    found = 0
    for one in values.fields:
        most, length = one.limits.largest, one.limits.length
        if why_not_writable(one) or kind_of(one) == "select" or not (most or length):
            continue
        for beyond in (0, 1):
            raw = "7" * (length + beyond) if length else most + beyond
            row = {"Task": "Case", one.name: raw}
            _, plan = await looked_at(workspace, [*row], [[*row.values()]])
            sent = {field_of(values, name).id: value for name, value in row.items()}
            assert len(plan.failed) == beyond, (one.name, plan.failed)
            try:
                await client.create_or_update_table_rows({"tmp1": sent}, cat_id=place.table.id)
            except Refused:
                assert beyond, one.name
            else:
                assert not beyond, one.name
            found += 1
    assert found >= 10
