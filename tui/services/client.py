"""What the five clients share: a transport, and operations found by their ids."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import cached_property
from types import TracebackType
from typing import Any, ClassVar, Self

import msgspec

from tui.services.errors import ProtocolViolation
from tui.services.operation import Operation, operations_of
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


def decode_json(response: Response, decoder: msgspec.json.Decoder[Any] | None = None) -> Any:
    """The JSON of an answer. Raises ProtocolViolation for HTML, cut-off or too deep answers."""
    try:
        return (
            decoder.decode(response.content) if decoder else msgspec.json.decode(response.content)
        )
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ProtocolViolation(not_json(response), status=response.status) from error


def not_json(response: Response) -> str:
    """What an answer is that should have been JSON and is not, in a person's words."""
    start = response.content.lstrip()[:200].lower()
    if not response.content:
        return f"the answer is empty (HTTP {response.status})"
    if "html" in response.content_type or start.startswith((b"<!doctype", b"<html")):
        return f"the answer is a web page, not data (HTTP {response.status})"
    return f"the answer is cut off or not valid JSON (HTTP {response.status})"
