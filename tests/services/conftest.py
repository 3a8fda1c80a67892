"""The embedded services for clients to be run against, in both of their moods."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.harness import EmbeddedServer


@pytest.fixture(scope="module", params=[False, True], ids=["plain", "quirks"])
def server(request: pytest.FixtureRequest) -> Iterator[EmbeddedServer]:
    """All five services with the sample workspace; once as documented, once with every quirk."""
    with EmbeddedServer(quirks=request.param) as running:
        yield running
