"""Reading what a caller sent: query, form and file, with Rails' brackets.

Values stay bytes until somebody asks for them as text, because a blob's `content` must come
back exactly as it was saved (seed document, "Save Blob").
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable

from starlette.requests import Request

from tui.embedded.forms import FormError, Limits, TooLarge, TooMany, Upload, read_request, text_of
from tui.embedded.igtimi.answers import Refused, bad_request

MAXIMUM_FIELDS = 2000
"""More parameters than any documented call needs; a request with more is refused."""
MAXIMUM_FILES = 4

_HASH = re.compile(r"(?P<name>[^\[\]]+)\[(?P<key>[^\[\]]+)\]")
_TRUE = frozenset({"true", "1", "yes", "on"})
_FALSE = frozenset({"false", "0", "no", "off", ""})
_LARGEST_INTEGER = 2**63 - 1


class Parameters:
    """All parameters of one call by name; the last one of a name wins, as Rails has it.

    Every reading method raises Refused (400) when a value is there but cannot be read.
    """

    def __init__(self, pairs: Iterable[tuple[str, bytes]], files: Iterable[Upload] = ()) -> None:
        self._values: dict[str, list[bytes]] = {}
        for name, value in pairs:
            self._values.setdefault(name, []).append(value)
        self.files = tuple(files)

    def raw(self, name: str) -> bytes | None:
        """The bytes of a parameter, or None."""
        values = self._values.get(name)
        return values[-1] if values else None

    def text(self, name: str) -> str | None:
        """A parameter as text, or None when it is absent."""
        value = self.raw(name)
        return None if value is None else _decoded(name, value)

    def required(self, name: str) -> str:
        """A parameter that must be there and not be empty."""
        value = self.text(name)
        if not value:
            raise bad_request(f"{name} is missing")
        return value

    def integer(self, name: str) -> int | None:
        """A whole number, or None when it is absent or empty."""
        value = self.text(name)
        if not value:
            return None
        if not re.fullmatch(r"[+-]?[0-9]{1,19}", value) or abs(int(value)) > _LARGEST_INTEGER:
            raise bad_request(f"{name} is not a whole number")
        return int(value)

    def milliseconds(self, name: str) -> float | None:
        """A UNIX timestamp in milliseconds, whole or with a fraction, or None."""
        value = self.text(name)
        if not value:
            return None
        try:
            number = float(value)
        except ValueError:
            raise bad_request(f"{name} is not a timestamp in milliseconds") from None
        if not math.isfinite(number) or abs(number) > 1e15:
            raise bad_request(f"{name} is not a timestamp in milliseconds")
        return number

    def required_milliseconds(self, name: str) -> float:
        """A timestamp that must be there."""
        value = self.milliseconds(name)
        if value is None:
            raise bad_request(f"{name} is missing")
        return value

    def boolean(self, name: str, default: bool) -> bool:
        """`true`/`false` or `1`/`0`."""
        value = self.text(name)
        if value is None:
            return default
        lowered = value.strip().lower()
        if lowered in _TRUE:
            return True
        if lowered in _FALSE:
            return False
        raise bad_request(f"{name} is neither true nor false")

    def array(self, name: str) -> list[str] | None:
        """`name[]=a&name[]=b`, or a single `name=a,b`; None when neither is there."""
        values = self._values.get(f"{name}[]")
        if values is not None:
            return [_decoded(name, value) for value in values]
        single = self.text(name)
        return None if single is None else [part.strip() for part in single.split(",") if part]

    def integers(self, name: str) -> list[int] | None:
        """An array of whole numbers."""
        values = self.array(name)
        if values is None:
            return None
        if not all(re.fullmatch(r"[0-9]{1,18}", value) for value in values):
            raise bad_request(f"{name} holds something else than whole numbers")
        return [int(value) for value in values]

    def mapping(self, name: str) -> dict[str, str]:
        """`name[key]=value` as {key: value}."""
        found = {}
        for full, values in self._values.items():
            match = _HASH.fullmatch(full)
            if match and match["name"] == name:
                found[match["key"]] = _decoded(full, values[-1])
        return found


def _decoded(name: str, value: bytes) -> str:
    try:
        return text_of(value, name)
    except FormError:
        raise bad_request(f"{name} is not UTF-8") from None


async def read_parameters(request: Request, limit: int) -> tuple[Parameters, bytes]:
    """Query and form of a request, and its raw body; a file counts as its field's value, too."""
    try:
        sent = await read_request(request, Limits(limit, MAXIMUM_FIELDS, MAXIMUM_FILES))
    except TooMany as error:
        raise bad_request(str(error)) from None
    except TooLarge as error:
        raise Refused(413, "too_large", str(error)) from None
    except FormError as error:
        raise bad_request(str(error)) from None
    files = [(name, upload.content) for name, upload in sent.files]
    return Parameters(sent.pairs + files, [upload for _, upload in sent.files]), sent.body
