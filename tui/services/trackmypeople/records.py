"""What TrackMyPeople answers, as typed records (seed document "Our API", every function)."""

from __future__ import annotations

from datetime import datetime

import msgspec

from tui.services.errors import Refused
from tui.services.reading import Extra, Id, Record


class OverlapRefused(Refused):
    """The new block would overlap another one; `link` is the edit page of that block."""

    kind = "overlap"
    default_advice = "Change the times, or open the link to edit the block in the way."


class Tracker(Record, frozen=True, kw_only=True):
    """One line of the list of trackers: `depth` is how many arrows stood before the name."""

    id: int
    name: str
    depth: int


class TrackerDetail(Record, frozen=True, kw_only=True):
    """A tracker as it stands in a block or as the default one."""

    id: int = msgspec.field(name="Id")
    name: str = msgspec.field(name="Name", default="")
    abbreviation: str = msgspec.field(name="Abbreviation", default="")
    trackable: bool = msgspec.field(name="Trackable", default=True)
    """False when the user may no longer track for it."""
    extra: Extra = msgspec.field(default_factory=dict)


class LastBlock(Record, frozen=True, kw_only=True):
    """The block that was started last."""

    started_at: datetime | None = None
    total: int | None = None
    """Today's total of its tracker, in seconds."""
    tracker: TrackerDetail | None = None
    extra: Extra = msgspec.field(default_factory=dict)


class TimerState(Record, frozen=True, kw_only=True):
    """What the timer does after status, start, switch or stop.

    Stop answers `result` alone. `result` of status is not explained by the document: decide
    by `running`.
    """

    result: int | None = None
    day_total: int | None = msgspec.field(name="daytotal", default=None)
    """Today's total of all trackers, in seconds."""
    last_block: LastBlock | None = None
    default_tracker: TrackerDetail | None = None
    extra: Extra = msgspec.field(default_factory=dict)

    @property
    def running(self) -> bool:
        """Whether a block is open: it has a start."""
        return self.last_block is not None and self.last_block.started_at is not None


class Block(Record, frozen=True, kw_only=True):
    """One block of time; without `time_out` it is still open."""

    id: Id = msgspec.field(name="Id")
    profile_id: int | None = msgspec.field(name="ProfileId", default=None)
    tracker_id: int | None = msgspec.field(name="TrackerId", default=None)
    description: str = msgspec.field(name="Description", default="")
    time_in: datetime | None = msgspec.field(name="TimeIn", default=None)
    time_out: datetime | None = msgspec.field(name="TimeOut", default=None)
    total: int | None = msgspec.field(name="Total", default=None)
    """Its length in seconds."""
    free: bool = msgspec.field(name="Free", default=False)
    """True for free time (a holiday), False for time on the clock."""
    extra: Extra = msgspec.field(default_factory=dict)


class Profile(Record, frozen=True, kw_only=True):
    """A person whose report the user may see. The XML form leaves out the e-mail address."""

    id: int = msgspec.field(name="Id")
    title: str = msgspec.field(name="Title", default="")
    first_name: str = msgspec.field(name="Namefirst", default="")
    family_name: str = msgspec.field(name="Namefamily", default="")
    email: str | None = msgspec.field(name="Email", default=None)
    phone: str = msgspec.field(name="Phone", default="")
    gsm: str = msgspec.field(name="Gsm", default="")
    timezone: str = msgspec.field(name="Timezone", default="")
    culture: str = msgspec.field(name="Culture", default="")
    default_tracker_id: int | None = msgspec.field(name="DefaultTrackerId", default=None)
    extra: Extra = msgspec.field(default_factory=dict)


class VersionCheck(Record, frozen=True, kw_only=True):
    """Whether the version asked about is the newest; `url` leads to a newer one."""

    current: bool
    url: str | None = None
