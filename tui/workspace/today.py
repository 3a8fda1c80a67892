"""Today: what runs, what is next, what waits, from all five services."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal
from typing import Literal

import msgspec

from tui.services.errors import ConnectionFailed
from tui.workspace.connections.connections import Connections
from tui.workspace.invoices.due import days_late
from tui.workspace.invoices.owners import all_invoices
from tui.workspace.reads import Answer, Reads
from tui.workspace.timers.offline import Offline
from tui.workspace.timers.overview import Overview
from tui.workspace.timers.running import Running
from tui.workspace.timers.timers import Timers

Part = Literal["timer", "tocks", "books", "sessions", "invoices"]
SERVICES: Mapping[Part, str] = {
    "timer": "trackmypeople",
    "tocks": "ticktocker",
    "books": "timetonic",
    "sessions": "igtimi",
    "invoices": "timesheets",
}
SHOWN = 30
SOON = timedelta(days=14)
LONGEST_OPEN = timedelta(days=1)
"""A session without an end that began earlier was left open rather than sails still."""


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a part: `key` is what its own screen calls it."""

    key: str
    title: str
    detail: str = ""
    when: datetime | None = None
    until: datetime | None = None
    amount: Decimal | None = None
    """Money of an invoice."""
    count: int | None = None
    """Unread messages of a book."""
    state: Literal["", "running", "overdue", "due", "unread"] = ""


class Items(msgspec.Struct, frozen=True, kw_only=True):
    """A part's lines; `total` counts those that are not shown too."""

    items: list[Item]
    total: int
    running: Running | None = None
    """Of the timer: what runs, and today's total."""
    amount: Decimal | None = None
    """Of the invoices: what all of them come to."""


@dataclass(frozen=True)
class Toggled:
    """What became of the timer; `seconds` is how long the block was that was stopped."""

    tracker: str
    started: bool
    seconds: float = 0
    news: str = ""
    """What a person should know besides."""


class Today:
    """Five parts, each asked for on its own, so that one service's silence hides no other's."""

    def __init__(
        self, connections: Connections, reads: Reads, timers: Timers, where: tzinfo
    ) -> None:
        """`where` is the person's own zone, whose days count."""
        self._zone = where
        self._connections = connections
        self._reads = reads
        self._all_timers = timers
        self._parts: Mapping[Part, Callable[[], Awaitable[Items]]] = {
            "timer": self._timer,
            "tocks": self._tocks,
            "books": self._books,
            "sessions": self._sessions,
            "invoices": self._invoices,
        }

    def _key(self, part: Part) -> str:
        return f"{self._connections.account(SERVICES[part])}/today"

    async def kept(self, part: Part) -> Answer[Items] | None:
        """A part as an earlier read had it; the timer with what began or ended here since."""
        if part == "timer":
            known = await self._all_timers.kept()
            if known is not None and known.value.offline != Offline():
                return Answer(_timer_items(known), known.as_of, kept=True)
        return await self._reads.kept(self._key(part), Items)

    async def part(self, part: Part) -> Answer[Items]:
        """A part as its service has it now."""
        return await self._reads.fresh(self._key(part), self._parts[part])

    async def toggle_timer(self) -> Toggled | None:
        """Stop what runs, or go on with what ran last, else with the default tracker.

        None when there is neither: then a tracker has to be chosen first.
        """
        overview, reached = await self._overview()
        # What was stopped without the service goes on there, but not for the person.
        stopped = not reached and overview.offline.here is None and overview.goes_on is not None
        if overview.now is not None and not stopped:
            began = overview.since
            news = await self._all_timers.stop(overview)
            passed = (datetime.now(UTC) - began).total_seconds() if began else 0
            name = overview.name(overview.now)
            return Toggled(name, started=False, seconds=passed, news=news)
        last = overview.state.last_block
        tracker = (last.tracker if last else None) or overview.state.default_tracker
        if tracker is None:
            return None
        news = await self._all_timers.start(overview, tracker.id)
        return Toggled(tracker.name or overview.name(tracker.id), started=True, news=news)

    async def _overview(self) -> tuple[Overview, bool]:
        """What runs, and whether the service itself said so now."""
        try:
            return (await self._all_timers.overview()).value, True
        except ConnectionFailed:
            known = await self._all_timers.kept()
            if known is None:
                raise
            return known.value, False

    async def _timer(self) -> Items:
        return _timer_items(await self._all_timers.overview())

    async def _tocks(self) -> Items:
        client = await self._connections.ticktocker()
        tocks = await client.me("all", "upcoming")
        horizon = datetime.now(UTC) + SOON
        items = [
            Item(
                key=tock.short_url,
                title=tock.title,
                detail=tock.location,
                when=tock.event_start,
                until=tock.event_end,
            )
            for tock in tocks
            if tock.event_start is None or tock.event_start < horizon
        ]
        return Items(items=items[:SHOWN], total=len(items))

    async def _books(self) -> Items:
        client = await self._connections.timetonic()
        books = (await client.get_all_books()).books
        waiting = [book for book in books if book.unread and not book.deleted and not book.archived]
        waiting.sort(key=lambda book: -book.unread)
        items = [
            Item(
                key=f"{book.b_o}/{book.b_c}",
                title=book.title,
                detail=book.last_message.text if book.last_message else "",
                count=book.unread,
                state="unread",
            )
            for book in waiting
        ]
        return Items(items=items[:SHOWN], total=len(items))

    async def _sessions(self) -> Items:
        client = await self._connections.igtimi()
        now = datetime.now(UTC)
        # A session that goes on may have no end yet: the service calls it incomplete.
        sessions = await client.sessions.list(start_time=now - LONGEST_OPEN)
        coming = [
            (one.start_time, one)
            for one in sessions
            if one.start_time is not None and (one.end_time or one.start_time + LONGEST_OPEN) > now
        ]
        coming.sort(key=lambda pair: pair[0])
        items = [
            Item(
                key=str(one.id),
                title=one.name or f"Session {one.id}",
                when=start,
                until=one.end_time,
                state="running" if start <= now else "",
            )
            for start, one in coming
        ]
        return Items(items=items[:SHOWN], total=len(items))

    async def _invoices(self) -> Items:
        service = await self._connections.timesheets()
        clients = await service.client.search(limit=1000)
        names = {one.id: one.name for one in clients.items}
        now = datetime.now(UTC)
        unpaid = [one for one in await all_invoices(service, list(names)) if not one.paid]
        unpaid.sort(key=lambda one: one.due_date or now)
        items = [
            Item(
                key=str(one.id),
                title=names.get(one.client_id or 0, "") or f"Invoice {one.id}",
                detail=f"invoice {one.id}" if one.client_id in names else "",
                amount=one.amount or Decimal(),
                when=one.due_date,
                state="overdue" if days_late(one.due_date, self._zone, now) else "due",
            )
            for one in unpaid
        ]
        return Items(
            items=items[:SHOWN],
            total=len(items),
            amount=sum((one.amount or Decimal() for one in unpaid), Decimal()),
        )


def _timer_items(answer: Answer[Overview]) -> Items:
    overview = answer.value
    items = []
    if overview.now is not None:
        items.append(
            Item(
                key=str(overview.now),
                title=overview.name(overview.now),
                detail=" › ".join(overview.above(overview.now)),
                when=overview.since,
                state="running",
            )
        )
    return Items(items=items, total=len(items), running=overview.told(answer.as_of))
