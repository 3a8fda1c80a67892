"""What an hour of work costs: the rate of each entry, with where it comes from.

Source: iBuildApp Timesheets document, RATE (a rate is of a user and of a schedule, for a unit of
time) and USER (a user's rate an hour). Which of them holds for an entry is not said there.
Assumption, as the embedded service reckons it: the rate of the entry's user and schedule where
there is one, of several the one made last, otherwise the user's own. `ts.calc` is asked beside
it, and what differs is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from tui.services.timesheets.records import Rate, TimeEntry, User

UNIT_CODES: Mapping[str, str] = {
    "minutes": "MIN",
    "hours": "HUR",
    "days": "DAY",
    "weeks": "WEE",
    "months": "MON",
}
"""The units of the service by UNECE recommendation 20."""
_HOURS_OF_YEAR = 12 * 4 * 5 * 8
"""There is no such unit in `reckoning`: a year has 12 months of 4 weeks of 5 days of 8 hours."""


@dataclass(frozen=True)
class Price:
    """Money for a unit of time; `unit` by UNECE recommendation 20."""

    amount: Decimal
    unit: str = "HUR"


@dataclass(frozen=True)
class Priced:
    """An entry with its price; `price` is None where none is known."""

    entry: TimeEntry
    price: Price | None


class Prices:
    """The rates of a service."""

    def __init__(self, rates: Iterable[Rate], users: Mapping[int, User]) -> None:
        self._users = users
        self._rates: dict[tuple[int | None, int | None], Price] = {}
        for rate in sorted(rates, key=lambda one: one.id):
            price = _price(rate)
            if price is not None:
                # Of several the one that was made last: a rate that rose is a new one.
                self._rates[(rate.user_id, rate.schedule_id)] = price

    def of(self, entry: TimeEntry) -> Price | None:
        """The price of an entry; None where nobody says one."""
        found = self._rates.get((entry.user_id, entry.schedule_id))
        if found is not None or entry.user_id is None:
            return found
        user = self._users.get(entry.user_id)
        return Price(user.hourly_rate) if user is not None and user.hourly_rate else None

    def priced(self, entries: Iterable[TimeEntry]) -> list[Priced]:
        """Each entry with its price."""
        return [Priced(one, self.of(one)) for one in entries]


def _price(rate: Rate) -> Price | None:
    if rate.amount is None or rate.user_id is None:
        return None
    if rate.duration_unit == "years":
        return Price(rate.amount / _HOURS_OF_YEAR)
    unit = UNIT_CODES.get(rate.duration_unit or "hours")
    return Price(rate.amount, unit) if unit is not None else None
