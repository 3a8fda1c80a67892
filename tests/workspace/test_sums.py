"""Sums of hours agree with the rows above them, or say that those are rounded."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tui.screens.timers.report import Reading
from tui.widgets.grid_model import Cell
from tui.workspace.sums import ROUNDED, span_total
from tui.workspace.timers.periods import Span
from tui.workspace.timers.reckoning.rounding import EXACT
from tui.workspace.timers.timers import Block, Report
from tui.workspace.times import column_text


def seconds_of(text: str) -> int:
    """`7:05` and `40 s` as seconds."""
    if text.endswith(" s"):
        return int(text.removesuffix(" s"))
    hours, _, rest = text.partition(":")
    return int(hours) * 3600 + int(rest) * 60


def test_rows_without_their_seconds_may_not_come_to_the_sum() -> None:
    assert span_total([3600, 1800]) == "1:30 h"
    assert span_total([90, 90]) == f"0:03 h{ROUNDED}"
    assert span_total([40, 40]) == "0:01 h", "which 80 s are, without the seconds"
    assert span_total([40]) == "40 s"
    assert span_total([]) == "0:00 h"


@given(st.lists(st.integers(0, 100_000), max_size=30))
def test_what_is_said_about_a_sum_of_hours_is_so(seconds: list[int]) -> None:
    said = span_total(seconds)
    rows = sum(seconds_of(column_text(one)) for one in seconds)
    sum_said = seconds_of(said.removesuffix(ROUNDED).removesuffix(" h"))
    assert (rows // 60 == sum_said // 60) == (ROUNDED not in said)


def test_every_view_of_the_report_is_summed_as_it_is_shown() -> None:
    begin = datetime(2026, 3, 12, 8, tzinfo=UTC)

    def block(
        number: int, tracker: int, seconds: int, *, ago: int = 0, free: bool = False
    ) -> Block:
        start = begin + timedelta(hours=number) - timedelta(days=ago)
        end = start + timedelta(seconds=seconds)
        return Block(
            id=number, tracker_id=tracker, time_in=start, time_out=end, total=seconds, free=free
        )

    blocks = [
        block(1, 1, 90),
        block(2, 1, 90),
        block(3, 2, 60, ago=1),
        block(4, 2, 3600, free=True),
    ]
    day = date(2026, 3, 12)
    reading = Reading(
        Report(blocks=blocks), None, UTC, day, width=120, now=begin + timedelta(days=1),
        span=Span(day - timedelta(days=1), day), rounding=EXACT,
    )  # fmt: skip
    assert reading.total("blocks") == f"0:04 h{ROUNDED}", "0:01, 0:01 and 0:01 stand there"
    assert reading.total("trackers") == reading.total("days") == "0:04 h"
    for view in ("trackers", "days"):
        source = reading.source(view)
        cells = [source.row(place)[1] for place in range(source.total or 0)]  # type: ignore[index]
        shown = [cell.text if isinstance(cell, Cell) else str(cell) for cell in cells]
        assert sum(map(seconds_of, shown)) == 240
