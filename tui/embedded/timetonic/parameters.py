"""Request parameters as real clients send them: query string, form, multipart, PHP brackets.

Source: reference TimeTonic, 1 (encodings). JSON bodies do not work there and do not here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

import msgspec
from starlette.requests import Request

from tui.embedded.forms import (
    MULTIPART,
    FormError,
    Limits,
    TooLarge,
    Upload,
    media_type,
    read_request,
    text_of,
)
from tui.embedded.timetonic.envelope import Refusal

FORM_LIMIT = 8 * 1024 * 1024
"""Bytes of a form without files."""
MAX_FIELDS = 5000
MULTIPART_LIMIT = 64 * 1024 * 1024
"""Bytes of a form with files."""
MAX_DEPTH = 8
"""Levels of `a[b][c]`; a fieldValues map needs two, a filter group six."""

_BIGGEST = 2**53
"""Beyond this a number is not exact in most clients, and no id is that large."""
_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off", ""}
_BRACKET = re.compile(r"\[([^\[\]]*)\]")


@dataclass(frozen=True)
class Parameters:
    """Parameters by name; bracket keys have been folded into nested maps."""

    values: dict[str, object]
    files: dict[str, Upload] = field(default_factory=dict)

    def has(self, *names: str) -> bool:
        """True when one of the names was sent with something in it."""
        return any(self.values.get(name, "") != "" for name in names)

    def text(self, *names: str, default: str = "") -> str:
        """The first of the names that was sent. Raises Refusal when it is a map."""
        for name in names:
            value = self.values.get(name)
            if isinstance(value, dict):
                raise Refusal("invalid_parameter", f"{name} must be a text, not a map")
            if value is not None and value != "":
                return str(value)
        return default

    def required(self, *names: str) -> str:
        """As text, and refused when nothing was sent."""
        value = self.text(*names)
        if not value:
            raise Refusal("missing_parameter", f"parameter {names[0]} is missing")
        return value

    def integer(self, *names: str, default: int = 0) -> int:
        """A whole number in digits."""
        value = self.text(*names)
        return default if not value else to_integer(value, names[0])

    def required_integer(self, *names: str) -> int:
        """As integer, and refused when nothing was sent."""
        return to_integer(self.required(*names), names[0])

    def count(self, name: str, *, default: int, most: int) -> int:
        """A number of things: not negative, and cut to what one answer may hold."""
        value = self.integer(name, default=default)
        if value < 0:
            raise Refusal("invalid_parameter", f"{name} cannot be negative")
        return min(value, most)

    def flag(self, name: str, *, default: bool = False) -> bool:
        """true/false or 1/0."""
        value = self.text(name).lower()
        if not value:
            return default
        if value in _TRUE:
            return True
        if value in _FALSE:
            return False
        raise Refusal("invalid_parameter", f"{name} must be true or false")

    def structure(self, name: str) -> object:
        """A JSON text or bracket keys; None when nothing was sent."""
        value = self.values.get(name)
        if value is None or isinstance(value, dict):
            return value
        text = str(value).strip()
        return None if not text else decode(text, name)

    def mapping(self, name: str) -> dict[str, object]:
        """A map; an empty PHP array, an empty text or nothing is the empty map."""
        value = self.structure(name)
        if value is None or value == [] or value == "":
            return {}
        if isinstance(value, list):
            return {str(index): item for index, item in enumerate(value)}
        if not isinstance(value, dict):
            raise Refusal("invalid_parameter", f"{name} must be a JSON object")
        return value

    def integers(self, *names: str) -> list[int] | None:
        """Ids as `1,2,3`, as JSON array, or in brackets; None when nothing was sent."""
        for name in names:
            value = self.values.get(name)
            if value is None or value == "":
                continue
            if isinstance(value, dict):
                return [to_integer(item, name) for item in value.values()]
            return integer_list(str(value), name)
        return None


def decode(text: str, name: str) -> object:
    """JSON from outside. Raises Refusal for anything that is not."""
    try:
        return msgspec.json.decode(text.encode())
    except (msgspec.DecodeError, UnicodeEncodeError):
        raise Refusal("invalid_parameter", f"{name} is not valid JSON") from None
    except RecursionError:
        raise Refusal("invalid_parameter", f"{name} is nested too deeply") from None


def integer_list(text: str, name: str) -> list[int]:
    """`1,2,3` or `[1,2,3]`."""
    content = text.strip()
    if content.startswith("["):
        decoded = decode(content, name)
        items = decoded if isinstance(decoded, list) else [decoded]
        return [to_integer(item, name) for item in items]
    return [to_integer(item, name) for item in content.split(",") if item.strip()]


def to_integer(value: object, name: str) -> int:
    """Digits, or a JSON integer. Raises Refusal."""
    if isinstance(value, int) and not isinstance(value, bool):
        number = value
    elif isinstance(value, str) and re.fullmatch(r"\s*-?[0-9]{1,18}\s*", value):
        number = int(value)
    else:
        raise Refusal("invalid_parameter", f"{name} must be a whole number")
    if abs(number) > _BIGGEST:
        raise Refusal("invalid_parameter", f"{name} is out of range")
    return number


async def read_parameters(request: Request) -> Parameters:
    """All parameters of a request; a later source wins over the query string.

    Raises Refusal when the body is not the form that it says it is.
    """
    kind = media_type(request)
    most = MULTIPART_LIMIT if kind == MULTIPART else FORM_LIMIT
    limits = Limits(most, MAX_FIELDS, MAX_FIELDS, FORM_LIMIT)
    try:
        sent = await read_request(request, limits, untyped=True)
        if kind == MULTIPART and sum(len(value) for _, value in sent.pairs) > FORM_LIMIT:
            raise TooLarge(f"The fields of a form may hold {FORM_LIMIT} bytes at most.")
        pairs = [(name, text_of(value, name)) for name, value in sent.pairs]
    except TooLarge as error:
        raise Refusal("too_large", str(error)) from None
    except FormError as error:
        raise Refusal("invalid_encoding", str(error)) from None
    return Parameters(fold(pairs), dict(sent.files))


def fold(pairs: Iterable[tuple[str, str]]) -> dict[str, object]:
    """PHP's bracket keys: `rows[1][2]=x` becomes {"rows": {"1": {"2": "x"}}}; `a[]` counts up."""
    values: dict[str, object] = {}
    for key, value in pairs:
        head, bracket, rest = key.partition("[")
        if not bracket:
            values[key] = value
            continue
        path = _BRACKET.findall(bracket + rest)
        if len(path) > MAX_DEPTH:
            raise Refusal("invalid_parameter", f"{head} is nested too deeply")
        if not path:
            values[key] = value
            continue
        place = _child(values, head)
        for step in path[:-1]:
            place = _child(place, step or str(len(place)))
        place[path[-1] or str(len(place))] = value
    return values


def _child(place: dict[str, object], name: str) -> dict[str, object]:
    found = place.get(name)
    if isinstance(found, dict):
        return found
    made: dict[str, object] = {}
    place[name] = made
    return made
