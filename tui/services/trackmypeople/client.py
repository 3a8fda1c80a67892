"""TrackMyPeople: time blocks on a tree of trackers.

Source: seed document "Our API" and reference page, section 1. Of the functions' paths only
`trackers` is confirmed, `status` and `start` are supported by the prose; the other eight are
our assumption, so every one can be replaced.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Literal
from zoneinfo import ZoneInfo

from tui.services.arguments import aware, one_of, zone_named
from tui.services.client import ServiceClient, decode_json
from tui.services.errors import (
    AuthenticationFailed,
    InvalidArgument,
    ProtocolViolation,
    Refused,
    error_of_status,
    is_breakdown,
)
from tui.services.operation import operation
from tui.services.reading import read
from tui.services.trackmypeople.answers import (
    Forms,
    decode_xml,
    entries,
    insist,
    result_of,
    tracker_tree,
)
from tui.services.trackmypeople.profile import zone_of_profile
from tui.services.trackmypeople.records import (
    Block,
    OverlapRefused,
    Profile,
    TimerState,
    Tracker,
    VersionCheck,
)
from tui.services.transport import Transport
from tui.services.wire import Request, Response, pairs, segment

DEFAULT_PATHS: Mapping[str, str] = MappingProxyType(
    {
        "trackers": "trackers",
        "status": "status",
        "start": "start",
        "switch": "switch",
        "stop": "stop",
        "total": "total",
        "add": "add",
        "addfree": "addfree",
        "reportees": "reportees",
        "report": "report",
        "version": "version",
    }
)


class TrackMyPeople(ServiceClient):
    """The client of one account. Every call carries the user name and password.

    `paths` replaces some of DEFAULT_PATHS; `format` is what the service answers in; `method`
    sends parameters as a form (POST) or as pairs in the path (GET). `time_format` (strftime)
    and `timezone` say how the service writes times, `total_unit` how many seconds a unit of
    its totals has: the document leaves all three open. `timezone` None asks for the one of the
    person's profile once it matters; `fallback` is taken where the service does not tell.
    """

    service = "trackmypeople"

    def __init__(
        self,
        transport: Transport,
        username: str,
        password: str,
        *,
        paths: Mapping[str, str] | None = None,
        format: Literal["json", "xml"] = "json",
        method: Literal["POST", "GET"] = "POST",
        time_format: str = "%Y-%m-%d %H:%M:%S",
        timezone: str | None = "UTC",
        fallback: str = "UTC",
        total_unit: int = 1,
    ) -> None:
        super().__init__(transport)
        for name in paths or {}:
            one_of("paths", name, DEFAULT_PATHS)
        self.paths = {**DEFAULT_PATHS, **(paths or {})}
        self.format = format
        self.method = method
        self._zone_known = timezone is not None
        zone = zone_named("timezone", fallback if timezone is None else timezone)
        self.forms = Forms(time_format, zone, total_unit)
        self._user = username
        self._authorization = "Basic " + b64encode(f"{username}:{password}".encode()).decode()

    async def profile_zone(self) -> ZoneInfo:
        """The zone in which the service writes and reads wall times; asked for once."""
        if not self._zone_known and not self.transport.dry_run:
            zone = await zone_of_profile(self._call, self._user)
            if zone is not None:
                self.forms = Forms(self.forms.time_format, zone, self.forms.total_unit)
            self._zone_known = True
        return self.forms.zone

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
        insist(answer, "a block is already running", "Switch to another tracker, or stop.")
        return read(TimerState, self.forms.state(answer))

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
        insist(answer, "no block was running", "Start a block instead.")
        return read(TimerState, self.forms.state(answer))

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
        parameters = {
            "profile_id": profile_id,
            "tracker_id": tracker_id,
            "start": forms.boundary("start", start),
            "stop": forms.boundary("stop", stop),
            "timezone": timezone,
            "free": None if free is None else int(free),
            "include_open": None if include_open is None else int(include_open),
        }
        response = await self.send(self._request("report", parameters))
        plain = forms.plain_report(response) if self.format == "json" else None
        if plain is not None:
            return plain

        def block(value: Any, at: str) -> Block:
            return forms.plain_block(value) or read(Block, forms.block(value, at), at)

        return entries(self._answer(response), "block", block)

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

    async def _call(self, function: str, **parameters: object) -> dict[str, Any]:
        return self._answer(await self.send(self._request(function, parameters)))

    def _answer(self, response: Response) -> dict[str, Any]:
        try:
            answer = self._decode(response)
        except ProtocolViolation:
            if response.status >= 300:
                raise self._refusal(response, "") from None
            raise
        error, link = answer.get("error"), answer.get("url")
        words = error.strip() if isinstance(error, str) else str(error or "")
        # Documented is a 0 beside the words and the address; it is asked for where it matters.
        clear = not is_breakdown(response.status) or result_of(answer) == 0
        if words and link and isinstance(link, str) and clear:
            raise OverlapRefused(words, code="0", status=response.status, link=link)
        if response.status >= 300:
            raise self._refusal(response, words)
        if words and result_of(answer) == 1:
            raise ProtocolViolation(f"the answer says that it is done, and also: {words}")
        if words:
            raise Refused(words, code="0", status=response.status)
        return answer

    def _request(self, function: str, parameters: Mapping[str, object]) -> Request:
        path = f"{self.paths[function]}.{self.format}"
        sent = pairs(parameters)
        accept = "application/json" if self.format == "json" else "application/xml, text/xml"
        headers = {"Authorization": self._authorization}
        if self.method == "POST":
            return Request("POST", path, form=sent, headers=headers, accept=accept)
        # An empty value would vanish from the path and shift what follows it.
        path += "".join(f"/{segment(name)}/{segment(value)}" for name, value in sent if value)
        return Request("GET", path, headers=headers, accept=accept)

    def _decode(self, response: Response) -> dict[str, Any]:
        if self.format == "xml":
            return decode_xml(response)
        answer = decode_json(response)
        if isinstance(answer, list) and all(isinstance(entry, dict) for entry in answer):
            # PHP writes a map without gaps as a list, and an empty one, too.
            return {str(index): entry for index, entry in enumerate(answer)}
        if not isinstance(answer, dict):
            raise ProtocolViolation("the answer should be an object", status=response.status)
        return answer

    def _refusal(self, response: Response, words: str) -> Exception:
        error = error_of_status(response.status, words)
        if isinstance(error, AuthenticationFailed):
            error.advice = "Check user name and password of the account."
        return error

    def _added(self, answer: Mapping[str, Any], *sent: datetime | None) -> Block:
        insist(answer, "the service did not add the block", "Check the times and tracker.")
        at = "answer.added_block"
        times = [one.astimezone(UTC) for one in sent if one is not None]
        return read(Block, self.forms.block(answer.get("added_block"), at, times), at)
