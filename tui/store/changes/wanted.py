"""Which of the kept changes are wanted: by account, service, state, record and text."""

from __future__ import annotations

from typing import Any

import msgspec

from tui.store.changes.change import OPEN, State
from tui.store.changes.rows import about


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What a list of changes is narrowed to; what is empty narrows nothing."""

    owner: str = ""
    service: str = ""
    states: tuple[State, ...] = ()
    record: str = ""
    text: str = ""
    """Stands in the title, the record, the operation, the reason or the arguments."""

    def where(self) -> tuple[str, list[object]]:
        """The condition in SQL, and its values."""
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
                "(holds(body, ?) OR EXISTS (SELECT 1 FROM beside WHERE"
                " beside.sequence = changes.sequence AND holds_in(arguments, ?)))"
            )
            values += [self.text.casefold()] * 2
        return " AND ".join(wheres), values


ALL = Wanted()


class _Searched(msgspec.Struct):
    title: str
    operation: str
    record: str = ""
    reason: str = ""
    arguments: Any = None


_decoder = msgspec.json.Decoder(_Searched)


def holds(body: bytes, text: str) -> bool:
    """Whether what is kept of a change has a text, which is in small letters."""
    found = _decoder.decode(body)
    words = [found.title, found.operation, found.record, found.reason]
    return any(text in word.casefold() for word in words) or _in_values(found.arguments, text)


def holds_in(arguments: bytes, text: str) -> bool:
    """Whether arguments that stand beside a change have a text, which is in small letters."""
    return _in_values(msgspec.json.decode(arguments), text)


def _in_values(value: Any, text: str) -> bool:
    if isinstance(value, dict):
        return any(_in_values(item, text) for item in value.values())
    if isinstance(value, list):
        return any(_in_values(item, text) for item in value)
    return value is not None and text in str(value).casefold()
