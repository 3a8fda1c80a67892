"""Timers: start, switch and stop; add time; report by period (TrackMyPeople)."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from tui.config.settings import Settings
from tui.kept_status import GOALS
from tui.services.errors import ConnectionFailed, ServiceError
from tui.services.trackmypeople import Block, Profile, TimerState, Tracker
from tui.words import counted
from tui.workspace.changes.history import History
from tui.workspace.connections.connections import Connections
from tui.workspace.reads import Answer, Reads
from tui.workspace.timers import goals
from tui.workspace.timers.describing import Describing
from tui.workspace.timers.gaps import Tracked, gaps_of_day
from tui.workspace.timers.mending import Mending
from tui.workspace.timers.offline import Here, OfflineTime, Stopped, There, ToAdd
from tui.workspace.timers.overview import Overview, Report, free_gap
from tui.workspace.timers.periods import Span
from tui.workspace.timers.reports import Reports, home_zone
from tui.workspace.timers.running import Running, note_added, note_told
from tui.workspace.times import clock, same_clocks, start_of_day, today_in

if TYPE_CHECKING:
    from tui.services.trackmypeople import TrackMyPeople

__all__ = [
    "Block", "Here", "Overview", "Profile", "Report", "There", "Timers", "Tracker", "free_gap",
]  # fmt: skip

LATER = "It is added when the way is open."


class Timers:
    """The use cases of the Timers screen."""

    def __init__(
        self,
        connections: Connections,
        reads: Reads,
        history: History,
        status_file: Path,
        where: tzinfo,
        settings: Settings,
    ) -> None:
        """`where` is the person's own zone: its days are those of the reports."""
        self._zone = where
        self._settings = settings
        self._connections = connections
        self._reads = reads
        self._history = history
        self._status_file = status_file
        self.reports = Reports(connections, reads, where, self._to_add)

    async def _to_add(self) -> list[ToAdd]:
        return (await self._offline.now()).to_add

    @property
    def _offline(self) -> OfflineTime:
        account = self._connections.account("trackmypeople")
        return OfflineTime(self._history, account, self._zone)

    @property
    def mending(self) -> Mending:
        """What can be done about a block that is wrong."""
        return Mending(
            self._connections,
            self._history,
            self._status_file,
            self._zone,
            self._settings,
            self.report,
        )

    @property
    def describing(self) -> Describing:
        """What is said of the block that runs."""
        return Describing(self._connections, self._history, self._status_file)

    def _key(self, name: str) -> str:
        return f"{self._connections.account('trackmypeople')}/{name}"

    async def kept(self) -> Answer[Overview] | None:
        """The overview of an earlier read, at once, with what runs here now."""
        kept: Answer[Overview] | None = await self._reads.kept(self._key("overview"), Overview)
        return None if kept is None else kept._replace(value=await self.as_now(kept.value))

    async def as_now(self, overview: Overview) -> Overview:
        """An overview with what of the timer the service does not know now."""
        noted = await asyncio.to_thread(Running.read, self._status_file)
        midnight = start_of_day(today_in(self._zone), self._zone).timestamp()
        return msgspec.structs.replace(
            overview,
            offline=await self._offline.now(),
            noted=noted,
            carried=noted.carried if noted is not None and noted.as_of >= midnight else None,
        )

    async def overview(self, known_for: timedelta = timedelta()) -> Answer[Overview]:
        """The trackers and the timer as the service has them now; trackers that were read within
        `known_for` are as they were then.
        """
        client, key = await self._connections.trackmypeople(), self._key("overview")

        async def fetch() -> Overview:
            trackers, state = await asyncio.gather(client.trackers(), client.status())
            return Overview(trackers=trackers, state=state)

        kept: Answer[Overview] | None = None
        worked: int | None = None
        if known_for:
            kept = await self._reads.kept(key, Overview)
        if kept is not None and datetime.now(UTC) - kept.as_of < known_for:
            now = Overview(trackers=kept.value.trackers, state=await client.status())
            answer = kept._replace(value=now, as_of=datetime.now(UTC), kept=False)
        else:
            day = asyncio.ensure_future(self.reports.worked_today())
            try:
                answer = await self._reads.fresh(key, fetch)
            except BaseException:
                day.cancel()
                raise
            worked = await day
        overview = await self.as_now(answer.value)
        if await self.describing.settled(overview, self.mending.begun):
            overview = await self.as_now(overview)
        if worked is not None:
            overview = overview.with_worked(worked, answer.as_of, self._zone)
        answer = answer._replace(value=overview)
        await self._tell(answer.value.told(answer.as_of))
        return answer

    async def trackers(self) -> Overview:
        """The trackers as they are now, without what runs: for names in a report."""
        client = await self._connections.trackmypeople()
        return Overview(trackers=await client.trackers(), state=TimerState())

    async def people(self) -> list[Profile]:
        """The people whose report may be seen."""
        return await (await self._connections.trackmypeople()).reportees()

    async def kept_report(
        self, span: Span, *, profile_id: int | None = None
    ) -> Answer[Report] | None:
        """The report of an earlier read, at once, with what waits to be added to it."""
        return await self.reports.kept(span, profile_id=profile_id)

    async def report(self, span: Span, *, profile_id: int | None = None) -> Answer[Report]:
        """All blocks of a period of the person's own days, the running one too."""
        return await self.reports.fresh(span, profile_id=profile_id)

    async def other_zone(self) -> tzinfo | None:
        """The zone of the person's profile where its clocks are not those of here, else None."""
        home = await home_zone(await self._connections.trackmypeople())
        if home is None:
            return None
        return None if same_clocks(home, self._zone) else home

    async def gap(self, overview: Overview, now: datetime) -> tuple[datetime, datetime]:
        """Start and end of the time of today that was not tracked yet (`free_gap`)."""
        today = now.astimezone(self._zone).date()
        try:
            blocks = (await self.report(Span(today, today))).value.blocks
        except ServiceError:
            # Only a proposal: the form opens without the service as well.
            blocks = []
        return free_gap(blocks, overview.since, now, self._zone)

    async def tracked(self, overview: Overview, day: date) -> AsyncIterator[Tracked]:
        """What of a day was tracked, and not: by what was kept of its week, then as it is now.

        Only an offer: without the service it ends with what was kept.
        """
        now, span = datetime.now(UTC), Span.of("week", day)

        def offered(answer: Answer[Report]) -> Tracked:
            blocks = answer.value.blocks
            return Tracked(gaps_of_day(blocks, overview.since, day, now, self._zone), blocks)

        kept = await self.kept_report(span)
        if kept is not None:
            yield offered(kept)
        with suppress(ServiceError):
            yield offered(await self.report(span))

    async def latest(self, now: datetime) -> Block | None:
        """The block that ended last, within a month; None where there is none."""
        today = now.astimezone(self._zone).date()
        blocks = (await self.report(Span(today - timedelta(days=31), today))).value.blocks
        ended = [
            (block.time_out, block)
            for block in blocks
            if block.time_out is not None and not block.free and block.time_out <= now
        ]
        return max(ended, key=lambda pair: pair[0])[1] if ended else None

    # -- writing --------------------------------------------------------------------------------

    async def start(
        self, overview: Overview, tracker_id: int, description: str | None = None
    ) -> str:
        """Start a tracker, or switch to it when another one runs; what to know besides, or "".

        `description` says what was done in the block that ends; None for what was said of it
        while it ran. Where the service cannot be
        reached the block begins here, and is added later with its true times; what the service
        has running goes on there.
        """
        client = await self._connections.trackmypeople()
        name, here = overview.name(tracker_id), overview.offline.here
        description, ends = await self._words(overview, description), overview.now is not None
        # All that is noted of it is one action: one step of undo.
        group = os.urandom(6).hex()
        if here is not None:
            await self._offline.end(client, here, _this_second(), description, group)
            await self.describing.settle()
            await self._history.outbox.send_all("trackmypeople")
            description = ""
        seen = {"tracker_id": overview.running}
        try:
            if overview.running is None:
                call = partial(client.start, tracker_id)
                state = await self._history.write(f"Start {name}", call, seen=seen)
            else:
                switch = partial(client.switch, tracker_id, description=description or None)
                state = await self._history.write(f"Switch to {name}", switch, seen=seen)
        except ConnectionFailed:
            moment = _this_second()
            goes_on = await self._let_go_on(client, overview, moment, description, group)
            await self._offline.begin(client, tracker_id, name, moment, group)
            await self._keep_told(overview)
            return f"The service cannot be reached: it began here. {LATER} {goes_on}".rstrip()
        if ends and here is None:
            await self.describing.settle()
        await self._note(state)
        return await self._still_waiting() if here is not None else ""

    async def _note(self, state: TimerState) -> None:
        """Let the status bar know what the service answered."""
        await asyncio.to_thread(note_told, self._status_file, state, datetime.now(UTC), self._zone)
        await asyncio.to_thread(goals.note_running, self._status_file)

    async def _tell(self, told: Running) -> None:
        """Let the status bar and the goals in it know what runs."""
        await asyncio.to_thread(told.keep, self._status_file)
        await asyncio.to_thread(goals.note_running, self._status_file)

    async def stop(self, overview: Overview, description: str | None = None) -> str:
        """Stop what runs; what to know besides, or "".

        `description` says what was done; None for what was said of it while it ran.

        What began here ends here and is added. What the service has running goes on there where
        it cannot be reached: a stop takes no time with it, so that it cannot be sent later. Where
        that had happened, the news tells where its end is corrected.
        """
        client = await self._connections.trackmypeople()
        here = overview.offline.here
        description = await self._words(overview, description)
        if here is not None:
            await self._offline.end(client, here, _this_second(), description)
            await self.describing.settle()
            await self._history.outbox.send_all("trackmypeople")
            news = await self._still_waiting()
            await self._keep_told(overview)
            return news
        try:
            state = await self._history.write(
                f"Stop {overview.name(overview.running)}",
                partial(client.stop, description=description or None),
                seen={"tracker_id": overview.running},
            )
        except ConnectionFailed:
            if overview.running is None or overview.started_at is None:
                raise
            news = await self._let_go_on(client, overview, _this_second(), description)
            await self._keep_told(overview)
            return news
        await self.describing.settle()
        await self._note(state)
        if overview.goes_on is None:
            return ""
        try:
            return await self.correct(overview.goes_on)
        except ServiceError as error:
            # It is stopped all the same, and what was meant stays in Changes.
            return f"Its end could not be corrected: {error.message}"

    async def _let_go_on(
        self, client: TrackMyPeople, overview: Overview, at: datetime, said: str, group: str = ""
    ) -> str:
        """Note that what the service has running was stopped here; in words, "" for nothing."""
        tracker, since = overview.running, overview.started_at
        if tracker is None or since is None:
            return ""
        name = overview.name(tracker)
        if overview.goes_on is None:
            block = Stopped(tracker, name, since)
            await self._offline.note_stop(client, block, at, said, group)
            await self.describing.settle()
        return (
            f"{name} goes on at the service, which cannot be told a time; where its end is"
            " corrected is offered when the way is open."
        )

    async def _keep_told(self, overview: Overview) -> None:
        """Let the status bar know what runs now, though the service did not say it."""
        now = datetime.now(UTC)
        told = (await self.as_now(overview)).told(now)
        before = await asyncio.to_thread(Running.read, self._status_file)
        if before is not None:
            told = told.counting(before, now, self._zone)
        await self._tell(told)

    async def _still_waiting(self) -> str:
        """What of the time that ended here could not be added yet, in words."""
        waiting = [one for one in (await self._offline.now()).to_add if one.block.time_out]
        if not waiting:
            return ""
        return f"{counted(len(waiting), 'block')} could not be added yet: {waiting[-1].why}"

    async def _words(self, overview: Overview, given: str | None) -> str:
        """What is sent with a stop: what is given, else what was said by now, by any deck."""
        return (await self.as_now(overview)).description if given is None else given

    # -- what the service says meanwhile ----------------------------------------------------------

    async def correct(self, there: There) -> str:
        """What was stopped here, now that the service can be reached: in words, with the address
        where its own block is edited. Raises what sending raises.
        """
        address = await self._offline.edit_address(there)
        if not address:
            return "The service has no block there any more: the time was added."
        return f"Correct its end to {clock(there.stopped, self._zone)} on its page: {address}"

    async def end_here(self, here: Here, moment: datetime) -> str:
        """Let what began here end at a moment, such as where the service's block begins."""
        client, said = await self._connections.trackmypeople(), (await self._offline.now()).said
        words = said.description if said is not None and said.is_of(here) else ""
        await self._offline.end(client, here, moment, words)
        if words:
            await self.describing.settle()
        await self._history.outbox.send_all("trackmypeople")
        return await self._still_waiting()

    async def forget(self, change: str) -> None:
        """What began or was stopped here is not asked about any more, and not added."""
        await self._offline.forget(change)

    # -- time that is added -----------------------------------------------------------------------

    async def add(
        self, start: datetime, stop: datetime, tracker_id: int | None, description: str
    ) -> Block:
        """Add a block of time. Raises OverlapRefused with the link of the block in the way;
        Waiting where the service cannot be reached, and then it is added later.
        """
        client = await self._connections.trackmypeople()
        call = partial(
            client.add, start, stop=stop, tracker_id=tracker_id, description=description or None
        )
        block = await self._history.write("Add time", call)
        now = datetime.now(UTC)
        kept: Answer[Overview] | None = None
        if await asyncio.to_thread(goals.kept, self._status_file.with_name(GOALS)):
            kept = await self._reads.kept(self._key("overview"), Overview)
        if kept is not None:
            name, file = kept.value.name(tracker_id), self._status_file.with_name(GOALS)
            await asyncio.to_thread(goals.note_added, file, name, start, stop, now)
        await asyncio.to_thread(note_added, self._status_file, start, stop, now, self._zone)
        return block

    async def add_free(
        self, hours: Decimal, day: date, tracker_id: int | None, description: str
    ) -> Block:
        """Add free time on a day. Raises as `add` does."""
        client = await self._connections.trackmypeople()
        call = partial(
            client.addfree, hours, date=day, tracker_id=tracker_id, description=description or None
        )
        return await self._history.write("Add free time", call)


def _this_second() -> datetime:
    """Now, as the service writes times."""
    return datetime.now(UTC).replace(microsecond=0)
