"""What the values of a column come to: how many, how many others, the least, the commonest.

All columns are counted in one pass. Where they have too many distinct values for the memory, each
is gone through by itself, in SQLite's own temporary file.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import fsum
from operator import mul
from typing import cast

from tui.store.mirror.counting import LARGE, Counting, joined
from tui.store.mirror.shape import Key, Row
from tui.store.mirror.troubles import GivenUp
from tui.store.mirror.wishes import condition

_PART = 2_000
"""Rows that are counted together."""
_ENDS = 100
"""Values that are looked for in one step of SQLite."""
MOST_HELD = 1_000_000
"""Distinct values of all columns together that are held in memory."""

Number = int | float
_NUMBERS = frozenset((int, float))


@dataclass
class Figures:
    """One column. Values are compared as the file has them: text without case and accents."""

    name: str
    rows: int = 0
    filled: int = 0
    """Rows that have something there."""
    distinct: int = 0
    numbers: int = 0
    """Rows that have a number there, which is what days and times are as well."""
    total: int | float = 0
    least: Row | None = None
    """A row that has the least value; numbers come before text."""
    greatest: Row | None = None
    commonest: list[tuple[int, Row]] = field(default_factory=list)
    """How often each of the commonest values is there, and a row that has it."""


def _apart(counter: Counter[Key], kinds: set[type]) -> tuple[Mapping[Number, int], Sequence[str]]:
    """How often each number is there, and the texts; a column of one kind is not looked through."""
    if kinds <= _NUMBERS:
        return cast("Counter[Number]", counter), ()
    texts = [key for key in counter if key.__class__ is str]
    if kinds.isdisjoint(_NUMBERS):
        return {}, texts
    numbers = {key: times for key, times in counter.items() if key.__class__ in _NUMBERS}
    return cast("dict[Number, int]", numbers), texts


class Figuring(Counting):
    """Works figures out."""

    def of(self, names: Sequence[str], most: int) -> list[Figures]:
        """The figures of columns, with `most` of the commonest values each; all of one moment.

        Raises GivenUp, and Lost where the records are gone.
        """
        with self._reading() as (connection, number):
            return self._counted(connection, number, names, most) or [
                self._one(connection, number, name, most) for name in names
            ]

    def _counted(
        self, connection: sqlite3.Connection, number: int, names: Sequence[str], most: int
    ) -> list[Figures] | None:
        """All columns in one pass; None where there are too many distinct values, or no column."""
        places = [place for name in names if (place := self._shape.place(name)) is not None]
        if len(places) < len(names) or not names:
            return None
        where = condition(self._filters, self._shape, number)
        keys = ", ".join(f"k{place}" for place in places)
        ask = f"SELECT n, {keys} FROM r{number} WHERE {where.text} ORDER BY n"
        counters: list[Counter[Key]] = [Counter() for _ in names]
        rows = 0
        cursor = connection.execute(ask, where.values)
        while part := cursor.fetchmany(_PART):
            if self._given_up:
                raise GivenUp
            rows += len(part)
            for counter, column in zip(counters, list(zip(*part, strict=True))[1:], strict=True):
                counter.update(column)
            if sum(map(len, counters)) > MOST_HELD:
                return None
        found: list[Figures] = []
        wanted: list[dict[Key, int]] = []
        """The values of each column of which a row is to be shown, and its number."""
        ends: list[tuple[Key, Key]] = []
        common: list[list[tuple[Key, int]]] = []
        for name, counter in zip(names, counters, strict=True):
            empty = counter.pop(None, 0)
            kinds = set(map(type, counter))
            numbers, texts = _apart(counter, kinds)
            parts = map(mul, numbers, numbers.values())
            total = fsum(parts) if float in kinds else sum(parts)
            found.append(
                Figures(name, rows, rows - empty, len(counter), sum(numbers.values()), total)
            )
            least = min(numbers) if numbers else min(texts, default=None)
            greatest = max(texts) if texts else max(numbers, default=None)
            ends.append((least, greatest))
            common.append(counter.most_common(most))
            wanted.append({key: 0 for key, _ in common[-1]})
        self._find(connection.execute(ask, where.values), wanted)
        self._find_ends(
            connection, f"r{number} WHERE {where.text}", where.values, places, ends, wanted
        )

        def row(values: dict[Key, int], key: Key) -> Row:
            ask = f"SELECT id, payload FROM {joined(number)} WHERE n = ?"
            return Row(-1, *connection.execute(ask, (values[key],)).fetchone())

        for one, values, (least, greatest), often in zip(found, wanted, ends, common, strict=True):
            if one.filled:
                one.least, one.greatest = row(values, least), row(values, greatest)
                one.commonest = [(times, row(values, key)) for key, times in often]
        return found

    @staticmethod
    def _find(cursor: sqlite3.Cursor, wanted: Sequence[dict[Key, int]]) -> None:
        """Find the first row of each value that is wanted."""
        missing = [set(values) for values in wanted]
        while any(missing) and (part := cursor.fetchmany(_PART)):
            numbers, *columns = zip(*part, strict=True)
            for values, lacks, column in zip(wanted, missing, columns, strict=True):
                for key in lacks.intersection(column):
                    values[key] = numbers[column.index(key)]
                    lacks.discard(key)

    @staticmethod
    def _find_ends(
        connection: sqlite3.Connection,
        among: str,
        values: Sequence[object],
        places: Sequence[int],
        ends: Sequence[tuple[Key, Key]],
        wanted: Sequence[dict[Key, int]],
    ) -> None:
        """The same of the least and greatest values, which may stand anywhere: SQLite looks."""
        lacks = [
            (own, place, key)
            for own, place, both in zip(wanted, places, ends, strict=True)
            for key in dict.fromkeys(both)
            if key is not None and key not in own
        ]
        for first in range(0, len(lacks), _ENDS):
            part = lacks[first : first + _ENDS]
            ask = ", ".join(f"min(n) FILTER (WHERE k{place} = ?)" for _, place, _ in part)
            keys = [key for _, _, key in part]
            found = connection.execute(f"SELECT {ask} FROM {among}", (*keys, *values)).fetchone()
            for (own, _, key), row in zip(part, found, strict=True):
                own[key] = row

    def _one(self, connection: sqlite3.Connection, number: int, name: str, most: int) -> Figures:
        place = self._shape.place(name)
        if self._given_up:
            raise GivenUp
        if place is None:
            return Figures(name)
        where = condition(self._filters, self._shape, number)
        read = connection.execute
        read("DROP TABLE IF EXISTS temp.figures")
        read(
            f"CREATE TEMP TABLE figures AS SELECT k{place} AS k, count(*) AS times, min(n) AS n"
            f" FROM r{number} WHERE {where.text} GROUP BY k{place}",
            where.values,
        )
        numeric = "typeof(k) IN ('integer', 'real')"
        rows, filled, distinct, numbers = read(
            "SELECT coalesce(sum(times), 0), coalesce(sum(times) FILTER (WHERE k NOT NULL), 0),"
            f" count(k), coalesce(sum(times) FILTER (WHERE {numeric}), 0) FROM figures"
        ).fetchone()
        (whole,) = read(
            f"SELECT count(*) FROM figures WHERE typeof(k) = 'integer' AND abs(k) > {LARGE}"
        ).fetchone()
        # Whole numbers are summed exactly, but for such as could run over.
        way = "total" if whole else "sum"
        (total,) = read(
            f"SELECT {way}({'1.0 * ' * bool(whole)}k * times) FROM figures WHERE {numeric}"
        ).fetchone()
        found = Figures(name, rows, filled, distinct, numbers, total or 0)

        def row(order: str, count: int) -> list[tuple[int, Row]]:
            ids = read(
                f"SELECT times, n FROM figures WHERE k NOT NULL ORDER BY {order} LIMIT ?", (count,)
            ).fetchall()
            made: list[tuple[int, Row]] = []
            for times, n in ids:
                one = read(f"SELECT id, payload FROM {joined(number)} WHERE n = ?", (n,)).fetchone()
                made.append((times, Row(-1, *one)))
            return made

        found.least = next((one for _, one in row("k", 1)), None)
        found.greatest = next((one for _, one in row("k DESC", 1)), None)
        found.commonest = row("times DESC, n", most)
        return found
