"""How a person finds their way in a table: rows by their number, columns as they want them, a cell
in full.
"""

from __future__ import annotations

from textual import on

from tui.screens.books.narrowing import NarrowedTable
from tui.screens.books.table_view import NO_TABLE
from tui.spoken_keys import key_for, with_keys
from tui.widgets.grid import Grid
from tui.words import counted

MOST_DIGITS = 12
"""Of the number of a row."""


def row_wanted(typed: str, here: int, rows: int) -> int | None:
    """The place, from 0, of the row that is meant: ``57``, ``+10`` and ``-10`` from the one that
    one is on, ``50%`` of all. None where it is none of these, or there is no row.
    """
    text = typed.strip().replace(",", "").replace(" ", "")
    sign, part = text[:1] in ("+", "-"), text.endswith("%")
    digits = text[1:] if sign else text.removesuffix("%")
    if not (digits.isascii() and digits.isdecimal()) or len(digits) > MOST_DIGITS or not rows:
        return None
    number = int(digits)
    if sign:
        place = here + (number if text[0] == "+" else -number)
    else:
        place = rows * number // 100 if part else number - 1
    return max(0, min(place, rows - 1))


class SeenTable(NarrowedTable):
    """A table in which one gets about."""

    @on(Grid.Highlighted)
    def _cursor_moved(self, message: Grid.Highlighted) -> None:
        message.stop()
        self._show_count()

    async def command_jump(self) -> None:
        """Ask for the number of a row, and go there."""
        rows = self.grid.row_count
        if self.opened is None or not rows:
            self.flash(self.no_row() if self.opened else with_keys(NO_TABLE), "warn")
            return
        from tui.widgets.dialogs import TextPrompt

        def wrong(typed: str) -> str | None:
            meant = row_wanted(typed, self.grid.cursor_row, rows)
            return None if meant is not None else "A number such as 57, +10, -10 or 50%."

        text = await self.ask(
            TextPrompt(
                "Go to a row",
                label=f"Its number, 1 to {rows:,}; +10 and -10 from here; 50%",
                check=wrong,
                enter="goes there",
            )
        )
        place = None if text is None else row_wanted(text, self.grid.cursor_row, rows)
        if place is not None:
            self.grid.move_to_row(place)

    def command_expand(self) -> None:
        """Show the cell under the cursor in full, or no longer."""
        if self.opened is None:
            self.flash(with_keys(NO_TABLE), "warn")
        else:
            self.grid.show_whole(None if self.grid.is_expanded else self._whole_text)

    def _whole_text(self) -> str:
        from tui.workspace.books.cells import cell_text

        opened, row, field = self.opened, self.row, self.field
        if opened is None or row is None or field is None:
            return ""
        return cell_text(field, row.cells.get(field.id), opened.zone) or "(empty)"

    # -- columns --------------------------------------------------------------------------------

    def command_freeze(self) -> None:
        """Let the columns up to the cursor's stand still, or let them go."""
        if self.field is None:
            self.flash(with_keys(NO_TABLE), "warn")
            return
        count = self.grid.freeze_to_cursor()
        what = "column stands" if count == 1 else "columns stand"
        self.flash(f"{counted(count, what, what)} still at the left.")

    def command_hide_column(self) -> None:
        """Hide the cursor's column."""
        field, grid = self.field, self.grid
        if field is None:
            self.flash(with_keys(NO_TABLE), "warn")
            return
        hidden = grid.hidden_columns | {str(field.id)}
        if len(hidden) == len(grid.columns):
            self.flash("This is the only column that is shown.", "warn")
            return
        grid.hide_columns(hidden)
        self.flash(
            f"{field.name} is hidden, as {counted(len(hidden), 'column')}: "
            f"{key_for('books.columns')} shows them."
        )

    async def command_columns(self) -> None:
        """Choose which columns are shown."""
        if self.opened is None or not self.opened.fields:
            self.flash(with_keys(NO_TABLE), "warn")
            return
        from tui.widgets.choices import Choices

        names = [(str(field.id), field.name) for field in self.opened.fields]
        shown = [key for key, _ in names if key not in self.grid.hidden_columns]
        chosen = await self.ask(Choices("Columns that are shown", names, shown))
        if chosen is not None:
            self.grid.hide_columns(frozenset(key for key, _ in names if key not in chosen))

    def command_column_left(self) -> None:
        """Move the cursor's column to the left."""
        self._move_column(-1)

    def command_column_right(self) -> None:
        """Move the cursor's column to the right."""
        self._move_column(1)

    def _move_column(self, by: int) -> None:
        if self.field is None:
            self.flash(with_keys(NO_TABLE), "warn")
        elif not self.grid.move_column(by):
            self.flash(f"{self.field.name} stands {'first' if by < 0 else 'last'} already.")
