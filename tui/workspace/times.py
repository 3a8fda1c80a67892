"""Times as a person reads and writes them: in their own zone, short, and natural."""

from __future__ import annotations

import os
import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cache


class TimeTextError(ValueError):
    """Text that is no time; the message says what would be one."""


@cache
def zone(name: str) -> tzinfo:
    """The zone that times are shown in: an IANA name, or `local` for the machine's.

    Raises TimeTextError for a name that is no zone.
    """
    # Asks the build of Python where the zones are: not while something starts that needs none.
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    if name == "local":
        name = os.environ.get("TZ", "").lstrip(":") or _machine_zone()
    try:
        return ZoneInfo(name) if name else datetime.now().astimezone().tzinfo or UTC
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise TimeTextError(f"{name!r} is no time zone; Europe/Paris would be one") from None


def _machine_zone() -> str:
    """The name behind /etc/localtime, so that other seasons' times are right too."""
    target = os.path.realpath("/etc/localtime")
    _, found, name = target.partition("/zoneinfo/")
    return name if found else ""


def clock(moment: datetime, where: tzinfo) -> str:
    """`14:05`."""
    return moment.astimezone(where).strftime("%H:%M")


def day_text(day: date, today: date) -> str:
    """`today`, `tomorrow`, `yesterday`, `Thu 12 Mar`, or with the year when it is another."""
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}.get((day - today).days)
    if near:
        return near
    return f"{day:%a} {day.day} {day:%b}" + (f" {day.year}" if day.year != today.year else "")


def moment_text(moment: datetime, where: tzinfo, now: datetime | None = None) -> str:
    """`today 14:05`, `Thu 12 Mar 09:30`."""
    today = (now or datetime.now(UTC)).astimezone(where).date()
    there = moment.astimezone(where)
    return f"{day_text(there.date(), today)} {there:%H:%M}"


def span_text(seconds: float) -> str:
    """A length of time as `7:05` hours and minutes; negative ones keep their sign."""
    sign = "-" if seconds < 0 else ""
    minutes = int(abs(seconds)) // 60
    return f"{sign}{minutes // 60}:{minutes % 60:02}"


def running_text(seconds: float) -> str:
    """A running clock: `0:41:07`."""
    whole = max(0, int(seconds))
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"


def age_text(seconds: float) -> str:
    """How old something is: `3 s`, `12 min`, `5 h`, `2 d`."""
    whole = max(0, int(seconds))
    for unit, name in ((86400, "d"), (3600, "h"), (60, "min")):
        if whole >= unit:
            return f"{whole // unit} {name}"
    return f"{whole} s"


_DAY_WORDS = {"today": 0, "yesterday": -1, "tomorrow": 1}
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# Texts, not compiled: a start that reads no time should not pay for them; `re` keeps them after.
_SHIFT = r"([+-])\s*(.+)\Z"
_AGO = r"(.+?)\s+ago\Z"
_AM_PM = r"(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm)\Z"
_CLOCK_SPAN = r"(\d{1,4}):([0-5]\d)(?::([0-5]\d))?\Z"
_SPAN = (
    r"(?:(?P<d>\d+(?:\.\d+)?)\s*d(?:ays?)?)?\s*"
    r"(?:(?P<h>\d+(?:\.\d+)?)\s*h(?:ours?)?)?\s*"
    r"(?:(?P<m>\d+(?:\.\d+)?)\s*(?:m(?:in)?|(?=\Z)))?\s*"
    r"(?:(?P<s>\d+(?:\.\d+)?)\s*s(?:ec)?)?\Z"
)


