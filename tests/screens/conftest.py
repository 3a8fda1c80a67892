"""One embedded server for the tests of a module."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.harness import EmbeddedServer


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedServer]:
    """All five services with the sample workspace."""
    with EmbeddedServer() as running:
        yield running
