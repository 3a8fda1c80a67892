"""Moments of iCalendar: zones by their names, lengths that are exact, rules that repeat."""

from __future__ import annotations

import re
from calendar import isleap, monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from tui.words import as_given, in_brief
from tui.workspace.hours.entries import LineError
from tui.workspace.times import TimeTextError, zone

_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})\Z")
_MOMENT = re.compile(r"(\d{8})T(\d{2})(\d{2})(\d{2})(Z?)\Z")
_LENGTH = re.compile(
    r"([+-]?)P(?:(\d{1,4})W)?(?:(\d{1,5})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,8})S)?)?\Z"
)
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_KNOWN = {
    "FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "WKST",
}  # fmt: skip
_MOST_DAYS = 366 * 30
_WINDOWS = {
    "Central Europe Standard Time": "Europe/Budapest",
    "Central European Standard Time": "Europe/Warsaw",
    "Central Standard Time": "America/Chicago",
    "E. Europe Standard Time": "Europe/Chisinau",
    "Eastern Standard Time": "America/New_York",
    "FLE Standard Time": "Europe/Kiev",
    "GMT Standard Time": "Europe/London",
    "GTB Standard Time": "Europe/Bucharest",
    "India Standard Time": "Asia/Kolkata",
    "Mountain Standard Time": "America/Denver",
    "Newfoundland Standard Time": "America/St_Johns",
    "Pacific Standard Time": "America/Los_Angeles",
    "Romance Standard Time": "Europe/Paris",
    "Tokyo Standard Time": "Asia/Tokyo",
    "UTC": "UTC",
    "W. Europe Standard Time": "Europe/Berlin",
}
"""The zones that Windows names most often (CLDR); others are refused by their name."""


def zone_of(name: str) -> tzinfo:
    """The zone behind a TZID, with a prefix of a program before it or as Windows names it.

    Raises LineError: a zone that is not known is never taken for another.
    """
    parts = _WINDOWS.get(name, name).strip("/").split("/")
    for place in range(len(parts)):
        known = "/".join(parts[place:])
        if known in ("", "local"):
            continue
        try:
            return zone(known)
        except TimeTextError:
            continue
    raise LineError(f"its time zone {as_given(name)} is not known here")


@dataclass(frozen=True)
class When:
    """A date, or a moment as the calendar writes it: a wall time and its zone."""

    wall: datetime
    where: tzinfo
    whole_day: bool = False

    @property
    def moment(self) -> datetime:
        """In UTC. Of a time that exists twice the first, as RFC 5545 has it."""
        return self.at(self.wall)

    def at_zone(self, where: tzinfo) -> datetime:
        """The wall time of it in another zone."""
        return self.moment.astimezone(where).replace(tzinfo=None, fold=0)

    def at(self, wall: datetime) -> datetime:
        """Another wall time of the same zone, in UTC."""
        return wall.replace(tzinfo=self.where, fold=0).astimezone(UTC)


def when(value: str, tzid: str, floating: tzinfo) -> When:
    """A DATE or DATE-TIME; `floating` is the zone of one without any. Raises LineError."""
    day, moment = _DATE.match(value), _MOMENT.match(value)
    try:
        if day:
            start = datetime.combine(date(int(day[1]), int(day[2]), int(day[3])), time())
            return When(start, floating, whole_day=True)
        if moment:
            on = when(moment[1], "", floating).wall.date()
            wall = datetime.combine(on, time(int(moment[2]), int(moment[3]), int(moment[4])))
            where = UTC if moment[5] else zone_of(tzid) if tzid else floating
            return When(wall, where)
    except ValueError as error:
        if isinstance(error, LineError):
            raise
    raise LineError(f"{as_given(value)} is no moment as 20260114T220000Z")


def after(start: When, length: str) -> datetime:
    """Where a DURATION ends (UTC): its days by the calendar, its hours exactly.

    Raises LineError.
    """
    found = _LENGTH.match(length)
    if found is None or length.endswith(("P", "T")):
        raise LineError(f"{as_given(length)} is no length as PT1H30M")
    weeks, days, hours, minutes, seconds = (int(found[n] or 0) for n in range(2, 7))
    if found[1] == "-":
        raise LineError(f"it lasts less than nothing: {in_brief(length)}")
    wall = start.wall + timedelta(weeks=weeks, days=days)
    return start.at(wall) + timedelta(hours=hours, minutes=minutes, seconds=seconds)


