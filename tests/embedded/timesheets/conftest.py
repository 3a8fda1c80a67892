"""Timesheets alone, on a clock that stands: every test of a module shares one workspace."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from tests.embedded.timesheets.api import Api, owner
from tests.harness import Clock, EmbeddedServer

WEDNESDAY = datetime(2026, 1, 14, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedServer]:
    """The sample workspace as of a Wednesday noon."""
    with EmbeddedServer(services=("timesheets",), clock=Clock(WEDNESDAY)) as running:
        yield running


@pytest.fixture(scope="module")
def api(server: EmbeddedServer) -> Api:
    """The administrator."""
    return owner(server)


@pytest.fixture
def own_server() -> Iterator[EmbeddedServer]:
    """An empty workspace for one test, as of the same moment."""
    clock = Clock(WEDNESDAY)
    with EmbeddedServer(services=("timesheets",), clock=clock, seeded=False) as running:
        yield running


@pytest.fixture
def own(own_server: EmbeddedServer) -> Api:
    """The administrator of the empty workspace."""
    return owner(own_server)
