"""Times: zones and their clocks, what a person types, how times are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tui.workspace.times.lengths import UnclearLength, read_span
from tui.workspace.times.texts import (
    age_text,
    clock,
    clock_off_text,
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
    same_clocks,
    start_of_day,
    today_in,
    zone,
)

if TYPE_CHECKING:
    from tui.workspace.times.nearest import read_nearest
    from tui.workspace.times.reader import (
        Stretch,
        begins_month,
        month_named,
        read_clock,
        read_day,
        read_moment,
        read_when,
    )

__all__ = [
    "HourError",
    "Stretch",
    "TimeTextError",
    "UnclearLength",
    "age_text",
    "at_clock",
    "begins_month",
    "clock",
    "clock_off_text",
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
    "month_named",
    "read_clock",
    "read_day",
    "read_moment",
    "read_nearest",
    "read_span",
    "read_when",
    "running_text",
    "same_clocks",
    "span_text",
    "start_of_day",
    "stretch_text",
    "today_in",
    "typed_moment",
    "whole_text",
    "zone",
]


def __getattr__(name: str) -> Any:
    """What reads typed times is imported when something of it is first asked for: what only shows
    times, as a status bar does, has no need of it.
    """
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from tui.workspace.times import nearest, reader

    home = nearest if name == "read_nearest" else reader
    found = globals()[name] = getattr(home, name)
    return found