def read_span(text: str) -> timedelta:
    """A length of time: `1h30`, `90m`, `90`, `1:30`, `1.5h`, `2d`, `45s`; bare numbers are minutes.

    Raises TimeTextError.
    """
    plain = text.strip().lower().replace(",", ".")
    on_clock = re.match(_CLOCK_SPAN, plain)
    if on_clock:
        hours, minutes, seconds = on_clock.groups()
        return timedelta(hours=int(hours), minutes=int(minutes), seconds=int(seconds or 0))
    parts = re.match(_SPAN, plain)
    if not plain or parts is None or len(plain) > 20 or not any(parts.groups()):
        raise TimeTextError("Write a duration as 1h30, 90m, 1:30 or 1.5h.")
    given = {unit: float(value) for unit, value in parts.groupdict().items() if value}
    try:
        return timedelta(
            days=given.get("d", 0),
            hours=given.get("h", 0),
            minutes=given.get("m", 0),
            seconds=given.get("s", 0),
        )
    except OverflowError:
        raise TimeTextError("This duration is too long.") from None


def _shifted(present: datetime, by: timedelta) -> datetime:
    try:
        return present + by
    except OverflowError:
        raise TimeTextError("This is outside of the calendar.") from None


def read_day(text: str, where: tzinfo, now: datetime | None = None) -> date:
    """A day: `2026-03-12`, `today`, `yesterday`, `tomorrow`, `+3d`, `mon` (the latest one).

    Raises TimeTextError.
    """
    present = (now or datetime.now(UTC)).astimezone(where)
    word = text.strip().lower()
    if word in _DAY_WORDS:
        return _shifted(present, timedelta(days=_DAY_WORDS[word])).date()
    if word[:3] in _WEEKDAYS and word.isalpha():
        back = (present.weekday() - _WEEKDAYS.index(word[:3])) % 7
        return present.date() - timedelta(days=back)
    shift = re.match(_SHIFT, word)
    if shift:
        days = read_span(shift[2] if shift[2].endswith("d") else shift[2] + "d")
        return _shifted(present, days if shift[1] == "+" else -days).date()
    try:
        return date.fromisoformat(word)
    except ValueError:
        raise TimeTextError("Write a date as 2026-08-21, today, tomorrow or +3d.") from None


def read_clock(text: str, now: datetime | None = None) -> time:
    """A time of day: `14:00`, `9:30`, `14:00:30`, `9am`, or `now` (in the zone of `now`).

    Raises TimeTextError.
    """
    word = text.strip().lower()
    if word == "now" and now is not None:
        return now.time().replace(second=0, microsecond=0)
    half = re.match(_AM_PM, word)
    if half and 1 <= int(half[1]) <= 12:
        word = f"{int(half[1]) % 12 + (12 if half[3] == 'pm' else 0):02}:{half[2] or '00'}"
    for spelling in (word, f"0{word}"):  # a single digit for the hour, as people write it
        if ":" in spelling[:3]:
            try:
                return time.fromisoformat(spelling)
            except ValueError:
                continue
    raise TimeTextError("Write a time as 14:00.")


def read_moment(text: str, where: tzinfo, now: datetime | None = None) -> datetime:
    """A moment: ISO 8601, `14:00`, `today 14:00`, `mon 9:30`, `+30m`, `2 h ago`, `now`; aware.

    Times without a zone are in `where`. Raises TimeTextError.
    """
    present = (now or datetime.now(UTC)).astimezone(where)
    word = " ".join(text.strip().lower().split())
    if word == "now":
        return present.replace(second=0, microsecond=0)
    ago, shift = re.match(_AGO, word), re.match(_SHIFT, word)
    if ago:
        return _shifted(present.replace(microsecond=0), -read_span(ago[1]))
    if shift:
        by = read_span(shift[2])
        return _shifted(present.replace(microsecond=0), by if shift[1] == "+" else -by)
    day, _, rest = word.partition(" ")
    for of_day, of_clock in ((day, rest), ("today", word)):
        try:
            on, at = read_day(of_day, where, present), read_clock(of_clock, present)
        except TimeTextError:
            continue
        return datetime.combine(on, at, where)
    try:
        moment = datetime.fromisoformat(text.strip().upper())
    except ValueError:
        pass
    else:
        return moment if moment.tzinfo is not None else moment.replace(tzinfo=where)
    try:
        return datetime.combine(read_day(word, where, present), time(), where)
    except TimeTextError:
        raise TimeTextError("Write a moment as 2026-08-21 14:00, today 14:00 or +30m.") from None
