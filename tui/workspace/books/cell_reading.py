"""Cells of smart tables as the mirror compares them and as they read: in full, and the usual forms
in short.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any, NamedTuple

from tui.services.timetonic import Cell, Field
from tui.services.timetonic.wire_values import PARIS
from tui.store.mirror.shape import Key, Kind, Value
from tui.workspace.books.cells import COUNTED, cell_text, count_of, kind_of, typed
from tui.workspace.books.cells import Kind as CellKind

MOST_KNOWN = 20_000
"""Values of one column whose reading is remembered: days, names of rows and choices repeat."""
_KINDS: dict[CellKind, Kind] = {
    "integer": "number",
    "number": "number",
    "boolean": "boolean",
    "date": "date",
    "moment": "moment",
    "files": "number",
    "comments": "number",
    "activity": "number",
}

Reader = Callable[[Any, str | None], tuple[Value, str]]
"""What a cell of that value and text is compared by, and how it reads."""


def value_kind(field: Field) -> Kind:
    """As what the mirror compares a field: text where it is nothing simpler."""
    return _KINDS.get(kind_of(field), "text")


def value_for(field: Field, value: Any) -> Value:
    """A value of a field as the mirror compares it: text where it is nothing simpler."""
    if value is None or isinstance(value, (str, int, float, datetime)):
        return value
    return value if _KINDS.get(kind_of(field)) else str(value)


def reader(field: Field, zone: tzinfo) -> Reader:
    """How cells of a field are read: as `typed` and `cell_text` do, the usual forms in short."""
    known: dict[tuple[Any, str | None], tuple[Value, str]] = {}
    kind = kind_of(field)
    is_text = kind not in _KINDS and kind != "link"

    def slow(value: Any, text: str | None) -> tuple[Value, str]:
        cell = Cell(value=value, text=text)
        found = typed(field, cell)
        if found is None:
            return None, ""
        shown = cell_text(field, cell, zone)
        return (shown if kind == "link" or is_text else value_for(field, found)), shown

    def remembered(value: Any, text: str | None) -> tuple[Value, str]:
        if value.__class__ is not str:
            return slow(value, text)
        found = known.get((value, text))
        if found is None:
            if len(known) >= MOST_KNOWN:
                known.clear()
            found = known[value, text] = slow(value, text)
        return found

    if kind in COUNTED:
        return _count
    if is_text:
        return lambda value, text: (
            _NOTHING
            if value is None or value in ("", [], {})
            else (text, text)
            if text is not None
            else (value, value)
            if value.__class__ is str
            else slow(value, text)
        )
    if kind == "integer":
        return lambda value, text: (
            (value, str(value) if text is None else text)
            if value.__class__ is int
            else remembered(value, text)
        )
    if kind == "number":
        return lambda value, text: (
            (value, repr(value) if text is None else text)
            if value.__class__ is float and PLAIN < abs(value) < 1 / PLAIN
            else remembered(value, text)
        )
    if kind == "boolean":
        return lambda value, text: (
            (value, "yes" if value else "no")
            if value.__class__ is bool
            else remembered(value, text)
        )
    if kind == "link":
        return lambda value, text: _links(value) or slow(value, text)
    if kind == "moment":
        return Moments(remembered, zone)
    if kind == "date":
        return _day_reader(remembered)
    return remembered


_FIRST_YEAR, _LAST_YEAR = 1970, 2199
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_WRITTEN_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - what is written has no zone
_DAY = timedelta(days=1)
_TO_LAST = timedelta(seconds=86_399)
"""From the beginning of a day to its last second."""
PLAIN = 1e-4
"""Numbers between this and its inverse are written without an exponent."""
_NOTHING: tuple[Value, str] = (None, "")


def _count(value: Any, text: str | None) -> tuple[Value, str]:
    number = count_of(Cell(value=value, text=text))
    return (number, str(number)) if number else _NOTHING


def _links(value: Any) -> tuple[Value, str] | None:
    """Rows with their names, as the service writes them; None where it is anything else."""
    if value.__class__ is not list or not value:
        return None
    try:
        names = [one["value"] for one in value if one["row_id"].__class__ is int]
        text = ", ".join(names)
    except (TypeError, KeyError):
        return None
    return (text, text) if len(names) == len(value) and all(names) else None


class _Day(NamedTuple):
    """A day on which no clock is changed."""

    begins: datetime
    microsecond: int
    """Since 1970, at which it begins."""
    shown: tuple[str, ...]
    """The day before, this one and the day behind, as they read."""
    offset: int
    """Seconds that the person's clock is ahead of what is written."""
    zone: str
    """How far the person's clock is ahead of UTC, as it is written: ``+02:00``."""
    hours: dict[str, tuple[int, int, str]]
    """Of hours that were met: their microsecond of the day, which of the days is shown then, and
    what the person's clock shows; shared by all days of that offset."""


