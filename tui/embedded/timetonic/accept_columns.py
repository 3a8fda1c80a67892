"""Cells of many rows taken column by column: what they mostly are is seen in one look at all.

What comes of it is what `Acceptor.value` makes of each of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from itertools import chain
from math import isfinite
from typing import cast

from tui.embedded.timetonic.accept import (
    DAY,
    WHOLE,
    Acceptor,
    has_lost_hour,
)
from tui.embedded.timetonic.definitions import BIGGEST_INTEGER, COMPUTED, Field, length_limit
from tui.embedded.timetonic.envelope import Refusal

_MONTH = slice(5, 7)
"""Where a day that is written out has its month."""
Values = Sequence[object]
Column = Callable[[Acceptor, Field, Values], Values | None]
"""What is stored of these values, the same sequence where that is what was sent; None where they
have to be looked at one by one."""


def by_column(
    acceptor: Acceptor, fields: Mapping[str, Field], rows: Sequence[Mapping[str, object]]
) -> list[dict[str, object]] | None:
    """What is stored of rows. None where something in them is refused, or fields are named
    otherwise: then row by row tells of the first one.
    """
    made = [*map(dict, rows)]
    for name in dict.fromkeys(chain.from_iterable(rows)):
        field = fields.get(name)
        if field is None:
            return None
        sent = [row[name] for row in rows if name in row]
        try:
            stored = _column(acceptor, field, sent)
        except Refusal:
            return None
        if stored is not sent:
            values = iter(stored)
            for row in made:
                if name in row:
                    row[name] = next(values)
    return made


def _column(acceptor: Acceptor, field: Field, sent: Values) -> Values:
    stored = None
    if field.type not in COMPUTED and not field.read_only and field.type != "link":
        stored = _BY_TYPE.get(field.type, _text)(acceptor, field, sent)
    return [*map(acceptor.reader(field), sent)] if stored is None else stored


def _are(kind: type, sent: Values) -> bool:
    return {kind}.issuperset(map(type, sent))


def _text(_acceptor: Acceptor, field: Field, sent: Values) -> Values | None:
    if not _are(str, sent):
        return None
    lengths = [*map(len, _texts(sent))]
    if not 0 < min(lengths) <= max(lengths) <= length_limit(field):
        return None
    strict = field.options.get("strict")
    return None if strict and not set(field.choices).issuperset(sent) else sent


def _texts(sent: Values) -> Sequence[str]:
    """The same, of which all are texts."""
    return cast("Sequence[str]", sent)


def _integer(_acceptor: Acceptor, _field: Field, sent: Values) -> Values | None:
    plain = _are(int, sent) and all(abs(one) <= BIGGEST_INTEGER for one in _numbers(sent))
    return sent if plain else None


def _numbers(sent: Values) -> list[int]:
    return [one for one in sent if isinstance(one, int)]


def _double(_acceptor: Acceptor, _field: Field, sent: Values) -> Values | None:
    if not _are(str, sent):
        return None
    try:
        found = [*map(float, _texts(sent))]
    except ValueError:
        return None
    return found if all(map(isfinite, found)) else None


def _boolean(_acceptor: Acceptor, _field: Field, sent: Values) -> Values | None:
    return sent if _are(bool, sent) else None


def _date(acceptor: Acceptor, field: Field, sent: Values) -> Values | None:
    form = WHOLE if field.with_time else DAY
    texts = _texts(sent)
    if not _are(str, sent) or not all(map(form.fullmatch, texts)):
        return None
    try:
        if not field.with_time:
            [*map(date.fromisoformat, texts)]
            return sent
        found = [*map(datetime.fromisoformat, texts)]
    except ValueError:
        return None
    # Few calls have a time of the month in which an hour is lost.
    if "03" not in {text[_MONTH] for text in texts} or not any(map(has_lost_hour, found)):
        return sent
    return [
        acceptor.value(field, text) if has_lost_hour(at) else text
        for text, at in zip(texts, found, strict=True)
    ]


_BY_TYPE: Mapping[str, Column] = {
    "int": _integer,
    "double": _double,
    "boolean": _boolean,
    "date": _date,
}
