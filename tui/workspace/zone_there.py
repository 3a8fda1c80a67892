"""In which zone a service's own days and schedules go, where that is not the one shown here."""

from __future__ import annotations

from datetime import tzinfo

from tui.workspace.times import TimeTextError, same_clocks, zone
from tui.workspace.workspace import Workspace


def zone_there(workspace: Workspace, service: str) -> str:
    """The IANA name of the zone that the data of an embedded service live in, or that is set for
    the service, where its clocks show others than the deck's; else empty. Reads a small file.
    """
    connections = workspace.connections
    if connections.uses_embedded(service):
        named = connections.embedded.files.zone_of_data()
    else:
        named = workspace.settings.trackmypeople.time_zone if service == "trackmypeople" else ""
    return named if _differ(named, workspace.zone) else ""


def days_there(workspace: Workspace) -> str:
    """By which zone the service of the hours has its days, in words; nothing where by ours."""
    there = zone_there(workspace, "trackmypeople")
    return f"days there by {there}" if there else ""


def _differ(named: str, shown: tzinfo) -> bool:
    """Whether clocks of a zone, by its name, show others; of no zone nothing is said."""
    try:
        return bool(named) and not same_clocks(zone(named), shown)
    except TimeTextError:
        return False
