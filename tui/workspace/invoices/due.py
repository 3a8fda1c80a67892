"""On which day a bill is due and whether it is late. The service has moments for days."""

from __future__ import annotations

from datetime import datetime, tzinfo

from tui.workspace.times import day_of, day_text, today_in


def days_late(due: datetime | None, where: tzinfo, now: datetime | None = None) -> int:
    """For how many days a bill is late: it is not before its due day is over in a zone."""
    return 0 if due is None else max(0, (today_in(where, now) - day_of(due, where)).days)


def meant_day_text(moment: datetime | None, where: tzinfo, now: datetime | None = None) -> str:
    """The day that a moment stands for, as that on which a bill is due; empty without one."""
    return "" if moment is None else day_text(day_of(moment, where), today_in(where, now))
