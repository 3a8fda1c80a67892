"""Books: tables like a spreadsheet, and what is said beside them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.binding import BindingType
from textual.widget import Widget

from tui.screens.absent import why_absent
from tui.screens.base import DeckScreen
from tui.screens.bindings import bindings_of
from tui.screens.books.arrangement import Arrangement
from tui.screens.books.book_pane import BookPane
from tui.screens.books.shelf import ShelfPane
from tui.screens.books.side import Kind, SidePane
from tui.screens.books.table import TablePane
from tui.workspace.workspace import Workspace

if TYPE_CHECKING:
    from tui.workspace.books.books import Book

SIDE_OF_KIND: Mapping[str, tuple[Kind, str]] = {
    "message": ("messages", ""),
    "event": ("events", "event:"),
    "file": ("files", "file:"),
}
"""Where a kind of things is shown, and what its keys begin with there."""
UNREAD = "The books could not be read."


class BooksScreen(DeckScreen):
    """Books and tables at the left, the table in the middle, messages at the right."""

    SCOPE = "books"
    AUTO_FOCUS = "#shelf"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]
    BINDINGS: ClassVar[list[BindingType]] = bindings_of("books")

    DEFAULT_CSS = """
    BooksScreen #shelf-panel { width: 32; }
    BooksScreen #table-panel { width: 3fr; margin-left: 1; }
    BooksScreen #side { width: 2fr; min-width: 36; margin-left: 1; }
    BooksScreen.-narrow #table-panel, BooksScreen.-narrow #side { margin-left: 0; }
    """

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self.shelf = ShelfPane(workspace)
        self.table = TablePane(workspace)
        self.side = SidePane(workspace)
        self.arrangement = Arrangement(self.shelf, self.table, self.side)
        self._wanted: tuple[str, str] | None = None
        self._pointed_at = ("", "")
        self._left = False

    def compose_body(self) -> Iterable[Widget]:
        """Three panes; which of them are seen depends on the room there is."""
        yield self.arrangement

    def on_mount(self) -> None:
        """Look again when the person comes back from another window."""
        self.resume_with_focus()

    # -- what the panes tell --------------------------------------------------------------------

    @on(ShelfPane.Read)
    def _books_read(self, message: ShelfPane.Read) -> None:
        self.side.know(message.shelf)
        if self._wanted:
            self.reveal(*self._wanted)

    @on(ShelfPane.Unread)
    def _books_unread(self) -> None:
        said = why_absent(self.workspace, "timetonic", UNREAD)
        later = "What is said in them stands here once they are." if said == UNREAD else ""
        self.side.show_empty(said, later)

    @on(ShelfPane.Rested)
    def _book_seen(self, message: ShelfPane.Rested) -> None:
        if self.table.opened is None and self.arrangement.in_shelf:
            self.side.open(message.book)

    @on(ShelfPane.Chosen)
    def _chosen(self, message: ShelfPane.Chosen) -> None:
        if message.place is None:
            self._open_book(message.book)
            return
        self.table.open(message.place)
        self.arrangement.open_table(True)
        if self.side.display:
            self.side.open(message.book)

    @on(TablePane.Shown)
    def _rows_shown(self, message: TablePane.Shown) -> None:
        opened = message.opened
        if opened is not self.table.opened:
            return
        if opened is None:
            self.shelf.look_at(None, None)
            return
        self.shelf.look_at(opened.place, opened.stamp)
        if opened.total is not None:
            self.shelf.count_rows(opened.place, opened.total)

    @on(ShelfPane.Heard)
    def _heard(self, message: ShelfPane.Heard) -> None:
        from tui.workspace.books.watching import RowsChanged

        if isinstance(message.change, RowsChanged):
            self.table.hear(message.change)
        else:
            self.side.hear(message.change.message)

    @on(SidePane.WasRead)
    def _was_read(self, message: SidePane.WasRead) -> None:
        self.shelf.was_read(message.book)

    @on(BookPane.Sent)
    def _sent(self, message: BookPane.Sent) -> None:
        self.side.show_newest(message.book)

    @on(SidePane.KeysChanged)
    def _keys_changed(self) -> None:
        self.refresh_hints()

    def reveal(self, key: str, kind: str = "") -> None:
        """Open a book's messages, now or once the books are loaded; or what stands in the book:
        a table, `book#table`, a row, `book#table#row`, a message, an event or a file, `book#id`.
        """
        shelf = self.shelf.shelf
        self._wanted = (key, kind) if shelf is None else None
        self._pointed_at = (key, kind)
        if shelf is None:
            return
        name, _, inside = key.partition("#")
        book = shelf.find(name)
        if book is None:
            self.flash("This book is not among yours any more.", "warn")
            return
        self.shelf.move_to(book)
        if kind in ("table", "row"):
            self.carry_out(partial(self._open_place, book, *inside.split("#")), "books.reveal")
        elif kind in SIDE_OF_KIND:
            side, item = SIDE_OF_KIND[kind]
            self._open_book(book, side)
            self.side.reveal(item + inside)
        else:
            self._open_book(book)

    async def _open_place(self, book: Book, table: str, row: str = "") -> None:
        pointed_at = self._pointed_at
        place = await self.shelf.find_place(book, table)
        if pointed_at != self._pointed_at:
            # Somebody has gone on to something else meanwhile.
            return
        if place is None:
            self.flash("This table is not in the book any more.", "warn")
            return
        self.table.take_back_filter()
        self.table.open(place)
        self.arrangement.open_table(True)
        if self.side.display:
            self.side.open(book)
        if row:
            self.table.reveal(row)

    def _open_book(self, book: Book, kind: Kind = "messages") -> None:
        self.table.close()
        self.side.open(book, kind)
        self.arrangement.open_table(False)

    def record_here(self) -> Mapping[str, str]:
        """The book, and of a table that is open its row and its field under the cursor."""
        book, place = self._current_book(), self.table.place
        found: dict[str, object] = {} if book is None else {"b_o": book.b_o, "b_c": book.b_c}
        if place is not None:
            row, field = self.table.row, self.table.field
            found |= {
                "cat_id": place.table.id,
                "tab_id": place.tab_id,
                "row_id": None if row is None else row.id,
                "field_id": None if field is None else field.id,
            }
        return {name: str(value) for name, value in found.items() if value is not None}

    def _current_book(self) -> Book | None:
        """The book of the table that is open, else that of the messages, else at the cursor."""
        return self.table.book_here or self.side.book or self.shelf.book_here

    # -- looking again ------------------------------------------------------------------------

    def command_refresh(self) -> None:
        """Ask the service again for all that is shown."""
        self.begin()

    def on_screen_suspend(self, _event: events.ScreenSuspend) -> None:
        """Another screen was gone to, or only a dialog was opened over this one."""
        self._left = self not in self.app.screen_stack

    def _focus_changed(self, focused: bool) -> None:
        self._left = self._left or focused
        if focused:
            self.shelf.listen()
        else:
            self.shelf.hush()
        super()._focus_changed(focused)

    def resume(self) -> None:
        """Show what an undo or somebody else has changed meanwhile."""
        super().resume()
        if self._left and not self.shelf.listens and self.shelf.is_old():
            self.act(self._look_for_news)
        self._left = False

    async def _look_for_news(self) -> str | None:
        from tui.workspace.books.books import book_key

        changed = await self.shelf.news()
        if self.side.book is not None and book_key(self.side.book) in changed:
            self.side.reload()
        place = self.table.place
        if place is not None and book_key(place.book) in changed:
            self.table.reload()
        return None

    # -- going about --------------------------------------------------------------------------

    def command_outline(self) -> None:
        """Show the books and go there, or hide them."""
        if self.shelf.display:
            self.arrangement.hide_shelf()
        else:
            self.arrangement.focus_shelf()

    def command_back(self) -> None:
        """Give up loading, leave the pane, clear the filter, or go back to the books."""
        if self.table.give_up_writing():
            return
        if self.table.give_up():
            self.flash("Given up: the rows stand as the table has them.")
        elif self.side.has_focus_within and self.side.take_back_filter():
            return
        elif self.side.has_focus_within and self.table.opened is not None:
            self.arrangement.focus_table()
        elif not self.arrangement.in_shelf and self.table.come_back():
            self.flash(f"Back in {self.table.place.table.name}." if self.table.place else "")
        elif self.arrangement.in_shelf or not self.table.take_back_filter():
            self.arrangement.focus_shelf()

    @on(SidePane.ShowWanted)
    def command_pane(self) -> None:
        """Show messages beside the table, or instead of it where there is no room; or hide them."""
        book = self._current_book()
        if self.table.opened is None or book is None:
            self.arrangement.focus_main()
            return
        wanted = not self.side.display
        if wanted:
            self.side.open(book)
        self.arrangement.want_side(wanted)
