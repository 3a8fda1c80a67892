"""A server and a deck where it is noon, for what began a moment ago and has to be of this day."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.deck import zone_at_noon
from tests.harness import EmbeddedServer


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedServer]:
    """All five services with the sample workspace, in such a zone."""
    with EmbeddedServer(timezone=zone_at_noon()) as running:
        yield running
