"""What was said of a block while it ran, as it stands among the changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from tui.store.changes import Change
from tui.workspace.changes.arguments import from_data
from tui.workspace.changes.standing import RUNNING


class Began(Protocol):
    """A block that runs."""

    @property
    def tracker_id(self) -> int:
        """Which tracker it is of."""
        ...

    @property
    def since(self) -> datetime:
        """When it began."""
        ...


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What was said of a block that ran then."""

    change: str
    name: str
    """Of its tracker."""
    tracker_id: int
    since: datetime
    description: str
    """Empty where what was said before is to be left out."""
    at: datetime
    """When it was said."""

    def is_of(self, block: Began) -> bool:
        """Whether it was said of that block."""
        return (self.tracker_id, self.since) == (block.tracker_id, block.since)


def said_of(changes: Sequence[Change]) -> Said | None:
    """What counts among changes that are not settled, the oldest of them first; None for none."""
    waiting = [one for one in changes if one.record == RUNNING and one.state == "waiting"]
    if not waiting:
        return None
    change = waiting[-1]
    about = from_data(change.about)
    return Said(
        change=change.id,
        name=about["name"],
        tracker_id=about["tracker_id"],
        since=about["since"],
        description=change.arguments.get("description") or "",
        at=change.time,
    )
