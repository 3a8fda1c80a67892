"""Tolerant reading of what services answer, into typed records.

Services write 0, 1, "0", "1" for booleans, digit strings for numbers, `[]` for an empty map, an
object with numbers for keys for a list with gaps, false or `{}` for a record that is not there,
0000-00-00 for no date, leave keys out for null, and write times in several ways. `read` accepts
all of that and nothing else: what it cannot read is a ProtocolViolation that names the field,
never a crash and never a silently wrong value. Within an operation one element of a list that
cannot be read is left out and noted (see left_out); the rest is there.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Annotated, Any, ClassVar, Literal, TypeVar, Union, get_args, get_origin

import msgspec

from tui.services.beside import leave_beside
from tui.services.errors import NotFound, ProtocolViolation
from tui.services.left_out import notes
from tui.services.lists import each, each_of, elements, left_out
from tui.services.operation import is_change, told
from tui.services.scalars import (
    Id,
    Milliseconds,
    Never,
    ParisText,
    Reader,
    Seconds,
    TimeForm,
    Unreadable,
    amount,
    choice,
    day_reader,
    flag,
    identity,
    integer,
    is_no_number,
    is_no_time,
    is_nothing,
    is_null,
    is_zero,
    real,
    text,
    time_reader,
    unreadable,
)

__all__ = [
    "Extra", "Id", "Milliseconds", "ParisText", "Reader", "Record", "Seconds", "TimeForm",
    "Unreadable", "Words", "each", "each_of", "elements", "is_no_time", "is_nothing", "left_out",
    "read", "read_all", "read_one", "unreadable",
]  # fmt: skip

T = TypeVar("T")


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a service answered.

    Fields are read from their wire names (`msgspec.field(name=...)`); `aliases` lists other
    spellings of a field, tried in order. A field called `extra` keeps the keys that nothing
    else reads. `main_list` names the list that the record is about: one of which nothing can be
    read is an error, never an empty list. `proves` names fields with a default that tell, as those
    without one, whether a change was made: what else of its answer cannot be read stays at its
    default (see beside).
    """

    aliases: ClassVar[dict[str, tuple[str, ...]]] = {}
    main_list: ClassVar[str] = ""
    proves: ClassVar[tuple[str, ...]] = ()


Extra = dict[str, Any]
_SAID = "what a service says in its own words"
Words = Annotated[str, _SAID]
"""What a service says of a call: a secret that was sent does not stand in it."""


def read(hint: type[T] | Any, value: Any, at: str = "answer") -> T:
    """Read a decoded JSON value as `hint`. `at` names the place for errors.

    Raises ProtocolViolation naming the field that cannot be read.
    """
    result: T = _whole(_reader(typing.cast(Any, hint)), value, at)
    return result


def read_all(hint: type[T] | Any, value: Any, at: str) -> list[T]:
    """Read the list that an answer is about.

    Raises ProtocolViolation when it holds something of which nothing can be read.
    """
    found: list[T] = _whole(_list(typing.cast(Any, hint), subject=True), value, at)
    return found


def _whole(reader: Reader, value: Any, at: str) -> Any:
    try:
        return reader(value, at)
    except RecursionError:
        raise ProtocolViolation(f"{at} is nested too deeply") from None


def read_one(hint: type[T] | Any, value: Any, at: str) -> T:
    """Read the one record that was asked for. Raises NotFound where the service has none: one that
    a change should have made may be there, and is Unreadable.
    """
    if is_nothing(value):
        if is_change():
            raise Unreadable(at, "is empty")
        raise NotFound(f"the service has no such thing ({at} is empty)")
    found: T = read(hint, value, at)
    return found


def _anything(value: Any, _at: str) -> Any:
    return value


_PLAIN: dict[Any, Reader] = {
    str: text,
    int: integer,
    Id: identity,
    float: real,
    bool: flag,
    Decimal: amount,
    datetime: time_reader(TimeForm()),
    date: day_reader(TimeForm()),
    Any: _anything,
    object: _anything,
}


