"""Timers: start, switch and stop; add time; report by period (TrackMyPeople)."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from pathlib import Path

import msgspec

from tui.services.errors import ServiceError
from tui.services.trackmypeople import Block, Profile, TimerState, Tracker, TrackMyPeople
from tui.workspace.changes.history import History
from tui.workspace.connections.connections import Connections
from tui.workspace.reads import Answer, Reads
from tui.workspace.timers.periods import Span
from tui.workspace.timers.running import Running
from tui.workspace.times import end_of_day, start_of_day, zone

__all__ = ["Block", "Overview", "Profile", "Report", "Timers", "free_gap"]


class Overview(msgspec.Struct, frozen=True, kw_only=True):
    """What the screen shows of the timer: the tree of trackers and what runs."""

    trackers: list[Tracker]
    state: TimerState

    @property
    def running(self) -> int | None:
        """The id of the tracker that runs, or None."""
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
        started = self.started_at if self.running is not None else None
        return Running(
            as_of=as_of.timestamp(),
            tracker=self.name(self.running) if started is not None else "",
            started_at=None if started is None else started.timestamp(),
            day_total=self.state.day_total,
        )

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

    def day(self, block: Block, where: tzinfo) -> date | None:
        """The day that a block counts to: on the clock where it began, free as it was booked."""
        if block.time_in is None:
            return None
        return block.time_in.astimezone(
            zone(self.home) if block.free and self.home else where
        ).date()

    def within(self, span: Span, where: tzinfo) -> Report:
        """The blocks that count to the days of a period, and those of no day."""
        days = [(block, self.day(block, where)) for block in self.blocks]
        kept = [one for one, day in days if day is None or span.first <= day <= span.last]
        return Report(blocks=kept, home=self.home)

    @property
    def total(self) -> int:
        """Seconds on the clock, without free time; of a block that runs, what the service told."""
        return sum(block.total or 0 for block in self.blocks if not block.free)

    @property
    def free(self) -> int:
        """Seconds of free time."""
        return sum(block.total or 0 for block in self.blocks if block.free)

    def by_tracker(self) -> list[tuple[int | None, int]]:
        """(tracker id, seconds), the most first."""
        sums: dict[int | None, int] = {}
        for block in self.blocks:
            if not block.free:
                sums[block.tracker_id] = sums.get(block.tracker_id, 0) + (block.total or 0)
        return sorted(sums.items(), key=lambda pair: -pair[1])

    def block(self, key: str) -> Block | None:
        """The block with that id."""
        return next((block for block in self.blocks if str(block.id) == key), None)

    def by_day(self, where: tzinfo) -> list[tuple[date, int]]:
        """(day, seconds) of the days with time on the clock, the newest first."""
        sums: dict[date, int] = {}
        for block in self.blocks:
            day = self.day(block, where)
            if not block.free and day is not None:
                sums[day] = sums.get(day, 0) + (block.total or 0)
        return sorted(sums.items(), reverse=True)


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


async def _home(client: TrackMyPeople) -> tzinfo | None:
    """The zone of the person's profile; None where the service cannot be asked now.

    Only to be shown: what is written asks again, and is sent right or not at all.
    """
    try:
        return await client.profile_zone()
    except ServiceError:
        return None


class Timers:
    """The use cases of the Timers screen."""

    def __init__(
        self,
        connections: Connections,
        reads: Reads,
        history: History,
        status_file: Path,
        where: tzinfo,
    ) -> None:
        """`where` is the person's own zone: its days are those of the reports."""
        self._zone = where
        self._connections = connections
        self._reads = reads
        self._history = history
        self._status_file = status_file

    def _key(self, name: str) -> str:
        return f"{self._connections.account('trackmypeople')}/{name}"

    async def kept(self) -> Answer[Overview] | None:
        """The overview of an earlier run, at once."""
        return await self._reads.kept(self._key("overview"), Overview)

    async def overview(self) -> Answer[Overview]:
        """The trackers and the timer as the service has them now."""
        client = await self._connections.trackmypeople()

        async def fetch() -> Overview:
            trackers, state = await asyncio.gather(client.trackers(), client.status())
            return Overview(trackers=trackers, state=state)

        answer = await self._reads.fresh(self._key("overview"), fetch)
        await asyncio.to_thread(answer.value.told(answer.as_of).keep, self._status_file)
        return answer

    async def people(self) -> list[Profile]:
        """The people whose report may be seen."""
        return await (await self._connections.trackmypeople()).reportees()

    def _report_key(self, span: Span, profile_id: int | None) -> str:
        return self._key(f"report/{profile_id or 'own'}/{span.first}/{span.last}")

    async def kept_report(
        self, span: Span, *, profile_id: int | None = None
    ) -> Answer[Report] | None:
        """The report of an earlier read, at once."""
        return await self._reads.kept(self._report_key(span, profile_id), Report)

    async def report(self, span: Span, *, profile_id: int | None = None) -> Answer[Report]:
        """All blocks of a period of the person's own days, the running one too."""
        client = await self._connections.trackmypeople()
        # In UTC no hour exists twice. A day more on either side, as free time is of the
        # profile's days.
        begin = start_of_day(span.first, self._zone) - timedelta(days=1)
        end = end_of_day(span.last, self._zone) + timedelta(days=1)

        async def fetch() -> Report:
            found = await client.report(
                profile_id=profile_id, start=begin, stop=end, timezone="UTC", include_open=True
            )
            own_free = profile_id is None and any(block.free for block in found)
            home = str(await _home(client) or "") if own_free else ""
            earliest = datetime.min.replace(tzinfo=UTC)
            blocks = sorted(found, key=lambda block: block.time_in or earliest)
            return Report(blocks=blocks, home=home).within(span, self._zone)

        return await self._reads.fresh(self._report_key(span, profile_id), fetch)

    async def other_zone(self) -> tzinfo | None:
        """The zone of the person's profile where its clocks are not those of here, else None."""
        home = await _home(await self._connections.trackmypeople())
        if home is None:
            return None
        now = datetime.now(UTC)
        seasons = (now, now + timedelta(days=182))
        same = all(
            one.astimezone(home).utcoffset() == one.astimezone(self._zone).utcoffset()
            for one in seasons
        )
        return None if same else home

    async def gap(self, overview: Overview, now: datetime) -> tuple[datetime, datetime]:
        """Start and end of the time of today that was not tracked yet (`free_gap`)."""
        today = now.astimezone(self._zone).date()
        try:
            blocks = (await self.report(Span(today, today))).value.blocks
        except ServiceError:
            # Only a proposal: the form opens without the service as well.
            blocks = []
        since = overview.started_at if overview.running is not None else None
        return free_gap(blocks, since, now, self._zone)

    async def start(self, overview: Overview, tracker_id: int, description: str = "") -> None:
        """Start a tracker, or switch to it when another one runs.

        `description` says what was done in the block that a switch ends.
        """
        client = await self._connections.trackmypeople()
        name = overview.name(tracker_id)
        if overview.running is None:
            await self._history.write(
                f"Start {name}",
                "trackmypeople.start",
                {"tracker_id": tracker_id},
                lambda: client.start(tracker_id),
            )
            return
        await self._history.write(
            f"Switch to {name}",
            "trackmypeople.switch",
            {"tracker_id": tracker_id, "description": description},
            lambda: client.switch(tracker_id, description=description or None),
        )

    async def stop(self, overview: Overview, description: str = "") -> None:
        """Stop what runs; `description` says what was done."""
        client = await self._connections.trackmypeople()
        await self._history.write(
            f"Stop {overview.name(overview.running)}",
            "trackmypeople.stop",
            {"description": description},
            lambda: client.stop(description=description or None),
        )

    async def add(
        self, start: datetime, stop: datetime, tracker_id: int | None, description: str
    ) -> Block:
        """Add a block of time. Raises OverlapRefused with the link of the block in the way."""
        client = await self._connections.trackmypeople()
        return await self._history.write(
            "Add time",
            "trackmypeople.add",
            {"start": start, "stop": stop, "tracker_id": tracker_id, "description": description},
            lambda: client.add(
                start, stop=stop, tracker_id=tracker_id, description=description or None
            ),
        )

    async def add_free(
        self, hours: Decimal, day: date, tracker_id: int | None, description: str
    ) -> Block:
        """Add free time on a day."""
        client = await self._connections.trackmypeople()
        return await self._history.write(
            "Add free time",
            "trackmypeople.addfree",
            {"hours": hours, "date": day, "tracker_id": tracker_id, "description": description},
            lambda: client.addfree(
                hours, date=day, tracker_id=tracker_id, description=description or None
            ),
        )
