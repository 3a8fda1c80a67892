"""What a search looks in is every text of a record folded, however it was come by."""

from __future__ import annotations

from datetime import date
from typing import get_args

from hypothesis import given, settings
from hypothesis import strategies as st

from tui.store.folding import folded
from tui.store.mirror.rows import prepared
from tui.store.mirror.shape import Column, Kind, Record, Shape, Value, key_of

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
    assert prepared(records, shape) == [
        (
            "\n".join(folded(text) for text in record.texts),
            tuple(key_of(kind, value) for kind, value in zip(kinds, record.values, strict=True)),
        )
        for record in records
    ]


def test_a_value_that_equals_a_text_of_another_column_is_not_taken_for_it() -> None:
    shape = Shape((Column("a", "text"), Column("b", "date")))
    record = Record(1, ["Été", date(2026, 7, 9)], ["Été", "2026-07-09", "ÉTÉ"], b"{}")
    ((text, keys),) = prepared([record], shape)
    assert text == "ete\n2026-07-09\nete"
    assert keys[0] == "ete"
