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
            found.append(dice.choice(there))
    return found


def _of(where: ZoneInfo) -> list[Change]:
    """The changes from 1998 to 2037."""
    found: list[Change] = []
    step, at = timedelta(days=25), datetime(1998, 1, 1, tzinfo=UTC)
    while at.year < 2037:
        before, after = (one.astimezone(where).utcoffset() for one in (at, at + step))
        if before != after and before is not None and after is not None:
            low, high = at, at + step
            while high - low > timedelta(seconds=1):
                middle = low + timedelta(seconds=(high - low) // timedelta(seconds=2))
                if middle.astimezone(where).utcoffset() == before:
                    low = middle
                else:
                    high = middle
            found.append(Change(where, high, after - before))
        at += step
    return found


def around_changes() -> st.SearchStrategy[tuple[ZoneInfo, datetime]]:
    """A zone, and a moment (UTC) within two days of one of its changes."""
    every = st.deferred(lambda: st.sampled_from(changes(True) + changes(False)))
    apart = st.integers(-2 * 86_400, 2 * 86_400)
    return st.builds(lambda one, by: (one.where, one.moment + timedelta(seconds=by)), every, apart)
