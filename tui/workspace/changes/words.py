"""Changes in a person's words: their states, values, fields, and where their record is seen."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, tzinfo
from types import MappingProxyType
from typing import Any

from tui.store.changes import Change, State
from tui.workspace.changes.arguments import TOLD, from_data
from tui.workspace.changes.errors import Conflict
from tui.workspace.changes.keeping import is_here
from tui.workspace.changes.unsettled import NOT_KNOWN, WAITS
from tui.workspace.times import whole_text

STATES: Mapping[State, str] = {
    "waiting": "waiting",
    "sending": "being sent",
    "unknown": "not known",
    "done": "done",
    "refused": "refused",
    "undone": "undone",
    "dropped": "dropped",
}
SIGNS: Mapping[State, str] = {
    "waiting": WAITS, "sending": "→", "unknown": NOT_KNOWN, "done": "✓", "refused": "✗",
    "undone": "↶", "dropped": "-",
}  # fmt: skip
NOTHING = "(nothing)"
_ROOMS = {
    "timetonic": "books",
    "ticktocker": "tocks",
    "igtimi": "sessions",
    "trackmypeople": "timers",
    "timesheets": "invoices",
}
_SHOWN_THERE = {
    ("timesheets", "invoice"), ("igtimi", "session"), ("trackmypeople", "tracker"),
    ("ticktocker", "tock"),
}  # fmt: skip
"""Kinds of records that their screen puts its cursor on by what stands behind the last stroke."""


def state_text(change: Change) -> str:
    """The state in a word or two."""
    if change.state == "waiting" and change.theirs is not None:
        return "conflict"
    if change.state == "waiting" and change.held:
        return "held"
    return STATES[change.state]


def sign_of(change: Change) -> str:
    """The state as one sign."""
    return "!" if change.theirs is not None and change.state == "waiting" else SIGNS[change.state]


def value_text(value: Any, where: tzinfo) -> str:
    """A value in the form of data, as a person reads it."""
    return _plain_text(from_data(value), where)


def _plain_text(value: Any, where: tzinfo) -> str:
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return whole_text(value, where) if value.tzinfo else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        if TOLD in value:
            return "(told by the change before it)"
        return ", ".join(f"{name}: {_plain_text(item, where)}" for name, item in value.items())
    if isinstance(value, list):
        return ", ".join(_plain_text(item, where) for item in value) or NOTHING
    return str(value)


def typed_text(value: Any) -> str:
    """A value in the form of data as it would be typed for `tockdeck call`."""
    plain = _untagged(value)
    if plain is None:
        return ""
    if isinstance(plain, bool):
        return "true" if plain else "false"
    if isinstance(plain, list) and not any(isinstance(one, (dict, list)) for one in plain):
        texts = [typed_text(one) for one in plain]
        if not any("," in one for one in texts):
            return ",".join(texts)
    if isinstance(plain, (dict, list)):
        return json.dumps(plain, ensure_ascii=False)
    return str(plain)


def _untagged(value: Any) -> Any:
    if isinstance(value, dict):
        if len(value) == 1:
            ((tag, text),) = value.items()
            if isinstance(text, str) and tag.startswith("$"):
                return text
        return {name: _untagged(item) for name, item in value.items()}
    return [_untagged(item) for item in value] if isinstance(value, list) else value


def field_text(name: str, called: Mapping[str, str] = MappingProxyType({})) -> str:
    """A field's name as it is shown. `called` has names of those whose own say nothing; one of
    several records, `record/field`, keeps its record.
    """
    record, stroke, field = name.rpartition("/")
    known = called.get(field)
    return f"{record}{stroke}{known}" if known else name.replace("_", " ")


def place_of(change: Change) -> tuple[str, str]:
    """The screen that shows a change's record, and what that screen calls it; "" where it can
    only be gone to."""
    room = _ROOMS.get(change.service, "")
    if is_here(change.operation):
        one = change.arguments.get("invoice_id") or next(
            iter(change.arguments.get("invoices") or ()), ""
        )
        return room, f"{one}"
    service, _, rest = change.record.partition("/")
    kind, _, key = rest.partition("/")
    if (service, kind) in _SHOWN_THERE and key and "/" not in key:
        return room, key
    book = change.arguments.get("b_c") if service == "timetonic" else None
    return room, book if isinstance(book, str) else ""


def joined(conflict: Conflict, name: str, *, choices: bool) -> str | None:
    """Theirs and mine as one text; None where they are no texts, or one of a few `choices`."""
    theirs, mine = conflict.theirs.get(name), conflict.mine.get(name)
    if choices or not isinstance(theirs, str) or not isinstance(mine, str):
        return None
    return f"{theirs} / {mine}" if theirs and mine else None
