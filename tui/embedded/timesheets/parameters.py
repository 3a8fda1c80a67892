"""What a body may hold: the kinds of parameters, each a function from JSON to a checked value.

A kind raises ValueError with the end of a sentence ("must be an integer"); the router puts the
name before it and answers HTTP 400. Numbers with a fraction arrive as Decimal. A member that is
null counts as absent, and members that are not documented are ignored.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar

from tui.embedded.timesheets.answers import Record, invalid

T = TypeVar("T")
Kind = Callable[[object], object]

LARGEST_ID = 2**63 - 1
LARGEST_TIME = 253_402_300_799
LARGEST_MONEY = Decimal(10) ** 12
LONGEST_TEXT = 20_000
LONGEST_LIST = 10_000
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
UNITS = ("minutes", "hours", "days", "weeks", "months", "years")
WORK_STATES = ("new", "in-progress", "cancelled", "done")
ENTRY_STATES = ("in-progress", "rejected", "approved")


def integer(value: object) -> int:
    """A whole JSON number that fits a database key; true and false are not numbers."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError("must be an integer")
    if not 0 <= value <= LARGEST_ID:
        raise ValueError("must not be negative or beyond 64 bits")
    return value


def timestamp(value: object) -> int:
    """Unix seconds up to the year 9999."""
    seconds = integer(value)
    if seconds > LARGEST_TIME:
        raise ValueError("must be Unix time in seconds, not milliseconds")
    return seconds


def date_or_timestamp(value: object) -> int:
    """Project dates: typed Date on create and Timestamp on update, so either is taken."""
    if isinstance(value, str):
        midnight = datetime.fromisoformat(f"{calendar_date(value)}T00:00:00+00:00")
        return timestamp(int(midnight.timestamp()))
    return timestamp(value)


def text(value: object) -> str:
    """A string that can be stored: no half of a surrogate pair, of bounded length."""
    if not isinstance(value, str):
        raise ValueError("must be a string")
    if len(value) > LONGEST_TEXT:
        raise ValueError(f"must have at most {LONGEST_TEXT} characters")
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        raise ValueError("must be valid Unicode") from None
    return value


def filled(value: object) -> str:
    """A string that is not blank."""
    content = text(value)
    if not content.strip():
        raise ValueError("must not be empty")
    return content


def phone(value: object) -> str:
    """A string in the table, a number in every sample: both are taken."""
    return str(integer(value)) if isinstance(value, int) else text(value)


def email(value: object) -> str:
    """Something before and after one @."""
    content = text(value)
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", content) or len(content) > 254:
        raise ValueError("must be an e-mail address")
    return content


def password(shortest: int, longest: int) -> Kind:
    """8..16 characters on register, 8..15 on create and update."""

    def check(value: object) -> str:
        content = text(value)
        if not shortest <= len(content) <= longest:
            raise ValueError(f"must have {shortest} to {longest} characters")
        return content

    return check


def boolean(value: object) -> bool:
    """true or false."""
    if not isinstance(value, bool):
        raise ValueError("must be true or false")
    return value


def choice(*allowed: str) -> Kind:
    """One of the documented words."""

    def check(value: object) -> str:
        if not isinstance(value, str) or value not in allowed:
            raise ValueError(f"must be one of {', '.join(allowed)}")
        return value

    return check


def list_of(kind: Kind) -> Kind:
    """An array whose members are all of one kind."""

    def check(value: object) -> list[object]:
        if not isinstance(value, list):
            raise ValueError("must be an array")
        if len(value) > LONGEST_LIST:
            raise ValueError(f"must have at most {LONGEST_LIST} members")
        return [kind(member) for member in value]

    return check


def _decimal(value: object, places: int) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise ValueError("must be a number")
    exact = Decimal(value)
    if not exact.is_finite() or not 0 <= exact < LARGEST_MONEY:
        raise ValueError("must be a number from 0 to a million millions")
    exponent = exact.normalize().as_tuple().exponent
    if isinstance(exponent, int) and -exponent > places:
        raise ValueError(f"must have at most {places} decimals")
    return exact


def money(value: object) -> Decimal:
    """An amount with at most two decimals; never negative."""
    return _decimal(value, 2)


def rate(value: object) -> Decimal:
    """A price or an amount of time with at most four decimals."""
    return _decimal(value, 4)


def location(value: object) -> str:
    """[latitude, longitude] in degrees, kept as JSON text."""
    if not isinstance(value, list) or len(value) != 2:
        raise ValueError("must be [latitude, longitude]")
    degrees: list[float] = []
    for member, limit in zip(value, (90, 180), strict=True):
        if isinstance(member, bool) or not isinstance(member, int | Decimal):
            raise ValueError("must be [latitude, longitude]")
        if not -limit <= member <= limit:
            raise ValueError("must be degrees of latitude and longitude")
        degrees.append(float(member))
    return json.dumps(degrees)


