"""Books: tables like a spreadsheet, and what is said beside them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.timer import Timer
from textual.widget import Widget

from tui.screens.base import DeckScreen
from tui.screens.bindings import bindings_of
from tui.screens.books.lines import ItemLines
from tui.screens.books.panes import Panes
from tui.screens.books.shelf import ShelfPane
from tui.screens.books.side import SidePane
from tui.screens.books.table import NO_ROW, TablePane
from tui.widgets.grid import Grid
from tui.widgets.outline import Outline
from tui.widgets.panel import Panel
from tui.workspace.workspace import Workspace

if TYPE_CHECKING:
    from tui.widgets.filterline import FilterLine
    from tui.workspace.books.books import Book

REST = 0.15
"""Seconds that the cursor rests on a book before its messages are asked for."""


class BooksScreen(DeckScreen):
    """Books and tables at the left, the table in the middle, messages at the right."""

    SCOPE = "books"
    AUTO_FOCUS = "#shelf"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]
    BINDINGS: ClassVar[list[BindingType]] = bindings_of("books")

    DEFAULT_CSS = """
    BooksScreen #shelf-panel { width: 32; }
    BooksScreen #table { width: 3fr; margin-left: 1; }
    BooksScreen #side { width: 2fr; min-width: 36; margin-left: 1; }
    BooksScreen.-narrow #table, BooksScreen.-narrow #side { margin-left: 0; }
    """

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._wanted = ""
        self._rest: Timer | None = None
        self._panes = Panes(self)
        self._left = False
        self._undone = False
        self._table = TablePane(self, lambda: self.workspace.books.rows, self._table_changed)
        self._books = ShelfPane(self, lambda: self.workspace.books, self._books_shown)
        self._side = SidePane(
            self, lambda: self.workspace.books.talk, lambda: self._books.shelf, self._was_read
        )

    def compose_body(self) -> Iterable[Widget]:
        """Three panes; which of them are seen depends on the room there is."""
        with Horizontal(classes="body"):
            yield Panel(Outline(id="shelf", empty="No books."), "Books", id="shelf-panel")
            with Vertical(id="table"):
                yield Panel(
                    Grid(cursor="cell", id="rows", empty=NO_ROW),
                    "Table",
                    id="table-panel",
                )
            yield Panel(ItemLines(id="talk"), "Messages", id="side")

    # -- what is where ------------------------------------------------------------------------

    def on_mount(self) -> None:
        """Look again when the person comes back from another window."""
        self._panes.arrange()
        self.watch(self.app, "app_focus", self._focus_changed, init=False)

    def on_resize(self) -> None:
        """Another width has room for other panes."""
        self._panes.arrange()
        self._table.show_note()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """The books hide in a narrow window while the keys work elsewhere."""
        self._panes.keys_in_shelf(self.query_one("#shelf-panel") in event.widget.ancestors)
        if event.widget.id == "talk":
            self._side.seen()

    # -- books --------------------------------------------------------------------------------

    def begin(self) -> None:
        """What was kept at once, then what the service has now."""
        self.workspace.history.on_change(self._written)
        self._books.load()

    def _books_shown(self, first: bool) -> None:
        shelf = self._books.shelf
        self._update_side()
        if self._wanted:
            self.reveal(self._wanted)
        elif first and shelf is not None:
            self._books.unfold()
            self._show_resting_book()

    def _update_side(self) -> None:
        """The messages' pane knows its book as it is now."""
        shelf, book = self._books.shelf, self._side.book
        found = shelf.find(_key(book)) if shelf is not None and book is not None else None
        if found is not None:
            self._side.book = found

    def _was_read(self, book: Book) -> None:
        self._books.was_read(book)
        self._update_side()

    def _table_changed(self) -> None:
        place, total = self._table.place, self._table.total
        if place is not None and total is not None:
            self._books.count_rows(place, total)

    def reveal(self, key: str) -> None:
        """Open a book's messages, now or once the books are loaded."""
        shelf = self._books.shelf
        self._wanted = key if shelf is None else ""
        if shelf is None:
            return
        book = shelf.find(key)
        if book is None:
            self.flash("This book is not among yours any more.", "warn")
            return
        self._books.move_to(book)
        self._open_book(book)

    def _open_book(self, book: Book) -> None:
        self._table.close()
        self._side.open(book, "messages")
        self._panes.open_table(False)

    def _current_book(self) -> Book | None:
        """The book of the table that is open, else that of the messages, else at the cursor."""
        place, shelf = self._table.place, self._books.shelf
        if place is not None and shelf is not None:
            return shelf.find(_key(place.book)) or place.book
        return self._side.book or self._books.book

    @on(Outline.Highlighted, "#shelf")
    def _book_highlighted(self) -> None:
        if self._table.place is None:
            if self._rest is not None:
                self._rest.stop()
            self._rest = self.set_timer(REST, self._show_resting_book)

    def _show_resting_book(self) -> None:
        self._rest = None
        book = self._books.book
        if book is not None and self._table.place is None and self._panes.in_shelf:
            self._side.open(book)

    @on(Outline.Selected, "#shelf")
    def _node_chosen(self, message: Outline.Selected) -> None:
        message.stop()
        book, place = self._books.book, self._books.place
        if book is None:
            self._books.outline.action_toggle_fold()
        elif place is None:
            self._books.unfold()
            self._open_book(book)
        else:
            self._table.open(place)
            self._panes.open_table(True)
            if self._panes.side_shown:
                self._side.open(book)

    @on(Outline.Expanded, "#shelf")
    def _book_unfolded(self, message: Outline.Expanded) -> None:
        self._books.unfolded(message.node)

    @on(Outline.Collapsed, "#shelf")
    def _book_folded(self, message: Outline.Collapsed) -> None:
        self._books.folded(message.node)

    # -- looking again ------------------------------------------------------------------------

    def command_refresh(self) -> None:
        """Ask the service again for all that is shown."""
        self._books.refresh()
        self._table.refresh()
        self._side.refresh()

    def _written(self, operation: str) -> None:
        self._undone = self._undone or operation == "undo"

    def on_screen_suspend(self, _event: events.ScreenSuspend) -> None:
        """Another screen was gone to, or only a dialog was opened over this one."""
        self._left = self not in self.app.screen_stack

    def _focus_changed(self, focused: bool) -> None:
        if focused and self.is_current:
            self._left = True
            self.resume()

    def resume(self) -> None:
        """Show what an undo or somebody else has changed meanwhile."""
        if self._undone:
            self._undone = False
            self._table.refresh()
            self._side.refresh()
            rows = self.workspace.books.rows
            news, rows.news = rows.news, ""
            if news:
                self.flash(news, "good")
        if self._left and self._books.is_old():
            self.act(self._look_for_news)
        self._left = False

    async def _look_for_news(self) -> str | None:
        changed = await self._books.news()
        if self._side.book is not None and _key(self._side.book) in changed:
            self._side.refresh()
        place = self._table.place
        if place is not None and _key(place.book) in changed:
            self._table.refresh()
        return None

    # -- going about --------------------------------------------------------------------------

    def command_outline(self) -> None:
        """Show the books and go there, or hide them."""
        if self._panes.shelf_shown:
            self._panes.hide_shelf()
        else:
            self._panes.focus_shelf()

    def command_back(self) -> None:
        """Give up loading, leave the pane, clear the filter, or go back to the books."""
        if self._table.give_up():
            self.flash("Given up: the rows stand as the table has them.")
        elif self._panes.in_side and self._table.place is not None:
            self._panes.focus_table()
        elif self._table.wanted and not self._panes.in_shelf:
            self._clear_filter()
        else:
            self._panes.focus_shelf()

    def command_pane(self) -> None:
        """Show messages beside the table, or instead of it where there is no room; or hide them."""
        book = self._current_book()
        if self._table.place is None or book is None:
            self._panes.focus_main()
            return
        wanted = not self._panes.side_shown
        if wanted:
            self._side.open(book)
        self._panes.want_side(wanted)

    def command_kind(self) -> None:
        """Messages, then events, then files."""
        book = self._current_book()
        if book is None:
            self.flash("Choose a book first.", "warn")
        elif self._panes.side_shown:
            self._side.next_kind()
        else:
            self.command_pane()

    async def command_open(self) -> None:
        """What the cursor is on."""
        if self._panes.in_shelf:
            self._books.outline.action_choose()
        elif self._panes.in_side:
            await self._side.choose()
        else:
            from tui.screens.books.edit import edit_cell
            from tui.screens.books.read import show_cell

            row, field = self._table.row, self._table.field
            if row is None or field is None or not await show_cell(self, self._table, row, field):
                await edit_cell(self, self._table)

    @on(ItemLines.Chosen)
    async def _item_chosen(self, message: ItemLines.Chosen) -> None:
        message.stop()
        await self.action_command("books.open")

    @on(Grid.EditWanted, "#rows")
    async def _cell_chosen(self, message: Grid.EditWanted) -> None:
        message.stop()
        await self.action_command("books.open")

    @on(Grid.PageWanted, "#rows")
    def _rows_wanted(self, message: Grid.PageWanted) -> None:
        message.stop()
        self._table.ask_for(message.first, message.last)

    @on(Grid.SortWanted, "#rows")
    def _title_clicked(self, message: Grid.SortWanted) -> None:
        message.stop()
        self._table.sort(message.column)

    # -- changing and reading -----------------------------------------------------------------

    async def command_edit(self) -> None:
        """Edit the cell under the cursor, or one's own message."""
        if self._panes.in_side:
            await self._side.change()
            return
        from tui.screens.books.edit import edit_cell

        await edit_cell(self, self._table)

    async def command_add_row(self) -> None:
        """Add a row to the table."""
        from tui.screens.books.edit import add_row

        await add_row(self, self._table)

    async def command_delete_row(self) -> None:
        """Delete the row under the cursor, the marked ones, or one's own message."""
        if self._panes.in_side:
            await self._side.delete()
            return
        from tui.screens.books.edit import delete_rows

        await delete_rows(self, self._table)

    def command_mark_read(self) -> None:
        """The messages that are shown count as read."""
        self._side.mark_read()

    async def command_message(self) -> None:
        """Write a message in the book."""
        book = self._current_book()
        if book is None:
            self.flash("Choose a book first.", "warn")
            return
        self._side.open(book)
        await self._side.write()

    def command_sort(self) -> None:
        """Upwards by the cursor's column, then downwards, then as the table stands."""
        field = self._table.field
        if field is None:
            self.flash("Open a table first: enter on its name at the left.", "warn")
            return
        self._table.sort(str(field.id))
        now = self._table.sorted_by
        way = "as the table has them" if now is None else "downwards" if now[1] else "upwards"
        by = "" if now is None else f" by {field.name}"
        self.flash(f"Rows{by} {way}.")

    async def command_view(self) -> None:
        """Choose a saved view of the table."""
        from tui.screens.books.read import choose_view

        await choose_view(self, self._table)

    async def command_view_row(self) -> None:
        """The whole row, one field a line."""
        from tui.screens.books.read import show_row

        await show_row(self, self._table)

    async def command_copy(self) -> None:
        """Copy the cell, or the message."""
        from tui.screens.books.read import cell_to_copy
        from tui.screens.clipboard import copy

        text = self._side.text if self._panes.in_side else cell_to_copy(self._table)
        self.flash(await copy(self.app, text) if text else "There is nothing to copy here.")

    async def command_copy_row(self) -> None:
        """Copy the row, or the marked ones."""
        from tui.screens.books.read import rows_to_copy
        from tui.screens.clipboard import copy

        text = rows_to_copy(self._table)
        self.flash(await copy(self.app, text) if text else "There is nothing to copy here.")

    # -- filter -------------------------------------------------------------------------------

    async def command_filter(self) -> None:
        """Narrow the rows by typing; all of them are loaded for that."""
        if self._table.place is None:
            self.flash("Open a table first: enter on its name at the left.", "warn")
            return
        # Imported when first wanted: it brings an editor with it that the first frame lacks.
        from tui.widgets.filterline import FilterLine

        self._panes.focus_table()
        if not self.query("#filter"):
            await self.query_one("#table").mount(FilterLine(id="filter"))
        self.query_one("#filter", FilterLine).open()

    def on_filter_line_edited(self, message: FilterLine.Edited) -> None:
        """Show what has the text."""
        self._table.set_filter(message.text)

    def on_filter_line_left(self, message: FilterLine.Left) -> None:
        """Back to the rows."""
        del message
        self._panes.focus_main()

    def _clear_filter(self) -> None:
        from tui.widgets.filterline import FilterLine

        for line in self.query("#filter").results(FilterLine):
            line.value = ""
            line.display = False
        self._table.set_filter("")


def _key(book: Book) -> str:
    return f"{book.b_o}/{book.b_c}"
