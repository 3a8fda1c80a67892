"""What a person types to narrow a table: words, and conditions on its columns.

All of it holds for a row that is shown. Of words each is somewhere in the row: `!word` is nowhere,
a cell begins with `^word`, a cell reads `=word`, and `"two words"` stand together. A condition is
the name of a column, one of `= != < <= > >=`, `~` or `:` for "holds", and a value of its kind:
`hours>3`, `due:2026-03`, `Status=Done|Open`, `boat:empty`. A value goes on to the next condition,
to the next word with a mark, or to a ` & `.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import tzinfo
from typing import NamedTuple

from tui.store.folding import fold
from tui.store.mirror.wishes import Begins, Filter, Holds, Ids, Not, Reads, Sort, Wish
from tui.workspace.books.cells import Field
from tui.workspace.books.conditions import Given, understood
from tui.workspace.books.titles import ROW_ID, titles_of

__all__ = [
    "ROW_ID", "Sort", "Term", "Wish", "filters_of", "joined", "not_understood", "terms_of",
    "wish_of",
]  # fmt: skip

AND = " & "
_SIGNS = re.compile("!=|≠|<=|≤|>=|≥|=|<|>|~|:")
_MARKS = "!^="
_QUOTED = re.compile(r'"((?:[^"]|"")*)"(?=$|[\s|]|[!=<>≠≤≥~:])')
_BLANKS = re.compile(r"\s*")
_WORD = re.compile(r"\S+")
_ID = re.compile("0*[0-9]{1,19}", re.ASCII)
MOST = 10_000
"""Words and values together: what comes behind so many is one text that is looked for."""


class Term(NamedTuple):
    """One part of what is typed: as it was typed, and what it means."""

    text: str
    filters: tuple[Filter, ...]
    condition: bool
    """Whether it is about a column."""


def wish_of(
    typed: str, sorts: Iterable[tuple[str, bool]], fields: Sequence[Field], zone: tzinfo
) -> Wish:
    """What is typed and by which columns, as the mirror takes it."""
    return Wish(
        tuple(Sort(column, descending) for column, descending in sorts),
        tuple(filters_of(typed, fields, zone)),
    )


def filters_of(typed: str, fields: Sequence[Field], zone: tzinfo) -> list[Filter]:
    """What is typed, as conditions that all hold."""
    return [one for term in terms_of(typed, fields, zone) for one in term.filters]


def not_understood(typed: str, fields: Sequence[Field], zone: tzinfo) -> list[str]:
    """Those parts of what is typed that look like a condition and are taken as words."""
    return [
        term.text
        for term in terms_of(typed, fields, zone)
        if not term.condition and _looks_like_one(term.text)
    ]


def _looks_like_one(text: str) -> bool:
    sign = _SIGNS.search(text.lstrip(_MARKS))
    return sign is not None and not text.startswith('"') and "://" not in text


def joined(terms: Iterable[str]) -> str:
    """Parts as one types them together."""
    return AND.join(term for term in terms if term)


def terms_of(typed: str, fields: Sequence[Field], zone: tzinfo) -> list[Term]:
    """The parts of what is typed, in their order."""
    return _Reader(typed, fields, zone).read()


class _Named(NamedTuple):
    """The name of a column, with the sign behind it."""

    field: Field | None
    """None for the rows' own ids."""
    sign: str
    end: int


