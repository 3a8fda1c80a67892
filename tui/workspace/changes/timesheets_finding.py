"""How the effect of a Timesheets change is found that makes no record: approvals, who belongs to
what, and time that is tracked as it passes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.services.errors import NotFound
from tui.store.changes import Change
from tui.workspace.changes.kinds import Data, Finder, Reader
from tui.workspace.changes.timesheets_fields import CLOCKS_DIFFER

if TYPE_CHECKING:
    # What is known of a change is asked before anything is sent: no client is imported for it.
    from tui.services.timesheets import Timesheets
    from tui.services.timesheets.records import Break


async def find_approved(client: Timesheets, change: Change) -> Data | None:
    """Whether all of the entries are approved."""
    ids = change.arguments.get("time_entry_ids") or ()
    statuses = [(await client.ts.get(one)).entry.status for one in ids]
    return {} if statuses and all(one == "approved" for one in statuses) else None


def membership(of: str) -> Reader:
    """Reads whether somebody is in a group or on a task."""

    async def read(client: Timesheets, arguments: Data) -> Data | None:
        number, who = arguments[f"{of}_id"], arguments["user_id"]
        try:
            if of == "group":
                members = [one.id for one in (await client.group.get_users(number)).items]
            else:
                members = (await client.task.info(number)).task.users or []
        except NotFound:
            return None
        return {"member": who in members}

    return read


def turned(read: Reader, *, belongs: bool) -> Finder:
    """Finds whether somebody belongs there by now; or does not, as it was wanted."""

    async def find(client: Timesheets, change: Change) -> Data | None:
        now = await read(client, change.arguments)
        return {} if now is not None and now["member"] is belongs else None

    return find


async def find_started(client: Timesheets, change: Change) -> Data | None:
    """Whether an entry of the task runs that began about then."""
    running = (await client.user.dashboard()).current_time_entry
    if running is None or running.start_time is None:
        return None
    if running.task_id != change.arguments.get("task_id", running.task_id):
        return None
    return {} if running.start_time >= change.time - CLOCKS_DIFFER else None


async def find_stopped(client: Timesheets, _change: Change) -> Data | None:
    """Whether nothing runs any more."""
    return {} if (await client.user.dashboard()).current_time_entry is None else None


async def find_break(client: Timesheets, change: Change) -> Data | None:
    """The break that began about then and lasts."""
    latest = await _latest_break(client, change)
    if latest is None or latest.start_time is None or latest.end_time is not None:
        return None
    return {"id": latest.id} if latest.start_time >= change.time - CLOCKS_DIFFER else None


async def find_break_over(client: Timesheets, change: Change) -> Data | None:
    """Whether the latest break ended about then."""
    latest = await _latest_break(client, change)
    if latest is None or latest.end_time is None:
        return None
    return {} if latest.end_time >= change.time - CLOCKS_DIFFER else None


async def _latest_break(client: Timesheets, change: Change) -> Break | None:
    breaks = (await client.ts.breaks(change.arguments["time_entry_id"])).items
    began = [one for one in breaks if one.start_time is not None]
    return max(began, key=lambda one: one.start_time or change.time, default=None)
