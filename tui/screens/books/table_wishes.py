"""How a table is narrowed and put in order, seen through its views, and searched."""

from __future__ import annotations

from asyncio import to_thread
from importlib import import_module

from textual import on

from tui.screens.books.arriving import ArrivingTable
from tui.screens.books.opened import OpenTable
from tui.screens.books.table_view import NO_TABLE
from tui.spoken_keys import key_for, with_keys
from tui.widgets.grid import Grid
from tui.words import counted, noun

PUT_AWAY = "The rows that were kept were put away meanwhile: they are read again."


class WishedTable(ArrivingTable):
    """A table of which a person sees what they wish for, over all of its rows."""

    @on(Grid.SortWanted)
    def _title_clicked(self, message: Grid.SortWanted) -> None:
        message.stop()
        self._sort_by(message.column)

    def _sort_by(self, column: str) -> None:
        if self.opened is not None:
            self.opened.turn(column)
            self._want(self.opened, at_once=True)

    def command_sort(self) -> None:
        """Upwards by the cursor's column, then downwards, then as the table stands."""
        field = self.field
        if field is None or self.opened is None:
            self.flash(with_keys(NO_TABLE), "warn")
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
        # What reads it takes a moment to import the first time, which no letter is to wait for.
        await to_thread(import_module, "tui.workspace.books.narrowed")

    def show_filtered(self, text: str) -> None:
        """Show only the rows that hold the text, or for which the conditions hold."""
        opened = self.opened
        if opened is None or text == opened.wanted:
            return
        opened.wanted = text
        if not opened.needs_all and self.give_up():
            return
        line = self._filter_line
        # Who still types sees more with every letter; else the next key is about what is shown.
        self._want(opened, at_once=line is None or not line.has_focus)

    async def command_filter_value(self) -> None:
        """Show only the rows that read as this cell does in its column, of those that are shown."""
        from tui.workspace.books.conditions import condition_of

        opened, row, field = self.opened, self.row, self.field
        if opened is None or row is None or field is None:
            self.flash("There is no cell under the cursor.", "warn")
            return
        cell, among = row.cells.get(field.id), opened.kept.fields
        await self._narrow(opened, condition_of(field, cell, opened.zone, among))

    async def _narrow(self, opened: OpenTable, wanted: str) -> None:
        """Of the rows that are shown only those for which a condition holds."""
        from tui.workspace.books.narrowed import joined

        await self.show_filter(joined([opened.wanted.strip(), wanted]))

    async def command_find(self) -> None:
        """Ask for a text, and go to the next row that holds it."""
        if self.opened is None:
            self.flash(with_keys(NO_TABLE), "warn")
            return
        from tui.widgets.dialogs import TextPrompt

        text = await self.ask(
            TextPrompt("Find", value=self._sought, label="A text in any column", enter="goes there")
        )
        if text:
            self._sought = text
            await self._go_to_match(backwards=False)

    async def command_next_match(self) -> None:
        """To the next row that holds what was found last."""
        await self._go_to_sought(backwards=False)

    async def command_previous_match(self) -> None:
        """To the row before that holds what was found last."""
        await self._go_to_sought(backwards=True)

    async def command_first_match(self) -> None:
        """To the first row that holds what was found last."""
        await self._go_to_sought(backwards=False, start=-1)

    async def command_last_match(self) -> None:
        """To the last row that holds what was found last."""
        await self._go_to_sought(backwards=True, start=self.grid.row_count)

    async def _go_to_sought(self, *, backwards: bool, start: int | None = None) -> None:
        if self._sought:
            await self._go_to_match(backwards=backwards, start=start)
        else:
            await self.command_find()

    async def _go_to_match(self, *, backwards: bool, start: int | None = None) -> None:
        """To a row behind place `start`, or before it; by itself the cursor's."""
        opened = self.opened
        if opened is None or opened.source is None:
            self.flash(with_keys(NO_TABLE), "warn")
            return
        if not opened.whole:
            self._begin_gather(opened)
        looks_at_all = opened.shows_all
        behind = self.grid.cursor_row if start is None else start
        match = await opened.match(self._sought, behind, backwards=backwards)
        here = 0 if opened.kept.state is None else opened.kept.state.count
        so_far = (
            ""
            if looks_at_all
            else f" so far, of {counted(here, 'row')} read; {key_for('books.next_match')} looks on"
        )
        if opened is not self.opened:
            return
        if opened.lost:
            self.flash(PUT_AWAY, "warn")
            self.read_again()
            return
        if match is None:
            self.flash(f"No row holds “{self._sought}”{so_far}.", "warn")
            return
        self.grid.move_to_row(match.place)
        end = "end" if backwards else "beginning"
        around = f", on from the {end}" if match.around and match.of > 1 else ""
        what = noun(match.of, "row")
        self.flash(
            f"{match.number:,} of {match.of:,} {what} with “{self._sought}”{around}{so_far}."
        )
