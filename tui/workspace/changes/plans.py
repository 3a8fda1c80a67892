"""What undo or redo would do, before anybody says yes."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from tui.store.changes import Change
from tui.words import counted

OLD = timedelta(minutes=10)
"""A change older than this is taken back only after a question."""


class Plan(msgspec.Struct, frozen=True):
    """What undo or redo would do now: one action of a person, which may be several changes."""

    changes: tuple[Change, ...]
    """In the order in which they are to be taken back, or made again."""
    cannot: str = ""
    """Why it cannot be done at all, in a sentence."""
    inexact: str = ""
    """What it cannot bring back, in a sentence."""
    elsewhere: bool = False
    """Whether another deck or command made it."""

    @property
    def title(self) -> str:
        """What was done, in words."""
        first = min(self.changes, key=lambda change: change.sequence)
        more = sum(one.title != first.title for one in self.changes)
        return f"{first.title} and {counted(more, 'more change')}" if more else first.title

    @property
    def taken_back(self) -> float:
        """When it was taken back, of what can be made again; seconds since the epoch."""
        return max((one.settled or one.time).timestamp() for one in self.changes)

    @property
    def services(self) -> frozenset[str]:
        """The services that it is about."""
        return frozenset(change.service for change in self.changes)

    @property
    def is_being_sent(self) -> bool:
        """Whether the outcome of some of it will be known in a moment."""
        return any(one.state == "sending" for one in self.changes)

    def is_old(self, now: datetime) -> bool:
        """Whether it was done so long ago that a person may not think of it any more.

        One of the future was done before the clock was set: nobody knows how long ago.
        """
        return any(abs(now - change.time) > OLD for change in self.changes)
