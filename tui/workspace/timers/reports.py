"""What was worked in a period: as the service says now, else as it was when it was read last."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING

from tui.services.errors import ServiceError
from tui.workspace.connections.connections import Connections
from tui.workspace.reads import Answer, Reads
from tui.workspace.timers.offline import ToAdd
from tui.workspace.timers.overview import Report, begin_of
from tui.workspace.timers.periods import Span
from tui.workspace.timers.reckoning.pieces import cut, until
from tui.workspace.times import end_of_day, start_of_day, today_in

if TYPE_CHECKING:
    from tui.services.trackmypeople import TrackMyPeople
    from tui.services.trackmypeople.lines import Line

OWN = "own"
MANY = 20_000
"""Blocks of a report: of more it is not kept, since it would be larger than what is kept may be."""


async def home_zone(client: TrackMyPeople) -> tzinfo | None:
    """The zone of the person's profile; None where the service cannot be asked now.

    Only to be shown: what is written asks again, and is sent right or not at all.
    """
    try:
        return await client.profile_zone()
    except ServiceError:
        return None


class Reports:
    """Reports, with what waits to be added to them."""

    def __init__(
        self,
        connections: Connections,
        reads: Reads,
        where: tzinfo,
        waiting: Callable[[], Awaitable[list[ToAdd]]],
    ) -> None:
        """`where` is the person's own zone; `waiting` tells what the service does not have yet."""
        self._connections = connections
        self._reads = reads
        self._zone = where
        self._waiting = waiting

    def _key(self, span: Span, profile_id: int | None) -> str:
        return f"{self._whose(profile_id)}{span.first}/{span.last}"

    def _whose(self, profile_id: int | None) -> str:
        account = self._connections.account("trackmypeople")
        return f"{account}/report/{profile_id or OWN}/"

    async def kept(self, span: Span, *, profile_id: int | None = None) -> Answer[Report] | None:
        """The report of an earlier read, at once, with what waits to be added to it."""
        key = self._key(span, profile_id)
        kept: Answer[Report] | None = await self._reads.kept(key, Report)
        return None if kept is None else await self._with_waiting(kept, span, profile_id)

    async def known(self, span: Span) -> Answer[Report] | None:
        """What is known here of one's own period, be it by a read of a longer one."""
        whose, found = self._whose(None), []
        for key, stored in await self._reads.keys(whose):
            first, _, last = key.removeprefix(whose).partition("/")
            if first <= span.first.isoformat() and last >= span.last.isoformat():
                found.append((stored, key))
        for _, key in sorted(found, reverse=True):
            kept: Answer[Report] | None = await self._reads.kept(key, Report)
            if kept is not None:
                cut_out = kept._replace(value=kept.value.within(span, self._zone))
                return await self._with_waiting(cut_out, span, None)
        return None

    async def fresh(self, span: Span, *, profile_id: int | None = None) -> Answer[Report]:
        """All blocks of a period of the person's own days, the running one too."""
        client = await self._connections.trackmypeople()
        begin, end = self._around(span)

        async def fetch() -> Report:
            found = await client.report(
                profile_id=profile_id, start=begin, stop=end, timezone="UTC", include_open=True
            )
            own_free = profile_id is None and any(block.free for block in found)
            home = str(await home_zone(client) or "") if own_free else ""
            return Report(blocks=sorted(found, key=begin_of), home=home).within(span, self._zone)

        answer = await self._reads.fresh(self._key(span, profile_id), fetch)
        return await self._with_waiting(answer, span, profile_id)

    def _around(self, span: Span) -> tuple[datetime, datetime]:
        # In UTC no hour exists twice. A day more on either side, as free time is of the
        # profile's days.
        begin = start_of_day(span.first, self._zone) - timedelta(days=1)
        return begin, end_of_day(span.last, self._zone) + timedelta(days=1)

    async def for_sums(self, span: Span, now: datetime) -> tuple[Answer[Report], list[Line]]:
        """The report of one's own period to be summed up: where it is so long that it would not
        be kept, most of it as lines (see `reckoning.lines`), and of the report only the rest.
        """
        # Only what is summed up needs them, and not what Today and a running timer show.
        from tui.services.trackmypeople.lines import bare
        from tui.workspace.timers.reckoning.lines import apart

        client = await self._connections.trackmypeople()
        lines: list[Line] = []
        many = False

        async def fetch() -> Report:
            nonlocal lines, many
            lines, blocks = await client.own_report(*self._around(span), MANY)
            many = bool(lines)
            if many:
                lines, others = await asyncio.to_thread(apart, lines, now)
                blocks = [bare(one) for one in others]
            home = str(await home_zone(client) or "") if any(one.free for one in blocks) else ""
            return Report(blocks=sorted(blocks, key=begin_of), home=home).within(span, self._zone)

        answer = await self._reads.fresh(
            self._key(span, None), fetch, kept_as=lambda report: None if many else report
        )
        return await self._with_waiting(answer, span, None), lines

    async def _with_waiting(
        self, answer: Answer[Report], span: Span, profile_id: int | None
    ) -> Answer[Report]:
        if profile_id is not None:
            return answer
        to_add = await self._waiting()
        return answer._replace(value=answer.value.with_waiting(to_add, span, self._zone))

    async def worked_today(self) -> int | None:
        """Seconds of today that are over, cut at midnight as in every report; what runs does not
        count. None where the service does not tell.
        """
        now = datetime.now(UTC)
        today = today_in(self._zone, now)
        try:
            report = (await self.fresh(Span(today, today))).value
        except ServiceError:
            return None
        return await asyncio.to_thread(worked_on, report, today, self._zone, now)


def worked_on(report: Report, day: date, where: tzinfo, now: datetime) -> int:
    """Seconds on the clock of a day, cut at midnight, of blocks that have ended by now."""
    ended = [block for block in until(report.blocks, now) if block.time_out is not None]
    return sum(piece[2] for piece in cut(ended, where, Span(day, day)))
