"""What of a book stands beside its table: read, heard of, shown."""

from __future__ import annotations

from asyncio import Lock
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from textual.message import Message

from tui.screens.books.amounts import waiting_text
from tui.screens.books.book_pane import BookPane
from tui.screens.books.items import (
    OLDER,
    Teller,
    event_items,
    file_items,
    message_items,
    new_items,
)
from tui.screens.books.lines import Item, ItemLines
from tui.spoken_keys import key_for, with_keys
from tui.words import counted
from tui.workspace.workspace import Workspace

if TYPE_CHECKING:
    from tui.workspace.books.agenda import Planned
    from tui.workspace.books.books import Book, Shelf
    from tui.workspace.books.talk import BookEvent, Events, MessageChange, Talk, TalkDesk
    from tui.workspace.books.talk import Message as BookMessage

Kind = Literal["messages", "events", "files"]
EMPTY: dict[Kind, str] = {
    "messages": "No message yet. <books.message> writes the first.",
    "events": "No event in the last month or the year to come. <books.add_row> adds one.",
    "files": "No file among the messages that are loaded. <books.add_row> sends one.",
}


class SaidPane(BookPane):
    """What is said in one book, what takes place, and its files, as they are shown."""

    class KeysChanged(Message):
        """What can be done here is something else now."""

    def __init__(self, workspace: Workspace) -> None:
        # Not `lines`: that is how ..._lines are called that a pane draws itself.
        self.talk_lines = ItemLines(id="talk")
        super().__init__(workspace, self.talk_lines, "Messages", id="side")
        self.kind: Kind = "messages"
        self.book: Book | None = None
        self._shelf: Shelf | None = None
        self._talk: Talk | None = None
        self._waiting: list[MessageChange] = []
        self._taking = Lock()
        """What is not settled of the messages."""
        self._events: Events | None = None
        self._as_of: datetime | None = None
        self._pages = 1
        self._unread_after: int | None = None
        self._wanted = ""
        self.filter_text = ""
        """What is typed to narrow what is shown."""

    @property
    def desk(self) -> TalkDesk:
        """The use cases."""
        return self.workspace.books.talk

    @property
    def book_here(self) -> Book | None:
        """The book whose messages these are."""
        return self.book

    # -- loading ------------------------------------------------------------------------------

    def open(self, book: Book, kind: Kind | None = None) -> None:
        """Show another book, or another kind of things of it."""
        kind = kind or self.kind
        if not self._is_here(book):
            self._talk = self._events = self._as_of = None
            self._waiting = []
            self._pages = 1
            self._unread_after = book.last_read
        elif kind == self.kind and self._stands():
            return
        self._take_off_filter()
        self.book, self.kind = book, kind
        self._show_items(at_start=True)
        self._tell_keys()
        self.reload()

    def _is_here(self, book: Book) -> bool:
        from tui.workspace.books.books import book_key

        return self.book is not None and book_key(self.book) == book_key(book)

    def know(self, shelf: Shelf) -> None:
        """The books as they are now: whose names are known, and what this one is like."""
        from tui.workspace.books.books import book_key

        self._shelf, before = shelf, self.book
        self.book = (shelf.find(book_key(before)) if before else None) or before
        changed = before is not None and self.book is not None and before.sstamp != self.book.sstamp
        if changed and self.kind == "events" and self._stands():
            # Nobody tells of an event itself.
            self.reload()

    def reload(self) -> None:
        """Ask the service again; what is shown stays until the answer is here."""
        book = self.book
        self._is_other = False
        if book is not None:
            self.load(
                f"Loading the {self.kind} of {book.title}", self._load_kind,
                has_content=self._stands,
            )  # fmt: skip

    def _stands(self) -> str:
        there = self._events if self.kind == "events" else self._talk
        return "" if there is None else self.as_of(self._as_of)

    async def _load_kind(self) -> None:
        book, kind = self.book, self.kind
        if book is None:
            return
        # At once: without a network nothing more comes.
        await self._take_waiting(book)
        if kind == "events":
            kept_events = None if self._events else await self.desk.kept_events(book)
            if kept_events is not None:
                self._events, self._as_of = kept_events.value, kept_events.as_of
                self._show_items(at_start=True)
                self.show_content()
            found = await self.desk.events(book)
            first, self._events, self._as_of = self._events is None, found.value, found.as_of
            self._show_items(at_start=first)
            self._give_up_wanted()
            return
        if self._talk is None:
            kept = await self.desk.kept_talk(book)
            if kept is not None:
                self._talk, self._as_of = kept.value, kept.as_of
                self._show_items(at_start=True)
                self.show_content()
        answer = await self.desk.talk(book, pages=self._pages)
        before, self._talk, self._as_of = self._talk, answer.value, answer.as_of
        if before is None or before.messages != self._talk.messages:
            self._show_items(at_start=before is None or self._at_end())
        if self._wanted and answer.value.more and kind == "messages":
            self._pages += 1
            self.reload()
            return
        self._give_up_wanted()
        if self.talk_lines.has_focus:
            self._seen()

    def reveal(self, key: str) -> None:
        """Put the cursor on an item, now or once it is loaded; older messages are, for that."""
        self._wanted = key
        self._take_off_filter()
        if self._stands():
            self._show_items()
            if self._wanted:
                # It is older than what was read, newer, or gone.
                self.reload()

    def _give_up_wanted(self) -> None:
        if self._wanted:
            self._wanted = ""
            self.flash(f"It is not among the {self.kind} any more.", "warn")

    async def look_at_waiting(self) -> None:
        """Show what is not settled of the messages; what has been settled is read anew."""
        book = self.book
        if book is not None and await self._take_waiting(book):
            self.reload()

    async def _take_waiting(self, book: Book) -> bool:
        """Show what is not settled; whether something of it has been settled since. One after the
        other: what was asked earlier is never shown over what is known by now."""
        async with self._taking:
            waiting = await self.desk.waiting(book)
            if not self._is_here(book) or waiting == self._waiting:
                return False
            settled = bool({one.id for one in self._waiting} - {one.id for one in waiting})
            self._waiting = waiting
            self._show_items(at_start=self.kind == "messages" and self._at_end())
            return settled

    def _at_end(self) -> bool:
        return self.talk_lines.cursor_row >= self.talk_lines.row_count - 2

    def hear(self, message: BookMessage) -> None:
        """Somebody has written, changed or deleted a message."""
        book, shelf = self.book, self._shelf
        if book is not None and (message.b_c, message.b_o or book.b_o) == (book.b_c, book.b_o):
            self.reload()
        theirs = shelf is None or message.author != shelf.me
        if theirs and not message.deleted:
            from tui.workspace.books.talk import opening

            said = Teller(shelf, self.workspace.zone).name(message.author)
            where = next(
                (one for one in (shelf.books if shelf else ()) if one.b_c == message.b_c), None
            )
            there = f" in {shelf.title(where)}" if shelf is not None and where is not None else ""
            self.flash(f"{said}{there}: “{opening(message)}”")

    # -- showing ------------------------------------------------------------------------------

    def _show_items(self, *, at_start: bool = False) -> None:
        book = self.book
        if book is None:
            return
        key = "" if at_start else self.talk_lines.key
        everything = self._items()
        items = self.narrowed(everything)
        self.talk_lines.empty_text = with_keys(EMPTY[self.kind])
        if everything and not items:
            of = f"{counted(len(everything), self.kind[:-1])} that are loaded"
            self.talk_lines.empty_text = (
                f"None of {of} holds it. {key_for('books.back')} shows all."
            )
        if any(self._wanted == item.key for item in items):
            at_start, key, self._wanted = False, self._wanted, ""
        self.talk_lines.show(items, at_end=at_start and self.kind == "messages", key=key)
        title = self._shelf.title(book) if self._shelf is not None else book.title
        self.show_title(f"{self.kind.title()} · {title}", self._count_text(items, everything))

    def narrow(self, text: str) -> None:
        """Show only what holds a text."""
        if text != self.filter_text:
            self.filter_text = text
            self._show_items()

    def narrowed(self, items: list[Item]) -> list[Item]:
        """What of it is shown."""
        return items

    def _take_off_filter(self) -> None:
        self.take_back_filter()
        self.filter_text = ""

    def _count_text(self, items: list[Item], everything: list[Item]) -> str:
        talk = self._talk
        if self.filter_text.strip() and self._stands():
            shown, whole = (
                [one for one in some if one.key != OLDER] for some in (items, everything)
            )
            more = " loaded" if self.kind != "events" and talk is not None and talk.more else ""
            return f"{len(shown):,} of {len(whole):,}{more}"
        if self.kind == "messages" and talk is not None and self.book is not None:
            count, waiting = len(talk.messages), waiting_text(self._waiting)
            of = f" of {max(count, self.book.message_count):,}" if talk.more else ""
            return f"{count:,}{of}{waiting and ' · '}{waiting}"
        if self.kind == "events" and self._events is not None:
            there = [one.change for one in self.planned if one.change is not None]
            waiting = waiting_text(there)
            return f"{len(self._events.events):,}{waiting and ' · '}{waiting}"
        return f"{len(items):,}" if self._stands() else ""

    @property
    def planned(self) -> list[Planned]:
        """The events as they will be, with what of them the service does not have yet."""
        from tui.workspace.books.agenda import planned

        return planned(self._events.events if self._events else [], self._waiting)

    def _items(self) -> list[Item]:
        teller = Teller(self._shelf, self.workspace.zone)
        if self.kind == "events":
            return event_items(self.planned, teller)
        if self._talk is None:
            return new_items(self._waiting, teller) if self.kind == "messages" else []
        if self.kind == "files":
            return file_items(self._talk, teller)
        return message_items(self._talk, teller, self._unread_after, self._waiting)

    # -- what the cursor is on ------------------------------------------------------------------

    @property
    def message(self) -> BookMessage | None:
        """The message under the cursor."""
        if self.kind != "messages" or self._talk is None:
            return None
        key = self.talk_lines.key
        return next((one for one in self._talk.messages if str(one.smid) == key), None)

    @property
    def event(self) -> BookEvent | None:
        """The event under the cursor."""
        events, key = self._events, self.talk_lines.key
        if self.kind != "events" or events is None:
            return None
        return next((one for one in events.events if f"event:{one.id}" == key), None)

    @property
    def text(self) -> str:
        """What the cursor is in, as plain text to read or copy."""
        item = next((one for one in self._items() if one.key == self.talk_lines.key), None)
        return "" if item is None else "\n".join(line.text for line in item.paragraphs).strip()

    # -- what happens -------------------------------------------------------------------------

    def _tell_keys(self) -> None:
        if self.has_focus_within:
            self.post_message(self.KeysChanged())

    def _seen(self) -> None:
        """A person is in the pane, and what is new was shown."""