def clock_time(value: object) -> str:
    """HH:MM on a 24-hour clock."""
    content = text(value)
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", content, re.ASCII):
        raise ValueError("must be a time as HH:MM")
    return content


def calendar_date(value: object) -> str:
    """YYYY-MM-DD, a day that exists."""
    content = text(value)
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", content, re.ASCII):
        raise ValueError("must be a date as YYYY-MM-DD")
    try:
        date.fromisoformat(content)
    except ValueError:
        raise ValueError("must be a date that exists") from None
    return content


def days_of_week(value: object) -> int:
    """{monday: true, ...} as a bit per day, Monday lowest; days left out are false."""
    if not isinstance(value, dict) or not value:
        raise ValueError("must be an object of days")
    bits = 0
    for name, flag in value.items():
        if name not in DAYS:
            raise ValueError(f"must name days from {', '.join(DAYS)}")
        bits |= boolean(flag) << DAYS.index(name)
    return bits


def settings(value: object) -> str:
    """A list or an object of any JSON, kept as text of bounded length."""
    if not isinstance(value, list | dict):
        raise ValueError("must be an array or an object")
    try:
        kept = json.dumps(value, default=_finite, allow_nan=False)
    except (ValueError, RecursionError):
        raise ValueError("must hold plain values") from None
    if len(kept) > LONGEST_TEXT:
        raise ValueError(f"must have at most {LONGEST_TEXT} characters")
    return kept


def _finite(value: object) -> float:
    if not isinstance(value, Decimal):
        raise ValueError("must hold plain values")
    return float(value)


def flags(value: object) -> dict[str, bool]:
    """A map of switches; an empty array counts as an empty map."""
    if value == []:
        return {}
    if not isinstance(value, dict):
        raise ValueError("must be an object of true and false")
    return {text(name): boolean(flag) for name, flag in value.items()}


def mapping(value: object) -> dict[str, object]:
    """An object whose members the operation itself reads."""
    if value == []:
        return {}
    if not isinstance(value, dict):
        raise ValueError("must be an object")
    return value


@dataclass(frozen=True)
class Parameter:
    """One declared member of a body: its name, kind, and other spellings in the documents."""

    name: str
    kind: Kind
    required: bool = False
    default: object = None
    also: tuple[str, ...] = ()


class Arguments:
    """The checked members of a body, reached by name and type."""

    def __init__(self, values: Mapping[str, object]) -> None:
        self._values = dict(values)

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def get(self, name: str, kind: type[T]) -> T | None:
        """The value, or None when it was not sent."""
        value = self._values.get(name)
        if value is not None and not isinstance(value, kind):
            raise TypeError(f"{name} is declared as another kind")
        return value

    def need(self, name: str, kind: type[T]) -> T:
        """The value of a parameter that is required or has a default."""
        value = self.get(name, kind)
        if value is None:
            raise TypeError(f"{name} is neither required nor has a default")
        return value

    def sent(self, *names: str) -> Record:
        """Those of the names that were sent, with their values."""
        return {name: self._values[name] for name in names if name in self._values}


def check(body: Mapping[str, object], declared: tuple[Parameter, ...]) -> Arguments:
    """Check a body against the declared parameters.

    Raises Refusal (HTTP 400) that names the parameter and what is wrong with it.
    """
    values: Record = {}
    for parameter in declared:
        value = next(
            (
                body[name]
                for name in (parameter.name, *parameter.also)
                if body.get(name) is not None
            ),
            None,
        )
        if value is None:
            if parameter.required:
                raise invalid(f"Parameter {parameter.name} is required.")
            if parameter.default is not None:
                values[parameter.name] = parameter.default
            continue
        try:
            values[parameter.name] = parameter.kind(value)
        except ValueError as problem:
            raise invalid(f"Parameter {parameter.name} {problem}.") from None
    return Arguments(values)


LIMIT = Parameter("limit", integer)
LIMIT_TEN = Parameter("limit", integer, default=10)
OFFSET = Parameter("offset", integer, default=0)
ORDER = choice("asc", "desc")


def required(name: str, kind: Kind, *also: str) -> Parameter:
    """A parameter that must be there."""
    return Parameter(name, kind, required=True, also=also)


def optional(**kinds: Kind) -> tuple[Parameter, ...]:
    """Parameters that may be left out."""
    return tuple(Parameter(name, kind) for name, kind in kinds.items())


def expansion(*allowed: str) -> Parameter:
    """`with`: the linked entities that are to come along in the same answer."""
    return Parameter("with", list_of(choice(*allowed)))
