"""All operations of the service, in the order of the documents."""

from __future__ import annotations

from starlette.routing import BaseRoute

from tui.embedded.context import Context
from tui.embedded.timesheets import (
    access,
    clients,
    comments,
    entries,
    entry_lists,
    groups,
    integrations,
    invoices,
    presence,
    projects,
    schedules,
    tasks,
    users,
)
from tui.embedded.timesheets.calls import Operation
from tui.embedded.timesheets.router import routes_for

OPERATIONS: tuple[Operation, ...] = (
    *access.OPERATIONS,
    *users.OPERATIONS,
    *presence.OPERATIONS,
    *groups.OPERATIONS,
    *clients.OPERATIONS,
    *invoices.OPERATIONS,
    *tasks.OPERATIONS,
    *projects.OPERATIONS,
    *schedules.OPERATIONS,
    *entries.OPERATIONS,
    *entry_lists.OPERATIONS,
    *comments.OPERATIONS,
    *integrations.OPERATIONS,
)


def routes(context: Context) -> list[BaseRoute]:
    """Paths relative to the service's prefix."""
    return routes_for(context, OPERATIONS)
