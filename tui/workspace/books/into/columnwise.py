"""New rows of a file, read column by column, in the form in which they are sent.

What each column takes is chosen once, and a text that comes again is read once. What comes of a row
is what `read_cell`, `sent_value` and `wire_value` make of its cells one by one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta, tzinfo
from functools import cache
from typing import Any, NamedTuple

from tui.services.errors import InvalidArgument
from tui.services.timetonic import Field
from tui.services.timetonic.wire_values import PARIS, wire_value
from tui.workspace.books.cells import kind_of, sent_value
from tui.workspace.books.into.kept_so import refusals
from tui.workspace.books.into.values import CellError, Reading, linked_ids, read_cell
from tui.workspace.books.out.columns import Column

_WHOLE = re.compile(r"(?:0|-?[1-9]\d{0,14})", re.ASCII)
_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?", re.ASCII)
_EITHER_WAY = re.compile(r"-?(?:0|[1-9]\d{0,14})(?:\.(?:\d\d?|\d{4,15}))?", re.ASCII)
"""The same where nothing tells what a point before three figures is."""
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d)?([+-]\d\d:\d\d|Z)?", re.ASCII)
_AFTER_HOUR = re.compile(r":[0-5]\d:[0-5]\d", re.ASCII)
_ZONED_DAY = re.compile(r"\d{4}-\d\d-\d\d(?:[+-]\d\d:\d\d)?", re.ASCII)
_SEPARATORS = frozenset(" T")
_HOUR, _NONE = timedelta(hours=1), timedelta()
_ENDS = ("00:00:00", "23:59:59")
TWO_LINKS = "the names and the row ids beside them are of different rows: empty one of the two"
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
WRITTEN = len("YYYY-MM-DD HH:MM:SS")
_DAYS, _SEPARATOR, _CLOCK = len("YYYY-MM-DD"), slice(10, 11), slice(11, 13)
_REST = slice(13, WRITTEN)
"""Where a usual moment has its day, what stands behind that, its hour, minutes and seconds."""


class Mapped(NamedTuple):
    """A column of the file and the one of the table that it is."""

    place: int
    field: Field
    column: Column


class Wrong(NamedTuple):
    """What a cell is that cannot be taken."""

    why: str


class ColumnReader:
    """Reads the cells of one column as they are sent: None for an empty one, or what is wrong."""

    def __init__(self, mapped: Mapped, reading: Reading) -> None:
        self._field, self._reading = mapped.field, reading
        self._read = linked_ids if mapped.column.kind == "ids" else read_cell
        self.is_any_wrong = False
        """Whether one of the cells could not be taken."""
        kind = kind_of(mapped.field)
        self._plain: Callable[[str], Any] | None = None
        self._numbers: re.Pattern[str] | None = None
        if mapped.column.kind == "ids":
            return
        if kind == "integer":
            self._plain = _whole
        elif kind == "number" and reading.decimal != "comma":
            self._numbers = _NUMBER if reading.decimal else _EITHER_WAY
            self._plain = self._number
        elif kind == "date":
            self._plain = _day
        elif kind == "moment":
            self._plain = _Moments(reading.zone)
        elif kind not in ("boolean", "link", "select", "number"):
            self._plain = _text

    def all(self, cells: Sequence[Any]) -> list[Any]:
        """What is sent of each."""
        found = self._all(cells)
        for place, why in refusals(self._field, found).items():
            found[place] = Wrong(why)
            self.is_any_wrong = True
        return found

    def _all(self, cells: Sequence[Any]) -> list[Any]:
        if not {str}.issuperset(map(type, cells)):
            return [self._one(raw) if type(raw) is str else self._slowly(raw) for raw in cells]
        if self._plain is _text:
            return [cell or None for cell in cells]
        if self._numbers is not None and None not in map(self._numbers.fullmatch, cells):
            return [*cells]
        if isinstance(self._plain, _Moments):
            return self._moments(cells, self._plain.all(cells))
        # Most columns have a text more than once.
        known = {raw: self._one(raw) for raw in dict.fromkeys(cells)}
        return [*map(known.__getitem__, cells)]

    def _moments(self, cells: Sequence[str], found: list[str | None]) -> list[Any]:
        """What is sent of moments, of which that of the ordinary ones is found."""
        if None not in found:
            return found
        odd = {raw for raw, sent in zip(cells, found, strict=True) if sent is None}
        known = {raw: self._one(raw) for raw in odd}
        return [
            known[raw] if sent is None else sent for raw, sent in zip(cells, found, strict=True)
        ]

    def _one(self, raw: str) -> Any:
        if not raw:
            return None
        found = None if self._plain is None else self._plain(raw)
        return self._slowly(raw) if found is None else found

    def _number(self, raw: str) -> str | None:
        return raw if self._numbers is not None and self._numbers.fullmatch(raw) else None

    def _slowly(self, raw: Any) -> Any:
        if raw in (None, "", []):
            return None
        try:
            value = self._read(self._field, raw, self._reading)
            return None if value is None else sendable(sent_value(self._field, value))
        except (CellError, InvalidArgument) as error:
            self.is_any_wrong = True
            return Wrong(error.message if isinstance(error, InvalidArgument) else str(error))


def sendable(value: Any) -> Any:
    """A value in the form in which it is sent. Raises InvalidArgument."""
    return [wire_value(one) for one in value] if isinstance(value, list) else wire_value(value)


def new_rows(
    columns: Sequence[Mapped],
    rows: Sequence[Sequence[Any]],
    reading: Reading,
    by_place: Callable[[int], Sequence[Any]],
) -> list[dict[str, Any] | tuple[str, str]]:
    """What is sent of each row, by the ids of the fields; of one that cannot be taken the title of
    the first column that is wrong, and why. `by_place` gives the same cells by their columns.

    The last columns have the ids of links: where such a cell holds some, it does not matter whether
    the names beside it are known, but those that are have to be of the same rows.
    """
    keys = [str(one.field.id) for one in columns]
    readers = [ColumnReader(one, reading) for one in columns]
    found = [reader.all(by_place(one.place)) for one, reader in zip(columns, readers, strict=True)]
    made: list[dict[str, Any] | tuple[str, str]] = []
    unlike = _unlike(columns, found)
    if not unlike and not any(reader.is_any_wrong for reader in readers):
        return [
            {k: v for k, v in zip(keys, values, strict=True) if v is not None}
            if None in values
            else dict(zip(keys, values, strict=True))
            for values in zip(*found, strict=True)
        ]
    wrong = unlike | _wrong_of(columns, found, rows)
    for place, values in enumerate(zip(*found, strict=True)):
        if place in wrong and wrong[place] is not None:
            made.append(wrong[place])
        else:
            made.append({k: v for k, v in zip(keys, values, strict=True)
                         if v is not None and v.__class__ is not Wrong})  # fmt: skip
    return made


def _unlike(
    columns: Sequence[Mapped], found: Sequence[Sequence[Any]]
) -> dict[int, tuple[str, str]]:
    """The rows whose links are of other rows by their names than by their ids, by their places."""
    by_names = {
        one.field.id: values
        for one, values in zip(columns, found, strict=True)
        if one.column.kind == "links"
    }
    unlike: dict[int, tuple[str, str]] = {}
    for one, values in zip(columns, found, strict=True):
        if one.column.kind != "ids" or one.field.id not in by_names:
            continue
        for place, pair in enumerate(zip(values, by_names[one.field.id], strict=True)):
            if pair[0] == pair[1]:
                continue
            # An empty cell says nothing, and one that is wrong is told as such.
            rows = [{link["row_id"] for link in links} for links in pair if type(links) is list]
            if len(rows) == len(pair) and rows[0] != rows[1]:
                unlike[place] = one.column.title, TWO_LINKS
    return unlike


def _wrong_of(
    columns: Sequence[Mapped], found: Sequence[Sequence[Any]], rows: Sequence[Sequence[Any]]
) -> dict[int, tuple[str, str]]:
    """The rows that cannot be taken, by their places."""
    ids = {one.field.id: one.place for one in columns if one.column.kind == "ids"}
    wrong: dict[int, tuple[str, str]] = {}
    for one, values in zip(columns, found, strict=True):
        beside = ids.get(one.field.id) if one.column.kind == "links" else None
        for place, value in enumerate(values):
            if value.__class__ is not Wrong or place in wrong:
                continue
            if beside is None or not rows[place][beside]:
                wrong[place] = one.column.title, value.why
    return wrong


def _text(raw: str) -> str:
    return raw


def _whole(raw: str) -> int | None:
    return int(raw) if _WHOLE.fullmatch(raw) else None


def _moment(zone: tzinfo, raw: str) -> str | None:
    told = _MOMENT.fullmatch(raw)
    if told is None:
        return None
    try:
        found = datetime.fromisoformat(raw)
        there = (found if told[1] else found.replace(tzinfo=zone)).astimezone(PARIS)
        # Of an hour that is there twice not every time can be sent.
        return None if there.fold else there.isoformat(" ")[:WRITTEN]
    except (ValueError, OverflowError):
        return None


class _Moments:
    """What is sent of moments: which hour is which in Paris is known for each whole day."""

    def __init__(self, zone: tzinfo) -> None:
        self._zone = zone
        self._hours: dict[str, Mapping[str, str]] = {}
        """By a day and the zone behind its time, of an hour there the same in Paris, where that is
        on that day."""

    def __call__(self, raw: str) -> str | None:
        """As `_moment`, which it leaves what is not of an ordinary day."""
        return self.all([raw])[0] or _moment(self._zone, raw)

    def all(self, texts: Sequence[str]) -> list[str | None]:
        """What is sent of each of these texts, None for one that is not of an ordinary day."""
        days = [raw[:_DAYS] + raw[WRITTEN:] for raw in texts]
        for day in {*days}.difference(self._hours):
            self._hours[day] = self._hours_of(day)
        hours = [
            known.get(raw[_CLOCK])
            for raw, known in zip(texts, map(self._hours.__getitem__, days), strict=True)
        ]
        # What stands beside day and hour is mostly of few kinds: those are looked at.
        odd = {rest for rest in {raw[_REST] for raw in texts} if not _AFTER_HOUR.fullmatch(rest)}
        usual = None not in hours and not odd
        if usual and _SEPARATORS.issuperset({raw[_SEPARATOR] for raw in texts}):
            return [
                f"{raw[:_DAYS]} {hour}{raw[_REST]}" for raw, hour in zip(texts, hours, strict=True)
            ]
        return [
            None
            if hour is None or raw[_REST] in odd or raw[_SEPARATOR] not in _SEPARATORS
            else f"{raw[:_DAYS]} {hour}{raw[_REST]}"
            for raw, hour in zip(texts, hours, strict=True)
        ]

    def _hours_of(self, day: str) -> Mapping[str, str]:
        """The hours of a day that may have a zone behind it."""
        if _ZONED_DAY.fullmatch(day) is None:
            return {}
        return _hours_ahead(self._ahead_on(day[:_DAYS], day[_DAYS:]))

    def _ahead_on(self, day: str, zone: str) -> int | None:
        """By how many hours a clock in Paris is ahead all of a day; None where that is none, or
        one of the two clocks is put forward or back."""
        try:
            ends = [datetime.fromisoformat(f"{day} {clock}{zone}") for clock in _ENDS]
            ends = [one if zone else one.replace(tzinfo=self._zone) for one in ends]
            mine = {one.utcoffset() for one in ends}
            paris = [one.astimezone(PARIS) for one in ends]
        except (ValueError, OverflowError):
            return None
        there = {one.utcoffset() for one in paris}
        # One that was put back at midnight shows the first hour of the day twice.
        if len(mine) > 1 or len(there) > 1 or any(one.fold for one in paris):
            return None
        ahead = ((there.pop() or _NONE) - (mine.pop() or _NONE)) / _HOUR
        return int(ahead) if ahead.is_integer() else None


@cache
def _hours_ahead(ahead: int | None) -> Mapping[str, str]:
    """By the hours of a day, the hour of a clock that is so many ahead, where that is none of the
    next day or the one before."""
    if ahead is None:
        return {}
    return {f"{hour:02d}": f"{hour + ahead:02d}" for hour in range(24) if 0 <= hour + ahead < 24}


def _day(raw: str) -> str | None:
    if _DAY.fullmatch(raw) is None:
        return None
    try:
        date.fromisoformat(raw)
    except ValueError:
        return None
    return raw
