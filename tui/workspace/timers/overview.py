"""What the timer does and what was booked, as the screen shows it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo

import msgspec

from tui.services.trackmypeople import Block, TimerState, Tracker
from tui.workspace.timers.described import Said
from tui.workspace.timers.offline import Offline, There, ToAdd
from tui.workspace.timers.periods import Span
from tui.workspace.timers.reckoning.pieces import touching
from tui.workspace.timers.running import Running
from tui.workspace.times import start_of_day, zone

MOST_CHARACTERS = 255
"""That the service keeps of what was done."""


class Overview(msgspec.Struct, frozen=True, kw_only=True):
    """What the screen shows of the timer: the tree of trackers and what runs."""

    trackers: list[Tracker]
    state: TimerState
    offline: Offline = Offline()
    """What of it the service does not know, or not yet."""
    carried: int | None = None
    """See `Running.carried`."""
    noted: Running | None = None
    """What is known here of the block that ran when it was noted: see `told`."""

    @property
    def now(self) -> int | None:
        """The id of the tracker that runs here, else at the service, or None."""
        here = self.offline.here
        return here.tracker_id if here is not None else self.running

    @property
    def since(self) -> datetime | None:
        """When that began; None while nothing runs."""
        here = self.offline.here
        if here is not None:
            return here.since
        return self.started_at if self.running is not None else None

    @property
    def both_run(self) -> bool:
        """Whether something began here, and something else runs at the service, too.

        Not where that was stopped here: then it only has to be ended there.
        """
        here = self.offline.here
        return here is not None and self.running is not None and self.goes_on is None

    @property
    def goes_on(self) -> There | None:
        """What was stopped here and goes on at the service; None where it does not."""
        there = self.offline.there
        if there is None or self.running != there.tracker_id or self.started_at != there.since:
            return None
        return there

    @property
    def said(self) -> Said | None:
        """What was said of the block that runs."""
        said = self.offline.said
        return said if said is not None and self._is_now(said) else None

    @property
    def description(self) -> str:
        """What was said of the block that runs, in words; "" for nothing."""
        return self.said.description if self.said is not None else ""

    @property
    def left(self) -> Said | None:
        """What was said of a block that does not run any more, and was not sent."""
        said = self.offline.said
        return said if said is not None and said.description and not self._is_now(said) else None

    def _is_now(self, said: Said) -> bool:
        return (said.tracker_id, said.since) == (self.now, self.since)

    @property
    def running(self) -> int | None:
        """The id of the tracker that runs at the service, or None."""
        block = self.state.last_block
        if block is None or block.started_at is None or block.tracker is None:
            return None
        return block.tracker.id

    @property
    def started_at(self) -> datetime | None:
        """When the running block began."""
        block = self.state.last_block
        return block.started_at if block is not None else None

    def name(self, tracker_id: int | None) -> str:
        """A tracker's own name; its id in words when it is not in the tree."""
        for tracker in self.trackers:
            if tracker.id == tracker_id:
                return tracker.name
        return f"tracker {tracker_id}" if tracker_id is not None else "no tracker"

    def told(self, as_of: datetime) -> Running:
        """What runs, for the clock and the status bar."""
        started, here, there = self.since, self.offline.here, self.goes_on
        noted = self.noted
        if noted is None or started is None or noted.started_at != started.timestamp():
            noted = Running(0)
        return Running(
            as_of=as_of.timestamp(),
            away_from=noted.away_from,
            away_until=noted.away_until,
            kept_at=noted.kept_at,
            tracker=self.name(self.now) if started is not None else "",
            started_at=None if started is None else started.timestamp(),
            day_total=self.state.day_total,
            carried=self.carried,
            offline=here is not None,
            stopped_here=there.stopped.timestamp() if there is not None and here is None else None,
            description=self.description,
        )

    def with_worked(self, worked: int, as_of: datetime, where: tzinfo) -> Overview:
        """With the seconds of today that have ended: what counts of the day is that, and what
        runs.
        """
        plain = msgspec.structs.replace(self, carried=0)
        told = plain.told(as_of)
        counted = told.today(as_of, where) or 0
        carried = worked + round(told.running_today(as_of, where)) - counted
        return msgspec.structs.replace(self, carried=carried)

    def path(self, tracker_id: int) -> str:
        """A tracker's name after those that it stands under."""
        return " › ".join([*self.above(tracker_id), self.name(tracker_id)])

    def above(self, tracker_id: int) -> list[str]:
        """The names that a tracker stands under, the outermost first."""
        names: list[str] = []
        for tracker in self.trackers:
            del names[tracker.depth :]
            if tracker.id == tracker_id:
                return names
            names.append(tracker.name)
        return []


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """The blocks of one person in one period."""

    blocks: list[Block]
    home: str = ""
    """IANA name of the profile's zone, where it matters: free time is of a day there."""
    to_add: list[ToAdd] = []
    """Which of the blocks the service does not have yet."""

    def day(self, block: Block, where: tzinfo) -> date | None:
        """The day that a block begins on, on the clock; of free time the one it was booked on."""
        if block.time_in is None:
            return None
        return block.time_in.astimezone(
            zone(self.home) if block.free and self.home else where
        ).date()

    def within(self, span: Span, where: tzinfo) -> Report:
        """The blocks that have time on the days of a period, free time of these days, and what is
        of no day.
        """
        kept = {id(block) for block in touching(self.blocks, span, where)}
        for block in self.blocks:
            if block.free or block.time_in is None:
                day = self.day(block, where)
                if day is None or span.first <= day <= span.last:
                    kept.add(id(block))
        return Report(blocks=[one for one in self.blocks if id(one) in kept], home=self.home)

    def with_waiting(self, to_add: Sequence[ToAdd], span: Span, where: tzinfo) -> Report:
        """The report with what waits to be added to these days."""
        those = Report(blocks=[one.block for one in to_add], home=self.home).within(span, where)
        counted = {id(block) for block in those.blocks}
        waiting = [one for one in to_add if id(one.block) in counted]
        blocks = sorted([*self.blocks, *(one.block for one in waiting)], key=begin_of)
        return Report(blocks=blocks, home=self.home, to_add=waiting)

    def waits(self, block: Block) -> ToAdd | None:
        """What a block waits for; None for one that the service has."""
        return next((one for one in self.to_add if one.block is block), None)

    @property
    def free(self) -> int:
        """Seconds of free time."""
        return sum(block.total or 0 for block in self.blocks if block.free)

    def block(self, key: str) -> Block | None:
        """The block with that id."""
        return next((block for block in self.blocks if str(block.id) == key), None)


def begin_of(block: Block) -> datetime:
    """When a block begins; before all others where it does not say."""
    return block.time_in or datetime.min.replace(tzinfo=UTC)


def free_gap(
    blocks: Sequence[Block], running_since: datetime | None, now: datetime, where: tzinfo
) -> tuple[datetime, datetime]:
    """The time that most likely is to be added: from the last block's end to now.

    While a timer runs the gap ends where that began, since the two may not overlap. Without an
    earlier block of today it begins at nine, or an hour before its end.
    """
    edge = (running_since or now).astimezone(UTC)
    today = edge.astimezone(where).date()
    midnight = start_of_day(today, where)
    ends = [
        block.time_out
        for block in blocks
        if block.time_out is not None and not block.free and midnight <= block.time_out <= edge
    ]
    # Both to the second: a minute that was rounded would overlap with the block beside it.
    end = edge.replace(microsecond=0)
    if ends:
        return max(ends), end
    nine = datetime.combine(today, time(9), where).astimezone(UTC)
    return (nine if nine < end else end - timedelta(hours=1)), end
