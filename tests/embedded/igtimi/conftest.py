"""Servers for the tests of the embedded Igtimi."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from dataclasses import fields
from pathlib import Path

import pytest

from tests.embedded.igtimi.api import Api
from tests.embedded.igtimi.rig import Rig
from tests.harness import EmbeddedServer
from tui.embedded.igtimi.runtime import runtime


@pytest.fixture(scope="module")
def shared() -> Iterator[Api]:
    """The sample workspace, for tests of one module that only read or add."""
    with EmbeddedServer(services=["igtimi"], boats=8, hertz=10.0) as server:
        yield Api(server)


@pytest.fixture(scope="module")
def _resettable() -> Iterator[EmbeddedServer]:
    with EmbeddedServer(services=["igtimi"], boats=3, hertz=10.0) as server:
        yield server


@pytest.fixture
def api(_resettable: EmbeddedServer) -> Api:
    """A sample workspace of the test's own: the same server, reset."""
    _resettable.clock.fixed = None
    _resettable.reset()
    found = runtime(_resettable.context)
    for settings in (found.faults, found.timing):
        for setting in fields(settings):
            setattr(settings, setting.name, setting.default)
    return Api(_resettable)


@pytest.fixture
def lone() -> Iterator[Api]:
    """A server of the test's own: what the live feed keeps in memory outlasts a reset."""
    with EmbeddedServer(services=["igtimi"], boats=3, hertz=10.0) as server:
        yield Api(server)


@pytest.fixture
def quirky() -> Iterator[Api]:
    """A sample workspace that shows every documented inconsistency."""
    with EmbeddedServer(services=["igtimi"], quirks=True, boats=2) as server:
        yield Api(server)


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    """A hub of sources in the test's own loop."""
    made = Rig(tmp_path)
    with closing(made.database):
        yield made
        await made.hub.stop()
        await made.runtime.feed.stop()
