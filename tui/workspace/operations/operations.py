"""Any documented operation, by its id: what `tockdeck call` and the console share."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from functools import partial, wraps
from math import isfinite
from pathlib import Path
from typing import Any

import msgspec

from tui.services import registry
from tui.services.errors import ServiceError
from tui.services.left_out import collecting
from tui.services.operation import Operation, Parameter, following
from tui.services.reading import Record
from tui.services.told_back import without_secrets
from tui.services.transport import NotSent
from tui.workspace.changes.history import History
from tui.workspace.connections.connections import Connections
from tui.workspace.operations.arguments import type_text
from tui.workspace.timers.goals import note_running
from tui.workspace.timers.running import TOLD_BY, note_told
from tui.workspace.worded import holds

__all__ = [
    "NotSent",
    "Operation",
    "Operations",
    "Parameter",
    "RawAnswer",
    "describe_operation",
    "plain_result",
    "to_json",
]

ENCODER = msgspec.json.Encoder(decimal_format="number", order=None)


@dataclass(frozen=True)
class RawAnswer:
    """The bytes of an answer, and what the client makes of them."""

    content: bytes
    answers: int
    """How many came; a long period of data is asked for in slices, and the bytes are the last's."""
    error: ServiceError | None
    """Set where they say no or cannot be read."""
    shown: bytes
    """The same for a person's eyes: without the secrets that were sent, should they be in it."""


class Operations:
    """Finding and calling operations."""

    def __init__(
        self, connections: Connections, history: History, status_file: Path, where: tzinfo
    ) -> None:
        """`status_file` is where the running timer is noted; `where` the person's own zone."""
        self._connections = connections
        self._history = history
        self._status_file = status_file
        self._zone = where

    def all(self) -> list[Operation]:
        """Every operation, by service in the order of the documents."""
        return list(registry.operations().values())

    def matching(self, pattern: str) -> list[Operation]:
        """Those whose id or title holds every word of the pattern."""
        return [one for one in self.all() if holds(f"{one.id} {one.title}", pattern)]

    def find(self, id: str) -> Operation:
        """One operation. Raises LookupError that names the nearest id."""
        return registry.find(id)

    async def preview(self, operation: Operation, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """The request as it would be sent, secrets hidden; nothing is sent.

        Raises InvalidArgument for what the client itself refuses.
        """
        connections = Connections(self._connections.loaded, self._connections.locations)
        connections.dry_run = True
        client = await connections.of(operation.service)
        try:
            await client.methods[operation.id](**arguments)
        except NotSent as request:
            return request.preview
        finally:
            await connections.close()
        return {"method": "", "url": "", "headers": {}}

    async def call(
        self,
        operation: Operation,
        arguments: Mapping[str, Any],
        *,
        begins: Callable[[], object] = lambda: None,
    ) -> Any:
        """Call it. A change is noted with its arguments first, but those that are secret, and can
        be undone like any other; `begins` is called when what was read for that is over.

        Raises what the client raises, and what `History.write` raises.
        """
        client = await self._connections.of(operation.service)
        method = client.methods[operation.id]

        @wraps(method)
        async def called(**given: Any) -> Any:
            begins()
            return await method(**given)

        if operation.effect == "read":
            result = await _finished(await called(**arguments))
        else:
            result = await self._history.write(operation.title, partial(called, **arguments))
        await self._note_timer(operation, result)
        return result

    async def _note_timer(self, operation: Operation, result: Any) -> None:
        """Where the answer tells what runs, `tockdeck status` knows it too."""
        if operation.id in TOLD_BY:
            now = datetime.now(UTC)
            await asyncio.to_thread(note_told, self._status_file, result, now, self._zone)
            await asyncio.to_thread(note_running, self._status_file)

    async def raw(self, operation: Operation, arguments: Mapping[str, Any]) -> RawAnswer:
        """Call it and give the last answer's own bytes, as the service wrote them.

        They are there whatever the answer is read as. Raises what the client raises where no
        answer came.
        """
        client = await self._connections.of(operation.service)
        error: ServiceError | None = None
        result: object = None
        with following() as run, client.transport.recording() as answers, collecting():
            try:
                result = await self.call(operation, arguments, begins=answers.clear)
            except ServiceError as failure:
                if not answers:
                    raise
                error = failure
        # A file comes in pieces, and all of it is the result.
        whole = result if isinstance(result, bytes) else b""
        content = answers[-1].content if answers else whole
        shown = without_secrets(content, run.secrets)
        return RawAnswer(content, len(answers) or 1, error, shown)


async def _finished(result: Any) -> Any:
    """A result that comes in pieces, gathered."""
    if isinstance(result, AsyncIterator):
        return [item async for item in result]
    return result


def describe_operation(operation: Operation) -> dict[str, Any]:
    """An operation as plain values: what it does, its parameters, its effect."""
    return {
        "id": operation.id,
        "title": operation.title,
        "effect": operation.effect,
        "idempotent": operation.idempotent,
        "parameters": [
            {
                "name": parameter.documented_name,
                "type": type_text(parameter.hint),
                "required": parameter.required,
                "default": None if parameter.required else _plain(parameter.default),
                "help": parameter.help,
            }
            for parameter in operation.parameters
        ],
    }


def _plain(value: object) -> object:
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)


LEAVES = frozenset({int, float, str, bool, type(None)})


def lean(value: Any) -> Any:
    """A result whose records lack the `extra` that holds nothing: it says nothing to anybody."""
    if isinstance(value, Record):
        config = type(value).__struct_config__
        plain = {config.tag_field: config.tag} if config.tag_field else {}
        for name, wire in zip(value.__struct_fields__, value.__struct_encode_fields__, strict=True):
            held = getattr(value, name)
            if name != "extra" or held:
                plain[wire] = lean(held)
        return plain
    if isinstance(value, (list, tuple)):
        # Columns of measured data are long: what holds only numbers is not gone through.
        return value if LEAVES.issuperset(map(type, value)) else [lean(one) for one in value]
    if isinstance(value, dict):
        return {name: lean(one) for name, one in value.items()}
    return value


def to_json(result: Any, *, indent: int = 0) -> bytes:
    """A typed result as JSON: amounts are numbers, times ISO 8601."""
    encoded = ENCODER.encode(lean(result))
    return msgspec.json.format(encoded, indent=indent) if indent else encoded


def plain_result(result: Any) -> Any:
    """A typed result as maps, lists and plain values."""
    content = to_json(result)
    try:
        return msgspec.json.decode(content)
    except msgspec.ValidationError:
        # Amounts are kept with every digit, and there are digits that no float holds.
        return _WIDE.decode(content)


def _wide(digits: str) -> float | str:
    number = float(digits)
    return number if isfinite(number) else digits


_WIDE = msgspec.json.Decoder(float_hook=_wide)
