"""Arguments of an operation as JSON values and back, without what is secret."""

from __future__ import annotations

import typing
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache, cached_property, partial
from pathlib import Path
from typing import Any

import msgspec

from tui.services.operation import Operation
from tui.services.wire import SECRET_NAMES, holds_secret
from tui.store.changes import FROM, Held

_TAGS: dict[str, Callable[[str], object]] = {
    "$decimal": Decimal,
    "$moment": datetime.fromisoformat,
    "$day": date.fromisoformat,
    "$path": Path,
}
TOLD = "$told"
"""Stands for what the answer to an earlier change tells: its id, and the name of that."""
ASKED = "$asked"
"""Stands for an argument of an earlier change: its id, and the name of the argument."""
_AS_THEY_ARE = frozenset({str, int, float, bool, type(None)})
"""Types that JSON has."""
_TEXT = frozenset({str})


class Plain(dict[str, Any]):
    """An argument that is data already, of which nothing is secret: it is taken as it is.

    There may be very much in one.
    """

    @cached_property
    def encoded(self) -> bytes:
        """The same as JSON, written out once."""
        return msgspec.json.encode(self)


def kept_once(arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """Arguments as they are kept, where something in them is very much and was written out
    already: that is not done once more.
    """
    written = {name: one.encoded for name, one in arguments.items() if isinstance(one, Plain)}
    if sum(map(len, written.values())) < FROM:
        return arguments
    raw = {name: msgspec.Raw(one) for name, one in written.items()}
    return Held(msgspec.json.encode({**arguments, **raw}), arguments)


class Told:
    """An argument that only the answer to an earlier change of the same action tells."""

    def __init__(self, index: int, name: str = "id") -> None:
        """`index` is the place of that change in the action, `name` what its kind keeps."""
        self.index = index
        self.name = name


def operation_of(call: partial[Any]) -> Operation:
    """The operation of a marked method that is about to be called."""
    found = getattr(call.func, "__operation__", None)
    if not isinstance(found, Operation):
        raise TypeError(f"{call.func!r} is no marked operation")
    return found


def given_of(call: partial[Any]) -> dict[str, Any]:
    """The arguments of a call by name, those that are given."""
    if not call.args:
        return call.keywords
    names = [parameter.name for parameter in operation_of(call).parameters]
    return {**dict(zip(names, call.args, strict=False)), **call.keywords}


def arguments_of(
    call: partial[Any], secret: Callable[[Mapping[str, Any]], Iterable[str]] = lambda _given: ()
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The arguments of a call by name, those that are given, and which of them are secret.

    `secret` names further ones that are, given all of them: `name`, or `name.key` within a map.
    """
    given = given_of(call)
    plain = {name: as_data(value) for name, value in given.items() if value is not None}
    hidden = tuple([name for name, value in plain.items() if _is_secret(name, value)])
    hidden += tuple([path for path in secret(plain) if path not in hidden])
    return _without(plain, hidden) if hidden else plain, hidden


def _is_secret(name: str, value: Any) -> bool:
    """Whether an argument is secret by its name, or holds something that is."""
    by_name = _names_a_secret(name)
    if isinstance(value, Plain):
        return False
    return by_name is True or (
        (by_name is None or isinstance(value, (dict, list))) and holds_secret(value, name)
    )


@cache
def _names_a_secret(name: str) -> bool | None:
    """Whether what an argument is called says that it is secret; None where an empty one is not."""
    if name.replace("_", "") in SECRET_NAMES:
        return True
    return None if name.lower() in SECRET_NAMES else False


def _without(values: Mapping[str, Any], hidden: Sequence[str]) -> dict[str, Any]:
    """Maps in maps without the paths that are hidden."""
    kept: dict[str, Any] = {}
    for name, value in values.items():
        if name in hidden:
            continue
        within = [path[len(name) + 1 :] for path in hidden if path.startswith(f"{name}.")]
        kept[name] = _without(value, within) if within and isinstance(value, Mapping) else value
    return kept


def as_data(value: Any) -> Any:
    """A value as JSON values; those that JSON has not are tagged."""
    if type(value) in _AS_THEY_ARE:
        return value
    if isinstance(value, Plain):
        return value
    if isinstance(value, Told):
        return {TOLD: [value.index, value.name]}
    if isinstance(value, Mapping):
        if _AS_THEY_ARE.issuperset(map(type, value.values())) and _TEXT.issuperset(
            map(type, value)
        ):
            return dict(value)
        return {str(key): as_data(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [as_data(item) for item in value]
    if isinstance(value, Decimal):
        return {"$decimal": str(value)}
    if isinstance(value, datetime):
        return {"$moment": value.isoformat()}
    if isinstance(value, date):
        return {"$day": value.isoformat()}
    if isinstance(value, Path):
        return {"$path": str(value)}
    if isinstance(value, msgspec.Struct):
        return msgspec.to_builtins(value)
    return value


def from_data(value: Any) -> Any:
    """The values again that `as_data` made JSON of; records stay maps."""
    if isinstance(value, dict):
        if len(value) == 1:
            ((tag, text),) = value.items()
            if tag in _TAGS and isinstance(text, str):
                return _TAGS[tag](text)
        return {key: from_data(item) for key, item in value.items()}
    if isinstance(value, list):
        return [from_data(item) for item in value]
    return value


def call_with(operation: Operation, data: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of an operation out of JSON values.

    Raises LookupError where the operation takes no such argument (any more), ValueError where
    one cannot be read.
    """
    known = {parameter.name: parameter.hint for parameter in operation.parameters}
    made: dict[str, Any] = {}
    for name, value in data.items():
        hint = known[name]
        made[name] = (
            msgspec.convert(from_data(value), hint, str_keys=True)
            if _is_typed(hint)
            else from_data(value)
        )
    return made


@cache
def _is_typed(hint: Any) -> bool:
    """Whether the values alone do not say what they were: records, and maps by number."""
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        return True
    arguments = typing.get_args(hint)
    if typing.get_origin(hint) is dict and arguments[0] is not str:
        return True
    return any(_is_typed(part) for part in arguments if part is not hint)
