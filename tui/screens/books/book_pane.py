"""What every pane of Books does: it is read anew after an undo, shows what waits to be sent, and
messages are written to the book that it is about.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from textual.message import Message

from tui.screens.pane import Pane
from tui.widgets.work import begin_work

if TYPE_CHECKING:
    from tui.workspace.books.books import Book


class BookPane(Pane):
    """A pane that is about one book: messages are written to that one."""

    SCOPE = "books"
    CONCERNS: ClassVar[frozenset[str]] = frozenset()
    """The operations whose changes are shown here."""

    _stop_hearing: Callable[[], None] | None = None
    _is_other = False
    """Whether something was written that is not shown yet."""

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
        if self._stop_hearing is None:
            self._stop_hearing = self.workspace.history.on_change(self._written)
        self.reload()

    def _written(self, operation: str) -> None:
        if operation in self.CONCERNS:
            self._is_other = True
            if self.screen.is_current:
                begin_work(self, self.look_at_waiting, group="books-waiting", exclusive=True)

    async def look_at_waiting(self) -> None:
        """Show what is not settled of what is shown here."""

    def on_unmount(self) -> None:
        """Nobody is to be told of changes any more."""
        super().on_unmount()
        if self._stop_hearing is not None:
            self._stop_hearing()

    def resume(self) -> None:
        """Show what an undo has changed."""
        if self._is_other:
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
