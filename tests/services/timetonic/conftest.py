"""The embedded TimeTonic, as it was at the start for every test."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.harness import EmbeddedServer
from tests.services.timetonic.embedded import connect
from tui.services.timetonic import (
    Keys,
    TimeTonic,
)


@pytest.fixture
async def service(server: EmbeddedServer) -> AsyncIterator[TimeTonic]:
    server.reset()
    known = server.credentials
    keys = Keys(o_u=known.timetonic_login, sesskey=known.timetonic_sesskey)
    async with connect(server, keys=keys) as client:
        yield client
