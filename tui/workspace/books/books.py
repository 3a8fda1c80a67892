"""Books with their tables, messages, events and files (TimeTonic)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from typing import Any

import msgspec

from tui.services.errors import (
    InvalidArgument,
    NotFound,
    PermissionDenied,
    ProtocolViolation,
    ServiceError,
)
from tui.services.reading import left_out
from tui.services.timetonic import Book, BookTables, Contact, Table
from tui.store.mirror.mirror import Mirror
from tui.workspace.books.files import FileDesk
from tui.workspace.books.looks import Looks
from tui.workspace.books.own_views import OwnViews
from tui.workspace.books.places import book_key
from tui.workspace.books.rows import Place, TableDesk
from tui.workspace.books.talk import TalkDesk
from tui.workspace.books.watching import Watching
from tui.workspace.changes.history import History
from tui.workspace.connections.connections import Connections
from tui.workspace.once import made_once
from tui.workspace.reads import Answer, Reads
from tui.workspace.text import NaturalOrder, in_order

__all__ = ["Book", "BookDesk", "BookTables", "Place", "Shelf", "Table", "book_key", "table_places"]


class Shelf(msgspec.Struct, frozen=True, kw_only=True):
    """The books of the user."""

    books: list[Book]
    contacts: list[Contact]
    me: str
    """The user's own code."""
    sstamp: int | None = None

    def open_books(self) -> list[Book]:
        """Those that are not archived: favourites first, then as the user has ordered them."""
        return _ordered(book for book in self.books if not book.archived)

    def archived_books(self) -> list[Book]:
        """Those that were put away."""
        return _ordered(book for book in self.books if book.archived)

    def find(self, key: str) -> Book | None:
        """The book of a key."""
        return next((book for book in self.books if book_key(book) == key), None)

    def title(self, book: Book) -> str:
        """A book's title; of the exchange with one person that person's name."""
        return self.name(book.contact) if book.contact else book.title

    def name(self, u_c: str) -> str:
        """A person's name, or the code of one that is in no list of contacts."""
        found = next((one for one in self.contacts if one.u_c == u_c), None)
        name = f"{found.first_name} {found.last_name}".strip() if found is not None else ""
        return name or u_c

    def may_use_tables(self, book: Book) -> bool:
        """Whether the user's membership opens the tables to programs. Unless told, it does."""
        own = next((member for member in book.members if member.u_c == self.me), None)
        return own is None or own.api_right

    def with_book(self, book: Book) -> Shelf:
        """The same with one book as it is now; without it where it was deleted."""
        books = {book_key(one): one for one in self.books} | {book_key(book): book}
        return msgspec.structs.replace(
            self, books=[one for one in books.values() if not one.deleted]
        )

    def told_until(self, sstamp: int | None) -> Shelf:
        """The same once everything up to a stamp was told."""
        return msgspec.structs.replace(self, sstamp=sstamp or self.sstamp)

    def as_read(self, book: Book) -> Shelf:
        """The same after the messages of a book were read."""
        read = {book_key(book): msgspec.structs.replace(book, unread=0)}
        books = [read.get(book_key(one), one) for one in self.books]
        return msgspec.structs.replace(self, books=books)


def _ordered(books: Iterable[Book]) -> list[Book]:
    def place(book: Book) -> tuple[bool, bool, float, NaturalOrder]:
        order = float("inf") if book.order is None else book.order
        return not book.favorite, bool(book.contact), order, in_order(book.title)

    return sorted(books, key=place)


def table_places(book: Book, tables: BookTables) -> list[Place]:
    """The tables that are shown, as their tabs stand; behind them those of other books."""
    told = tables.rights.get("modify")
    may_change = told is None or str(told).lower() not in ("0", "false", "")
    others = {table.id: table for table in tables.mirrored}
    return [
        *(Place(book, table, may_change) for table in tables.in_tab_order()),
        *(
            Place(book, others[tab.table_id], may_change, tab.id)
            for tab in tables.mirrors()
            if tab.table_id in others
        ),
    ]


