"""A summary as the service gives it: as a table, or, in another shape, as it came."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.workspace.books.service_pivots import summary_text

TOLD = {
    "columns": ["Done", "Open"],
    "rows": [
        {"name": "Petrel", "values": [1200, 0.5], "total": 1200.5},
        {"name": "x" * 99, "values": [None, 2], "total": 2},
    ],
    "totals": [1200, 2.5],
}


def test_a_summary_is_a_table() -> None:
    text = summary_text(TOLD)
    assert text is not None
    lines = text.split("\n")
    assert lines[0].split() == ["Done", "Open", "total"]
    assert lines[1].split() == ["Petrel", "1,200", "0.5", "1,200.5"]
    assert lines[2].startswith("x" * 30 + "  ")
    assert lines[3].split() == ["total", "1,200", "2.5"]


@pytest.mark.parametrize(
    "values", [None, [], {}, "x", 3, {**TOLD, "totals": [1]}, {**TOLD, "rows": [{"name": "a"}]}]
)
def test_another_shape_is_none(values: object) -> None:
    assert summary_text(values) is None


@given(st.recursive(st.none() | st.text() | st.integers(), lambda one: st.lists(one)))
def test_anything_may_come(values: object) -> None:
    summary_text({"columns": values, "rows": values, "totals": values})
