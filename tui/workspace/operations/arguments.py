"""Operation arguments from text, files and JSON, by the types that the operation declares."""

from __future__ import annotations

import types
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date, datetime, tzinfo
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import msgspec

from tui.services.errors import ProtocolViolation
from tui.services.operation import Operation, Parameter
from tui.services.reading import Record, read
from tui.workspace.numbers import NumberTextError, read_decimal
from tui.workspace.times import TimeTextError, midnight_utc, read_day, read_moment


class ArgumentError(ValueError):
    """An argument that the operation cannot take; the message names it and what it takes."""


REQUIRED_ANYWAY: Mapping[str, str] = {
    "timesheets.user.delete": "user_id",
    "timesheets.user.update": "user_id",
}
"""Parameters that a service lets be left out, and then takes the current user."""

Kind = Literal[
    "text", "number", "amount", "boolean", "choice", "date", "time", "file", "list", "map", "json"
]

_KINDS: dict[Any, Kind] = {
    str: "text", int: "number", float: "number", Decimal: "amount", bool: "boolean",
    datetime: "time", date: "date", Path: "file", bytes: "file",
}  # fmt: skip
_TYPE_WORDS = {
    str: "text", int: "int", float: "number", Decimal: "amount", bool: "true|false",
    datetime: "time", date: "date", Path: "file", bytes: "bytes", Any: "json",
}  # fmt: skip
_TRUE = frozenset({"true", "yes", "1", "on"})
_FALSE = frozenset({"false", "no", "0", "off"})


def bare(hint: Any) -> Any:
    """The type without `Annotated` and without `| None`; a union of several stays one."""
    if get_origin(hint) is Annotated:
        return bare(get_args(hint)[0])
    if get_origin(hint) in (Union, types.UnionType):
        rest = [one for one in get_args(hint) if one is not type(None)]
        return bare(rest[0]) if len(rest) == 1 else Union[tuple(rest)]  # noqa: UP007 - built
    return hint


def kind_of(hint: Any) -> Kind:
    """What a value of this type is typed as."""
    plain = bare(hint)
    origin = get_origin(plain)
    if origin is Literal:
        return "choice"
    if origin in (list, tuple):
        return "list"
    if origin is dict or plain is dict:
        return "map"
    if origin in (Union, types.UnionType):
        kinds = {kind_of(one) for one in get_args(plain)}
        for kind in ("time", "list", "text"):
            if kind in kinds:
                return kind
    return _KINDS.get(plain, "json")


def type_text(hint: Any) -> str:
    """The type in words, for lists of operations: `int`, `list of int`, `hot|fresh`."""
    plain = bare(hint)
    origin, arguments = get_origin(plain), get_args(plain)
    if origin is Literal:
        return "|".join(map(str, arguments))
    if origin in (list, tuple):
        return f"list of {type_text(arguments[0])}"
    if origin is dict:
        return f"map of {type_text(arguments[0])} to {type_text(arguments[1])}"
    if origin in (Union, types.UnionType):
        return " or ".join(dict.fromkeys(type_text(one) for one in arguments))
    if plain in _TYPE_WORDS:
        return _TYPE_WORDS[plain]
    return "json"


def choices_of(hint: Any) -> tuple[str, ...]:
    """The documented choices of a parameter; empty when it takes anything."""
    plain = bare(hint)
    if get_origin(plain) in (list, tuple):
        plain = bare(get_args(plain)[0])
    return tuple(map(str, get_args(plain))) if get_origin(plain) is Literal else ()


def parameter_named(operation: Operation, name: str) -> Parameter:
    """The parameter by its name, in the document's spelling (`catId`) or ours (`cat_id`).

    Raises ArgumentError with the names that there are.
    """
    wanted = _plain_name(name)
    for parameter in operation.parameters:
        if _plain_name(parameter.name) == wanted:
            return parameter
    names = ", ".join(one.documented_name for one in operation.parameters) or "none"
    raise ArgumentError(f"{operation.id} has no parameter {name!r}; it has: {names}")


def _plain_name(name: str) -> str:
    return name.replace("_", "").replace("-", "").removesuffix("[]").lower()


def from_words(operation: Operation, words: Iterable[str], where: tzinfo) -> dict[str, Any]:
    """Arguments from `name=value`, `name:=JSON` and `name@=FILE`.

    A repeated name makes a list. Raises ArgumentError; nothing is guessed.
    """
    texts: dict[str, list[str]] = {}
    found: dict[str, Any] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals:
            raise ArgumentError(f"{word!r}: write name=value, name:=JSON or name@=FILE")
        mode = name[-1:] if name[-1:] in {":", "@"} else ""
        parameter = parameter_named(operation, name.removesuffix(mode) if mode else name)
        if mode == ":":
            try:
                content = msgspec.json.decode(value)
            except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
                raise ArgumentError(f"{parameter.documented_name}: not valid JSON") from error
            found[parameter.name] = from_json(parameter, content, where)
        elif mode == "@":
            found[parameter.name] = from_file(parameter, value)
        else:
            texts.setdefault(parameter.name, []).append(value)
    for name, values in texts.items():
        found[name] = from_texts(parameter_named(operation, name), values, where)
    return found


