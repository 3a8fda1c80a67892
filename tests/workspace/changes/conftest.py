"""A workspace on the server of whichever service it is about."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.deck import at_work
from tests.harness import EmbeddedServer
from tui.workspace.workspace import Workspace


@pytest.fixture
async def workspace(server: EmbeddedServer, tmp_path: Path) -> AsyncIterator[Workspace]:
    async with at_work(server, tmp_path) as found:
        yield found
