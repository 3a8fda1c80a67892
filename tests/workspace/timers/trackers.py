"""A tree of trackers, and where and when it is looked at."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from tui.services.trackmypeople import LastBlock, TimerState, Tracker, TrackerDetail
from tui.workspace.timers.overview import Overview

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 11, 27, 15, 20, 10, tzinfo=UTC)
NAMES = (
    (1, "Harbour Trust", 0),
    (2, "Booking form", 1),
    (3, "Payment page", 1),
    (4, "Étude", 0),
    (5, "Cutting list", 1),
    (6, "Booking form", 1),
    (7, "Administration", 0),
    (8, "Admin: letters", 1),
    (9, "Harbour", 0),
    (10, "2026", 0),
)


def tree(since: datetime | None = None) -> Overview:
    """The trackers; with `since` the last block, of Administration, began then."""
    state = TimerState()
    if since is not None:
        state = TimerState(last_block=LastBlock(started_at=since, tracker=TrackerDetail(id=7)))
    trackers = [Tracker(id=number, name=name, depth=depth) for number, name, depth in NAMES]
    return Overview(trackers=trackers, state=state)
