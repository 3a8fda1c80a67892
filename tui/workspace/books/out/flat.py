"""Rows as lines of CSV or TSV, made column by column from what the mirror keeps of them.

Most cells leave as they stand, or as one did before that was the same. Whatever is not of the usual
form is read and written by itself, as for every other form of export.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter
from typing import Any

import msgspec

from tui.services.timetonic import Cell
from tui.workspace.books.cell_reading import Moments
from tui.workspace.books.mirrored import cells_of_lines, columns_of_lines
from tui.workspace.books.out.columns import MOST_KNOWN, Column, leaves_as_text
from tui.workspace.books.out.plain import plain_number, written
from tui.workspace.csv_cells import guard

QUOTE = '"'
_TEXTS = frozenset((str, type(None)))
_NUMBERS = frozenset((int, float))
_RAW = frozenset((msgspec.Raw,))
_WORDS = {True: "true", False: "false"}

Texts = Sequence[str | None]
Way = Callable[[Sequence[Any], Texts], list[str]]
"""The cells of a column, by their values and texts, as they are written."""


_NULL = msgspec.Raw(b"null")


class _Unread(msgspec.Struct, frozen=True, gc=False):
    """A cell whose value is read only where it was not met before."""

    value: msgspec.Raw = _NULL
    text: str | None = None


class Lines:
    """Makes lines of rows; no cell of text in them is taken for a formula.

    `guarded` is how many cells begin with an apostrophe for that.
    """

    def __init__(self, columns: Sequence[Column], separator: str) -> None:
        self.guarded = 0
        self._separator = separator
        self._special = (separator, QUOTE, "\n", "\r")
        self._columns = columns
        names = {column.field_id: f"c{column.field_id}" for column in columns if column.field_id}
        links = frozenset(one.field_id for one in columns if one.kind in ("links", "ids"))
        self._links = links
        row = msgspec.defstruct(
            "Row",
            [
                (name, _Unread, _Unread()) if field_id in links else (name, Cell, Cell())
                for field_id, name in names.items()
            ],
            rename={name: str(field_id) for field_id, name in names.items()},
            frozen=True,
            gc=False,
        )
        self._decoder = msgspec.json.Decoder(row)
        self._parts = {
            field_id: (attrgetter(f"{name}.value"), attrgetter(f"{name}.text"))
            for field_id, name in names.items()
        }
        self._ways = [self._way(column) for column in columns]

    def header(self) -> str:
        """The titles."""
        return self._joined([self._all_quoted([guard(one.title)]) for one in self._columns])

    def of(self, ids: Sequence[int], payloads: bytes, places: Sequence[int] | None = None) -> str:
        """Rows by their ids and what they hold, which stands on a line each; of these only those
        at some places.
        """
        parts = self._read(payloads, len(ids))
        if places is not None:
            ids = [ids[one] for one in places]
            parts = {
                field_id: ([values[one] for one in places], [texts[one] for one in places])
                for field_id, (values, texts) in parts.items()
            }
        found: list[list[str]] = []
        for column, way in zip(self._columns, self._ways, strict=True):
            if column.field_id:
                found.append(way(*parts[column.field_id]))
            else:
                found.append(list(map(str, ids)))
        return self._joined(found)

    def _read(self, payloads: bytes, count: int) -> dict[int, tuple[Sequence[Any], Texts]]:
        """The values and texts of the columns of fields, by their ids."""
        kept = columns_of_lines(payloads, self._links)
        if kept is not None:
            nothing = [None] * count
            return {
                field_id: kept[field_id]
                if field_id in kept
                else ([_NULL] * count if field_id in self._links else nothing, nothing)
                for field_id in self._parts
            }
        try:
            rows: list[Any] = self._decoder.decode_lines(payloads)
        except msgspec.ValidationError:
            # Some of them came by columns and some did not.
            rows = self._decoder.decode_lines(
                msgspec.json.Encoder().encode_lines(cells_of_lines(payloads))
            )
        return {
            field_id: (list(map(value, rows)), list(map(text, rows)))
            for field_id, (value, text) in self._parts.items()
        }

    def _joined(self, columns: list[list[str]]) -> str:
        if len(columns) == 1:
            # An empty line is no row.
            columns = [[one or QUOTE * 2 for one in columns[0]]]
        lines = list(map(self._separator.join, zip(*columns, strict=True)))
        lines.append("")
        return "\n".join(lines)

    def _all_quoted(self, found: list[str]) -> list[str]:
        joined = "".join(found)
        there = [special for special in self._special if special in joined]
        return list(map(self._quoted, found)) if there else found

    def _quoted(self, text: str) -> str:
        if any(special in text for special in self._special):
            return QUOTE + text.replace(QUOTE, QUOTE * 2) + QUOTE
        return text

    # -- one column -----------------------------------------------------------------------------

    def _way(self, column: Column) -> Way:
        def one(value: Any, text: str | None) -> str:
            found, is_guarded = written(column, column.read(value, text))
            self.guarded += is_guarded
            return self._quoted(found)

        if column.kind in ("links", "ids"):
            return self._remembered(column, lambda raw: msgspec.json.decode(raw))
        if column.kind == "date":
            known = self._remembered(column, lambda value: value)
            return lambda values, texts: (
                known(values, texts)
                if _TEXTS.issuperset(map(type, values))
                else list(map(one, values, texts))
            )
        if column.kind == "text":
            return self._texts(column, one)
        if column.kind == "integer":
            return _usual(str, (int,), one)
        if column.kind == "number":
            usual = _usual(plain_number, (int, float), one)
            return lambda values, texts: _all_plain(values) or usual(values, texts)
        if column.kind == "boolean":
            return _usual(_WORDS.__getitem__, (bool,), one)
        if column.moments is not None:
            return _moments(column.moments, one)
        return lambda values, texts: list(map(one, values, texts))

    def _texts(self, column: Column, one: Callable[[Any, str | None], str]) -> Way:
        """Texts that stand there themselves: few of them could be computed, or need a look."""
        stands = leaves_as_text(column)

        def way(values: Sequence[Any], texts: Texts) -> list[str]:
            if not stands or _any_there(texts) or not _TEXTS.issuperset(map(type, values)):
                return list(map(one, values, texts))
            first = {value[:1] for value in values if value}
            if all(map(str.isalnum, first)):
                return self._all_quoted([value or "" for value in values])
            return [
                self._quoted(value or "") if not value or value[:1].isalnum() else one(value, None)
                for value in values
            ]

        return way

    def _remembered(self, column: Column, read: Callable[[Any], Any]) -> Way:
        """Values that repeat: each is read once, and not again before others make it forgotten."""
        known: dict[Any, str] = {}
        guarded: set[str] = set()

        def meet(keys: Iterable[Any], *, with_text: bool) -> None:
            for key in keys:
                value, text = key if with_text else (key, None)
                found, is_guarded = written(column, column.read(read(value), text))
                known[key] = found = self._quoted(found)
                if is_guarded:
                    guarded.add(found)

        def way(values: Sequence[Any], texts: Texts) -> list[str]:
            with_text = _any_there(texts)
            keys: Sequence[Any] = _hashable(values)
            if with_text:
                keys = list(zip(keys, texts, strict=True))
            fresh = set(keys).difference(known)
            if len(known) + len(fresh) > MOST_KNOWN:
                known.clear()
                fresh = set(keys)
            meet(fresh, with_text=with_text)
            found = list(map(known.__getitem__, keys))
            if guarded:
                # What is guarded comes of nothing else.
                self.guarded += sum(map(guarded.__contains__, found))
            return found

        return way


def _hashable(values: Sequence[Any]) -> Sequence[Any]:
    """What is not read yet, as bytes."""
    return list(map(bytes, values)) if _RAW.issuperset(map(type, values)) else values


def _any_there(texts: Texts) -> bool:
    """Whether a cell has a text beside its value: an empty one is one too."""
    return texts.count(None) < len(texts)


def _all_plain(values: Sequence[Any]) -> list[str]:
    """Numbers as `plain_number` writes them; nothing where one of them needs a look."""
    if not _NUMBERS.issuperset(map(type, values)):
        return []
    texts = list(map(repr, values))
    return texts if "e" not in "".join(texts) else []


def _usual(
    as_text: Callable[[Any], str],
    kinds: tuple[type, ...],
    one: Callable[[Any, str | None], str],
) -> Way:
    """Values most of which are of one kind."""
    usual = frozenset(kinds)

    def way(values: Sequence[Any], texts: Texts) -> list[str]:
        if usual.issuperset(map(type, values)):
            return list(map(as_text, values))
        return [
            as_text(value) if value.__class__ in usual else one(value, text)
            for value, text in zip(values, texts, strict=True)
        ]

    return way


def _moments(moments: Moments, one: Callable[[Any, str | None], str]) -> Way:
    def way(values: Sequence[Any], texts: Texts) -> list[str]:
        found = moments.all_written(values)
        if all(found):
            return found
        return [
            short or one(value, text)
            for short, value, text in zip(found, values, texts, strict=True)
        ]

    return way
