"""Somebody else at the same books."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.deck import workspace_of
from tests.harness import EmbeddedServer
from tui.workspace.workspace import Workspace


@pytest.fixture
async def other(server: EmbeddedServer, tmp_path: Path) -> AsyncIterator[Workspace]:
    """The one who works elsewhere, with a session of its own."""
    made = workspace_of(server, tmp_path / "other")
    yield made
    await made.close()
