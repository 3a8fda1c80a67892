"""Hours: logs of other programs in, with a look at them first; our own out."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta, tzinfo
from decimal import Decimal

from tui.services.errors import ConnectionFailed, OutcomeUnknown, Refused
from tui.services.trackmypeople import Block
from tui.words import counted
from tui.workspace.as_it_was import AsItWas, as_it_was
from tui.workspace.changes.errors import Waiting
from tui.workspace.hours import ics, own, timeclock
from tui.workspace.hours.entries import Entry, Log
from tui.workspace.hours.names import Names, named_by_tags, tracker_of
from tui.workspace.hours.plan import State, Step, plan
from tui.workspace.timers.overview import Overview, Report
from tui.workspace.timers.periods import Span
from tui.workspace.timers.timers import Timers


@dataclass
class Preview:
    """What an import would do."""

    log: Log
    overview: Overview
    steps: list[Step]
    said: Mapping[str, int]
    """Names that were mapped for it, to be remembered once it is made."""

    @property
    def new(self) -> list[Step]:
        """What would be added."""
        return [step for step in self.steps if step.state is State.NEW]

    def ahead(self, now: datetime, where: tzinfo) -> int:
        """Seconds of what the file has that are not over yet, such as a calendar's plans; `where`
        the days are.
        """
        today = now.astimezone(where).date()
        return sum(
            one.length
            for one in self.log.entries
            if (one.stop > now if one.stop is not None else one.day is not None and one.day > today)
        )

    def counts(self) -> Counter[State]:
        """How many entries there are of each state."""
        return Counter(step.state for step in self.steps)

    def left_over(self) -> Counter[State]:
        """How many entries with time in them are neither there nor added, by why."""
        return Counter(
            step.state
            for step in self.steps
            if step.state not in (State.NEW, State.THERE)
            and (step.state is not State.ZERO or step.entry.length)
        )

    def unmapped(self) -> list[tuple[str, int]]:
        """(name, entries) of what has no tracker yet, the most first."""
        names = Counter(step.entry.name for step in self.steps if step.state is State.UNMAPPED)
        return names.most_common()

    def left_behind(self) -> list[str]:
        """What is not taken over of what would be added, in sentences."""
        tags = sum(
            1
            for step in self.new
            if set(step.entry.tags) - ({step.entry.name} if not step.entry.names else set())
        )
        people = {entry.person for entry in self.log.entries if entry.person}
        said = []
        if tags:
            said.append(f"The tags of {counted(tags, 'entry')} are not kept: a block has none.")
        if people:
            unless = ", unless one person is named" if len(people) > 1 else ""
            whose = ", ".join(sorted(people))
            said.append(f"Whose hours they are: {whose}; all become yours{unless}.")
        return said


@dataclass
class Added:
    """What became of an import."""

    added: int = 0
    waiting: int = 0
    """Kept, and sent when the way is open."""
    refused: list[tuple[Step, str]] = field(default_factory=list)
    """What the service did not take, in its words."""
    left: int = 0
    """How many were not sent, since a person stopped it."""


@dataclass(frozen=True)
class Export:
    """Hours in one of the forms."""

    text: str
    entries: int
    lacks: list[str]
    """What of them is not in the text, in sentences."""
    kept: AsItWas | None
    """How old they are, where the service could not be asked."""


class HoursDesk:
    """The use cases of hours in and out."""

    def __init__(self, timers: Timers, names: Names, where: tzinfo) -> None:
        self._timers = timers
        self._names = names
        self._zone = where

    async def preview(
        self,
        log: Log,
        said: Callable[[Overview], Mapping[str, int]],
        *,
        place_from: time | None = None,
        now: datetime | None = None,
    ) -> Preview:
        """What an import would add; `said` maps names, over what is remembered.

        Raises TrackerNameError of `said`, OSError, and what reading the service raises.
        """
        overview = (await self._timers.overview()).value
        chosen = said(overview)
        known = {**await asyncio.to_thread(self._names.known), **chosen}
        log = replace(log, entries=named_by_tags(log.entries, known, overview))
        names = {entry.name for entry in log.entries}
        trackers = {name: tracker_of(name, known, overview) for name in names}
        report = await self._report_of(log.entries)
        steps = await asyncio.to_thread(
            plan,
            log.entries,
            trackers,
            report.blocks,
            lambda block: report.day(block, self._zone),
            self._zone,
            now or datetime.now(UTC),
            place_from=place_from,
        )
        return Preview(log, overview, steps, chosen)

    async def _report_of(self, entries: Sequence[Entry]) -> Report:
        days = [day for entry in entries if (day := entry.on(self._zone)) is not None]
        if not days:
            return Report(blocks=[])
        one = timedelta(days=1)
        span = Span(min(days) - one, max(days) + one)
        return (await self._timers.report(span)).value

    async def say(self, name: str, tracker_id: int) -> None:
        """Which tracker a name of other programs is from now on; ALL is every other one.

        Raises OSError.
        """
        await asyncio.to_thread(self._names.remember, {name: tracker_id})

    async def add(
        self,
        preview: Preview,
        told: Callable[[int, int], None],
        go_on: Callable[[], bool] = lambda: True,
    ) -> Added:
        """Add what is new; one that the service refuses keeps none of the others back.

        `told` hears how many of how many were sent; before each `go_on` says whether to. Raises
        OutcomeUnknown with how far it came:
        the same import again adds only what is still missing; and what else sending raises.
        """
        if preview.said:
            await asyncio.to_thread(self._names.remember, preview.said)
        done, new = Added(), preview.new
        for number, step in enumerate(new):
            told(number, len(new))
            if not go_on():
                done.left = len(new) - number
                break
            try:
                await self._add(step)
                done.added += 1
            except Waiting:
                done.waiting += 1
            except Refused as error:
                done.refused.append((step, error.message))
            except OutcomeUnknown as error:
                error.progress = (
                    f"{number} of {counted(len(new), 'block')} were added. Import it again later:"
                    " what is there is recognised."
                )
                raise
        return done

    async def _add(self, step: Step) -> Block:
        assert step.tracker is not None
        text = step.entry.text
        if step.start is not None and step.stop is not None:
            return await self._timers.add(step.start, step.stop, step.tracker.id, text)
        assert step.entry.day is not None
        hours = (Decimal(step.entry.seconds) / 3600).quantize(Decimal("0.000001")).normalize()
        return await self._timers.add_free(hours, step.entry.day, step.tracker.id, text)

    # -- out ----------------------------------------------------------------------------------

    async def export(self, span: Span, form: str) -> Export:
        """The hours of a period in one of the forms; where the service cannot be reached, those
        that are kept here. Raises ConnectionFailed where none are.
        """
        overview, report, kept = await self._known(span)
        # One over midnight is written once: with the day that it begins on.
        begun = [
            block
            for block in report.blocks
            if (day := report.day(block, self._zone)) is None or span.first <= day <= span.last
        ]
        entries = [self._entry(block, report, overview) for block in begun]
        text, said = written(entries, form, self._zone)
        return Export(text, len(entries), said, kept)

    async def _known(self, span: Span) -> tuple[Overview, Report, AsItWas | None]:
        """Trackers and hours of a period as they are now, else as they are shown: as they were."""
        try:
            overview = (await self._timers.overview()).value
            return overview, (await self._timers.report(span)).value, None
        except ConnectionFailed:
            names, hours = await self._timers.kept(), await self._timers.reports.known(span)
            if names is None or hours is None:
                raise
            return names.value, hours.value, as_it_was("the hours", hours.as_of, self._zone)

    def blocks_as(
        self, report: Report, blocks: Sequence[Block], overview: Overview, form: str
    ) -> str:
        """Blocks of a report as text in one of the forms, as they are shown."""
        entries = [self._entry(block, report, overview) for block in blocks]
        return written(entries, form, self._zone)[0]

    def _entry(self, block: Block, report: Report, overview: Overview) -> Entry:
        number = block.tracker_id
        names: tuple[str, ...] = ()
        if number is not None:
            names = (*overview.above(number), overview.name(number))
        key = f"trackmypeople:{block.id}" if block.id > 0 else ""
        if block.free or block.time_in is None:
            day = report.day(block, self._zone)
            return Entry(
                at=0, day=day, seconds=block.total or 0, names=names, text=block.description,
                key=key, free=block.free,
            )  # fmt: skip
        return Entry(
            at=0, start=block.time_in, stop=block.time_out, names=names, text=block.description,
            key=key,
        )  # fmt: skip


def written(
    entries: Sequence[Entry], form: str, where: tzinfo, now: datetime | None = None
) -> tuple[str, list[str]]:
    """Entries in one of the forms, and what of them is not in it."""
    if form == "timeclock":
        return timeclock.written(entries, where)
    if form == "ics":
        return ics.written(entries, now or datetime.now(UTC))
    forms = {"csv": own.written_csv, "json": own.written_json, "md": own.written_markdown}
    return forms[form](entries, where), []
