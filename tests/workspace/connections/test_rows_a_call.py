"""How many rows of a table are written by one call: the service's few, or the embedded's many."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.deck import locations_in
from tests.harness import EmbeddedServer
from tui.config.load import load
from tui.workspace.connections.connections import Connections

ACCOUNT = {"timetonic.login": "me", "timetonic.user": "me", "timetonic.sesskey": "AP2Q-AzPK"}


async def test_the_embedded_service_is_given_two_thousand(
    server: EmbeddedServer, connections: Connections
) -> None:
    client = await connections.timetonic()
    assert (connections.rows_a_call, client.rows_a_request) == (2000, 2000)


@pytest.mark.parametrize(("set_to", "rows"), [(None, 10), (3, 3), (800, 800)])
async def test_any_other_ten_or_as_many_as_are_set(
    tmp_path: Path, set_to: int | None, rows: int
) -> None:
    flags = ACCOUNT if set_to is None else {**ACCOUNT, "timetonic.rows_a_call": str(set_to)}
    loaded = load(tmp_path / "config.toml", flags=flags, environment={})
    made = Connections(loaded, locations_in(tmp_path))
    try:
        client = await made.timetonic()
        assert (made.rows_a_call, client.rows_a_request) == (rows, rows)
    finally:
        await made.close()
