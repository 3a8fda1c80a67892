"""Which of the kept changes are wanted: by account, service, state, record and text."""

from __future__ import annotations

from typing import Any

import msgspec

from tui.store.changes.change import OPEN, State
from tui.store.changes.rows import about
from tui.store.folding import fold


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What a list of changes is narrowed to; what is empty narrows nothing."""

    owner: str = ""
    service: str = ""
    states: tuple[State, ...] = ()
    record: str = ""
    text: str = ""
    """Stands in the title, the record, the operation, the reason or the arguments."""
    folded: bool = False
    """Whether one stands for all that are alike (see `ALIKE`): the latest."""

    def where(self) -> tuple[str, list[object]]:
        """The condition in SQL, and its values."""
        where, values = self._each("changes")
        if not self.folded:
            return where, values
        # The next of its kind is at hand by the index, and mostly is what is looked for.
        alike, again = self._each("later")
        latest = (
            "NOT (grouped <> '' AND needs = '' AND EXISTS (SELECT 1 FROM changes AS later WHERE"
            " later.grouped = changes.grouped AND later.sequence > changes.sequence"
            f" AND {ALIKE} AND {alike}))"
        )
        return f"{where} AND {latest}", [*values, *again]

    def _each(self, table: str) -> tuple[str, list[object]]:
        """The condition for one row of the table, by whatever name the table goes."""
        wheres, values = ["1"], list[object]()
        if self.owner:
            wheres.append("owner = ?")
            values.append(self.owner)
        if self.record:
            condition, named = about(self.record)
            wheres.append(condition)
            values += named
        if self.service:
            wheres.append("operation BETWEEN ? AND ?")
            values += [f"{self.service}.", f"{self.service}/"]
        if self.states:
            # Written out, and in the words of the index of what is open where that holds them all.
            if set(self.states) <= set(OPEN):
                wheres.append(f"state IN ({', '.join(map(repr, OPEN))})")
            wheres.append(f"state IN ({', '.join(map(repr, self.states))})")
        if self.text:
            wheres.append(
                f"(holds({table}.body, ?) OR EXISTS (SELECT 1 FROM beside WHERE"
                f" beside.sequence = {table}.sequence AND holds_in(arguments, ?)))"
            )
            values += [fold(self.text)] * 2
        return " AND ".join(wheres), values


ALL = Wanted()
ALIKE = (
    "later.operation = changes.operation AND later.needs = ''"
    " AND (later.follows = '') = (changes.follows = '')"
)
"""The condition that two changes of one group are parts of the same work, such as the calls of one
import. Those that need one another are parts of an action that each are called otherwise."""


class _Searched(msgspec.Struct):
    title: str
    operation: str
    record: str = ""
    reason: str = ""
    arguments: Any = None


_decoder = msgspec.json.Decoder(_Searched)


def holds(body: bytes, text: str) -> bool:
    """Whether what is kept of a change has a text, which is folded."""
    found = _decoder.decode(body)
    words = [found.title, found.operation, found.record, found.reason]
    return any(text in fold(word) for word in words) or _in_values(found.arguments, text)


def holds_in(arguments: bytes, text: str) -> bool:
    """Whether arguments that stand beside a change have a text, which is folded."""
    return _in_values(msgspec.json.decode(arguments), text)


def _in_values(value: Any, text: str) -> bool:
    if isinstance(value, dict):
        return any(_in_values(item, text) for item in value.values())
    if isinstance(value, list):
        return any(_in_values(item, text) for item in value)
    return value is not None and text in fold(str(value))
