"""What a person's hours come to before the service reckons it: by hourly rate, or a schedule's.

The document says that a rate is a user's in a schedule, and not when a schedule holds. Assumption:
where the entry begins on the clocks here, on the schedule's days and within its hours; of several
the one that was made first; a day is 8 hours of work, a week 5 days, a month 4 weeks, a year 12
months. What counts is what the service reckons: of an entry that it has, by the schedule that it
says, since nobody knows by which clock it looks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from tui.services.timesheets.records import Rate, Schedule, TimeEntry
from tui.workspace.invoices.amounts import digits_of

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
HOURS: Mapping[str, Decimal] = {
    "minutes": Decimal(1) / 60,
    "hours": Decimal(1),
    "days": Decimal(8),
    "weeks": Decimal(40),
    "months": Decimal(160),
    "years": Decimal(1920),
}
"""Hours of work in a unit that a rate is for."""


class Prices(NamedTuple):
    """The rates of one person."""

    hourly: Decimal | None = None
    special: Sequence[tuple[Schedule, Rate]] = ()
    told: bool = False
    """Whether entries say under which schedule they fall."""

    def rate(self, begin: datetime, where: tzinfo) -> Decimal | None:
        """Money for an hour of what begins then; None where nobody knows."""
        return self._first(lambda one: _covers(one, begin.astimezone(where)))

    def rate_of(self, entry: TimeEntry) -> Decimal | None:
        """The same for what the service has: by the schedule that it says, whatever its clock."""
        return self._first(lambda one: one.id == entry.schedule_id)

    def _first(self, holds: Callable[[Schedule], bool]) -> Decimal | None:
        for schedule, rate in self.special:
            hours = HOURS.get(rate.duration_unit)
            if rate.amount is not None and hours and holds(schedule):
                return rate.amount / hours
        return self.hourly or None


def cost(rate: Decimal, seconds: int, currency: str) -> Decimal:
    """What so many seconds come to in whole smallest units of a currency, half of one up."""
    unit = Decimal(1).scaleb(-digits_of(currency))
    return (rate * seconds / 3600).quantize(unit, ROUND_HALF_UP)


def _covers(schedule: Schedule, at: datetime) -> bool:
    """Whether a schedule holds at a time on the clock; nobody knows which days are holidays."""
    if schedule.is_holiday:
        return False
    time, days = f"{at:%H:%M}", schedule.days_of_week
    today, yesterday = (days.get(_DAYS[(at.weekday() - back) % 7], False) for back in (0, 1))
    if not schedule.is_overnight:
        return today and schedule.start_time <= time <= schedule.end_time
    return (today and time >= schedule.start_time) or (yesterday and time <= schedule.end_time)
