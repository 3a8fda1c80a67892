"""What a person types to narrow a table: a text, or conditions on its columns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal, InvalidOperation

from tui.store.folding import fold
from tui.store.mirror.wishes import Compares, Comparison, Empty, Filter, Holds, Sort, Wish
from tui.workspace.books.cells import COUNTED, Field, kind_of
from tui.workspace.books.mirrored import column_name

__all__ = ["Sort", "Wish", "condition_for", "filters_of", "wish_of"]

_SIGNS = re.compile("!=|≠|<=|≤|>=|≥|=|<|>|~")
_HOW: dict[str, Comparison] = {
    "=": "=", "!=": "≠", "≠": "≠", "<": "<", "<=": "≤", "≤": "≤", ">": ">", ">=": "≥", "≥": "≥",
}  # fmt: skip
_YES = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
_DAY = timedelta(days=1)


def wish_of(
    typed: str, sorts: Iterable[tuple[str, bool]], fields: Sequence[Field], zone: tzinfo
) -> Wish:
    """What is typed and by which columns, as the mirror takes it."""
    return Wish(
        tuple(Sort(column, descending) for column, descending in sorts),
        tuple(filters_of(typed, fields, zone)),
    )


def filters_of(typed: str, fields: Sequence[Field], zone: tzinfo) -> list[Filter]:
    """Conditions such as ``Status=Done & Hours>2``; anything else is a text in any column.

    A condition is the name of a column, one of ``= != < <= > >=``, or ``~`` for "holds", and a
    value of its kind; without a value it asks for empty cells, or with ``!=`` for others.
    """
    if not typed.strip():
        return []
    found: list[Filter] = []
    for term in typed.split(" & "):
        found += _condition(term, fields, zone) or [Holds(term.strip())]
    return found


def not_understood(typed: str, fields: Sequence[Field], zone: tzinfo) -> list[str]:
    """Those parts of what is typed that look like a condition and are taken as a text."""
    return [
        term.strip()
        for term in typed.split(" & ")
        if _SIGNS.search(term) and not _condition(term, fields, zone)
    ]


def condition_for(field: Field, shown: str) -> str:
    """The condition that a column reads as it does in one cell, as one would type it."""
    return f"{field.name}={shown}"


def _condition(term: str, fields: Sequence[Field], zone: tzinfo) -> list[Filter]:
    """The condition of a term; nothing where it is none."""
    names = {fold(field.name): field for field in reversed(fields)}
    # The name of a column may itself hold a sign: each is tried.
    for sign in _SIGNS.finditer(term):
        field = names.get(fold(term[: sign.start()].strip()))
        if field is not None:
            return _understood(field, sign[0], term[sign.end() :].strip(), zone)
    return []


def _understood(field: Field, sign: str, value: str, zone: tzinfo) -> list[Filter]:
    column, kind = column_name(field), kind_of(field)
    if not value:
        return [Empty(column, sign != "!=" and sign != "≠")] if sign in ("=", "!=", "≠") else []
    if sign == "~":
        return [Holds(value, column)]
    how = _HOW[sign]
    if kind in ("integer", "number", *COUNTED):
        number = _number(value)
        return [] if number is None else [Compares(column, how, number)]
    if kind == "boolean":
        wanted = _YES.get(fold(value))
        return [] if wanted is None else [Compares(column, how, wanted)]
    if kind == "date":
        day = _day(value)
        return [] if day is None else [Compares(column, how, day)]
    if kind == "moment":
        return _moment(column, how, value, zone)
    return [Compares(column, how, value)]


def _number(value: str) -> Decimal | None:
    try:
        found = Decimal(value.replace(",", ".") if value.count(",") == 1 else value)
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _moment(column: str, how: Comparison, value: str, zone: tzinfo) -> list[Filter]:
    """A time, or a day: then `=` means any time of it, and `>` later than all of it."""
    day = _day(value)
    if day is None:
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            return []
        return [Compares(column, how, moment.replace(tzinfo=zone).astimezone(UTC))]
    if day == date.max:
        return []
    begin, end = (datetime.combine(one, time(), zone).astimezone(UTC) for one in (day, day + _DAY))
    if how == "=":
        return [Compares(column, "≥", begin), Compares(column, "<", end)]
    if how == "≠":
        return []
    return [
        {
            "<": Compares(column, "<", begin),
            "≥": Compares(column, "≥", begin),
            ">": Compares(column, "≥", end),
            "≤": Compares(column, "<", end),
        }[how]
    ]
