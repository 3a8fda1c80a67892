"""What is said in a book: messages, events, files; sent, changed, deleted, marked as read."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import partial

import msgspec

from tui.services.left_out import received
from tui.services.timetonic import Attachment, Book, BookEvent, Message
from tui.workspace.books.waiting import MessageChange, messages_waiting
from tui.workspace.changes.history import History
from tui.workspace.connections.connections import Connections
from tui.workspace.html_text import plain_text
from tui.workspace.reads import Answer, Reads

__all__ = [
    "Attachment", "Book", "BookEvent", "EventGiven", "Events", "Message", "MessageChange", "Talk",
    "TalkDesk", "opening", "quoted", "title_of",
]  # fmt: skip

PAGE = 100
"""Messages of a request."""
EVENTS_BEFORE = timedelta(days=30)
EVENTS_AFTER = timedelta(days=365)
MOST_EVENTS = 500


class Talk(msgspec.Struct, frozen=True, kw_only=True):
    """The newest messages of a book, the newest last."""

    messages: list[Message]
    pages: int
    more: bool
    """Whether there most likely are older ones."""

    @property
    def files(self) -> list[tuple[Message, Attachment]]:
        """What is attached to these messages, the newest first."""
        return [
            (message, one)
            for message in reversed(self.messages)
            for one in (*message.docs, *message.medias)
            if not one.deleted
        ]


class Events(msgspec.Struct, frozen=True, kw_only=True):
    """Events of a book, the earliest first."""

    events: list[BookEvent]
    first: date
    last: date


class EventGiven(msgspec.Struct, frozen=True, kw_only=True):
    """What a person wants an event to be."""

    text: str
    start: datetime
    end: datetime | None
    timezone: str | None
    """IANA name of the zone to show it in; the service's own without one."""


def opening(message: Message, most: int = 40) -> str:
    """The beginning of a message, by which a person knows it again."""
    return _beginning(message.text or message.body, most)


def title_of(event: BookEvent, most: int = 40) -> str:
    """The beginning of an event's text."""
    return _beginning(event.text, most) or "event"


def _beginning(text: str, most: int) -> str:
    text = " ".join(plain_text(text).split())
    return text if len(text) <= most else text[: most - 1] + "…"


QUOTED_LINES = 20
"""Lines of a message that an answer quotes at most; it says that there were more."""


def quoted(message: Message, author: str, when: str) -> str:
    """A message as an answer to it begins: who wrote when, every line behind a `>`, and a line to
    go on with.
    """
    lines = plain_text(message.text or message.body).strip("\n").split("\n")
    more = ["> …"] if len(lines) > QUOTED_LINES else []
    said = [f"> {line}".rstrip() for line in lines[:QUOTED_LINES]]
    return "\n".join((f"{author}, {when}:", *said, *more, "", ""))


