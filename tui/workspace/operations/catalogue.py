"""Everything that the five services document, row by row: what can be called, and what cannot.

Operations over HTTP are called by their ids. TimeTonic's socket has rows that the deck uses
while it is attached, and iBuildApp's widgets are documents: both are listed and say so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from tui.services import registry
from tui.services.errors import InvalidArgument
from tui.services.operation import Operation
from tui.services.widgets import KINDS, WidgetKind
from tui.workspace.operations.arguments import choices_of
from tui.workspace.operations.operations import describe_operation

Transport = Literal["HTTP", "socket", "document"]

HOW_ELSE: dict[Transport, str] = {
    "socket": "the deck uses it while its socket is attached; call cannot run it",
    "document": "it is read with tockdeck widget FILE; call cannot run it",
}
"""How a row is used that cannot be called."""


@dataclass(frozen=True)
class Row:
    """One documented row."""

    id: str
    transport: Transport
    operation: Operation | None = None
    """None for a document."""
    kind: WidgetKind | None = None

    @property
    def service(self) -> str:
        """The first part of the id."""
        return self.id.partition(".")[0]

    @property
    def title(self) -> str:
        """What it does or is, in one line."""
        if self.operation is not None:
            return self.operation.title
        return f"{self.kind.heading}: {self.kind.help}" if self.kind else self.id

    @property
    def effect(self) -> str:
        """read, write or destructive."""
        return self.operation.effect if self.operation is not None else "read"

    def matches(self, words: Iterable[str]) -> bool:
        """Whether the id or the title holds every one of the words."""
        text = f"{self.id} {self.title}".lower()
        return all(word.lower() in text for word in words)

    def describe(self) -> dict[str, Any]:
        """The row as plain values."""
        if self.operation is not None:
            return {**describe_operation(self.operation), "transport": self.transport}
        return {
            "id": self.id,
            "title": self.title,
            "effect": "read",
            "idempotent": True,
            "parameters": [],
            "transport": self.transport,
            "data": self.data_keys,
        }

    @property
    def data_keys(self) -> list[str]:
        """The keys of a document's `data`, as its sample writes them."""
        if self.kind is None:
            return []
        fields = msgspec.structs.fields(self.kind.data)
        return [info.encode_name for info in fields if info.name != "extra"]


def rows() -> list[Row]:
    """Every row: operations by service, the socket's behind its service's, then the documents."""
    found: list[Row] = []
    for service, client in registry.clients().items():
        found += [Row(one.id, "HTTP", one) for one in client.operations().values()]
        if service == "timetonic":
            sockets = registry.socket_operations().values()
            found += [Row(one.id, "socket", one) for one in sockets]
    return [*found, *(Row(kind.id, "document", kind=kind) for kind in KINDS.values())]


def choices_by_name(id: str) -> frozenset[str]:
    """The parameters of an operation that take one of a few values."""
    parameters = registry.find(id).parameters
    return frozenset(one.name for one in parameters if choices_of(one.hint))


def callable_operation(id: str) -> Operation:
    """The operation of an id.

    Raises InvalidArgument that names the nearest ids, or how a row is used that cannot be called.
    """
    if id.startswith(("timetonic.socket.", "widgets.")):
        row = next((one for one in rows() if one.id == id), None)
        if row is not None:
            raise InvalidArgument(
                f"a {row.transport} cannot be called, and {id} is one",
                advice=f"{HOW_ELSE[row.transport].capitalize()}.",
            )
    return registry.find(id)