class _Reader:
    """Reads from the left to the right."""

    def __init__(self, typed: str, fields: Sequence[Field], zone: tzinfo) -> None:
        self._typed = typed
        self._zone = zone
        self._names: Mapping[str, Field | None] = {
            **{fold(field.name.strip()): field for field in reversed(fields)},
            **dict(zip(map(fold, titles_of(fields)), fields, strict=True)),
            ROW_ID: None,
        }
        self._signs = list(_SIGNS.finditer(typed))
        self._signs_at = [sign.start() for sign in self._signs]
        # Folded and written in full, letters are no more than so many.
        self._longest = 4 * max(map(len, self._names)) + 8
        self._room = MOST

    def read(self) -> list[Term]:
        """All parts."""
        found: list[Term] = []
        at = self._over_blanks(0)
        while at < len(self._typed):
            if self._typed[at] == "&" and self._alone(at):
                at = self._over_blanks(at + 1)
                continue
            if not self._room:
                rest = self._typed[at:].strip()
                return [*found, Term(rest, (Holds(rest),), False)]
            term, end = self._condition(at) or self._word(at)
            found.append(term)
            at = self._over_blanks(end)
        return found

    def _over_blanks(self, at: int) -> int:
        blanks = _BLANKS.match(self._typed, at)
        return at if blanks is None else blanks.end()

    def _alone(self, at: int) -> bool:
        """Whether a sign stands between blanks."""
        return not self._typed[at + 1 : at + 2].strip() and not self._typed[at - 1 : at].strip()

    # -- conditions

    def _named(self, at: int) -> _Named | None:
        """The name of a column that begins here, with its sign. It may itself hold a sign: each
        is tried.
        """
        quotes = _QUOTED.match(self._typed, at)
        if quotes is not None:
            name = fold(quotes[1].replace('""', '"').strip())
            sign = _SIGNS.match(self._typed, self._over_blanks(quotes.end()))
            if sign is not None and name in self._names:
                return _Named(self._names[name], sign[0], sign.end())
        first = bisect_right(self._signs_at, at)
        for sign in self._signs[first : first + self._longest]:
            if sign.start() > at + self._longest:
                break
            name = fold(self._typed[at : sign.start()].strip())
            if name in self._names:
                return _Named(self._names[name], sign[0], sign.end())
        return None

    def _condition(self, at: int) -> tuple[Term, int] | None:
        begin = at
        negated = self._typed[at] == "!" and at + 1 < len(self._typed)
        named = self._named(at + 1) if negated else self._named(at)
        if named is None:
            return None
        for short in (False, True):
            # A number, a day has no blanks: what follows one is another part.
            values, end = self._values(named, short=short)
            filters = self._meant(named, values) if len(values) <= self._room else []
            if filters:
                self._room -= len(values)
                break
        else:
            return None
        if negated:
            filters = [Not(tuple(filters))]
        return Term(self._typed[begin:end].strip(), tuple(filters), True), end

    def _meant(self, named: _Named, values: list[Given]) -> list[Filter]:
        if named.field is not None:
            return understood(named.field, named.sign, values, self._zone)
        ids = [int(one.text.lstrip("0") or "0") for one in values if _ID.fullmatch(one.text)]
        if named.sign not in ("=", ":") or len(ids) < len(values) or max(ids) >= 2**63:
            return []
        return [Ids(tuple(ids))]

    def _values(self, named: _Named, *, short: bool) -> tuple[list[Given], int]:
        """One value, or several with a bar between them; and where they end. `short`: each at the
        next blank.
        """
        found: list[Given] = []
        at, marked = named.end, named.sign == ":"
        while True:
            value, at = self._value(self._over_blanks(at), marked=marked, short=short)
            found.append(value)
            at = self._over_blanks(at)
            if self._typed[at : at + 1] != "|":
                return found, at
            at += 1

    def _value(self, at: int, *, marked: bool, short: bool) -> tuple[Given, int]:
        begin = at
        while marked and self._typed[at : at + 1] in tuple(_MARKS):
            at += 1
        marks = self._typed[begin:at]
        quotes = _QUOTED.match(self._typed, at)
        if quotes is not None:
            return Given(quotes[1].replace('""', '"'), True, marks), quotes.end()
        end = self._end_of_value(at)
        if short:
            end = next((n for n in range(at, end) if self._typed[n].isspace()), end)
        text = self._typed[at:end].strip()
        # A mark alone is the value itself.
        return (Given(text, marks=marks) if text else Given(marks)), end

    def _end_of_value(self, at: int) -> int:
        """Where a value without quotes ends."""
        first = True
        while at < len(self._typed):
            if self._typed[at] == "|":
                return at
            if self._typed[at] == "&" and self._alone(at):
                return at
            begins = not first and self._typed[at - 1].isspace()
            if begins and (self._is_marked(at) or self._named(at) is not None):
                return at
            at, first = at + 1, False
        return at

    def _is_marked(self, at: int) -> bool:
        """Whether a word with a mark before it begins here."""
        return self._typed[at] in "!^=" and bool(self._typed[at + 1 : at + 2].strip())

    # -- words

    def _word(self, at: int) -> tuple[Term, int]:
        begin = at
        self._room -= 1
        negated = self._typed[at] == "!"
        at += negated
        mark = self._typed[at : at + 1] if self._typed[at : at + 1] in ("^", "=") else ""
        at += len(mark)
        quotes = _QUOTED.match(self._typed, at)
        word = _WORD.match(self._typed, at)
        if quotes is not None and quotes[1]:
            text, end = quotes[1].replace('""', '"'), quotes.end()
        elif word is not None:
            text, end = word[0], word.end()
        else:
            # A mark alone is looked for itself.
            text, end, mark, negated = self._typed[begin:at], at, "", False
        meant: Filter = Begins(text) if mark == "^" else Reads(text) if mark else Holds(text)
        filters = (Not((meant,)),) if negated else (meant,)
        return Term(self._typed[begin:end], filters, False), end
