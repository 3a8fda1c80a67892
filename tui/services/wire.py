"""What goes over the wire, as plain values: a request before it is sent, an answer once it came."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import quote, urlencode

import msgspec

from tui.services.errors import InvalidArgument

Pairs = tuple[tuple[str, str], ...]

SECRET_NAMES = frozenset(
    {
        "pwd", "password", "p", "t", "a", "sesskey", "oauthkey", "appkey", "o_u_sesskey",
        "access_token", "application_access_token", "devicegroup_token", "client_secret", "code",
        "authorization", "token", "service_tag", "encryptedfieldpasswords", "apikey",
        "devicegroup_tokens", "devicegroup_tokens[]", "registrationid", "refresh_token",
    }
)  # fmt: skip
"""Parameter, key and header names (lower case) whose values are never shown."""

HIDDEN = "•••"

# Amounts go out as JSON numbers with every digit that they have.
_ENCODER = msgspec.json.Encoder(decimal_format="number")


class FilePart(msgspec.Struct, frozen=True):
    """One file of a multipart form: its content, or the path of a file that is streamed."""

    field: str
    filename: str
    content: bytes | Path
    content_type: str = "application/octet-stream"

    @property
    def size(self) -> int:
        """Bytes of the content. Raises OSError when the file is not there."""
        return self.content.stat().st_size if isinstance(self.content, Path) else len(self.content)


Part = tuple[str, tuple[str, bytes | BinaryIO, str]]
"""A field of a multipart form, with its file's name, content and type."""


def opened(parts: Iterable[FilePart], files: ExitStack) -> list[Part]:
    """The files of a form, opened until `files` closes: a disk may be slow. Raises OSError."""
    found: list[Part] = []
    for part in parts:
        content: bytes | BinaryIO = (
            files.enter_context(part.content.open("rb"))
            if isinstance(part.content, Path)
            else part.content
        )
        found.append((part.field, (part.filename, content, part.content_type)))
    return found


class Request(msgspec.Struct, frozen=True):
    """One HTTP request of a service: path relative to the base URL, and one kind of body."""

    method: str
    path: str
    query: Pairs = ()
    form: Pairs | None = None
    json: Any = msgspec.UNSET
    body: bytes | None = None
    content_type: str = ""
    files: tuple[FilePart, ...] = ()
    parts_from: int = 0
    """Characters from which on a form leaves in parts, where nothing in it has to be quoted; it
    never does where this is 0."""
    headers: Mapping[str, str] = msgspec.field(default_factory=dict)
    accept: str = "application/json"

    @property
    def fields(self) -> dict[str, list[str]]:
        """The values of the form by name, in their order."""
        found: dict[str, list[str]] = {}
        for name, value in self.form or ():
            found.setdefault(name, []).append(value)
        return found

    def encoded_body(self) -> tuple[bytes | None, str]:
        """The bytes and their content type; (None, "") without a body or with a multipart one."""
        if self.body is not None:
            return self.body, self.content_type or "application/octet-stream"
        if self.json is not msgspec.UNSET:
            return _ENCODER.encode(self.json), self.content_type or "application/json"
        if self.form is not None and not self.files:
            if 0 < self.parts_from <= sum(len(value) for _, value in self.form):
                return _in_parts(self.form)
            return urlencode(self.form).encode(), "application/x-www-form-urlencoded"
        return None, ""


class Response(msgspec.Struct, frozen=True):
    """One HTTP answer, whole."""

    status: int
    headers: Mapping[str, str]
    """Names in lower case."""
    content: bytes
    url: str = ""

    @property
    def content_type(self) -> str:
        """The media type in lower case, without parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def text(self) -> str:
        """The content as text; bytes that are no UTF-8 become replacement marks."""
        return self.content.decode("utf-8", errors="replace")


def headers_of(request: Request, content_type: str) -> dict[str, str]:
    """The headers of a request. Raises InvalidArgument where one cannot be sent, which says no
    more than its name: a key is in it that was pasted with more than itself.
    """
    headers = {"Accept": request.accept, **request.headers}
    if content_type:
        headers["Content-Type"] = content_type
    for name, value in headers.items():
        if not (value.isascii() and value.isprintable()):
            raise InvalidArgument(
                f"what is to be sent as {name} holds a letter or a line break that no key has",
                advice="Set the key or token anew, exactly as the service shows it.",
            )
    return headers


def _in_parts(form: Pairs) -> tuple[bytes, str]:
    """A form as multipart/form-data, and its content type. Source: RFC 7578."""
    boundary = os.urandom(16).hex()
    body = bytearray()
    for name, value in form:
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{quote(name)}"\r\n\r\n'
        body += head.encode() + value.encode() + b"\r\n"
    body += f"--{boundary}--\r\n".encode()
    return bytes(body), f"multipart/form-data; boundary={boundary}"


def pairs(values: Mapping[str, object] | Iterable[tuple[str, object]]) -> Pairs:
    """Parameters as sent: None is left out, booleans are true/false, lists repeat their name."""
    items = values.items() if isinstance(values, Mapping) else values
    flat: list[tuple[str, str]] = []
    for name, value in items:
        if value is None:
            continue
        if isinstance(value, (list, tuple)):
            flat.extend((name, plain(item)) for item in value)
        else:
            flat.append((name, plain(value)))
    return tuple(flat)


def segment(value: object) -> str:
    """One value as one segment of a path: nothing in it can leave its place."""
    quoted = quote(plain(value), safe="")
    return quoted.replace(".", "%2E") if quoted in {".", ".."} else quoted


def plain(value: object) -> str:
    """One value as form text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


_SINGLE = frozenset((str, int, float, bool, type(None)))
"""Most values: nothing stands within them."""


def redacted(value: Any, name: str = "") -> Any:
    """A copy of a value with every secret replaced, by the name it stands under."""
    if name.lower() in SECRET_NAMES and value not in (None, ""):
        return HIDDEN
    if value.__class__ in _SINGLE:
        return value
    if isinstance(value, Mapping):
        return {key: redacted(item, str(key)) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [redacted(item) for item in value]
    return value


def holds_secret(value: Any, name: str = "") -> bool:
    """Whether `redacted` would hide something of a value that stands under this name."""
    if name.lower() in SECRET_NAMES and value not in (None, ""):
        return True
    if isinstance(value, Mapping):
        names = map(str.lower, map(str, value))
        if not SECRET_NAMES.isdisjoint(names) and any(
            holds_secret(item, str(key)) for key, item in value.items()
        ):
            return True
        return any(holds_secret(item) for item in value.values() if item.__class__ not in _SINGLE)
    if isinstance(value, (list, tuple)):
        return any(holds_secret(item) for item in value if item.__class__ not in _SINGLE)
    return False
