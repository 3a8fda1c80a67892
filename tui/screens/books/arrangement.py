"""Which of the three panes are seen, and which one has the keys."""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal

from tui.screens.pane import Pane

NARROW = 100
"""Columns below which the books hide while the table has the keys, and messages replace it."""


class Arrangement(Horizontal):
    """The books at the left, the table, the messages at the right.

    Without a table the messages have its room. In a narrow window one of table and messages is
    seen, and the books only while they have the keys.
    """

    def __init__(self, shelf: Pane, table: Pane, side: Pane) -> None:
        super().__init__(classes="body")
        self.shelf, self.table, self.side = shelf, table, side
        self._shelf_wanted = True
        self._side_wanted = False
        self._table_open = False
        self.in_shelf = True
        """Whether the books have the keys."""

    def compose(self) -> ComposeResult:
        """All three; some are hidden."""
        yield from (self.shelf, self.table, self.side)

    def on_mount(self) -> None:
        """Begin with what there is room for."""
        self.show_panes()

    def on_resize(self) -> None:
        """Another width has room for other panes."""
        self.show_panes()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """The books hide in a narrow window while the keys work elsewhere."""
        here = self.shelf in event.widget.ancestors
        if here != self.in_shelf:
            self.in_shelf = here
            self.show_panes()

    @property
    def narrow(self) -> bool:
        """Whether there is no room for all."""
        return self.app.size.width < NARROW

    def show_panes(self) -> None:
        """Show what there is room for."""
        narrow = self.narrow
        side = self._side_wanted or not self._table_open
        self.shelf.display = self.in_shelf if narrow else self._shelf_wanted
        self.table.display = self._table_open and not (narrow and side)
        self.side.display = side

    def open_table(self, is_open: bool) -> None:
        """There is a table to show, or none any more; it gets the keys, or else the messages."""
        self._table_open = is_open
        if self.narrow:
            self._side_wanted = False
        self.focus_main()

    def want_side(self, wanted: bool) -> None:
        """Show the messages beside the table, or instead of it; they get the keys."""
        self._side_wanted = wanted
        if wanted:
            self.in_shelf = False
            self.show_panes()
            self._focus(self.side)
        else:
            self.focus_main()

    def hide_shelf(self) -> None:
        """Give the room of the books to the others."""
        self._shelf_wanted = self.narrow
        self.focus_main()

    def focus_shelf(self) -> None:
        """To the books."""
        self.in_shelf = self._shelf_wanted = True
        self.show_panes()
        self._focus(self.shelf)

    def focus_main(self) -> None:
        """To the table, or to the messages where there is none to see."""
        self.in_shelf = False
        self.show_panes()
        self._focus(self.table if self.table.display else self.side)

    def focus_table(self) -> None:
        """To the table, which replaces the messages where there is no room for both."""
        if self.narrow:
            self._side_wanted = False
        self.focus_main()

    def _focus(self, pane: Pane) -> None:
        # At once: the next key may have been pressed already, and belongs there.
        self.screen.set_focus(pane.content)
