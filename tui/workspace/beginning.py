"""The very first start: the embedded services begin before a screen asks them for something."""

from __future__ import annotations

from asyncio import to_thread
from contextlib import suppress

from tui.config.settings import SERVICES
from tui.services.errors import ConnectionFailed
from tui.workspace.cache_files import ANSWERS
from tui.workspace.workspace import SERVICE_OF_ROOM, Workspace


async def begin_services(workspace: Workspace, room: str) -> None:
    """Start the embedded services where a room asks them and nothing is kept to show meanwhile.

    They take longer then than all that the deck does until it asks them. To show what is kept
    needs the machine for itself.
    """
    if await to_thread((workspace.locations.cache / ANSWERS).exists):
        return
    service, connections = SERVICE_OF_ROOM.get(room), workspace.connections
    if any(map(connections.uses_embedded, (service,) if service else SERVICES)):
        # Whoever asks them says why they could not be started.
        with suppress(ConnectionFailed):
            await connections.embedded.ensure()
