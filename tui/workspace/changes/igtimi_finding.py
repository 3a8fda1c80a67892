"""How the effect of an Igtimi change is found of which nobody knows whether it was made."""

from __future__ import annotations

from tui.services.errors import PermissionDenied
from tui.services.igtimi import Igtimi
from tui.store.changes import Change
from tui.workspace.changes.arguments import from_data
from tui.workspace.changes.kinds import Data

UNNAMED = "unnamed_before"
"""What is known of a new session besides: the ids of those that had no name before it."""

MADE_WITH = "entries_made_with"
"""How many entries the log of a new session begins with."""


async def find_session(client: Igtimi, change: Change) -> Data | None:
    """The one empty session of one's own that was not there before.

    The service makes it without a name, and does not tell when it was made: the name and the
    times are written into its log afterwards.
    """
    if UNNAMED not in change.about:
        return None
    account = await client.account.show()
    found: list[int] = []
    for one in await client.sessions.list():
        is_new = one.id not in change.about[UNNAMED] and one.owner_id == account.id
        if is_new and one.name is None and one.start_time is None and one.end_time is None:
            log = await client.session_logs.list(one.id)
            found += [] if log.entries else [one.id]
    return {"id": found[0]} if len(found) == 1 else None


async def find_session_gone(client: Igtimi, change: Change) -> Data | None:
    """Whether the session is in no list any more."""
    number = change.arguments["session_id"]
    found = await client.sessions.list(ids=[number])
    return None if any(one.id == number for one in found) else {}


async def find_group_gone(client: Igtimi, change: Change) -> Data | None:
    """Whether the group is in no list any more."""
    number = change.arguments["group_id"]
    try:
        found = await client.groups.list(group_id=number)
    except PermissionDenied:
        # The service says the same of what may not be seen: then nobody can tell.
        return None
    return None if any(one.id == number for one in found) else {}


async def find_registered(client: Igtimi, change: Change) -> Data | None:
    """Whether the device is one's own."""
    return {} if await _is_own(client, change) else None


async def find_unregistered(client: Igtimi, change: Change) -> Data | None:
    """Whether the device is one's own no more."""
    return None if await _is_own(client, change) else {}


async def _is_own(client: Igtimi, change: Change) -> bool:
    found = await client.devices.list(serial_numbers=[change.arguments["serial_number"]])
    account = await client.account.show()
    return bool(found) and found[0].owner_id == account.id


async def find_group(client: Igtimi, change: Change) -> Data | None:
    """The one group of that name."""
    like = [one for one in await client.groups.list() if one.name == change.arguments["name"]]
    return {"id": like[0].id} if len(like) == 1 else None


async def find_window(client: Igtimi, change: Change) -> Data | None:
    """The one window of this device, these times and this recipient."""
    wanted, serials = from_data(change.arguments), [change.arguments["serial_number"]]
    read = await client.data_access_windows.list(type="read", serial_numbers=serials)
    modify = await client.data_access_windows.list(type="modify", serial_numbers=serials)
    found = {one.id: one for one in [*read, *modify]}.values()
    like = [
        one
        for one in found
        if (one.start_time, one.end_time) == (wanted["start_time"], wanted["end_time"])
        and (one.recipient.user and one.recipient.user.id) == wanted.get("user_id")
        and (one.recipient.group and one.recipient.group.id) == wanted.get("group_id")
    ]
    return {"id": like[0].id} if len(like) == 1 else None
