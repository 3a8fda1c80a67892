"""What a person wants to see of a collection: in which order, and which records.

They become SQL here. Values go in as parameters, never as text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from tui.store.folding import fold
from tui.store.mirror.shape import Key, Shape, Value, key_of

Comparison = Literal["=", "≠", "<", "≤", ">", "≥"]
_SQL: dict[Comparison, str] = {"=": "=", "≠": "<>", "<": "<", "≤": "<=", ">": ">", "≥": ">="}


class Sort(NamedTuple):
    """Stand by a column; empty ones are last either way."""

    column: str
    descending: bool = False


@dataclass(frozen=True)
class Holds:
    """A text in any column, or in one of text, without case, accents and width. An empty text
    is in all.
    """

    text: str
    column: str | None = None


@dataclass(frozen=True)
class Compares:
    """A column's value against one of its kind. What is empty, or not of its kind, is never so."""

    column: str
    how: Comparison
    value: Value


@dataclass(frozen=True)
class Empty:
    """Nothing in a column, or with `wanted` False something."""

    column: str
    wanted: bool = True


Filter = Holds | Compares | Empty


@dataclass(frozen=True)
class Wish:
    """By which columns, the first one first, and which records: those for which all filters hold.

    A column that the collection does not have sorts nothing and filters nothing out.
    """

    sorts: tuple[Sort, ...] = ()
    filters: tuple[Filter, ...] = ()

    @property
    def plain(self) -> bool:
        """Whether all records are wanted as the service has them."""
        return not self.sorts and not self.filters


class Sql(NamedTuple):
    """A part of a statement with its parameters."""

    text: str
    values: tuple[Key, ...] = ()


def condition(filters: Iterable[Filter], shape: Shape, texts: str) -> Sql:
    """Filters as a condition that is true for the wanted records; `texts` is the table of what a
    search looks in.
    """
    parts = [part for one in filters if (part := _condition(one, shape, texts)) is not None]
    text = " AND ".join(f"({part.text})" for part in parts)
    return Sql(text or "1", tuple(value for part in parts for value in part.values))


def _condition(one: Filter, shape: Shape, texts: str) -> Sql | None:
    if isinstance(one, Holds) and one.column is None:
        wanted = fold(one.text)
        held = f"n IN (SELECT n FROM {texts} WHERE instr(text, ?) > 0)"
        return Sql(held, (wanted,)) if wanted else None
    place = shape.place(one.column or "")
    if place is None:
        return None
    kind, name = shape.columns[place].kind, f"k{place}"
    if isinstance(one, Holds):
        wanted = fold(one.text)
        return (
            Sql(f"typeof({name}) = 'text' AND instr({name}, ?) > 0", (wanted,)) if wanted else None
        )
    if isinstance(one, Empty):
        return Sql(f"{name} IS {'' if one.wanted else 'NOT '}NULL")
    key = key_of(kind, one.value)
    if key is None:
        # Compared with nothing: what is equal to it is empty, and nothing is more or less.
        return Sql({"=": f"{name} IS NULL", "≠": f"{name} IS NOT NULL"}.get(one.how, "0"))
    kinds = "'text'" if isinstance(key, str) else "'integer', 'real'"
    return Sql(f"typeof({name}) IN ({kinds}) AND {name} {_SQL[one.how]} ?", (key,))


def places(sorts: Iterable[Sort], shape: Shape) -> list[tuple[int, bool]]:
    """The columns to stand by, by their places, and whether downwards; each but once."""
    found: dict[int, bool] = {}
    for sort in sorts:
        place = shape.place(sort.column)
        if place is not None:
            found.setdefault(place, sort.descending)
    return list(found.items())


def order(sorts: Iterable[Sort], shape: Shape, *, backwards: bool = False) -> str:
    """What follows ORDER BY: no two records are ever equal in it. `backwards`: from the end."""
    columns = [(f"k{place}", descending) for place, descending in places(sorts, shape)]
    empty = "FIRST" if backwards else "LAST"
    parts = [
        f"{name} {'ASC' if descending is backwards else 'DESC'} NULLS {empty}"
        for name, descending in [*columns, ("position", False), ("n", False)]
    ]
    return ", ".join(parts)


def before(sorts: Iterable[Sort], shape: Shape, row: Sequence[Key]) -> Sql:
    """A condition for the records that stand before one; `row` is its keys of the sorted columns,
    its position and its number.
    """
    columns = [(f"k{place}", descending) for place, descending in places(sorts, shape)]
    columns += [("position", False), ("n", False)]
    alike: list[str] = []
    values: list[Key] = []
    ways: list[str] = []
    told: list[Key] = []
    for (name, descending), value in zip(columns, row, strict=True):
        if value is None:
            ways.append(" AND ".join([*alike, f"{name} IS NOT NULL"]))
            told += values
            alike.append(f"{name} IS NULL")
        else:
            ways.append(" AND ".join([*alike, f"{name} {'>' if descending else '<'} ?"]))
            told += [*values, value]
            alike.append(f"{name} = ?")
            values.append(value)
    return Sql(" OR ".join(f"({way})" for way in ways), tuple(told))
