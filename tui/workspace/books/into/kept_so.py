"""What a service refuses of a value, and what of it the service does not keep: told before it is
sent.

No public document says how long a text, or how large a number, may be: a field that tells its own
limits is held to them, and of one that tells none the service itself says what it refuses.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, time
from decimal import Decimal
from typing import Any

from tui.services.timetonic import Field
from tui.words import counted
from tui.workspace.books.cells import kind_of, takes_one

EXACT = 15
"""Digits of a number that any double keeps."""
DIGITS = "with more digits than the service's numbers keep"
CLOCK = "with a time of day, of which the column keeps the day"
PARTS = "with parts of a second, which stay out"
_PARTS = re.compile(r"\d\d:\d\d:\d\d[.,]0*[1-9]", re.ASCII)
_LOOKS: Mapping[str, tuple[re.Pattern[str], str]] = {
    "email": (re.compile(r"[^@\s]+@[^@\s]+"), "no e-mail address"),
    "phone": (re.compile(r"[^\d]*(?:\d[^\d]*){2,}"), "no telephone number"),
    "url": (re.compile(r"\S*(?:[.:/])\S*"), "no address of a page"),
}
"""What a text of these types looks like at least, and what it is else: services take any."""
Told = tuple[str, str]
"""What becomes of a value, and the value as an example."""


def refusal(field: Field, sent: Any) -> str:
    """Why the service takes no such value, in the form in which it is sent, for a field; or ""."""
    limits = field.limits
    if isinstance(sent, list):
        if limits.rows is not None and len(sent) > limits.rows:
            return f"it links to {counted(len(sent), 'row')}, and takes {limits.rows:,} at most"
        if len(sent) > 1 and takes_one(field):
            return f"it links to {counted(len(sent), 'row')}, and takes one"
    elif isinstance(sent, str):
        if limits.length is not None and len(sent) > limits.length:
            return f"it has {counted(len(sent), 'character')}, and {limits.length:,} fit"
    elif isinstance(sent, int) and limits.largest is not None and abs(sent) > limits.largest:
        return f"{sent} is too large: {limits.largest:,} is the most"
    return ""


def refusals(field: Field, sent: Sequence[Any]) -> dict[int, str]:
    """The same of a column, by the places of those that are refused."""
    limits, one_row = field.limits, takes_one(field)
    rows = 1 if one_row else limits.rows
    may_be = (
        (limits.length is not None and _has_longer(sent, limits.length))
        or (rows is not None and _has_longer(sent, rows, list))
        or (limits.largest is not None and _has_larger(sent, limits.largest))
    )
    if not may_be:
        return {}
    return {n: why for n, one in enumerate(sent) if (why := refusal(field, one))}


def lost_of(field: Field, raw: Any, sent: Any) -> Told | None:
    """What the service does not keep of a cell that it takes, or what is odd in it."""
    kind = kind_of(field)
    if kind == "number":
        kept = _as_kept(sent)
        return None if kept is None else (DIGITS, f"{kept} of {sent}")
    if kind == "date":
        clock = isinstance(raw, datetime) and raw.time() != time()
        return (CLOCK, str(raw)) if clock else None
    if kind == "moment":
        parts = raw.microsecond if isinstance(raw, datetime) else _PARTS.search(str(raw))
        return (PARTS, str(raw)) if parts else None
    odd = _LOOKS.get(field.type)
    if odd is None or not isinstance(sent, str) or odd[0].fullmatch(sent):
        return None
    return f"{odd[1]} by the looks of it, taken as it is", repr(sent[:40])


def lost_in(field: Field, raw: Sequence[Any], sent: Iterable[Any]) -> dict[int, Told]:
    """The same of a column, by the places of the cells."""
    may_be = _suspects(field)
    if may_be is None or not may_be(raw):
        return {}
    found = ((n, lost_of(field, *pair)) for n, pair in enumerate(zip(raw, sent, strict=True))
             if pair[1] is not None)  # fmt: skip
    return {n: told for n, told in found if told is not None}


def _suspects(field: Field) -> Callable[[Sequence[Any]], bool] | None:
    """A quick look whether something of a column may be lost; None where nothing ever is."""
    kind = kind_of(field)
    if kind == "number":
        return lambda raw: not _all_texts(raw) or _has_longer(raw, EXACT)
    if kind == "date":
        return lambda raw: datetime in map(type, raw)
    if kind == "moment":
        return lambda raw: not _all_texts(raw) or _holds_any(".,", "".join(raw))
    if field.type in _LOOKS:
        looks = _LOOKS[field.type][0].fullmatch
        return lambda raw: not _all_texts(raw) or None in map(looks, filter(None, raw))
    return None


def _all_texts(values: Sequence[Any]) -> bool:
    return {str}.issuperset(map(type, values))


def _holds_any(signs: str, text: str) -> bool:
    return any(sign in text for sign in signs)


def _has_longer(values: Sequence[Any], length: int, kind: type = str) -> bool:
    """Whether one of those that are of a kind is longer."""
    kinds = set(map(type, values))
    if kind not in kinds:
        return False
    filled = values if kinds == {kind} else [one for one in values if type(one) is kind]
    return max(map(len, filled)) > length


def _has_larger(values: Sequence[Any], largest: int) -> bool:
    filled = [one for one in values if type(one) is int]
    return bool(filled) and not -largest <= min(filled) <= max(filled) <= largest


def _as_kept(sent: Any) -> str | None:
    """What a number is once it is kept as a double, as the service's document calls such a field;
    None where that is the same.
    """
    number = Decimal(str(sent))
    if len(number.as_tuple().digits) <= EXACT:
        return None
    kept = Decimal(str(float(number)))
    return None if kept == number else f"{kept:f}"