class TalkDesk:
    """The use cases around a book's messages."""

    def __init__(self, connections: Connections, reads: Reads, history: History) -> None:
        self._connections = connections
        self._reads = reads
        self._history = history

    async def may_write(self, book: Book) -> bool:
        """Whether the user may write messages and events in a book, as far as that is told."""
        client = await self._connections.timetonic()
        return may_write(book, client.u_c)

    def _key(self, book: Book, kind: str) -> str:
        account = self._connections.account("timetonic")
        return f"{account}/{kind}/{book.b_o}/{book.b_c}"

    async def kept_talk(self, book: Book) -> Answer[Talk] | None:
        """The messages of an earlier read, at once."""
        return await self._reads.kept(self._key(book, "talk"), Talk)

    async def talk(self, book: Book, *, pages: int = 1) -> Answer[Talk]:
        """The newest messages, `pages` requests of them."""
        client = await self._connections.timetonic()

        async def fetch() -> Talk:
            found: dict[int, Message] = {}
            more = True
            for page in range(1, pages + 1):
                answer = await client.get_book_messages(
                    book.b_c, b_o=book.b_o, nb_max=PAGE, page=page
                )
                found |= {message.smid: message for message in answer.messages}
                more = received(answer.messages) >= PAGE
                if not more:
                    break
            shown = [message for message in found.values() if not message.deleted]
            return Talk(messages=sorted(shown, key=_age), pages=pages, more=more)

        return await self._reads.fresh(self._key(book, "talk"), fetch)

    async def events(self, book: Book) -> Answer[Events]:
        """What took place in the last month and what takes place within a year."""
        client = await self._connections.timetonic()
        today = datetime.now(UTC).date()
        first, last = today - EVENTS_BEFORE, today + EVENTS_AFTER

        async def fetch() -> Events:
            answer = await client.get_book_events(
                book.b_c, b_o=book.b_o, date_min=first, date_max=last, limit=MOST_EVENTS
            )
            shown = [event for event in answer.events if not event.deleted]
            never = datetime.max.replace(tzinfo=UTC)
            return Events(
                events=sorted(shown, key=lambda event: event.start or never),
                first=first,
                last=last,
            )

        return await self._reads.fresh(self._key(book, "events"), fetch)

    async def kept_events(self, book: Book) -> Answer[Events] | None:
        """The events of an earlier read, at once."""
        return await self._reads.kept(self._key(book, "events"), Events)

    async def send(self, book: Book, text: str) -> int:
        """Send a message; its smid. Undo deletes it again."""
        client = await self._connections.timetonic()
        sent = await self._history.write(
            f"Send a message to {book.title}",
            partial(client.send_msg, text, b_c=book.b_c, b_o=book.b_o),
        )
        return sent.smid

    async def change(self, book: Book, message: Message, text: str) -> None:
        """Give one's own message another text; undo gives it the old one."""
        client = await self._connections.timetonic()
        await self._history.write(
            f"Change the message “{opening(message)}”",
            partial(client.send_msg, text, b_c=book.b_c, b_o=book.b_o, msg_id=message.smid),
            seen={"msg": message.text},
        )

    async def pass_on(self, book: Book, message: Message, to: Book, *, move: bool) -> None:
        """Copy or move a message to another book; undo deletes the copy, or moves it back."""
        client = await self._connections.timetonic()
        await self._history.write(
            f"{'Move' if move else 'Copy'} the message “{opening(message)}” to {to.title}",
            partial(
                client.copy_or_move_message,
                message.smid,
                to.b_c,
                to_b_o=to.b_o,
                action="move" if move else "copy",
            ),
            about={"b_c": book.b_c, "b_o": book.b_o},
        )

    async def add_event(self, book: Book, event: EventGiven) -> int:
        """Send an event; its smid. Undo deletes it again."""
        client = await self._connections.timetonic()
        sent = await self._history.write(
            f"Add the event “{event.text[:40]}” to {book.title}",
            partial(
                client.send_msg, event.text, b_c=book.b_c, b_o=book.b_o,
                event_start=event.start, event_end=event.end, event_timezone=event.timezone,
            ),
        )  # fmt: skip
        return sent.smid

    async def change_event(self, book: Book, event: BookEvent, given: EventGiven) -> None:
        """Give an event another text or time; undo gives it the old ones. `event` is as the person
        saw it.
        """
        client = await self._connections.timetonic()
        await self._history.write(
            f"Change the event “{title_of(event)}”",
            partial(
                client.send_msg, given.text, b_c=book.b_c, b_o=book.b_o, msg_id=event.id,
                event_start=given.start, event_end=given.end, event_timezone=given.timezone,
            ),
            seen={
                "msg": event.text,
                "event_start": event.start,
                "event_end": event.end,
                "event_timezone": event.timezone or None,
            },
        )  # fmt: skip

    async def delete_event(self, book: Book, event: BookEvent) -> None:
        """Delete an event; undo sends it again, as a new one. Raises ValueError without its id."""
        if event.id is None:
            raise ValueError("the service did not tell which message this event is")
        client = await self._connections.timetonic()
        await self._history.write(
            f"Delete the event “{title_of(event)}”",
            partial(client.delete_msg, event.id, book.b_c, b_o=book.b_o),
            seen={"msg": event.text},
        )

    async def delete(self, book: Book, message: Message) -> None:
        """Delete a message. Where it is nothing but text, undo sends that as a new message."""
        client = await self._connections.timetonic()
        await self._history.write(
            f"Delete the message “{opening(message)}”",
            partial(client.delete_msg, message.smid, book.b_c, b_o=book.b_o),
            seen={"msg": message.text},
        )

    async def waiting(self, book: Book) -> list[MessageChange]:
        """What is not settled of this book's messages, in the order in which it was begun."""
        owner = self._connections.account("timetonic")
        return messages_waiting(await self._history.outbox.still_open(), owner, book)

    @property
    def marks_on_open(self) -> bool:
        """Whether messages count as read once they are looked at, or only by a person's key."""
        return self._connections.settings.timetonic.mark_read == "on open"

    async def mark_read(self, book: Book, until: int, *, unasked: bool = False) -> None:
        """The user has seen the messages up to this one; nothing makes them unread again.

        `unasked` is what the program does while one looks: undo passes it over.
        """
        client = await self._connections.timetonic()
        await self._history.write(
            f"Mark {book.title} as read",
            partial(client.mark_books_messages_as_read, book.b_c, b_o=book.b_o, smid=until),
            unasked=unasked,
        )


READS = 1
"""The right of a member who may only read. No document says what the numbers mean, public samples
have 4 alone: that the lowest only reads is assumed, so that nobody is kept from trying."""


def may_write(book: Book, me: str) -> bool:
    """Whether a user may write messages and events in a book. Unless told otherwise, they may."""
    own = next((member for member in book.members if member.u_c == me), None)
    return own is None or own.right != READS


def comes_back(message: Message) -> bool:
    """Whether sending the text again brings back all that there was of a message."""
    return bool(message.text) and not (
        message.docs or message.medias or message.body or message.type == "e"
    )


def _age(message: Message) -> tuple[float, int]:
    return message.created.timestamp() if message.created else 0.0, message.smid
