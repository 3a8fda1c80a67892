"""A whole column of a smart table read at once: what `cell_reading.reader` reads of each of its
cells, without a step of its own for those that are as they usually come.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import tzinfo
from functools import partial
from types import NoneType
from typing import Any

from tui.services.timetonic import Field
from tui.store.folding import folded_all
from tui.store.mirror.shape import Compared, Key, Kind, keys_of
from tui.workspace.books.cell_reading import MOST_KNOWN, PLAIN, Moments, Reader, reader, value_kind
from tui.workspace.books.cells import kind_of

Texts = Sequence[str | None]
ColumnReader = Callable[[Sequence[Any], Texts], Compared]
"""What cells of these values and texts are compared by, and how they read, folded."""


def column_reader(field: Field, zone: tzinfo) -> ColumnReader:
    """How the cells of a field are read."""
    read, kind = reader(field, zone), value_kind(field)
    if isinstance(read, Moments):
        return partial(_moments, read)
    if kind == "date":
        return _Days(read, kind)
    way = _WAYS.get(kind_of(field), _any if kind != "text" or kind_of(field) == "link" else _text)
    return partial(way, read, kind)


def _any(read: Reader, kind: Kind, values: Sequence[Any], texts: Texts) -> Compared:
    """Cell by cell."""
    found = [
        (None, "") if value is None and text is None else read(value, text)
        for value, text in zip(values, texts, strict=True)
    ]
    keys = keys_of(kind, [value for value, _ in found])
    if kind == "text":
        # What is compared is what is read.
        return Compared(keys, [None if key is None else str(key) for key in keys])
    return Compared(keys, _folded([text for _, text in found]))


def _folded(texts: Texts) -> list[str | None]:
    """Texts as they are searched; None for nothing."""
    found = folded_all([text or "" for text in texts])
    return [one if text else None for text, one in zip(texts, found, strict=True)]


def _text(read: Reader, kind: Kind, values: Sequence[Any], texts: Texts) -> Compared:
    if not set(map(type, values)) <= {str, NoneType}:
        return _any(read, kind, values, texts)
    if texts.count(None) < len(texts):
        # An empty one counts as well: it is what is read.
        values = [
            value if not value or text is None else text
            for value, text in zip(values, texts, strict=True)
        ]
    found = _folded(values)
    return Compared(found, found)


def _integers(read: Reader, kind: Kind, values: Sequence[Any], texts: Texts) -> Compared:
    if not set(map(type, values)) <= {int, NoneType}:
        return _any(read, kind, values, texts)
    shown = [
        None if value is None else str(value) if text is None else text
        for value, text in zip(values, texts, strict=True)
    ]
    return Compared(keys_of(kind, values), _folded(shown))


def _numbers(read: Reader, kind: Kind, values: Sequence[Any], texts: Texts) -> Compared:
    if not set(map(type, values)) <= {float, NoneType}:
        return _any(read, kind, values, texts)
    plain = [value is None or PLAIN < abs(value) < 1 / PLAIN for value in values]
    if not all(plain):
        return _any(read, kind, values, texts)
    shown = [
        None if value is None else repr(value) if text is None else text
        for value, text in zip(values, texts, strict=True)
    ]
    return Compared(list(values), _folded(shown))


def _booleans(read: Reader, kind: Kind, values: Sequence[Any], texts: Texts) -> Compared:
    if not set(map(type, values)) <= {bool, NoneType}:
        return _any(read, kind, values, texts)
    keys: list[Key] = [None if value is None else int(value) for value in values]
    return Compared(keys, [_BOOLEANS[value] for value in values])


_BOOLEANS = {None: None, False: "no", True: "yes"}


class _Days:
    """Reads days; there are far fewer of them than rows."""

    def __init__(self, read: Reader, kind: Kind) -> None:
        self._read = read
        self._kind = kind
        self._known: dict[str | None, tuple[Key, str | None]] = {}

    def __call__(self, values: Sequence[Any], texts: Texts) -> Compared:
        """As every `ColumnReader`."""
        if not set(map(type, values)) <= {str, NoneType} or texts.count(None) < len(texts):
            return _any(self._read, self._kind, values, texts)
        if len(self._known) >= MOST_KNOWN:
            self._known.clear()
        new = list(set(values) - self._known.keys())
        if new:
            read = _any(self._read, self._kind, new, [None] * len(new))
            for value, key, text in zip(new, read.keys, read.texts, strict=True):
                self._known[value] = key, text
        found = [self._known[value] for value in values]
        return Compared([key for key, _ in found], [text for _, text in found])


def _moments(read: Moments, values: Sequence[Any], texts: Texts) -> Compared:
    found = [
        (None, None) if value is None and text is None else read.compared(value)
        for value, text in zip(values, texts, strict=True)
    ]
    odd = [place for place, one in enumerate(found) if one is None]
    if odd:
        rest = _any(read, "moment", [values[n] for n in odd], [texts[n] for n in odd])
        for place, key, text in zip(odd, rest.keys, rest.texts, strict=True):
            found[place] = key, text
    whole = [one for one in found if one is not None]
    return Compared([key for key, _ in whole], [text for _, text in whole])


_WAYS: dict[str, Callable[[Reader, Kind, Sequence[Any], Texts], Compared]] = {
    "integer": _integers,
    "number": _numbers,
    "boolean": _booleans,
}
