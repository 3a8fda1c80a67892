"""New rows that are read by column are what their cells are one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from tui.embedded.timetonic.writes import MOST_ROWS
from tui.services.errors import InvalidArgument
from tui.services.timetonic import Field
from tui.services.timetonic.table_records import Choice, Choices
from tui.services.timetonic.wire_values import wire_row
from tui.workspace.books.cells import sent_value
from tui.workspace.books.into.calls import LONGEST_CALL, batches
from tui.workspace.books.into.columnwise import Mapped, new_rows
from tui.workspace.books.into.plan import Plan
from tui.workspace.books.into.values import CellError, Links, Reading, linked_ids, read_cell
from tui.workspace.books.out.columns import columns_of
from tui.workspace.changes.arguments import as_data
from tui.workspace.connections.connections import EMBEDDED_ROWS

ZONE = ZoneInfo("Asia/Kolkata")
FIELDS = [
    Field(id=1, name="Text", type="shorttext"), Field(id=2, name="Long", type="mediumtext"),
    Field(id=3, name="Whole", type="int"), Field(id=4, name="Number", type="double"),
    Field(id=5, name="Day", type="date"), Field(id=6, name="At", type="date", with_time=True),
    Field(id=7, name="Yes", type="boolean"), Field(id=8, name="Boat", type="link"),
    Field(
        id=9, name="Kind", type="shorttext",
        choices=Choices(values=[Choice(value="Open"), Choice(value="Done")], strict=True),
    ),
]  # fmt: skip
LINKS = {8: Links.of([(70, "Sula"), (71, "Petrel"), (72, "Twin"), (73, "twin")])}
COLUMNS = [
    Mapped(place, next(one for one in FIELDS if one.id == column.field_id), column)
    for place, column in enumerate(columns_of(FIELDS, ZONE)[1:])
]
COLUMNS.sort(key=lambda one: one.column.kind == "ids")
CELLS = st.one_of(
    st.sampled_from([
        "", None, [], "7", "-7", "007", "-0", "1.50", "-0.0", "1,5", "1,234", "1.234", "1e3", "NaN",
        "9" * 20,
        "2026-12-31", "2026-02-30", "31/12/2026", "2026-1-5", "20261231", "２０２６-01-01", "yes",
        "2026-10-25 02:30:00+01:00", "2026-12-31 10:00:00", "2026-03-29T06:29:59+05:30", "Sula",
        "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z", "2026-12-31T10:00+05:30",
        "9999-12-31T23:59:00-05:00", "0001-01-01 00:00+14:00", "2026-12-31T10:00:00+25:00",
        "sula, petrel", "Twin", "70", "70, 71", "99", "Open", "done", "Maybe", " ", "a\x00b", "'=1",
        True, 7, 2.5, Decimal("2.50"), date(2026, 1, 2), datetime(2026, 1, 2, 3, 4, tzinfo=ZONE),
        ["Sula"],
        [{"row_id": 71}], "١٢", "1_000", "+5", "$5", " 7 ",
    ]),
    st.text(max_size=6),
)  # fmt: skip


def simply(row: Sequence[Any], reading: Reading) -> Mapping[str, Any] | str:
    """What is sent of a row, cell by cell; the title of the column that is wrong."""
    sent: dict[str, Any] = {}
    by_ids = {one.field.id for one in COLUMNS if one.column.kind == "ids" and row[one.place]}
    for place, field, column in COLUMNS:
        read = linked_ids if column.kind == "ids" else read_cell
        if row[place] in (None, "", []):
            continue
        try:
            value = read(field, row[place], reading)
            if value is not None:
                sent |= wire_row({field.id: sent_value(field, value)})
        except (CellError, InvalidArgument):
            if column.kind == "links" and field.id in by_ids:
                continue
            return column.title
    return sent


@given(
    st.lists(st.lists(CELLS, min_size=len(COLUMNS), max_size=len(COLUMNS)), max_size=5),
    st.sampled_from([None, "point", "comma"]),
)
@settings(max_examples=400, deadline=None)
def test_every_cell_is_what_it_is_by_itself(rows: list[list[Any]], decimal: Any) -> None:
    # A row again: what was remembered of its texts is what they are.
    rows = [*rows, *rows[:1]]
    reading = Reading(zone=ZONE, decimal=decimal, links=LINKS)
    made = [
        one if isinstance(one, dict) else one[0]
        for one in new_rows(
            COLUMNS, rows, reading, [*zip(*rows, strict=True)].__getitem__ if rows else lambda _: ()
        )
    ]
    assert made == [simply(row, reading) for row in rows]
    for one in made:
        assert isinstance(one, str) or as_data(one) == one == wire_row(one), "it is data already"


@given(
    st.lists(st.sampled_from([0, 5, LONGEST_CALL // 3, LONGEST_CALL * 2]), max_size=12),
    st.integers(0, 4),
    st.integers(1, 5),
    st.booleans(),
)
def test_no_call_has_more_than_it_bears(
    lengths: list[int], changed: int, size: int, is_data: bool
) -> None:
    rows = [{"1": "x" * length} for length in lengths]
    plan = Plan(changed=dict(enumerate(rows[:changed], 7)), new=rows[changed:], is_data=is_data)
    parts = list(batches(plan, size))
    assert [values for part in parts for values in part.values()] == rows
    names = [name for part in parts for name in part]
    assert names == [
        *(str(number) for number in plan.changed), *(f"tmp{n + 1}" for n in range(len(plan.new))),
    ]  # fmt: skip
    for part in parts:
        long = sum(len(values["1"]) for values in part.values())
        assert len(part) <= size
        assert long <= LONGEST_CALL or len(part) == 1


def test_a_call_has_no_more_rows_than_the_embedded_services_take() -> None:
    assert EMBEDDED_ROWS <= MOST_ROWS


@given(
    st.datetimes(*map(datetime.fromisoformat, ("0002-01-01", "9998-01-01")))
    | st.sampled_from([
        "2026-03-28 23:00", "2026-03-29 01:30", "2026-03-29 04:00", "2026-10-25 01:00",
        "2026-10-25 02:30", "2026-10-24 23:59", "1911-03-10 12:00", "1940-06-14 23:30",
        "1976-09-26 00:00",
    ]).map(datetime.fromisoformat),
    st.sampled_from(["", "Z", "+00:00", "+01:00", "+02:00", "-03:30", "+14:00", "-12:00"]),
    st.sampled_from(["Asia/Kolkata", "Europe/Paris", "America/New_York", "Asia/Beirut", "UTC"]),
)  # fmt: skip
@settings(max_examples=500, deadline=None)
def test_moments_of_a_column_are_what_each_is_by_itself(
    when: datetime, ahead: str, zone: str
) -> None:
    reading = Reading(zone=ZoneInfo(zone))
    text = f"{when.replace(microsecond=0).isoformat(' ')}{ahead}"
    column = next(one for one in COLUMNS if one.field.with_time)
    (made,) = new_rows([column], [[text] * 7], reading, lambda _: [text])
    try:
        value = read_cell(column.field, text, reading)
        wanted = wire_row({column.field.id: sent_value(column.field, value)})
    except (CellError, InvalidArgument):
        assert isinstance(made, tuple)
    else:
        assert made == wanted


@given(
    st.lists(
        st.sampled_from([
            "2026-01-05 10:00:00", "2026-01-05T10:00:00", "2026-01-05 23:59:59+00:00",
            "2026-01-05 23:59:59-03:00", "2026-W02-1 10:00:00", "20260105x 10:00:00",
            "2026-01-05 25:00:00", "2026-01-05 10:60:00", "2026-01-05x10:00:00",
            "2026-01-05 10:00", "2026-01-05", "2026-01-05 10:00:00.5", "2026-01-05 10:00:00+0100",
            "2026-02-30 10:00:00", "2026-03-29 02:30:00", "2026-10-25 02:30:00", "noon", "",
        ]),
        max_size=6,
    ),
    st.sampled_from(["Europe/Paris", "America/New_York"]),
)  # fmt: skip
@settings(deadline=None)
def test_odd_moments_among_others_are_what_each_is_by_itself(texts: list[str], zone: str) -> None:
    reading = Reading(zone=ZoneInfo(zone))
    column = next(one for one in COLUMNS if one.field.with_time)
    alone = [new_rows([column], [[one]], reading, lambda _, one=one: [one]) for one in texts]
    together = new_rows([column], [[one] for one in texts], reading, lambda _: texts)
    assert together == [made for (made,) in alone]
    for text, made in zip(texts, together, strict=True):
        try:
            value = read_cell(column.field, text, reading)
            sent = {column.field.id: sent_value(column.field, value)}
            wanted = {} if value is None else wire_row(sent)
        except (CellError, InvalidArgument):
            assert isinstance(made, tuple)
        else:
            assert made == wanted
