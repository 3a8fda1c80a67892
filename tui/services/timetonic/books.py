"""TimeTonic's requests about books, messages and events.

Source: seed document, "Access / Change Information via POST"; reference page, section 3.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal
from uuid import uuid4

from tui.services.arguments import aware, zone_named
from tui.services.beside import beside
from tui.services.errors import InvalidArgument, ProtocolViolation
from tui.services.operation import operation
from tui.services.reading import is_nothing, read, read_one
from tui.services.timetonic.dialect import OWN, TimeTonicDialect, ids
from tui.services.timetonic.records import (
    Book,
    BookEvents,
    Books,
    Done,
    Messages,
    Sent,
)


class BookOperations(TimeTonicDialect):
    """Books, messages, events."""

    @operation("timetonic.getAllBooks", "read")
    async def get_all_books(
        self, *, sstamp: int | None = None, b_c: str | None = None, b_o: str | None = None
    ) -> Books:
        """List the user's books and contacts.

        With `sstamp` only what changed after it; a book that went has `deleted` set.
        Source: seed document, getAllBooks; reference page, section 3.2.

        Args:
            sstamp: The stamp of an earlier answer.
            b_c: Only the book of this code.
            b_o: Only books of this owner.
        """
        form = {"sstamp": sstamp, "b_c": b_c, "b_o": b_o}
        answer = await self.call("getAllBooks", form)
        inner = answer.get("allBooks")
        if is_nothing(inner):
            inner = {}
        if isinstance(inner, dict):
            inner = {**inner, "sstamp": answer.get("sstamp", inner.get("sstamp"))}
        return read(Books, inner, "allBooks")

    @operation("timetonic.getBookInfo", "read")
    async def get_book_info(
        self, b_c: str, *, b_o: str | None = None, sstamp: int | None = None
    ) -> Book:
        """Get one book.

        Raises NotFound when it is not the user's.
        Source: seed document, getBookInfo; reference page, section 3.3.

        Args:
            b_c: The book's code.
            b_o: The book's owner; the user without it.
            sstamp: Only if changed since this server stamp.
        """
        form = {"b_c": b_c, "b_o": b_o or OWN, "sstamp": sstamp}
        answer = await self.call("getBookInfo", form)
        return read_one(Book, answer.get("book", answer.get("bookInfo")), "book")

    @operation("timetonic.getBookMessages", "read")
    async def get_book_messages(
        self,
        b_c: str,
        *,
        b_o: str | None = None,
        sstamp: int | None = None,
        smid_first: int | None = None,
        smid_last: int | None = None,
        nb_max: int | None = None,
        page: int | None = None,
        search_string: str | None = None,
    ) -> Messages:
        """List messages of a book.

        With `sstamp` only what changed after it; a message that went has `deleted` set.
        Source: seed document, getBookMessages; reference page, section 3.4.

        Args:
            b_c: The book's code.
            b_o: The book's owner; the user without it.
            sstamp: The stamp of an earlier answer.
            smid_first: From this message on.
            smid_last: Until this message.
            nb_max: How many at most.
            page: 1 is the first page.
            search_string: Only messages with this text.
        """
        form = {
            "b_c": b_c,
            "b_o": b_o or OWN,
            "sstamp": sstamp,
            "smidFirst": smid_first,
            "smidLast": smid_last,
            "nbMax": nb_max,
            "page": page,
            "search_string": search_string,
        }
        answer = await self.call("getBookMessages", form)
        if "bookMessages" not in answer:
            raise ProtocolViolation("answer.bookMessages is missing")
        return read(Messages, answer)

    @operation("timetonic.sendMsg", "write")
    async def send_msg(
        self,
        msg: str,
        *,
        b_c: str | None = None,
        b_o: str | None = None,
        msg_id: int | None = None,
        body: str | None = None,
        event_start: datetime | None = None,
        event_end: datetime | None = None,
        event_timezone: str | None = None,
        uuid: str | None = None,
        nb_docs: int | None = None,
        nb_medias: int | None = None,
    ) -> Sent:
        """Send a message to a book, or change one.

        An event is a message with a time. The document calls the unique id both uuid and uid:
        both are sent.
        Source: seed document, sendMsg; reference page, section 3.5.

        Args:
            msg: The text.
            b_c: The book's code.
            b_o: The book's owner; the user without it where a book is given.
            msg_id: The message to change; a new one without it.
            body: A longer text, as of an e-mail.
            event_start: When it takes place; makes it an event.
            event_end: When that ends; needs event_start.
            event_timezone: IANA name of the zone to show it in.
            uuid: A unique id, by which the message can be told from its echo.
            nb_docs: How many documents will follow by upload.
            nb_medias: How many images, sounds or films will follow by upload.
        """
        unique = uuid or (None if msg_id else str(uuid4()))
        form = {
            "msg": msg,
            "b_c": b_c,
            "b_o": b_o or (OWN if b_c else None),
            "msg_id": msg_id,
            "body": body,
            "event": _event(event_start, event_end, event_timezone),
            "uuid": unique,
            "uid": unique,
            "nbDocs": nb_docs,
            "nbMedias": nb_medias,
        }
        answer = await self.call("sendMsg", form)
        if msg_id is not None:
            # What was changed is known, whatever the answer calls it.
            name = "createMessageId"
            told = answer.get(name) or msg_id
            answer[name] = beside(lambda: read(int, told, f"answer.{name}"), name, msg_id)
        return read(Sent, answer)

    @operation("timetonic.deleteMsg", "destructive", idempotent=True)
    async def delete_msg(self, msg_id: int, b_c: str, *, b_o: str | None = None) -> Done:
        """Delete a message.

        Source: seed document, deleteMsg, whose form leaves out the session key and whose
        example leaves out the message: all are sent.

        Args:
            msg_id: The message's smid.
            b_c: The book's code.
            b_o: The book's owner; the user without it.
        """
        form = {"msg_id": msg_id, "b_c": b_c, "b_o": b_o or OWN}
        return read(Done, await self.call("deleteMsg", form))

    @operation("timetonic.getBookEvents", "read")
    async def get_book_events(
        self,
        b_c: str,
        *,
        b_o: str | None = None,
        date_min: date | None = None,
        date_max: date | None = None,
        limit: int | None = None,
        page: int | None = None,
        events_ids: list[int] | None = None,
        participants: list[str] | None = None,
    ) -> BookEvents:
        """List events of a book.

        The shape of the answer is not documented.
        Source: seed document, getBookEvents; reference page, section 3.5.

        Args:
            b_c: The book's code.
            b_o: The book's owner; the user without it.
            date_min: From this day on.
            date_max: Until this day.
            limit: How many at most.
            page: 1 is the first page.
            events_ids: Only these events.
            participants: Only events with one of these users.
        """
        form = {
            "b_c": b_c,
            "b_o": b_o or OWN,
            "dateMin": None if date_min is None else date_min.isoformat(),
            "dateMax": None if date_max is None else date_max.isoformat(),
            "limit": limit,
            "page": page,
            "events_ids": ids(events_ids),
            "participants": None if participants is None else ",".join(participants),
        }
        return read(BookEvents, await self.call("getBookEvents", form))

    @operation("timetonic.markBooksMessagesAsRead", "write", idempotent=True)
    async def mark_books_messages_as_read(
        self,
        b_c: str | None = None,
        *,
        b_o: str | None = None,
        smid: int | None = None,
        books: list[dict[str, Any]] | None = None,
    ) -> Done:
        """Mark messages as read: of one book, of several, or of all.

        The parameters are not documented; these are our assumption.
        Source: seed document, index; reference page, section 3.5.

        Args:
            b_c: The book's code; all books without it and without `books`.
            b_o: The book's owner; the user without it.
            smid: Up to this message; all without it.
            books: Several books, each {b_c, b_o} and perhaps smid.
        """
        owner = b_o or (OWN if b_c else None)
        form = {"b_c": b_c, "b_o": owner, "smid": smid, "books": books}
        return read(Done, await self.call("markBooksMessagesAsRead", form))

    @operation("timetonic.copyOrMoveMessage", "write")
    async def copy_or_move_message(
        self,
        msg_id: int,
        to_b_c: str,
        *,
        to_b_o: str | None = None,
        action: Literal["copy", "move"] = "copy",
    ) -> Done:
        """Copy or move a message to another book.

        The parameters are not documented; these are our assumption.
        Source: seed document, index; reference page, section 3.5.

        Args:
            msg_id: The message's smid.
            to_b_c: The code of the book that gets it.
            to_b_o: That book's owner; the user without it.
            action: Whether the message stays where it is too.
        """
        form = {"msg_id": msg_id, "to_b_c": to_b_c, "to_b_o": to_b_o or OWN, "action": action}
        return read(Done, await self.call("copyOrMoveMessage", form))


def _event(
    start: datetime | None, end: datetime | None, timezone: str | None
) -> dict[str, Any] | None:
    if start is None:
        if end is not None or timezone is not None:
            raise InvalidArgument("an event needs event_start")
        return None
    begins = int(aware("event_start", start).timestamp())
    ends = begins if end is None else int(aware("event_end", end).timestamp())
    if ends < begins:
        raise InvalidArgument("event_end is before event_start")
    zone = zone_named("event_timezone", timezone or "Europe/Paris")
    return {"eventStart": begins, "eventEnd": ends, "eventTimezone": zone.key}
