"""What the values of a column come to: how many, how many others, the least, the commonest.

All columns are counted in one pass. Where they have too many distinct values for the memory, each
is gone through by itself, in SQLite's own temporary file.
"""

from __future__ import annotations

import sqlite3
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import compress, islice
from math import fsum
from operator import itemgetter, mul
from typing import cast

from tui.store.mirror.counting import LARGE, Counting, joined
from tui.store.mirror.shape import Key, Row
from tui.store.mirror.troubles import GivenUp
from tui.store.mirror.wishes import condition

_PART = 500
"""Rows that are counted together."""
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


def _apart(counter: Counter[Key], kinds: set[type]) -> tuple[Mapping[Number, int], Collection[str]]:
    """How often each number is there, and the texts; a column of one kind is not looked through."""
    if kinds <= _NUMBERS:
        return cast("Counter[Number]", counter), ()
    if kinds == {str}:
        return {}, cast("Counter[str]", counter)
    texts = [key for key in counter if key.__class__ is str]
    if kinds.isdisjoint(_NUMBERS):
        return {}, texts
    numbers = {key: times for key, times in counter.items() if key.__class__ in _NUMBERS}
    return cast("dict[Number, int]", numbers), texts


def _reckoned(counter: Counter[Key], one: Figures) -> tuple[Key, Key]:
    """Work out what the values of a column come to; the least and the greatest of them."""
    kinds = set(map(type, counter))
    numbers, texts = _apart(counter, kinds)
    parts = map(mul, numbers, numbers.values())
    one.distinct = len(counter)
    one.numbers = sum(numbers.values())
    one.total = fsum(parts) if float in kinds else sum(parts)
    least = min(numbers) if numbers else min(texts, default=None)
    return least, max(texts) if texts else max(numbers, default=None)


def _commonest(counter: Counter[Key], most: int) -> list[tuple[Key, int]]:
    """What `most_common` says, but in a fraction of its time where most values are there once."""
    how_many, left = Counter(counter.values()), most
    least = 0
    for least in sorted(how_many, reverse=True):
        if how_many[least] >= left:
            break
        left -= how_many[least]
    often = list(compress(counter.items(), map(least.__lt__, counter.values())))
    often.sort(key=itemgetter(1), reverse=True)
    return [*often, *islice((one for one in counter.items() if one[1] == least), most - len(often))]


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
        met: list[list[int]] = [[] for _ in names]
        """How many values of each column had been met at the end of each part."""
        begins: list[int] = []
        """The number of the first row of each part."""
        rows = 0
        cursor = connection.execute(ask, where.values)
        while part := cursor.fetchmany(_PART):
            if self._given_up:
                raise GivenUp
            rows += len(part)
            begins.append(part[0][0])
            columns = list(zip(*part, strict=True))[1:]
            for counter, so_far, column in zip(counters, met, columns, strict=True):
                counter.update(column)
                so_far.append(len(counter))
            if sum(map(len, counters)) > MOST_HELD:
                return None
        ask = (
            f"SELECT id, payload FROM {joined(number)} WHERE n = (SELECT n FROM r{number}"
            f" WHERE n >= ? AND k%d = ? AND ({where.text}) ORDER BY n LIMIT 1)"
        )
        found: list[Figures] = []
        for name, place, counter, so_far in zip(names, places, counters, met, strict=True):
            one = Figures(name, rows)
            # A counter has its values in the order in which they were met.
            gap = list(counter).index(None) if None in counter else len(counter)
            one.filled = rows - counter.pop(None, 0)
            least, greatest = _reckoned(counter, one)
            common = _commonest(counter, most)
            wanted = {least, greatest, *(key for key, _ in common)}
            made: dict[Key, Row] = {}
            there = list(map(wanted.__contains__, counter))
            for at, key in zip(
                compress(range(len(there)), there), compress(counter, there), strict=True
            ):
                values = (begins[bisect_right(so_far, at + (at >= gap))], key, *where.values)
                made[key] = Row(-1, *connection.execute(ask % place, values).fetchone())
            if one.filled:
                one.least, one.greatest = made[least], made[greatest]
                one.commonest = [(times, made[key]) for key, times in common]
            found.append(one)
        return found

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
