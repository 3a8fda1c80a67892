"""Times: zones and their clocks, what a person types, how times are shown."""

from __future__ import annotations

from tui.workspace.times.lengths import UnclearLength, read_span
from tui.workspace.times.reader import (
    Stretch,
    read_clock,
    read_day,
    read_moment,
    read_when,
)
from tui.workspace.times.texts import (
    age_text,
    clock,
    column_text,
    day_text,
    length_text,
    local_text,
    moment_text,
    running_text,
    span_text,
    stretch_text,
    typed_moment,
    whole_text,
)
from tui.workspace.times.zones import (
    HourError,
    TimeTextError,
    at_clock,
    day_of,
    end_of_day,
    is_after,
    later,
    midnight_utc,
    moments_of,
    start_of_day,
    today_in,
    zone,
)

__all__ = [
    "HourError",
    "Stretch",
    "TimeTextError",
    "UnclearLength",
    "age_text",
    "at_clock",
    "clock",
    "column_text",
    "day_of",
    "day_text",
    "end_of_day",
    "is_after",
    "later",
    "length_text",
    "local_text",
    "midnight_utc",
    "moment_text",
    "moments_of",
    "read_clock",
    "read_day",
    "read_moment",
    "read_span",
    "read_when",
    "running_text",
    "span_text",
    "start_of_day",
    "stretch_text",
    "today_in",
    "typed_moment",
    "whole_text",
    "zone",
]
