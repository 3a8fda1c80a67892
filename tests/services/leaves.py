"""Whether a typed result still has every value of the answer that it was read from."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import msgspec

from tui.services.reading import Record

NOTHING = ("", "0", "none")
"""Values that say nothing: they may be left out of a typed result."""

LATEST_SECONDS = 10**11
"""Larger numbers are milliseconds; their fractions are beyond what a time keeps."""


def lost(shown: Any, result: Any, *, unit: int = 1) -> Counter[str]:
    """What the answer shows and the result does not have; `unit` is the wire's per second."""
    wanted = Counter(leaf for leaf in leaves(shown, unit) if leaf not in NOTHING)
    return wanted - Counter(leaves(result, unit))


def leaves(value: Any, unit: int = 1) -> Iterator[str]:
    """Every single value in a nested one, in one spelling for what the wire spells in several."""
    if isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from leaves(getattr(value, name), unit)
    elif isinstance(value, dict):
        for item in value.values():
            yield from leaves(item, unit)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from leaves(item, unit)
    else:
        yield _spelled(value, unit)


def _spelled(value: Any, unit: int) -> str:
    if isinstance(value, bool):
        return "active" if value else "inactive"
    if isinstance(value, datetime):
        value = round(Decimal(str(value.timestamp())) * unit)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (int, float, Decimal)):
        if abs(value) > LATEST_SECONDS:
            value = round(value)
        return format(Decimal(str(value)).normalize(), "f")
    text = str(value).strip().lower().removesuffix(" utc")
    if re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", text):
        moment = datetime.fromisoformat(text).replace(tzinfo=UTC)
        return str(int(moment.timestamp()) * unit)
    return text


def unknown_keys(value: Any) -> list[str]:
    """Keys of the answer that no field reads, anywhere in a typed result."""
    if isinstance(value, msgspec.Struct):
        own = list(getattr(value, "extra", {})) if isinstance(value, Record) else []
        inner = [getattr(value, name) for name in value.__struct_fields__ if name != "extra"]
        return own + [key for item in inner for key in unknown_keys(item)]
    if isinstance(value, dict):
        return [key for item in value.values() for key in unknown_keys(item)]
    if isinstance(value, (list, tuple)):
        return [key for item in value for key in unknown_keys(item)]
    return []
