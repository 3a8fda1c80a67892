"""Changes for the tests of faces: made over a service, or put on the disk in any state."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

from msgspec.structs import replace

from tui.services.timesheets import Timesheets
from tui.store.changes import Change
from tui.workspace.workspace import Workspace


async def client_named(workspace: Workspace, name: str) -> int:
    """Make a client as a person does; its id."""
    service: Timesheets = await workspace.connections.timesheets()
    made = await workspace.history.write(f"New {name}", partial(service.client.create, name))
    return made.id


async def renamed(workspace: Workspace, number: int, seen: str, name: str) -> None:
    """Rename a client as a person does who saw another name."""
    service = await workspace.connections.timesheets()
    await workspace.history.write(
        f"Rename {seen}", partial(service.client.update, number, name=name), seen={"name": seen}
    )


async def by_a_colleague(workspace: Workspace, number: int, name: str) -> None:
    """Rename a client past this deck."""
    await (await workspace.connections.timesheets()).client.update(number, name=name)


async def name_of(workspace: Workspace, number: int) -> str:
    """What the service calls it now."""
    return (await (await workspace.connections.timesheets()).client.info(number)).name


def some_change(workspace: Workspace, title: str, **values: Any) -> Change:
    """A change of Timesheets that waits, or with other values."""
    return Change(
        **{
            "id": secrets.token_hex(6),
            "sequence": 0,
            "time": datetime.now(UTC),
            "owner": workspace.connections.account("timesheets"),
            "operation": "timesheets.client.create",
            "title": title,
            "arguments": {"name": title},
            "state": "waiting",
            **values,
        }
    )


def put(workspace: Workspace, changes: Sequence[Change]) -> list[Change]:
    """Put changes on the disk in whatever state they are said to be in."""
    kept = workspace.history.changes
    found: list[Change] = []
    for change, begun in zip(
        changes, kept.begin([replace(one, state="waiting") for one in changes]), strict=True
    ):
        settled = replace(change, sequence=begun.sequence, maker=begun.maker)
        amended = kept.amend(
            begun.id,
            ("waiting",),
            **{name: getattr(settled, name) for name in change.__struct_fields__ if name != "id"},
        )
        assert amended is not None
        found.append(amended)
    return found
