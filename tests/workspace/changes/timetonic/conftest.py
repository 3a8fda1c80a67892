"""TimeTonic over real sockets, in both forms of answers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.deck import workspace_of
from tests.harness import EmbeddedServer
from tests.workspace.changes.timetonic.tables import open_table
from tui.services.timetonic import TableValues, TimeTonic
from tui.workspace.books.books import Place
from tui.workspace.workspace import Workspace


@pytest.fixture(scope="module", params=[False, True], ids=["plain", "quirks"])
def server(request: pytest.FixtureRequest) -> Iterator[EmbeddedServer]:
    """The sample workspace, in both forms of answers."""
    with EmbeddedServer(quirks=request.param, services=["timetonic"]) as running:
        yield running


@pytest.fixture
async def workspace(server: EmbeddedServer, tmp_path: Path) -> AsyncIterator[Workspace]:
    server.reset()
    made = workspace_of(server, tmp_path)
    yield made
    await made.close()


@pytest.fixture
async def client(workspace: Workspace) -> TimeTonic:
    return await workspace.connections.timetonic()


@pytest.fixture
async def table(workspace: Workspace) -> tuple[Place, TableValues]:
    return await open_table(workspace)
