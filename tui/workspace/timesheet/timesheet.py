"""Timers to timesheet: blocks of a period become time entries, each once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta, tzinfo
from functools import partial
from pathlib import Path

from tui.services.errors import NotFound, PermissionDenied, Refused
from tui.services.timesheets import Timesheets
from tui.services.timesheets.answers import pages
from tui.services.timesheets.records import Client, Rate, Schedule, TimeEntry, User
from tui.store.changes import State as Sent
from tui.words import counted
from tui.workspace.changes.history import History
from tui.workspace.connections.connections import Connections
from tui.workspace.hours.names import Names
from tui.workspace.invoices.invoices import InvoiceDesk
from tui.workspace.invoices.schedules import with_schedules
from tui.workspace.timers.periods import Span
from tui.workspace.timers.reckoning.rounding import Rounding
from tui.workspace.timers.timers import Timers
from tui.workspace.times import TimeTextError, end_of_day, start_of_day, zone
from tui.workspace.timesheet.entered import Entered, EnteredBlocks
from tui.workspace.timesheet.outcome import Outcome, became_of, begun_of, settled_of, sort_out
from tui.workspace.timesheet.plan import Known, Line, lines_of
from tui.workspace.timesheet.prices import Prices
from tui.workspace.timesheet.sheet import Sheet
from tui.workspace.timesheet.targets import Target, targets_of

DAY = timedelta(days=1)
PAGE = 200


class TimesheetDesk:
    """The use cases of entering hours."""

    def __init__(
        self,
        connections: Connections,
        history: History,
        timers: Timers,
        invoices: InvoiceDesk,
        currencies: Callable[[Iterable[Client]], Mapping[int, str]],
        data: Path,
        where: tzinfo,
    ) -> None:
        """`currencies` says what clients are billed in, and reads the disk; `data` is the folder
        of the files of ours: which task each tracker is, by its id, and what was entered.
        """
        self._connections = connections
        self._history = history
        self._timers = timers
        self._invoices = invoices
        self._currencies = currencies
        both = f"{connections.account('trackmypeople')} > {connections.account('timesheets')}"
        self._tasks = Names(data / "timesheet-tasks.json", both)
        self._entered = EnteredBlocks(data / "timesheet-entered.json", both)
        self._zone = where

    # -- looking ----------------------------------------------------------------------------------

    async def sheet(self, span: Span, rounding: Rounding) -> Sheet:
        """What a period has. Raises OSError, ProfileError, and what reading the services raises."""
        service = await self._connections.timesheets()
        overview, report, clients, tasks, me = await asyncio.gather(
            self._timers.overview(),
            self._timers.report(span),
            self._invoices.clients(),
            pages(service.task.search).collect(),
            service.user.info(),
        )
        entries, prices = await asyncio.gather(
            self._entries(service, me, span), self._prices(service, me)
        )
        # Each block belongs to the one period that it begins in.
        begun = [
            one
            for one in report.value.blocks
            if (day := report.value.day(one, self._zone)) is None or span.first <= day <= span.last
        ]
        targets = targets_of(clients.value, tasks)
        known_tasks = await asyncio.to_thread(self._tasks.known)
        ids = {str(one.id) for one in begun}
        book, sent = await asyncio.to_thread(self._looked_up, ids)
        found = {one.id for one in entries}
        ours = [one for block, one in book.items() if block in ids]
        missing = [
            one.entry
            for one in (*ours, *self._gone(book, ids, span))
            if one.entry is not None and one.entry not in found
        ]
        if missing:
            # Somebody may have moved them to another day.
            entries += (
                await service.ts.search(time_entry_ids=missing, user_id=me.id, limit=len(missing))
            ).items
        if prices.special and entries:
            with suppress(Refused, PermissionDenied):
                entries = await with_schedules(service, entries)
                prices = prices._replace(told=True)
        currencies = await asyncio.to_thread(self._currencies, clients.value.clients)
        known = Known(
            overview.value, known_tasks, {one.task_id: one for one in targets}, book, sent,
            entries, rounding, prices, currencies, await asyncio.to_thread(self._rated_in),
            self._zone, datetime.now(UTC),
        )  # fmt: skip
        lines = lines_of(begun, report.value, known)
        there = {one.id for one in entries}
        gone = [one for one in self._gone(book, ids, span) if one.entry in there]
        return Sheet(span, lines, targets, known_tasks, overview.value, me, rounding, gone)

    async def _entries(self, service: Timesheets, me: User, span: Span) -> list[TimeEntry]:
        """The person's own entries of a period and of the days beside."""
        return await pages(
            service.ts.search,
            limit=PAGE,
            user_id=me.id,
            start_datetime=start_of_day(span.first, self._zone) - DAY,
            end_datetime=end_of_day(span.last, self._zone) + DAY,
        ).collect()

    def _rated_in(self) -> tzinfo:
        """On whose clocks schedules hold: the embedded one's are known, else they are ours."""
        if self._connections.uses_embedded("timesheets"):
            with suppress(TimeTextError):
                return zone(self._connections.embedded.files.zone_of_data())
        return self._zone

    async def _prices(self, service: Timesheets, me: User) -> Prices:
        """What the person's time costs; nothing where that may not be seen."""
        try:
            rates = await pages(service.rate.search, user_id=me.id).collect()
            ids = sorted({one.schedule_id for one in rates if one.schedule_id is not None})
            schedules = await asyncio.gather(*(_schedule(service, one) for one in ids))
        except (Refused, PermissionDenied):
            return Prices(me.hourly_rate)
        by_id = {one.id: one for one in schedules if one is not None}
        latest: dict[int, Rate] = {}
        for rate in sorted(rates, key=lambda one: one.id):
            if rate.schedule_id in by_id:
                latest[rate.schedule_id] = rate
        return Prices(me.hourly_rate, [(by_id[one], latest[one]) for one in sorted(latest)])

    def _looked_up(self, blocks: Collection[str]) -> tuple[dict[str, Entered], dict[str, Sent]]:
        """What was entered, after a look at what became of the changes of these blocks."""
        book = self._entered.known()
        sent: dict[str, Sent] = {}
        settled: dict[str, Entered | None] = {}
        for block in blocks & book.keys():
            entered = book[block]
            change = self._history.changes.get(entered.change)
            if change is None:
                # It is so long ago that it is kept no more: by then it was settled.
                if entered.entry is None:
                    settled[block] = None
                continue
            sent[change.id] = change.state
            now = became_of(entered, change)
            if now != entered:
                settled[block] = now
        self._entered.settle(settled)
        for block, after in settled.items():
            if after is None:
                del book[block]
            else:
                book[block] = after
        return book, sent

    def _gone(self, book: Mapping[str, Entered], ids: Collection[str], span: Span) -> list[Entered]:
        begin, end = start_of_day(span.first, self._zone), end_of_day(span.last, self._zone)
        return [
            one
            for block, one in book.items()
            if block not in ids and begin <= one.start < end and one.entry is not None
        ]

    # -- saying which task a tracker is -----------------------------------------------------------

    async def say(self, tracker_id: int, task_id: int) -> None:
        """Which task a tracker, and what stands below it, is from now on. Raises OSError."""
        await asyncio.to_thread(self._tasks.remember, {str(tracker_id): task_id})

    # -- entering ---------------------------------------------------------------------------------

    async def delete(self, gone: Entered) -> None:
        """Delete the entry of a block that is there no more; undo makes it anew.

        Raises as a write does, and OSError.
        """
        assert gone.entry is not None
        await self._invoices.work.delete("entry", gone.entry, f"No {gone.entry}")
        book = await asyncio.to_thread(self._entered.known)
        those = {block: None for block, one in book.items() if one.entry == gone.entry}
        await asyncio.to_thread(self._entered.settle, those)

    async def enter(
        self,
        sheet: Sheet,
        lines: Sequence[Line],
        told: Callable[[int, int], object] = lambda _done, _of: None,
    ) -> Outcome:
        """Enter lines, as one step of undo; one that is refused keeps none of the others back.

        What somebody entered since it was looked at is left out. Raises ReadOnly, OSError, and
        what reading raises; then nothing was sent.
        """
        outcome = Outcome()
        service = await self._connections.timesheets()
        there = {
            (one.task_id, one.start_time)
            for one in await self._entries(service, sheet.me, sheet.span)
        }
        wanted: list[tuple[Line, Target]] = []
        for line in lines:
            assert line.target is not None
            if (line.target.task_id, line.start) in there:
                outcome.meanwhile.append(line)
            else:
                wanted.append((line, line.target))
        calls = [
            partial(
                service.ts.create,
                sheet.me.id,
                task_id=target.task_id,
                start_time=line.start,
                end_time=line.stop,
                comment=line.block.description or None,
            )
            for line, target in wanted
        ]
        if not calls:
            return outcome
        found = await self._history.write_each(
            f"Enter {counted(len(calls), 'block')} of time",
            calls,
            noted=lambda begun: self._entered.note(begun_of(wanted, begun)),
            told=lambda done: told(done, len(calls)),
        )
        sort_out(outcome, [line for line, _ in wanted], found)
        await asyncio.to_thread(self._entered.settle, settled_of(wanted, found))
        return outcome

    async def bring_up(self, line: Line, rounding: Rounding) -> None:
        """Let the entry of a block that changed since be as the block is now; undo takes it back.

        By the day only sums are rounded: it gets the exact length then.

        What it says is commented: a comment cannot be changed. Raises as a write does.
        """
        entry, stop, work = line.entry, line.block.time_out, self._invoices.work
        if entry is None or line.target is None or stop is None:
            return
        book = await asyncio.to_thread(self._entered.known)
        before = book.get(str(line.block.id))
        length = timedelta(
            seconds=rounding.length(line.exact) if rounding.per == "block" else line.exact
        )
        target, end = line.target.task_id, line.start + length
        await work.change_entry(
            entry,
            task_id=target if target != entry.task_id else None,
            start=line.start if line.start != entry.start_time else None,
            end=end if end != entry.end_time else None,
        )
        text = line.block.description
        if text and before is not None and text.split() != before.text.split():
            await work.comment_on_entry(entry.id, text)
        now = Entered(
            before.change if before is not None else "", target, line.start, stop, text, entry.id
        )
        await asyncio.to_thread(self._entered.note, {str(line.block.id): now})


async def _schedule(service: Timesheets, number: int) -> Schedule | None:
    try:
        return await service.schedule.info(number)
    except NotFound:
        return None
