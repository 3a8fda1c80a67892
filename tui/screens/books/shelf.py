"""The books at the left: read, shown with their tables, and kept up to date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.message import Message
from textual.timer import Timer
from textual.worker import Worker

from tui.screens.books.book_pane import BookPane
from tui.screens.books.outline import ARCHIVE, BOOK, book_of, shelf_nodes, table_of
from tui.spoken_keys import key_for
from tui.widgets.outline import Outline
from tui.widgets.work import begin_work
from tui.workspace.problems import EXPECTED, describe, one_line
from tui.workspace.workspace import Workspace

if TYPE_CHECKING:
    from tui.workspace.books.books import Book, BookDesk, Place, Shelf
    from tui.workspace.books.watching import Change, MessageChanged, RowsChanged, Watching

FRESH = timedelta(seconds=10)
"""What is younger is not asked for again when the person comes back."""
REST = 0.15
"""Seconds that the cursor rests on a book before its messages are asked for."""


class ShelfPane(BookPane):
    """The user's books, and of those that were unfolded the tables."""

    KEYS: ClassVar[Mapping[str, str]] = {"open": "", "message": "", "copy": ""}

    class Read(Message):
        """The books are here, or are other than before."""

        def __init__(self, shelf: Shelf, *, first: bool) -> None:
            super().__init__()
            self.shelf = shelf
            self.first = first

    class Unread(Message):
        """The books could not be read, and none were kept."""

    class Rested(Message):
        """The cursor rests on a book."""

        def __init__(self, book: Book) -> None:
            super().__init__()
            self.book = book

    class Chosen(Message):
        """A person chose a book, or one of its tables."""

        def __init__(self, book: Book, place: Place | None) -> None:
            super().__init__()
            self.book = book
            self.place = place

    class Heard(Message):
        """Somebody else has changed something, beside the books themselves."""

        def __init__(self, change: MessageChanged | RowsChanged) -> None:
            super().__init__()
            self.change = change

    def __init__(self, workspace: Workspace) -> None:
        self.outline = Outline(id="shelf", empty="No books.")
        super().__init__(workspace, self.outline, "Books", id="shelf-panel")
        self.shelf: Shelf | None = None
        self._as_of: datetime | None = None
        self._tables: dict[str, Sequence[Place] | str] = {}
        self._tables_told: dict[str, datetime] = {}
        self._archive_open = False
        self._unfolded: set[str] = set()
        self._rest: Timer | None = None
        self._from_service = False
        self._listening: Worker[None] | None = None
        self._watching: Watching | None = None
        self._looked_at: tuple[Place | None, int | None] = None, None
        self._said: set[str] = set()

    @property
    def desk(self) -> BookDesk:
        """The use cases."""
        return self.workspace.books

    # -- the books ----------------------------------------------------------------------------

    def reload(self) -> None:
        """Show what was kept, then ask the service, for the tables that are known too."""
        self.load(
            "Loading the books", self._load_shelf, has_content=lambda: self.as_of(self._as_of)
        )
        for key in self._tables:
            self._load_tables(key)

    async def _load_shelf(self) -> None:
        if self.shelf is None:
            kept = await self.desk.kept_shelf()
            if kept is not None:
                self._show_shelf(kept.value, kept.as_of)
        answer = await self.desk.shelf()
        self._show_shelf(answer.value, answer.as_of)
        self._from_service = True
        self.listen()

    def load_failed(self, error: BaseException, stands: str) -> None:
        """Say it in place, and to who shows what stands in a book."""
        super().load_failed(error, stands)
        if self.shelf is None:
            self.post_message(self.Unread())

    def _show_shelf(self, shelf: Shelf, as_of: datetime) -> None:
        first = self.shelf is None
        self.shelf, self._as_of = shelf, as_of
        if not shelf.books:
            self.show_empty(
                "There are no books yet.",
                f"Make one in TimeTonic, then {key_for('books.refresh')}.",
            )
            return
        self.show_content()
        self._show_nodes()
        if first:
            self._unfold()
        self.post_message(self.Read(shelf, first=first))

    def _show_nodes(self) -> None:
        shelf = self.shelf
        if shelf is None:
            return
        self.outline.set_nodes(shelf_nodes(shelf, self._tables, self._archive_open))
        unread = sum(book.unread for book in shelf.open_books())
        self.show_note(f"{unread:,} new" if unread else f"{len(shelf.books):,}")

    def is_old(self) -> bool:
        """Whether it is worth while to ask what is new."""
        return self._as_of is not None and datetime.now(UTC) - self._as_of > FRESH

    async def news(self) -> frozenset[str]:
        """Take over what has changed; the keys of the books that have."""
        if self.shelf is None:
            return frozenset()
        answer, changed = await self.desk.news(self.shelf)
        self._show_shelf(answer.value, answer.as_of)
        for key in changed & self._tables.keys():
            self._load_tables(key)
        return changed

    def was_read(self, book: Book) -> None:
        """Its messages count as read now."""
        if self.shelf is not None:
            self._take(self.shelf.as_read(book))

    def _take(self, shelf: Shelf) -> None:
        self.shelf = shelf
        self._show_nodes()
        self.post_message(self.Read(shelf, first=False))

    # -- what others do -------------------------------------------------------------------------

    def resume(self) -> None:
        """The person came back: hear again what others do, and what they did meanwhile."""
        super().resume()
        self.listen()

    def suspend(self) -> None:
        """Gone to another screen: nothing is asked for there. Under a dialog it goes on."""
        if self.screen not in self.app.screen_stack:
            self.hush()

    def listen(self) -> None:
        """Hear what others do from where the books were read, until `hush`."""
        seen = self.app.app_focus and self.screen in self.app.screen_stack
        wanted = self.workspace.settings.timetonic.events != "off"
        if seen and wanted and self._from_service and not self.listens:
            self._listening = begin_work(self, self._listen, group="books-listen", exclusive=True)

    @property
    def listens(self) -> bool:
        """Whether what others do is heard."""
        return self._listening is not None and not self._listening.is_finished

    def hush(self) -> None:
        """Hear nothing any more, which costs nothing."""
        if self._listening is not None:
            self._listening.cancel()
            self._listening = None

    def look_at(self, place: Place | None, since: int | None) -> None:
        """Hear of the rows of a table, which were read with that stamp."""
        self._looked_at = place, since
        if self._watching is not None:
            self._watching.look_at(place, since)

    async def _listen(self) -> None:
        try:
            async with self.desk.watching(self.shelf) as watching:
                self._watching = watching
                watching.look_at(*self._looked_at)
                try:
                    async for change in watching:
                        self._hear(change)
                finally:
                    if self.shelf is not None:
                        # The next time it goes on from there.
                        self.shelf = self.shelf.told_until(watching.stamp)
        except EXPECTED as error:
            # Waiting does not help: until the books are read anew nothing is heard.
            self._from_service = False
            self._say_once(f"What others change is not told any more: {one_line(error)}")
        finally:
            self._watching = None

    def _hear(self, change: Change) -> None:
        from tui.workspace.books.books import book_key
        from tui.workspace.books.watching import (
            BookChanged,
            MessageChanged,
            RowsChanged,
            WatchState,
        )

        match change:
            case BookChanged(book=book) if self.shelf is not None:
                self._take(self.shelf.with_book(book))
                key = book_key(book)
                if key in self._tables:
                    self._load_tables(key)
            case MessageChanged() | RowsChanged():
                self.post_message(self.Heard(change))
            case WatchState(problem=problem) if problem:
                self._say_once(f"What others do may come late: {problem}.")

    def _say_once(self, text: str) -> None:
        if text not in self._said:
            self._said.add(text)
            self.flash(text, "warn")

    # -- the cursor ---------------------------------------------------------------------------

    @property
    def book_here(self) -> Book | None:
        """The book that the cursor is on, or in."""
        node = self.outline.node
        if node is None or self.shelf is None:
            return None
        return self.shelf.find(book_of(node.key))

    @property
    def place(self) -> Place | None:
        """The table that the cursor is on."""
        node = self.outline.node
        found = self._tables.get(book_of(node.key), ()) if node is not None else ()
        if node is None or isinstance(found, str):
            return None
        return next((one for one in found if one.key == table_of(node.key)), None)

    async def find_place(self, book: Book, key: str) -> Place | None:
        """A table of a book by its key: as it was kept, else as the service has it."""
        from tui.workspace.books.books import table_places

        kept = await self.desk.kept_tables(book)
        places = [] if kept is None else table_places(book, kept.value)
        found = next((one for one in places if one.key == key), None)
        if found is None:
            places = table_places(book, (await self.desk.tables(book)).value)
            found = next((one for one in places if one.key == key), None)
        return found

    def move_to(self, book: Book) -> None:
        """Put the cursor on a book."""
        from tui.workspace.books.books import book_key

        if book.archived and not self._archive_open:
            self._archive_open = True
            self._show_nodes()
        self.outline.move_to_key(BOOK + book_key(book))

    @on(Outline.Highlighted)
    def _line_seen(self, message: Outline.Highlighted) -> None:
        message.stop()
        if self._rest is not None:
            self._rest.stop()
        self._rest = self.set_timer(REST, self._rested)

    def _rested(self) -> None:
        self._rest, book = None, self.book_here
        if book is not None:
            self.post_message(self.Rested(book))

    @on(Outline.Selected)
    async def _line_chosen(self, message: Outline.Selected) -> None:
        message.stop()
        await self.perform("open")

    def command_open(self) -> None:
        """Open the book or the table; the fold is opened or closed."""
        book, place = self.book_here, self.place
        if book is None:
            self.outline.action_toggle_fold()
            return
        if place is None:
            self._unfold()
        self.post_message(self.Chosen(book, place))

    async def command_copy(self) -> None:
        """Copy the name of the book or the table."""
        book, place = self.book_here, self.place
        if place is not None:
            await self.copy(place.table.name)
        elif book is not None and self.shelf is not None:
            await self.copy(self.shelf.title(book))
        else:
            self.flash("There is nothing to copy here.")

    def _unfold(self) -> None:
        """Show the tables of the book under the cursor."""
        node = self.outline.node
        if node is not None and node.key.startswith(BOOK) and node.key not in self._unfolded:
            self.outline.action_unfold()

    @on(Outline.Collapsed)
    def _folded(self, message: Outline.Collapsed) -> None:
        message.stop()
        self._unfolded.discard(message.node.key)

    @on(Outline.Expanded)
    def _opened(self, message: Outline.Expanded) -> None:
        message.stop()
        node = message.node
        self._unfolded.add(node.key)
        if node.key == ARCHIVE:
            self._archive_open = True
        elif node.children is None:
            self._load_tables(book_of(node.key))

    # -- tables -------------------------------------------------------------------------------

    def _load_tables(self, key: str) -> None:
        """Ask for the tables of a book."""
        worker = begin_work(
            self, partial(self._read_tables, key), group=f"books-tables-{key}", exclusive=False
        )
        if key not in self._tables:
            self.patience.reads(worker)

    async def _read_tables(self, key: str) -> None:
        from tui.workspace.books.books import table_places

        shelf = self.shelf
        book = shelf.find(key) if shelf is not None else None
        if shelf is None or book is None:
            return
        if not shelf.may_use_tables(book):
            self._show_tables(key, "not open to programs")
            return
        if key not in self._tables:
            kept = await self.desk.kept_tables(book)
            if kept is not None:
                self._tables_told[key] = kept.as_of
            self._show_tables(key, table_places(book, kept.value) if kept else "… loading")
        try:
            answer = await self.desk.tables(book)
        except EXPECTED as error:
            problem = describe(error)
            stands = self._tables.get(key)
            if problem.is_away and stands is not None and not isinstance(stands, str):
                # What was kept can be looked at, whatever is in the way of the service.
                age = self.as_of(self._tables_told.get(key))
                self.show_stale(f"the tables of {book.title} {age} · {problem.happened}")
            else:
                again = f"{key_for('books.refresh')} tries again."
                self._show_tables(key, f"✗ {problem.happened} {again}")
        else:
            self._tables_told[key] = answer.as_of
            self._show_tables(key, table_places(book, answer.value))

    def _show_tables(self, key: str, found: Sequence[Place] | str) -> None:
        self._tables[key] = found
        self._show_nodes()

    def count_rows(self, place: Place, total: int) -> None:
        """The open table tells how many rows it has: so does the outline."""
        for key, found in self._tables.items():
            if not isinstance(found, str) and any(one.key == place.key for one in found):
                self._tables[key] = [
                    one.with_count(total) if one.key == place.key else one for one in found
                ]
        self._show_nodes()
