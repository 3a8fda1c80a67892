"""What a person wants to see of a collection: in which order, and which records.

They become SQL here. Values go in as parameters, never as text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeGuard

from tui.store.folding import fold
from tui.store.mirror.shape import Key, Shape, Value, key_of, without_nul

Comparison = Literal["=", "≠", "<", "≤", ">", "≥"]
_SIDE_BY_SIDE = 8
_SHORT = 1000
"""Letters of a text that is looked for as a pattern: SQLite refuses long ones."""
_OF_PATTERNS = frozenset("*?[")
_LARGEST = 2**63 - 1
_FINE = 2**20
"""How many steps there are from a number to the next one that is whole. Of a power of two no number
is rounded."""
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
class Begins:
    """A text that any line of any column begins with, or what one column of text holds."""

    text: str
    column: str | None = None


@dataclass(frozen=True)
class Reads:
    """A line of any column that is a text and nothing else, without case, accents and width."""

    text: str


@dataclass(frozen=True)
class Ids:
    """The records of these ids, which are numbers."""

    ids: tuple[int, ...]


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


@dataclass(frozen=True)
class Not:
    """Not all of some filters hold."""

    filters: tuple[Filter, ...]


@dataclass(frozen=True)
class Either:
    """All filters of one way hold, or all of another."""

    ways: tuple[tuple[Filter, ...], ...]


Filter = Holds | Begins | Reads | Ids | Compares | Empty | Not | Either


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


def condition(filters: Iterable[Filter], shape: Shape, collection: int) -> Sql:
    """Filters as a condition that is true for the wanted records of a collection, by its number."""
    texts, wanted = f"t{collection}", list(filters)
    anywhere = [one for one in wanted if _is_anywhere(one)]
    parts = [_among(anywhere, texts)] if anywhere else []
    rest = (_condition(one, shape, texts) for one in wanted if not _is_anywhere(one))
    return _joined([*parts, *(part for part in rest if part is not None)], "AND")


def _joined(parts: Sequence[Sql], how: str) -> Sql:
    """Parts as one, in halves of halves: SQLite takes a thousand of them one in the other."""
    if len(parts) <= _SIDE_BY_SIDE:
        text = f" {how} ".join(f"({part.text})" for part in parts)
        return Sql(text or "1", tuple(value for part in parts for value in part.values))
    half = len(parts) // 2
    return _joined([_joined(parts[:half], how), _joined(parts[half:], how)], how)


def _is_anywhere(one: Filter) -> TypeGuard[Holds | Begins | Reads]:
    """Whether a filter looks for a text in any column."""
    return isinstance(one, Reads) or (isinstance(one, (Holds, Begins)) and one.column is None)


def _among(wanted: Iterable[Holds | Begins | Reads], texts: str) -> Sql:
    """Texts in any column: each column's texts stand on lines of their own. All are looked for in
    one look at the records, the rarest first as far as its length tells.
    """
    parts = [_held(one) for one in sorted(wanted, key=lambda one: -len(one.text))]
    found = _joined([part for part in parts if part is not None], "AND")
    if found.text == "1":
        return found
    return Sql(f"n IN (SELECT n FROM {texts} WHERE {found.text})", found.values)


def held(text: str) -> Sql:
    """What is true for the texts of a record that hold a text: as a pattern it is found in half
    the time, where no sign of it means something there.
    """
    wanted = without_nul(fold(text))
    if len(wanted) > _SHORT or not _OF_PATTERNS.isdisjoint(wanted):
        return Sql("instr(text, ?) > 0", (wanted,))
    return Sql("text GLOB ?", (f"*{wanted}*",))


def _held(one: Holds | Begins | Reads) -> Sql | None:
    """What is true for the texts of a record that are as wanted; None where all are."""
    wanted, looked_in = without_nul(fold(one.text)), "text"
    if not wanted:
        return None
    if isinstance(one, Holds):
        return held(one.text)
    wanted, looked_in = f"\n{wanted}", f"char(10) || {looked_in}"
    if isinstance(one, Reads):
        wanted, looked_in = f"{wanted}\n", f"{looked_in} || char(10)"
    return Sql(f"instr({looked_in}, ?) > 0", (wanted,))


def _several(one: Not | Either, shape: Shape, texts: str) -> Sql | None:
    """What is put together of other filters; None where one is about a column that is not here."""
    if isinstance(one, Not):
        parts = _all_of(one.filters, shape, texts)
        return None if parts is None else Sql(f"({parts.text}) IS NOT TRUE", parts.values)
    made: list[Sql] = []
    equal: dict[str, list[Key]] = {}
    for way in one.ways:
        if len(way) == 1 and (found := _equal(way[0], shape)) is not None:
            equal.setdefault(found[0], []).append(found[1])
            continue
        parts = _all_of(way, shape, texts)
        if parts is None:
            return None
        made.append(parts)
    # One look into a list, however many values it has.
    made += [Sql(f"{name} IN ({_marks(keys)})", tuple(keys)) for name, keys in equal.items()]
    return _joined(made, "OR") if made else Sql("0")


def _all_of(filters: Iterable[Filter], shape: Shape, texts: str) -> Sql | None:
    parts = [_condition(part, shape, texts) for part in filters]
    known = [part for part in parts if part is not None]
    return _joined(known, "AND") if len(known) == len(parts) else None


def _equal(one: Filter, shape: Shape) -> tuple[str, Key] | None:
    """The column of the file that is to be one value, and that; None for every other filter."""
    if not isinstance(one, Compares) or one.how != "=":
        return None
    place = shape.place(one.column)
    key = None if place is None else key_of(shape.columns[place].kind, one.value)
    return None if key is None else (f"k{place}", key)


def _condition(one: Filter, shape: Shape, texts: str) -> Sql | None:
    if isinstance(one, (Not, Either)):
        return _several(one, shape, texts)
    if isinstance(one, Ids):
        return Sql(f"id IN ({_marks(one.ids)})", one.ids)
    if isinstance(one, Reads) or _is_anywhere(one):
        return _among([one], texts)
    place = shape.place(one.column or "")
    if place is None:
        return None
    kind, name = shape.columns[place].kind, f"k{place}"
    if isinstance(one, (Holds, Begins)):
        wanted, how = fold(one.text), "> 0" if isinstance(one, Holds) else "= 1"
        holds = f"typeof({name}) = 'text' AND instr({name}, ?) {how}"
        return Sql(holds, (wanted,)) if wanted else Sql("1")
    if isinstance(one, Empty):
        return Sql(f"{name} IS {'' if one.wanted else 'NOT '}NULL")
    key = key_of(kind, one.value)
    if key is None:
        # Compared with nothing: what is equal to it is empty, and nothing is more or less.
        return Sql({"=": f"{name} IS NULL", "≠": f"{name} IS NOT NULL"}.get(one.how, "0"))
    kinds = "'text'" if isinstance(key, str) else "'integer', 'real'"
    return Sql(f"typeof({name}) IN ({kinds}) AND {name} {_SQL[one.how]} ?", (key,))


def _marks(values: Sequence[Key]) -> str:
    return ", ".join("?" * len(values))


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


def whole_part(place: int) -> str:
    """A whole number for each value of a column that is not empty, none greater than that of a
    greater value: where a sort begins with it SQLite compares whole numbers, which takes less.

    Equal ones are told apart by the column itself. Text stands behind all numbers.
    """
    name = f"k{place}"
    whole = f"CAST({name} * {_FINE} AS INTEGER)"
    return f"CASE typeof({name}) WHEN 'text' THEN {_LARGEST} ELSE {whole} END"


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
    text, first = " OR ".join(f"({way})" for way in ways), row[0]
    if first is None:
        return Sql(text, tuple(told))
    # Most records are told apart by their first column: what it leaves is looked at once.
    name, descending = columns[0]
    return Sql(f"{name} {'>=' if descending else '<='} ? AND ({text})", (first, *told))
