"""The books at the left: read, shown with their tables, and kept up to date."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from tui.screens.base import DeckScreen
from tui.screens.books.outline import ARCHIVE, BOOK, book_of, shelf_nodes, table_of
from tui.widgets.outline import Outline
from tui.widgets.outline_model import Node
from tui.widgets.panel import Panel
from tui.workspace.problems import EXPECTED, describe
from tui.workspace.times import moment_text

if TYPE_CHECKING:
    from tui.workspace.books.books import Book, BookDesk, Place, Shelf

FRESH = timedelta(seconds=10)
"""What is younger is not asked for again when the person comes back."""


class ShelfPane:
    """The user's books, and of those that were unfolded the tables."""

    def __init__(
        self, screen: DeckScreen, desk: Callable[[], BookDesk], shown: Callable[[bool], None]
    ) -> None:
        """`shown` is called when the books are here, with whether that is the first time."""
        self._screen = screen
        self._desk = desk
        self._shown = shown
        self.shelf: Shelf | None = None
        self._as_of: datetime | None = None
        self._tables: dict[str, Sequence[Place] | str] = {}
        self._archive_open = False
        self._unfolded: set[str] = set()

    @property
    def outline(self) -> Outline:
        """The outline."""
        return self._screen.query_one("#shelf", Outline)

    @property
    def panel(self) -> Panel:
        """Its frame."""
        return self._screen.query_one("#shelf-panel", Panel)

    # -- the books ----------------------------------------------------------------------------

    def load(self) -> None:
        """Show what was kept, then ask the service."""
        self._screen.load(self.panel, "Loading the books", self._load, has_content=self._stands)

    def refresh(self) -> None:
        """Ask the service again, for the tables that are known too."""
        self.load()
        for key in self._tables:
            self.load_tables(key)

    def _stands(self) -> str:
        moment = self._as_of
        return f"as of {moment_text(moment, self._screen.workspace.zone)}" if moment else ""

    async def _load(self) -> None:
        desk = self._desk()
        if self.shelf is None:
            kept = await desk.kept_shelf()
            if kept is not None:
                self._show(kept.value, kept.as_of)
        answer = await desk.shelf()
        self._show(answer.value, answer.as_of)

    def _show(self, shelf: Shelf, as_of: datetime) -> None:
        first = self.shelf is None
        self.shelf, self._as_of = shelf, as_of
        if not shelf.books:
            self.panel.show_empty("There are no books yet.", "Make one in TimeTonic, then r.")
            return
        self.panel.show_content()
        self._show_nodes()
        self._shown(first)

    def _show_nodes(self) -> None:
        shelf = self.shelf
        if shelf is None:
            return
        self.outline.set_nodes(shelf_nodes(shelf, self._tables, self._archive_open))
        unread = sum(book.unread for book in shelf.open_books())
        self.panel.show_note(f"{unread:,} new" if unread else f"{len(shelf.books):,}")

    def is_old(self) -> bool:
        """Whether it is worth while to ask what is new."""
        return self._as_of is not None and datetime.now(UTC) - self._as_of > FRESH

    async def news(self) -> frozenset[str]:
        """Take over what has changed; the keys of the books that have."""
        if self.shelf is None:
            return frozenset()
        answer, changed = await self._desk().news(self.shelf)
        self._show(answer.value, answer.as_of)
        for key in changed & self._tables.keys():
            self.load_tables(key)
        return changed

    def was_read(self, book: Book) -> None:
        """Its messages count as read now."""
        if self.shelf is not None:
            self.shelf = self.shelf.as_read(book)
            self._show_nodes()

    # -- the cursor ---------------------------------------------------------------------------

    @property
    def book(self) -> Book | None:
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

    def move_to(self, book: Book) -> None:
        """Put the cursor on a book."""
        from tui.workspace.books.books import book_key

        if book.archived and not self._archive_open:
            self._archive_open = True
            self._show_nodes()
        self.outline.move_to_key(BOOK + book_key(book))

    def unfold(self) -> None:
        """Show the tables of the book under the cursor."""
        node = self.outline.node
        if node is not None and node.key.startswith(BOOK) and node.key not in self._unfolded:
            self.outline.action_unfold()

    def folded(self, node: Node) -> None:
        """A book was folded."""
        self._unfolded.discard(node.key)

    def unfolded(self, node: Node) -> None:
        """A book was unfolded: its tables are wanted."""
        self._unfolded.add(node.key)
        if node.key == ARCHIVE:
            self._archive_open = True
        elif node.children is None:
            self.load_tables(book_of(node.key))

    # -- tables -------------------------------------------------------------------------------

    def load_tables(self, key: str) -> None:
        """Ask for the tables of a book."""
        worker = self._screen.run_worker(
            self._read_tables(key), group=f"books-tables-{key}", exclusive=False
        )
        if key not in self._tables:
            self._screen.patience.reads(worker)

    async def _read_tables(self, key: str) -> None:
        from tui.workspace.books.books import table_places

        shelf = self.shelf
        book = shelf.find(key) if shelf is not None else None
        if shelf is None or book is None:
            return
        if not shelf.may_use_tables(book):
            self._show_tables(key, "not open to programs")
            return
        desk = self._desk()
        if key not in self._tables:
            kept = await desk.kept_tables(book)
            self._show_tables(key, table_places(book, kept.value) if kept else "… loading")
        try:
            answer = await desk.tables(book)
        except EXPECTED as error:
            self._show_tables(key, f"✗ {describe(error).happened} r tries again.")
        else:
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
