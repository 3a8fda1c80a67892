"""News by asking: what has changed since the last stamp, as the socket would have told it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable

from tui.services.errors import PermissionDenied
from tui.services.timetonic.books import BookOperations
from tui.services.timetonic.happenings import BookUpdated, Happening, MessageArrived
from tui.services.timetonic.records import Book

REMEMBERED = 2000


class Polling:
    """Asks for the books that changed after the last stamp, and for their messages.

    Source: reference page, section 6: the stamp of one answer is sent back with the next.
    """

    def __init__(self, client: BookOperations) -> None:
        self._client = client
        self._stamp: int | None = None
        self._told: dict[tuple[object, ...], None] = {}
        self._books: dict[tuple[str, str], Book] = {}

    async def begin(self) -> None:
        """Take the present as the beginning; later calls change nothing."""
        if self._stamp is None:
            found = await self._client.get_all_books()
            for book in found.books:
                self.remember(book)
            self._stamp = found.sstamp or 0

    def begin_at(self, books: Iterable[Book], stamp: int) -> None:
        """Begin where the books were read, with the stamp of that answer."""
        for book in books:
            self.remember(book)
        self._stamp = stamp

    @property
    def stamp(self) -> int | None:
        """Up to where everything was told; None before the beginning."""
        return self._stamp

    def remember(self, book: Book) -> Book | None:
        """Keep a book as it is now; answers how it was known before."""
        key = (book.b_o, book.b_c)
        before = self._books.get(key)
        self._books[key] = book
        return before

    async def news(self) -> AsyncIterator[Happening]:
        """What has changed since the last time, each thing once."""
        await self.begin()
        since = self._stamp
        answer = await self._client.get_all_books(sstamp=since)
        for book in answer.books:
            updated = BookUpdated(
                b_c=book.b_c,
                b_o=book.b_o,
                sstamp=book.sstamp,
                book=book,
                before=self.remember(book),
            )
            for happening in self.untold([updated]):
                yield happening
            if book.deleted:
                continue
            try:
                found = await self._client.get_book_messages(book.b_c, b_o=book.b_o, sstamp=since)
            except PermissionDenied:
                # A session may be kept from messages; that the book changed is known all the same.
                continue
            by_age = sorted(found.messages, key=lambda message: message.smid)
            for happening in self.untold(MessageArrived(message=message) for message in by_age):
                yield happening
        # Only now: whoever breaks off in between is told again instead of never.
        self._stamp = answer.sstamp or since

    def untold(self, happenings: Iterable[Happening]) -> list[Happening]:
        """Those that were not told yet; the socket and polling overlap when one takes over."""
        fresh: list[Happening] = []
        for happening in happenings:
            key = _key(happening)
            if key is None:
                fresh.append(happening)
            elif key not in self._told:
                self._told[key] = None
                fresh.append(happening)
                if len(self._told) > REMEMBERED:
                    del self._told[next(iter(self._told))]
        return fresh


def _key(happening: Happening) -> tuple[object, ...] | None:
    match happening:
        case MessageArrived(message=message) if message.sstamp is not None:
            return "message", message.smid, message.sstamp
        case BookUpdated(b_c=b_c, b_o=b_o, sstamp=stamp) if stamp is not None:
            return "book", b_c, b_o, stamp
    return None
