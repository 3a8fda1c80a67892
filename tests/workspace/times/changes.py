"""Zones and the days on which their clocks change, to try things on."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo, available_timezones

from hypothesis import strategies as st

SEED = 1907
MOST = 200
STEP = timedelta(days=25)
ALWAYS = ("Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Pacific/Auckland",
          "Pacific/Apia", "America/Sao_Paulo", "America/Havana", "Asia/Gaza")  # fmt: skip
PLACES = [ZoneInfo(name) for name in (
    "America/New_York", "Asia/Kolkata", "Pacific/Auckland", "Australia/Lord_Howe"
)]  # fmt: skip


class Change(NamedTuple):
    """Clocks go from one wall time to another at a moment (UTC); back where `by` is negative."""

    where: ZoneInfo
    moment: datetime
    by: timedelta

    @property
    def wall(self) -> datetime:
        """What clocks would show without the change."""
        return (self.moment.astimezone(self.where) - self.by).replace(tzinfo=None, fold=0)


class _Between(NamedTuple):
    """The clocks change by so much within STEP after a moment (UTC)."""

    moment: datetime
    before: timedelta
    by: timedelta


@cache
def changes(forward: bool) -> list[Change]:
    """One change a zone, of MOST zones, always with those that are odd."""
    dice = random.Random(SEED)
    names = sorted(available_timezones())
    dice.shuffle(names)
    found: list[Change] = []
    for name in (*ALWAYS, *names):
        if len(found) == MOST:
            break
        where = ZoneInfo(name)
        there = [one for one in _of(where) if (one.by > timedelta()) == forward]
        if there:
            found.append(_found(where, dice.choice(there)))
    return found


@cache
def _of(where: ZoneInfo) -> list[_Between]:
    """The changes from 1998 to 2037, within STEP: the seconds take longest, and few are tried."""
    found: list[_Between] = []
    at = datetime(1998, 1, 1, tzinfo=UTC)
    before = _offset(at, where)
    while at.year < 2037:
        after = _offset(at + STEP, where)
        if before != after:
            found.append(_Between(at, before, after - before))
        at, before = at + STEP, after
    return found


def _found(where: ZoneInfo, change: _Between) -> Change:
    """Its second."""
    low, high = change.moment, change.moment + STEP
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=(high - low) // timedelta(seconds=2))
        if _offset(middle, where) == change.before:
            low = middle
        else:
            high = middle
    return Change(where, high, change.by)


def _offset(at: datetime, where: ZoneInfo) -> timedelta:
    return at.astimezone(where).utcoffset() or timedelta()


def around_changes() -> st.SearchStrategy[tuple[ZoneInfo, datetime]]:
    """A zone, and a moment (UTC) within two days of one of its changes."""
    every = st.deferred(lambda: st.sampled_from(changes(True) + changes(False)))
    apart = st.integers(-2 * 86_400, 2 * 86_400)
    return st.builds(lambda one, by: (one.where, one.moment + timedelta(seconds=by)), every, apart)
