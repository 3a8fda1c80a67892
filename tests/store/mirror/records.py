"""Random records of every kind of column, and what is right about them: slow and simple."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from random import Random
from typing import Any, get_args

from hypothesis import strategies as st

from tui.store.folding import fold
from tui.store.mirror.shape import Column, Kind, Record, Shape, Value
from tui.store.mirror.wishes import (
    Begins,
    Compares,
    Comparison,
    Either,
    Empty,
    Filter,
    Holds,
    Ids,
    Not,
    Reads,
    Sort,
    Wish,
)

SHAPE = Shape(
    (
        Column("name", "text"),
        Column("size", "number"),
        Column("day", "date"),
        Column("when", "moment"),
        Column("done", "boolean"),
    )
)

WORDS = [
    "Ärger",
    "arger",
    "ÅRHUS",
    "レガ",
    "ﾚｶﾞ",
    "straße",
    "STRASSE",
    "a b",
    "a",
    "",
    " ",
    "ab%_'\"*",
]
texts = st.sampled_from(WORDS) | st.text(max_size=6)
_LETTERS = "aAäÅbß レガｶﾞ\u0301\n%'\"\U0001f600"


def value(random: Random, kind: Kind) -> Value:
    """A value of a column: mostly of its kind, now and then empty or a text."""
    if random.random() < 0.2:
        return None
    if kind == "text" or random.random() < 0.1:
        few = "".join(random.choices(_LETTERS, k=random.randrange(5)))
        return random.choice([random.choice(WORDS), few])
    if kind == "boolean":
        return random.random() < 0.5
    if kind == "number":
        return random.choice(
            [
                random.randrange(-9, 9), random.randrange(-(2**70), 2**70), random.random(),
                Decimal(random.randrange(-999, 999)).scaleb(-random.randrange(4)),
            ]
        )  # fmt: skip
    far = random.random() < 0.2
    day = date.fromordinal(random.randrange(1, 3_000_000) if far else 730_000 + random.randrange(9))
    if kind == "date":
        return day
    hour = time(random.randrange(24), random.randrange(2), 0, random.randrange(2))
    return datetime.combine(day, hour, UTC)


def content(random: Random) -> tuple[Value, ...]:
    """A value for each column."""
    return tuple(value(random, column.kind) for column in SHAPE.columns)


def shown(value: Value) -> str:
    """A value as a person reads it."""
    return "" if value is None else str(value)


def record(key: int, content: Sequence[Value]) -> Record:
    """A record, whose payload tells its values."""
    texts = [shown(value) for value in content]
    payload = json.dumps([key, texts], ensure_ascii=True).encode()
    return Record(key, content, texts, payload)


def rank(kind: Kind, value: Value) -> tuple[int, Any] | None:
    """By what a value stands: nothing for an empty one, text behind what is of its kind."""
    if value is None or value == "":
        return None
    if kind == "text" or isinstance(value, str):
        return (1, fold(str(value)))
    if isinstance(value, Decimal):
        # As the mirror promises: by the first 15 digits.
        return (0, int(value) if value == int(value) else float(value))
    if isinstance(value, int) and abs(value) >= 2**63:
        return (0, float(value))
    return (0, value)


def chosen(one: Filter, key: int, content: Sequence[Value]) -> bool:
    """Whether a filter holds for a record."""
    if isinstance(one, Not):
        return not all(chosen(part, key, content) for part in one.filters)
    if isinstance(one, Either):
        return any(all(chosen(part, key, content) for part in way) for way in one.ways)
    if isinstance(one, Ids):
        return key in one.ids
    if isinstance(one, Reads) or one.column is None:
        wanted = fold(one.text)
        lines = [line for value in content for line in fold(shown(value)).split("\n")]
        if isinstance(one, Begins):
            return any(line.startswith(wanted) for line in lines)
        if isinstance(one, Reads):
            return not wanted or wanted in lines
        return wanted in "\n".join(lines)
    place = next(n for n, column in enumerate(SHAPE.columns) if column.name == one.column)
    kind, value = SHAPE.columns[place].kind, content[place]
    found = rank(kind, value)
    if isinstance(one, Empty):
        return (found is None) == one.wanted
    if isinstance(one, (Holds, Begins)):
        wanted = fold(one.text)
        if not wanted or found is None or found[0] != 1:
            return not wanted
        return wanted in found[1] if isinstance(one, Holds) else found[1].startswith(wanted)
    against = rank(kind, one.value)
    if against is None:
        return {"=": found is None, "≠": found is not None}.get(one.how, False)
    if found is None or found[0] != against[0]:
        return False
    return {
        "=": found == against,
        "≠": found != against,
        "<": found < against,
        "≤": found <= against,
        ">": found > against,
        "≥": found >= against,
    }[one.how]


@dataclass
class Model:
    """What the mirror is to hold: where each record stands, None where that is not known."""

    places: dict[int, int | None] = field(default_factory=dict)
    contents: dict[int, Sequence[Value]] = field(default_factory=dict)
    came: dict[int, int] = field(default_factory=dict)
    """When each record came first: so stand those of which nobody knows where they do."""
    complete: bool = False

    def put(self, items: Sequence[tuple[int, Sequence[Value]]], first: int | None) -> None:
        """As `Collection.put`."""
        if first is not None:
            span = range(first, first + len(items))
            for key, place in list(self.places.items()):
                if place in span:
                    if self.complete:
                        self.places[key] = None
                    elif key not in dict(items):
                        self.drop([key])
        last = max((place for place in self.places.values() if place is not None), default=-1)
        for offset, (key, content) in enumerate(items):
            if first is not None:
                self.places[key] = first + offset
            elif key not in self.places:
                last += 1
                self.places[key] = last
            self.contents[key] = content
            self.came.setdefault(key, max(self.came.values(), default=0) + 1)

    def drop(self, ids: Iterable[int]) -> None:
        """Without moving up."""
        for key in ids:
            self.places.pop(key, None)
            self.contents.pop(key, None)
            self.came.pop(key, None)

    def delete(self, ids: Iterable[int]) -> None:
        """As `Collection.delete`."""
        gone = [place for key in ids if (place := self.places.get(key)) is not None]
        self.drop(ids)
        for key, place in self.places.items():
            if place is not None:
                self.places[key] = place - sum(1 for one in gone if one < place)

    def ordered(self, wish: Wish) -> list[int]:
        """The ids that are wished for, in their order; those of unknown places last."""
        ids = sorted(
            (key for key, content in self.contents.items() if self._wanted(key, content, wish)),
            key=lambda key: (self.places[key] is None, self.places[key] or 0, self.came[key]),
        )
        for sort in reversed(wish.sorts):
            ids = self._sorted(ids, sort)
        return ids

    @staticmethod
    def _wanted(key: int, content: Sequence[Value], wish: Wish) -> bool:
        return all(chosen(one, key, content) for one in wish.filters)

    def _sorted(self, ids: list[int], sort: Sort) -> list[int]:
        place = next(n for n, column in enumerate(SHAPE.columns) if column.name == sort.column)
        kind = SHAPE.columns[place].kind
        ranks = {key: rank(kind, self.contents[key][place]) for key in ids}
        full = [key for key in ids if ranks[key] is not None]
        # Reversed twice, so that equal ones stay in their order downwards, too.
        full = sorted(full[:: -1 if sort.descending else 1], key=lambda key: ranks[key] or (0, 0))
        return full[:: -1 if sort.descending else 1] + [key for key in ids if ranks[key] is None]


columns = st.sampled_from([column.name for column in SHAPE.columns])
sorts = st.lists(st.builds(Sort, columns, st.booleans()), max_size=3)


@st.composite
def _compares(draw: st.DrawFn) -> Compares:
    column = draw(st.sampled_from(SHAPE.columns))
    against = value(draw(st.randoms(use_true_random=False)), column.kind)
    how: Comparison = draw(st.sampled_from(get_args(Comparison)))
    return Compares(column.name, how, against)


simple = st.one_of(
    st.builds(Holds, texts),
    st.builds(Holds, texts, columns),
    st.builds(Begins, texts.filter(lambda text: "\n" not in text)),
    st.builds(Begins, texts, columns),
    st.builds(Reads, texts.filter(lambda text: "\n" not in text)),
    st.builds(Ids, st.lists(st.integers(0, 40), max_size=5).map(tuple)),
    st.builds(Empty, columns, st.booleans()),
    _compares(),
)
several = st.lists(simple, max_size=2).map(tuple)
filters = st.lists(
    st.one_of(
        simple,
        st.builds(Not, several),
        st.builds(Either, st.lists(several, max_size=3).map(tuple)),
    ),
    max_size=2,
)
wishes = st.builds(
    lambda by, those: Wish(tuple({one.column: one for one in by}.values()), tuple(those)),
    sorts,
    filters,
)
