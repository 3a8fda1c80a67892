"""The pane of a book's messages, events and files."""

from __future__ import annotations

from asyncio import Lock
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Literal

from textual import events, on
from textual.message import Message

from tui.commands import Command
from tui.screens.books.book_pane import BookPane
from tui.screens.books.items import (
    OLDER,
    Teller,
    event_items,
    file_items,
    file_key,
    message_items,
    new_items,
)
from tui.screens.books.lines import Item, ItemLines
from tui.screens.books.opened import waiting_text
from tui.workspace.workspace import Workspace

if TYPE_CHECKING:
    from tui.workspace.books.books import Book, Shelf
    from tui.workspace.books.talk import Events, MessageChange, Talk, TalkDesk
    from tui.workspace.books.talk import Message as BookMessage

Kind = Literal["messages", "events", "files"]
KINDS: tuple[Kind, ...] = ("messages", "events", "files")
EMPTY: dict[Kind, str] = {
    "messages": "No message yet. m writes the first.",
    "events": "No event in the last month or the year to come.",
    "files": "No file among the messages that are loaded.",
}
ABOUT_MESSAGES = ("edit", "delete_row", "mark_read")
"""Names of commands that mean nothing among events and files."""


class SidePane(BookPane):
    """What is said in one book, what takes place, and its files."""

    KEYS: ClassVar[Mapping[str, str]] = {
        "open": "", "message": "", "edit": "", "delete_row": "", "mark_read": "", "kind": "",
        "copy": "",
    }  # fmt: skip
    ANYWHERE = frozenset({"kind"})
    CONCERNS = frozenset(
        {"timetonic.sendMsg", "timetonic.deleteMsg", "timetonic.copyOrMoveMessage"}
    )

    class WasRead(Message):
        """The messages of a book were marked as read."""

        def __init__(self, book: Book) -> None:
            super().__init__()
            self.book = book

    class ShowWanted(Message):
        """A person wants to see this pane, which is hidden."""

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
        if kind == "events":
            found = await self.desk.events(book)
            self._events, self._as_of = found.value, found.as_of
            self._show_items(at_start=True)
            self._give_up_wanted()
            return
        # At once: without a network nothing more comes.
        await self._take_waiting(book)
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
        if self._stands():
            self._show_items()

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
            self._show_items(at_start=self._at_end())
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
        self.talk_lines.empty_text = EMPTY[self.kind]
        items = self._items()
        if any(self._wanted == item.key for item in items):
            at_start, key, self._wanted = False, self._wanted, ""
        self.talk_lines.show(items, at_end=at_start and self.kind == "messages", key=key)
        title = self._shelf.title(book) if self._shelf is not None else book.title
        self.show_title(f"{self.kind.title()} · {title}", self._count_text(len(items)))

    def _count_text(self, shown: int) -> str:
        talk = self._talk
        if self.kind == "messages" and talk is not None and self.book is not None:
            count, waiting = len(talk.messages), waiting_text(self._waiting)
            of = f" of {max(count, self.book.message_count):,}" if talk.more else ""
            return f"{count:,}{of}{waiting and ' · '}{waiting}"
        return f"{shown:,}" if self._stands() else ""

    def _items(self) -> list[Item]:
        teller = Teller(self._shelf, self.workspace.zone)
        if self.kind == "events":
            return [] if self._events is None else event_items(self._events, teller)
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
    def text(self) -> str:
        """What the cursor is in, as plain text to read or copy."""
        item = next((one for one in self._items() if one.key == self.talk_lines.key), None)
        return "" if item is None else "\n".join(line.text for line in item.paragraphs).strip()

    # -- what a person does -------------------------------------------------------------------

    def offer(self, command: Command) -> Command | None:
        """Events and files cannot be changed here."""
        if self.kind != "messages" and command.name in ABOUT_MESSAGES:
            return None
        return super().offer(command)

    def _tell_keys(self) -> None:
        if self.has_focus_within:
            self.post_message(self.KeysChanged())

    class KeysChanged(Message):
        """What can be done here is something else now."""

    @on(ItemLines.Chosen)
    async def _item_chosen(self, message: ItemLines.Chosen) -> None:
        message.stop()
        await self.perform("open")

    async def command_open(self) -> None:
        """Older messages, a message in full, or a file."""
        if self.talk_lines.key == OLDER:
            self._pages += 1
            self.reload()
        elif self.kind == "files":
            await self._save_file()
        elif text := self.text:
            from tui.widgets.viewer import Viewer

            await self.ask(Viewer(self.kind.title()[:-1], text))

    async def _save_file(self) -> None:
        from tui.screens.books.messages import save_file

        files, key = [] if self._talk is None else self._talk.files, self.talk_lines.key
        found = next((file for message, file in files if file_key(message, file) == key), None)
        if found is not None:
            await save_file(self, self.desk, found)

    async def command_edit(self) -> None:
        """Give one's own message another text."""
        from tui.screens.books.messages import change_message

        message, shelf = self.message, self._shelf
        if self.book is None or message is None or shelf is None:
            self.flash("There is no message under the cursor.", "warn")
        elif message.author != shelf.me:
            self.flash("Only one's own messages can be changed.", "warn")
        elif await change_message(self, self.desk, self.book, message):
            self.reload()

    async def command_delete_row(self) -> None:
        """Delete one's own message."""
        from tui.screens.books.messages import delete_message

        message, shelf = self.message, self._shelf
        if self.book is None or message is None or shelf is None:
            self.flash("There is no message under the cursor.", "warn")
        elif shelf.me not in (message.author, self.book.b_o):
            self.flash("Only one's own messages can be deleted.", "warn")
        else:
            from tui.workspace.changes.errors import Conflict

            try:
                deleted = await delete_message(self, self.desk, self.book, message)
            except Conflict:
                # Who deletes again has seen theirs.
                self.reload()
                raise
            if deleted:
                self.reload()

    def command_mark_read(self) -> None:
        """What is shown of the book's messages counts as read."""
        self._mark_read()

    def _mark_read(self, *, unasked: bool = False) -> None:
        book, talk = self.book, self._talk
        if book is None or talk is None or not talk.messages or not book.unread:
            self.flash("Nothing is new here.")
            return
        until = max(message.smid for message in talk.messages)

        async def mark() -> str | None:
            await self.desk.mark_read(book, until, unasked=unasked)
            self.post_message(self.WasRead(book))
            return None

        self.act(mark)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """The person is in the pane."""
        if event.widget is self.talk_lines:
            self._seen()

    def _seen(self) -> None:
        """What is new counts as read once a person is in the pane, where that is wanted."""
        if (
            self.kind == "messages" and self._talk is not None and self.book is not None
            and self.book.unread and self.desk.marks_on_open
            and not self.workspace.settings.deck.read_only
        ):  # fmt: skip
            self._mark_read(unasked=True)

    async def command_copy(self) -> None:
        """Copy the message, the event or the file's name."""
        text = self.text
        if text:
            await self.copy(text)
        else:
            self.flash("There is nothing to copy here.")

    def command_kind(self) -> None:
        """Messages, then events, then files; the first time that the pane is wanted it comes."""
        if self.display:
            self.next_kind()
        else:
            self.post_message(self.ShowWanted())

    def next_kind(self) -> None:
        """Messages, then events, then files."""
        if self.book is None:
            self.flash("Choose a book first.", "warn")
        else:
            self.open(self.book, KINDS[(KINDS.index(self.kind) + 1) % len(KINDS)])

    def show_newest(self, book: Book) -> None:
        """Something was sent to a book: go to its newest message."""
        self.talk_lines.action_cursor_last()
        if self._is_here(book) and self.kind == "messages":
            self.reload()
        else:
            self.open(book, "messages")
