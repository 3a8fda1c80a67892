"""What a condition on a column means to the mirror, by the kind of the column; and the condition,
as one would type it, that a column reads as it does in one cell.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from tui.store.folding import fold
from tui.store.mirror.wishes import Begins, Compares, Comparison, Either, Empty, Filter, Holds, Not
from tui.workspace.books.cells import COUNTED, Cell, Field, cell_text, count_of, kind_of, typed
from tui.workspace.books.mirrored import column_name
from tui.workspace.books.titles import title_of

HOW: dict[str, Comparison] = {
    "=": "=", "!=": "≠", "≠": "≠", "<": "<", "<=": "≤", "≤": "≤", ">": ">", ">=": "≥", "≥": "≥",
}  # fmt: skip
_YES = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
_VALUES = ("integer", "number", "boolean", "date", "moment", *COUNTED)
"""Kinds whose values are no texts."""
EMPTY = "empty"
LONGEST = 200
"""Characters of a text that a condition of one cell has; of a longer one its beginning counts."""
_PLAIN = re.compile(r"\w[\w .,@/()+-]*\w|\w")
"""A value that needs no quotes."""


class Given(NamedTuple):
    """A value as it was typed."""

    text: str
    quoted: bool = False
    """In quotes it means nothing but itself."""
    marks: str = ""
    """What stands before it behind a colon, as before a word: `!`, `^` or `=`."""


def understood(field: Field, sign: str, values: list[Given], zone: tzinfo) -> list[Filter]:
    """The condition that a column has one of some values; nothing where it is none."""
    ways = [_one(field, sign, value, zone) for value in values]
    if not all(ways):
        return []
    if len(ways) == 1:
        return ways[0]
    if sign in ("!=", "≠"):
        return [one for way in ways for one in way]
    return [Either(tuple(tuple(way) for way in ways))]


def _one(field: Field, sign: str, value: Given, zone: tzinfo) -> list[Filter]:
    column, text = column_name(field), value.text
    if not text and not value.quoted:
        return [Empty(column, sign in ("=", ":"))] if sign in (":", "=", "!=", "≠") else []
    if sign == "~":
        return [Holds(text, column)]
    if sign == ":":
        return _holds(field, value, zone)
    return _compared(field, HOW[sign], value, zone)


def _holds(field: Field, value: Given, zone: tzinfo) -> list[Filter]:
    """What stands behind a colon: a part of a text, else the value; ``empty``; ``!``, ``^``, ``=``
    before it as before a word.
    """
    column, text = column_name(field), value.text
    mark, rest = value.marks[:1], value._replace(marks=value.marks[1:])
    if mark == "!":
        marks = value.marks.lstrip("!")
        inner = _holds(field, value._replace(marks=marks), zone)
        # Twice is not at all.
        odd = (len(value.marks) - len(marks)) % 2
        return [Not(tuple(inner))] if inner and odd else inner
    if not value.quoted and fold(text) == EMPTY:
        return [Empty(column)]
    if mark == "^":
        return [Begins(text, column)]
    if mark == "=":
        return _compared(field, "=", rest, zone)
    if kind_of(field) in _VALUES:
        return _compared(field, "=", value, zone)
    return [Holds(text, column)]


def _compared(field: Field, how: Comparison, value: Given, zone: tzinfo) -> list[Filter]:
    column, kind, text = column_name(field), kind_of(field), value.text
    found: list[Filter] = []
    if kind in ("integer", "number", *COUNTED):
        number = _number(text)
        found = [] if number is None else [Compares(column, how, number)]
    elif kind == "boolean":
        wanted = _YES.get(fold(text))
        found = [] if wanted is None else [Compares(column, how, wanted)]
    elif kind in ("date", "moment"):
        found = _in_time(column, how, text, None if kind == "date" else zone)
    else:
        return [Compares(column, how, text)]
    # What is not of its column's kind stands there as a text.
    return found or ([Compares(column, how, text)] if value.quoted else [])


def _number(value: str) -> Decimal | None:
    try:
        found = Decimal(value.replace(",", ".") if value.count(",") == 1 else value)
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


_SPAN = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", re.ASCII)
_DAY = timedelta(days=1)
_FIRST, _LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


def _days(value: str) -> tuple[date, date | None] | None:
    """A day, a month or a year: its first day, and the day behind its last one, None where no
    calendar has that.
    """
    found = _SPAN.fullmatch(value)
    if found is None:
        return None
    year, month, day = (None if one is None else int(one) for one in found.groups())
    try:
        begin = date(year or 0, month or 1, day or 1)
    except ValueError:
        return None
    try:
        if day is not None:
            return begin, begin + _DAY
        behind = begin.replace(day=28) + 4 * _DAY
        return begin, behind.replace(day=1) if month is not None else date(begin.year + 1, 1, 1)
    except (ValueError, OverflowError):
        return begin, None


def _in_time(column: str, how: Comparison, value: str, zone: tzinfo | None) -> list[Filter]:
    """A time is as long as it is written: a year, a month, a day, a minute, a second. `=` means
    any time of it, `>` later than all of it. Days without a zone.
    """
    days = _days(value)
    begin: date
    end: date | None
    if days is not None and zone is None:
        begin, end = days
    elif zone is None:
        return []
    else:
        span = _moments(value, zone) if days is None else (
            _begins(days[0], zone), None if days[1] is None else _begins(days[1], zone)
        )  # fmt: skip
        if span is None:
            return []
        begin, end = span
    # Behind the last of all times there is none: what is not later than that is before its end.
    last = date.max if zone is None else _LAST
    ended = Compares(column, "≤", last) if end is None else Compares(column, "<", end)
    behind = Compares(column, ">", last) if end is None else Compares(column, "≥", end)
    within: tuple[Filter, ...] = (Compares(column, "≥", begin), ended)
    ways: dict[Comparison, list[Filter]] = {
        "=": [*within],
        "≠": [Empty(column, False), Not(within)],
        "<": [Compares(column, "<", begin)],
        "≥": [Compares(column, "≥", begin)],
        ">": [behind],
        "≤": [ended],
    }
    return ways[how]


def _begins(day: date, zone: tzinfo) -> datetime:
    return _in_utc(datetime.combine(day, time(), zone))


def _in_utc(moment: datetime) -> datetime:
    """A moment in UTC; what is out of its calendar is the first or the last one of that."""
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        return _FIRST if moment.year == _FIRST.year else _LAST


def _moments(value: str, zone: tzinfo) -> tuple[datetime, datetime | None] | None:
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    begin = _in_utc(moment if moment.tzinfo is not None else moment.replace(tzinfo=zone))
    try:
        return begin, begin + timedelta(seconds=1 if value.count(":") > 1 else 60)
    except OverflowError:
        return begin, None


# -- written -------------------------------------------------------------------------------------


def quoted(text: str, *, always: bool = False) -> str:
    """A name or a value as it is typed, in quotes where it would mean something else."""
    plain = not always and _PLAIN.fullmatch(text) and fold(text) != EMPTY and "  " not in text
    return text if plain else '"' + text.replace('"', '""') + '"'


def condition_of(field: Field, cell: Cell | None, zone: tzinfo, among: Sequence[Field]) -> str:
    """The condition that a column has what it has in one cell, as one would type it; the column is
    one of those `among` which it is told apart by its title.
    """
    value = _value(field, cell, zone)
    if len(value) > LONGEST:
        return f"{quoted(title_of(field, among))}:^{quoted(value[:LONGEST])}"
    return condition_of_any(field, [cell], zone, among)


def condition_of_any(
    field: Field, cells: Sequence[Cell | None], zone: tzinfo, among: Sequence[Field]
) -> str:
    """The condition that a column has what it has in one of some cells."""
    values: dict[str, str] = {}
    for cell in cells:
        value = _value(field, cell, zone)
        # A text in a column of another kind is understood in quotes alone.
        other = kind_of(field) in _VALUES and isinstance(typed(field, cell), str)
        values[value] = quoted(value, always=other) if value else ""
    return f"{quoted(title_of(field, among))}={'|'.join(values.values())}"


def _value(field: Field, cell: Cell | None, zone: tzinfo) -> str:
    if kind_of(field) in COUNTED:
        return str(count_of(cell) or "")
    found = typed(field, cell)
    if isinstance(found, bool):
        return "yes" if found else "no"
    if isinstance(found, (int, float)):
        return str(found)
    if isinstance(found, Decimal):
        return f"{found:f}"
    return cell_text(field, cell, zone)
