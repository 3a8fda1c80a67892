"""`--quirks`: the doubtful forms that reference TimeTonic, 9, lists, laid over a plain answer.

What only the cell's type can tell (numbers, dates, check boxes) is done where cells are shown.
"""

from __future__ import annotations

from collections.abc import Callable

from tui.embedded.timetonic.envelope import JsonObject

_DIGITS = ("id", "smid", "row_id", "category_id", "view_id", "field_id", "fieldId", "nbMsgs")
"""Whole numbers that arrive as digit strings."""

_NUMBERS = ("archived", "favorite", "del", "forbidDeleteRow", "hidden", "timeAndDate", "strict")
"""Booleans that arrive as 0 and 1."""

_TEXTS = ("readOnly", "accepted", "showFpOnOpen", "isConfirmed")
"""Booleans and 0/1 that arrive as "0" and "1"."""


def _digits(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _number(value: object) -> object:
    return int(value) if isinstance(value, bool) else value


def _text(value: object) -> object:
    return str(int(value)) if isinstance(value, int) else value


_BY_KEY: dict[str, Callable[[object], object]] = {
    **dict.fromkeys(_DIGITS, _digits),
    **dict.fromkeys(_NUMBERS, _number),
    **dict.fromkeys(_TEXTS, _text),
}


def quirky_answer(payload: JsonObject) -> JsonObject:
    """The same answer in its worst form; empty maps become `[]`."""
    return {key: _quirky(key, item) for key, item in payload.items()}


def _quirky(key: str, value: object) -> object:
    if isinstance(value, dict):
        # A page of rows has tens of thousands of plain values: none costs a call.
        return {
            name: _quirky(name, item)
            if isinstance(item, (dict, list))
            else _BY_KEY[name](item)
            if name in _BY_KEY
            else item
            for name, item in value.items()
        } or []
    if isinstance(value, list):
        return [_quirky("", item) if isinstance(item, (dict, list)) else item for item in value]
    return _BY_KEY[key](value) if key in _BY_KEY else value
