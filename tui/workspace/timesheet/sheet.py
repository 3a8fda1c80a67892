"""What a period has for the timesheet."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from tui.services.timesheets.records import User
from tui.workspace.invoices.amounts import totals_text
from tui.workspace.timers.overview import Overview
from tui.workspace.timers.periods import Span
from tui.workspace.timers.reckoning.rounding import Rounding
from tui.workspace.timesheet.entered import Entered
from tui.workspace.timesheet.plan import COUNTED, Line, State
from tui.workspace.timesheet.targets import Target


@dataclass(frozen=True)
class Sheet:
    """What a period has for the timesheet."""

    span: Span
    lines: list[Line]
    targets: list[Target]
    tasks: Mapping[str, int]
    """What was said of trackers, by their ids."""
    overview: Overview
    me: User
    rounding: Rounding
    gone: list[Entered] = field(default_factory=list)
    """What was entered of these days and is in no block of them any more."""

    def to_enter(self, only: Collection[int] = ()) -> list[Line]:
        """What would be entered: all that is new, or `only` these blocks, and then by that word
        what else may be.
        """
        if not only:
            return [one for one in self.lines if one.state is State.NEW]
        return [
            one
            for one in self.lines
            if one.block.id in only and one.state in COUNTED and one.target is not None
        ]

    def unmapped(self, only: Collection[int] = ()) -> list[tuple[int, int]]:
        """(tracker, blocks) of what has no task yet, of all or `only` these blocks, the most
        first.
        """
        found: dict[int, int] = {}
        for one in self.lines:
            number = one.block.tracker_id
            wanted = not only or one.block.id in only
            if one.state is State.UNMAPPED and wanted and number is not None:
                found[number] = found.get(number, 0) + 1
        return sorted(found.items(), key=lambda pair: -pair[1])


def money_of(lines: Sequence[Line]) -> str:
    """What lines come to, a sum for each currency; empty where that is not known of every one."""
    amounts = [(one.currency, one.amount) for one in lines if one.amount is not None]
    return totals_text(amounts) if len(amounts) == len(lines) else ""
