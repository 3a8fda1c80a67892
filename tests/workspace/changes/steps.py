"""A client of Timesheets who is changed, for tests of what becomes of changes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from tests.deck import workspace_of
from tests.harness import EmbeddedServer
from tui.services.timesheets import Timesheets
from tui.services.timesheets.records import Client
from tui.workspace.workspace import Workspace


class Desk:
    """One deck and what it has of the service."""

    def __init__(self, workspace: Workspace, service: Timesheets) -> None:
        self.workspace = workspace
        self.service = service
        self.history = workspace.history

    async def make(self, name: str) -> int:
        """A new client."""
        made = await self.history.write(f"New {name}", partial(self.service.client.create, name))
        return made.id

    async def name_of(self, number: int) -> str:
        return (await self.service.client.info(number)).name

    async def rename(self, seen: Client, name: str, **more: str) -> None:
        fields = {"name": name, **more}
        await self.history.write(
            f"Change {seen.name}",
            partial(self.service.client.update, seen.id, **fields),  # type: ignore[arg-type]
            seen={field: getattr(seen, field) for field in fields},
        )

    async def states(self) -> list[tuple[str, str]]:
        newest = await asyncio.to_thread(self.history.changes.newest, 50)
        return [(change.title, change.state) for change in reversed(newest)]


@asynccontextmanager
async def deck(server: EmbeddedServer, folder: Path) -> AsyncIterator[Desk]:
    workspace = workspace_of(server, folder)
    try:
        yield Desk(workspace, await workspace.connections.timesheets())
    finally:
        await workspace.close()
