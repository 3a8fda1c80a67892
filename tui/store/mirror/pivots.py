"""Records in groups: how many have each value of a column, or each pair of values of two, and what
a third one comes to there. All of it is counted by SQLite, whatever the number of records.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field
from typing import NamedTuple

from tui.store.mirror.counting import LARGE, Counting, joined
from tui.store.mirror.shape import Key, Row
from tui.store.mirror.troubles import GivenUp
from tui.store.mirror.wishes import Sql, condition

_PART = 2_000
"""Groups that are taken over together."""
_PAYLOADS = 500
"""Records that are read together."""


class Sum(NamedTuple):
    """What a group comes to."""

    rows: int = 0
    numbers: int = 0
    """Those of them that have a number in the column of values."""
    total: int | float = 0

    def plus(self, other: Sum) -> Sum:
        """Both together."""
        return Sum(self.rows + other.rows, self.numbers + other.numbers, self.total + other.total)


class Group(NamedTuple):
    """The records that have one value in a column."""

    row: Row
    """One of them."""
    sum: Sum


@dataclass
class Groups:
    """Records by two columns."""

    down: list[Group] = field(default_factory=list)
    """By the first column, the largest group first."""
    across: list[Group] = field(default_factory=list)
    """By the second one; none without it."""
    cells: dict[tuple[int, int], Sum] = field(default_factory=dict)
    """By the places of both."""
    total: Sum = field(default_factory=Sum)
    values_down: int = 0
    """How many groups there are in all, those included that are not among the largest."""
    values_across: int = 0


class Pivoting(Counting):
    """Puts records in groups."""

    def of(
        self, down: str, across: str | None, value: str | None, most_down: int, most_across: int
    ) -> Groups:
        """The largest groups by one column, or by two, with what a column of values comes to.

        Raises GivenUp, and Lost where the records are gone. A column that is not there has no
        groups.
        """
        places = [self._shape.place(name) for name in (down, across) if name is not None]
        if None in places:
            return Groups()
        with self._reading() as (connection, number):
            where = condition(self._filters, self._shape, number)
            found = Groups()
            keys_down, found.down = self._largest(
                connection, number, where, f"k{places[0]}", value, most_down
            )
            found.values_down = self._values(connection, number, where, f"k{places[0]}")
            if across is not None:
                name = f"k{places[1]}"
                keys, found.across = self._largest(
                    connection, number, where, name, value, most_across
                )
                found.values_across = self._values(connection, number, where, name)
                both = self._grouped(connection, number, where, f"k{places[0]}, {name}", value)
                down_at = {key: place for place, key in enumerate(keys_down)}
                across_at = {key: place for place, key in enumerate(keys)}
                while part := both.fetchmany(_PART):
                    if self._given_up:
                        raise GivenUp
                    for one, other, _n, *told in part:
                        if one in down_at and other in across_at:
                            found.cells[down_at[one], across_at[other]] = _sum(told)
            all_of_it = self._grouped(connection, number, where, "1", value).fetchone()
            found.total = Sum() if all_of_it is None else _sum(all_of_it[2:])
        return found

    def _grouped(
        self, connection: sqlite3.Connection, number: int, where: Sql, by: str, value: str | None
    ) -> sqlite3.Cursor:
        place = None if value is None else self._shape.place(value)
        sums = "0, 0, 0.0"
        if place is not None:
            key = f"k{place}"
            # Whole numbers are summed exactly, but for such as could run over.
            small = f"typeof({key}) = 'integer' AND {key} BETWEEN {-LARGE} AND {LARGE}"
            numeric = f"typeof({key}) IN ('integer', 'real')"
            sums = (
                f"count(*) FILTER (WHERE {numeric}),"
                f" coalesce(sum({key}) FILTER (WHERE {small}), 0),"
                f" total({key}) FILTER (WHERE {numeric} AND NOT ({small}))"
            )
        return connection.execute(
            f"SELECT {by}, min(n), count(*), {sums} FROM r{number} WHERE {where.text}"
            f" GROUP BY {by}",
            where.values,
        )

    def _largest(
        self,
        connection: sqlite3.Connection,
        number: int,
        where: Sql,
        by: str,
        value: str | None,
        most: int,
    ) -> tuple[list[Key], list[Group]]:
        groups: list[tuple[Key, int, Sum]] = []
        cursor = self._grouped(connection, number, where, by, value)
        while part := cursor.fetchmany(_PART):
            if self._given_up:
                raise GivenUp
            groups += [(key, n, _sum(told)) for key, n, *told in part]
            if len(groups) > 2 * most + _PART:
                groups = sorted(groups, key=_size)[:most]
        groups = sorted(groups, key=_size)[:most]
        rows: dict[int, Row] = {}
        for first in range(0, len(groups), _PAYLOADS):
            numbers = [n for _, n, _ in groups[first : first + _PAYLOADS]]
            for n, record, payload in connection.execute(
                f"SELECT n, id, payload FROM {joined(number)}"
                f" WHERE n IN ({', '.join('?' * len(numbers))})",
                numbers,
            ):
                rows[n] = Row(-1, record, payload)
        return [key for key, _, _ in groups], [Group(rows[n], told) for _, n, told in groups]

    def _values(self, connection: sqlite3.Connection, number: int, where: Sql, by: str) -> int:
        (count,) = connection.execute(
            f"SELECT count(DISTINCT {by}) + (count(*) > count({by})) FROM r{number}"
            f" WHERE {where.text}",
            where.values,
        ).fetchone()
        return int(count)


def _size(group: tuple[Key, int, Sum]) -> tuple[int, int]:
    """The largest first; of equal ones the one that came first."""
    return -group[2].rows, group[1]


def _sum(told: list[int | float]) -> Sum:
    count, numbers, exact, rest = told
    return Sum(int(count), int(numbers), exact + rest if rest else int(exact))