class Moments:
    """Reads moments written as the service does, day by day: of a day on which no clock is
    changed, all follow from its first one.
    """

    def __init__(self, read: Reader, zone: tzinfo) -> None:
        self._read = read
        self._zone = zone
        self._days: dict[str, _Day | None] = {}
        self._times: dict[str, int | None] = {}
        """How many seconds after midnight what is written behind a day is."""
        self._offsets: dict[timedelta, str] = {}
        """How far clocks are ahead of UTC, as it is written."""
        self._hours: dict[int, dict[str, tuple[int, int, str]]] = {}
        """Those of the days of each offset."""
        self._clocks: dict[tuple[int, str], tuple[int, str]] = {}
        """What a clock that is so far ahead shows at an hour and minute, of which day."""
        self._shown: dict[str, tuple[tuple[str, ...], dict[str, tuple[int, str]]]] = {}
        """Of a day what it may be called, and by what is written behind it which of that, and what
        is written behind that then.
        """
        self._behind: dict[tuple[int, str], dict[str, tuple[int, str]]] = {}

    @classmethod
    def of(cls, field: Field, zone: tzinfo) -> Moments | None:
        """That of a field of moments; None for any other one."""
        found = reader(field, zone)
        return found if isinstance(found, cls) else None

    def __call__(self, value: Any, text: str | None) -> tuple[Value, str]:
        found = self._found(value)
        if found is None:
            return self._read(value, text)
        day, since, shown, clock = found
        return day.begins + timedelta(seconds=since), f"{shown} {clock}"

    def compared(self, value: Any) -> tuple[Key, str | None] | None:
        """What the mirror compares a moment by, and how it reads; None where it needs a second
        look.
        """
        if value.__class__ is str and len(value) == 19 and value[10] == " ":
            day = self._days.get(value[:10])
            hour = day and day.hours.get(value[11:])
            if day and hour:
                since, which, clock = hour
                return day.microsecond + since, day.shown[which] + clock
        found = self._found(value)
        if found is None:
            return None
        day, seconds, shown, clock = found
        hour = seconds * 1_000_000, day.shown.index(shown), f" {clock}"
        day.hours[value[11:]] = hour
        return day.microsecond + hour[0], shown + hour[2]

    def written(self, value: Any) -> str:
        """A moment in ISO 8601 by the person's clock; "" where it needs a second look."""
        found = self._found(value)
        if found is None:
            return ""
        day, _, shown, clock = found
        return f"{shown}T{clock}{value[16:]}{day.zone}"

    def all_written(self, values: Iterable[Any]) -> list[str]:
        """The same of many: most share their day with one before, and their time with another."""
        found: list[str] = []
        for value in values:
            try:
                days, behind = self._shown[value[:10]]
                which, rest = behind[value[10:]]
                found.append(days[which] + rest)
            except (KeyError, TypeError):
                found.append(self._first_written(value))
        return found

    def _first_written(self, value: Any) -> str:
        text = self.written(value)
        day = self._days[value[:10]] if text else None
        if day is None:
            return ""
        for known in (self._shown, self._behind):
            if len(known) >= MOST_KNOWN:
                known.clear()
        behind = self._behind.setdefault((day.offset, day.zone), {})
        if len(behind) >= MOST_KNOWN:
            behind.clear()
        which = self._clocks[day.offset, value[11:16]][0]
        self._shown[value[:10]] = day.shown, behind
        behind[value[10:]] = which, text[len(day.shown[which]) :]
        return text

    def _found(self, value: Any) -> tuple[_Day, int, str, str] | None:
        """The day of a moment, how long after its beginning it is, and what the person's calendar
        and clock show then; None where that is not so plain.
        """
        if value.__class__ is not str or len(value) != 19 or value[10] != " ":
            return None
        name, hour = value[:10], value[11:]
        try:
            day, since = self._days[name], self._times[hour]
        except KeyError:
            day, since = self._met(name, hour)
        if day is None or since is None:
            return None
        try:
            which, clock = self._clocks[day.offset, hour[:5]]
        except KeyError:
            which, clock = self._clock(day.offset, hour[:5])
        return day, since, day.shown[which], clock

    def _met(self, name: str, hour: str) -> tuple[_Day | None, int | None]:
        """What a day and a time are that are met for the first time."""
        for known in (self._days, self._times):
            if len(known) >= MOST_KNOWN:
                known.clear()
        if name not in self._days:
            self._days[name] = self._day(name)
        if hour not in self._times:
            self._times[hour] = _seconds(hour)
        return self._days[name], self._times[hour]

    def _clock(self, offset: int, hour: str) -> tuple[int, str]:
        minutes = int(hour[:2]) * 60 + int(hour[3:]) + offset // 60
        which, left = divmod(minutes, 24 * 60)
        found = self._clocks[offset, hour] = (1 + which, f"{left // 60:02}:{left % 60:02}")
        return found

    def _day(self, name: str) -> _Day | None:
        day = _plain_day(name)
        if day is None:
            return None
        written = datetime.fromisoformat(name)
        offset = _offset_of(written)
        if offset is None:
            return None
        begins = _EPOCH + (written - _WRITTEN_EPOCH - offset)
        shown = begins.astimezone(self._zone)
        ahead_of_utc = shown.utcoffset()
        if (
            ahead_of_utc is None
            or (begins + _TO_LAST).astimezone(self._zone).utcoffset() != ahead_of_utc
        ):
            return None
        ahead = ahead_of_utc - offset
        seconds = ahead.days * 86_400 + ahead.seconds
        if seconds % 60 or abs(seconds) >= 86_400:
            return None
        since = begins - _EPOCH
        key = (since.days * 86_400 + since.seconds) * 1_000_000
        days = (day - _DAY).isoformat(), name, (day + _DAY).isoformat()
        hours = self._hours.setdefault(seconds, {})
        return _Day(begins, key, days, seconds, self._offset_text(shown, ahead_of_utc), hours)

    def _offset_text(self, shown: datetime, offset: timedelta) -> str:
        found = self._offsets.get(offset)
        if found is None:
            found = self._offsets[offset] = shown.isoformat()[19:]
        return found


