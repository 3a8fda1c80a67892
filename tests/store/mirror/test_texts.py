"""What a search looks in is every text of a record folded, however it was come by."""

from __future__ import annotations

from datetime import date
from typing import get_args

from hypothesis import given, settings
from hypothesis import strategies as st

from tui.store.folding import folded
from tui.store.mirror.shape import (
    Batch,
    Column,
    Compared,
    Kind,
    Record,
    Shape,
    Value,
    key_of,
    keys_of,
    prepared,
)

words = st.text(st.sampled_from("aÀéßıøŒ帆ガが\u0301\n ,1"), max_size=6)
values: st.SearchStrategy[Value] = st.one_of(
    st.none(), words, st.integers(-3, 2**70), st.floats(), st.booleans(), st.dates()
)


@st.composite
def tables(draw: st.DrawFn) -> tuple[Shape, list[Record]]:
    kinds: list[Kind] = draw(st.lists(st.sampled_from(get_args(Kind)), max_size=4))
    shape = Shape(tuple(Column(str(place), kind) for place, kind in enumerate(kinds)))
    rows = draw(st.lists(st.tuples(*(values for _ in kinds)), max_size=4))
    records = []
    for number, row in enumerate(rows):
        shown = [str(value) for value in row if value not in (None, "") and draw(st.booleans())]
        records.append(Record(number, row, [*shown, *draw(st.lists(words, max_size=2))], b"{}"))
    return shape, records


@settings(max_examples=300, deadline=None)
@given(tables())
def test_texts_and_keys_are_those_of_each_record_by_itself(
    made: tuple[Shape, list[Record]],
) -> None:
    shape, records = made
    kinds = [column.kind for column in shape.columns]
    made = prepared(records, shape)
    assert made.texts == ["\n".join(folded(text) for text in one.texts) for one in records]
    assert made.keys == (
        [
            [key_of(kind, record.values[place]) for record in records]
            for place, kind in enumerate(kinds)
        ]
        if records
        else []
    )


@st.composite
def batches(draw: st.DrawFn) -> tuple[Shape, Batch, list[Record]]:
    """The same records by their columns and each by itself."""
    kinds: list[Kind] = draw(st.lists(st.sampled_from(get_args(Kind)), max_size=4))
    shape = Shape(tuple(Column(str(place), kind) for place, kind in enumerate(kinds)))
    many = range(draw(st.integers(0, 4)))
    columns: list[list[Value]] = []
    compared: list[Compared] = []
    shown: list[list[str]] = []
    for kind in kinds:
        as_it_is = kind == "text" and draw(st.booleans())
        column = [draw(st.one_of(st.none(), words) if as_it_is else values) for _ in many]
        read = [str(one or "") if as_it_is else draw(words) for one in column]
        columns.append(column)
        texts = [folded(text) if text else None for text in read]
        compared.append(Compared(keys_of(kind, column), texts))
        shown.append(read)
    batch = Batch(list(many), compared, [b"%d" % n for n in many])
    rows = [
        Record(n, [one[n] for one in columns], [one[n] for one in shown if one[n]], b"%d" % n)
        for n in many
    ]
    return shape, batch, rows


@settings(max_examples=300, deadline=None)
@given(batches())
def test_records_by_their_columns_are_those_by_themselves(
    made: tuple[Shape, Batch, list[Record]],
) -> None:
    shape, batch, records = made
    found, expected = prepared(batch, shape), prepared(records, shape)
    assert found.ids == expected.ids
    assert found.texts == expected.texts
    assert found.payloads == expected.payloads
    assert found.keys == (expected.keys if records else [[] for _ in shape.columns])


def test_a_value_that_equals_a_text_of_another_column_is_not_taken_for_it() -> None:
    shape = Shape((Column("a", "text"), Column("b", "date")))
    record = Record(1, ["Été", date(2026, 7, 9)], ["Été", "2026-07-09", "ÉTÉ"], b"{}")
    made = prepared([record], shape)
    assert made.texts == ["ete\n2026-07-09\nete"]
    assert made.keys[0] == ["ete"]
