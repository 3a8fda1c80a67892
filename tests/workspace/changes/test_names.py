"""What the ids in a conflict are called: each that can be told, whatever became of the others."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.deck import at_work
from tests.harness import EmbeddedServer
from tui.workspace.changes.errors import Conflict
from tui.workspace.changes.names import names_of


@pytest.mark.parametrize("gone", ["seen", "theirs", "mine"])
async def test_one_that_is_gone_costs_the_others_no_name(tmp_path: Path, gone: str) -> None:
    with EmbeddedServer(services=["timesheets"]) as server:
        async with at_work(server, tmp_path) as workspace:
            service = await workspace.connections.timesheets()
            ids = {
                role: (await service.client.create(f"Client of {role}")).id
                for role in ("seen", "theirs", "mine")
            }
            await service.client.delete(ids[gone])
            found = await names_of(
                workspace.connections,
                Conflict(
                    "Both changed it.",
                    operation="timesheets.project.update",
                    service="timesheets",
                    **{role: {"client_id": one} for role, one in ids.items()},
                ),
            )
            assert found["client_id"] == {
                one: f"Client of {role}" for role, one in ids.items() if role != gone
            }