# -- what repeats -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Rule:
    """A recurrence rule of the kinds that are expanded."""

    frequency: str
    interval: int
    count: int | None
    until: str
    days: tuple[tuple[int, int], ...]
    """(which of the month or 0 for each, weekday from Monday 0)."""
    month_days: tuple[int, ...]
    months: tuple[int, ...]
    week_begins: int
    places: tuple[int, ...] = ()
    """Which of the days of each turn, from 1, or from its end from -1; empty for all of them."""

    def holds(self, day: date, first: date) -> bool:
        """Whether it happens on a day."""
        if not self._is_of_it(day, first):
            return False
        if not self.places:
            return True
        turn = [one for one in self._turn(day) if self._is_of_it(one, first)]
        place = turn.index(day)
        return bool({place + 1, place - len(turn)} & set(self.places))

    def _turn(self, day: date) -> Iterator[date]:
        """The days of the week, month or year that a day is of."""
        begin, days = day, 1
        if self.frequency == "WEEKLY":
            begin, days = self._week(day), 7
        elif self.frequency == "MONTHLY":
            begin, days = day.replace(day=1), monthrange(day.year, day.month)[1]
        elif self.frequency == "YEARLY":
            begin, days = date(day.year, 1, 1), 365 + isleap(day.year)
        return (begin + timedelta(days=shift) for shift in range(days))

    def _is_of_it(self, day: date, first: date) -> bool:
        if self.months and day.month not in self.months:
            return False
        if self.frequency == "DAILY":
            return (day - first).days % self.interval == 0 and self._fits(day, by_default=True)
        if self.frequency == "WEEKLY":
            weeks = (self._week(day) - self._week(first)).days // 7
            own = not self.days and day.weekday() == first.weekday()
            return weeks % self.interval == 0 and (own or self._named(day))
        months = (day.year - first.year) * 12 + day.month - first.month
        if self.frequency == "MONTHLY":
            in_turn = months % self.interval == 0
        else:
            in_turn = (day.year - first.year) % self.interval == 0
            named = bool(self.months or self.month_days)
            in_turn = in_turn and (named or day.month == first.month)
        return in_turn and self._fits(day, by_default=day.day == first.day)

    def _week(self, day: date) -> date:
        return day - timedelta(days=(day.weekday() - self.week_begins) % 7)

    def _fits(self, day: date, *, by_default: bool) -> bool:
        if not self.days and not self.month_days:
            return by_default
        last = monthrange(day.year, day.month)[1]
        by_number = not self.month_days or {day.day, day.day - last - 1} & set(self.month_days)
        return bool(by_number) and (not self.days or self._named(day))

    def _named(self, day: date) -> bool:
        last = monthrange(day.year, day.month)[1]
        places = (0, (day.day - 1) // 7 + 1, -((last - day.day) // 7 + 1))
        return any(which in places and weekday == day.weekday() for which, weekday in self.days)


def rule_of(text: str) -> Rule | None:
    """A rule; None for one of a kind that is not expanded."""
    parts = dict(part.partition("=")[::2] for part in text.upper().split(";") if part)
    frequency = parts.get("FREQ", "")
    if frequency not in _FREQUENCIES or not parts.keys() <= _KNOWN:
        return None
    days: list[tuple[int, int]] = []
    try:
        for word in filter(None, parts.get("BYDAY", "").split(",")):
            days.append((int(word[:-2] or 0), _WEEKDAYS.index(word[-2:])))
        rule = Rule(
            frequency,
            int(parts.get("INTERVAL", 1)),
            int(parts["COUNT"]) if "COUNT" in parts else None,
            parts.get("UNTIL", ""),
            tuple(days),
            tuple(int(one) for one in filter(None, parts.get("BYMONTHDAY", "").split(","))),
            tuple(int(one) for one in filter(None, parts.get("BYMONTH", "").split(","))),
            _WEEKDAYS.index(parts.get("WKST", "MO")),
            tuple(int(one) for one in filter(None, parts.get("BYSETPOS", "").split(","))),
        )
    except ValueError:
        return None
    numbered = any(which for which, _ in days)
    of_years = frequency == "YEARLY" and days and not rule.months
    # Neither may be in a rule (RFC 5545, 3.3.10), and a week has no day of such a number.
    of_weeks = frequency == "WEEKLY" and rule.month_days
    of_days = numbered and frequency in ("DAILY", "WEEKLY")
    if rule.interval < 1 or of_years or of_weeks or of_days:
        return None
    return rule


def occurrences(rule: Rule, start: When, now: datetime) -> Iterator[datetime]:
    """The wall times at which it happens; without an end of its own those that have begun.

    Raises LineError for an UNTIL that is no moment.
    """
    end = when(rule.until, "", start.where) if rule.until else None
    first, made = start.wall.date(), 0
    for shift in range(_MOST_DAYS):
        day = first + timedelta(days=shift)
        wall = datetime.combine(day, start.wall.time())
        if end is not None and (
            day > end.wall.date() if end.whole_day else start.at(wall) > end.moment
        ):
            return
        if end is None and rule.count is None and start.at(wall) > now:
            return
        # The first one always happens, and counts.
        if shift and not rule.holds(day, first):
            continue
        yield wall
        made += 1
        if made == rule.count:
            return