def from_texts(parameter: Parameter, values: list[str], where: tzinfo) -> Any:
    """One parameter's value from what was typed; several texts or commas make a list."""
    plain = _listed(bare(parameter.hint))
    if get_origin(plain) in (list, tuple):
        parts = [part.strip() for value in values for part in value.split(",") if part.strip()]
        return [_one(parameter, get_args(plain)[0], part, where) for part in parts]
    if len(values) > 1:
        raise ArgumentError(f"{parameter.documented_name} takes one value, not {len(values)}")
    if kind_of(plain) == "map" and not values[0].lstrip().startswith(("{", "[")):
        pairs = [part.partition(":") for part in values[0].split(",") if part.strip()]
        for alone in (key.strip() for key, colon, _ in pairs if not colon):
            raise ArgumentError(
                f"{parameter.documented_name} takes {type_text(parameter.hint)}, written as"
                f" key:value,key:value: {alone!r} has no colon"
            )
        return from_json(parameter, {key.strip(): value.strip() for key, _, value in pairs}, where)
    return _one(parameter, parameter.hint, values[0], where)


def _listed(plain: Any) -> Any:
    """Of a list or a map the list: that is what is typed without braces."""
    if get_origin(plain) not in (Union, types.UnionType):
        return plain
    options = get_args(plain)
    lists = [one for one in options if get_origin(one) in (list, tuple)]
    only_structures = all(kind_of(one) in ("list", "map") for one in options)
    return lists[0] if lists and only_structures else plain


def _one(parameter: Parameter, hint: Any, text: str, where: tzinfo) -> Any:
    plain = bare(hint)
    name = parameter.documented_name
    if get_origin(plain) in (Union, types.UnionType):
        failure: ArgumentError | None = None
        options = get_args(plain)
        if date in options and datetime in options:
            # A bare day stays one: as a moment it would be only its beginning.
            with suppress(TimeTextError):
                return read_day(text, where)
        for option in options:
            try:
                return _one(parameter, option, text, where)
            except ArgumentError as error:
                failure = failure or error
        raise failure or ArgumentError(f"{name}: {text!r} cannot be read")
    try:
        if plain is str:
            return text
        if plain is bool:
            return _boolean(text)
        if plain in (int, float):
            return plain(text)
        if plain is Decimal:
            return read_decimal(text, exponent=False)
        if plain is datetime:
            return _moment(parameter.name, text, where)
        if plain is date:
            return read_day(text, where)
        if plain is Path:
            return Path(text).expanduser()
        if plain is bytes:
            return text.encode()
        if get_origin(plain) is Literal:
            return read(plain, text, name)
        return from_json(parameter, msgspec.json.decode(text), where)
    except NumberTextError as error:
        raise ArgumentError(f"{name} takes {type_text(hint)}, not {text!r}: {error}") from error
    except TimeTextError as error:
        raise ArgumentError(f"{name}: {error}") from error
    except (
        ValueError, RuntimeError, InvalidOperation, ProtocolViolation, msgspec.DecodeError,
    ) as error:  # fmt: skip
        raise ArgumentError(f"{name} takes {type_text(hint)}, not {text!r}") from error


def _moment(name: str, text: str, where: tzinfo) -> datetime:
    """A moment; a bare day for a parameter that means a day is that day, for an end its end."""
    if name.endswith("_date"):
        with suppress(TimeTextError):
            return midnight_utc(read_day(text, where))
    ends = name.endswith(("end", "stop")) or name.startswith("end_") or name == "expiry"
    return read_moment(text, where, ends=ends)


def _boolean(text: str) -> bool:
    word = text.strip().lower()
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise ValueError(text)


def from_file(parameter: Parameter, name: str) -> Any:
    """A parameter's value from a file: the file itself, its bytes, or its text."""
    try:
        path = Path(name).expanduser()
        there = path.is_file()
    except (OSError, ValueError, RuntimeError):
        # Too long for a name, a NUL in it, or the home of nobody.
        there = False
    if not there:
        raise ArgumentError(f"{parameter.documented_name}: there is no file {name[:200]}")
    plain = bare(parameter.hint)
    if plain is Path:
        return path
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ArgumentError(f"{parameter.documented_name}: {path} cannot be read") from error
    if plain is bytes:
        return content
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise ArgumentError(f"{parameter.documented_name}: {path} is not text") from error


def from_json(parameter: Parameter, value: Any, where: tzinfo) -> Any:
    """A parameter's value from decoded JSON, read as tolerantly as a service's answer."""
    plain = bare(parameter.hint)
    if isinstance(value, str) and kind_of(plain) not in ("list", "map", "json"):
        return _one(parameter, parameter.hint, value, where)
    if kind_of(plain) == "json" and not (isinstance(plain, type) and issubclass(plain, Record)):
        return value
    if get_origin(plain) in (list, tuple) and isinstance(value, list):
        inner = get_args(plain)[0]
        return [
            _one(parameter, inner, one, where)
            if isinstance(one, str)
            else _read(parameter, inner, one)
            for one in value
        ]
    return _read(parameter, parameter.hint, value)


def _read(parameter: Parameter, hint: Any, value: Any) -> Any:
    try:
        return read(hint, value, parameter.documented_name)
    except (ProtocolViolation, TypeError) as error:
        raise ArgumentError(
            f"{parameter.documented_name} takes {type_text(hint)}: {error}"
        ) from error


def from_object(operation: Operation, content: Any, where: tzinfo) -> dict[str, Any]:
    """Arguments from one JSON object. Raises ArgumentError."""
    if not isinstance(content, Mapping):
        raise ArgumentError("the arguments should be one JSON object")
    found = {}
    for name, value in content.items():
        parameter = parameter_named(operation, str(name))
        found[parameter.name] = from_json(parameter, value, where)
    return found


def missing(operation: Operation, given: Mapping[str, Any]) -> list[str]:
    """The required parameters that are not given."""
    anyway = REQUIRED_ANYWAY.get(operation.id)
    return [
        one.documented_name
        for one in operation.parameters
        if (one.required and one.name not in given)
        or (one.name == anyway and given.get(one.name) is None)
    ]
