"""Reading what a request carries: query, form fields and files, whoever wrote it.

Values stay bytes until a service asks for them as text: what is saved must come back exactly,
and each service has its own words for what is none.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"


class FormError(Exception):
    """The request cannot be read; the text, a sentence, says why."""


class TooLarge(FormError):
    """It holds more than it may."""


class TooMany(TooLarge):
    """It holds more fields or files than it may."""


@dataclass(frozen=True)
class Upload:
    """A file that came in a multipart body, or as the whole body."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True)
class Limits:
    """What a request may hold: bytes of its body and of one field, and how many parts."""

    body: int
    fields: int
    files: int = 0
    field: int | None = None
    """Bytes of one field of a multipart body; as many as the body where it is None."""


@dataclass(frozen=True)
class Sent:
    """What was sent. The query comes first, so that a form's value of the same name wins."""

    pairs: list[tuple[str, bytes]]
    files: list[tuple[str, Upload]] = field(default_factory=list)
    """By the name of the field."""
    body: bytes = b""


def media_type(request: Request) -> str:
    """The type of the body in lower case, without its parameters."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def read_body(request: Request, limit: int) -> bytes:
    """The whole body. Raises TooLarge as soon as it is longer than `limit` bytes."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise TooLarge(f"The body is longer than {limit} bytes.")
    return bytes(body)


async def read_request(request: Request, limits: Limits, *, untyped: bool = False) -> Sent:
    """Query, form and files. A body of another type carries no fields; one without any type is
    a form where `untyped`. Raises FormError.
    """
    pairs = url_encoded(request.scope["query_string"], limits.fields)
    if request.method == "GET":
        return Sent(pairs)
    sent = await _read_form(request, limits, untyped=untyped)
    return Sent(pairs + sent.pairs, sent.files, sent.body)


async def form_fields(request: Request) -> dict[str, str]:
    """The fields of a small form by name; of a repeated one the last counts. Raises FormError."""
    sent = await _read_form(request, _SMALL, untyped=True)
    return {name: text_of(value, name) for name, value in sent.pairs}


_SMALL = Limits(body=8 << 20, fields=200)


async def _read_form(request: Request, limits: Limits, *, untyped: bool) -> Sent:
    body = await read_body(request, limits.body)
    kind = media_type(request)
    if kind == MULTIPART:
        pairs, files = await _multipart(request.headers, body, limits)
        return Sent(pairs, files, body)
    is_form = kind == FORM or (untyped and not kind)
    return Sent(url_encoded(body, limits.fields) if is_form else [], body=body)


def url_encoded(encoded: bytes, most: int) -> list[tuple[str, bytes]]:
    """Names and raw values of a query or form; latin-1 maps each byte to one character and back.

    Raises FormError.
    """
    try:
        found = parse_qsl(
            encoded.decode("latin-1"),
            keep_blank_values=True,
            encoding="latin-1",
            max_num_fields=most,
        )
    except ValueError as error:
        raise TooMany(f"There are more than {most} parameters.") from error
    return [(_name(name), value.encode("latin-1")) for name, value in found]


def text_of(value: bytes, name: str) -> str:
    """A value as text. Raises FormError."""
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError as error:
        raise FormError(f"{name} is not UTF-8.") from error


_BROKEN_OFF = "The multipart body breaks off."


class _Parser(MultiPartParser):
    """Starlette takes a body that breaks off for a complete one."""

    complete = False

    def on_end(self) -> None:
        self.complete = True


async def _multipart(
    headers: Headers, body: bytes, limits: Limits
) -> tuple[list[tuple[str, bytes]], list[tuple[str, Upload]]]:
    async def stream() -> AsyncGenerator[bytes, None]:
        yield body
        if not parser.complete:
            # Raised in here, because then it closes the files that it has begun.
            raise MultiPartException(_BROKEN_OFF)

    raw = [(name, value) for name, value in headers.raw if name != b"content-type"]
    content_type = headers["content-type"].encode("latin-1")
    # A field's bytes survive only when the parser decodes them one to one.
    exact = Headers(raw=[*raw, (b"content-type", content_type + b"; charset=latin-1")])
    parser = _Parser(
        exact,
        stream(),
        max_files=limits.files,
        max_fields=limits.fields,
        max_part_size=limits.field or limits.body,
    )
    # It is in memory already: no file on disk for what is large.
    parser.spool_max_size = limits.body + 1
    try:
        form = await parser.parse()
    except (MultiPartException, KeyError, UnicodeError) as error:
        words = str(getattr(error, "message", ""))
        if words.startswith("Too many"):
            raise TooMany(words) from error
        if words.startswith("Part exceeded"):
            raise TooLarge(words) from error
        whole = words != _BROKEN_OFF
        raise FormError("The multipart body cannot be read." if whole else words) from error
    pairs: list[tuple[str, bytes]] = []
    files: list[tuple[str, Upload]] = []
    try:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                kind = (value.content_type or "application/octet-stream").strip()
                upload = Upload(_name(value.filename or ""), kind, await value.read())
                files.append((_name(name), upload))
            else:
                pairs.append((_name(name), value.encode("latin-1")))
    finally:
        await form.close()
    return pairs, files


def _name(latin: str) -> str:
    """A name that was taken byte by byte."""
    return latin.encode("latin-1").decode("utf-8", "replace")