@cache
def _list(hint: Any, *, subject: bool = False) -> Reader:
    of_records = _is_record(hint)
    item = _told(hint) if of_records else _reader(hint)

    def reader(value: Any, at: str) -> list[Any]:
        if of_records and isinstance(value, dict) and value and _holds_records(value):
            found = [(f"{at}.{name[:60]}", element) for name, element in value.items()]
        else:
            found = elements(value, at)
        return each_of(found, at, item, subject=subject)

    return reader


def _told(kind: type[Record]) -> Reader:
    """A reader of elements: of one that says nothing that is known no record is made up."""
    item = _reader(kind)
    known = {name for _, names in _names(kind) for name in names}

    def reader(value: Any, at: str) -> Any:
        if isinstance(value, dict) and known.isdisjoint(value):
            raise Unreadable(at, "holds nothing that is known" if value else "is empty")
        return item(value, at)

    return reader


def _names(kind: type[Record]) -> list[tuple[Any, tuple[str, ...]]]:
    """The fields of a record, each with the names that it is read from, in order."""
    return [
        (info, (info.encode_name, *kind.aliases.get(info.name, ())))
        for info in msgspec.structs.fields(kind)
        if info.name != "extra"
    ]


def _holds_records(value: dict[str, Any]) -> bool:
    """Whether it is a map of records under names, and no list with gaps."""
    return not all(map(str.isdecimal, value)) and all(
        isinstance(element, dict) for element in value.values()
    )


def _map(key: Reader, hint: Any) -> Reader:
    item, of_records = _reader(hint), _is_record(hint)

    def reader(value: Any, at: str) -> dict[Any, Any]:
        if is_nothing(value):
            return {}
        if not isinstance(value, dict):
            raise unreadable(at, "a map", value)
        if not of_records:
            return {
                key(name, at): item(element, f"{at}.{str(name)[:60]}")
                for name, element in value.items()
            }
        found = [(f"{at}.{str(name)[:60]}", (name, element)) for name, element in value.items()]
        pairs = each_of(
            found, at, lambda pair, place: (key(pair[0], place), item(pair[1], place)),
            subject=False,
        )  # fmt: skip
        return dict(pairs)

    return reader


def _union(options: tuple[Any, ...]) -> Reader:
    optional = type(None) in options
    hints = [option for option in options if option is not type(None)]
    if len(hints) == 1:
        kind, item = _bare(hints[0]), _reader(hints[0])
        return _optional(_or_never(item) if kind is datetime else item, _missing(kind))
    tagged = _tagged(hints)
    if tagged is not None:
        return tagged
    readers = [(_origin(option), _reader(option)) for option in hints]

    def reader(value: Any, at: str) -> Any:
        if optional and (value is None or value == "" or value == []):
            return None
        heard = notes()
        before = 0 if heard is None else len(heard)
        wanted: object = type(value) if isinstance(value, (dict, list)) and value else None
        failure: ProtocolViolation | None = None
        # What has the form that came goes first: a map with numbers for keys reads as a list, too.
        for _, attempt in sorted(readers, key=lambda pair: pair[0] is not wanted):
            try:
                return attempt(value, at)
            except ProtocolViolation as error:
                failure = failure or error
                if heard is not None:
                    del heard[before:]
        raise failure or unreadable(at, "something readable", value)

    return reader


def _tagged(hints: Sequence[Any]) -> Reader | None:
    """Of records that say by a key which of them it is, the one that is named; None for others."""
    configs = [hint.__struct_config__ if _is_record(hint) else None for hint in hints]
    keys = {None if one is None else one.tag_field for one in configs}
    if len(keys) != 1 or None in keys:
        return None
    [key] = keys
    readers = {
        one.tag: _reader(hint) for one, hint in zip(configs, hints, strict=True) if one is not None
    }

    def reader(value: Any, at: str) -> Any:
        kind = value.get(key) if isinstance(value, dict) else None
        if not isinstance(kind, str) or kind not in readers:
            known = ", ".join(map(str, readers))
            raise unreadable(at, f"one with a {key} of {known}", value)
        return readers[kind](value, at)

    return reader


def _optional(item: Reader, missing: Callable[[Any], bool]) -> Reader:
    def reader(value: Any, at: str) -> Any:
        return None if value is None or missing(value) else item(value, at)

    return reader


