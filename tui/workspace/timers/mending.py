"""A block that is wrong: where it is edited, and what has become of it since.

No call changes a block. The service has a page for it, whose address it tells only where a new
block would overlap an old one: so the first second of the block, which was read just before, is
sent once more, and the service has to refuse that. A setting that names the address is taken
instead.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta, tzinfo
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tui.config.settings import Settings
from tui.services.errors import NotFound, Refused, ServiceError
from tui.services.trackmypeople import Block
from tui.workspace.changes.history import History
from tui.workspace.connections.connections import Connections
from tui.workspace.timers.overview import Overview
from tui.workspace.timers.periods import Span
from tui.workspace.timers.running import note_own
from tui.workspace.times import clock, length_text, moment_text

if TYPE_CHECKING:
    from tui.workspace.reads import Answer
    from tui.workspace.timers.overview import Report

AROUND = timedelta(days=31)
"""How far a block may have been moved that is still looked for."""
CLOCKS_DIFFER = timedelta(minutes=2)
"""What runs must have begun so long ago that it has by the service's clock, too."""
WHAT_RUNS = "trackmypeople.status"
"""What is told to be another: what is shown of it is read again."""
ReadReport = Callable[[Span], Awaitable["Answer[Report]"]]


class Mending:
    """What the service lets one do about a block."""

    def __init__(
        self,
        connections: Connections,
        history: History,
        status_file: Path,
        where: tzinfo,
        settings: Settings,
        report: ReadReport,
    ) -> None:
        self._connections = connections
        self._history = history
        self._status_file = status_file
        self._zone = where
        self._settings = settings
        self._report = report

    @property
    def long(self) -> timedelta:
        """How long a timer may run until it is pointed out."""
        return timedelta(hours=self._settings.deck.long_hours)

    # -- where a block is edited ------------------------------------------------------------------

    async def begun(self, tracker_id: int | None, since: datetime) -> Block | None:
        """The block of a tracker that began then; None where there is none. Raises as reading."""
        day = since.astimezone(self._zone).date()
        blocks = (await self._report(Span(day, day))).value.blocks
        known = [one for one in blocks if one.id > 0 and one.tracker_id == tracker_id]
        return next((one for one in known if one.time_in == since), None)

    async def now(self, block: Block) -> Block | None:
        """The block as the service has it now; None where it is gone. Raises as reading."""
        day = (block.time_in or datetime.now(UTC)).astimezone(self._zone).date()
        # Where it has stood first: most often it stands there still.
        for span in (Span(day, day), Span(day - AROUND, day + AROUND)):
            blocks = (await self._report(span)).value.blocks
            found = next((one for one in blocks if one.id == block.id), None)
            if found is not None:
                return found
        return None

    async def address(self, block: Block, overview: Overview) -> str:
        """Where the block is edited in a browser.

        Raises NotFound where it is gone, Refused where the service tells no address, and what
        reading and writing raise.
        """
        if block.id <= 0:
            raise Refused(
                "the service does not have this block yet",
                service="trackmypeople",
                advice="Change what waits to be sent in Changes.",
            )
        there = await self.now(block)
        name = overview.name(block.tracker_id)
        if there is None:
            raise NotFound(f"{name}: this block is gone", service="trackmypeople")
        if self._settings.trackmypeople.edit_page:
            return self._settings.trackmypeople.edit_page.replace("{id}", str(there.id))
        return await self._asked_for(there, name)

    async def _asked_for(self, block: Block, name: str) -> str:
        start, least = block.time_in, timedelta(seconds=1)
        end = block.time_out or datetime.now(UTC) - CLOCKS_DIFFER
        if start is None or end - start < least:
            raise Refused(
                f"{name} is too short for its page to be asked for",
                service="trackmypeople",
                advice="Stop it first, or edit it on the service's own pages.",
            )
        stop = start + least
        client = await self._connections.trackmypeople()
        call = partial(client.add, start, stop=stop, tracker_id=block.tracker_id)
        try:
            await self._history.write(
                f"Ask for the page of {name} {clock(start, self._zone)}", call
            )
        except ServiceError as error:
            if error.link:
                return error.link
            raise
        raise Refused(
            f"{name} was gone by then, and what asks for its page has added one second of it",
            service="trackmypeople",
            advice="Delete that on the service's own pages.",
        )

    async def became(self, before: Block, overview: Overview) -> str:
        """What has become of a block since, in a sentence; "" where it is as it was.

        Raises as reading.
        """
        return self.words(before, await self.now(before), overview)

    def words(self, before: Block, now: Block | None, overview: Overview) -> str:
        """What is another of a block, in a sentence; "" for nothing."""
        what = f"{overview.name(before.tracker_id)} {self._times(before)}"
        if now is None:
            return f"{what} is gone."
        parts = []
        if now.tracker_id != before.tracker_id:
            parts.append(f"is of {overview.name(now.tracker_id)}")
        if (now.time_in, now.time_out) != (before.time_in, before.time_out):
            parts.append(f"is {self._times(now)}, {length_text(now.total or 0)}")
        if now.description != before.description:
            parts.append(f"says {now.description!r}" if now.description else "says nothing")
        return f"{what} {', and '.join(parts)} now." if parts else ""

    def _times(self, block: Block) -> str:
        begin = moment_text(block.time_in, self._zone) if block.time_in else "?"
        return f"{begin} to {clock(block.time_out, self._zone) if block.time_out else 'now'}"

    # -- a timer whose end was forgotten --------------------------------------------------------

    async def was_away(self, overview: Overview, begin: datetime, end: datetime) -> str:
        """Note that nobody was at the keyboard between; what of it matters, in a sentence.

        "" where nothing ran long enough meanwhile.
        """
        since, least = overview.since, timedelta(minutes=self._settings.deck.away_minutes)
        if since is None or end - max(begin, since) < least:
            return ""
        begin = max(begin, since)
        noted = overview.told(end)
        kept = noted.kept_at or 0.0
        if noted.away_from is not None and noted.away_until is not None:
            # The longest counts, until a person has said that it is right.
            longer = noted.away_until - noted.away_from > (end - begin).total_seconds()
            if longer and noted.away_until > kept:
                return ""
        await asyncio.to_thread(
            note_own,
            self._status_file,
            since,
            away_from=begin.timestamp(),
            away_until=end.timestamp(),
        )
        self._history.sender.tell(WHAT_RUNS)
        name = overview.name(overview.now)
        times = f"{moment_text(begin, self._zone)} to {clock(end, self._zone)}"
        return f"{name} ran on while nobody was here, {times}."

    def odd(self, overview: Overview) -> str:
        """Why the end of what runs may have been forgotten, in words; "" where it was not."""
        now = datetime.now(UTC)
        return overview.told(now).odd(now, self._zone, self.long)

    async def keep(self, overview: Overview) -> None:
        """It is right as it is: what is odd by now is not said any more."""
        if overview.since is not None:
            kept = datetime.now(UTC).timestamp()
            await asyncio.to_thread(note_own, self._status_file, overview.since, kept_at=kept)
            self._history.sender.tell(WHAT_RUNS)
