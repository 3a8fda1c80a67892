"""The zone of a person's own profile, in which the service writes and reads wall times.

The document has no function for it: blocks say whose they are, and reportees in which zone each
profile is. That the person is among their own reportees is our assumption; where they are not,
the caller's own zone has to do.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tui.services.arguments import zone_named
from tui.services.errors import (
    InvalidArgument,
    NotFound,
    PermissionDenied,
    ProtocolViolation,
    Refused,
)
from tui.services.reading import read, unreadable
from tui.services.trackmypeople.answers import entries
from tui.services.trackmypeople.records import Profile

RECENT = timedelta(days=31)
"""Whose blocks are looked at to learn who the person is."""
Ask = Callable[..., Awaitable[Mapping[str, Any]]]


async def zone_of_profile(ask: Ask, user: str) -> ZoneInfo | None:
    """The zone, None where it cannot be found out; `ask` calls a function of the service."""
    try:
        people = entries(await ask("reportees"), "reportee", _profile)
        found = [one for one in people if one.email and one.email.lower() == user.lower()]
        if not found and len(people) > 1:
            since = datetime.now(UTC).date() - RECENT
            report = await ask("report", start=since.isoformat(), include_open=1)
            own = set(entries(report, "block", _owner))
            found = [one for one in people if one.id in own]
        elif not found:
            found = people
        zones = {one.timezone for one in found}
        return zone_named("Timezone", zones.pop()) if len(zones) == 1 else None
    except (InvalidArgument, NotFound, PermissionDenied, ProtocolViolation, Refused):
        return None


def _profile(value: Any, at: str) -> Profile:
    return read(Profile, value, at)


def _owner(value: Any, at: str) -> int | None:
    """Whose block it is."""
    if not isinstance(value, dict):
        raise unreadable(at, "an object", value)
    owner: int | None = read(int | None, value.get("ProfileId"), at)
    return owner
