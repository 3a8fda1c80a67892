"""Reminders of one's own: `tomorrow 9:00 call the sailmaker` as it is typed, and how it is said."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import NamedTuple

from tui.late_patterns import late_pattern
from tui.store.reminders import Reminder, Reminders
from tui.words import counted
from tui.workspace.times import (
    HourError,
    Stretch,
    TimeTextError,
    age_text,
    end_of_day,
    later,
    moment_text,
    read_day,
    read_moment,
    read_span,
    start_of_day,
    today_in,
    whole_text,
)
from tui.workspace.times.reader import NEAR, is_day, read_when

__all__ = ["Line", "Reminder", "Reminders", "TimeTextError", "due_text", "read_later", "read_line"]

AT_DAY = time(9)
"""When a reminder of a whole day is due."""
MOST_WORDS = 6
"""That the time may have, as in `Sun 29 Nov 2026 9:00 am`."""
MOST_CHARACTERS = 300
HOW = "Write when and what: `tomorrow 9:00 call the sailmaker`, `in 2 h tea`, `fri 14:00 …`."
WEEK = timedelta(days=7)
HALF_A_YEAR = timedelta(days=183)
_YEARLY = late_pattern(
    r"\d{1,2}\.\d{1,2}\.(?!\d)|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)", re.IGNORECASE
)
"""A day that there is in each year."""
_LIKE_A_TIME = late_pattern(r"(?:at\s+\d\S*|\d{1,2}(?:[:.h]\d{0,2}|[ap]m))(?=\s|$)", re.IGNORECASE)
"""What behind a day is most likely meant as a time, and is none that is read."""
_IN_WEEKS = late_pattern(r"in ([0-9]{1,4}) ?(?:w|weeks?)", re.IGNORECASE)
"""The reader has lengths of days at most, for work. Here a week is seven days."""
_BARE = late_pattern(r"(?:in |\+ ?)[0-9]+", re.IGNORECASE)
"""So many minutes, unless a unit stands behind it that is not read."""
_UNIT = late_pattern(r"(?:business|working|work) ?days?\b|(?:w|[a-z]*(?:week|month|year|fortnight"
                   r"|quarter|decade|weekday|workday|mo|yr)s?)\b", re.IGNORECASE)  # fmt: skip


class FromTo(TimeTextError):
    """From one time to another, where one time is meant."""


class Line(NamedTuple):
    """What a line means."""

    when: datetime
    text: str

    def told(self, where: tzinfo, now: datetime | None = None) -> str:
        """The whole reading."""
        present = now or datetime.now(UTC)
        left = age_text((self.when - present).total_seconds())
        return f"{whole_text(self.when, where, present)}, in {left}: {self.text}"


def read_line(text: str, where: tzinfo, now: datetime | None = None) -> Line:
    """When and what. Raises TimeTextError; nothing is guessed.

    As much of the beginning as is a time counts as one. A weekday is the next one, a day alone is
    nine o'clock of it.
    """
    present = (now or datetime.now(UTC)).astimezone(UTC)
    words = text.split()
    for count in range(min(MOST_WORDS, len(words)), 0, -1):
        typed = " ".join(words[:count])
        try:
            when = _moment(typed, where, present)
        except (HourError, FromTo):
            # It is a time, and cannot be meant so: less of it would be another one.
            raise
        except TimeTextError:
            continue
        what = " ".join(words[count:])
        if not what:
            raise TimeTextError("What of? Write it after the time.")
        if is_day(typed, where, present) and (like := _LIKE_A_TIME.match(what)):
            raise TimeTextError(
                f"{like[0].strip()} is read as no time of day: write it as 9:30, or {typed} 9:00"
                " and then what"
            )
        if _BARE.fullmatch(typed) and (unit := _UNIT.match(what)):
            raise TimeTextError(
                f"{typed} {unit[0]} is read as no time: write it in days or weeks, as in 30 days,"
                " or the day itself"
            )
        if len(what) > MOST_CHARACTERS:
            raise TimeTextError(f"{counted(MOST_CHARACTERS, 'character')} are the most.")
        return Line(_ahead(when, typed, where, present), what)
    raise TimeTextError(HOW)


def read_later(text: str, where: tzinfo, now: datetime | None = None) -> datetime:
    """A later moment: `tomorrow 9:00`, `+1h`, or only how long from now: `10m`, `1h30`.

    Raises TimeTextError.
    """
    present = (now or datetime.now(UTC)).astimezone(UTC)
    word = text.strip()
    try:
        when = _moment(word, where, present)
    except TimeTextError as error:
        if word.isdecimal():
            raise
        try:
            length = read_span(word)
        except TimeTextError:
            raise error from None
        when = read_moment(f"+{word}", where, present) if length else present
    return _ahead(when, word, where, present)


def _moment(typed: str, where: tzinfo, now: datetime) -> datetime:
    """A moment; a day alone is the hour of such reminders. Raises TimeTextError."""
    if weeks := _IN_WEEKS.fullmatch(typed):
        typed = f"in {int(weeks[1]) * 7} d"
    if typed[:1] == "+" or typed[:3].casefold() == "in ":
        # To the minute, as times are read, and not sooner than was said.
        now = later(now, timedelta(seconds=59, microseconds=999_999))
    found = _next_weekday(typed, where, now) if _is_weekday(typed) else _at_once(typed, where, now)
    if now - found > NEAR and _YEARLY.search(typed):
        # For the reader `15 Mar` is of this year: of its days that are long over the next is meant.
        again = read_when(typed, where, now + HALF_A_YEAR)
        found = found if isinstance(again, Stretch) else again
    if not is_day(typed, where, now):
        return found
    # `+3d` is a day for the reader of days, and for that of moments this time of that day.
    day = found.astimezone(where).date()
    # Not every day begins at midnight: clocks may jump over that.
    if found == start_of_day(day, where):
        return datetime.combine(day, AT_DAY, where).astimezone(UTC)
    return found


def _at_once(typed: str, where: tzinfo, now: datetime) -> datetime:
    """One moment, as it is read. Raises TimeTextError."""
    found = read_when(typed, where, now)
    if isinstance(found, Stretch):
        raise FromTo("A reminder is due at one time, not from one to another.")
    return found


def _next_weekday(typed: str, where: tzinfo, now: datetime) -> datetime:
    """The next one: the reader takes the latest, which is what a person means who says what was
    done. Whether clocks show its time once is asked of the next alone.
    """
    today = today_in(where, now)
    if read_day(typed.split()[0], where, now) == today:
        try:
            found = _at_once(typed, where, now)
        except HourError:
            end = end_of_day(today, where) - timedelta(seconds=1)
            if now.astimezone(where).utcoffset() != end.astimezone(where).utcoffset():
                raise  # clocks are still to be changed today
        else:
            if found > now:
                return found
    # At noon: a week of hours from midnight on may end in another day where clocks change.
    noon = datetime.combine(today + WEEK, time(12), where)
    return _at_once(typed, where, noon.astimezone(UTC))


def _is_weekday(typed: str) -> bool:
    word = "".join(typed.split()[:1]).casefold()
    names = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    return len(word) >= 2 and any(name.startswith(word) for name in names)


def _ahead(when: datetime, typed: str, where: tzinfo, now: datetime) -> datetime:
    if when <= now:
        told = moment_text(when, where, now)
        raise TimeTextError(f"{typed} is {told}, which is over: write a later time.")
    return when


def due_text(reminder: Reminder, where: tzinfo, now: datetime) -> str:
    """When it is or was due: `today 14:00`, `12 min ago`."""
    if not reminder.is_due(now):
        return moment_text(reminder.moment, where, now)
    return f"{age_text((now - reminder.moment).total_seconds())} ago"
