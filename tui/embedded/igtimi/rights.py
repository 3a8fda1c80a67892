"""Who may read or change a device's data: data access windows, and what follows from them.

A window opens a device's data of a stretch of time to a user or a group (seed document, "Data
Access Windows"). Owning a device is not enough: registering opens a window for its user group.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from tui.embedded.context import Context
from tui.embedded.igtimi.access import Permissions, Reach
from tui.embedded.igtimi.answers import unauthorized
from tui.embedded.igtimi.operations import Call

Span = tuple[float, float]
"""Start and end in milliseconds, both included."""


def placeholders(values: Iterable[object]) -> str:
    """`?, ?, ?` for an IN list."""
    return ", ".join("?" for _ in values)


def readable_spans(
    context: Context, reach: Reach, serials: Iterable[str], *, modify: bool = False
) -> dict[str, list[Span]]:
    """By serial number, the stretches of time that a caller may read (or change)."""
    wanted = list(serials)
    groups = sorted(reach.groups)
    column = "modify" if modify else "read"
    rows = context.database.read(
        f"SELECT serial, start_time, end_time FROM igtimi_window WHERE {column} = 1"
        f" AND serial IN ({placeholders(wanted)})"
        f" AND (user_id = ? OR group_id IN ({placeholders(groups)})) ORDER BY start_time",
        (*wanted, reach.caller.user, *groups),
    )
    found: dict[str, list[Span]] = {}
    for row in rows:
        spans = found.setdefault(row["serial"], [])
        start, end = row["start_time"], row["end_time"]
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], end))
        else:
            spans.append((start, end))
    return found


def windows_of(
    call: Call, serials: Iterable[str], *, modify: bool = False, reach: Reach | None = None
) -> dict[str, list[Span]]:
    """`readable_spans` for the caller of an operation."""
    return readable_spans(call.context, reach or call.reach(), serials, modify=modify)


def overlaps(spans: Iterable[Span], start: float, end: float) -> bool:
    """True when any of the stretches touches start..end."""
    return any(first <= end and last >= start for first, last in spans)


def clipped(spans: Iterable[Span], start: float, end: float) -> list[Span]:
    """The parts of start..end that the stretches allow."""
    parts = ((max(first, start), min(last, end)) for first, last in spans)
    return [(first, last) for first, last in parts if first <= last]


def device_row(call: Call, serial: str) -> sqlite3.Row:
    """The device. Raises Refused (401) when there is none."""
    row = call.context.database.one("SELECT * FROM igtimi_device WHERE serial = ?", (serial,))
    if row is None:
        raise unauthorized("Device does not exist")
    return row


def device_permissions(call: Call, serial: str) -> Permissions:
    """What the caller may do with a device. Raises Refused (401) when there is none."""
    row = device_row(call, serial)
    return call.reach().of(row["owner_id"], row["user_group_id"], row["admin_group_id"])


def resource_permissions(call: Call, resource: int) -> Permissions:
    """What the caller may do with a resource. Raises Refused (401) when there is none."""
    row = call.context.database.one("SELECT * FROM igtimi_resource WHERE id = ?", (resource,))
    if row is None:
        raise unauthorized("Resource does not exist")
    serial, span = row["serial"], (row["start_time"], row["end_time"])
    reach = call.reach()
    return Permissions(
        overlaps(windows_of(call, [serial], reach=reach).get(serial, []), *span),
        overlaps(windows_of(call, [serial], modify=True, reach=reach).get(serial, []), *span),
    )
