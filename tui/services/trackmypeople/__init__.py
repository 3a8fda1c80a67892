"""TrackMyPeople's eleven functions as a typed client."""

from tui.services.trackmypeople.client import TrackMyPeople
from tui.services.trackmypeople.dialect import DEFAULT_PATHS
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

__all__ = [
    "DEFAULT_PATHS",
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
