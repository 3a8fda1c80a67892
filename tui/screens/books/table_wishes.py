"""How a table is narrowed and put in order, seen through its views, and searched."""

from __future__ import annotations

from textual import on

from tui.screens.books.opened import OpenTable
from tui.screens.books.table_view import NO_TABLE, TableView
from tui.widgets.grid import Grid


class WishedTable(TableView):
    """A table of which a person sees what they wish for, over all of its rows."""

    @on(Grid.SortWanted)
    def _title_clicked(self, message: Grid.SortWanted) -> None:
        message.stop()
        self._sort_by(message.column)

    def _sort_by(self, column: str) -> None:
        if self.opened is not None:
            self.opened.turn(column)
            self._want(self.opened)

    def command_sort(self) -> None:
        """Upwards by the cursor's column, then downwards, then as the table stands."""
        field = self.field
        if field is None or self.opened is None:
            self.flash(NO_TABLE, "warn")
            return
        self._sort_by(str(field.id))
        self.flash(self._sorted_words(self.opened))

    @staticmethod
    def _sorted_words(opened: OpenTable) -> str:
        """By which columns the rows stand."""
        named = [
            f"by {field.name} {'downwards' if descending else 'upwards'}"
            for column, descending in opened.sorts
            if (field := opened.field(column)) is not None
        ]
        return f"Rows {', then '.join(named) or 'as the table has them'}."

    async def command_filter(self) -> None:
        """Narrow the rows by typing; all of them are loaded for that."""
        await self.open_filter()

    def show_filtered(self, text: str) -> None:
        """Show only the rows that hold the text, or for which the conditions hold."""
        opened = self.opened
        if opened is None or text == opened.wanted:
            return
        opened.wanted = text
        if not opened.needs_all and self.give_up():
            return
        self._want(opened)

    async def command_view(self) -> None:
        """Choose a saved view of the table."""
        if self.opened is None:
            self.flash(NO_TABLE, "warn")
            return
        from tui.screens.books.read import choose_view

        chosen = await choose_view(self, self.opened)
        if chosen is not None:
            self.open(self.opened.place, chosen.view)
