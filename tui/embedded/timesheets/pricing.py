"""What worked time costs: exact decimal arithmetic, no store.

Assumptions, because the documents only say "full cost (with minus breaks)":
a rate applies when it belongs to the entry's user and schedule, otherwise the user's hourly
rate; a day is 8 hours of work, a week 5 days, a month 4 weeks, a year 12 months; each entry is
rounded to cents, half up, so that the sum over entries is the same however they are grouped.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from decimal import ROUND_HALF_UP, Decimal, localcontext

UNIT_SECONDS: Mapping[str, int] = {
    "minutes": 60,
    "hours": 3600,
    "days": 8 * 3600,
    "weeks": 5 * 8 * 3600,
    "months": 4 * 5 * 8 * 3600,
    "years": 12 * 4 * 5 * 8 * 3600,
}

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Price:
    """Money for each unit of time."""

    amount: Decimal
    unit: str = "hours"


@dataclass(frozen=True)
class Shift:
    """When a schedule applies: days as bits, Monday lowest; times as HH:MM, both included."""

    id: int
    days: int
    start: str
    end: str
    is_overnight: bool
    is_holiday: bool

    def covers(self, moment: int, zone: tzinfo) -> bool:
        """Whether a moment (Unix seconds, read on the zone's clocks) lies within.

        An overnight shift ends on the day after the one that it is named for. There is no
        calendar of holidays, so a holiday schedule is never chosen by the clock (assumption).
        """
        if self.is_holiday:
            return False
        at = datetime.fromtimestamp(moment, zone)
        clock = at.strftime("%H:%M")
        today, yesterday = at.weekday(), (at.weekday() - 1) % 7
        if not self.is_overnight:
            return bool(self.days >> today & 1) and self.start <= clock <= self.end
        evening = bool(self.days >> today & 1) and clock >= self.start
        morning = bool(self.days >> yesterday & 1) and clock <= self.end
        return evening or morning


def shift_at(shifts: Iterable[Shift], priced: set[int], moment: int, zone: tzinfo) -> int | None:
    """The schedule of an entry that starts at a moment: one the user has a rate for if there
    is such a one, otherwise the one made first."""
    fitting = sorted((s.id not in priced, s.id) for s in shifts if s.covers(moment, zone))
    return fitting[0][1] if fitting else None


def cost(seconds: int, price: Price) -> Decimal:
    """The price of worked seconds in whole cents, half a cent up."""
    with localcontext() as arithmetic:
        arithmetic.prec = 60
        exact = Decimal(seconds) * price.amount / Decimal(UNIT_SECONDS[price.unit])
        return exact.quantize(CENT, ROUND_HALF_UP)


def hours(seconds: int) -> Decimal:
    """Seconds as hours with two decimals."""
    return (Decimal(seconds) / 3600).quantize(CENT, ROUND_HALF_UP)


def in_hours(amount: Decimal, unit: str) -> Decimal:
    """An estimate in any unit as working hours with two decimals."""
    return (amount * UNIT_SECONDS[unit] / 3600).quantize(CENT, ROUND_HALF_UP)
