"""One embedded server for the tests of a module, with the service that Live is about."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.harness import EmbeddedServer


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedServer]:
    """Only Igtimi, with the sample fleet."""
    with EmbeddedServer(services=["igtimi"]) as running:
        yield running
