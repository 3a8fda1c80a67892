"""How the use cases of hours are made, each when it is first asked for."""

from __future__ import annotations

from contextlib import suppress
from datetime import tzinfo
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pathlib import Path

    from tui.config.locations import Locations
    from tui.config.settings import Settings
    from tui.workspace.changes.history import History
    from tui.workspace.connections.connections import Connections
    from tui.workspace.hours.hours import HoursDesk
    from tui.workspace.invoices.invoices import InvoiceDesk
    from tui.workspace.invoices.paper_desk import PaperDesk
    from tui.workspace.reads import Reads
    from tui.workspace.timers.goal_desk import GoalDesk
    from tui.workspace.timers.habits import Habits
    from tui.workspace.timers.timers import Timers
    from tui.workspace.timesheet.timesheet import TimesheetDesk


class Parts(Protocol):
    """What they are made of: the workspace has it."""

    settings: Settings
    locations: Locations
    connections: Connections
    reads: Reads
    history: History
    zone: tzinfo
    timers: Timers
    habits: Habits
    invoices: InvoiceDesk
    papers: PaperDesk

    @property
    def status_file(self) -> Path:
        """What `tockdeck status` prints."""


def timers(parts: Parts) -> Timers:
    """Timers (TrackMyPeople)."""
    from tui.workspace.timers.timers import Timers

    return Timers(
        parts.connections,
        parts.reads,
        parts.history,
        parts.status_file,
        parts.zone,
        parts.settings,
    )


def habits(parts: Parts) -> Habits:
    """How hours are rounded, what is aimed at, the own periods."""
    from tui.workspace.timers.habits import Habits

    return Habits(parts.locations.data / "hours.json", parts.settings.hours)


def goals(parts: Parts) -> GoalDesk:
    """How the hours stand against what is aimed at (TrackMyPeople)."""
    from tui.kept_status import GOALS
    from tui.workspace.timers.goal_desk import GoalDesk

    return GoalDesk(parts.timers, parts.habits, parts.locations.state / GOALS, parts.zone)


def hours(parts: Parts) -> HoursDesk:
    """Hours of other programs in, ours out (TrackMyPeople)."""
    from tui.workspace.hours.hours import HoursDesk
    from tui.workspace.hours.names import Names

    file, account = parts.locations.data / "hours-names.json", parts.connections.account
    return HoursDesk(parts.timers, Names(file, account("trackmypeople")), parts.zone)


def timesheet(parts: Parts) -> TimesheetDesk:
    """Blocks of the timers into time entries (TrackMyPeople, Timesheets)."""
    from tui.workspace.timesheet.timesheet import TimesheetDesk

    return TimesheetDesk(
        parts.connections,
        parts.history,
        parts.timers,
        parts.invoices,
        lambda clients: parts.papers.bills.currencies(clients),
        parts.locations.data,
        parts.zone,
    )


def has_kept_goals(locations: Locations) -> bool:
    """Whether it is kept how a goal stood; to look imports nothing of goals."""
    from tui.kept_status import GOALS

    with suppress(OSError):
        return (locations.state / GOALS).stat().st_size > len("[]")
    return False
