"""The services, and what is kept of them on this machine."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from importlib.metadata import version
from platform import python_version
from urllib.parse import urlsplit

from tui import __version__
from tui.hosts import no_way_there
from tui.words import counted
from tui.workspace.doctor.finding import Finding
from tui.workspace.problems import SERVICE_TITLES, one_line
from tui.workspace.workspace import Workspace
from tui.workspace.zone_there import zone_there

ANSWER_SECONDS = 5.0
OF_A_ZONE = {
    "trackmypeople": "its days begin and end",
    "timesheets": "its rate schedules go",
}
"""What of an embedded service goes by the zone that its data live in."""


def versions() -> Finding:
    """What runs."""
    parts = f"Python {python_version()}, Textual {version('textual')}, SQLite "
    return Finding("versions", "ok", f"tockdeck {__version__}, {parts}{sqlite3.sqlite_version}")


async def look_at_services(workspace: Workspace) -> AsyncIterator[Finding]:
    """Whether each service's server can be reached. No account is tried, nothing is logged in."""
    connections = workspace.connections
    for service in connections.services:
        title = SERVICE_TITLES[service]
        if connections.uses_embedded(service):
            yield _embedded(title, service, workspace)
        elif not connections.connected(service):
            yield Finding(title, "ok", "not set up")
        else:
            yield await _reached(title, connections.state(service))


def _embedded(title: str, service: str, workspace: Workspace) -> Finding:
    kept = zone_there(workspace, service) if service in OF_A_ZONE else ""
    shown = getattr(workspace.zone, "key", "") or "another zone"
    if not kept:
        return Finding(title, "ok", "embedded, on this machine")
    found = (
        f"embedded; {OF_A_ZONE[service]} by {kept}, the zone that its data were begun in, and the"
        f" deck shows {shown}"
    )
    mend = (
        f'set [deck] time_zone = "{kept}"; or `tockdeck embedded --move-zone` lets them live in the'
        " deck's: work that is on no invoice is priced by its clocks then"
    )
    return Finding(title, "warning", found, mend)


async def _reached(title: str, address: str) -> Finding:
    parts = urlsplit(address)
    secure = parts.scheme == "https"
    where = f"{parts.hostname}:{parts.port or (443 if secure else 80)}"
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            _, writer = await asyncio.open_connection(
                parts.hostname, parts.port or (443 if secure else 80), ssl=secure or None
            )
    except TimeoutError:
        length = counted(ANSWER_SECONDS, "second")
        found = f"{where} does not answer within {length}"
    except OSError as error:
        found = f"{where} cannot be reached: {no_way_there(error)}"
    else:
        writer.close()
        return Finding(title, "ok", f"{where} has answered; the account was not tried")
    mend = "tockdeck config show --origin says where the address is from"
    return Finding(title, "fault", found, mend)


async def look_at_store(workspace: Workspace) -> AsyncIterator[Finding]:
    """Whether what is kept is sound, and how the changes stand."""
    try:
        wrong = await asyncio.to_thread(workspace.keeping.check)
    except OSError as error:
        yield Finding("store", "fault", one_line(error), "tockdeck config path names the folder")
    else:
        mend = "nothing of a service is lost; tockdeck store clear begins anew"
        yield (
            Finding("store", "fault", "; ".join(wrong), mend)
            if wrong
            else Finding("store", "ok", "what is kept of earlier reads is sound")
        )
    try:
        still_open = await asyncio.to_thread(workspace.history.changes.still_open)
    except (OSError, sqlite3.Error) as error:
        found = error.strerror or str(error) if isinstance(error, OSError) else str(error)
        yield Finding("changes", "fault", found, "tockdeck store restore FILE, from a backup")
        return
    if count := sum(one.state == "unknown" for one in still_open):
        found = f"of {counted(count, 'change')} nobody knows whether it was made"
        yield Finding("changes", "warning", found, "tockdeck changes list --state unknown")
    elif count := len(still_open):
        found = f"{counted(count, 'change')} not at the service yet"
        yield Finding("changes", "warning", found, "tockdeck changes send")
    else:
        yield Finding("changes", "ok", "none is open")
