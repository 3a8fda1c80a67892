"""What each service is asked for today.

It brings the clients along, which take longer to import than what was kept takes to be shown.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING

from tui.services.igtimi.records import Session
from tui.services.timesheets.answers import pages
from tui.services.timesheets.records import Client, TimeEntry
from tui.services.timetonic import Book, BookEvent, TimeTonic
from tui.words import counted
from tui.workspace.books.places import book_key
from tui.workspace.connections.connections import Connections
from tui.workspace.html_text import plain_text
from tui.workspace.invoices.owners import all_invoices
from tui.workspace.side_by_side import each, perhaps
from tui.workspace.times import today_in
from tui.workspace.today.items import Item, Items, Part
from tui.workspace.today.unpaid import unpaid_of

if TYPE_CHECKING:
    from tui.workspace.invoices.book import Book as InvoiceBook

SOON = timedelta(days=14)
"""How far ahead tocks and events are asked for."""
LONGEST_OPEN = timedelta(days=1)
"""A session without an end that began earlier was left open rather than sails still."""
MOST = 500
"""Things of a part that are kept."""
MOST_BOOKS = 30
"""Books whose events are asked for, which is a call each."""
TITLE = 80
"""Letters of a text that stand for it."""


class Asked:
    """The parts by what asks for them, each on its own."""

    def __init__(
        self,
        connections: Connections,
        where: tzinfo,
        book: Callable[[Iterable[Client]], InvoiceBook],
    ) -> None:
        """As for `Today`."""
        self._connections = connections
        self._zone = where
        self._book = book
        self.parts: Mapping[Part, Callable[[], Awaitable[Items]]] = {
            "tocks": self._tocks,
            "books": self._books,
            "events": self._events,
            "sessions": self._sessions,
            "invoices": self._invoices,
            "work": self._work,
        }

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
        return _items(items)

    async def _books(self) -> Items:
        client = await self._connections.timetonic()
        books = (await client.get_all_books()).books
        waiting = [book for book in _open(books) if book.unread]
        waiting.sort(key=lambda book: -book.unread)
        return _items([
            Item(
                key=book_key(book),
                title=book.title,
                detail=book.last_message.text if book.last_message else "",
                count=book.unread,
            )
            for book in waiting
        ])  # fmt: skip

    async def _events(self) -> Items:
        client = await self._connections.timetonic()
        books = _open((await client.get_all_books()).books)
        now = datetime.now(UTC)
        found = await each(
            "books' events",
            books[:MOST_BOOKS],
            lambda book: self._events_of(client, book, now),
            lambda book: book.title,
        )
        asked = ""
        if len(books) > MOST_BOOKS:
            asked = f"events of {MOST_BOOKS} of {counted(len(books), 'book')}"
        return _items([one for part in found for one in part], asked)

    async def _events_of(self, client: TimeTonic, book: Book, now: datetime) -> list[Item]:
        today = today_in(self._zone, now)
        answer = await client.get_book_events(
            book.b_c, b_o=book.b_o, date_min=today - timedelta(days=1), date_max=today + SOON
        )
        return [_event(book, one) for one in answer.events if _is_ahead(one, now)]

    async def _sessions(self) -> Items:
        client = await self._connections.igtimi()
        now = datetime.now(UTC)
        # A session that goes on may have no end yet: the service calls it incomplete.
        sessions = await client.sessions.list(start_time=now - LONGEST_OPEN)
        return _items([
            Item(
                key=str(one.id),
                title=one.name or f"Session {one.id}",
                when=one.start_time,
                until=one.end_time,
            )
            for one in sorted(sessions, key=_begin)
            if one.start_time is not None and (one.end_time or one.start_time + LONGEST_OPEN) > now
        ])  # fmt: skip

    async def _invoices(self) -> Items:
        service = await self._connections.timesheets()
        clients = await pages(service.client.search).collect()
        names = {one.id: one.name for one in clients}
        found = await all_invoices(service, list(names))
        book = await asyncio.to_thread(self._book, clients)
        return _items(unpaid_of(found, names, book))

    async def _work(self) -> Items:
        """What is approved and of no paid invoice, by client, the most first."""
        service = await self._connections.timesheets()
        found, projects, clients = await asyncio.gather(
            service.ts.search(status="approved", payment_status="pending", with_=["tasks"],
                              limit=1000),
            pages(service.project.search).collect(),
            perhaps("Names of clients", pages(service.client.search).collect, []),
        )  # fmt: skip
        names = {one.id: one.name for one in clients}
        client_of = {one.id: one.client_id for one in projects}
        by_client: dict[int, list[TimeEntry]] = {}
        for entry in found.items:
            task = found.related.tasks.get(entry.task_id or 0)
            client = client_of.get(task.project or 0) if task is not None else None
            if client is not None and not entry.paid:
                by_client.setdefault(client, []).append(entry)
        items = [
            Item(
                key=f"{client}#{entries[0].id}",
                title=names.get(client, f"client {client}"),
                count=sum(one.duration or 0 for one in entries),
            )
            for client, entries in by_client.items()
        ]
        asked = ""
        if found.count > len(found.items):
            asked = f"{len(found.items):,} of {counted(found.count, 'approved entry')}"
        return _items(sorted(items, key=lambda one: -(one.count or 0)), asked)


def _items(items: list[Item], asked: str = "") -> Items:
    return Items(items=items[:MOST], total=len(items), asked=asked)


def _open(books: list[Book]) -> list[Book]:
    return [book for book in books if not book.deleted and not book.archived]


def _begin(session: Session) -> datetime:
    return session.start_time or datetime.max.replace(tzinfo=UTC)


def _is_ahead(event: BookEvent, now: datetime) -> bool:
    """Whether it is not over; one that tells no end is over an hour after it began."""
    if event.deleted or event.start is None:
        return False
    return (event.end or event.start + timedelta(hours=1)) > now


def _event(book: Book, event: BookEvent) -> Item:
    title = plain_text(event.text).strip().partition("\n")[0][:TITLE]
    return Item(
        key=f"{book_key(book)}#{event.id}",
        title=title or "(no text)",
        detail=book.title,
        when=event.start,
        until=event.end,
    )
