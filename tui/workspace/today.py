"""Today: what runs, what is next, what waits, from all five services."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Literal

import msgspec

from tui.workspace.connections import Connections
from tui.workspace.reads import Answer, Reads
from tui.workspace.timers import Timers

Part = Literal["timer", "tocks", "books", "sessions", "invoices"]
SHOWN = 30
SOON = timedelta(days=14)


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a part: `key` is what its own screen calls it."""

    key: str
    title: str
    detail: str = ""
    when: datetime | None = None
    until: datetime | None = None
    amount: str = ""
    state: Literal["", "running", "overdue", "due", "unread"] = ""


class Items(msgspec.Struct, frozen=True, kw_only=True):
    """A part's lines; `total` counts those that are not shown too."""

    items: list[Item]
    total: int
    seconds: int | None = None
    """Of the timer: today's total."""


class Today:
    """Five parts, each asked for on its own, so that one service's silence hides no other's."""

    def __init__(self, connections: Connections, reads: Reads, timers: Timers) -> None:
        self._connections = connections
        self._reads = reads
        self._all_timers = timers
        self._parts: Mapping[Part, tuple[str, Callable[[], Awaitable[Items]]]] = {
            "timer": ("trackmypeople", self._timer),
            "tocks": ("ticktocker", self._tocks),
            "books": ("timetonic", self._books),
            "sessions": ("igtimi", self._sessions),
            "invoices": ("timesheets", self._invoices),
        }

    def _key(self, part: Part) -> str:
        return f"{self._connections.account(self._parts[part][0])}/today"

    async def kept(self, part: Part) -> Answer[Items] | None:
        """A part as an earlier run had it."""
        return await self._reads.kept(self._key(part), Items)

    async def part(self, part: Part) -> Answer[Items]:
        """A part as its service has it now."""
        return await self._reads.fresh(self._key(part), self._parts[part][1])

    async def toggle_timer(self) -> str:
        """Stop what runs, or start the default tracker; says which."""
        overview = (await self._all_timers.overview()).value
        if overview.running is not None:
            name = overview.name(overview.running)
            await self._all_timers.stop(overview)
            return f"Stopped {name}."
        default = overview.state.default_tracker or (
            overview.state.last_block.tracker if overview.state.last_block else None
        )
        if default is None:
            return "There is no default tracker: choose one on screen 5."
        await self._all_timers.start(overview, default.id)
        return f"Started {default.name or overview.name(default.id)}."

    async def _timer(self) -> Items:
        overview = (await self._all_timers.overview()).value
        items = []
        if overview.running is not None:
            items.append(
                Item(
                    key=str(overview.running),
                    title=overview.name(overview.running),
                    detail=overview.path(overview.running),
                    when=overview.started_at,
                    state="running",
                )
            )
        return Items(items=items, total=len(items), seconds=overview.state.day_total)

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
                amount=str(book.unread),
                state="unread",
            )
            for book in waiting
        ]
        return Items(items=items[:SHOWN], total=len(items))

    async def _sessions(self) -> Items:
        client = await self._connections.igtimi()
        now = datetime.now(UTC)
        sessions = await client.sessions.list(
            start_time=now - timedelta(days=1), include_incomplete=False
        )
        coming = [one for one in sessions if one.end_time is None or one.end_time > now]
        coming.sort(key=lambda one: one.start_time or now)
        items = [
            Item(
                key=str(one.id),
                title=one.name or f"Session {one.id}",
                when=one.start_time,
                until=one.end_time,
                state="running" if one.start_time and one.start_time <= now else "",
            )
            for one in coming
        ]
        return Items(items=items[:SHOWN], total=len(items))

    async def _invoices(self) -> Items:
        client = await self._connections.timesheets()
        clients = await client.client.search(limit=1000)
        names = {one.id: one.name for one in clients.items}
        if not names:
            return Items(items=[], total=0)
        invoices = await client.invoice.search(list(names), limit=1000)
        now = datetime.now(UTC)
        unpaid = [one for one in invoices.items if not one.paid]
        unpaid.sort(key=lambda one: one.due_date or now)
        items = [
            Item(
                key=str(one.id),
                title=names.get(one.client_id or 0, "") or f"Invoice {one.id}",
                amount=f"{one.amount or 0:,.2f}",
                when=one.due_date,
                state="overdue" if one.due_date and one.due_date < now else "due",
            )
            for one in unpaid
        ]
        return Items(items=items[:SHOWN], total=len(items))
