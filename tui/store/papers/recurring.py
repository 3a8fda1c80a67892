"""What is kept of an invoice that recurs: for whom, of what, on which days."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

import msgspec

Every = Literal["weeks", "months"]
LEVELS = ("first", "second", "final")
"""Of reminders, by their place."""


class Recurring(msgspec.Struct, frozen=True, kw_only=True):
    """A definition. It makes nothing by itself: what is due is offered, a person drafts it."""

    id: str
    client: int
    client_name: str = ""
    """As the client was called when this was written."""
    title: str = ""
    work: bool = True
    """Whether it bills the work of the period that is not billed yet."""
    lines: str = ""
    """Lines that stand on each of them, one a line, as expenses are typed."""
    every: int = 1
    unit: Every = "months"
    first: date
    """The first due day; the others are counted from it."""
    last: date | None = None
    """The last day on which one may be due; None for no end."""
    since: date | None = None
    """Due days before it are not offered: they are of days that were counted otherwise."""


def read_recurring(body: bytes) -> Recurring:
    """A definition as it is kept. Raises ValueError."""
    found = msgspec.json.decode(body, type=Recurring)
    if found.every < 1:
        raise ValueError(f"every {found.every} {found.unit}")
    return found


class PeriodKey(NamedTuple):
    """One due day of a definition."""

    recurring: str
    day: date


class Reminded(msgspec.Struct, frozen=True, kw_only=True):
    """A client was reminded of an invoice."""

    invoice: int
    day: date
    level: int
    """A place in LEVELS."""
    amount: Decimal
    """What was open then."""
    currency: str


class RemindedAlready(Exception):
    """A reminder of that level is noted of that day."""
