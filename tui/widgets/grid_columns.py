"""Columns as a person wants them: moved, frozen, drawn wider, by keys and by the mouse.

In the line of titles the mouse takes hold of a title, to move its column, or of the gap behind
it, to change its width. A title that is only clicked means something else (`header_clicked`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from textual import events

from tui.widgets.grid_layout import GAP, Place
from tui.widgets.grid_view import GridView
from tui.widgets.rows import GUTTER


class _Held(NamedTuple):
    """What the mouse has taken hold of."""

    column: int
    x: int
    """Where the column begins, in cells of the widget."""
    edge: bool
    """The edge at its right, and not its title."""


class GridColumns(GridView):
    """A grid whose columns a person arranges."""

    _held: _Held | None = None
    _was_dragged = False

    # What was arranged.

    @property
    def column_order(self) -> list[str]:
        """The keys of all columns as they stand; none where nobody has moved one."""
        return self._columns_layout.order

    def put_columns(self, keys: Sequence[str]) -> None:
        """Let the columns stand in this order."""
        self._columns_layout.put_in_order(keys)
        self.refresh()

    @property
    def frozen(self) -> int:
        """How many of the shown columns do not scroll sideways."""
        return self._columns_layout.frozen

    def freeze(self, count: int) -> None:
        """Let so many of the shown columns stand still."""
        self._columns_layout.frozen = max(0, count)
        self._columns_layout.first = 0
        self._columns_layout.reveal(self._cell, self.row_width)
        self.refresh()

    def freeze_to_cursor(self) -> int:
        """Let the columns up to the cursor's stand still, or, where they do, as few as at first;
        how many do now.
        """
        shown = self._columns_layout.shown
        count = shown.index(self._cell) + 1 if self._cell in shown else 1
        self.freeze(1 if count == self.frozen else count)
        return self.frozen

    def move_column(self, by: int) -> bool:
        """Move the cursor's column; whether it stands elsewhere now."""
        moved = self._columns_layout.move(self._cell, by)
        if moved:
            self._columns_layout.reveal(self._cell, self.row_width)
            self.refresh()
        return moved

    # By the mouse.

    def _place_at(self, x: int) -> Place | None:
        """The column of a title, or of the gap behind it."""
        for place in self._columns_layout.places(self.row_width):
            if place.x <= x - GUTTER < place.x + place.width + GAP:
                return place
        return None

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Take hold of a title or of its edge."""
        self._was_dragged = False
        offset = event.get_content_offset(self)
        place = None if offset is None else self._place_at(offset.x)
        if offset is None or place is None or offset.y >= self.header_lines or event.button != 1:
            return
        edge = offset.x - GUTTER >= place.x + place.width
        self._held = _Held(place.column, place.x + GUTTER, edge)
        self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Draw the edge to where the mouse is."""
        if self._held is not None and self._held.edge:
            self._was_dragged = True
            self._columns_layout.set_width(self._held.column, event.x - self._held.x)
            self.refresh()

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """Let go: a title that was drawn over another one takes its place."""
        held, self._held = self._held, None
        if held is None:
            return
        self.release_mouse()
        over = self._place_at(event.x)
        if held.edge:
            self._was_dragged = True
        elif over is not None and over.column != held.column:
            self._was_dragged = True
            shown = self._columns_layout.shown
            by = shown.index(over.column) - shown.index(held.column)
            if self._columns_layout.move(held.column, by):
                self.refresh()

    def header_clicked(self, x: int) -> None:
        """What was drawn with the mouse was not clicked."""
        if self._was_dragged:
            self._was_dragged = False
            return
        place = self._place_at(x)
        if place is not None and x - GUTTER < place.x + place.width:
            self.title_clicked(place.column)

    def title_clicked(self, column: int) -> None:
        """Called for a click on the title of a column, by its index among all of them."""
