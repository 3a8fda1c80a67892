"""The pane of a book's messages, events and files."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.message import Message

from tui.commands import Command
from tui.screens.books.items import OLDER, event_key, file_key
from tui.screens.books.lines import ItemLines
from tui.screens.books.said import Kind
from tui.screens.books.searching import SearchedPane

if TYPE_CHECKING:
    from tui.workspace.books.books import Book

__all__ = ["Kind", "SidePane"]

KINDS: tuple[Kind, ...] = ("messages", "events", "files")
ABOUT: Mapping[str, tuple[Kind, ...]] = {
    "reply": ("messages",),
    "pass_on": ("messages",),
    "mark_read": ("messages",),
    "edit": ("messages", "events"),
    "delete_row": ("messages", "events"),
    "add_row": ("files", "events"),
    "view": ("events",),
}
"""Names of commands that mean something among these kinds alone."""
CALLED: Mapping[tuple[Kind, str], tuple[str, str]] = {
    ("files", "add_row"): ("Send file", "Send a file to this book."),
    ("events", "add_row"): ("New event", "Add an event to this book."),
    ("events", "edit"): ("Edit", "Give the event another text or time."),
    ("events", "delete_row"): ("Delete", "Delete the event."),
    ("events", "view"): ("Month", "The events by the month."),
}
"""What they are called there."""


class SidePane(SearchedPane):
    """What is said in one book, what takes place, and its files."""

    KEYS: ClassVar[Mapping[str, str]] = {
        "open": "", "message": "", "reply": "", "add_row": "", "view": "", "edit": "",
        "delete_row": "", "filter": "", "mark_read": "", "kind": "", "pass_on": "", "copy": "",
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

    # -- what a person does -------------------------------------------------------------------

    def offer(self, command: Command) -> Command | None:
        """What can be done with things of the kind that is shown, as it is called there."""
        if self.kind not in ABOUT.get(command.name, KINDS):
            return None
        offered, called = super().offer(command), CALLED.get((self.kind, command.name))
        if offered is not None and called is not None:
            return offered._replace(title=called[0], help=called[1])
        return offered

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
            await self._take_file()
        elif text := self.text:
            from tui.widgets.viewer import Viewer

            await self.ask(Viewer(self.kind.title()[:-1], text))

    async def _take_file(self) -> None:
        from tui.screens.books.files import take_file

        files, key = [] if self._talk is None else self._talk.files, self.talk_lines.key
        found = next((file for message, file in files if file_key(message, file) == key), None)
        if found is not None:
            await take_file(self, self.workspace.books.files, found)

    async def command_add_row(self) -> None:
        """Send a file to the book, or add an event to it."""
        book = self.book
        if book is None:
            self.flash("Choose a book first.", "warn")
        elif self.kind == "events":
            await self._add_event(book)
        else:
            from tui.screens.books.files import attach

            if await attach(self, self.workspace.books.files, book):
                self.post_message(self.Sent(book))

    async def _add_event(self, book: Book, day: date | None = None) -> None:
        from tui.screens.books.events import add_event

        added = await add_event(self, self.desk, book, day)
        if added is not None and added.start is not None:
            events, first = self._events, added.start.astimezone(self.workspace.zone).date()
            if events is not None and events.first <= first <= events.last:
                self._take_off_filter()
                self._wanted = f"event:{added.id}"
            self.reload()

    async def command_view(self) -> None:
        """The events by the month; from there to those of a day, or to a new one on it."""
        from tui.screens.books.events import EventsMonth, day_of
        from tui.workspace.books.agenda import first_from

        book, events = self.book, self._events
        if book is None or events is None:
            self.flash("The events are not loaded.", "warn")
            return
        zone = self.workspace.zone
        adds = not self.workspace.settings.deck.read_only
        shown = [one.marked for one in self.planned]
        day, title = day_of(self.event, zone), f"Events of {book.title[:40]}"
        picked = await self.ask(EventsMonth(title, events, shown, day, zone, adds=adds))
        if picked is not None and picked.way == "add":
            await self._add_event(book, picked.day)
        elif picked is not None:
            expected = self.planned
            first = first_from((one.event for one in expected), picked.day, zone)
            found = next((one for one in expected if one.event is first), None)
            self._take_off_filter()
            self._show_items()
            if found is None:
                self.flash(f"Nothing takes place from {picked.day} on.")
            else:
                self.talk_lines.go_to(event_key(found))

    def _mine(self, what: str, done: str, *, or_owner: bool) -> bool:
        """Whether what the cursor is on is one's own, or of one's own book; says why not."""
        shelf, thing = self._shelf, self.event if self.kind == "events" else self.message
        if self.book is None or thing is None or shelf is None:
            self.flash(f"There is no {what} under the cursor.", "warn")
            return False
        may = (thing.author, self.book.b_o) if or_owner else (thing.author,)
        if shelf.me not in may:
            self.flash(f"Only one's own {what}s can be {done}.", "warn")
        return shelf.me in may

    async def command_edit(self) -> None:
        """Give one's own message or event another text, an event another time."""
        from tui.screens.books.events import change_event
        from tui.screens.books.messages import change_message

        book, message, event = self.book, self.message, self.event
        if not self._mine(self.kind[:-1], "changed", or_owner=False) or book is None:
            return
        if event is not None:
            changed = await change_event(self, self.desk, book, event)
        else:
            assert message is not None
            changed = await change_message(self, self.desk, book, message)
        if changed:
            self.reload()

    async def command_delete_row(self) -> None:
        """Delete one's own message or event."""
        from tui.screens.books.events import delete_event
        from tui.screens.books.messages import delete_message
        from tui.workspace.changes.errors import Conflict

        book, message, event = self.book, self.message, self.event
        if not self._mine(self.kind[:-1], "deleted", or_owner=True) or book is None:
            return
        try:
            if event is not None:
                deleted = await delete_event(self, self.desk, book, event)
            else:
                assert message is not None
                deleted = await delete_message(self, self.desk, book, message)
        except Conflict:
            # Who deletes again has seen theirs.
            self.reload()
            raise
        if deleted:
            self.reload()

    async def command_reply(self) -> None:
        """Answer the message under the cursor, quoting it."""
        from tui.screens.books.items import Teller
        from tui.screens.books.messages import write_message
        from tui.workspace.books.talk import quoted

        book, message = self.book, self.message
        if book is None or message is None:
            self.flash("There is no message under the cursor.", "warn")
            return
        teller = Teller(self._shelf, self.workspace.zone)
        quote = quoted(message, teller.name(message.author), teller.when(message.created))
        if await write_message(self, self.desk, book, quote, message.smid):
            self.post_message(self.Sent(book))

    async def command_pass_on(self) -> None:
        """Copy or move the message under the cursor to another book."""
        from tui.screens.books.messages import pass_on

        book, message, shelf = self.book, self.message, self._shelf
        if book is None or message is None or shelf is None:
            self.flash("There is no message under the cursor.", "warn")
        elif await pass_on(self, self.desk, shelf, book, message) == "move":
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
            if not unasked and self._is_here(book):
                # Who only looks still wants to see what of it is new.
                self._unread_after = until
                self._show_items()
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