def _day_reader(read: Reader) -> Reader:
    """Reads days as the service writes them."""
    known: dict[str, tuple[Value, str]] = {}

    def in_short(value: Any, text: str | None) -> tuple[Value, str]:
        if value.__class__ is not str:
            return read(value, text)
        found = known.get(value)
        if found is None:
            day = _plain_day(value)
            if day is None:
                return read(value, text)
            if len(known) >= MOST_KNOWN:
                known.clear()
            found = known[value] = (day, value)
        return found

    return in_short


def _plain_day(value: str) -> date | None:
    """The day in ``YYYY-MM-DD`` of the years that need no second look; None for anything else."""
    if len(value) != 10 or not value.isascii() or not value[:4].isdecimal():
        return None
    if not _FIRST_YEAR <= int(value[:4]) <= _LAST_YEAR:
        return None
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return None
    return day if value[4] == "-" == value[7] else None  # a week's day is read in full


def _offset_of(written: datetime) -> timedelta | None:
    """How far the service's clock is ahead on a day that begins then; None where it is changed
    on that day, or at its ends.
    """
    # An hour that comes twice at its end is told by the next day, which begins with the new offset.
    found = {PARIS.utcoffset(one) for one in (written, written + _TO_LAST, written + _DAY)}
    return found.pop() if len(found) == 1 else None


def _seconds(value: str) -> int | None:
    """The second of the day in ``HH:MM:SS``; None where that is none."""
    hours, minutes, seconds = value[:2], value[3:5], value[6:]
    if not (value[2] == value[5] == ":" and (hours + minutes + seconds).isdecimal()):
        return None
    found = int(hours) * 3600 + int(minutes) * 60 + int(seconds)
    return found if hours < "24" and minutes < "60" and seconds < "60" else None
