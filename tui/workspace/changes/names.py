"""What the ids in a conflict are called: nobody chooses between `task 5` and `task 8`."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any

from tui.services.errors import NotFound, PermissionDenied, Refused, ServiceError
from tui.workspace.changes.errors import Conflict
from tui.workspace.changes.sending import Clients

Names = Mapping[str, Mapping[Any, str]]
"""By field, what its values are called."""
SECONDS = 5.0
"""How long a person waits for names: then the ids are shown."""


async def names_of(clients: Clients, conflict: Conflict) -> Names:
    """Of each field that holds an id of the service, the names of those that differ.

    What is there no more, or cannot be told now, has none: its id is shown.
    """
    called: dict[str, dict[Any, str]] = {}
    wanted = [
        (name, way, value)
        for name in conflict.theirs
        if (way := _WAYS.get((conflict.service, name))) is not None
        for value in {each.get(name) for each in (conflict.seen, conflict.theirs, conflict.mine)}
        if value is not None
    ]
    try:
        async with asyncio.timeout(SECONDS):
            for name, way, value in wanted:
                with suppress(NotFound, PermissionDenied, Refused):
                    found = await way(await clients.of(conflict.service), value)
                    if found:
                        called.setdefault(name, {})[value] = found
    except (ServiceError, TimeoutError):
        pass
    return called


def _record(chapter: str) -> Callable[[Any, Any], Awaitable[str]]:
    async def name(client: Any, value: Any) -> str:
        record = await getattr(client, chapter).info(**{f"{chapter}_id": value})
        # A task comes with what belongs to it.
        return str(getattr(record, "task", record).name)

    return name


async def _tracker(client: Any, value: Any) -> str:
    return next((one.name for one in await client.trackers() if one.id == value), "")


_WAYS: Mapping[tuple[str, str], Callable[[Any, Any], Awaitable[str]]] = {
    **{
        ("timesheets", f"{one}_id"): _record(one)
        for one in ("client", "project", "task", "user", "schedule")
    },
    ("trackmypeople", "tracker_id"): _tracker,
}
