"""TrackMyPeople: time blocks on a tree of trackers.

Source: seed document "Our API" and reference page, section 1. Of the functions' paths only
`trackers` is confirmed, `status` and `start` are supported by the prose; the other eight are
our assumption, so every one can be replaced.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from tui.services.arguments import aware, zone_named
from tui.services.errors import (
    InvalidArgument,
    ProtocolViolation,
    Refused,
    ServiceError,
)
from tui.services.left_out import notes
from tui.services.operation import carried_out, operation, operations_of
from tui.services.reading import read
from tui.services.trackmypeople.answers import (
    Forms,
    Told,
    entries,
    insist,
    result_of,
    shows_running,
    tracker_tree,
)
from tui.services.trackmypeople.dialect import Dialect
from tui.services.trackmypeople.records import (
    Block,
    Profile,
    TimerState,
    Tracker,
    VersionCheck,
)


class TrackMyPeople(Dialect):
    """The client of one account. Every call carries the user name and password.

    `paths` replaces some of DEFAULT_PATHS; `format` is what the service answers in; `method`
    sends parameters as a form (POST) or as pairs in the path (GET). `time_format` (strftime)
    and `timezone` say how the service writes times, `total_unit` how many seconds a unit of
    its totals has: the document leaves all three open. `timezone` None asks for the one of the
    person's profile once it matters; `fallback` is taken where the service does not tell.
    `shown` is the zone for the times in its sentences, the account's own without it.
    """

    @operation("trackmypeople.trackers", "read")
    async def trackers(self) -> list[Tracker]:
        """List the trackers that the user can track for.

        In tree order: a tracker's children follow it, one deeper.
        Source: seed document, "Function: Trackers"; reference page 1.4.
        """
        return tracker_tree(await self._call("trackers"))

    @operation("trackmypeople.status", "read")
    async def status(self) -> TimerState:
        """Tell whether a block is running, on which tracker, and today's totals.

        Source: seed document, second function; reference page 1.4.
        """
        answer = await self._call("status")
        return read(TimerState, self.forms.state(answer))

    @operation("trackmypeople.start", "write")
    async def start(
        self, tracker_id: int | None = None, *, version: str | None = None
    ) -> TimerState:
        """Start a new block.

        Raises Refused when a block is already running.
        Source: seed document, third function.

        Args:
            tracker_id: The tracker's id; the user's default tracker without it.
            version: Platform, `_` and version of the program, kept for statistics.
        """
        answer = await self._call("start", tracker_id=tracker_id, version=version)
        runs = shows_running(answer, tracker_id)
        advice = "Switch to another tracker, or stop."
        insist(answer, "a block is already running", advice, shown=runs)
        return await self._begun(answer)

    @operation("trackmypeople.switch", "write")
    async def switch(
        self,
        tracker_id: int | None = None,
        *,
        description: str | None = None,
        version: str | None = None,
    ) -> TimerState:
        """Stop the running block and start one on another tracker.

        Raises Refused when no block was running.
        Source: seed document, fourth function.

        Args:
            tracker_id: The tracker's id; the user's default tracker without it.
            description: What was done in the block that ends.
            version: Platform, `_` and version of the program, kept for statistics.
        """
        answer = await self._call(
            "switch", tracker_id=tracker_id, description=description, version=version
        )
        runs = shows_running(answer, tracker_id)
        insist(answer, "no block was running", "Start a block instead.", shown=runs)
        return await self._begun(answer)

    @operation("trackmypeople.stop", "write")
    async def stop(
        self, *, description: str | None = None, version: str | None = None
    ) -> TimerState:
        """Stop the running block. The answer holds nothing but the result.

        Raises Refused when no block was running.
        Source: seed document, fifth function.

        Args:
            description: What was done in the block.
            version: Platform, `_` and version of the program, kept for statistics.
        """
        answer = await self._call("stop", description=description, version=version)
        insist(answer, "no block was running", "Nothing to stop.")
        return read(TimerState, self.forms.state(answer))

    async def _begun(self, answer: Mapping[str, Any]) -> TimerState:
        """What runs since a start; where the answer tells that in a form that cannot be read, what
        the service says when it is asked.
        """
        state: TimerState = read(TimerState, self.forms.state(answer))
        if notes() and not state.running:
            with suppress(ServiceError):
                return await self.status()
        return state

    @operation("trackmypeople.total", "read")
    async def total(self) -> int:
        """Today's total in seconds, of the blocks that were started today.

        Source: seed document, sixth function.
        """
        answer = await self._call("total")
        seconds = self.forms.seconds(answer.get("total"), "answer.total")
        if seconds is None:
            raise ProtocolViolation("answer.total is missing")
        return seconds

    @operation("trackmypeople.add", "write")
    async def add(
        self,
        start: datetime,
        *,
        stop: datetime | None = None,
        tracker_id: int | None = None,
        description: str | None = None,
        version: str | None = None,
    ) -> Block:
        """Add a block of time.

        Raises OverlapRefused with a link to the block in the way, Refused with the service's
        own words (for instance when start is after stop).
        Source: seed document, seventh function; reference page 1.3.

        Args:
            start: When it began.
            stop: When it ended; open without it.
            tracker_id: The tracker's id; the user's default tracker without it.
            description: What was done.
            version: Platform, `_` and version of the program, kept for statistics.
        """
        await self.profile_zone()
        answer = await self._call(
            "add",
            start=self.forms.write(aware("start", start)),
            stop=None if stop is None else self.forms.write(aware("stop", stop)),
            tracker_id=tracker_id,
            description=description,
            version=version,
        )
        return self._added(answer, start, stop)

    @operation("trackmypeople.addfree", "write")
    async def addfree(
        self,
        hours: Decimal,
        *,
        date: date | None = None,
        tracker_id: int | None = None,
        description: str | None = None,
        version: str | None = None,
    ) -> Block:
        """Add a block of free time.

        Raises OverlapRefused and Refused as adding time does.
        Source: seed document, eighth function; reference page 1.3.

        Args:
            hours: How many hours, more than none; 7.5 is seven and a half.
            date: The day; today without it.
            tracker_id: The tracker's id; the user's default tracker without it.
            description: Why.
            version: Platform, `_` and version of the program, kept for statistics.
        """
        if not hours.is_finite() or hours <= 0:
            raise InvalidArgument("hours must be more than 0")
        await self.profile_zone()
        answer = await self._call(
            "addfree",
            hours=f"{hours:f}",
            date=None if date is None else date.isoformat(),
            tracker_id=tracker_id,
            description=description,
            version=version,
        )
        return self._added(answer)

    @operation("trackmypeople.reportees", "read")
    async def reportees(self) -> list[Profile]:
        """List the people whose report the user may see.

        Source: seed document, ninth function.
        """
        answer = await self._call("reportees")
        return entries(answer, "reportee", lambda value, at: read(Profile, value, at))

    @operation("trackmypeople.report", "read")
    async def report(
        self,
        *,
        profile_id: int | None = None,
        tracker_id: int | None = None,
        start: datetime | date | None = None,
        stop: datetime | date | None = None,
        timezone: str | None = None,
        free: bool | None = None,
        include_open: bool | None = None,
    ) -> list[Block]:
        """List the blocks that match, in the service's order.

        Source: seed document, tenth function; reference page 1.3.

        Args:
            profile_id: Whose blocks; the user's own without it.
            tracker_id: Only this tracker's.
            start: From this time or day on.
            stop: Until this time or day.
            timezone: IANA name of the zone of the times; the profile's without it.
            free: True for free time only, False for time on the clock only.
            include_open: Also the block that is still running.
        """
        if timezone:
            zone = zone_named("timezone", timezone)
            forms = Forms(self.forms.time_format, zone, self.forms.total_unit)
        else:
            await self.profile_zone()
            forms = self.forms
        _, blocks = await self._told(
            forms,
            {
                "profile_id": profile_id,
                "tracker_id": tracker_id,
                "start": forms.boundary("start", start),
                "stop": forms.boundary("stop", stop),
                "timezone": timezone,
                "free": None if free is None else int(free),
                "include_open": None if include_open is None else int(include_open),
            },
        )
        return blocks

    async def own_report(self, start: datetime, stop: datetime, many: int) -> Told:
        """One's own report between two moments with the open block, as lines where it has more
        than `many` and can be.

        The operation is `report`; this is for sums over very many blocks.
        """
        forms = Forms(self.forms.time_format, zone_named("timezone", "UTC"), self.forms.total_unit)
        parameters = {
            "start": forms.write(aware("start", start)),
            "stop": forms.write(aware("stop", stop)),
            "timezone": "UTC",
            "include_open": 1,
        }
        marked = operations_of(TrackMyPeople)["report"]
        return await carried_out(marked, self._told(forms, parameters, many))

    async def _told(
        self, forms: Forms, parameters: Mapping[str, object], many: int | None = None
    ) -> Told:
        response = await self.send(self._request("report", parameters))
        plain = forms.plain_report(response, many) if self.format == "json" else None
        if plain is not None:
            return plain

        def block(value: Any, at: str) -> Block:
            return forms.plain_block(value) or read(Block, forms.block(value, at), at)

        return [], entries(self._answer(response), "block", block)

    @operation("trackmypeople.version", "read")
    async def version(self, version: str) -> VersionCheck:
        """Tell whether there is a newer version of the program.

        Raises Refused for a version that the service does not understand.
        Source: seed document, eleventh function.

        Args:
            version: Platform, `_` and version, for instance Windows_Y-1.1.1.
        """
        if not all(version.partition("_")):
            raise InvalidArgument("version must be a platform, an underscore and a version")
        answer = await self._call("version", version=version)
        current = result_of(answer) == 1
        url = answer.get("url")
        if not current and not url:
            raise Refused("the service gave no newer version and did not accept this one")
        return VersionCheck(current=current, url=None if url is None else read(str, url))
