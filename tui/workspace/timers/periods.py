"""Periods of whole days, and the ones beside them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal, NamedTuple

Period = Literal["day", "week", "month", "own"]
"""`own` is any stretch of days that a person named."""
KINDS: tuple[Period, ...] = ("day", "week", "month")
"""Those that have a name of their own, the shortest first."""
ONE_DAY = timedelta(days=1)


class Span(NamedTuple):
    """A period of whole days in the person's own zone; `last` is its last day."""

    first: date
    last: date

    @classmethod
    def of(cls, period: Period, day: date) -> Span:
        """The day, the week from Monday, or the month that holds a day; an own one is a day."""
        if period == "week":
            monday = day - timedelta(days=day.weekday())
            return cls(monday, monday + timedelta(days=6))
        if period == "month":
            first = day.replace(day=1)
            return cls(first, _month_after(first) - ONE_DAY)
        return cls(day, day)

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    @property
    def period(self) -> Period:
        """What it is called: the day, week or month that it is, else an own one."""
        return next((kind for kind in KINDS if Span.of(kind, self.first) == self), "own")

    def beside(self, period: Period, steps: int) -> Span:
        """The period before (-1) or after (1) this one.

        An own one moves by as many days as it has, or by its months where it is whole ones.
        """
        edge = self.last + ONE_DAY if steps > 0 else self.first - ONE_DAY
        if period != "own":
            return Span.of(period, edge)
        months = self._whole_months()
        if not months:
            other = timedelta(days=self.days - 1)
            return Span(edge, edge + other) if steps > 0 else Span(edge - other, edge)
        if steps > 0:
            return Span(edge, _months_on(edge, months) - ONE_DAY)
        return Span(_months_on(self.first, -months), edge)

    def _whole_months(self) -> int:
        after = self.last + ONE_DAY
        if self.first.day != 1 or after.day != 1:
            return 0
        return (after.year - self.first.year) * 12 + after.month - self.first.month

    def within(self, other: Span) -> Span | None:
        """The days that both have; None where there is none."""
        first, last = max(self.first, other.first), min(self.last, other.last)
        return Span(first, last) if first <= last else None

    def parts(self, period: Period) -> list[Span]:
        """The days, weeks or months that it is made of, the outermost cut off at its ends."""
        found: list[Span] = []
        day = self.first
        while day <= self.last:
            whole = Span.of(period, day)
            found.append(Span(day, min(whole.last, self.last)))
            day = whole.last + ONE_DAY
        return found


def longer(period: Period) -> Period:
    """The next longer one, and after the longest, or an own one, the shortest."""
    place = KINDS.index(period) if period in KINDS else len(KINDS) - 1
    return KINDS[(place + 1) % len(KINDS)]


def _month_after(first: date) -> date:
    return _months_on(first, 1)


def _months_on(first: date, months: int) -> date:
    years, month = divmod(first.month - 1 + months, 12)
    return date(first.year + years, month + 1, 1)
