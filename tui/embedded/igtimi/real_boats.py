"""Boats that are real: what came from a file or a source, and which rows are theirs.

Clearing or resetting the sample leaves them: their devices with data, windows and resources, and
the sessions that name one of them, whole. A session of the sample into which a real boat was
brought is one of these.
"""

from __future__ import annotations

from collections.abc import Mapping

from tui.embedded.igtimi.access import SAMPLE_USER

FROM_FILE = "file"
FROM_SOURCE = "source"


def known_by(origin: str, user: int, *names: str) -> str:
    """What a real boat's device is found by again: its `uid`."""
    return ":".join((origin, str(user), *names))


_DEVICES = (
    f"(owner_id IS {SAMPLE_USER} AND uid IS NOT NULL AND"
    f" (uid GLOB '{FROM_FILE}:*' OR uid GLOB '{FROM_SOURCE}:*'))"
)
_SERIALS = f"SELECT serial FROM igtimi_device WHERE {_DEVICES}"
_SESSIONS = (
    "SELECT l.session_id FROM igtimi_log l"
    " JOIN igtimi_device ON instr(l.data, '<serial_number>' || serial || '</serial_number>')"
    f" JOIN igtimi_session s ON s.id = l.session_id AND s.owner_id = {SAMPLE_USER}"
    f" WHERE {_DEVICES.replace('owner_id', 'igtimi_device.owner_id')}"
)
_GROUPS = (
    f"SELECT user_group_id FROM igtimi_device WHERE {_DEVICES} AND user_group_id IS NOT NULL"
    f" UNION SELECT admin_group_id FROM igtimi_device WHERE {_DEVICES}"
    " AND admin_group_id IS NOT NULL"
    f" UNION SELECT group_id FROM igtimi_session WHERE id IN ({_SESSIONS})"
    " AND group_id IS NOT NULL"
    f" UNION SELECT admin_group_id FROM igtimi_session WHERE id IN ({_SESSIONS})"
    " AND admin_group_id IS NOT NULL"
)

REAL: Mapping[str, str] = {
    "igtimi_block": f"serial IN ({_SERIALS})",
    "igtimi_device": _DEVICES,
    "igtimi_file": f"resource_id IN (SELECT id FROM igtimi_resource WHERE serial IN ({_SERIALS}))",
    "igtimi_group": f"id IN ({_GROUPS})",
    "igtimi_log": f"session_id IN ({_SESSIONS})",
    "igtimi_member": f"group_id IN ({_GROUPS})",
    "igtimi_resource": f"serial IN ({_SERIALS})",
    "igtimi_session": f"id IN ({_SESSIONS})",
    # Windows of a user who goes would go with them.
    "igtimi_user": f"id IN (1, {SAMPLE_USER}) AND EXISTS ({_SERIALS})",
    "igtimi_window": f"serial IN ({_SERIALS})",
}
"""The condition of the real rows, by table."""
