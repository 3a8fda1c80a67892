"""The pane of a book's messages, events and files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.message import Message

from tui.commands import Command
from tui.screens.books.items import OLDER, file_key
from tui.screens.books.lines import ItemLines
from tui.screens.books.said import Kind, SaidPane

if TYPE_CHECKING:
    from tui.workspace.books.books import Book

__all__ = ["Kind", "SidePane"]

KINDS: tuple[Kind, ...] = ("messages", "events", "files")
ABOUT_MESSAGES = ("edit", "delete_row", "mark_read")
"""Names of commands that mean nothing among events and files."""


class SidePane(SaidPane):
    """What is said in one book, what takes place, and its files."""

    KEYS: ClassVar[Mapping[str, str]] = {
        "open": "", "message": "", "edit": "", "delete_row": "", "mark_read": "", "kind": "",
        "add_row": "", "copy": "",
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
        """Events and files cannot be changed here; files can be sent."""
        if self.kind != "messages" and command.name in ABOUT_MESSAGES:
            return None
        if self.kind != "files" and command.name == "add_row":
            return None
        offered = super().offer(command)
        if offered is not None and command.name == "add_row":
            return offered._replace(title="Send file", help="Send a file to this book.")
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
        """Send a file to the book."""
        from tui.screens.books.files import attach

        book = self.book
        if book is None:
            self.flash("Choose a book first.", "warn")
        elif await attach(self, self.workspace.books.files, book):
            self.post_message(self.Sent(book))

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
