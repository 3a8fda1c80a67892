"""The whole order of a collection's records for a wish, put into a table of a connection's own."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from tui.store.mirror.shape import Shape
from tui.store.mirror.wishes import Wish, condition, order, places, whole_part

Read = Callable[..., sqlite3.Cursor]

_LOOKED_AT = 100
"""Records that tell what a column's numbers are like."""


def make_order(read: Read, name: str, wish: Wish, shape: Shape, collection: int) -> int:
    """Put the numbers of the records that are wished for, in order, into a new table of that name
    (`place`, from 1 on, and `n`); how many they are.
    """
    table = f"r{collection}"
    wanted = condition(wish.filters, shape, collection)
    read(f"CREATE TABLE {name} (place INTEGER PRIMARY KEY, n INTEGER)")
    (count,) = read("SELECT count FROM collections WHERE id = ?", (collection,)).fetchone() or (0,)
    made = 0
    for part, how in _parts(read, wish, shape, table):
        if made < count:
            made += read(
                f"INSERT INTO {name} (n) SELECT n FROM {table}"
                f" WHERE ({wanted.text}) AND {part} ORDER BY {how}",
                wanted.values,
            ).rowcount
    return made


def _parts(read: Read, wish: Wish, shape: Shape, table: str) -> list[tuple[str, str]]:
    """Conditions for the parts that the order is made of, and by what each of them stands.

    What is not empty stands apart from what is: SQLite puts it in order faster without a rule for
    what is empty. Few are in order at once, and finding them is to be done but once.
    """
    by = order(wish.sorts, shape)
    first = next(iter(places(wish.sorts, shape)), None)
    if first is None or wish.filters:
        return [("1", by)]
    place, descending = first
    own = by.replace(" NULLS LAST", "", 1)
    if shape.columns[place].kind == "number" and _has_fractions(read, place, table):
        own = f"{whole_part(place)} {'DESC' if descending else 'ASC'}, {own}"
    return [(f"k{place} IS NOT NULL", own), (f"k{place} IS NULL", by)]


def _has_fractions(read: Read, place: int, table: str) -> bool:
    """Whether a column has numbers that are not whole, as far as the first records tell."""
    (found,) = read(
        f"SELECT EXISTS (SELECT 1 FROM (SELECT k{place} AS k FROM {table} LIMIT ?)"
        " WHERE typeof(k) = 'real')",
        (_LOOKED_AT,),
    ).fetchone()
    return bool(found)
