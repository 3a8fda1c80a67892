"""The base of everything that is a column of lines with a cursor: grid, outline, menus.

It scrolls by itself (no scroll bar widgets, no virtual size), so that a million rows cost what
the visible ones cost and a move of the cursor repaints two lines.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Self

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.geometry import Offset, Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from tui.widget_keys import ROWS
from tui.widgets.bindings import bindings_from
from tui.widgets.cells import fit
from tui.widgets.palette import Palette, palette_of

# Left of every row: a bar on the cursor's row, and a dot on marked rows. Both are read without
# colour, and a cursor that is not in the focused widget is a thinner bar.
GUTTER = 2
BESIDE_ROWS = GUTTER + 1
"""Cells of a list that no row has: the gutter, and the scroll mark where there is one."""
CURSOR_MARK = "▌"
RESTING_MARK = "▏"
MARKED = "●"
_WHEEL_LINES = 3
STAYING = 2
"""Rows that stay in sight behind the cursor when the view jumps."""


class RowsWidget(Widget, can_focus=True):
    """A scrolling list of one-line rows with a cursor; subclasses say what a row looks like."""

    ALLOW_SELECT = False

    DEFAULT_CSS = """
    RowsWidget { height: 1fr; width: 1fr; background: $background; }
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings_from(ROWS)

    class NothingChosen(Message):
        """A person chose, and it is known that there are no rows."""

    class BareChanged(Message):
        """It has rows now and had none, or the other way round."""

    header_lines: int = 0
    """Lines above the rows: 0, or 1 for `render_header`."""

    def __init__(
        self,
        *,
        empty: str = "Nothing here.",
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._cursor_row = 0
        self._top_row = 0
        self._empty_text = empty
        self._tells = True
        """Whether it is known what its rows are: before that, none is not yet nothing."""
        self._was_bare = False
        self._painted = False

    # What a subclass says about its rows.

    @property
    def row_count(self) -> int:
        """How many rows there are to scroll through."""
        return 0

    @property
    def is_bare(self) -> bool:
        """Whether it is known that there are no rows."""
        return self._tells and self.row_count == 0

    def render_row(
        self, index: int, width: int, ground: Mapping[str, Style], palette: Palette
    ) -> list[Segment]:
        """The segments of one row, exactly `width` cells; `ground` has its styles by role."""
        del index, palette  # without a subclass every row is blank
        return [Segment(" " * width, ground["text"])]

    def render_header(self, width: int, palette: Palette) -> list[Segment]:
        """The segments of the header line, exactly `width` cells."""
        return [Segment(" " * width, palette.plain["title"])]

    def row_is_marked(self, index: int) -> bool:
        """Whether a person has marked this row."""
        del index
        return False

    def cursor_moved(self) -> None:
        """Called after the cursor came to another row."""

    def view_changed(self) -> None:
        """Called after other rows than before became visible."""

    def row_chosen(self) -> None:
        """Called when a person chooses the row with the cursor (enter, double click)."""

    # Where we are.

    @property
    def cursor_row(self) -> int:
        """Index of the cursor's row, from 0; 0 also where there are no rows."""
        return self._cursor_row

    @property
    def top_row(self) -> int:
        """Index of the first visible row."""
        return self._top_row

    @property
    def page_rows(self) -> int:
        """How many rows fit."""
        return max(1, self.content_size.height - self.header_lines)

    @property
    def empty_text(self) -> str:
        """What stands where there are no rows."""
        return self._empty_text

    @empty_text.setter
    def empty_text(self, text: str) -> None:
        if text != self._empty_text:
            self._empty_text = text
            if self.row_count == 0:
                self.refresh()

    def pointed(self) -> Offset | None:
        """Where the cursor's row begins; None where the view was moved away from it."""
        y = self._cursor_row - self._top_row + self.header_lines
        seen = self.header_lines <= y < self.content_size.height
        return Offset(GUTTER + self.text_begins(), y) if seen else None

    def text_begins(self) -> int:
        """How far in the row the cursor's text begins, in cells."""
        return 0

    # Moving.

    def move_to_row(self, index: int, *, beyond: int = 0) -> None:
        """Put the cursor on a row (clamped) and scroll as little as shows it, and so many rows
        `beyond` it."""
        index = max(0, min(index, self.row_count - 1))
        before = self._cursor_row
        self._cursor_row = index
        if not self._show_cursor(beyond):
            self._refresh_row(before)
            self._refresh_row(index)
        if index != before:
            self.cursor_moved()

    def reset_rows(self, cursor: int) -> None:
        """The rows are others than before: put the cursor on a row and repaint everything."""
        self._cursor_row = max(0, min(cursor, self.row_count - 1))
        self._top_row = max(0, min(self._top_row, self.row_count - self.page_rows))
        self._show_cursor()
        self.refresh()
        self.view_changed()
        if self._was_bare != self.is_bare:
            self._was_bare = self.is_bare
            self.post_message(self.BareChanged())

    def _show_cursor(self, beyond: int = 0) -> bool:
        """Scroll so that the cursor is visible; whether that repaints everything."""
        if not self.content_size.height:
            return False
        top = self._top_row
        rows = self.page_rows
        if self._cursor_row < top:
            top = self._cursor_row - beyond
        elif self._cursor_row >= top + rows:
            top = self._cursor_row - rows + 1 + beyond
        return self._scroll_rows_to(top)

    def _scroll_rows_to(self, top: int) -> bool:
        top = max(0, min(top, self.row_count - self.page_rows))
        if top == self._top_row:
            return False
        self._top_row = top
        self.refresh()
        self.view_changed()
        return True

    def _refresh_row(self, index: int) -> None:
        y = index - self._top_row + self.header_lines
        if self.header_lines <= y < self.content_size.height:
            self.refresh(Region(0, y, self.content_size.width, 1))

    def _refresh_header(self) -> None:
        self.refresh(Region(0, 0, self.content_size.width, self.header_lines))

    def action_cursor_by(self, rows: int) -> None:
        """Move the cursor by so many rows; at the edge the view jumps, where it is to.

        The keys after that move the cursor alone: rows that scroll one by one take several times
        the bytes.
        """
        jumps = getattr(self.app, "edge", "line") == "jump"
        beyond = self.page_rows - 1 - STAYING if jumps else 0
        self.move_to_row(self._cursor_row + rows, beyond=max(0, beyond))

    def action_cursor_first(self) -> None:
        """To the first row."""
        self.move_to_row(0)

    def action_cursor_last(self) -> None:
        """To the last row."""
        self.move_to_row(self.row_count - 1)

    def action_to_row(self, number: int) -> None:
        """To a row by its number, from 1."""
        self.move_to_row(number - 1)

    def action_page(self, pages: float) -> None:
        """Move cursor and view by so many pages, negative is up."""
        rows = round(pages * self.page_rows) or (1 if pages > 0 else -1)
        before, seen = self._cursor_row, self.pointed() is not None
        self._cursor_row = max(0, min(before + rows, self.row_count - 1))
        # A view that was moved away from the cursor, as by the wheel, comes back to it.
        along = seen and self._scroll_rows_to(self._top_row + rows)
        if not along and not self._show_cursor():
            self._refresh_row(before)
            self._refresh_row(self._cursor_row)
        if self._cursor_row != before:
            self.cursor_moved()

    def action_choose(self) -> None:
        """Choose the row with the cursor; tell where there is none."""
        if self.row_count:
            self.row_chosen()
        elif self._tells:
            self.post_message(self.NothingChosen())

    # Drawing.

    def refresh(
        self,
        *regions: Region,
        repaint: bool = True,
        layout: bool = False,
        recompose: bool = False,
    ) -> Self:
        """Before the first layout there is nothing to repaint: that paints everything.

        After it, a widget that is hidden just now has painted lines that must be forgotten.
        """
        if not (self._painted or self.size or layout or recompose):
            return self
        # Textual asks for a layout with every change of size, which it has painted by then.
        lines = repaint and not layout
        return super().refresh(*regions, repaint=lines, layout=layout, recompose=recompose)

    @property
    def palette(self) -> Palette:
        """The styles of the present theme."""
        return palette_of(self.app)

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        self._painted = True
        width = self.content_size.width
        palette = self.palette
        if y < self.header_lines:
            return Strip(self.render_header(width, palette)).adjust_cell_length(width)
        count = self.row_count
        # A layout paints a new size before word of it comes: rows stand there, and no gap below.
        index = min(self._top_row, max(0, count - self.page_rows)) + y - self.header_lines
        if index >= count:
            empty = self._tells and count == 0
            text = self._empty_text if empty and y == self.header_lines else ""
            shown = fit("  " + text if text else "", width)
            return Strip([Segment(shown, palette.plain["muted"])], width)
        marked = self.row_is_marked(index)
        if index == self._cursor_row:
            ground = palette.cursor if self.has_focus else palette.resting
            mark = CURSOR_MARK if self.has_focus else RESTING_MARK
        else:
            ground = palette.marked if marked else palette.plain
            mark = " "
        bar = self._scroll_mark(y, count, palette)
        inside = max(0, width - GUTTER - (1 if bar else 0))
        segments = self.render_row(index, inside, ground, palette)
        if marked or mark != " ":
            segments.insert(0, Segment(mark + (MARKED if marked else " "), ground["primary"]))
        elif segments:
            # One segment less is one change of colour less on the wire, a line.
            segments[0] = Segment(" " * GUTTER + segments[0].text, segments[0].style)
        if bar:
            segments.append(bar)
        return Strip(segments, GUTTER + inside + (1 if bar else 0)).adjust_cell_length(width)

    @property
    def row_width(self) -> int:
        """The cells that a row has for itself, beside the gutter and the scroll mark."""
        scrolls = self.row_count > self.page_rows
        return max(0, self.content_size.width - GUTTER - (1 if scrolls else 0))

    def _scroll_mark(self, y: int, count: int, palette: Palette) -> Segment | None:
        """The thin mark at the right that says where in all rows the visible ones are."""
        rows = self.page_rows
        if count <= rows:
            return None
        thumb = max(1, rows * rows // count)
        room = rows - thumb
        start = round(room * self._top_row / (count - rows))
        line = y - self.header_lines
        inside = start <= line < start + thumb
        return Segment("▐" if inside else "▕", palette.plain["muted" if inside else "line"])

    # What arrives from the terminal.

    def on_resize(self) -> None:
        """Keep the cursor visible in the new size."""
        painted = self._top_row
        self._top_row = max(0, min(painted, self.row_count - self.page_rows))
        self._show_cursor()
        if self._top_row != painted:
            self.refresh()  # the layout has painted the new size already, from the old row on
        self.view_changed()

    def on_focus(self, event: events.Focus) -> None:
        """The cursor shows that the keys work here: repaint its line, not every line."""
        event.prevent_default()
        self._set_focus(True)

    def on_blur(self, event: events.Blur) -> None:
        """The cursor shows that the keys work elsewhere."""
        event.prevent_default()
        self._set_focus(False)

    def _set_focus(self, has_focus: bool) -> None:
        # What Textual's own handler does, but for the repaint of the whole widget.
        self.has_focus = has_focus
        self._refresh_row(self._cursor_row)
        if self.parent is not None:
            kind = events.DescendantFocus if has_focus else events.DescendantBlur
            self.parent.post_message(kind(self))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """The wheel moves the view and leaves the cursor."""
        event.stop()
        self._scroll_rows_to(self._top_row + _WHEEL_LINES)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """The wheel moves the view and leaves the cursor."""
        event.stop()
        self._scroll_rows_to(self._top_row - _WHEEL_LINES)

    def on_click(self, event: events.Click) -> None:
        """A click puts the cursor there, a second one chooses."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        if offset.y < self.header_lines:
            self.header_clicked(offset.x)
            return
        index = self._top_row + offset.y - self.header_lines
        if index < self.row_count:
            event.stop()
            self.move_to_row(index)
            self.row_clicked(offset.x)
            if event.chain == 2:
                self.row_chosen()

    def header_clicked(self, x: int) -> None:
        """Called for a click into the header, `x` in cells."""

    def row_clicked(self, x: int) -> None:
        """Called for a click into the cursor's row, `x` in cells."""
