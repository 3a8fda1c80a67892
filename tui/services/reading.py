"""Tolerant reading of what services answer, into typed records.

Services write 0, 1, "0", "1" for booleans, digit strings for numbers, `[]` for an empty map,
leave keys out for null, and write times in several ways. `read` accepts all of that and
nothing else: what it cannot read is a ProtocolViolation that names the field, never a crash
and never a silently wrong value.
"""

from __future__ import annotations

import reprlib
import types
import typing
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal, InvalidOperation
from enum import Enum
from functools import cache
from typing import Annotated, Any, ClassVar, Literal, TypeVar, Union, get_args, get_origin
from zoneinfo import ZoneInfo

import msgspec

from tui.services.digits import LARGEST
from tui.services.errors import ProtocolViolation

T = TypeVar("T")
Reader = Callable[[Any, str], Any]


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a service answered.

    Fields are read from their wire names (`msgspec.field(name=...)`); `aliases` lists other
    spellings of a field, tried in order. A field called `extra` keeps the keys that nothing
    else reads.
    """

    aliases: ClassVar[dict[str, tuple[str, ...]]] = {}


@dataclass(frozen=True)
class TimeForm:
    """How a service writes a time: `unit` per second for numbers, `zone` for text without one."""

    unit: int = 1
    zone: str = "UTC"


Seconds = Annotated[datetime, TimeForm()]
"""Unix seconds, as a number or a digit string; text times are UTC."""
Milliseconds = Annotated[datetime, TimeForm(unit=1000)]
"""Unix milliseconds, as a number or a digit string."""
ParisText = Annotated[datetime, TimeForm(zone="Europe/Paris")]
"""`YYYY-MM-DD HH:MM:SS` in French local time, or unix seconds."""
Extra = dict[str, Any]

_glance = reprlib.Repr()
"""Shows the beginning of a value without looking at all of it."""
_glance.maxstring = _glance.maxother = _glance.maxlong = 60

_TRUE = frozenset({"1", "true", "yes", "on", "active"})
_FALSE = frozenset({"", "0", "false", "no", "off", "inactive"})


def read(hint: type[T] | Any, value: Any, at: str = "answer") -> T:
    """Read a decoded JSON value as `hint`. `at` names the place for errors.

    Raises ProtocolViolation naming the field that cannot be read.
    """
    try:
        result: T = _reader(typing.cast(Any, hint))(value, at)
    except RecursionError:
        raise ProtocolViolation(f"{at} is nested too deeply") from None
    return result


def unreadable(at: str, expected: str, value: object) -> ProtocolViolation:
    """The error for a value that is not what its field promises."""
    try:
        shown = _glance.repr(value)
    except ValueError:
        # A whole number of thousands of digits, which Python does not write out.
        shown = "a very long number"
    if len(shown) > 60:
        shown = shown[:57] + "..."
    return ProtocolViolation(f"{at} should be {expected}, but is {shown}")


def _text(value: Any, at: str) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float, Decimal)):
        return str(value)
    raise unreadable(at, "text", value)


def _integer(value: Any, at: str) -> int:
    if isinstance(value, bool):
        return int(value)
    number: int | None = None
    try:
        if isinstance(value, int):
            number = value
        elif isinstance(value, str):
            stripped = value.strip()
            if len(stripped) <= 64:
                digits = stripped.lstrip("+-").isdecimal()
                number = int(stripped) if digits else _whole(stripped)
        elif isinstance(value, Decimal):
            # By way of its text: int() of a huge exponent would take all memory there is.
            number = _whole(str(value))
        elif isinstance(value, float) and value == int(value):
            number = int(value)
    except (ValueError, OverflowError, InvalidOperation):
        pass
    if number is None or not -LARGEST <= number <= LARGEST:
        raise unreadable(at, "a whole number", value)
    return number


def _whole(text: str) -> int:
    number = Decimal(text)
    if not -(2**63) <= number <= 2**63 or number != number.to_integral_value():
        raise ValueError(text)
    return int(number)


def _real(value: Any, at: str) -> float:
    try:
        if isinstance(value, (int, float, Decimal)) or (
            isinstance(value, str) and len(value) <= 64
        ):
            number = float(value)
            if number - number == 0.0:
                return number
    except (ValueError, OverflowError):
        pass
    raise unreadable(at, "a number", value)


def _decimal(value: Any, at: str) -> Decimal:
    try:
        if isinstance(value, Decimal):
            number = value
        elif isinstance(value, (int, float)) or (isinstance(value, str) and len(value) <= 64):
            number = Decimal(str(value).strip())
        else:
            raise unreadable(at, "an amount", value)
    except (InvalidOperation, ValueError):
        raise unreadable(at, "an amount", value) from None
    if not number.is_finite() or abs(number.adjusted()) > 40:
        # Nobody owes 10^40; written out, such a number could fill the memory.
        raise unreadable(at, "an amount", value)
    return number


def _flag(value: Any, at: str) -> bool:
    if isinstance(value, bool):
        return value
    if value is None:
        return False
    if isinstance(value, (int, float)) and value in (0, 1):
        return bool(value)
    if isinstance(value, Decimal) and value.is_finite() and value in (0, 1):
        return bool(value)
    if isinstance(value, str):
        word = value.strip().lower()
        if word in _TRUE:
            return True
        if word in _FALSE:
            return False
    raise unreadable(at, "yes or no", value)


def _time(form: TimeForm) -> Reader:
    zone: tzinfo = UTC if form.zone == "UTC" else ZoneInfo(form.zone)

    def reader(value: Any, at: str) -> datetime:
        try:
            if isinstance(value, str):
                text = value.strip().removesuffix(" UTC")
                if text.lstrip("-").replace(".", "", 1).isdecimal() and len(text) <= 24:
                    value = float(text) if "." in text else int(text)
                else:
                    moment = datetime.fromisoformat(text)
                    return moment if moment.tzinfo else moment.replace(tzinfo=zone)
            if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
                return _from_unix(value, form.unit)
        except (ValueError, OverflowError, OSError):
            pass
        raise unreadable(at, "a time", value)

    return reader


def _from_unix(value: float | Decimal, unit: int) -> datetime:
    if isinstance(value, int) and unit == 1000:
        seconds, rest = divmod(value, 1000)
        return datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest * 1000)
    return datetime.fromtimestamp(float(value) / unit, UTC)


def _day(value: Any, at: str) -> date:
    try:
        if isinstance(value, str):
            return date.fromisoformat(value.strip()[:10])
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return datetime.fromtimestamp(value, UTC).date()
    except (ValueError, OverflowError, OSError):
        pass
    raise unreadable(at, "a date", value)


def _anything(value: Any, _at: str) -> Any:
    return value


_PLAIN: dict[Any, Reader] = {
    str: _text,
    int: _integer,
    float: _real,
    bool: _flag,
    Decimal: _decimal,
    datetime: _time(TimeForm()),
    date: _day,
    Any: _anything,
    object: _anything,
}


def _list(item: Reader) -> Reader:
    def reader(value: Any, at: str) -> list[Any]:
        if value is None or value == {} or value == "":
            return []
        if not isinstance(value, list):
            raise unreadable(at, "a list", value)
        return [item(element, f"{at}[{index}]") for index, element in enumerate(value)]

    return reader


def _map(key: Reader, item: Reader) -> Reader:
    def reader(value: Any, at: str) -> dict[Any, Any]:
        if value is None or value == [] or value == "":
            return {}
        if not isinstance(value, dict):
            raise unreadable(at, "a map", value)
        return {
            key(name, at): item(element, f"{at}.{str(name)[:60]}")
            for name, element in value.items()
        }

    return reader


def _choice(options: tuple[Any, ...]) -> Reader:
    by_text = {str(option).lower(): option for option in options}

    def reader(value: Any, at: str) -> Any:
        found = by_text.get(str(value).strip().lower())
        if found is None:
            raise unreadable(at, "one of " + ", ".join(map(str, options)), value)
        return found

    return reader


def _union(options: tuple[Any, ...]) -> Reader:
    optional = type(None) in options
    readers = [(option, _reader(option)) for option in options if option is not type(None)]
    only = readers[0][0] if len(readers) == 1 else None
    # An empty string stands for null where the type itself has no empty text.
    blank = optional and only is not str

    def reader(value: Any, at: str) -> Any:
        if optional and (value is None or (blank and value == "")):
            return None
        if optional and value == [] and isinstance(only, type) and issubclass(only, Record):
            return None
        failure: ProtocolViolation | None = None
        for _, attempt in readers:
            try:
                return attempt(value, at)
            except ProtocolViolation as error:
                failure = failure or error
        raise failure or unreadable(at, "something readable", value)

    return reader


def _record(kind: type[Record]) -> Reader:
    hints = typing.get_type_hints(kind, include_extras=True)
    plan: list[tuple[str, tuple[str, ...], Reader, bool, str]] = []
    has_extra = False
    for info in msgspec.structs.fields(kind):
        if info.name == "extra":
            has_extra = True
            continue
        names = (info.encode_name, *kind.aliases.get(info.name, ()))
        plan.append((info.name, names, _reader(hints[info.name]), info.required, info.encode_name))
    known = {name for _, names, _, _, _ in plan for name in names}

    def reader(value: Any, at: str) -> Record:
        if not isinstance(value, dict):
            raise unreadable(at, "an object", value)
        found: dict[str, Any] = {}
        for field, names, item, required, shown in plan:
            for name in names:
                if name in value and (value[name] is not None or not required):
                    content = value[name]
                    if content is None and not _nullable(hints[field]):
                        break
                    found[field] = item(content, f"{at}.{name}")
                    break
            if required and field not in found:
                raise ProtocolViolation(f"{at}.{shown} is missing")
        if has_extra:
            found["extra"] = {name: item for name, item in value.items() if name not in known}
        return kind(**found)

    return reader


def _nullable(hint: Any) -> bool:
    return hint is Any or type(None) in get_args(hint)


@cache
def _reader(hint: Any) -> Reader:
    if hint in _PLAIN:
        return _PLAIN[hint]
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        form = next((extra for extra in hint.__metadata__ if isinstance(extra, TimeForm)), None)
        return _time(form) if form else _reader(arguments[0])
    if origin in (Union, types.UnionType):
        return _union(arguments)
    if origin is Literal:
        return _choice(arguments)
    if origin is list:
        return _list(_reader(arguments[0]))
    if origin is tuple:
        items = _list(_reader(arguments[0]))
        return lambda value, at: tuple(items(value, at))
    if origin is dict:
        return _map(_reader(arguments[0]), _reader(arguments[1]))
    if isinstance(hint, type) and issubclass(hint, Record):
        # Built when first used, so that records may contain themselves.
        built: list[Reader] = []

        def later(value: Any, at: str) -> Any:
            if not built:
                built.append(_record(hint))
            return built[0](value, at)

        return later
    if isinstance(hint, type) and issubclass(hint, Enum):
        by_value = _choice(tuple(member.value for member in hint))
        return lambda value, at: hint(by_value(value, at))
    raise TypeError(f"no reader for {hint!r}")
