"""What every pane of Books does: it is read anew after an undo, and messages are written to the
book that it is about.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

from tui.screens.pane import Pane

if TYPE_CHECKING:
    from tui.workspace.books.books import Book


class BookPane(Pane):
    """A pane that is about one book: messages are written to that one."""

    SCOPE = "books"

    class Sent(Message):
        """A message was sent to a book."""

        def __init__(self, book: Book) -> None:
            super().__init__()
            self.book = book

    @property
    def book_here(self) -> Book | None:
        """The book that the pane is about, or that its cursor is on."""
        raise NotImplementedError

    def reload(self) -> None:
        """Ask the service for what is shown; what stands there stays until the answer is here."""
        raise NotImplementedError

    def begin(self) -> None:
        """Load what is shown, where something is."""
        self.watch_changes("undo")
        self.reload()

    def resume(self) -> None:
        """Show what an undo has changed."""
        if self.take_changes():
            self.reload()

    async def command_message(self) -> None:
        """Write a message in the book; a draft is kept until it is sent."""
        book = self.book_here
        if book is None:
            self.flash("Choose a book first.", "warn")
            return
        from tui.screens.books.messages import write_message

        if await write_message(self, self.workspace.books.talk, book):
            self.post_message(self.Sent(book))
