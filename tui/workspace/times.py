"""Times as a person reads and writes them: in their own zone, short, and natural."""

from __future__ import annotations

import os
import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


class TimeTextError(ValueError):
    """Text that is no time; the message says what would be one."""


@cache
def zone(name: str) -> tzinfo:
    """The zone that times are shown in: an IANA name, or `local` for the machine's.

    Raises TimeTextError for a name that is no zone.
    """
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


_DAY_WORDS = {"today": 0, "now": 0, "yesterday": -1, "tomorrow": 1}
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_CLOCK = re.compile(r"(\d{1,2})(?:[:h.](\d{2}))?(?::(\d{2}))?\s*(am|pm)?$")
_AGO = re.compile(r"(\d+(?:\.\d+)?)\s*(s|sec|m|min|h|hours?|d|days?|w|weeks?)\s+ago$")
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}


def read_day(text: str, where: tzinfo, now: datetime | None = None) -> date:
    """A day from `2026-03-12`, `today`, `yesterday`, `tomorrow`, `mon` (the latest one).

    Raises TimeTextError.
    """
    today = (now or datetime.now(UTC)).astimezone(where).date()
    word = text.strip().lower()
    if word in _DAY_WORDS:
        return today + timedelta(days=_DAY_WORDS[word])
    if word[:3] in _WEEKDAYS and len(word) >= 3 and word.isalpha():
        return today - timedelta(days=(today.weekday() - _WEEKDAYS.index(word[:3])) % 7)
    try:
        return date.fromisoformat(word)
    except ValueError:
        raise TimeTextError(
            f"{text!r} is no day; write 2026-03-12, today, yesterday or mon"
        ) from None


def read_moment(text: str, where: tzinfo, now: datetime | None = None) -> datetime:
    """A moment from ISO 8601, `14:00`, `today 14:00`, `mon 9:30`, `2 h ago`, `now`; aware.

    Times without a zone are in `where`. Raises TimeTextError.
    """
    present = (now or datetime.now(UTC)).astimezone(where)
    word = " ".join(text.strip().lower().split())
    if word == "now":
        return present
    ago = _AGO.match(word)
    if ago:
        return present - timedelta(seconds=float(ago[1]) * _UNITS[ago[2][0]])
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        pass
    else:
        return moment if moment.tzinfo else moment.replace(tzinfo=where)
    first, _, rest = word.rpartition(" ")
    try:
        return datetime.combine(
            read_day(first, where, now) if first else present.date(), _clock(rest), where
        )
    except TimeTextError:
        pass
    try:
        return datetime.combine(read_day(word, where, now), time(), where)
    except TimeTextError:
        raise TimeTextError(
            f"{text!r} is no time; write 14:00, today 14:00 or 2026-03-12 14:00"
        ) from None


def _clock(text: str) -> time:
    found = _CLOCK.match(text)
    if not found:
        raise TimeTextError(text)
    hour = int(found[1]) % 12 + (12 if found[4] == "pm" else 0) if found[4] else int(found[1])
    try:
        return time(hour, int(found[2] or 0), int(found[3] or 0))
    except ValueError:
        raise TimeTextError(text) from None


def read_span(text: str) -> timedelta:
    """A length of time from `1:30`, `1h30`, `90m`, `1.5` or `7,5` (hours).

    Raises TimeTextError.
    """
    word = text.strip().lower().replace(",", ".").replace(" ", "")
    for pattern, units in (
        (r"(\d+):(\d{2})(?::(\d{2}))?$", (3600, 60, 1)),
        (r"(?:(\d+)h)?(?:(\d+)(?:m|min)?)?$", (3600, 60)),
        (r"(\d*\.?\d+)h?$", (3600,)),
    ):
        found = re.match(pattern, word)
        plain_number = word.isdecimal()
        if found and any(found.groups()) and not (plain_number and len(units) == 2):
            seconds = sum(
                float(part) * unit
                for part, unit in zip(found.groups(), units, strict=False)
                if part
            )
            return timedelta(seconds=seconds)
    raise TimeTextError(f"{text!r} is no length of time; write 1:30, 90m or 1.5")
