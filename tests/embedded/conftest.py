"""Servers that the tests of one module share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.harness import EmbeddedServer


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedServer]:
    """All five services with the sample workspace."""
    with EmbeddedServer() as running:
        yield running


@pytest.fixture(scope="module")
def empty_server() -> Iterator[EmbeddedServer]:
    """All five services without a row."""
    with EmbeddedServer(seeded=False) as running:
        yield running
