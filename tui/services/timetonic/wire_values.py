"""Values of cells and ids of rows in the form that TimeTonic takes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from tui.services.arguments import aware
from tui.services.clocks import is_shown_twice
from tui.services.errors import InvalidArgument

NEW = "tmpNEW_ROW"
"""A row id that begins with tmp is that of a row to be made."""

PARIS = ZoneInfo("Europe/Paris")
"""The zone of times that the service writes as text."""


_AS_THEY_ARE = frozenset((str, int, float, bool, type(None)))
"""Types of values that are sent as they are."""


class SentRows(dict[str, dict[str, Any]]):
    """Rows by their ids, whose values are in the form that the service takes already; they are
    written out once, however often that is asked for.
    """

    @cached_property
    def encoded(self) -> bytes:
        """The same as JSON."""
        return msgspec.json.encode(self)


def wire_row(values: Mapping[Any, Any]) -> dict[str, Any]:
    """Values by field id, each in the form that the service takes."""
    try:
        plain = "".join(values).isdecimal() and "" not in values
    except TypeError:
        plain = False
    wire: dict[str, Any] = {}
    if plain:
        wire |= values
        if _AS_THEY_ARE.issuperset(map(type, wire.values())):
            return wire
        for key in [key for key, one in wire.items() if one.__class__ not in _AS_THEY_ARE]:
            wire[key] = wire_value(wire[key])
        return wire
    for key, value in values.items():
        if not str(key).isdecimal():
            raise InvalidArgument(f"values stand under the ids of fields; {key!r} is none")
        wire[str(key)] = value if value.__class__ in _AS_THEY_ARE else wire_value(value)
    return wire


def wire_value(value: Any) -> Any:
    """One value as the service takes it.

    How dates are written is not public; assumed is the text of the field's own dateFormat,
    `YYYY-MM-DD`, with ` HH:MM:SS` in French local time where there is a time.
    """
    if isinstance(value, datetime):
        try:
            there = aware("value", value).astimezone(PARIS)
        except OverflowError:
            raise InvalidArgument(f"{value} is no time in Paris") from None
        if there.fold and is_shown_twice(value, PARIS):
            raise InvalidArgument(
                f"{there:%H:%M} exists twice on {there:%Y-%m-%d} in Paris, and the service's "
                "times cannot say the second",
                advice="Give a time before or after that hour; nothing was sent.",
            )
        return there.replace(tzinfo=None).isoformat(" ", "seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise InvalidArgument("value is no number")
        # As text: the service takes both, and a JSON number could lose digits.
        return f"{value:f}"
    return msgspec.to_builtins(value)


def wire_row_id(row_id: int | str) -> str:
    """The id of a row, or a text that begins with tmp for a new one. Raises InvalidArgument."""
    text = str(row_id)
    if not text.isdecimal() and not text.startswith("tmp"):
        raise InvalidArgument(
            f"row_id must be a number, or begin with tmp for a new row, but is {text!r}"
        )
    return text
