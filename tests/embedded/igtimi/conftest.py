"""Servers for the tests of the embedded Igtimi."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.embedded.igtimi.api import Api
from tests.harness import EmbeddedServer


@pytest.fixture(scope="module")
def shared() -> Iterator[Api]:
    """The sample workspace, for tests of one module that only read or add."""
    with EmbeddedServer(services=["igtimi"], boats=8, hertz=10.0) as server:
        yield Api(server)


@pytest.fixture
def api() -> Iterator[Api]:
    """A sample workspace of the test's own."""
    with EmbeddedServer(services=["igtimi"], boats=3, hertz=10.0) as server:
        yield Api(server)


@pytest.fixture
def quirky() -> Iterator[Api]:
    """A sample workspace that shows every documented inconsistency."""
    with EmbeddedServer(services=["igtimi"], quirks=True, boats=2) as server:
        yield Api(server)
