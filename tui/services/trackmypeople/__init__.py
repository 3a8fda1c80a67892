"""TrackMyPeople's eleven functions as a typed client.

The client brings the transport along; who wants the records alone, as what was kept is made of
them, does without.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tui.services.trackmypeople.records import (
    Block,
    LastBlock,
    OverlapRefused,
    Profile,
    TimerState,
    Tracker,
    TrackerDetail,
    VersionCheck,
)

if TYPE_CHECKING:
    from tui.services.trackmypeople.client import TrackMyPeople

__all__ = [
    "Block",
    "LastBlock",
    "OverlapRefused",
    "Profile",
    "TimerState",
    "TrackMyPeople",
    "Tracker",
    "TrackerDetail",
    "VersionCheck",
]


def __getattr__(name: str) -> Any:
    if name == "TrackMyPeople":
        from tui.services.trackmypeople.client import TrackMyPeople

        return TrackMyPeople
    raise AttributeError(name)
