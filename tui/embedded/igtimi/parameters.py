"""Reading what a caller sent: query, form and file, with Rails' brackets.

Values stay bytes until somebody asks for them as text, because a blob's `content` must come
back exactly as it was saved (seed document, "Save Blob").
"""

from __future__ import annotations

import math
import re
from collections.abc import AsyncGenerator, Iterable
from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from tui.embedded.igtimi.answers import Refused, bad_request

MAXIMUM_FIELDS = 2000
"""More parameters than any documented call needs; a request with more is refused."""

_HASH = re.compile(r"(?P<name>[^\[\]]+)\[(?P<key>[^\[\]]+)\]")
_TRUE = frozenset({"true", "1", "yes", "on"})
_FALSE = frozenset({"false", "0", "no", "off", ""})
_LARGEST_INTEGER = 2**63 - 1


@dataclass(frozen=True)
class Upload:
    """A file that came in a multipart body, or as the whole body."""

    name: str
    content_type: str
    content: bytes


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
        return value.decode("utf-8")
    except UnicodeDecodeError:
        raise bad_request(f"{name} is not UTF-8") from None


def _pairs(encoded: bytes) -> list[tuple[str, bytes]]:
    """Form encoding to names and raw bytes: latin-1 maps each byte to one character and back."""
    try:
        found = parse_qsl(
            encoded.decode("latin-1"),
            keep_blank_values=True,
            encoding="latin-1",
            max_num_fields=MAXIMUM_FIELDS,
        )
    except ValueError:
        raise bad_request("too many parameters") from None
    return [
        (name.encode("latin-1").decode("utf-8", "replace"), value.encode("latin-1"))
        for name, value in found
    ]


async def read_body(request: Request, limit: int) -> bytes:
    """The whole body; Refused (413) as soon as it is longer than `limit` bytes."""
    chunks: list[bytes] = []
    length = 0
    async for chunk in request.stream():
        length += len(chunk)
        if length > limit:
            raise Refused(413, "too_large", f"the body is longer than {limit} bytes")
        chunks.append(chunk)
    return b"".join(chunks)


async def _multipart(
    headers: Headers, body: bytes, limit: int
) -> tuple[list[tuple[str, bytes]], list[Upload]]:
    async def stream() -> AsyncGenerator[bytes, None]:
        yield body
        yield b""

    raw = [(name, value) for name, value in headers.raw if name != b"content-type"]
    content_type = headers["content-type"].encode("latin-1")
    # A field's bytes survive only when the parser decodes them one to one.
    exact = Headers(raw=[*raw, (b"content-type", content_type + b"; charset=latin-1")])
    parser = MultiPartParser(
        exact, stream(), max_files=4, max_fields=MAXIMUM_FIELDS, max_part_size=limit
    )
    try:
        form = await parser.parse()
    except (MultiPartException, KeyError, UnicodeError):
        raise bad_request("the multipart body cannot be read") from None
    pairs: list[tuple[str, bytes]] = []
    files: list[Upload] = []
    try:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                content = await value.read()
                file_name = (value.filename or "").encode("latin-1").decode("utf-8", "replace")
                kind = value.content_type or "application/octet-stream"
                files.append(Upload(file_name, kind.strip(), content))
                pairs.append((name, content))
            else:
                pairs.append((name, value.encode("latin-1")))
    finally:
        await form.close()
    return pairs, files


async def read_parameters(request: Request, limit: int) -> tuple[Parameters, bytes]:
    """Query and form of a request, and its raw body.

    The query comes first, so that a form's value of the same name wins.
    """
    pairs = _pairs(request.scope["query_string"])
    body = b"" if request.method == "GET" else await read_body(request, limit)
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    files: list[Upload] = []
    if body and kind == "application/x-www-form-urlencoded":
        pairs += _pairs(body)
    elif body and kind == "multipart/form-data":
        more, files = await _multipart(request.headers, body, limit)
        pairs += more
    return Parameters(pairs, files), body