def _or_never(item: Reader) -> Reader:
    """A reader of moments: one at an end of the calendar is as good as none."""

    def reader(value: Any, at: str) -> Any:
        try:
            return item(value, at)
        except Never:
            return None

    return reader


def _missing(kind: Any) -> Callable[[Any], bool]:
    """What stands for null where a field may be null, beside null itself, by the field's type."""
    if kind is datetime:
        # PHP and C make 0 of a time that is not there: nothing of a service is from 1970.
        return lambda value: is_no_time(value) or is_zero(value)
    if kind is date:
        return is_no_time
    if _is_record(kind):
        return is_nothing
    if kind is str:
        # A text may be empty, and then it is that.
        return lambda value: value is False
    if _is_number(kind):
        return lambda value: is_no_number(value) or value == ""
    return lambda value: isinstance(value, str) and value == ""


def _record(kind: type[Record]) -> Reader:
    hints = typing.get_type_hints(kind, include_extras=True)
    plan: list[tuple[str, tuple[str, ...], Reader, bool, Callable[[Any], bool] | None]] = []
    has_extra = "extra" in kind.__struct_fields__
    for info, names in _names(kind):
        hint = hints[info.name]
        item = (
            _list(get_args(hint)[0], subject=True) if info.name == kind.main_list else _reader(hint)
        )
        # What stands for nothing leaves a field that may be left out at its default.
        blank = not info.required and not _nullable(hint)
        nothing = is_nothing if _is_record(hint) else is_no_number if _is_number(hint) else is_null
        plan.append((info.name, names, item, info.required, nothing if blank else None))
    known = {name for _, names, *_ in plan for name in names}

    def reader(value: Any, at: str) -> Record:
        if not isinstance(value, dict):
            raise unreadable(at, "an object", value)
        found: dict[str, Any] = {}
        for field, names, item, required, nothing in plan:
            for name in names:
                if name in value and (value[name] is not None or not required):
                    content = value[name]
                    if nothing is not None and nothing(content):
                        break
                    try:
                        found[field] = item(content, f"{at}.{name}")
                    except ProtocolViolation as error:
                        if required or field in kind.proves:
                            raise
                        leave_beside(f"{at}.{name}", error)
                    break
            if required and field not in found:
                raise Unreadable(f"{at}.{names[0]}", "is missing")
        if has_extra:
            found["extra"] = told({name: item for name, item in value.items() if name not in known})
        return kind(**found)

    return reader


def _nullable(hint: Any) -> bool:
    return hint is Any or type(None) in get_args(hint)


def _bare(hint: Any) -> Any:
    return get_args(hint)[0] if get_origin(hint) is Annotated else hint


def _origin(hint: Any) -> Any:
    """The JSON type that a hint is read from where that is an object or an array."""
    if _is_record(hint):
        return dict
    return get_origin(hint) or hint


def _is_number(hint: Any) -> bool:
    return hint in (int, float, Decimal)


def _is_record(hint: Any) -> bool:
    return isinstance(hint, type) and issubclass(hint, Record)


@cache
def _reader(hint: Any) -> Reader:
    if hint in _PLAIN:
        return _PLAIN[hint]
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        if _SAID in hint.__metadata__:
            return lambda value, at: told(text(value, at))
        form = next((extra for extra in hint.__metadata__ if isinstance(extra, TimeForm)), None)
        if form is None:
            return _reader(arguments[0])
        return day_reader(form) if arguments[0] is date else time_reader(form)
    if origin in (Union, types.UnionType):
        return _union(arguments)
    if origin is Literal:
        return choice(arguments)
    if origin is list:
        return _list(arguments[0])
    if origin is tuple:
        items = _list(arguments[0])
        return lambda value, at: tuple(items(value, at))
    if origin is dict:
        return _map(_reader(arguments[0]), arguments[1])
    if _is_record(hint):
        # Built when first used, so that records may contain themselves.
        built: list[Reader] = []

        def later(value: Any, at: str) -> Any:
            if not built:
                built.append(_record(hint))
            return built[0](value, at)

        return later
    if isinstance(hint, type) and issubclass(hint, Enum):
        by_value = choice(tuple(member.value for member in hint))
        return lambda value, at: hint(by_value(value, at))
    raise TypeError(f"no reader for {hint!r}")
