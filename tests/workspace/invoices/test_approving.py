"""Approving entries: what the service tells is counted by what was asked."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any, cast

from tests.services.timesheets.samples import client
from tui.workspace.invoices.work import WorkDesk


async def test_entries_that_nobody_asked_about_are_not_counted_as_approved() -> None:
    content = json.dumps({"status": "SUCCESS", "data": [3, 3, 98, 99, 1]}).encode()
    service, _ = client(content)

    async def timesheets() -> Any:
        return service

    async def write(_title: str, action: Any) -> Any:
        return await action()

    ways = SimpleNamespace(timesheets=timesheets), None, SimpleNamespace(write=write)
    desk = WorkDesk(*cast("tuple[Any, Any, Any]", ways))
    assert await desk.approve([1, 2, 3]) == [3, 1]
