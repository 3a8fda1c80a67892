"""What the five clients share: a transport, and operations found by their ids."""

from __future__ import annotations

import re
from collections.abc import Callable, Coroutine, Iterator
from decimal import Decimal
from functools import cached_property
from itertools import chain, islice
from math import isfinite
from types import TracebackType
from typing import Any, ClassVar, Self

import msgspec

from tui.late_patterns import late_pattern
from tui.services.errors import ProtocolViolation
from tui.services.operation import Operation, is_change, operations_of
from tui.services.transport import Transport
from tui.services.wire import Request, Response


class Resource:
    """The operations on one kind of thing of a service (`client.sessions.list()`)."""

    def __init__(self, client: Any) -> None:
        self._client = client


class ServiceClient:
    """One service's client. Subclasses mark operations on themselves or on resources.

    `resource_types` maps attribute names to Resource classes; each is built with the client.
    """

    service: ClassVar[str]
    resource_types: ClassVar[dict[str, type[Resource]]] = {}

    def __init__(self, transport: Transport) -> None:
        self.transport = transport
        for name, resource in self.resource_types.items():
            setattr(self, name, resource(self))

    @classmethod
    def operations(cls) -> dict[str, Operation]:
        """Every operation of the service by its documented id."""
        owners: list[type] = [cls, *cls.resource_types.values()]
        return {found.id: found for owner in owners for found in operations_of(owner).values()}

    @cached_property
    def methods(self) -> dict[str, Callable[..., Coroutine[Any, Any, Any]]]:
        """The bound method of every operation by its documented id."""
        owners: list[object] = [self, *(getattr(self, name) for name in self.resource_types)]
        return {
            marked.id: getattr(owner, name)
            for owner in owners
            for name, marked in operations_of(type(owner)).items()
        }

    async def send(self, request: Request) -> Response:
        """Send one request; each service's dialect wraps this with what its answers mean."""
        return await self.transport.send(request)

    async def close(self) -> None:
        """Close the transport."""
        await self.transport.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()


def exact(digits: str) -> float | Decimal:
    """A number with a fraction or an exponent: as it was written where a float would round it."""
    number = float(digits)
    return number if len(digits) < FLOAT_DIGITS and isfinite(number) else Decimal(digits)


FLOAT_DIGITS = 17
"""A number of fewer characters comes out of a float as it went in."""

_DECODER = msgspec.json.Decoder(float_hook=exact)


def decode_json(
    response: Response, decoder: msgspec.json.Decoder[Any] = _DECODER, *, twice: bool = False
) -> Any:
    """The JSON of an answer. Raises ProtocolViolation for HTML, cut-off or too deep answers, and
    for the answer to a change in which a key stands twice, unless it may stand there `twice`.
    """
    if is_change() and not twice:
        from tui.services.loose_json import insist_on_one_value

        insist_on_one_value(
            response, chain((0,), starts_after_noise(response.content, _JSON_START))
        )
    try:
        return decode_after_noise(response.content, decoder)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return _loosely(response, decoder, error)
    except RecursionError as error:
        raise ProtocolViolation(not_json(response), status=response.status) from error


def _loosely(response: Response, decoder: msgspec.json.Decoder[Any], strict: Exception) -> Any:
    from tui.services.loose_json import decode_loosely

    for start in (0, *starts_after_noise(response.content, _JSON_START)):
        try:
            return decode_loosely(response, start, decoder.float_hook)
        except (ValueError, RecursionError):
            continue
    raise ProtocolViolation(not_json(response), status=response.status) from strict


def decode_after_noise(content: bytes, decoder: msgspec.json.Decoder[Any]) -> Any:
    """JSON that may stand behind a byte order mark or behind PHP's own messages.

    Raises what the decoder raises for the whole.
    """
    try:
        return decoder.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError):
        for start in starts_after_noise(content, _JSON_START):
            try:
                return decoder.decode(memoryview(content)[start:])
            except msgspec.ValidationError:
                raise
            except (msgspec.DecodeError, UnicodeDecodeError):
                continue
        raise


NOISE_LIMIT = 64 * 1024
"""Bytes of messages before an answer that are looked through."""
MESSAGES = 10
"""PHP's messages behind which the answer is looked for."""
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_PHP_MESSAGE = late_pattern(rb"\b(?:notice|warning|deprecated|strict standards)\b", re.IGNORECASE)
_PHP_LINE = late_pattern(rb"\bon line\b\W{0,8}(?:[bi]>)?\d+", re.IGNORECASE)
_JSON_START = late_pattern(rb"(?<=[\s>\xbf])[\[{]")


def starts_after_noise(content: bytes, opening: re.Pattern[bytes]) -> Iterator[int]:
    """Where an answer may begin that has a byte order mark or PHP's messages before it."""
    begin = len(content) - len(content.lstrip(_BYTE_ORDER_MARK + b" \t\r\n"))
    if begin:
        yield begin
    end = begin + NOISE_LIMIT
    message = _PHP_MESSAGE.search(content, begin, end)
    if message is None:
        return
    for line in islice(_PHP_LINE.finditer(content, message.end(), end), MESSAGES):
        start = opening.search(content, line.end(), end)
        if start is not None:
            yield start.start()


def not_json(response: Response) -> str:
    """What an answer is that should have been JSON and is not, in a person's words."""
    start = response.content.lstrip()[:200].lower()
    if not response.content:
        return f"the answer is empty (HTTP {response.status})"
    if "html" in response.content_type or start.startswith((b"<!doctype", b"<html")):
        return f"the answer is a web page, not data (HTTP {response.status})"
    return f"the answer is cut off or not valid JSON (HTTP {response.status})"
