"""Servers that the tests of one module share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests import harness
from tests.harness import EmbeddedServer


@pytest.fixture(scope="package", autouse=True)
def plain() -> Iterator[None]:
    """These tests are about the plain forms, and those of the quirks by their own servers."""
    chosen, harness.quirks_by_default = harness.quirks_by_default, False
    yield
    harness.quirks_by_default = chosen


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
