"""The columns of a report have room for the sums of years."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from tui.screens.timers.report import Reading, View
from tui.widgets.grid_model import Cell
from tui.workspace.timers.periods import Span
from tui.workspace.timers.reckoning.rounding import EXACT
from tui.workspace.timers.timers import Block, Report


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("view", ["table", "trackers", "days"])
def test_a_sum_of_years_is_whole(view: View, width: int) -> None:
    """Of a year it was `4252:…`, in the line of the tracker and in that of all."""
    begin, length = datetime(2023, 1, 1, 1, tzinfo=UTC), timedelta(hours=20)
    starts = [begin + timedelta(days=one) for one in range(3 * 365)]
    blocks = [
        Block(id=number, tracker_id=1, time_in=start, time_out=start + length, total=72000)
        for number, start in enumerate(starts, 1)
    ]
    reading = Reading(
        Report(blocks=blocks), None, UTC, date(2026, 1, 1), width=width, rounding=EXACT,
        now=datetime(2026, 1, 1, tzinfo=UTC), span=Span(date(2023, 1, 1), date(2025, 12, 31)),
    )  # fmt: skip
    columns, source = reading.columns(view), reading.source(view)
    assert source.total
    seen = set()
    for place in range(source.total):
        row = source.row(place)
        assert row is not None
        for column, cell in zip(columns, row, strict=True):
            text = cell.text if isinstance(cell, Cell) else f"{cell}"
            seen.add(text)
            if column.kind == "number":
                assert len(text) <= (column.width or 0), (column.key, text)
    assert ("20:00" if view == "days" else "21900:00") in seen
