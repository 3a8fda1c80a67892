"""What the values of a column come to: how many, how many others, the least, the commonest.

All columns are counted in one pass. Where they have too many distinct values for the memory, each
is gone through by itself, in SQLite's own temporary file.
"""

from __future__ import annotations

import sqlite3
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import compress, islice
from math import fsum
from operator import mul
from typing import Any, cast

from tui.store.mirror.counting import LARGE, Counting, joined
from tui.store.mirror.shape import Key, Kind, Row
from tui.store.mirror.troubles import GivenUp
from tui.store.mirror.wishes import condition

_PART = 500
"""Rows of which it is known together that a value was first met there."""
_GATHERED = 500_000
"""Values of all columns that are read before they are counted, column by column."""
MOST_HELD = 1_000_000
"""Distinct values of all columns together that are held in memory."""

Number = int | float
Texts = Collection[str]
_NUMBERS = frozenset((int, float))
_FEW = 8
"""Different numbers of times that are looked for one by one."""


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


def _apart(counter: Mapping[Key, int], kinds: set[type]) -> tuple[Mapping[Number, int], Texts]:
    """How often each number is there, and the texts; a column of one kind is not looked through."""
    if kinds <= _NUMBERS:
        return cast("Mapping[Number, int]", counter), ()
    if kinds == {str}:
        return {}, cast("Mapping[str, int]", counter)
    texts = [key for key in counter if key.__class__ is str]
    numbers = {key: times for key, times in counter.items() if key.__class__ in _NUMBERS}
    return cast("dict[Number, int]", numbers), texts


def _reckoned(counter: Mapping[Key, int], kind: Kind, one: Figures) -> tuple[Key, Key]:
    """Work out what the values of a column come to; the least and the greatest of them."""
    # In a column of text there is nothing else.
    kinds: set[type] = {str} if kind == "text" else set(map(type, counter))
    numbers, texts = _apart(counter, kinds)
    one.distinct = len(counter)
    one.numbers = sum(numbers.values())
    if one.numbers == len(numbers):
        parts: Iterable[Number] = numbers
    else:
        parts = map(mul, numbers, numbers.values())
    one.total = fsum(parts) if float in kinds else sum(parts)
    least = min(numbers) if numbers else min(texts, default=None)
    return least, max(texts) if texts else max(numbers, default=None)


def _commonest(times: Sequence[int], most: int) -> list[int]:
    """The places of the `most` greatest of numbers that are 1 or more, in the order in which
    `most_common` has them. Few are looked through twice where most are 1.
    """
    others = sorted({*times}, reverse=True)
    if len(others) <= _FEW:
        # Each is looked for by itself, and no further than as many are found as are wanted.
        found: list[int] = []
        for here in others:
            there = compress(range(len(times)), map(here.__eq__, times))
            found += islice(there, most - len(found))
        return found
    often = [*compress(range(len(times)), map((1).__lt__, times))]
    often.sort(key=times.__getitem__, reverse=True)
    once = (place for place, here in enumerate(times) if here == 1)
    return [*often[:most], *islice(once, max(0, most - len(often)))]


class _Met:
    """The values of one column, in the order in which they were met."""

    def __init__(self) -> None:
        self.times: Counter[Key] = Counter()
        self._ends: list[int] = []
        """How many values there were at the end of each part."""

    def meet(self, parts: Iterable[Sequence[Key]]) -> None:
        """Count what stands in the rows that follow."""
        for part in parts:
            self.times.update(part)
            self._ends.append(len(self.times))

    def figures(
        self, one: Figures, kind: Kind, most: int, row: Callable[[int, Key], Row]
    ) -> Figures:
        """Tell what they come to; `row` finds the first row that has a value, from the beginning
        of a part on.
        """
        keys, gap = [*self.times], len(self.times)
        if None in self.times:
            gap = keys.index(None)
            del keys[gap]
        one.filled = one.rows - self.times.pop(None, 0)
        if not one.filled:
            return one
        times = [*self.times.values()]

        def first(place: int) -> Row:
            # Nothing was a value as well where it was met.
            return row(bisect_right(self._ends, place + (place >= gap)), keys[place])

        least, greatest = _reckoned(self.times, kind, one)
        one.least, one.greatest = first(keys.index(least)), first(keys.index(greatest))
        one.commonest = [(times[place], first(place)) for place in _commonest(times, most)]
        return one


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
        met = [_Met() for _ in names]
        begins: list[Any] = []
        """The number of the first row of each part."""
        rows = 0
        cursor = connection.execute(ask, where.values)
        parts = iter(partial(cursor.fetchmany, _PART), [])
        together = max(1, _GATHERED // (_PART * len(names)))
        while columns := [[*zip(*part, strict=True)] for part in islice(parts, together)]:
            if self._given_up:
                raise GivenUp
            begins += (numbers[0] for numbers, *_ in columns)
            rows += sum(len(numbers) for numbers, *_ in columns)
            # What is known of one column's values stays at hand for all that was gathered.
            for place, one in enumerate(met, 1):
                one.meet(part[place] for part in columns)
            if sum(len(one.times) for one in met) > MOST_HELD:
                return None
        ask = (
            f"SELECT id, payload FROM {joined(number)} WHERE n = (SELECT n FROM r{number}"
            f" WHERE n >= ? AND k%d = ? AND ({where.text}) ORDER BY n LIMIT 1)"
        )

        def row(place: int, begin: int, key: Key) -> Row:
            values = (begins[begin], key, *where.values)
            return Row(-1, *connection.execute(ask % place, values).fetchone())

        kinds = [self._shape.columns[place].kind for place in places]
        return [
            one.figures(Figures(name, rows), kind, most, partial(row, place))
            for name, place, kind, one in zip(names, places, kinds, met, strict=True)
        ]

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
