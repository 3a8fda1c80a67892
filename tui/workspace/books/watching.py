"""What others change, write and read while one looks at the books (TimeTonic).

A pane watches while it is shown and has the focus, and only then; leaving the block ends it,
and from then on it costs nothing, neither a call nor a wake-up:

    async with desk.watching(shelf) as watching:
        watching.look_at(place, values.sstamp)     # again whenever another table is shown
        async for change in watching:
            match change:
                case BookChanged(book=book): ...        # show the book's line anew
                case MessageChanged(message=one): ...   # put it into the messages
                case ReadChanged(book=book): ...        # read elsewhere: its count of unread ones
                case RowsChanged(rows=rows): ...        # put them into the table
                case WatchState(problem=words): ...     # say it, or take back what was said

In a worker of its own that is: cancelling the worker (on blur, on suspend) is the end. A row
that one looks at has changed when it is among `rows` and differs from the one that is shown;
then the pane says so and keeps what is being typed. The rows that the person wrote come as
well, and do not differ. After `RowsChanged(whole=True)` it is not known which rows changed: the
table is to be read again.

How the news come is a setting ([timetonic] events): by asking for what changed since the last
stamp, the one cheap call that is documented; by the socket, whose protocol is partly assumed,
with asking in its place while it is broken; or not at all, and then there are none.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from types import TracebackType
from typing import Literal, Self

from tui.services.errors import AuthenticationFailed, ServiceError
from tui.services.left_out import received
from tui.services.timetonic import Book, Message, TableRow, TimeTonic
from tui.services.timetonic.happenings import (
    BookUpdated,
    FeedState,
    Happening,
    MessageArrived,
)
from tui.services.timetonic.socket import OFF, TimeTonicEvents
from tui.workspace.books.rows import Place

__all__ = [
    "BookChanged", "Change", "MessageChanged", "ReadChanged", "RowsChanged", "WatchState",
    "Watching",
]  # fmt: skip

INTERVAL = 3.5
"""Seconds between two questions: fewer than a connection rests before it is closed (Limits.idle),
else each of them would have one made anew."""
MOST_ROWS = 200
"""Changed rows that are read one by one; when there are more the table is to be read again."""


@dataclass(frozen=True)
class BookChanged:
    """Something in a book is another; `book` is its line on the shelf, `deleted` once it went."""

    book: Book


@dataclass(frozen=True)
class MessageChanged:
    """A message is new, has another text, or was deleted."""

    message: Message


@dataclass(frozen=True)
class ReadChanged:
    """Messages were read elsewhere: up to `book.last_read`, and `book.unread` are left."""

    book: Book


@dataclass(frozen=True)
class RowsChanged:
    """Rows of the table that is looked at are other than before, new, or gone."""

    place: Place
    rows: tuple[TableRow, ...] = ()
    deleted: tuple[int, ...] = ()
    whole: bool = False
    """True where it is not known which: the table is to be read again."""


@dataclass(frozen=True)
class WatchState:
    """How the news come from now on; `problem` is what is in their way, empty when nothing is."""

    mode: Literal["socket", "polling"]
    problem: str = ""


Change = BookChanged | MessageChanged | ReadChanged | RowsChanged | WatchState


class Watching:
    """Tells changes as they are noticed, while its block lasts.

    `client` None tells nothing. Iterating raises AuthenticationFailed and PermissionDenied,
    which no waiting helps against; other failures are told as a WatchState while it tries on,
    ever more slowly.
    """

    def __init__(
        self,
        client: TimeTonic | None,
        *,
        url: str | None = None,
        interval: float | None = None,
        no_socket: str = "",
    ) -> None:
        """`no_socket` says why there is no socket though one was wanted."""
        self._client = client
        self._events = (
            None
            if client is None
            else TimeTonicEvents(client, url=url, interval=interval or INTERVAL)
        )
        self._socket_wanted = url is not None
        self._no_socket = no_socket
        self._problem = ""
        self._place: Place | None = None
        self._since: int | None = None

    async def __aenter__(self) -> Self:
        if self._events is not None:
            await self._events.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._events is not None:
            await self._events.__aexit__(kind, error, trace)

    def begin_at(self, books: Iterable[Book], stamp: int | None) -> None:
        """Tell what happened since the books were read, by the stamp of that answer; before the
        block is entered. Without a stamp it is told from now on.
        """
        if self._events is not None and stamp is not None:
            self._events.begin_at(books, stamp)

    @property
    def stamp(self) -> int | None:
        """Up to where everything was told, for `begin_at` of the next watch."""
        return None if self._events is None else self._events.stamp

    def look_at(self, place: Place | None, since: int | None) -> None:
        """Whose rows are told from now on; `since` is the stamp of the rows that are shown."""
        self._place, self._since = place, since

    async def __aiter__(self) -> AsyncIterator[Change]:
        """Every change, until the block ends."""
        if self._events is None:
            return
        async for happening in self._events:
            async for change in self._changes(happening):
                yield change

    async def _changes(self, happening: Happening) -> AsyncIterator[Change]:
        if self._problem and not isinstance(happening, FeedState):
            # What was in the way no longer is.
            self._problem = ""
            yield WatchState("polling")
        match happening:
            case FeedState(mode=mode, reason=reason):
                # That there is no socket is no problem where none was wanted.
                self._problem = "" if reason == OFF and not self._socket_wanted else reason
                # Why there is no socket is told once, and stays so.
                refused, self._no_socket = self._no_socket, ""
                yield WatchState(mode, self._problem or refused)
            case MessageArrived(message=message):
                yield MessageChanged(message)
            case BookUpdated():
                async for change in self._book_changes(happening):
                    yield change

    async def _book_changes(self, updated: BookUpdated) -> AsyncIterator[Change]:
        book, before = updated.book, updated.before
        if book is None:
            book = await self._read_book(updated)
            before = None if book is None or self._events is None else self._events.remember(book)
        if book is not None:
            yield BookChanged(book)
            if before is not None and before.last_read != book.last_read:
                yield ReadChanged(book)
        place = self._place
        if place is not None and (place.tab_id is not None or _is_of(place, updated)):
            # A mirrored table lives in another book, whose name is not told.
            change = await self._row_changes(place)
            if change is not None:
                yield change

    async def _read_book(self, updated: BookUpdated) -> Book | None:
        """A book that the socket named; None where it cannot be read now."""
        assert self._client is not None  # nothing is updated without one
        try:
            return await self._client.get_book_info(updated.b_c, b_o=updated.b_o or None)
        except AuthenticationFailed:
            raise
        except ServiceError:
            return None

    async def _row_changes(self, place: Place) -> RowsChanged | None:
        """What is other in the table since it was asked for last; None for nothing."""
        client, since = self._client, self._since
        assert client is not None  # nothing is updated without one
        if since is None:
            return RowsChanged(place, whole=True)
        try:
            found = await client.list_table_rows_by_id(
                place.table.id,
                b_o=place.book.b_o,
                max_rows=MOST_ROWS + 1,
                last_modified_after=since,
            )
            if place != self._place:
                return None
            self._since = found.sstamp or since
            ids = [row.id for row in found.rows]
            if received(found.rows) != len(ids) or len(ids) > MOST_ROWS:
                return RowsChanged(place, whole=True)
            if not ids:
                return RowsChanged(place, deleted=tuple(found.deleted)) if found.deleted else None
            values = await client.get_table_values(
                place.table.id,
                b_o=place.book.b_o,
                filter_row_ids=ids,
                tab_id=place.tab_id,
                max_rows=len(ids),
            )
        except AuthenticationFailed:
            raise
        except ServiceError:
            # Not every server knows the question; reading the table again says what is wrong.
            return RowsChanged(place, whole=True)
        return RowsChanged(place, tuple(values.rows), tuple(found.deleted))


def _is_of(place: Place, updated: BookUpdated) -> bool:
    return (place.book.b_c, place.book.b_o) == (updated.b_c, updated.b_o or place.book.b_o)
