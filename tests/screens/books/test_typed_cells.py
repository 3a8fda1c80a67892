"""Every type of field, named in a document or not: shown, never lost, typed and copied exactly."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.screens.books.cells import READ_ONLY, TableSource, columns_of
from tui.screens.books.in_place import TYPED
from tui.screens.books.typed_cells import (
    TextRefused,
    form_field_of,
    typed_text,
    value_typed,
    written_text,
)
from tui.services.timetonic import Cell, Field, TableRow, display
from tui.services.timetonic.table_records import Choice, Choices
from tui.widgets.grid_model import Cell as Shown
from tui.workspace.books.bulk import copies_of, plan_of, written_meanwhile
from tui.workspace.books.cells import (
    COUNTED,
    cell_of,
    is_secret,
    kind_of,
    sent_value,
    typed,
    why_not_writable,
)

NAMED = [
    "shorttext", "mediumtext", "longtext", "email", "phone", "url", "int", "double", "boolean",
    "date", "link", "file", "files", "comments", "activity",
]  # fmt: skip
OTHERS = [
    "user", "image", "signature", "location", "formula", "lookup", "smarttext", "autonumber",
    "password", "encrypted", "",
]  # fmt: skip
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | TEXTS,
    lambda some: st.lists(some, max_size=3) | st.dictionaries(TEXTS, some, max_size=3),
    max_leaves=6,
)
DAYS = st.dates(date(1970, 1, 2), date(2200, 1, 1))
LINKS = st.lists(st.tuples(st.integers(1, 99), TEXTS.filter(bool)), max_size=3)


@st.composite
def fields(draw: st.DrawFn) -> Field:
    kind = draw(st.sampled_from(NAMED) | st.sampled_from(OTHERS) | TEXTS)
    choices = draw(st.lists(TEXTS.filter(bool), max_size=3))
    return Field(
        id=7, name=draw(TEXTS), type=kind, with_time=draw(st.booleans()),
        number_language=draw(st.sampled_from([None, "fr", "en", "de_CH"])),
        choices=Choices(values=[Choice(value=one) for one in choices])
        if choices and kind == "shorttext" else None,
    )  # fmt: skip


@st.composite
def values(draw: st.DrawFn, field: Field) -> Any:
    """A value as the service has it for a field, or something that no document names."""
    match kind_of(field):
        case "integer":
            return draw(st.integers(-(10**12), 10**12))
        case "number":
            return str(draw(st.decimals(-(10**9), 10**9, places=3)))
        case "boolean":
            return draw(st.booleans())
        case "date":
            return f"{draw(DAYS)}"
        case "moment":
            return f"{draw(DAYS)} {draw(st.integers(3, 22)):02}:30:00"
        case "link":
            return [{"row_id": row, "value": name} for row, name in draw(LINKS)]
        case "other" | "files" | "comments" | "activity":
            return draw(JSON)
    return draw(TEXTS)


@pytest.mark.parametrize(
    ("value", "text"),
    [("1.000", "1,0"), ("1.25", "1,25"), ("-12.345", "-12,3450"), ("1.2340", "1,2340"), ("7", "7")],
)
def test_a_number_with_a_comma_is_no_thousand(value: str, text: str) -> None:
    field = Field(id=1, name="n", type="double", number_language="fr")
    form_field = form_field_of(field, default=Decimal(value))
    assert typed_text(form_field, UTC) == text
    assert value_typed(field, form_field, text, UTC) == Decimal(value)


@pytest.mark.parametrize(
    ("field", "typed", "reads"),
    [
        (Field(id=1, name="n", type="int"), "099", "99"),
        (Field(id=1, name="n", type="double", number_language="fr"), "007,50", "7,50"),
        (Field(id=1, name="d", type="date"), "1.2.2027", "2027-02-01"),
        (Field(id=1, name="t", type="shorttext"), "099", "099"),
        (Field(id=1, name="b", type="boolean"), "yes", "yes"),
        (Field(id=1, name="l", type="link"), "Skua", "Skua"),
    ],
)
def test_what_is_on_its_way_reads_as_a_value(field: Field, typed: str, reads: str) -> None:
    value: Any = True if field.type == "boolean" else [{"row_id": 1, "value": typed}]
    if kind_of(field) in TYPED:
        value = value_typed(field, form_field_of(field), typed, UTC)
    assert written_text(field, value, typed, UTC) == reads
    assert written_text(field, None, "", UTC) == ""


@given(st.data())
@settings(deadline=None)
def test_any_type_is_shown_typed_and_copied_as_it_is(data: st.DataObject) -> None:
    field = data.draw(fields())
    title = Field(id=1, name="Name", type="shorttext")
    cell = Cell(value=data.draw(values(field)))
    row = TableRow(id=3, cells={1: Cell(value="x"), 7: cell})
    # Shown: something stands there wherever the service has something to read.
    source = TableSource([title, field], UTC, total=1, page_size=10)
    source.put_page(0, {0: row})
    shown = source.row(0)
    assert shown is not None
    if kind_of(field) not in (*COUNTED, "boolean", "link") and display(cell).strip():
        assert isinstance(shown[1], Shown)
        assert shown[1].text
    # Copied: what takes a value holds the same in the copy; nothing else is sent.
    (copy,) = copies_of([row], [title, field]).new
    value = typed(field, cell)
    taken = not why_not_writable(field) and not is_secret(field)
    assert ("7" in copy) is (taken and sent_value(field, value) not in ("", None, []))
    if "7" in copy:
        assert typed(field, cell_of(copy["7"])) == value
    # Set to what it holds, nothing is sent and nobody has changed it.
    if taken:
        assert plan_of([(row, {7: value})], [field]).nothing
        other = TableRow(id=3, cells={7: Cell()})
        plan = plan_of([(other, {7: value})], [field])
        assert written_meanwhile(plan, [other], [], [field]) == {}
        assert bool(written_meanwhile(plan, [row], [], [field])) is bool(plan.changed)
    # Typed in its place, the text of a value is that value again.
    lines = isinstance(value, str) and ("\n" in value or "\r" in value)
    if taken and kind_of(field) in TYPED and not lines and value is not None:
        form_field = form_field_of(field, default=value)
        text = typed_text(form_field, UTC)
        again = value_typed(field, form_field, text, UTC) if text.strip() else value
        assert again == value


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        (Field(id=1, name="n", type="double"), "1,5", Decimal("1.5")),
        (Field(id=1, name="n", type="double", number_language="fr"), "1.5", Decimal("1.5")),
        (Field(id=1, name="n", type="double", number_language="fr"), "1.250", None),
        (Field(id=1, name="n", type="double"), "1,250", None),
        (Field(id=1, name="n", type="int"), "1.5", None),
        (Field(id=1, name="n", type="int"), "12 boats", None),
        (Field(id=1, name="n", type="shorttext", required=True), " ", None),
        (Field(id=1, name="d", type="date"), "2026-11-30", date(2026, 11, 30)),
        (Field(id=1, name="d", type="date"), "31 Feb", None),
        (
            Field(id=1, name="d", type="date", with_time=True),
            "2026-11-30 14:00",
            datetime(2026, 11, 30, 14, tzinfo=UTC),
        ),
    ],
)
def test_what_is_typed_is_that_or_refused(field: Field, text: str, value: object) -> None:
    form_field = form_field_of(field)
    if value is None:
        with pytest.raises(TextRefused, match=r"\w"):
            value_typed(field, form_field, text, UTC)
    else:
        assert value_typed(field, form_field, text, UTC) == value


def test_only_columns_into_which_nothing_can_be_put_are_marked() -> None:
    fields = [
        Field(id=number, name=kind, type=kind, read_only=read_only)
        for number, (kind, read_only) in enumerate(
            (kind, read_only)
            for kind in ("shorttext", "files", "comments", "activity")
            for read_only in (False, True)
        )
    ]
    marked = [one.title.endswith(READ_ONLY) for one in columns_of(fields)]
    assert marked == [False, True, False, True, False, True, True, True]
