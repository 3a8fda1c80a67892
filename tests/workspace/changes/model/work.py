"""The work that the model knows: for each service what is written, and how that is seen there.

Every value that is written is a mark of its own, so that one can see which writes arrived, how
often and in which order.
"""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from tui.store.changes import Change

Planned = tuple[partial[Any], Mapping[str, Any] | None]


@dataclass(frozen=True)
class Watched:
    """A column whose every new value is noted by the database itself."""

    table: str
    column: str


@dataclass(frozen=True)
class Event:
    """A value that a change gave a record: `made` is a new record, `gone` one that was deleted."""

    kind: str
    record: str
    value: str


@dataclass(frozen=True)
class Work:
    """What is done with one service."""

    service: str
    watched: tuple[Watched, ...]
    plan: Callable[[Any, random.Random, str], Awaitable[Planned]]
    """A random write: the call, and what was seen before it."""
    events: Callable[[Change], list[Event]]
    """What a change does at the service when it is made."""


async def _timesheets(client: Any, chance: random.Random, mark: str) -> Planned:
    if chance.random() < 0.35:
        return partial(client.client.create, mark), None
    found = (await client.client.search(limit=500)).items
    ours = [one for one in found if one.id <= 3 or "-" in one.name]
    one = chance.choice(ours)
    if one.id > 3 and chance.random() < 0.4:
        return partial(client.client.delete, one.id), None
    return partial(client.client.update, one.id, name=mark), {"name": one.name}


def _timesheets_events(change: Change) -> list[Event]:
    arguments = change.arguments
    verb = change.operation.rpartition(".")[2]
    if verb == "create":
        return [Event("made", "", arguments["name"])]
    record = str(arguments["client_id"])
    if verb == "delete":
        return [Event("gone", record, "")]
    return [Event("changed", record, arguments["name"])]


WORKS: dict[str, Work] = {
    "timesheets": Work(
        "timesheets",
        (Watched("timesheets_clients", "name"),),
        _timesheets,
        _timesheets_events,
    ),
}
