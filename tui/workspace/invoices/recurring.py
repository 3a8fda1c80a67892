"""On which days an invoice that recurs is due, and what of that a person has not dealt with. Pure.

Days are counted from the first one and not from the one before: of the 31st there is the last day
of a shorter month, and the 31st again after it.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from tui.store.papers import PeriodKey, Recurring
from tui.words import counted

__all__ = [
    "Period",
    "Recurring",
    "day_at",
    "due",
    "next_day",
    "period_text",
    "periods",
    "rhythm",
]


@dataclass(frozen=True)
class Period:
    """One time that an invoice is due: on `day`, for the work from `first` to `last`."""

    recurring: Recurring
    day: date
    first: date

    @property
    def last(self) -> date:
        """The day before the due day: what is worked on the due day is of the next."""
        return self.day - timedelta(days=1)

    @property
    def key(self) -> PeriodKey:
        """By what it is known whether it was dealt with."""
        return PeriodKey(self.recurring.id, self.day)


def day_at(one: Recurring, place: int) -> date:
    """The due day at a place, 0 being the first. Raises OverflowError beyond the calendar."""
    steps = place * one.every
    if one.unit == "weeks":
        return one.first + timedelta(weeks=steps)
    years, month = divmod(one.first.year * 12 + one.first.month - 1 + steps, 12)
    if not date.min.year <= years <= date.max.year:
        raise OverflowError(f"the year {years}")
    return date(years, month + 1, min(one.first.day, monthrange(years, month + 1)[1]))


def periods(one: Recurring, until: date) -> Iterator[Period]:
    """Every period that is due up to a day, oldest first; the work of one joins the next's."""
    place = 0
    try:
        before, day = day_at(one, -1), one.first
        while day <= until and (one.last is None or day <= one.last):
            yield Period(one, day, before)
            place += 1
            before, day = day, day_at(one, place)
    except OverflowError:
        return


def due(one: Recurring, today: date, settled: Collection[PeriodKey]) -> list[Period]:
    """What is due and not dealt with, oldest first."""
    return [
        period
        for period in periods(one, today)
        if period.key not in settled and (one.since is None or one.since <= period.day)
    ]


def next_day(one: Recurring, today: date) -> date | None:
    """The next due day after today; None where there is none any more."""
    try:
        if one.first > today:
            found = one.first
        else:
            place = sum(1 for _ in periods(one, today))
            found = day_at(one, place)
    except OverflowError:
        return None
    return None if found <= today or (one.last is not None and found > one.last) else found


def rhythm(one: Recurring) -> str:
    """How often, in words: `every month`, `every 2 weeks`."""
    noun = one.unit.removesuffix("s")
    return f"every {noun}" if one.every == 1 else f"every {counted(one.every, noun)}"


def period_text(period: Period) -> str:
    """A due day, and the days whose work it bills."""
    of_work = f", work of {period.first} to {period.last}" if period.recurring.work else ""
    return f"{period.day}{of_work}"
