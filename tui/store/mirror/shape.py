"""What a collection's records are made of: columns by kind, and values as they are compared."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import repeat
from typing import Any, Literal, NamedTuple

from tui.store.folding import fold, folded, folded_all

Kind = Literal["text", "number", "date", "moment", "boolean"]
Value = str | int | float | Decimal | bool | date | datetime | None
Key = str | int | float | None
"""A value as the file compares it: nothing, then numbers, then text that is not of its kind."""
RecordId = int | str

MOST_COLUMNS = 1000
"""Columns of a collection; what SQLite takes in one statement is a little more."""
_LARGEST = 2**63 - 1
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class Column:
    """One column: its name, which stays, and how its values are compared.

    Text is compared without case, accents and width. Numbers beyond 15 digits that are not whole
    are compared by their first 15.
    """

    name: str
    kind: Kind


@dataclass(frozen=True)
class Shape:
    """The columns of a collection, `MOST_COLUMNS` at most.

    `version` names all else that decides what the records look like (a time zone, the version of
    their payload): records of another version are as good as not there.
    """

    columns: tuple[Column, ...]
    version: str = ""

    def __post_init__(self) -> None:
        if len(self.columns) > MOST_COLUMNS:
            raise ValueError(f"there are more columns ({len(self.columns)}) than {MOST_COLUMNS}")

    @property
    def signature(self) -> str:
        """The shape as text: equal for equal shapes."""
        columns = "\n".join(f"{column.kind} {column.name}" for column in self.columns)
        return f"{self.version}\n{columns}"

    def place(self, name: str) -> int | None:
        """Which of the columns has the name."""
        return next((n for n, column in enumerate(self.columns) if column.name == name), None)


class Record(NamedTuple):
    """One record: its id, a value for each column, what a person reads of it, and the rest.

    Any text of `texts` is found by a search; `payload` is given back as it was.
    """

    id: RecordId
    values: Sequence[Value]
    texts: Iterable[str]
    payload: bytes


class Compared(NamedTuple):
    """A column as it is kept."""

    keys: Sequence[Key]
    """What every record is compared by, as `keys_of` has it."""
    texts: Sequence[str | None]
    """What a person reads of every record, as `folded` has it; None for nothing."""


class Batch(NamedTuple):
    """Many records by their columns, which costs less than each by itself; see `Record`."""

    ids: Sequence[RecordId]
    columns: Sequence[Compared]
    """As many as the shape has."""
    payloads: Sequence[bytes]


class Prepared(NamedTuple):
    """Records as they are put into the file, column by column."""

    ids: Sequence[RecordId]
    keys: Sequence[Sequence[Key]]
    """For each column of the shape what every record is compared by."""
    texts: Sequence[str]
    """What every record is searched in."""
    payloads: Sequence[bytes]


class Row(NamedTuple):
    """A record as it is read: where it stands in an order, its id and its payload."""

    place: int
    id: RecordId
    payload: bytes


def key_of(kind: Kind, value: Value) -> Key:
    """A value as the file compares it; None and an empty text are nothing.

    A value that is not of its column's kind is text, and stands behind all that are.
    """
    if value is None or value == "":
        return None
    if value.__class__ is str:
        return fold(value)
    return _KEYS[kind](value)


def keys_of(kind: Kind, values: Sequence[Value]) -> list[Key]:
    """The same of many values."""
    if kind == "text":
        texts = [value if value.__class__ is str else "" for value in values]
        return [
            (text if value else None) if value.__class__ is str else key_of(kind, value)
            for value, text in zip(values, folded_all(texts), strict=True)
        ]
    if kind == "number":
        return [
            value
            if value is None
            or (value.__class__ is float and value == value)
            or (value.__class__ is int and -_LARGEST <= value <= _LARGEST)
            else key_of(kind, value)
            for value in values
        ]
    if kind == "moment":
        return [
            (value - _EPOCH) // _MICROSECOND
            if value.__class__ is datetime and value.tzinfo is not None
            else key_of(kind, value)
            for value in values
        ]
    return [None if value is None else key_of(kind, value) for value in values]


def _text(value: Value) -> Key:
    return fold(str(value)) or None


def _date(value: Value) -> Key:
    # A moment is a day, too.
    return value.toordinal() if isinstance(value, date) else _text(value)


def _moment(value: Value) -> Key:
    if isinstance(value, datetime):
        moment = value if value.tzinfo is not None else value.replace(tzinfo=UTC)
        return (moment - _EPOCH) // _MICROSECOND
    if isinstance(value, date):
        return (datetime.combine(value, time(), UTC) - _EPOCH) // _MICROSECOND
    return _text(value)


def _number(value: Value) -> Key:
    if isinstance(value, int):
        return int(value) if -_LARGEST <= value <= _LARGEST else _float(value)
    if isinstance(value, Decimal):
        if value.is_finite() and value.adjusted() < 19:
            whole = int(value)
            if whole == value and -_LARGEST <= whole <= _LARGEST:
                return whole
        return _float(value)
    return _float(value) if isinstance(value, float) else _text(value)


_KEYS: Mapping[Kind, Callable[[Value], Key]] = {
    "text": _text, "number": _number, "boolean": _number, "date": _date, "moment": _moment,
}  # fmt: skip


def _float(value: float | Decimal) -> Key:
    try:
        found = float(value)
    except (OverflowError, ValueError):
        return fold(str(value))
    # Not a number is not smaller or greater than any.
    return fold(str(value)) if found != found else found


def prepared(records: Sequence[Record] | Batch, shape: Shape) -> Prepared:
    """What records are compared by and searched in."""
    if isinstance(records, Batch):
        if len(records.columns) != len(shape.columns):
            raise ValueError("there are other columns than the shape has")
        keys = [column.keys for column in records.columns]
        return Prepared(records.ids, keys, _texts_of_columns(records), records.payloads)
    columns = zip(*(record.values for record in records), strict=True)
    keys = [
        keys_of(column.kind, values)
        for column, values in zip(shape.columns, columns, strict=bool(records))
    ]
    return Prepared(
        [record.id for record in records],
        keys,
        _texts_of(records, shape, keys),
        [record.payload for record in records],
    )


def _texts_of_columns(records: Batch) -> list[str]:
    if not records.columns:
        return [""] * len(records.ids)
    rows = zip(*(column.texts for column in records.columns), strict=True)
    return [_lines([text for text in row if text is not None]) for row in rows]


def _texts_of(records: Sequence[Record], shape: Shape, keys: Sequence[Sequence[Key]]) -> list[str]:
    """What a search looks in: every text of a record folded, each on lines of its own. `keys` are
    the values of each column as they are compared: what is folded there is not folded again.
    """
    places = [place for place, column in enumerate(shape.columns) if column.kind == "text"]
    # Values of other kinds read otherwise than they are compared, and cost more to look up.
    if not records or not places:
        folded_keys: Iterable[Sequence[Any]] = repeat((), len(records))
    else:
        folded_keys = zip(*(keys[place] for place in places), strict=True)
    found: list[str] = []
    for record, own in zip(records, folded_keys, strict=True):
        values = record.values
        known = dict(zip([values[place] for place in places], own, strict=True))
        found.append(_lines([known.get(text) or folded(text) for text in record.texts]))
    return found


def _lines(texts: Iterable[str]) -> str:
    return without_nul("\n".join(texts))


def without_nul(text: str) -> str:
    """What stands in a text that is searched, and in what is looked for: the patterns of SQLite
    end at a NUL.
    """
    return text.replace("\0", "\ufffd")
