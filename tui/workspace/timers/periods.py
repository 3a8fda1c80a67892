"""Periods of whole days, and the ones beside them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Period = Literal["day", "week", "month"]


@dataclass(frozen=True)
class Span:
    """A period of whole days in the person's own zone; `last` is its last day."""

    first: date
    last: date

    @classmethod
    def of(cls, period: Period, day: date) -> Span:
        """The day, the week from Monday, or the month that holds a day."""
        if period == "day":
            return cls(day, day)
        if period == "week":
            monday = day - timedelta(days=day.weekday())
            return cls(monday, monday + timedelta(days=6))
        first = day.replace(day=1)
        after = (first + timedelta(days=32)).replace(day=1)
        return cls(first, after - timedelta(days=1))

    def beside(self, period: Period, steps: int) -> Span:
        """The period before (-1) or after (1) this one."""
        edge = self.last + timedelta(days=1) if steps > 0 else self.first - timedelta(days=1)
        return Span.of(period, edge)