class BookDesk:
    """The use cases of the Books screen."""

    def __init__(
        self,
        connections: Connections,
        reads: Reads,
        mirror: Mirror,
        looks: Looks,
        own_views: OwnViews,
        history: History,
        rows_changed: Callable[[str], object] = lambda _key: None,
    ) -> None:
        """`rows_changed` hears the key of kept rows that became others."""
        self._connections = connections
        self._reads = reads
        self._mirror = mirror
        self._looks = looks
        self._own_views = own_views
        self._history = history
        self._rows_changed = rows_changed

    @made_once
    def rows(self) -> TableDesk:
        """Rows and cells of tables."""
        return TableDesk(
            self._connections,
            self._mirror,
            self._looks,
            self._own_views,
            self._history,
            self._rows_changed,
        )

    @made_once
    def talk(self) -> TalkDesk:
        """Messages and events, and the files among them."""
        return TalkDesk(self._connections, self._reads, self._history)

    @made_once
    def files(self) -> FileDesk:
        """What is in files: sent and fetched."""
        return FileDesk(self._connections, self._history)

    @asynccontextmanager
    async def watching(self, shelf: Shelf | None = None) -> AsyncIterator[Watching]:
        """What others do while one looks (see watching); nothing where events are off.

        It begins where the shelf was read; without one it begins now. A socket on another host
        than the service's, or one that is not encrypted, is not used: the first state says why.
        """
        options = self._connections.settings.timetonic
        if options.events == "off":
            yield Watching(None)
            return
        client = await self._connections.timetonic()
        url = None
        if options.events == "socket":
            base = client.transport.base_url
            embedded = self._connections.uses_embedded("timetonic")
            url = base.replace("http:", "ws:") + "/socket" if embedded else options.socket_url
        try:
            made = Watching(client, url=url)
        except InvalidArgument as error:
            made = Watching(client, no_socket=error.message)
        if shelf is not None:
            made.begin_at(shelf.books, shelf.sstamp)
        async with made as watching:
            yield watching

    @property
    def _shelf_key(self) -> str:
        return f"{self._connections.account('timetonic')}/shelf"

    async def kept_shelf(self) -> Answer[Shelf] | None:
        """The books of an earlier read, at once."""
        return await self._reads.kept(self._shelf_key, Shelf)

    async def shelf(self) -> Answer[Shelf]:
        """The books as the service has them now; those that were deleted are left out."""
        client = await self._connections.timetonic()

        async def fetch() -> Shelf:
            found = await client.get_all_books()
            return Shelf(
                books=[book for book in found.books if not book.deleted],
                contacts=found.contacts,
                me=client.u_c,
                sstamp=found.sstamp,
            )

        return await self._reads.fresh(self._shelf_key, fetch)

    async def news(self, shelf: Shelf) -> tuple[Answer[Shelf], frozenset[str]]:
        """The shelf as it is now, and the keys of the books that have changed since.

        Only what changed is asked for, by the stamp of the shelf.
        """
        client = await self._connections.timetonic()
        changed: set[str] = set()

        async def fetch() -> Shelf:
            found = await client.get_all_books(sstamp=shelf.sstamp)
            news = {book_key(book): book for book in found.books}
            changed.update(news)
            kept = {book_key(book): book for book in shelf.books} | news
            people = {one.u_c: one for one in (*shelf.contacts, *found.contacts)}
            return Shelf(
                books=[book for book in kept.values() if not book.deleted],
                contacts=list(people.values()),
                me=client.u_c,
                sstamp=found.sstamp or shelf.sstamp,
            )

        return await self._reads.fresh(self._shelf_key, fetch), frozenset(changed)

    def _tables_key(self, book: Book) -> str:
        return f"{self._connections.account('timetonic')}/tables/{book_key(book)}"

    async def summary(self, book: Book, table: Table) -> Any:
        """What a summary table holds, as the service gives it."""
        client = await self._connections.timetonic()
        return (await client.get_table_pivot_values(table.id, b_o=book.b_o)).values

    async def kept_tables(self, book: Book) -> Answer[BookTables] | None:
        """The tables of a book as an earlier read had them."""
        return await self._reads.kept(self._tables_key(book), BookTables)

    async def tables(self, book: Book) -> Answer[BookTables]:
        """The tables of a book, with those of other books that it mirrors.

        A mirrored table that this session may not see is left out and counted. Raises
        PermissionDenied where it may not see the book's own.
        """
        client = await self._connections.timetonic()

        async def fetch() -> BookTables:
            found = await client.get_book_tables(book.b_c, b_o=book.b_o, extern_views=True)
            mirrored: list[Table] = []
            failures: list[tuple[str, ServiceError]] = []
            tabs = found.mirrors()
            for tab in tabs:
                assert tab.table_id is not None  # mirrors have one
                try:
                    # The answer does not hold them: the tab itself is asked.
                    values = await client.get_table_values(
                        tab.table_id, b_o=book.b_o, tab_id=tab.id, max_rows=1
                    )
                except (NotFound, PermissionDenied, ProtocolViolation) as error:
                    failures.append((f"tab {tab.id}", error))
                else:
                    mirrored.append(values.table)
            if failures:
                left_out("mirrored tables", len(tabs), failures)
            return msgspec.structs.replace(found, mirrored=mirrored)

        return await self._reads.fresh(self._tables_key(book), fetch)
